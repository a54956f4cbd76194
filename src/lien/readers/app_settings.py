"""Reads settings of applications: models and services under keys that mean nothing else, and maps of files to download.

A key such as `model_id`, `llm_model` or `embedding_model` counts where its value is a name on the Hub, a hosted
model that only one provider offers, or a name under a provider that the file tells. Of several providers that a
file has settings for, those that it does not select are options, and so are profiles and presets beside a default.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role
from lien.readers._environment import PROVIDERS
from lien.readers._model_lists import is_list_of_models, models_listed
from lien.readers._references import model_reference, seen, service_of_address
from lien.readers._settings import HUB_SECTIONS, SettingValue, default_of, is_model_key, model_of, provider_of, values_of
from lien.sources.json_text import parse_json, pointer
from lien.sources.source import Source
from lien.sources.toml_text import line_of_text, parse_toml
from lien.sources.yaml_text import parse_yaml
from lien.vocabulary.relations import Relation

__all__ = ["AppSettingsReader"]

_MAX_BYTES = 1024 * 1024
"""Settings that people edit are smaller."""

_STEMS = re.compile(r"(?:settings?|config(?:uration)?|application|app|params|parameters|defaults?|preset|models?\d*)(?:[-_.].*)?")
_HINT = re.compile(rb"model|llm|repo_id|downloads|api_base|base_url|openai", re.IGNORECASE)
_NOT_OURS = frozenset(
    {
        *("architectures", "model_type", "_class_name", "_name_or_path", "transformers_version", "auto_map", "bomFormat", "spdxVersion"),
        *("merge_method", "slices", "learning_rate", "num_train_epochs", "per_device_train_batch_size", "model_list", "apiVersion"),
        *("services", "jobs", "$schema", "peft_type", "dataset_mixer", "@context", "dependencies", "finetuning_type"),
    }
)
"""Keys at the top of files that other readers know, or that are no settings of an application."""

_TRAINS = re.compile(
    r"(?:optimi[sz]er|lr|learning_rate|lr_scheduler|num_epochs|epochs|max_steps|warmup_steps|\w*train_batch_size|grad_acc\w*|gradient_accumulation\w*|trainer|optim_param|batch_size_per_gpu|global_batch_size)"
)
"""Keys of training: such a file is for the readers of training configurations, or for none."""

_ADDRESS_KEY = re.compile(r"(?:\w+_)?(?:api_base|base_url|api_url|endpoint)")
_SELECTORS = frozenset({"mode", "provider", "backend", "llm_provider", "embedding_provider", "llm_mode", "embedding_mode"})
_FILES = re.compile(r"\w*_?downloads?")
_TEMPLATE = re.compile(rb"^[ \t]*(?:[\w.-]+:[ \t]*|-[ \t]*)?\{[{%]", re.MULTILINE)
"""Braces where YAML has a key or a value; inside a text they are that text's own business."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAMES_THE_HUB = re.compile(rb"hugging ?face", re.IGNORECASE)
"""Settings that speak of the Hub mean it by `captioning_model: owner/name`."""


class AppSettingsReader:
    """settings*.yaml, config*.json, application*.yml, presets/*.json and their like."""

    name = "app-settings"
    owed = False
    max_bytes = 16 * _MAX_BYTES

    def claims(self, path: str) -> bool:
        """By the names that settings have, or the folder of presets and profiles."""
        pure = PurePosixPath(path.lower())
        if pure.name == ".models.json":
            return True
        if pure.suffix not in {".json", ".yaml", ".yml", ".toml"} or pure.name.startswith((".", "pyproject", "package")):
            return False
        if ".continue" in pure.parts[:-1]:
            return False  # settings of who writes the product
        return _STEMS.fullmatch(pure.stem) is not None or pure.parent.name in {"presets", "profiles", "settings"}

    def accepts(self, head: bytes) -> bool:
        """Text."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """What the settings name, in file order; nothing if these are no settings of an application."""
        if source.size > _MAX_BYTES or not _HINT.search(source.data):
            return
        if source.path.lower().endswith(".json") and b"://" in source.data:
            listed = parse_json(source)
            if is_list_of_models(listed):
                yield from models_listed(source, listed, self.name, _role(source))
                return
        document = _document(source)
        if document is None:
            return
        value, place = document
        role = _role(source)
        values = list(values_of(value))
        selected = {default_of(one.text).lower() for one in values if str(one.keys[-1]).lower() in _SELECTORS}
        if any(_TRAINS.fullmatch(str(one).lower()) for one in _keys(value)):
            return  # a trainer's configuration that no reader of such knows: what it makes is not told
        files = {str(one.keys[-1]): one.text for one in values if _is_download(one)}
        found = [(one, list(_facts(one, source, place(one), role, selected, files))) for one in values]
        choices = _choices([(one, facts) for one, facts in found if facts])
        for one, facts in found:
            for fact in facts:
                is_choice = isinstance(fact, RelationSeen) and fact.role is Role.DEFAULT and one.keys[-1] in choices
                yield fact._replace(role=Role.OPTION) if is_choice and isinstance(fact, RelationSeen) else fact


def _document(source: Source) -> "tuple[dict[str, Any], Any] | None":
    """The mapping of a file, and what gives the place of a value; None if it is of another kind."""
    suffix = PurePosixPath(source.path.lower()).suffix

    def by_pointer(one: SettingValue) -> Evidence:
        return source.evidence(AppSettingsReader.name, pointer=pointer(*one.keys), as_written=one.text)

    def by_text(one: SettingValue) -> Evidence:
        return source.evidence(AppSettingsReader.name, line=line_of_text(source, one.text), as_written=one.text)

    if suffix == ".json":
        if source.data.lstrip()[:1] != b"{" or any(f'"{key}"'.encode() in source.data[:4096] for key in ("bomFormat", "@context")):
            return None
        value, place = parse_json(source), by_pointer
    elif suffix == ".toml":
        value, place = parse_toml(source), by_text
    else:
        if _TEMPLATE.search(source.data) or source.data.count(b"\n---") > 1:
            return None  # a template, or several documents: no settings
        document = parse_yaml(source.text, path=source.path)

        def by_line(one: SettingValue) -> Evidence:
            return source.evidence(AppSettingsReader.name, line=document.line(*one.keys), as_written=one.text)

        value, place = document.value, by_line
    if not isinstance(value, dict) or _NOT_OURS & value.keys():
        return None
    return value, place


def _role(source: Source) -> Role:
    """A preset or profile beside a default is chosen by name."""
    pure = PurePosixPath(source.path)
    stem = pure.stem.lower()
    if re.search(r"example|sample|template", pure.name.lower()):
        return Role.OPTION
    if re.search(r"(?:^|[-_.])(?:test|tests|mock|ci)$", stem):
        return Role.DEVELOPMENT
    base = stem.partition("-")[0].partition("_")[0]
    for other in ("default", base):
        if other != stem and source.tree.has(str(pure.with_name(f"{other}{pure.suffix}"))):
            return Role.OPTION
    return Role.DEFAULT


def _is_download(one: SettingValue) -> bool:
    return len(one.keys) > 1 and _FILES.fullmatch(str(one.keys[-2]).lower()) is not None and "://" in one.text


def _keys(root: dict[str, Any]) -> Iterator[str]:
    """Every key of a document."""
    pending: list[Any] = [root]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield from (key for key in value if isinstance(key, str))
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _choices(found: list[tuple[SettingValue, list[Fragment]]]) -> set[str | int]:
    """Keys under which neighbours name different models: a table to choose from, of which nothing tells what is chosen."""
    named: dict[str | int, set[str]] = {}
    for one, facts in found:
        if len(one.keys) > 1:
            named.setdefault(one.keys[-1], set()).update(fact.id for fact in facts if isinstance(fact, ArtifactSeen))
    return {key for key, ids in named.items() if len(ids) > 2 and not _FILES.search(str(key))}


def _facts(
    one: SettingValue, source: Source, evidence: Evidence, role: Role, selected: set[str], files: Mapping[str, str]
) -> Iterator[Fragment]:
    names = [_CAMEL.sub("_", str(key)).lower() for key in one.keys if isinstance(key, str)]
    text = default_of(one.text)
    provider = provider_of(names[:-1], one.siblings)
    is_chosen = (
        not selected
        or provider is None
        or provider in selected
        or not any(word in PROVIDERS or word in HUB_SECTIONS or word in {"ollama", "openai"} for word in selected)
    )
    if not is_chosen and role is Role.DEFAULT:
        role = Role.OPTION
    relation, found = Relation.LOADS, None
    if _is_download(one):
        found = model_reference(text).id
    elif one.text in files and "previous" not in str(one.keys[0]):
        found = model_reference(files[one.text]).id  # the file that is used by default, by the name that it is saved under
    elif _ADDRESS_KEY.fullmatch(names[-1]) and "://" in text:
        found = service_of_address(text)
        relation = Relation.CALLS
        if role is Role.DEFAULT and _is_without_key(one):
            role = Role.OPTION
    elif is_model_key(names[-1]) or (names[-1].endswith("_model") and text.count("/") == 1 and _NAMES_THE_HUB.search(source.data)):
        found = model_of(text, provider, source)
    if found is None:
        return
    if found.startswith("service:"):
        relation = Relation.CALLS
    elif "rerank" in names[-1] and role is Role.DEFAULT:
        role = Role.OPTION
    yield seen(found, evidence, text)
    yield RelationSeen(PRODUCT, relation, found, evidence, role)


def _is_without_key(one: SettingValue) -> bool:
    """Is the key to the service that an address belongs to left empty?"""
    return any("key" in str(key).lower() and not default_of(str(value or "")) for key, value in one.siblings.items())
