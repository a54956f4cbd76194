"""One SPDX 2.2 or 2.3 document from plain values: what JSON gives, and every other serialisation gives the same.

Readers feed elements as they meet them; `Places` says where a value stands. Not read: annotations (reviews of the
document), checksums, copyright texts, and who made the document.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from typing import Any, Protocol

from lien.errors import InputError
from lien.graph.fragments import Evidence, Fragment
from lien.readers._bom_values import Json, iso_date, new_tuple, shown, text
from lien.readers._spdx2_licenses import CustomLicenses
from lien.readers._spdx_ids import identity_of, kind_of_purpose, publisher_of
from lien.readers._spdx_meanings import SPDX2, SPDX3, UNCLEAR, Meaning
from lien.readers._spdx_supply import Elsewhere, Part, Supply
from lien.vocabulary.kinds import Basis, Kind

__all__ = ["DOCUMENT", "SECTIONS", "Places", "Spdx2Document"]

DOCUMENT = "SPDXRef-DOCUMENT"
SECTIONS = ("externalDocumentRefs", "hasExtractedLicensingInfos", "packages", "files", "snippets", "relationships")
"""The lists of a document that are read."""

_SAYERS = (("licenseDeclared", "declared"), ("licenseConcluded", "concluded"))
_UNSAID = (None, "NOASSERTION")
_PAPERWORK = frozenset(
    {
        "AMENDS",
        "DEPENDENCY_MANIFEST_OF",
        "FILE_ADDED",
        "FILE_DELETED",
        "FILE_MODIFIED",
        "METAFILE_OF",
        "PATCH_FOR",
        "REQUIREMENT_DESCRIPTION_FOR",
        "SPECIFICATION_FOR",
    }
)
"""Relationships of files and documents that bring no licence along."""


class _Says(Enum):
    """What a relationship type is to a reader, beside its meaning."""

    RELATION = auto()
    NOTHING = auto()
    DESCRIBES = auto()
    DESCRIBED_BY = auto()
    HOLDS = auto()
    HELD = auto()
    UNCLEAR = auto()


_PLAIN, _DECLARED = _Says.RELATION, Basis.DECLARED  # looking a member up in its enum costs as much as a call
_SAYS = {
    **dict.fromkeys(_PAPERWORK, _Says.NOTHING),
    "CONTAINS": _Says.HOLDS,
    "CONTAINED_BY": _Says.HELD,
    "DESCRIBED_BY": _Says.DESCRIBED_BY,
    "DESCRIBES": _Says.DESCRIBES,
    "EXPANDED_FROM_ARCHIVE": _Says.HELD,
    "OPTIONAL_COMPONENT_OF": _Says.HELD,
    "OTHER": _Says.UNCLEAR,
    "PACKAGE_OF": _Says.HELD,
    "VARIANT_OF": _Says.UNCLEAR,
}
_TYPE = re.compile(r"(?:.*relationshipType_)?(\w+)", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\W*(\w+)")


class Places(Protocol):
    """Where values stand. A place is whatever the reader of a serialisation makes it."""

    def at(self, place: Any, *keys: str | int) -> tuple[int | None, str | None]:  # noqa: ANN401
        """Line and JSON pointer of an element, or of a value in it; one of the two is None."""
        ...


class Spdx2Document:
    """Takes elements in any order, and gives the fragments when it has all of them."""

    def __init__(self, path: str, reader: str, places: Places, root: Any, links: Elsewhere | None = None) -> None:  # noqa: ANN401  # a place
        self._path = path
        self._reader = reader
        self._places = places
        self._custom = CustomLicenses()
        self._written: list[tuple[str, str, str, Evidence, str | None]] = []
        self._supply = Supply(self._evidence(root, "spdxVersion", as_written=None), links)
        self._supply.pass_over(DOCUMENT)
        self._last_package = ""
        self._types: dict[str, tuple[_Says, Meaning]] = {}
        self._problem: InputError | None = None
        self._take = {
            "externalDocumentRefs": self._external,
            "hasExtractedLicensingInfos": self._extracted,
            "packages": self._package,
            "files": self._file,
            "snippets": self._snippet,
            "relationships": self._relationship,
        }

    def feed(self, section: str, element: object, place: Any) -> None:  # noqa: ANN401  # a place
        """One element of one of SECTIONS. Where a fact would be lost, that is a complaint, and the next one is read."""
        try:
            if not isinstance(element, dict):
                raise self._error(place, f"is {shown(element)}, not an object; write an object, or leave it out")
            self._take[section](element, place)
        except InputError as error:
            self.complain(error)

    def artifact(self, ref: str) -> tuple[str, Kind] | None:
        """The artifact that an element is, or lies in, once the document is finished."""
        return self._supply.artifact(ref)

    def complain(self, error: InputError) -> None:
        """Something could not be read. The first complaint is raised when everything else has been said."""
        self._problem = self._problem or error

    def feed_relationships(self, elements: list[Any], places: Callable[[str, int], Any]) -> None:
        """All relationships of a document. Most of a large one are here: the loop asks as little as it can."""
        types, at, new, path, reader = self._types, self._places.at, new_tuple, self._path, self._reader
        for index, element in enumerate(elements):
            if element.__class__ is dict:
                one, other = element.get("spdxElementId"), element.get("relatedSpdxElement")
                stated = element.get("relationshipType")
                known = types.get(stated) if stated.__class__ is str else None
                if known is not None and known[0] is _PLAIN and one.__class__ is str and other.__class__ is str:
                    meaning = known[1]
                    key, upstream = ("spdxElementId", one) if meaning.inverted else ("relatedSpdxElement", other)
                    line, pointer = at(places("relationships", index), key)
                    self._supply.relate(one, meaning, other, new(Evidence, (path, line, pointer, upstream, reader, _DECLARED, None)))
                    continue
            self.feed("relationships", element, places("relationships", index))

    def describe(self, ref: object, place: Any, *keys: str | int) -> None:  # noqa: ANN401  # a place
        """The document says that it describes an element."""
        if isinstance(ref, str):
            self._supply.describe(ref, self._evidence(place, *keys, as_written=ref))
        else:
            self.complain(self._error(place, f"is {shown(ref)}, not an id; write the SPDXID of an element", *keys))

    def hold_file(self, ref: str) -> None:
        """A file listed behind a package, as tag-value and RDF have it, belongs to that package."""
        if self._last_package:
            self._supply.own(ref, self._last_package)

    def finish(self) -> Iterator[Fragment]:
        """The fragments of all that was fed. Raises the first complaint behind them."""
        for ref, written, said_by, evidence, part in self._written:
            self._supply.claim(ref, self._custom.stated(written), said_by, evidence, part)
        yield from self._supply.finish()
        if self._problem is not None:
            raise self._problem

    def _evidence(self, place: Any, *keys: str | int, as_written: str | None) -> Evidence:  # noqa: ANN401  # a place
        line, pointer = self._places.at(place, *keys)
        return new_tuple(Evidence, (self._path, line, pointer, as_written, self._reader, _DECLARED, None))

    def _error(self, place: Any, message: str, *keys: str | int) -> InputError:  # noqa: ANN401  # a place
        line, pointer = self._places.at(place, *keys)
        return InputError(message, path=self._path, line=line, pointer=pointer)

    def _texts(self, element: Json, place: Any, key: str) -> Iterator[tuple[str, Evidence]]:  # noqa: ANN401  # a place
        """(Text, evidence) of a licence field that says something: a string, or a list of them."""
        value = element.get(key)
        single = isinstance(value, str)
        for index, one in enumerate([value] if single else self.items(element, place, key)):
            where = (key,) if single else (key, index)
            if not isinstance(one, str):
                raise self._error(place, f"is {shown(one)}, not a licence; write an SPDX expression, NONE or NOASSERTION", *where)
            written = one.strip()
            if written and written.upper() != "NOASSERTION":
                yield written, self._evidence(place, *where, as_written=written)

    def items(self, element: Json, place: Any, key: str) -> list[Any]:  # noqa: ANN401  # a place
        """A list in an element, or an empty one where there is none; another value is a complaint."""
        value = element.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self.complain(self._error(place, f"{key} is {shown(value)}, not a list; write a list, or leave it out", key))
        return []

    def _external(self, element: Json, place: Any) -> None:  # noqa: ANN401  # a place
        name, address = text(element.get("externalDocumentId")), text(element.get("spdxDocument"))
        if name is None:
            raise self._error(place, "has no externalDocumentId; write DocumentRef- and a name")
        self._supply.import_document(f"{name}:", address or name)

    def _extracted(self, element: Json, _: object) -> None:
        self._custom.add(element)

    def _package(self, element: Json, place: Any) -> None:  # noqa: ANN401  # a place
        name = text(element.get("name"))
        if name is None:
            raise self._error(place, "has no name; write the name of the package")
        version = element.get("versionInfo")
        if not isinstance(version, str):
            version = str(version) if isinstance(version, int | float) and not isinstance(version, bool) else None
        purls, addresses = self._references(element, place) if "externalRefs" in element else ([], [])
        purpose, location = element.get("primaryPackagePurpose"), text(element.get("downloadLocation"))
        identity = identity_of(
            name,
            kind_of_purpose(purpose) if purpose is not None else None,
            version=version.strip() if version else None,
            purls=purls,
            places=(location, *addresses) if not purls else (),
        )
        released = element.get("releaseDate")
        part = new_tuple(
            Part,
            (
                identity,
                self._evidence(place, "name", as_written=name),
                publisher_of(identity, (element.get("originator"), element.get("supplier"))) if identity.kind is not Kind.PACKAGE else None,
                iso_date(str(released)) if released is not None else None,  # YAML makes a date of it
                (),
                (),
            ),
        )
        key = self._last_package = self._supply.add_part(text(element.get("SPDXID")) or "", part)
        told = False
        for field, said_by in _SAYERS:
            if element.get(field) not in _UNSAID:
                for written, evidence in self._texts(element, place, field):
                    told = told or written.upper() != "NONE"
                    self._written.append((key, written, said_by, evidence, None))
        if not told and element.get("licenseInfoFromFiles") is not None:
            # Nobody concluded anything for the package: what its files say is all there is.
            for written, evidence in self._texts(element, place, "licenseInfoFromFiles"):
                if written.upper() != "NONE":
                    self._written.append((key, written, "files", evidence, f"files under {written}"))
        if "hasFiles" in element:
            for ref in self.items(element, place, "hasFiles"):
                if isinstance(ref, str):
                    self._supply.own(ref, key)

    def _references(self, element: Json, place: Any) -> tuple[list[str], list[str]]:  # noqa: ANN401  # a place
        """Purls and addresses of a package's external references."""
        purls: list[str] = []
        addresses: list[str] = []
        for index, one in enumerate(self.items(element, place, "externalRefs")):
            if not isinstance(one, dict):
                raise self._error(place, f"is {shown(one)}, not an object; write an external reference", "externalRefs", index)
            locator = text(one.get("referenceLocator"))
            if locator is None:
                continue
            purl = _purl(str(one.get("referenceType")).rpartition("/")[2].lower(), locator)
            if purl is not None:
                purls.append(purl)
            elif locator.startswith(("http://", "https://")):
                addresses.append(locator)
        return purls, addresses

    def _file(self, element: Json, place: Any) -> None:  # noqa: ANN401  # a place
        self._add_file(element, place, ("fileName", "name"), "licenseInfoInFiles")

    def _snippet(self, element: Json, place: Any) -> None:  # noqa: ANN401  # a place
        ref = self._add_file(element, place, ("name",), "licenseInfoInSnippets")
        owner = text(element.get("snippetFromFile"))
        if owner is not None and ref:
            self._supply.own(ref, owner)

    def _add_file(self, element: Json, place: Any, names: Iterable[str], found: str) -> str:  # noqa: ANN401  # a place
        """A file or snippet. What is concluded of it goes before what was found in it."""
        ref = text(element.get("SPDXID"))
        name = next(filter(None, (text(element.get(key)) for key in names)), ref)
        if ref is None or name is None:
            return ""  # nothing can be said of it
        self._supply.add_file(ref, name)
        written = list(self._texts(element, place, "licenseConcluded")) or list(self._texts(element, place, found))
        for licence, evidence in written:
            if licence.upper() != "NONE":
                self._written.append((ref, licence, "files", evidence, None))
        return ref

    def _relationship(self, element: Json, place: Any) -> None:  # noqa: ANN401  # a place
        one, other = element.get("spdxElementId"), element.get("relatedSpdxElement")
        stated = element.get("relationshipType")
        if not isinstance(one, str) or not isinstance(other, str) or not isinstance(stated, str):
            missing = next(
                key for key in ("spdxElementId", "relationshipType", "relatedSpdxElement") if not isinstance(element.get(key), str)
            )
            raise self._error(place, f"has no {missing}; write both ends of the relationship and its type")
        known = self._types.get(stated)
        if known is None:
            known = self._types[stated] = _known_type(stated)
        says, meaning = known
        if says is _Says.NOTHING:
            return
        if says is _Says.DESCRIBES or says is _Says.DESCRIBED_BY:
            self._described(one, other, place, backwards=says is _Says.DESCRIBED_BY)
            return
        if says is _Says.HOLDS:
            self._supply.own(other, one)
        elif says is _Says.HELD:
            self._supply.own(one, other)
        elif says is _Says.UNCLEAR:
            meaning = _told(element.get("comment"))
        upstream = "spdxElementId" if meaning.inverted else "relatedSpdxElement"
        self._supply.relate(one, meaning, other, self._evidence(place, upstream, as_written=one if meaning.inverted else other))

    def _described(self, one: str, other: str, place: Any, *, backwards: bool) -> None:  # noqa: ANN401  # a place
        described, describing, key = (one, other, "spdxElementId") if backwards else (other, one, "relatedSpdxElement")
        if describing == DOCUMENT:
            self._supply.describe(described, self._evidence(place, key, as_written=described))


def _purl(kind: str, locator: str) -> str | None:
    """A reference to a package manager as a purl (SPDX 2.3, annex F); None for any other."""
    match kind:
        case "purl":
            return locator
        case "npm":
            return f"pkg:npm/{locator}"
        case "nuget":
            return f"pkg:nuget/{locator.replace('/', '@', 1)}"
        case "maven-central":
            group, _, rest = locator.partition(":")
            return f"pkg:maven/{group}/{rest.replace(':', '@', 1)}" if rest else None
        case _:
            return None


def _type_of(stated: str) -> str:
    """A relationship type as 2.3 writes it; RDF has an address that ends in it, and some tools lower case."""
    match = _TYPE.fullmatch(stated.strip())
    name = match[1] if match is not None else stated.strip()
    return (name if "_" in name or name.isupper() else re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).upper()


def _known_type(stated: str) -> tuple[_Says, Meaning]:
    type_ = _type_of(stated)
    return _SAYS.get(type_, _Says.RELATION), SPDX2.get(type_) or SPDX3.get(stated.strip()) or UNCLEAR


def _told(comment: object) -> Meaning:
    """What an OTHER relationship's comment says: SPDX 2 has no words for training, so tools write those of SPDX 3."""
    match = _FIRST_WORD.match(comment) if isinstance(comment, str) else None
    return SPDX3.get(match[1], UNCLEAR) if match is not None else UNCLEAR
