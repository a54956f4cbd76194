"""Axolotl configurations: what a run fine-tunes, on which data (FORMATS 1.7)."""

from collections.abc import Iterator, Mapping

from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, Role
from lien.readers._references import DATA_FORMATS, is_placeholder
from lien.readers._training import Config, Form, Path, Run, form_of, is_on, mentions, text_of
from lien.readers._training_reader import TrainingReader
from lien.vocabulary.ids import dataset_id, hub_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["AxolotlReader"]

_PREFERENCE = frozenset({"dpo", "ipo", "kto", "orpo", "simpo", "cpo", "rm"})


class AxolotlReader(TrainingReader):
    """YAML with `base_model` and other keys of axolotl's own, whatever the file's name."""

    name = "axolotl"
    endings = (".yaml", ".yml")

    def is_likely(self, data: bytes) -> bool:
        """By the words that every such file holds."""
        return mentions(data, "base_model") and (
            mentions(data, "micro_batch_size") or mentions(data, "sequence_len") or mentions(data, "datasets")
        )

    def fragments(self, configs: list[Config]) -> Iterator[Fragment]:
        """The model that is made and what it is made from."""
        for config in configs:
            if form_of(config.value) is Form.AXOLOTL:
                yield from _run(config)


def _run(config: Config) -> Iterator[Fragment]:
    base = config.text("base_model") or ""
    run = Run(config, pushed_to=config.text("hub_model_id"), at=("hub_model_id",) if config.has("hub_model_id") else ("base_model",))
    yield run.made(config.text("output_dir"))
    yield from _base(config, run, base)
    for key in ("tokenizer_config", "base_model_config"):
        yield from run.tokenizer(config.text(key), (key,), base)
    if config.text("lora_model_dir") is not None:
        yield from run.model(Relation.CONTINUED_FROM, config.text("lora_model_dir") or "", ("lora_model_dir",))
    learned = _stage(config)
    data: list[str] = []
    for key, relation in (("datasets", learned), ("pretraining_dataset", Relation.PRETRAINED_ON), ("test_datasets", Relation.EVALUATED_ON)):
        for text, at in _named(config, key):
            fragments = list(run.data(relation, text, at))
            data.extend(one.upstream for one in fragments if isinstance(one, RelationSeen) and relation is not Relation.EVALUATED_ON)
            yield from fragments
    yield from _pushed(config, data)


def _base(config: Config, run: Run, base: str) -> Iterator[Fragment]:
    if is_on(config.at("reinit_weights")):
        # Only the shape and the tokenizer of the base are kept.
        yield from run.model(Relation.CONTAINS, base, ("base_model",), note="its configuration and tokenizer; the weights start anew")
    elif text_of(config.at("adapter")) is not None:
        yield from run.model(Relation.ADAPTER_OF, base, ("base_model",))
    elif config.has("pretraining_dataset"):
        yield from run.model(Relation.CONTINUED_FROM, base, ("base_model",))
    else:
        yield from run.model(Relation.FINETUNED_FROM, base, ("base_model",))


def _stage(config: Config) -> Relation:
    """How the data of `datasets` are learned from."""
    if (config.text("rl") or "").lower() in _PREFERENCE or is_on(config.at("reward_model")):
        return Relation.PREFERENCE_TUNED_ON
    return Relation.FINETUNED_ON


def _named(config: Config, key: str) -> Iterator[tuple[str, Path]]:
    """The data under a key: texts, mappings with `path`, or a list of either; a format names its files beside it."""
    value = config.at(key)
    items: list[tuple[object, Path]] = (
        [(item, (key, index)) for index, item in enumerate(value)] if isinstance(value, list) else [(value, (key,))]
    )
    for item, at in items:
        if not isinstance(item, Mapping):
            yield from config.texts(*at)
            continue
        path = config.text(*at, "path")
        if path is not None and path.lower() in DATA_FORMATS and item.get("data_files") is not None:
            yield from config.texts(*at, "data_files")
        elif path is not None:
            yield path, (*at, "path")


def _pushed(config: Config, parts: list[str]) -> Iterator[Fragment]:
    """The prepared data, where the run publishes them as a dataset of their own."""
    text = config.text("push_dataset_to_hub")
    if text is None or is_placeholder(text) or text.count("/") != 1 or hub_id(text) is None:
        return
    evidence = config.evidence(("push_dataset_to_hub",), text)
    made = dataset_id(text)
    yield ArtifactSeen(made, Kind.DATASET, evidence, name=text, made_here=True)
    for part in dict.fromkeys(parts):
        if part != made:
            yield RelationSeen(made, Relation.DERIVED_FROM, part, evidence, Role.TRAINING)
