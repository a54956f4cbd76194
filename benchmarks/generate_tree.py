"""A generated repository of many files, of which some name models, data and services: what `lien audit .` walks through.

Sizes and shares are those of real products: most files are code that names nothing, a few load models.
"""

from pathlib import Path

__all__ = ["write_tree"]

_PLAIN = '''\
"""Module {number}: orders, prices and stock."""

import dataclasses
import logging

log = logging.getLogger(__name__)
LIMIT_{number} = {number}


@dataclasses.dataclass(frozen=True)
class Order{number}:
    """What somebody ordered."""

    name: str
    count: int = 1
    prices: tuple[float, ...] = ()

    def total(self) -> float:
        """The sum of all prices, for each piece."""
        return sum(self.prices) * self.count


def process(orders: list[Order{number}], limit: int = LIMIT_{number}) -> dict[str, float]:
    """Totals by name, of as many orders as the limit allows."""
    found: dict[str, float] = {{}}
    for order in orders[:limit]:
        try:
            found[order.name] = found.get(order.name, 0.0) + order.total()
        except ValueError as error:
            log.warning("order %s: %s", order.name, error)
    return found
'''
_MODEL = '''\
"""Answers questions."""

import os

from transformers import AutoModelForCausalLM, AutoTokenizer

NAME = os.environ.get("MODEL_{number}", "acme-{number}/chat-7b")


def load(name: str = NAME):
    """The model and its tokenizer."""
    return AutoModelForCausalLM.from_pretrained(name), AutoTokenizer.from_pretrained(name)
'''
_SERVICE = """\
import OpenAI from "openai";

const client = new OpenAI();
export const answer{number} = (text) => client.chat.completions.create({{ model: "gpt-4o-mini", messages: [{{ role: "user", content: text }}] }});
"""
_CONFIG = "service:\n  name: part-{number}\n  replicas: 2\n  ports: [8080, 9090]\n  labels: {{team: shop, tier: backend}}\n"
_PAGE = "# Part {number}\n\nHow this part works, and whom to ask.\n\n" + "It takes orders, and gives totals back. " * 30 + "\n"


def write_tree(root: Path, files: int) -> None:
    """Write `files` files below `root`: 70 of 100 are Python, of which 2 load a model; the rest are YAML, pages and scripts."""
    for number in range(files):
        kind = number % 100
        name, text = (
            (f"m{number}.py", _MODEL)
            if kind < 2
            else (f"m{number}.py", _PLAIN)
            if kind < 70
            else (f"c{number}.yaml", _CONFIG)
            if kind < 85
            else (f"p{number}.md", _PAGE)
            if kind < 97
            else (f"s{number}.js", _SERVICE)
        )
        place = root / f"part{number % 40}" / f"area{number % 7}" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text.format(number=number), encoding="utf-8")
