"""Merge and mixture configurations through the reader's own door."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.mergekit import MergekitReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = MergekitReader()


def read(text: str, tree: Path, path: str = "merge.yml") -> list[Fragment]:
    return list(READER.read(Source(path=path, data=text.encode(), tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[tuple[str, str, str, int | None]]:
    return [(one.downstream, one.type.value, one.upstream, one.evidence.line) for one in fragments if isinstance(one, RelationSeen)]


def made(fragments: list[Fragment]) -> list[str]:
    return [one.id for one in fragments if isinstance(one, ArtifactSeen) and one.made_here]


def upstreams(fragments: list[Fragment]) -> list[str]:
    return [one[2].removeprefix("model:") for one in related(fragments)]


def test_models_with_a_base(tmp_path: Path) -> None:
    text = """models:
  - model: mistralai/Mistral-7B-Instruct-v0.2@main
  - model: BioMistral/BioMistral-7B+Acme/bio-lora
merge_method: ties
base_model: mistralai/Mistral-7B-v0.1
tokenizer_source: union
"""
    fragments = read(text, tmp_path)
    merge = "model:made:merge.yml"
    assert made(fragments) == [merge]
    assert related(fragments) == [
        (merge, "merged-from", "model:mistralai/mistral-7b-v0.1", 5),
        (merge, "merged-from", "model:mistralai/mistral-7b-instruct-v0.2", 2),
        (merge, "merged-from", "model:biomistral/biomistral-7b", 3),
        (merge, "merged-from", "model:acme/bio-lora", 3),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "slices:\n  - sources:\n      - model: a/x\n        layer_range: [0, 8]\n      - model: a/y\nmerge_method: slerp\n",
        "modules:\n  text:\n    slices:\n      - sources:\n          - model: a/x\n          - {model: a/y}\nmerge_method: passthrough\n",
        "merge_method: linear\nmodels:\n  - model: {model: {path: a/x, revision: main}, lora: {path: a/y}}\n",
        "base_model: a/x\ngate_mode: hidden\nexperts:\n  - source_model: a/y\n    positive_prompts: [write]\n",
    ],
)
def test_every_form(text: str, tmp_path: Path) -> None:
    assert upstreams(read(text, tmp_path)) == ["a/x", "a/y"]


def test_documents_build_on_one_another(tmp_path: Path) -> None:
    text = """name: first
merge_method: slerp
models: [{model: a/x}, {model: a/y}]
---
name: second
merge_method: linear
models:
  - model: first
  - model: a/z
"""
    fragments = read(text, tmp_path)
    assert made(fragments) == ["model:made:merge.yml#first", "model:made:merge.yml#second"]
    assert related(fragments)[2:] == [
        ("model:made:merge.yml#second", "merged-from", "model:made:merge.yml#first", 8),
        ("model:made:merge.yml#second", "merged-from", "model:a/z", 9),
    ]


def test_tokenizer_of_another_model(tmp_path: Path) -> None:
    text = "merge_method: linear\nmodels: [{model: a/x}]\ntokenizer:\n  source: a/t\n"
    assert related(read(text, tmp_path))[1:] == [("model:made:merge.yml", "contains", "model:a/t", 4)]


def test_recipe_beside_its_weights_is_the_model_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: apache-2.0\nbase_model: [a/x]\ntags: [mergekit]\n---\n# Acme/Merged-7B\n")
    (tmp_path / "mergekit_config.yml").write_text("merge_method: linear\nmodels: [{model: a/x}]\n")
    assert made(list(READER.read(Tree(tmp_path).read("mergekit_config.yml")))) == ["model:acme/merged-7b"]


def test_names_that_lead_nowhere(tmp_path: Path) -> None:
    fragments = read("merge_method: linear\nmodels: [{model: ./out}, {model: stage-two}]\n", tmp_path)
    assert [(one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)] == [
        ("./out", "is a local path"),
        ("stage-two", "gives no owner, so it may be a folder"),
    ]


@pytest.mark.parametrize(
    "text", ["models: [{model: a/x}]\n", "base_model: a/x\nsequence_len: 1\nmicro_batch_size: 1\n", "merge_method: [1]\n"]
)
def test_other_yaml_says_nothing(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == []


def test_broken(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read("merge_method: ties\nmodels:\n  - model: a\n - model: b\n", tmp_path)
    assert str(raised.value).startswith("merge.yml:4: is not YAML: ")
