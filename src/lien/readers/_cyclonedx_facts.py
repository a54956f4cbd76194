"""What a component says of itself that is no licence and no relation, kept as attributes.

The contract under which it was bought, that the environment provides it (1.7), where it was found, and what somebody
found in its files.
"""

from collections.abc import Iterator
from typing import Any

from lien.readers._bom_values import Json, text

__all__ = ["FACTS", "facts_of", "tells_a_contract"]

FACTS = frozenset({"copyright", "evidence", "isExternal", "versionRange"})
"""Keys of a component that are such facts, or hold them."""
_MAX_LISTED = 50
"""Occurrences and licences found in files: a scanner lists thousands."""


def facts_of(component: Json) -> tuple[tuple[str, object], ...]:
    """The attributes of a component, in the order of their names here."""
    return tuple(_facts(component)) if not FACTS.isdisjoint(component) or tells_a_contract(component.get("licenses")) else ()


def tells_a_contract(licenses: object) -> bool:
    """Does an entry of `licenses` say how it was acquired (`licensing`, 1.5 on)?"""
    for one in licenses if licenses.__class__ is list else ():
        if one.__class__ is dict:
            inner = one.get("license")
            if "licensing" in one or (inner.__class__ is dict and "licensing" in inner):
                return True
    return False


def _facts(component: Json) -> Iterator[tuple[str, object]]:
    evidence = _object(component.get("evidence"))
    notices = [text(component.get("copyright"))]
    notices += [text(one.get("text")) for one in _objects(evidence.get("copyright"))]
    yield from _listed("copyright", notices)
    yield from _listed("licensing", [_contract(one) for one in _objects(component.get("licenses"))])
    if component.get("isExternal") in {True, "true"}:
        yield "external", True
    version_range = text(component.get("versionRange"))
    if version_range is not None:
        yield "version_range", version_range
    yield from _listed("found_at", [_place(one) for one in _objects(evidence.get("occurrences"))])
    if component.get("licenses"):  # without licences of its own, those are its claims
        yield from _listed("licenses_in_files", [_named(one) for one in _objects(evidence.get("licenses"))])


def _listed(name: str, values: list[str | None]) -> Iterator[tuple[str, object]]:
    found = tuple(dict.fromkeys(one for one in values if one is not None))
    if found:
        yield name, (*found[:_MAX_LISTED], f"and {len(found) - _MAX_LISTED} more") if len(found) > _MAX_LISTED else found


def _contract(entry: Json) -> str | None:
    """`NAME: subscription; licensor Acme; until 2027-01-01`: the terms that were agreed upon stand in no licence text."""
    inner = _object(entry.get("license")) or entry
    told = _object(inner.get("licensing"))
    parts = [text(one) for one in _list(told.get("licenseTypes"))]
    for key in ("licensor", "licensee", "purchaser"):
        who = _object(told.get(key))
        name = text(_object(who.get("organization")).get("name")) or text(_object(who.get("individual")).get("name"))
        parts.append(f"{key} {name}" if name else None)
    for key, word in (("purchaseOrder", "order"), ("lastRenewal", "renewed"), ("expiration", "until")):
        value = text(told.get(key))
        parts.append(f"{word} {value}" if value else None)
    said = "; ".join(one for one in parts if one)
    return f"{_named(entry) or 'a licence'}: {said}" if said else None


def _named(entry: Json) -> str | None:
    inner = _object(entry.get("license")) or entry
    return text(inner.get("id")) or text(inner.get("expression")) or text(inner.get("name"))


def _place(occurrence: Json) -> str | None:
    """A file of wherever the component was found, which need not be this tree, and the line in it."""
    location, line = text(occurrence.get("location")), occurrence.get("line")
    return f"{location}:{line}" if location and isinstance(line, int | str) and str(line).strip() else location


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> Iterator[Json]:
    return (one for one in _list(value) if isinstance(one, dict))
