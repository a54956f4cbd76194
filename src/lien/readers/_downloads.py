"""Addresses that a script fetches: repositories of the Hub, files of weights and files of data; everything else is no upstream of a model's kind.

A file outside the Hub is known by its name alone: `sam_vit_h_4b8939.pth` is the same weights wherever it is
mirrored. A name that says nothing (`model.pt`, `train.json`) is joined to its address.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role
from lien.readers._references import WEIGHT_ENDINGS, Reference, model_reference, seen
from lien.readers._shell import Word
from lien.readers._site import Site
from lien.vocabulary.ids import dataset_id
from lien.vocabulary.relations import Relation

__all__ = ["DATA_ENDINGS", "EVALUATION_WORDS", "download", "named_data", "reference_of_file"]

DATA_ENDINGS = (".jsonl", ".jsonl.gz", ".json.gz", ".jsonl.zst", ".parquet", ".arrow", ".tsv", ".csv", ".tfrecord", ".tfrecords", ".lmdb")
"""Endings of files that hold records."""

_MAYBE_DATA = (
    ".json",
    ".txt",
    ".zip",
    ".tar",
    ".tar.gz",
    ".tgz",
    ".txt.gz",
    ".gz",
    ".bz2",
    ".xz",
    ".zst",
    ".pickle",
    ".npz",
    ".npy",
    ".hdf5",
)
"""Endings of files that hold data where the address or the script says so."""

_SURE_WEIGHTS = tuple(ending for ending in WEIGHT_ENDINGS if ending not in {".bin", ".pkl", ".pb", ".h5", ".joblib"})
_MAYBE_WEIGHTS = (".bin", ".pkl", ".pb", ".h5", ".joblib", ".tar", ".tar.gz", ".tgz", ".zip")
_DATA_WORDS = frozenset({"data", "dataset", "datasets", "corpus", "corpora", "annotations", "instruct", "images"})
_MODEL_WORDS = frozenset({"model", "models", "weights", "checkpoint", "checkpoints", "ckpt", "ckpts", "pretrained"})
_SYSTEM_WORDS = frozenset(
    {"amd", "arm", "aarch", "linux", "darwin", "windows", "macos", "rootfs", "qcow", "installer", "sdk", "toolchain", "ubuntu", "debian"}
)
"""Words of archives that hold programs and images of machines."""

EVALUATION_WORDS = frozenset({"eval", "evals", "evaluation", "test", "tests", "testing", "val", "validation", "benchmark", "benchmarks"})
_GENERIC = frozenset(
    {
        *("model", "models", "weights", "pytorch_model", "checkpoint", "ckpt", "best", "last", "latest", "final", "net", "network", "main"),
        *("data", "dataset", "datasets", "train", "training", "val", "valid", "validation", "test", "dev", "all", "images", "image"),
        *(
            "annotations",
            "train_data",
            "test_data",
            "input",
            "inputs",
            "output",
            "outputs",
            "raw",
            "full",
            "part",
            "blob",
            "resolve",
            "files",
        ),
        *("download", "downloads", "file", "archive", "release", "releases", "master", "index", "vocab", "config", "tokenizer", "metadata"),
        *(
            "public",
            "static",
            "assets",
            "resources",
            "storage",
            "pretrained",
            "checkpoints",
            "v1",
            "v2",
            "readme",
            "license",
            "requirements",
            "tiny",
            "small",
            "base",
            "medium",
            "large",
            "huge",
            "mini",
        ),
    }
)
"""Names of files and folders that say nothing."""

_FILLERS = frozenset(
    {
        *("final", "merged", "mixed", "processed", "preprocessed", "combined", "formatted", "format", "tmp", "temp", "new", "my", "your"),
        *(
            "xxx",
            "xx",
            "x",
            "foo",
            "bar",
            "path",
            "to",
            "a",
            "the",
            "json",
            "jsonl",
            "sft",
            "dpo",
            "instruction",
            "instructions",
            "finetune",
        ),
    }
)
"""Words beside generic ones that make a name say no more: `final_data.json`, `your_sft_data.json`, `xxx.json`."""

_ENDINGS = sorted((*WEIGHT_ENDINGS, *DATA_ENDINGS, *_MAYBE_DATA, ".txt"), key=len, reverse=True)
_WORDS = re.compile(r"[a-z]+")


def download(word: Word, site: Site) -> Iterator[Fragment]:
    """What fetching an address brings: nothing where it is neither on the Hub nor a file of weights or data."""
    reference = model_reference(word.text)
    role = site.role
    if reference.id is None:
        reference = reference_of_file(word.text, site.path)
        if reference.id is None:
            return
        if _words_of(urlsplit(word.text).path.rpartition("/")[0]) & EVALUATION_WORDS:
            role = max(role, Role.EVALUATION, key=_weakness)
    evidence = replace(site, role=role).evidence(word)
    yield seen(reference.id, evidence, _name(word.text))
    yield RelationSeen(PRODUCT, Relation.LOADS, reference.id, evidence, role)


def reference_of_file(address: str, script: str = "") -> Reference:
    """The model or dataset that a file at an address outside the Hub is; `script` is the path of what fetches it.

    >>> reference_of_file("https://dl.fbaipublicfiles.com/segment_anything/sam_vit_h_4b8939.pth").id
    'model:sam_vit_h_4b8939'
    >>> reference_of_file("https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt").id
    'dataset:tinyshakespeare'
    >>> reference_of_file("https://example.org/setup.zip").reason
    'is neither weights nor data by its name'
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return Reference(None, "is no address")
    path = unquote(parts.path)
    name = path.rpartition("/")[2].lower()
    words = _words_of(path) | _words_of(script.rpartition("/")[2])
    if name.endswith(_SURE_WEIGHTS) or (name.endswith(_MAYBE_WEIGHTS) and words & _MODEL_WORDS and not words & _DATA_WORDS):
        kind = "model"
    elif name.endswith(DATA_ENDINGS) or (name.endswith(_MAYBE_DATA) and words & _DATA_WORDS and not words & _SYSTEM_WORDS):
        kind = "dataset"
    else:
        return Reference(None, "is neither weights nor data by its name")
    stem = _stem(name) or _stem(path.rpartition("/")[0].rpartition("/")[2].lower())  # `tinyshakespeare/input.txt`
    if stem is None or not re.search(r"[a-z]{3}", stem):
        return (
            Reference(f"{kind}:file:{(parts.hostname or '').lower()}{path.lower()}") if parts.hostname else Reference(None, "is no address")
        )
    return Reference(f"model:{stem}") if kind == "model" else Reference(dataset_id(stem.replace("_", "-")))


def named_data(path: str) -> Reference:
    """The dataset that a file is by its name, wherever it lies.

    >>> named_data("./data/llava_instruct_80k.json").id, named_data("data/train.json").id
    ('dataset:llava-instruct-80k', None)
    """
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    stem = _stem(name) if name.endswith((*DATA_ENDINGS, ".json", ".txt")) else None
    if stem is None:
        return Reference(None, "is a file whose name does not say what it holds")
    return Reference(dataset_id(stem.replace("_", "-")))


def _stem(name: str) -> str | None:
    """A file's name without its endings; None if it says nothing."""
    ending = next((one for one in _ENDINGS if name.endswith(one)), "")
    stem = name.removesuffix(ending)
    says_nothing = stem in _GENERIC or set(_WORDS.findall(stem)) <= _GENERIC | _FILLERS
    return stem if re.fullmatch(r"\w[\w.+-]*", stem) and not says_nothing else None


def _name(address: str) -> str:
    return unquote(urlsplit(address).path).rpartition("/")[2] or address


def _words_of(text: str) -> set[str]:
    return set(_WORDS.findall(text.lower()))


def _weakness(role: Role) -> int:
    return (Role.DEFAULT, Role.TRAINING, Role.OUTPUT, Role.OPTION, Role.BUILD, Role.DEVELOPMENT, Role.EVALUATION, Role.DOCUMENTATION).index(
        role
    )
