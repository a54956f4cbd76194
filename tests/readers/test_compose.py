"""Compose files: images, profiles, environments with defaults, and commands."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import Fragment, RelationSeen, UnresolvedReference
from lien.readers.compose import ComposeReader
from lien.readers.interface import Reader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = ComposeReader()

TEXT = """\
services:
  llm: &llm
    image: ollama/ollama:latest
    profiles: [gpu]
  app:
    image: mine/app
    build: {context: ., args: {EMBEDDING_MODEL: BAAI/bge-m3}}
    environment:
      - OLLAMA_BASE_URL=${OLLAMA_BASE_URL-http://llm:11434}
      - LLM=${LLM-llama2}
      - OPENAI_API_KEY=${OPENAI_API_KEY-sk-123456789}
      - OPENAI_API_BASE=https://api.deepseek.com/v1
  vllm:
    image: vllm/vllm-openai
    command: --model ${BASE:-Qwen/Qwen2-7B} --port 80
    environment:
      RERANKER_MODEL: BAAI/bge-reranker-v2-m3
  db:
    image: ${DB_IMAGE}
models:
  small:
    model: hf.co/bartowski/X-GGUF:Q4_K_M
"""


def read(text: str, tree: Path, path: str = "docker-compose.yml") -> list[tuple[int | None, str, str, str]]:
    fragments: list[Fragment] = list(READER.read(Source(path=path, data=text.encode(), tree=Tree(tree))))
    return [(one.evidence.line, one.role.value, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


@pytest.mark.parametrize(
    ("path", "is_claimed"),
    [("compose.yaml", True), ("docker-compose.prod.yml", True), ("a/dev.compose.yml", True), ("composer.yml", False), ("x.yml", False)],
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_services(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BASE=Qwen/Qwen2-72B\n")
    assert read(TEXT, tmp_path) == [
        (3, "option", "contains", "image:ollama/ollama"),
        (10, "default", "loads", "model:ollama:llama2"),
        (12, "default", "calls", "service:deepseek"),
        (7, "default", "loads", "model:baai/bge-m3"),
        (14, "default", "contains", "image:vllm/vllm-openai"),
        (17, "option", "loads", "model:baai/bge-reranker-v2-m3"),
        (15, "default", "loads", "model:qwen/qwen2-72b"),
        (22, "default", "loads", "model:bartowski/x-gguf"),
    ]


def test_a_command_in_a_block(tmp_path: Path) -> None:
    text = "services:\n  a:\n    image: x\n    command: >\n      sh -c 'ollama serve &\n      ollama pull llama3'\n"
    assert read(text, tmp_path)[-1] == (5, "default", "loads", "model:ollama:llama3")


def test_a_file_for_tests(tmp_path: Path) -> None:
    assert read("services:\n  a:\n    image: redis\n", tmp_path, "docker-compose.test.yml") == [
        (3, "development", "contains", "image:redis")
    ]


@pytest.mark.parametrize(
    "text", ["services: 3\n", "services:\n  a: x\n", "services:\n  a: {image: 3, command: {}, environment: 1}\n", "a: b\n"]
)
def test_other_shapes(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == []


def test_malformed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^docker-compose\.yml:3: is not YAML"):
        read("services:\n  a: [\n", tmp_path)


def test_what_is_included_and_extended(tmp_path: Path) -> None:
    files = {
        "infra/more.yml": "services:\n  ol:\n    image: ollama/ollama\n    command: pull llama3\ninclude: [../base.yml]\n",
        "base.yml": (
            "services:\n  emb:\n    image: ghcr.io/huggingface/text-embeddings-inference:cpu\n    command: --model-id BAAI/bge-m3\n"
            "  tgi:\n    image: ghcr.io/huggingface/text-generation-inference:2\n    environment: {MODEL_ID: a/b}\n"
        ),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    text = """\
include:
  - path: infra/more.yml
  - git@github.com:acme/x.git
services:
  near:
    extends: {file: base.yml, service: emb}
    command: --model-id Acme/own
  own:
    extends: near
    command: --model-id Acme/other
  far:
    extends: {file: nowhere.yml, service: x}
"""
    fragments = list(READER.read(Source(path="compose.yml", data=text.encode(), tree=Tree(tmp_path))))
    told = [(one.evidence.path, one.evidence.line, one.upstream) for one in fragments if isinstance(one, RelationSeen)]
    assert [one for number, one in enumerate(told) if told[number - 1 : number] != [one]] == [
        ("base.yml", 3, "image:ghcr.io/huggingface/text-embeddings-inference"),
        ("compose.yml", 7, "model:acme/own"),
        ("compose.yml", 10, "model:acme/other"),
        ("infra/more.yml", 3, "image:ollama/ollama"),
        ("infra/more.yml", 4, "model:ollama:llama3"),
        ("base.yml", 3, "image:ghcr.io/huggingface/text-embeddings-inference"),
        ("base.yml", 4, "model:baai/bge-m3"),
        ("base.yml", 6, "image:ghcr.io/huggingface/text-generation-inference"),
        ("base.yml", 7, "model:a/b"),
    ]
    assert [(one.what, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)] == [
        ("nowhere.yml", 12),
        ("git@github.com:acme/x.git", 3),
    ]


def test_services_that_extend_one_another_in_a_ring(tmp_path: Path) -> None:
    text = "services:\n  a: {extends: b, command: --model a/a}\n  b: {extends: a, image: vllm/vllm-openai}\n"
    assert [one[3] for one in read(text, tmp_path)] == ["model:a/a", "image:vllm/vllm-openai"]
