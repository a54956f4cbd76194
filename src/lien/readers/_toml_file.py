"""A TOML file that people write, by its keys: values of a wrong type are problems, and all places are known."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from lien.graph.fragments import Evidence
from lien.readers._requirement import Named, Problem, no_requirement, required, shown, summary
from lien.sources.source import Source
from lien.sources.toml_text import parse_toml

__all__ = ["TomlFile"]

_REMEMBERED = 20
_HEADER = re.compile(r"\s*\[\[?([^\]\n]+)\]")
_KEY = re.compile(r"\s*((?:[\w.-]|\"[^\"]*\"|'[^']*')+)\s*=")
# An unclosed quote takes the rest of its line, so that no quote is tried twice.
_STRING = re.compile(r"\"((?:[^\"\\]|\\.|\\\Z)*)(?:\"|\Z)|'([^']*)(?:'|\Z)")


class TomlFile:
    """The tables of one file by their keys; values of a wrong type are problems, and left out."""

    def __init__(self, source: Source, reader: str) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self._reader = reader
        self._root = parse_toml(source)
        self._places = _Places(source.text)

    @property
    def folder(self) -> str:
        """The folder of the file from the root; empty at the root."""
        return self.source.path.rpartition("/")[0]

    def value(self, *keys: str) -> object:
        """The value at a path of keys; None if there is none."""
        found: object = self._root
        for depth, key in enumerate(keys):
            if not isinstance(found, Mapping):
                self._wrong(keys[:depth], "is not a table (write KEY = VALUE lines under its name in brackets)")
                return None
            if key not in found:
                return None
            found = found[key]
        return found

    def table(self, *keys: str) -> Mapping[str, Any]:
        """The table at a path of keys; empty if there is none."""
        found = self.value(*keys)
        if found is None or isinstance(found, Mapping):
            return found or {}
        self._wrong(keys, "is not a table (write KEY = VALUE lines under its name in brackets)")
        return {}

    def text(self, *keys: str) -> str | None:
        """The string at a path of keys, without surrounding space; None if there is none."""
        found = self.value(*keys)
        if found is None or isinstance(found, str):
            return found.strip() or None if found else None
        self._wrong(keys, "is not a string (write it in quotes)")
        return None

    def strings(self, *keys: str) -> tuple[str, ...]:
        """The strings of a list at a path of keys; empty if there is none."""
        found = self.value(*keys)
        if found is None:
            return ()
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return tuple(found)
        self._wrong(keys, "is not a list of strings (write each in quotes, all in brackets)")
        return ()

    def line(self, *keys: str) -> int | None:
        """The line of a table header or key, else of the nearest table or key around it."""
        return self._places.of_key(keys)

    def line_of(self, text: str, *keys: str) -> int | None:
        """The line of a string of a list; of the list itself where it is written in another way."""
        return self._places.of_string(text, keys)

    def evidence(self, line: int | None, as_written: str) -> Evidence:
        """Evidence without the password or token of a repository: reports travel."""
        return self.source.evidence(self._reader, line=line, as_written=shown(as_written))

    def problem(self, line: int | None, what: str) -> None:
        """Remember what cannot be read, once."""
        problem = Problem(self.source.path, line, what)
        if problem not in self.problems[-_REMEMBERED:]:
            self.problems.append(problem)

    def required(self, text: str, line: int | None) -> Named | None:
        """The package of a PEP 508 requirement; what is none is a problem."""
        try:
            return required(text)
        except (ValueError, RecursionError):  # the second: a marker of a thousand brackets
            self.problem(line, no_requirement(text))
            return None

    def complain(self) -> None:
        """Raises InputError with every problem, if there is one: after everything that could be read."""
        if self.problems:
            raise summary(self.source.path, self.problems)

    def _wrong(self, keys: tuple[str, ...], what: str) -> None:
        self.problem(self.line(*keys), f"{'.'.join(keys)} {what}")


class _Places:
    """Lines of all tables, keys and strings, taken in one pass, since tomllib gives no places.

    A search for each of them, as `sources.toml_text` has it, takes hours on a file made for that.
    """

    def __init__(self, text: str) -> None:
        self._tables: dict[tuple[str, ...], int] = {}
        self._keys: dict[str, list[int]] = {}
        self._strings: dict[str, list[int]] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            header = _HEADER.match(line)
            if header:
                self._tables.setdefault(tuple(part.strip(" \t\"'") for part in header[1].split(".")), number)
                continue
            key = _KEY.match(line)
            if key:
                self._keys.setdefault(key[1].replace('"', "").replace("'", ""), []).append(number)
            for string in _STRING.finditer(line):
                written = string[2] if string[1] is None else string[1].replace('\\"', '"').replace("\\\\", "\\")
                self._strings.setdefault(written, []).append(number)

    def of_key(self, keys: tuple[str, ...]) -> int | None:
        depth = next((depth for depth in range(len(keys), 0, -1) if keys[:depth] in self._tables), 0)
        start = self._tables.get(keys[:depth])
        # Within a table a key may be dotted, or the value an inline table.
        for end in range(len(keys), depth, -1):
            found = _first(self._keys.get(".".join(keys[depth:end]), []), start or 1)
            if found:
                return found
        return start

    def of_string(self, text: str, keys: tuple[str, ...]) -> int | None:
        start = self.of_key(keys)
        return _first(self._strings.get(text, []), start or 1) or start


def _first(lines: list[int], start: int) -> int | None:
    """The first of ascending lines that is not before `start`."""
    index = bisect_left(lines, start)
    return lines[index] if index < len(lines) else None
