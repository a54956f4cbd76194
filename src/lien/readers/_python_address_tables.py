"""Tables of addresses by name in a Python module: dicts, `dict(…)`, assignments one by one, and tables of such tables.

What is picked of a table is for others to say; here stands only which table an address belongs to.
"""

import ast
from functools import cached_property
from typing import Final, NamedTuple

from lien.readers._python_module import Module, last_name

__all__ = ["STRUCTURE", "AddressTables", "InTable", "leading_text"]

_MAX_AROUND: Final = 3
"""Lists and calls that may stand around an address in a table."""
_MAX_ITEMS: Final = 5
STRUCTURE = frozenset(
    {"hashes", "sources", "files", "models", "model", "checkpoints", "checkpoint", "downloads", "urls", "url", "path", "paths", "weights"}
)
"""Keys that say what stands below them, and name no model."""


class InTable(NamedTuple):
    """The table in which an address stands, its own name there, and the names of all its addresses."""

    table: ast.AST
    name: str
    names: list[str]


class AddressTables:
    """The tables of one module; each is looked through once."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._entries: dict[ast.AST, dict[ast.AST, str]] = {}

    def around(self, node: ast.AST) -> InTable | None:
        """The table of several addresses around one of them; None where it stands alone, or where all entries are gone through."""
        place = self._place(node)
        if place is None or place.name in STRUCTURE or (isinstance(place.table, ast.Dict) and self._is_walked(place.table)):
            return None
        if len(place.names) > 1:
            return place
        around = self._named(place.table)
        return around if around is not None and len(around.names) > 1 else None

    def _place(self, node: ast.AST) -> InTable | None:
        current, parent = node, self._module.parents.get(node)
        for _ in range(_MAX_AROUND):
            match parent:
                case ast.Dict():
                    return self._in(parent, current)
                case ast.keyword() if _called(self._module.parents.get(parent)) == "dict":
                    return self._in(self._module.parents[parent], current)
                case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=variable), slice=ast.Constant(value=str() as name))]):
                    return InTable(parent, name, self._assigned.get(variable, []))
                case ast.List() | ast.Tuple() | ast.Call():
                    current, parent = parent, self._module.parents.get(parent)
                case _:
                    return None
        return None

    def _in(self, table: ast.AST, value: ast.AST) -> InTable | None:
        if table not in self._entries:
            found: dict[ast.AST, str] = {}
            if isinstance(table, ast.Dict):
                found = {
                    value: str(key.value) for key, value in zip(table.keys, table.values, strict=True) if isinstance(key, ast.Constant)
                }
            elif isinstance(table, ast.Call):
                found = {one.value: one.arg for one in table.keywords if one.arg is not None}
            self._entries[table] = {one: name for one, name in found.items() if _holds_address(one)}
        entries = self._entries[table]
        return InTable(table, entries[value], list(entries.values())) if value in entries else None

    def _named(self, table: ast.AST) -> InTable | None:
        """The table whose entries are names, if one of them is that of this table."""
        match self._module.parents.get(table):
            case ast.Assign(targets=[ast.Name(id=variable)]):
                return self._by_variable.get(variable)
            case _:
                return None

    @cached_property
    def _by_variable(self) -> dict[str, InTable]:
        """Tables whose entries are variables, by these."""
        found: dict[str, InTable] = {}
        for table in self._module.dicts:
            named = {
                value.id: str(key.value)
                for key, value in zip(table.keys, table.values, strict=True)
                if isinstance(value, ast.Name) and isinstance(key, ast.Constant)
            }
            names = list(named.values())
            for variable, name in named.items():
                found.setdefault(variable, InTable(table, name, names))
        return found

    @cached_property
    def _assigned(self) -> dict[str, list[str]]:
        """By variable, the names under which addresses are put into it one by one."""
        found: dict[str, list[str]] = {}
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=variable), slice=ast.Constant(value=str() as name))]):
                    if _holds_address(node.value):
                        found.setdefault(variable, []).append(name)
                case _:
                    pass
        return found

    def _is_walked(self, table: ast.Dict) -> bool:
        """Is every entry of a dict gone through (`for name, url in table.items()`)?"""
        holder = self._module.parents.get(table)
        names = [one.id for one in getattr(holder, "targets", []) if isinstance(one, ast.Name)]
        for call in (*self._module.calls_named.get("items", ()), *self._module.calls_named.get("values", ())):
            if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id in names:
                return True
        return False


def _holds_address(value: ast.AST) -> bool:
    """Is a value an address, or a list or call with one in it?"""
    match value:
        case ast.Constant(value=str() as text):
            return "://" in text
        case ast.JoinedStr():
            return "://" in leading_text(value)
        case ast.List() | ast.Tuple():
            return any(_holds_address(one) for one in value.elts[:_MAX_ITEMS])
        case ast.Call():
            return any(_holds_address(one) for one in value.args[:_MAX_ITEMS])
        case _:
            return False


def _called(node: ast.AST | None) -> str:
    return last_name(node) if isinstance(node, ast.Call) else ""


def leading_text(node: ast.JoinedStr) -> str:
    """The text that a formatted string begins with."""
    first = node.values[0] if node.values else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
