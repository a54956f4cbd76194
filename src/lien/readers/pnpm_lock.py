"""Reads pnpm-lock.yaml of the versions 5 to 9: every resolved package, who needs whom, and what each importer asks for.

The format holds no licences. What a package was resolved with (its peers) makes no package of its own.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._npm import npm_id, without_peers
from lien.readers._requirement import Problem, summary
from lien.sources.limits import MAX_LOCK_BYTES, MAX_LOCK_NODES
from lien.sources.source import Source
from lien.sources.yaml_text import YamlDocument, parse_yaml_documents
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["PnpmLockReader"]

_SECTIONS = (
    ("dependencies", Role.DEFAULT),
    ("devDependencies", Role.DEVELOPMENT),
    ("optionalDependencies", Role.OPTION),
    ("packageManagerDependencies", Role.BUILD),
    ("configDependencies", Role.BUILD),
)
_VERSION = re.compile(r"\d+\.\d+\.\d+[^/()_]*")
_OLD_KEY = re.compile(r"/((?:@[^/]+/)?[^/@]+)/(\d+\.\d+\.\d+[^/_(]*)")
_NOT_IN_TREE = "is a local package that is not in the audited tree; audit its folder too, or require it by name"


class _Package(NamedTuple):
    id: str
    name: str
    version: str | None


class PnpmLockReader:
    """pnpm-lock.yaml of one package or of a workspace."""

    name = "pnpm-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2] in {"pnpm-lock.yaml", "shrinkwrap.yaml"}

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # a lock of nothing is short
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """What the importers ask for, then packages with what they need, in file order.

        All that can be read comes first; then InputError names every value that cannot.
        """
        problems: list[Problem] = []
        # pnpm 10 and later may lock its own version in a document before that of the project.
        for document in parse_yaml_documents(source.text, path=source.path, max_nodes=MAX_LOCK_NODES):
            if not isinstance(document.value, dict):
                line = document.line()
                problems.append(Problem(source.path, line, "is no pnpm-lock.yaml: the whole is no mapping (write the lock anew)"))
                continue
            lock = _Lock(source, document)
            yield from lock.product()
            yield from lock.packages()
            problems.extend(lock.problems)
        if problems:
            raise summary(source.path, problems)


class _Lock:
    """The mappings of one lock; values of a wrong type are problems, and left out."""

    def __init__(self, source: Source, document: YamlDocument) -> None:
        self.problems: list[Problem] = []
        self._source, self._document = source, document
        self._lines = source.text.splitlines()
        self._packages = {key: _package(key, value) for key, value in self._table("packages").items()}

    def product(self) -> Iterator[Fragment]:
        """Before version 5.1, and for a package alone, what is asked for stands at the top."""
        if "importers" in self._document.value:
            for importer in self._table("importers"):
                yield from self._importer("importers", importer)
        else:
            yield from self._importer()

    def _importer(self, *place: str) -> Iterator[Fragment]:
        folder = place[-1] if place else "."
        for section, role in _SECTIONS:
            for name, value in self._table(*place, section).items():
                version = value.get("version") if isinstance(value, Mapping) else value
                where = (*place, section, name)
                if not isinstance(version, str | int | float):
                    self._wrong(where, "has no version")
                    continue
                yield from self._asked(name, str(version), role, folder, where)

    def _asked(self, name: str, version: str, role: Role, folder: str, where: tuple[str, ...]) -> Iterator[Fragment]:
        evidence = self._evidence(where)
        kind, colon, path = version.partition(":")
        if colon and kind in {"link", "workspace"}:
            base = self._source.tree.join(self._source.path, f"{folder}/x")
            if base is None or (kind == "link" and self._source.tree.join(base, path) is None):
                yield UnresolvedReference(PRODUCT, name, _NOT_IN_TREE, evidence)
            return
        found = self._found(name, version)
        yield ArtifactSeen(found.id, Kind.PACKAGE, evidence, name=found.name, version=found.version)
        yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, found.id, evidence, role)

    def packages(self) -> Iterator[Fragment]:
        """From version 9 on, what packages need stands in `snapshots`, once for each set of peers."""
        for key, package in self._packages.items():
            yield ArtifactSeen(package.id, Kind.PACKAGE, self._evidence(("packages", key)), name=package.name, version=package.version)
        part = "snapshots" if "snapshots" in self._document.value else "packages"
        for key, value in self._table(part).items():
            if not isinstance(value, Mapping):
                if value is not None:
                    self._wrong((part, key), "is no mapping")
                continue
            downstream = self._by_key(str(key))
            for section, note in (("dependencies", None), ("optionalDependencies", "optional")):
                for name, version in self._table(part, key, section).items():
                    if str(version).startswith(("link:", "workspace:")):
                        continue
                    upstream = self._found(name, str(version))
                    if upstream.id != downstream.id:
                        evidence = self._evidence((part, key, section, name))
                        yield RelationSeen(downstream.id, Relation.DEPENDS_ON, upstream.id, evidence, note=note)

    def _by_key(self, key: str) -> _Package:
        """A snapshot's package: its key goes on with the peers."""
        return self._packages.get(key) or self._packages.get(key.partition("(")[0]) or _package(key, None)

    def _found(self, name: str, version: str) -> _Package:
        """What a version means beside a name: most often a version, else the key of another package (an alias, an address)."""
        bare = version.partition("(")[0]
        for key in (version, bare, f"{name}@{bare}", f"/{name}@{version}", f"/{name}/{version}"):
            if key in self._packages:
                return self._packages[key]
        if _VERSION.match(version):
            return _named(name, without_peers(version))
        return _package(bare, None) if _VERSION.search(bare) else _named(name, None)

    def _table(self, *place: str) -> Mapping[str, Any]:
        value: object = self._document.value
        for key in place:
            value = value.get(key) if isinstance(value, Mapping) else None
        if value is None or isinstance(value, Mapping):
            return value or {}
        self._wrong(place, "is no mapping")
        return {}

    def _evidence(self, place: tuple[str, ...]) -> Evidence:
        line = self._document.line(*place)
        return self._source.evidence(PnpmLockReader.name, line=line, as_written=self._lines[line - 1].strip() if line else None)

    def _wrong(self, place: tuple[str, ...], what: str) -> None:
        self.problems.append(Problem(self._source.path, self._document.line(*place), f"{place[-1]} {what} (write the lock anew)"))


def _package(key: str, value: object) -> _Package:
    """`/@scope/name/1.0.0_peers` (version 5), `/@scope/name@1.0.0(peers)` (6), `@scope/name@1.0.0` (9), or an address with its own name."""
    table = value if isinstance(value, Mapping) else {}
    name, version = table.get("name"), table.get("version")
    if isinstance(name, str):
        return _named(name, version if isinstance(version, str) else None)
    old = _OLD_KEY.match(key)
    if old is not None:
        return _named(old[1], old[2])
    bare = key.partition("(")[0].removeprefix("/")
    at = bare.find("@", 1)
    if at <= 0:
        return _named(bare, None)
    wanted = bare[at + 1 :]
    return _named(bare[:at], wanted if _VERSION.fullmatch(wanted) else version if isinstance(version, str) else None)


def _named(name: str, version: str | None) -> _Package:
    return _Package(npm_id(name, version), name, version)
