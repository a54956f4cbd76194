""".env files: names of models, and never a secret."""

from pathlib import Path

import pytest

from lien.graph.fragments import ArtifactSeen, RelationSeen
from lien.readers.env_file import EnvFileReader
from lien.readers.interface import Reader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = EnvFileReader()

TEXT = """\
# models
export LLM=llama2 # or gpt-4
OLLAMA_HOST=http://localhost:11434
EMBEDDING_MODEL="BAAI/bge-m3"
CHAT_MODEL=gpt-4o-mini
WATSONX_MODEL_ID=ibm/granite-13b-chat-v2
OPENAI_API_BASE=https://api.deepseek.com
OPENAI_API_KEY=sk-proj-0123456789abcdef
MODEL_API_KEY=meta-llama/Llama-2-7b
LLM_TOKEN=hf_0123456789
SECRET_MODEL=meta-llama/Llama-2-7b
MODEL=0123456789012345678901234567890123456789abcd
MODEL_DIR=acme/name
MODEL_NAME=your-model
EMBEDDING_DIMENSIONS=1024
MODEL_TYPE=acme/name
EMBEDDING=sentence_transformer
"""


def read(text: str, path: str = ".env") -> list[tuple[int | None, str, str, str]]:
    fragments = list(READER.read(Source(path=path, data=text.encode(), tree=Tree(Path(__file__).parent))))
    shown = " ".join(str(one) for one in fragments if isinstance(one, ArtifactSeen))
    assert "0123456789" not in shown
    return [(one.evidence.line, one.role.value, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


@pytest.mark.parametrize(
    ("path", "is_claimed"),
    [(".env", True), ("a/.env.example", True), ("docker.env", True), ("env.example", True), ("env.py", False), ("environment.yml", False)],
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_names_only() -> None:
    expected = [
        (2, "loads", "model:ollama:llama2"),
        (4, "loads", "model:baai/bge-m3"),
        (5, "calls", "service:openai/gpt-4o-mini"),
        (6, "calls", "service:ibm-watsonx/ibm/granite-13b-chat-v2"),
        (7, "calls", "service:deepseek"),
    ]
    assert read(TEXT) == [(line, "default", *rest) for line, *rest in expected]
    assert {role for _, role, _, _ in read(TEXT, ".env.example")} == {"option"}


@pytest.mark.parametrize("text", ["", "=x\n", "LLM\nLLM=\n", "LLM=${OTHER}\n", "\ufeffA='", "LLM=a b\n"])
def test_lines_that_name_nothing(text: str) -> None:
    assert read(text) == []
