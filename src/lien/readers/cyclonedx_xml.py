"""CycloneDX XML 1.0 to 1.7: streamed into the values that JSON gives, then read as JSON is, with lines as places."""

import re
from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Subject, UnresolvedReference
from lien.readers._bom_values import gathered, new_tuple
from lien.readers._cyclonedx_components import read_bom
from lien.readers._cyclonedx_xml import Places, line_at, parse_bom
from lien.sources.limits import MAX_BOM_BYTES
from lien.sources.source import Source

__all__ = ["CycloneDxXmlReader", "UnnamedCycloneDxXmlReader"]

_WORDS_IN_PATH = ("bom", "cyclonedx", "cdx")
_NAMESPACE = b"cyclonedx.org/schema/bom/"
_ROOT = re.compile(rb"<[A-Za-z_]")


class CycloneDxXmlReader:
    """XML with a name that says BOM; see `CycloneDxReader` for what is taken from it."""

    name: str = "cyclonedx-xml"
    owed: bool = True
    max_bytes: int = MAX_BOM_BYTES

    def claims(self, path: str) -> bool:
        """A .xml file with "bom", "cyclonedx" or "cdx" anywhere in its path, unless it calls itself SPDX."""
        path = path.lower()
        return path.endswith(".xml") and not path.endswith((".spdx.xml", ".rdf.xml")) and any(word in path for word in _WORDS_IN_PATH)

    def accepts(self, head: bytes) -> bool:
        """The namespace of CycloneDX, or so long a comment that the first element is not in the head."""
        head = head.replace(b"\0", b"")  # UTF-16 looks like this
        return _NAMESPACE in head or (b"<!--" in head and _ROOT.search(head.partition(b"<!--")[0]) is None and b"-->" not in head)

    def read(self, source: Source) -> Iterator[Fragment]:
        """As the JSON reader gives them, with lines for pointers. Nothing, if the root element is of another format."""
        return gathered(lambda found: self._fill(source, found))

    def _fill(self, source: Source, found: list[Fragment]) -> None:
        bom = parse_bom(source)
        if bom.document is None:
            return
        try:
            read_bom(bom.document, source, found)
        except InputError as error:
            line = line_at(bom.places, error.pointer) if error.pointer is not None else error.line
            raise InputError(error.message, path=error.path, line=line) from error
        finally:
            found[:] = [_placed(fragment, bom.places, self.name) for fragment in found]

    def violations(self, source: Source) -> Iterator[InputError]:
        """Where the BOM breaks the official XML schema of its version."""
        from lien.readers._cyclonedx_schema import xml_violations  # noqa: PLC0415  # only --strict needs it

        return xml_violations(source)


class UnnamedCycloneDxXmlReader(CycloneDxXmlReader):
    """Any other XML file: it is CycloneDX if its namespace says so, and then nobody promised that it is whole."""

    owed: bool = False

    def claims(self, path: str) -> bool:
        """Every .xml file that no name tells."""
        return path.lower().endswith(".xml") and not super().claims(path)

    def accepts(self, head: bytes) -> bool:
        """The namespace alone."""
        return _NAMESPACE in head.replace(b"\0", b"")


_POSITIONS = {kind: kind._fields.index("evidence") for kind in (ArtifactSeen, RelationSeen, LicenseClaim, Subject, UnresolvedReference)}
"""Where a fragment has its evidence."""


def _placed(fragment: Fragment, places: Places, reader: str) -> Fragment:
    """The fragment with a line in place of its pointer. A large BOM has hundreds of thousands: `_replace` would take longest of all."""
    path, line, pointer, as_written, _, basis, source = fragment.evidence
    line = line_at(places, pointer) if pointer is not None else line
    evidence = new_tuple(Evidence, (path, line, None, as_written, reader, basis, source))
    at = _POSITIONS[type(fragment)]
    return new_tuple(type(fragment), (*fragment[:at], evidence, *fragment[at + 1 :]))
