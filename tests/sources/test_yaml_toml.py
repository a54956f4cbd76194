"""YAML and TOML under limits, with the lines of what stands in them."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError, PolicyError
from lien.sources.source import Source
from lien.sources.toml_text import line_of_key, line_of_text, parse_toml
from lien.sources.tree import Tree
from lien.sources.yaml_text import parse_yaml

TREE = Tree(Path(__file__).parent)


def toml(text: str) -> Source:
    return Source(path="a.toml", data=text.encode(), tree=TREE)


# --- YAML -------------------------------------------------------------------------------------------

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{b}: &{b} {{<<: [{', '.join([f'*{a}'] * 10)}]}}\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
TOO_MUCH = "has more than 200000 values or 200 levels; lien does not read such YAML"
DEEP = "is nested more than 200 levels deep; lien does not read such YAML"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: [\n", 3, "is not YAML: did not find expected node content; mend the file or leave it out"),
        ("a: 1\nb: c: d\n", 3, "is not YAML: mapping values are not allowed in this context; mend the file or leave it out"),
        ("a: 1\n---\nb: 2\n", 3, "is not YAML: but found another document; mend the file or leave it out"),
        ("a: *b\n", 2, "is not YAML: found undefined alias; mend the file or leave it out"),
        ("\ta: 1\n", 2, "is not YAML: found character that cannot start any token; mend the file or leave it out"),
        (LAUGHS, 2, TOO_MUCH),
        (MERGES, 2, TOO_MUCH),
        ("a: &a [*a]\n", 2, TOO_MUCH),
        ("a: &a {b: *a}\n", 2, TOO_MUCH),
        ("[" * 100_000, 2, DEEP),
        ("{a: " * 100_000, 2, DEEP),
        ("- " * 100_000, 2, DEEP),
        ("? " * 100_000, 2, DEEP),
        ("".join(f"{' ' * depth}a:\n" for depth in range(2000)), 202, DEEP),
        ("&a [" * 5000, 2, DEEP),
        ("!!seq [" * 5000, 2, DEEP),
    ],
)
def test_what_is_no_yaml_or_too_much_of_it(text: str, line: int, message: str) -> None:
    start = time.monotonic()
    with pytest.raises(InputError) as raised:
        parse_yaml(text, path="README.md", first_line=2)
    assert str(raised.value) == f"README.md:{line}: {message}"
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['exit 7']",
        "!!python/name:os.system",
        "a: !!python/object:builtins.object {}",
        "a: !!int ''",
        "a: !!float x",
        "a: !!timestamp 2024-02-31",
        "a: 2024-02-31",
        "a: !!bool maybe",
        "a: " + "1" * 5000,
        "? [a]\n: b",
        "? {a: b}\n: c",
        "a: !!set {x, y}\n<<: 3",
        "a: \x07",
    ],
)
def test_no_tag_is_obeyed_and_no_conversion_escapes(text: str) -> None:
    with pytest.raises(InputError, match=r"^README\.md:\d+: is not YAML: "):
        parse_yaml(text, path="README.md")


def test_tags_of_programs() -> None:
    text = "a: !function x.y\nb: !reset {c: !env D}\ne: !override [f, !ref g]\nh: ! i\n"
    document = parse_yaml(text, path="README.md")
    assert document.value == {"a": None, "b": {"c": None}, "e": ["f", None], "h": "i"}
    assert document.line("e", 1) == 3


def test_a_document_of_the_size_of_a_large_card_is_read() -> None:
    text = "a:\n" + "".join(f"- {{name: n{number}, config: [x, y]}}\n" for number in range(5000))
    assert len(parse_yaml(text, path="README.md").value["a"]) == 5000


def test_of_two_equal_keys_the_last_wins_with_its_line() -> None:
    document = parse_yaml("a: 1\nb: 2\na: 3\n", path="README.md", first_line=10)
    assert (document.value, document.line("a"), document.line("b")) == ({"a": 3, "b": 2}, 12, 11)


def test_lines_of_keys_and_items() -> None:
    document = parse_yaml("# x\na:\n  - b\n  - c: 1\n    d:\n      e\nf: &x [1,\n 2]\ng: *x\n", path="README.md", first_line=5)
    places = {(): 6, ("a",): 6, ("a", 0): 7, ("a", 1): 8, ("a", 1, "c"): 8, ("a", 1, "d"): 9, ("f",): 11, ("f", 0): 11, ("f", 1): 12}
    assert {place: document.line(*place) for place in places} == places
    assert document.line("a", 1, "nothing", 7) == 8
    assert document.line("nothing") == 6


@pytest.mark.parametrize("text", ["", "# only a remark\n", "---\n", "null"])
def test_an_empty_document(text: str) -> None:
    assert parse_yaml(text, path="README.md").value is None


_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**9), 10**9),
        st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=6),
    ),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.text("abcdef", min_size=1, max_size=3), below, max_size=3)),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(_values, st.booleans(), st.integers(1, 30))
def test_values_are_those_of_the_safe_loader(value: Any, flow: bool, first: int) -> None:  # noqa: ANN401
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    document = parse_yaml(text, path="README.md", first_line=first)
    assert document.value == value
    if isinstance(value, dict) and not flow:
        lines = [document.line(key) for key in value]
        assert lines == sorted(line for line in lines if line)
        for key, line in zip(value, lines, strict=True):
            assert line is not None
            assert yaml.safe_load(text.split("\n")[line - first].partition(":")[0].removeprefix("? ")) in (key, yaml.safe_load(key))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!#|>'\" \n?,%@1", max_size=40))
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    refused: InputError | None = None
    try:
        parse_yaml(text, path="README.md", first_line=7)
    except InputError as error:
        refused = error
    if refused is not None:
        assert refused.path == "README.md"
        assert refused.line is not None
        assert 7 <= refused.line <= 8 + text.count("\n")


# --- TOML -------------------------------------------------------------------------------------------

DOTS = "a.toml:{}: has a key of more than 200 parts; lien does not read such TOML"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = \n", "a.toml:1: is not TOML: Invalid value (at line 1, column 5); mend the file or leave it out"),
        ("a = 1\n\na = 2\n", "a.toml:3: is not TOML: Cannot overwrite a value (at line 3, column 6); mend the file or leave it out"),
        ("a = " + "{a = " * 50_000, "a.toml: is nested too deeply, or holds a number too long to read"),
        ("a = " + "[" * 50_000, "a.toml: is nested too deeply, or holds a number too long to read"),
        ("a = " + "1" * 5000, "a.toml: is nested too deeply, or holds a number too long to read"),
        ("\n" + "a." * 50_000 + "b = 1", DOTS.format(2)),
        ("\n\n[" + "'a' . " * 50_000 + "b]", DOTS.format(3)),
        ("x = {" + '"a".' * 50_000 + "b = 1}", DOTS.format(1)),
    ],
)
def test_what_is_no_toml_or_too_much_of_it(text: str, message: str) -> None:
    start = time.monotonic()
    for error in (InputError, PolicyError):
        with pytest.raises(error) as raised:
            parse_toml(toml(text), error=error)
        assert str(raised.value) == message
    assert time.monotonic() - start < 5


def test_what_is_long_but_honest_is_read() -> None:
    assert parse_toml(toml("a = '" + "x." * 1000 + "'"))
    assert parse_toml(toml(".".join("a" * 200) + " = 1"))
    text = "a = [" + ", ".join(f'"name-{number}==1.2.3"' for number in range(20_000)) + "]"
    assert len(parse_toml(toml(text))["a"]) == 20_000
    assert parse_toml(toml(f"a = '{'x' * 1_000_000}'"))


@pytest.mark.parametrize(
    ("keys", "index", "line"),
    [
        (("project",), 0, 2),
        (("project", "name"), 0, 3),
        (("project", "license"), 0, 5),
        (("tool", "lien"), 0, 7),
        (("tool", "lien", "rule"), 0, 9),
        (("tool", "lien", "rule"), 1, 11),
        (("tool", "lien", "rule", "action"), 0, 10),
        (("tool", "lien", "rule", "action"), 1, 13),
        (("tool", "lien", "policy"), 0, 8),
        (("inline", "x"), 0, 1),
        (("nothing",), 0, None),
        (("nothing", "at-all"), 0, None),
    ],
)
def test_lines_of_keys_in_toml(keys: tuple[str, ...], index: int, line: int | None) -> None:
    text = (
        "inline = {x = 1}\n"
        "[project]\n"
        'name = "a"\n'
        '"version" = "1"\n'
        '"license" = "MIT"\n'
        "# [tool.lien]\n"
        "[tool . lien]\n"
        "policy = {}\n"
        "[[tool.lien.rule]]\n"
        'action = "x"\n'
        "[[ tool.lien.rule ]]\n"
        'reason = "action = 3"\n'
        "  action='y'\n"
    )
    tomllib.loads(text)
    assert line_of_key(toml(text), *keys, index=index) == line


def test_lines_of_dotted_keys() -> None:
    source = toml('a.b = 1\n"a" . c = 2\n[d]\ne.f = 3\n')
    assert [line_of_key(source, *keys) for keys in (("a", "b"), ("a", "c"), ("a",), ("d", "e"), ("a", "x"))] == [1, 2, 1, 4, 1]


def test_a_text_is_found_where_it_is_quoted() -> None:
    source = toml("# torch\na = [\n 'torch',\n \"flask\"]\n")
    assert (line_of_text(source, "torch"), line_of_text(source, "flask"), line_of_text(source, "lask")) == (3, 4, None)
    assert line_of_text(source, "torch", after=4) is None
    assert line_of_text(source, "torch", quoted=False) == 1
