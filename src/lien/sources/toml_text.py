"""TOML with places: values by tomllib, and the line on which a table, key or array item stands."""

import re
import tomllib
from typing import Any

from lien.errors import InputError
from lien.sources.limits import MAX_DEPTH
from lien.sources.source import Source

__all__ = ["line_of_key", "line_of_text", "parse_toml"]

_LINE = re.compile(r"at line (\d+)")
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_DOTTED = re.compile(r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')(?:[ \t]*+\.[ \t]*+(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+'))*+")


def parse_toml(source: Source, *, error: type[InputError] = InputError) -> dict[str, Any]:
    """The tables of a TOML file. Raises `error` with the line if it is not TOML."""
    _refuse_depth(source, error)
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

    `index` counts `[[arrays of tables]]` from 0. A key that is not found stands where its table does;
    None if neither is found.
    """
    lines = source.text.split("\n")
    dotted = r"\s*\.\s*".join(r"[\"']?" + re.escape(key) + r"[\"']?" for key in keys)
    header = re.compile(r"\s*\[\[?\s*" + dotted + r"\s*\]\]?")
    hits = [number for number, line in enumerate(lines, start=1) if header.match(line)]
    if hits:
        return hits[min(index, len(hits) - 1)]
    # `a.b.c = 1` names a whole path in one line.
    whole = re.compile(r"\s*" + dotted + r"\s*[.=]")
    found = next((number for number, line in enumerate(lines, start=1) if whole.match(line)), None)
    if found is not None or len(keys) == 1:
        return found
    above = line_of_key(source, *keys[:-1], index=index)
    if above is None:
        return None
    assignment = re.compile(r"\s*[\"']?" + re.escape(keys[-1]) + r"[\"']?\s*[.=]")
    return next((number for number, line in enumerate(lines[above - 1 :], start=above) if assignment.match(line)), above)


def _refuse_depth(source: Source, error: type[InputError]) -> None:
    """Tomllib takes quadratic time for `a.a.a…`: a file of 100 KB would hold an audit for minutes."""
    if source.text.count(".") > MAX_DEPTH:
        for match in _DOTTED.finditer(source.text):
            if _QUOTED.sub("", match[0]).count(".") > MAX_DEPTH:
                line = source.line_of(match.start())
                raise error(f"has a key of more than {MAX_DEPTH} parts; lien does not read such TOML", path=source.path, line=line)
