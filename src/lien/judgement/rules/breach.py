"""`breach`: an act recorded in the graph goes against a term where it happened.

Judged here: models trained on, or distilled from, what a clause bars from teaching others.
"""

from collections.abc import Iterator
from dataclasses import replace

from lien.graph.fragments import Evidence
from lien.judgement.acts import TEACHING, judge_act
from lien.judgement.case import Case
from lien.judgement.conditions import Trigger
from lien.judgement.findings import Finding, RuleName, Verdict
from lien.judgement.inheritance import Arrival, Node
from lien.judgement.masks import TermBit
from lien.judgement.rules._common import finding_of_term, verdict_of
from lien.policy.values import Action
from lien.vocabulary.kinds import Kind, Scope

__all__ = ["find"]


def find(case: Case) -> Iterator[Finding]:
    """One finding for each (term, origin, learner) where the learner itself was taught.

    A model derived from the learner carries the term on, but committed nothing.
    """
    for artifact in case.parts:
        node = Node(artifact.id)
        if artifact.kind is not Kind.MODEL or node not in case.full.number:
            continue
        for bit, places in case.full.terms_at(node):
            if bit.term.word != "no-output-training":
                continue
            arrivals = [
                one for one in case.full.arrivals(node, bit, places) if one.length and one.route.stops[-1].link.type.reach in TEACHING
            ]
            for arrival in arrivals:
                answer = judge_act(case, case.full, bit, artifact.id)
                if answer.applies is not False:
                    yield _finding(case, node, bit, arrival, answer)


def _finding(case: Case, node: Node, bit: TermBit, arrival: Arrival, answer: Trigger) -> Finding:
    artifact = case.graph.artifacts[node.id]
    verdict, note = verdict_of(answer), None
    agreed = [
        one
        for one in case.policy.agreements
        if one.origin in (bit.license.id, bit.license.family, arrival.origin.id) and (not one.terms or bit.term.word in one.terms)
    ]
    if agreed and artifact.made_here:
        # An agreement lifts what its holder did; a stranger's breach stays one.
        verdict, note = Verdict.WAIVED, agreed[0].reason
    teacher = arrival.route.stops[-1].link.upstream
    finding = finding_of_term(
        case,
        RuleName.BREACH,
        node,
        bit,
        [arrival],
        answer=answer,
        verdict=verdict,
        with_origin=True,
        message=f"{node.id} learned from {teacher}, made with {arrival.origin.id}, whose terms ({bit.license.name} {bit.term.clause}) bar that",
        next=f"ask its maker for the permission of {bit.license.licensor or 'the licensor'}, or use a model that did not learn from it",
        evidence=_evidence(case, node, arrival),
        note=note,
    )
    if artifact.scope is not Scope.USED:
        return replace(finding, severity=Action.INFO)
    return finding


def _evidence(case: Case, node: Node, arrival: Arrival) -> tuple[Evidence, ...]:
    stated = tuple(one for one in arrival.route.stops[-1].link.evidence if one.path is not None)
    return stated or case.entry(node.id)
