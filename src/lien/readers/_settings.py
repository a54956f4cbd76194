"""What settings of applications and charts have in common: scalars with their keys, and models by keys that mean nothing else."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lien.readers._environment import PROVIDERS
from lien.readers._references import hosted_model, is_placeholder, model_reference, ollama_reference
from lien.sources.limits import MAX_DEPTH
from lien.sources.source import Source

__all__ = ["HUB_SECTIONS", "SettingValue", "default_of", "is_model_key", "model_of", "provider_of", "values_of"]

_MODEL_KEY = re.compile(
    r"(?:default_|base_|main_|fast_|smart_|small_|large_)?"
    r"(?:(?:llm|chat|embed(?:ding)?s?|rerank(?:er|ing)?|vision|completion|generation|language|whisper|stt|tts|asr|vlm|hf|huggingface)_?)?"
    r"(?:hf_|hub_)?(?:model|model_?id|model_?name|model_?url|model_name_or_path|repo_?id|model_repo)"
)
_BARE_KEY = re.compile(r"llm|embedding_?model|embedder")
_DEFAULTED = re.compile(r"\$\{\w+:-?([^{}]*)\}")
HUB_SECTIONS = frozenset({"huggingface", "hf", "transformers", "vllm", "tgi", "llamacpp", "sentence_transformers", "sentencetransformers"})


class SettingValue(NamedTuple):
    """A scalar with the keys above it."""

    keys: tuple[str | int, ...]
    text: str
    siblings: Mapping[str, Any]
    is_off: bool = False
    """Does a section around it say `enabled: false`?"""


def values_of(root: dict[str, Any]) -> Iterator[SettingValue]:
    """Every text in a document with its place, in order; nesting is limited by the parsers."""
    pending: list[tuple[tuple[str | int, ...], Any, Mapping[str, Any], bool]] = [((), root, {}, False)]
    while pending:
        keys, value, siblings, is_off = pending.pop()
        if isinstance(value, str):
            yield SettingValue(keys, value, siblings, is_off)
        elif isinstance(value, dict) and len(keys) < MAX_DEPTH:
            named = [(key, below) for key, below in value.items() if isinstance(key, str)]
            off = is_off or value.get("enabled") is False
            pending.extend(((*keys, key), below, value, off) for key, below in reversed(named))
        elif isinstance(value, list) and len(keys) < MAX_DEPTH:
            pending.extend(((*keys, number), below, siblings, is_off) for number, below in reversed(list(enumerate(value))))


def is_model_key(key: str) -> bool:
    """Does a key, in lower case, name a model and nothing else?"""
    return _MODEL_KEY.fullmatch(key) is not None or _BARE_KEY.fullmatch(key) is not None


def default_of(text: str) -> str:
    """`${NAME:default}` and `${NAME:-default}` stand for their default."""
    match = _DEFAULTED.fullmatch(text.strip())
    return match[1].strip() if match else text.strip()


def provider_of(parents: list[str], siblings: Mapping[str, Any]) -> str | None:
    """Who serves a model: told by a sibling, else by the nearest section."""
    for key in ("provider", "llm_provider", "api_type", "backend", "type"):
        value = siblings.get(key)
        if isinstance(value, str) and default_of(value).lower() in {*PROVIDERS, *HUB_SECTIONS, "ollama", "openai"}:
            return default_of(value).lower()
    for name in reversed(parents):
        if name in PROVIDERS or name in HUB_SECTIONS or name in {"ollama", "openai"}:
            return name
    return None


def model_of(text: str, provider: str | None, source: Source) -> str | None:
    if is_placeholder(text) or len(text) > 200:
        return None
    if provider == "ollama":
        return ollama_reference(text).id
    if provider in PROVIDERS:
        return hosted_model(text, PROVIDERS[provider])
    if "/" not in text:
        return hosted_model(text) if provider in {None, "openai"} else None
    if text.startswith("ollama/"):
        return ollama_reference(text.removeprefix("ollama/")).id
    found = model_reference(text, source.tree, source.path).id
    return found if found is not None and not found.startswith("model:file:") else None
