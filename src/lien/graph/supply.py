"""The supply graph: sightings merged into artifacts and relations, with all their evidence.

Merging is by (path, position), never by arrival: the same fragments in any order give the same graph.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, Subject, UnresolvedReference
from lien.vocabulary.ids import kind_of, without_version
from lien.vocabulary.kinds import Basis, Kind, Scope
from lien.vocabulary.relations import ReachClass, Relation

__all__ = ["Artifact", "Link", "SupplyGraph", "evidence_order", "merge"]

_INFERRED, _PACKAGE = Basis.INFERRED, Kind.PACKAGE  # looking a member up in its enum costs as much as a call
_BASIS_RANK = {Basis.DECLARED: 0, Basis.CATALOGUED: 1, Basis.INFERRED: 2}


def evidence_order(evidence: Evidence) -> tuple[int, str, int, str, str, str, str]:
    """The order in which evidence is shown and merged: declared first, then by place."""
    return (
        _BASIS_RANK[evidence.basis],
        evidence.path or "",
        evidence.line or 0,
        evidence.pointer or "",
        evidence.source or "",
        evidence.as_written or "",
        evidence.reader,
    )


@dataclass(slots=True, kw_only=True)
class Artifact:
    """One thing of the supply chain. Built by `merge`, and not changed afterwards."""

    id: str
    kind: Kind
    name: str | None = None
    version: str | None = None
    publisher: str | None = None
    purl: str | None = None
    released: dt.date | None = None
    made_here: bool = False
    aliases: tuple[str, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[LicenseClaim, ...] = ()
    scope: Scope = Scope.USED


@dataclass(slots=True, kw_only=True)
class Link:
    """One relation, from a downstream artifact to its upstream. `scope`, and `sightings` to tell it, only for the product's own."""

    downstream: str
    type: Relation
    upstream: str
    evidence: tuple[Evidence, ...]
    sightings: tuple[tuple[Role, Evidence], ...] = ()
    scope: Scope | None = None
    date: dt.date | None = None
    note: str | None = None

    @property
    def is_inferred(self) -> bool:
        """Does only a heuristic say so?"""
        return self.evidence[0].basis is _INFERRED  # the last in the order of basis, so that all others are inferred, too


@dataclass(kw_only=True)
class SupplyGraph:
    """Artifacts by id, relations in the order of (downstream, type, upstream), and what stayed open."""

    artifacts: dict[str, Artifact]
    links: list[Link]
    subjects: tuple[Subject, ...] = ()
    unresolved: tuple[UnresolvedReference, ...] = ()
    unresolved_aside: tuple[UnresolvedReference, ...] = ()
    """Those of tests, documentation and examples; told apart with the scopes."""

    @cached_property
    def upstream(self) -> dict[str, list[Link]]:
        """Relations by their downstream artifact."""
        found: dict[str, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.downstream, []).append(link)
        return found


class _Names:
    """Which id stands for which: aliases of the catalogue, aliases that inputs state, lone versions."""

    def __init__(self, fragments: Iterable[Fragment], canonical: Callable[[str], str], is_known: Callable[[str], bool]) -> None:
        self._canonical = canonical
        self.known: dict[str, str] = {}
        """What was asked already; a merge of many relations looks here first, without a call."""
        stated: dict[str, str] = {}
        versions: dict[str, set[str]] = {}
        direct: dict[str, set[str]] = {}
        for fragment in fragments:
            if isinstance(fragment, ArtifactSeen):
                for alias in fragment.aliases:
                    # What the catalogue knows keeps its id; else the smallest wins, so that the order of inputs changes nothing.
                    other, kept = (fragment.id, canonical(alias)) if is_known(canonical(alias)) else (alias, fragment.id)
                    if other != kept:
                        stated[other] = min(kept, stated.get(other, kept))
                if fragment.kind is _PACKAGE:
                    bare = without_version(fragment.id)
                    if bare != fragment.id:
                        versions.setdefault(bare, set()).add(fragment.id)
            elif isinstance(fragment, RelationSeen) and fragment.downstream == PRODUCT:
                bare = without_version(fragment.upstream)
                if bare != fragment.upstream:
                    direct.setdefault(bare, set()).add(fragment.upstream)
        self._stated = stated
        # An unpinned mention is the one version that another input pins. Where locks pin several, it is the
        # one that the product itself asks for; if it asks for two, it is neither.
        self._pinned = {
            bare: next(iter(found))
            for bare, ids in versions.items()
            for found in (ids if len(ids) == 1 else direct.get(bare, ids),)
            if len(found) == 1
        }

    def of(self, identifier: str) -> str:
        known = self.known.get(identifier)
        if known is None:
            chain = [self._canonical(identifier)]
            while (stated := self._stated.get(chain[-1])) is not None:
                following = self._canonical(stated)
                if following in chain:
                    # Two inputs name each other: the smallest of them, whichever was asked for.
                    chain.append(min(chain[chain.index(following) :]))
                    break
                chain.append(following)
            known = self.known[identifier] = chain[-1]
            if known in self._pinned:
                known = self.known[identifier] = self.of(self._pinned[known])
        return known


def merge(
    fragments: Iterable[Fragment],
    canonical: Callable[[str], str] = lambda identifier: identifier,
    is_known: Callable[[str], bool] = lambda _: False,
) -> SupplyGraph:
    """One graph of all fragments; `canonical` maps aliases to the ids they stand for, `is_known` says which ids the catalogue has.

    An artifact that only a relation names is made from its id. A relation of a thing to itself is
    kept as evidence of the artifact alone: it moves nothing.
    """
    fragments = list(fragments)
    names = _Names(fragments, canonical, is_known)
    known = names.known
    seen: dict[str, list[ArtifactSeen]] = {}
    claims: dict[str, list[LicenseClaim]] = {}
    relations: _Relations = {}
    subjects: list[Subject] = []
    unresolved: list[UnresolvedReference] = []
    for fragment in fragments:
        match fragment:
            case ArtifactSeen():
                seen.setdefault(names.of(fragment.id), []).append(fragment)
            case RelationSeen():
                downstream, type_, upstream, _, _, _, _ = fragment
                key = (known.get(downstream) or names.of(downstream), type_, known.get(upstream) or names.of(upstream))
                sightings = relations.get(key)
                if sightings is None:
                    relations[key] = [fragment]
                else:
                    sightings.append(fragment)
            case LicenseClaim():
                claims.setdefault(names.of(fragment.artifact), []).append(fragment)
            case Subject():
                subjects.append(fragment._replace(artifact=names.of(fragment.artifact)))
            case UnresolvedReference():
                unresolved.append(fragment._replace(downstream=names.of(fragment.downstream)))
    _give_way(relations)
    mentioned = {end for down, _, up in relations for end in (down, up)} | claims.keys()
    artifacts = {
        identifier: _artifact(identifier, seen.get(identifier, []), claims.get(identifier, []))
        for identifier in sorted(seen.keys() | mentioned)
    }
    _show_mentions(artifacts, seen.keys(), relations)
    links = [_link(key, relations[key]) for key in _in_order(relations) if key[0] != key[2]]
    return SupplyGraph(
        artifacts=artifacts,
        links=links,
        subjects=tuple(sorted(set(subjects), key=lambda one: (one.artifact, evidence_order(one.evidence)))),
        unresolved=tuple(
            sorted(
                set(unresolved),
                key=lambda one: (evidence_order(one.evidence), one.downstream, one.what, one.reason, str(one.type), one.role),
            )
        ),
    )


_Relations = dict[tuple[str, Relation, str], list[RelationSeen]]
"""Sightings by (downstream, type, upstream)."""


def _in_order(relations: _Relations) -> Iterator[tuple[str, Relation, str]]:
    """The keys, sorted: by downstream first and then within each, which compares far less than sorting all at once."""
    by_downstream: dict[str, list[tuple[str, Relation, str]]] = {}
    for key in relations:
        by_downstream.setdefault(key[0], []).append(key)
    for downstream in sorted(by_downstream):
        yield from sorted(by_downstream[downstream])


def _show_mentions(artifacts: Mapping[str, Artifact], seen: AbstractSet[str], relations: _Relations) -> None:
    """Evidence that only relations give: of what nothing else names, and of a thing's relation to itself."""
    # In most BOMs there is none of either: sorting what is left costs nothing.
    for key in sorted(key for key in relations if key[0] == key[2] or key[0] not in seen or key[2] not in seen):
        down, _, up = key
        shown = [one.evidence for one in relations[key]]
        if down == up:
            artifacts[down].evidence = _evidence([*artifacts[down].evidence, *shown])
            continue
        for end in (down, up):
            if not artifacts[end].evidence:
                artifacts[end].evidence = _evidence(shown)


_GENERAL = {
    Relation.TRAINED_ON: (Relation.FINETUNED_ON, Relation.PRETRAINED_ON, Relation.PREFERENCE_TUNED_ON),
    Relation.DERIVED_FROM: tuple(one for one in Relation if one.reach is ReachClass.DERIVE and one is not Relation.DERIVED_FROM),
}


def _give_way(relations: _Relations) -> None:
    """Where one input says how and another only that (trained-on, derived-from), it is one relation, with both as evidence."""
    for down, type_, up in [key for key in relations if key[1] in _GENERAL]:
        special = next((one for one in _GENERAL[type_] if (down, one, up) in relations), None)
        if special is not None:
            general = relations.pop((down, type_, up))
            relations[down, special, up].extend(one._replace(type=special) for one in general)


def _evidence(items: Iterable[Evidence]) -> tuple[Evidence, ...]:
    unique = set(items)
    return tuple(unique) if len(unique) < 2 else tuple(sorted(unique, key=evidence_order))


def _artifact(identifier: str, seen: list[ArtifactSeen], claims: list[LicenseClaim]) -> Artifact:
    if not seen:
        artifact = Artifact(id=identifier, kind=kind_of(identifier))
    elif len(seen) == 1:
        one = seen[0]
        artifact = Artifact(
            id=identifier,
            kind=one.kind,
            name=one.name,
            version=one.version,
            publisher=one.publisher,
            purl=one.purl,
            released=one.released,
            made_here=one.made_here,
            aliases=tuple(sorted({*one.aliases, one.id} - {identifier})) if one.aliases or one.id != identifier else (),
            attributes=dict(one.attributes),
            evidence=(one.evidence,),
        )
    else:
        artifact = _merged(identifier, sorted(set(seen), key=lambda one: (evidence_order(one.evidence), one.id, str(one.name), repr(one))))
    unique = claims if len(claims) < 2 else set(claims)
    artifact.claims = (
        tuple(unique)
        if len(unique) < 2
        else tuple(sorted(unique, key=lambda one: (evidence_order(one.evidence), one.scheme, one.text, repr(one))))
    )
    return artifact


def _merged(identifier: str, ordered: list[ArtifactSeen]) -> Artifact:
    """The first sighting that says a thing says it; declared sightings come before catalogued ones.

    A publisher is the exception: the catalogue knows whose name is behind a hub's account.
    """
    attributes: dict[str, object] = {}
    for one in ordered:
        for key, value in one.attributes:
            attributes.setdefault(key, value)
    catalogued = [one for one in ordered if one.evidence.basis is Basis.CATALOGUED]
    aliases = {alias for one in ordered for alias in (*one.aliases, one.id)}
    return Artifact(
        id=identifier,
        kind=ordered[0].kind,
        name=next((one.name for one in ordered if one.name), None),
        version=next((one.version for one in ordered if one.version), None),
        publisher=next((one.publisher for one in (*catalogued, *ordered) if one.publisher), None),
        purl=next((one.purl for one in ordered if one.purl), None),
        released=next((one.released for one in ordered if one.released), None),
        made_here=any(one.made_here for one in ordered),
        aliases=tuple(sorted(aliases - {identifier})),
        attributes=attributes,
        evidence=_evidence(one.evidence for one in ordered),
    )


def _link(key: tuple[str, Relation, str], sightings: list[RelationSeen]) -> Link:
    down, type_, up = key
    if len(sightings) == 1:
        _, _, _, evidence, role, date, note = sightings[0]
        shown = ((role, evidence),) if down == PRODUCT else ()
        return Link(downstream=down, type=type_, upstream=up, evidence=(evidence,), sightings=shown, date=date, note=note)
    ordered = sorted(set(sightings), key=lambda one: (evidence_order(one.evidence), one.role, str(one.date), repr(one)))
    return Link(
        downstream=down,
        type=type_,
        upstream=up,
        evidence=_evidence(one.evidence for one in ordered),
        sightings=tuple((one.role, one.evidence) for one in ordered) if down == PRODUCT else (),
        date=next((one.date for one in ordered if one.date), None),
        note=next((one.note for one in ordered if one.note), None),
    )
