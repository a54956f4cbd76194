"""Writes a CycloneDX BOM given as JSON values in its XML form, for tests that compare how both are read.

Knows the parts of the format that readers look at (cyclonedx-python-lib drops model cards and data).
"""

from typing import Any
from xml.etree import ElementTree as ET  # written here, not read

__all__ = ["as_xml"]

Json = dict[str, Any]

_ITEMS = {
    "components": "component",
    "services": "service",
    "ancestors": "component",
    "descendants": "component",
    "variants": "component",
    "properties": "property",
    "externalReferences": "reference",
    "endpoints": "endpoint",
    "compositions": "composition",
    "formulation": "formula",
    "workflows": "workflow",
    "tasks": "task",
    "inputs": "input",
    "outputs": "output",
    "resourceReferences": "resourceReference",
    "custodians": "custodian",
    "stewards": "steward",
    "owners": "owner",
    "authors": "author",
}
_ATTRIBUTES = {
    "component": {"type", "mime-type", "bom-ref"},
    "license": {"bom-ref", "acknowledgement"},
    "reference": {"type"},
    "externalReference": {"type"},
    "property": {"name"},
    "details": {"bom-ref", "licenseIdentifier"},
    "text": {"encoding", "contentType"},
    "attachment": {"encoding", "contentType"},
}
_XML_NAMES = {"contentType": "content-type", "licenseIdentifier": "license-identifier"}


def as_xml(bom: Json, version: str = "1.6") -> bytes:
    """The same BOM as XML, with a line for each element."""
    root = ET.Element("bom", {"xmlns": f"http://cyclonedx.org/schema/bom/{version}"})
    if "serialNumber" in bom:
        root.set("serialNumber", bom["serialNumber"])
    for key, value in bom.items():
        if key not in ("bomFormat", "specVersion", "serialNumber", "version", "$schema"):
            _put(root, key, value)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _put(parent: ET.Element, key: str, value: Any) -> None:  # noqa: ANN401, C901, PLR0912  # any JSON value; a table
    match key, value:
        case "licenses", list():
            _licenses(ET.SubElement(parent, key), value)
        case "dependencies", [{}, *_]:
            _dependencies(ET.SubElement(parent, key), value)
        case (("dependencies" | "assemblies"), list()):
            for ref in value:
                ET.SubElement(_only(parent, key), {"dependencies": "dependency", "assemblies": "assembly"}[key], {"ref": ref})
        case "data", list() if parent.tag == "service":
            for flow in value:
                _flow(_only(parent, key), flow)
        case (("data" | "identity"), list()):
            for one in value:
                _object(ET.SubElement(parent, key), one)
        case "datasets", list():
            for one in value:
                _dataset(_only(parent, key), one)
        case "copyright", list():
            for one in value:
                ET.SubElement(_only(parent, key), "text").text = one["text"]
        case _, list() if key in _ITEMS:
            holder = ET.SubElement(parent, key)
            for one in value:
                _object(ET.SubElement(holder, _ITEMS[key]), one)
        case _, dict():
            _object(ET.SubElement(parent, key), value)
        case _, list():
            return  # what no reader looks at: hashes, signatures, metrics and the like
        case _:
            ET.SubElement(parent, key).text = str(value)


def _only(parent: ET.Element, key: str) -> ET.Element:
    found = parent.find(key)
    return ET.SubElement(parent, key) if found is None else found


def _object(element: ET.Element, value: Any) -> None:  # noqa: ANN401  # any JSON value
    if not isinstance(value, dict):
        element.text = str(value)
        return
    attributes = _ATTRIBUTES.get(element.tag, {"bom-ref"})
    for key, one in value.items():
        if key in attributes:
            name = _XML_NAMES.get(str(key), str(key))
            element.set(name, str(one))
        elif (element.tag, key) in {("property", "value"), ("text", "content"), ("attachment", "content")}:
            element.text = one
        else:
            _put(element, key, one)


def _licenses(holder: ET.Element, licenses: list[Json]) -> None:
    for entry in licenses:
        if "license" in entry:
            _object(ET.SubElement(holder, "license"), entry["license"])
        else:
            rest = {key: value for key, value in entry.items() if key in ("acknowledgement", "bom-ref")}
            if "expressionDetails" not in entry:
                ET.SubElement(holder, "expression", rest).text = entry["expression"]
                continue
            detailed = ET.SubElement(holder, "expression-detailed", {**rest, "expression": entry["expression"]})
            for one in entry["expressionDetails"]:
                _object(ET.SubElement(detailed, "details"), one)


def _dependencies(holder: ET.Element, entries: list[Json]) -> None:
    for entry in entries:
        one = ET.SubElement(holder, "dependency", {"ref": entry["ref"]})
        for ref in entry.get("dependsOn", ()):
            ET.SubElement(one, "dependency", {"ref": ref})


def _dataset(holder: ET.Element, data: Json) -> None:
    if "ref" in data:
        ET.SubElement(holder, "ref").text = data["ref"]
    else:
        _object(ET.SubElement(holder, "dataset"), data)


def _flow(holder: ET.Element, flow: Json) -> None:
    element = ET.SubElement(holder, "dataflow", {key: flow[key] for key in ("name", "description") if key in flow})
    ET.SubElement(element, "classification", {"flow": flow["flow"]}).text = flow["classification"]
    for key in ("source", "destination"):
        for address in flow.get(key, ()):
            ET.SubElement(_only(element, key), "url").text = address
