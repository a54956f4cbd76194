"""Training recipes of the Hugging Face family: Trainer arguments, TRL, alignment-handbook, open-instruct, kohya (FORMATS 1.7).

They share their keys, flat or in sections: a base model, data by Hub id, and arguments of a trainer.
"""

from collections.abc import Iterator, Mapping

from lien.graph.fragments import Fragment
from lien.readers._training import Config, Path, Run, form_of, is_on, mentions, text_of
from lien.readers._training_reader import TrainingReader
from lien.vocabulary.relations import Relation

__all__ = ["TrainingRecipeReader"]

_BASES = ("model_name_or_path", "pretrained_model_name_or_path", "sft_model_path", "model_name", "model_id", "base_model", "base_model_id")
_OWN = frozenset(_BASES[:3])
"""Keys that trainers alone have; the others need more company."""

_TRAINS = (
    *("output_dir", "learning_rate", "num_train_epochs", "max_train_steps", "per_device_train_batch_size", "train_batch_size"),
    *("gradient_accumulation_steps", "do_train", "lr_scheduler_type", "warmup_ratio", "hub_model_id", "num_epochs"),
    *("dataset_mixer", "dataset_mixture", "dataset_mixer_list", "dataset_name", "train_data_dir"),
)
_SECTIONS = frozenset(
    {
        "model",
        "model_args",
        "model_arguments",
        "model_config",
        "data",
        "data_args",
        "data_arguments",
        "dataset",
        "dataset_arguments",
        "train",
    }
    | {
        "training",
        "training_args",
        "training_arguments",
        "trainer",
        "script_args",
        "sft_config",
        "sft",
        "dpo",
        "peft",
        "lora",
        "peft_config",
    }
    | {"optimizer", "hub", "evaluation", "eval"}
)
_DATA = (
    "dataset_name",
    "dataset_id",
    "dataset_name_or_path",
    "dataset_id_or_path",
    "dataset_path",
    "train_dataset",
    "train_dataset_name",
    "train_file",
    "train_files",
    "data_path",
)
_EVALUATION = ("eval_dataset", "eval_dataset_name", "validation_file", "test_file")
_REWARDS = ("reward_model_name_or_path", "reward_model_path", "reward_model")
_TEACHERS = ("teacher_model_name_or_path", "teacher_model_path", "teacher_model", "teacher_name_or_path")
_TOKENIZERS = ("tokenizer_name_or_path", "tokenizer_name")
_PUSHED = ("hub_model_id", "push_to_hub_model_id", "hf_repo_id", "hub_repo_id")
_ADAPTERS = ("use_peft", "use_lora", "use_qlora", "peft", "lora", "qlora", "use_dora")
_PREFERENCE_LOSSES = frozenset(
    {"sigmoid", "hinge", "ipo", "kto_pair", "apo_zero", "apo_down", "dpo", "dpo_norm", "simpo", "kto", "orpo", "robust"}
)


class TrainingRecipeReader(TrainingReader):
    """YAML, JSON or TOML with a base model and arguments of a trainer, and no other tool's own keys."""

    name = "training-recipe"
    endings = (".yaml", ".yml", ".json", ".toml")

    def claims(self, path: str) -> bool:
        """Any YAML, JSON or TOML file but a manifest."""
        return super().claims(path) and not path.lower().endswith("pyproject.toml")

    def is_likely(self, data: bytes) -> bool:
        """A trainer's own key for the model and one of its arguments, or three arguments."""
        has_own, has_any = (any(mentions(data, key, nested=True) for key in keys) for keys in (_OWN, _BASES))
        needed = 1 if has_own else 3 if has_any else 0
        return needed > 0 and sum(mentions(data, key, nested=True) for key in _TRAINS) >= needed

    def fragments(self, configs: list[Config]) -> Iterator[Fragment]:
        """The model that is made and what it is made from."""
        for config in configs:
            keys = _Keys(config)
            if form_of(config.value) is None and keys.base is not None:
                yield from _run(config, keys)


class _Keys:
    """Where a key stands: at the top, or in a section of arguments."""

    def __init__(self, config: Config) -> None:
        self._config = config
        is_toml = config.source.path.lower().endswith(".toml")
        value = config.value
        self._sections = [key for key in value if isinstance(value[key], Mapping) and (is_toml or str(key).lower() in _SECTIONS)]
        self.base = self._base()

    def path(self, key: str) -> Path | None:
        """The place of a key that has a value."""
        if self._config.value.get(key) is not None:
            return (key,)
        return next(((section, key) for section in self._sections if self._config.at(section, key) is not None), None)

    def first(self, *keys: str) -> tuple[str, Path] | None:
        """The first of the keys that holds a text, with its place."""
        for key in keys:
            at = self.path(key)
            text = self._config.text(*at) if at else None
            if at is not None and text is not None:
                return text, at
        return None

    def value(self, key: str) -> object:
        at = self.path(key)
        return self._config.at(*at) if at else None

    def _base(self) -> tuple[str, Path] | None:
        """The model that is trained, if the keys are those of a training."""
        trains = sum(self.path(key) is not None for key in _TRAINS)
        found = self.first(*_BASES)
        if found is None or trains < (1 if found[1][-1] in _OWN else 3):
            return None
        return found


def _run(config: Config, keys: _Keys) -> Iterator[Fragment]:
    base, at = keys.base or ("", ())
    pushed = keys.first(*_PUSHED)
    run = Run(config, pushed_to=pushed[0] if pushed else None, at=pushed[1] if pushed else at)
    written = keys.first("output_dir", "output_path", "save_dir")
    yield run.made(written[0] if written else None)
    yield from run.model(Relation.ADAPTER_OF if _is_adapter(config, keys) else Relation.FINETUNED_FROM, base, at)
    tokenizer = keys.first(*_TOKENIZERS)
    if tokenizer is not None:
        yield from run.tokenizer(*tokenizer, base)
    for names, relation in ((_REWARDS, Relation.REWARDED_BY), (_TEACHERS, Relation.DISTILLED_FROM)):
        found = keys.first(*names)
        if found is not None:
            yield from run.model(relation, *found)
    learned = Relation.PREFERENCE_TUNED_ON if _is_preference(keys) else Relation.FINETUNED_ON
    for name, place in _data(config, keys):
        yield from run.data(learned, name, place)
    for name, place in _evaluation(config, keys):
        yield from run.data(Relation.EVALUATED_ON, name, place)


def _is_adapter(config: Config, keys: _Keys) -> bool:
    switches = [keys.value(key) for key in _ADAPTERS]
    if any(is_on(one) for one in switches) or isinstance(config.at("peft_config"), Mapping) or isinstance(config.at("lora"), Mapping):
        return True
    adapter = keys.first("adapter", "peft_type", "peft_method", "network_module", "train_mode")
    if adapter is not None:
        return "lora" in adapter[0].lower()
    is_off = any(one is False for one in switches)
    return not is_off and any(keys.path(key) is not None for key in ("lora_r", "lora_rank", "lora_alpha"))


def _is_preference(keys: _Keys) -> bool:
    loss = keys.first("loss_type")
    if keys.path("num_generations") is not None:
        return False  # reinforcement learning from rewards: the data are prompts
    return (
        keys.path("beta") is not None or keys.path("desirable_weight") is not None or (loss is not None and loss[0] in _PREFERENCE_LOSSES)
    )


def _data(config: Config, keys: _Keys) -> Iterator[tuple[str, Path]]:
    for key in ("dataset_mixer", "dataset_mixer_list"):
        yield from _mixed(config, keys.path(key))
    mixture = keys.path("dataset_mixture")
    if mixture is not None:
        yield from _items(config, (*mixture, "datasets"))
    for key in ("datasets", "train_datasets"):
        at = keys.path(key)
        if at is not None:
            yield from _items(config, at)
    for key in _DATA:
        yield from _summed(config, keys.path(key))
    at = keys.path("dataset")
    text = config.text(*at) if at else None
    if at is not None and text is not None and "/" in text:
        yield text, at


def _evaluation(config: Config, keys: _Keys) -> Iterator[tuple[str, Path]]:
    yield from _mixed(config, keys.path("dataset_mixer_eval_list"))
    for key in _EVALUATION:
        yield from _summed(config, keys.path(key))
    at = keys.path("eval_datasets")
    if at is not None:
        yield from _items(config, at)


def _summed(config: Config, at: Path | None) -> Iterator[tuple[str, Path]]:
    """A name, a list of them, or several in one text with `+` or commas, as recipes for speech write them."""
    if at is not None:
        for text, place in config.texts(*at):
            for name in dict.fromkeys(text.replace(",", "+").split("+")):
                if name.strip():
                    yield name.strip(), place


def _items(config: Config, at: Path) -> Iterator[tuple[str, Path]]:
    """A list of names, or of mappings with an id, or a mapping of either."""
    value = config.at(*at)
    if isinstance(value, str):
        yield from config.texts(*at)
        return
    for part in range(len(value)) if isinstance(value, list) else list(value) if isinstance(value, Mapping) else ():
        item = config.at(*at, part)
        if isinstance(item, str):
            yield from config.texts(*at, part)
        elif isinstance(item, Mapping):
            for key in ("id", "path", "dataset_name", "dataset_id", "hf_name", "dataset"):
                text = config.text(*at, part, key)
                if text is not None:
                    yield text, (*at, part, key)
                    break


def _mixed(config: Config, at: Path | None) -> Iterator[tuple[str, Path]]:
    """`NAME: share`, a list of name and share in turn, or both in one text."""
    value = config.at(*at) if at else None
    if at is None:
        return
    if isinstance(value, Mapping):
        for key in value:
            name = text_of(key)
            if name is not None:
                yield name, (*at, key)
    for text, place in config.texts(*at):
        for word in text.split():
            if not word.replace(".", "", 1).isdigit():
                yield word, place
