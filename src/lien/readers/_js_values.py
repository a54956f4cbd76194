"""Values in JavaScript as far as text tells them: constants, defaults, templates, objects, and constants of sibling files.

Nothing is run. What cannot be followed is Lost, with the reason; what is followed keeps the place
where it is written. Every walk has a limit of steps, so that names that lead to themselves end.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from lien.readers._js_module import Module, module_at
from lien.readers._js_names import Imported, Node, name_of_function, string_of, text_of

__all__ = ["MAX_TEXTS", "Lost", "Place", "Text", "argument", "follow", "member", "texts"]

_MAX_STEPS: Final = 24
MAX_TEXTS: Final = 50
"""Values that one expression may have: a table of models has as many at most as people choose from."""

_MAX_NODES: Final = 400
"""Statements of a function that are looked through for what it returns."""

_FUNCTIONS = frozenset({"arrow_function", "function_expression", "function_declaration", "method_definition"})
_STATEMENTS = frozenset(
    {"statement_block", "if_statement", "else_clause", "try_statement", "catch_clause", "finally_clause", "switch_statement", "switch_body"}
    | {"switch_case", "switch_default", "for_statement", "for_in_statement", "while_statement"}
)
_WRAPPERS = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "await_expression", "sequence_expression"}
)
_ENVIRONMENTS = ("process.env", "import.meta.env", "Bun.env", "Deno.env", "env")


class Place(NamedTuple):
    """A node in its file."""

    node: Node
    module: Module

    @property
    def line(self) -> int:
        """1-based."""
        return self.node.start_point.row + 1


class Text(NamedTuple):
    """A text and where it is written; `is_choice` if it is one of several that a key chooses from at run time."""

    value: str
    place: Place
    is_choice: bool = False


class Lost(NamedTuple):
    """What could not be followed, and why."""

    reason: str
    place: Place


def follow(place: Place, steps: int = _MAX_STEPS) -> Place:
    """The node that an expression stands for: through names, properties, imports of the tree and type casts."""
    while steps > 0 and place.module.may_go_on():
        steps -= 1
        node, module = place
        further: Place | None = None
        if node.type in _WRAPPERS:
            further = (
                Place(node.named_children[-1 if node.type == "sequence_expression" else 0], module) if node.named_child_count else None
            )
        elif node.type == "type_assertion":
            further = Place(node.named_children[-1], module) if node.named_child_count else None
        elif node.type in {"identifier", "shorthand_property_identifier"}:
            further = _named(place, text_of(node), steps)
        elif node.type == "member_expression":
            further = _property_of(place, steps)
        elif node.type == "subscript_expression":
            further = _item_of(place, steps)
        elif node.type == "call_expression" and _function_name(node) in {"Object.freeze", "String", "defineConfig", "structuredClone"}:
            further = argument(place, 0)
        if further is None:
            return place
        place = further
    return place


def _function_name(node: Node) -> str:
    function = node.child_by_field_name("function")
    return text_of(function) if function is not None and function.end_byte - function.start_byte < 60 else ""


def _named(place: Place, name: str, steps: int) -> Place | None:
    binding = place.module.binding(name, place.node)
    if binding is not None:
        if binding.value is None:
            return None
        bound = Place(binding.value, place.module)
        if bound.node.id == place.node.id:
            return None
        return member(bound, binding.key, steps) if binding.key is not None else bound
    imported = place.module.imports.get(name)
    return _imported(place.module, imported, steps) if imported is not None else None


def _imported(module: Module, imported: Imported, steps: int) -> Place | None:
    target = module_at(module, imported.specifier)
    if target is None or steps <= 0:
        return None
    name = "default" if imported.name == "*" else imported.name
    return _exported(target, name, steps - 1)


def _exported(module: Module, name: str, steps: int) -> Place | None:
    """What a file exports under a name: itself, from another file, or as a key of what it exports as a whole."""
    if steps <= 0:
        return None
    found = module.exports.get(name)
    if isinstance(found, Imported):
        return _imported(module, found, steps)
    if found is not None:
        return Place(found, module)
    binding = module.binding(name, module.root)
    if binding is not None and binding.value is not None:
        bound = Place(binding.value, module)
        return member(bound, binding.key, steps) if binding.key is not None else bound
    for key, passed_on in module.exports.items():
        if key.startswith("*") and isinstance(passed_on, Imported):
            target = module_at(module, passed_on.specifier)
            place = _exported(target, name, steps - 1) if target is not None else None
            if place is not None:
                return place
    whole = module.exports.get("default")
    if whole is not None and not isinstance(whole, Imported) and name != "default":
        return member(Place(whole, module), name, steps - 1)
    return None


def _property_of(place: Place, steps: int) -> Place | None:
    node, module = place
    whole, key = node.child_by_field_name("object"), node.child_by_field_name("property")
    if whole is None or key is None:
        return None
    name = text_of(key)
    if whole.type == "this":
        binding = module.binding(f"this.{name}", node)
        return Place(binding.value, module) if binding is not None and binding.value is not None else None
    imported = module.imports.get(text_of(whole)) if whole.type == "identifier" else None
    if imported is not None and imported.name == "*" and module.binding(text_of(whole), node) is None:
        target = module_at(module, imported.specifier)
        return _exported(target, name, steps) if target is not None else None
    return member(Place(whole, module), name, steps)


def _item_of(place: Place, steps: int) -> Place | None:
    whole, index = place.node.child_by_field_name("object"), place.node.child_by_field_name("index")
    if whole is None or index is None:
        return None
    at = follow(Place(index, place.module), steps - 1).node
    if at.type == "string":
        return member(Place(whole, place.module), string_of(at), steps)
    if at.type == "number" and text_of(at).isdigit():
        items = follow(Place(whole, place.module), steps - 1)
        number = int(text_of(at)) if len(text_of(at)) < 6 else MAX_TEXTS
        children = items.node.named_children if items.node.type == "array" else []
        return Place(children[number], items.module) if number < len(children) else None
    return None


def member(place: Place, name: str, steps: int = _MAX_STEPS) -> Place | None:
    """The value of a key of an object literal, enumeration or class; None if it has none, or is no such thing."""
    if steps <= 0:
        return None
    whole = follow(place, steps - 1)
    if whole.node.type not in {"object", "enum_body", "class_body"}:
        return None
    # What is written last wins, and a spread stands for all that it holds.
    for one in reversed(whole.node.named_children):
        if not whole.module.may_go_on():
            return None
        match one.type:
            case "pair" | "enum_assignment" | "public_field_definition":
                key = one.child_by_field_name("key") or one.child_by_field_name("name")
                value = one.child_by_field_name("value")
                if key is not None and value is not None and _key(key) == name:
                    return Place(value, whole.module)
            case "shorthand_property_identifier" if text_of(one) == name:
                return Place(one, whole.module)
            case "spread_element" if one.named_child_count:
                found = member(Place(one.named_children[0], whole.module), name, steps // 2)
                if found is not None:
                    return found
            case _:
                pass
    return None


def _key(node: Node) -> str:
    return string_of(node) if node.type == "string" else text_of(node)


def argument(place: Place, position: int) -> Place | None:
    """The argument of a call or `new` at a position."""
    arguments = place.node.child_by_field_name("arguments")
    given = [one for one in arguments.named_children if one.type != "comment"] if arguments is not None else []
    return Place(given[position], place.module) if position < len(given) else None


def texts(place: Place, steps: int = _MAX_STEPS) -> list[Text | Lost]:
    """The texts that an expression may have: the one it is, both branches of a condition, or the default of what is not known."""
    if steps <= 0:
        return [Lost("is computed in too many steps to follow", place)]
    end = follow(place, steps)
    node, module = end
    match node.type:
        case "string":
            return [Text(string_of(node), end)]
        case "template_string":
            return _joined(end, list(_template_parts(node, module)), steps)
        case "binary_expression":
            return _binary(end, steps)
        case "ternary_expression":
            branches = [node.child_by_field_name(name) for name in ("consequence", "alternative")]
            found = [one for branch in branches if branch is not None for one in texts(Place(branch, module), steps // 2)]
            told = [one for one in found if isinstance(one, Text)]
            return list((told or found)[:MAX_TEXTS])
        case "subscript_expression":
            return _chosen(end, steps)
        case other:
            return _ELSEWHERE.get(other, _nothing)(end, steps) or [Lost(_reason(end), end)]


def _nothing(_place: Place, _steps: int) -> list[Text | Lost]:
    return []


def _given(place: Place, steps: int) -> list[Text | Lost]:
    """What the calls in the same file give for a parameter; nothing if none of them tells."""
    binding = place.module.binding(text_of(place.node), place.node)
    name = name_of_function(binding.function) if binding is not None and binding.function is not None else None
    if binding is None or name is None or binding.value is not None:
        return []
    found: list[Text | Lost] = []
    for call in place.module.calls.get(name, ())[:MAX_TEXTS]:
        given = argument(Place(call, place.module), binding.position)
        if given is not None and binding.key is not None:
            given = member(given, binding.key, steps // 2)
        if given is not None:
            found.extend(one for one in texts(given, steps // 2) if isinstance(one, Text))
    return found[:MAX_TEXTS]


def _template_parts(node: Node, module: Module) -> Iterator[str | Place]:
    for one in node.named_children:
        if one.type == "string_fragment":
            yield text_of(one)
        elif one.type == "template_substitution" and one.named_child_count:
            yield Place(one.named_children[0], module)


def _joined(place: Place, parts: list[str | Place], steps: int) -> list[Text | Lost]:
    """One text of several parts; each has to be known, and to be one."""
    whole = ""
    for part in parts:
        if isinstance(part, str):
            whole += part
            continue
        found = texts(part, steps // 2)
        if len(found) != 1 or isinstance(found[0], Lost):
            return [next((one for one in found if isinstance(one, Lost)), Lost("has a part with several values", place))]
        whole += found[0].value
        if len(whole) > 10_000:
            return [Lost("is a text too long for a name", place)]
    return [Text(whole, place)]


def _binary(place: Place, steps: int) -> list[Text | Lost]:
    left, right = place.node.child_by_field_name("left"), place.node.child_by_field_name("right")
    operator = place.node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return [Lost(_reason(place), place)]
    if operator.type == "+":
        return _joined(place, [Place(left, place.module), Place(right, place.module)], steps)
    if operator.type not in {"??", "||"}:
        return [Lost(_reason(place), place)]
    first = texts(Place(left, place.module), steps // 2)
    if all(isinstance(one, Text) and one.value for one in first):
        return first
    second = texts(Place(right, place.module), steps // 2)
    return second if any(isinstance(one, Text) for one in second) else first


def _chosen(place: Place, steps: int) -> list[Text | Lost]:
    """`MODELS[key]`: any of the texts of the table, which a key chooses from at run time."""
    whole = place.node.child_by_field_name("object")
    table = follow(Place(whole, place.module), steps // 2) if whole is not None else place
    if table.node.type not in {"object", "array"}:
        return [Lost(_reason(place), place)]
    values = [one.child_by_field_name("value") or one for one in table.node.named_children[:MAX_TEXTS]]
    found = [one for value in values for one in texts(Place(value, table.module), steps // 2)]
    told: list[Text | Lost] = [one._replace(is_choice=True) for one in found if isinstance(one, Text)]
    return told[:MAX_TEXTS] or [Lost(_reason(place), place)]


def _of_each(place: Place, steps: int) -> list[Text | Lost]:
    """`TASKS[key].model`: the model of any entry of the table, which a key chooses from at run time."""
    whole, key = place.node.child_by_field_name("object"), place.node.child_by_field_name("property")
    if whole is None or key is None or whole.type != "subscript_expression":
        return []
    table = whole.child_by_field_name("object")
    entries = follow(Place(table, place.module), steps // 2) if table is not None else place
    if entries.node.type not in {"object", "array"}:
        return []
    found: list[Text | Lost] = []
    for one in entries.node.named_children[:MAX_TEXTS]:
        value = member(Place(one.child_by_field_name("value") or one, entries.module), text_of(key), steps // 2)
        if value is not None:
            found.extend(text._replace(is_choice=True) for text in texts(value, steps // 2) if isinstance(text, Text))
    return found[:MAX_TEXTS]


def _returned(place: Place, steps: int) -> list[Text | Lost]:
    """What a function or method of the same file returns. The last of several is what is left when no condition holds."""
    function = place.node.child_by_field_name("function")
    called = _function_at(function, place.module) if function is not None else None
    if called is None:
        return []
    found: list[Text] = []
    for value in _results(called):
        found.extend(one for one in texts(Place(value, place.module), steps // 2) if isinstance(one, Text))
    last = found[-1].value if found else ""
    return [one if one.value == last else one._replace(is_choice=True) for one in found[:MAX_TEXTS]]


def _function_at(function: Node, module: Module) -> Node | None:
    if function.type == "identifier":
        binding = module.binding(text_of(function), function)
        if binding is None:
            return module.functions.get(text_of(function))
        return binding.value if binding.value is not None and binding.value.type in _FUNCTIONS else None
    whole, name = function.child_by_field_name("object"), function.child_by_field_name("property")
    if function.type == "member_expression" and whole is not None and name is not None and whole.type == "this":
        return module.functions.get(f"this.{text_of(name)}")
    return None


def _results(function: Node) -> Iterator[Node]:
    """The values that a function returns, in file order; those of functions inside it are not its own."""
    body = function.child_by_field_name("body")
    if body is not None and body.type != "statement_block":
        yield body
        return
    pending = list(reversed(body.named_children)) if body is not None else []
    for _ in range(_MAX_NODES):
        if not pending:
            return
        node = pending.pop()
        if node.type == "return_statement":
            yield from node.named_children[:1]
        elif node.type in _STATEMENTS:
            pending.extend(reversed(node.named_children))


def _reason(place: Place) -> str:
    node, module = place
    written = text_of(node) if node.end_byte - node.start_byte < 200 else ""
    owner, dot, name = written.rpartition(".")
    if dot and owner.rstrip("?") in _ENVIRONMENTS:
        return f"comes from the environment variable {name}, which has no default"
    if node.type in {"identifier", "shorthand_property_identifier"}:
        binding = module.binding(written, node)
        if binding is not None and binding.is_parameter:
            return "is a parameter that callers give"
        if written in module.imports:
            return "comes from a file or package that lien does not read"
    return "is computed when the program runs"


_ELSEWHERE: Final[Mapping[str, Callable[[Place, int], list[Text | Lost]]]] = {
    "member_expression": _of_each,
    "call_expression": _returned,
    "identifier": _given,
    "shorthand_property_identifier": _given,
}
"""What finds the texts that are written at another place, by the kind of expression that stands for them."""
