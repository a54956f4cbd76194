"""Base models by the names that READMEs and papers give them: `LLaMA-7B`, "a 7B LLaMA model", `Mistral-7B-v0.1`.

Only a name that says family and size, and so one model: "LLaMA" alone is none. What is read so is an inference.
"""

import re
from collections.abc import Iterator

from lien.vocabulary.ids import model_id

__all__ = ["named_base", "named_bases"]

_SIZE = r"(\d{1,3}(?:\.\d)?) ?b(?:illion)?"
_SEPARATOR = r"[ _-]?"
_FAMILIES: tuple[tuple[str, str, frozenset[str]], ...] = (
    (rf"llama{_SEPARATOR}(?:v?2){_SEPARATOR}chat{_SEPARATOR}{_SIZE}", "meta-llama/llama-2-{}b-chat-hf", frozenset({"7", "13", "70"})),
    (rf"llama{_SEPARATOR}(?:v?2){_SEPARATOR}{_SIZE}{_SEPARATOR}chat", "meta-llama/llama-2-{}b-chat-hf", frozenset({"7", "13", "70"})),
    (rf"llama{_SEPARATOR}(?:v?2){_SEPARATOR}{_SIZE}", "meta-llama/llama-2-{}b-hf", frozenset({"7", "13", "70"})),
    (rf"llama{_SEPARATOR}(?:v?1[ _-])?{_SIZE}", "meta/llama-{}b", frozenset({"7", "13", "30", "33", "65"})),
    (rf"{_SIZE}{_SEPARATOR}llama(?![ _-]?v?[234])", "meta/llama-{}b", frozenset({"7", "13", "30", "33", "65"})),
    (rf"code{_SEPARATOR}llama{_SEPARATOR}{_SIZE}", "codellama/codellama-{}b-hf", frozenset({"7", "13", "34", "70"})),
    (rf"mistral{_SEPARATOR}{_SIZE}(?:{_SEPARATOR}v0\.1)?", "mistralai/mistral-{}b-v0.1", frozenset({"7"})),
    (rf"gpt{_SEPARATOR}neox{_SEPARATOR}{_SIZE}", "eleutherai/gpt-neox-{}b", frozenset({"20"})),
    (rf"gpt{_SEPARATOR}j{_SEPARATOR}{_SIZE}", "eleutherai/gpt-j-{}b", frozenset({"6"})),
    (rf"pythia{_SEPARATOR}{_SIZE}", "eleutherai/pythia-{}b", frozenset({"1", "1.4", "2.8", "6.9", "12"})),
    (rf"falcon{_SEPARATOR}{_SIZE}", "tiiuae/falcon-{}b", frozenset({"7", "40"})),
    (rf"mpt{_SEPARATOR}{_SIZE}", "mosaicml/mpt-{}b", frozenset({"7", "30"})),
)
# A longer name is another model: `llama-7b-hf` is a conversion, `open-llama-7b` and `LLaMA-Plus-7B` are not Meta's.
_BEFORE = r"(?<![\w.+/-])(?:original |meta(?:'s)? |the )?"
_AFTER = r"(?:[ _-]?hf)?(?![\w+/]|[-.]\w)"
_PATTERNS = tuple((re.compile(_BEFORE + pattern + _AFTER, re.IGNORECASE), target, sizes) for pattern, target, sizes in _FAMILIES)
_MAX_TEXT = 2_000


def named_base(text: str) -> str | None:
    """The model that a text names, if that is all it says.

    >>> named_base("LLaMA-7B"), named_base("llama-2-13b-hf"), named_base("LLaMA"), named_base("chinese-llama-7b")
    ('model:meta/llama-7b', 'model:meta-llama/llama-2-13b-hf', None, None)
    """
    text = text.strip(" *`_\"'")
    if len(text) > 60:
        return None
    return next((found for found, start, end in named_bases(text) if start == 0 and end == len(text)), None)


def named_bases(text: str) -> Iterator[tuple[str, int, int]]:
    """(Id, where its name begins and ends) of each base model that a text names; of two readings of a place, the first.

    >>> [found for found, _, _ in named_bases("fine-tuned from a 7B LLaMA model, not Llama 3 8B or Pythia-12B-deduped")]
    ['model:meta/llama-7b']
    """
    taken: list[tuple[int, int]] = []
    for pattern, target, sizes in _PATTERNS:
        for match in pattern.finditer(text[:_MAX_TEXT]):
            start, end = match.span()
            if match[1] in sizes and not any(start < last and first < end for first, last in taken):
                taken.append((start, end))
                yield model_id(target.format("33" if match[1] == "30" and target.startswith("meta/") else match[1])), start, end
