"""The report for people: the verdict first, one block a restriction, then duties, unknowns, coverage."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lien.graph.fragments import PRODUCT, Evidence
from lien.judgement.findings import Finding, RuleName, Verdict
from lien.judgement.inheritance import Route
from lien.judgement.phrases import question_for, says
from lien.pipeline.run import Outcome, Problem
from lien.policy.values import Action
from lien.reports.text import Style, clean, columns, wrapped
from lien.vocabulary.kinds import Basis, Scope
from lien.vocabulary.questions import Answer
from lien.vocabulary.words import WORDS, WordKind

__all__ = ["place_of", "render"]

_WIDTH = 80
_INDENT = "     "
_MOST_BLOCKS = 30
_LIVE = (Verdict.APPLIES, Verdict.APPLIES_IF)
_MOST_NAMED = 6
_SOURCE_WIDTH = 44


def render(outcome: Outcome, *, colour: bool = False) -> Iterator[str]:
    """The report in lines of at most 80 columns where words allow, the last of them the counts."""
    for line in _lines(outcome, Style(colour=colour)):
        yield line + "\n"


def _lines(outcome: Outcome, style: Style) -> Iterator[str]:
    findings = outcome.findings
    blocks = _merge_blocks([one for one in findings if one.severity in (Action.DENY, Action.WARN) and one.rule is not RuleName.UNKNOWN])
    yield from _headline(outcome, style)
    for group in blocks[:_MOST_BLOCKS]:
        yield ""
        yield from _block(outcome, group, style)
    if len(blocks) > _MOST_BLOCKS:
        yield ""
        yield f"{len(blocks) - _MOST_BLOCKS} more restrictions: see --format json"
    yield from _named(outcome, findings)
    yield from _own(outcome, findings)
    yield from _duties(outcome, findings)
    yield from _risks(findings)
    yield from _options(findings)
    yield from _unknowns(outcome, findings, style)
    yield from _questions(findings)
    yield from _coverage(outcome, style)


# --- the first line -------------------------------------------------------------------------------


def _headline(outcome: Outcome, style: Style) -> Iterator[str]:
    code = outcome.exit_code()
    denied, warned = _restrictions(outcome)
    missing = len(outcome.coverage.unread) + len(outcome.coverage.errors)
    nothing = f"nothing denied, {missing} not read" if missing else "nothing denied"
    clean_word = "DENIED, not enforced" if outcome.counts()["deny"] else nothing
    verdict = {1: "MAY NOT SHIP", 2: "NOT FULLY AUDITED"}.get(code, clean_word)
    duties = sum(one.rule is RuleName.DUTY and one.artifact == PRODUCT and one.verdict in _LIVE for one in outcome.findings)
    unknown = sum(one.rule is RuleName.UNKNOWN and one.scope is Scope.USED for one in outcome.findings)
    head = f"{clean(outcome.name)}: {verdict}"
    tail = f"{denied} denied, {warned} warned, {_plural(duties, 'duty', 'duties')}, {unknown} unknown"
    painted = style.paint(head, "1;31" if code == 1 else "1;33" if code else "1;32")
    yield columns(head, tail, _WIDTH).replace(head, painted, 1)
    told = _told(outcome)
    asked = _asked(outcome.findings)
    yield from wrapped(clean(f"{told}; {_plural(len(asked), 'question')} unanswered" if asked else told), _WIDTH, _INDENT)


def _restrictions(outcome: Outcome) -> tuple[int, int]:
    """Blocks that are denied and warned of: one restriction at the product and at what is made here counts once."""
    blocks = _merge_blocks(
        [one for one in outcome.findings if one.severity in (Action.DENY, Action.WARN) and one.rule is not RuleName.UNKNOWN]
    )
    denied = sum(any(one.severity is Action.DENY for one in group) for group in blocks)
    # Unknowns and unread files are denied only where the policy says so; they then count as what they are.
    others = sum(one.severity is Action.DENY and one.rule is RuleName.UNKNOWN for one in outcome.findings)
    unread = len(outcome.coverage.unread) if outcome.case.policy.unread is Action.DENY else 0
    return denied + others + unread, len(blocks) - denied


def _told(outcome: Outcome) -> str:
    values, assumed = outcome.case.context.values, outcome.case.context.assumed
    parts = []
    for key, value in sorted(values.items()):
        if isinstance(value, bool):
            parts.append(f"{'' if value else 'not '}{key.replace('_', ' ')}{' (assumed)' if key in assumed else ''}")
        elif isinstance(value, tuple):
            parts.append(f"{key.replace('_', ' ')}: {', '.join(value) or 'nothing'}")
        else:
            parts.append(f"{key.replace('_', ' ')}: {value:,}" if isinstance(value, int) else f"{key.replace('_', ' ')}: {value}")
    return "; ".join(parts)


def _plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


# --- restrictions ---------------------------------------------------------------------------------


def _merge_blocks(findings: Sequence[Finding]) -> list[list[Finding]]:
    """One block for a restriction: the same clause let in by the same relation, wherever it comes from and also binds."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for one in findings:
        license_ = one.origins[0].license if one.origins else None
        # A breach or a drift is a fact of one artifact; a limit is one thing to decide for each way in.
        where = one.artifact if one.rule is not RuleName.INHERITED else _way_in(one)
        groups.setdefault((one.rule, one.term, one.term_key, license_, one.severity, where), []).append(one)
    groups = _merge_alike(groups)
    blocks = [
        sorted(group, key=lambda one: (one.artifact != PRODUCT, len(one.route.stops) if one.route else 0, one.artifact))
        for group in groups.values()
    ]
    order = {Action.DENY: 0, Action.WARN: 1}
    rules = {RuleName.INHERITED: 0, RuleName.BREACH: 1, RuleName.DRIFT: 2}
    return sorted(blocks, key=lambda group: (order[group[0].severity], rules.get(group[0].rule, 3)))


def _merge_alike(groups: dict[tuple[object, ...], list[Finding]]) -> dict[tuple[object, ...], list[Finding]]:
    """Things made here that take in the same part are one line: fifty recipes on one base are one thing to decide."""
    merged: dict[tuple[object, ...], list[Finding]] = {}
    for key, group in groups.items():
        taken = {one.route.stops[-1].link.upstream for one in group if one.route is not None and one.route.stops}
        if len(taken) == 1 and all(one.artifact != PRODUCT and one.rule is not RuleName.DRIFT for one in group):
            questions = tuple(one.questions for one in group[:1])
            key = (*key[:-1], "taken in", next(iter(taken)), questions)  # noqa: PLW2901  # the same for all that take it in
        merged.setdefault(key, []).extend(group)
    return merged


def _way_in(finding: Finding) -> str:
    """What the product, or the thing made here, takes in directly: the part one would replace."""
    stops = finding.route.stops if finding.route is not None else ()
    if not stops:
        return finding.artifact
    if finding.artifact == PRODUCT and len(stops) > 1:
        return stops[-1].link.upstream
    return finding.artifact


def _block(outcome: Outcome, group: Sequence[Finding], style: Style) -> Iterator[str]:
    finding = min(group, key=lambda one: (one.severity is not Action.DENY, one.artifact != PRODUCT))
    severity = finding.severity.value.upper()
    title = finding.term if finding.rule is RuleName.INHERITED else f"{finding.rule.value} ({finding.term})"
    certainty = "settled" if finding.is_settled else "contested"
    if finding.route is not None and any(stop.link.is_inferred for stop in finding.route.stops):
        certainty += ", inferred"  # the text is sure, a step on the way to it is a guess
    head = columns(f"{severity} {title}", f"{certainty}  {finding.id}", _WIDTH)
    yield head.replace(severity, style.severity(severity), 1)
    if finding.rule is RuleName.INHERITED:
        yield from wrapped(clean(f'{_license_name(outcome, finding)}, {finding.clause}: "{finding.quote}"'), _WIDTH, _INDENT)
    else:
        yield from wrapped(clean(finding.message), _WIDTH, _INDENT)
        if finding.quote:
            yield from wrapped(clean(f'{_license_name(outcome, finding)}, {finding.clause}: "{finding.quote}"'), _WIDTH, _INDENT)
    for part in finding.questions:
        yield from wrapped(
            f"? {part.text} ({part.value}: {outcome.case.policy.answers[part].value})", _WIDTH, _INDENT + "  ", first=_INDENT
        )
    if finding.verdict is Verdict.APPLIES_IF and finding.asks:
        yield from wrapped("? " + " ".join(question_for(key) for key in finding.asks), _WIDTH, _INDENT + "  ", first=_INDENT)
    if finding.route is not None and finding.route.stops:
        yield from _route(outcome, finding.route)
    else:
        for evidence in outcome.placed(finding.evidence[:_MOST_NAMED]):
            yield columns(f"{_INDENT}{clean((evidence.as_written or '').strip())[:40]}", place_of(evidence), _WIDTH)
    origins = list(dict.fromkeys(origin.artifact for one in group for origin in one.origins if origin not in finding.origins[:1]))
    origins = [one for one in origins if one != finding.artifact]
    if origins:
        yield from wrapped(clean(f"also from {_some(origins)}"), _WIDTH, _INDENT + "  ", first=_INDENT)
    for link in finding.also_by[:_MOST_NAMED]:
        where = next(iter(outcome.placed(link.evidence[:1])), None)
        yield columns(f"{_INDENT}also by {clean(link.upstream)}", place_of(where) if where is not None else "", _WIDTH)
    others = sorted({one.artifact for one in group} - {finding.artifact})
    if others:
        yield from wrapped(clean(f"also binds {_some(others)}"), _WIDTH, _INDENT + "  ", first=_INDENT)
    yield from wrapped(clean(f"way out: {finding.next}"), _WIDTH, _INDENT + "  ", first=_INDENT)


def _license_name(outcome: Outcome, finding: Finding) -> str:
    license_ = outcome.catalog.license(finding.origins[0].license) if finding.origins else None
    return license_.name if license_ is not None else (finding.origins[0].license if finding.origins else "")


def _route(outcome: Outcome, route: Route) -> Iterator[str]:
    """The way from the artifact bound down to the origin, each step with its place."""
    for depth, stop in enumerate(reversed(route.stops)):
        evidence = next(iter(outcome.placed(stop.link.evidence[:1])), None)
        start = f"{clean(stop.link.downstream)} " if depth == 0 else ""
        left = f"{_INDENT}{'  ' * min(depth, 8)}{start}{stop.link.type.value} {clean(stop.link.upstream)}"
        yield columns(left, place_of(evidence) if evidence is not None else "", _WIDTH)


def place_of(evidence: Evidence, *, short: bool = True) -> str:
    """Where a fact stands: file and line, or the catalogue and its source."""
    if evidence.path is not None:
        return clean(evidence.path) + (
            f":{evidence.line}" if evidence.line is not None else f"#{evidence.pointer}" if evidence.pointer else ""
        )
    word = "inferred" if evidence.basis is Basis.INFERRED else "catalogue" if evidence.basis is Basis.CATALOGUED else evidence.reader
    source = clean(evidence.source or "").removeprefix("https://").removeprefix("http://")
    if short and len(source) > _SOURCE_WIDTH:
        source = source[: _SOURCE_WIDTH - 1] + "…"
    return f"{word} ({source})" if source else word


# --- lists ----------------------------------------------------------------------------------------


def _named(outcome: Outcome, findings: Iterable[Finding]) -> Iterator[str]:
    """Limits that stop nobody as things stand: one line each."""
    chosen = [
        one
        for one in findings
        if one.rule is RuleName.INHERITED
        and one.severity is Action.INFO
        and one.scope is Scope.USED
        and WORDS[one.term].kind is WordKind.LIMIT
    ]
    live = [one for one in chosen if one.verdict in (Verdict.APPLIES, Verdict.APPLIES_IF) and _is_sure(outcome, one)]
    if live:
        yield ""
        yield "LIMITS to know"
        for (_, _), group in sorted(_by_clause(live).items()):
            one = group[0]
            license_ = outcome.catalog.license(one.origins[0].license)
            said = says(license_.term(one.term_key)) if license_ is not None else one.term
            origins = list(dict.fromkeys(origin.artifact for finding in group for origin in finding.origins))
            yield from wrapped(
                clean(f"{one.term}: {said}; {_license_name(outcome, one)}, {one.clause}, from {_some(origins)}"),
                _WIDTH,
                _INDENT + "  ",
                first=_INDENT,
            )
        contested = sum(one.verdict in (Verdict.APPLIES, Verdict.APPLIES_IF) for one in chosen) - len(live)
        if contested:
            yield f"{_INDENT}and {contested} that hang on open questions: --format json"
    waived = [one for one in findings if one.verdict is Verdict.WAIVED]
    if waived:
        yield ""
        yield "WAIVED"
        for one in waived:
            yield from wrapped(clean(f"{one.term} at {one.artifact}: {one.message} [{one.note}]"), _WIDTH, _INDENT + "  ", first=_INDENT)


def _own(outcome: Outcome, findings: Iterable[Finding]) -> Iterator[str]:
    """What the product's own licence asks of whoever takes it, one line a licence."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        if one.rule is RuleName.OWN and one.severity is Action.INFO and one.verdict is not Verdict.WAIVED:
            groups.setdefault((one.artifact, one.origins[0].license if one.origins else ""), []).append(one)
    if not groups:
        return
    yield ""
    yield "OWN LICENCES, which hold whoever takes it from its owner"
    for (artifact, license_), group in sorted(groups.items(), key=lambda item: (item[0][0] != PRODUCT, item[0])):
        told = ", ".join(dict.fromkeys(one.term for one in group)) if license_ else group[0].message
        stated = next((evidence for one in group for evidence in outcome.placed(one.evidence[:1])), None)
        place = f" ({place_of(stated)})" if stated is not None else ""
        name = f"{_license_name(outcome, group[0])}: " if license_ else ""
        whose = f"{artifact}, {group[0].note}" if group[0].note else artifact
        yield from wrapped(clean(f"{whose}: {name}{told}{place}"), _WIDTH, _INDENT + "  ", first=_INDENT)


def _is_sure(outcome: Outcome, finding: Finding) -> bool:
    """Does it hang on no question that the policy leaves open?"""
    return all(outcome.case.policy.answers[question] is Answer.YES for question in finding.questions)


def _by_clause(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.origins[0].license if one.origins else "", one.term_key), []).append(one)
    return groups


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"  # as many as a line holds


def _duties(outcome: Outcome, findings: Iterable[Finding]) -> Iterator[str]:
    duties = [one for one in findings if one.rule is RuleName.DUTY and one.verdict in _LIVE and one.scope is Scope.USED]
    idle = sum(one.rule is RuleName.DUTY and one.verdict is Verdict.NOT_TRIGGERED for one in findings)
    if not duties and not idle:
        return
    yield ""
    yield "DUTIES"
    by_license: dict[tuple[str, str], list[Finding]] = {}
    sure = [one for one in duties if _is_sure(outcome, one)]
    at_product = {(one.origins[0].license, one.term_key) for one in sure if one.artifact == PRODUCT}
    for one in sure:
        if one.artifact == PRODUCT or (one.origins[0].license, one.term_key) not in at_product:
            by_license.setdefault((one.artifact, one.origins[0].license), []).append(one)
    alike: dict[tuple[object, ...], list[tuple[str, list[Finding]]]] = {}
    for (artifact, license_), group in sorted(by_license.items(), key=lambda item: (item[0][0] != PRODUCT, item[0])):
        said = tuple((one.term_key, one.verdict) for one in group)
        alike.setdefault((artifact == PRODUCT, license_, said), []).append((artifact, group))
    for together in alike.values():
        artifact, group = together[0]
        origins = list(dict.fromkeys(origin.artifact for _, ones in together for one in ones for origin in one.origins))
        at = "" if artifact == PRODUCT else f" (at {_some([one for one, _ in together])})"
        yield from wrapped(clean(f"{_license_name(outcome, group[0])}, for {_some(origins)}{at}"), _WIDTH, _INDENT + "    ", first=_INDENT)
        for one in group:
            asked = " or ".join(key.removeprefix("artifact.").replace("_", " ") for key in one.asks)
            when = f" - if {asked}" if one.verdict is Verdict.APPLIES_IF else ""
            yield from wrapped(
                clean(f"{one.clause}: {one.message.partition(': ')[2]}{when}"), _WIDTH, _INDENT + "    ", first=_INDENT + "  "
            )
    rest = [f"{len(duties) - len(sure)} hang on open questions"] if len(duties) > len(sure) else []
    rest += [f"{idle} not triggered by this use"] if idle else []
    if rest:
        yield f"{_INDENT}{'; '.join(rest)}: --format json"


def _risks(findings: Iterable[Finding]) -> Iterator[str]:
    counts: dict[str, int] = {}
    for one in findings:
        if (
            one.rule is RuleName.INHERITED
            and one.artifact == PRODUCT
            and one.scope is Scope.USED
            and WORDS[one.term].kind is WordKind.RISK
            and one.verdict is not Verdict.NOT_TRIGGERED
        ):
            counts[one.term] = counts.get(one.term, 0) + 1
    if counts:
        yield ""
        text = ", ".join(f"{word} ({count})" if count > 1 else word for word, count in sorted(counts.items()))
        yield from wrapped(f"RISKS {text}; lien why WORD tells where from", _WIDTH, _INDENT, first="")


def _options(findings: Iterable[Finding]) -> Iterator[str]:
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        if (
            one.scope is Scope.OPTION
            and one.rule is RuleName.INHERITED
            and one.verdict is not Verdict.NOT_TRIGGERED
            and WORDS[one.term].kind is WordKind.LIMIT
        ):
            for origin in one.origins:
                groups.setdefault(origin.artifact, []).append(one)
    if groups:
        yield ""
        yield "OPTIONS that would bring limits if chosen"
        for artifact, brought in sorted(groups.items()):
            terms = ", ".join(sorted({one.term for one in brought}))
            yield from wrapped(clean(f"{artifact}: {terms}"), _WIDTH, _INDENT + "  ", first=_INDENT)


def _unknowns(outcome: Outcome, findings: Iterable[Finding], style: Style) -> Iterator[str]:
    unknown = [one for one in findings if one.rule is RuleName.UNKNOWN and one.scope is Scope.USED]
    if not unknown:
        return
    yield ""
    yield style.paint("UNKNOWN", "33")
    for one in unknown:
        yield from wrapped(clean(f"{one.term}: {one.message}"), _WIDTH, _INDENT + "  ", first=_INDENT)
        if one.term_key == "unresolved-reference":
            for evidence in outcome.placed(one.evidence[:_MOST_NAMED]):
                yield f"{_INDENT}  {place_of(evidence)}"
        yield from wrapped(clean(f"way out: {one.next}"), _WIDTH, _INDENT + "  ", first=_INDENT + "  ")


def _asked(findings: Iterable[Finding]) -> list[str]:
    return sorted({key for one in findings if one.verdict is Verdict.APPLIES_IF and one.scope is Scope.USED for key in one.asks})


def _questions(findings: Sequence[Finding]) -> Iterator[str]:
    asked = [key for key in _asked(findings) if not key.startswith("artifact.")]
    if asked:
        yield ""
        yield "QUESTIONS: answer them under [context] in lien.toml"
        for key in asked:
            yield from wrapped(f"{key}: {question_for(key)}", _WIDTH, _INDENT + "  ", first=_INDENT)


def _coverage(outcome: Outcome, style: Style) -> Iterator[str]:
    coverage = outcome.coverage
    for title, problems in (("ERRORS: owed inputs that could not be read", coverage.errors), ("UNREAD", coverage.unread)):
        if problems:
            yield ""
            yield style.paint(title, "1;31" if problems is coverage.errors else "33")
            for one in sorted(problems, key=Problem.place):
                yield from wrapped(
                    clean(f"{one.path}{f':{one.line}' if one.line else ''}: {one.message}"), _WIDTH, _INDENT + "  ", first=_INDENT
                )
    if outcome.struck:
        yield ""
        yield "CORRECTED by the project file"
        for struck in outcome.struck:
            yield from wrapped(clean(f"{struck.what}: {struck.reason}"), _WIDTH, _INDENT + "  ", first=_INDENT)
    yield ""
    if coverage.passed_over:
        kinds = ", ".join(
            f"{count} {ending}" for ending, count in sorted(coverage.passed_over.items(), key=lambda item: (-item[1], item[0]))
        )
        yield from wrapped(clean(f"passed over, since no reader found its format in them: {kinds}"), _WIDTH, "")
    if coverage.skipped:
        reasons = Counter(reason for _, reason in coverage.skipped)
        listed = "; ".join(f"{count} {reason}" for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
        yield from wrapped(clean(f"skipped {_plural(len(coverage.skipped), 'place')}: {listed}"), _WIDTH, "")
    artifacts = len(outcome.graph.artifacts) - 1
    yield from wrapped(
        f"read {len(coverage.read)} of {_plural(coverage.considered, 'file')}, {len(coverage.unread)} unread, {_plural(len(coverage.errors), 'error')}; "
        f"{_plural(artifacts, 'artifact')}, {_plural(len(outcome.graph.links), 'relation')}; as of {outcome.as_of.isoformat()}. "
        "What texts say, with their sources; not legal advice.",
        _WIDTH,
        "",
    )
    waived = sum(one.verdict is Verdict.WAIVED for one in outcome.findings)
    denied, warned = _restrictions(outcome)
    unknown = sum(one.rule is RuleName.UNKNOWN and one.scope is Scope.USED for one in outcome.findings)
    missing = len(coverage.unread) + len(coverage.errors)
    yield f"{denied} denied, {warned} warned, {unknown} unknown, {waived} waived, {missing} not read"
