"""A sieve over bytes: could this Python file name a model, a dataset or a service at all?

Parsing costs a hundred times as much as looking for words, and most files of a large tree hold none.
"""

import re
from functools import cache

from lien.readers._python_calls import CALLS, FAMILIES, METHODS
from lien.readers._references import SERVICE_HOSTS, WEIGHT_ENDINGS

__all__ = ["may_name"]

_EVERYWHERE = frozenset(
    {
        "torch",
        "requests",
        "httpx",
        "aiohttp",
        "urllib",
        "http",
        "sklearn",
        "cv2",
        "joblib",
        "tensorflow",
        "keras",
        "tokenizers",
        "safetensors",
        "boto3",
        "torch.hub",
    }
)
"""Packages that are imported for many other things: of these, only the names in the table tell."""


def may_name(data: bytes) -> bool:
    """Does the file hold a word of the table, an address of the Hub or of a model API, or the name of a weight file?"""
    return _pattern().search(data) is not None


@cache
def _pattern() -> re.Pattern[bytes]:
    roots = {key.partition(":")[0].partition(".")[0] for key in CALLS} - _EVERYWHERE
    roots |= {"langchain_\\w+", "llama_index\\w*", "torchvision", "torchaudio", "torchtext"}
    names = {re.escape(key.partition(":")[2].rpartition(".")[2]) for key in CALLS if key.partition(":")[0].partition(".")[0] in _EVERYWHERE}
    names -= {"load", "get", "post", "request", "stream", "urlopen", "Request", "HTTPSConnection", "client"}
    names |= {re.escape(method.rpartition(".")[2]) for method in METHODS} - {"create", "parse", "stream", "generate"}
    words = [
        *sorted(names),
        "torch\\.load",
        "joblib\\.load",
        "bedrock",
        "torch\\.hub",
        "applications",
        "keras\\.datasets",
        *(re.escape(one) for one in FAMILIES),
    ]
    hosts = [re.escape(host) for host in sorted(SERVICE_HOSTS)] + ["huggingface\\.co/", "hf\\.co/", "openai\\.azure\\.com"]
    endings = "|".join(re.escape(one[1:]) for one in WEIGHT_ENDINGS)
    parts = [
        rf"^[ \t]*(?:from|import)[ \t]+(?:{'|'.join(sorted(roots))})\b",
        rf"\b(?:{'|'.join(words)})\b",
        "|".join(hosts),
        rf"\.(?:{endings})[\"'?]",
        r"[\"'][\w.-]+/[\w.-]*\d[\w.-]*[\"']",
        r"[\"'](?:gpt-[345]|text-davinci|claude-|gemini-|chatgpt-|models/)",
        r"create\([^()]{0,200}model[ ]?=",
        r"MODEL\w*[\"'][ \t]*[,)\]]",
    ]
    return re.compile("|".join(parts).encode(), re.MULTILINE)
