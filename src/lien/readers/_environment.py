"""Variables of an environment that name models or services, as containers, compose files and .env files set them.

Only names of models are taken, and never from a variable whose own name says that it holds a secret.
"""

import re
from collections.abc import Iterable, Iterator

from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role
from lien.readers._references import Reference, hosted_model, is_placeholder, model_reference, ollama_reference, seen, service_of_address
from lien.readers._shell import Word
from lien.readers._site import Site
from lien.vocabulary.relations import Relation

__all__ = ["PROVIDERS", "setting_facts"]

_SECRETS = frozenset(
    {"key", "keys", "token", "tokens", "secret", "secrets", "password", "passwd", "pass", "credential", "credentials", "auth"}
)
_MODELS = frozenset(
    {"model", "models", "llm", "embedding", "embeddings", "embedder", "embed", "reranker", "rerank", "vlm", "checkpoint", "whisper"}
)
_WRITERS = frozenset({"llm", "chat", "generation", "completion", "ollama", "enrichment", "summary", "vlm", "inference"})
_OTHER = frozenset(
    {
        *(
            "dir",
            "directory",
            "folder",
            "host",
            "port",
            "timeout",
            "size",
            "max",
            "min",
            "len",
            "length",
            "dtype",
            "type",
            "device",
            "cache",
        ),
        *(
            "count",
            "num",
            "dim",
            "dims",
            "dimension",
            "dimensions",
            "temperature",
            "format",
            "mode",
            "backend",
            "enabled",
            "enable",
            "provider",
        ),
        *(
            "batch",
            "ctx",
            "context",
            "limit",
            "api",
            "url",
            "uri",
            "endpoint",
            "region",
            "class",
            "alias",
            "version",
            "prefix",
            "suffix",
            "engine",
        ),
        *(
            "revision",
            "quantize",
            "quantization",
            "workers",
            "replicas",
            "threads",
            "interval",
            "retries",
            "family",
            "store",
            "config",
            "template",
        ),
    }
)
"""Words of a variable that is about a model and does not name one."""

_ADDRESSES = frozenset({"url", "uri", "base", "endpoint", "host", "api"})
PROVIDERS = {
    "watsonx": "ibm-watsonx",
    "anthropic": "anthropic",
    "bedrock": "aws-bedrock",
    "azure": "azure-openai",
    "groq": "groq",
    "mistral": "mistral",
    "cohere": "cohere",
    "gemini": "google-gemini",
    "vertex": "google-vertex",
    "vertexai": "google-vertex",
    "together": "together",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "openrouter": "openrouter",
    "replicate": "replicate",
    "xai": "xai",
    "perplexity": "perplexity",
}
"""Words of a variable that say who hosts the model that it names. OpenAI is none: many servers speak its protocol."""

_WORDS = re.compile(r"[a-z0-9]+")
_LONG_SECRET = re.compile(r"(?:sk|pk|hf|gsk|xai|ghp|xox[a-z])[-_][\w-]{8,}|[A-Za-z0-9+/=_-]{40,}")


def setting_facts(settings: Iterable[tuple[str, Word]], site: Site) -> Iterator[Fragment]:
    """What the variables of one environment say, in their order; a variable beside them may say who serves a model."""
    rows = list(settings)
    has_ollama = any("ollama" in _words(name) for name, _ in rows)
    for name, word in rows:
        words = _words(name)
        value = word.text.strip().strip("\"'")
        if words & _SECRETS or not word.is_known or not value or _LONG_SECRET.fullmatch(value):
            continue
        if words & _ADDRESSES and "://" in value:
            service = service_of_address(value)
            if service is not None:
                yield from _fact(Reference(service), Relation.CALLS, word, site)
        elif words & _MODELS and not words & _OTHER:
            for text in value.split(",") if "models" in words else [value]:
                found = _model(words, text.strip(), site, has_ollama=has_ollama)
                if found is not None:
                    relation = Relation.CALLS if found.startswith("service:") else Relation.LOADS
                    yield from _fact(Reference(found), relation, word, site, is_optional=bool(words & {"reranker", "rerank"}))


def _model(words: set[str], value: str, site: Site, *, has_ollama: bool) -> str | None:
    """The model that a variable's value is, where its shape or its neighbours leave no doubt."""
    if is_placeholder(value) or " " in value:
        return None
    provider = next((PROVIDERS[word] for word in sorted(words & PROVIDERS.keys())), None)
    hosted = hosted_model(value, provider) if provider or "/" not in value else None
    if hosted is not None:
        return hosted
    if value.startswith("ollama/"):
        return ollama_reference(value.removeprefix("ollama/")).id
    if "/" in value:
        return model_reference(value, site.tree, site.path).id
    if re.fullmatch(
        r"[a-z][\w.-]*:[\w.-]+", value, re.ASCII | re.IGNORECASE
    ):  # `qwen3:8b` is how Ollama tags are written, and nothing else
        return ollama_reference(value).id
    if "ollama" in words or (has_ollama and words & _WRITERS):
        return (
            ollama_reference(value).id
            if re.fullmatch(r"[a-z][a-z0-9._-]*", value) and "true" not in value and "false" not in value
            else None
        )
    return None


def _fact(reference: Reference, relation: Relation, word: Word, site: Site, *, is_optional: bool = False) -> Iterator[Fragment]:
    if reference.id is None:
        return
    evidence = site.evidence(word)
    role, note = site.role, None
    if is_optional and role is Role.DEFAULT:
        role, note = Role.OPTION, "named here; whether anything is ranked again is told elsewhere"
    yield seen(reference.id, evidence, word.text)
    yield RelationSeen(PRODUCT, relation, reference.id, evidence, role, note=note)


def _words(name: str) -> set[str]:
    return set(_WORDS.findall(name.lower()))
