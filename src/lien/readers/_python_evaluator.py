"""What an expression of a Python file can be, as far as its constants say: a small evaluator that runs nothing.

It follows names through scopes, classes and imports within the tree; its parts know calls (`_python_results`), defaults
and options (`_python_defaults`), containers, text and branches. A value may have several candidates; the first by
default, the others where something else is chosen. Every walk is bounded by steps and by depth.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from lien.graph.fragments import Role
from lien.readers._python_definitions import Definitions
from lien.readers._python_module import Binding, How, Imported, Module, last_name
from lien.readers._python_project import Project
from lien.readers._python_results import PARSERS, Results
from lien.readers._python_syntax import (
    argument_of,
    assertions_about,
    contains,
    has_parser,
    is_certain,
    is_specific,
    refutes,
    scopes,
    tests_about,
)
from lien.readers._python_values import (
    MAX_CANDIDATES,
    Constant,
    Instance,
    Literal,
    Made,
    Options,
    Place,
    Reached,
    Unknown,
    Value,
    passed,
    unique,
    weaker,
)

__all__ = ["Evaluator"]

_MAX_STEPS: Final = 4_000
_MAX_TOTAL: Final = 500_000
"""Steps for all questions about one file: code made to be slow is not followed to its end."""
_MAX_DEPTH: Final = 24
_MAX_BINDINGS: Final = 400


class Evaluator:
    """Answers for one tree; each question has its own budget."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.definitions = Definitions(project)
        self._steps = self._total = 0
        self._active: set[tuple[int, str]] = set()
        self._results = Results(project, self.definitions, self._values)
        self._branches = self._results.branches
        self._texts = self._results.texts
        self._containers = self._results.containers
        self._defaults = self._results.defaults

    def values(self, expression: ast.AST, module: Module) -> list[Value]:
        """Every candidate of an expression, defaults first; what cannot be followed is Unknown."""
        self._steps = 0
        self._active.clear()
        found = list(self._values(expression, module, 0))[:MAX_CANDIDATES]
        return sorted(unique(found), key=lambda one: one.role is not Role.DEFAULT)

    def truth(self, test: ast.expr, module: Module) -> bool | None:
        """Is a test true as the program stands; None where that cannot be told."""
        self._steps = 0
        self._active.clear()
        return self._branches.truth(test, module, 0)

    def texts(self, expression: ast.AST, module: Module) -> list[Constant]:
        """The candidates that are text; of lists and tuples, their elements."""
        found: list[Constant] = []
        for value in self.values(expression, module):
            match value:
                case Constant(value=str()):
                    found.append(value)
                case Literal(node=ast.List() | ast.Tuple() | ast.Set() as node):
                    for element in node.elts[:MAX_CANDIDATES]:
                        found.extend(
                            one._replace(role=weaker(one.role, value.role), site=one.site or value.site)
                            for one in self._values(element, value.module, 1)
                            if isinstance(one, Constant) and isinstance(one.value, str)
                        )
                case _:
                    pass
        return found[:MAX_CANDIDATES]

    def branch_role(self, node: ast.AST, module: Module) -> Role:
        """OPTION for what stands in a branch that is not taken by default, else DEFAULT."""
        self._steps = 0
        self._active.clear()
        return self._branches.role(node, module, 0)

    # The walk.

    def _values(self, node: ast.AST, module: Module, depth: int) -> list[Value]:
        self._steps += 1
        self._total += 1
        key = (id(node), module.path)
        if self._steps > _MAX_STEPS or self._total > _MAX_TOTAL or depth > _MAX_DEPTH or key in self._active:
            return [Unknown(node)]
        self._active.add(key)
        try:
            return list(islice(self._step(node, module, depth + 1), MAX_CANDIDATES * 2))
        finally:
            self._active.discard(key)

    def _step(self, node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        match node:
            case ast.Constant():
                yield Constant(node.value, Place(module.path, module.line(node)))
            case ast.Dict() | ast.List() | ast.Tuple() | ast.Set():
                yield Literal(node, module)
            case ast.Name():
                yield from self._name(node, module, depth)
            case ast.Attribute():
                yield from self._attribute(node, module, depth)
            case ast.JoinedStr():
                yield from self._texts.joined(node.values, node, module, depth)
            case ast.FormattedValue() | ast.Await() | ast.Starred() | ast.NamedExpr():
                yield from self._values(node.value, module, depth)
            case ast.BinOp():
                yield from self._texts.operation(node, module, depth)
            case ast.BoolOp():
                yield from self._either(node, module, depth)
            case ast.IfExp():
                yield from self._conditional(node, module, depth)
            case ast.Subscript():
                yield from self._subscript(node, module, depth)
            case ast.Call():
                yield from self._results.of(node, module, depth)
            case _:
                yield Unknown(node)

    def _name(self, node: ast.Name, module: Module, depth: int) -> Iterator[Value]:
        for scope in scopes(node, module):
            bindings = module.bindings.get(scope, {}).get(node.id)
            if bindings:
                yield from self._admitted(node, self._bound(node, bindings, scope, module, depth), module, depth)
                return
        if node.id == "__name__":
            yield Unknown(node)
        elif node.id in {"args", "opt", "opts", "options", "FLAGS"} and has_parser(module):
            yield Options(module)
        else:
            yield Reached(node.id)

    def _admitted(self, node: ast.Name, values: Iterable[Value], module: Module, depth: int) -> Iterator[Value]:
        """The candidates that the tests around a name let through; what an assertion lists is to choose from."""
        tests = list(tests_about(node, module))
        listed = list(assertions_about(node, module))
        del depth
        for one in values:
            if isinstance(one, Constant) and any(refutes(test, holds=holds, name=node.id, value=one.value) for test, holds in tests):
                continue
            if (
                isinstance(one, Constant)
                and listed
                and not any(isinstance(part, ast.Constant) and part.value == one.value for part in listed)
            ):
                continue
            yield one
        for part in listed:
            if isinstance(part, ast.Constant):
                yield Constant(part.value, Place(module.path, module.line(part)), Role.OPTION)

    def _bound(self, node: ast.Name, bindings: Sequence[Binding], scope: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        """What the bindings of a name give, from the last before its use back to one that certainly happened."""
        line = getattr(node, "lineno", 0)
        is_here = scope is next(scopes(node, module))
        bindings = bindings[:_MAX_BINDINGS]
        before = (
            [one for one in bindings if getattr(one.node, "lineno", 0) <= line and not contains(one.node, node, module)]
            if is_here
            else list(bindings)
        )
        role = Role.DEFAULT
        for binding in reversed(before or list(bindings)):
            own = weaker(role, self._branches.role(binding.node, module, depth, within=scope))
            for value in self._binding(node.id, binding, module, depth):
                yield value._replace(role=weaker(value.role, own))
            if binding.how is not How.PARAMETER and (is_certain(binding.node, node, scope, module)):
                return

    def _binding(self, name: str, binding: Binding, module: Module, depth: int) -> Iterator[Value]:
        value = binding.value
        match binding.how:
            case How.VALUE if value is not None:
                yield from self._values(value, module, depth)
            case How.ELEMENT if value is not None:
                yield from self._element(value, binding.part, module, depth)
            case How.EACH if value is not None:
                yield from self._containers.each(value, binding.part, module, depth)
            case How.PARAMETER:
                yield from self._defaults.parameter(name, binding.node, module, depth)
            case How.IMPORT if binding.imported is not None:
                yield from self._imported(binding.imported, module, depth)
            case How.DEFINITION if isinstance(binding.node, ast.ClassDef):
                yield Instance(binding.node, module)
            case _:
                yield Unknown(binding.node)

    def _element(self, value: ast.expr, index: int | str | None, module: Module, depth: int) -> Iterator[Value]:
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr in {"parse_args_into_dataclasses", "parse_json_file", "parse_dict", *PARSERS}
        ):
            if value.func.attr in PARSERS:
                yield Options(module) if index == 0 else Unknown(value)
                return
            for one in self._values(value.func.value, module, depth):
                if isinstance(one, Made) and one.name.endswith("Parser()") and one.call.args:
                    yield from self._containers.nth(one.call.args[0], index, one.module, depth)
                    return
        yield from self._containers.nth(value, index, module, depth)

    def _either(self, node: ast.BoolOp, module: Module, depth: int) -> Iterator[Value]:
        """`a or b`: the first that is something by default, the others where that is missing."""
        if isinstance(node.op, ast.And):
            yield from self._values(node.values[-1], module, depth)
            return
        is_taken = False
        unknown: list[Value] = []
        for part in node.values:
            for one in self._values(part, module, depth):
                if isinstance(one, Constant) and not one.value:
                    continue
                if isinstance(one, Unknown):
                    unknown.append(one)
                    continue
                yield one._replace(role=Role.OPTION) if is_taken else one
                is_taken = is_taken or one.role is Role.DEFAULT
        if not is_taken:
            yield from unknown

    def _conditional(self, node: ast.IfExp, module: Module, depth: int) -> Iterator[Value]:
        truth = self._branches.truth(node.test, module, depth)
        body_first = truth if truth is not None else not is_specific(node.test)
        for part, is_first in ((node.body, body_first), (node.orelse, not body_first)):
            for one in self._values(part, module, depth):
                if not isinstance(one, Unknown) or is_first:
                    yield one if is_first else one._replace(role=weaker(one.role, Role.OPTION))

    def _subscript(self, node: ast.Subscript, module: Module, depth: int) -> Iterator[Value]:
        given = list(self._values(node.slice, module, depth))
        keys = [one.value for one in given if isinstance(one, Constant)]
        is_open = len(keys) < len(given)
        for one in self._values(node.value, module, depth):
            match one:
                case Literal(node=ast.Dict()):
                    is_fixed = isinstance(node.slice, ast.Constant)
                    yield from passed(self._containers.entries(one, keys, None, depth, is_open=is_open, is_fixed=is_fixed), one)
                case Literal() if keys and isinstance(keys[0], int):
                    yield from self._containers.nth(node.value, keys[0], module, depth)
                case Constant(value=str() as text) if (
                    isinstance(node.slice, ast.Constant)
                    and isinstance(node.slice.value, int)
                    and -len(text) <= node.slice.value < len(text)
                ):
                    yield one._replace(value=text[node.slice.value])
                case Options() if keys and isinstance(keys[0], str):
                    yield from self._defaults.argument(one.module, keys[0], depth)
                case Reached(name=name) if name.endswith(".__dict__"):
                    for key in given:
                        if isinstance(key, Constant) and isinstance(key.value, str) and key.value.isidentifier():
                            yield one._replace(name=f"{name.removesuffix('__dict__')}{key.value}", role=weaker(one.role, key.role))
                case Made():
                    yield one._replace(name=f"{one.name}[]")
                case _:
                    yield Unknown(node)

    # Imports within the tree, and classes.

    def _imported(self, imported: Imported, module: Module, depth: int) -> Iterator[Value]:
        place = self.project.path_of(module.path, imported)
        if place is None:
            yield Reached(".".join(part for part in (imported.module, imported.name) if part))
            return
        other = self.project.module(place[0])
        if other is None:
            yield Unknown(module.tree)
        elif place[1] is None:
            yield Reached(f"tree:{place[0]}")
        else:
            yield from self._global(place[1], other, depth)

    def _global(self, name: str, module: Module, depth: int) -> Iterator[Value]:
        """A name of another module. Its last binding counts; those in branches are told apart as everywhere."""
        bindings = module.bindings[module.tree].get(name)
        if not bindings:
            yield Unknown(module.tree)
            return
        for binding in reversed(bindings):
            role = self._branches.role(binding.node, module, depth)
            for one in self._binding(name, binding, module, depth):
                yield one._replace(role=weaker(one.role, role))
            if module.parents.get(binding.node) is module.tree:
                return

    def _attribute(self, node: ast.Attribute, module: Module, depth: int) -> Iterator[Value]:
        for one in self._values(node.value, module, depth):
            match one:
                case Instance():
                    yield from passed(self._member(one, node.attr, depth), one)
                case Options() if node.attr == "__dict__":
                    yield one
                case Options():
                    yield from passed(self._defaults.argument(one.module, node.attr, depth), one)
                case Reached(name=name) if name.startswith("tree:"):
                    other = self.project.module(name.removeprefix("tree:"))
                    if other is None:
                        yield Unknown(node)
                    else:
                        inner = self._submodule(name.removeprefix("tree:"), node.attr)
                        found = [inner] if inner is not None else list(self._global(node.attr, other, depth))
                        yield from found
                        if any(isinstance(value, Constant) and value.value is None for value in found):
                            yield Unknown(node)  # a setting of a module that others fill in at run time
                case Reached():
                    yield one._replace(name=f"{one.name}.{node.attr}")
                case Made(name="argparse.Namespace()"):
                    yield from passed(self._gathered(one, node, depth), one)
                case Made():
                    yield one._replace(name=f"{one.name}.{node.attr}")
                case Constant() if node.attr in {"value", "name"}:
                    yield one  # a member of an enum
                case _:
                    yield Unknown(node)

    def _gathered(self, made: Made, node: ast.Attribute, depth: int) -> Iterator[Value]:
        """An attribute of `argparse.Namespace(name=value, **vars(arguments))`, which holds those of several others."""
        for keyword in made.call.keywords:
            if keyword.arg == node.attr:
                yield from self._values(keyword.value, made.module, depth)
                return
            if keyword.arg is None and isinstance(keyword.value, ast.Call) and last_name(keyword.value) == "vars" and keyword.value.args:
                for one in self._values(keyword.value.args[0], made.module, depth):
                    found = (
                        [value for value in self._member(one, node.attr, depth) if not isinstance(value, Unknown)]
                        if isinstance(one, Instance)
                        else []
                    )
                    yield from found
                    if found:
                        return
        yield Unknown(node)

    def _submodule(self, path: str, name: str) -> Reached | None:
        if not path.endswith("__init__.py"):
            return None
        folder = path.removesuffix("__init__.py")
        return next(
            (Reached(f"tree:{one}") for one in (f"{folder}{name}.py", f"{folder}{name}/__init__.py") if one in self.project.files), None
        )

    def _member(self, thing: Instance, name: str, depth: int) -> Iterator[Value]:
        """An attribute of an object: passed to its constructor, assigned to `self`, or in the body of its class."""
        owner, module = thing.owner, thing.module
        if thing.call is not None:
            given = argument_of(thing.call, name, None)
            if given is not None:
                yield from self._values(given, module, depth)
                return
        found = module.attributes.get((owner, name), [])
        in_class = module.bindings.get(owner, {}).get(name, [])
        values = [one for one in found if not (isinstance(one.value, ast.Constant) and one.value.value is None)] or found
        for binding in values:
            role = self._branches.role(binding.node, module, depth)
            for one in self._binding(name, binding, module, depth):
                yield one._replace(role=weaker(one.role, role))
        if values:
            return
        for binding in in_class:
            if binding.value is None:
                yield Unknown(binding.node)
                continue
            role = Role.OPTION if self._is_set_by_commands(owner, name, module) else Role.DEFAULT
            for one in self._defaults.default(binding.value, module, depth):
                yield one._replace(role=weaker(one.role, role))
        if not in_class:
            yield from self._inherited(thing, name, depth)

    def _is_set_by_commands(self, owner: ast.ClassDef, name: str, module: Module) -> bool:
        """Fields of dataclasses are flags of the commands that fill them (HfArgumentParser and its like)."""
        return bool(owner.decorator_list) and self.project.is_overridden(module.path, name)

    def _inherited(self, thing: Instance, name: str, depth: int) -> Iterator[Value]:
        for base in thing.owner.bases:
            for one in self._values(base, thing.module, depth):
                if isinstance(one, Instance) and one.owner is not thing.owner:
                    yield from self._member(one._replace(call=None), name, depth + 1)
                    return
        yield Unknown(thing.owner)
