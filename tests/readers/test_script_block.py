"""Blocks of Python scripts (PEP 723) through the reader's own door."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import Fragment, RelationSeen
from lien.readers.interface import Reader
from lien.readers.script_block import ScriptBlockReader
from lien.sources.tree import Tree

READER: Reader = ScriptBlockReader()


def read(folder: Path, text: str) -> list[Fragment]:
    (folder / "run.py").write_text(text, encoding="utf-8", newline="")
    return list(READER.read(Tree(folder).read("run.py")))


def asked(fragments: list[Fragment]) -> list[tuple[str, int | None, str | None]]:
    return [(one.upstream, one.evidence.line, one.evidence.as_written) for one in fragments if isinstance(one, RelationSeen)]


SCRIPT = """\
#!/usr/bin/env -S uv run
# A tool.

# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "torch==2.3.1",
#
#   "rich",  # for tables
# ]
# ///
import torch
"""


@pytest.mark.parametrize("text", [SCRIPT, SCRIPT.replace("\n", "\r\n")])
def test_a_block(tmp_path: Path, text: str) -> None:
    assert READER.accepts(text.encode())
    assert asked(read(tmp_path, text)) == [("package:pypi/torch@2.3.1", 7, "torch==2.3.1"), ("package:pypi/rich", 9, "rich")]


def test_other_scripts_are_left_alone(tmp_path: Path) -> None:
    assert not READER.accepts(b'"""Says # /// script in passing."""\n')
    assert READER.claims("a/b.py")
    assert not READER.claims("a/b.sh")
    assert read(tmp_path, "# /// other\n# ///\n") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# /// script\n# dependencies = []\nimport x\n", 'run.py:1: has a script block that is never closed (end it with a line "# ///")'),
        ("# /// script\n# dependencies = [\n# ///\n", "run.py"),
        (
            '# /// script\n# dependencies = ["a", "???"]\n# ///\n',
            'run.py:2: "???" is no requirement (write NAME, NAME==VERSION or NAME @ URL)',
        ),
    ],
)
def test_what_is_no_block_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, text)
    assert str(raised.value).startswith(message)
