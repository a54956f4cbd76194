"""TOML with places: values by tomllib, and the line on which a table, key or array item stands."""

import re
import tomllib
from typing import Any

from lien.errors import InputError
from lien.sources.source import Source

__all__ = ["line_of_key", "line_of_text", "parse_toml"]

_LINE = re.compile(r"at line (\d+)")


def parse_toml(source: Source, *, error: type[InputError] = InputError) -> dict[str, Any]:
    """The tables of a TOML file. Raises `error` with the line if it is not TOML."""
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as problem:
        match = _LINE.search(str(problem))
        line = int(match[1]) if match else None
        raise error(f"is not TOML: {problem}; mend the file or leave it out", path=source.path, line=line) from problem
    except (RecursionError, ValueError) as problem:
        raise error("is nested too deeply, or holds a number too long to read", path=source.path) from problem


def line_of_text(source: Source, text: str, *, after: int = 1, quoted: bool = True) -> int | None:
    """The first line from `after` on that holds a text, quoted either way unless told otherwise.

    tomllib gives no positions; readers ask for the string they read, in the table it stood in.
    """
    wanted = (f'"{text}"', f"'{text}'") if quoted else (text,)
    for number, line in enumerate(source.text.split("\n")[after - 1 :], start=after):
        if any(one in line for one in wanted):
            return number
    return None


def line_of_key(source: Source, *keys: str, index: int = 0) -> int | None:
    """The line of a table header or key: `line_of_key(source, "project", "license")`.

    `index` counts `[[arrays of tables]]` of the name `keys[0]` from 0. None if it is not found.
    """
    table = re.compile(r"^\s*\[\[?\s*" + r"\s*\.\s*".join(r"[\"']?" + re.escape(key) + r"[\"']?" for key in keys) + r"\s*\]\]?")
    assignment = re.compile(r"^\s*[\"']?" + re.escape(keys[-1]) + r"[\"']?\s*=")
    lines = source.text.split("\n")
    hits = [number for number, line in enumerate(lines, start=1) if table.match(line)]
    if hits:
        return hits[min(index, len(hits) - 1)]
    if len(keys) == 1:
        start = 1
    else:
        above = line_of_key(source, *keys[:-1], index=index)
        if above is None:
            return None
        start = above
    for number, line in enumerate(lines[start - 1 :], start=start):
        if assignment.match(line):
            return number
    return start
