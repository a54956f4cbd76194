"""LiteLLM's proxy: hosted models and one's own servers."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import Fragment, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.litellm import LiteLlmReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = LiteLlmReader()

TEXT = """\
model_list:
  - model_name: fast
    litellm_params:
      model: groq/llama3-70b-8192
      api_key: os.environ/GROQ_API_KEY
  - model_name: main
    litellm_params: {model: gpt-4o}
  - model_name: own
    litellm_params:
      model: openai/Qwen/Qwen2-7B
      api_base: http://vllm:8000/v1
  - model_name: theirs
    litellm_params: {model: openai/deepseek-chat, api_base: https://api.deepseek.com}
  - model_name: local
    litellm_params: {model: ollama/llama3}
  - model_name: unknown
    litellm_params: {model: openai/thing, api_base: http://x}
  - 3
"""


def read(text: str, path: str = "config.yaml") -> list[Fragment]:
    source = Source(path=path, data=text.encode(), tree=Tree(Path(__file__).parent))
    return list(READER.read(source)) if READER.accepts(source.data) else []


def test_models() -> None:
    fragments = read(TEXT)
    assert [(one.evidence.line, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)] == [
        (4, "calls", "service:groq/llama3-70b-8192"),
        (7, "calls", "service:openai/gpt-4o"),
        (10, "loads", "model:qwen/qwen2-7b"),
        (13, "calls", "service:deepseek/deepseek-chat"),
        (15, "loads", "model:ollama:llama3"),
    ]
    assert [(one.what, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)] == [("openai/thing", 17)]


@pytest.mark.parametrize("text", ["", "a: b\n", "model_list: 3\nlitellm_params: 4\n", "- litellm_params\n"])
def test_other_files(text: str) -> None:
    assert read(text) == []


def test_malformed() -> None:
    with pytest.raises(InputError, match=r"^config\.yaml:2: is not YAML"):
        read("model_list: [litellm_params\nx: y: z")
