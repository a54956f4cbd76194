"""What training and merge configurations share: a parsed document with places, and the run that it describes.

A run makes a model, which is an artifact of its own; what the run begins with and learns from are that model's
upstreams, and not the product's.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._references import Reference, dataset_reference, has_no_owner, is_placeholder, model_reference, seen
from lien.readers._training_dialects import dialect_of
from lien.sources.json_text import parse_json, pointer
from lien.sources.source import Source
from lien.sources.toml_text import line_of_key, line_of_text, parse_toml
from lien.sources.yaml_text import YamlDocument, parse_yaml_documents
from lien.vocabulary.ids import dataset_id, hub_id, model_id
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.relations import Relation

__all__ = [
    "MAX_CONFIG_BYTES",
    "Config",
    "Form",
    "Path",
    "Run",
    "data_reference",
    "documents",
    "form_of",
    "is_on",
    "mentions",
    "related",
    "run_model",
    "text_of",
]

MAX_CONFIG_BYTES = 256 * 1024
"""A configuration that people write is smaller than this; larger files of the same endings hold data."""

_MAX_DOCUMENTS = 200
_MAX_STEPS = 8
_INTERPOLATION = re.compile(r"\$\{([\w.]{1,200})\}")
_DATA_ENDINGS = (".json", ".jsonl", ".csv", ".tsv", ".parquet", ".arrow", ".txt", ".jsonl.gz", ".json.gz", ".zst", ".xlsx")

_AXOLOTL = ("sequence_len", "micro_batch_size", "sample_packing", "val_set_size", "lora_target_linear", "datasets", "pretraining_dataset")
_LLAMA_FACTORY = ("template", "finetuning_type", "dataset_dir", "infer_backend", "export_dir", "adapter_name_or_path", "cutoff_len")
_STAGES = frozenset({"pt", "sft", "rm", "ppo", "dpo", "kto"})

Path = tuple[str | int, ...]
"""Keys and indices from the top of a document to a value."""


class Form(StrEnum):
    """Whose configuration a mapping is; many tools share `base_model` and `model_name_or_path`, so one function decides."""

    AXOLOTL = "axolotl"
    LLAMA_FACTORY = "llama-factory"
    LLAMA_FACTORY_2 = "llama-factory-2"
    MERGEKIT = "mergekit"
    TORCHTUNE = "torchtune"
    SECTIONS = "sections"


def form_of(value: Mapping[str, Any]) -> Form | None:
    """The tool whose keys these are; None where no tool's own keys are seen.

    >>> (
    ...     form_of({"base_model": "owner/name", "micro_batch_size": 2, "sequence_len": 8}),
    ...     form_of({"base_model": "owner/name", "merge_method": "ties"}),
    ... )
    (<Form.AXOLOTL: 'axolotl'>, <Form.MERGEKIT: 'mergekit'>)
    """
    if isinstance(value.get("merge_method"), str) or (isinstance(value.get("experts"), list) and "base_model" in value):
        return Form.MERGEKIT
    if any(isinstance(one, Mapping) and str(one.get("_component_", "")).startswith("torchtune.") for one in value.values()):
        return Form.TORCHTUNE
    if isinstance(value.get("base_model"), str) and (sum(key in value for key in _AXOLOTL) > 1 or _lists_typed_data(value.get("datasets"))):
        return Form.AXOLOTL
    if isinstance(value.get("model_name_or_path"), str) and (
        text_of(value.get("stage")) in _STAGES or sum(key in value for key in _LLAMA_FACTORY) > 1
    ):
        return Form.LLAMA_FACTORY
    if isinstance(value.get("model"), str) and "model_class" in value and "train_dataset" in value:
        return Form.LLAMA_FACTORY_2
    return Form.SECTIONS if dialect_of(value) is not None else None


def _lists_typed_data(value: object) -> bool:
    """Are these data as axolotl lists them: each with a `path`, and how its records are read (`type`, `ds_type`)?"""
    entries = value if isinstance(value, list) else []
    return bool(entries) and all(isinstance(one, Mapping) and "path" in one and ("type" in one or "ds_type" in one) for one in entries)


@cache
def _pattern(key: str, *, nested: bool) -> re.Pattern[bytes]:
    name = re.escape(key.encode())
    return re.compile(rb"(?m)^" + (rb"[ \t]*" if nested else b"") + name + rb"[ \t]*[:=]|[\"']" + name + rb"[\"'][ \t]*:")


def mentions(data: bytes, *keys: str, nested: bool = False) -> bool:
    """Does each of the keys stand at the beginning of a line (`nested`: anywhere deeper too), or in quotes before a colon?

    A sieve over bytes: nearly all YAML and JSON of a repository is of other kinds, and need not be parsed.

    >>> mentions(b"base_model: x", "base_model"), mentions(b"  base_model: x", "base_model")
    (True, False)
    """
    # Nearly every file lacks one of the words altogether, which is found much faster.
    return all(key.encode() in data for key in keys) and all(_pattern(key, nested=nested).search(data) is not None for key in keys)


class Places(Protocol):
    """Where the values of a document stand in their file."""

    def line(self, *path: str | int) -> int | None:
        """The 1-based line of the value at a path."""
        ...


class Config:
    """One document of a file, with the places of its values. `number` tells the documents of one file apart, from 1."""

    def __init__(self, source: Source, reader: str, value: Mapping[str, Any], places: Places | None, number: int = 1) -> None:
        self.source = source
        self.value = value
        self.number = number
        self._reader = reader
        self._places = places

    def evidence(self, path: Path = (), written: str | None = None) -> Evidence:
        """Declared evidence at a value."""
        if self._places is not None:
            return self.source.evidence(self._reader, line=self._places.line(*path), as_written=written)
        if self.source.path.lower().endswith(".toml"):
            line = line_of_key(self.source, *(str(part) for part in path if isinstance(part, str))) if path else 1
            line = (line_of_text(self.source, written, after=line) if written is not None and line is not None else None) or line
            return self.source.evidence(self._reader, line=line, as_written=written)
        return self.source.evidence(self._reader, pointer=pointer(*path), as_written=written)

    def at(self, *path: str | int) -> Any:  # noqa: ANN401  # YAML is any value
        """The value at a path; None if there is none."""
        value: Any = self.value
        for part in path:
            if isinstance(value, Mapping):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def text(self, *path: str | int) -> str | None:
        """The text at a path, with `${a.b}` of the same document filled in; None if there is no text."""
        return self._filled(self.at(*path))

    def texts(self, *path: str | int) -> Iterator[tuple[str, Path]]:
        """Texts at a path that may hold one or a list of them, with their places. `*` is every item of a list or mapping."""
        if "*" in path:
            place = path.index("*")
            head, tail = path[:place], path[place + 1 :]
            value = self.at(*head)
            for part in range(len(value)) if isinstance(value, list) else list(value) if isinstance(value, Mapping) else ():
                yield from self.texts(*head, part, *tail)
            return
        value = self.at(*path)
        for index, item in enumerate(value) if isinstance(value, list) else ():
            text = self._filled(item)
            if text is not None:
                yield text, (*path, index)
        text = self._filled(value)
        if text is not None:
            yield text, path

    def _filled(self, value: object) -> str | None:
        text = text_of(value)
        for _ in range(_MAX_STEPS):
            found = _INTERPOLATION.search(text) if text else None
            inner = text_of(self.at(*found[1].split("."))) if found else None
            if text is None or found is None or inner is None or len(text) > 1000:
                break
            text = text[: found.start()] + inner + text[found.end() :]
        return text

    def has(self, *keys: str) -> bool:
        """Is any of these keys at the top, with a value?"""
        return any(self.value.get(key) is not None for key in keys)


def text_of(value: object) -> str | None:
    """A text that says something: no number, no blank."""
    return value.strip() or None if isinstance(value, str) else None


def is_on(value: object) -> bool:
    """Is a switch on, however it is written?"""
    return value is True or (isinstance(value, str) and value.strip().lower() in {"true", "yes", "on", "1"})


_parsed: WeakKeyDictionary[Source, list[tuple[Mapping[str, Any], YamlDocument | None, int]]] = WeakKeyDictionary()


def documents(source: Source, reader: str) -> list[Config]:
    """The mappings that a file holds, parsed once for all readers that try it.

    Raises InputError with the place if it is not what its ending says; the first reader complains, for all of them.
    """
    if source not in _parsed:
        _parsed[source] = []
        _parsed[source] = _parse(source)
    return [Config(source, reader, value, places, number) for value, places, number in _parsed[source]]


def _parse(source: Source) -> list[tuple[Mapping[str, Any], YamlDocument | None, int]]:
    name = source.path.lower()
    if name.endswith(".json"):
        try:
            value = parse_json(source)
        except InputError as error:
            if "Extra data" in error.message:
                return []  # one value after another: records, and no configuration
            raise
        return [(value, None, 1)] if isinstance(value, Mapping) else []
    if name.endswith(".toml"):
        return [(parse_toml(source), None, 1)]
    found = parse_yaml_documents(source.text, path=source.path)[:_MAX_DOCUMENTS]
    return [(one.value, one, number) for number, one in enumerate(found, start=1) if isinstance(one.value, Mapping)]


class Run:
    """What a configuration makes: the model under the Hub id that it is pushed to, else under the configuration's own path."""

    def __init__(self, config: Config, *, pushed_to: str | None = None, name: str | None = None, suffix: str = "", at: Path = ()) -> None:
        self._config = config
        self._at = at
        owned = pushed_to is not None and pushed_to.count("/") == 1 and not is_placeholder(pushed_to)
        found = hub_id(pushed_to) if owned and pushed_to is not None else None
        self.id = model_id(found or f"made:{config.source.path}{suffix}")
        names = (one for one in (pushed_to, name) if one is not None and not is_placeholder(one))
        self.name = next(names, None)

    def made(self, folder: str | None = None) -> ArtifactSeen:
        """The sighting of the model, with the folder that it is written to."""
        evidence = self._config.evidence(self._at, self.name)
        attributes = (("output_dir", folder),) if folder is not None and not is_placeholder(folder) else ()
        return ArtifactSeen(self.id, Kind.MODEL, evidence, name=self.name, attributes=attributes, made_here=True)

    def model(self, type_: Relation, text: str, at: Path, *, note: str | None = None, role: Role = Role.TRAINING) -> Iterator[Fragment]:
        """The relation to a model that the run names."""
        reference = run_model(text, self._config)
        yield from related(self.id, type_, reference, text, self._config.evidence(at, text), role, note)

    def data(self, type_: Relation, text: str, at: Path, *, note: str | None = None) -> Iterator[Fragment]:
        """The relation to data that the run names."""
        role = Role.EVALUATION if type_ is Relation.EVALUATED_ON else Role.TRAINING
        reference = data_reference(text, self._config)
        yield from related(self.id, type_, reference, text, self._config.evidence(at, text), role, note, kind=Kind.DATASET)

    def tokenizer(self, text: str | None, at: Path, base: str | None) -> Iterator[Fragment]:
        """A tokenizer of another model is kept in what is made; the base's own, or a local one, tells nothing new.

        That the files of a tokenizer stand under the terms of the whole model is inferred.
        """
        if text is not None and text != base and (found := run_model(text, self._config).id) is not None:
            evidence = self._config.evidence(at, text)
            inferred = evidence._replace(basis=Basis.INFERRED, source="a tokenizer stands under the terms of its model")
            yield seen(found, evidence, text)
            yield RelationSeen(self.id, Relation.CONTAINS, found, inferred, Role.TRAINING, note="its tokenizer")


def related(
    downstream: str,
    type_: Relation,
    reference: Reference,
    text: str,
    evidence: Evidence,
    role: Role,
    note: str | None = None,
    *,
    kind: Kind = Kind.MODEL,
) -> Iterator[Fragment]:
    """The sighting and the relation that a reference gives; what could not be followed is said with its reason."""
    if reference.id is None:
        yield UnresolvedReference(downstream, text, reference.reason or "cannot be followed", evidence, type_, kind, role)
    elif reference.id != downstream:
        yield seen(reference.id, evidence, text)
        yield RelationSeen(downstream, type_, reference.id, evidence, role, note=note)


def run_model(text: str, config: Config) -> Reference:
    """A model as configurations name it: a Hub id, or a file; a bare name is a folder as often."""
    reference = model_reference(text, config.source.tree, config.source.path)
    if reference.id is not None and "://" not in text and has_no_owner(text) and not reference.id.startswith("model:file:"):
        return Reference(None, "gives no owner, so it may be a folder")
    return reference


def data_reference(text: str, config: Config) -> Reference:
    """Data as configurations name it: a Hub id, an address on the Hub, or a file or folder by its path in the tree."""
    source = config.source
    if "://" not in text and not is_placeholder(text):
        for path in (source.tree.join("", text), source.tree.join(source.path, text)):
            if path and source.tree.holds(path):
                return Reference(dataset_id(f"file:{path}"))
        if text.lower().endswith(_DATA_ENDINGS) and not text.startswith(("/", "~")):
            return Reference(dataset_id(f"file:{plain_path(text)}"))
    return dataset_reference(text, source.tree, source.path)


def plain_path(text: str) -> str:
    """A path without what leads to its folder from elsewhere."""
    path = text.replace("\\", "/")
    while path.startswith(("./", "../", "/")):
        path = path.partition("/")[2]
    return path
