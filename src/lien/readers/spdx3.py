"""SPDX 3.0.1 as JSON-LD, with the AI and Dataset profiles (FORMATS section 4.1); names that 3.1 adds are understood.

Everything is an element with an id, and what stands between two of them is a relationship. Not read: agents
beside publishers, vulnerabilities, annotations, and fields that say nothing of lineage or licences.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice, product
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import Evidence, Fragment
from lien.readers._bom_values import in_batches, iso_date, new_tuple, shown
from lien.readers._cyclonedx_properties import base_models
from lien.readers._spdx3_elements import Element, Elements, first_text, plain
from lien.readers._spdx3_licenses import LICENSES, Licenses
from lien.readers._spdx3_links import ElementsOfTree
from lien.readers._spdx_files import beginning, calls_itself_spdx
from lien.readers._spdx_ids import PackageIdentity, identity_of, kind_of_purpose, publisher_of
from lien.readers._spdx_meanings import GENERATED, PAPERWORK3, SPDX2, SPDX3, TOOL, UNCLEAR, Meaning, in_scope
from lien.readers._spdx_supply import Elsewhere, Part, Stated, Supply
from lien.sources.json_text import parse_json
from lien.sources.limits import MAX_BOM_BYTES
from lien.sources.source import Source
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.relations import Said

__all__ = ["Spdx3Reader", "UnnamedSpdx3Reader"]

_MARKS = (b"spdx.org/rdf/3", b'"spdxId"')
_SPDX2 = (b'"spdxVersion"', b'"SPDXID"', b'"bomFormat"')
_KINDS = {"AIPackage": Kind.MODEL, "DatasetPackage": Kind.DATASET, "AIAgent": Kind.MODEL}
_PACKAGES = frozenset({"Package", *_KINDS})
_FILES = frozenset({"File", "Snippet"})
_RELATIONSHIPS = frozenset({"Relationship", "LifecycleScopedRelationship"})
_COLLECTIONS = frozenset({"SpdxDocument", "Sbom", "Bom", "Bundle", "ElementCollection"})
_LEARNS = frozenset({"trainedOn", "testedOn", "finetunedOn", "pretrainedOn", "evaluatedOn"})
_DECLARED = {"hasDeclaredLicense": "declared", "hasConcludedLicense": "concluded"}
_HOLDS = frozenset({"contains", "hasDataFile", "hasOptionalComponent", "expandsTo"})
_NOBODY = {"NoneElement": "NONE", "NoAssertionElement": "NOASSERTION"}
_ATTRIBUTES = (
    ("typeOfModel", "model_type"),
    ("domain", "domain"),
    ("datasetType", "data_type"),
    ("datasetAvailability", "availability"),
    ("confidentialityLevel", "confidentiality"),
)
_BASE_MODEL = re.compile(r"base[_ -]?models?", re.IGNORECASE)
_BASE = Meaning((Said.BASE_MODEL,), rank=2)
_MAX_PAIRS = 10_000
"""Inputs times outputs of one build."""


class Spdx3Reader:
    """JSON-LD."""

    name: str = "spdx3-json"
    owed: bool = True
    max_bytes: int = MAX_BOM_BYTES

    def claims(self, path: str) -> bool:
        """`*.spdx3.json`, `*.spdx.json`, and other .json and .jsonld files with "spdx" or "bom" in their path."""
        return calls_itself_spdx(path, ".json", ".jsonld", ".spdx3")

    def accepts(self, head: bytes) -> bool:
        """JSON that begins neither like CycloneDX nor like SPDX 2. Keys come in any order, so `read` decides."""
        head = beginning(head).lstrip()
        return head.startswith((b"{", b"[")) and not any(mark in head for mark in _SPDX2)

    def read(self, source: Source) -> Iterator[Fragment]:
        """Artifacts, the subject, claims and relations; nothing, if the file is of another kind."""
        if _may_be_spdx(source):
            yield from in_batches(_fragments(source))

    def violations(self, source: Source) -> Iterator[InputError]:
        """Where the document breaks the official JSON schema of SPDX 3.0.1."""
        try:
            document = parse_json(source) if _may_be_spdx(source) else None
            # Parsed anew: what has no id is given one while elements are gathered.
            is_document = isinstance(document, dict | list) and _is_document(Elements(parse_json(source), source.path))
        except InputError:
            return
        if is_document:
            from lien.readers._spdx_schema import spdx3_violations  # noqa: PLC0415  # only --strict needs it

            yield from spdx3_violations(document, source.path)


def _fragments(source: Source) -> Iterator[Fragment]:
    document = parse_json(source)
    if not isinstance(document, dict | list):
        raise InputError(f"is {shown(document)}, not an object; an SPDX 3 document is an object with @graph", path=source.path)
    elements = Elements(document, source.path)
    if _is_document(elements):
        yield from _Document(elements, source.path, ElementsOfTree(source.tree, source.path, _told_by)).fragments()


def _told_by(elements: Elements, path: str) -> Supply:
    """What another document says, as far as its own elements go."""
    document = _Document(elements, path)
    with suppress(InputError):  # of which its own reader complains
        for _ in document.fragments():
            pass
    return document.supply


def _may_be_spdx(source: Source) -> bool:
    """A file without any of SPDX's words is some other one with a telling name, and not parsed at all."""
    return source.path.lower().endswith((".spdx3.json", ".spdx3")) or any(mark in source.data for mark in _MARKS)


def _is_document(elements: Elements) -> bool:
    return any(element.type in _COLLECTIONS or element.type in _PACKAGES for element in elements)


class UnnamedSpdx3Reader(Spdx3Reader):
    """Any other JSON file: it is SPDX 3 if it begins so, and then nobody promised that it is whole."""

    owed: bool = False

    def claims(self, path: str) -> bool:
        """Every .json and .jsonld file that no name tells."""
        return path.lower().endswith((".json", ".jsonld")) and not super().claims(path)

    def accepts(self, head: bytes) -> bool:
        """The context of SPDX 3 in the head."""
        return super().accepts(head) and _MARKS[0] in beginning(head)


class _Document:
    """Turns elements into parts, claims and relations."""

    def __init__(self, elements: Elements, path: str, links: Elsewhere | None = None) -> None:
        self._path = path
        self._elements = elements
        self._licenses = Licenses(elements.by_id)
        self._agents: dict[str, str] = {}
        self._said: list[Element] = []
        self._problem: InputError | None = None
        self._builds: dict[str, dict[str, list[tuple[str, Evidence]]]] = {}
        first = next(iter(elements), None)
        self.supply = Supply(self._evidence(first.pointer if first is not None else "", None), links)

    def fragments(self) -> Iterator[Fragment]:
        """All of it, and then the first complaint."""
        self._said = [element for element in self._elements if element.type in _RELATIONSHIPS]
        self._agents = {element.id: element.text("name") or "" for element in self._elements}
        learning = self._learning()
        for element in self._elements:
            self._try(self._add, element, learning.get(element.id))
        for element in self._said:
            self._try(self._relationship, element)
        self._build()
        yield from self.supply.finish()
        if self._problem is not None:
            raise self._problem

    def _try(self, read: Callable[..., None], *arguments: object) -> None:
        """Read one element; where a fact would be lost, that is a complaint, and the next one is read."""
        try:
            read(*arguments)
        except InputError as error:
            self._problem = self._problem or error

    def _evidence(self, place: str, as_written: str | None) -> Evidence:
        return new_tuple(Evidence, (self._path, None, place, as_written, Spdx3Reader.name, Basis.DECLARED, None))

    def _error(self, message: str, place: str) -> InputError:
        return InputError(message, path=self._path, pointer=place)

    def _learning(self) -> dict[str, Kind]:
        """What takes part in training is a model or data, even where it is listed as a package or file like any other."""
        found: dict[str, Kind] = {}
        for element in self._said:
            if plain(element.text("relationshipType") or "") in _LEARNS:
                found.update((ref, Kind.MODEL) for ref in element.values("from") if isinstance(ref, str))
                for ref in element.values("to"):
                    if isinstance(ref, str):
                        found.setdefault(ref, Kind.DATASET)
        return found

    def _add(self, element: Element, learns: Kind | None) -> None:
        if element.type in _PACKAGES or (element.type in _FILES and learns is not None):
            self._package(element, learns)
        elif element.type in _FILES:
            self.supply.add_file(element.id, element.text("name") or element.id)
            owner = element.text("snippetFromFile")
            if owner is not None:
                self.supply.own(element.id, owner)
            self._own_licenses(element)
        elif element.type in _COLLECTIONS:
            self._collection(element)
        elif element.type == "Build":
            self._builds.setdefault(element.id, {})
            self.supply.pass_over(element.id)
        elif element.type not in LICENSES and element.type not in _RELATIONSHIPS:
            self.supply.pass_over(element.id)

    def _package(self, element: Element, learns: Kind | None) -> None:
        kind = _KINDS.get(element.type) or learns or self._purpose(element)
        purls, places = _references(element)
        if kind in (Kind.MODEL, Kind.DATASET):
            places.extend(filter(None, (element.text("homePage"),)))
        name = element.text("name")
        if name is None:
            if not purls:
                raise self._error("has no name; write the name of the package", element.pointer)
            name = purls[0].partition("?")[0].partition("@")[0].rpartition("/")[2]
        if element.type in _FILES:
            name = f"file:{name.removeprefix('./').lstrip('/')}"
        identity = identity_of(name, kind, version=element.text("packageVersion"), purls=purls, places=places)
        agents = [self._agents.get(str(one)) for key in ("originatedBy", "suppliedBy") for one in element.values(key)]
        part = Part(
            identity,
            self._evidence(element.place("name"), name),
            publisher_of(identity, agents),
            iso_date(element.text("releaseTime")),
            attributes=tuple(_attributes(element)) if identity.kind is not Kind.PACKAGE else (),
        )
        key = self.supply.add_part(element.id, part)
        self._own_licenses(element)
        if identity.kind is Kind.MODEL:
            self._bases(element, key)

    @staticmethod
    def _purpose(element: Element) -> Kind | None:
        purposes = [*element.values("primaryPurpose"), *element.values("additionalPurpose")]
        return next(filter(None, (kind_of_purpose(plain(one)) for one in purposes if isinstance(one, str))), None)

    def _own_licenses(self, element: Element) -> None:
        """Drafts of SPDX 3, and tools that think of SPDX 2, state licences as properties."""
        for said_by, names in (
            ("declared", ("declaredLicense", "licenseDeclared")),
            ("concluded", ("concludedLicense", "licenseConcluded")),
        ):
            for name in names:
                for index, value in enumerate(element.values(name)):
                    stated = self._licenses.stated(value) if isinstance(value, str) else None
                    if stated is not None:
                        self.supply.claim(element.id, stated, said_by, self._evidence(element.place(name, index), stated.as_written))

    def _bases(self, element: Element, key: str) -> None:
        """A hyperparameter that names the base model."""
        for index, entry in element.entries("hyperparameter"):
            if not _BASE_MODEL.fullmatch((first_text(entry.get("key")) or "").rpartition(":")[2]):
                continue
            for written, identifier in base_models(first_text(entry.get("value")) or ""):
                evidence = self._evidence(element.place("hyperparameter", index), written)
                if identifier is None:
                    self.supply.leave_open(key, written, "is no Hub id, so the base model stays unknown; write ORG/NAME", evidence)
                else:
                    base = PackageIdentity(identifier, Kind.MODEL, written, None, None)
                    self.supply.relate(key, _BASE, self.supply.add_part("", Part(base, evidence)), evidence)

    def _collection(self, element: Element) -> None:
        """What a document or BOM is about; one that is about another BOM is about what that one is about."""
        self.supply.pass_over(element.id)
        for _, entry in element.entries("import"):
            address = first_text(entry.get("locationHint")) or first_text(entry.get("definingArtifact"))
            prefix = first_text(entry.get("externalSpdxId"))
            if prefix is not None:
                self.supply.import_document(prefix, address or "that defines it")
        for index, ref in enumerate(element.values("rootElement")):
            if not isinstance(ref, str):
                raise self._error(f"is {shown(ref)}, not an id; write the spdxId of an element", element.place("rootElement", index))
            self._describe(ref, self._evidence(element.place("rootElement", index), ref))

    def _describe(self, ref: str, evidence: Evidence) -> None:
        target = self._elements.by_id.get(ref)
        if target is None or target.type not in _COLLECTIONS:
            self.supply.describe(ref, evidence)

    def _relationship(self, element: Element) -> None:
        type_ = element.text("relationshipType")
        one = next((ref for ref in element.values("from") if isinstance(ref, str)), None)
        others = element.values("to")
        if type_ is None or one is None or any(not isinstance(ref, str) for ref in others):
            missing = "relationshipType" if type_ is None else "from" if one is None else "id in to"
            raise self._error(f"has no {missing}; write both ends of the relationship and its type", element.pointer)
        name = plain(type_)
        meaning = in_scope(name, SPDX3.get(name) or SPDX2.get(name) or _told(element), plain(element.text("scope") or ""))
        for index, other in enumerate(others):
            self._relate(element, name, meaning, one, _NOBODY.get(plain(other), other) if "Element" in other else other, index)
        if name in SPDX3 and plain(element.text("completeness") or "") == "incomplete":
            evidence = self._evidence(element.place("completeness"), name)
            self.supply.leave_open(one, name, "is said to be incomplete: there is more than this document lists", evidence)

    def _relate(self, element: Element, name: str, meaning: Meaning, one: str, other: str, index: int) -> None:
        place = element.place("to", index)
        if name in _DECLARED:
            stated = self._licenses.stated(other)
            if stated is not None:
                self._claim(one, stated, _DECLARED[name], place)
            elif not self._licenses.knows(other):
                self.supply.leave_open(one, other, "names no licence of this document by its id", self._evidence(place, other))
            return
        evidence = self._evidence(place, other)
        if name == "describes":
            if element_type(self._elements, one) in _COLLECTIONS:
                self._describe(other, evidence)
            return
        if name in PAPERWORK3:
            return
        if name in _HOLDS:
            self.supply.own(other, one)
        if one in self._builds or other in self._builds:
            self._of_build(name, one, other, evidence)
            return
        if meaning.inverted:
            evidence = self._evidence(element.place("from"), one)
        self.supply.relate(one, meaning, other, evidence)

    def _claim(self, ref: str, stated: Stated, said_by: str, place: str) -> None:
        self.supply.claim(ref, stated, said_by, self._evidence(place, stated.as_written))

    def _of_build(self, name: str, one: str, other: str, evidence: Evidence) -> None:
        """A build, such as a training run: what comes out is made from what goes in."""
        part = {"hasInput": "inputs", "hasOutput": "outputs", "generates": "outputs", "usesTool": "tools", "dependsOn": "tools"}.get(name)
        if part is not None and one in self._builds:
            self._builds[one].setdefault(part, []).append((other, evidence))

    def _build(self) -> None:
        for parts in self._builds.values():
            for key, meaning in (("inputs", GENERATED), ("tools", TOOL)):
                pairs = product(parts.get("outputs", ()), parts.get(key, ()))
                if len(parts.get("outputs", ())) * len(parts.get(key, ())) > _MAX_PAIRS:
                    made, evidence = parts["outputs"][0]
                    self.supply.leave_open(
                        made, key, f"are more than {_MAX_PAIRS} pairs with what came out, of which lien read the first", evidence
                    )
                for (made, _), (used, evidence) in islice(pairs, _MAX_PAIRS):
                    self.supply.relate(made, meaning, used, evidence)


def element_type(elements: Elements, ref: str) -> str:
    """The class of an element; empty if the document has none of this id."""
    element = elements.by_id.get(ref)
    return element.type if element is not None else ""


def _references(element: Element) -> tuple[list[str], list[str]]:
    """Purls and addresses of a package."""
    purls = [one for one in (element.text("packageUrl"),) if one is not None]
    places = [one for one in element.values("downloadLocation") if isinstance(one, str)]
    for key, kind, text in (("externalIdentifier", "externalIdentifierType", "identifier"), ("externalRef", "externalRefType", "locator")):
        for _, entry in element.entries(key):
            for value in entry.get(text, ()):
                if not isinstance(value, str):
                    continue
                if value.startswith("pkg:"):
                    purls.append(value)
                elif plain(first_text(entry.get(kind)) or "") in ("altDownloadLocation", "other", "huggingface") and "://" in value:
                    places.append(value)
    return purls, places


def _attributes(element: Element) -> Iterator[tuple[str, object]]:
    for name, key in _ATTRIBUTES:
        values: list[Any] = [plain(one) if name.startswith("dataset") else one for one in element.values(name) if isinstance(one, str)]
        if values:
            yield key, values[0] if len(values) == 1 else tuple(values)


def _told(element: Element) -> Meaning:
    """What a relationship of type `other` says in its comment or description, if that begins with a word of SPDX."""
    for key in ("comment", "description"):
        words = (element.text(key) or "").split(None, 1)
        if words and words[0].strip(":;,.") in SPDX3:
            return SPDX3[words[0].strip(":;,.")]
    return UNCLEAR
