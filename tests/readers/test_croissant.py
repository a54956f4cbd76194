"""Croissant files as publishers write them: licence, sources, and whose dataset it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Fragment, LicenseClaim, RelationSeen, UnresolvedReference
from lien.readers.croissant import CroissantReader
from lien.readers.interface import Reader
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

READER: Reader = CroissantReader()
CONTEXT = {"@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"}
BASE = {"@context": CONTEXT, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0", "name": "tickets"}


def read(root: Path, document: object, path: str = "data/croissant.json") -> list[Fragment]:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(document if isinstance(document, str) else json.dumps(document, indent=1), encoding="utf-8")
    assert READER.claims(path)
    source = Tree(root).read(path)
    return list(READER.read(source)) if READER.accepts(source.head(4096)) else []


def related(fragments: list[Fragment]) -> list[tuple[str, str, str]]:
    return [(one.downstream, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


def claimed(fragments: list[Fragment]) -> list[tuple[str, Scheme, str | None]]:
    return [(one.text, one.scheme, one.evidence.pointer) for one in fragments if isinstance(one, LicenseClaim)]


def test_a_dataset_of_the_hub(tmp_path: Path) -> None:
    document = {
        **BASE,
        "url": "https://huggingface.co/datasets/acme/tickets",
        "creator": {"@type": "Organization", "name": "Acme", "url": "https://huggingface.co/acme"},
        "version": "2.0",
        "license": "https://choosealicense.com/licenses/cc-by-nc-4.0/",
        "isBasedOn": ["https://huggingface.co/datasets/tatsu-lab/alpaca", {"@type": "CreativeWork", "name": "Old tickets"}],
        "distribution": [{"@type": "cr:FileObject", "contentUrl": "https://huggingface.co/datasets/acme/tickets"}],
    }
    fragments = read(tmp_path, document)
    assert related(fragments) == [
        (PRODUCT, "loads", "dataset:acme/tickets"),
        ("dataset:acme/tickets", "derived-from", "dataset:tatsu-lab/alpaca"),
    ]
    assert claimed(fragments) == [("https://choosealicense.com/licenses/cc-by-nc-4.0/", Scheme.URL, "/license")]
    first = fragments[0]
    assert isinstance(first, ArtifactSeen)
    assert (first.name, first.version, first.publisher, first.evidence.pointer) == ("tickets", "2.0", "Acme", "/name")
    assert [(one.what, one.evidence.pointer) for one in fragments if isinstance(one, UnresolvedReference)] == [
        ("Old tickets", "/isBasedOn/1/name")
    ]


def test_data_beside_the_file_are_shipped(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("a", encoding="utf-8")
    document = {**BASE, "sc:license": ["MIT", {"@type": "CreativeWork", "name": "House rules", "url": "https://x.example/r"}]}
    document["distribution"] = [{"@type": "cr:FileObject", "contentUrl": "a.csv"}]
    fragments = read(tmp_path, document)
    assert related(fragments) == [(PRODUCT, "ships", "dataset:file:data")]
    assert claimed(fragments) == [("MIT", Scheme.FREE_TEXT, "/sc:license/0"), ("https://x.example/r", Scheme.URL, "/sc:license/1/url")]


def test_a_graph_of_datasets(tmp_path: Path) -> None:
    graph = [{"@type": "https://schema.org/Dataset", "name": name, "license": "CC0-1.0"} for name in ("A", "B")]
    fragments = read(tmp_path, {"@context": CONTEXT, "@graph": [*graph, {"@type": "Person"}]}, "data/all.jsonld")
    assert related(fragments) == [(PRODUCT, "loads", "dataset:file:data/a"), (PRODUCT, "loads", "dataset:file:data/b")]
    assert [pointer for _, _, pointer in claimed(fragments)] == ["/@graph/0/license", "/@graph/1/license"]


@pytest.mark.parametrize(
    "document",
    [{"name": "x", "license": "MIT"}, {"@type": "Dataset", "license": "MIT"}, [], "no json"],
)
def test_somebody_elses_metadata(tmp_path: Path, document: object) -> None:
    assert read(tmp_path, document, "a-metadata.json") == []


@pytest.mark.parametrize(
    "change", [{"license": 5}, {"license": None}, {"license": {"x": 1}}, {"license": [[["MIT"]]]}, {"distribution": 7}]
)
def test_values_of_other_shapes(tmp_path: Path, change: dict[str, Any]) -> None:
    fragments = read(tmp_path, {**BASE, **change})
    assert claimed(fragments) == []
    assert related(fragments) == [(PRODUCT, "loads", "dataset:file:data")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"conformsTo": "http://mlcommons.org/croissant/1.0",\n', "data/croissant.json:2: is not JSON: "),
        (
            '{"conformsTo": "http://mlcommons.org/croissant/1.0"}',
            'data/croissant.json: says that it is Croissant and holds no dataset; give it "@type": "sc:Dataset"',
        ),
        ('{"a": "mlcommons.org/croissant", "b": ' + "[" * 100_000, "data/croissant.json: is nested too deeply to read"),
    ],
)
def test_broken_croissant(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, text)
    assert str(raised.value).startswith(message)
