"""Reads weight files in the tree: that they are there, and what their headers say of licence and lineage.

Headers of GGUF, safetensors and ONNX are read through a bounded view; nothing is loaded, and no pickle
is opened. Pickles, HDF5 files and `.bin` files hold anything: they count as weights only if their name
or their first bytes say so. A Git LFS pointer stands for the file that it points to.
"""

import re
from collections.abc import Iterator, Mapping

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers._model_folder import ModelFolder, derived_from_hub, is_weights_name, model_folder, shipped
from lien.readers._references import WEIGHT_ENDINGS, Reference, dataset_reference, model_reference, seen
from lien.readers._weight_headers import Value, gguf_values, onnx_values, safetensors_values
from lien.sources.limits import MAX_WEIGHT_BYTES
from lien.sources.source import Source
from lien.vocabulary.ids import model_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["WeightsReader"]

_READER = "weights"
_ALWAYS = (".gguf", ".safetensors", ".onnx", ".pt", ".pth", ".ckpt", ".tflite", ".keras", ".mlmodel", ".ggml")
_PERHAPS = (".bin", ".h5", ".hdf5", ".pkl", ".pickle", ".joblib", ".pb", ".msgpack")
_SHARD = re.compile(r"(.+?)-(\d{5})-of-(\d{5})(\.[a-z0-9]+)")
_MODEL_NAME = re.compile(
    r"(?:^|[-_.])(?:model|models|weights|classifier|clf|regressor|estimator|checkpoint|encoder|decoder|ggml|tf_model|flax_model)(?:[-_.\d]|$)"
)
_MODEL_BIN = re.compile(r"(?:(?:pytorch|adapter|diffusion_pytorch|flax|tf|open_clip_pytorch)_model|ggml|model|lid)[-_.].*")

_LFS = b"version https://git-lfs.github.com/spec/"
_TEXT = re.compile(rb"[\t\n\r -~]{64,}")
_GGML_MAGICS = (b"lmgg", b"fmgg", b"tjgg", b"algg", b"\xba\x16O/")
"""GGML, GGMF, GGJT, GGLA and fastText: formats that are called `.bin`."""

_PICKLED = re.compile(rb"sklearn\.|xgboost\.|lightgbm\.|catboost|torch\._utils|torch\.nn|keras\.|tensorflow\.|archive/data\.pkl")
"""Modules whose classes a pickle names in its first bytes, and how PyTorch's archive begins."""

_KERAS = re.compile(rb"keras_version|model_weights|layer_names|model_config")

_ADDRESS = re.compile(r"^https?://(?:www\.)?huggingface\.co/(?:datasets/)?")
_UNQUANTIZED_FILES = frozenset({0, 1, 32})
"""`general.file_type` of F32, F16 and BF16 (ggml `docs/gguf.md`)."""


class WeightsReader:
    """Weight files by their endings; each is an artifact of its own or a part of the model of its folder."""

    name = _READER
    owed = False
    max_bytes = MAX_WEIGHT_BYTES

    def claims(self, path: str) -> bool:
        """By the ending."""
        return path.lower().endswith((*_ALWAYS, *_PERHAPS))

    def accepts(self, head: bytes) -> bool:
        """Anything but text: Python's `.pth` files and notes called `.bin` are no weights."""
        return head.startswith(_LFS) or (bool(head) and _TEXT.match(head) is None)

    def read(self, source: Source) -> Iterator[Fragment]:
        """The model that the file is, or belongs to, and what its header says. Raises InputError for a broken header."""
        is_pointer = source.head(64).startswith(_LFS)
        if not _is_weights(source, is_pointer=is_pointer) or not _is_first_shard(source):
            return
        model = model_folder(source.tree, source.path) or ModelFolder(model_id(f"file:{source.path}"), "", source.path.rpartition("/")[2])
        yield from shipped(model, source.evidence(_READER))
        if not is_pointer:
            yield from _header(source, model.id)


def _is_weights(source: Source, *, is_pointer: bool) -> bool:
    """Do the ending, the name or the first bytes say that the file holds weights?"""
    name = source.path.rpartition("/")[2].lower()
    if name.endswith(WEIGHT_ENDINGS) and not is_weights_name(name):
        return False
    if name.endswith(_ALWAYS):
        return True
    stem, _, ending = name.rpartition(".")
    if ending == "bin" and _MODEL_BIN.fullmatch(name):
        return True
    if ending != "bin" and _MODEL_NAME.search(stem):
        return True
    if is_pointer:
        return False  # its name is all there is
    head = source.head(_head_bytes(ending))
    match ending:
        case "bin":
            return head.startswith(_GGML_MAGICS) or _PICKLED.search(head) is not None
        case "h5" | "hdf5":
            return _KERAS.search(head) is not None
        case _:
            return _PICKLED.search(head) is not None


def _head_bytes(ending: str) -> int:
    return 1024 * 1024 if ending in {"h5", "hdf5"} else 16 * 1024


def _is_first_shard(source: Source) -> bool:
    """Of a set of shards, the first that is there speaks for all."""
    folder, _, name = source.path.rpartition("/")
    shard = _SHARD.fullmatch(name.lower())
    if shard is None:
        return True
    for other in source.tree.files_in(folder):
        found = _SHARD.fullmatch(other.lower())
        if found is not None and (found[1], found[3], found[4]) == (shard[1], shard[3], shard[4]):
            return other == name
    return True


def _header(source: Source, model: str) -> Iterator[Fragment]:
    ending = source.path.rpartition(".")[2].lower()
    with source.open() as view:
        match ending:
            case "gguf":
                yield from _Said(source, model, gguf_values(view)).gguf()
            case "safetensors":
                yield from _Said(source, model, safetensors_values(view)).safetensors()
            case "onnx":
                yield from _Said(source, model, onnx_values(view)).onnx()
            case _:
                pass  # pickles are not opened, and the rest says nothing of where it came from


class _Said:
    """What one header says of one model. What stands before a break in the header is kept, and the break raised behind it."""

    def __init__(self, source: Source, model: str, values: Iterator[tuple[str, Value]]) -> None:
        self._source = source
        self._model = model
        self._values: dict[str, Value] = {}
        self._problem: InputError | None = None
        try:
            for key, value in values:
                self._values.setdefault(key, value)
        except InputError as problem:
            self._problem = problem

    def gguf(self) -> Iterator[Fragment]:
        yield from self._facts(name=("general.name",), publisher=("general.organization", "general.author"), task=("general.architecture",))
        # Converters copy the Hub's licence id into a key that asks for an SPDX expression.
        yield from self._claims(
            {"general.license": Scheme.HUGGING_FACE, "general.license.name": Scheme.LICENSE_NAME, "general.license.link": Scheme.URL}
        )
        file_type = self._values.get("general.file_type")
        made_by = Relation.CONVERTED_FROM if file_type in _UNQUANTIZED_FILES or file_type is None else Relation.QUANTIZED_FROM
        for key in ("general.source.repo_url", "general.source.url", "general.source.huggingface.repository", "general.repo_url"):
            yield from self._on_the_hub(key, made_by, Kind.MODEL)
        yield from self._listed("general.base_model", Relation.DERIVED_FROM, Kind.MODEL)
        yield from self._listed("general.dataset", Relation.TRAINED_ON, Kind.DATASET)
        for text in self._texts("general.datasets"):
            yield from self._related("general.datasets", text, Relation.TRAINED_ON, dataset_reference(text))
        yield from self._finished()

    def safetensors(self) -> Iterator[Fragment]:
        yield from self._facts(name=("modelspec.title",), publisher=("modelspec.author",), task=("modelspec.architecture",))
        yield from self._claims({"modelspec.license": Scheme.FREE_TEXT, "license": Scheme.FREE_TEXT})
        for text in self._texts("modelspec.merged_from"):
            for part in text.split(","):
                yield from self._named("modelspec.merged_from", part.strip(), Relation.MERGED_FROM)
        base = self._text("ss_sd_model_name")
        if base is not None:
            is_adapter = self._text("ss_network_module") is not None
            yield from self._named("ss_sd_model_name", base, Relation.ADAPTER_OF if is_adapter else Relation.FINETUNED_FROM)
        yield from self._finished()

    def onnx(self) -> Iterator[Fragment]:
        yield from self._facts(name=("model_name",), publisher=("model_author", "author"), task=("task",))
        yield from self._claims({"model_license": Scheme.FREE_TEXT, "license": Scheme.FREE_TEXT})
        yield from self._finished()

    def _finished(self) -> Iterator[Fragment]:
        if self._problem is not None:
            raise self._problem
        yield from ()

    def _evidence(self, key: str, written: str | None = None) -> Evidence:
        """A header has no lines: its key is the place."""
        return self._source.evidence(_READER, pointer=f"/{key}", as_written=written)

    def _text(self, key: str) -> str | None:
        value = self._values.get(key)
        return value.strip() or None if isinstance(value, str) else None

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._values.get(key)
        texts = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
        return tuple(text.strip() for text in texts if text.strip())

    def _facts(self, **wanted: tuple[str, ...]) -> Iterator[Fragment]:
        found: dict[str, str] = {}
        place = ""
        for fact, keys in wanted.items():
            for key in keys:
                text = self._text(key)
                if text is not None and len(text) <= 200:
                    found.setdefault(fact, text)
                    place = place or key
        if found:
            attributes = (("architecture", found["task"]),) if "task" in found else ()
            yield ArtifactSeen(
                self._model,
                Kind.MODEL,
                self._evidence(place, found.get("name")),
                name=found.get("name"),
                publisher=found.get("publisher"),
                attributes=attributes,
            )

    def _claims(self, schemes: Mapping[str, Scheme]) -> Iterator[Fragment]:
        texts = [(key, scheme, text) for key, scheme in schemes.items() if (text := self._text(key)) is not None]
        # A link says where the text of a named licence stands, and is a claim of its own only where nothing names it.
        if len(texts) > 1:
            texts = [one for one in texts if one[1] is not Scheme.URL]
        if any(text.lower() != "other" for _, _, text in texts):
            texts = [one for one in texts if one[2].lower() != "other"]
        for key, scheme, text in texts:
            yield LicenseClaim(self._model, text, scheme, self._evidence(key, text), self._source.path)

    def _listed(self, prefix: str, relation: Relation, kind: Kind) -> Iterator[Fragment]:
        """`general.base_model.{i}.…`: by the keys that are there, since the count may say anything."""
        pattern = re.compile(re.escape(prefix) + r"\.(\d{1,4})\.(repo_url|url|name)")
        numbers = sorted({int(found[1]) for key in self._values if (found := pattern.fullmatch(key)) is not None})
        for number in numbers:
            place = f"{prefix}.{number}"
            addresses = [f"{place}.{last}" for last in ("repo_url", "url")]
            related = [one for key in addresses for one in self._on_the_hub(key, relation, kind)]
            yield from related
            name = self._text(f"{place}.name")
            if not related and name is not None:
                reason = "is named in the header without a repository; declare what it is in lien.toml"
                yield UnresolvedReference(self._model, name, reason, self._evidence(f"{place}.name", name))

    def _on_the_hub(self, key: str, relation: Relation, kind: Kind) -> Iterator[Fragment]:
        """The relation to what an address of the Hub names; any other address says nothing."""
        text = self._text(key)
        if text is not None and "huggingface.co/" in text:
            reference = model_reference(text) if kind is Kind.MODEL else dataset_reference(text)
            if reference.id is not None:
                yield from self._related(key, text, relation, reference)

    def _named(self, key: str, text: str, relation: Relation) -> Iterator[Fragment]:
        """What a trainer was given as a model: a Hub id, or the name of a file on the trainer's machine."""
        found = derived_from_hub(text) if "/" in text else None
        reason = "is named in the header by a file name alone; declare what it is in lien.toml"
        reference = Reference(model_id(found)) if found is not None else Reference(None, reason)
        if text and text.lower() not in {"none", "null"}:
            yield from self._related(key, text, relation, reference)

    def _related(self, key: str, text: str, relation: Relation, reference: Reference) -> Iterator[Fragment]:
        if reference.id != self._model:
            evidence = self._evidence(key, text)
            if reference.id is None:
                yield UnresolvedReference(self._model, text, reference.reason or "cannot be followed", evidence)
                return
            yield seen(reference.id, evidence, _ADDRESS.sub("", text))
            yield RelationSeen(self._model, relation, reference.id, evidence, Role.TRAINING)
