"""The supply graph: sightings merged into artifacts and relations, with all their evidence.

Merging is by (path, position), never by arrival: the same fragments in any order give the same graph.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from lien.graph.fragments import (
    PRODUCT,
    ArtifactSeen,
    DependenciesSeen,
    Evidence,
    Fragment,
    LicenseClaim,
    RelationSeen,
    Role,
    Subject,
    UnresolvedReference,
)
from lien.vocabulary.ids import kind_of, without_version
from lien.vocabulary.kinds import Basis, Kind, Scope
from lien.vocabulary.relations import ReachClass, Relation

__all__ = ["Artifact", "Link", "Stated", "SupplyGraph", "evidence_order", "merge"]

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


class Stated(NamedTuple):
    """What inputs say of one relation; `sightings`, which tell its scope, only of the product's own."""

    evidence: tuple[Evidence, ...]
    sightings: tuple[tuple[Role, Evidence], ...] = ()
    date: dt.date | None = None
    note: str | None = None


@dataclass(slots=True)
class Link:
    """One relation, from a downstream artifact to its upstream; `scope` only for the product's own.

    `said` is what inputs say of it. Where that is no more than an item of one list, it is the list, and `item` the
    place in it: evidence is then made when it is asked for.
    """

    downstream: str
    type: Relation
    upstream: str
    said: Stated | DependenciesSeen
    item: int = 0
    scope: Scope | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Where it was seen, in the order of evidence; never empty."""
        said = self.said
        return said.evidence if isinstance(said, Stated) else (said.evidence(self.item),)

    @property
    def sightings(self) -> tuple[tuple[Role, Evidence], ...]:
        """In which role each input has it, if it is the product's own."""
        said = self.said
        return said.sightings if isinstance(said, Stated) else ()

    @property
    def date(self) -> dt.date | None:
        """When it came to be, if an input tells."""
        said = self.said
        return said.date if isinstance(said, Stated) else None

    @property
    def note(self) -> str | None:
        """What an input adds in words."""
        said = self.said
        return said.note if isinstance(said, Stated) else None

    @property
    def is_inferred(self) -> bool:
        """Does only a heuristic say so?"""
        said = self.said
        # The first is the strongest in the order of basis: of all, or of those that tell the product's scope. A list is declared.
        return isinstance(said, Stated) and said.evidence[0].basis is _INFERRED


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
        return {downstream: list(links) for downstream, links in groupby(self.links, attrgetter("downstream"))}


class _Names:
    """Which id stands for which: aliases of the catalogue, aliases that inputs state, lone versions."""

    def __init__(self, fragments: Iterable[Fragment], canonical: Callable[[str], str], is_known: Callable[[str], bool]) -> None:
        self._canonical = canonical
        self.known: dict[str, str] = {}
        """What was asked already; a merge of many relations looks here first, without a call."""
        stated: dict[str, str] = {}
        versions: dict[str, str | None] = {}
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
                    if bare != fragment.id and versions.setdefault(bare, fragment.id) != fragment.id:
                        versions[bare] = None  # several
            elif isinstance(fragment, RelationSeen) and fragment.downstream == PRODUCT:
                bare = without_version(fragment.upstream)
                if bare != fragment.upstream:
                    direct.setdefault(bare, set()).add(fragment.upstream)
        self._stated = stated
        # An unpinned mention is the one version that another input pins. Where locks pin several, it is the
        # one that the product itself asks for; if it asks for two, it is neither.
        self._pinned = {bare: one for bare, one in versions.items() if one is not None}
        self._pinned.update((bare, next(iter(ids))) for bare, ids in direct.items() if len(ids) == 1 and versions.get(bare, "") is None)

    def of(self, identifier: str) -> str:
        known = self.known.get(identifier)
        if known is None:
            first = self._canonical(identifier)
            if first not in self._stated and first not in self._pinned:  # as nearly all are
                self.known[identifier] = first
                return first
            chain = [first]
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
    lists: Iterable[DependenciesSeen] = (),
) -> SupplyGraph:
    """One graph of all fragments; `canonical` maps aliases to the ids they stand for, `is_known` says which ids the catalogue has.

    `lists` are further relations. An artifact that only a relation names is made from its id. A relation of a thing to
    itself is kept as evidence of the artifact alone: it moves nothing.
    """
    fragments = list(fragments)
    names = _Names(fragments, canonical, is_known)
    known = names.known
    seen: dict[str, list[ArtifactSeen]] = {}
    claims: dict[str, list[LicenseClaim]] = {}
    relations: _Relations = {}
    subjects: list[Subject] = []
    unresolved: list[UnresolvedReference] = []

    def add(fragment: RelationSeen) -> None:
        downstream, type_, upstream, _, _, _, _ = fragment
        downstream = known.get(downstream) or names.of(downstream)
        key = (type_, known.get(upstream) or names.of(upstream))
        relations.setdefault(downstream, {}).setdefault(key, []).append(fragment)

    for fragment in fragments:
        match fragment:
            case ArtifactSeen():
                seen.setdefault(names.of(fragment.id), []).append(fragment)
            case RelationSeen():
                add(fragment)
            case LicenseClaim():
                claims.setdefault(names.of(fragment.artifact), []).append(fragment)
            case Subject():
                subjects.append(fragment._replace(artifact=names.of(fragment.artifact)))
            case UnresolvedReference():
                unresolved.append(fragment._replace(downstream=names.of(fragment.downstream)))
    whole, single = _whole_lists(lists, names, relations.keys(), seen.keys())
    for fragment in single:
        add(fragment)
    _give_way(relations)
    mentioned = relations.keys() | {up for ups in relations.values() for _, up in ups} | claims.keys()
    artifacts = {
        identifier: _artifact(identifier, seen.get(identifier, []), claims.get(identifier, []))
        for identifier in sorted(seen.keys() | mentioned)
    }
    _show_mentions(artifacts, seen.keys(), relations)
    return SupplyGraph(
        artifacts=artifacts,
        links=list(_links(relations, whole)),
        subjects=tuple(sorted(set(subjects), key=lambda one: (one.artifact, evidence_order(one.evidence)))),
        unresolved=tuple(
            sorted(
                set(unresolved),
                key=lambda one: (evidence_order(one.evidence), one.downstream, one.what, one.reason, str(one.type), one.role),
            )
        ),
    )


_Relations = dict[str, dict[tuple[Relation, str], list[RelationSeen]]]
"""Sightings by downstream, and then by (type, upstream)."""

_Whole = dict[str, tuple[DependenciesSeen, list[str]]]
"""By downstream its only list, and the upstream of each of its items."""


def _whole_lists(
    lists: Iterable[DependenciesSeen], names: _Names, others: AbstractSet[str], seen: AbstractSet[str]
) -> tuple[_Whole, list[RelationSeen]]:
    """The lists that are all that is said of their downstream's relations, by it; and what the other lists say, one by one.

    A list is taken apart if something else tells of its downstream, and if it names the same thing twice, its
    downstream itself, or something of which nothing else is known.
    """
    known = names.known
    whole: _Whole = {}
    single: list[RelationSeen] = []
    apart: set[str] = set()
    for one in lists:
        downstream = known.get(one.downstream) or names.of(one.downstream)
        upstreams = [known.get(up) or names.of(up) for up in one.upstreams]
        ends = {downstream, *upstreams}
        before = whole.pop(downstream, None)
        if before is not None or downstream in apart or downstream in others or len(ends) <= len(upstreams) or not ends <= seen:
            apart.add(downstream)
            for other in (one,) if before is None else (before[0], one):
                single.extend(map(other.relation, range(len(other.upstreams))))
        else:
            whole[downstream] = one, upstreams
    return whole, single


def _links(relations: _Relations, whole: _Whole) -> Iterator[Link]:
    """All relations but those of things to themselves, in the order of (downstream, type, upstream)."""
    for downstream in sorted([*relations, *whole]):
        listed = whole.get(downstream)
        if listed is not None:
            said, upstreams = listed
            for item in sorted(range(len(upstreams)), key=upstreams.__getitem__):
                yield Link(downstream, said.type, upstreams[item], said, item)
            continue
        sightings = relations[downstream]
        for type_, upstream in sorted(sightings):
            if upstream != downstream:
                yield Link(downstream, type_, upstream, _stated(sightings[type_, upstream], of_product=downstream == PRODUCT))


def _show_mentions(artifacts: Mapping[str, Artifact], seen: AbstractSet[str], relations: _Relations) -> None:
    """Evidence that only relations give: of what nothing else names, and of a thing's relation to itself."""
    # In most BOMs there is none of either: sorting what is left costs nothing.
    for down, type_, up in sorted(
        (down, *key) for down, ups in relations.items() for key in ups if key[1] == down or down not in seen or key[1] not in seen
    ):
        shown = [one.evidence for one in relations[down][type_, up]]
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
    for ups in relations.values():
        for type_, up in [key for key in ups if key[0] in _GENERAL]:
            special = next((one for one in _GENERAL[type_] if (one, up) in ups), None)
            if special is not None:
                general = ups.pop((type_, up))
                ups[special, up].extend(one._replace(type=special) for one in general)


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


def _stated(sightings: list[RelationSeen], *, of_product: bool) -> Stated:
    if len(sightings) == 1:
        _, _, _, evidence, role, date, note = sightings[0]
        return Stated((evidence,), ((role, evidence),) if of_product else (), date, note)
    ordered = sorted(set(sightings), key=lambda one: (evidence_order(one.evidence), one.role, str(one.date), repr(one)))
    return Stated(
        evidence=_evidence(one.evidence for one in ordered),
        sightings=tuple((one.role, one.evidence) for one in ordered) if of_product else (),
        date=next((one.date for one in ordered if one.date), None),
        note=next((one.note for one in ordered if one.note), None),
    )
