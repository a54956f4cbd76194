"""Tag-value of SPDX 2: one pass over the lines, into the values that JSON gives."""

from collections.abc import Iterator
from typing import Any

from lien.errors import InputError
from lien.readers._bom_values import shown
from lien.readers._spdx2_document import Spdx2Document
from lien.readers._spdx_lines import Lines
from lien.sources.source import Source

__all__ = ["fill_from_tags"]

_BEGINS = {
    "packagename": ("packages", "name"),
    "filename": ("files", "fileName"),
    "snippetspdxid": ("snippets", "SPDXID"),
    "licenseid": ("hasExtractedLicensingInfos", "licenseId"),
}
"""Tags that begin an element: its section, and the key of the value."""

_VALUES = {
    "packages": {
        "spdxid": "SPDXID",
        "packageversion": "versionInfo",
        "packagesupplier": "supplier",
        "packageoriginator": "originator",
        "packagedownloadlocation": "downloadLocation",
        "packagelicenseconcluded": "licenseConcluded",
        "packagelicensedeclared": "licenseDeclared",
        "primarypackagepurpose": "primaryPackagePurpose",
        "releasedate": "releaseDate",
    },
    "files": {"spdxid": "SPDXID", "licenseconcluded": "licenseConcluded"},
    "snippets": {
        "snippetfromfilespdxid": "snippetFromFile",
        "snippetlicenseconcluded": "licenseConcluded",
        "snippetname": "name",
    },
    "hasExtractedLicensingInfos": {"extractedtext": "extractedText", "licensename": "name"},
}
_LISTS = {
    "packages": {"packagelicenseinfofromfiles": "licenseInfoFromFiles"},
    "files": {"licenseinfoinfile": "licenseInfoInFiles"},
    "snippets": {"licenseinfoinsnippet": "licenseInfoInSnippets"},
    "hasExtractedLicensingInfos": {"licensecrossreference": "seeAlsos"},
}
_OPEN, _CLOSE = "<text>", "</text>"


def fill_from_tags(source: Source, document: Spdx2Document) -> None:
    """Feed all that a tag-value file says to a document; what cannot be read is its complaint, with the line."""
    walk = _Walk(source.path, document)
    try:
        for line, tag, value in _tags(source):
            walk.take(line, tag, value)
    except InputError as error:
        document.complain(error)
    walk.close()


class _Walk:
    """The element that is being described, until the next begins."""

    def __init__(self, path: str, document: Spdx2Document) -> None:
        self._path = path
        self._section = ""
        self._element: dict[str, Any] = {}
        self._lines: Lines = {}
        self._last: tuple[dict[str, Any], Lines] | None = None
        self.document = document

    def take(self, line: int, tag: str, value: str) -> None:
        """One tag with its value. Tags of annotations, reviews and checksums say nothing that lien follows."""
        if tag in _BEGINS:
            self.close()
            self._section, key = _BEGINS[tag]
            self._lines[""] = line
            self._set(key, value, line)
        elif tag == "relationship":
            self._relationship(line, value)
        elif tag == "relationshipcomment" and self._last is not None:
            self._last[0]["comment"] = value
        elif tag == "externaldocumentref":
            self._external(line, value)
        elif tag == "externalref" and self._section == "packages":
            self._reference(line, value)
        elif (key := _VALUES.get(self._section, {}).get(tag, "")) and key not in self._element:
            self._set(key, value, line)
        elif key := _LISTS.get(self._section, {}).get(tag, ""):
            self._element.setdefault(key, []).append(value)
            self._lines.setdefault(key, []).append(line)

    def close(self) -> None:
        """Hand over the element that was described, and the relationship that may have had a comment."""
        self._close_relationship()
        section, element, lines = self._section, self._element, self._lines
        self._section, self._element, self._lines = "", {}, {}
        if not element:
            return
        self.document.feed(section, element, lines)
        if section == "files" and "SPDXID" in element:
            self.document.hold_file(element["SPDXID"])

    def _set(self, key: str, value: str, line: int) -> None:
        self._element[key] = value
        self._lines[key] = line

    def _close_relationship(self) -> None:
        if self._last is not None:
            element, lines = self._last
            self._last = None
            self.document.feed("relationships", element, lines)

    def _relationship(self, line: int, value: str) -> None:
        self._close_relationship()
        words = value.split()
        if len(words) != 3:
            raise InputError(
                f"Relationship is {shown(value)}; write the id of an element, a relationship type and another id",
                path=self._path,
                line=line,
            )
        element = {"spdxElementId": words[0], "relationshipType": words[1], "relatedSpdxElement": words[2]}
        self._last = (element, {"": line})

    def _external(self, line: int, value: str) -> None:
        name, _, rest = value.partition(" ")
        # Some tools leave the prefix out.
        name = name if name.startswith("DocumentRef-") else f"DocumentRef-{name}"
        element = {"externalDocumentId": name, "spdxDocument": rest.split(" ")[0]}
        self.document.feed("externalDocumentRefs", element, {"": line})

    def _reference(self, line: int, value: str) -> None:
        """`CATEGORY TYPE LOCATOR`; a locator may hold blanks."""
        words = value.split(None, 2)
        if len(words) == 3:
            self._element.setdefault("externalRefs", []).append(
                {"referenceCategory": words[0], "referenceType": words[1], "referenceLocator": words[2]}
            )
            self._lines.setdefault("externalRefs", []).append(line)


def _tags(source: Source) -> Iterator[tuple[int, str, str]]:
    """(Line, tag in lower case, value) in file order; a text between <text> marks is one value."""
    lines = iter(enumerate(source.text.splitlines(), start=1))
    for number, line in lines:
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        tag, colon, value = stripped.partition(":")
        if not colon or " " in tag.strip():
            raise InputError(f"{shown(stripped)} is no tag with a value; write Tag: value", path=source.path, line=number)
        value = value.strip()
        if value.startswith(_OPEN):
            value = _text(value[len(_OPEN) :], lines, source.path, number)
        yield number, tag.strip().lower(), value


def _text(first: str, lines: Iterator[tuple[int, str]], path: str, begin: int) -> str:
    """The rest of a text that may run over lines, up to its closing mark."""
    pieces = [first]
    while _CLOSE not in pieces[-1]:
        following = next(lines, None)
        if following is None:
            raise InputError(f"opens a text that never ends; close it with {_CLOSE}", path=path, line=begin)
        pieces.append(following[1])
    pieces[-1] = pieces[-1].partition(_CLOSE)[0]
    return "\n".join(pieces)
