"""What a call in a Python module gives: by methods and functions that are understood, else by what it calls."""

import ast
from collections.abc import Iterator
from typing import Final

from lien.readers._python_branches import Branches
from lien.readers._python_containers import Containers
from lien.readers._python_defaults import Defaults
from lien.readers._python_definitions import Definitions
from lien.readers._python_module import Module, last_name
from lien.readers._python_project import Project
from lien.readers._python_syntax import argument_of, as_dict, has_parser
from lien.readers._python_text import TEXT_METHODS, Texts
from lien.readers._python_values import (
    Constant,
    Follow,
    Function,
    Instance,
    Literal,
    Made,
    Options,
    Reached,
    Unknown,
    Value,
    passed,
    weaker,
)

__all__ = ["PARSERS", "Results"]

_KEEPING = frozenset(
    {
        "str",
        "Path",
        "PurePath",
        "PosixPath",
        "list",
        "tuple",
        "set",
        "sorted",
        "cast",
        "expanduser",
        "abspath",
        "fspath",
        "deepcopy",
        "copy",
    }
)
_LOOKUPS = frozenset(
    {"os.environ.get", "os.getenv", "environ.get", "getenv", "environs.Env().str", "environs.Env()", "environ.Env()", "decouple.config"}
)
PARSERS: Final = frozenset({"parse_args", "parse_known_args", "parse_intermixed_args"})


class Results:
    """Results of calls; nothing is run for them."""

    def __init__(self, project: Project, definitions: Definitions, follow: Follow) -> None:
        self._project = project
        self._definitions = definitions
        self._follow = follow
        self.branches = Branches(project, follow)
        self.texts = Texts(follow)
        self.containers = Containers(follow)
        self.defaults = Defaults(project, definitions, self.branches, self.containers, follow)

    def of(self, node: ast.Call, module: Module, depth: int) -> Iterator[Value]:
        """Every candidate of what a call gives."""
        name = last_name(node)
        if isinstance(node.func, ast.Attribute):
            found = self._method(node, node.func, name, module, depth)
            if found is not None:
                yield from found
                return
        elif name in _KEEPING and node.args:
            yield from self._follow(node.args[-1] if name == "cast" else node.args[0], module, depth)
            return
        elif name == "dict" and not node.args:
            yield Literal(as_dict(node, module), module)
            return
        elif name == "getattr" and len(node.args) >= 2 and isinstance(node.args[1], ast.Constant):
            attribute = ast.copy_location(ast.Attribute(node.args[0], str(node.args[1].value), ast.Load()), node)
            module.parents[attribute] = node
            yield from self._follow(attribute, module, depth)
            yield from self._follow(node.args[2], module, depth) if len(node.args) > 2 else ()
            return
        elif name == "vars" and node.args:
            yield from self._follow(node.args[0], module, depth)
            return
        yield from self._result(node, module, depth)

    def _method(self, node: ast.Call, func: ast.Attribute, name: str, module: Module, depth: int) -> Iterator[Value] | None:
        """Methods that are understood: of text, dicts, paths and parsers; None for others."""
        if name in PARSERS:
            return iter([Options(module)] if has_parser(module) else self._parser_elsewhere(node, module, depth))
        if name in TEXT_METHODS:
            return self.texts.method(node, func, name, module, depth)
        if name in {"get", "pop", "setdefault"} and node.args:
            return self._get(node, func, module, depth)
        if name in _KEEPING and node.args:
            return iter(self._follow(node.args[0], module, depth))
        if name in {"resolve", "absolute", "as_posix", "copy", "expanduser"} and not node.args:
            return iter(self._follow(func.value, module, depth))
        if name == "getenv" and node.args:
            return self._lookup(node, module, depth)
        return None

    def _parser_elsewhere(self, node: ast.Call, module: Module, depth: int) -> list[Value]:
        """`parser()` of another module of the tree may define the options."""
        for imported in module.imports:
            place = self._project.path_of(module.path, imported)
            other = self._project.module(place[0]) if place is not None else None
            if other is not None and has_parser(other):
                return [Options(other)]
        del depth
        return [Unknown(node)]

    def _lookup(self, node: ast.Call, module: Module, depth: int) -> Iterator[Value]:
        """A lookup in the environment: its default; without one, nobody knows."""
        default = argument_of(node, "default", 1)
        if default is None:
            yield Unknown(node)
            return
        yield from self._follow(default, module, depth)

    def _get(self, node: ast.Call, func: ast.Attribute, module: Module, depth: int) -> Iterator[Value]:
        default = argument_of(node, "default", 1)
        for one in self._follow(func.value, module, depth):
            match one:
                case Literal(node=ast.Dict()):
                    keys = [key.value for key in self._follow(node.args[0], module, depth) if isinstance(key, Constant)]
                    # A dict written as a fallback is empty as it stands; any other may be filled elsewhere.
                    is_fallback = isinstance(one.module.parents.get(one.node), ast.Call)
                    missing = default or (ast.copy_location(ast.Constant(None), node) if is_fallback and keys else None)
                    yield from passed(self.containers.entries(one, keys, missing, depth), one)
                case Options() if isinstance(node.args[0], ast.Constant):
                    yield from self.defaults.argument(one.module, str(node.args[0].value), depth)
                case _ if default is not None:
                    yield from self._follow(default, module, depth)
                case _:
                    yield Unknown(node)

    def _result(self, node: ast.Call, module: Module, depth: int) -> Iterator[Value]:
        """What a call returns: an object of a class of the tree, what a function of the tree returns, or something made elsewhere."""
        function = self._definitions.definition(node, module)
        if function is not None and isinstance(function[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from self._returned(function[0], function[1], depth)
            return
        for one in self._follow(node.func, module, depth):
            match one:
                case Instance():
                    yield one._replace(call=node)
                case Reached(name=name) if name in _LOOKUPS or name.endswith(("environ.get", "os.getenv")):
                    yield from self._lookup(node, module, depth)
                case Reached() | Made():
                    yield Made(f"{one.name}()", node, module, one.role, one.site)
                case _:
                    yield Unknown(node)

    def _returned(self, function: Function, module: Module, depth: int) -> Iterator[Value]:
        found = [
            one for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None and module.function(one) is function
        ]
        for one in found[:6]:
            if one.value is not None:
                role = self.branches.role(one, module, depth, within=function)
                for value in self._follow(one.value, module, depth + 1):
                    yield value._replace(role=weaker(value.role, role))
        if not found:
            yield Unknown(function)
