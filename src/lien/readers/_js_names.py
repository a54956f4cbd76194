"""Names in JavaScript: what imports, declarations, parameters, assignments and exports bind to what."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

__all__ = [
    "EVERYWHERE",
    "Binding",
    "Imported",
    "Node",
    "Point",
    "bound_names",
    "export_names",
    "import_names",
    "name_of_function",
    "required",
    "required_names",
    "string_of",
    "text_of",
]

EVERYWHERE: Final = 1 << 60
"""The end of the scope of a name at the top of a file."""

_SCOPES = frozenset(
    {
        "program",
        "statement_block",
        "class_body",
        "function_declaration",
        "function_expression",
        "generator_function_declaration",
        "arrow_function",
        "method_definition",
        "for_statement",
        "for_in_statement",
        "catch_clause",
        "switch_body",
    }
)


class Point(Protocol):
    """A position; rows begin with 0."""

    @property
    def row(self) -> int: ...


class Node(Protocol):
    """What is used of a node of tree-sitter's trees."""

    @property
    def id(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def text(self) -> bytes | None: ...
    @property
    def start_byte(self) -> int: ...
    @property
    def end_byte(self) -> int: ...
    @property
    def start_point(self) -> Point: ...
    @property
    def parent(self) -> "Node | None": ...
    @property
    def children(self) -> "list[Node]": ...
    @property
    def named_children(self) -> "list[Node]": ...
    @property
    def named_child_count(self) -> int: ...
    def child_by_field_name(self, name: str, /) -> "Node | None": ...


class Imported(NamedTuple):
    """Where a name comes from: the specifier as written, and the exported name (`default`, `*` for all of it)."""

    specifier: str
    name: str


class Binding(NamedTuple):
    """One place that gives a name a value. `scope` is the range of bytes in which it holds.

    `key` takes a property of the value (`const {a} = b`). A `parameter` has its default as value, or none, and
    the name of its type, and the function that it is a parameter of, with its position there.
    """

    value: Node | None
    start: int
    end: int
    key: str | None = None
    is_parameter: bool = False
    type_name: str | None = None
    function: Node | None = None
    position: int = 0


def text_of(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode("utf-8", "replace")


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def string_of(node: Node) -> str:
    """The value of a string literal, or of a template without substitutions."""
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[1]), text_of(node)[1:-1])


def import_names(node: Node, specifier: str) -> Iterator[tuple[str, Imported]]:
    clause = next((one for one in node.named_children if one.type == "import_clause"), None)
    for part in clause.named_children if clause is not None else ():
        if part.type == "identifier":
            yield text_of(part), Imported(specifier, "default")
        elif part.type == "namespace_import" and part.named_child_count:
            yield text_of(part.named_children[-1]), Imported(specifier, "*")
        elif part.type == "named_imports":
            for one in part.named_children:
                name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                if name is not None:
                    yield text_of(alias or name), Imported(specifier, text_of(name).strip("\"'"))


def required(value: Node | None) -> str | None:
    """The specifier of `require("x")` or `await import("x")`, `require("x").default` too."""
    while value is not None and value.type in {"await_expression", "parenthesized_expression"}:
        value = value.named_children[0] if value.named_child_count else None
    if value is None or value.type != "call_expression":
        return None
    function, arguments = value.child_by_field_name("function"), value.child_by_field_name("arguments")
    if function is None or arguments is None or text_of(function) not in {"require", "import"} or not arguments.named_child_count:
        return None
    first = arguments.named_children[0]
    return string_of(first) if first.type == "string" else None


def required_names(name: Node, specifier: str) -> Iterator[tuple[str, Imported]]:
    if name.type == "identifier":
        yield text_of(name), Imported(specifier, "*")
        return
    for one in name.named_children if name.type == "object_pattern" else ():
        if one.type == "shorthand_property_identifier_pattern":
            yield text_of(one), Imported(specifier, text_of(one))
        elif one.type == "pair_pattern":
            key, value = one.child_by_field_name("key"), one.child_by_field_name("value")
            if key is not None and value is not None and value.type == "identifier":
                yield text_of(value), Imported(specifier, text_of(key))


def bound_names(node: Node) -> Iterator[tuple[str, Binding]]:
    """The names that a node gives values, with the scope in which they hold."""
    match node.type:
        case "variable_declarator":
            yield from _declared(node)
        case "object_assignment_pattern" | "assignment_pattern":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None:
                yield text_of(left), Binding(right, *_scope(node), is_parameter=True)
        case "required_parameter" | "optional_parameter":
            yield from _parameter(node)
        case "public_field_definition":
            name = node.child_by_field_name("name")
            if name is not None:
                start, end = _scope(node)
                yield f"this.{text_of(name)}", Binding(node.child_by_field_name("value"), start, end, type_name=_type_name(node))
        case "assignment_expression":
            yield from _assigned(node)
        case "enum_declaration":
            name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
            if name is not None:
                yield text_of(name), Binding(body, *_scope(node))
        case "arrow_function":
            name = node.child_by_field_name("parameter")
            if name is not None:
                yield text_of(name), Binding(None, node.start_byte, node.end_byte, is_parameter=True, function=node)
        case "class_declaration":
            name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
            if name is not None:
                yield text_of(name), Binding(body, *_scope(node))
        case _:
            pass


def _parameter(node: Node) -> Iterator[tuple[str, Binding]]:
    pattern, listed = node.child_by_field_name("pattern"), node.parent
    function = listed.parent if listed is not None else None
    before = listed.named_children if listed is not None else []
    position = next((number for number, one in enumerate(before) if one.id == node.id), 0)
    if pattern is not None and pattern.type == "identifier":
        value = node.child_by_field_name("value")
        bound = Binding(value, *_scope(node), is_parameter=True, type_name=_type_name(node), function=function, position=position)
        yield text_of(pattern), bound
        if any(one.type == "accessibility_modifier" for one in node.children):  # `constructor(private client: OpenAI)`
            yield f"this.{text_of(pattern)}", bound._replace(start=0, end=EVERYWHERE)
    elif pattern is not None and pattern.type == "object_pattern":
        for name, bound in _destructured(pattern, None, *_scope(node), is_parameter=True):
            yield name, bound._replace(function=function, position=position)


def _assigned(node: Node) -> Iterator[tuple[str, Binding]]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return
    target = text_of(left)
    if left.type == "member_expression" and target.startswith("this.") and target.count(".") == 1:
        yield target, Binding(right, *_class_scope(node))
    elif left.type == "identifier":
        # `let client; … client = new OpenAI()`: it holds wherever the name does, which nobody has looked up.
        yield target, Binding(right, 0, EVERYWHERE)


def _declared(node: Node) -> Iterator[tuple[str, Binding]]:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or value is None:
        return
    start, end = _scope(node)
    if name.type == "identifier":
        yield text_of(name), Binding(value, start, end, type_name=_type_name(node))
    elif name.type == "object_pattern":
        yield from _destructured(name, value, start, end, is_parameter=False)


def _destructured(pattern: Node, value: Node | None, start: int, end: int, *, is_parameter: bool) -> Iterator[tuple[str, Binding]]:
    for one in pattern.named_children:
        if one.type == "shorthand_property_identifier_pattern":
            yield text_of(one), Binding(value, start, end, key=text_of(one), is_parameter=is_parameter)
        elif one.type == "pair_pattern":
            key, target = one.child_by_field_name("key"), one.child_by_field_name("value")
            if key is not None and target is not None and target.type == "identifier":
                yield text_of(target), Binding(value, start, end, key=text_of(key), is_parameter=is_parameter)


def name_of_function(function: Node) -> str | None:
    """The name by which a function is called: its own, that of the constant that holds it, or of a constructor its class's."""
    match function.type:
        case "function_declaration" | "generator_function_declaration":
            name = function.child_by_field_name("name")
        case "arrow_function" | "function_expression":
            holder = function.parent
            name = holder.child_by_field_name("name") if holder is not None and holder.type == "variable_declarator" else None
        case "method_definition":
            own, body = function.child_by_field_name("name"), function.parent
            holder = body.parent if body is not None and own is not None and text_of(own) == "constructor" else None
            name = holder.child_by_field_name("name") if holder is not None else None
        case _:
            name = None
    return text_of(name) if name is not None else None


def _type_name(node: Node) -> str | None:
    annotation = node.child_by_field_name("type")
    if annotation is None:
        return None
    named = annotation.named_children[0] if annotation.named_child_count else None
    return text_of(named) if named is not None and named.type in {"type_identifier", "nested_type_identifier"} else None


def _scope(node: Node) -> tuple[int, int]:
    parent = node.parent
    while parent is not None and parent.type not in _SCOPES:
        parent = parent.parent
    return (parent.start_byte, parent.end_byte) if parent is not None and parent.type != "program" else (0, EVERYWHERE)


def _class_scope(node: Node) -> tuple[int, int]:
    parent = node.parent
    while parent is not None and parent.type != "class_body":
        parent = parent.parent
    return (parent.start_byte, parent.end_byte) if parent is not None else (0, EVERYWHERE)


def export_names(node: Node, number: int) -> Iterator[tuple[str, Node | Imported]]:
    source, value = node.child_by_field_name("source"), node.child_by_field_name("value")
    specifier = string_of(source) if source is not None else None
    clause = next((one for one in node.named_children if one.type == "export_clause"), None)
    if value is not None:
        yield "default", value
    elif clause is not None:
        for one in clause.named_children:
            name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
            if name is not None:
                yield text_of(alias or name), Imported(specifier, text_of(name)) if specifier is not None else name
    elif specifier is not None:
        yield f"*{number}", Imported(specifier, "*")
