"""Continue's configurations: what develops the product is no part of it."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import RelationSeen
from lien.readers.continue_config import ContinueReader
from lien.readers.interface import Reader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = ContinueReader()


def read(text: str, path: str) -> list[tuple[int | str | None, str, str, str]]:
    fragments = READER.read(Source(path=path, data=text.encode(), tree=Tree(Path(__file__).parent)))
    return [
        (one.evidence.line or one.evidence.pointer, one.role.value, one.type.value, one.upstream)
        for one in fragments
        if isinstance(one, RelationSeen)
    ]


@pytest.mark.parametrize(
    ("path", "is_claimed"), [(".continue/config.json", True), ("a/.continue/models/x.yaml", True), ("continue/config.json", False)]
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_json() -> None:
    text = (
        '{"models": [{"provider": "ollama", "model": "llama3"}, {"provider": "ollama", "model": "AUTODETECT"}, 3],'
        ' "tabAutocompleteModel": {"provider": "mistral", "model": "codestral-latest"},'
        ' "embeddingsProvider": {"provider": "huggingface-tei"}}'
    )
    assert read(text, ".continue/config.json") == [
        (1, "development", "loads", "model:ollama:llama3"),
        (1, "development", "calls", "service:mistral/codestral-latest"),
    ]


def test_json_with_comments() -> None:
    text = '{ // mine\n "models": [\n  {"provider": "openai", "model": "gpt-4o",},\n ],\n}\n'
    assert read(text, ".continue/config.json") == [(3, "development", "calls", "service:openai/gpt-4o")]


def test_yaml() -> None:
    text = "models:\n  - provider: anthropic\n    model: claude-sonnet-4\n  - {provider: vllm, model: Qwen/Qwen2-7B}\n"
    assert read(text, ".continue/config.yaml") == [
        (3, "development", "calls", "service:anthropic/claude-sonnet-4"),
        (4, "development", "loads", "model:qwen/qwen2-7b"),
    ]


def test_malformed() -> None:
    assert read("[]", ".continue/config.json") == []
    with pytest.raises(InputError, match=r"^\.continue/config\.json:1: is not JSON"):
        read("{", ".continue/config.json")
