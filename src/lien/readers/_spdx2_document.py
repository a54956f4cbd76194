"""One SPDX 2.2 or 2.3 document from plain values: what JSON gives, and every other serialisation gives the same.

Readers feed elements as they meet them; `Places` says where a value stands. Not read: annotations (reviews of the
document), checksums, copyright texts, and who made the document.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from lien.errors import InputError
from lien.graph.fragments import Evidence, Fragment
from lien.readers._cyclonedx_values import Json, iso_date, shown, text
from lien.readers._spdx2_licenses import CustomLicenses
from lien.readers._spdx_ids import identity_of, kind_of_purpose, publisher_of
from lien.readers._spdx_meanings import SPDX2, SPDX3, UNCLEAR, Meaning
from lien.readers._spdx_supply import Part, Supply

__all__ = ["DOCUMENT", "SECTIONS", "Places", "Spdx2Document"]

DOCUMENT = "SPDXRef-DOCUMENT"
SECTIONS = ("externalDocumentRefs", "hasExtractedLicensingInfos", "packages", "files", "snippets", "relationships")
"""The lists of a document that are read."""

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

_HOLDS = frozenset({"CONTAINS", "EXPANDED_FROM_ARCHIVE"})
_HELD = frozenset({"CONTAINED_BY", "PACKAGE_OF", "OPTIONAL_COMPONENT_OF"})
_UNCLEAR = frozenset({"OTHER", "VARIANT_OF"})
_TYPE = re.compile(r"(?:.*relationshipType_)?(\w+)", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\W*(\w+)")


class Places(Protocol):
    """Where values stand. A place is whatever the reader of a serialisation makes it."""

    def at(self, place: Any, *keys: str | int) -> tuple[int | None, str | None]:  # noqa: ANN401
        """Line and JSON pointer of an element, or of a value in it; one of the two is None."""
        ...


class Spdx2Document:
    """Takes elements in any order, and gives the fragments when it has all of them."""

    def __init__(self, path: str, reader: str, places: Places, start: Any) -> None:  # noqa: ANN401  # a place
        self._path = path
        self._reader = reader
        self._places = places
        self._custom = CustomLicenses()
        self._written: list[tuple[str, str, str, Evidence, str | None]] = []
        self._supply = Supply(self._evidence(start, as_written=None))
        self._supply.pass_over(DOCUMENT)
        self._last_package = ""
        self._take = {
            "externalDocumentRefs": self._external,
            "hasExtractedLicensingInfos": self._extracted,
            "packages": self._package,
            "files": self._file,
            "snippets": self._snippet,
            "relationships": self._relationship,
        }

    def feed(self, section: str, element: object, place: Any) -> None:  # noqa: ANN401  # a place
        """One element of one of SECTIONS. Raises InputError with its place if a fact would be lost."""
        if not isinstance(element, dict):
            raise self._error(place, f"is {shown(element)}, not an object; write an object, or leave it out")
        self._take[section](element, place)

    def describe(self, ref: object, place: Any, *keys: str | int) -> None:  # noqa: ANN401  # a place
        """The document says that it describes an element."""
        if not isinstance(ref, str):
            raise self._error(place, f"is {shown(ref)}, not an id; write the SPDXID of an element", *keys)
        self._supply.describe(ref, self._evidence(place, *keys, as_written=ref))

    def hold_file(self, ref: str) -> None:
        """A file listed behind a package, as tag-value and RDF have it, belongs to that package."""
        if self._last_package:
            self._supply.own(ref, self._last_package)

    def finish(self) -> Iterator[Fragment]:
        """The fragments of all that was fed."""
        for ref, written, said_by, evidence, part in self._written:
            self._supply.claim(ref, self._custom.stated(written), said_by, evidence, part)
        yield from self._supply.finish()

    def _evidence(self, place: Any, *keys: str | int, as_written: str | None) -> Evidence:  # noqa: ANN401  # a place
        line, pointer = self._places.at(place, *keys)
        return Evidence(self._path, line, pointer, as_written, self._reader)

    def _error(self, place: Any, message: str, *keys: str | int) -> InputError:  # noqa: ANN401  # a place
        line, pointer = self._places.at(place, *keys)
        return InputError(message, path=self._path, line=line, pointer=pointer)

    def _texts(self, element: Json, place: Any, *keys: str) -> Iterator[tuple[str, str, Evidence]]:  # noqa: ANN401  # a place
        """(key, text, evidence) of each licence field that says something: a string, or a list of them."""
        for key in keys:
            value = element.get(key)
            if value is None:
                continue
            single = isinstance(value, str)
            for index, one in enumerate([value] if single else self.items(element, place, key)):
                where = (key,) if single else (key, index)
                if not isinstance(one, str):
                    raise self._error(place, f"is {shown(one)}, not a licence; write an SPDX expression, NONE or NOASSERTION", *where)
                written = one.strip()
                if written and written.upper() != "NOASSERTION":
                    yield key, written, self._evidence(place, *where, as_written=written)

    def items(self, element: Json, place: Any, key: str) -> list[Any]:  # noqa: ANN401  # a place
        """A list in an element, or an empty one where there is none. Raises InputError for another value."""
        value = element.get(key)
        if value is None or isinstance(value, list):
            return value or []
        raise self._error(place, f"{key} is {shown(value)}, not a list; write a list, or leave it out", key)

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
        stated = element.get("versionInfo")
        version = str(stated) if isinstance(stated, int | float) and not isinstance(stated, bool) else text(stated)
        purls, addresses = self._references(element, place)
        identity = identity_of(
            name,
            kind_of_purpose(element.get("primaryPackagePurpose")),
            version=version,
            purls=purls,
            places=(text(element.get("downloadLocation")), *addresses),
        )
        agents = (element.get("originator"), element.get("supplier"))
        part = Part(
            identity,
            self._evidence(place, "name", as_written=name),
            publisher_of(identity, agents),
            iso_date(str(element.get("releaseDate"))),  # YAML makes a date of it
        )
        key = self._last_package = self._supply.add_part(text(element.get("SPDXID")) or "", part)
        told = False
        for field, written, evidence in self._texts(element, place, "licenseDeclared", "licenseConcluded"):
            told = told or written.upper() != "NONE"
            self._written.append((key, written, "declared" if field == "licenseDeclared" else "concluded", evidence, None))
        for _, written, evidence in self._texts(element, place, "licenseInfoFromFiles"):
            if not told and written.upper() != "NONE":
                # Nobody concluded anything for the package: what its files say is all there is.
                self._written.append((key, written, "files", evidence, f"files under {written}"))
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
        for _, licence, evidence in written:
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
        type_ = _type_of(stated)
        if type_ in _PAPERWORK:
            return
        evidence = self._evidence(place, "relatedSpdxElement", as_written=other)
        if type_ in ("DESCRIBES", "DESCRIBED_BY"):
            described, describing = (other, one) if type_ == "DESCRIBES" else (one, other)
            if describing == DOCUMENT:
                self._supply.describe(
                    described, evidence if type_ == "DESCRIBES" else self._evidence(place, "spdxElementId", as_written=one)
                )
            return
        if type_ in _HOLDS:
            self._supply.own(*((other, one) if type_ == "CONTAINS" else (one, other)))
        elif type_ in _HELD:
            self._supply.own(one, other)
        meaning = SPDX2.get(type_) or SPDX3.get(stated.strip())
        if meaning is None:
            meaning = _told(element.get("comment")) if type_ in _UNCLEAR else UNCLEAR
        if meaning.inverted:
            evidence = self._evidence(place, "spdxElementId", as_written=one)
        self._supply.relate(one, meaning, other, evidence)


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


def _told(comment: object) -> Meaning:
    """What an OTHER relationship's comment says: SPDX 2 has no words for training, so tools write those of SPDX 3."""
    match = _FIRST_WORD.match(comment) if isinstance(comment, str) else None
    return SPDX3.get(match[1], UNCLEAR) if match is not None else UNCLEAR
