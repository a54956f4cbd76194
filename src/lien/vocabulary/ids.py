"""Artifact ids: short, lower case, one form for each thing (DESIGN section 2)."""

import re

from lien.vocabulary.kinds import Kind

__all__ = [
    "HUB_ID",
    "dataset_id",
    "hub_id",
    "image_id",
    "is_hub_artifact",
    "kind_of",
    "model_id",
    "package_id",
    "service_id",
    "telling_folder",
    "without_version",
]

HUB_ID = re.compile(r"(?!.*(?:--|\.\.))(?!.*\.git$)(?:\w[\w.-]*/)?\w(?:[\w.-]*\w)?", re.ASCII)
"""A Hugging Face repository id (huggingface_hub `validate_repo_id`); each part 96 characters at most."""

_KINDS = {kind.value: kind for kind in Kind}
_SEPARATORS = re.compile(r"[-_.]+")


def hub_id(text: str) -> str | None:
    """The repository id in lower case, or None if the text is not one.

    >>> hub_id("meta-llama/Llama-2-7b-hf")
    'meta-llama/llama-2-7b-hf'
    >>> hub_id("./out") is None
    True
    """
    text = text.strip()
    return text.lower() if all(len(part) <= 96 for part in text.split("/")) and HUB_ID.fullmatch(text) else None


def model_id(name: str) -> str:
    """The id of a model by its Hub id or other name."""
    return f"model:{name.strip().lower()}"


def dataset_id(name: str) -> str:
    """The id of a dataset by its Hub id or other name."""
    return f"dataset:{name.strip().lower()}"


def service_id(provider: str, model: str | None = None) -> str:
    """The id of a hosted service, or of a model hosted under it."""
    return f"service:{provider.strip().lower()}" + (f"/{model.strip().lower()}" if model else "")


def image_id(name: str) -> str:
    """The id of a container image without its registry's default host, tag or digest."""
    name = name.strip().lower().split("@", 1)[0]
    head, _, tail = name.rpartition("/")
    return "image:" + (f"{head}/" if head else "") + tail.split(":", 1)[0]


def package_id(ecosystem: str, name: str, version: str | None = None) -> str:
    """The id of a package; a PyPI name is normalised as PEP 503 says.

    >>> package_id("pypi", "Typing_Extensions", "4.12.2")
    'package:pypi/typing-extensions@4.12.2'
    """
    if ecosystem == "pypi":
        name = _SEPARATORS.sub("-", name)
    return f"package:{ecosystem}/{name.lower()}" + (f"@{version.lower()}" if version else "")


def is_hub_artifact(identifier: str) -> bool:
    """Can the Hub be asked for this id? Models of other registries and files have a colon in their names.

    >>> is_hub_artifact("model:meta-llama/llama-2-7b-hf"), is_hub_artifact("model:file:a/b")
    (True, False)
    """
    kind, _, name = identifier.partition(":")
    return kind in {"model", "dataset"} and "/" in name and hub_id(name) is not None


def kind_of(identifier: str) -> Kind:
    """The kind that an id says. Raises ValueError for an id of no kind."""
    prefix = identifier.partition(":")[0]
    return _KINDS.get(prefix) or Kind(prefix)


def without_version(identifier: str) -> str:
    """A package id without its version, every other id as it is.

    >>> without_version("package:npm/@scope/name@1.0.0")
    'package:npm/@scope/name'
    """
    if not identifier.startswith("package:"):
        return identifier
    head, at, _ = identifier.rpartition("@")
    return head if at and not head.endswith("/") else identifier


_TELLING = re.compile(r"(?=.*\d)[a-z][a-z0-9.]*(?:-[a-z0-9.]+)+", re.ASCII)
_STAGE = re.compile(r"(?:checkpoint|ckpt|epoch|step|output|out|run|final|tmp|snapshot|model|merged|stage)s?[-_.]?\d*(?:-|$)")


def telling_folder(path: str) -> str | None:
    """The last folder of a path in small letters, if it is such as models are named with: words and a number.

    >>> telling_folder("/data/models/Vicuna_13B-v1.5/"), telling_folder("./out/checkpoint-500"), telling_folder("llama-7b")
    ('vicuna-13b-v1.5', None, None)
    """
    path = path.strip().replace("\\", "/").rstrip("/").lower()
    name = path.rpartition("/")[2].replace("_", "-")
    if "/" not in path or "$" in path or "{" in path or _TELLING.fullmatch(name) is None or _STAGE.match(name):
        return None
    return name
