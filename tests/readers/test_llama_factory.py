"""LLaMA-Factory configurations, and their dataset names, through the reader's own door."""

from pathlib import Path

import pytest

from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.llama_factory import LlamaFactoryReader
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Basis

READER: Reader = LlamaFactoryReader()
DATA = Path(__file__).parent.parent / "data" / "llama_factory"
HEAD = "model_name_or_path: Qwen/Qwen3-8B\ntemplate: qwen3\nstage: sft\ndo_train: true\n"


def read(text: str, tree: Path = DATA, path: str = "configs/x.yaml") -> list[Fragment]:
    return list(READER.read(Source(path=path, data=text.encode(), tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[tuple[str, str, str, int | None]]:
    return [(one.downstream, one.type.value, one.upstream, one.evidence.line) for one in fragments if isinstance(one, RelationSeen)]


def unresolved(fragments: list[Fragment]) -> list[tuple[str, str]]:
    return [(one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)]


def test_names_through_the_registry() -> None:
    fragments = list(READER.read(Tree(DATA).read("configs/sft.yaml")))
    run = "model:made:configs/sft.yaml"
    assert related(fragments) == [
        (run, "adapter-of", "model:meta-llama/llama-3.1-8b-instruct", 2),
        (run, "finetuned-on", "dataset:acme/support-dialogues", 10),
        (run, "finetuned-on", "dataset:file:data/house_style.jsonl", 10),
        (run, "evaluated-on", "dataset:modelscope:acme/scope-only", 11),
    ]
    told = [(one.evidence.path, one.evidence.line) for one in fragments if isinstance(one, ArtifactSeen) and "acme/support" in one.id]
    assert told == [("configs/sft.yaml", 10), ("data/dataset_info.json", 2)]


def test_names_that_lead_nowhere() -> None:
    fragments = read(HEAD + "dataset: [math, bucket]\n")
    assert unresolved(fragments) == [
        ("math", "is not in data/dataset_info.json"),
        ("bucket", "has no address in data/dataset_info.json that can be followed"),
    ]


def test_stock_names_are_inferred(tmp_path: Path) -> None:
    fragments = read(HEAD + "dataset: alpaca_zh,identity,house_style\n", tmp_path)
    found = [(one.upstream, one.evidence.basis) for one in fragments if isinstance(one, RelationSeen)][1:]
    assert found == [("dataset:llamafactory/alpaca_zh", Basis.INFERRED), ("dataset:file:data/identity.json", Basis.INFERRED)]
    assert unresolved(fragments) == [("house_style", "is a name of data/dataset_info.json, which is not in the audited tree")]


@pytest.mark.parametrize(
    ("folder", "names", "found"),
    [("ONLINE", "Acme/Talks", ["dataset:acme/talks"]), ("REMOTE:Acme/registry", "a,b", ["dataset:acme/registry"] * 2)],
)
def test_registries_elsewhere(folder: str, names: str, found: list[str]) -> None:
    fragments = read(f"{HEAD}dataset_dir: {folder}\ndataset: {names}\n")
    assert [one[2] for one in related(fragments)][1:] == found


@pytest.mark.parametrize(
    ("stage", "kind", "relations"),
    [
        ("pt", "full", ["continued-from", "pretrained-on"]),
        ("sft", "freeze", ["finetuned-from", "finetuned-on"]),
        ("dpo", "oft", ["adapter-of", "preference-tuned-on"]),
        ("ppo", "lora", ["adapter-of", "rewarded-by", "finetuned-on"]),
    ],
)
def test_stages(stage: str, kind: str, relations: list[str]) -> None:
    text = f"model_name_or_path: Qwen/Qwen3-8B\nstage: {stage}\ndo_train: true\nfinetuning_type: {kind}\ndataset: support\n"
    fragments = read(text + ("reward_model: Acme/Reward-8B\n" if stage == "ppo" else ""))
    assert [one[1] for one in related(fragments)] == relations


def test_a_chat_loads_and_makes_nothing() -> None:
    text = "model_name_or_path: Qwen/Qwen3-8B\nadapter_name_or_path: saves/qwen3/lora\ntemplate: qwen3\ninfer_backend: vllm\n"
    fragments = read(text)
    assert related(fragments) == [("product", "loads", "model:qwen/qwen3-8b", 1)]
    assert unresolved(fragments) == [("saves/qwen3/lora", "is a local path")]


def test_exports() -> None:
    text = "model_name_or_path: Qwen/Qwen3-8B\ntemplate: qwen3\nexport_dir: saves/x\n"
    assert [one[1] for one in related(read(text))] == ["converted-from"]
    assert [one[1] for one in related(read(text + "adapter_name_or_path: Acme/Lora-8B\n"))] == ["merged-from", "merged-from"]
    quantized = read(text + "export_quantization_bit: 4\nexport_quantization_dataset: data/house_style.jsonl\n")
    assert [one[1] for one in related(quantized)] == ["quantized-from", "built-with"]


def test_second_form(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "demo.yaml").write_text("talks:\n  path: Acme/Talks\nown:\n  path: data/own.json\n  source: local\n")
    text = "model: Qwen/Qwen3-4B\nmodel_class: llm\npeft_config:\n  name: lora\ntrain_dataset: data/demo.yaml\n"
    fragments = read(text, tmp_path, "x.yaml")
    assert related(fragments) == [
        ("model:made:x.yaml", "adapter-of", "model:qwen/qwen3-4b", 1),
        ("model:made:x.yaml", "finetuned-on", "dataset:acme/talks", 5),
        ("model:made:x.yaml", "finetuned-on", "dataset:file:data/own.json", 5),
    ]
    told = [one.evidence.path for one in fragments if isinstance(one, ArtifactSeen) and one.id == "dataset:acme/talks"]
    assert told == ["data/demo.yaml"]


@pytest.mark.parametrize("text", ["model_name_or_path: a/b\n", "stage: sft\n", "model_name_or_path: [a/b]\ntemplate: x\ncutoff_len: 1\n"])
def test_other_yaml_says_nothing(text: str) -> None:
    assert read(text) == []
