"""Reads uv.lock: every locked package, who needs whom, and what the workspace asks for in which role.

The format holds no licences. Markers and hashes are not looked at: a package for another platform counts.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lien.graph.fragments import Fragment, Role
from lien.readers._lock import Lines, Locked, Need, Root, lock_facts, tables
from lien.readers._requirement import Problem, summary
from lien.sources.limits import MAX_LOCK_BYTES
from lien.sources.source import Source
from lien.sources.toml_text import parse_toml

__all__ = ["UvLockReader"]

_NOT_IN_TREE = "is a local project that is not in the audited tree; audit its folder too, or require it by name"


class UvLockReader:
    """uv.lock of a project or a workspace; its members are the product, not packages of an index."""

    name = "uv-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """uv.lock, and the lock of a script beside it, `run.py.lock`."""
        return path.rpartition("/")[2].lower() == "uv.lock" or path.endswith(".py.lock")

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # a lock of nothing is short
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages with what they need, in file order, then what the product asks for.

        All that can be read comes first; then InputError names every package that cannot.
        """
        root = parse_toml(source)
        lines = Lines(source.text, "[[package]]")
        problems: list[Problem] = []
        file = _File(source, lines, problems)
        roots = file.of_workspace(root.get("manifest"))
        found = [file.package(*one) for one in tables(root, "package", lines, source.path, problems)]
        roots.extend(one for _, of_member in found for one in of_member)
        yield from lock_facts(source, self.name, [package for package, _ in found], roots, lines)
        if problems:
            raise summary(source.path, problems)


class _File:
    """The tables of one lock as values; what has a wrong type is a problem, and left out."""

    def __init__(self, source: Source, lines: Lines, problems: list[Problem]) -> None:
        self._source, self._lines, self._problems = source, lines, problems

    def of_workspace(self, manifest: object) -> list[Root]:
        """What a workspace that is no package itself, or a script, asks for (uv, "Lockfile", `manifest`)."""
        roots: list[Root] = []
        for key, value in manifest.items() if isinstance(manifest, Mapping) else ():
            if key == "requirements":
                roots.extend(Root(need, Role.DEFAULT) for need in self._needs(-1, value))
            elif key == "dependency-groups":
                roots.extend(Root(need, Role.DEVELOPMENT) for found in self._groups(-1, value).values() for need in found)
            else:
                # Members, overrides and constraints ask for nothing; their names are passed over, so that the lines of others are right.
                for item in value if isinstance(value, list) else ():
                    self._lines.take(-1, str(item.get("name", "")) if isinstance(item, Mapping) else str(item))
        return roots

    def package(self, index: int, key: str, table: Mapping[str, Any]) -> tuple[Locked, list[Root]]:
        """A package, and of a member of the workspace what the product asks for by it."""
        version = table.get("version")
        is_own, lost = self._place(table.get("source"))
        line = self._lines.take(index, table["name"])
        needs = self._needs(index, table.get("dependencies"))
        extras = self._groups(index, table.get("optional-dependencies"))
        groups = self._groups(index, table.get("dev-dependencies"))
        package = Locked(key, table["name"], version if isinstance(version, str) else None, line, needs, extras, is_own, lost)
        if not is_own:
            return package, []
        roots = [Root(need, Role.DEFAULT) for need in needs]
        roots += [Root(need, Role.OPTION) for found in extras.values() for need in found]
        roots += [Root(need, Role.DEVELOPMENT) for found in groups.values() for need in found]
        return package, roots

    def _place(self, source: object) -> tuple[bool, str | None]:
        """Is a package a part of the tree, and if it should be, what is wrong? (uv, "Lockfile", `source`)"""
        if not isinstance(source, Mapping):
            return False, None
        for kind in ("virtual", "editable", "directory"):
            path = source.get(kind)
            if isinstance(path, str):
                return (True, None) if self._source.tree.join(self._source.path, path) is not None else (False, _NOT_IN_TREE)
        return False, None

    def _groups(self, index: int, table: object) -> dict[str, list[Need]]:
        if table is None:
            return {}
        if not isinstance(table, Mapping):
            self._wrong(index, "has groups that are no table")
            return {}
        return {group: self._needs(index, items) for group, items in table.items()}

    def _needs(self, index: int, items: object) -> list[Need]:
        from packaging.utils import canonicalize_name  # noqa: PLC0415

        if items is None:
            return []
        if not isinstance(items, list):
            self._wrong(index, "has dependencies that are no list")
            return []
        found = []
        for item in items:
            name = item.get("name") if isinstance(item, Mapping) else None
            if not isinstance(name, str):
                self._wrong(index, "has a dependency without a name")
                continue
            version, extras = item.get("version"), item.get("extra")
            found.append(
                Need(
                    canonicalize_name(name),
                    self._lines.take(index, name),
                    version if isinstance(version, str) else None,
                    tuple(map(str, extras)) if isinstance(extras, list) else (),
                )
            )
        return found

    def _wrong(self, index: int, what: str) -> None:
        self._problems.append(Problem(self._source.path, self._lines.of(index), f"the package {what} (write the lock anew)"))
