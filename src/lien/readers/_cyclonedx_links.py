"""BOM-Links, `urn:cdx:SERIAL/VERSION#REF` (CycloneDX 1.4 on): components of other BOMs, looked up in the audited tree.

Only files that call themselves BOMs are opened, a limited number of them, and only when a link asks.
"""

import re
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from lien.errors import InputError
from lien.readers._bom_ids import identify
from lien.readers._bom_values import Json, text
from lien.readers._cyclonedx_relations import PRODUCT_PARTY, Party, Relations
from lien.sources.json_text import parse_json
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.ids import kind_of
from lien.vocabulary.kinds import Kind

__all__ = ["BomLinks", "split_link"]

_LINK = re.compile(r"urn:cdx:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/\d+)?(?:#(.*))?", re.IGNORECASE)
_SERIAL = re.compile(rb"""serialNumber["']?\s{0,9}[:=]\s{0,9}["']urn:uuid:([0-9a-fA-F-]{36})["']""")
_WORDS_IN_PATH = ("bom", "cyclonedx", "cdx")
_MAX_BOMS = 100


def split_link(ref: str) -> tuple[str, str] | None:
    """Serial number and bom-ref (empty for the BOM as a whole) of a BOM-Link; None for any other reference.

    >>> split_link("urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#pkg%3Apypi/x")
    ('f08a6ccd-4dce-4759-bd84-c626675d60a7', 'pkg:pypi/x')
    """
    match = _LINK.fullmatch(ref)
    return (match[1].lower(), unquote(match[2] or "")) if match else None


class BomLinks:
    """Where the links of one BOM lead: into itself, by its own serial number, or into the others of its tree."""

    def __init__(self, bom: Json, source: Source, relations: Relations) -> None:
        self._own = (text(bom.get("serialNumber")) or "").lower().removeprefix("urn:uuid:")
        self._relations = relations
        self._tree = source.tree
        self._path = source.path
        self._read: dict[str, dict[str, Party]] = {}

    def follow(self, link: str) -> Party | None:
        """The party that a link names; None if its BOM is not in the tree, or cannot be read, or has no such bom-ref."""
        parts = split_link(link)
        if parts is None:
            return None
        serial, ref = parts
        if serial == self._own:
            return self._relations.named(ref) if ref else self._relations.subject or PRODUCT_PARTY
        if serial not in self._read:
            path = self._paths.get(serial)
            self._read[serial] = {} if path is None else _parties(self._document(path))
        return self._read[serial].get(ref)

    @cached_property
    def _paths(self) -> dict[str, str]:
        found: dict[str, str] = {}
        named = (path for path in self._tree.walk() if path.lower().endswith((".json", ".xml")) and path != self._path)
        boms = [path for path in named if any(word in path.lower() for word in _WORDS_IN_PATH)]
        for path in boms[:_MAX_BOMS]:
            try:
                match = _SERIAL.search(self._tree.read(path, limit=MAX_FILE_BYTES).data)
            except InputError:
                continue  # of which its own reader complains
            if match is not None:
                found.setdefault(match[1].decode().lower(), path)
        return found

    def _document(self, path: str) -> object:
        source = self._tree.read(path, limit=MAX_FILE_BYTES)
        try:
            if path.lower().endswith(".xml"):
                from lien.readers._cyclonedx_xml import parse_bom  # noqa: PLC0415  # few links lead to XML

                return parse_bom(source).document
            return parse_json(source)
        except InputError:
            return None


def _parties(document: object) -> dict[str, Party]:
    """Components by bom-ref, at any depth, as their own BOM identifies them; the BOM's subject also by the empty name."""
    if not isinstance(document, dict):
        return {}
    found: dict[str, Party] = {}
    metadata = document.get("metadata")
    subject = metadata.get("component") if isinstance(metadata, dict) else None
    if isinstance(subject, dict):
        identity = _identity(subject)
        party = Party(identity, kind_of(identity)) if identity and kind_of(identity) in (Kind.MODEL, Kind.DATASET) else PRODUCT_PARTY
        found[""] = party
        if isinstance(subject.get("bom-ref"), str):
            found[subject["bom-ref"]] = party
    pending = [_listed(document.get("components")), _listed(subject.get("components")) if isinstance(subject, dict) else []]
    while pending:
        for component in pending.pop():
            if isinstance(component, dict):
                identity = _identity(component)
                if identity is not None and isinstance(component.get("bom-ref"), str):
                    found.setdefault(component["bom-ref"], Party(identity, kind_of(identity)))
                pending.append(_listed(component.get("components")))
    return found


def _identity(component: Json) -> str | None:
    name, type_ = component.get("name"), component.get("type")
    if not isinstance(name, str) or not isinstance(type_, str):
        return None
    identity = identify(component, text(name), type_)
    return None if identity is None else identity[0]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
