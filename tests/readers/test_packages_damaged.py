"""Package files that were damaged: every reader either reads what is left or says where it is broken, and nothing else."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import test_conda as conda
import test_npm_locks as npm
import test_python_locks as python
import test_setuptools as setuptools
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import RelationSeen
from lien.readers import READERS
from lien.sources.tree import Tree

UV_LOCK = (Path(__file__).parent.parent / "data" / "locks" / "uv" / "uv.lock").read_text(encoding="utf-8")
FILES = {
    "uv.lock": UV_LOCK,
    "poetry.lock": python.POETRY_LOCK,
    "pdm.lock": python.PDM_LOCK,
    "pylock.toml": python.PYLOCK_FILE,
    "Pipfile": python.PIPFILE_TEXT,
    "Pipfile.lock": python.PIPFILE_LOCK_TEXT,
    "setup.cfg": setuptools.CFG_TEXT,
    "setup.py": setuptools.PY_TEXT,
    "environment.yml": conda.ENVIRONMENT_TEXT,
    "meta.yaml": conda.RECIPE_TEXT,
    "package-lock.json": json.dumps(npm.FLAT, indent=1),
    "npm-shrinkwrap.json": json.dumps(npm.NESTED, indent=1),
    "package.json": json.dumps(npm.YARN_MANIFEST, indent=1),
    "yarn.lock": npm.CLASSIC,
    "pnpm-lock.yaml": npm.PNPM_9,
}
PIECES = (
    "",
    '"',
    "'",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "=",
    "\n",
    "  ",
    "- ",
    "null",
    "3",
    "[[package]]",
    "\\",
    "\0",
    "é",
    "node_modules/",
    "@",
    "()",
)


def facts(path: str, text: str) -> tuple[int, list[InputError]]:
    """How many relations the readers of a file find, and what they refuse."""
    refused = []
    with TemporaryDirectory() as folder:
        (Path(folder) / path).write_text(text, encoding="utf-8")
        source = Tree(Path(folder)).read(path)
        count = 0
        for reader in READERS:
            if reader.claims(path) and reader.accepts(source.data[:4096]):
                try:
                    for one in reader.read(source):
                        count += isinstance(one, RelationSeen)
                except InputError as error:
                    refused.append(error)
        return count, refused


@pytest.mark.parametrize("path", FILES)
def test_a_whole_file_says_something(path: str) -> None:
    count, refused = facts(path, FILES[path])
    assert count
    assert refused == []


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(FILES)))
    text = FILES[path]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(st.sampled_from(PIECES)) + text[end:]
    for error in facts(path, text)[1]:
        assert error.path == path
        assert "\n" not in error.message
