"""Reads the configuration of LiteLLM's proxy: each model of its list, hosted or served by oneself."""

from collections.abc import Iterator
from typing import Any

from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._references import hosted_model, model_reference, ollama_reference, routed_model, seen, service_of_address
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import parse_yaml
from lien.vocabulary.relations import Relation

__all__ = ["LiteLlmReader"]

_OWN_SERVERS = frozenset(
    {"openai", "hosted_vllm", "vllm", "text-completion-openai", "huggingface", "lm_studio", "llamafile", "custom_openai"}
)
"""Routes that name a model served at the address beside them."""


class LiteLlmReader:
    """Any YAML file with LiteLLM's `model_list`."""

    name = "litellm"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By ending alone: the file is known by its keys."""
        return path.lower().endswith((".yaml", ".yml"))

    def accepts(self, head: bytes) -> bool:
        """Does it hold the key? A list of models stands at the beginning of such files."""
        return b"model_list" in head or b"litellm_params" in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """The models of the list, in file order. Raises InputError with the line if the file is not YAML."""
        if b"litellm_params" not in source.data:
            return
        document = parse_yaml(source.text, path=source.path)
        models = document.value.get("model_list") if isinstance(document.value, dict) else None
        for number, entry in enumerate(models if isinstance(models, list) else ()):
            parameters = entry.get("litellm_params") if isinstance(entry, dict) else None
            if not isinstance(parameters, dict) or not isinstance(name := parameters.get("model"), str):
                continue
            line = document.line("model_list", number, "litellm_params", "model")
            evidence = source.evidence(self.name, line=line, as_written=name)
            role = Role.OPTION if "example" in source.path.lower() else Role.DEFAULT
            identifier = _model(name, parameters)
            if identifier is None:
                yield UnresolvedReference(PRODUCT, name, "is a model behind an address that does not tell which", evidence)
                continue
            yield seen(identifier, evidence, name)
            relation = Relation.CALLS if identifier.startswith("service:") else Relation.LOADS
            yield RelationSeen(PRODUCT, relation, identifier, evidence, role)


def _model(name: str, parameters: dict[str, Any]) -> str | None:
    """A model by its route; where an own server is given, by its name on the Hub."""
    route, _, rest = name.partition("/")
    base = parameters.get("api_base") or parameters.get("base_url")
    if isinstance(base, str) and rest and route in _OWN_SERVERS:
        service = service_of_address(base)
        if service is not None:
            return hosted_model(rest, service.partition(":")[2])
        return model_reference(rest).id if "/" in rest else hosted_model(rest) if base.startswith("os.environ") else None
    if route == "hosted_vllm":
        return model_reference(rest).id
    if route in {"ollama", "ollama_chat"}:
        return ollama_reference(rest).id
    return routed_model(name)
