"""What a Python file makes: a script that trains makes a model, and one that has a model write data makes a dataset.

What such a run makes is an artifact of its own; what it begins with and learns from are that artifact's upstreams,
and not the product's.
"""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._python_module import Module, last_name
from lien.readers._python_syntax import argument_of
from lien.readers._python_use import Use, evidence_at, seen
from lien.readers._python_uses import Uses
from lien.readers._python_values import Constant, Place
from lien.readers._references import has_no_owner, is_placeholder, model_reference
from lien.vocabulary.ids import dataset_id, hub_id, kind_of, model_id, service_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["Making", "made_by"]

_TRAINER = re.compile(r"(?:Trainer|TrainerForCLM|SparsificationTrainer)$")
_PREFERENCES = re.compile(r"^(?:DPO|ORPO|KTO|CPO|SimPO|IPO|Reward|OnlineDPO|BCO|PRM)Trainer$")
_GENERATOR = re.compile(
    r"(?:^|_)(?:gen|generate|generator|generation|synth|synthesize|synthesise|synthetic|synthesis|distill|distil|self_instruct|augment|annotate|label|relabel)(?:_|$)|(?:build|make|create|collect)_(?:\w+_)?(?:data|dataset|corpus|instructions?|pairs|qa)"
)
_PREPARES = re.compile(
    r"(?:^|_)(?:prepare|preprocess|prep)(?:_|$)|(?:process|convert|filter|clean|tokenize|download)_(?:\w+_)?(?:data|dataset|corpus)"
)
_DATA_FOLDER = re.compile(
    r"(?:^|/)scripts/(?:data|dataset)s?/|(?:^|/)(?:data|dataset)s?[_-]?(?:pipelines?|prep\w*|processing|processors?|preprocess\w*|gen|generation|construction|collection|curation|cleaning|tools|scripts)(?:[_-]\w{1,20})?/",
    re.IGNORECASE,
)
"""Folders of scripts that make data: `data_pipeline/`, `dataset_prep/`."""

_WRITERS: Final = frozenset(
    {
        "dump",
        "jdump",
        "to_json",
        "to_csv",
        "to_parquet",
        "to_jsonl",
        "save_to_disk",
        "push_to_hub",
        "write_jsonl",
        "save_json",
        "save_jsonl",
        "write_json",
        "writerow",
        "writerows",
    }
)
_TEACHER = re.compile(r"teacher", re.IGNORECASE)
_REWARD = re.compile(r"reward|(?:^|_)rm(?:_|$)", re.IGNORECASE)
_HELD_OUT = re.compile(r"(?:^|_)(?:eval|val|valid|validation|test|dev|bench\w*)(?:_|$)", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:^|_)ref(?:erence)?(?:_|$)", re.IGNORECASE)


class Making:
    """What one module makes: `id`, its kind, and where that is done."""

    def __init__(self, module: Module, uses: Uses, *, kind: Kind, place: ast.AST) -> None:
        self._module = module
        self._uses = uses
        self.kind = kind
        name = next(self._pushed_to(), None)
        owned = hub_id(name) if name is not None and name.count("/") == 1 and not is_placeholder(name) else None
        make = model_id if kind is Kind.MODEL else dataset_id
        self.id = make(owned or f"made:{module.path}")
        evidence = evidence_at(Place(module.path, module.line(place)), None)
        self._seen = ArtifactSeen(self.id, kind, evidence, name=name, made_here=True)

    def fragments(self, uses: list[Use]) -> Iterator[Fragment]:
        """The artifact with its upstreams; nothing if none is known."""
        found = list(self._model_relations(uses) if self.kind is Kind.MODEL else self._data_relations(uses))
        if found:
            yield self._seen
            yield from found

    def takes(self, use: Use) -> bool:
        """Is a use an input of what is made here, and so none of the product's?"""
        if use.place.path != self._module.path or use.role is not Role.DEFAULT:
            return False
        return use.relation is Relation.LOADS

    def _pushed_to(self) -> Iterator[str]:
        for call in self._module.calls:
            for keyword in call.keywords:
                if keyword.arg in {"hub_model_id", "push_to_hub_model_id"} and self.kind is Kind.MODEL:
                    yield from (str(one.value) for one in self._uses.evaluator.texts(keyword.value, self._module) if one.value)
        for call in self._module.calls_named.get("push_to_hub", ()):
            # Trainers take a message there, and models and datasets their repository.
            for one in self._uses.evaluator.texts(argument_of(call, "repo_id", 0) or call, self._module):
                if "/" in str(one.value):
                    yield str(one.value)

    # Models.

    def _model_relations(self, uses: list[Use]) -> Iterator[Fragment]:
        taken = [use for use in (*uses, *self._named_to_trainers) if self.takes(use)]
        bases = {use.id for use in taken if use.id is not None and kind_of(use.id) is Kind.MODEL and not use.is_support}
        for use in taken:
            if use.id is None:
                evidence = evidence_at(use.place, use.written)
                relation = Relation.FINETUNED_FROM if use.kind is Kind.MODEL else Relation.TRAINED_ON
                yield UnresolvedReference(
                    self.id, use.written, use.reason or "cannot be followed", evidence, relation, use.kind, Role.TRAINING
                )
                continue
            said = self._relation(use, has_base=bool(bases))
            if use.id == self.id or (use.is_support and (use.id in bases or not bases)):
                continue
            yield from seen(use)
            evidence = evidence_at(use.place, use.written)
            role = Role.EVALUATION if said is Relation.EVALUATED_ON else Role.TRAINING
            yield RelationSeen(self.id, said, use.id, evidence, role)

    def _relation(self, use: Use, *, has_base: bool) -> Relation:
        target = self._target(use.call) if use.call is not None else ""
        if use.id is not None and kind_of(use.id) is Kind.DATASET:
            return self._data_relation(use, target, has_base=has_base)
        if _TEACHER.search(target):
            return Relation.DISTILLED_FROM
        if _REWARD.search(target) and "RewardTrainer" not in self._module.calls_named:
            return Relation.REWARDED_BY
        if use.is_support:
            return Relation.CONTAINS
        return Relation.ADAPTER_OF if self._is_adapter else Relation.FINETUNED_FROM

    def _data_relation(self, use: Use, target: str, *, has_base: bool) -> Relation:
        split = argument_of(use.call, "split", None) if use.call is not None else None
        splits = [str(one.value) for one in self._uses.evaluator.texts(split, self._module)] if split is not None else []
        if _HELD_OUT.search(target) or (splits and all(re.match(r"(?:test|valid|dev)", one) for one in splits)):
            return Relation.EVALUATED_ON
        if any(_PREFERENCES.match(name) for name in self._module.calls_named):
            return Relation.PREFERENCE_TUNED_ON
        return Relation.FINETUNED_ON if has_base else Relation.TRAINED_ON

    @cached_property
    def _is_adapter(self) -> bool:
        names = self._module.calls_named
        keywords = {one.arg for call in self._module.calls for one in call.keywords}
        return "get_peft_model" in names or (
            bool({"LoraConfig", "AdaLoraConfig", "LoHaConfig"} & names.keys()) and "peft_config" in keywords
        )

    def _target(self, call: ast.AST) -> str:
        """The name that the result of a call is given, or the keyword that it is passed by."""
        current = call
        while (parent := self._module.parents.get(current)) is not None and not isinstance(parent, ast.stmt):
            if isinstance(parent, ast.keyword) and parent.arg:
                return parent.arg
            current = parent
        match parent:
            case ast.Assign(targets=[ast.Name(id=name)]):
                return name
            case ast.Assign(targets=[ast.Attribute(attr=name)]):
                return name
            case _:
                return ""

    @cached_property
    def _named_to_trainers(self) -> list[Use]:
        """Models that are given to a trainer by their names."""
        found: list[Use] = []
        for name, calls in self._module.calls_named.items():
            for call in calls if _TRAINER.search(name) else ():
                for keyword, relation in (
                    ("model", None),
                    ("reward_model", "reward"),
                    ("reward_funcs", "reward"),
                    ("teacher_model", "teacher"),
                ):
                    expression = argument_of(call, keyword, 0 if keyword == "model" else None)
                    for one in self._uses.evaluator.texts(expression, self._module) if expression is not None else ():
                        found.extend(self._named_model(one, expression or call, call if relation is None else None))
        return found

    def _named_model(self, one: Constant, expression: ast.AST, call: ast.Call | None) -> Iterator[Use]:
        text = str(one.value)
        reference = model_reference(text, self._uses.tree, self._module.path)
        if reference.id is None or has_no_owner(text) or hub_id(text) is None:
            return
        place = Place(self._module.path, self._module.line(expression))
        parent = self._module.parents.get(expression)
        marker = call if call is not None else parent.value if isinstance(parent, ast.keyword) else None
        yield Use(reference.id, Relation.LOADS, one.role, place, one.place, text, call=marker)  # type: ignore[arg-type]  # any node with a target

    # Datasets.

    def _data_relations(self, uses: list[Use]) -> Iterator[Fragment]:
        services = [
            use
            for use in (*uses, *self._called_elsewhere)
            if use.id is not None and use.relation is Relation.CALLS and use.role is Role.DEFAULT
        ]
        local = [use for use in uses if self.takes(use) and not use.is_support]
        relation = Relation.ANNOTATED_BY if re.search(r"annotat|label", self._module.path.rpartition("/")[2]) else Relation.GENERATED_BY
        for use in services if self._generates else ():
            if use.id is not None and _is_model_service(use.id):
                yield from seen(use)
                yield RelationSeen(self.id, relation, use.id, evidence_at(use.place, use.written), Role.BUILD)
        for use in local:
            if use.id is None:
                kind = Relation.DERIVED_FROM if use.kind is Kind.DATASET else relation
                evidence = evidence_at(use.place, use.written)
                yield UnresolvedReference(self.id, use.written, use.reason or "cannot be followed", evidence, kind, use.kind, Role.BUILD)
                continue
            type_ = relation if self._generates and self._generates_locally else Relation.FILTERED_BY
            if kind_of(use.id) is Kind.DATASET:
                type_ = Relation.DERIVED_FROM
            yield from seen(use)
            yield RelationSeen(self.id, type_, use.id, evidence_at(use.place, use.written), Role.BUILD)

    @cached_property
    def _generates(self) -> bool:
        return _GENERATOR.search(_stem(self._module)) is not None

    @cached_property
    def _generates_locally(self) -> bool:
        return "generate" in self._module.calls_named

    @cached_property
    def _called_elsewhere(self) -> list[Use]:
        """Services that functions of the tree call, which this module calls."""
        found: list[Use] = []
        for call in self._module.calls[:2000]:
            definition = self._uses.evaluator.definitions.definition(call, self._module)
            if definition is None or definition[1] is self._module or isinstance(definition[0], ast.ClassDef):
                continue
            function, other = definition
            inner = Uses(other, self._uses.evaluator, self._uses.tree)
            place = Place(self._module.path, self._module.line(call))
            found.extend(
                use._replace(place=place, named=place, role=Role.DEFAULT)
                for use in inner.all()
                if use.call is not None and other.function(use.call) is function and use.relation is Relation.CALLS
            )
        return found


def made_by(module: Module, uses: Uses) -> Making | None:
    """What a module makes, if it makes anything."""
    place = _training_call(module)
    if place is not None:
        return Making(module, uses, kind=Kind.MODEL, place=place)
    if _GENERATOR.search(_stem(module)) or _PREPARES.search(_stem(module)) or _DATA_FOLDER.search(module.path):
        writer = next((call for call in module.calls if last_name(call) in _WRITERS), None)
        if writer is not None:
            return Making(module, uses, kind=Kind.DATASET, place=writer)
    return None


def _stem(module: Module) -> str:
    return module.path.rpartition("/")[2].rpartition(".")[0].lower().replace("-", "_")


def _training_call(module: Module) -> ast.Call | None:
    """The call that trains: of a trainer, of `fit` on a model that was loaded, or the step of a loop."""
    names = module.calls_named
    if any(_TRAINER.search(name) for name in names):
        runs: list[ast.Call] = [*names.get("train", []), *names.get("fit", [])]
        if runs:
            return runs[0]
    fits, backward = names.get("fit", []), names.get("backward", [])
    loads = "SentenceTransformer" in names or "CrossEncoder" in names or ("from_pretrained" in names and "compile" in names)
    if fits and loads:
        return fits[0]
    steps = "step" in names and ("zero_grad" in names or "accumulate" in names)
    return backward[0] if backward and steps else None


def _is_model_service(identifier: str) -> bool:
    return identifier.partition("/")[0] not in {
        service_id(one) for one in ("wandb", "langsmith", "langfuse", "wikipedia", "arxiv", "tavily", "serpapi")
    }
