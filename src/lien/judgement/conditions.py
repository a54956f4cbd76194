"""Conditions of terms, answered by the context and by the artifact that is bound.

Three-valued: unknown never clears a term; it asks.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lien.graph.supply import Artifact
from lien.policy.values import Context
from lien.vocabulary.conditions import CONTEXT_KEY_OF, Condition
from lien.vocabulary.licenses import Term

__all__ = ["Trigger", "trigger"]

_EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())  # noqa: SIM905  # easier to check


@dataclass(frozen=True, slots=True)
class Trigger:
    """Does a term apply? True, False, or None with the keys of the context that would tell.

    `clause` is where the text makes the exception that cleared the term.
    """

    applies: bool | None
    asks: tuple[str, ...] = ()
    clause: str | None = None


def trigger(term: Term, context: Context, artifacts: Sequence[Artifact]) -> Trigger:
    """Whether a term's conditions hold at the first of some artifacts, the others being its way back to the origin.

    A condition on an artifact is answered by the first of them that tells: "multimodal" is said of the
    model that a product ships, not of the product.
    """
    applies, asks = _any(term.triggers, context, artifacts, default=True, clears=False)
    if applies is False:
        return Trigger(applies=False)
    exceptions = [one for one in term.unless if _worth_asking(one, context)]
    for condition in exceptions:
        if _holds(condition, context, artifacts, clears=True)[0] is True:
            return Trigger(applies=False, clause=condition.clause)
    lifted, more = _any(exceptions, context, artifacts, default=False, clears=True)
    if lifted is None:
        applies = None
        asks = asks | more
    return Trigger(applies=applies, asks=tuple(sorted(asks)) if applies is None else ())


def _worth_asking(exception: Condition, context: Context) -> bool:
    """An exception for what somebody received is only asked about where the user says anything of it.

    Nobody who builds a product has received it inside one; asking each time would be noise.
    """
    return context.get("received_as") is not None or all(key != "received_as" for key, _ in exception.context)


def _any(
    conditions: Iterable[Condition], context: Context, artifacts: Sequence[Artifact], *, default: bool, clears: bool
) -> tuple[bool | None, frozenset[str]]:
    answers = [_holds(condition, context, artifacts, clears=clears) for condition in conditions]
    if not answers:
        return default, frozenset()
    if any(answer is True for answer, _ in answers):
        return True, frozenset()
    if all(answer is False for answer, _ in answers):
        return False, frozenset()
    return None, frozenset(key for answer, asks in answers if answer is None for key in asks)


def _holds(condition: Condition, context: Context, artifacts: Sequence[Artifact], *, clears: bool) -> tuple[bool | None, frozenset[str]]:
    """All parts of one alternative; unknown if none is false and one is unknown.

    `clears` is the answer that would clear the term: what is only assumed does not give it.
    """
    asks: set[str] = set()
    for key, value in condition.artifact:
        answer = _of_artifacts(key, value, artifacts)
        if answer is False:
            return False, frozenset()
        if answer is None:
            asks.add(f"artifact.{key}")
    for key, value in condition.context:
        name = CONTEXT_KEY_OF[key]
        told = context.get(name)
        answer = None if told is None else _of_context(key, value, told)
        if answer is None or (answer is clears and name in context.assumed):
            asks.add(name)
        elif not answer:
            return False, frozenset()
    return (None if asks else True), frozenset(asks)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, tuple | list) else (str(value),)


def _of_context(key: str, value: object, told: object) -> bool:
    match key:
        case "users_over" | "revenue_usd_over":
            return isinstance(told, int) and isinstance(value, int) and told > value
        case "territory":
            wanted, places = _territories(_texts(value)), _territories(_texts(told))
            return bool(wanted & places)
        case "fields_outside":
            return not told or bool(set(_texts(told)) - set(_texts(value)))  # in no field is in none of these
        case _ if isinstance(value, bool):
            return told is value
        case _:
            return bool(set(_texts(value)) & set(_texts(told)))


def _territories(codes: Iterable[str]) -> frozenset[str]:
    """Codes with the Union spelled out, so that DE meets EU."""
    codes = {code.upper() for code in codes}
    return frozenset(codes | _EU) if "EU" in codes else frozenset(codes)


def _of_artifacts(key: str, value: object, artifacts: Sequence[Artifact]) -> bool | None:
    """The answer of the bound artifact itself for its kind, else of the first one on the way that tells."""
    if key == "kind":
        return _of_artifact(key, value, artifacts[0])
    return next((answer for one in artifacts if (answer := _of_artifact(key, value, one)) is not None), None)


def _of_artifact(key: str, value: object, artifact: Artifact) -> bool | None:
    if key == "kind":
        return artifact.kind in _texts(value)
    if key in ("released_before", "released_after"):
        if artifact.released is None:
            return None
        day = dt.date.fromisoformat(str(value))
        return artifact.released < day if key == "released_before" else artifact.released >= day
    told = artifact.attributes.get(key)
    return bool(set(_texts(value)) & set(_texts(told))) if told is not None else None
