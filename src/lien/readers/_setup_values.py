"""Plain values in a setup.py, followed through names without running anything."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeGuard, TypeVar

from lien.readers._requirement_lines import is_requirements_file
from lien.sources.source import Source

__all__ = ["Followed", "Keywords", "Text", "followed"]

_MAX_STEPS = 20_000
"""Steps of one value: a script of names that double themselves would never end."""
_MAX_DEPTH = 100
_MAX_SEARCHES = 50
"""Searches for the name of a file, each of which may walk the whole script."""
_SAME = frozenset({"list", "tuple", "sorted", "set", "str"})
_LINE_METHODS = frozenset({"split", "splitlines", "strip", "rstrip", "lstrip", "copy"})

_T = TypeVar("_T")


class Text(NamedTuple):
    """A string and the line on which it begins; `is_spread`: each of its lines stands on one of the script."""

    text: str
    line: int
    is_spread: bool = False

    def lines(self) -> Iterator["Text"]:
        """Its lines, each with its place."""
        for index, line in enumerate(self.text.splitlines()):
            yield Text(line.strip(), self.line + index if self.is_spread else self.line)


@dataclass(slots=True)
class Followed(Generic[_T]):
    """What could be followed, the files that the rest is read from, and the line of what could not."""

    found: _T
    files: list[tuple[str, int]] = field(default_factory=list)
    lost: int | None = None


class Keywords:
    """The arguments of one call of `setup`."""

    def __init__(self, values: dict[str, ast.expr], scope: "_Scope", lost: int | None) -> None:
        self._values, self._scope, self._lost = values, scope, lost

    def text(self, keyword: str) -> Text | None:
        """One string; None where it is computed or missing."""
        node = self._values.get(keyword)
        return _Follower(self._scope).string(node, 0) if node is not None else None

    def texts(self, keyword: str) -> Followed[list[Text]]:
        """A list of strings, or one string of many lines."""
        node = self._values.get(keyword)
        if node is None:
            # `setup(**settings())` may hold it.
            return Followed([], lost=self._lost if keyword == "install_requires" else None)
        return _Follower(self._scope).listed(node)

    def table(self, keyword: str) -> Followed[dict[str, Followed[list[Text]]]]:
        """Lists of strings by name."""
        node = self._values.get(keyword)
        return _Follower(self._scope).table(node) if node is not None else Followed({})


def followed(module: ast.Module, source: Source) -> Iterator[Keywords]:
    """The arguments of each call of `setup`, in file order."""
    functions = {node.name: node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
    inside = {call: function for function in functions.values() for call in ast.walk(function) if _is_setup(call)}
    for call in sorted((node for node in ast.walk(module) if _is_setup(node)), key=lambda node: (node.lineno, node.col_offset)):
        function = inside.get(call)
        scope = _Scope([*module.body, *(function.body if function else ())], functions, source)
        values: dict[str, ast.expr] = {}
        lost = None
        for keyword in call.keywords:
            if keyword.arg is not None:
                values[keyword.arg] = keyword.value
                continue
            spread = _Follower(scope).pairs(keyword.value, 0)
            if spread is None:
                lost = keyword.value.lineno
            else:
                values.update({key: value for key, value in spread if key is not None})
        yield Keywords(values, scope, lost)


def _is_setup(node: ast.AST) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (isinstance(function, ast.Name) and function.id == "setup") or (
        isinstance(function, ast.Attribute)
        and function.attr == "setup"
        and isinstance(function.value, ast.Name)
        and function.value.id in {"setuptools", "core", "skbuild", "distutils"}
    )


class _Scope:
    """What names are given: all that the branches of conditions give them, in file order."""

    def __init__(self, body: Sequence[ast.stmt], functions: dict[str, ast.FunctionDef], source: Source) -> None:
        self.functions = functions
        self.source = source
        self.values: dict[str, list[ast.expr]] = {}
        """The values of each name, which together it may hold."""
        self.entries: dict[str, list[tuple[ast.expr, ast.expr]]] = {}
        """`NAME[KEY] = VALUE`."""
        pending = list(reversed(body))
        while pending:
            statement = pending.pop()
            self._take(statement)
            for block in ("orelse", "finalbody", "body"):
                if isinstance(statement, ast.If | ast.Try | ast.With):
                    pending.extend(reversed(getattr(statement, block, [])))

    def _take(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=value)) if (
                left == name
            ):
                self.values.setdefault(name, []).append(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                # Given anew at the top, the name holds only this; in a branch, this too.
                self.values[name] = [value] if statement.col_offset == 0 else [*self.values.get(name, []), value]
            case ast.With(items=items):
                for item in items:
                    if isinstance(item.optional_vars, ast.Name):
                        self.values[item.optional_vars.id] = [item.context_expr]
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self.values[name] = [value]
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                self.values.setdefault(name, []).append(value)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)], value=value):
                self.entries.setdefault(name, []).append((key, value))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="extend"), args=[value])):
                self.values.setdefault(name, []).append(value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[value])):
                self.values.setdefault(name, []).append(ast.copy_location(ast.List(elts=[value], ctx=ast.Load()), value))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=[value])):
                self.values.setdefault(name, []).append(value)
            case _:
                pass


class _Follower:
    """Follows one value; whatever it cannot follow is remembered by its line."""

    def __init__(self, scope: _Scope) -> None:
        self._scope = scope
        self._steps = self._searches = 0
        self._files: list[tuple[str, int]] = []
        self._lost: int | None = None

    def listed(self, node: ast.expr) -> Followed[list[Text]]:
        found = self._list(node, 0)
        return Followed(found, self._files, self._lost)

    def table(self, node: ast.expr) -> Followed[dict[str, Followed[list[Text]]]]:
        pairs = self.pairs(node, 0)
        if pairs is None:
            return Followed({}, lost=node.lineno)
        found: dict[str, Followed[list[Text]]] = {}
        for key, value in pairs:
            if key is None:
                self._lost = self._lost or value.lineno
            else:
                found[key] = _Follower(self._scope).listed(value)
        return Followed(found, lost=self._lost)

    def string(self, node: ast.expr, depth: int) -> Text | None:
        """A string of constants, or None."""
        if self._is_too_much(depth):
            return None
        match node:
            case ast.Constant(value=str() as text):
                return Text(text, node.lineno, (node.end_lineno or node.lineno) - node.lineno == text.count("\n"))
            case ast.Name(id=name) if len(self._scope.values.get(name, ())) == 1:
                return self.string(self._scope.values[name][0], depth + 1)
            case ast.JoinedStr(values=parts):
                found = [self.string(part.value if isinstance(part, ast.FormattedValue) else part, depth + 1) for part in parts]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                found = [self.string(left, depth + 1), self.string(right, depth + 1)]
            case ast.Call(func=ast.Attribute(value=inner, attr="strip"), args=[]):
                return self.string(inner, depth + 1)
            case _:
                return None
        texts = [one.text for one in found if one is not None]
        return Text("".join(texts), node.lineno) if len(texts) == len(found) else None

    def pairs(self, node: ast.expr, depth: int) -> list[tuple[str | None, ast.expr]] | None:
        """(Key, value) of a dictionary; the key is None where it is computed; None if it is no dictionary of the script."""
        if self._is_too_much(depth):
            return None
        match node:
            case ast.Dict(keys=keys, values=values):
                found: list[tuple[str | None, ast.expr]] = []
                for key, value in zip(keys, values, strict=True):
                    if key is None:
                        found.extend(self.pairs(value, depth + 1) or [(None, value)])
                    else:
                        name = self.string(key, depth + 1)
                        found.append((name.text if name else None, value))
                return found
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
                return [(keyword.arg, keyword.value) for keyword in keywords]
            case ast.Name(id=name) if name in self._scope.values:
                parts = [self.pairs(value, depth + 1) for value in self._scope.values[name]]
                entries = [(self.string(key, depth + 1), value) for key, value in self._scope.entries.get(name, ())]
                if all(part is None for part in parts):
                    return None
                return [
                    *(pair for part in parts for pair in part or ()),
                    *((key.text if key else None, value) for key, value in entries),
                ]
            case _:
                return None

    def _list(self, node: ast.expr, depth: int) -> list[Text]:
        if self._is_too_much(depth):
            return self._give_up(node)
        text = self.string(node, depth)
        if text is not None:
            return [text]
        parts: list[ast.expr]
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                parts = [item.value if isinstance(item, ast.Starred) else item for item in items]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                parts = [left, right]
            case ast.Name(id=name) if name in self._scope.values:
                parts = self._scope.values[name]
            case ast.Constant(value=None):
                parts = []
            case ast.Subscript(value=ast.expr() as table, slice=key):
                return self._entry(node, table, key, depth)
            case _:
                return self._made(node, depth)
        return [found for part in parts for found in self._list(part, depth + 1)]

    def _made(self, node: ast.expr, depth: int) -> list[Text]:
        """What a call or a comprehension makes of a list that can be followed."""
        match node:
            case ast.Call(func=ast.Name(id=name), args=[value, *_]) if name in _SAME:
                return self._list(value, depth + 1)
            case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _LINE_METHODS and not self._files_in(inner):
                return self._words(node, inner, method, depth)
            case ast.ListComp(elt=ast.expr() as item, generators=[ast.comprehension(target=ast.Name(id=name), iter=values)]) if _is_same(
                item, name
            ) and not self._files_in(values):
                return self._list(values, depth + 1)
            case _:
                return self._give_up(node)

    def _entry(self, node: ast.expr, table: ast.expr, key: ast.expr, depth: int) -> list[Text]:
        name = self.string(key, depth + 1)
        pairs = self.pairs(table, depth + 1)
        if name is None or pairs is None:
            return self._give_up(node)
        found = [value for other, value in pairs if other == name.text]
        return self._list(found[-1], depth + 1) if found else self._give_up(node)

    def _words(self, node: ast.expr, inner: ast.expr, method: str, depth: int) -> list[Text]:
        """Of a text of many lines that is split, each word or line stands on a line of its own."""
        text = self.string(inner, depth + 1)
        if text is None:
            return self._list(inner, depth + 1) if method == "copy" else self._give_up(node)
        return [
            Text(word, line.line)
            for line in text.lines()
            for word in ([line.text] if method != "split" or any(mark in line.text for mark in ";<>=@") else line.text.split())
        ]

    def _give_up(self, node: ast.expr) -> list[Text]:
        """Is it read from a requirements file of the tree? Then that is it; else it is lost."""
        files = self._files_in(node)
        if files:
            self._files.extend((file, node.lineno) for file in files)
        else:
            self._lost = self._lost or node.lineno
        return []

    def _files_in(self, node: ast.AST) -> list[str]:
        """Requirements files that an expression names, or the function of the script that it calls."""
        self._searches += 1
        if self._searches > _MAX_SEARCHES:
            return []
        nodes: list[ast.AST] = [node]
        nodes.extend(
            self._scope.functions[call.func.id]
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in self._scope.functions
        )
        nodes.extend(value for one in ast.walk(node) if isinstance(one, ast.Name) for value in self._scope.values.get(one.id, ()))
        tree, path = self._scope.source.tree, self._scope.source.path
        found: dict[str, None] = {}
        for one in nodes:
            for name in _strings(one):
                place = tree.join(path, name)
                if place is not None and (is_requirements_file(place) or "require" in name or "depend" in name) and tree.has(place):
                    found.setdefault(name)
        return list(found)

    def _is_too_much(self, depth: int) -> bool:
        self._steps += 1
        return depth > _MAX_DEPTH or self._steps > _MAX_STEPS


def _strings(node: ast.AST) -> Iterator[str]:
    """Strings in an expression, those of one call also as the parts of a path."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and len(one.value) < 200:
            yield one.value
        elif isinstance(one, ast.Call):
            parts = [part.value for part in one.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            if len(parts) > 1:
                yield "/".join(parts)[:200]


def _is_same(item: ast.expr, name: str) -> bool:
    """Is the element of a comprehension what it runs over, stripped perhaps?"""
    if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr in {"strip", "rstrip"}:
        item = item.func.value
    return isinstance(item, ast.Name) and item.id == name
