"""Plain values in a setup.py, followed through names without running anything."""

import ast
import re
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

_MAX_STRINGS, _MAX_NAMES = 60, 40
_PINNED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?)\s*[=<>!~]=")
_FILE = re.compile(r"\.(?:txt|in)$|(?:require|depend)[^/]*\.")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

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
        self._known: dict[str, bool] = {}
        self.files: dict[int, list[str]] = {}
        """Requirements files by the expression, which lives as long as the script, that leads to them."""
        self.entries: dict[str, list[tuple[ast.expr, ast.expr]]] = {}
        """`NAME[KEY] = VALUE`."""
        pending = list(reversed(body))
        while pending:
            statement = pending.pop()
            self._take(statement)
            for block in ("orelse", "finalbody", "body"):
                if isinstance(statement, ast.If | ast.Try | ast.With):
                    pending.extend(reversed(getattr(statement, block, [])))

    def is_file(self, name: str) -> bool:
        """Is this a requirements file beside the script?"""
        known = self._known.get(name)
        if known is None:
            place = self.source.tree.join(self.source.path, name)
            is_named = place is not None and (is_requirements_file(place) or "require" in name or "depend" in name)
            known = self._known[name] = place is not None and is_named and self.source.tree.has(place)
        return known

    def _take(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=value)) if (
                left == name
            ):
                self.values.setdefault(name, []).append(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                # Given anew at the top, the name holds only this; in a branch, this too.
                self.values[name] = [value] if statement.col_offset == 0 else [*self.values.get(name, []), value]
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=value):
                # Which part of the value each name holds is not worked out: only what it is read from counts.
                part = ast.copy_location(ast.Subscript(value=value, slice=ast.Constant(value=0), ctx=ast.Load()), value)
                self.values.update({name.id: [part] for name in names if isinstance(name, ast.Name)})
            case ast.With(items=items):
                for item in items:
                    if isinstance(item.optional_vars, ast.Name):
                        self.values.setdefault(item.optional_vars.id, []).append(item.context_expr)
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
                if isinstance(node, ast.Name) and _gathers(value, node.id):
                    found[key].lost = None  # what the other extras hold
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
            case ast.BinOp(left=left, op=ast.Add(), right=right) if not _beginning(node):
                parts = [left, right]
            case ast.Name(id=name) if name in self._scope.values:
                parts = self._scope.values[name]
            case ast.Constant(value=None):
                parts = []
            case ast.Subscript(value=ast.expr() as table, slice=ast.Slice(lower=None, upper=None)):
                parts = [table]
            case ast.Subscript(value=ast.expr() as table, slice=key):
                return self._entry(node, table, key, depth)
            case _:
                return self._made(node, depth)
        return [found for part in parts for found in self._list(part, depth + 1)]

    def _made(self, node: ast.expr, depth: int) -> list[Text]:
        """What a call or a comprehension makes of values that can be followed."""
        match node:
            case ast.Call(func=ast.Name(id=name), args=[value, *_]) if name in _SAME:
                return self._list(value, depth + 1)
            case ast.Call(func=ast.Name(id=name), args=args) if name in self._scope.functions and not self._files_in(node):
                return self._returned(node, self._scope.functions[name], args, depth)
            case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _LINE_METHODS and not self._files_in(inner):
                return self._words(node, inner, method, depth)
            case ast.ListComp(elt=ast.expr() as item, generators=[ast.comprehension(target=ast.Name(id=name), iter=values)]) if _is_same(
                item, name
            ) and not self._files_in(values):
                return self._list(values, depth + 1)
            case _:
                pinned = _PINNED.match(_beginning(node))
                # `f"torch=={VERSION}"` still says torch.
                return [Text(pinned[1], node.lineno)] if pinned else self._give_up(node)

    def _returned(self, node: ast.expr, function: ast.FunctionDef, args: list[ast.expr], depth: int) -> list[Text]:
        """What a function of the script returns: a list of its own, or the requirements of the names that it is given."""
        if args:
            return self._looked_up(node, args, depth)
        returns = [one.value for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None]
        inner = _Scope(function.body, {}, self._scope.source).values
        for name, values in inner.items():
            self._scope.values.setdefault(name, values)
        return [found for value in returns for found in self._list(value, depth + 1)] if returns else self._give_up(node)

    def _looked_up(self, node: ast.expr, keys: list[ast.expr], depth: int) -> list[Text]:
        """`deps["torch"]` or `listed("torch")`, where the script makes a table of a list of requirements by their names."""
        names = [self.string(key, depth + 1) for key in keys]
        listed: dict[str, Text] = {}
        for one in self._behind(node):
            if isinstance(one, ast.List):
                for text in (self.string(item, depth + 1) for item in one.elts):
                    name = _NAME.match(text.text) if text else None
                    if text and name:
                        listed.setdefault(name[0].lower(), text)
        found = [listed.get(name.text.lower()) if name else None for name in names]
        known = [one for one in found if one is not None]
        return known if known and len(known) == len(found) else self._give_up(node)

    def _entry(self, node: ast.expr, table: ast.expr, key: ast.expr, depth: int) -> list[Text]:
        name = self.string(key, depth + 1)
        pairs = self.pairs(table, depth + 1)
        if name is None or pairs is None:
            return self._looked_up(node, [key], depth)
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
        """Requirements files that an expression names, itself or through names and functions of the script."""
        known = self._scope.files.get(id(node))
        if known is not None:
            return known
        self._searches += 1
        if self._searches > _MAX_SEARCHES:
            return []
        strings = [text for one in self._behind(node) for text in _strings(one)][:_MAX_STRINGS]
        pairs = (f"{folder}/{name}" for folder in strings for name in strings if "/" not in folder and "." not in folder)
        found = [name for name in dict.fromkeys((*strings, *pairs)) if _FILE.search(name) and self._scope.is_file(name)]
        self._scope.files[id(node)] = found
        return found

    def _behind(self, node: ast.AST) -> list[ast.AST]:
        """An expression, and what the names and functions in it are, as far as the script tells."""
        found: list[ast.AST] = [node]
        visited: set[str] = set()
        for one in found:  # grows as names are met
            for inner in ast.walk(one):
                if not isinstance(inner, ast.Name) or inner.id in visited or len(found) > _MAX_NAMES:
                    continue
                visited.add(inner.id)
                found.extend(self._scope.values.get(inner.id, ()))
                if inner.id in self._scope.functions:
                    found.append(self._scope.functions[inner.id])
        return found

    def _is_too_much(self, depth: int) -> bool:
        self._steps += 1
        return depth > _MAX_DEPTH or self._steps > _MAX_STEPS


def _beginning(node: ast.expr) -> str:
    """The constant with which a text begins: of an f-string, a sum, a format."""
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str() as text), *_]):
            return text
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod()):
            return left.value if isinstance(left, ast.Constant) and isinstance(left.value, str) else ""
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")):
            return text
        case _:
            return ""


def _strings(node: ast.AST) -> Iterator[str]:
    """Strings in an expression, those of one call also as the parts of a path."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and len(one.value) < 200:
            yield one.value
        elif isinstance(one, ast.Call):
            parts = [part.value for part in one.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            if len(parts) > 1:
                yield "/".join(parts)[:200]


def _gathers(node: ast.expr, table: str) -> bool:
    """Does an expression go through the values of a table?"""
    return any(
        isinstance(one, ast.Attribute) and one.attr in {"values", "items"} and isinstance(one.value, ast.Name) and one.value.id == table
        for one in ast.walk(node)
    )


def _is_same(item: ast.expr, name: str) -> bool:
    """Is the element of a comprehension what it runs over, stripped perhaps?"""
    if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr in {"strip", "rstrip"}:
        item = item.func.value
    return isinstance(item, ast.Name) and item.id == name
