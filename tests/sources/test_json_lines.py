"""Lines of JSON pointers against a reader written from RFC 8259 and RFC 6901 alone, on any JSON in any layout."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError
from lien.sources.json_text import lines_in, lines_of_pointers, parse_json, pointer
from lien.sources.source import Source
from lien.sources.tree import Tree

TREE = Tree(Path(__file__).parent)

_keys = st.one_of(st.sampled_from(["", "a", "b", "/", "~", "~1", "a/b", "0", "1", '"', "\\", "\n", "é", "{", "]"]), st.text(max_size=5))
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.sampled_from(["", "{", '"]', "\\", "\n\n", "a\u2028b"]),
    st.text(max_size=8),
)
_values = st.recursive(
    _scalars, lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(_keys, below, max_size=4)), max_leaves=20
)
_space = st.text(alphabet=" \t\r\n", max_size=3)


class _Writer:
    """Writes a value with chosen white space between any two tokens, and notes the line on which each value begins."""

    def __init__(self, spaces: Iterator[str], *, ascii_: bool) -> None:
        self.text = ""
        self.lines: dict[str, int] = {}
        self._spaces = spaces
        self._ascii = ascii_

    def put(self, token: str) -> None:
        self.text += next(self._spaces) + token + next(self._spaces)

    def write(self, value: Any, place: str = "") -> None:  # noqa: ANN401  # any JSON
        self.text += next(self._spaces)
        self.lines[place] = self.text.count("\n") + 1
        match value:
            case dict():
                self.put_all("{}", [(json.dumps(key, ensure_ascii=self._ascii), key, item) for key, item in value.items()], place)
            case list():
                self.put_all("[]", [(None, str(index), item) for index, item in enumerate(value)], place)
            case _:
                self.text += json.dumps(value, ensure_ascii=self._ascii) + next(self._spaces)

    def put_all(self, brackets: str, items: list[tuple[str | None, str, Any]], place: str) -> None:
        self.text += brackets[0] + next(self._spaces)
        for number, (key, step, item) in enumerate(items):
            if number:
                self.put(",")
            if key is not None:
                self.put(key)
                self.put(":")
            self.write(item, f"{place}/{step.replace('~', '~0').replace('/', '~1')}")
        self.put(brackets[1])


def walk(value: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401  # any JSON
    yield place
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from walk(item, place + pointer(step))


def lists_in(value: Any, place: str = "") -> Iterator[tuple[str, int]]:  # noqa: ANN401  # any JSON
    if isinstance(value, list):
        yield place, len(value)
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from lists_in(item, place + pointer(step))


def naive(text: str, value: Any) -> dict[str, int]:  # noqa: ANN401  # any JSON
    """Of text that `json.dumps(…, indent=…)` wrote: each value and each opening bracket begins a line, or follows its key."""
    writer = _Writer(iter(lambda: "", None), ascii_=False)
    writer.write(value)
    tokens = writer.text
    lines, line, at = {}, 1, 0
    # The compact text is the laid-out one without its white space outside strings: walk both at once.
    starts = _starts(value)
    for offset, character in enumerate(tokens):
        while text[at] != character:
            line += text[at] == "\n"
            at += 1
        for place in starts.get(offset, ()):
            lines[place] = line
        at += 1
    return lines


def _starts(value: Any) -> dict[int, list[str]]:  # noqa: ANN401  # any JSON
    found: dict[int, list[str]] = {}

    def visit(value: Any, place: str, offset: int) -> int:  # noqa: ANN401  # any JSON
        found.setdefault(offset, []).append(place)
        if isinstance(value, dict):
            offset += 1
            for number, (key, item) in enumerate(value.items()):
                offset += (number > 0) + len(json.dumps(key, ensure_ascii=False)) + 1
                offset = visit(item, place + pointer(key), offset)
            return offset + 1
        if isinstance(value, list):
            offset += 1
            for index, item in enumerate(value):
                offset = visit(item, place + pointer(index), offset + (index > 0))
            return offset + 1
        return offset + len(json.dumps(value, ensure_ascii=False))

    visit(value, "", 0)
    return found


@settings(max_examples=150, deadline=None)
@given(_values, st.lists(_space, min_size=1, max_size=7), st.booleans(), st.data())
def test_lines_in_any_layout(value: Any, spaces: list[str], ascii_: bool, data: st.DataObject) -> None:  # noqa: ANN401
    def forever() -> Iterator[str]:
        while True:
            yield from spaces

    writer = _Writer(forever(), ascii_=ascii_)
    writer.write(value)
    assert json.loads(writer.text) == value
    assert lines_of_pointers(writer.text, writer.lines) == writer.lines
    some = data.draw(st.sets(st.sampled_from(sorted(writer.lines))))
    assert lines_of_pointers(writer.text, some) == {one: writer.lines[one] for one in some}


@settings(max_examples=100, deadline=None)
@given(_values, st.lists(_space, min_size=1, max_size=7), st.booleans(), st.data())
def test_lines_of_the_items_of_lists(value: Any, spaces: list[str], ascii_: bool, data: st.DataObject) -> None:  # noqa: ANN401
    def forever() -> Iterator[str]:
        while True:
            yield from spaces

    writer = _Writer(forever(), ascii_=ascii_)
    writer.write(value)
    lengths = dict(lists_in(value))
    lists = data.draw(st.sets(st.sampled_from(sorted(lengths)))) if lengths else set()
    some = data.draw(st.sets(st.sampled_from(sorted(writer.lines))))
    found = lines_in(writer.text, some, lists)
    assert found.of == {one: writer.lines[one] for one in some}
    assert found.items == {one: [writer.lines[f"{one}/{index}"] for index in range(lengths[one])] for one in lists}


@settings(max_examples=60, deadline=None)
@given(_values, st.sampled_from([None, 0, 1, 2, 4, "\t"]))
def test_lines_in_the_layouts_of_json_tools(value: Any, indent: int | str | None) -> None:  # noqa: ANN401
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    expected = naive(text, value)
    assert set(expected) == set(walk(value))
    assert lines_of_pointers(text, walk(value)) == expected


@settings(max_examples=50, deadline=None)
@given(_values, st.lists(st.text(alphabet="/ab01~", max_size=6), max_size=5))
def test_pointers_to_nothing_are_left_out(value: Any, pointers: list[str]) -> None:  # noqa: ANN401
    text = json.dumps(value, indent=1)
    there = set(walk(value))
    assert set(lines_of_pointers(text, pointers)) == set(pointers) & there


@given(st.lists(st.one_of(st.text(max_size=5), st.integers(0, 9)), max_size=4))
def test_a_pointer_can_be_taken_apart_again(parts: list[str | int]) -> None:
    taken = [part.replace("~1", "/").replace("~0", "~") for part in pointer(*parts).split("/")[1:]]
    assert taken == [str(part) for part in parts]


def test_of_two_equal_keys_the_last_counts_as_in_the_value() -> None:
    text = '{"a": 1,\n "b": {"c": 1},\n "a": 2}'
    assert lines_of_pointers(text, ["/a", "/b/c"]) == {"/a": 3, "/b/c": 2}


# --- parsing under limits ---------------------------------------------------------------------------


def source(text: str | bytes) -> Source:
    return Source(path="bom.json", data=text.encode() if isinstance(text, str) else text, tree=TREE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "bom.json:1: is not JSON: Expecting value at column 1; mend the file or leave it out"),
        ('{"a": 1,\n "b" 2}', "bom.json:2: is not JSON: Expecting ':' delimiter at column 6; mend the file or leave it out"),
        ("[1]\n[2]", "bom.json:2: is not JSON: Extra data at column 1; mend the file or leave it out"),
        ('{"a": "\n"}', "bom.json:1: is not JSON: Invalid control character at at column 8; mend the file or leave it out"),
        ("[" * 100_000, "bom.json: is nested too deeply to read; mend the file or leave it out"),
        ('{"a":' * 100_000, "bom.json: is nested too deeply to read; mend the file or leave it out"),
        ("[" * 100_000 + "]" * 100_000, "bom.json: is nested too deeply to read; mend the file or leave it out"),
        ("1" * 5000, "bom.json: holds a number too long to read; mend the file or leave it out"),
        (b'{"a": 1,\n "b": "\xff"}', "bom.json:2: byte 16 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_what_is_no_json_is_said_with_its_line(text: str | bytes, message: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_json(source(text))
    assert str(raised.value) == message


def test_a_byte_order_mark_is_no_error() -> None:
    assert parse_json(source(b"\xef\xbb\xbf[1]")) == [1]


def test_deep_but_honest_nesting_is_read() -> None:
    assert parse_json(source("[" * 200 + "]" * 200)) is not None


@given(
    st.lists(st.sampled_from([r"\ud800", r"\uDFFF", r"\ud83d\ude00", r"\\ud800", r"\n", "a", r"\\", r"\"", r"\u00e9"]), max_size=8).map(
        "".join
    )
)
def test_half_a_surrogate_pair_is_replaced(inside: str) -> None:
    """Nothing downstream can store or show one; everything else is as JSON says."""
    text = f'["{inside}"]'
    (value,) = parse_json(source(text))
    plain = json.loads(text)[0]
    assert value == "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in plain)
    value.encode()
