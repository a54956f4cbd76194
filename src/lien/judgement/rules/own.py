"""`own`: what the licences say that stand in the tree itself, of the product, of its parts, and of what is made here.

Nothing of it is inherited. Whoever takes the product from its owner is held by it, and a counsel who reads somebody
else's product wants it in the same report; it is told, and stops nobody unless a rule names `own`. A folder under
another licence than the product's is other people's work inside it: its limits are inherited.
"""

from collections.abc import Iterable, Iterator

from lien.graph.fragments import LICENSE_FILES, PRODUCT, Evidence
from lien.graph.supply import Artifact
from lien.judgement.case import Case
from lien.judgement.conditions import trigger
from lien.judgement.findings import Finding, Origin, RuleName, Verdict, finding_id
from lien.judgement.inheritance import Node
from lien.judgement.phrases import says, shown_params
from lien.judgement.rules._common import text_source, verdict_of
from lien.policy.values import Action
from lien.resolvers.licenses import ResolvedClaim, Standing
from lien.vocabulary.kinds import Kind, Scope
from lien.vocabulary.licenses import License, Term
from lien.vocabulary.words import WordKind

__all__ = ["find"]

_OWN_PARTS = frozenset({None, "code", "data", "weights"})
_SLIGHT = frozenset({"other-limit", "no-sublicense"})
"""Small limits, of permissive licences too, such as that nobody may claim to have written the work: not worth a line here."""


def find(case: Case) -> Iterator[Finding]:
    """One finding for each limit of a licence, with all the places that state it; and one for texts that nobody has read."""
    product = case.graph.artifacts[PRODUCT]
    own = [one for one in case.product_claims if one.claim.part in _OWN_PARTS]
    chosen = _stated(own)
    for license_, claims in chosen.values():
        yield from (_own(case, product, license_, term, claims) for term in _limits(license_))
    yield from _unread(case, own)
    for license_, claims in _stated(one for one in case.product_claims if one.claim.part not in _OWN_PARTS).values():
        if license_.id not in chosen:
            yield from (_of_folders(case, license_, term, claims) for term in _limits(license_))
    for artifact in case.graph.artifacts.values():
        if artifact.made_here and artifact.kind is not Kind.PRODUCT:
            standing = case.standings.of(artifact.id)
            stated = _stated(standing.claims)
            inherited = _inherited(case, artifact)
            for license_, claims in (stated[one.id] for one in standing.licenses if one.id in stated):
                limits = [term for term in _limits(license_) if (license_.id, term.key) not in inherited]
                yield from (_own(case, artifact, license_, term, claims) for term in limits)


def _inherited(case: Case, artifact: Artifact) -> set[tuple[str, str]]:
    """Terms that come to what is made here from its upstream too: its makers only restate them."""
    node = Node(artifact.id)
    if node not in case.full.number:
        return set()
    return {(bit.license.id, bit.term.key) for bit, _ in case.bound_terms(node, case.full)}


def _stated(claims: Iterable[ResolvedClaim]) -> dict[str, tuple[License, list[ResolvedClaim]]]:
    """Read licences by id, each with the claims that state it and leave no choice of another."""
    found: dict[str, tuple[License, list[ResolvedClaim]]] = {}
    for one in claims:
        if len(one.branches) == 1:
            for use in one.branches[0]:
                if use.standing is Standing.ENCODED and use.license is not None:
                    found.setdefault(use.license.id, (use.license, []))[1].append(one)
    return dict(sorted(found.items()))


def _limits(license_: License) -> list[Term]:
    return [term for term in license_.terms if term.kind is WordKind.LIMIT and term.word not in _SLIGHT]


def _own(case: Case, artifact: Artifact, license_: License, term: Term, claims: list[ResolvedClaim]) -> Finding:
    judged = case.judge(RuleName.OWN, term.word, dict(term.params), artifact.id, [license_.id], artifact.scope, sure=True)
    waived = judged.severity is Action.ALLOW
    named = artifact.id if artifact.id != PRODUCT else "the product"
    parts = sorted({str(one.claim.part or "code") for one in claims}) if artifact.id == PRODUCT else []
    return Finding(
        id=finding_id(RuleName.OWN, license_.id, term.key, None, artifact.id),
        rule=RuleName.OWN,
        term=term.word,
        term_key=term.key,
        params=shown_params(term.params),
        origins=(Origin(license_.id, artifact.id),),
        artifact=artifact.id,
        scope=artifact.scope,
        verdict=Verdict.WAIVED if waived else Verdict.APPLIES,
        severity=Action.INFO if waived else judged.severity,
        clause=term.clause,
        quote=term.quote,
        source=text_source(license_, term),
        message=f"{license_.name}{f', {term.clause}' if term.clause else ''}: {says(term)}",
        next=f"it holds whoever takes {named} from its owner; if that is you, keep to it",
        evidence=_places(claims),
        note=judged.rule.reason if waived and judged.rule else f"stated of its {', '.join(parts)}" if parts else None,
    )


def _of_folders(case: Case, license_: License, term: Term, claims: list[ResolvedClaim]) -> Finding:
    answer = trigger(term, case.context, [case.graph.artifacts[PRODUCT]])
    verdict = verdict_of(answer)
    # Whether what ships holds these folders is not known.
    judged = case.judge(RuleName.INHERITED, term.word, dict(term.params), PRODUCT, [license_.id], Scope.USED, sure=False)
    severity = judged.severity
    if verdict is Verdict.NOT_TRIGGERED:
        severity = Action.INFO
    elif severity is Action.ALLOW:
        severity, verdict = Action.INFO, Verdict.WAIVED
    folders = list(dict.fromkeys(str(one.claim.part) for one in claims))
    shown = ", ".join(folders[:3]) + (f" and {len(folders) - 3} more" if len(folders) > 3 else "")
    return Finding(
        id=finding_id(RuleName.INHERITED, license_.id, term.key, "folders", PRODUCT),
        rule=RuleName.INHERITED,
        term=term.word,
        term_key=term.key,
        params=shown_params(term.params),
        origins=(Origin(license_.id, PRODUCT),),
        artifact=PRODUCT,
        scope=Scope.USED,
        verdict=verdict,
        severity=severity,
        asks=answer.asks if verdict is Verdict.APPLIES_IF else (),
        clause=term.clause,
        quote=term.quote,
        source=text_source(license_, term),
        message=f"{license_.name}{f', {term.clause}' if term.clause else ''}: {says(term)}",
        next="ship the product without it, or get its owner's permission and record it as an agreement",
        evidence=_places(claims),
        note=judged.rule.reason if verdict is Verdict.WAIVED and judged.rule else f"stated of a part of the tree: {shown}",
    )


def _unread(case: Case, own: list[ResolvedClaim]) -> Iterator[Finding]:
    """Licence files of the product whose text is none that lien knows."""
    unread = [
        one
        for one in own
        if one.claim.evidence.reader == LICENSE_FILES
        and any(use.standing in (Standing.UNREAD, Standing.BY_NAME) for branch in one.branches for use in branch)
    ]
    if not unread:
        return
    names = list(dict.fromkeys(use.name.strip()[:80] for one in unread for branch in one.branches for use in branch))
    judged = case.judge(RuleName.OWN, "custom-license", {}, PRODUCT, names, Scope.USED, sure=True)
    waived = judged.severity is Action.ALLOW
    yield Finding(
        id=finding_id(RuleName.OWN, "", "custom-license", None, PRODUCT),
        rule=RuleName.OWN,
        term="custom-license",
        term_key="custom-license",
        origins=(),
        artifact=PRODUCT,
        scope=Scope.USED,
        verdict=Verdict.WAIVED if waived else Verdict.APPLIES,
        severity=Action.INFO if waived else judged.severity,
        message=f"clauses not encoded: {', '.join(names)}",
        next="read the text; nothing is said about it here",
        evidence=_places(unread),
        note=judged.rule.reason if waived and judged.rule else None,
    )


def _places(claims: Iterable[ResolvedClaim]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(one.claim.evidence for one in claims))
