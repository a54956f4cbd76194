"""Scalars of YAML documents as words with their lines, for readers that meet commands and variables in YAML."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.readers._shell import Word, parse_shell
from lien.sources.yaml_text import YamlDocument

__all__ = ["Places", "mappings"]

_BLOCK = re.compile(r"[|>][-+0-9]*(?:\s+#.*)?$")


class Places:
    """A document with its text: what stands where."""

    def __init__(self, document: YamlDocument, text: str) -> None:
        self._document = document
        self._lines = text.splitlines()

    def word(self, text: str, *place: str | int) -> Word:
        """A scalar; one that still holds a template or a variable is not known."""
        is_known = "$" not in text and "{{" not in text
        return Word(text, self._document.line(*place) or 1, text, is_known)

    def script_line(self, *place: str | int) -> int:
        """Where the text of a scalar begins: a block (`run: |`) begins below its key."""
        line = self._document.line(*place) or 1
        written = self._lines[line - 1] if line <= len(self._lines) else ""
        return line + 1 if _BLOCK.search(written.rstrip()) else line

    def words(self, value: Any, *place: str | int) -> list[Word]:  # noqa: ANN401  # YAML is any value
        """The words of a command, given as a list or as one text."""
        if isinstance(value, list):
            return [self.word(str(one), *place, number) for number, one in enumerate(value) if isinstance(one, str | int | float)]
        if not isinstance(value, str):
            return []
        line = self.script_line(*place)
        commands = parse_shell(value, first_line=line)
        if len(commands) == 1:
            return list(commands[0].words)
        return [Word("sh", line, "sh"), Word("-c", line, "-c"), Word(value, line, value)] if commands else []

    def settings(self, value: Any, *place: str | int) -> Iterator[tuple[str, Word]]:  # noqa: ANN401
        """Variables of an environment: a mapping, or a list of {name, value}."""
        if isinstance(value, Mapping):
            for name, text in value.items():
                if isinstance(name, str) and isinstance(text, str):
                    yield name, self.word(text, *place, name)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                if isinstance(one, Mapping) and isinstance(one.get("name"), str) and isinstance(one.get("value"), str):
                    yield one["name"], self.word(one["value"], *place, number, "value")


def mappings(value: Any) -> list[tuple[str, Mapping[str, Any]]]:  # noqa: ANN401
    """The members of a mapping that are mappings, by their names."""
    if not isinstance(value, Mapping):
        return []
    return [(name, one) for name, one in value.items() if isinstance(name, str) and isinstance(one, Mapping)]
