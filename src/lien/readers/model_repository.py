"""Reads the files that stand beside weights: what an adapter adapts, and what a configuration was loaded from.

Read are `adapter_config.json` (PEFT), `config.json` (transformers, diffusers), `model_index.json`
(diffusers) and the indexes of sharded weights (FORMATS 1.6). The identity of the model is its
folder's (`_model_folder.py`); `_name_or_path` is where weights were once loaded from, so it tells of a
parent, as a hint, and never who the model is. Not read: tokenizers, and code that `auto_map` names.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._model_folder import ModelFolder, derived_from_hub, holds_weights, model_folder, shipped
from lien.readers._references import seen
from lien.sources.json_text import parse_json, pointer
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.ids import model_id
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.relations import Relation

__all__ = ["ModelRepositoryReader"]

_READER = "model-repository"
_ADAPTER, _CONFIG, _PIPELINE = "adapter_config.json", "config.json", "model_index.json"
_INDEXES = (".safetensors.index.json", ".bin.index.json", ".msgpack.index.json", ".h5.index.json")
_CONFIG_MARKS = (b'"model_type"', b'"architectures"', b'"_name_or_path"', b'"_diffusers_version"')
_PIPELINE_MARKS = (b'"_class_name"', b'"_diffusers_version"')
_TOKENIZERS = frozenset({"tokenizer.json", "tokenizer_config.json", "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model"})
_LOADED_FROM = "_name_or_path"
_PARTS = ("_config", "encoder", "decoder")
"""Endings of the keys under which the configuration of a part stands, such as `text_config`."""

_TELLING = re.compile(r"[a-z]{3}[\w.]*-", re.IGNORECASE)
"""Names of models have a family and, behind a dash, a size or version."""

_GENERIC = re.compile(r"(?:checkpoint|ckpt|epoch|step|output|out|run|final|tmp|snapshot|model|merged|hf)(?:[-_.\d]|$)", re.IGNORECASE)

_NOTE = "where it was loaded from, as its configuration says"


class ModelRepositoryReader:
    """JSON files of model repositories, as the Hub has them."""

    name = _READER
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By the names that libraries write."""
        name = path.rpartition("/")[2]
        return name in {_ADAPTER, _CONFIG, _PIPELINE} or name.endswith(_INDEXES)

    def accepts(self, head: bytes) -> bool:
        """A JSON object."""
        return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")

    def read(self, source: Source) -> Iterator[Fragment]:
        """The model of the folder, that it is shipped, and its parents. Nothing if the file is some program's own config."""
        name = source.path.rpartition("/")[2]
        if name.endswith(_INDEXES):
            yield from _index(source)
            return
        marks = {_CONFIG: _CONFIG_MARKS, _PIPELINE: _PIPELINE_MARKS}.get(name)
        if marks is not None and not any(mark in source.data for mark in marks):
            return
        document = parse_json(source)
        if not isinstance(document, dict):
            return
        match name:
            case "adapter_config.json":
                yield from _adapter(source, document)
            case "model_index.json":
                yield from _pipeline(source, document)
            case _:
                yield from _config(source, document)


def _index(source: Source) -> Iterator[Fragment]:
    """The shards that an index names speak for themselves; without them the weights come from elsewhere."""
    model, evidence = _model(source), source.evidence(_READER, pointer="")
    yield ArtifactSeen(model.id, Kind.MODEL, evidence, name=model.name)
    if not _holds_weights(source):
        yield RelationSeen(PRODUCT, Relation.LOADS, model.id, evidence)


def _holds_weights(source: Source) -> bool:
    return holds_weights(source.tree, source.path.rpartition("/")[0])


def _model(source: Source) -> ModelFolder:
    folder = source.path.rpartition("/")[0]
    return model_folder(source.tree, source.path) or ModelFolder(model_id(f"file:{folder or '.'}"), folder)


def _adapter(source: Source, document: Mapping[str, Any]) -> Iterator[Fragment]:
    """An adapter, and the model whose weights it changes."""
    key = "base_model_name_or_path"
    if key not in document and "peft_type" not in document:
        return
    model = _model(source)
    evidence = source.evidence(_READER, pointer="")
    yield from shipped(model, evidence)
    kind = document.get("peft_type")
    if isinstance(kind, str):
        yield ArtifactSeen(model.id, Kind.MODEL, evidence, attributes=(("peft_type", kind),))
    written = document.get(key)
    if not isinstance(written, str) or not written.strip():
        reason = "names no base model; write it into the adapter's card as base_model"
        yield UnresolvedReference(model.id, key, reason, source.evidence(_READER, pointer=pointer(key) if key in document else None))
        return
    evidence = source.evidence(_READER, pointer=pointer(key), as_written=written)
    upstream = _upstream(source, written)
    if upstream is None:
        reason = "is a path on the machine that trained the adapter; write the base model into its card as base_model"
        yield UnresolvedReference(model.id, written, reason, evidence, Relation.ADAPTER_OF, Kind.MODEL, Role.TRAINING)
    elif upstream != model.id:
        yield seen(upstream, evidence, written)
        yield RelationSeen(model.id, Relation.ADAPTER_OF, upstream, evidence, Role.TRAINING)


def _upstream(source: Source, written: str) -> str | None:
    """The model of a Hub id, or of a folder of the tree that holds one."""
    inside = source.tree.join(source.path, written)
    for folder in (inside, written.removeprefix("./").rstrip("/")):
        if folder and source.tree.files_in(folder):
            found = model_folder(source.tree, f"{folder}/")
            return found.id if found is not None else None
    found_id = derived_from_hub(written)
    return model_id(found_id) if found_id is not None else None


def _config(source: Source, document: Mapping[str, Any]) -> Iterator[Fragment]:
    """A configuration tells of a model only where weights or a tokenizer stand beside it."""
    if (
        not isinstance(document.get("model_type"), str)
        and not isinstance(document.get("architectures"), list)
        and ("_diffusers_version" not in document and _LOADED_FROM not in document)
    ):
        return
    model = _model(source)
    evidence = source.evidence(_READER, pointer="")
    parents = list(_parents(source, model, document))
    if _holds_weights(source):
        yield from shipped(model, evidence)
        architecture = document.get("model_type") or document.get("_class_name")
        if isinstance(architecture, str) and source.path.rpartition("/")[0] == model.folder:
            yield ArtifactSeen(model.id, Kind.MODEL, evidence, attributes=(("architecture", architecture),))
    elif (parents and _has(source, lambda name: name in _TOKENIZERS)) or _has(source, lambda name: name.endswith(_INDEXES)):
        # The weights come from elsewhere; a folder that names neither parent nor shards may be a tokenizer alone.
        yield ArtifactSeen(model.id, Kind.MODEL, evidence, name=model.name)
        yield RelationSeen(PRODUCT, Relation.LOADS, model.id, evidence)
    else:
        return
    yield from parents


def _parents(source: Source, model: ModelFolder, document: Mapping[str, Any]) -> Iterator[Fragment]:
    """What the configuration says that the model, or a part of it, was loaded from."""
    yield from _loaded_from(source, model, document)
    for key, part in document.items():
        if isinstance(part, dict) and key.endswith(_PARTS):
            yield from _loaded_from(source, model, part, key)
    tower = document.get("mm_vision_tower")
    if isinstance(tower, str):
        yield from _parent(source, model, tower, pointer("mm_vision_tower"))


def _has(source: Source, is_wanted: Callable[[str], bool]) -> bool:
    """Does such a file stand beside this one?"""
    return any(is_wanted(name) for name in source.tree.files_in(source.path.rpartition("/")[0]))


def _pipeline(source: Source, document: Mapping[str, Any]) -> Iterator[Fragment]:
    """A diffusers pipeline: one model of several parts, whose own configurations stand in the folders below.

    A folder inside a project that holds only the configurations of the parts, to build them by, ships no model.
    """
    if not isinstance(document.get("_class_name"), str):
        return
    model = _model(source)
    parts = (model.folder, *(f"{model.folder}/{part}" for part in document))
    if model.folder and not any(holds_weights(source.tree, folder) for folder in parts):
        return
    evidence = source.evidence(_READER, pointer="")
    yield from shipped(model, evidence)
    yield ArtifactSeen(model.id, Kind.MODEL, evidence, attributes=(("architecture", document["_class_name"]),))
    yield from _loaded_from(source, model, document)


def _loaded_from(source: Source, model: ModelFolder, values: Mapping[str, Any], *place: str) -> Iterator[Fragment]:
    written = values.get(_LOADED_FROM)
    if isinstance(written, str):
        yield from _parent(source, model, written, pointer(*place, _LOADED_FROM))


def _parent(source: Source, model: ModelFolder, written: str, place: str) -> Iterator[Fragment]:
    """A hint: weights were once loaded from there."""
    found = derived_from_hub(written)
    if found is None:
        yield from _local_parent(source, model, written, place)
        return
    if model_id(found) == model.id:
        return
    evidence = Evidence(source.path, None, place, written, _READER, Basis.INFERRED, source=_NOTE)
    yield seen(model_id(found), evidence, written)
    yield RelationSeen(model.id, Relation.DERIVED_FROM, model_id(found), evidence, Role.TRAINING, note=_NOTE)


def _local_parent(source: Source, model: ModelFolder, written: str, place: str) -> Iterator[Fragment]:
    """A folder with a telling name on its maker's machine: there is a parent, and nobody says which. Most names tell nothing."""
    name = written.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if "/" in written and _TELLING.search(name) is not None and not _GENERIC.match(name):
        reason = "is where its weights were loaded from, on its maker's machine; name the base model in the card or in lien.toml"
        evidence = source.evidence(_READER, pointer=place, as_written=written)
        yield UnresolvedReference(model.id, written, reason, evidence, Relation.DERIVED_FROM, Kind.MODEL, Role.TRAINING)
