"""GitHub workflows: what builds and tests the product."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import RelationSeen
from lien.readers.interface import Reader
from lien.readers.workflows import WorkflowReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = WorkflowReader()

TEXT = """\
on: push
env: {EMBEDDING_MODEL: BAAI/bge-m3}
jobs:
  test:
    container: {image: "python:3.11"}
    services:
      llm: {image: ollama/ollama}
    steps:
      - uses: actions/checkout@v4
      - run: pip install pytest
      - env: {BASE: acme/base}
        run: |
          # a comment
          hf download $BASE
          ollama pull ${{ matrix.model }}
"""


def read(text: str, path: str = ".github/workflows/ci.yml") -> list[tuple[int | None, str, str]]:
    fragments = READER.read(Source(path=path, data=text.encode(), tree=Tree(Path(__file__).parent)))
    return [(one.evidence.line, one.role.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


@pytest.mark.parametrize(
    ("path", "is_claimed"),
    [(".github/workflows/x.yml", True), (".github/actions/a/action.yml", True), ("workflows/x.yml", False), (".github/x.yml", False)],
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_jobs() -> None:
    expected = [
        (2, "model:baai/bge-m3"),
        (5, "image:python"),
        (7, "image:ollama/ollama"),
        (10, "package:pypi/pytest"),
        (14, "model:acme/base"),
    ]
    assert read(TEXT) == [(line, "development", upstream) for line, upstream in expected]
    assert {role for _, role, _ in read(TEXT, ".github/workflows/docker-release.yml")} == {"build"}


@pytest.mark.parametrize("text", ["run\n", "[run]\n", "jobs: {a: 3, b: {steps: [3, {run: 4}], container: 5, env: [x]}}\n"])
def test_other_shapes(text: str) -> None:
    assert read(text) == []


def test_malformed() -> None:
    with pytest.raises(InputError, match=r"^\.github/workflows/ci\.yml:2: is not YAML"):
        read("run: [\nx: }")
