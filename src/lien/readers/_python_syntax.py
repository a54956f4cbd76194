"""Questions about the syntax of a Python module that need no values: where a name is bound, what a test singles out."""

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from lien.readers._python_module import Binding, Module

__all__ = [
    "argument_of",
    "as_dict",
    "assertions_about",
    "bindings_of",
    "chooses_above",
    "contains",
    "default_of",
    "has_parser",
    "is_certain",
    "is_main",
    "is_specific",
    "is_whole_choice",
    "is_wildcard",
    "leaves",
    "option_name",
    "position_of",
    "refutes",
    "same_block",
    "scopes",
    "spreads",
    "tests_about",
]

_MAX_LISTED: Final = 40
_MAX_BINDINGS: Final = 100
"""Bindings of one name in one scope that are looked at, the last of them."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def argument_of(call: ast.Call, keyword: str, position: int | None) -> ast.expr | None:
    """An argument of a call by its keyword, else by its position."""
    for one in call.keywords:
        if one.arg == keyword:
            return one.value
    if position is not None and position < len(call.args) and not any(isinstance(one, ast.Starred) for one in call.args[: position + 1]):
        return call.args[position]
    return None


def is_specific(test: ast.expr) -> bool:
    """Does a test single out one of several named things (`x == "openai"`, `x in (…)`, `x.startswith("gpt")`)?"""
    match test:
        case ast.Compare(ops=[ast.Eq()], comparators=[ast.Constant(value=str()) | ast.Attribute() | ast.Name()]):
            return True
        case ast.Compare(left=ast.Constant(value=str()), ops=[ast.In() | ast.Eq()]):
            return True
        case ast.Compare(ops=[ast.In()], comparators=[ast.List() | ast.Tuple() | ast.Set() | ast.Name()]):
            return True
        case ast.Call(func=ast.Attribute(attr="startswith" | "endswith")):
            return True
        case ast.BoolOp():
            return any(is_specific(part) for part in test.values)
        case _:
            pass
    return False


def scopes(node: ast.AST, module: Module) -> Iterator[ast.AST]:
    """The scopes in which a name is looked up, innermost first; a class's body is seen from itself alone."""
    scope = module.scope(node)
    is_first = True
    while True:
        if is_first or not isinstance(scope, ast.ClassDef):
            yield scope
        is_first = False
        if isinstance(scope, ast.Module):
            return
        scope = module.scope(scope)


def bindings_of(name: str, node: ast.AST, module: Module) -> list[Binding]:
    """The bindings of a name in the innermost scope around a node that has any."""
    for scope in scopes(node, module):
        found = module.bindings.get(scope, {}).get(name)
        if found:
            return found[-_MAX_BINDINGS:]
    return []


def contains(statement: ast.AST, node: ast.AST, module: Module) -> bool:
    """Does a statement contain a node: `x = f(x)` reads the earlier x."""
    current: ast.AST | None = node
    while current is not None and not isinstance(current, ast.stmt):
        current = module.parents.get(current)
    return current is statement and isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign))


def is_certain(statement: ast.AST, use: ast.AST, scope: ast.AST, module: Module) -> bool:
    """Does a binding happen on every way to a use: is what holds it also around the use?"""
    holder = module.parents.get(statement)
    if holder is scope:
        return True
    current: ast.AST | None = use
    while current is not None:
        parent = module.parents.get(current)
        if parent is holder and holder is not None:
            return same_block(statement, current, holder)
        current = parent
    return False


def same_block(one: ast.AST, other: ast.AST, holder: ast.AST) -> bool:
    return any(
        one in block and other in block for block in (getattr(holder, "body", []), getattr(holder, "orelse", [])) if isinstance(block, list)
    )


def has_parser(module: Module) -> bool:
    return "add_argument" in module.calls_named or "DEFINE_string" in module.calls_named


def option_name(call: ast.Call) -> str | None:
    """The attribute that an option is read by: `dest`, else the first long flag."""
    dest = argument_of(call, "dest", None)
    if isinstance(dest, ast.Constant) and isinstance(dest.value, str):
        return dest.value
    names = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    # click takes a bare name beside the flags.
    plain = [one for one in names if one.isidentifier()]
    long = [one for one in names if one.startswith("--")]
    name = next(iter([*plain, *long, *names]), None)
    return name.partition("/")[0].lstrip("-").replace("-", "_") if name else None


def default_of(function: Function, name: str) -> ast.expr | None:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    for argument, default in zip(reversed(positional), reversed(arguments.defaults), strict=False):
        if argument.arg == name:
            return default
    for argument, kw_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if argument.arg == name:
            return kw_default
    return None


def position_of(function: Function, name: str, module: Module) -> int | None:
    """Where callers pass a parameter, `self` not counted."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if name not in names:
        return None
    is_method = isinstance(module.scope(function), ast.ClassDef) and names[0] in {"self", "cls"}
    return names.index(name) - is_method


def spreads(call: ast.Call) -> bool:
    return any(one.arg is None for one in call.keywords) or any(isinstance(one, ast.Starred) for one in call.args)


def as_dict(call: ast.Call, module: Module) -> ast.Dict:
    """`dict(a=1)` as `{"a": 1}`."""
    keys: list[ast.expr | None] = [ast.copy_location(ast.Constant(one.arg), one.value) if one.arg else None for one in call.keywords]
    made = ast.copy_location(ast.Dict(keys, [one.value for one in call.keywords]), call)
    module.parents[made] = call
    return made


def chooses_above(node: ast.If, module: Module) -> bool:
    """Is this `elif` under a branch that singles something out by name?"""
    current: ast.AST = node
    while isinstance(parent := module.parents.get(current), ast.If) and current in parent.orelse:
        if is_specific(parent.test):
            return True
        current = parent
    return False


def leaves(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))


def is_whole_choice(node: ast.If) -> bool:
    """A chain by name whose branches all leave, with one for anything else among them."""
    current: ast.If | None = node
    is_by_name = is_open = False
    while current is not None:
        if not leaves(current.body):
            return False
        is_by_name = is_by_name or is_specific(current.test)
        is_open = is_open or not is_specific(current.test)
        rest = current.orelse
        if not rest:
            return is_by_name and is_open and node.orelse != []
        if len(rest) == 1 and isinstance(rest[0], ast.If):
            current = rest[0]
        else:
            return False
    return False


def is_wildcard(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def tests_about(node: ast.Name, module: Module) -> Iterator[tuple[ast.expr, bool]]:
    """Tests of the branches around a name that ask about it alone, and whether each holds there."""
    current: ast.AST = node
    while (parent := module.parents.get(current)) is not None and not isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
        if isinstance(parent, ast.If) and current is not parent.test:
            yield parent.test, current in parent.body
        current = parent


def refutes(test: ast.expr, *, holds: bool, name: str, value: object) -> bool:
    """Can a name not have this value where the test came out so?"""
    match test:
        case ast.Compare(left=ast.Name(id=asked), ops=[ast.Eq()], comparators=[ast.Constant(value=other)]) if asked == name:
            return (value == other) is not holds
        case ast.Compare(left=ast.Name(id=asked), ops=[ast.In()], comparators=[ast.List() | ast.Tuple() | ast.Set() as among]) if (
            asked == name
        ):
            known = [one.value for one in among.elts if isinstance(one, ast.Constant)]
            return len(known) == len(among.elts) and (value in known) is not holds
        case ast.Call(func=ast.Attribute(value=ast.Name(id=asked), attr="startswith"), args=[ast.Constant(value=str() as start)]) if (
            asked == name
        ):
            return isinstance(value, str) and value.startswith(start) is not holds
        case _:
            pass
    return False


def assertions_about(node: ast.Name, module: Module) -> list[ast.expr]:
    """What `assert name in (…)` in the same function lists."""
    function = module.function(node)
    for statement in function.body if function is not None else ():
        match statement:
            case ast.Assert(
                test=ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[ast.List() | ast.Tuple() | ast.Set() as among])
            ) if name == node.id:
                return among.elts[:_MAX_LISTED]
    return []
