"""Reads pylock.toml (PEP 751): what an installer is to install; who needs whom where the lock says so, which few do.

The format holds no licences. Where a lock names no dependencies, every package is one that the
product depends on: whether by itself or through others is not told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lien.graph.fragments import Fragment, Role
from lien.readers._lock import Lines, Locked, Need, Root, asked_beside, lock_facts, roots_of, strongest, tables
from lien.readers._requirement import Problem, summary
from lien.sources.limits import MAX_LOCK_BYTES
from lien.sources.source import Source
from lien.sources.toml_text import parse_toml

__all__ = ["PylockReader"]

_NAME = re.compile(r"pylock(?:\.[^.]+)?\.toml", re.IGNORECASE)
_EXTRA = re.compile(r"['\"][^'\"]*['\"]\s+in\s+extras\b")
_GROUP = re.compile(r"['\"]([^'\"]*)['\"]\s+in\s+dependency_groups\b")
_NOT_IN_TREE = "is a local project that is not in the audited tree; audit its folder too, or require it by name"


class PylockReader:
    """pylock.toml and pylock.NAME.toml, as pip, uv and PDM write them."""

    name = "pylock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """The names that PEP 751 allows."""
        return _NAME.fullmatch(path.rpartition("/")[2]) is not None

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # a lock of nothing is short
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages with what they need, in file order, then what the product asks for.

        All that can be read comes first; then InputError names every package that cannot.
        """
        root = parse_toml(source)
        lines = Lines(source.text, "[[packages]]")
        problems: list[Problem] = []
        packages: list[Locked] = []
        roles: dict[int, Role] = {}
        default_groups = root.get("default-groups")
        for index, key, table in tables(root, "packages", lines, source.path, problems):
            roles[len(packages)] = _role(table.get("marker"), default_groups if isinstance(default_groups, list) else [])
            packages.append(_package(source, lines, index, key, table))
        if any(one.needs for one in packages):
            roots = roots_of(source, packages, roles)
        else:
            asked = asked_beside(source)
            roots = [
                Root(Need(one.key, one.line, one.version), _weaker(roles[at], asked.get(one.key, ()))) for at, one in enumerate(packages)
            ]
        yield from lock_facts(source, self.name, packages, roots, lines)
        if problems:
            raise summary(source.path, problems)


def _weaker(role: Role, asked: Iterable[Role]) -> Role:
    """The role that a marker gives; without one, that of the manifest."""
    return strongest(asked) or role if role is Role.DEFAULT else role


def _role(marker: object, default_groups: list[Any]) -> Role:
    """What a marker says of extras and groups (PEP 751, "extras", "dependency_groups"); the rest of it is for installers."""
    if not isinstance(marker, str):
        return Role.DEFAULT
    groups = set(_GROUP.findall(marker))
    if groups & set(map(str, default_groups)):
        return Role.DEFAULT
    if _EXTRA.search(marker):
        return Role.OPTION
    return Role.DEVELOPMENT if groups else Role.DEFAULT


def _package(source: Source, lines: Lines, index: int, key: str, table: Mapping[str, Any]) -> Locked:
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    version, folder, dependencies = table.get("version"), table.get("directory"), table.get("dependencies")
    line = lines.take(index, table["name"])
    needs = [
        Need(
            canonicalize_name(one["name"]), lines.take(index, one["name"]), one["version"] if isinstance(one.get("version"), str) else None
        )
        for one in (dependencies if isinstance(dependencies, list) else ())
        if isinstance(one, Mapping) and isinstance(one.get("name"), str)
    ]
    is_own, lost = False, None
    if isinstance(folder, Mapping):
        is_own = source.tree.join(source.path, str(folder.get("path", ""))) is not None
        lost = None if is_own else _NOT_IN_TREE
    return Locked(key, table["name"], version if isinstance(version, str) else None, line, needs, {}, is_own, lost)
