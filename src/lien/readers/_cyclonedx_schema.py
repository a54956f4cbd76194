"""The official CycloneDX schemas, for `--strict`; cyclonedx-python-lib carries them, and nothing else of it is used.

Its own validator takes minutes for a thousand components (FORMATS section 3.3); jsonschema-rs takes a hundredth of a second.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lien.errors import InputError, UsageError
from lien.readers._bom_values import Json, shown
from lien.readers._json_schema import schema_violations
from lien.sources.source import Source

if TYPE_CHECKING:
    from jsonschema_rs import Validator
    from lxml.etree import XMLSchema

__all__ = ["json_violations", "xml_violations"]

# The plain schemas of 1.2 and 1.3 let unknown keys pass; the strict ones say what the specification says.
_JSON_SCHEMAS = {
    version: f"bom-{version}{'-strict' if version in ('1.2', '1.3') else ''}" for version in ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
}


def json_violations(document: Json, path: str) -> Iterator[InputError]:
    """Everything in which a JSON BOM breaks the schema of the version that it states."""
    version = document.get("specVersion")
    if not isinstance(version, str) or version not in _JSON_SCHEMAS:
        said = f"is {shown(version)}" if "specVersion" in document else "specVersion is missing"
        where = "/specVersion" if "specVersion" in document else ""
        known = ", ".join(_JSON_SCHEMAS)
        yield InputError(f"{said}; CycloneDX has JSON schemas for {known}", path=path, pointer=where)
        return
    try:
        yield from schema_violations(_validator(version), document, path=path, schema=f"CycloneDX {version}")
    except ValueError as error:
        yield InputError(f"cannot be held to the schema of CycloneDX {version}: {error}", path=path)


_XML_SCHEMAS = ("1.0", "1.1", *_JSON_SCHEMAS)
_NAMESPACE = "{http://cyclonedx.org/schema/bom/"
_PREFIX = re.compile(r"\{[^{}]*\}")
_LONGEST = 240
_PART = 1000
_EXTRA = 'run: pip install "lien[strict]"'


def xml_violations(source: Source) -> Iterator[InputError]:
    """Everything in which an XML BOM breaks the schema of the version that its namespace states; none if it is no BOM."""
    try:
        from lxml import etree  # noqa: PLC0415  # of the extra
    except ImportError as error:
        raise UsageError(f"--strict needs lxml to hold XML to its schema; {_EXTRA}") from error

    # The same refusals as in reading: no entities, no document type, nothing fetched, libxml2's limits on depth and size.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(source.data, parser)
    except etree.XMLSyntaxError:
        return
    if root.getroottree().docinfo.doctype or not root.tag.startswith(_NAMESPACE) or not root.tag.endswith("}bom"):
        return
    version = root.tag[len(_NAMESPACE) : -len("}bom")]
    if version not in _XML_SCHEMAS:
        known = ", ".join(_XML_SCHEMAS)
        yield InputError(
            f"is of version {shown(version)} by its namespace; CycloneDX has XML schemas for {known}",
            path=source.path,
            line=root.sourceline,
        )
        return
    yield from _repeated_refs(root, source.path, version)
    schema = _xml_schema(version)
    for part in _in_parts(root):
        if not schema.validate(part):
            for entry in schema.error_log:
                message = _PREFIX.sub("", entry.message).rstrip(".")
                # The list of all licence ids is no help to anybody.
                shortened = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
                yield InputError(f"breaks the schema of CycloneDX {version}: {shortened}", path=source.path, line=entry.line)


def _in_parts(root: Any) -> Iterator[Any]:  # noqa: ANN401  # lxml elements
    """The BOM, first in parts of so many components or dependencies each, and what is left of it; all keep their lines.

    For each violation libxml2 counts the elements before it: of 50,000 wrong components that takes minutes.
    """
    for section in list(root):
        while len(section) > _PART:
            part = root.makeelement(root.tag, dict(root.attrib), root.nsmap)
            held = root.makeelement(section.tag, dict(section.attrib), section.nsmap)
            part.append(held)
            held.extend(section[:_PART])
            yield part
    yield root


@lru_cache(maxsize=8)
def _xml_schema(version: str) -> "XMLSchema":
    """Without its rule that bom-refs are unique: libxml2 compares each with every other, which takes hours for a large BOM."""
    from lxml import etree  # noqa: PLC0415  # of the extra

    schema = etree.parse(str(_schemas() / f"bom-{version}.SNAPSHOT.xsd"))
    for rule in list(schema.iter("{http://www.w3.org/2001/XMLSchema}unique")):
        rule.getparent().remove(rule)
    return etree.XMLSchema(schema)


def _repeated_refs(root: Any, path: str, version: str) -> Iterator[InputError]:  # noqa: ANN401  # an lxml element
    """The rule of the schemas that no two elements have the same bom-ref (1.1 on)."""
    first: dict[str, int] = {}
    for element in root.iter():
        ref = element.get("bom-ref")
        if ref is not None and ref in first:
            message = f"bom-ref {shown(ref)} is the one of line {first[ref]}, too"
            yield InputError(f"breaks the schema of CycloneDX {version}: {message}", path=path, line=element.sourceline)
        elif ref is not None:
            first[ref] = element.sourceline


@lru_cache(maxsize=8)
def _validator(version: str) -> "Validator":
    """With format checks: without them, a wrong date or address is no violation."""
    from jsonschema_rs import validator_for  # noqa: PLC0415  # only --strict pays for it

    folder = _schemas()

    def schema(uri: str) -> Any:  # noqa: ANN401  # JSON Schema
        # The schemas refer to one another by addresses whose last part is the file's name; nothing is fetched.
        return json.loads((folder / uri.rpartition("/")[2]).read_text(encoding="utf-8"))

    return validator_for(schema(f"{_JSON_SCHEMAS[version]}.SNAPSHOT.schema.json"), retriever=schema, validate_formats=True)


def _schemas() -> Path:
    """The folder of the schemas, found without importing the library."""
    spec = find_spec("cyclonedx")
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place) / "schema" / "_res"
        if folder.is_dir():
            return folder
    raise UsageError(f"--strict needs the official CycloneDX schemas, which are not installed; {_EXTRA}")
