"""One Python module as readers look at it: its syntax tree with parents, and what each name in each scope was bound to.

Nothing here runs or imports anything: the tree comes from `ast.parse`, which only reads.
"""

import ast
import warnings
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from lien.errors import InputError

__all__ = ["Binding", "How", "Imported", "Module", "Scope", "last_name", "parse_module"]

Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_SCOPE_KINDS = frozenset(_SCOPES)
_NOTED = frozenset(
    {
        *(ast.Call, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Constant, ast.JoinedStr, ast.Assign, ast.AnnAssign, ast.NamedExpr),
        *(ast.AugAssign, ast.For, ast.AsyncFor, ast.comprehension, ast.withitem, ast.Import, ast.ImportFrom),
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    }
)
_MAX_NODES = 1_000_000
"""Nodes of one file; generated code beyond this is not looked into."""


class How(Enum):
    """How a name got its value."""

    VALUE = "value"
    ELEMENT = "element"
    EACH = "each"
    PARAMETER = "parameter"
    IMPORT = "import"
    DEFINITION = "definition"
    OTHER = "other"


class Imported(NamedTuple):
    """`from MODULE import NAME` (or `import MODULE`, without a name), with the dots of a relative import counted."""

    module: str
    name: str | None
    level: int


class Binding(NamedTuple):
    """One binding: the statement, and the value (of all elements, where it is one of several: `part` says which)."""

    how: How
    node: ast.AST
    value: ast.expr | None = None
    part: int | None = None
    imported: Imported | None = None


class Module:
    """A parsed file. `lines` maps lines of the tree to those of the file (a notebook's cells lie apart in it)."""

    def __init__(self, path: str, tree: ast.Module, lines: tuple[int, ...] | None = None) -> None:
        self.path = path
        self.tree = tree
        self._lines = lines
        self.parents: dict[ast.AST, ast.AST] = {}
        self.bindings: dict[ast.AST, dict[str, list[Binding]]] = {}
        self.attributes: dict[tuple[ast.AST, str], list[Binding]] = {}
        """Assignments to `self.NAME`, by class and name."""
        self.calls: list[ast.Call] = []
        self.dicts: list[ast.Dict] = []
        self.lists: list[ast.List | ast.Tuple | ast.Set] = []
        self.strings: list[ast.Constant | ast.JoinedStr] = []
        self.passed_names: set[str] = set()
        """Names that stand among the arguments of calls: functions given away to be called by somebody else."""
        self._walk()

    def line(self, node: ast.AST) -> int:
        """The 1-based line of a node in the file."""
        line: int = getattr(node, "lineno", 1)
        if self._lines is None:
            return line
        return self._lines[min(line, len(self._lines)) - 1] if self._lines else 1

    def scope(self, node: ast.AST) -> Scope:
        """The innermost function, class or module around a node (not the node itself)."""
        current = self.parents.get(node, self.tree)
        while not isinstance(current, _SCOPES):
            current = self.parents[current]
        return current

    def function(self, node: ast.AST) -> Function | None:
        """The innermost function around a node."""
        current = self.parents.get(node)
        while current is not None and not isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef)):
            current = self.parents.get(current)
        return current

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """The innermost class around a node."""
        current = self.parents.get(node)
        while current is not None and not isinstance(current, ast.ClassDef):
            current = self.parents.get(current)
        return current

    @cached_property
    def calls_named(self) -> dict[str, list[ast.Call]]:
        """Calls by the last part of what they call."""
        found: dict[str, list[ast.Call]] = {}
        for call in self.calls:
            found.setdefault(last_name(call), []).append(call)
        return found

    @cached_property
    def imports(self) -> tuple[Imported, ...]:
        """All imports of the file, wherever they stand."""
        return tuple(
            one.imported for names in self.bindings.values() for found in names.values() for one in found if one.imported is not None
        )

    def _walk(self) -> None:
        pending: list[tuple[ast.AST, Scope]] = [(self.tree, self.tree)]
        self.bindings[self.tree] = {}
        parents = self.parents
        count = 0
        while pending:
            node, scope = pending.pop()
            count += 1
            if count > _MAX_NODES:
                raise InputError(f"holds more than {_MAX_NODES} expressions; lien does not look into such files", path=self.path)
            kind = type(node)
            if kind in _NOTED:
                self._note(node, scope)
            inner = scope
            if kind in _SCOPE_KINDS and node is not self.tree:
                inner = node  # type: ignore[assignment]  # of one of the kinds just asked for
                self.bindings[node] = {}
                self._parameters(inner)
            if kind in _LEAVES:
                continue
            children = _children(node)
            parents.update(dict.fromkeys(children, node))
            children.reverse()
            pending.extend([(child, inner) for child in children])

    def _bind(self, scope: Scope, name: str, binding: Binding) -> None:
        self.bindings[scope].setdefault(name, []).append(binding)

    def _parameters(self, node: Scope) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            arguments = node.args
            everything = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            everything.extend(one for one in (arguments.vararg, arguments.kwarg) if one is not None)
            for argument in everything:
                self._bind(node, argument.arg, Binding(How.PARAMETER, argument))

    def _note(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Call():
                self.calls.append(node)
                given = (*node.args, *(one.value for one in node.keywords))
                self.passed_names.update(one.id for one in given if isinstance(one, ast.Name))
            case ast.Dict():
                self.dicts.append(node)
            case ast.List() | ast.Tuple() | ast.Set():
                self.lists.append(node)
            case ast.Constant(value=str()) | ast.JoinedStr():
                self.strings.append(node)
            case ast.Assign():
                for target in node.targets:
                    self._target(target, node.value, node, scope)
            case ast.AnnAssign() if node.value is not None:
                self._target(node.target, node.value, node, scope)
            case ast.NamedExpr():
                self._target(node.target, node.value, node, scope)
            case ast.AugAssign():
                self._target(node.target, None, node, scope)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._each(node.target, node.iter, node, scope)
            case ast.withitem() if node.optional_vars is not None:
                self._target(node.optional_vars, node.context_expr, node, scope)
            case ast.Import() | ast.ImportFrom():
                self._import(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._bind(scope, node.name, Binding(How.DEFINITION, node))
            case _:
                pass

    def _target(self, target: ast.expr, value: ast.expr | None, node: ast.AST, scope: Scope) -> None:
        how = How.VALUE if value is not None else How.OTHER
        match target:
            case ast.Name():
                self._bind(scope, target.id, Binding(how, node, value))
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                owner = self._class_around(scope)
                if owner is not None:
                    self.attributes.setdefault((owner, target.attr), []).append(Binding(how, node, value))
            case ast.Tuple() | ast.List():
                for index, element in enumerate(target.elts):
                    self._element(element, index, value, node, scope)
            case _:
                pass

    def _element(self, element: ast.expr, index: int, value: ast.expr | None, node: ast.AST, scope: Scope) -> None:
        if isinstance(value, (ast.Tuple, ast.List)) and index < len(value.elts):
            self._target(element, value.elts[index], node, scope)
        elif isinstance(element, ast.Name):
            self._bind(scope, element.id, Binding(How.ELEMENT if value is not None else How.OTHER, node, value, index))

    def _each(self, target: ast.expr, iterated: ast.expr, node: ast.AST, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            self._bind(scope, target.id, Binding(How.EACH, node, iterated))
        elif isinstance(target, (ast.Tuple, ast.List)):
            for index, element in enumerate(target.elts):
                if isinstance(element, ast.Name):
                    self._bind(scope, element.id, Binding(How.EACH, node, iterated, index))

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if isinstance(node, ast.ImportFrom):
                found = Imported(node.module or "", alias.name, node.level)
                name = alias.asname or alias.name
            else:
                found = Imported(alias.name if alias.asname else alias.name.partition(".")[0], None, 0)
                name = alias.asname or alias.name.partition(".")[0]
            self._bind(scope, name, Binding(How.IMPORT, node, imported=found))

    def _class_around(self, scope: Scope) -> ast.ClassDef | None:
        current: ast.AST | None = scope
        while current is not None and not isinstance(current, ast.ClassDef):
            current = self.parents.get(current)
        return current


_LEAVES = frozenset({ast.Name, ast.Constant, ast.alias})
"""Kinds of nodes with nothing below them: some two thirds of a tree."""

_NO_NODES = frozenset({"arg", "asname", "attr", "conversion", "ctx", "id", "level", "module", "op", "ops", "type_comment"})
"""Fields that hold words, numbers and operators in every kind of node."""


_FIELDS = {
    kind: tuple(name for name in kind._fields if name not in _NO_NODES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The fields of each kind of node that may hold others."""


def _children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, without those that stand for an operator or for reading and writing."""
    found: list[ast.AST] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [one for one in value if isinstance(one, ast.AST) and (one._fields or isinstance(one, ast.stmt))]
        elif isinstance(value, ast.AST) and value._fields:
            found.append(value)
    return found


def last_name(call: ast.Call) -> str:
    """The last part of what is called; empty for a call of a call."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def parse_module(path: str, code: bytes | str, lines: tuple[int, ...] | None = None) -> Module:
    """The module of a file. Raises InputError with the line if it is not Python 3."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an escape that old code writes wrongly is no problem of ours
            # Notebooks may await at their top; as a module's code it means the same to a reader.
            tree = compile(code, path, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        line = error.lineno
        if lines and line:
            line = lines[min(line, len(lines)) - 1]
        raise InputError(f"is not Python 3: {error.msg}; mend the file or leave it out", path=path, line=line) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise InputError("is not Python that can be parsed; mend the file or leave it out", path=path) from error
    return Module(path, tree, lines)
