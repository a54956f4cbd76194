"""What several rules need: verdicts from triggers, and the fields that every finding of a term has."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from lien.graph.fragments import Evidence
from lien.graph.supply import Artifact
from lien.judgement.case import Case
from lien.judgement.conditions import Trigger, trigger
from lien.judgement.findings import Finding, Origin, RuleName, Verdict, finding_id
from lien.judgement.inheritance import Arrival, Node
from lien.judgement.masks import RANK, TermBit
from lien.judgement.phrases import says, shown_params, way_out
from lien.policy.values import Action
from lien.vocabulary.kinds import Scope
from lien.vocabulary.licenses import License, Term

__all__ = ["Lifted", "finding_of_term", "findings_with_lifted", "split_lifted", "text_source", "verdict_of", "waived"]


def text_source(license_: License, term: Term) -> str | None:
    """The address or title of the text that a clause stands in."""
    for text in license_.texts:
        if text.key == (term.text or ""):
            return text.url or text.title
    return None


def verdict_of(answer: Trigger) -> Verdict:
    """Unknown conditions make a verdict that asks."""
    if answer.applies is None:
        return Verdict.APPLIES_IF
    return Verdict.APPLIES if answer.applies else Verdict.NOT_TRIGGERED


def way_in_evidence(case: Case, arrival: Arrival, scope: Scope) -> tuple[Evidence, ...]:
    """File and line where the term is let in: the last step of the route that a file of the tree states."""
    del scope
    for stop in reversed(arrival.route.stops):
        stated = [one for one in stop.link.evidence if one.path is not None]
        if stated:
            return tuple(stated)
    return case.entry(arrival.route.ids[-1])


def finding_of_term(
    case: Case,
    rule: RuleName,
    node: Node,
    bit: TermBit,
    arrivals: Sequence[Arrival],
    *,
    answer: Trigger | None = None,
    verdict: Verdict | None = None,
    with_origin: bool,
    **more: Any,  # noqa: ANN401  # further fields of Finding, checked by its constructor
) -> Finding:
    """A finding about one term at one artifact; `arrivals` are its origins, the surest first."""
    best = arrivals[0]
    if answer is None:
        answer = trigger(bit.term, case.context, case.along(best))
    if verdict is None:
        verdict = verdict_of(answer)
    origin_ids = list(dict.fromkeys([one.origin.id for one in arrivals]))
    license_id = bit.license.id
    origins = tuple([Origin(license_id, one) for one in origin_ids])
    sure = verdict is Verdict.APPLIES and case.is_sure(best)
    scope = case.scope_of(node)
    judged = case.judge(rule, bit.term.word, dict(bit.term.params), node.id, [*origin_ids, bit.license.id], scope, sure=sure)
    severity, note = judged.severity, more.pop("note", None)
    if verdict in (Verdict.NOT_TRIGGERED, Verdict.DISCHARGED, Verdict.WAIVED):
        severity = Action.INFO
    elif severity is Action.ALLOW:
        severity, verdict = Action.INFO, Verdict.WAIVED
        note = judged.rule.reason if judged.rule else None
    elif best.rank == RANK.no:
        severity, verdict = Action.INFO, Verdict.NOT_TRIGGERED
        note = f"the policy answers no to {', '.join(best.route.questions)}; yes or open would report it"
    elif best.rank == RANK.yes:
        note = note or f"rests on the answer yes to {', '.join(best.route.questions)}"
    elif best.rank == RANK.open:
        note = note or f"open: {', '.join(best.route.questions)}"
    fields: dict[str, Any] = {
        "message": f"{bit.license.name}{f', {bit.term.clause}' if bit.term.clause else ''}: {says(bit.term)}",
        "next": way_out(bit.license, bit.term, _artifacts(case, origin_ids)),
        "evidence": way_in_evidence(case, best, node.scope),
    }
    return Finding(
        id=finding_id(
            rule,
            bit.license.id,
            bit.term.key,
            origin_ids[0] if with_origin else None,
            node.id if node.scope is Scope.USED else f"{node.id}#{node.scope}",
        ),
        rule=rule,
        term=bit.term.word,
        term_key=bit.term.key,
        params=shown_params(bit.term.params),
        origins=origins,
        artifact=node.id,
        form=best.form,
        route=best.route,
        scope=scope,
        is_settled=best.is_settled,
        questions=best.route.questions,
        verdict=verdict,
        severity=severity,
        asks=answer.asks if verdict is Verdict.APPLIES_IF else (),
        clause=bit.term.clause,
        quote=bit.term.quote,
        source=text_source(bit.license, bit.term),
        note=note,
        **{**fields, **more},
    )


Lifted = AbstractSet[tuple[str, str, str]]
"""What agreements take away at a node: (licence id, term key, origin id)."""


def split_lifted(arrivals: Sequence[Arrival], bit: TermBit, lifted: Lifted) -> Iterator[tuple[list[Arrival], bool]]:
    """The arrivals that stand and those that an agreement lifts, each group with whether it is lifted, if it has any."""
    if not lifted:
        # Nearly always; and of one licence there may be tens of thousands.
        if arrivals:
            yield list(arrivals), False
        return
    groups: dict[bool, list[Arrival]] = {False: [], True: []}
    for one in arrivals:
        groups[(bit.license.id, bit.term.key, one.origin.id) in lifted].append(one)
    yield from ((held, is_lifted) for is_lifted, held in groups.items() if held)


def waived(case: Case, rule: RuleName, node: Node, bit: TermBit, arrivals: Sequence[Arrival], *, with_origin: bool) -> Finding:
    """What would bind but for an agreement, with its reason: shown, so that nothing goes without a trace."""
    names = {bit.license.id, bit.license.family, *(one.origin.id for one in arrivals)}
    reason = next((one.reason for one in case.policy.agreements if one.origin in names), "an agreement covers it")
    return finding_of_term(case, rule, node, bit, arrivals, verdict=Verdict.WAIVED, with_origin=with_origin, note=reason)


def findings_with_lifted(
    case: Case, rule: RuleName, node: Node, bit: TermBit, arrivals: Sequence[Arrival], lifted: Lifted
) -> Iterator[Finding]:
    """One finding for all origins of a term that stand; one that is waived only where none stands."""
    groups = {is_lifted: held for held, is_lifted in split_lifted(arrivals, bit, lifted)}
    if False in groups:
        yield finding_of_term(case, rule, node, bit, groups[False], with_origin=False)
    else:
        yield waived(case, rule, node, bit, groups[True], with_origin=False)


def _artifacts(case: Case, identifiers: Sequence[str]) -> list[Artifact]:
    return [case.graph.artifacts[one] for one in identifiers]
