"""Arguments of Python scripts and trainers: what a run loads, or makes from what.

A run that trains makes a model of its own, whose upstreams are its arguments; it is named by the Hub id that
it is pushed to, else by the file of the command and its output folder. Any other script loads what it is given.
Arguments are known by the names that training code has in common; a value counts if it is a name on the Hub.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lien.graph.fragments import PRODUCT, ArtifactSeen, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._data_links import data_by_short_name, linked_data
from lien.readers._downloads import named_data
from lien.readers._model_names import named_base
from lien.readers._references import Reference, dataset_reference, hosted_model, is_placeholder, model_reference, seen
from lien.readers._shell import Word
from lien.readers._site import Site, options
from lien.vocabulary.ids import hub_id, model_id, telling_folder
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.relations import Relation

__all__ = ["script_facts"]

_BASES = frozenset(
    {
        *("model_name_or_path", "base_model", "base_model_name_or_path", "pretrained_model_name_or_path", "model_name", "model_id"),
        *("model_path", "model", "llm", "llm_path", "language_model", "base_model_path", "pretrained", "pretrained_model", "init_from"),
        *("sft_model_path", "actor_model_name_or_path", "model.path", "actor_rollout_ref.model.path", "backbone", "lm_path"),
    }
)
_PARTS = frozenset(
    {
        *("vision_tower", "vision_encoder", "image_encoder", "audio_tower", "speech_encoder", "text_encoder", "vision_model"),
        *("pretrained_vae_model_name_or_path", "controlnet_model_name_or_path", "vae", "vision_model_name_or_path", "audio_encoder"),
    }
)
_REWARDS = frozenset(
    {
        *("reward_model", "reward_model_path", "reward_model_name_or_path", "rm_model_path", "reward_pretrain"),
        "critic_model_name_or_path",  # the reward model of DeepSpeed-Chat's third step (`step3_rlhf_finetuning/main.py`)
    }
)
_TEACHERS = frozenset({"teacher_model", "teacher_model_name_or_path", "teacher_model_path", "teacher"})
_DATA = frozenset(
    {
        *("dataset_name", "dataset", "datasets", "data_path", "dataset_path", "train_file", "train_data", "train_dataset", "data"),
        *("train_data_path", "dataset_name_or_path", "training_data", "dataset_id", "train_data_file", "dataset_mixer", "data_files"),
        *("train_files", "data.train_files", "prompt_data", "dataset_mixer_list", "train_dataset_name"),
    }
)
_TEST_DATA = frozenset({"eval_dataset", "eval_dataset_name", "validation_file", "eval_data", "test_file", "eval_file", "eval_data_path"})
_BARE_MODELS = frozenset({"model_name_or_path", "base_model", "pretrained_model_name_or_path", "base_model_name_or_path"})
_BARE_DATA = frozenset({"dataset_name", "dataset_name_or_path", "train_dataset_name"})
_OUTPUTS = ("output_dir", "output_path", "save_path", "output", "save_dir")
_ADAPTERS = frozenset(
    {
        "use_peft",
        "use_lora",
        "lora",
        "lora_enable",
        "lora_r",
        "lora_rank",
        "use_qlora",
        "qlora",
        "peft_type",
        "lora_target_modules",
        "tune_mm_mlp_adapter",
    }
)
_TRAINING_ARGUMENTS = frozenset(
    {"num_train_epochs", "learning_rate", "per_device_train_batch_size", "max_steps", "num_epochs", "max_train_steps"}
)
_TRAINING_WORDS = frozenset(
    {
        *("train", "trains", "training", "trainer", "pretrain", "pretraining", "finetune", "finetuning", "finetuned", "tune", "tuning"),
        *("sft", "dpo", "ppo", "grpo", "orpo", "kto", "rlhf", "lora", "qlora", "distill", "distillation", "reward"),
    }
)
_EVALUATION_WORDS = frozenset({"eval", "evals", "evaluate", "evaluation", "evaluator", "test", "tests", "benchmark", "benchmarks", "score"})
_WRITTEN = re.compile(
    r"(?:^|/)(?:out|outputs?|results?|runs?|saves?|saved\w*|exps?|work_dirs|finetuned?|trained\w*|merged|logs?)/", re.IGNORECASE
)
"""Folders that runs write: what is called `llama-7b` there is what a run made of it."""

_FALSE = frozenset({"false", "0", "no", "none", ""})
_WORDS = re.compile(r"[a-z]+")


def script_facts(words: Sequence[Word], site: Site, *, is_launched: bool = False) -> Iterator[Fragment]:
    """What a script (its path or module is the first word) does with its arguments. `is_launched`: by a trainer's launcher."""
    positional, given = options(words[1:])
    if not given and not positional:
        return
    names = set(_WORDS.findall(words[0].text.lower()))
    around = set(_WORDS.findall(site.path.rpartition("/")[2].lower()))
    tells = bool(given.keys() & _TRAINING_ARGUMENTS)
    trains = _flag(given, "do_train")
    if trains is None:
        # A script that says in its own name what it does, or that is given what only training needs.
        trains = bool(names & _TRAINING_WORDS) or (tells and (is_launched or bool(around & _TRAINING_WORDS)))
        trains = trains and (tells or not names & _EVALUATION_WORDS)
    if trains:
        yield from _trained(words[0], given, site)
    elif (names | around) & _EVALUATION_WORDS:
        role = Role.DOCUMENTATION if site.role is Role.DOCUMENTATION else Role.EVALUATION
        yield from _loaded(words[0], given, replace(site, judge=None), role)
    else:
        yield from _loaded(words[0], given, site, site.role)


def _flag(given: Mapping[str, list[Word]], name: str) -> bool | None:
    """Whether a switch is on; None if it is not given."""
    if name not in given:
        return None
    return not given[name] or given[name][0].text.lower() not in _FALSE


def _loaded(script: Word, given: Mapping[str, list[Word]], site: Site, role: Role) -> Iterator[Fragment]:
    """A script that trains nothing loads the models and data that it is given, and calls the hosted ones."""
    for name, values in given.items():
        for word in values[:1] if name not in _DATA else values:
            if not word.is_known:
                continue
            if name in _BASES | _PARTS and (identifier := _model(name, word, site).id) is not None:
                relation = Relation.CALLS if identifier.startswith("service:") else Relation.LOADS
            elif name in _DATA and word.text.count("/") == 1 and (identifier := dataset_reference(word.text, site.tree, site.path).id):
                relation = Relation.LOADS
            else:
                continue
            evidence = site.evidence(word)
            is_run = site.judge is not None and name in _BASES
            yield seen(identifier, evidence, word.text)
            yield RelationSeen(
                PRODUCT, relation, identifier, evidence, site.judge(script.text, identifier, False) if is_run and site.judge else role
            )


def _model(name: str, word: Word, site: Site) -> Reference:
    """A model by the value of an argument: without an owner only where the argument cannot mean a file or a class."""
    text = word.text.strip()
    named = named_base(text.rstrip("/").rpartition("/")[2]) if text.startswith(("/", "~", ".")) or is_placeholder(text) else None
    if named is not None and "/" in text and not _WRITTEN.search(text):
        return Reference(named, "the name at the end of a path")
    if is_placeholder(text):
        return Reference(None, "is a blank to be filled in")
    hosted = hosted_model(text) if "/" not in text else None
    if hosted is not None:
        return Reference(hosted)
    if "/" not in text and (name not in _BARE_MODELS or not re.search(r"[\d-]", text)):
        return Reference(None, "is no name on the Hub")
    return model_reference(text, site.tree, site.path)


def _trained(script: Word, given: Mapping[str, list[Word]], site: Site) -> Iterator[Fragment]:
    found = list(_inputs(script.text, given, site))
    if not any(reference.id is not None or telling_folder(word.text) for _, word, reference in found):
        return
    role: Role = site.role if site.role in (Role.DOCUMENTATION, Role.DEVELOPMENT) else Role.TRAINING
    if site.judge is not None:
        bases = [
            reference.id or word.text for relation, word, reference in found if relation in (Relation.FINETUNED_FROM, Relation.ADAPTER_OF)
        ]
        role = site.judge(script.text, bases[0] if bases else None, True)
    made = _made(script, given, site, role)
    evidence = site.evidence(script)
    folder = _output_folder(given)
    attributes = (("output_dir", folder),) if folder is not None else ()
    yield ArtifactSeen(made, Kind.MODEL, evidence, name=_made_name(given), attributes=attributes, made_here=role is Role.TRAINING)
    if role is not Role.TRAINING:
        # What could be made, and is not by itself: its inputs take part only as far as that.
        yield RelationSeen(
            PRODUCT, Relation.SHIPS, made, evidence, role, note="a run that is described, not one that the product is made by"
        )
    for relation, word, reference in found:
        place = site.evidence(word)
        if reference.id is None:
            if site.reports_lost or role is Role.TRAINING:
                yield UnresolvedReference(made, word.written, reference.reason or "cannot be followed", place, relation, Kind.MODEL, role)
            continue
        if reference.id == made:
            continue
        if reference.reason is not None:  # an inference says why
            place = place._replace(basis=Basis.INFERRED, source=reference.reason)
        yield seen(reference.id, place, word.text)
        yield RelationSeen(made, relation, reference.id, place, role)


def _inputs(script: str, given: Mapping[str, list[Word]], site: Site) -> Iterator[tuple[Relation, Word, Reference]]:
    """What a run is made from, by argument."""
    is_adapter = any(values[0].text.lower() not in _FALSE if values else True for name, values in given.items() if name in _ADAPTERS)
    bases = Relation.ADAPTER_OF if is_adapter else Relation.FINETUNED_FROM
    by_kind = ((_BASES, bases), (_PARTS, Relation.CONTAINS), (_REWARDS, Relation.REWARDED_BY), (_TEACHERS, Relation.DISTILLED_FROM))
    for name, values in given.items():
        for names, relation in by_kind:
            if name in names and values:
                reference = _model(name, values[0], site) if values[0].is_known else Reference(None, "is set outside this file")
                if reference.id is not None or (names is _BASES and name in _BARE_MODELS):
                    yield relation, values[0], reference
        relation = Relation.TRAINED_ON if name in _DATA else Relation.EVALUATED_ON
        if name in _DATA or name in _TEST_DATA:
            for word in values:
                for part in word.text.split(","):
                    reference = _data(name, part.strip(), script, site)
                    if reference.id is not None:
                        yield relation, word, reference


def _data(name: str, text: str, script: str, site: Site) -> Reference:
    if not text or text.replace(".", "").isdigit() or is_placeholder(text):
        return Reference(None, "is no name of data")
    if "/" not in text and name not in _BARE_DATA:
        reference = Reference(None, "is a local path")
    else:
        reference = dataset_reference(text, site.tree, site.path)
    if reference.id is None and "/" not in text:
        reference = data_by_short_name(text, script, site.tree, site.path)
    if reference.id is not None:
        return reference
    linked = linked_data(text, site.tree, site.path)
    return linked if linked.id is not None else named_data(text)


def _made(script: Word, given: Mapping[str, list[Word]], site: Site, role: Role) -> str:
    for word in given.get("hub_model_id", ()):
        found = hub_id(word.text)
        if found is not None and word.is_known and "/" in found:
            return model_id(found)
    name = _made_name(given) or (f"line-{script.line}" if role is not Role.TRAINING else None)
    return model_id(f"made:{site.path}" + (f"#{name}" if name else ""))


def _output_folder(given: Mapping[str, list[Word]]) -> str | None:
    """The folder that a run writes, as written."""
    words = [values[0] for name in _OUTPUTS if (values := given.get(name))]
    return next((word.text for word in words if word.is_known and word.text.strip() and not is_placeholder(word.text)), None)


def _made_name(given: Mapping[str, list[Word]]) -> str | None:
    """The last folder of the output's path: one file may hold several runs."""
    for key in _OUTPUTS:
        for word in given.get(key, ())[:1]:
            name = word.text.strip("/. ").rpartition("/")[2]
            if word.is_known and name and not is_placeholder(name):
                return name
    return None
