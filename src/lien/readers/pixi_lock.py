"""Reads pixi.lock (versions 4 to 6): packages of conda and of PyPI with their licences, and who needs whom.

Where the lock says of which PyPI project a conda package is (`purls`), it passes that project on; a name alone joins
nothing. A package locked for several platforms is one package for each version.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role
from lien.readers._conda import of_archive
from lien.readers._pixi import role_of_environment
from lien.readers._requirement import Problem, shown, summary
from lien.sources.limits import MAX_LOCK_BYTES, MAX_LOCK_NODES
from lien.sources.source import Source
from lien.sources.yaml_text import YamlDocument, parse_yaml
from lien.vocabulary.ids import package_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["PixiLockReader"]

_ARCHIVE = re.compile(r"(?:/(?P<channel>[\w.-]+))?/(?P<subdir>[\w.-]+)/(?P<file>[^/]+?)\.(?P<type>conda|tar\.bz2)$", re.ASCII)
_PYPI = re.compile(r"pkg:pypi/([A-Za-z0-9._-]+)", re.ASCII)
_EXPRESSION = re.compile(r"\(*[\w.+-]+\)*(?:\s+(?:AND|OR|WITH)\s+\(*[\w.+-]+\)*)*+", re.ASCII)
_NAME = re.compile(r"\s*([A-Za-z0-9_][\w.-]*)", re.ASCII)
_ROLES = (Role.DEFAULT, Role.OPTION, Role.DEVELOPMENT)


class _Locked(NamedTuple):
    """One package; `subdir` is the platform of a conda package, `projects` the PyPI projects that it is."""

    id: str
    name: str
    version: str | None
    address: str
    entry: Mapping[str, Any]
    evidence: Evidence
    is_conda: bool
    projects: tuple[str, ...]


class PixiLockReader:
    """pixi.lock."""

    name = "pixi-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2].lower() == "pixi.lock"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # comments may come first
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages with what they need, in file order; what no other needs is the product's own.

        All that can be read comes first; then InputError names every entry that cannot.
        """
        document = parse_yaml(source.text, path=source.path, max_nodes=MAX_LOCK_NODES)
        value = document.value
        entries = value.get("packages") if isinstance(value, Mapping) else None
        if not isinstance(entries, list):
            raise InputError("is no pixi.lock: it has no list of packages (write the lock anew)", path=source.path, line=1)
        problems: list[Problem] = []
        packages: list[_Locked] = []
        for index, entry in enumerate(entries):
            found = self._package(source, document, index, entry)
            if found is None:
                what = "is a package without a name or an address (write the lock anew)"
                problems.append(Problem(source.path, document.line("packages", index), what))
            elif "://" in found.address or found.is_conda:  # else a part of the tree
                packages.append(found)
        yield from _facts(packages, _roles(value.get("environments")))
        if problems:
            raise summary(source.path, problems)

    def _package(self, source: Source, document: YamlDocument, index: int, entry: object) -> _Locked | None:
        if not isinstance(entry, Mapping):
            return None
        is_conda = entry.get("kind") == "conda" or isinstance(entry.get("conda"), str)
        address = entry.get("conda") or entry.get("pypi") or entry.get("url") or entry.get("path")
        if not isinstance(address, str):
            return None
        archive = of_archive(address) if is_conda else None
        name = entry.get("name") if isinstance(entry.get("name"), str) else archive.name if archive is not None else None
        if not isinstance(name, str) or not name:
            return None
        told = entry.get("version")
        version = str(told) if told is not None else archive.version if archive is not None else None
        identifier = package_id("conda" if is_conda else "pypi", name, version)
        line = document.line("packages", index)
        evidence = source.evidence(self.name, line=line, as_written=shown(address.rpartition("/")[2] or address))
        purls = entry.get("purls")
        projects = [found[1] for one in (purls if isinstance(purls, list) else ()) if (found := _PYPI.match(str(one)))]
        return _Locked(identifier, name, version, address, entry, evidence, is_conda, tuple(dict.fromkeys(projects)))


def _roles(environments: object) -> dict[str, Role]:
    """What each address is for, by the environments that list it: the default one binds most."""
    found: dict[str, Role] = {}
    for name, environment in environments.items() if isinstance(environments, Mapping) else ():
        role = role_of_environment(str(name))
        platforms = environment.get("packages") if isinstance(environment, Mapping) else None
        for listed in platforms.values() if isinstance(platforms, Mapping) else ():
            for one in listed if isinstance(listed, list) else ():
                for address in one.values() if isinstance(one, Mapping) else ():
                    found[str(address)] = min(role, found.get(str(address), role), key=_ROLES.index)
    return found


def _facts(packages: list[_Locked], roles: Mapping[str, Role]) -> Iterator[Fragment]:
    by_name: dict[tuple[bool, str], list[_Locked]] = {}
    for one in packages:
        by_name.setdefault((one.is_conda, _key(one.name)), []).append(one)
        for project in one.projects:
            by_name.setdefault((False, _key(project)), []).append(one)
    needed: set[str] = set()
    for one in packages:
        yield from _seen(one)
        for wanted, others in _needs(one, by_name):
            for other in _beside(one, others):
                if other.id != one.id:
                    needed.add(other.id)
                    yield RelationSeen(one.id, Relation.DEPENDS_ON, other.id, one.evidence._replace(as_written=wanted))
    for one in packages:
        if one.id not in needed:
            yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, one.id, one.evidence, roles.get(one.address, Role.DEFAULT))


def _seen(one: _Locked) -> Iterator[Fragment]:
    yield ArtifactSeen(one.id, Kind.PACKAGE, one.evidence, name=one.name, version=one.version, purl=_purl(one))
    license_ = one.entry.get("license")
    if isinstance(license_, str) and license_.strip():
        scheme = Scheme.SPDX if _EXPRESSION.fullmatch(license_.strip()) else Scheme.FREE_TEXT
        yield LicenseClaim(one.id, license_.strip(), scheme, one.evidence._replace(as_written=license_), one.evidence.path or "")
    for project in one.projects:
        identifier = package_id("pypi", project, one.version)
        evidence = one.evidence._replace(as_written=f"pkg:pypi/{project}")
        yield ArtifactSeen(identifier, Kind.PACKAGE, evidence, name=project, version=one.version)
        yield RelationSeen(one.id, Relation.REDISTRIBUTES, identifier, evidence)


def _purl(one: _Locked) -> str | None:
    """The purl of a conda package, of its own archive (purl-spec, `types/conda-definition.json`)."""
    found = _ARCHIVE.search(one.address) if one.is_conda else None
    if found is None or one.version is None:
        return None
    build = found["file"].removeprefix(f"{one.name}-{one.version}-")
    channel = f"&channel={found['channel']}" if found["channel"] else ""
    return f"pkg:conda/{one.name.lower()}@{one.version}?build={build}{channel}&subdir={found['subdir']}&type={found['type']}"


def _needs(one: _Locked, by_name: Mapping[tuple[bool, str], list[_Locked]]) -> Iterator[tuple[str, list[_Locked]]]:
    listed = one.entry.get("depends") if one.is_conda else one.entry.get("requires_dist")
    for wanted in listed if isinstance(listed, list) else ():
        found = _NAME.match(str(wanted))
        if found is not None and (one.is_conda or "extra ==" not in str(wanted)):
            yield str(wanted), by_name.get((one.is_conda, _key(found[1])), [])


def _beside(one: _Locked, others: list[_Locked]) -> list[_Locked]:
    """Of several versions of a package, those for the same platform, or for all; all of them where that says nothing."""
    if len({other.id for other in others}) < 2 or not one.is_conda:
        return list({other.id: other for other in others}.values())
    subdir = _subdir(one)
    near = [other for other in others if _subdir(other) in {subdir, "noarch"}]
    return list({other.id: other for other in near or others}.values())


def _subdir(one: _Locked) -> str:
    found = _ARCHIVE.search(one.address)
    return found["subdir"] if found is not None else ""


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
