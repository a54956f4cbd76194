"""Discovery: which files of a tree are inputs, and which reader tries each."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lien.errors import UsageError
from lien.pipeline.project import LIEN_TOML
from lien.pipeline.scope import folder_scope
from lien.readers import READERS
from lien.readers.interface import Reader
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Scope

__all__ = ["Found", "Place", "considered", "discover", "ignored_inputs", "linked_inputs", "pass_over", "place_of"]

_log = logging.getLogger(__name__)

_TEMPLATES = frozenset({"template", "templates", "cookiecutter", "skeleton"})
_TELLING = frozenset(
    {
        ".py",
        ".ipynb",
        ".js",
        ".mjs",
        ".ts",
        ".tsx",
        ".sh",
        ".yaml",
        ".yml",
        ".toml",
        ".cfg",
        ".json",
        ".xml",
        ".lock",
        ".spdx",
        "Dockerfile",
        "Modelfile",
    }
    | {".gguf", ".safetensors", ".onnx", ".pt", ".bin"}
)
"""Endings of files that could name an upstream: a report says how many of them it did not look into."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is audited: a tree, and the paths in it that were named (empty for all of it)."""

    tree: Tree
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One file and the readers to try on it. `owed`: the audit fails if it cannot be read.

    `by_name`: the readers know files of this name. Otherwise somebody named the file, and it is of the
    first format that it can be read as.
    """

    path: str
    readers: tuple[Reader, ...]
    owed: bool
    is_named: bool
    by_name: bool = True


def place_of(paths: Sequence[Path]) -> Place:
    """The tree of the paths on the command line: their common folder. Raises UsageError for a path that is not there."""
    resolved = []
    for path in paths or (Path(),):
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        resolved.append(path.resolve())
    if len(resolved) == 1 and resolved[0].is_dir():
        return Place(Tree(resolved[0]), ())
    folders = [path if path.is_dir() else path.parent for path in resolved]
    root = folders[0]
    while any(folder != root and root not in folder.parents for folder in folders):
        root = root.parent
    named = tuple(sorted({path.relative_to(root).as_posix() for path in resolved}))
    return Place(Tree(root, kept=named), named)


def discover(place: Place, folders: Sequence[str] = (), passed_over: Counter[str] | None = None) -> list[Found]:
    """The inputs of a place, in code-point order. `folders` narrow it to a product's own (and to files at named paths); a file among them is owed as one of the command line is.

    `passed_over` counts, by ending, the files in which models and data are often named and which no reader knows.
    """
    found = []
    for path in place.tree.walk():
        if not _is_inside(path, place.named) or not _is_inside(path, folders):
            continue
        is_named = path in place.named or path in folders
        readers = tuple(reader for reader in READERS if reader.claims(path))
        if not readers and is_named:
            readers = READERS  # somebody says it is an input: every reader may look
        if readers:
            owed = is_named or (any(reader.owed for reader in readers) and not _is_of_others(path))
            found.append(Found(path, readers, owed, is_named, by_name=readers is not READERS))
        elif passed_over is not None:
            pass_over(path, passed_over)
    _log.debug("%d inputs found", len(found))
    return found


def pass_over(path: str, passed_over: Counter[str]) -> None:
    """Count a file that no reader took, if files of its ending often name models and data."""
    ending = PurePosixPath(path).suffix.lower() or PurePosixPath(path).name
    if ending in _TELLING and path != LIEN_TOML:
        passed_over[ending] += 1


def considered(place: Place, folders: Sequence[str] = ()) -> int:
    """How many files there are in the place: what is read, tried or passed over."""
    return sum(_is_inside(path, place.named) and _is_inside(path, folders) for path in place.tree.walk())


def _is_of_others(path: str) -> bool:
    """Does a file belong to tests, to documentation, or to a project that is yet to be made from a template?"""
    return (
        folder_scope(path) in (Scope.TEST, Scope.DOC) or "{{" in path or not _TEMPLATES.isdisjoint(PurePosixPath(path.lower()).parts[:-1])
    )


def linked_inputs(place: Place, folders: Sequence[str] = ()) -> list[str]:
    """Symbolic links that have the name of an input: they are not followed, and not passed over in silence."""
    inside = (path for path in place.tree.links() if _is_inside(path, place.named) and _is_inside(path, folders))
    return [path for path in inside if any(reader.claims(path) for reader in READERS)]


def ignored_inputs(place: Place, folders: Sequence[str] = ()) -> list[str]:
    """What `.gitignore` keeps out: folders, and files that have the name of an input."""
    inside = (path for path in place.tree.ignored() if _is_inside(path, place.named) and _is_inside(path, folders))
    return [path for path in inside if path.endswith("/") or any(reader.claims(path) for reader in READERS)]


def _is_inside(path: str, folders: Sequence[str]) -> bool:
    return not folders or any(folder in (".", "") or path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)
