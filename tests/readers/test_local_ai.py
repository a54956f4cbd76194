"""LocalAI's model files and galleries."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import Fragment, LicenseClaim, RelationSeen
from lien.readers.interface import Reader
from lien.readers.local_ai import LocalAiReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = LocalAiReader()

MODEL = """\
name: phi
backend: llama-cpp
parameters:
  model: huggingface://TheBloke/phi-2-GGUF/phi-2.Q8_0.gguf
download_files:
  - filename: x
    uri: https://example.org/pretrained/clip_l.safetensors
"""
GALLERY = """\
- &one
  name: "a"
  license: apache-2.0
  urls: [https://huggingface.co/acme/a]
  files:
    - filename: a.gguf
      uri: huggingface://acme/a-GGUF/a.gguf
- <<: *one
  name: b
  overrides: {parameters: {model: b.gguf}}
  files: [{uri: "https://huggingface.co/other/b-GGUF/resolve/main/b.gguf"}]
"""


def read(text: str, path: str = "models/x.yaml") -> list[Fragment]:
    source = Source(path=path, data=text.encode(), tree=Tree(Path(__file__).parent))
    return list(READER.read(source)) if READER.accepts(source.data) else []


def related(fragments: list[Fragment]) -> list[tuple[int | None, str, str]]:
    return [(one.evidence.line, one.role.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


def test_a_model() -> None:
    assert related(read(MODEL)) == [(4, "default", "model:thebloke/phi-2-gguf"), (7, "default", "model:clip_l")]


def test_a_gallery() -> None:
    fragments = read(GALLERY)
    assert related(fragments) == [(7, "option", "model:acme/a-gguf"), (11, "option", "model:other/b-gguf")]
    claims = [(one.artifact, one.text) for one in fragments if isinstance(one, LicenseClaim)]
    assert claims == [("model:acme/a-gguf", "apache-2.0"), ("model:other/b-gguf", "apache-2.0")]


@pytest.mark.parametrize(
    "text", ["name: x\nparameters: 3\n", "name: x\nparameters:\n  model: a/b\n", "on: push\nname: x\njobs: {}\n", "- name: x\n  files: 3\n"]
)
def test_other_files(text: str) -> None:
    assert read(text) == []


def test_malformed() -> None:
    with pytest.raises(InputError, match=r"^models/x\.yaml:4: is not YAML"):
        read("name: x\nparameters:\n  model: https://x\n y: z")
