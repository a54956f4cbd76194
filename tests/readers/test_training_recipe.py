"""Trainer arguments, TRL and handbook recipes through the reader's own door."""

import json
from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.training_recipe import TrainingRecipeReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = TrainingRecipeReader()


def read(text: str, tree: Path, path: str = "config.yaml") -> list[Fragment]:
    return list(READER.read(Source(path=path, data=text.encode(), tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[tuple[str, str, int | None]]:
    return [(one.type.value, one.upstream, one.evidence.line) for one in fragments if isinstance(one, RelationSeen)]


def made(fragments: list[Fragment]) -> list[tuple[str, str | None]]:
    return [(one.id, one.name) for one in fragments if isinstance(one, ArtifactSeen) and one.made_here]


def test_both_generations_of_mixtures(tmp_path: Path) -> None:
    older = """model_name_or_path: google/gemma-7b
use_peft: true
dataset_mixer:
  HuggingFaceH4/deita-10k-v0-sft: 1.0
  data/local.jsonl: 0.5
output_dir: data/zephyr-7b
hub_model_id: zephyr-7b
"""
    fragments = read(older, tmp_path)
    assert made(fragments) == [("model:made:config.yaml", "zephyr-7b")]
    assert related(fragments) == [
        ("adapter-of", "model:google/gemma-7b", 1),
        ("finetuned-on", "dataset:huggingfaceh4/deita-10k-v0-sft", 4),
        ("finetuned-on", "dataset:file:data/local.jsonl", 5),
    ]
    newer = """model_name_or_path: Acme/Support-SFT
dataset_mixture:
  datasets:
    - id: argilla/dpo-mix-7k
      weight: 1.0
beta: 0.1
hub_model_id: Acme/Support-DPO
"""
    fragments = read(newer, tmp_path)
    assert made(fragments) == [("model:acme/support-dpo", "Acme/Support-DPO")]
    assert related(fragments) == [
        ("finetuned-from", "model:acme/support-sft", 1),
        ("preference-tuned-on", "dataset:argilla/dpo-mix-7k", 4),
    ]


def test_mixer_lists_and_judges(tmp_path: Path) -> None:
    text = """model_name_or_path: allenai/OLMo-2-1124-7B
dataset_mixer_list: [allenai/tulu-3-sft-mixture, 1.0]
dataset_mixer_eval_list: allenai/held-out 64
reward_model_path: allenai/Llama-3.1-Tulu-3-8B-RM
teacher_model_name_or_path: Qwen/Qwen2.5-72B-Instruct
tokenizer_name: allenai/dolma2-tokenizer
learning_rate: 5.0e-7
"""
    assert related(read(text, tmp_path)) == [
        ("finetuned-from", "model:allenai/olmo-2-1124-7b", 1),
        ("contains", "model:allenai/dolma2-tokenizer", 6),
        ("rewarded-by", "model:allenai/llama-3.1-tulu-3-8b-rm", 4),
        ("distilled-from", "model:qwen/qwen2.5-72b-instruct", 5),
        ("finetuned-on", "dataset:allenai/tulu-3-sft-mixture", 2),
        ("evaluated-on", "dataset:allenai/held-out", 3),
    ]


def test_json_has_pointers(tmp_path: Path) -> None:
    text = json.dumps({"model_name_or_path": "gpt2", "dataset_name": "imdb", "output_dir": "out"})
    fragments = read(text, tmp_path, "args.json")
    found = [(one.type.value, one.upstream, one.evidence.pointer) for one in fragments if isinstance(one, RelationSeen)]
    assert found == [("finetuned-from", "model:gpt2", "/model_name_or_path"), ("finetuned-on", "dataset:imdb", "/dataset_name")]


def test_toml_with_sections(tmp_path: Path) -> None:
    text = """[model]
pretrained_model_name_or_path = "stabilityai/stable-diffusion-xl-base-1.0"
[network]
network_module = "networks.lora"
[train]
output_dir = "out"
"""
    assert related(read(text, tmp_path, "kohya.toml")) == [("adapter-of", "model:stabilityai/stable-diffusion-xl-base-1.0", 2)]


def test_several_names_in_one(tmp_path: Path) -> None:
    text = json.dumps({"model_name_or_path": "a/m", "train_dataset_name": "a/x+a/x+a/y", "output_dir": "out"})
    assert [one[1] for one in related(read(text, tmp_path, "args.json"))] == ["model:a/m", "dataset:a/x", "dataset:a/y"]


def test_interpolated_names(tmp_path: Path) -> None:
    text = "model_name_or_path: ${owner}/Base-7B\nowner: Acme\noutput_dir: x\ndataset_name: ${oc.env:DATA}\n"
    fragments = read(text, tmp_path)
    assert related(fragments) == [("finetuned-from", "model:acme/base-7b", 1)]
    assert [(one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)] == [
        ("${oc.env:DATA}", "is a placeholder"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "model_name_or_path: a/b\n",  # somebody loads it, or trains it: not told
        "model_name: a/b\noutput_dir: x\n",
        "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nnum_processes: 8\n",
        "model_name_or_path: a/b\nlearning_rate: 1\nstage: sft\n",  # another reader's
        "on: push\njobs:\n  x:\n    env: {model_name: a/b, output_dir: y, learning_rate: 1, do_train: 1}\n",
    ],
)
def test_other_yaml_says_nothing(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == []


def test_broken(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read('{"model_name_or_path": "a/b", "output_dir": ', tmp_path, "args.json")
    assert str(raised.value) == "args.json:1: is not JSON: Expecting value at column 45; mend the file or leave it out"
