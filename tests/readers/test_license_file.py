"""Licence files in a tree: whose they are, whose texts they hold, and statements that contradict them."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from lien.api import audit, render
from lien.graph.fragments import PRODUCT, Evidence, LicenseClaim
from lien.readers.license_file import LicenseFileReader
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "license_file"
APACHE = (ROOT / "LICENSE").read_text(encoding="utf-8")
MIT = (DATA / "MIT.txt").read_text(encoding="utf-8")
BSD = (DATA / "BSD-3-Clause.txt").read_text(encoding="utf-8")
READER = LicenseFileReader()


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, path: str) -> list[Any]:
    return list(READER.read(Tree(folder).read(path)))


def report(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads("".join(render(audit((folder,), as_of=dt.date(2026, 11, 20)), "json")))
    return data


def licenses(data: dict[str, Any], artifact: str = PRODUCT) -> list[tuple[str, str | None]]:
    (one,) = [one for one in data["artifacts"] if one["id"] == artifact]
    return [(license_["standing"], license_["id"]) for license_ in one["licenses"]]


def drift(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["severity"], one["message"]) for one in data["findings"] if one["term_key"] == "statements"]


@pytest.mark.parametrize(
    "path",
    [
        "LICENSE",
        "LICENSE.txt",
        "licence.md",
        "COPYING",
        "COPYING.LESSER",
        "LICENSE-MIT",
        "LICENSE_MODEL",
        "DATA_LICENSE",
        "WEIGHT_DIFF_LICENSE.md",
        "LICENSE.PLM",
        "USE_POLICY.md",
        "ACCEPTABLE_USE_POLICY.txt",
        "UNLICENSE",
        "vendor/LICENSE",
        "NOTICE",
        "NOTICE.txt",
        "LICENSES/MIT.txt",
        "Tongyi Qianwen LICENSE AGREEMENT.txt",
    ],
)
def test_licence_files_are_known_by_name(path: str) -> None:
    assert READER.claims(path)


@pytest.mark.parametrize(
    "path",
    [
        "license.py",
        "license_check.go",
        "LICENSE.html",
        "licenses.json",
        "license_header.txt",
        "third_party/list_of_licenses.md",
        "README.md",
        "notice.py",
        "policy.txt",
        "license.ts",
    ],
)
def test_other_files_are_not(path: str) -> None:
    assert not READER.claims(path)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("LICENSE", None),
        ("web/LICENSE", "web"),
        ("LICENSE.YOLONAS.md", "YOLONAS"),
        ("web/LICENSE-Widget", "web/Widget"),
        ("COPYING.LIB", None),
        ("LICENSE-APACHE", None),
        ("LICENSE.GPL2", None),
        ("LICENSE_ZH.txt", None),
        ("LICENSE.zh-CN.md", None),
        ("DATA_LICENSE", "data"),
        ("LICENSE-MODEL", "weights"),
        ("WEIGHT_DIFF_LICENSE", "weights"),
        ("dump/LICENSE_DATA.txt", "dump/data"),
    ],
)
def test_a_licence_speaks_of_the_product_or_a_part_of_it(tmp_path: Path, path: str, part: str | None) -> None:
    write(tmp_path, {path: "\n" + MIT})
    evidence = Evidence(path, 2, None, "MIT License", "license-file")
    assert read(tmp_path, path) == [LicenseClaim(PRODUCT, "\n" + MIT, Scheme.FILE, evidence, path, part)]


def test_a_licence_beside_a_card_or_weights_is_theirs(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "m/README.md": "---\nlicense: mit\nbase_model: acme/base\n---\n# acme/chat\n",
            "m/LICENSE": MIT,
            "d/README.md": "---\ndataset_info: {}\n---\n",
            "d/LICENSE": MIT,
            "w/adapter_config.json": "{}",
            "w/LICENSE": MIT,
        },
    )
    about = [read(tmp_path, f"{folder}/LICENSE")[0].artifact for folder in "mdw"]
    assert about == ["model:acme/chat", "dataset:file:d", "model:file:w"]


def test_notices_and_texts_at_hand_claim_nothing(tmp_path: Path) -> None:
    collected = ("THIRD_PARTY_LICENSES.txt", "third-party-license.md", "ThirdPartyNotices.txt", "ATTRIBUTIONS.md")
    write(tmp_path, {"NOTICE": "Chat\nCopyright 2024 Acme", "LICENSES/MIT.txt": MIT, **dict.fromkeys(collected, MIT)})
    assert [read(tmp_path, path) for path in ("NOTICE", "LICENSES/MIT.txt", *collected)] == [[]] * 6
    assert all(READER.claims(path) for path in collected)


def test_bytes_that_are_no_text_are_no_licence() -> None:
    assert not READER.accepts(b"\0\1LICENSE")
    assert not READER.accepts(b"buy milk\n")


def test_another_file_that_is_named_is_no_licence(tmp_path: Path) -> None:
    write(tmp_path, {"about.md": "Who has permission to read this?\n"})
    assert read(tmp_path, "about.md") == []


def test_texts_are_recognised(tmp_path: Path) -> None:
    data = report(
        write(tmp_path, {"LICENSE": APACHE, "m/LICENSE": MIT + "\n" + BSD, "m/README.md": "---\nlicense: other\n---\n# acme/chat\n"})
    )
    assert licenses(data) == [("encoded", "apache-2.0")]
    assert ("encoded", "mit") in licenses(data, "model:acme/chat")
    assert ("encoded", "bsd-3-clause") in licenses(data, "model:acme/chat")
    assert data["product"]["license"] == "apache-2.0"


def test_a_changed_text_is_reported_as_near_and_binds_as_unread(tmp_path: Path) -> None:
    changed = MIT + "\nYou may not offer the Software as a hosted service.\n"
    data = report(write(tmp_path, {"m/README.md": "---\nbase_model: gpt2\n---\n# acme/chat\n", "m/LICENSE": changed}))
    assert licenses(data, "model:acme/chat") == [("unread", None)]
    (unread,) = [one for one in data["findings"] if one["term_key"] == "custom-license"]
    assert "holds mit, 10 further words from line 23 on" in unread["message"]


def test_a_text_of_one_version_is_that_version_whatever_the_day(tmp_path: Path) -> None:
    data = report(write(tmp_path, {"COPYING": "No known permission\n", "LICENSE": APACHE}))
    assert licenses(data) == [("unread", None), ("encoded", "apache-2.0")]


def test_statements_that_contradict_each_other_are_drift(tmp_path: Path) -> None:
    data = report(write(tmp_path, {"LICENSE": APACHE, "pyproject.toml": '[project]\nname = "chat"\nversion = "1"\nlicense = "MIT"\n'}))
    assert drift(data) == [("warn", "product is declared in different ways: MIT (pyproject.toml); apache-2.0 (LICENSE)")]
    (finding,) = [one for one in data["findings"] if one["term_key"] == "statements"]
    assert {(one["path"], one["line"]) for one in finding["evidence"]} == {("LICENSE", 1), ("pyproject.toml", 4)} or {
        (one["path"], one["line"]) for one in finding["evidence"]
    } == {("LICENSE", 2), ("pyproject.toml", 4)}


@pytest.mark.parametrize(
    ("files", "license_"),
    [
        ({"LICENSE": APACHE}, "Apache-2.0"),
        ({"LICENSE-MIT": MIT, "LICENSE-APACHE": APACHE}, "MIT OR Apache-2.0"),
        ({"LICENSE-MIT": MIT, "LICENSE-APACHE": APACHE}, "MIT"),
        ({"LICENSE": APACHE, "vendor/x/LICENSE": MIT}, "Apache-2.0"),
        ({"LICENSE": APACHE, "DATA_LICENSE": MIT}, "Apache-2.0"),
        ({"LICENSE": "All rights reserved.\n"}, "MIT"),
    ],
)
def test_what_agrees_or_speaks_of_other_parts_is_none(tmp_path: Path, files: dict[str, str], license_: str) -> None:
    files = {**files, "pyproject.toml": f'[project]\nname = "chat"\nversion = "1"\nlicense = "{license_}"\n'}
    assert drift(report(write(tmp_path, files))) == []


def test_a_licence_file_that_only_nearly_holds_what_is_declared_is_told(tmp_path: Path) -> None:
    changed = MIT + "\nYou may not offer the Software as a hosted service.\n"
    data = report(write(tmp_path, {"LICENSE": changed, "pyproject.toml": '[project]\nname = "chat"\nversion = "1"\nlicense = "MIT"\n'}))
    expected = "product is declared in different ways: MIT (pyproject.toml); holds mit, 10 further words from line 23 on (LICENSE)"
    assert drift(data) == [("info", expected)]


def test_a_card_and_the_licence_beside_it_can_drift(tmp_path: Path) -> None:
    data = report(write(tmp_path, {"README.md": "---\nlicense: apache-2.0\nbase_model: gpt2\n---\n# acme/chat\n", "LICENSE": BSD}))
    assert drift(data) == [
        ("warn", "model:acme/chat is declared in different ways: apache-2.0 (README.md); bsd-3-clause (LICENSE)"),
    ]
