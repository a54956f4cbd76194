"""`unknown`: nothing declared, a text not read, lineage not told, a reference that leads nowhere."""

from collections.abc import Iterator, Sequence

from lien.graph.fragments import PRODUCT
from lien.judgement.case import Case, Judgement
from lien.judgement.findings import Finding, Origin, RuleName, Verdict, finding_id
from lien.judgement.inheritance import Arrival, Node
from lien.judgement.masks import TermBit
from lien.judgement.rules._common import way_in_evidence
from lien.judgement.unread import CUSTOM, OPAQUE, STAND_INS, UNKNOWN
from lien.policy.values import Action
from lien.vocabulary.ids import kind_of, without_version
from lien.vocabulary.kinds import Kind, Scope

__all__ = ["find"]

_SHOWN = 5


def find(case: Case) -> Iterator[Finding]:
    """One line for all of a kind, at the product as used."""
    node = Node(PRODUCT)
    if node in case.inheritance.number:
        for bit, arrivals in case.bound_terms(node, only=_is_stand_in):
            if bit.license.id == UNKNOWN.id:
                packages = [one for one in arrivals if kind_of(one.origin.id) is Kind.PACKAGE]
                others = [one for one in arrivals if kind_of(one.origin.id) is not Kind.PACKAGE]
                if packages:
                    yield _line(
                        case,
                        bit,
                        packages,
                        "unknown-license-of-packages",
                        f"{_count(packages, 'package')} with no licence that lien can see",
                        _way_to_licenses({without_version(one.origin.id).partition("/")[0] for one in packages}),
                    )
                if others:
                    yield _line(
                        case,
                        bit,
                        others,
                        "unknown-license",
                        f"no licence is known for {_names(others)}",
                        "look up their licences and state them in the BOM, or as knowledge in an overlay",
                    )
            elif bit.license.id == CUSTOM.id:
                unread = sorted({name for one in arrivals for name in case.standings.of(one.origin.id).unread})
                shown = ", ".join(_first_line(name) for name in unread[:_SHOWN]) + (
                    f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
                )
                yield _line(
                    case,
                    bit,
                    arrivals,
                    "custom-license",
                    f"clauses not encoded: {shown} ({_names(arrivals)})",
                    "read these texts; nothing is said about them here",
                )
            elif bit.license.id == OPAQUE.id:
                yield _line(
                    case,
                    bit,
                    arrivals,
                    "opaque-provenance",
                    f"nothing tells what these were built from: {_names(arrivals)}",
                    "ask their makers; what they inherit cannot be known",
                )
    yield from _unresolved(case)


def _way_to_licenses(ecosystems: set[str]) -> str:
    """Where the licences of packages stand: those of npm in its own lock, of Python in what is installed."""
    ways = []
    if ecosystems - {"package:npm"}:
        ways.append("install them and name the environment: lien audit --environment PATH")
    if "package:npm" in ecosystems:
        ways.append("for those of npm add a package-lock.json, which names licences: npm install --package-lock-only")
    return "; ".join(ways)


def _is_stand_in(bit: TermBit) -> bool:
    return bit.license.id in STAND_INS


def _first_line(name: str) -> str:
    lines = name.strip().splitlines()
    text = lines[0] if lines else name
    return text if len(text) <= 100 else text[:99] + "…"  # a name, not a text


def _count(arrivals: Sequence[Arrival], noun: str) -> str:
    return f"{len(arrivals)} {noun}{'s' if len(arrivals) != 1 else ''}"


def _names(arrivals: Sequence[Arrival]) -> str:
    names = [one.origin.id for one in arrivals]
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _line(case: Case, bit: TermBit, arrivals: Sequence[Arrival], key: str, message: str, what_next: str) -> Finding:
    best = arrivals[0]
    origins = tuple(Origin(bit.license.id, one.origin.id) for one in arrivals)
    judged = case.judge(RuleName.UNKNOWN, bit.term.word, {}, PRODUCT, [one.artifact for one in origins], Scope.USED, sure=True)
    severity, verdict = judged.severity, Verdict.APPLIES
    if severity is Action.ALLOW:
        severity, verdict = Action.INFO, Verdict.WAIVED
    elif bit.license.id != OPAQUE.id:
        severity = _severity(case, judged)
    return Finding(
        id=finding_id(RuleName.UNKNOWN, bit.license.id, key, None, PRODUCT),
        rule=RuleName.UNKNOWN,
        term=bit.term.word,
        term_key=key,
        origins=origins,
        artifact=PRODUCT,
        form=best.form,
        route=best.route,
        scope=Scope.USED,
        is_settled=best.is_settled,
        questions=best.route.questions,
        verdict=verdict,
        severity=severity,
        message=message,
        next=what_next,
        evidence=way_in_evidence(case, best, Scope.USED),
        note=judged.rule.reason if verdict is Verdict.WAIVED and judged.rule else None,
    )


def _severity(case: Case, judged: Judgement) -> Action:
    """`policy.unknown` is the say for all unknowns, unless a rule of the user's own speaks of this one."""
    return judged.severity if judged.rule is not None and not judged.rule.is_default else case.policy.unknown


def _unresolved(case: Case) -> Iterator[Finding]:
    """One line for what is used; what tests, documentation and examples name is told and warns nobody."""
    for references, key, where, scope in (
        (case.graph.unresolved, "unresolved-reference", "", Scope.USED),
        (case.graph.unresolved_aside, "unresolved-aside", " in tests, documentation or examples", Scope.DOC),
    ):
        open_ones = [one for one in references if one.downstream == PRODUCT or one.downstream in case.graph.artifacts]
        if not open_ones:
            continue
        shown = "; ".join(f"{one.what} ({one.reason})" for one in open_ones[:_SHOWN])
        judged = case.judge(RuleName.UNKNOWN, "opaque-provenance", {}, PRODUCT, [], scope, sure=True)
        waived = judged.severity is Action.ALLOW
        yield Finding(
            id=finding_id(RuleName.UNKNOWN, "", key, None, PRODUCT),
            rule=RuleName.UNKNOWN,
            term="opaque-provenance",
            term_key=key,
            origins=(),
            artifact=PRODUCT,
            scope=scope,
            verdict=Verdict.WAIVED if waived else Verdict.APPLIES,
            severity=Action.INFO if waived or scope is not Scope.USED else _severity(case, judged),
            message=f"{len(open_ones)} reference{'s' if len(open_ones) != 1 else ''}{where} could not be followed: {shown}",
            next="name what they stand for in lien.toml as a [[relation]]",
            evidence=tuple(one.evidence for one in open_ones),
        )
