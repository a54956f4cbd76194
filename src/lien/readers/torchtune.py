"""Torchtune recipes: the model stands in a comment of theirs, data in builders with sources of their own (FORMATS 1.7)."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role
from lien.readers._references import DATA_FORMATS, seen
from lien.readers._training import Config, Form, Path, Run, form_of, mentions, related, run_model
from lien.readers._training_reader import TrainingReader
from lien.sources.source import Source
from lien.vocabulary.relations import Relation

__all__ = ["TorchtuneReader"]

_DOWNLOAD = re.compile(r"^[ \t]*#[ \t]*tune[ \t]+download[ \t]+(?P<model>[\w.-]+/[\w.-]+)(?P<rest>[^\n]*)", re.MULTILINE)
_OUTPUT_DIR = re.compile(r"--output-dir[= ][ \t]*(\S+)")
_SOURCES: Mapping[str, str] = {
    "alpaca_dataset": "tatsu-lab/alpaca",
    "alpaca_cleaned_dataset": "yahma/alpaca-cleaned",
    "cnn_dailymail_articles_dataset": "ccdv/cnn_dailymail",
    "grammar_dataset": "liweili/c4_200m",
    "hh_rlhf_helpful_dataset": "RLHFlow/HH-RLHF-Helpful-standard",
    "samsum_dataset": "Samsung/samsum",
    "slimorca_dataset": "Open-Orca/SlimOrca-Dedup",
    "stack_exchange_paired_dataset": "lvwerra/stack-exchange-paired",
    "wikitext_dataset": "EleutherAI/wikitext_document_level",
    "llava_instruct_dataset": "liuhaotian/LLaVA-Instruct-150K",
    "the_cauldron_dataset": "HuggingFaceM4/the_cauldron",
    "gsm8k_dataset": "openai/gsm8k",
}
"""What the builders of torchtune load where no `source` is given (pytorch/torchtune `torchtune/datasets/`)."""

_PREFERENCE = frozenset({"hh_rlhf_helpful_dataset", "stack_exchange_paired_dataset", "preference_dataset"})
_CHECKPOINTERS = {
    "teacher_checkpointer": Relation.DISTILLED_FROM,
    "reward_checkpointer": Relation.REWARDED_BY,
}


class TorchtuneReader(TrainingReader):
    """YAML with components of torchtune."""

    name = "torchtune"
    endings = (".yaml", ".yml")

    def is_likely(self, data: bytes) -> bool:
        """By the words that every such file holds."""
        return b"_component_" in data and b"torchtune." in data and mentions(data, "checkpointer")

    def fragments(self, configs: list[Config]) -> Iterator[Fragment]:
        """What a recipe trains, quantises, evaluates or runs."""
        for config in configs:
            if form_of(config.value) is Form.TORCHTUNE:
                yield from _recipe(config)


class _Download(NamedTuple):
    """A `tune download` in a comment: the model, the folder that it goes to, and the line."""

    model: str
    folder: str
    line: int


def _downloads(source: Source) -> list[_Download]:
    found = []
    for match in _DOWNLOAD.finditer(source.text):
        folder = _OUTPUT_DIR.search(match["rest"])
        path = folder[1] if folder else f"/tmp/{match['model'].rpartition('/')[2]}"  # noqa: S108  # where `tune download` puts it
        found.append(_Download(match["model"], path.rstrip("/"), source.line_of(match.start("model"))))
    return found


def _of_folder(downloads: list[_Download], folder: str) -> _Download | None:
    """The download that filled a folder: by the folder itself, else by the model's name as one part of the path."""
    plain = folder.rstrip("/")
    inside = [one for one in downloads if plain == one.folder or plain.startswith(f"{one.folder}/")]
    named = [one for one in downloads if one.model.rpartition("/")[2] in plain.split("/")]
    return max(inside, key=lambda one: len(one.folder)) if inside else named[0] if named else None


def _recipe(config: Config) -> Iterator[Fragment]:
    downloads = _downloads(config.source)
    if config.has("optimizer", "dataset", "datasets", "loss"):
        run = Run(config, name=config.text("name"), at=("checkpointer",))
        yield run.made(config.text("checkpointer", "output_dir") or config.text("output_dir"))
        component = _last(config.text("model", "_component_"))
        relation = Relation.ADAPTER_OF if component.startswith(("lora_", "qlora_", "dora_")) else Relation.FINETUNED_FROM
        yield from _checkpoint(config, run, "checkpointer", relation, downloads)
        for key, taught in _CHECKPOINTERS.items():
            yield from _checkpoint(config, run, key, taught, downloads)
        yield from _all_data(config, run)
    elif config.has("quantizer") and not config.has("tasks", "prompt"):
        run = Run(config, at=("checkpointer",))
        yield run.made(config.text("checkpointer", "output_dir") or config.text("output_dir"))
        yield from _checkpoint(config, run, "checkpointer", Relation.QUANTIZED_FROM, downloads)
    else:
        yield from _run_only(config, downloads)


def _last(component: str | None) -> str:
    return (component or "").rpartition(".")[2]


def _checkpoint(config: Config, run: Run, key: str, relation: Relation, downloads: list[_Download]) -> Iterator[Fragment]:
    at = (key, "checkpoint_dir")
    folder = config.text(*at)
    if folder is None:
        return
    found = _of_folder(downloads, folder)
    if found is None:
        yield from run.model(relation, folder, at)
        return
    reference = run_model(found.model, config)
    evidence = config.source.evidence(TorchtuneReader.name, line=found.line, as_written=found.model)
    if reference.id is not None:
        yield seen(reference.id, evidence, found.model)
        yield RelationSeen(run.id, relation, reference.id, config.evidence(at, folder), Role.TRAINING)


def _run_only(config: Config, downloads: list[_Download]) -> Iterator[Fragment]:
    """Generation and evaluation load a model and make none."""
    folder, at = config.text("checkpointer", "checkpoint_dir"), ("checkpointer", "checkpoint_dir")
    if folder is None:
        return
    found = _of_folder(downloads, folder)
    evidence = config.evidence(at, folder)
    reference = run_model(found.model if found else folder, config)
    role = Role.EVALUATION if config.has("tasks") else Role.DEFAULT
    yield from related(PRODUCT, Relation.LOADS, reference, found.model if found else folder, evidence, role)


def _all_data(config: Config, run: Run) -> Iterator[Fragment]:
    loss = _last(config.text("loss", "_component_")).lower()
    for key in ("dataset", "datasets", "dataset_val", "eval_dataset", "validation_dataset"):
        value = config.at(key)
        places: list[Path] = [(key, index) for index in range(len(value))] if isinstance(value, list) else [(key,)]
        for at in places:
            builder = _last(config.text(*at, "_component_"))
            if key not in {"dataset", "datasets"}:
                relation = Relation.EVALUATED_ON
            else:
                relation = Relation.PREFERENCE_TUNED_ON if "dpo" in loss or builder in _PREFERENCE else Relation.FINETUNED_ON
            yield from _data(config, run, relation, builder, at)


def _data(config: Config, run: Run, relation: Relation, builder: str, at: Path) -> Iterator[Fragment]:
    source = config.text(*at, "source")
    if source is not None and source.lower() in DATA_FORMATS:
        for text, place in config.texts(*at, "data_files"):
            yield from run.data(relation, text, place)
    elif source is not None:
        yield from run.data(relation, source, (*at, "source"))
    elif builder in _SOURCES:
        yield from run.data(relation, _SOURCES[builder], (*at, "_component_"), note=f"what {builder} loads where no source is given")
