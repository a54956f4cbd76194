"""RDF/XML as nodes with properties, for the formats that are written in it (RDF 1.1 XML Syntax).

Not read: collections, XML literals, containers and `parseType`, which SPDX does not use.
"""

from lien.errors import InputError
from lien.sources.source import Source
from lien.sources.xml_text import parse_xml

__all__ = ["Node", "Value", "parse_rdf"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"


class Value:
    """A property's value: a text, or the id of a node."""

    __slots__ = ("line", "node", "text")

    def __init__(self, line: int, *, node: str | None = None, text: str = "") -> None:
        self.line = line
        self.node = node
        self.text = text


class Node:
    """What a document says of one thing: its types and properties, by address."""

    def __init__(self, identifier: str, line: int) -> None:
        self.id = identifier
        self.line = line
        self.types: list[str] = []
        self.values: dict[str, list[Value]] = {}

    def is_a(self, address: str) -> bool:
        """Is the node of this type?"""
        return address in self.types


def parse_rdf(source: Source) -> tuple[dict[str, Node], InputError | None]:
    """The nodes of a file by id, in the order in which they are first described; and what is wrong with the XML behind them."""
    walk = _Walk()
    try:
        parse_xml(source, walk)
    except InputError as error:
        return walk.nodes, error
    return walk.nodes, None


class _Property:
    """A property element that has begun, and what it has been found to hold."""

    def __init__(self, node: Node, name: str, line: int) -> None:
        self.node = node
        self.name = name
        self.line = line
        self.target: str | None = None
        self.pieces: list[str] = []


class _Walk:
    """Striped syntax: elements are nodes and properties in turn."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self._stack: list[Node | _Property | None] = []
        self._base = ""
        self._blank = 0

    def start(self, namespace: str, name: str, attributes: dict[str, str], line: int) -> None:
        self._base = attributes.get(f"{_XML} base", self._base)
        if not self._stack and namespace == _RDF and name == "RDF":
            self._stack.append(None)
            return
        above = self._stack[-1] if self._stack else None
        if isinstance(above, Node):
            self._stack.append(self._property(above, namespace + name, attributes, line))
        else:
            node = self._node(namespace + name, attributes, line)
            if isinstance(above, _Property):
                above.target = node.id
            self._stack.append(node)

    def text(self, text: str) -> None:
        above = self._stack[-1] if self._stack else None
        if isinstance(above, _Property):
            above.pieces.append(text)

    def end(self) -> None:
        ended = self._stack.pop()
        if isinstance(ended, _Property):
            value = Value(ended.line, node=ended.target, text="" if ended.target else "".join(ended.pieces).strip())
            ended.node.values.setdefault(ended.name, []).append(value)

    def _node(self, type_: str, attributes: dict[str, str], line: int) -> Node:
        node = self._of(attributes, line)
        if type_ != f"{_RDF}Description":
            node.types.append(type_)
        for key, text in attributes.items():
            namespace, _, name = key.rpartition(" ")
            if namespace == _RDF and name == "type":
                node.types.append(self._absolute(text))
            elif namespace not in ("", _RDF, _XML):
                node.values.setdefault(namespace + name, []).append(Value(line, text=text.strip()))
        return node

    def _of(self, attributes: dict[str, str], line: int) -> Node:
        if f"{_RDF} about" in attributes:
            identifier = self._absolute(attributes[f"{_RDF} about"])
        elif f"{_RDF} ID" in attributes:
            identifier = self._absolute("#" + attributes[f"{_RDF} ID"])
        elif f"{_RDF} nodeID" in attributes:
            identifier = "_:" + attributes[f"{_RDF} nodeID"]
        else:
            self._blank += 1
            identifier = f"_:\0{self._blank}"
        return self.nodes.setdefault(identifier, Node(identifier, line))

    def _property(self, node: Node, name: str, attributes: dict[str, str], line: int) -> _Property:
        if name == f"{_RDF}type":
            node.types.append(self._absolute(attributes.get(f"{_RDF} resource", "")))
        found = _Property(node, name, line)
        if f"{_RDF} resource" in attributes:
            found.target = self._absolute(attributes[f"{_RDF} resource"])
        elif f"{_RDF} nodeID" in attributes:
            found.target = "_:" + attributes[f"{_RDF} nodeID"]
        return found

    def _absolute(self, address: str) -> str:
        """Addresses in SPDX are absolute, or fragments of the base."""
        return self._base.partition("#")[0] + address if address.startswith("#") else address
