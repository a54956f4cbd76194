"""Training configurations with sections, as a table: which keys tell the tool, and where it names models and data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lien.vocabulary.relations import Relation

__all__ = ["DIALECTS", "Dialect", "dialect_of"]

_PRETRAINED = ("pretrained_model", "pretrained_llm", "pretrained_asr", "pretrained_model_name", "init_from_pretrained_model")

_LITGPT_DATA: Mapping[str, tuple[str, ...]] = {
    "Alpaca2k": ("mhenrichsen/alpaca_2k_test",),
    "Deita": ("HuggingFaceH4/deita-10k-v0-sft",),
    "FLAN": ("Muennighoff/flan",),
    "LIMA": ("GAIR/lima",),
    "TinyStories": ("roneneldan/TinyStories",),
    "TinyLlama": ("cerebras/SlimPajama-627B", "bigcode/starcoderdata"),
    "MicroLlama": ("cerebras/SlimPajama-627B",),
}
"""What the data classes of LitGPT download, or are told to be prepared from (Lightning-AI/litgpt `litgpt/data/`, `tutorials/`)."""

_NEMO_RL_DATA: Mapping[str, tuple[str, ...]] = {
    "AIME2024": ("HuggingFaceH4/aime_2024",),
    "AIME2025": ("opencompass/AIME2025",),
    "AIME2026": ("MathArena/aime_2026",),
    "DAPOMath17K": ("BytedTsinghua-SIA/DAPO-Math-17k",),
    "DAPOMathAIME2024": ("BytedTsinghua-SIA/AIME-2024",),
    "DeepScaler": ("agentica-org/DeepScaleR-Preview-Dataset",),
    "GSM8K": ("openai/gsm8k",),
    "HelpSteer3": ("nvidia/HelpSteer3",),
    "NuminaMath-1.5": ("AI-MO/NuminaMath-1.5",),
    "OpenMathInstruct-2": ("nvidia/OpenMathInstruct-2",),
    "OpenR1-Math-220k": ("open-r1/OpenR1-Math-220k",),
    "Tulu3Preference": ("allenai/llama-3.1-tulu-3-8b-preference-mixture",),
    "avqa": ("gijs/avqa-processed",),
    "geometry3k": ("hiyouga/geometry3k",),
    "gsm8k": ("openai/gsm8k",),
    "refcoco": ("jxu124/refcoco",),
    "squad": ("rajpurkar/squad",),
    "tulu3_sft_mixture": ("allenai/tulu-3-sft-mixture",),
}
"""What the dataset names of NeMo RL load (NVIDIA-NeMo/RL `nemo_rl/data/datasets/`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One tool. Places are dotted, `*` is every item; of `base` the first that is there counts, of the others all do.

    `needs` must all be there; each of `any_of` is one key at the top of which one must be. An adapter is made
    if a text at `adapters` has `lora` in it, or a switch there is on, or a number is given. `parts` are models
    that the result is put together from. `known` are the tool's own names of data, by the last part of a dotted
    one; other names without an owner are its own, too, and not followed.
    """

    name: str
    needs: tuple[str, ...]
    any_of: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    relation: Relation = Relation.FINETUNED_FROM
    data: tuple[str, ...] = ()
    learned: Relation = Relation.FINETUNED_ON
    preference: tuple[str, ...] = ()
    evaluation: tuple[str, ...] = ()
    rewards: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    tokenizers: tuple[str, ...] = ()
    adapters: tuple[str, ...] = ()
    pushed: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        name="ms-swift",
        needs=("model", "dataset"),
        any_of=("train_type", "tuner_type", "sft_type", "rlhf_type"),
        base=("model",),
        data=("dataset",),
        preference=("rlhf_type",),
        evaluation=("val_dataset",),
        rewards=("reward_model",),
        teachers=("teacher_model", "gkd_teacher_model"),
        adapters=("train_type", "tuner_type", "sft_type"),
        pushed=("hub_model_id",),
    ),
    Dialect(
        name="autotrain",
        needs=("task", "base_model", "project_name"),
        base=("base_model",),
        data=("data.path",),
        preference=("task",),
        adapters=("params.peft", "peft"),
        names=("project_name",),
    ),
    Dialect(
        name="unsloth",
        needs=("model", "data.dataset", "training.max_seq_length"),
        base=("model",),
        data=("data.dataset",),
        adapters=("training.training_type",),
    ),
    Dialect(
        name="llm-foundry",
        needs=("model.name", "train_loader.dataset", "max_duration"),
        base=("model.pretrained_model_name_or_path",),
        data=("train_loader.dataset.hf_name",),
        evaluation=("eval_loader.dataset.hf_name",),
        tokenizers=("tokenizer.name",),
        adapters=("model.peft_config.peft_type", "model.peft_config.r"),
        names=("run_name",),
    ),
    Dialect(
        name="litgpt",
        needs=("checkpoint_dir", "data", "train", "out_dir"),
        base=("checkpoint_dir",),
        data=("data.class_path", "data"),
        adapters=("lora_r",),
        known=_LITGPT_DATA,
    ),
    Dialect(
        name="litgpt",
        needs=("model_name", "data", "train", "out_dir"),
        any_of=("model_config", "initial_checkpoint_dir", "tokenizer_dir"),
        base=("initial_checkpoint_dir",),
        relation=Relation.CONTINUED_FROM,
        data=("data.class_path", "data"),
        learned=Relation.PRETRAINED_ON,
        known=_LITGPT_DATA,
    ),
    Dialect(
        name="verl",
        needs=("actor_rollout_ref.model.path",),
        base=("actor_rollout_ref.model.path",),
        data=("data.train_files",),
        evaluation=("data.val_files",),
        rewards=("reward_model.model.path",),
        adapters=("actor_rollout_ref.model.lora_rank",),
    ),
    Dialect(
        name="nemo-rl",
        needs=("policy.model_name", "cluster"),
        base=("policy.model_name",),
        data=(
            "data.train.dataset_name",
            "data.train.*.dataset_name",
            "data.dataset_name",
            "data.train.data_path",
            "data.train.*.data_path",
        ),
        evaluation=("data.validation.dataset_name", "data.validation.*.dataset_name", "data.validation.data_path"),
        known=_NEMO_RL_DATA,
        rewards=("env.reward_model.model_name", "reward_model.model_name"),
        teachers=("teacher.model_name",),
        adapters=("policy.dtensor_cfg.lora_cfg.enabled",),
    ),
    Dialect(
        name="nanotron",
        needs=("data_stages", "model", "tokenizer"),
        data=("data_stages.*.data.dataset.hf_dataset_or_datasets",),
        learned=Relation.PRETRAINED_ON,
        tokenizers=("tokenizer.tokenizer_name_or_path",),
        names=("general.run",),
    ),
    Dialect(
        name="ai-toolkit",
        needs=("job", "config.process"),
        base=("config.process.*.model.name_or_path",),
        adapters=("config.process.*.network.type",),
        names=("config.name",),
    ),
    Dialect(
        name="h2o-llm-studio",
        needs=("llm_backbone", "dataset.train_dataframe", "experiment_name"),
        base=("llm_backbone",),
        data=("dataset.train_dataframe",),
        preference=("problem_type",),
        evaluation=("dataset.validation_dataframe",),
        adapters=("training.lora",),
        names=("experiment_name",),
    ),
    Dialect(
        name="torchforge",
        needs=("trainer.model.hf_assets_path", "dataset.path", "policy"),
        base=("trainer.model.hf_assets_path",),
        data=("dataset.path",),
    ),
    Dialect(
        name="torchtitan",
        needs=("model.flavor", "training", "checkpoint.initial_load_path"),
        base=("checkpoint.initial_load_path",),
    ),
    Dialect(
        name="nemo",
        needs=("model", "trainer", "exp_manager"),
        parts=(
            *_PRETRAINED,
            *(f"model.{key}" for key in _PRETRAINED),
            *(f"model.*.{key}" for key in _PRETRAINED),
        ),
        tokenizers=("model.tokenizer.tokenizer_name",),
        names=("name",),
    ),
)
"""In this order: the first that fits is it."""


def dialect_of(value: Mapping[str, Any]) -> Dialect | None:
    """The tool whose sections these are.

    >>> found = dialect_of({"model": "owner/name", "dataset": "owner/data", "train_type": "lora"})
    >>> found and found.name
    'ms-swift'
    """
    for one in DIALECTS:
        if all(_has(value, place) for place in one.needs) and (not one.any_of or any(key in value for key in one.any_of)):
            return one
    return None


def _has(value: Any, place: str) -> bool:  # noqa: ANN401
    for key in place.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value is not None
