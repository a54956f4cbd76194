"""`lien-report/1`: the report as data, written record by record (DESIGN section 8)."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from lien.graph.fragments import PRODUCT, Evidence
from lien.graph.supply import Artifact, Link
from lien.judgement.findings import Finding
from lien.pipeline.run import Outcome
from lien.resolvers.licenses import ResolvedClaim
from lien.version import VERSION

__all__ = ["SCHEMA", "render"]

SCHEMA = "lien-report/1"

_Place = Callable[[Evidence], Evidence]


def render(outcome: Outcome) -> Iterator[str]:
    """The report as JSON text, in pieces of about a record each; two-space indent at the top level only."""
    place = _placer(outcome)
    yield "{\n"
    yield from _member("schema", SCHEMA)
    yield from _member("tool", {"name": "lien", "version": VERSION})
    yield from _member(
        "catalog",
        {"version": outcome.catalog.meta("format"), "digest": outcome.catalog.digest, "overlays": list(outcome.catalog.overlay_names)},
    )
    yield from _member("as_of", outcome.as_of.isoformat())
    yield from _member("product", _product(outcome))
    yield from _records("artifacts", (_artifact(outcome, artifact, place) for artifact in outcome.graph.artifacts.values()))
    yield from _records("relations", (_relation(link, place) for link in outcome.graph.links))
    yield from _records("findings", (finding_record(finding, place) for finding in outcome.findings))
    yield from _records(
        "corrections", ({"what": one.what, "reason": one.reason, "evidence": [_evidence(place(one.evidence))]} for one in outcome.struck)
    )
    yield from _member("coverage", _coverage(outcome))
    yield from _member("summary", {**outcome.counts(), "exit_code": outcome.exit_code()}, last=True)
    yield "}\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _member(name: str, value: object, *, last: bool = False) -> Iterator[str]:
    yield f"  {_dump(name)}: {_dump(value)}{'' if last else ','}\n"


def _records(name: str, records: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield f"  {_dump(name)}: ["
    separator = "\n"
    encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode
    for record in records:
        yield f"{separator}    {encode(record)}"
        separator = ",\n"
    yield "],\n" if separator == "\n" else "\n  ],\n"


def _placer(outcome: Outcome) -> _Place:
    """Lines for every JSON pointer that the report shows, found in one walk for each file."""

    def shown() -> Iterator[Evidence]:
        for artifact in outcome.graph.artifacts.values():
            yield from artifact.evidence
            for claim in artifact.claims:
                yield claim.evidence
        for link in outcome.graph.links:
            yield from link.evidence
        for finding in outcome.findings:
            yield from finding.evidence
        for one in outcome.struck:
            yield one.evidence

    placed = outcome.with_lines(shown())
    return lambda evidence: placed.get(evidence, evidence)


def _product(outcome: Outcome) -> dict[str, Any]:
    policy = outcome.case.policy
    return {
        "id": PRODUCT,
        "name": outcome.name,
        "license": outcome.product.license or next((claim.text for claim in outcome.graph.artifacts[PRODUCT].claims), None),
        "context": {key: list(value) if isinstance(value, tuple) else value for key, value in sorted(outcome.case.context.values.items())},
        "policy": {
            "answers": {question.value: answer.value for question, answer in sorted(policy.answers.items())},
            "preset": policy.preset,
            "fail_on": policy.fail_on.value,
            "unread": policy.unread.value,
            "unknown": policy.unknown.value,
        },
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "path": one.path,
        "line": one.line,
        "pointer": one.pointer,
        "as_written": one.as_written,
        "reader": one.reader,
        "basis": one.basis.value,
        "source": one.source,
    }


def _evidences(items: Sequence[Evidence], place: _Place) -> list[dict[str, Any]]:
    return [_evidence(place(one)) for one in items]


def _license(one: ResolvedClaim, place: _Place, *, compared: bool) -> Iterator[dict[str, Any]]:
    for branch in one.branches:
        for use in branch:
            yield {
                "id": use.license.id if use.license is not None else None,
                "as_written": one.claim.text if len(one.claim.text) <= 200 else one.claim.text[:200] + "…",  # a name, not a text
                "scheme": one.claim.scheme.value,
                "assumed": use.assumed,
                "standing": use.standing.value,
                "candidates": list(use.candidates),
                "only_compared": compared,
                "evidence": [_evidence(place(one.claim.evidence))],
            }


def _artifact(outcome: Outcome, artifact: Artifact, place: _Place) -> dict[str, Any]:
    own = outcome.case.standings.of(artifact.id)
    return {
        "id": artifact.id,
        "kind": artifact.kind.value,
        "name": artifact.name,
        "version": artifact.version,
        "publisher": artifact.publisher,
        "purl": artifact.purl,
        "scope": artifact.scope.value,
        "made_here": artifact.made_here or artifact.id in outcome.case.subjects,
        "licenses": [entry for one in own.claims for entry in _license(one, place, compared=one in own.compared)],
        "chosen": list(own.chosen),
        "aliases": list(artifact.aliases),
        "attributes": {key: list(value) if isinstance(value, tuple) else value for key, value in sorted(artifact.attributes.items())},
        "evidence": _evidences(artifact.evidence, place),
    }


def _relation(link: Link, place: _Place) -> dict[str, Any]:
    return {
        "from": link.downstream,
        "to": link.upstream,
        "type": link.type.value,
        "reach": link.type.reach.value,
        "scope": link.scope.value if link.scope is not None else None,
        "date": link.date.isoformat() if link.date else None,
        "note": link.note,
        "evidence": _evidences(link.evidence, place),
    }


def finding_record(finding: Finding, place: _Place = lambda one: one) -> dict[str, Any]:
    """One finding as JSON shows it."""
    origins = [{"license": one.license, "artifact": one.artifact} for one in finding.origins]
    return {
        "id": finding.id,
        "rule": finding.rule.value,
        "term": finding.term,
        "term_key": finding.term_key,
        "params": dict(finding.params),
        "origins": origins,
        "origin": origins[0] if origins else None,
        "artifact": finding.artifact,
        "form": str(finding.form) if finding.form is not None else None,
        "path": list(finding.route.ids) if finding.route is not None else [finding.artifact],
        "scope": finding.scope.value,
        "certainty": "settled" if finding.is_settled else "contested",
        "questions": [question.value for question in finding.questions],
        "verdict": finding.verdict.value,
        "asks": list(finding.asks),
        "severity": finding.severity.value,
        "clause": finding.clause,
        "quote": finding.quote,
        "source": finding.source,
        "message": finding.message,
        "next": finding.next,
        "note": finding.note,
        "evidence": _evidences(finding.evidence, place),
    }


def _coverage(outcome: Outcome) -> dict[str, Any]:
    coverage = outcome.coverage
    return {
        "read": sorted(coverage.read),
        "unread": [{"path": one.path, "line": one.line, "reason": one.message} for one in sorted(coverage.unread, key=str)],
        "skipped": [{"path": path, "reason": reason} for path, reason in sorted(coverage.skipped)],
        "errors": [{"path": one.path, "line": one.line, "message": one.message} for one in sorted(coverage.errors, key=str)],
    }
