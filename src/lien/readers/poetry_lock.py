"""Reads poetry.lock: every locked package and who needs whom; the pyproject.toml beside it says what the product asks for.

The format holds no licences. Without a manifest, the packages that no other needs are the product's
own, in the group (Poetry 2) or category (before 1.5) that the lock gives them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.graph.fragments import Fragment, Role
from lien.readers._lock import Lines, Locked, Need, lock_facts, roots_of, tables
from lien.readers._requirement import Problem, summary
from lien.sources.limits import MAX_LOCK_BYTES
from lien.sources.source import Source
from lien.sources.toml_text import parse_toml

__all__ = ["PoetryLockReader"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NOT_IN_TREE = "is a local project that is not in the audited tree; audit its folder too, or require it by name"


class PoetryLockReader:
    """poetry.lock of every version of the format since 1.0."""

    name = "poetry-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2].lower() == "poetry.lock"

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
        packages: list[Locked] = []
        roles: dict[int, Role] = {}
        for index, key, table in tables(root, "package", lines, source.path, problems):
            roles[len(packages)] = _role(table)
            packages.append(_package(source, lines, problems, index, key, table))
        yield from lock_facts(source, self.name, packages, roots_of(source, packages, roles), lines)
        if problems:
            raise summary(source.path, problems)


def _role(table: Mapping[str, Any]) -> Role:
    groups = table.get("groups")
    if (isinstance(groups, list) and groups and "main" not in groups) or table.get("category", "main") != "main":
        return Role.DEVELOPMENT
    return Role.OPTION if table.get("optional") is True else Role.DEFAULT


def _package(source: Source, lines: Lines, problems: list[Problem], index: int, key: str, table: Mapping[str, Any]) -> Locked:
    version = table.get("version")
    line = lines.take(index, table["name"])
    needs, extras = _needs(lines, index, table)
    if needs is None:
        problems.append(Problem(source.path, lines.of(index), "the package has dependencies that are no table (write the lock anew)"))
    is_own, lost = False, None
    place = table.get("source")
    if isinstance(place, Mapping) and place.get("type") == "directory":
        is_own = source.tree.join(source.path, str(place.get("url", ""))) is not None
        lost = None if is_own else _NOT_IN_TREE
    return Locked(key, table["name"], version if isinstance(version, str) else None, line, needs or (), extras, is_own, lost)


def _needs(lines: Lines, index: int, table: Mapping[str, Any]) -> tuple[list[Need] | None, dict[str, list[Need]]]:
    """What a package always needs (None if that is unreadable), and what under which extra."""
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    dependencies = table.get("dependencies", {})
    if not isinstance(dependencies, Mapping):
        return None, {}
    by_extra = _extras(table.get("extras"))
    needs: list[Need] = []
    extras: dict[str, list[Need]] = {}
    for name, value in dependencies.items():
        # A list gives one table for each platform.
        items = value if isinstance(value, list) else [value]
        details = [one for one in items if isinstance(one, Mapping)]
        asked = tuple(str(extra) for one in details if isinstance(one.get("extras"), list) for extra in one["extras"])
        need = Need(canonicalize_name(name), lines.take(index, name), None, asked)
        under = by_extra.get(need.key, ())
        if under and details and all(one.get("optional") is True for one in details):
            for extra in under:
                extras.setdefault(extra, []).append(need)
        else:
            needs.append(need)
    return needs, extras


def _extras(table: object) -> dict[str, list[str]]:
    """The extras under which each name stands."""
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    found: dict[str, list[str]] = {}
    for extra, items in table.items() if isinstance(table, Mapping) else ():
        for item in items if isinstance(items, list) else ():
            match = _NAME.match(str(item))
            if match:
                found.setdefault(canonicalize_name(match[0]), []).append(extra)
    return found
