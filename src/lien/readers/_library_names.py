"""What the names are that Python libraries give models and data: sizes of Whisper, presets, registries outside the Hub."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from lien.readers._references import WEIGHT_ENDINGS, Reference, is_placeholder, modelscope_reference
from lien.vocabulary.ids import dataset_id, model_id

__all__ = ["ALIGNERS", "library_data", "library_model"]

_FASTER_WHISPER: Final[Mapping[str, str]] = {
    "large": "systran/faster-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "distil-large-v3.5": "distil-whisper/distil-large-v3.5-ct2",
}
"""Sizes that faster-whisper takes from a repository of another name than `Systran/faster-whisper-SIZE` (its `utils.py`)."""

ALIGNERS: Final[Mapping[str, str]] = {
    "en": "torchaudio:wav2vec2_asr_base_960h",
    "fr": "torchaudio:voxpopuli_asr_base_10k_fr",
    "de": "torchaudio:voxpopuli_asr_base_10k_de",
    "es": "torchaudio:voxpopuli_asr_base_10k_es",
    "it": "torchaudio:voxpopuli_asr_base_10k_it",
}
"""The models by which WhisperX aligns a language, where its own choice is a bundle of torchaudio (its `alignment.py`)."""

_WHISPER: Final[Mapping[str, str]] = {"large": "large-v3", "turbo": "large-v3-turbo"}
"""Sizes that openai-whisper takes for another (its `__init__.py`)."""

_CLIP: Final[Mapping[str, str]] = {
    "vit-b/32": "base-patch32",
    "vit-b/16": "base-patch16",
    "vit-l/14": "large-patch14",
    "vit-l/14@336px": "large-patch14-336",
}
_FASTTEXT = re.compile(
    r"(lid\.176|cc\.[a-z]{2,3}\.300|wiki\.[a-z]{2,3}|crawl-300d-2m[\w-]*|wiki-news-300d-1m[\w-]*)\.(?:bin|ftz|vec)|[a-z]{2,3}"
)
"""Files that fastText publishes, and the languages that it has vectors for."""

_ULTRALYTICS = re.compile(r"(yolov?\d+|yolo11|yolo12|rtdetr|sam2?|mobile_sam|fastsam)[-_.]?[\w.-]*?(?:\.pt)?")
_WHOLE_NAMES: Final = frozenset({"modelscope", "kaggle"})
"""Where data are named OWNER/NAME; elsewhere what follows the slash is a part of them."""

_NAME = re.compile(r"[\w./-]+", re.ASCII)
_LOCAL = Reference(None, "is a local path")

Follow = Callable[[str], Reference]
"""From a Hub id, an address or a path to what it refers to."""


def library_data(owner: str, text: str) -> Reference:
    """Data by the name that their library gives them.

    >>> library_data("tfds", "mnist/plain_text").id, library_data("kaggle", "owner/name").id
    ('dataset:tfds:mnist', 'dataset:kaggle:owner/name')
    """
    low = text.strip().lower()
    name = low if owner in _WHOLE_NAMES else low.partition("/")[0].partition(":")[0]
    return Reference(dataset_id(f"{owner}:{name}")) if _NAME.fullmatch(name) else Reference(None, "is no name of data")


def library_model(owner: str, text: str, follow: Follow) -> Reference:
    """A model by the name that its library gives it; `follow` resolves what is a repository of the Hub, an address or a path."""
    low = text.strip().lower()
    if low.startswith(("hf-hub:", "hf_hub:", "hf://")):
        return follow(text.strip().partition(":")[2].removeprefix("//"))
    if is_placeholder(text):
        return Reference(None, "is a placeholder")
    own = _OWN_NAMES.get(owner)
    found = own(text.strip(), follow) if own is not None else None
    if found is not None:
        return found
    if low.endswith(WEIGHT_ENDINGS) and owner != "gpt4all":
        return follow(text)
    return Reference(model_id(f"{owner}:{low}")) if not text.startswith((".", "/", "~")) else _LOCAL


def _is_file(text: str) -> bool:
    return "/" in text or "\\" in text or text.lower().endswith(WEIGHT_ENDINGS)


def _whisper(text: str, follow: Follow) -> Reference:
    low = text.lower()
    return follow(text) if _is_file(text) else Reference(model_id(f"openai/whisper-{_WHISPER.get(low, low)}"))


def _faster_whisper(text: str, follow: Follow) -> Reference:
    low = text.lower()
    if _is_file(text):
        return follow(text)
    distilled = f"distil-whisper-{low.removeprefix('distil-')}" if low.startswith("distil-") else f"whisper-{low}"
    return Reference(model_id(_FASTER_WHISPER.get(low) or f"systran/faster-{distilled}"))


def _clip(text: str, follow: Follow) -> Reference | None:  # noqa: ARG001  # libraries share one shape
    size = _CLIP.get(text.lower())
    return Reference(model_id(f"openai/clip-vit-{size}")) if size is not None else None


def _spacy(text: str, follow: Follow) -> Reference:
    return follow(text) if _is_file(text) else Reference(model_id(f"spacy/{text}"))


def _ultralytics(text: str, follow: Follow) -> Reference:  # noqa: ARG001
    """`yolov8n-seg.pt` is a size of YOLOv8; a name of no known family is somebody's own file."""
    low = text.lower()
    stem = low.rpartition("/")[2]
    if stem.endswith((".yaml", ".yml")):
        return Reference(None, "is an architecture without weights")
    known = _ULTRALYTICS.fullmatch(stem)
    if known is None:
        return Reference(f"model:file:{low.lstrip('./')}") if stem.endswith(WEIGHT_ENDINGS) else _LOCAL
    return Reference(model_id(f"ultralytics/{known[1]}" if known[1].startswith("yolo") else f"ultralytics:{stem.removesuffix('.pt')}"))


def _modelscope(text: str, follow: Follow) -> Reference:
    elsewhere = modelscope_reference(text)
    return elsewhere if (elsewhere.id or "").startswith("model:modelscope:") else follow(text) if "/" in text else _LOCAL


def _funasr(text: str, follow: Follow) -> Reference | None:
    return _modelscope(text, follow) if "/" in text else None


def _kaggle(text: str, follow: Follow) -> Reference:  # noqa: ARG001
    name = "/".join(text.split("/")[:2])  # what follows is a framework, a variation and a version
    return Reference(model_id(f"kaggle:{name}")) if "/" in text else Reference(None, "is no name on Kaggle")


def _keras_hub(text: str, follow: Follow) -> Reference | None:
    store, found, name = text.partition("://")
    return _kaggle(name, follow) if found and store.lower() == "kaggle" else None


def _fasttext(text: str, follow: Follow) -> Reference | None:  # noqa: ARG001
    known = _FASTTEXT.fullmatch(text.lower())
    return Reference(model_id(f"fasttext:{known[1] or f'cc.{text}.300'}")) if known is not None else None


def _of_the_hub(text: str, follow: Follow) -> Reference | None:
    return follow(text) if "/" in text else None


_OWN_NAMES: Final[Mapping[str, Callable[[str, Follow], Reference | None]]] = {
    "openai-whisper": _whisper,
    "faster-whisper": _faster_whisper,
    "openai-clip": _clip,
    "spacy": _spacy,
    "ultralytics": _ultralytics,
    "modelscope": _modelscope,
    "funasr": _funasr,
    "kaggle": _kaggle,
    "keras-hub": _keras_hub,
    "fasttext": _fasttext,
    "flair": _of_the_hub,
    "paddlenlp": _of_the_hub,
}
"""How libraries name things that are not simply theirs: `OWNER:NAME` is what is left."""
