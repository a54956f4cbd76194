"""Axolotl configurations through the reader's own door."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers.axolotl import AxolotlReader
from lien.readers.interface import Reader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = AxolotlReader()


def read(text: str, tree: Path, path: str = "config.yml") -> list[Fragment]:
    return list(READER.read(Source(path=path, data=text.encode(), tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[tuple[str, str, str, int | None]]:
    return [(one.downstream, one.type.value, one.upstream, one.evidence.line) for one in fragments if isinstance(one, RelationSeen)]


def made(fragments: list[Fragment]) -> list[tuple[str, str | None]]:
    return [(one.id, one.name) for one in fragments if isinstance(one, ArtifactSeen) and one.made_here]


def unresolved(fragments: list[Fragment]) -> list[tuple[str, str, int | None]]:
    return [(one.what, one.reason, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)]


def test_adapter(tmp_path: Path) -> None:
    text = """base_model: NousResearch/Llama-2-7b-hf
# hub_model_id: username/custom_model_name
adapter: qlora
datasets:
  - path: mhenrichsen/alpaca_2k_test
    type: alpaca
  - path: json
    data_files: [data/train.jsonl]
test_datasets:
  - path: Acme/held-out
micro_batch_size: 2
sequence_len: 4096
"""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.jsonl").write_text("{}\n")
    fragments = read(text, tmp_path, "recipes/Support.yml")
    assert made(fragments) == [("model:made:recipes/support.yml", None)]
    assert related(fragments) == [
        ("model:made:recipes/support.yml", "adapter-of", "model:nousresearch/llama-2-7b-hf", 1),
        ("model:made:recipes/support.yml", "finetuned-on", "dataset:mhenrichsen/alpaca_2k_test", 5),
        ("model:made:recipes/support.yml", "finetuned-on", "dataset:file:data/train.jsonl", 8),
        ("model:made:recipes/support.yml", "evaluated-on", "dataset:acme/held-out", 10),
    ]
    roles = [one.role for one in fragments if isinstance(one, RelationSeen)]
    assert roles == [Role.TRAINING, Role.TRAINING, Role.TRAINING, Role.EVALUATION]


def test_typed_data_are_axolotls(tmp_path: Path) -> None:
    text = "base_model: NousResearch/Llama-2-7b-hf\ndatasets:\n  - path: tatsu-lab/alpaca\n    type: alpaca\n"
    assert related(read(text, tmp_path)) == [
        ("model:made:config.yml", "finetuned-from", "model:nousresearch/llama-2-7b-hf", 1),
        ("model:made:config.yml", "finetuned-on", "dataset:tatsu-lab/alpaca", 3),
    ]
    assert read(text.replace("    type: alpaca\n", ""), tmp_path) == []


def test_full_training_that_is_pushed(tmp_path: Path) -> None:
    text = """base_model: mistralai/Mistral-7B-v0.1
tokenizer_config: EleutherAI/gpt-neox-20b
hub_model_id: Acme/Support-7B
push_dataset_to_hub: Acme/support-prepared
rl: dpo
datasets:
  - path: argilla/dpo-mix-7k
sequence_len: 4096
"""
    fragments = read(text, tmp_path)
    assert made(fragments) == [("model:acme/support-7b", "Acme/Support-7B"), ("dataset:acme/support-prepared", "Acme/support-prepared")]
    assert related(fragments) == [
        ("model:acme/support-7b", "finetuned-from", "model:mistralai/mistral-7b-v0.1", 1),
        ("model:acme/support-7b", "contains", "model:eleutherai/gpt-neox-20b", 2),
        ("model:acme/support-7b", "preference-tuned-on", "dataset:argilla/dpo-mix-7k", 7),
        ("dataset:acme/support-prepared", "derived-from", "dataset:argilla/dpo-mix-7k", 4),
    ]


@pytest.mark.parametrize(
    ("switch", "relation"),
    [("", "continued-from"), ("reinit_weights: true\n", "contains")],
)
def test_pretraining(switch: str, relation: str, tmp_path: Path) -> None:
    text = f"base_model: tiiuae/falcon-7b\n{switch}pretraining_dataset: allenai/c4\nmicro_batch_size: 1\n"
    assert [one[1:3] for one in related(read(text, tmp_path))] == [
        (relation, "model:tiiuae/falcon-7b"),
        ("pretrained-on", "dataset:allenai/c4"),
    ]


def test_what_is_no_hub_id(tmp_path: Path) -> None:
    text = """base_model: outputs/stage-1
lora_model_dir: ./outputs/lora
datasets:
  - path: <your-hf-dataset-id>
  - path: s3://bucket/x
micro_batch_size: 1
"""
    fragments = read(text, tmp_path)
    assert related(fragments) == []
    assert unresolved(fragments) == [
        ("outputs/stage-1", "is a local path", 1),
        ("./outputs/lora", "is a local path", 2),
        ("<your-hf-dataset-id>", "is a placeholder", 4),
        ("s3://bucket/x", "is an address outside the Hub", 5),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "base_model: a/b\nmerge_method: ties\nmodels: []\ndatasets: []\nsequence_len: 1\n",
        "base_model: a/b\nproject_name: x\n",
        "services:\n  base_model: a/b\n  sequence_len: 1\n  micro_batch_size: 1\n",
        "- base_model: a/b\n  datasets: []\n",
        "{{- if .Values.base_model }}\nkey: {{ .Values.datasets }}\n",
        "",
    ],
)
def test_other_yaml_says_nothing(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == []


def test_broken(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read("base_model: a/b\nmicro_batch_size: 1\ndatasets: [\n", tmp_path)
    assert str(raised.value).startswith("config.yml:4: is not YAML: ")
