"""Which model the files of a folder belong to: weights, configurations and a card beside one another are one artifact.

A folder's identity comes from its card, or else from its place in the tree, never from what a
configuration says of its parent: four fine-tunes that kept one parent's name stay four.
"""

import re
from typing import NamedTuple
from weakref import WeakKeyDictionary

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen
from lien.readers._card import card_of
from lien.readers._references import WEIGHT_ENDINGS
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.tree import Tree
from lien.vocabulary.ids import hub_id, model_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["ModelFolder", "derived_from_hub", "holds_weights", "is_weights_name", "model_folder", "shipped"]

_MARKERS = frozenset(
    {
        "adapter_config.json",
        "model_index.json",
        "modules.json",
        "config_sentence_transformers.json",
        "generation_config.json",
        "tokenizer_config.json",
        "model.safetensors.index.json",
        "pytorch_model.bin.index.json",
        "mergekit_config.yml",
    }
)
"""Files that stand in a model repository and nowhere else."""

_PIPELINES = ("model_index.json", "modules.json")
"""Files that make models of the folders below into parts of one pipeline."""

_CONFIG_MARKS = (b'"model_type"', b'"architectures"', b'"_diffusers_version"', b'"peft_type"')
_PARTS = frozenset({"onnx", "openvino", "original", "gguf", "coreml", "tflite", "flax", "tf", "quantized", "fp16", "int8"})
"""Folders of a model repository that hold the same model in another format."""

_TRAINER_STATE = re.compile(
    r"(?:training_args|optimizer|scheduler|scaler|rng_state|random_states|trainer_state)[\w.-]*\.(?:bin|pt|pth|pkl)"
)
"""What a trainer needs to go on; it holds no model."""

_MARKED_BYTES = 64 * 1024

_BARE_HUB_NAMES = re.compile(
    r"(?:distil)?gpt2(?:-medium|-large|-xl)?|openai-gpt|(?:distil)?bert-(?:base|large)-[a-z-]+|(?:xlm-|distil)?roberta-(?:base|large)"
    r"|albert-(?:base|large|xlarge|xxlarge)-v[12]|t5-(?:small|base|large|3b|11b)|xlnet-(?:base|large)-cased|camembert-base|transfo-xl-wt103"
)
"""The Hub's names without an owner are a closed list of its first days; any other bare name is a folder's more often than not."""


_LOCAL_OWNERS = frozenset(
    {"checkpoint", "checkpoints", "ckpt", "ckpts", "cache", "data", "home", "local", "mnt", "model", "models", "out", "output", "outputs"}
    | {
        "pretrained",
        "pretrained_models",
        "result",
        "results",
        "root",
        "run",
        "runs",
        "saved_models",
        "save",
        "saves",
        "tmp",
        "weights",
        "workspace",
    }
)
"""First parts of relative paths that look like owners."""


class ModelFolder(NamedTuple):
    """A model that stands in a folder (empty: the root): its id, and the name that its card gives."""

    id: str
    folder: str
    name: str | None = None


_KNOWN: WeakKeyDictionary[Tree, dict[str, ModelFolder | None]] = WeakKeyDictionary()


def model_folder(tree: Tree, path: str) -> ModelFolder | None:
    """The model that a file belongs to by its folder; None for a file that stands by itself."""
    folder = path.rpartition("/")[0]
    known = _KNOWN.setdefault(tree, {})
    if folder not in known:
        known[folder] = _around(tree, folder)
    return known[folder]


def _around(tree: Tree, folder: str) -> ModelFolder | None:
    """The pipeline that a folder is a part of, or the folder itself, or the model that it holds in another format."""
    parent, _, name = folder.rpartition("/")
    if folder and any(one in tree.files_in(parent) for one in _PIPELINES):
        return _identity(tree, parent)
    if _is_model(tree, folder):
        return _identity(tree, folder)
    if folder and name.lower() in _PARTS and _is_model(tree, parent):
        return _identity(tree, parent)
    return None


def _is_model(tree: Tree, folder: str) -> bool:
    names = tree.files_in(folder)
    if _MARKERS.intersection(names):
        return True
    if "config.json" in names and _is_marked(tree, _inside(folder, "config.json")):
        return True
    return _card_identity(tree, folder) is not None and holds_weights(tree, folder)


def _is_marked(tree: Tree, path: str) -> bool:
    try:
        head = tree.read(path, lazy=True).head(_MARKED_BYTES)
    except InputError:
        return False
    return any(mark in head for mark in _CONFIG_MARKS)


def _identity(tree: Tree, folder: str) -> ModelFolder:
    return _card_identity(tree, folder) or ModelFolder(model_id(f"file:{folder or '.'}"), folder)


def _card_identity(tree: Tree, folder: str) -> ModelFolder | None:
    for name in tree.files_in(folder):
        if name.lower() == "readme.md":
            try:
                card = card_of(tree.read(_inside(folder, name), limit=MAX_FILE_BYTES))
            except InputError:
                continue  # the card's own reader complains
            if card is not None and card.kind is Kind.MODEL:
                return ModelFolder(card.identifier, folder, card.hub_name or card.heading)
    return None


def is_weights_name(name: str) -> bool:
    """Has a file the ending of weights, and not the name of what trainers write beside them?"""
    return name.lower().endswith(WEIGHT_ENDINGS) and _TRAINER_STATE.fullmatch(name.lower()) is None


def holds_weights(tree: Tree, folder: str) -> bool:
    """Are there weights right in the folder, by their names?"""
    return any(is_weights_name(name) for name in tree.files_in(folder))


def _inside(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def shipped(model: ModelFolder, evidence: Evidence) -> tuple[Fragment, ...]:
    """The model of a folder stands in the tree, and so goes wherever the tree goes."""
    return (
        ArtifactSeen(model.id, Kind.MODEL, evidence, name=model.name),
        RelationSeen(PRODUCT, Relation.SHIPS, model.id, evidence),
    )


def derived_from_hub(text: str) -> str | None:
    """The Hub id that a configuration gives for where a model was loaded from; None for what may be a folder.

    >>> (
    ...     derived_from_hub("mistralai/Mistral-7B-v0.1"),
    ...     derived_from_hub("gpt2"),
    ...     derived_from_hub("checkpoint-500"),
    ...     derived_from_hub("./out"),
    ... )
    ('mistralai/mistral-7b-v0.1', 'gpt2', None, None)
    """
    found = hub_id(text)
    if found is None or text.startswith(("/", ".", "~")):
        return None
    owner, slash, _ = found.partition("/")
    if not slash:
        return found if _BARE_HUB_NAMES.fullmatch(found) else None
    return None if owner in _LOCAL_OWNERS else found
