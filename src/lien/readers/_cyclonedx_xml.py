"""CycloneDX XML as the values that its JSON form gives, each with its line.

`_BOM` says, element by element, what becomes of it; elements that it does not name are passed over
whole, as the JSON reader passes over their keys. The two forms differ in a few places, which have
functions of their own: licences, dependencies, data flows, and texts with attributes.
"""

from collections.abc import Callable
from typing import Any

from lien.sources.source import Source
from lien.sources.xml_text import parse_xml

__all__ = ["Places", "XmlBom", "line_at", "parse_bom"]

Json = dict[str, Any]
Places = int | tuple[int, dict[str, Any]] | tuple[int, list[Any]]
"""The line of a value, and for an object or list the places of what it holds, which are the same again."""

_NAMESPACE = "http://cyclonedx.org/schema/bom/"
_EXTENSIONS = frozenset({"http://cyclonedx.org/schema/ext/dependency-graph/1.0", "http://cyclonedx.org/schema/ext/bom-descriptor/1.0"})
"""What 1.0 and 1.1 kept outside: dependencies and metadata, under the names that later versions gave them."""


_JSON_NAMES = {"content-type": "contentType", "license-identifier": "licenseIdentifier"}


class _Shape:
    """What an element becomes: a text, an object of its attributes and children, or a list of its children."""

    __slots__ = ("attributes", "children", "content", "finish", "is_list")

    def __init__(
        self,
        *attributes: str,
        children: "dict[str, tuple[str | None, _Shape]] | None" = None,
        content: str | None = None,
        is_list: bool = False,
        finish: "Callable[[_Frame], None] | None" = None,
    ) -> None:
        self.attributes = tuple((name, _JSON_NAMES.get(name, name)) for name in attributes)
        self.children = children if children is not None else {}
        self.content = content
        self.is_list = is_list
        self.finish = finish


class _Frame:
    """An element that has begun and not ended."""

    __slots__ = ("key", "line", "places", "shape", "text", "value")

    def __init__(self, key: str | None, shape: _Shape, attributes: dict[str, str], line: int) -> None:
        self.key = key
        self.shape = shape
        self.line = line
        self.text: list[str] = []
        self.value: Any = [] if shape.is_list else {}
        self.places: Any = [] if shape.is_list else {}
        if attributes:
            for name, json_name in shape.attributes:
                if name in attributes:
                    self.put(json_name, attributes[name], line)

    def put(self, key: str, value: object, places: Places) -> None:
        self.value[key] = value
        self.places[key] = places


_TEXT = _Shape()
"""A text alone. Line breaks in it are layout, as in every normalizedString."""


def _object(*attributes: str, **children: _Shape) -> _Shape:
    """Children become keys of the same name; a hyphen is written as two underscores."""
    return _Shape(*attributes, children={name.replace("__", "-"): (name.replace("__", "-"), shape) for name, shape in children.items()})


def _list(**items: _Shape) -> _Shape:
    return _Shape(is_list=True, children={name.replace("__", "-"): (None, shape) for name, shape in items.items()})


def _refs(item: str) -> _Shape:
    """A list of elements with a `ref` each: a list of texts."""
    return _Shape(is_list=True, children={item: (None, _Shape("ref", finish=_only_ref))})


def _only_ref(frame: _Frame) -> None:
    frame.value = frame.value.get("ref")
    frame.places = None


def _wrapped(frame: _Frame) -> None:
    """A licence of XML stands in an object of its own in JSON."""
    frame.value, frame.places = {"license": frame.value}, {"license": (frame.line, frame.places)}


def _flow(frame: _Frame) -> None:
    """A data flow: the classification holds the direction, and both ends are lists of addresses."""
    told = frame.value.pop("classification", None)
    places = frame.places.pop("classification", None)
    if isinstance(told, dict):
        for key, value in told.items():
            frame.put(key, value, places[1].get(key, places[0]))


def _url_list(frame: _Frame) -> None:
    frame.value, frame.places = frame.value.get("url", []), [frame.line] * len(frame.value.get("url", []))


def _build() -> _Shape:
    """The shape of a BOM, version 1.7 with what earlier ones had. Components hold components, and services services."""
    attachment = _Shape("content-type", "encoding", content="content")
    properties = _list(property=_Shape("name", content="value"))
    organization = _object("bom-ref", name=_TEXT)
    authors = _list(author=organization)
    references = _list(reference=_object("type", url=_TEXT, comment=_TEXT))
    reference = _object("type", url=_TEXT, comment=_TEXT)
    either = _object(organization=organization, individual=organization)
    licensing = _object(
        licensor=either, licensee=either, purchaser=either, purchaseOrder=_TEXT, licenseTypes=_list(licenseType=_TEXT), lastRenewal=_TEXT,
        expiration=_TEXT,
    )  # fmt: skip
    license_ = _object(
        "acknowledgement", "bom-ref", id=_TEXT, name=_TEXT, text=attachment, url=_TEXT, licensing=licensing, properties=properties
    )
    license_.finish = _wrapped
    detail = _object("license-identifier", "bom-ref", text=attachment, url=_TEXT)
    detailed = _object("acknowledgement", "bom-ref", "expression", licensing=licensing)
    detailed.children["details"] = ("expressionDetails[]", detail)
    expression = _Shape("acknowledgement", "bom-ref", content="expression")
    licenses = _list(license=license_, expression=expression, expression__detailed=detailed)
    governance = _object(custodians=_list(custodian=either), stewards=_list(steward=either), owners=_list(owner=either))
    contents = _object(attachment=attachment, url=_TEXT, properties=properties)
    data = _object("bom-ref", type=_TEXT, name=_TEXT, contents=contents, classification=_TEXT, description=_TEXT, governance=governance)
    datasets = _list(dataset=data)
    datasets.children["ref"] = (None, _Shape(content="ref"))
    parameters = _object(approach=_object(type=_TEXT), task=_TEXT, architectureFamily=_TEXT, modelArchitecture=_TEXT, datasets=datasets)
    card = _object("bom-ref", modelParameters=parameters, properties=properties)
    identity = _object(field=_TEXT, confidence=_TEXT, concludedValue=_TEXT)
    occurrence = _object("bom-ref", location=_TEXT, line=_TEXT)
    evidence = _object(licenses=licenses, occurrences=_list(occurrence=occurrence), copyright=_list(text=_Shape(content="text")))
    evidence.children["identity"] = ("identity[]", identity)
    release_notes = _object(timestamp=_TEXT)

    component = _object(
        "type", "mime-type", "bom-ref", "isExternal", versionRange=_TEXT, supplier=organization, manufacturer=organization, authors=authors, author=_TEXT, publisher=_TEXT, group=_TEXT, name=_TEXT, version=_TEXT,
        description=_TEXT, scope=_TEXT, licenses=licenses, copyright=_TEXT, purl=_TEXT, externalReferences=references, properties=properties, evidence=evidence,
        releaseNotes=release_notes, modelCard=card,
    )  # fmt: skip
    component.children["data"] = ("data[]", data)
    components = _list(component=component)
    component.children["components"] = ("components", components)
    component.children["pedigree"] = ("pedigree", _object(ancestors=components, descendants=components, variants=components))
    dependencies = _dependencies()
    component.children["dependencies"] = ("dependencies", dependencies)

    ends = _Shape(children={"url": ("url[]", _TEXT)}, finish=_url_list)
    classification = _Shape("flow", content="classification")
    flow = _object("name", "description", classification=classification, governance=governance, source=ends, destination=ends)
    flow.finish = _flow
    service = _object(
        "bom-ref", provider=organization, group=_TEXT, name=_TEXT, version=_TEXT, description=_TEXT, endpoints=_list(endpoint=_TEXT), licenses=licenses,
        externalReferences=references, properties=properties, releaseNotes=release_notes, data=_list(dataflow=flow, classification=classification),
    )  # fmt: skip
    services = _list(service=service)
    service.children["services"] = ("services", services)

    resource = _object(ref=_TEXT, externalReference=reference)
    put = _object(resource=resource, source=resource, target=resource, type=_TEXT)
    run = _object(
        "bom-ref",
        uid=_TEXT,
        name=_TEXT,
        description=_TEXT,
        inputs=_list(input=put),
        outputs=_list(output=put),
        resourceReferences=_list(resourceReference=resource),
    )
    workflow = _object("bom-ref", tasks=_list(task=run))
    workflow.children.update(run.children)
    formula = _object("bom-ref", components=components, services=services, workflows=_list(workflow=workflow), properties=properties)
    composition = _object(
        "bom-ref", aggregate=_TEXT, assemblies=_refs("assembly"), dependencies=_refs("dependency"), vulnerabilities=_refs("vulnerability")
    )
    metadata = _object(
        component=component,
        supplier=organization,
        manufacturer=organization,
        manufacture=organization,
        authors=authors,
        properties=properties,
    )
    return _object(
        "serialNumber", "version", metadata=metadata, components=components, services=services, externalReferences=references, dependencies=dependencies,
        compositions=_list(composition=composition), formulation=_list(formula=formula), properties=properties,
    )  # fmt: skip


def _dependencies() -> _Shape:
    """`dependency` elements hold `dependency` elements, to any depth; JSON lists pairs."""
    dependency = _Shape("ref")
    dependency.children["dependency"] = ("dependency[]", dependency)
    return _Shape(is_list=True, children={"dependency": (None, dependency)}, finish=_flat)


def _flat(frame: _Frame) -> None:
    """One entry for each element that has a ref and holds others, or stands at the top; a pair that comes again counts once."""
    entries: dict[Any, tuple[Json, dict[str, Places], int, dict[Any, int]]] = {}
    values: list[Json] = []
    places: list[Places] = []
    pending = list(zip(frame.value, frame.places, [True] * len(frame.value), strict=True))[::-1]
    while pending:
        value, (line, inner), is_top = pending.pop()
        below, lines = value.get("dependency", ()), inner.get("dependency", (line, []))[1]
        pending.extend(zip(reversed(below), reversed(lines), [False] * len(below), strict=True))
        if not (is_top or below):
            continue
        ref = value.get("ref")
        if ref not in entries:
            entry: Json = {} if ref is None else {"ref": ref}
            entries[ref] = entry, {}, line, {}
            values.append(entry)
        ups = entries[ref][3]
        for one, (at, _) in zip(below, lines, strict=True):
            ups.setdefault(one.get("ref"), at)
    for entry, inner, line, ups in entries.values():
        if ups:
            entry["dependsOn"], inner["dependsOn"] = list(ups), (line, list(ups.values()))
        places.append((line, inner))
    frame.value, frame.places = values, places


_BOM = _build()


class XmlBom:
    """Builds the values of a BOM from the events of its XML."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._open: list[_Frame] = []
        self._passing = 0
        self._loose: list[tuple[Json, Places]] = []
        self.document: Json | None = None
        self.places: Places = 1

    def start(self, namespace: str, name: str, attributes: dict[str, str], line: int) -> None:
        """See XmlHandler. An element of a foreign namespace, or one that nobody reads, is passed over with all it holds."""
        if self._passing:
            self._passing += 1
        elif not self._open:
            if name == "bom" and namespace.startswith(_NAMESPACE):
                self._open.append(_Frame(None, _BOM, attributes, line))
                self._open[0].put("specVersion", namespace.removeprefix(_NAMESPACE), line)
            else:
                self._passing = 1
        else:
            known = self._open[-1].shape.children.get(name) if namespace.startswith(_NAMESPACE) or namespace in _EXTENSIONS else None
            if known is None:
                self._passing = 1
            else:
                self._open.append(_Frame(*known, attributes, line))

    def text(self, text: str) -> None:
        """See XmlHandler."""
        if not self._passing and self._open:
            self._open[-1].text.append(text)

    def end(self) -> None:
        """See XmlHandler."""
        if self._passing:
            self._passing -= 1
            return
        frame = self._open.pop()
        shape = frame.shape
        if shape is _TEXT:
            value: Any = " ".join("".join(frame.text).split())
            places: Places = frame.line
        else:
            if shape.content is not None:
                frame.put(shape.content, "".join(frame.text), frame.line)
            if shape.finish is not None:
                shape.finish(frame)
            value = frame.value
            places = frame.line if frame.places is None else (frame.line, frame.places)
        if self._open:
            self._hand_over(frame, value, places)
        else:
            self._finish(value, frame)

    def _hand_over(self, frame: _Frame, value: Any, places: Places) -> None:  # noqa: ANN401  # any JSON value
        above = self._open[-1]
        if frame.key is None:
            above.value.append(value)
            above.places.append(places)
        elif frame.key.endswith("[]"):
            key = frame.key[:-2]
            above.value.setdefault(key, []).append(value)
            above.places.setdefault(key, (frame.line, []))[1].append(places)
        elif frame.key == "dependencies" and "type" in above.value:
            # The extension lets a component hold its own dependencies.
            self._of_component(above, value, places)
        else:
            above.put(frame.key, value, places)

    def _of_component(self, component: _Frame, entries: list[Json], places: Any) -> None:  # noqa: ANN401  # Places of a list
        ref = component.value.get("bom-ref")
        if ref is not None:
            ups = [entry.get("ref") for entry in entries]
            lines = [line for line, _ in places[1]]
            place: Places = (component.line, {"dependsOn": (component.line, lines)})
            self._loose.append(({"ref": ref, "dependsOn": ups}, place))
            self._loose.extend(pair for pair in zip(entries, places[1], strict=True) if "dependsOn" in pair[0])

    def _finish(self, value: Json, frame: _Frame) -> None:
        if self._loose:
            listed, places = value.setdefault("dependencies", []), frame.places.setdefault("dependencies", (frame.line, []))[1]
            for entry, place in self._loose:
                listed.append(entry)
                places.append(place)
        self.document = {"bomFormat": "CycloneDX", **value}
        self.places = (frame.line, frame.places)


def parse_bom(source: Source) -> XmlBom:
    """The BOM of an XML file; its `document` is None if the root is no CycloneDX `bom`. Raises InputError with the line."""
    bom = XmlBom(source.path)
    parse_xml(source, bom)
    return bom


def line_at(places: Places, pointer: str) -> int:
    """The line of the value that a JSON pointer names, or of the nearest value that holds it."""
    for part in pointer.split("/")[1:]:
        if isinstance(places, int):
            return places
        line, held = places
        below = held.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(held, dict) else held[int(part)]
        if below is None:
            return line
        places = below
    return places if isinstance(places, int) else places[0]
