"""What git leaves alone: the rules of `.gitignore` files in the tree, and the paths that are tracked all the same.

Rules bind only what git does not track, so the index is asked too. Nothing of git is run: its configuration
may name programs. Outside a work tree, in an unpacked archive of a repository, all was tracked: there the rules
bind only what bears the name of something that tools make.
"""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["IgnoreRules", "tracked_paths"]

_MAX_RULES_BYTES = 1024 * 1024
_MAX_INDEX_BYTES = 256 * 1024 * 1024
_FIXED = 62
"""Bytes of an index entry before its name (gitformat-index)."""
_EXTENDED = 0x4000
_MADE = frozenset(
    {"build", "dist", "out", "output", "outputs", "target", "env", "logs", "log", "runs", "wandb", "tmp", "temp", "cache", "coverage"}
    | {"checkpoints", ".env", ".cache", ".next", ".nuxt", ".output", ".eggs"}
)
"""Names of what tools make where they run, in an archive as well."""


class IgnoreRules:
    """The rules of one tree, collected while it is walked from its root down."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._specs: dict[str, GitIgnoreSpec] = {}
        self._tracked: Mapping[str, frozenset[str]] | None = None
        self._is_work_tree = any((folder / ".git").exists() for folder in (root, *root.parents))

    def add(self, folder: str) -> None:
        """Take in the `.gitignore` of a folder (empty: the root). One that cannot be read has no rules."""
        from pathspec import GitIgnoreSpec  # noqa: PLC0415  # a tree without the file does not need it

        try:
            with (self._root / folder / ".gitignore").open("rb") as file:
                lines = file.read(_MAX_RULES_BYTES).decode("utf-8", "replace").splitlines()
            self._specs[f"{folder}/" if folder else ""] = GitIgnoreSpec.from_lines(lines)
        except (OSError, ValueError):
            return

    def bind(self, path: str, *, is_folder: bool) -> bool:
        """Is a path left alone? Of its own folders none may be, as git says: who walks down asks for each."""
        if not self._specs or not (self._is_work_tree or path.rpartition("/")[2].lower() in _MADE):
            return False
        return self._matches(path, is_folder=is_folder) and not self._is_tracked(path, is_folder=is_folder)

    def _matches(self, path: str, *, is_folder: bool) -> bool:
        place = path.rpartition("/")[0]
        while True:
            prefix = f"{place}/" if place else ""
            spec = self._specs.get(prefix)
            if spec is not None:
                verdict = spec.check_file(path[len(prefix) :] + ("/" if is_folder else "")).include
                if verdict is not None:
                    return verdict  # the rules nearest to the path go first
            if not place:
                return False
            place = place.rpartition("/")[0]

    def _is_tracked(self, path: str, *, is_folder: bool) -> bool:
        if self._tracked is None:
            files = tracked_paths(self._root)
            folders = {path[:at] for path in files for at in _slashes(path)}
            self._tracked = {"files": files, "folders": frozenset(folders)}
        return path in self._tracked["folders" if is_folder else "files"]


def _slashes(path: str) -> list[int]:
    return [at for at, letter in enumerate(path) if letter == "/"]


def tracked_paths(root: Path) -> frozenset[str]:
    """The paths in the index of the git repository whose root this is; none if there is no such, or it cannot be understood."""
    place = root / ".git" / "index"
    try:
        if place.is_symlink() or not place.is_file() or place.stat().st_size > _MAX_INDEX_BYTES:
            return frozenset()
        data = place.read_bytes()
        return frozenset(_entries(data)) if data[:4] == b"DIRC" else frozenset()
    except (OSError, struct.error, ValueError, IndexError):
        return frozenset()


def _entries(data: bytes) -> list[str]:
    version, count = struct.unpack_from(">II", data, 4)
    if version not in (2, 3, 4) or count > len(data) // _FIXED:
        return []
    found, position, previous = [], 12, b""
    for _ in range(count):
        start = position
        (flags,) = struct.unpack_from(">H", data, position + _FIXED - 2)
        position += _FIXED + (2 if version > 2 and flags & _EXTENDED else 0)
        if version == 4:
            stripped, position = _number(data, position)
            end = data.index(b"\0", position)
            name = previous[: len(previous) - stripped] + data[position:end]
            position = end + 1
        else:
            end = data.index(b"\0", position)
            name = data[position:end]
            position = start + (end - start) // 8 * 8 + 8  # padded with 1 to 8 zero bytes
        found.append(name.decode("utf-8", "surrogateescape"))
        previous = name
    return found


def _number(data: bytes, position: int) -> tuple[int, int]:
    """A number in git's offset encoding, and where it ends."""
    value = data[position] & 0x7F
    while data[position] & 0x80:
        position += 1
        value = ((value + 1) << 7) | (data[position] & 0x7F)
    return value, position + 1
