"""What the datasets library writes beside data."""

import json
from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Fragment, LicenseClaim, RelationSeen
from lien.readers.dataset_folder import DatasetFolderReader
from lien.readers.interface import Reader
from lien.sources.tree import Tree

READER: Reader = DatasetFolderReader()
CHECKSUMS = {
    "hf://datasets/tatsu-lab/alpaca@dce01c9b08f87459cf36a430d809084718273017/data/train.parquet": {"num_bytes": 1},
    "https://huggingface.co/datasets/squad_org/squad/resolve/main/a.json": {"num_bytes": 1},
    "https://example.com/huggingface.co/datasets/a/b/c": {"num_bytes": 1},
}
INFO = {"builder_name": "parquet", "features": {"text": {"dtype": "string"}}, "license": "cc-by-nc-4.0", "download_checksums": CHECKSUMS}


def read(root: Path, files: dict[str, object], path: str) -> list[Fragment]:
    for name, content in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    source = Tree(root).read(path)
    assert READER.claims(path)
    return list(READER.read(source)) if READER.accepts(source.head(4096)) else []


def related(fragments: list[Fragment]) -> list[tuple[str, str, str]]:
    return [(one.downstream, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


def claimed(fragments: list[Fragment]) -> list[tuple[str, str | None]]:
    return [(one.text, one.evidence.pointer) for one in fragments if isinstance(one, LicenseClaim)]


def test_a_dataset_on_disk(tmp_path: Path) -> None:
    files: dict[str, object] = {"data/sft/dataset_dict.json": {"splits": ["train"]}, "data/sft/train/dataset_info.json": INFO}
    fragments = read(tmp_path, files, "data/sft/train/dataset_info.json")
    dataset = "dataset:file:data/sft"
    assert related(fragments) == [
        (PRODUCT, "ships", dataset),
        (dataset, "derived-from", "dataset:tatsu-lab/alpaca"),
        (dataset, "derived-from", "dataset:squad_org/squad"),
    ]
    assert claimed(fragments) == [("cc-by-nc-4.0", "/license")]
    assert related(read(tmp_path, files, "data/sft/dataset_dict.json")) == [(PRODUCT, "ships", dataset)]


def test_the_card_says_which_dataset_it_is(tmp_path: Path) -> None:
    files: dict[str, object] = {
        "README.md": "---\ntask_categories: [x]\n---\n# acme/tickets\n",
        "dataset_infos.json": {"default": {**INFO, "license": ""}},
    }
    fragments = read(tmp_path, files, "dataset_infos.json")
    assert related(fragments)[0] == (PRODUCT, "ships", "dataset:acme/tickets")
    assert claimed(fragments) == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("dataset_info.json", {"alpaca": {"hf_hub_url": "tatsu-lab/alpaca"}}),  # the registry of LLaMA-Factory
        ("dataset_info.json", "[]"),
        ("dataset_dict.json", {"splits": 3}),
        ("dataset_infos.json", {"default": ["features"]}),
        ("dataset_info.json", '{"port": 1, // comment\n}'),
    ],
)
def test_somebody_elses_file(tmp_path: Path, path: str, content: object) -> None:
    assert read(tmp_path, {path: content}, path) == []


def test_a_broken_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, {"dataset_info.json": '{"features": {},\n'}, "dataset_info.json")
    assert str(raised.value).startswith("dataset_info.json:2: is not JSON: ")
