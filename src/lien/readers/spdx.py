"""SPDX 2.2 and 2.3 as JSON and YAML (FORMATS section 4.2); what can be understood is read, what would be lost is an error."""

from collections.abc import Iterator
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import Fragment
from lien.readers._bom_values import in_batches, shown
from lien.readers._spdx2_document import Spdx2Document
from lien.readers._spdx2_json import Pointers, YamlPlaces, fill, is_document
from lien.readers._spdx2_links import Links
from lien.readers._spdx_files import beginning, calls_itself_spdx
from lien.sources.json_text import parse_json
from lien.sources.limits import MAX_BOM_BYTES, MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import parse_yaml

__all__ = ["SpdxReader", "SpdxYamlReader", "UnnamedSpdxReader"]

_MARKS = (b'"spdxVersion"', b'"SPDXID"', b'"spdxElementId"')
_SPDX3 = (b'"@context"', b'"@graph"')


class SpdxReader:
    """JSON."""

    name: str = "spdx-json"
    owed: bool = True
    max_bytes: int = MAX_BOM_BYTES

    def claims(self, path: str) -> bool:
        """`*.spdx.json`, and other .json files with "spdx" or "bom" in their path; `.spdx` may hold JSON, too."""
        return calls_itself_spdx(path, ".json", ".spdx")

    def accepts(self, head: bytes) -> bool:
        """An object that begins neither like CycloneDX nor like SPDX 3. Keys come in any order, so `read` decides."""
        head = beginning(head).lstrip()
        return head.startswith(b"{") and b'"bomFormat"' not in head and not any(mark in head for mark in _SPDX3)

    def read(self, source: Source) -> Iterator[Fragment]:
        """Artifacts, the subject, claims and relations; nothing, if the file is an object of another kind."""
        if not _may_be_spdx(source):
            return
        document = parse_json(source)
        if not isinstance(document, dict):
            raise InputError(f"is {shown(document)}, not an object; an SPDX document is one object with spdxVersion", path=source.path)
        if is_document(document):
            yield from in_batches(_fragments(document, source, self.name, Pointers()))

    def violations(self, source: Source) -> Iterator[InputError]:
        """Where the document breaks the official JSON schema of its version."""
        try:
            document = parse_json(source) if _may_be_spdx(source) else None
        except InputError:
            return
        if isinstance(document, dict) and is_document(document):
            from lien.readers._spdx_schema import spdx2_violations  # noqa: PLC0415  # only --strict needs it

            yield from spdx2_violations(document, source.path)


class SpdxYamlReader:
    """YAML, which has the shape of the JSON."""

    name: str = "spdx-yaml"
    owed: bool = True
    max_bytes: int = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """`*.spdx.yaml`, `*.spdx.yml`, and others with "spdx" or "bom" in their path."""
        return calls_itself_spdx(path, ".yaml", ".yml")

    def accepts(self, head: bytes) -> bool:
        """A mapping with one of SPDX's own keys near its beginning."""
        head = beginning(head)
        return b"SPDXID" in head or b"spdxVersion" in head or b"SPDX-2" in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """As of JSON, with lines."""
        document = parse_yaml(source.text, path=source.path)
        if isinstance(document.value, dict) and is_document(document.value):
            yield from _fragments(document.value, source, self.name, YamlPlaces(document))

    def violations(self, source: Source) -> Iterator[InputError]:
        """As of JSON, with lines."""
        try:
            document = parse_yaml(source.text, path=source.path)
        except InputError:
            return
        if isinstance(document.value, dict) and is_document(document.value):
            from lien.readers._spdx_schema import yaml_violations  # noqa: PLC0415  # only --strict needs it

            yield from yaml_violations(document, source.path)


class UnnamedSpdxReader(SpdxReader):
    """Any other JSON file: it is SPDX if it begins so, and then nobody promised that it is whole."""

    owed: bool = False

    def claims(self, path: str) -> bool:
        """Every .json file that no name tells."""
        return path.lower().endswith(".json") and not super().claims(path)

    def accepts(self, head: bytes) -> bool:
        """SPDX's own keys in the head."""
        return super().accepts(head) and any(mark in beginning(head) for mark in _MARKS)


def _may_be_spdx(source: Source) -> bool:
    """An object without any of SPDX's words is some other file with a telling name, and not parsed at all."""
    return source.path.lower().endswith((".spdx.json", ".spdx")) or any(mark in source.data for mark in _MARKS)


def _fragments(document: dict[str, Any], source: Source, reader: str, places: Pointers | YamlPlaces) -> Iterator[Fragment]:
    """What could be read of a document, and then the first complaint."""
    spdx = Spdx2Document(source.path, reader, places, places.root, Links(source))
    fill(document, spdx, places)
    yield from spdx.finish()
