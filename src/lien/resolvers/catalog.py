"""Filling gaps from the knowledge: lineage and licences of artifacts that the inputs only name."""

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any

from lien.catalog.store import Catalog
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role
from lien.resolvers.conventions import by_convention, is_lineage
from lien.vocabulary.ids import kind_of, without_version
from lien.vocabulary.kinds import Basis
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["from_catalog"]

_READER = "catalog"


def from_catalog(
    catalog: Catalog,
    identifiers: Iterable[str],
    keep: Callable[[Fragment], bool] = lambda _: True,
    descended: Container[str] = frozenset(),
) -> Iterator[Fragment]:
    """What the knowledge says of the artifacts and of everything upstream of them, in the order of ids.

    Ids are canonical. What `keep` refuses is left out, and not followed. Facts carry basis `catalogued` (or `inferred` where an entry says so) and the
    source that the entry names. `descended` are models whose lineage an input tells: no name is asked about them.
    """
    pending = sorted(set(identifiers), reverse=True)
    visited = set(pending)
    while pending:
        identifier = pending.pop()
        entry = catalog.artifact(identifier) or catalog.artifact(without_version(identifier))
        if entry is None and not identifier.startswith(("service:", "model:")):
            continue  # as nearly all of the packages of a BOM are
        fragments = [one for one in (*_hosted(catalog, identifier), *_entry(identifier, entry)) if keep(one)]
        if identifier.startswith("model:") and identifier not in descended and not any(map(is_lineage, fragments)):
            guessed = list(by_convention(catalog, identifier))
            fragments.extend(guessed if all(map(keep, guessed)) else ())
        yield from fragments
        found = {catalog.canonical(one.upstream) for one in fragments if isinstance(one, RelationSeen)} - visited
        visited |= found
        pending.extend(sorted(found, reverse=True))


def _hosted(catalog: Catalog, identifier: str) -> Iterator[Fragment]:
    """A model hosted under a service is offered by that service: its id says so, unless it has terms of its own."""
    provider, slash, _ = identifier.partition("/")
    entry = catalog.artifact(identifier) if slash else None
    if slash and identifier.startswith("service:") and not (entry and entry["licenses"]):
        evidence = Evidence(reader=_READER, basis=Basis.CATALOGUED, source="the id of a hosted model names its service")
        yield RelationSeen(identifier, Relation.OFFERED_BY, provider, evidence)


def _entry(identifier: str, entry: dict[str, Any] | None) -> Iterator[Fragment]:
    if entry is None:
        return
    kind = kind_of(identifier)
    attributes = dict(entry.get("attributes", {}))
    attributes.update({key: entry[key] for key in ("family", "provenance", "publisher_kind") if key in entry})
    yield ArtifactSeen(
        identifier,
        kind,
        Evidence(reader=_READER, basis=Basis.CATALOGUED, source=entry["file"]),
        name=entry.get("name"),
        publisher=entry.get("publisher"),
        aliases=tuple(entry.get("aliases", ())),
        attributes=tuple(sorted((key, tuple(value) if isinstance(value, list) else value) for key, value in attributes.items())),
        released=_day(entry.get("released")),
    )
    for claim in entry["licenses"]:
        yield LicenseClaim(
            identifier,
            claim["claim"],
            Scheme(claim["scheme"]),
            _evidence(claim, as_written=claim["claim"]),
            said_by=claim["source"],
            part=claim.get("part"),
            date=_day(claim.get("date")),
        )
    for relation in entry["relations"]:
        yield RelationSeen(
            identifier,
            Relation(relation["type"]),
            relation["to"],
            _evidence(relation),
            role=Role.TRAINING,
            date=_day(relation.get("date")),
            note=relation.get("share") or relation.get("note"),
        )


def _evidence(fact: dict[str, Any], as_written: str | None = None) -> Evidence:
    return Evidence(
        reader=_READER,
        basis=Basis.INFERRED if fact.get("inferred") else Basis.CATALOGUED,
        source=fact["source"],
        as_written=as_written,
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
