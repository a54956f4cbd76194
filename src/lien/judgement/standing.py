"""What each artifact stands under by itself: own(a) of DESIGN section 4, fixed before propagation."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lien.graph.supply import Artifact, Link, SupplyGraph
from lien.judgement.unread import CUSTOM, OPAQUE, UNKNOWN
from lien.resolvers.licenses import LicenseResolver, ResolvedClaim, Standing, Use
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.licenses import License, Scheme
from lien.vocabulary.relations import ReachClass, Relation

__all__ = ["OwnLicenses", "Standings", "publisher_of"]

_PACKAGE = Kind.PACKAGE  # looking a member up in its enum costs as much as a call

CountDenied = Callable[[License, Artifact], int]
"""How many terms of a licence the policy denies at an artifact, by that artifact's terms alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLicenses:
    """One artifact's licences on one day.

    `licenses` bind; `claims` is everything that was said, with its meaning; `compared` are claims that
    only describe somebody else's work (a mirror's tag, a BOM's entry where the maker's word is known).
    `chosen` names the branches of OR that the policy kept.
    """

    licenses: tuple[License, ...]
    claims: tuple[ResolvedClaim, ...]
    compared: tuple[ResolvedClaim, ...] = ()
    chosen: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def publisher_of(artifact: Artifact, product_publisher: str) -> str | None:
    """Who published an artifact: as told, the product's owner for what is made here, else the hub's namespace."""
    if artifact.publisher:
        return artifact.publisher.lower()
    if artifact.made_here or artifact.kind is Kind.PRODUCT:
        return product_publisher
    if artifact.kind is _PACKAGE:
        return None
    _, _, name = artifact.id.partition(":")
    if artifact.kind in (Kind.MODEL, Kind.DATASET) and name.count("/") == 1 and ":" not in name:
        return name.partition("/")[0]
    if artifact.kind is Kind.SERVICE:
        return name.partition("/")[0]
    return None


@dataclass(slots=True, kw_only=True)
class Standings:
    """own(a) for every artifact of a graph, found on demand and remembered."""

    graph: SupplyGraph
    resolver: LicenseResolver
    count_denied: CountDenied
    product_publisher: str
    agreed: frozenset[str] = frozenset()
    """Origins of the agreements in force: licences of which a branch may be taken that is not granted to everybody."""
    _upstream: dict[str, list[Link]] = field(init=False)
    _known: dict[tuple[str, dt.date | None], OwnLicenses] = field(init=False, default_factory=dict)
    _packages: dict[tuple[object, ...], OwnLicenses] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._upstream = self.graph.upstream

    def of(self, identifier: str, day: dt.date | None = None) -> OwnLicenses:
        """The licences of an artifact; `day` is when it was used, if a relation tells."""
        artifact = self.graph.artifacts[identifier]
        if _is_listed_package(artifact):
            return self._find_package(artifact, day)
        key = (identifier, day)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._judge(artifact, self._resolve(artifact, day))
        return known

    def licenses_of(self, identifier: str, day: dt.date | None = None) -> tuple[License, ...]:
        """The licences alone: of most packages they are known by what they claim, before their claims are resolved."""
        artifact = self.graph.artifacts[identifier]
        known = self._packages.get(_claimed(artifact, day)) if _is_listed_package(artifact) else None
        return (known or self.of(identifier, day)).licenses

    def is_dated(self, identifier: str) -> bool:
        """Would another day give other licences: has it, or what it passes on, versions by date?"""
        pending, visited = [identifier], {identifier}
        while pending:
            current = pending.pop()
            artifact = self.graph.artifacts[current]
            if artifact.claims and len({tuple(one.id for one in self.of(current, day).licenses) for day in (dt.date.min, dt.date.max)}) > 1:
                return True
            for link in self._upstream.get(current, ()):
                if link.type.reach is ReachClass.COPY and link.upstream not in visited:
                    visited.add(link.upstream)
                    pending.append(link.upstream)
        return False

    def _find_package(self, artifact: Artifact, day: dt.date | None) -> OwnLicenses:
        """Thousands of packages of a BOM say the same few things; only the evidence of their claims differs."""
        claims = self._resolve(artifact, day)
        key = _claimed(artifact, day)
        known = self._packages.get(key)
        if known is None:
            known = self._packages[key] = self._judge(artifact, claims)
        return OwnLicenses(licenses=known.licenses, claims=claims, compared=known.compared, chosen=known.chosen, unread=known.unread)

    def _resolve(self, artifact: Artifact, day: dt.date | None) -> tuple[ResolvedClaim, ...]:
        if not artifact.claims:
            return ()
        if day is not None:
            return self.resolver.resolve(artifact.claims, artifact.kind, day=day, day_is="when it was used")
        return self.resolver.resolve(artifact.claims, artifact.kind, day=artifact.released, day_is="its release")

    def _judge(self, artifact: Artifact, claims: tuple[ResolvedClaim, ...]) -> OwnLicenses:
        if artifact.kind is Kind.PRODUCT:
            return OwnLicenses(licenses=(), claims=claims)
        binding, compared = self._binding(artifact, claims)
        licenses: dict[str, License] = {}
        chosen: list[str] = []
        unread: list[str] = []
        for one in binding:
            uses = self._branch(one, artifact)
            if len(one.branches) > 1:
                chosen.append(f"{' AND '.join(use.name for use in uses)} (of {one.claim.text})")
            for use in uses:
                license_ = use.license if use.standing is Standing.ENCODED and use.license is not None else CUSTOM
                if license_ is CUSTOM:
                    unread.append(_unread_name(use))
                licenses[license_.id] = license_
        if not binding and not compared and self._needs_license(artifact):
            licenses[UNKNOWN.id] = UNKNOWN
        if self._is_opaque(artifact):
            licenses[OPAQUE.id] = OPAQUE
        return OwnLicenses(
            licenses=tuple(licenses[identifier] for identifier in sorted(licenses)),
            claims=claims,
            compared=compared,
            chosen=tuple(sorted(set(chosen))),
            unread=tuple(sorted(set(unread))),
        )

    def _binding(
        self, artifact: Artifact, claims: tuple[ResolvedClaim, ...]
    ) -> tuple[tuple[ResolvedClaim, ...], tuple[ResolvedClaim, ...]]:
        """Claims that bind, and claims that are only compared with what is known."""
        telling = tuple(one for one in claims if not one.is_nothing)
        if self._only_passes_on(artifact):
            return (), telling
        if artifact.kind is not Kind.PACKAGE and not artifact.made_here:
            # Of somebody else's model the maker's word, which the catalogue keeps, goes before a BOM's.
            makers = tuple(one for one in telling if one.claim.evidence.basis is Basis.CATALOGUED)
            if makers:
                return makers, tuple(one for one in telling if one not in makers)
        if artifact.kind is Kind.PACKAGE:
            trusted = tuple(_trusted(telling))
            return trusted, tuple(one for one in telling if one not in trusted)
        return telling, ()

    def _only_passes_on(self, artifact: Artifact) -> bool:
        """Is it a mirror, or a stranger's conversion or quantisation, of something whose licence is known?"""
        for link in self._upstream.get(artifact.id, ()):
            if link.type.is_mechanical:
                source = self.graph.artifacts[link.upstream]
                theirs, mine = publisher_of(source, self.product_publisher), publisher_of(artifact, self.product_publisher)
                if (link.type is Relation.MIRROR_OF or theirs is None or theirs != mine) and self._has_license(link.upstream):
                    return True
        return False

    def _has_license(self, identifier: str) -> bool:
        """Is a licence known for the artifact or for what it mechanically comes from?"""
        pending, visited = [identifier], {identifier}
        while pending:
            current = pending.pop()
            if any(not one.is_nothing for one in self._resolve(self.graph.artifacts[current], None)):
                return True
            for link in self._upstream.get(current, ()):
                if link.type.is_mechanical and link.upstream not in visited:
                    visited.add(link.upstream)
                    pending.append(link.upstream)
        return False

    def _branch(self, one: ResolvedClaim, artifact: Artifact) -> tuple[Use, ...]:
        """The branch of OR that the policy takes: granted to everybody, fewest denied terms, written order."""
        if len(one.branches) == 1:
            return one.branches[0]

        def rank(item: tuple[int, tuple[Use, ...]]) -> tuple[bool, bool, int, int]:
            position, uses = item
            # Nobody has read whether a text known by name grants anything, and its terms cannot be counted.
            open_to_all = [use for use in uses if use.standing is Standing.ENCODED]
            bought = len(open_to_all) < len(uses) and all(use in open_to_all or use.name.lower() in self.agreed for use in uses)
            denied = sum(self.count_denied(use.license, artifact) for use in open_to_all if use.license is not None)
            # Who holds an agreement on a branch that others must buy has it for that branch.
            return (not bought, len(open_to_all) < len(uses) and not bought, denied, position)

        return min(enumerate(one.branches), key=rank)[1]

    def _needs_license(self, artifact: Artifact) -> bool:
        """Would silence about it leave a user without a grant? A hosted model has its provider's terms."""
        links = self._upstream.get(artifact.id, ())
        if any(link.type.reach is ReachClass.COPY or (link.type.is_mechanical and self._has_license(link.upstream)) for link in links):
            return False
        return not (artifact.made_here or artifact.kind in (Kind.CODE, Kind.PRODUCT))

    def _is_opaque(self, artifact: Artifact) -> bool:
        """A model of which nothing tells what it was built from."""
        if artifact.kind is not Kind.MODEL:
            return False
        told = artifact.attributes.get("provenance")
        if told is not None:
            return told == "undisclosed"
        lineage = (ReachClass.COPY, ReachClass.DERIVE, ReachClass.ADAPT, ReachClass.TRAIN, ReachClass.DISTILL)
        return not any(link.type.reach in lineage for link in self._upstream.get(artifact.id, ()))


def _is_listed_package(artifact: Artifact) -> bool:
    return artifact.kind is _PACKAGE and not artifact.made_here


def _claimed(artifact: Artifact, day: dt.date | None) -> tuple[object, ...]:
    """What a package's licences hang on."""
    return (artifact.released, day, *[(claim.text, claim.scheme, claim.date, claim.custom) for claim in artifact.claims])


_TRUST = (Scheme.LIEN, Scheme.SPDX, Scheme.FREE_TEXT, Scheme.CLASSIFIER, Scheme.URL, Scheme.FILE)
"""Of what one package says of itself in several fields, the order of trust (core metadata 2.4, PEP 639)."""


def _trusted(claims: Iterable[ResolvedClaim]) -> Iterator[ResolvedClaim]:
    """Of each sayer's claims those in the most trusted field that names a licence lien knows; else in the first field."""
    by_sayer: dict[str, list[ResolvedClaim]] = {}
    for one in claims:
        by_sayer.setdefault(one.claim.said_by, []).append(one)
    for said in by_sayer.values():
        ranks = {_TRUST.index(one.claim.scheme) if one.claim.scheme in _TRUST else len(_TRUST) for one in said if _is_known(one)}
        ranks = ranks or {_TRUST.index(one.claim.scheme) if one.claim.scheme in _TRUST else len(_TRUST) for one in said}
        yield from (one for one in said if (_TRUST.index(one.claim.scheme) if one.claim.scheme in _TRUST else len(_TRUST)) == min(ranks))


def _unread_name(use: Use) -> str:
    """A licence whose clauses are not encoded, with what is known of it nevertheless."""
    known = f"one of {', '.join(use.candidates)}" if use.candidates else ", ".join(use.license.approvals) if use.license else ""
    return f"{use.name} ({known})" if known else use.name


def _is_known(one: ResolvedClaim) -> bool:
    return all(use.standing in (Standing.ENCODED, Standing.BY_NAME) for branch in one.branches for use in branch)


def restating(graph: SupplyGraph, identifiers: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """For each artifact, everything built from it by copy, derive or adapt: what may restate its licence."""
    downstream: dict[str, list[str]] = {}
    for link in graph.links:
        if link.type.reach in (ReachClass.COPY, ReachClass.DERIVE, ReachClass.ADAPT):
            downstream.setdefault(link.upstream, []).append(link.downstream)
    found = {}
    for identifier in identifiers:
        pending, visited = [identifier], {identifier}
        while pending:
            for below in downstream.get(pending.pop(), ()):
                if below not in visited:
                    visited.add(below)
                    pending.append(below)
        found[identifier] = frozenset(visited)
    return found
