"""JSON with places: parsing under limits, and the lines of JSON pointers on demand.

Readers keep pointers (RFC 6901), which cost nothing to make; a line is looked up when it is shown.
"""

import gc
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import accumulate
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.sources.source import Source

__all__ = ["Lines", "collector_at_rest", "lines_in", "lines_of_pointers", "parse_json", "parse_jsonc", "plain_json", "pointer"]

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)", re.DOTALL)
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*+"|//[^\n]*+|/\*.*?\*/', re.DOTALL)
_STRING_OR_LAST_COMMA = re.compile(r'"(?:[^"\\\n]|\\.)*+"|,(?=\s*+[}\]])')
_WS = r"[ \t\r\n]*+"
_SPACE = re.compile(_WS)
_COLON = re.compile(rf"{_WS}:{_WS}")
_COMMA = re.compile(rf"{_WS},?{_WS}")
_KEY = rf'(?:"([^"\\/~]*+)"{_WS}:{_WS})?+'
"""The next key of an object, if it is a plain one, up to its value."""

_PASSED = rf'(?:"[^"\\]*+"{_WS}:{_WS}"[^"\\]*+"{_WS},{_WS})*+'
"""Members that are strings: they hold nothing, and where none of them is wanted itself they are passed over at once."""

_NEXT_KEY = re.compile(rf"{_WS}[{{,]?{_WS}{_KEY}")
_NEXT_ABOVE = re.compile(rf"{_WS}[{{,]?{_WS}{_PASSED}{_KEY}")
_PLAIN_STRINGS = re.compile(rf'\[{_WS}(?:"[^"\\]*+"{_WS},?{_WS})++\]')
_SCAN: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # unknown to typeshed, public by name
"""(value, position behind it) of the value at a position: the C scanner under `json.loads`."""


def pointer(*parts: str | int) -> str:
    """A JSON pointer from its parts, escaped as RFC 6901 says.

    >>> pointer("components", 3, "a/b")
    '/components/3/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Building millions of objects that all stay alive is twice as fast without the collector.

    Afterwards they count as old: else the next object that anybody makes has all of them looked through.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():  # who has frozen objects of their own wants them to stay so
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def parse_json(source: Source) -> Any:  # noqa: ANN401  # JSON is any value; the reader checks it
    """The value of a JSON file. Raises InputError with the line if it is not JSON, or nested too deeply."""
    return _parsed(source.text, source)


def parse_jsonc(source: Source) -> Any:  # noqa: ANN401
    """The value of JSON with comments and commas behind the last item. Raises InputError as `parse_json` does."""
    return _parsed(plain_json(source.text), source)


def plain_json(text: str) -> str:
    """JSON with comments as JSON without: they, and commas behind the last item, are blanks, so that places stay the same."""
    text = _STRING_OR_COMMENT.sub(lambda found: found[0] if found[0][0] == '"' else re.sub(r"[^\n]", " ", found[0]), text)
    return _STRING_OR_LAST_COMMA.sub(lambda found: found[0] if found[0][0] == '"' else " ", text)


def _parsed(text: str, source: Source) -> Any:  # noqa: ANN401
    try:
        with collector_at_rest():
            return json.loads(_without_halves(text))
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


class Lines(NamedTuple):
    """Lines of one text, 1-based: by pointer where a value begins, and by the pointer of a list those of all its items."""

    of: dict[str, int]
    items: dict[str, list[int]]


def lines_of_pointers(text: str, pointers: Iterable[str]) -> dict[str, int]:
    """The 1-based line on which the value of each pointer begins; pointers to nothing, or into what is no JSON, are left out."""
    return lines_in(text, pointers, ()).of


def lines_in(text: str, pointers: Iterable[str], lists: Iterable[str]) -> Lines:
    """The lines of some pointers, as `lines_of_pointers`, and of all items of some lists, which are asked for by one pointer.

    One walk over the text for everything: values that nothing wanted is in are skipped by the C scanner.
    """
    walk = _Walk(text, pointers, lists)
    if walk.lines or walk.items:
        # A pointer may lead into the header of a binary file, which has no lines.
        with suppress(StopIteration, IndexError, ValueError):
            walk.whole()
    for one in [one for one, line in walk.lines.items() if not line]:
        del walk.lines[one]
    return Lines(walk.lines, walk.items)


class _Walk:
    """Goes through a text once, into what holds something wanted, and counts lines on the way.

    A report of a large BOM asks for hundreds of thousands of places. Making the pointer of each
    place and looking it up costs less than a tree of them, and a walk from front to back needs no
    sorting. Regular expressions take most keys and strings; what they do not match is the scanner's.
    """

    def __init__(self, text: str, wanted: Iterable[str], lists: Iterable[str]) -> None:
        self.lines = dict.fromkeys([one for one in wanted if one.startswith("/") or not one], 0)
        """The line of each place that is wanted, 0 until it is found."""
        self.items: dict[str, list[int]] = {one: [] for one in lists}
        """The lines of the items of each list that is wanted."""
        self._text = text
        self._line = 1
        self._counted = 0
        self._parents = {one[: one.rfind("/")] for one in self.lines if one}
        """Places with something wanted right in them."""
        self._above = self._parents | self.items.keys()
        """Places with something wanted in them, however deep."""
        for one in tuple(self._above):
            while one:
                one = one[: one.rfind("/")]  # noqa: PLW2901  # up to the first place that is known
                if one in self._above:
                    break
                self._above.add(one)

    def whole(self) -> None:
        """Look at the whole text."""
        position = self._skip(0)
        if "" in self.lines:
            self.lines[""] = self._line_at(position)
        if "" in self._above:
            self._within(position, "")

    def _skip(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        return match.end() if match else position

    def _line_at(self, position: int) -> int:
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def _within(self, position: int, place: str) -> int:
        """Record what is wanted inside of the value at a position, which has this pointer; return the position behind it."""
        first = self._text[position]
        if first == "{":
            return self._object(position, place)
        return self._array(position, place) if first == "[" else _SCAN(self._text, position)[1]

    def _object(self, position: int, place: str) -> int:
        text, lines, above = self._text, self.lines, self._above
        following = (_NEXT_KEY if place in self._parents else _NEXT_ABOVE).match
        while match := following(text, position):
            key, position = match[1], match.end()
            if key is None:
                if text[position] == "}":
                    break
                key, position = _SCAN(text, position)
                key = key.replace("~", "~0").replace("/", "~1")
                colon = _COLON.match(text, position)
                position = colon.end() if colon else position
            below = f"{place}/{key}"
            if below in lines:
                lines[below] = self._line_at(position)
            position = self._within(position, below) if below in above else _SCAN(text, position)[1]
        return position + 1

    def _array(self, position: int, place: str) -> int:
        text, lines, above = self._text, self.lines, self._above
        start, position = position, self._skip(position + 1)
        match = _PLAIN_STRINGS.match(text, start) if text[position] == '"' else None
        if match is not None:
            self._strings(match, place)
            return match.end()
        items = self.items.get(place)
        if items:
            items.clear()  # of an equal key before this one
        index = 0
        while text[position] != "]":
            below = f"{place}/{index}"
            index += 1
            if below in lines:
                lines[below] = self._line_at(position)
            if items is not None:
                items.append(self._line_at(position))
            position = self._within(position, below) if below in above else _SCAN(text, position)[1]
            comma = _COMMA.match(text, position)
            position = comma.end() if comma else position
        return position + 1

    def _strings(self, match: re.Match[str], place: str) -> None:
        """The places in an array of plain strings, such as `dependsOn`: between them stand only commas and lines."""
        pieces = match[0].split('"')
        first = self._line_at(match.start())
        found = list(accumulate([before.count("\n") for before in pieces[:-1:2]], initial=first))[1:]
        if place in self.items:
            self.items[place] = found
        if place in self._parents:
            for index, line in enumerate(found):
                below = f"{place}/{index}"
                if below in self.lines:
                    self.lines[below] = line
        self._line, self._counted = found[-1] + pieces[-1].count("\n"), match.end()
