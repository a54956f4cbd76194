"""`formulation` (CycloneDX 1.5 on): what the workflows and tasks that made a thing took in and gave out.

An outcome came from the inputs of its run. Runs that name no artifact among their outputs have those of
their workflow. Models and data that take part in runs without any outcome are said to be open: what
they went into is not told.
"""

from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Evidence
from lien.readers._bom_ids import hub_repository
from lien.readers._bom_values import Json, list_at, object_at, shown, text
from lien.readers._cyclonedx_name import NAME
from lien.readers._cyclonedx_relations import PRODUCT_PARTY, Party, Relations
from lien.vocabulary.ids import dataset_id, model_id
from lien.vocabulary.kinds import CODE_KINDS, Kind
from lien.vocabulary.relations import Said

__all__ = ["workflow_facts"]

_LEARNED = frozenset({Kind.MODEL, Kind.DATASET})
_NO_OUTCOME = "takes part in a run whose outcome is not named; give the workflow an output with its bom-ref"


class _Run(NamedTuple):
    """A workflow or task: what it took in and gave out, each with its place."""

    inputs: list[tuple[Json, str]]
    outputs: list[tuple[Json, str]]


def workflow_facts(formulas: list[Any], relations: Relations, path: str) -> Iterator[ArtifactSeen]:
    """Tell `relations` what came from what; yield what is named by its address alone. All components are registered by now."""
    for number, formula in enumerate(formulas):
        pointer = f"/formulation/{number}"
        held = object_at(formula, path, pointer, '{"workflows": […]}')
        for index, workflow in enumerate(list_at(held.get("workflows"), path, f"{pointer}/workflows", "workflows")):
            yield from _workflow(workflow, f"{pointer}/workflows/{index}", relations, path)


def _workflow(workflow: Any, pointer: str, relations: Relations, path: str) -> Iterator[ArtifactSeen]:  # noqa: ANN401  # any JSON value
    whole = _run(workflow, pointer, path)
    runs = [whole]
    for index, task in enumerate(list_at(workflow.get("tasks"), path, f"{pointer}/tasks", "tasks")):
        run = _run(task, f"{pointer}/tasks/{index}", path)
        runs.append(run if run.outputs else _Run(run.inputs, whole.outputs))
    for run in runs:
        outcomes: list[tuple[Party, str]] = []
        for resource, place in run.outputs:
            party = yield from _party(resource, place, relations, path)
            if party is not None:
                outcomes.append((party, str(resource.get("ref") or "")))
        for resource, place in run.inputs:
            taken = yield from _party(resource, place, relations, path)
            if taken is not None:
                _made_from(outcomes, taken, resource, place, relations, path)


def _made_from(outcomes: list[tuple[Party, str]], taken: Party, resource: Json, place: str, relations: Relations, path: str) -> None:
    evidence = Evidence(path, None, place, _written(resource), NAME)
    if not outcomes and taken.kind in _LEARNED:
        relations.unresolved((relations.subject or PRODUCT_PARTY).id, _written(resource) or taken.id, _NO_OUTCOME, evidence)
    for outcome, ref in outcomes:
        if outcome.id == taken.id:
            continue
        if outcome.kind not in CODE_KINDS:
            relations.lineage(outcome, ref, taken, Said.GENERATED, evidence, here=not taken.here)
        elif taken.kind in _LEARNED:
            relations.lineage(outcome, ref, taken, Said.CONTAINS, evidence, here=not taken.here)
        elif taken.kind in CODE_KINDS:
            # Its own source and its compiler alike: what a build leaves of either is not told.
            relations.lineage(outcome, ref, taken, Said.BUILDS_WITH, evidence, here=not taken.here)


def _run(value: Any, pointer: str, path: str) -> _Run:  # noqa: ANN401  # any JSON value
    if not isinstance(value, dict):
        raise InputError(f"is {shown(value)}, not an object; write a workflow or task with inputs and outputs", path=path, pointer=pointer)
    inputs = _resources(value.get("inputs"), f"{pointer}/inputs", path)
    references = list_at(value.get("resourceReferences"), path, f"{pointer}/resourceReferences", '{"ref": …}')
    inputs += [(one, f"{pointer}/resourceReferences/{index}") for index, one in enumerate(references) if isinstance(one, dict)]
    return _Run(inputs, _resources(value.get("outputs"), f"{pointer}/outputs", path))


def _resources(puts: object, pointer: str, path: str) -> list[tuple[Json, str]]:
    """The resources among inputs or outputs; parameters, variables and attachments name nothing, logs and metrics are no artifacts."""
    found = []
    for index, put in enumerate(list_at(puts, path, pointer, '{"resource": {"ref": …}}')):
        one = object_at(put, path, f"{pointer}/{index}", '{"resource": {"ref": …}}')
        resource = object_at(one.get("resource"), path, f"{pointer}/{index}/resource", '{"ref": …}')
        if resource and one.get("type", "artifact") == "artifact":
            found.append((resource, f"{pointer}/{index}/resource"))
    return found


def _party(resource: Json, place: str, relations: Relations, path: str) -> Generator[ArtifactSeen, None, Party | None]:
    """The party that a resource is, by bom-ref or by its page on the Hub; None for any other. Yields what only the address names."""
    ref = resource.get("ref")
    subject = relations.subject or PRODUCT_PARTY
    if isinstance(ref, str):
        return relations.find(ref, subject.id, Evidence(path, None, f"{place}/ref", ref, NAME))
    repository = hub_repository(_written(resource) or "")
    if repository is None:
        return None
    kind, name = repository
    identifier = dataset_id(name) if kind is Kind.DATASET else model_id(name)
    yield ArtifactSeen(identifier, kind, Evidence(path, None, place, _written(resource), NAME), name)
    return Party(identifier, kind)


def _written(resource: Json) -> str | None:
    """A resource as it is written: its bom-ref, or its address."""
    outside = resource.get("externalReference")
    return text(resource.get("ref")) or (text(outside.get("url")) if isinstance(outside, dict) else None)
