"""Reads configurations of Continue, a coding assistant: models and services that develop the product, and are no part of it."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role
from lien.readers._references import hosted_model, model_reference, ollama_reference, seen
from lien.sources.json_text import lines_of_pointers, parse_jsonc, plain_json, pointer
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import parse_yaml
from lien.vocabulary.relations import Relation

__all__ = ["ContinueReader"]

_SINGLE = ("tabAutocompleteModel", "embeddingsProvider", "reranker")
_HUB = frozenset({"huggingface-tgi", "huggingface-inference-api", "vllm", "huggingface-tei", "transformers.js"})
_PROVIDERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "azure": "azure-openai",
    "bedrock": "aws-bedrock",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "gemini": "google-gemini",
    "groq": "groq",
    "mistral": "mistral",
    "openrouter": "openrouter",
    "replicate": "replicate",
    "together": "together",
    "vertexai": "google-vertex",
    "voyage": "voyage",
    "xai": "xai",
    "fireworks": "fireworks",
    "cerebras": "cerebras",
    "sambanova": "sambanova",
    "watsonx": "ibm-watsonx",
    "nvidia": "nvidia-nim",
}


class ContinueReader:
    """config.json, config.yaml and models/*.yaml in a folder `.continue`."""

    name = "continue"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By the folder."""
        pure = PurePosixPath(path.lower())
        return ".continue" in pure.parts[:-1] and pure.suffix in {".json", ".yaml", ".yml"}

    def accepts(self, head: bytes) -> bool:
        """Text."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """Every model that it configures, in file order. Raises InputError with the line if the file is malformed."""
        is_json = source.path.lower().endswith(".json")
        document = None if is_json else parse_yaml(source.text, path=source.path)
        value = parse_jsonc(source) if document is None else document.value
        if not isinstance(value, dict):
            return
        entries = list(_entries(value))
        # The file may hold comments, and then a report could not find its lines.
        lines = lines_of_pointers(plain_json(source.text), [pointer(*place, "model") for place, _ in entries]) if is_json else {}
        for place, entry in entries:
            identifier = _model(entry)
            if identifier is None:
                continue
            line = document.line(*place, "model") if document is not None else lines.get(pointer(*place, "model"))
            text = str(entry["model"])
            evidence = source.evidence(self.name, line=line, as_written=text)
            relation = Relation.CALLS if identifier.startswith("service:") else Relation.LOADS
            yield seen(identifier, evidence, text)
            yield RelationSeen(PRODUCT, relation, identifier, evidence, Role.DEVELOPMENT)


def _entries(value: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    models = value.get("models")
    for number, entry in enumerate(models if isinstance(models, list) else ()):
        if isinstance(entry, dict):
            yield ("models", number), entry
    for key in _SINGLE:
        if isinstance(value.get(key), dict):
            yield (key,), value[key]


def _model(entry: dict[str, Any]) -> str | None:
    provider, name = entry.get("provider"), entry.get("model")
    if not isinstance(provider, str) or not isinstance(name, str) or name.upper() == "AUTODETECT":
        return None
    if provider == "ollama":
        return ollama_reference(name).id
    if provider in _HUB:
        return model_reference(name).id if "/" in name else None
    return hosted_model(name, _PROVIDERS[provider]) if provider in _PROVIDERS else None
