"""`breach`: an act recorded in the graph goes against a term where it happened.

Judged here: a model that learned from what a clause bars from teaching others, a model without the
name that its base asks for, and a modified work whose text lets nobody pass modified works on.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from lien.graph.fragments import Evidence
from lien.graph.supply import Artifact
from lien.judgement.acts import TEACHING, judge_act
from lien.judgement.case import Case
from lien.judgement.conditions import Trigger, trigger
from lien.judgement.findings import Finding, RuleName, Verdict
from lien.judgement.inheritance import Arrival, Node
from lien.judgement.masks import TermBit
from lien.judgement.rules._common import finding_of_term, verdict_of
from lien.policy.values import Action
from lien.vocabulary.kinds import Kind, Scope
from lien.vocabulary.relations import ReachClass

__all__ = ["find"]


class _Act(NamedTuple):
    """An act against a term: whether it was one, and what to say of it."""

    answer: Trigger
    message: str
    next: str


def find(case: Case) -> Iterator[Finding]:
    """One finding for each (term, origin, artifact) where the artifact's own maker acted.

    What is derived from the result carries the term on, but committed nothing.
    """
    for artifact in case.parts:
        node = Node(artifact.id)
        if node not in case.full.number:
            continue
        for bit, places in case.full.terms_at(node):
            judge = {"no-output-training": _taught, "model-name-prefix": _misnamed, "no-derivatives": _modified}.get(bit.term.word)
            if judge is None or artifact.kind not in bit.term.binds:
                continue
            for arrival in case.full.arrivals(node, bit, places):
                act = judge(case, artifact, bit, arrival) if arrival.length else None
                if act is not None and act.answer.applies is not False:
                    yield _finding(case, node, bit, arrival, act)


def _taught(case: Case, artifact: Artifact, bit: TermBit, arrival: Arrival) -> _Act | None:
    last = arrival.route.stops[-1].link
    if artifact.kind is not Kind.MODEL or last.type.reach not in TEACHING:
        return None
    answer = judge_act(case, case.full, bit, artifact.id)
    learned = f"{artifact.id} learned from {last.upstream}"
    made = "" if last.upstream == arrival.origin.id else f", made with {arrival.origin.id}"
    what = "models that compete with it" if bit.term.act is not None and bit.term.act.learner == "competing-model" else "other models"
    return _Act(
        answer,
        f"{learned}{made}, whose terms ({bit.license.name}, {bit.term.clause}) bar its use to teach {what}",
        f"ask its maker for the permission of {bit.license.licensor or 'the licensor'}, or use a model that did not learn from it",
    )


def _misnamed(case: Case, artifact: Artifact, bit: TermBit, arrival: Arrival) -> _Act | None:
    """The name is the last part of the id: the publisher's namespace is none of the model's name."""
    prefix = str(bit.term.params["prefix"])
    name = artifact.id.rpartition("/")[2].partition(":")[2] or artifact.id.rpartition("/")[2]
    if artifact.kind is not Kind.MODEL or _letters(name).startswith(_letters(prefix)):
        return None
    # A stranger's model stands where others can load it; one's own is judged by what is told of its use.
    answer = trigger(bit.term, case.context, case.along(arrival)) if artifact.made_here else Trigger(applies=True)
    return _Act(
        answer,
        f'{artifact.id} is made with {arrival.origin.id}, whose licence ({bit.license.name}, {bit.term.clause}) asks that its name begin with "{prefix}"',
        "rename it" if artifact.made_here else "tell its maker; the name is theirs to mend",
    )


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _modified(case: Case, artifact: Artifact, bit: TermBit, arrival: Arrival) -> _Act | None:
    last = arrival.route.stops[-1].link
    if last.type.reach not in (ReachClass.DERIVE, ReachClass.ADAPT) or last.type.is_mechanical:
        return None
    answer = trigger(bit.term, case.context, case.along(arrival)) if artifact.made_here else Trigger(applies=True)
    return _Act(
        answer,
        f"{artifact.id} is a modified form of {last.upstream}, which {bit.license.name}, {bit.term.clause} lets nobody pass on",
        f"use {last.upstream} as it is, or get a licence from its owner",
    )


def _finding(case: Case, node: Node, bit: TermBit, arrival: Arrival, act: _Act) -> Finding:
    artifact = case.graph.artifacts[node.id]
    verdict, note = verdict_of(act.answer), None
    agreed = [
        one
        for one in case.policy.agreements
        if one.origin in (bit.license.id, bit.license.family, arrival.origin.id) and (not one.terms or bit.term.word in one.terms)
    ]
    if agreed and artifact.made_here:
        # An agreement lifts what its holder did; a stranger's breach stays one.
        verdict, note = Verdict.WAIVED, agreed[0].reason
    finding = finding_of_term(
        case,
        RuleName.BREACH,
        node,
        bit,
        [arrival],
        answer=act.answer,
        verdict=verdict,
        with_origin=True,
        message=act.message,
        next=act.next,
        evidence=_evidence(case, node, arrival),
        note=note,
    )
    if artifact.scope is not Scope.USED or not case.is_named_here(artifact.id):
        # What strangers did far up the stream is told; it is nobody's decision here.
        return replace(finding, severity=Action.INFO)
    return finding


def _evidence(case: Case, node: Node, arrival: Arrival) -> tuple[Evidence, ...]:
    stated = tuple(one for one in arrival.route.stops[-1].link.evidence if one.path is not None)
    return stated or case.entry(node.id)
