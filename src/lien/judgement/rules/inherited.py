"""`inherited`: a limit or a risk reaches the product, or something made or published here."""

from collections.abc import Iterator
from dataclasses import replace

from lien.graph.fragments import PRODUCT
from lien.judgement.acts import judge_act, teaching_stop
from lien.judgement.case import Case
from lien.judgement.conditions import Trigger, trigger
from lien.judgement.findings import Finding, RuleName, Verdict
from lien.judgement.inheritance import Arrival, Node
from lien.judgement.masks import TermBit
from lien.judgement.rules._common import Lifted, finding_of_term, findings_with_lifted, split_lifted, verdict_of, waived
from lien.judgement.unread import STAND_INS
from lien.vocabulary.ids import kind_of
from lien.vocabulary.kinds import Kind, Scope
from lien.vocabulary.words import WordKind

__all__ = ["find"]

_PACKAGE = Kind.PACKAGE  # looking a member up in its enum costs as much as a call


def find(case: Case) -> Iterator[Finding]:
    """Limits one finding for each origin; risks one for each term, with all its origins."""
    used: set[tuple[int, str]] = set()
    for node in (*case.product_nodes, *case.own_nodes):
        lifted = case.lifted(node)
        for bit, arrivals in case.bound_terms(node, case.full if lifted else None, only=_is_limit_or_risk):
            if node.scope is not Scope.USED:
                # What is used anyway is not brought by choosing an option.
                arrivals = [one for one in arrivals if (bit.bit, one.origin.id) not in used]  # noqa: PLW2901
                if not arrivals:
                    continue
            elif len(case.product_nodes) > 1 and node in case.product_nodes:
                used |= {(bit.bit, one.origin.id) for one in arrivals}
            yield from _findings(case, node, bit, arrivals, lifted)


def _is_limit_or_risk(bit: TermBit) -> bool:
    return bit.term.kind is not WordKind.DUTY and bit.license.id not in STAND_INS


def _findings(case: Case, node: Node, bit: TermBit, arrivals: list[Arrival], lifted: Lifted) -> Iterator[Finding]:
    if bit.term.kind is WordKind.RISK:
        yield from findings_with_lifted(case, RuleName.INHERITED, node, bit, arrivals, lifted)
        return
    packages: list[Arrival] = []
    others: list[Arrival] = []
    for one in arrivals:
        (packages if kind_of(one.origin.id) is _PACKAGE else others).append(one)
    for held, is_lifted in split_lifted(packages, bit, lifted):
        # Packages under one licence are one thing to decide, however many there are.
        yield (
            waived(case, RuleName.INHERITED, node, bit, held, with_origin=False)
            if is_lifted
            else _finding(case, node, bit, held, with_origin=False)
        )
    for arrival in others:
        if (bit.license.id, bit.term.key, arrival.origin.id) in lifted:
            yield waived(case, RuleName.INHERITED, node, bit, [arrival], with_origin=True)
        else:
            yield _finding(case, node, bit, [arrival], with_origin=True)


def _finding(case: Case, node: Node, bit: TermBit, arrivals: list[Arrival], *, with_origin: bool) -> Finding:
    answer = _trigger(case, node, bit, arrivals[0])
    verdict, note = verdict_of(answer), None
    if bit.term.word == "copyleft" and any(one.id == bit.license.id for one in case.product_licenses) and node in case.product_nodes:
        verdict, note = Verdict.DISCHARGED, "the product stands under the same licence"
    finding = finding_of_term(
        case, RuleName.INHERITED, node, bit, arrivals, answer=answer, verdict=verdict, with_origin=with_origin, note=note
    )
    if with_origin and node.id == PRODUCT and kind_of(arrivals[0].origin.id) is not _PACKAGE:
        finding = replace(finding, also_by=arrivals[0].other_ways_in)
    taught = teaching_stop(arrivals[0].route) if bit.term.word == "no-output-training" else None
    if taught is None:
        return finding
    link = arrivals[0].route.stops[taught].link
    return replace(
        finding, next=f"teach {link.downstream} without {link.upstream}, or get the permission of {bit.license.licensor or 'the licensor'}"
    )


def _trigger(case: Case, node: Node, bit: TermBit, arrival: Arrival) -> Trigger:
    if bit.term.word == "acceptable-use":
        return _barred_fields(case, bit)
    if bit.term.word == "no-output-training":
        taught = teaching_stop(arrival.route)
        if taught is not None:
            # The act stands on the way: whether it was barred is what reaches the product.
            return judge_act(case, case.full, bit, arrival.route.stops[taught].link.downstream)
        if node in case.product_nodes and case.context.get("trains_on_outputs") is None and _teaches_our_own(case, bit, arrival):
            return Trigger(applies=False)
    return trigger(bit.term, case.context, case.along(arrival))


def _barred_fields(case: Case, bit: TermBit) -> Trigger:
    fields = case.context.get("fields")
    if fields is None:
        return Trigger(applies=None, asks=("fields",))
    uses = bit.term.params.get("uses", ())
    if not uses:  # uses are barred, and nobody has read which
        return Trigger(applies=None, asks=("fields",))
    return Trigger(applies=isinstance(uses, tuple) and isinstance(fields, tuple) and bool(set(uses) & set(fields)))


def _teaches_our_own(case: Case, bit: TermBit, arrival: Arrival) -> bool:
    """Does the graph record a model made here that learned from the same source? Then the bar is judged there, not asked here."""
    for node in case.own_nodes:
        for one, places in case.full.terms_at(node):
            if one.bit == bit.bit:
                arrivals = case.full.arrivals(node, one, places)
                if any(own.origin.id == arrival.origin.id and teaching_stop(own.route) is not None for own in arrivals):
                    return True
    return False
