"""`drift`: a part declares what it does not have, or two statements about a part disagree."""

from collections.abc import Iterable, Iterator

from lien.graph.fragments import LICENSE_FILES, PRODUCT, SPDX_HEADERS
from lien.graph.supply import Artifact
from lien.judgement.case import Case
from lien.judgement.findings import Finding, Origin, RuleName, Verdict, finding_id
from lien.judgement.inheritance import Arrival, Node
from lien.judgement.masks import RANK, TermBit
from lien.judgement.phrases import says
from lien.judgement.rules._common import text_source
from lien.judgement.unread import STAND_INS
from lien.policy.values import Action
from lien.resolvers.licenses import ResolvedClaim, Standing
from lien.vocabulary.forms import Content, How
from lien.vocabulary.kinds import Basis, Kind, Scope
from lien.vocabulary.licenses import License, Nature, Scheme, Term
from lien.vocabulary.relations import ReachClass
from lien.vocabulary.words import WordKind

__all__ = ["find"]

_CARRIED_DUTIES = frozenset({"pass-on-terms"})
_FIELDS = {Scheme.SPDX: "expression", Scheme.FREE_TEXT: "free text", Scheme.FILE: "licence file"}
_ORDER = (
    "non-commercial",
    "research-only",
    "non-production",
    "no-derivatives",
    "no-redistribution",
    "copyleft",
    "no-output-training",
    "acceptable-use",
)


def find(case: Case) -> Iterator[Finding]:
    """Drift of every model and dataset upstream, and of what is made here; and of what the product says of itself.

    Of a package it is told where the fields of its metadata disagree.
    A product's licence speaks of its own code: an Apache application that ships a non-commercial model
    is an aggregate, not drift.
    """
    yield from _statements(case, case.graph.artifacts[PRODUCT])
    for artifact in case.parts:
        yield from _against_upstream(case, artifact)
        yield from _statements(case, artifact)
    for artifact in case.graph.artifacts.values():
        # Most packages of a large BOM say one thing once.
        if artifact.kind is Kind.PACKAGE and len(artifact.claims) > 1 and not artifact.made_here:
            yield from _statements(case, artifact)


def _against_upstream(case: Case, artifact: Artifact) -> Iterator[Finding]:
    node = Node(artifact.id)
    if node not in case.full.number:
        return
    declared = list(_declared(case, artifact))
    if not declared:
        return
    granted = {_kind_of_limit(term) for _, license_ in declared for term in license_.terms}
    declared_ids = {license_.id for _, license_ in declared}
    families = {license_.family for _, license_ in declared} - {None}
    missing: dict[tuple[str, str], list[tuple[TermBit, Arrival]]] = {}
    passed_over = declared_ids | STAND_INS
    for bit, arrivals in case.bound_terms(node, case.full, only=lambda bit: bit.license.id not in passed_over and _weighs(bit)):
        # Another version of the same text is another text, even where it says the same.
        if _kind_of_limit(bit.term) in granted and bit.license.family not in families:
            continue
        for arrival in arrivals:
            holds = arrival.form.how is How.HOLDS and artifact.kind is Kind.DATASET
            if bit.term.nature is Nature.CONTRACT and arrival.form.content is not Content.WORK:
                continue  # what somebody promised a service says nothing of the licence of what it wrote
            if (arrival.form.how is How.IS or holds) and arrival.rank != RANK.no:
                missing.setdefault((bit.license.id, arrival.origin.id), []).append((bit, arrival))
    for (_, origin), terms in sorted(missing.items()):
        yield _finding(case, artifact, declared, origin, terms)


def _kind_of_limit(term: Term) -> tuple[str, object]:
    """A word, and for copyleft how far it goes: the library's copyleft does not grant the network's."""
    return term.word, term.params.get("strength")


def _weighs(bit: TermBit) -> bool:
    if bit.term.word in ("other-limit", "no-sublicense"):
        return False
    return bit.term.kind is WordKind.LIMIT or bit.term.word in _CARRIED_DUTIES


def _declared(case: Case, artifact: Artifact) -> Iterator[tuple[ResolvedClaim, License]]:
    """Read licences that somebody declares for the part, bound by them or not."""
    for one in case.standings.of(artifact.id).claims:
        for branch in one.branches:
            for use in branch:
                if use.standing is Standing.ENCODED and use.license is not None:
                    yield one, use.license


def _finding(
    case: Case, artifact: Artifact, declared: list[tuple[ResolvedClaim, License]], origin: str, terms: list[tuple[TermBit, Arrival]]
) -> Finding:
    terms.sort(
        key=lambda item: (item[1].level, _ORDER.index(item[0].term.word) if item[0].term.word in _ORDER else len(_ORDER), item[0].term.key)
    )
    bit, arrival = terms[0]
    words = list(dict.fromkeys(one.term.word for one, _ in terms))
    license_ = bit.license
    claims = [one.claim for one, _ in declared]
    names = ", ".join(sorted({one.id for _, one in declared}))
    sure = case.is_sure(arrival)
    judged = case.judge(RuleName.DRIFT, bit.term.word, dict(bit.term.params), artifact.id, [origin, license_.id], Scope.USED, sure=sure)
    waived = judged.severity is Action.ALLOW
    stated = tuple(claim.evidence for claim in claims if claim.evidence.path is not None)
    return Finding(
        id=finding_id(RuleName.DRIFT, license_.id, "drift", origin, artifact.id),
        rule=RuleName.DRIFT,
        term=bit.term.word,
        term_key="drift",
        params={"declared": sorted({one.id for _, one in declared}), "missing": words},
        origins=(Origin(license_.id, origin),),
        artifact=artifact.id,
        form=arrival.form,
        route=arrival.route,
        scope=artifact.scope,
        is_settled=arrival.is_settled,
        questions=arrival.route.questions,
        verdict=Verdict.WAIVED if waived else Verdict.APPLIES if sure else Verdict.APPLIES_IF,
        severity=_capped(case, Action.INFO if waived else judged.severity, artifact),
        clause=bit.term.clause,
        quote=bit.term.quote,
        source=text_source(license_, bit.term),
        message=f"{artifact.id} is declared {names}, but is built on {origin} under {license_.name}: {says(bit.term)}{_others(words)}",
        next=f"declare {license_.id} for it beside its own terms, or do not rely on {names} alone",
        evidence=stated or case.entry(artifact.id),
        note=judged.rule.reason if waived and judged.rule else None,
    )


def _others(words: list[str]) -> str:
    return f"; also {', '.join(words[1:])}" if len(words) > 1 else ""


def _capped(case: Case, severity: Action, artifact: Artifact) -> Action:
    """Drift far up the stream, that no file here names, is told but warns nobody."""
    return severity if artifact.scope is Scope.USED and case.is_named_here(artifact.id) else Action.INFO


def _statements(case: Case, artifact: Artifact) -> Iterator[Finding]:
    """Places, or of a package fields, that say different things of the same part of the same artifact."""
    said: dict[str | None, list[ResolvedClaim]] = {}
    for one in case.standings.of(artifact.id).claims:
        if artifact.kind is Kind.PACKAGE and one.claim.evidence.basis is not Basis.DECLARED:
            continue  # what is known of another version of it contradicts nothing
        # A header speaks of its own file; others of the folder may say another thing.
        if one.claim.evidence.reader != SPDX_HEADERS and _names(one, near=True) and not one.is_nothing:
            said.setdefault(one.claim.part, []).append(one)
    for part in sorted(said, key=str):
        claims = _without_echoes(said[part])
        against = _has_statement_against_license(claims)
        if not against and not _disagree(_by_place(claims, near=True)):
            continue
        names = sorted({name for one in claims for name in _names(one, near=True)})
        judged = case.judge(RuleName.DRIFT, "custom-license", {}, artifact.id, names, artifact.scope, sure=True)
        waived = judged.severity is Action.ALLOW
        severity = _capped(case, Action.INFO if waived else judged.severity, artifact)
        # A text that is nearly what is declared, or holds it and more, and what a subfolder says, are told and warn nobody.
        if not (against or _disagree(_by_place(claims, near=False))) or (artifact.id == PRODUCT and part not in _PARTS_OF_A_PRODUCT):
            severity = Action.INFO
        what = f"{artifact.id}, {part}," if artifact.id == PRODUCT and part else artifact.id
        yield Finding(
            id=finding_id(RuleName.DRIFT, "+".join(names), "statements", part, artifact.id),
            rule=RuleName.DRIFT,
            term="custom-license",
            term_key="statements",
            params={"declared": names},
            origins=tuple(Origin(name, artifact.id) for name in names),
            artifact=artifact.id,
            scope=artifact.scope,
            verdict=Verdict.WAIVED if waived else Verdict.APPLIES,
            severity=severity,
            message=f"{what} is declared in different ways: " + "; ".join(sorted({f"{_said(one)} ({_place(one)})" for one in claims})),
            next="find out which statement its owner stands by, and correct the other",
            evidence=tuple(one.claim.evidence for one in claims),
            note=judged.rule.reason if waived and judged.rule else None,
        )


_UNVERSIONED = "unversioned"


def _without_echoes(claims: list[ResolvedClaim]) -> list[ResolvedClaim]:
    """Claims but for what another claim says in full: bare statements ("research use only"), names without a version."""
    licenses = [use.license for one in claims for branch in one.branches for use in branch if use.license is not None]
    told = {word for license_ in licenses if not _is_statement(license_) for word in _limit_words(license_)}

    def is_echo(one: ResolvedClaim) -> bool:
        named = [use.license for branch in one.branches for use in branch]
        return all(license_ is not None and (is_told(license_) or has_version(license_)) for license_ in named)

    def is_told(license_: License) -> bool:
        return _is_statement(license_) and bool(_limit_words(license_) & told)

    def has_version(license_: License) -> bool:
        stem = license_.id.removesuffix(_UNVERSIONED)
        return stem != license_.id and any(one.id.startswith(stem) and one.id[len(stem) :][:1].isdigit() for one in licenses)

    return [one for one in claims if not is_echo(one)]


def _has_statement_against_license(claims: list[ResolvedClaim]) -> bool:
    """Do bare words limit what a licence that is named too, in whatever place, leaves free?"""
    licenses = [use.license for one in claims for branch in one.branches for use in branch if use.license is not None]
    # What is said of models that learn from data says nothing of the data.
    limits_work = any(_is_statement(one) and any(ReachClass.COPY in term.reach for term in one.terms) for one in licenses)
    return limits_work and not all(map(_is_statement, licenses))


def _is_statement(license_: License) -> bool:
    return license_.id.startswith("statement-")


def _limit_words(license_: License) -> set[str]:
    """The words of a licence's limits; what is for research alone is not commercial."""
    words = {term.word for term in license_.terms if term.kind is WordKind.LIMIT}
    return words | {"non-commercial"} if "research-only" in words else words


_PARTS_OF_A_PRODUCT = frozenset({None, "code", "data", "weights"})


def _names(one: ResolvedClaim, *, near: bool) -> set[str]:
    """The licences that a claim names; a text that is only near one names, if `near`, another."""
    uses = [use for branch in one.branches for use in branch]
    names = {use.license.id for use in uses if use.license is not None}
    return names | {f"near {name}" if near else name for use in uses for name in use.near}


def _by_place(claims: Iterable[ResolvedClaim], *, near: bool) -> list[set[str]]:
    """What each place says, all its claims together. The licence files of a folder are one place: each holds one text of several."""
    places: dict[str, set[str]] = {}
    for one in claims:
        place = f"{_place(one).rpartition('/')[0]}/" if one.claim.evidence.reader == LICENSE_FILES else _place(one)
        places.setdefault(place, set()).update(_names(one, near=near))
    return list(places.values())


def _said(one: ResolvedClaim) -> str:
    (first, *_), *_ = one.branches
    recognised = one.claim.scheme is Scheme.FILE and (first.license is not None or first.near)
    return first.name if recognised else one.claim.text.strip().splitlines()[0][:100]


def _place(one: ResolvedClaim) -> str:
    """Whose statement a claim is. A package's metadata has several fields for its licence, and each of them is one."""
    evidence = one.claim.evidence
    place = evidence.path or evidence.source or one.claim.said_by
    return f"{place}, {_FIELDS.get(one.claim.scheme, one.claim.scheme.value)}" if one.claim.artifact.startswith("package:") else place


def _disagree(sets: Iterable[set[str]]) -> bool:
    """Statements disagree if no one of them contains all the others."""
    listed = [frozenset(one) for one in sets]
    if len(set(listed)) < 2:
        return False
    largest = max(listed, key=len)
    return any(not one <= largest for one in listed)
