"""`lien-report/1`: the report as data, written record by record (DESIGN section 8)."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from lien.graph.fragments import PRODUCT, DependenciesSeen, Evidence
from lien.graph.supply import Artifact, Link, Stated
from lien.judgement.findings import Finding
from lien.pipeline.run import Outcome, Problem
from lien.resolvers.licenses import ResolvedClaim
from lien.sources.json_text import Lines
from lien.version import VERSION
from lien.vocabulary.kinds import Basis, Scope
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["SCHEMA", "render"]

SCHEMA = "lien-report/1"

_AT_A_TIME = 256
_BETWEEN = ",\n    "
_quote = json.encoder.encode_basestring
"""A JSON string; the C function under `json.dumps`. A large report is mostly evidence, so that is put together here."""


def render(outcome: Outcome) -> Iterator[str]:
    """The report as JSON text, in pieces of about a record each; one record on a line."""
    places = _Places(outcome)
    yield "{\n"
    yield from _member("schema", SCHEMA)
    yield from _member("tool", {"name": "lien", "version": VERSION})
    yield from _member(
        "catalog",
        {"version": outcome.catalog.meta("format"), "digest": outcome.catalog.digest, "overlays": list(outcome.catalog.overlay_names)},
    )
    yield from _member("as_of", outcome.as_of.isoformat())
    yield from _member("product", _product(outcome))
    yield from _records("artifacts", (_artifact(outcome, artifact, places) for artifact in outcome.graph.artifacts.values()))
    yield from _records("relations", _relations(outcome.graph.links, places))
    yield from _records("findings", (_finding(finding, places) for finding in outcome.findings))
    yield from _records(
        "corrections", (_with_evidence({"what": one.what, "reason": one.reason}, [one.evidence], places) for one in outcome.struck)
    )
    yield from _member("coverage", _coverage(outcome))
    yield from _member("summary", {**outcome.counts(), "exit_code": outcome.exit_code()}, last=True)
    yield "}\n"


_dump = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode


def _member(name: str, value: object, *, last: bool = False) -> Iterator[str]:
    yield f"  {_dump(name)}: {_dump(value)}{'' if last else ','}\n"


def _records(name: str, records: Iterable[str]) -> Iterator[str]:
    """A list with a record on each line; many records are one piece, since each piece is encoded and written by itself."""
    yield f"  {_dump(name)}: ["
    separator, remaining = "\n    ", iter(records)
    while batch := list(islice(remaining, _AT_A_TIME)):
        yield f"{separator}{_BETWEEN.join(batch)}"
        separator = _BETWEEN
    yield "],\n" if separator != _BETWEEN else "\n  ],\n"


def _text(value: str | None) -> str:
    return "null" if value is None else _quote(value)


class _Places:
    """Evidence as JSON, with the lines of all pointers that the report shows: they are found in one walk for each file."""

    def __init__(self, outcome: Outcome) -> None:
        graph = outcome.graph
        self._lines = outcome.lines_of(
            chain(
                chain.from_iterable([artifact.evidence for artifact in graph.artifacts.values()]),
                [claim.evidence for artifact in graph.artifacts.values() for claim in artifact.claims],
                chain.from_iterable([link.evidence for link in graph.links if isinstance(link.said, Stated)]),
                chain.from_iterable([finding.evidence for finding in outcome.findings]),
                [one.evidence for one in outcome.struck],
            ),
            _lists(graph.links),
        )
        self._paths: dict[str | None, tuple[str, Lines]] = {}

    def evidence(self, items: Sequence[Evidence]) -> str:
        """A list of evidence. It is most of a large report, nearly always one item: what many have in common is made once."""
        return f"[{self._one(*items[0])}]" if len(items) == 1 else f"[{', '.join([self._one(*one) for one in items])}]"

    def _one(
        self,
        path: str | None,
        line: int | None,
        pointer: str | None,
        as_written: str | None,
        reader: str,
        basis: Basis,
        source: str | None,
    ) -> str:
        known = self._paths.get(path)
        if known is None:
            known = self._paths[path] = (f'{{"path": {_text(path)}, "line": ', self._lines.get(path, _NOWHERE))
        beginning, lines = known
        if pointer is None:
            pointer = "null"
        else:
            line = lines.of.get(pointer) if line is None else line
            pointer = _quote(pointer)
        return (
            f'{beginning}{"null" if line is None else line}, "pointer": {pointer}, '
            f'"as_written": {"null" if as_written is None else _quote(as_written)}, {_teller(reader, basis, source)}}}'
        )

    def of_list(self, said: DependenciesSeen) -> tuple[str, list[int]]:
        """How evidence for the items of a list begins, and their lines; no lines if its file was not kept."""
        return f'{{"path": {_text(said.path)}, "line": ', self._lines.get(said.path, _NOWHERE).items.get(said.pointer, [])


def _lists(links: Iterable[Link]) -> Iterator[DependenciesSeen]:
    """Every list that relations are items of, once."""
    before = None
    for link in links:
        said = link.said
        if said is not before and isinstance(said, DependenciesSeen):
            yield said
            before = said


_NOWHERE = Lines({}, {})


def _with_evidence(record: dict[str, Any], evidence: Sequence[Evidence], places: _Places) -> str:
    """A record as JSON with its evidence as the last key."""
    return f'{_dump(record)[:-1]}, "evidence": {places.evidence(evidence)}}}'


def _product(outcome: Outcome) -> dict[str, Any]:
    policy = outcome.case.policy
    return {
        "id": PRODUCT if len(outcome.project.products) < 2 else f"{PRODUCT}:{outcome.name}",
        "name": outcome.name,
        "license": outcome.product.license or _own_license(outcome),
        "context": {key: list(value) if isinstance(value, tuple) else value for key, value in sorted(outcome.case.context.values.items())},
        "assumed": sorted(outcome.case.context.assumed),
        "policy": {
            "answers": {question.value: answer.value for question, answer in sorted(policy.answers.items())},
            "preset": policy.preset,
            "fail_on": policy.fail_on.value,
            "unread": policy.unread.value,
            "unknown": policy.unknown.value,
        },
    }


def _own_license(outcome: Outcome) -> str | None:
    """What the product says of itself: as it writes it, else whose text its licence file holds."""
    claims = [one for one in outcome.case.standings.of(PRODUCT).claims if one.claim.part is None]
    known = [one for one in claims if all(use.license is not None for branch in one.branches for use in branch)]
    for one in known or claims:
        return " AND ".join(use.name for use in one.branches[0]) if one.claim.scheme is Scheme.FILE else one.claim.text
    return None


@lru_cache(maxsize=4096)
def _teller(reader: str, basis: Basis, source: str | None) -> str:
    """Who says a fact: the same few words for nearly all evidence of a report."""
    return f'"reader": {_quote(reader)}, "basis": {_quote(basis)}, "source": {_text(source)}'


def _list(items: Sequence[str]) -> str:
    """A list of strings; most are empty."""
    return _dump(list(items)) if items else "[]"


def _license(one: ResolvedClaim, places: _Places, *, compared: bool) -> Iterator[str]:
    written = one.claim.text if len(one.claim.text) <= 200 else one.claim.text[:200] + "…"  # a name, not a text
    for branch in one.branches:
        for use in branch:
            yield (
                f'{{"id": {_text(use.license.id if use.license is not None else None)}, "as_written": {_quote(written)}, '
                f'"scheme": {_quote(one.claim.scheme)}, "assumed": {_text(use.assumed)}, "standing": {_quote(use.standing)}, '
                f'"candidates": {_list(use.candidates)}, "only_compared": {"true" if compared else "false"}, '
                f'"evidence": {places.evidence((one.claim.evidence,))}}}'
            )


def _artifact(outcome: Outcome, artifact: Artifact, places: _Places) -> str:
    own = outcome.case.standings.of(artifact.id)
    licenses = ", ".join([entry for one in own.claims for entry in _license(one, places, compared=one in own.compared)])
    attributes = {key: list(value) if isinstance(value, tuple) else value for key, value in sorted(artifact.attributes.items())}
    shown = _dump(attributes) if attributes else "{}"
    return (
        f'{{"id": {_quote(artifact.id)}, "kind": {_quote(artifact.kind)}, "name": {_text(artifact.name)}, "version": {_text(artifact.version)}, '
        f'"publisher": {_text(artifact.publisher)}, "purl": {_text(artifact.purl)}, "scope": {_quote(artifact.scope)}, '
        f'"made_here": {"true" if artifact.made_here else "false"}, "licenses": [{licenses}], "chosen": {_list(own.chosen)}, '
        f'"aliases": {_list(artifact.aliases)}, "attributes": {shown}, "evidence": {places.evidence(artifact.evidence)}}}'
    )


_TYPES = {one: f'"type": {_quote(one)}, "reach": {_quote(one.reach)}' for one in Relation}


def _relations(links: Iterable[Link], places: _Places) -> Iterator[str]:
    """A record for each relation. The items of a list come together, and what they have in common is made once."""
    before: DependenciesSeen | None = None
    beginning = middle = pointer = end = ""
    lines: list[int] = []
    for link in links:
        said = link.said
        if isinstance(said, Stated):
            yield (
                f'{{"from": {_quote(link.downstream)}, "to": {_quote(link.upstream)}, {_TYPES[link.type]}, '
                f'{_rest(link.scope, link.date, link.note)}, "evidence": {places.evidence(said.evidence)}}}'
            )
            continue
        if said is not before:
            before = said
            place, lines = places.of_list(said)
            beginning = f'{{"from": {_quote(link.downstream)}, "to": '
            middle = f', {_TYPES[link.type]}, {_rest(link.scope, None, None)}, "evidence": [{place}'
            pointer = f', "pointer": {_quote(said.pointer)[:-1]}/'
            end = f", {_teller(said.reader, Basis.DECLARED, None)}}}]}}"
        item = link.item
        yield (
            f'{beginning}{_quote(link.upstream)}{middle}{lines[item] if lines else "null"}{pointer}{item}", '
            f'"as_written": {_quote(said.as_written[item])}{end}'
        )


@lru_cache(maxsize=4096)
def _rest(scope: Scope | None, date: dt.date | None, note: str | None) -> str:
    """What most relations do not have."""
    return f'"scope": {_text(scope)}, "date": {_text(date.isoformat() if date else None)}, "note": {_text(note)}'


def _finding(finding: Finding, places: _Places) -> str:
    """One finding as JSON shows it."""
    origins = [{"license": one.license, "artifact": one.artifact} for one in finding.origins]
    record = {
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
    }
    also = ", ".join(
        f'{{"artifact": {_quote(one.upstream)}, "type": {_quote(one.type)}, "evidence": {places.evidence(one.evidence)}}}'
        for one in finding.also_by
    )
    return f'{_with_evidence(record, finding.evidence, places)[:-1]}, "also_by": [{also}]}}'


def _coverage(outcome: Outcome) -> dict[str, Any]:
    coverage = outcome.coverage
    return {
        "considered": coverage.considered,
        "read": sorted(coverage.read),
        "unread": [{"path": one.path, "line": one.line, "reason": one.message} for one in sorted(coverage.unread, key=Problem.place)],
        "skipped": [{"path": path, "reason": reason} for path, reason in sorted(coverage.skipped)],
        "errors": [{"path": one.path, "line": one.line, "message": one.message} for one in sorted(coverage.errors, key=Problem.place)],
        "passed_over": dict(sorted(coverage.passed_over.items())),
    }
