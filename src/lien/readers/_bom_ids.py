"""Which artifact a component, data object or service of a BOM is: by its purl, else by type and name."""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from lien.readers._bom_values import Json, text
from lien.readers._references import hosted_model, service_of_address
from lien.vocabulary.ids import dataset_id, hub_id, image_id, kind_of, model_id, package_id, service_id
from lien.vocabulary.kinds import Kind

__all__ = [
    "Identity",
    "Purl",
    "data_identity",
    "hub_aliases",
    "hub_dataset",
    "hub_owner",
    "hub_repository",
    "identify",
    "owner_of",
    "provider_of",
    "publisher_of",
    "split_purl",
]


class Purl(NamedTuple):
    """The parts of a package URL that name a thing, percent-decoded; qualifiers stay as written."""

    type: str
    namespace: str
    name: str
    version: str | None
    qualifiers: str


Identity = tuple[str, Kind, str | None, str | None]
"""An artifact's id and kind, its purl and its version."""


_unquoted = lru_cache(maxsize=4096)(unquote)


def split_purl(purl: str) -> Purl | None:
    """The parts of a package URL, or None if the text is none (purl specification, "How to parse").

    An `@` begins the version only behind the last slash: many tools leave the `@` of an npm scope
    unescaped. A subpath names a place inside the thing, and is cut off.

    >>> split_purl("pkg:npm/%40scope/name@1.0?x=y#sub")
    Purl(type='npm', namespace='@scope', name='name', version='1.0', qualifiers='x=y')
    """
    parts = _split(purl)
    return None if parts is None else Purl(*parts)


_PLAIN_PURL = re.compile(r"pkg:([a-z0-9.+-]+)/(?:([^@?#%\s/]+(?:/[^@?#%\s/]+)*)/)?([^@?#%\s/]+)(?:@([^@?#%\s/]+))?")


def _split(purl: str) -> tuple[str, str, str, str | None, str] | None:
    """As `split_purl`, without the price of a named tuple: a large BOM has a purl for each component."""
    plain = _PLAIN_PURL.fullmatch(purl)
    if plain is not None:
        kind, namespace, name, version = plain.groups()
        return kind, namespace or "", name, version, ""
    return _split_any(purl)


def _split_any(purl: str) -> tuple[str, str, str, str | None, str] | None:
    if "#" in purl:
        purl = purl.rpartition("#")[0]
    qualifiers = ""
    if "?" in purl:
        purl, _, qualifiers = purl.rpartition("?")
    scheme, _, rest = purl.partition(":")
    if scheme != "pkg" and scheme.strip().lower() != "pkg":
        return None
    kind, _, rest = rest.strip().strip("/").partition("/")
    namespace, _, name = rest.rpartition("/")
    version = ""
    if "@" in name:
        name, _, version = name.rpartition("@")
    if "%" in rest:
        # Scopes come again and again, names and versions do not.
        namespace, name, version = _unquoted(namespace), unquote(name), unquote(version)
    if not name.strip() or not kind:
        return None
    return kind.lower(), namespace.strip("/"), name, version or None, qualifiers


_PACKAGE, _MODEL, _DATASET = Kind.PACKAGE, Kind.MODEL, Kind.DATASET  # looking a member up in its enum costs as much as a call
_KIND_OF_TYPE = {"machine-learning-model": Kind.MODEL, "data": Kind.DATASET, "container": Kind.IMAGE}
_WEIGHTS = (".gguf", ".ggml", ".safetensors", ".onnx", ".pt", ".pth", ".ckpt", ".tflite", ".mlmodel", ".keras")
_DATA = (".parquet", ".arrow", ".feather", ".jsonl", ".tfrecord")
"""Endings that nothing but weights or records of data has; a .bin or .csv may be anything."""

_FORGES = frozenset({"github", "gitlab", "bitbucket"})
_REGISTRIES = frozenset({"docker", "oci"})
_NO_PACKAGES = _FORGES | _REGISTRIES | {"huggingface", "mlflow"}


def identify(component: Json, name: str | None, type_: str) -> Identity | None:
    """What a component is; None if it has neither a name nor a purl.

    A purl decides, with one exception: the types that say nothing of models and data (a model on
    PyPI, a dataset on GitHub) do not make a package of what its own `type` calls a model or data.
    """
    kind = _KIND_OF_TYPE.get(type_, _PACKAGE) if type_ != "file" else _kind_of_file(name)
    version = component.get("version")
    if version.__class__ is not str:
        version = str(version) if isinstance(version, int | float) and not isinstance(version, bool) else None
    written = component.get("purl")
    if written is None and "evidence" in component:
        written = _concluded_purl(component["evidence"])
    parts = _split(written) if isinstance(written, str) else None
    if parts is None:
        if name is None:
            return None
        found = _by_file(kind, name) if type_ == "file" else _by_name(kind, name, component, version)
        return found, kind_of(found), None, version or None
    found_version = version or parts[3]
    if parts[0] not in _NO_PACKAGES and kind is not _MODEL and kind is not _DATASET:
        type_, namespace, name, purl_version, _ = parts
        full = f"{namespace}/{name}" if namespace and type_ != "pypi" else name
        return package_id(type_, full, purl_version or found_version), _PACKAGE, written, found_version
    own_name = name or parts[2]
    found = _by_purl(Purl(*parts), kind) or (
        _by_file(kind, own_name) if type_ == "file" else _by_name(kind, own_name, component, found_version)
    )
    return found, kind_of(found), written, found_version


def _by_purl(purl: Purl, kind: Kind) -> str | None:
    """The id that a purl of no package gives; None where the component's type and name say it better."""
    if purl.type == "huggingface":
        return _hub_purl(purl, kind)
    if kind is _MODEL or kind is _DATASET:
        return None
    if purl.type in _REGISTRIES:
        return _image(purl)
    if purl.type in _FORGES:
        return f"code:{purl.type}/{purl.namespace}/{purl.name}".lower() if purl.namespace else None
    return model_id(purl.name)


def _hub_purl(purl: Purl, kind: Kind) -> str:
    """No purl type speaks of datasets; some tools put `datasets` before the namespace."""
    first, _, rest = purl.namespace.partition("/")
    if first == "datasets":
        return dataset_id(f"{rest}/{purl.name}" if rest else purl.name)
    full = f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name
    return dataset_id(full) if kind is Kind.DATASET else model_id(full)


def _image(purl: Purl) -> str:
    """An OCI purl names its repository in a qualifier, a Docker purl its registry; both may leave it out."""
    name = f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name
    where = next((unquote(one[15:]) for one in purl.qualifiers.split("&") if one.startswith("repository_url=")), "")
    where = where.partition("://")[2] or where
    if purl.type == "oci" and "/" in where:
        name = where.strip("/")
    elif purl.type == "docker" and where.strip("/"):
        name = f"{where.strip('/')}/{name}"
    return image_id(_without_default_registry(name))


def _without_default_registry(name: str) -> str:
    for prefix in ("index.docker.io/", "docker.io/", "library/"):
        name = name.removeprefix(prefix)
    return name


def _kind_of_file(name: str | None) -> Kind:
    """A file is no package: it is weights or data if its ending says so, else code."""
    ending = (name or "").lower()
    return _MODEL if ending.endswith(_WEIGHTS) else _DATASET if ending.endswith(_DATA) else Kind.CODE


def _by_file(kind: Kind, name: str) -> str:
    """`model:file:weights/x.gguf`, as readers of the file itself call it."""
    path = name.replace("\\", "/")
    while path.startswith(("./", "/")):
        path = path.partition("/")[2]
    return f"{kind}:file:{path.lower()}"


_CERTAIN = frozenset({"1", "1.0"})


def _concluded_purl(evidence: object) -> str | None:
    """The purl that a tool concluded from what it saw, if it is certain of one and no other (CycloneDX 1.6, `identity`)."""
    identities = evidence.get("identity") if isinstance(evidence, dict) else None
    found = {
        one["concludedValue"]
        for one in (identities if isinstance(identities, list) else [identities])
        if isinstance(one, dict)
        and one.get("field") == "purl"
        and str(one.get("confidence")) in _CERTAIN
        and isinstance(one.get("concludedValue"), str)
    }
    return found.pop() if len(found) == 1 else None


def _by_name(kind: Kind, name: str, component: Json, version: str | None) -> str:
    group = component.get("group")
    if kind is Kind.MODEL and not group and not _hub_pages(component):
        # Some tools list the hosted models that code calls among components.
        hosted = hosted_model(name)
        if hosted is not None:
            return hosted
    if kind is Kind.MODEL or kind is Kind.DATASET:
        return _hub_name(kind, name, group)
    joined = f"{group}/{name}" if isinstance(group, str) and group and not name.startswith(f"{group}/") else name
    if kind is Kind.IMAGE:
        return image_id(_without_default_registry(joined))
    return package_id("generic", joined, version)


def _hub_name(kind: Kind, name: str, group: object) -> str:
    """A name with a slash is a Hub id as it is; a bare one stands in its group."""
    repository = hub_repository(name)
    if repository is not None:
        name = repository[1]
    elif "/" not in name and isinstance(group, str) and group.strip():
        name = f"{group.strip()}/{name}"
    return dataset_id(name) if kind is Kind.DATASET else model_id(name)


_HUB_URL = re.compile(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(datasets/)?([^/?#\s]+)(?:/([^/?#\s]+))?", re.IGNORECASE)
_HUB_VERBS = frozenset({"tree", "blob", "resolve", "raw", "viewer", "discussions", "commit", "commits"})
_HUB_PAGES = frozenset(
    {
        "spaces",
        "docs",
        "blog",
        "papers",
        "collections",
        "api",
        "models",
        "datasets",
        "organizations",
        "settings",
        "tasks",
        "learn",
        "posts",
        "new",
        "pricing",
    }
)


def hub_repository(url: str) -> tuple[Kind, str] | None:
    """Kind and id of the Hugging Face repository that a URL names; None for any other text.

    >>> hub_repository("https://huggingface.co/datasets/tatsu-lab/alpaca/tree/main")
    (<Kind.DATASET: 'dataset'>, 'tatsu-lab/alpaca')
    """
    match = _HUB_URL.match(url.strip())
    if match is None:
        return None
    data, first, second = match.groups()
    if second is None or (data and second in _HUB_VERBS):
        # A lone name is an organisation's page, unless it is one of the old datasets without a namespace.
        name = hub_id(first) if data else None
    else:
        name = None if not data and first.lower() in _HUB_PAGES else hub_id(f"{first}/{second}")
    return None if name is None else (Kind.DATASET if data else Kind.MODEL, name)


def hub_aliases(component: Json, identity: Identity) -> tuple[str, ...]:
    """Other ids of a model or dataset without purl: the Hub page where it says that it can be had.

    Only `distribution` and `website` speak of the thing itself: `vcs` often names its base model.
    """
    identifier, kind, purl, _ = identity
    if purl is not None:
        return ()
    found = {f"{kind}:{repository[1]}" for repository in _hub_pages(component) if repository[0] is kind}
    return tuple(sorted(found - {identifier}))


def _hub_pages(component: Json) -> list[tuple[Kind, str]]:
    references = component.get("externalReferences")
    addresses = [
        one["url"]
        for one in (references if isinstance(references, list) else ())
        if isinstance(one, dict) and one.get("type") in ("distribution", "website") and isinstance(one.get("url"), str)
    ]
    return [found for found in map(hub_repository, addresses) if found is not None]


def publisher_of(component: Json, identity: Identity) -> str | None:
    """Who published a model or dataset, in lower case; None where nothing says so.

    The namespace of the id comes first: it is what every other reader of the same repository sees,
    and two names for one publisher would look like two parties. Then come the organisations, in the
    order of how closely they answer for the thing.
    """
    owner = hub_owner(identity[0])
    if owner is not None:
        return owner
    for key in ("supplier", "manufacturer", "publisher", "author"):
        value = component.get(key)
        # An organisation is an object with a name; hand-written BOMs give the name alone.
        organisation = text(value.get("name") if isinstance(value, dict) else value)
        if organisation is not None:
            return organisation.lower()
    return None


def owner_of(data: Json) -> str | None:
    """The organisation or person that governs a data object as its owner, in lower case."""
    governance = data.get("governance")
    owners = governance.get("owners") if isinstance(governance, dict) else None
    for one in owners if isinstance(owners, list) else ():
        for key in ("organization", "individual"):
            who = one.get(key) if isinstance(one, dict) else None
            name = text(who.get("name")) if isinstance(who, dict) else None
            if name is not None:
                return name.lower()
    return None


def hub_owner(identifier: str) -> str | None:
    """The namespace of a model or dataset on the Hub; None if the id has none."""
    name = identifier.partition(":")[2]
    return name.partition("/")[0] if "/" in name and hub_id(name) else None


def data_identity(data: Json) -> str | None:
    """The id of the dataset that an inline data object is (`modelParameters.datasets`, `component.data`).

    Its Hub page names it best, then its name, then any other address; None if it has none of them.
    """
    page = hub_dataset(data)
    if page is not None:
        return page
    name = text(data.get("name")) or _address(data)
    return _hub_name(Kind.DATASET, name, None) if name else None


def hub_dataset(data: Json) -> str | None:
    """The id that the Hub page of a data object's contents gives it."""
    address = _address(data)
    repository = hub_repository(address) if address else None
    return dataset_id(repository[1]) if repository is not None and repository[0] is Kind.DATASET else None


def _address(data: Json) -> str | None:
    contents = data.get("contents")
    return text(contents.get("url")) if isinstance(contents, dict) else None


def provider_of(service: Json, name: str) -> str:
    """The id of a service: by the host it answers on, else by its provider's name, else by its own."""
    endpoints = service.get("endpoints")
    for endpoint in endpoints if isinstance(endpoints, list) else ():
        found = service_of_address(endpoint.strip()) if isinstance(endpoint, str) else None
        if found is not None:
            return found
    provider = service.get("provider")
    hosted = hosted_model(name)
    if hosted is not None:
        return hosted
    stated = text(provider.get("name") if isinstance(provider, dict) else provider) or name
    # A slash would make it a model hosted under a service.
    return service_id("-".join(stated.replace("/", " ").split()) or name)
