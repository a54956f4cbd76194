"""Torchtune recipes through the reader's own door."""

from pathlib import Path

import pytest

from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.torchtune import TorchtuneReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = TorchtuneReader()
DOWNLOAD = (
    "# Before this:\n#   tune download meta-llama/Llama-3.2-1B-Instruct --output-dir /tmp/Llama-3.2-1B-Instruct --ignore-patterns x\n"
)


def read(text: str, tree: Path) -> list[Fragment]:
    return list(READER.read(Source(path="recipe.yaml", data=text.encode(), tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[tuple[str, str, str, int | None]]:
    return [(one.downstream, one.type.value, one.upstream, one.evidence.line) for one in fragments if isinstance(one, RelationSeen)]


def unresolved(fragments: list[Fragment]) -> list[tuple[str, str]]:
    return [(one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)]


def recipe(*lines: str, builder: str = "llama3_2.lora_llama3_2_1b", folder: str = "/tmp/Llama-3.2-1B-Instruct/") -> str:  # noqa: S108
    head = [
        f"model: {{_component_: torchtune.models.{builder}}}",
        "checkpointer:",
        "  _component_: torchtune.training.FullModelHFCheckpointer",
    ]
    return "\n".join([*head, f"  checkpoint_dir: {folder}", *lines, ""])


def test_model_of_the_comment_and_data_of_the_builder(tmp_path: Path) -> None:
    fragments = read(
        DOWNLOAD + recipe("dataset: {_component_: torchtune.datasets.alpaca_dataset}", "optimizer: {_component_: x}"), tmp_path
    )
    assert related(fragments) == [
        ("model:made:recipe.yaml", "adapter-of", "model:meta-llama/llama-3.2-1b-instruct", 6),
        ("model:made:recipe.yaml", "finetuned-on", "dataset:tatsu-lab/alpaca", 7),
    ]
    base = [one.evidence.line for one in fragments if isinstance(one, ArtifactSeen) and "llama-3.2" in one.id]
    assert base == [2]


def test_teacher_reward_and_own_sources(tmp_path: Path) -> None:
    text = recipe(
        "teacher_checkpointer: {_component_: torchtune.x, checkpoint_dir: /tmp/big}",
        "reward_checkpointer: {_component_: torchtune.x, checkpoint_dir: '${rewards}/v1'}",
        "rewards: /tmp/rm",
        "dataset:",
        "  - {_component_: torchtune.datasets.preference_dataset, source: Acme/pairs}",
        "  - {_component_: torchtune.datasets.chat_dataset, source: json, data_files: data/own.jsonl}",
        "dataset_val: {_component_: torchtune.datasets.chat_dataset, source: Acme/held-out}",
        "loss: {_component_: torchtune.rlhf.loss.PPOLoss}",
        builder="llama3_2.llama3_2_1b",
        folder="/work/base/original",
    )
    downloads = "# tune download Acme/Base-1B --output-dir /work/base\n# tune download Acme/Big-70B --output-dir /tmp/big\n# tune download Acme/Judge --output-dir=/tmp/rm\n"
    assert [one[1:3] for one in related(read(downloads + text, tmp_path))] == [
        ("finetuned-from", "model:acme/base-1b"),
        ("distilled-from", "model:acme/big-70b"),
        ("rewarded-by", "model:acme/judge"),
        ("preference-tuned-on", "dataset:acme/pairs"),
        ("finetuned-on", "dataset:file:data/own.jsonl"),
        ("evaluated-on", "dataset:acme/held-out"),
    ]


def test_a_folder_that_nothing_filled(tmp_path: Path) -> None:
    text = DOWNLOAD + recipe("dataset: {_component_: torchtune.datasets.chat_dataset}", folder="/work/sft/epoch_0")
    fragments = read(text, tmp_path)
    assert related(fragments) == []
    assert unresolved(fragments) == [("/work/sft/epoch_0", "is a local path")]


def test_running_makes_nothing(tmp_path: Path) -> None:
    fragments = read(DOWNLOAD + recipe("prompt: {user: Hello}"), tmp_path)
    assert [one[:3] for one in related(fragments)] == [("product", "loads", "model:meta-llama/llama-3.2-1b-instruct")]
    quantized = read(DOWNLOAD + recipe("quantizer: {_component_: torchtune.training.quantization.Int8DynActInt4WeightQuantizer}"), tmp_path)
    assert [one[:3] for one in related(quantized)] == [
        ("model:made:recipe.yaml", "quantized-from", "model:meta-llama/llama-3.2-1b-instruct")
    ]


@pytest.mark.parametrize("text", ["checkpointer:\n  _component_: other.Thing\n", "# torchtune.\ncheckpointer: _component_\n", ""])
def test_other_yaml_says_nothing(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == []
