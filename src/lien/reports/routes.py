"""`lien why`: every route by which a term arrives, step by step, with clause and evidence."""

from collections.abc import Iterator, Sequence

from lien.errors import UsageError
from lien.graph.fragments import PRODUCT
from lien.judgement.findings import Finding
from lien.judgement.inheritance import Node, Route
from lien.pipeline.run import Outcome
from lien.reports.table import place_of
from lien.reports.text import Style, clean, columns, wrapped
from lien.vocabulary.words import WORDS

__all__ = ["render"]

_WIDTH = 80
_MOST_ROUTES = 50


def render(outcome: Outcome, wanted: str, artifact: str | None = None, *, colour: bool = False) -> Iterator[str]:
    """Routes of a finding (id or the beginning of one) or of a word. Raises UsageError if nothing matches."""
    style = Style(colour=colour)
    findings = _chosen(outcome, wanted, artifact)
    for number, finding in enumerate(findings):
        if number:
            yield "\n"
        for line in _lines(outcome, finding, style):
            yield line + "\n"


def _chosen(outcome: Outcome, wanted: str, artifact: str | None) -> list[Finding]:
    if wanted in WORDS:
        found = [
            one
            for one in outcome.findings
            if one.term == wanted and (artifact is None or artifact in (one.artifact, *(origin.artifact for origin in one.origins)))
        ]
        if not found:
            where = artifact or "this product"
            raise UsageError(f'no finding says "{wanted}" of {where}')
        return found
    found = [one for one in outcome.findings if one.id.startswith(wanted)]
    if not found:
        raise UsageError(f'"{wanted}" is neither a finding of this audit nor a word of the vocabulary')
    return found


def _lines(outcome: Outcome, finding: Finding, style: Style) -> Iterator[str]:
    head = columns(clean(f"{finding.severity.value.upper()} {finding.term} at {finding.artifact}"), finding.id, _WIDTH)
    yield head.replace(finding.severity.value.upper(), style.severity(finding.severity.value.upper()), 1)
    yield from wrapped(clean(finding.message), _WIDTH, "  ")
    if finding.quote:
        yield from wrapped(clean(f'clause {finding.clause}: "{finding.quote}"'), _WIDTH, "  ")
    if finding.source:
        yield f"  {clean(finding.source)}"
    facts = [f"rule {finding.rule.value}", "settled" if finding.is_settled else "contested", finding.verdict.value]
    if finding.form is not None:
        facts.append(f"held as {finding.form}")
    yield f"  {', '.join(facts)}"
    if finding.note:
        yield from wrapped(clean(finding.note), _WIDTH, "  ")
    yield from wrapped(clean(f"way out: {finding.next}"), _WIDTH, "    ", first="  ")
    routes = _routes(outcome, finding)
    for number, route in enumerate(routes, start=1):
        yield ""
        yield f"  route {number} of {len(routes)}, from {clean(route.origin.id)}{f' as of {route.origin.day}' if route.origin.day else ''}"
        yield from _steps(outcome, route)
    if not routes:
        for evidence in outcome.placed(finding.evidence):
            yield columns(f"    {clean((evidence.as_written or '')[:40])}", place_of(evidence), _WIDTH)


def _routes(outcome: Outcome, finding: Finding) -> Sequence[Route]:
    """All simple routes from the origins to the artifact, shortest first; the witness alone if there are too many."""
    if finding.route is None:
        return ()
    node = Node(finding.artifact, finding.scope if finding.artifact == PRODUCT else Node("").scope)
    inheritance = outcome.case.full
    bit = next(
        (
            one
            for one in inheritance.bits
            if finding.origins and one.license.id == finding.origins[0].license and one.term.word == finding.term
        ),
        None,
    )
    if finding.term_key not in ("drift", "statements"):
        bit = next(
            (
                one
                for one in inheritance.bits
                if finding.origins and one.license.id == finding.origins[0].license and one.term.key == finding.term_key
            ),
            bit,
        )
    if bit is None or node not in inheritance.number:
        return (finding.route,)
    origins = {origin.artifact for origin in finding.origins}
    return inheritance.all_routes(node, bit, origins, limit=_MOST_ROUTES) or (finding.route,)


def _steps(outcome: Outcome, route: Route) -> Iterator[str]:
    for stop in reversed(route.stops):
        link = stop.link
        yield from wrapped(clean(f"{link.downstream} {link.type.value} {link.upstream}"), _WIDTH, "      ", first="    ")
        detail = f"{link.type.reach.value}: held as {stop.form}"
        if stop.questions:
            detail += f"; contested: {', '.join(sorted(stop.questions))}"
        yield from wrapped(detail, _WIDTH, "        ", first="      ")
        for evidence in outcome.placed(link.evidence):
            yield f"      {place_of(evidence, short=False)}"
    own = outcome.case.standings.of(route.origin.id)
    for claim in own.claims:
        for evidence in outcome.placed([claim.claim.evidence]):
            said = claim.claim.text.strip().splitlines()[0][:60] if claim.claim.text.strip() else ""
            yield from wrapped(
                clean(f"{route.origin.id} stands under {said}: {place_of(evidence, short=False)}"), _WIDTH, "      ", first="    "
            )
        for branch in claim.branches:
            for use in branch:
                if use.assumed:
                    yield from wrapped(f"assumed: {use.assumed}", _WIDTH, "        ", first="      ")
