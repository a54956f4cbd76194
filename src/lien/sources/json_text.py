"""JSON with places: parsing under limits, and the lines of JSON pointers on demand.

Readers keep pointers (RFC 6901), which cost nothing to make; a line is looked up when it is shown.
"""

import gc
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from lien.errors import InputError
from lien.sources.source import Source

__all__ = ["collector_at_rest", "lines_of_pointers", "parse_json", "pointer"]

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)", re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")
_SCAN: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # unknown to typeshed, public by name
"""(value, position behind it) of the value at a position: the C scanner under `json.loads`."""


_HERE = object()
"""Marks in a tree of wanted steps that a pointer ends; no key of JSON, not even the empty one."""


def pointer(*parts: str | int) -> str:
    """A JSON pointer from its parts, escaped as RFC 6901 says.

    >>> pointer("components", 3, "a/b")
    '/components/3/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Building millions of objects that all stay alive is twice as fast without the collector."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def parse_json(source: Source) -> Any:  # noqa: ANN401  # JSON is any value; the reader checks it
    """The value of a JSON file. Raises InputError with the line if it is not JSON, or nested too deeply."""
    try:
        with collector_at_rest():
            return json.loads(_without_halves(source.text))
    except json.JSONDecodeError as error:
        raise InputError(
            f"is not JSON: {error.msg} at column {error.colno}; mend the file or leave it out", path=source.path, line=error.lineno
        ) from error
    except ValueError as error:
        raise InputError("holds a number too long to read; mend the file or leave it out", path=source.path) from error
    except RecursionError as error:
        raise InputError("is nested too deeply to read; mend the file or leave it out", path=source.path) from error


def _without_halves(text: str) -> str:
    """The text with half surrogate pairs, which nothing can store or show, as U+FFFD; places stay the same."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _ESCAPE.sub(lambda match: "\\ufffd" if match[1] else match[0], text)


def lines_of_pointers(text: str, pointers: Iterable[str]) -> dict[str, int]:
    """The 1-based line on which the value of each pointer begins; pointers to nothing are left out.

    One walk over the text for all pointers: values that no pointer enters are skipped by the C scanner.
    """
    wanted: dict[object, Any] = {}
    for one in pointers:
        if one and not one.startswith("/"):
            continue
        node = wanted
        parts = one.split("/")
        del parts[0]
        if "~" in one:
            parts = [part.replace("~1", "/").replace("~0", "~") for part in parts]
        for part in parts:
            below = node.get(part)
            if below is None:
                node[part] = below = {}
            node = below
        node[_HERE] = one
    found: list[tuple[int, str]] = []
    if wanted:
        _walk(text, _skip(text, 0), wanted, found)
    return _lines(text, sorted(found))


def _lines(text: str, offsets: list[tuple[int, str]]) -> dict[str, int]:
    lines: dict[str, int] = {}
    line, position = 1, 0
    for offset, name in offsets:
        line += text.count("\n", position, offset)
        position = offset
        lines[name] = line
    return lines


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _walk(text: str, position: int, wanted: dict[object, Any], found: list[tuple[int, str]]) -> int:
    """Record wanted places of the value at `position`; return the position behind the value."""
    if _HERE in wanted:
        found.append((position, wanted[_HERE]))
        if len(wanted) == 1:
            return _SCAN(text, position)[1]
    opening = text[position]
    if opening == "{":
        return _walk_object(text, position, wanted, found)
    if opening == "[":
        return _walk_array(text, position, wanted, found)
    return _SCAN(text, position)[1]


def _walk_object(text: str, position: int, wanted: dict[object, Any], found: list[tuple[int, str]]) -> int:
    position = _skip(text, position + 1)
    while text[position] != "}":
        key, position = _SCAN(text, position)
        match = _COLON.match(text, position)
        position = match.end() if match else position
        below = wanted.get(key)
        position = _SCAN(text, position)[1] if below is None else _walk(text, position, below, found)
        match = _COMMA.match(text, position)
        position = match.end() if match else position
    return position + 1


def _walk_array(text: str, position: int, wanted: dict[object, Any], found: list[tuple[int, str]]) -> int:
    position = _skip(text, position + 1)
    index = 0
    while text[position] != "]":
        below = wanted.get(str(index))
        index += 1
        if below is None:
            position = _SCAN(text, position)[1]
        elif len(below) == 1 and _HERE in below:
            found.append((position, below[_HERE]))
            position = _SCAN(text, position)[1]
        else:
            position = _walk(text, position, below, found)
        match = _COMMA.match(text, position)
        position = match.end() if match else position
    return position + 1
