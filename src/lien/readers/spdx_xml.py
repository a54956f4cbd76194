"""SPDX 2.2 and 2.3 as XML: the shape of the JSON, a list being its items one after another; streamed."""

from collections.abc import Iterator
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import Fragment
from lien.readers._bom_values import in_batches
from lien.readers._spdx2_document import SECTIONS, Spdx2Document
from lien.readers._spdx2_links import Links
from lien.readers._spdx_files import beginning, calls_itself_spdx
from lien.readers._spdx_lines import LinePlaces, Lines
from lien.sources.limits import MAX_BOM_BYTES
from lien.sources.source import Source
from lien.sources.xml_text import parse_xml

__all__ = ["SpdxXmlReader"]

_LISTS = frozenset(
    {"externalRefs", "hasFiles", "licenseInfoFromFiles", "licenseInfoInFiles", "licenseInfoInSnippets", "ranges", "seeAlsos"}
)
"""Keys of an element that hold lists even where there is one item."""


class SpdxXmlReader:
    """`*.spdx.xml`."""

    name: str = "spdx-xml"
    owed: bool = True
    max_bytes: int = MAX_BOM_BYTES

    def claims(self, path: str) -> bool:
        """`*.spdx.xml`, and other .xml files with "spdx" or "bom" in their path; `.spdx` may hold XML, too."""
        return calls_itself_spdx(path, ".xml", ".spdx")

    def accepts(self, head: bytes) -> bool:
        """A `Document`, or whatever the root is called, with SPDX's own elements near its beginning."""
        head = beginning(head)
        return head.lstrip().startswith(b"<") and (b"<SPDXID" in head or b"<spdxVersion" in head or b"<Document>" in head)

    def read(self, source: Source) -> Iterator[Fragment]:
        """What could be read, and then the first complaint, with its line."""
        yield from in_batches(_fragments(source))


def _fragments(source: Source) -> Iterator[Fragment]:
    walk = _Walk(source)
    try:
        parse_xml(source, walk)
    except InputError as error:
        walk.is_spdx = True  # whatever it is, it is broken
        walk.document.complain(error)
    if walk.is_spdx:
        yield from walk.document.finish()


class _Open:
    """An element that has begun: its text so far, or the object that its children make."""

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.line = line
        self.pieces: list[str] = []
        self.value: dict[str, Any] = {}
        self.lines: Lines = {"": line}

    def add(self, child: "_Open") -> None:
        value: Any = child.value or "".join(child.pieces).strip()
        # Elements of a list that are objects have lines of their own; of the rest one line is enough.
        line = child.lines if child.value else child.line
        if child.name in _LISTS:
            self.value.setdefault(child.name, []).append(value)
            self.lines.setdefault(child.name, []).append(child.line)
        elif child.name not in self.value:
            self.value[child.name] = value
            self.lines[child.name] = line if not isinstance(line, dict) else child.line


class _Walk:
    """Hands each element of the document over as soon as it ends."""

    def __init__(self, source: Source) -> None:
        self._open: list[_Open] = []
        self.is_spdx = False
        self.document = Spdx2Document(source.path, SpdxXmlReader.name, LinePlaces(), {"": 1}, Links(source))

    def start(self, namespace: str, name: str, attributes: dict[str, str], line: int) -> None:  # noqa: ARG002  # SPDX has no attributes
        self._open.append(_Open(name, line))

    def text(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)

    def end(self) -> None:
        element = self._open.pop()
        if len(self._open) > 1:
            self._open[-1].add(element)
        elif self._open:
            self._take(element)

    def _take(self, element: _Open) -> None:
        """A child of the document."""
        if element.name in SECTIONS:
            self.is_spdx = True
            self.document.feed(element.name, element.value or "".join(element.pieces).strip(), element.lines)
        elif element.name == "documentDescribes":
            self.document.describe("".join(element.pieces).strip(), element.lines)
        elif element.name in ("spdxVersion", "SPDXID"):
            self.is_spdx = True
