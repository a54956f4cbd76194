"""Which function or class of the tree a call means, and which calls mean one: by names and imports alone, without values."""

import ast
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lien.readers._python_module import Module, last_name
from lien.readers._python_project import Project, is_test
from lien.readers._python_syntax import bindings_of
from lien.readers._python_values import Function

__all__ = ["Definitions"]

_MAX_SITES: Final = 300
_MAX_ASKED: Final = 100_000
"""Calls that are asked whether they mean some function, for one file."""
_MAX_CALLERS: Final = 40


class Definitions:
    """Answers for one tree; a call of which nothing certain can be said means nothing."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._asked = 0
        self._calls: dict[ast.AST, list[tuple[ast.Call, Module]]] = {}

    def definition(self, call: ast.Call, module: Module) -> tuple[Function | ast.ClassDef, Module] | None:
        """The function or class of the tree that a call means."""
        match call.func:
            case ast.Name(id=name):
                return self._defined(name, call, module)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                owner = module.class_of(call)
                for binding in module.bindings.get(owner, {}).get(name, ()) if owner is not None else ():
                    if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        return binding.node, module
            case ast.Attribute(value=ast.Name(id=base), attr=name):
                for binding in bindings_of(base, call, module):
                    place = self._project.path_of(module.path, binding.imported) if binding.imported is not None else None
                    other = self._project.module(place[0]) if place is not None and place[1] is None else None
                    if other is not None:
                        return self._top(name, other)
            case _:
                pass
        return None

    def _defined(self, name: str, node: ast.AST, module: Module) -> tuple[Function | ast.ClassDef, Module] | None:
        for binding in bindings_of(name, node, module):
            if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                return binding.node, module
            if binding.imported is not None:
                place = self._project.path_of(module.path, binding.imported)
                other = self._project.module(place[0]) if place is not None and place[1] is not None else None
                if other is not None and place is not None and place[1] is not None:
                    return self._top(place[1], other)
        return None

    def _top(self, name: str, module: Module, hops: int = 3) -> tuple[Function | ast.ClassDef, Module] | None:
        for binding in module.bindings[module.tree].get(name, ()):
            if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                return binding.node, module
            if binding.imported is not None and hops:
                place = self._project.path_of(module.path, binding.imported)
                other = self._project.module(place[0]) if place is not None and place[1] is not None else None
                if other is not None and place is not None and place[1] is not None:
                    return self._top(place[1], other, hops - 1)
        return None

    # The other way round: who calls it.

    def calls_of(self, function: Function, module: Module) -> list[tuple[ast.Call, Module]]:
        """The calls of a function of the tree that certainly mean it, tests aside; of a constructor, those of its class."""
        known = self._calls.get(function)
        if known is None:
            known = self._calls[function] = list(islice(self._find_calls(function, module), _MAX_CALLERS))
        return known

    def _find_calls(self, function: Function, module: Module) -> Iterator[tuple[ast.Call, Module]]:
        owner = module.class_of(function) if isinstance(module.scope(function), ast.ClassDef) else None
        name = owner.name if owner is not None and function.name == "__init__" else function.name
        paths = [module.path, *(path for path in self._project.callers(name) if path != module.path)]
        for path in paths[: _MAX_CALLERS * 4]:
            caller = module if path == module.path else self._project.module(path)
            if caller is None or (caller is not module and is_test(path)):
                continue
            for call in caller.calls_named.get(name, [])[:_MAX_SITES]:
                self._asked += 1
                if self._asked > _MAX_ASKED:
                    return
                if self._means(call, caller, function, owner, module) and caller.function(call) is not function:
                    yield call, caller

    def constructions(self, owner: ast.ClassDef, module: Module) -> list[tuple[ast.Call, Module]]:
        """The calls that certainly make an object of a class of the tree, tests aside."""
        known = self._calls.get(owner)
        if known is None:
            known = []
            for path in [module.path, *(path for path in self._project.callers(owner.name) if path != module.path)][: _MAX_CALLERS * 4]:
                caller = module if path == module.path else self._project.module(path)
                if caller is not None and (caller is module or not is_test(path)):
                    known.extend(
                        (call, caller) for call in caller.calls_named.get(owner.name, ()) if self._makes(call, caller, owner, module)
                    )
            self._calls[owner] = known = known[:_MAX_CALLERS]
        return known

    def _makes(self, call: ast.Call, caller: Module, owner: ast.ClassDef, module: Module) -> bool:
        if isinstance(call.func, ast.Name):
            return self._is_defined_as(owner.name, call, caller, owner, module)
        return (
            isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and self._is_module(call.func.value.id, call, caller, module)
        )

    def _means(self, call: ast.Call, caller: Module, function: Function, owner: ast.ClassDef | None, module: Module) -> bool:
        match call.func:
            case ast.Name(id=name):
                return self._is_defined_as(
                    name, call, caller, owner if owner is not None and function.name == "__init__" else function, module
                )
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                return owner is not None and caller.class_of(call) is owner
            case ast.Attribute(value=ast.Name(id=base)) if owner is not None and base == owner.name:
                return self._is_defined_as(base, call, caller, owner, module)
            case ast.Attribute(value=ast.Name(id=base)):
                return self._is_module(base, call, caller, module) or (owner is not None and self._is_instance(base, call, caller, owner))
            case ast.Attribute(value=ast.Attribute() as base) if owner is None:
                return f".{module.path.removesuffix('.py').replace('/', '.')}".endswith(f".{ast.unparse(base)}")
            case _:
                return False

    def _is_defined_as(self, name: str, node: ast.AST, caller: Module, definition: ast.AST, module: Module) -> bool:
        for binding in bindings_of(name, node, caller):
            if binding.node is definition:
                return True
            if binding.imported is not None:
                place = self._project.path_of(caller.path, binding.imported)
                if place is not None and (place[0] == module.path or (place[1] == name and self._passes_on(place[0], name, module))):
                    return True
        return False

    def _passes_on(self, path: str, name: str, module: Module) -> bool:
        """Does a package's `__init__` import the name from the module that defines it?"""
        if not path.endswith("__init__.py"):
            return False
        package = self._project.module(path)
        if package is None:
            return False
        for binding in package.bindings[package.tree].get(name, ()):
            if binding.imported is not None:
                place = self._project.path_of(path, binding.imported)
                return place is not None and place[0] == module.path
        return False

    def _is_module(self, name: str, node: ast.AST, caller: Module, module: Module) -> bool:
        for binding in bindings_of(name, node, caller):
            if binding.imported is not None:
                place = self._project.path_of(caller.path, binding.imported)
                if place == (module.path, None):
                    return True
        return False

    def _is_instance(self, name: str, node: ast.AST, caller: Module, owner: ast.ClassDef) -> bool:
        for binding in bindings_of(name, node, caller):
            value = binding.value
            if isinstance(value, ast.Call) and last_name(value) == owner.name:
                return True
        return False
