"""Reads package-lock.json and npm-shrinkwrap.json: every installed package, its licence where told, and who needs whom.

Versions 2 and 3 hold `packages` by their place below node_modules, and a name is looked up as Node
does it: upwards from who asks. Version 1 nests `dependencies` in the same manner, and says neither
licences nor what the product asks for itself: the package.json beside it does.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._npm import asked_of, license_claims, manifest_at, npm_id, spec_of
from lien.sources.json_text import parse_json, pointer
from lien.sources.limits import MAX_DEPTH, MAX_LOCK_BYTES
from lien.sources.source import Source
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["PackageLockReader"]

_FOLDER = "node_modules/"
_PACKAGE, _DEPENDS_ON, _DEFAULT = Kind.PACKAGE, Relation.DEPENDS_ON, Role.DEFAULT  # looking a member up in its enum costs as much as a call
_LINKS = (("dependencies", None), ("requires", None), ("optionalDependencies", "optional"), ("peerDependencies", "peer"))
_MAX_LOCATION = 4096
"""No file system takes a longer path."""
_NOT_IN_TREE = "is a local package that is not in the audited tree; audit its folder too, or require it by name"


class _Place(NamedTuple):
    """A package at a place below node_modules; `id` is None for a part of the tree."""

    id: str | None
    name: str
    version: str | None
    pointer: str
    entry: Mapping[str, Any]
    lost: str | None = None


class PackageLockReader:
    """package-lock.json of the versions 1 to 3, and npm-shrinkwrap.json."""

    name = "package-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """The two file names."""
        return path.rpartition("/")[2] in {"package-lock.json", "npm-shrinkwrap.json"}

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # a lock of nothing is short
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages with their licences and what they need, in file order, then what the product asks for.

        All that can be read comes first; then InputError names the first value that cannot.
        """
        root = parse_json(source)
        if not isinstance(root, dict):
            raise InputError("is no package-lock.json: the whole is no object (write the lock anew)", path=source.path, pointer="")
        lock = _Lock(source, root)
        yield from lock.packages()
        yield from lock.product()
        if lock.wrong is not None:
            raise InputError(f"{lock.wrong} is no object (write the lock anew)", path=source.path, pointer=lock.wrong)


class _Lock:
    """One lock as packages by place; what is of no right type is left out, and the first of it remembered."""

    def __init__(self, source: Source, root: Mapping[str, Any]) -> None:
        self.wrong: str | None = None
        self._source = source
        self._root = root
        packages = root.get("packages")
        self._is_nested = not isinstance(packages, dict)
        self._places: dict[str, _Place] = {}
        if isinstance(packages, dict):
            self._take_flat(packages)
        else:
            self._take_nested(root.get("dependencies", {}))
        self._parents = {
            location.rpartition(_FOLDER)[0].rstrip("/")
            for location in self._places
            if location.count(_FOLDER) > 1 or not location.startswith(_FOLDER)
        }
        """Places with a node_modules folder of their own."""

    def packages(self) -> Iterator[Fragment]:
        """Every package once, though it stands at several places; edges and licences of each."""
        path, reader, at_top = self._source.path, PackageLockReader.name, self._places.get
        seen: set[str] = set()
        for location, (identifier, name, version, place, entry, _) in self._places.items():
            if identifier is None:
                continue
            if identifier not in seen:
                seen.add(identifier)
                yield ArtifactSeen(identifier, _PACKAGE, Evidence(path, None, place, f'"{location}"', reader), name, version)
                if "license" in entry:
                    yield from license_claims(identifier, entry, path, Evidence(path, None, f"{place}/license", None, reader))
            above = self._above(location)
            for section, note in _LINKS:
                table = entry.get(section)
                if not isinstance(table, dict):
                    continue  # `requires` of the whole lock is true, and no table
                for needed, spec in table.items():
                    found = self._found(above, needed) if above else at_top(_FOLDER + needed)
                    if found is not None and found[0] is not None and found[0] != identifier:
                        escaped = needed.replace("~", "~0").replace("/", "~1") if "/" in needed or "~" in needed else needed
                        evidence = Evidence(path, None, f"{place}/{section}/{escaped}", f'"{needed}": "{spec}"', reader)
                        yield RelationSeen(identifier, _DEPENDS_ON, found[0], evidence, _DEFAULT, None, note)

    def product(self) -> Iterator[Fragment]:
        """What the root and the members of its workspace ask for."""
        if self._is_nested:
            yield from self._product_of_nested()
            return
        for location, place in self._places.items():
            if place.id is None and place.lost is None and _FOLDER not in f"{location}/":
                for one in asked_of(place.entry):
                    written = f'"{one.name}": "{one.spec}"'
                    evidence = self._source.evidence(
                        PackageLockReader.name, pointer=place.pointer + pointer(one.section, one.name), as_written=written
                    )
                    yield from self._asked(self._found(self._above(location), one.name), evidence, one.role, one.note)

    def _asked(self, found: _Place | None, evidence: Evidence, role: Role, note: str | None) -> Iterator[Fragment]:
        if found is None:
            return  # an optional package that was left out
        if found.lost is not None:
            yield UnresolvedReference(PRODUCT, found.name, found.lost, evidence)
        elif found.id is not None:
            yield RelationSeen(PRODUCT, _DEPENDS_ON, found.id, evidence, role, note=note)

    def _product_of_nested(self) -> Iterator[Fragment]:
        """By the package.json beside the lock; without one, what no other package needs."""
        path = self._source.tree.join(self._source.path, "package.json")
        manifest = manifest_at(self._source.tree, path) if path is not None else None
        roles: list[tuple[str, Role, str | None]]
        if manifest is not None:
            roles = [(one.name, one.role, one.note) for one in asked_of(manifest)]
        else:
            needed = {name for place in self._places.values() for name in _needs(place.entry)}
            roles = [
                (location[len(_FOLDER) :], _role(place.entry), None)
                for location, place in self._places.items()
                if location.count(_FOLDER) == 1 and location[len(_FOLDER) :] not in needed
            ]
        for name, role, note in roles:
            found = self._found((), name)
            if found is not None:
                evidence = self._source.evidence(PackageLockReader.name, pointer=found.pointer, as_written=f'"{name}"')
                yield from self._asked(found, evidence, role, note)

    def _above(self, location: str) -> tuple[str, ...]:
        """The node_modules folders on the way up from a place, the nearest first; the one at the top goes without saying.

        Few places have such a folder of their own, so that most have none above but the top.
        """
        found = []
        while location:
            if location in self._parents:
                found.append(f"{location}/{_FOLDER}")
            location = location.rpartition("/")[0].removesuffix("node_modules").rstrip("/")
        return tuple(found)

    def _found(self, above: tuple[str, ...], name: str) -> _Place | None:
        """The package that a name means: the nearest on the way up (Node, "Loading from node_modules folders")."""
        for folder in above:
            found = self._places.get(folder + name)
            if found is not None:
                return found
        return self._places.get(_FOLDER + name)

    def _take_flat(self, packages: Mapping[str, Any]) -> None:
        """`packages` of the versions 2 and 3. A link leads to a part of the tree."""
        base = pointer("packages")
        for location, entry in packages.items():
            place = f"{base}/{location.replace('~', '~0').replace('/', '~1')}"
            if not isinstance(entry, dict) or len(location) > _MAX_LOCATION:
                self.wrong = self.wrong or place
                continue
            _, inside, key = location.rpartition(_FOLDER)
            if not inside:
                self._places[location] = _Place(None, location, None, place, entry)
            elif entry.get("link") is True:
                target = str(entry.get("resolved", ""))
                is_lost = self._source.tree.join(self._source.path, target) is None
                self._places[location] = _Place(None, key, None, place, {}, _NOT_IN_TREE if is_lost else None)
            else:
                name = entry.get("name")
                self._add(location, name if isinstance(name, str) and name else key, entry.get("version"), place, entry)

    def _take_nested(self, dependencies: object) -> None:
        """`dependencies` of version 1, in file order."""
        pending: list[tuple[str, str, object, int]] = [("", pointer("dependencies"), dependencies, 0)]
        while pending:
            parent, place, table, depth = pending.pop()
            if not isinstance(table, dict) or depth > MAX_DEPTH:
                self.wrong = self.wrong or place
                continue
            below: list[tuple[str, str, object, int]] = []
            for name, entry in table.items():
                here = place + pointer(name)
                if not isinstance(entry, dict):
                    self.wrong = self.wrong or here
                    continue
                location = f"{parent}/{_FOLDER}{name}".lstrip("/")
                self._add(location, name, entry.get("version"), here, {key: value for key, value in entry.items() if key != "dependencies"})
                if "dependencies" in entry:
                    below.append((location, f"{here}/dependencies", entry["dependencies"], depth + 1))
            pending.extend(reversed(below))

    def _add(self, location: str, name: str, version: object, place: str, entry: Mapping[str, Any]) -> None:
        text = version if isinstance(version, str) else None
        if text is not None and not text[:1].isdigit():
            # Version 1 writes an address, an alias or a path where a version belongs.
            spec = spec_of(name, text)
            if spec.is_local:
                lost = self._source.tree.join(self._source.path, text.partition(":")[2]) is None
                self._places[location] = _Place(None, name, None, place, {}, _NOT_IN_TREE if lost else None)
                return
            name, text = spec.name, spec.version
        self._places[location] = _Place(npm_id(name, text), name, text, place, entry)


def _needs(entry: Mapping[str, Any]) -> Iterator[str]:
    requires = entry.get("requires")
    if isinstance(requires, dict):
        yield from requires


def _role(entry: Mapping[str, Any]) -> Role:
    if entry.get("dev") is True:
        return Role.DEVELOPMENT
    return Role.OPTION if entry.get("optional") is True else Role.DEFAULT
