"""Ollama's Modelfiles."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Fragment, LicenseClaim, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.modelfile import ModelfileReader
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

READER: Reader = ModelfileReader()


def read(text: str, tree: Path) -> list[Fragment]:
    return list(READER.read(Source(path="bot/Modelfile", data=text.encode(), tree=Tree(tree))))


@pytest.mark.parametrize(
    ("path", "is_claimed"), [("Modelfile", True), ("a/Modelfile.bot", True), ("bot.modelfile", True), ("modelfiles.md", False)]
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_base_adapter_and_licences(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "x.gguf").write_bytes(b"GGUF")
    text = (
        '# FROM not\nfrom llama3:8b\nADAPTER ./x.gguf\nSYSTEM """You\nFROM here """\nPARAMETER stop "FROM"\n'
        'LICENSE """\nMIT License\n\nCopyright\n"""\nLICENSE Apache-2.0\nDRAFT hf.co/acme/small-GGUF\n'
    )
    fragments = read(text, tmp_path)
    made = "model:made:bot/modelfile"
    assert [(one.downstream, one.type.value, one.upstream, one.evidence.line) for one in fragments if isinstance(one, RelationSeen)] == [
        (made, "derived-from", "model:ollama:llama3:8b", 2),
        (made, "derived-from", "model:file:bot/x.gguf", 3),
        (made, "contains", "model:acme/small-gguf", 13),
    ]
    assert [(one.artifact, one.text, one.scheme) for one in fragments if isinstance(one, LicenseClaim)] == [
        (made, "MIT License\n\nCopyright", Scheme.FILE),
        (made, "Apache-2.0", Scheme.FREE_TEXT),
    ]
    assert [one.id for one in fragments if isinstance(one, ArtifactSeen) and one.made_here] == [made]


@pytest.mark.parametrize(
    ("base", "reason"),
    [
        ("./missing", "is a local path that is not in the audited tree"),
        (
            f"/root/.ollama/models/blobs/sha256-{'a' * 64}",
            "is a file of Ollama's own store, known by its digest alone; write the model's name",
        ),
        ("${MODEL}", "is no name of an Ollama model"),
    ],
)
def test_bases_that_lead_nowhere(base: str, reason: str, tmp_path: Path) -> None:
    assert [(one.what, one.reason) for one in read(f"FROM {base}\n", tmp_path) if isinstance(one, UnresolvedReference)] == [(base, reason)]


@pytest.mark.parametrize("text", ["", "SYSTEM x\n", 'SYSTEM """\nFROM x\n', "# FROM x\n"])
def test_without_a_base(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^bot/Modelfile:1: has no FROM"):
        read(text, tmp_path)


@pytest.mark.parametrize(
    ("path", "is_one"), [("Modelfile", True), ("a/Modelfile.gpu", True), ("x.modelfile", True), ("modelfile.py", False)]
)
def test_names(path: str, is_one: bool) -> None:
    assert ModelfileReader().claims(path) is is_one
