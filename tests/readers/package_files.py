"""Files of packages put into a tree and read: what the tests of their readers share."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Fragment
from lien.readers.interface import Reader
from lien.sources.tree import Tree

__all__ = ["assert_refused", "read"]


def read(reader: Reader, folder: Path, files: Mapping[str, str | dict[str, Any]]) -> list[Fragment]:
    """The first file by the reader; the others stand in the same tree."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return list(reader.read(Tree(folder).read(next(iter(files)))))


def assert_refused(reader: Reader, tree: Tree, path: str, message: str, kept: list[str]) -> None:
    """The file is an error that begins with the message, behind the sightings of what could be read of it."""
    found: list[Fragment] = []
    with pytest.raises(InputError) as raised:
        found.extend(reader.read(tree.read(path)))
    assert str(raised.value).startswith(message)
    assert [one.id for one in found if isinstance(one, ArtifactSeen)] == kept
