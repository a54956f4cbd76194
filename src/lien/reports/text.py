"""Text for terminals: escaping what comes from inputs, wrapping, columns, and optional colour."""

import re
import textwrap
from collections.abc import Iterator

__all__ = ["Style", "clean", "columns", "wrapped"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """Text from an input on one line, without anything that moves a cursor or turns text around."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text.replace("\n", " ").replace("\t", " "))


class Style:
    """Colour where it is wanted; it says nothing that the words do not."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text

    def severity(self, text: str) -> str:
        codes = {"DENY": "1;31", "MAY": "1;31", "WARN": "33", "INFO": "2", "OK": "32"}
        return self.paint(text, codes.get(text.split(maxsplit=1)[0], "0") if text else "0")


def columns(left: str, right: str, width: int) -> str:
    """`left`, and `right` at the right edge where both fit; else one after the other."""
    if not right:
        return left
    gap = width - len(left) - len(right)
    return left + " " * gap + right if gap >= 2 else f"{left}\n{right.rjust(width)}"  # two spaces between columns


def wrapped(text: str, width: int, indent: str, *, first: str | None = None) -> Iterator[str]:
    """Lines of at most `width`, `indent` before each (or `first` before the first)."""
    yield from textwrap.wrap(
        text,
        width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [(indent if first is None else first).rstrip()]
