"""Reads JavaScript and TypeScript: the models that code loads, and the services that it calls.

The calls are those of `_js_calls.py`; names are followed as `_js_values.py` says. A call of a client
whose making cannot be found counts only where the method tells, such as `chat.completions.create`.
Not read: code without any word of these libraries, scripts that a build wrote, and types.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._js_addresses import Loaded, loaded_packages
from lien.readers._js_calls import (
    CALLS,
    FETCHERS,
    METHODS,
    MODEL_KEYS,
    PROVIDER_METHODS,
    PROVIDERS,
    Row,
    What,
    library_of,
    may_name_models,
)
from lien.readers._js_module import PAGES, Module, parse_module, refuse_build_output, scripts_of
from lien.readers._js_names import Node, text_of
from lien.readers._js_values import MAX_TEXTS, Lost, Place, Text, argument, follow, member, texts
from lien.readers._references import (
    WEIGHT_ENDINGS,
    hosted_model,
    is_placeholder,
    model_reference,
    ollama_reference,
    routed_model,
    seen,
    service_of_address,
)
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.ids import hub_id, kind_of, model_id, service_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["JavaScriptReader"]

_READER = "javascript"
_ENDINGS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".html", ".htm")
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_ADDRESS_KEYS = ("baseURL", "baseUrl", "basePath", "host", "endpoint", "endpointUrl", "apiBase", "serverURL", "anthropicApiUrl")
_NESTED_OPTIONS = ("configuration", "clientOptions", "additionalSessionOptions", "session")
_TELLING = frozenset(
    {key for key in METHODS if key.count(".") == 2}
    | {"responses.create", "embeddings.create", "images.generate", "messages.create", "messages.stream", "models.generateContent"}
    | {"models.generateContentStream", "models.embedContent", "getGenerativeModel", "createChatCompletion"}
)
_MAX_CHAIN = 12
_API_HOST = re.compile(r"(?:https?://)?api[.-]", re.IGNORECASE)
"""Hosts of those who serve models to others. On any other host, a name of the Hub is that of a model served there by its owner."""

_HOST = re.compile(r"https?://[\w.-]+(?::\d+)?")
_PATHS = {
    "google-gemini": re.compile(r"/models/([\w.-]+)"),
    "google-vertex": re.compile(r"/models/([\w.-]+)"),
    "huggingface": re.compile(r"/models/([\w.-]+(?:/[\w.-]+)?)"),
    "replicate": re.compile(r"/models/([\w.-]+/[\w.-]+)"),
    "azure-openai": re.compile(r"/deployments/([\w.-]+)"),
    "deepinfra": re.compile(r"/inference/([\w.-]+/[\w.-]+)"),
}
"""Where the addresses of a provider name the model."""

_WEB_ROOTS = ("public", "static", "src", "assets", "src/assets", "")
_TRANSFORMERS = "transformers.js"
_OLLAMA_PORT = 11434
_OWN = "own"
"""Stands for the provider of a model on a server of one's own, where names mean what its owner likes."""

_FOREIGN = "foreign"
"""Stands for a provider at an address that nobody knows, whose names mean what it likes."""

_OWN_HOSTS = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1", "host.docker.internal"})  # noqa: S104  # compared, not bound to
_COMPATIBLE = frozenset({"openai", ""})
"""Providers whose clients people point at others' servers."""

_NO_SERVICE = frozenset({None, "ollama", _OWN, _FOREIGN})


class JavaScriptReader:
    """Scripts in JavaScript or TypeScript, and those inside pages and Vue and Svelte components."""

    name = _READER
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By the ending; declarations of types name nothing that runs."""
        path = path.lower()
        return path.endswith(_ENDINGS) and not path.endswith(_DECLARATIONS)

    def accepts(self, head: bytes) -> bool:
        """Text; `.ts` is a video too."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """What the product loads and calls: packages at addresses first, then models and services, each in file order.

        Raises LeftOutError for what a build wrote, and InputError for a file of which too much is no JavaScript, after what could be read.
        """
        packages = list(loaded_packages(source.data))
        if _is_page(source.path):
            yield from _packages(source, packages)
            if not may_name_models(scripts_of(source)):
                return
        elif packages or may_name_models(source.data):
            refuse_build_output(source)
            yield from _packages(source, packages)
        if not may_name_models(source.data):
            return
        try:
            module = parse_module(source)
        except InputError as error:
            raise InputError(error.message, path=source.path) from error
        for node in module.nodes("call", "new"):
            yield from _Call(Place(node, module)).fragments()
        if module.is_spent:
            raise InputError("has names that lead to too many others to follow them all; split the file", path=source.path)
        lost = module.error
        if lost is not None:
            line = lost.start_point.row + 1
            raise InputError("is not JavaScript or TypeScript; mend the file or leave it out", path=source.path, line=line)


def _is_page(path: str) -> bool:
    return path.lower().endswith(PAGES)


def _packages(source: Source, packages: list[Loaded]) -> Iterator[Fragment]:
    for one in packages:
        evidence = source.evidence(_READER, line=one.line, as_written=one.written)
        yield ArtifactSeen(one.id, Kind.PACKAGE, evidence, name=one.name, version=one.version)
        yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, one.id, evidence)


class _Callee(NamedTuple):
    """What a call calls: a library and a name in it, or the end of a chain on something made elsewhere."""

    library: str
    name: str


class _Call:
    """One call or `new`, and what it tells."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._function = place.node.child_by_field_name("function") or place.node.child_by_field_name("constructor")

    def fragments(self) -> Iterator[Fragment]:
        if self._function is None:
            return
        called = text_of(self._function) if self._function.end_byte - self._function.start_byte < 80 else ""
        if called in FETCHERS:
            yield from self._fetch()
            return
        callee = _callee(self._function, self._place.module)
        row = _row(callee) if callee is not None else None
        if row is None and self._is_of_transformers(called):
            callee = _Callee(_TRANSFORMERS, called.rpartition(".")[2])
            row = _row(callee)
        if row is not None and callee is not None:
            yield from self._library(row, callee)
            return
        yield from self._method()

    def _is_of_transformers(self, called: str) -> bool:
        """Is this a call of transformers.js by its name alone, in a file that brings it in: kept in a field, or wrapped?"""
        if not called.endswith(".from_pretrained"):
            task = argument(self._place, 0) if called == "pipeline" and argument(self._place, 1) is not None else None
            if task is None or task.node.type != "string":
                return False
        return any(library_of(one) == _TRANSFORMERS for one in self._place.module.libraries)

    # What libraries do with their arguments.

    def _library(self, row: Row, callee: _Callee) -> Iterator[Fragment]:
        match row.what:
            case What.CLIENT:
                yield from self._client(row)
            case What.BUNDLED:
                yield from self._seen(
                    Relation.LOADS, model_id(f"{row.owner}:{callee.library.rpartition('/')[2]}"), self._place, callee.library
                )
            case What.OLLAMA if row.owner == "client":
                pass  # its methods name the models
            case What.HOSTED:
                yield from self._hosted(row, self._provider(row.owner))
            case What.ROUTED:
                yield from self._routed(row)
            case What.TASK if (given := argument(self._place, row.position)) is None or given.node.type in {"null", "undefined"}:
                yield self._unresolved(Lost("takes its library's default model for the task; name a model", self._place))
            case _:
                for name in self._names(row):
                    yield from self._named(row.what, name)

    def _routed(self, row: Row) -> Iterator[Fragment]:
        """`PROVIDER/MODEL`, or a model with its provider beside it. What is a model already made tells by its own call."""
        options = argument(self._place, 1)
        beside = member(options, "modelProvider") if options is not None else None
        providers = [one.value for one in texts(beside) if isinstance(one, Text)] if beside is not None else []
        for name in self._names(row):
            if isinstance(name, Text) and providers:
                found = routed_model(f"{providers[0]}:{name.value}")
                yield from self._seen(_by_kind(found), found, name.place, name.value, name) if found else [self._unresolved_name(name)]
            elif isinstance(name, Text) or "environment" in name.reason:
                yield from self._named(row.what, name)

    def _client(self, row: Row) -> Iterator[Fragment]:
        provider = self._provider(row.owner)
        if provider in {None, _FOREIGN}:
            yield self._unresolved(Lost("goes to an address of no service that lien knows", self._place))
        elif provider not in _NO_SERVICE:
            yield from self._seen(Relation.CALLS, service_id(provider), self._place, text_of(self._function) if self._function else "")

    def _hosted(self, row: Row, provider: str | None) -> Iterator[Fragment]:
        """A hosted model by its name; without one, the service alone."""
        names = self._names(row)
        for name in names:
            yield from self._hosted_name(name, provider)
        if not names and provider is not None and provider not in _NO_SERVICE:
            yield from self._seen(Relation.CALLS, service_id(provider), self._place, text_of(self._function) if self._function else "")

    def _hosted_name(self, name: Text | Lost, provider: str | None) -> Iterator[Fragment]:
        if isinstance(name, Lost):
            if provider is not None and provider not in _NO_SERVICE:
                yield from self._seen(Relation.CALLS, service_id(provider), self._place, provider)
            yield self._unresolved(name)
        elif provider == "ollama":
            yield from self._named(What.OLLAMA, name)
        elif hosted_model(name.value) is not None if provider in {None, _FOREIGN} else provider != _OWN:
            yield from self._service_model(name, None if provider == _FOREIGN else provider)
        elif provider == _FOREIGN:
            yield self._unresolved(Lost("is a model at an address of no service that lien knows", name.place), name.value)
        elif "/" in name.value:
            yield from self._named(What.HUB, name)
        else:
            yield self._unresolved(Lost("is a model behind an address that cannot be followed", name.place), name.value)

    def _service_model(self, name: Text, provider: str | None) -> Iterator[Fragment]:
        # Replicate's versions are hashes.
        found = hosted_model(name.value.partition(":")[0] if provider == "replicate" else name.value, provider)
        if found is None:
            yield self._unresolved(Lost("is a placeholder", name.place), name.value)
            return
        yield from self._seen(Relation.CALLS, found, name.place, name.value, name)
        repository = hub_id(name.value)
        if provider == "huggingface" and repository is not None and "/" in repository:
            evidence = _evidence(name.place, name.value)
            yield ArtifactSeen(model_id(repository), Kind.MODEL, evidence, name=name.value)
            yield RelationSeen(found, Relation.SERVES, model_id(repository), evidence)

    def _named(self, what: What, name: Text | Lost) -> Iterator[Fragment]:
        """One name in the words of its library."""
        if isinstance(name, Lost):
            yield self._unresolved(name)
            return
        tree, path = name.place.module.tree, name.place.module.path
        reason: str | None = "is no name that can be followed"
        match what:
            case What.HUB | What.TASK:
                found, reason = model_reference(name.value, tree, path)
            case What.OLLAMA:
                found, reason = ollama_reference(name.value)
            case What.ROUTED:
                found = routed_model(name.value)
            case What.MLC:
                found = model_id(f"mlc-ai/{name.value}") if name.value.endswith("-MLC") and hub_id(name.value) else None
            case _:
                found, reason = self._file(name)
        if found is None:
            yield self._unresolved(Lost(reason or "cannot be followed", name.place), name.value)
        else:
            yield from self._seen(_by_kind(found), found, name.place, name.value, name)

    def _file(self, name: Text) -> tuple[str | None, str | None]:
        """A weight file by its path or, in a browser, by its address below the folder that a site serves."""
        tree, path = name.place.module.tree, name.place.module.path
        if name.value.startswith("/"):
            folders = path.split("/")[:-1]
            above = ["/".join(folders[:length]) for length in range(len(folders), -1, -1)]
            for folder in above:
                for root in _WEB_ROOTS:
                    inside = "/".join(part for part in (folder, root, name.value.strip("/")) if part)
                    if tree.has(inside):
                        return model_reference(inside, tree, "")
        if name.value.startswith("hf:"):
            return model_reference("/".join(name.value.removeprefix("hf:").split("/")[:2]), tree, path)
        if name.value.lower().endswith(WEIGHT_ENDINGS) or "://" in name.value:
            return model_reference(name.value, tree, path)
        return None, "is a path of files that hold no weights that lien knows"

    # Clients, their providers and methods.

    def _provider(self, owner: str) -> str | None:
        """The provider that a client is for: where it names an address, that address decides. None: an address that nobody knows."""
        is_hidden = False
        for place in self._addresses():
            for one in texts(place):
                host = one.value if isinstance(one, Text) else (found[0] if (found := _HOST.match(_beginning(place))) else "")
                if host:
                    return _provider_of(host) or (_FOREIGN if _API_HOST.match(host) else None)
                # Left out of the environment, an address is the library's own.
                is_hidden = is_hidden or (isinstance(one, Lost) and "environment variable" not in one.reason)
        return None if is_hidden and owner in _COMPATIBLE else owner or None

    def _addresses(self) -> Iterator[Place]:
        for position in (0, 1):
            options = argument(self._place, position)
            if options is None:
                return
            for key in _ADDRESS_KEYS:
                found = member(options, key)
                if found is not None:
                    yield found
            for nested in _NESTED_OPTIONS:
                inner = member(options, nested)
                for key in _ADDRESS_KEYS if inner is not None else ():
                    found = member(inner, key) if inner is not None else None
                    if found is not None:
                        yield found

    def _method(self) -> Iterator[Fragment]:
        """A method of a client, or a function that gives a model of the AI SDK."""
        if self._function is None:
            return
        root, names = _chain(self._function)
        whole = ".".join(names)
        key = next((".".join(names[start:]) for start in range(len(names)) if ".".join(names[start:]) in METHODS), None)
        if key is None and (whole not in PROVIDER_METHODS or not self._may_name()):
            return  # as nearly all calls
        made = _made(Place(root, self._place.module))
        if made is not None and made.row is None:
            if whole in PROVIDER_METHODS:
                for name in self._names(Row(What.HOSTED)):
                    yield from self._hosted_name(name, made.provider)
            return
        if key is None or not (made is not None or key in _TELLING):
            return
        found = self._names(METHODS[key])
        if made is not None and made.row is not None and made.row.what is What.OLLAMA:
            for name in found:
                yield from self._named(What.OLLAMA, name)
            return
        for name in found:
            if made is not None:
                yield from self._hosted_name(name, made.provider)
            elif isinstance(name, Lost):
                yield self._unresolved(name)
            elif hosted_model(name.value) is not None:
                yield from self._service_model(name, None)
            else:
                yield self._unresolved(Lost("is a model of a client that cannot be followed", name.place), name.value)

    def _may_name(self) -> bool:
        """Could the first argument be a name?"""
        first = argument(self._place, 0)
        return first is not None and first.node.type not in {"arrow_function", "function_expression", "array", "number", "object"}

    # Addresses that code goes to by itself.

    def _fetch(self) -> Iterator[Fragment]:
        address = argument(self._place, 0)
        if address is None:
            return
        url = member(address, "url") or address
        for one in texts(url):
            # What follows a question mark may hold a key.
            written = (one.value if isinstance(one, Text) else _beginning(url)).partition("?")[0]
            host = _HOST.match(written)
            provider = _provider_of(host[0]) if host else None
            if provider is None or provider == _OWN:
                continue
            names = list(self._body_names())
            in_path = _PATHS[provider].search(written) if provider in _PATHS else None
            if in_path is not None and not names:
                names = [Text(in_path[1], one.place)]
            for name in names:
                yield from self._hosted_name(name, provider)
            if not names and provider not in _NO_SERVICE:
                yield from self._seen(Relation.CALLS, service_id(provider), one.place, written[:200])

    def _body_names(self) -> Iterator[Text | Lost]:
        for position in (0, 1):
            options = argument(self._place, position)
            if options is None:
                return
            body = member(options, "body") or member(options, "data") or member(options, "json") or options
            end = follow(body)
            if end.node.type == "call_expression":  # JSON.stringify
                end = argument(end, 0) or end
            named = member(end, "model")
            if named is not None:
                yield from texts(named)

    # What all of them share.

    def _names(self, row: Row) -> list[Text | Lost]:
        """The names that the row's argument gives; none if it is left out or is something else, such as a model already made."""
        given = argument(self._place, row.position)
        if given is None:
            return []
        end = follow(given)
        if row.keys or end.node.type == "object":
            options = [end, *filter(None, (argument(self._place, 1),))] if end.node.type != "object" else [end]
            for one in options:
                for key in row.keys or MODEL_KEYS:
                    found = member(one, key)
                    if found is not None:
                        return _worth(texts(found))
            if end.node.type not in {"string", "template_string"} or row.what is What.ROUTED:
                return []
        if end.node.type in {"arrow_function", "function_expression", "null", "undefined", "new_expression"}:
            return []
        return _worth(texts(given))

    def _seen(self, relation: Relation, identifier: str, place: Place, written: str, text: Text | None = None) -> Iterator[Fragment]:
        """The sighting where the name is written, and once more where it is used, if that is another line."""
        role = Role.OPTION if text is not None and text.is_choice else Role.DEFAULT
        evidence = _evidence(place, written)
        yield seen(identifier, evidence, written)
        yield RelationSeen(PRODUCT, relation, identifier, evidence, role)
        if (self._place.module.path, self._place.line) != (evidence.path, evidence.line) and text is not None:
            yield RelationSeen(PRODUCT, relation, identifier, _evidence(self._place, written), role)

    def _unresolved_name(self, name: Text) -> Fragment:
        return self._unresolved(Lost("is no name that can be followed", name.place), name.value)

    def _unresolved(self, lost: Lost, written: str | None = None) -> Fragment:
        what = written if written is not None else _shown(lost.place.node)
        place = lost.place if lost.place.module is self._place.module else self._place
        return UnresolvedReference(PRODUCT, what, lost.reason, _evidence(place, what))


class _Made(NamedTuple):
    """What made a client: the row of its class (None: a function of the AI SDK) and the provider, if an address does not hide it."""

    row: Row | None
    provider: str | None


def _made(root: Place) -> _Made | None:
    """How the thing at the root of a chain was made; None where that cannot be followed, or is of no library."""
    node, module = root
    if node.type == "identifier":
        direct = _sdk_provider(node, module)
        if direct is not None:
            return _Made(None, direct or None)
    end = follow(root)
    if end.node.type in {"new_expression", "call_expression"}:
        function = end.node.child_by_field_name("constructor") or end.node.child_by_field_name("function")
        callee = _callee(function, end.module) if function is not None else None
        if callee is None:
            return None
        if callee.library in PROVIDERS:
            return _Made(None, _Call(end)._provider(PROVIDERS[callee.library]))  # noqa: SLF001  # the call that made it
        row = _row(callee)
        if row is not None and row.what in {What.CLIENT, What.OLLAMA}:
            return _Made(row, _Call(end)._provider(row.owner))  # noqa: SLF001
        return None
    return _typed(end)


def _typed(place: Place) -> _Made | None:
    """A parameter or field that says of which class it is."""
    name = text_of(place.node) if place.node.end_byte - place.node.start_byte < 80 else ""
    binding = place.module.binding(name, place.node)
    if binding is None or binding.type_name is None:
        return None
    head, _, rest = binding.type_name.partition(".")
    imported = place.module.imports.get(head)
    if imported is None:
        return None
    row = _row(_Callee(library_of(imported.specifier), rest or (imported.name if imported.name not in {"default", "*"} else head)))
    return _Made(row, row.owner) if row is not None and row.what is What.CLIENT else None


def _sdk_provider(node: Node, module: Module) -> str | None:
    """The provider of an imported function of the AI SDK; None if it is none of these."""
    name = text_of(node)
    imported = module.imports.get(name) if module.binding(name, node) is None else None
    if imported is None:
        return None
    library = library_of(imported.specifier)
    return PROVIDERS[library] if library in PROVIDERS and not imported.name.startswith("create") else None


def _callee(function: Node, module: Module) -> _Callee | None:
    """The library and the name in it that an expression calls, if it begins with an imported name."""
    root, names = _chain(function)
    if root.type != "identifier":
        return None
    name = text_of(root)
    imported = module.imports.get(name)
    if imported is None:
        # Something of a library under a name of one's own: `const session = ort.InferenceSession`.
        binding = module.binding(name, root)
        if binding is None or binding.value is None or binding.value.type != "member_expression":
            return None
        place = Place(binding.value, module)
        inner, more = _chain(place.node)
        imported = place.module.imports.get(text_of(inner)) if inner.type == "identifier" else None
        names = [*more, *names]
        if imported is None:
            return None
    library = library_of(imported.specifier)
    if not library:
        return None
    match imported.name:
        case "*":
            return _Callee(library, ".".join(names) or _default_export(library) or name)
        case "default":
            return _Callee(library, ".".join([_default_export(library) or name, *names]))
        case exported:
            return _Callee(library, ".".join([exported, *names]))


def _default_export(library: str) -> str | None:
    """The class that a package exports as its default: the first that the table has of it."""
    return next((key.partition(":")[2] for key in CALLS if key.startswith(f"{library}:") and "*" not in key and "." not in key), None)


def _row(callee: _Callee) -> Row | None:
    library = "@tensorflow-models" if callee.library.startswith("@tensorflow-models/") else callee.library
    last = callee.name.rpartition(".")[2]
    keys = (f"{library}:{callee.name}", f"{library}:{last}" if callee.name != last and last[:1].isupper() else "", f"{library}:*.{last}")
    found = next((CALLS[key] for key in keys if key in CALLS), None)
    return found or (CALLS.get(f"{library}:*") if "." not in callee.name and last[:1].islower() else None)


def _chain(node: Node) -> tuple[Node, list[str]]:
    """`this.client.chat.create` as what it begins with (`this.client`) and the names that follow."""
    names: list[str] = []
    while node.type in {"member_expression", "non_null_expression", "parenthesized_expression"} and len(names) < _MAX_CHAIN:
        if node.type != "member_expression":
            if not node.named_child_count:
                break
            node = node.named_children[0]
            continue
        whole, key = node.child_by_field_name("object"), node.child_by_field_name("property")
        if whole is None or key is None or whole.type == "this":
            break
        names.append(text_of(key))
        node = whole
    return node, names[::-1]


def _provider_of(address: str) -> str | None:
    """The provider at an address; `ollama` for its port on any machine, _OWN for this machine."""
    found = service_of_address(address)
    if found is not None:
        return found.partition(":")[2]
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        port = parts.port
    except ValueError:
        return None
    if port == _OLLAMA_PORT:
        return "ollama"
    return _OWN if parts.hostname in _OWN_HOSTS else None


def _beginning(place: Place) -> str:
    """The source of a text that is not known as a whole: an address begins with its host."""
    node = follow(place).node
    return text_of(node)[:200].strip("`\"'")


def _shown(node: Node) -> str:
    """An expression as it is shown: of a call no arguments, which may hold a key."""
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    if function is None:
        return text_of(node)[:80]
    return f"{'new ' if node.type == 'new_expression' else ''}{text_of(function)[:80]}(…)"


def _by_kind(identifier: str) -> Relation:
    return Relation.CALLS if kind_of(identifier) is Kind.SERVICE else Relation.LOADS


def _worth(found: list[Text | Lost]) -> list[Text | Lost]:
    """Without empty texts, and without blanks that are to be filled in; if there may be more of them, that is said."""
    if len(found) >= MAX_TEXTS:
        found = [*found, Lost(f"stands for {MAX_TEXTS} names or more, of which lien followed so many", found[0].place)]
    return [one for one in found if isinstance(one, Lost) or (one.value.strip() and not is_placeholder(one.value))]


def _evidence(place: Place, written: str) -> Evidence:
    return Evidence(place.module.path, place.line, None, written, _READER)
