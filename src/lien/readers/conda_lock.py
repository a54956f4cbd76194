"""Reads the locks of conda: conda-lock.yml with who needs whom, and explicit lists of archives.

Neither holds licences. A package locked for several platforms is one package for each version.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role
from lien.readers._conda import of_archive
from lien.readers._requirement import Problem, fragments_of, shown, summary
from lien.sources.limits import MAX_LOCK_BYTES, MAX_LOCK_NODES
from lien.sources.source import Source
from lien.sources.yaml_text import parse_yaml
from lien.vocabulary.ids import package_id, without_version
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["CondaExplicitReader", "CondaLockReader"]

_LOCK = re.compile(r"(?:[\w.-]+[.-])?conda-lock(?:[\w.-]*)\.ya?ml", re.IGNORECASE | re.ASCII)
_EXPLICIT = re.compile(r"[\w.-]*(?:conda|explicit|spec|linux-64|linux-aarch64|osx-|win-64)[\w.-]*\.(?:txt|lock)", re.IGNORECASE | re.ASCII)


class _Locked(NamedTuple):
    id: str
    entry: Mapping[str, Any]
    evidence: Evidence
    role: Role


class CondaLockReader:
    """conda-lock.yml of the format 1."""

    name = "conda-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """conda-lock.yml, gpu.conda-lock.yml and their like."""
        return _LOCK.fullmatch(path.rpartition("/")[2]) is not None

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # comments may come first
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages with what they need, in file order; what no other needs is the product's own.

        All that can be read comes first; then InputError names every entry that cannot.
        """
        document = parse_yaml(source.text, path=source.path, max_nodes=MAX_LOCK_NODES)
        entries = document.value.get("package") if isinstance(document.value, Mapping) else None
        if not isinstance(entries, list):
            raise InputError("is no conda-lock.yml: it has no list of packages (write the lock anew)", path=source.path, line=1)
        problems: list[Problem] = []
        packages: list[_Locked] = []
        for index, entry in enumerate(entries):
            line = document.line("package", index)
            name = entry.get("name") if isinstance(entry, Mapping) else None
            if not isinstance(name, str) or not name:
                problems.append(Problem(source.path, line, "is a package without a name (write the lock anew)"))
                continue
            version = entry.get("version")
            identifier = package_id(
                "pypi" if entry.get("manager") == "pip" else "conda", name, str(version) if version is not None else None
            )
            evidence = source.evidence(self.name, line=line, as_written=f"name: {name}")
            packages.append(_Locked(identifier, entry, evidence, _role(entry)))
        yield from _facts(packages)
        if problems:
            raise summary(source.path, problems)


def _role(entry: Mapping[str, Any]) -> Role:
    category = entry.get("category", "main")
    if category == "main":
        return Role.DEFAULT
    return Role.DEVELOPMENT if category in {"dev", "test", "docs"} else Role.OPTION


def _facts(packages: list[_Locked]) -> Iterator[Fragment]:
    by_place: dict[tuple[object, str], str] = {}
    for one in packages:
        by_place[one.entry.get("platform"), without_version(one.id).rpartition("/")[2]] = one.id
    needed: set[str] = set()
    for one in packages:
        yield ArtifactSeen(one.id, Kind.PACKAGE, one.evidence, name=one.entry["name"], version=_text(one.entry.get("version")))
        needs = one.entry.get("dependencies")
        for name, wanted in needs.items() if isinstance(needs, Mapping) else ():
            upstream = by_place.get((one.entry.get("platform"), str(name).lower()))
            if upstream is not None and upstream != one.id:
                needed.add(upstream)
                yield RelationSeen(one.id, Relation.DEPENDS_ON, upstream, one.evidence._replace(as_written=f"{name}: {wanted}"))
    for one in packages:
        if one.id not in needed:
            yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, one.id, one.evidence, one.role)


def _text(version: object) -> str | None:
    return str(version) if version is not None else None


class CondaExplicitReader:
    """Lists of archives after a line `@EXPLICIT`, as `conda list --explicit` and conda-lock write them."""

    name = "conda-explicit"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """spec-file.txt, conda-linux-64.lock and their like."""
        return _EXPLICIT.fullmatch(path.rpartition("/")[2]) is not None

    def accepts(self, head: bytes) -> bool:
        """Does a line say that what follows is explicit?"""
        return re.search(rb"^@EXPLICIT\s*$", head, re.MULTILINE) is not None

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages in file order; whether the product asks for one by itself or through others is not told.

        All that can be read comes first; then InputError names every line that cannot.
        """
        problems: list[Problem] = []
        for number, line in enumerate(source.text.splitlines(), start=1):
            text = line.strip()
            if not text or text.startswith(("#", "@EXPLICIT")):
                continue
            named = of_archive(text)
            if named is None:
                problems.append(Problem(source.path, number, f'"{shown(text[:80])}" is no archive of conda (write the list anew)'))
                continue
            written = shown(text.partition("#")[0])
            yield from fragments_of(named, source.evidence(self.name, line=number, as_written=written), Role.DEFAULT)
        if problems:
            raise summary(source.path, problems)
