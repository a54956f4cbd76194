"""XML with places: elements, attributes and text as events with their lines, under limits.

Straight on expat, since the element trees of the standard library have no lines. Document types are
refused, and with them entities, external ones first of all; nothing is ever fetched.
"""

from typing import NoReturn, Protocol

from lien.errors import InputError
from lien.sources.limits import MAX_XML_DEPTH
from lien.sources.source import Source

__all__ = ["XmlHandler", "parse_xml"]


class XmlHandler(Protocol):
    """What takes the events of a document, in its order."""

    def start(self, namespace: str, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins. Attributes without a namespace have their bare name, others "NAMESPACE NAME"."""
        ...

    def text(self, text: str) -> None:
        """Text of the element that began last and did not end; it may come in pieces."""
        ...

    def end(self) -> None:
        """The element that began last ends."""
        ...


def parse_xml(source: Source, handler: XmlHandler) -> None:
    """Hand the events of an XML file to a handler; what it raises ends the parse.

    Raises InputError with the line for what is not XML, has a document type, or is nested too deeply.
    """
    from xml.parsers import expat  # noqa: PLC0415  # an audit without XML need not pay

    # A byte order mark is surer than what the declaration says, which converters forget to change.
    encoding = "utf-16" if source.data.startswith((b"\xff\xfe", b"\xfe\xff")) else None
    parser = expat.ParserCreate(encoding, namespace_separator=" ")
    parser.buffer_text = True
    depth = 0
    names: dict[str, tuple[str, str]] = {}

    def refuse(why: str) -> NoReturn:
        raise InputError(why, path=source.path, line=parser.CurrentLineNumber)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_XML_DEPTH:
            refuse(f"is nested more than {MAX_XML_DEPTH} levels deep; lien does not read such XML")
        known = names.get(name)
        if known is None:
            namespace, _, local = name.rpartition(" ")
            known = names[name] = (namespace, local)
        handler.start(*known, attributes, parser.CurrentLineNumber)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end()

    def doctype(*_: object) -> NoReturn:
        refuse("has a document type (<!DOCTYPE …>), which lien does not read; take it out")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.ExternalEntityRefHandler = doctype
    try:
        parser.Parse(source.data, True)
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        raise InputError(f"is not XML: {message}; mend the file or leave it out", path=source.path, line=error.lineno) from error
    except (LookupError, ValueError) as error:
        # Of an encoding that is none, or none of single bytes, Python's decoder complains in its own words.
        raise InputError(f"is in an encoding that lien does not read ({error}); save it as UTF-8", path=source.path, line=1) from error
