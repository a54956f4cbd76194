"""What an expression of a Python file can be: the kinds of value, and the limits within which they are looked for."""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from lien.graph.fragments import Role
from lien.readers._python_module import Module

__all__ = [
    "MAX_CANDIDATES",
    "MAX_TEXT",
    "Constant",
    "Follow",
    "Function",
    "Instance",
    "Literal",
    "Made",
    "Options",
    "Place",
    "Reached",
    "Unknown",
    "Value",
    "passed",
    "plain",
    "unique",
    "weaker",
]

MAX_CANDIDATES: Final = 40
"""Values that one expression may have."""
MAX_TEXT: Final = 2_000

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Place(NamedTuple):
    """A line of a file."""

    path: str
    line: int


class Constant(NamedTuple):
    """A plain value; `place` is where it is written, `site` the call of another function that passed it, if one did."""

    value: object
    place: Place
    role: Role = Role.DEFAULT
    site: Place | None = None


class Literal(NamedTuple):
    """A dict, list, tuple or set as it is written."""

    node: ast.Dict | ast.List | ast.Tuple | ast.Set
    module: Module
    role: Role = Role.DEFAULT
    site: Place | None = None


class Instance(NamedTuple):
    """Something of a class of the tree (or the class itself); `call` is where it was made, if that is known."""

    owner: ast.ClassDef
    module: Module
    call: ast.Call | None = None
    role: Role = Role.DEFAULT
    site: Place | None = None


class Options(NamedTuple):
    """What a command line parser of a module returns."""

    module: Module
    role: Role = Role.DEFAULT
    site: Place | None = None


class Made(NamedTuple):
    """What a call of something outside the tree gave: its name, with `()`."""

    name: str
    call: ast.Call
    module: Module
    role: Role = Role.DEFAULT
    site: Place | None = None


class Reached(NamedTuple):
    """A name outside the tree, by its import path."""

    name: str
    role: Role = Role.DEFAULT
    site: Place | None = None


class Unknown(NamedTuple):
    """Something that cannot be followed."""

    node: ast.AST
    role: Role = Role.DEFAULT
    site: Place | None = None


Value = Constant | Literal | Instance | Options | Made | Reached | Unknown

Follow = Callable[[ast.AST, Module, int], list[Value]]
"""Every candidate of an expression of a module, looked for at some depth; the evaluator's walk, as its parts see it."""


def weaker(one: Role, other: Role) -> Role:
    """The first role that says more than that something is the default."""
    return other if one is Role.DEFAULT else one


def passed(values: Iterable[Value], through: Value) -> Iterator[Value]:
    """Values that were reached through another: with its role, and with the call that passed it."""
    for one in values:
        yield one._replace(role=weaker(one.role, through.role), site=one.site or through.site)


def unique(values: Iterable[Value]) -> list[Value]:
    found: dict[object, Value] = {}
    for one in values:
        key = (one.value, one.place, one.site) if isinstance(one, Constant) else id(one)
        known = found.get(key)
        if known is None or (known.role is not Role.DEFAULT and one.role is Role.DEFAULT):
            found[key] = one
    return list(found.values())


def plain(values: Iterable[Value]) -> list[object]:
    return [one.value if isinstance(one, Constant) else id(one) for one in values]
