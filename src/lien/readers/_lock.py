"""What lock files have in common: packages, what each of them needs, and what the product asks for itself.

A reader turns its format into `Locked` packages; `lock_facts` makes sightings of them. Extras are
followed: what a package needs only under an extra counts where somebody asks for that extra. What
only an option or a development group asks so for is the product's own relation, in that role, because
a relation between two packages has none.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._pyproject import read_pyproject
from lien.readers._requirement import Problem, extras_of, shown
from lien.sources.source import Source
from lien.vocabulary.ids import package_id, without_version
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["Lines", "Locked", "Need", "Root", "asked_beside", "lock_facts", "roots_of", "strongest", "tables"]

_PYPI = "package:pypi/"
_ROLES = (Role.DEFAULT, Role.OPTION, Role.BUILD, Role.DEVELOPMENT)
"""From what binds most to what binds least."""

_NAME = re.compile(r"\bname\s*=\s*[\"']([A-Za-z0-9][A-Za-z0-9._-]*+)")
_FIRST = re.compile(r"\s*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*+)")


class Need(NamedTuple):
    """That something asks for a package: its normalised name, its version if several are locked, and where it stands."""

    key: str
    line: int | None
    version: str | None = None
    extras: tuple[str, ...] = ()


class Locked(NamedTuple):
    """One locked package. `is_own`: it is a part of the audited tree; `lost`: what it is, if that cannot be followed."""

    key: str
    name: str
    version: str | None
    line: int | None
    needs: Sequence[Need] = ()
    extras: Mapping[str, Sequence[Need]] = {}
    is_own: bool = False
    lost: str | None = None


class Root(NamedTuple):
    """What the product itself asks for, in which role."""

    need: Need
    role: Role


class Lines:
    """Lines of the blocks `[[package]]` and of the names in them, in one pass: tomllib gives no places.

    What stands above the first block has the index -1.
    """

    def __init__(self, text: str, header: str) -> None:
        self.text = text.split("\n")
        self._starts: list[int] = []
        self._words: dict[tuple[int, str], list[int]] = {}
        for number, line in enumerate(self.text, start=1):
            if line.startswith(header):
                self._starts.append(number)
            else:
                for word in _words(line):
                    self._words.setdefault((len(self._starts) - 1, word.lower()), []).append(number)
        for found in self._words.values():
            found.reverse()

    def of(self, index: int) -> int | None:
        """The line on which the block of a package begins."""
        return self._starts[index] if 0 <= index < len(self._starts) else None

    def take(self, index: int, name: str) -> int | None:
        """The next line of a block that has this name; names are taken in file order. The block's own line if none is left."""
        found = self._words.get((index, name.lower()))
        if not found:
            return self.of(index)
        return found.pop() if len(found) > 1 else found[0]

    def written(self, line: int | None) -> str | None:
        """What stands on a line."""
        return shown(self.text[line - 1].strip().rstrip(",")) if line else None


def _words(line: str) -> list[str]:
    """The names on a line: those of inline tables, else what stands first, as key or string."""
    if "name" in line:
        found = _NAME.findall(line)
        if found:
            return found
    first = _FIRST.match(line)
    return [first[1]] if first else []


def tables(
    root: Mapping[str, Any], key: str, lines: Lines, path: str, problems: list[Problem]
) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """(Index, normalised name, table) of each package of a TOML lock; what is none is a problem."""
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    found = root.get(key, [])
    if not isinstance(found, list):
        problems.append(Problem(path, None, f"{key} is not a list of tables (write the lock anew)"))
        return
    for index, table in enumerate(found):
        name = table.get("name") if isinstance(table, Mapping) else None
        if isinstance(name, str) and name:
            yield index, canonicalize_name(name), table
        else:
            problems.append(Problem(path, lines.of(index), "is a package without a name (write the lock anew)"))


def asked_beside(source: Source) -> Mapping[str, Mapping[Role, Collection[str]]]:
    """What the pyproject.toml beside a lock asks for: roles by normalised name, with the extras of each; empty without one."""
    path = source.tree.join(source.path, "pyproject.toml")
    if path is None or not source.tree.has(path):
        return {}
    found: dict[str, dict[Role, set[str]]] = {}
    try:
        for one in read_pyproject(source.tree.read(path)):
            if isinstance(one, RelationSeen) and one.upstream.startswith(_PYPI) and one.role is not Role.BUILD:
                key = without_version(one.upstream).removeprefix(_PYPI)
                found.setdefault(key, {}).setdefault(one.role, set()).update(extras_of(one.note))
    except InputError:
        pass  # its own reader tells
    return found


def strongest(roles: Iterable[Role]) -> Role | None:
    """The role that binds most; None of none."""
    return min(roles, key=_ROLES.index, default=None)


def roots_of(source: Source, packages: Sequence[Locked], roles: Mapping[int, Role]) -> list[Root]:
    """What the manifest beside a lock asks for; without one, the packages that no other needs, in the roles the lock gives by index.

    What a part of the tree needs, the product needs.
    """
    asked = asked_beside(source)
    own = [Root(need, Role.DEFAULT) for one in packages if one.is_own for need in one.needs]
    roots = [
        Root(Need(one.key, one.line, one.version, tuple(sorted(extras))), role)
        for one in packages
        if not one.is_own
        for role, extras in asked.get(one.key, {}).items()
    ]
    if roots:
        return [*roots, *own]
    needed = {
        need.key
        for one in packages
        for need in (*one.needs, *(need for needs in one.extras.values() for need in needs))
        if need.key != one.key
    }
    return own + [
        Root(Need(one.key, one.line, one.version, tuple(one.extras)), roles.get(index, Role.DEFAULT))
        for index, one in enumerate(packages)
        if one.key not in needed and not one.is_own
    ]


def lock_facts(
    source: Source, reader: str, packages: Sequence[Locked], roots: Iterable[Root], lines: Lines, ecosystem: str = "pypi"
) -> Iterator[Fragment]:
    """Sightings of all packages in file order, each with what it needs, then those of the product."""
    graph = _Graph(packages, roots)

    def evidence(line: int | None) -> Evidence:
        return source.evidence(reader, line=line, as_written=lines.written(line))

    for index, one in enumerate(packages):
        if one.is_own or one.lost is not None:
            continue
        identifier = package_id(ecosystem, one.key, one.version)
        line = one.line
        yield ArtifactSeen(identifier, Kind.PACKAGE, evidence(line), name=one.name, version=one.version)
        for need in graph.needs_of(index):
            for other in graph.meant(need):
                if other.key != one.key and not other.is_own and other.lost is None:
                    upstream = package_id(ecosystem, other.key, other.version)
                    yield RelationSeen(identifier, Relation.DEPENDS_ON, upstream, evidence(need.line))
    for need, role, note in graph.of_product:
        for other in graph.meant(need):
            if other.lost is not None:
                yield UnresolvedReference(PRODUCT, other.name, other.lost, evidence(need.line))
            elif not other.is_own:
                upstream = package_id(ecosystem, other.key, other.version)
                yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, upstream, evidence(need.line), role, note=note)


class _Graph:
    """Packages by name, and which of their extras somebody asks for."""

    def __init__(self, packages: Sequence[Locked], roots: Iterable[Root]) -> None:
        self._packages = packages
        self._by_key: dict[str, list[int]] = {}
        for index, one in enumerate(packages):
            self._by_key.setdefault(one.key, []).append(index)
        self._used: set[tuple[int, str]] = set()
        """(Package, extra) that the product asks for at run time; the extra is empty for the package itself."""
        self.of_product: list[tuple[Need, Role, str | None]] = []
        """What the product asks for: by itself, and through extras that it asks for in a weaker role."""
        visited: set[tuple[int, str]] = set()
        ordered = sorted(roots, key=lambda one: _ROLES.index(one.role))
        for role in _ROLES:
            of_role = [one for one in ordered if one.role is role]
            self.of_product.extend((one.need, role, _with_extras(one.need)) for one in of_role)
            self._follow([one.need for one in of_role], role, visited)
            if role is Role.DEFAULT:
                self._used = set(visited)

    def _follow(self, needs: list[Need], role: Role, visited: set[tuple[int, str]]) -> None:
        pending = list(needs)
        while pending:
            need = pending.pop()
            for index in self.indexes(need):
                for extra in ("", *need.extras):
                    if (index, extra) in visited:
                        continue
                    visited.add((index, extra))
                    one = self._packages[index]
                    found = one.extras.get(extra, ()) if extra else one.needs
                    pending.extend(found)
                    if extra and role is not Role.DEFAULT:
                        self.of_product.extend((below, role, f"through {one.name}[{extra}]") for below in found)

    def indexes(self, need: Need) -> Collection[int]:
        """The packages that a need means: of several versions the one it names, else all of them."""
        found = self._by_key.get(need.key, [])
        if need.version is None or len(found) < 2:
            return found
        return [index for index in found if self._packages[index].version == need.version] or found

    def meant(self, need: Need) -> list[Locked]:
        # A lock may give a package one block more for its extras: it is the same package.
        return list({(one.key, one.version): one for one in map(self._packages.__getitem__, self.indexes(need))}.values())

    def needs_of(self, index: int) -> Iterator[Need]:
        """What a package needs, with the extras of it that are in use."""
        one = self._packages[index]
        yield from one.needs
        for extra, needs in one.extras.items():
            if (index, extra) in self._used:
                yield from needs


def _with_extras(need: Need) -> str | None:
    return f"with extras {', '.join(sorted(set(need.extras)))}" if need.extras else None
