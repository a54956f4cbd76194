"""Reads package.json: licence and dependencies of a part of the product that is written for Node or browsers."""

from collections.abc import Iterator, Mapping
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, UnresolvedReference
from lien.readers._npm import asked_of, license_claims, members_of, npm_id, spec_of
from lien.sources.json_text import parse_json, pointer
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["PackageJsonReader"]

_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_PYTHON_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg")
_MAX_ABOVE = 20


class PackageJsonReader:
    """package.json of npm, pnpm, Yarn and Bun, of the product itself or of a package in a folder of the same tree."""

    name = "package-json"
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2] == "package.json"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # keys stand in any order
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """The licence, then what is depended on by section; members of the same workspace are parts of the product.

        All that can be read comes first; then InputError names the first value that cannot.
        """
        manifest = parse_json(source)
        if not isinstance(manifest, dict):
            raise InputError("is no package.json: the whole is no object", path=source.path, pointer="")
        if source.path == "package.json" and not any(source.tree.has(name) for name in _PYTHON_PROJECT):
            yield from self._product(source, manifest)
        evidence = source.evidence(self.name, pointer=pointer("license" if "license" in manifest else "licenses"))
        yield from license_claims(PRODUCT, manifest, source.path, evidence, source.tree)
        members: frozenset[str] | None = None
        for one in asked_of(manifest):
            if members is None:
                members = _own_names(source.tree, source.path)
            written = f'"{one.name}": "{one.spec}"'
            place = source.evidence(self.name, pointer=pointer(one.section, one.name), as_written=written)
            spec = spec_of(one.name, one.spec)
            if spec.is_local:
                yield from _local(source, one.spec, place)
            elif one.name not in members:
                identifier = npm_id(spec.name, spec.version)
                yield ArtifactSeen(identifier, Kind.PACKAGE, place, name=spec.name, version=spec.version)
                yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, identifier, place, one.role, note=one.note or spec.note)
        _complain(source, manifest)

    def _product(self, source: Source, manifest: Mapping[str, Any]) -> Iterator[Fragment]:
        """The product's name; where the root is a Python project, the web part beside it does not name it."""
        name, version = manifest.get("name"), manifest.get("version")
        if isinstance(name, str) and name:
            evidence = source.evidence(self.name, pointer=pointer("name"), as_written=name)
            yield ArtifactSeen(PRODUCT, Kind.PRODUCT, evidence, name=name, version=version if isinstance(version, str) else None)


def _own_names(tree: Tree, path: str) -> frozenset[str]:
    """Names of the packages of the workspace to which a package.json belongs."""
    folder = path.rpartition("/")[0]
    for _ in range(_MAX_ABOVE):
        members = members_of(tree, folder)
        if len(members) > 1 and path.rpartition("/")[0] in members:
            return frozenset(str(one["name"]) for one in members.values() if isinstance(one.get("name"), str))
        if not folder:
            break
        folder = folder.rpartition("/")[0]
    return frozenset()


def _local(source: Source, spec: str, place: Evidence) -> Iterator[Fragment]:
    kind, colon, path = spec.partition(":")
    path = path if colon else kind
    if kind != "workspace" and source.tree.join(source.path, path) is None:
        reason = "is a local package that is not in the audited tree; audit its folder too, or require it by name"
        yield UnresolvedReference(PRODUCT, spec, reason, place)


def _complain(source: Source, manifest: Mapping[str, Any]) -> None:
    """Raises InputError for the first value that is no dependency."""
    for section in _SECTIONS:
        table = manifest.get(section)
        if table is None:
            continue
        if not isinstance(table, dict):
            raise InputError(f'{section} is no object (write "NAME": "RANGE" lines in braces)', path=source.path, pointer=pointer(section))
        for name, spec in table.items():
            if not isinstance(spec, str):
                place = pointer(section, name)
                raise InputError(f'{section}: "{name}" has no specifier (write "NAME": "RANGE")', path=source.path, pointer=place)
