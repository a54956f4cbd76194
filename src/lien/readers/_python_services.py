"""Services that a Python module calls, and the hosted models that it asks of them."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Final

from lien.readers._python_calls import Row
from lien.readers._python_module import Module
from lien.readers._python_naming import Naming, dotted, keyword_of, shown
from lien.readers._python_use import Use
from lien.readers._python_values import Constant, Literal, Place
from lien.readers._references import hosted_model, is_placeholder, ollama_reference, routed_model, service_of_address
from lien.vocabulary.ids import hub_id, kind_of, model_id, service_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["Services"]

_ADDRESS_KEYWORDS: Final = (
    "base_url",
    "api_base",
    "openai_api_base",
    "azure_endpoint",
    "inference_server_url",
    "openai_api_url",
    "server_url",
    "endpoint_url",
    "api_endpoint",
)
_LOCAL_HOSTS = re.compile(r"^(?:https?://)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|ollama|\[::1\])(?::(\d+))?(?:/|$)")
_MAX_INSIDE: Final = 100
_MAX_DEPTH: Final = 4
"""How many models one argument names, and how deep in it."""
_NO_MODELS: Final = frozenset({"messages", "tools", "functions", "metadata", "model_info", "tags"})
_OWN_NAMES = re.compile(r"-(?:turbo|free|lite|chat-hf|tput|retrieval|reference)$", re.IGNORECASE)
"""Ends of names that Together gives to its own editions of models: the Hub has no repository that is called so."""
_STRICT: Final = frozenset({"anthropic", "google-gemini"})
"""Providers all of whose models have names of one pattern."""


class Services:
    """The calls of one module over the network."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
        self._module = naming.module
        self._evaluator = naming.evaluator

    def provider(self, owner: str, calls: Sequence[ast.Call | None]) -> str | None:
        """The provider behind a client: another address makes it another service, a local one none; None if nobody can tell."""
        if owner.startswith("azure"):
            return owner  # whose address is always one's own
        for call in calls:
            for keyword in call.keywords if call is not None else ():
                if keyword.arg not in _ADDRESS_KEYWORDS:
                    continue
                texts = [str(one.value) for one in self._evaluator.texts(keyword.value, self._module)]
                if not texts:
                    return owner if _is_empty(keyword.value) else None
                found = service_of_address(texts[0])
                if found is not None:
                    return found.removeprefix("service:")
                return f"local:{texts[0]}" if texts[0] else owner
        return owner

    def service(self, owner: str | None, call: ast.Call) -> Iterator[Use]:
        if owner is None or owner.startswith("local:"):
            return
        here = Place(self._module.path, self._module.line(call))
        yield self._naming.use(service_id(owner), Relation.CALLS, Constant(shown(call.func), here), call)

    def hosted(self, row: Row, call: ast.Call, client: ast.Call | None, *, owner: str) -> Iterator[Use]:
        provider = self.provider(owner, [call, client]) if owner else ""
        is_local = provider is not None and provider.startswith("local:")
        if provider and not is_local:
            yield from self.service(provider, call)
        expression = self._naming.argument(row, call)
        texts = self._evaluator.texts(expression, self._module) if expression is not None else []
        if expression is None and row.assumed is not None and not is_local:
            texts = [Constant(row.assumed, Place(self._module.path, self._module.line(call)))]
        if expression is not None and not texts and owner:
            yield from self._naming.lost(expression, call, f"a hosted model of {owner}")
        for one in texts:
            text = str(one.value).strip()
            if not text or is_placeholder(text):
                continue
            if is_local and provider is not None:
                yield from self._served_here(text, provider, one, call)
            else:
                yield from self._hosted_as(text, provider or "", one, call)

    def _served_here(self, text: str, provider: str, one: Constant, call: ast.Call) -> Iterator[Use]:
        """A server of one's own behind a provider's client: Ollama by its port, else a model by its Hub id."""
        local = _LOCAL_HOSTS.match(provider.removeprefix("local:"))
        if local is None:
            return
        reference = ollama_reference(text) if local[1] == "11434" or "ollama" in provider else self._naming.model(text)
        if reference.id is not None:
            yield self._naming.use(reference, Relation.LOADS, one, call)

    def _hosted_as(self, text: str, provider: str, one: Constant, call: ast.Call) -> Iterator[Use]:
        if provider in {"azure-openai", "aws-bedrock", "azure-ai", "google-vertex"} and "." not in text and hosted_model(text) is None:
            return  # the name of a deployment, which is one's own
        if provider == "openai" and "/" in text and hosted_model(text) is None:
            return  # a model of somebody else, behind an address that the code alone does not tell
        if provider == "replicate":
            text = text.partition(":")[0]  # the version is a hash
        identifier = hosted_model(text, provider or None)
        known = hosted_model(text)
        if identifier is None or (provider in _STRICT and (known is None or known.partition("/")[0] != service_id(provider))):
            return  # a name that this provider does not use: of another branch
        yield from self._hosted_id(identifier, one, call)

    def _hosted_id(self, identifier: str, one: Constant, call: ast.Call) -> Iterator[Use]:
        service = identifier.partition("/")[0]
        if kind_of(identifier) is not Kind.SERVICE:
            yield self._naming.use(identifier, Relation.LOADS, one, call)
            return
        if service == identifier:
            yield self._naming.use(identifier, Relation.CALLS, one, call)
            return
        yield self._naming.use(identifier, Relation.CALLS, one, call, below=(service, Relation.OFFERED_BY))
        yield self._naming.use(service, Relation.CALLS, one, call)
        model = str(one.value)
        is_hub = service == "service:huggingface" or (service == "service:together" and not _OWN_NAMES.search(model))
        if is_hub and model.count("/") == 1 and hub_id(model) is not None:
            use = self._naming.use(identifier, Relation.CALLS, one, call, below=(model_id(model), Relation.SERVES))
            yield use

    def routed(self, row: Row, call: ast.Call) -> Iterator[Use]:
        for one in self._routed_names(row, call):
            text = str(one.value)
            providers = self._evaluator.texts(
                keyword_of(call, ("model_provider", "custom_llm_provider")) or ast.Constant(None), self._module
            )
            identifier = routed_model(f"{providers[0].value}/{text}" if providers else text)
            if identifier is not None:
                yield from self._hosted_id(identifier, one, call)

    def _routed_names(self, row: Row, call: ast.Call) -> Iterator[Constant]:
        """The names that a router is given: each of its arguments may hold one, a list, or configurations with a key `model`."""
        given = [one.value for one in call.keywords if one.arg in row.keywords]
        first = self._naming.argument(row, call)
        for expression in given or ([first] if first is not None else []):
            yield from self._evaluator.texts(expression, self._module)
            yield from self._models_inside(expression)

    def _models_inside(self, expression: ast.expr) -> Iterator[Constant]:
        """Values of `model` in literals, however deep: `[{"model_name": …, "litellm_params": {"model": …}}]`."""
        pending: list[tuple[ast.expr, Module, int]] = [(expression, self._module, 0)]
        found = 0
        while pending and found < _MAX_INSIDE:
            node, module, depth = pending.pop(0)
            for one in self._evaluator.values(node, module):
                if not isinstance(one, Literal) or depth > _MAX_DEPTH:
                    continue
                if not isinstance(one.node, ast.Dict):
                    pending.extend((element, one.module, depth + 1) for element in one.node.elts)
                    continue
                for key, value in zip(one.node.keys, one.node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "model":
                        texts = self._evaluator.texts(value, one.module)
                        found += len(texts)
                        yield from texts
                    elif isinstance(key, ast.Constant) and key.value not in _NO_MODELS:
                        pending.append((value, one.module, depth + 1))

    def address(self, row: Row, call: ast.Call) -> Iterator[Use]:
        """A plain request to the address of a model API, with the model that it asks for."""
        expression = self._naming.argument(row, call)
        if expression is None:
            return
        for one in self._evaluator.texts(expression, self._module):
            service = service_of_address(str(one.value)) if "." in str(one.value) else None
            if service is None:
                continue
            yield self._naming.use(service, Relation.CALLS, one, call)
            path = str(one.value).partition("/models/")[2]
            if service == "service:huggingface" and path.count("/") == 1:
                yield from self._hosted_as(path, "huggingface", one, call)
            for text in self._asked_model(call):
                yield from self._hosted_as(str(text.value), service.removeprefix("service:"), text, call)

    def _asked_model(self, call: ast.Call) -> Iterator[Constant]:
        for keyword in call.keywords:
            if keyword.arg in {"json", "data", "content"}:
                body = keyword.value
                if isinstance(body, ast.Call) and dotted(body.func).endswith("dumps") and body.args:
                    body = body.args[0]
                for one in self._evaluator.values(body, self._module):
                    if isinstance(one, Literal) and isinstance(one.node, ast.Dict):
                        for key, value in zip(one.node.keys, one.node.values, strict=True):
                            if isinstance(key, ast.Constant) and key.value == "model":
                                yield from self._evaluator.texts(value, one.module)


def _is_empty(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and not expression.value
