"""`duty`: something must be done, and nothing shows that it is: one line for each duty of a licence."""

from collections.abc import Iterator
from dataclasses import replace

from lien.graph.fragments import Evidence
from lien.judgement.case import Case
from lien.judgement.findings import Finding, RuleName, Verdict
from lien.judgement.handed_on import HandedOn, Shown
from lien.judgement.masks import TermBit
from lien.judgement.rules._common import findings_with_lifted
from lien.policy.values import Action
from lien.vocabulary.kinds import Scope
from lien.vocabulary.words import WordKind

__all__ = ["find"]


def find(case: Case) -> Iterator[Finding]:
    """Duties that bind the product, in each scope what that scope alone brings, and what is made or published here."""
    used: set[tuple[int, str]] = set()
    for node in (*case.product_nodes, *case.own_nodes):
        lifted = case.lifted(node)
        for bit, arrivals in case.bound_terms(node, case.full if lifted else None, only=_is_duty):
            if node.scope is not Scope.USED:
                arrivals = [one for one in arrivals if (bit.bit, one.origin.id) not in used]  # noqa: PLW2901
            elif len(case.product_nodes) > 1 and node in case.product_nodes:
                used |= {(bit.bit, one.origin.id) for one in arrivals}
            if arrivals:
                found = findings_with_lifted(case, RuleName.DUTY, node, bit, arrivals, lifted)
                yield from (_discharged(case, bit, finding) for finding in found)


def _discharged(case: Case, bit: TermBit, finding: Finding) -> Finding:
    """The finding as it is, or with what the tree shows of the duty done."""
    if finding.verdict not in (Verdict.APPLIES, Verdict.APPLIES_IF) or case.handed_on is None:
        return finding
    shown = _kept(case, case.handed_on, finding) if bit.term.word == "retain-notices" else case.handed_on.shows(bit.license, bit.term)
    if shown is None:
        return finding
    evidence = (*finding.evidence, shown.evidence)
    return replace(finding, verdict=Verdict.DISCHARGED, severity=Action.INFO, asks=(), note=shown.note, evidence=evidence)


def _kept(case: Case, handed_on: HandedOn, finding: Finding) -> Shown | None:
    """Where the notices of all parts are kept that owe it; of one that nobody knows the notices of, nothing shows it."""
    places: dict[str, Evidence] = {}
    for origin in finding.origins:
        artifact = case.graph.artifacts.get(origin.artifact)
        place = handed_on.keeps(artifact) if artifact is not None else None
        if place is None:
            return None
        places.setdefault(place.path or "", place)
    first = next(iter(places.values()), None)
    if first is None:
        return None
    others = f" and {len(places) - 1} other files keep" if len(places) > 1 else " keeps"
    return Shown(first, f"{first.path}{others} the notices of all of them; see that they go with every copy")


def _is_duty(bit: TermBit) -> bool:
    return bit.term.kind is WordKind.DUTY
