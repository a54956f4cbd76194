"""Base models by the names that READMEs and papers give them: `LLaMA-7B`, "a 7B LLaMA model", `Mistral-7B-v0.1`.

Only a name that says family and size, and so one model: "LLaMA" alone is none. What is read so is an inference.
"""

import re
from collections.abc import Iterator

from lien.vocabulary.ids import model_id
from lien.vocabulary.relations import Relation

__all__ = ["made_from", "named_base", "named_bases"]

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


def made_from(identifier: str) -> Relation:
    """How a model is made from its base, by what its own name says of its weights: an adapter, a difference, or all of them.

    >>> str(made_from("model:lab/chat-lora-7b")), str(made_from("model:lab/chat-7b-delta-v0")), str(made_from("model:lab/colorado-7b"))
    ('adapter-of', 'delta-of', 'finetuned-from')
    """
    words = set(re.split(r"[^a-z0-9]+", identifier.lower()))
    if words & {"lora", "qlora", "adapter", "adapters", "peft", "dora"} and "merged" not in words:
        return Relation.ADAPTER_OF
    return Relation.DELTA_OF if words & {"delta", "diff", "wdiff"} else Relation.FINETUNED_FROM


def named_base(text: str) -> str | None:
    """The model that a text names, if that is all it says.

    >>> named_base("LLaMA-7B"), named_base("llama-2-13b-hf"), named_base("LLaMA"), named_base("chinese-llama-7b")
    ('model:meta/llama-7b', 'model:meta-llama/llama-2-13b-hf', None, None)
    """
    text = re.sub(r"[^\x00-\x7f]+", " ", text).strip(" *`_\"'")  # such as the words for "the original" before it
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
