"""Bars on an act, judged on the step that commits it (DESIGN section 4)."""

from collections.abc import Iterator

from lien.graph.supply import Artifact
from lien.judgement.case import Case
from lien.judgement.conditions import Trigger
from lien.judgement.inheritance import Inheritance, Route
from lien.judgement.masks import TermBit
from lien.vocabulary.licenses import Act, License
from lien.vocabulary.relations import FAMILY_CLASSES, ReachClass

__all__ = ["TEACHING", "judge_act", "teaching_stop"]

TEACHING = frozenset({ReachClass.TRAIN, ReachClass.DISTILL})
"""Steps by which a model learns from content or from another model."""

# Tasks of the Hub in which a model writes text; filling masks, classifying and embedding do not.
_LANGUAGE_TASKS = frozenset(
    {"text-generation", "text2text-generation", "conversational", "chat", "summarization", "translation", "image-text-to-text"}
)
_GENERATIVE_TASKS = frozenset(
    {"text-to-image", "image-to-image", "text-to-video", "text-to-audio", "text-to-speech", "text-to-3d", "any-to-any"}
)


def teaching_stop(route: Route) -> int | None:
    """The index of the first step of a route on which a model learned; None if no act stands on it."""
    return next((index for index, stop in enumerate(route.stops) if stop.link.type.reach in TEACHING), None)


def judge_act(case: Case, inheritance: Inheritance, bit: TermBit, learner: str) -> Trigger:
    """Is a learner one that the bar speaks of? True, False with the clause that excepts it, or what to ask."""
    act = bit.term.act or Act()
    artifact = case.graph.artifacts[learner]
    if act.except_family is not None and _is_of_family(case, inheritance, act.except_family, learner):
        return Trigger(applies=False, clause=bit.term.clause)
    if act.learner == "competing-model":
        return _competes(case, act, bit.license)
    if act.learner == "language-model":
        return _is_language_model(artifact)
    if act.learner == "foundation-model":
        return _is_foundation_model(artifact)
    return Trigger(applies=True)


def _competes(case: Case, act: Act, license_: License) -> Trigger:
    rivals = case.context.get("competes_with")
    if rivals is None:
        return Trigger(applies=None, asks=("competes_with",))
    licensor = act.competes_with or license_.licensor
    return Trigger(applies=isinstance(rivals, tuple) and licensor in rivals)


def _is_language_model(artifact: Artifact) -> Trigger:
    """By its task if that is told; a modality other than text alone rules it out; else it must be asked."""
    tasks, modalities = _told(artifact, "task"), _told(artifact, "modality")
    if tasks:
        return Trigger(applies=bool(tasks & _LANGUAGE_TASKS))
    if modalities and not modalities & {"text", "multimodal"}:
        return Trigger(applies=False)
    return Trigger(applies=None, asks=("artifact.task",))


def _is_foundation_model(artifact: Artifact) -> Trigger:
    """Only what generates can be one; whether it is foundational is for people to say."""
    tasks = _told(artifact, "task")
    if tasks and not tasks & (_LANGUAGE_TASKS | _GENERATIVE_TASKS):
        return Trigger(applies=False)
    return Trigger(applies=True) if tasks else Trigger(applies=None, asks=("artifact.task",))


def _told(artifact: Artifact, key: str) -> frozenset[str]:
    value = artifact.attributes.get(key)
    return frozenset(str(one) for one in value) if isinstance(value, tuple | list) else frozenset({str(value)} if value is not None else ())


def _is_of_family(case: Case, inheritance: Inheritance, family: str, learner: str) -> bool:
    """Is a model under a licence, or built by copy, derive or adapt from works under it?"""
    return any(
        family in (license_.id, license_.family) for one in _ancestry(case, learner) for license_ in inheritance.standings.of(one).licenses
    )


def _ancestry(case: Case, identifier: str) -> Iterator[str]:
    pending, visited = [identifier], {identifier}
    while pending:
        current = pending.pop()
        yield current
        for link in case.upstream.get(current, ()):
            if link.type.reach in FAMILY_CLASSES and link.upstream not in visited:
                visited.add(link.upstream)
                pending.append(link.upstream)
