"""The closed list of conditions that a term may set and a context may answer (DESIGN section 3).

Answers are three-valued: True, False, or None for unknown. Unknown never clears a term.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ARTIFACT_CONDITIONS", "CONTEXT_CONDITIONS", "Condition", "ContextKey", "Distribution", "Hosting"]


class Distribution(StrEnum):
    """What the user hands to others; the values of `context.distributes`."""

    WEIGHTS = "weights"
    APP = "app"
    BINARY = "binary"
    SOURCE = "source"
    DATA = "data"


class Hosting(StrEnum):
    """What the user lets others use over a network; the values of `context.hosts`."""

    MODEL_API = "model-api"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextKey:
    """One key of the context: its type in a policy file and the question that an absent key asks."""

    name: str
    type: str
    question: str


CONTEXT_CONDITIONS: Mapping[str, ContextKey] = {
    key.name: key
    for key in (
        ContextKey(
            name="distributes",
            type="distributions",
            question="What do you hand to others: weights, app, binary, source, data, or nothing ([])?",
        ),
        ContextKey(name="hosts", type="hostings", question="What do you offer over a network: model-api, application, or nothing ([])?"),
        ContextKey(name="modifies", type="bool", question="Do you modify the licensed work?"),
        ContextKey(name="publishes", type="bool", question="Do you publish the work, what you derive from it, or its results?"),
        ContextKey(name="commercial", type="bool", question="Is the use commercial?"),
        ContextKey(name="monthly_users", type="count", question="How many monthly active users do you and your affiliates have?"),
        ContextKey(name="revenue_usd_per_year", type="count", question="What is your yearly revenue, in US dollars?"),
        ContextKey(
            name="territories", type="codes", question="In which countries are you or your users (ISO 3166 codes, EU for the Union)?"
        ),
        ContextKey(
            name="organisation",
            type="names",
            question="What kind of organisation are you (company, academic, non-profit, government, person)?",
        ),
        ContextKey(
            name="received_as", type="name", question="Did you receive the work as part of somebody else's integrated end-user product?"
        ),
        ContextKey(
            name="fields",
            type="names",
            question="In which fields is the product used (research, evaluation, or a category of barred uses)?",
        ),
        ContextKey(
            name="trains_on_outputs", type="bool", question="Do you use what the model or service writes to train or improve other models?"
        ),
        ContextKey(
            name="competes_with", type="names", question="With which licensors' products does the product or model compete ([] for none)?"
        ),
        ContextKey(
            name="offers_as_service",
            type="bool",
            question="Is offering the work itself, or a stand-in for it, as a service part of the product?",
        ),
        ContextKey(
            name="made_to_imitate",
            type="bool",
            question="Are your models trained on outputs in order to perform like the model that wrote them?",
        ),
    )
}
"""Keys of `context` in a policy file. A condition on a key compares as `Condition` says."""

ARTIFACT_CONDITIONS = ("kind", "task", "modality", "family", "released_before", "released_after")
"""Conditions asked of the artifact that is bound."""

_TERM_KEYS = (
    "distributes",
    "hosts",
    "modifies",
    "publishes",
    "commercial",
    "users_over",
    "revenue_usd_over",
    "territory",
    "organisation",
    "received_as",
    "fields",
    "fields_outside",
    "trains_on_outputs",
    "competes_with",
    "offers_as_service",
    "made_to_imitate",
)
"""Keys that `when` and `unless` may use under `context`, each answered from one key of the context."""

CONTEXT_KEY_OF: Mapping[str, str] = {key: key for key in _TERM_KEYS if key in CONTEXT_CONDITIONS} | {
    "users_over": "monthly_users",
    "revenue_usd_over": "revenue_usd_per_year",
    "territory": "territories",
    "fields_outside": "fields",
}
"""Which key of the context answers a condition of a term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One alternative of `when` or `unless`: all of its parts must hold.

    `context` and `artifact` are sorted (key, value) pairs. Values compare so: a list holds if the
    context's list shares a member; a bool if equal; `users_over` and `revenue_usd_over` if the
    context's number is greater; `territory` if a territory is among them; `fields_outside` if a
    field is not among them; `released_before` and `released_after` by date.
    `clause` is where the text says so.
    """

    context: tuple[tuple[str, object], ...] = ()
    artifact: tuple[tuple[str, object], ...] = ()
    clause: str | None = None


TERM_CONTEXT_KEYS = _TERM_KEYS
