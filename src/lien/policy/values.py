"""A project file as values: product, context, answers, rules, agreements, declared facts, corrections."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from lien.vocabulary.questions import PRESETS, Answer, Question
from lien.vocabulary.relations import Relation

__all__ = ["Action", "Agreement", "Context", "Correction", "DeclaredRelation", "FailOn", "Policy", "ProductSpec", "Project", "Rule"]


class Action(StrEnum):
    """What a rule does with a finding; ALLOW waives it, with a reason."""

    DENY = "deny"
    WARN = "warn"
    INFO = "info"
    ALLOW = "allow"


class FailOn(StrEnum):
    """From which severity on the exit code is 1."""

    DENY = "deny"
    WARN = "warn"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the user told about the use. An absent key is unknown: it asks, and never clears a term."""

    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    assumed: frozenset[str] = frozenset()
    """Keys that the default policy answers, since nobody else did; none of them clears a term."""

    def get(self, key: str) -> object | None:
        """The value of a key, None if it is not told."""
        return self.values.get(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """First match wins. `unsure` is the action where the verdict hangs on a question."""

    action: Action
    unsure: Action
    finding: str | None = None
    terms: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    artifact: str | None = None
    origin: str | None = None
    scope: str | None = None
    reason: str | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A separate licence that the user holds: takes terms of `origin` (licence or artifact id) away."""

    origin: str
    terms: tuple[str, ...]
    reason: str
    until: dt.date | None = None

    def is_in_force(self, day: dt.date) -> bool:
        """Does it hold on that day, the last one included?"""
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRelation:
    """A relation that the user states as a fact, with its source."""

    downstream: str
    type: Relation
    upstream: str
    source: str
    date: dt.date | None = None
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Strikes a relation (`from`, `type`, `to`) or a claim (`artifact`, `claim`) that was seen wrongly."""

    reason: str
    downstream: str | None = None
    type: Relation | None = None
    upstream: str | None = None
    artifact: str | None = None
    claim: str | None = None
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSpec:
    """One product: its name, its own licence, and the folders that make it up (all if none is named)."""

    name: str | None = None
    license: str | None = None
    paths: tuple[str, ...] = ()
    publisher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Answers to the open questions, rules in order (the file's own before the defaults), and limits."""

    answers: Mapping[Question, Answer] = field(default_factory=lambda: PRESETS["balanced"])
    preset: str = "balanced"
    fail_on: FailOn = FailOn.DENY
    unread: Action = Action.WARN
    unknown: Action = Action.WARN
    rules: tuple[Rule, ...] = ()
    agreements: tuple[Agreement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Everything a project file says. `file` is its path, as shown."""

    products: tuple[ProductSpec, ...] = ()
    context: Context = field(default_factory=Context)
    policy: Policy = field(default_factory=Policy)
    overlays: tuple[str, ...] = ()
    relations: tuple[DeclaredRelation, ...] = ()
    corrections: tuple[Correction, ...] = ()
    file: str | None = None
