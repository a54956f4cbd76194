"""CycloneDX JSON 1.2 to 1.7, read straight from the parsed document (FORMATS section 3).

The object model of cyclonedx-python-lib drops model cards and costs 122 times the JSON. Nothing is
checked against the schema here: what can be understood is read, and what would be lost is an error.
"""

import logging
from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import DependenciesSeen, Fragment
from lien.readers._bom_values import gathered, shown
from lien.readers._cyclonedx_components import read_bom
from lien.readers._cyclonedx_name import NAME
from lien.sources.json_text import parse_json
from lien.sources.limits import MAX_BOM_BYTES
from lien.sources.source import Source

__all__ = ["CycloneDxReader"]

_logger = logging.getLogger(__name__)

_WORDS_IN_PATH = ("bom", "cyclonedx", "cdx")
_KNOWN_VERSIONS = frozenset({"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"})
_MARKS = (b"bomFormat", b"specVersion", b"yclone")
_SPDX_MARKS = (b'"spdxVersion"', b'"SPDXID"', b"spdx.org/rdf")
_CONTENTS = ("components", "services", "dependencies", "metadata")


class CycloneDxReader:
    """Software, machine-learning and service BOMs; see `read_bom` for what is taken from them."""

    name: str = NAME
    owed: bool = True
    max_bytes: int = MAX_BOM_BYTES

    def claims(self, path: str) -> bool:
        """A .json file with "bom", "cyclonedx" or "cdx" anywhere in its path, unless it calls itself SPDX."""
        path = path.lower()
        return path.endswith(".json") and not path.endswith((".spdx.json", ".spdx3.json")) and any(word in path for word in _WORDS_IN_PATH)

    def accepts(self, head: bytes) -> bool:
        """An object that does not begin like SPDX.

        The keys of an object come in any order, so `bomFormat` may stand behind 100 MB of components:
        a head without it proves nothing, and `read` decides.
        """
        if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            return False
        return b'"bomFormat"' in head or not any(mark in head for mark in _SPDX_MARKS)

    def read(self, source: Source) -> Iterator[Fragment]:
        """Artifacts, claims, relations and the subject. Nothing, if the file is an object of another kind."""
        return gathered(lambda found: _read(source, found))

    def read_lists(self, source: Source, lists: list[DependenciesSeen]) -> Iterator[Fragment]:
        """As `read`; each `dependsOn` whose items are all packages that the BOM lists goes into `lists`."""
        return gathered(lambda found: _read(source, found, lists))

    def violations(self, source: Source) -> Iterator[InputError]:
        """Where the BOM breaks the official JSON schema of its version, format checks on."""
        if not _may_be_bom(source.data):
            return
        try:
            document = parse_json(source)
        except InputError:
            return
        if isinstance(document, dict) and ("bomFormat" in document or _is_unmarked_bom(document)):
            from lien.readers._cyclonedx_schema import json_violations  # noqa: PLC0415  # only --strict needs it

            yield from json_violations(document, source.path)


def _read(source: Source, found: list[Fragment], lists: list[DependenciesSeen] | None = None) -> None:
    if not _may_be_bom(source.data):
        return
    document = parse_json(source)
    if not isinstance(document, dict):
        raise InputError(f"is {shown(document)}, not an object; a CycloneDX BOM is one object with bomFormat", path=source.path)
    if _is_bom(document, source.path):
        read_bom(document, source, found, lists)


def _may_be_bom(data: bytes) -> bool:
    """An object without any of CycloneDX's words is some other file in a folder named bom, and not parsed at all."""
    if not data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return True
    return any(mark in data for mark in _MARKS)


def _is_bom(document: dict[str, object], path: str) -> bool:
    """Is this object a CycloneDX BOM? Raises InputError if it looks like one but does not say so.

    `bomFormat` is CycloneDX's own word: with another value the file is a BOM gone wrong. `components`
    stands in many formats and `specVersion` in some, but only a CycloneDX BOM without its `bomFormat`
    has `specVersion` beside contents of a BOM. Every other object is somebody else's file.
    """
    if "bomFormat" in document:
        stated = document["bomFormat"]
        if isinstance(stated, str) and stated.strip().casefold() == "cyclonedx":
            if str(document.get("specVersion")) not in _KNOWN_VERSIONS:
                _logger.debug("%s: specVersion %s is not one that lien knows; read all the same", path, shown(document.get("specVersion")))
            return True
        raise InputError(
            f'is {shown(stated)}; write "CycloneDX", or rename the file if it is no CycloneDX BOM', path=path, pointer="/bomFormat"
        )
    if _is_unmarked_bom(document):
        key = next(key for key in _CONTENTS if key in document)
        raise InputError(f'has specVersion and {key} but no bomFormat; write "bomFormat": "CycloneDX"', path=path)
    return False


def _is_unmarked_bom(document: dict[str, object]) -> bool:
    return "specVersion" in document and "bomFormat" not in document and any(key in document for key in _CONTENTS)
