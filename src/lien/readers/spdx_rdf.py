"""SPDX 2.2 and 2.3 as RDF/XML: its nodes, put into the values that JSON gives."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lien.graph.fragments import Fragment
from lien.readers._rdf_xml import Node, Value, parse_rdf
from lien.readers._spdx2_document import DOCUMENT, Spdx2Document
from lien.readers._spdx2_links import Links
from lien.readers._spdx_files import beginning, calls_itself_spdx
from lien.readers._spdx_lines import LinePlaces, Lines
from lien.sources.limits import MAX_BOM_BYTES, MAX_DEPTH
from lien.sources.source import Source

__all__ = ["SpdxRdfReader"]

_TERMS = "http://spdx.org/rdf/terms#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_LICENSES = ("http://spdx.org/licenses/", "https://spdx.org/licenses/")
_NOTHING = {f"{_TERMS}noassertion": "NOASSERTION", f"{_TERMS}none": "NONE"}
_SETS = {f"{_TERMS}ConjunctiveLicenseSet": " AND ", f"{_TERMS}DisjunctiveLicenseSet": " OR "}

_PLAIN = "plain"
_LICENSE = "license"
_REFERENCE = "reference"
_KEYS: Mapping[str, Mapping[str, tuple[str, str, bool]]] = {
    "packages": {
        "name": ("name", _PLAIN, False),
        "versionInfo": ("versionInfo", _PLAIN, False),
        "supplier": ("supplier", _PLAIN, False),
        "originator": ("originator", _PLAIN, False),
        "downloadLocation": ("downloadLocation", _PLAIN, False),
        "releaseDate": ("releaseDate", _PLAIN, False),
        "primaryPackagePurpose": ("primaryPackagePurpose", _PLAIN, False),
        "licenseDeclared": ("licenseDeclared", _LICENSE, False),
        "licenseConcluded": ("licenseConcluded", _LICENSE, False),
        "licenseInfoFromFiles": ("licenseInfoFromFiles", _LICENSE, True),
        "hasFile": ("hasFiles", _REFERENCE, True),
    },
    "files": {
        "fileName": ("fileName", _PLAIN, False),
        "licenseConcluded": ("licenseConcluded", _LICENSE, False),
        "licenseInfoInFile": ("licenseInfoInFiles", _LICENSE, True),
    },
    "snippets": {
        "name": ("name", _PLAIN, False),
        "snippetFromFile": ("snippetFromFile", _REFERENCE, False),
        "licenseConcluded": ("licenseConcluded", _LICENSE, False),
        "licenseInfoInSnippet": ("licenseInfoInSnippets", _LICENSE, True),
    },
}
"""Properties of each class: the key in JSON, how the value is written, and whether it is a list."""

_CLASSES = {f"{_TERMS}Package": "packages", f"{_TERMS}File": "files", f"{_TERMS}Snippet": "snippets"}


class SpdxRdfReader:
    """`*.spdx.rdf`, `*.spdx.rdf.xml`."""

    name: str = "spdx-rdf"
    owed: bool = True
    max_bytes: int = MAX_BOM_BYTES

    def claims(self, path: str) -> bool:
        """`.rdf` and `.xml` with "spdx" or "bom" in the path; `.spdx` may hold RDF, too."""
        return calls_itself_spdx(path, ".rdf", ".xml", ".spdx")

    def accepts(self, head: bytes) -> bool:
        """RDF with SPDX's terms near its beginning."""
        head = beginning(head)
        return _TERMS.encode() in head and b"22-rdf-syntax-ns#" in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """What could be read, and then the first complaint, with its line."""
        nodes, problem = parse_rdf(source)
        graph = _Graph(nodes)
        spdx = Spdx2Document(source.path, self.name, LinePlaces(), {"": 1}, Links(source))
        if problem is not None:
            spdx.complain(problem)
        for section, element, lines in graph.elements():
            spdx.feed(section, element, lines)
        for ref, line in graph.described():
            spdx.describe(ref, {"": line})
        yield from spdx.finish()


class _Graph:
    """The nodes of one document, and the short ids by which SPDX names its elements."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self._nodes = nodes
        document = next((node for node in nodes.values() if node.is_a(f"{_TERMS}SpdxDocument")), None)
        self._document = document
        self._prefixes = {document.id.partition("#")[0]: ""} if document is not None else {}
        self._external: list[tuple[dict[str, Any], Lines]] = []
        for value in self._values(document, "externalDocumentRef"):
            node = nodes.get(value.node or "")
            # The id stands in a property, or is the end of the node's own address.
            own = node.id.rpartition("#")[2] if node is not None else ""
            name = self._text(node, "externalDocumentId") or (own if own.startswith("DocumentRef-") else "")
            address = self._address(node, "spdxDocument")
            if name and address:
                self._prefixes[address.partition("#")[0]] = f"{name}:"
                self._external.append(({"externalDocumentId": name, "spdxDocument": address}, {"": value.line}))

    def elements(self) -> Iterator[tuple[str, dict[str, Any], Lines]]:
        """(Section, element, lines) of all that the document describes, each in the order of its nodes."""
        for element, lines in self._external:
            yield "externalDocumentRefs", element, lines
        for node in self._nodes.values():
            if node.is_a(f"{_TERMS}ExtractedLicensingInfo"):
                yield "hasExtractedLicensingInfos", self._extracted(node), {"": node.line}
        for node in self._nodes.values():
            section = next((_CLASSES[type_] for type_ in node.types if type_ in _CLASSES), None)
            if section is not None:
                yield section, *self._element(node, section)
        for node in self._nodes.values():
            for value in self._values(node, "relationship"):
                said = self._nodes.get(value.node or "")
                related = self._values(said, "relatedSpdxElement")
                lines = {"": value.line, "spdxElementId": node.line, "relatedSpdxElement": related[0].line if related else value.line}
                yield "relationships", self._relationship(node, said), lines

    def described(self) -> Iterator[tuple[str, int]]:
        """Ids that the document describes without a relationship, as before 2.0."""
        for value in self._values(self._document, "describesPackage"):
            yield self._short(value.node or value.text), value.line

    def _element(self, node: Node, section: str) -> tuple[dict[str, Any], Lines]:
        element: dict[str, Any] = {"SPDXID": self._short(node.id)}
        lines: Lines = {"": node.line}
        for property_, (key, how, several) in _KEYS[section].items():
            values = self._values(node, property_)
            if not values:
                continue
            texts = [self._written(how)(value) for value in values]
            element[key] = texts if several else texts[0]
            lines[key] = [value.line for value in values] if several else values[0].line
        references = [self._nodes[value.node] for value in self._values(node, "externalRef") if value.node in self._nodes]
        if references:
            element["externalRefs"] = [
                {
                    "referenceType": self._address(one, "referenceType") or "",
                    "referenceLocator": self._text(one, "referenceLocator"),
                }
                for one in references
            ]
            lines["externalRefs"] = [one.line for one in references]
        return element, lines

    def _written(self, how: str) -> Callable[[Value], str]:
        if how == _LICENSE:
            return lambda value: self._license(value, 0)
        return (lambda value: self._short(value.node or value.text)) if how == _REFERENCE else _plain

    def _extracted(self, node: Node) -> dict[str, Any]:
        return {
            "licenseId": self._text(node, "licenseId") or self._short(node.id),
            "extractedText": self._text(node, "extractedText"),
            "name": self._text(node, "name") or self._text(node, "licenseName"),
            "seeAlsos": [value.node or value.text for value in node.values.get(f"{_RDFS}seeAlso", ())],
        }

    def _relationship(self, subject: Node, node: Node | None) -> dict[str, Any]:
        related = next(iter(self._values(node, "relatedSpdxElement")), None)
        comment = node.values.get(f"{_RDFS}comment") if node is not None else None
        return {
            "spdxElementId": self._short(subject.id),
            "relationshipType": self._address(node, "relationshipType"),
            "relatedSpdxElement": self._short(related.node or related.text) if related is not None else None,
            "comment": comment[0].text if comment else None,
        }

    def _license(self, value: Value, depth: int) -> str:
        """The expression of a licence node; one that cannot be understood is named by its address."""
        if value.node is None:
            return value.text
        if value.node in _NOTHING:
            return _NOTHING[value.node]
        node = self._nodes.get(value.node)
        if node is None or depth > MAX_DEPTH:
            return self._license_name(value.node)
        members = [self._license(one, depth + 1) for one in self._values(node, "member")]
        joint = next((_SETS[type_] for type_ in node.types if type_ in _SETS), None)
        if joint is not None and members:
            return f"({joint.join(members)})"
        if node.is_a(f"{_TERMS}WithExceptionOperator") and members:
            exceptions = [self._exception(one) for one in self._values(node, "licenseException")]
            return f"{members[0]} WITH {exceptions[0]}" if exceptions else members[0]
        if node.is_a(f"{_TERMS}OrLaterOperator") and members:
            return f"{members[0]}+"
        return self._text(node, "licenseId") or self._license_name(node.id)

    def _exception(self, value: Value) -> str:
        node = self._nodes.get(value.node or "")
        return self._text(node, "licenseExceptionId") or self._license_name(value.node or value.text)

    def _license_name(self, address: str) -> str:
        for prefix in _LICENSES:
            address = address.removeprefix(prefix)
        return self._short(address)

    def _short(self, address: str) -> str:
        """The id that the other serialisations use for an address."""
        if address in _NOTHING:
            return _NOTHING[address]
        base, _, name = address.partition("#")
        if name == DOCUMENT and self._prefixes.get(base) == "":
            return DOCUMENT
        return f"{self._prefixes[base]}{name}" if name and base in self._prefixes else address

    @staticmethod
    def _values(node: Node | None, name: str) -> list[Value]:
        return node.values.get(_TERMS + name, []) if node is not None else []

    def _text(self, node: Node | None, name: str) -> str | None:
        return next((value.text for value in self._values(node, name) if value.text), None)

    def _address(self, node: Node | None, name: str) -> str | None:
        return next((value.node or value.text for value in self._values(node, name)), None)


def _plain(value: Value) -> str:
    """A literal; a word of the vocabulary without its address, `purpose_application` being `APPLICATION`."""
    if value.node is None:
        return value.text
    if value.node in _NOTHING:
        return _NOTHING[value.node]
    word = value.node.removeprefix(_TERMS)
    return word.removeprefix("purpose_").upper() if word.startswith("purpose_") else word
