"""Reads bun.lock: every installed package, who needs whom, and what the members of the workspace ask for.

`packages` holds them by the way that leads to each (`parent/name`), and a name is looked up as Node does it: upwards
from who asks. The format tells no licences; `bun.lockb`, the binary form of old, is not read.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, UnresolvedReference
from lien.readers._npm import asked_of, npm_id, spec_of
from lien.sources.json_text import lines_of_pointers, parse_jsonc, plain_json, pointer
from lien.sources.limits import MAX_LOCK_BYTES
from lien.sources.source import Source
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["BunLockReader"]

_LINKS = (("dependencies", None), ("optionalDependencies", "optional"), ("peerDependencies", "peer"))
_OWN = ("workspace:", "root:")
_LOCAL = ("file:", "link:")
_NOT_IN_TREE = "is a local package that is not in the audited tree; audit its folder too, or require it by name"


class _Package(NamedTuple):
    """One entry; `id` is None for a part of the tree, or where `lost` says why."""

    id: str | None
    name: str
    version: str | None
    info: Mapping[str, Any]
    lost: str | None = None


class BunLockReader:
    """bun.lock, the text form of Bun 1.2 on."""

    name = "bun-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2] == "bun.lock"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # a lock of nothing is short
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages with what they need, in file order, then what the product asks for.

        All that can be read comes first; then InputError names the first entry that cannot.
        """
        root = parse_jsonc(source)
        if not isinstance(root, dict):
            raise InputError("is no bun.lock: the whole is no object (write the lock anew)", path=source.path, pointer="")
        lock = _Lock(source, root)
        yield from lock.packages()
        yield from lock.product()
        if lock.wrong is not None:
            raise InputError(f"{lock.wrong} is no entry of a lock (write the lock anew)", path=source.path, pointer=lock.wrong)


class _Lock:
    """One lock as packages by key; what is of no right type is left out, and the first of it remembered."""

    def __init__(self, source: Source, root: Mapping[str, Any]) -> None:
        self.wrong: str | None = None
        self._source = source
        self._workspaces = self._table(root, "workspaces")
        self._packages: dict[str, _Package] = {}
        for key, entry in self._table(root, "packages").items():
            found = self._package(entry)
            if found is None:
                self.wrong = self.wrong or pointer("packages", key)
            else:
                self._packages[key] = found
        places = [pointer("packages", key) for key in self._packages]
        places += [
            pointer("workspaces", folder, one.section, one.name)
            for folder, manifest in self._workspaces.items()
            for one in (asked_of(manifest) if isinstance(manifest, dict) else ())
        ]
        # The file is no JSON of which a report could find the lines.
        self._lines = lines_of_pointers(plain_json(source.text), places)

    def _evidence(self, place: str, as_written: str) -> Evidence:
        return self._source.evidence(BunLockReader.name, line=self._lines.get(place), as_written=as_written)

    def packages(self) -> Iterator[Fragment]:
        """Every package once, though it stands under several keys; edges of each."""
        seen: set[str] = set()
        for key, one in self._packages.items():
            if one.id is None:
                continue
            if one.id not in seen:
                seen.add(one.id)
                evidence = self._evidence(pointer("packages", key), f'"{key}"')
                yield ArtifactSeen(one.id, Kind.PACKAGE, evidence, name=one.name, version=one.version)
            for section, note in _LINKS:
                table = one.info.get(section)
                for needed, spec in table.items() if isinstance(table, dict) else ():
                    found = self._found(key, needed)
                    if found is not None and found.id is not None and found.id != one.id:
                        evidence = self._evidence(pointer("packages", key), f'"{needed}": "{spec}"')
                        yield RelationSeen(one.id, Relation.DEPENDS_ON, found.id, evidence, note=note)

    def product(self) -> Iterator[Fragment]:
        """What the root and the members of its workspace ask for."""
        for folder, manifest in self._workspaces.items():
            if not isinstance(manifest, dict):
                self.wrong = self.wrong or pointer("workspaces", folder)
                continue
            name = manifest.get("name")
            key = name if folder and isinstance(name, str) else ""
            for one in asked_of(manifest):
                evidence = self._evidence(pointer("workspaces", folder, one.section, one.name), f'"{one.name}": "{one.spec}"')
                found = self._found(key, one.name)
                if found is not None and found.id is not None:
                    yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, found.id, evidence, one.role, note=one.note)
                elif found is not None and found.lost is not None:
                    yield UnresolvedReference(PRODUCT, one.name, found.lost, evidence)

    def _found(self, key: str, name: str) -> _Package | None:
        """The package that a name means to who stands under a key: the nearest on the way up.

        A scope belongs to the name behind it: above `@a/b/c` comes `@a/b`, and above that the top.
        """
        while key:
            found = self._packages.get(f"{key}/{name}")
            if found is not None:
                return found
            key, _, last = key.rpartition("/")
            if key.rpartition("/")[2].startswith("@") and last:
                key = key.rpartition("/")[0]
        return self._packages.get(name)

    def _table(self, root: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = root.get(key, {})
        if isinstance(found, dict):
            return found
        self.wrong = self.wrong or pointer(key)
        return {}

    def _package(self, entry: object) -> _Package | None:
        """`["name@version", registry, info, hash]`; what stands behind the name may also be an address or a place in the tree."""
        if not isinstance(entry, list) or not entry or not isinstance(entry[0], str):
            return None
        at = entry[0].find("@", 1)
        name, resolved = (entry[0][:at], entry[0][at + 1 :]) if at > 0 else (entry[0], "")
        if not name:
            return None
        info = next((one for one in entry[1:] if isinstance(one, dict)), {})
        if resolved.startswith(_OWN):
            return _Package(None, name, None, info)
        if resolved.startswith(_LOCAL) and not resolved.endswith((".tgz", ".tar.gz")):
            is_here = self._source.tree.join(self._source.path, resolved.partition(":")[2]) is not None
            return _Package(None, name, None, info, None if is_here else _NOT_IN_TREE)
        version = spec_of(name, resolved).version
        return _Package(npm_id(name, version), name, version, info)
