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

_LANGUAGE_TASKS = frozenset(
    {
        "text-generation",
        "text2text-generation",
        "conversational",
        "chat",
        "question-answering",
        "summarization",
        "translation",
        "fill-mask",
        "image-text-to-text",
    }
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
    if act.learner in ("language-model", "foundation-model"):
        return _is_language_model(artifact)
    return Trigger(applies=True)


def _competes(case: Case, act: Act, license_: License) -> Trigger:
    rivals = case.context.get("competes_with")
    if rivals is None:
        return Trigger(applies=None, asks=("competes_with",))
    licensor = act.competes_with or license_.licensor
    return Trigger(applies=isinstance(rivals, tuple) and licensor in rivals)


def _is_language_model(artifact: Artifact) -> Trigger:
    task, modality = artifact.attributes.get("task"), artifact.attributes.get("modality")
    told = {str(one) for value in (task, modality) if value is not None for one in (value if isinstance(value, tuple | list) else (value,))}
    if told & (_LANGUAGE_TASKS | {"text", "multimodal"}):
        return Trigger(applies=True)
    if told:
        return Trigger(applies=False)
    return Trigger(applies=None, asks=("artifact.task",))


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
