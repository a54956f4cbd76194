"""A sieve over bytes: could this Python file name a model, a dataset or a service at all?

Parsing costs a hundred times as much as looking for words, and most files of a large tree hold none. Words are
looked up in a set and addresses searched as they are: one pattern of all of them takes ten times as long.
"""

import re
from functools import cache

from lien.readers._python_calls import CALLS, FAMILIES, METHODS
from lien.readers._references import SERVICE_HOSTS, WEIGHT_ENDINGS

__all__ = ["may_make", "may_name"]

_EVERYWHERE = frozenset({"torch", "requests", "httpx", "aiohttp", "urllib", "http", "sklearn", "cv2", "joblib", "tensorflow", "keras", "tokenizers", "safetensors", "boto3"})  # fmt: skip
"""Packages that are imported for many other things: of these, only the names in the table tell."""
_COMMON = frozenset({"load", "get", "post", "request", "stream", "urlopen", "Request", "client", "create", "parse", "generate", "converse"})  # fmt: skip
"""Names that say nothing by themselves."""
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)
_SPLIT = bytes(code if chr(code).isalnum() or code == 95 else 32 for code in range(256))
"""Turns everything between words into spaces."""
_MAKES = re.compile(r"gen|synth|distil|augment|annotat|label|self_instruct|make_|build_|create_|collect_")
_HOST = re.compile(rb"https?://([\w.-]+)")
_WEIGHTS = re.compile(rf"\.(?:{'|'.join(ending[1:] for ending in WEIGHT_ENDINGS)})[\"'?]".encode())
_HUB_SHAPE = re.compile(rb"[\"'][\w.-]+/[\w.-]*\d[\w.-]*[\"']")
_HOSTED = re.compile(rb"[\"'](?:gpt-[345]|text-davinci|claude-|gemini-|chatgpt-|models/)")
_PHRASES = (
    *(b"torch.load", b"joblib.load", b"torch.hub", b"bedrock", b".applications", b"keras.datasets", b"create(model", b"hf.co/", b"openai.azure.com"),
    *(b"/api/generate", b"/chat/completions", b"ollama", b"huggingface-cli", b"base_model:", b"merge_method"),
)  # fmt: skip


def may_name(data: bytes) -> bool:
    """Does the file hold a word of the table, an address of the Hub or of a model API, or the name of a weight file?"""
    packages, words, hosts = _known()
    imported = set(_IMPORT.findall(data))
    if imported & packages or any(one.startswith((b"langchain", b"llama_index", b"haystack")) for one in imported):
        return True
    if any(phrase in data for phrase in _PHRASES) or not hosts.isdisjoint(_HOST.findall(data)):
        return True
    if _WEIGHTS.search(data) is not None or _HOSTED.search(data) is not None or not words.isdisjoint(data.translate(_SPLIT).split()):
        return True
    return (b"model" in data or b"MODEL" in data) and _HUB_SHAPE.search(data) is not None


def may_make(path: str) -> bool:
    """Does the name of a file say that it has data made: then who makes them may stand in another file."""
    return _MAKES.search(path.rpartition("/")[2].lower()) is not None


@cache
def _known() -> tuple[frozenset[bytes], frozenset[bytes], frozenset[bytes]]:
    """Packages whose import tells, names that tell wherever they stand, and hosts of the Hub and of model APIs."""
    roots = {key.partition(":")[0].partition(".")[0] for key in CALLS} - _EVERYWHERE | {"torchvision", "torchaudio", "torchtext"}
    roots |= {name.partition(".")[0] for name in FAMILIES} - _EVERYWHERE
    names = {key.partition(":")[2].rpartition(".")[2] for key in CALLS if key.partition(":")[0].partition(".")[0] in _EVERYWHERE}
    names |= {"HTTPSConnection", *(method.rpartition(".")[2] for method in METHODS)}
    hosts = [*SERVICE_HOSTS, "huggingface.co", "www.huggingface.co", "hf-mirror.com"]
    return (
        frozenset(one.encode() for one in roots),
        frozenset(one.encode() for one in names - _COMMON),
        frozenset(one.encode() for one in hosts),
    )
