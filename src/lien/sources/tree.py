"""A bounded, read-only view of the audited tree; nothing outside its root is ever opened."""

import os
import stat
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from lien.errors import InputError
from lien.sources.ignored import IgnoreRules
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["Tree"]

_IGNORED_DIRECTORIES = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        "__pycache__",
        "node_modules",
        ".tox",
        ".nox",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".venv",
        "venv",
        "site-packages",
    }
)


class Tree:
    """Files below one root, by their path relative to it, with forward slashes.

    `follows_inside` lists links to files below the root as files, as the Hub's cache keeps them.
    """

    def __init__(self, root: Path, kept: Iterable[str] = (), *, follows_inside: bool = False) -> None:
        self._root = root.resolve()
        self._follows_inside = follows_inside
        self._kept = tuple(kept)

    def keep(self, paths: Iterable[str]) -> None:
        """Walk what lies at these paths even if `.gitignore` names it: somebody asks for it by name."""
        self._kept += tuple(paths)
        self.__dict__.pop("_listing", None)
        self.__dict__.pop("_folders", None)

    @property
    def root(self) -> Path:
        """The directory, resolved; never shown in a report."""
        return self._root

    def walk(self) -> Iterator[str]:
        """Paths of all regular files in code-point order; symbolic links are not followed, and what git ignores is left out."""
        yield from self._listing[0]

    def ignored(self) -> Iterator[str]:
        """Paths of the files and folders (these with a slash behind) that `.gitignore` keeps out of `walk`, in code-point order."""
        yield from self._listing[2]

    def links(self) -> Iterator[str]:
        """Paths of all symbolic links, in code-point order: what `walk` leaves out and a report should tell."""
        yield from self._listing[1]

    @cached_property
    def _listing(self) -> tuple[list[str], list[str], list[str]]:
        pending = [""]
        files: list[str] = []
        links: list[str] = []
        ignored: list[str] = []
        rules = IgnoreRules(self._root)
        while pending:
            folder = pending.pop()
            try:
                entries = list(os.scandir(self._root / folder))
            except OSError as error:
                raise InputError(f"cannot list the folder ({error.strerror}); check its permissions", path=folder or ".") from error
            if any(entry.name == ".gitignore" and entry.is_file(follow_symlinks=False) for entry in entries):
                rules.add(folder)
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_symlink():
                    (files if self._follows_inside and self.has(path) else links).append(path)
                elif entry.is_dir(follow_symlinks=False):
                    if entry.name in _IGNORED_DIRECTORIES:
                        continue
                    if rules.bind(path, is_folder=True) and not self._is_kept(path):
                        ignored.append(f"{path}/")
                    else:
                        pending.append(path)
                elif entry.is_file(follow_symlinks=False):
                    (ignored if rules.bind(path, is_folder=False) and not self._is_kept(path) else files).append(path)
        return sorted(files), sorted(links), sorted(ignored)

    def _is_kept(self, path: str) -> bool:
        """Is the path asked for by name, inside what is, or on the way to it?"""
        return any(kept in (".", path) or path.startswith(f"{kept}/") or kept.startswith(f"{path}/") for kept in self._kept)

    def files_in(self, folder: str) -> list[str]:
        """Names of the regular files right in a folder (empty: the root), in code-point order; links are left out."""
        prefix = f"{folder}/" if folder else ""
        return self._folders.get(prefix, [])

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        folders: dict[str, list[str]] = {}
        for path in self.walk():
            head, slash, name = path.rpartition("/")
            folders.setdefault(head + slash, []).append(name)
        return folders

    def has(self, path: str) -> bool:
        """Is there a regular file at this relative path, inside the root?"""
        place = self._inside(path)
        try:
            return place is not None and place.is_file()
        except OSError:
            return False  # a name longer than the file system allows is no file

    def holds(self, path: str) -> bool:
        """Is there a file or folder at this relative path, inside the root?"""
        place = self._inside(path)
        return place is not None and place.exists()

    def read(self, path: str, *, limit: int = MAX_FILE_BYTES, lazy: bool = False) -> Source:
        """The file at a relative path; `lazy` puts off reading it until its bytes are asked for.

        Raises InputError if it is missing, outside the root, unreadable, or larger than `limit` bytes.
        """
        if not _is_text(path):
            raise InputError("has a name that is not UTF-8; rename it", path=path)
        place = self._inside(path)
        if place is None:
            raise InputError("lies outside the audited tree, where lien does not read; copy it in or audit its folder", path=path)
        try:
            status = place.stat()
            if not stat.S_ISREG(status.st_mode):
                raise InputError("is no regular file", path=path)  # a pipe would be waited for without end
            size = status.st_size
            if size > limit:
                raise InputError(f"is {size} bytes long, over the limit of {limit}; split it or leave it out", path=path)
            if lazy:
                return Source(path=path, tree=self, size=size, opener=lambda: place.open("rb"))
            with place.open("rb") as file:
                data = file.read(limit + 1)
        except FileNotFoundError as error:
            raise InputError("no such file", path=path) from error
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", path=path) from error
        return Source(path=path, data=data, tree=self)

    def join(self, base: str, relative: str) -> str | None:
        """`relative` as written in the file `base`, as a path from the root; None if it leaves it."""
        if relative.startswith(("/", "\\")) or "\0" in relative:
            return None
        parts: list[str] = list(PurePosixPath(base).parent.parts)
        for part in PurePosixPath(relative.replace("\\", "/")).parts:
            if part == "..":
                if not parts:
                    return None
                parts.pop()
            elif part != ".":
                parts.append(part)
        return "/".join(parts)

    def _inside(self, path: str) -> Path | None:
        if "\0" in path:
            return None
        try:
            place = (self._root / path).resolve()
        except (OSError, RuntimeError, ValueError):
            return None  # a loop of links, or a name that no file system takes
        return place if place == self._root or self._root in place.parents else None


def _is_text(path: str) -> bool:
    """Names that are no UTF-8 come as lone surrogates, which neither a report nor the catalogue can take."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
