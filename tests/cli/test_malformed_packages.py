"""One broken file of each package format beside whole ones: its place, the exit code, and everything else still read."""

from pathlib import Path

import pytest
from running import report_of, write

WHOLE = {"requirements.txt": "torch==2.3.1\n", "web/package.json": '{"dependencies": {"d3": "7.9.0"}}'}
BROKEN = {
    "pyproject.toml": ("[project\n", 1),
    "setup.cfg": ("[metadata]\nname = a\n???\n", 3),
    "setup.py": ("import os\nprint 'x'\n", 2),
    "Pipfile": ("[packages]\na = \n", 2),
    "Pipfile.lock": ('{\n"default": {,\n', 2),
    "uv.lock": ("version = 1\n[[package\n", 2),
    "poetry.lock": ('[[package]]\nversion = "1"\n', 1),
    "pdm.lock": ('[[package]]\nname = "a"\ndependencies = ["???"]\n', 1),
    "pylock.toml": ("[[packages]]\n\nname = 3\n", 1),
    "environment.yml": ("dependencies:\n  - numpy\n  - [\n", 4),
    "conda-lock.yml": ("version: 1\n", 1),
    "spec-file.txt": ("@EXPLICIT\n???\n", 2),
    "package.json": ('{\n"name": "x",,\n', 2),
    "package-lock.json": ('{"packages": {\n "node_modules/a": 3}}\n', 2),
    "npm-shrinkwrap.json": ("[]\n", 1),
    "yarn.lock": ("<<<<<<< HEAD\n", 1),
    "pnpm-lock.yaml": ("importers:\n  .: [\n", 3),
    "requirements-more.txt": ("flask\n???\n", 2),
}


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_input_is_told_and_the_rest_is_read(tmp_path: Path, path: str) -> None:
    text, line = BROKEN[path]
    report = report_of(write(tmp_path, {**WHOLE, path: text}))
    (error,) = report["coverage"]["errors"]
    assert (error["path"], error["line"]) == (path, line)
    assert report["summary"]["exit_code"] == 2
    assert report["coverage"]["read"] == ["requirements.txt", "web/package.json"]
    assert {"package:pypi/torch@2.3.1", "package:npm/d3@7.9.0"} <= {one["id"] for one in report["artifacts"]}


@pytest.mark.parametrize("folder", ["tests", "docs"])
def test_in_tests_and_documentation_nothing_is_owed(tmp_path: Path, folder: str) -> None:
    report = report_of(write(tmp_path, {**WHOLE, f"{folder}/uv.lock": BROKEN["uv.lock"][0]}))
    (unread,) = report["coverage"]["unread"]
    assert (unread["path"], unread["line"]) == (f"{folder}/uv.lock", 2)
    assert report["summary"]["exit_code"] == 0


@pytest.mark.parametrize("folder", ["cli/templates/crew", "{{cookiecutter.name}}"])
def test_the_manifest_of_a_template_is_not_owed(tmp_path: Path, folder: str) -> None:
    """It becomes a manifest once somebody fills it in; that it could not be read is told."""
    report = report_of(write(tmp_path, {**WHOLE, f"{folder}/pyproject.toml": '[project]\nname = "a"\n{{dependencies}}\n'}))
    (unread,) = report["coverage"]["unread"]
    assert (unread["path"], unread["line"], report["summary"]["exit_code"]) == (f"{folder}/pyproject.toml", 3, 0)


def test_a_script_block_is_not_owed(tmp_path: Path) -> None:
    report = report_of(write(tmp_path, {**WHOLE, "run.py": '# /// script\n# dependencies = ["???"]\n# ///\n'}))
    (unread,) = report["coverage"]["unread"]
    assert (unread["path"], unread["line"], report["summary"]["exit_code"]) == ("run.py", 2, 0)


def test_a_manifest_and_its_lock_are_one_thing(tmp_path: Path) -> None:
    """A lock pins what the manifest leaves open; of two versions the product's own is the one that it asks for."""
    lock = """\
{"lockfileVersion": 3, "packages": {
 "": {"dependencies": {"debug": "^4", "express": "^4"}},
 "node_modules/debug": {"version": "4.3.4", "license": "MIT"},
 "node_modules/express": {"version": "4.19.2", "license": "MIT", "dependencies": {"debug": "2.6.9"}},
 "node_modules/express/node_modules/debug": {"version": "2.6.9", "license": "GPL-3.0-only"}}}
"""
    files = {"package.json": '{"dependencies": {"debug": "^4", "express": "^4"}}', "package-lock.json": lock}
    report = report_of(write(tmp_path, files))
    assert sorted(one["id"] for one in report["artifacts"]) == [
        "package:npm/debug@2.6.9",
        "package:npm/debug@4.3.4",
        "package:npm/express@4.19.2",
        "product",
    ]
    own = next(one for one in report["relations"] if one["to"] == "package:npm/debug@4.3.4")
    assert {one["path"] for one in own["evidence"]} == {"package.json", "package-lock.json"}
    copyleft = next(one for one in report["findings"] if one["term"] == "copyleft")
    assert copyleft["path"] == ["package:npm/debug@2.6.9", "package:npm/express@4.19.2", "product"]
