"""`compositions`: what a BOM itself says it lists incompletely, which nobody can take for the whole."""

from lien.graph.fragments import Evidence
from lien.readers._bom_values import list_at, object_at, shown, text
from lien.readers._cyclonedx_name import NAME
from lien.readers._cyclonedx_relations import PRODUCT_PARTY, Relations

__all__ = ["note_incomplete"]

_OPEN = {
    "unknown": "may be listed incompletely",
    "incomplete": "is listed incompletely",
    **{
        f"incomplete_{party}_party{licence}_only": f"is listed incompletely as to {parts} of {party} parties"
        for party in ("first", "third")
        for licence, parts in (("", "parts"), ("_proprietary", "proprietary parts"), ("_opensource", "open-source parts"))
    },
}
"""Aggregates that leave something open (CycloneDX 1.7, `aggregateType`); `not_specified` says nothing, like no composition."""


def note_incomplete(compositions: object, relations: Relations, path: str) -> None:
    """Leave open what the BOM does: the parts of `assemblies`, what `dependencies` depend on, or the whole, if neither is named."""
    for index, value in enumerate(list_at(compositions, path, "/compositions", "compositions")):
        pointer = f"/compositions/{index}"
        composition = object_at(value, path, pointer, '{"aggregate": …}')
        aggregate = text(composition.get("aggregate"))
        reason = _OPEN.get(aggregate or "")
        if reason is None:
            continue
        named = [
            (ref, f"what {shown(ref)} {verb}", f"{pointer}/{key}/{at}")
            for key, verb in (("assemblies", "consists of"), ("dependencies", "depends on"))
            for at, ref in enumerate(list_at(composition.get(key), path, f"{pointer}/{key}", "bom-refs"))
            if isinstance(ref, str)
        ]
        if not named and not composition.get("vulnerabilities"):
            named = [("", "what the BOM holds", f"{pointer}/aggregate")]
        for ref, what, place in named:
            party = relations.known(ref) or relations.subject or PRODUCT_PARTY
            relations.unresolved(party.id, what, f"{reason}, as the BOM says itself", Evidence(path, None, place, aggregate, NAME))
