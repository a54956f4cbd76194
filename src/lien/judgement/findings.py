"""Findings as values, and their stable ids."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from lien.graph.fragments import Evidence
from lien.graph.supply import Link
from lien.judgement.inheritance import Route
from lien.policy.values import Action
from lien.vocabulary.forms import Form
from lien.vocabulary.ids import without_version
from lien.vocabulary.kinds import Scope
from lien.vocabulary.questions import Question

__all__ = ["Finding", "Origin", "RuleName", "Verdict", "finding_id"]


class RuleName(StrEnum):
    """Which rule found it."""

    INHERITED = "inherited"
    DRIFT = "drift"
    BREACH = "breach"
    DUTY = "duty"
    UNKNOWN = "unknown"
    OWN = "own"


class Verdict(StrEnum):
    """What the context makes of a term that binds."""

    APPLIES = "applies"
    APPLIES_IF = "applies-if"
    NOT_TRIGGERED = "not-triggered"
    DISCHARGED = "discharged"
    WAIVED = "waived"


class Origin(NamedTuple):
    """Where a term comes from: a licence (its id) on an artifact.

    A named tuple, since one finding of a popular licence has tens of thousands of them.
    """

    license: str
    artifact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the answer; see DESIGN section 8 for each field.

    `asks` are keys of the context whose answer would settle the verdict; `note` says what an answer to
    a question, an agreement or a rule changed. `also_by` are other relations of the product that let the same term in.
    """

    id: str
    rule: RuleName
    term: str
    term_key: str
    artifact: str
    origins: tuple[Origin, ...]
    scope: Scope
    severity: Action
    verdict: Verdict
    message: str
    next: str
    params: Mapping[str, object] = field(default_factory=dict)
    form: Form | None = None
    route: Route | None = None
    is_settled: bool = True
    questions: tuple[Question, ...] = ()
    asks: tuple[str, ...] = ()
    clause: str = ""
    quote: str = ""
    source: str | None = None
    evidence: tuple[Evidence, ...] = ()
    also_by: tuple[Link, ...] = ()
    note: str | None = None


def finding_id(rule: RuleName, license_: str, term_key: str, origin: str | None, artifact: str) -> str:
    """The first 10 hex digits of SHA-256 over what makes a finding the same from run to run.

    No path, line or package version enters: baselines and waivers hang on the id.
    """
    parts = (rule, license_, term_key, without_version(origin or ""), without_version(artifact))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]
