"""What an expression of a Python file can be, as far as its constants say: a small evaluator that runs nothing.

It follows names through scopes, defaults, options of the command line, fields of dataclasses, containers, imports
within the tree and the calls of a function. A value may have several candidates; the first by default, the others
where something else is chosen. Every walk is bounded by steps and by depth.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from lien.graph.fragments import Role
from lien.readers._python_module import Binding, How, Imported, Module, last_name
from lien.readers._python_project import Project, is_test
from lien.readers._python_syntax import (
    argument_of,
    as_dict,
    assertions_about,
    bindings_of,
    chooses_above,
    contains,
    default_of,
    has_parser,
    is_certain,
    is_main,
    is_specific,
    is_whole_choice,
    is_wildcard,
    option_name,
    position_of,
    refutes,
    scopes,
    spreads,
    tests_about,
)

__all__ = [
    "Constant",
    "Evaluator",
    "Instance",
    "Literal",
    "Made",
    "Options",
    "Place",
    "Reached",
    "Unknown",
    "Value",
]

_MAX_STEPS: Final = 4_000
_MAX_TOTAL: Final = 500_000
"""Steps for all questions about one file: code made to be slow is not followed to its end."""
_MAX_DEPTH: Final = 24
_MAX_BINDINGS: Final = 400
_MAX_SITES: Final = 300
_MAX_ASKED: Final = 100_000
"""Calls that are asked whether they mean some function, for one file."""
_MAX_CANDIDATES: Final = 40
_MAX_CALLERS: Final = 12
_MAX_TEXT: Final = 2_000

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

_FIELD_CALLS = frozenset({"field", "Field", "Option", "Argument", "Parameter", "ib", "attrib", "Query", "Body", "Form"})
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
_TEXT_METHODS = frozenset({"lower", "upper", "strip", "rstrip", "lstrip", "title", "removeprefix", "removesuffix", "replace"})
_LOOKUPS = frozenset(
    {"os.environ.get", "os.getenv", "environ.get", "getenv", "environs.Env().str", "environs.Env()", "environ.Env()", "decouple.config"}
)
_OPTION_CALLS = ("add_argument", "option", "DEFINE_string", "DEFINE_enum")
_PARSERS = frozenset({"parse_args", "parse_known_args", "parse_intermixed_args"})


def _weaker(one: Role, other: Role) -> Role:
    return other if one is Role.DEFAULT else one


class Evaluator:
    """Answers for one tree; each question has its own budget."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._steps = self._total = self._asked = 0
        self._active: set[tuple[int, str]] = set()
        self._calls: dict[ast.AST, list[tuple[ast.Call, Module]]] = {}
        self._truths: dict[ast.AST, bool | None] = {}
        self._libraries: dict[Module, bool] = {}
        self._ends: dict[ast.AST, tuple[int, dict[ast.AST, int]]] = {}
        """By the first statement of a block: where it is left, and the number of each of its statements."""

    def values(self, expression: ast.AST, module: Module) -> list[Value]:
        """Every candidate of an expression, defaults first; what cannot be followed is Unknown."""
        self._steps = 0
        self._active.clear()
        found = list(self._values(expression, module, 0))[:_MAX_CANDIDATES]
        return sorted(_unique(found), key=lambda one: one.role is not Role.DEFAULT)

    def truth(self, test: ast.expr, module: Module) -> bool | None:
        """Is a test true as the program stands; None where that cannot be told."""
        self._steps = 0
        self._active.clear()
        return self._truth(test, module, 0)

    def texts(self, expression: ast.AST, module: Module) -> list[Constant]:
        """The candidates that are text; of lists and tuples, their elements."""
        found: list[Constant] = []
        for value in self.values(expression, module):
            match value:
                case Constant(value=str()):
                    found.append(value)
                case Literal(node=ast.List() | ast.Tuple() | ast.Set() as node):
                    for element in node.elts[:_MAX_CANDIDATES]:
                        found.extend(
                            one._replace(role=_weaker(one.role, value.role), site=one.site or value.site)
                            for one in self._values(element, value.module, 1)
                            if isinstance(one, Constant) and isinstance(one.value, str)
                        )
                case _:
                    pass
        return found[:_MAX_CANDIDATES]

    # The walk.

    def _values(self, node: ast.AST, module: Module, depth: int) -> list[Value]:
        self._steps += 1
        self._total += 1
        key = (id(node), module.path)
        if self._steps > _MAX_STEPS or self._total > _MAX_TOTAL or depth > _MAX_DEPTH or key in self._active:
            return [Unknown(node)]
        self._active.add(key)
        try:
            return list(islice(self._step(node, module, depth + 1), _MAX_CANDIDATES * 2))
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
                yield from self._joined(node.values, node, module, depth)
            case ast.FormattedValue() | ast.Await() | ast.Starred() | ast.NamedExpr():
                yield from self._values(node.value, module, depth)
            case ast.BinOp():
                yield from self._operation(node, module, depth)
            case ast.BoolOp():
                yield from self._either(node, module, depth)
            case ast.IfExp():
                yield from self._conditional(node, module, depth)
            case ast.Subscript():
                yield from self._subscript(node, module, depth)
            case ast.Call():
                yield from self._call(node, module, depth)
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
            own = _weaker(role, self._branch_role(binding.node, module, depth, within=scope))
            for value in self._binding(node.id, binding, module, depth):
                yield value._replace(role=_weaker(value.role, own))
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
                yield from self._each(value, binding.part, module, depth)
            case How.PARAMETER:
                yield from self._parameter(name, binding.node, module, depth)
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
            and value.func.attr in {"parse_args_into_dataclasses", "parse_json_file", "parse_dict", *_PARSERS}
        ):
            if value.func.attr in _PARSERS:
                yield Options(module) if index == 0 else Unknown(value)
                return
            for one in self._values(value.func.value, module, depth):
                if isinstance(one, Made) and one.name.endswith("Parser()") and one.call.args:
                    yield from self._nth(one.call.args[0], index, one.module, depth)
                    return
        yield from self._nth(value, index, module, depth)

    def _nth(self, value: ast.expr, index: int | str | None, module: Module, depth: int) -> Iterator[Value]:
        for one in self._values(value, module, depth):
            if (
                isinstance(one, Literal)
                and not isinstance(one.node, ast.Dict)
                and isinstance(index, int)
                and -len(one.node.elts) <= index < len(one.node.elts)
            ):
                yield from self._passed(self._values(one.node.elts[index], one.module, depth), one)
            else:
                yield Unknown(value)

    def _each(self, value: ast.expr, index: int | str | None, module: Module, depth: int) -> Iterator[Value]:
        """Elements of a literal, one after the other: all of them are used."""
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr in {"items", "values", "keys"}
            and not value.args
        ):
            part = {"keys": 0, "values": 1}.get(value.func.attr, index)
            value = value.func.value
        else:
            part = None
        for one in self._values(value, module, depth):
            if not isinstance(one, Literal):
                yield Unknown(value)
            elif isinstance(one.node, ast.Dict):
                chosen = one.node.values if part == 1 else [key for key in one.node.keys if key is not None]
                for item in chosen[:_MAX_CANDIDATES]:
                    yield from self._passed(self._values(item, one.module, depth), one)
            else:
                for item in one.node.elts[:_MAX_CANDIDATES]:
                    if index is None:
                        yield from self._passed(self._values(item, one.module, depth), one)
                    else:
                        yield from self._passed(self._nth(item, index, one.module, depth), one)

    @staticmethod
    def _passed(values: Iterable[Value], through: Value) -> Iterator[Value]:
        for one in values:
            yield one._replace(role=_weaker(one.role, through.role), site=one.site or through.site)

    # Parameters: what callers pass, else the default.

    def _parameter(self, name: str, node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        function = module.parents.get(module.parents.get(node, node), node)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield Unknown(node)
            return
        if name in {"self", "cls"} and (owner := module.class_of(function)) is not None:
            yield Instance(owner, module)
            return
        default = default_of(function, name)
        sites = self.calls_of(function, module)
        is_omitted = not sites
        found: list[Value] = []
        for call, caller in sites:
            argument = argument_of(call, name, position_of(function, name, module))
            if argument is None and spreads(call) and (around := caller.function(call)) is not None:
                spread = list(self._decorated(around, name, caller, depth))
                found.extend(spread)
                if spread:
                    continue
            if argument is None:
                is_omitted = is_omitted or not spreads(call)
                if is_omitted and default is None:
                    found.append(Unknown(call))
                continue
            site = Place(caller.path, caller.line(call))
            role = self._branch_role(call, caller, depth)
            passed = self._values(argument, caller, depth + 2)
            found.extend(one._replace(role=_weaker(one.role, role), site=one.site or site) for one in passed)
        if default is not None:
            role = Role.DEFAULT if is_omitted and not self.project.is_overridden(module.path, name) else Role.OPTION
            found.extend(one._replace(role=_weaker(one.role, role)) for one in self._default(default, module, depth))
        elif not sites:
            found.extend(self._annotated(node, module, depth))
            found.extend(self._decorated(function, name, module, depth))
        yield from found or [Unknown(node)]

    def _default(self, default: ast.expr, module: Module, depth: int) -> Iterator[Value]:
        """A default, also inside `Field(…)`, `typer.Option(…)` and the like."""
        if isinstance(default, ast.Call):
            name = default.func.attr if isinstance(default.func, ast.Attribute) else getattr(default.func, "id", "")
            if name in _FIELD_CALLS:
                inner = argument_of(default, "default", 0)
                factory = argument_of(default, "default_factory", None)
                if isinstance(factory, ast.Lambda):
                    inner = factory.body
                if inner is None or (isinstance(inner, ast.Constant) and inner.value is Ellipsis):
                    yield Unknown(default)
                else:
                    yield from self._values(inner, module, depth)
                return
        yield from self._values(default, module, depth)

    def _annotated(self, node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        annotation = getattr(node, "annotation", None)
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str) and annotation.value.isidentifier():
            annotation = ast.copy_location(ast.Name(annotation.value, ast.Load()), annotation)
            module.parents[annotation] = node
        if isinstance(annotation, ast.Subscript):  # Annotated[str, typer.Option(…)] holds no default
            return
        if annotation is not None:
            for one in self._values(annotation, module, depth):
                if isinstance(one, Instance):
                    yield one
                elif isinstance(one, Reached) and one.name.endswith("Namespace") and has_parser(module):
                    yield Options(module)

    def _decorated(self, function: Function, name: str, module: Module, depth: int) -> Iterator[Value]:
        """Defaults of `@click.option("--name", default=…)`."""
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and option_name(decorator) == name:
                yield from self._option(decorator, module, depth)

    def calls_of(self, function: Function, module: Module) -> list[tuple[ast.Call, Module]]:
        """The calls of a function of the tree that certainly mean it, tests aside; of a constructor, those of its class."""
        known = self._calls.get(function)
        if known is None:
            known = self._calls[function] = list(islice(self._find_calls(function, module), _MAX_CALLERS))
        return known

    def _find_calls(self, function: Function, module: Module) -> Iterator[tuple[ast.Call, Module]]:
        owner = module.class_of(function) if isinstance(module.scope(function), ast.ClassDef) else None
        name = owner.name if owner is not None and function.name == "__init__" else function.name
        paths = [module.path, *(path for path in self.project.callers(name) if path != module.path)]
        for path in paths[: _MAX_CALLERS * 4]:
            caller = module if path == module.path else self.project.module(path)
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
            for path in [module.path, *(path for path in self.project.callers(owner.name) if path != module.path)][: _MAX_CALLERS * 4]:
                caller = module if path == module.path else self.project.module(path)
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
                place = self.project.path_of(caller.path, binding.imported)
                if place is not None and (place[0] == module.path or (place[1] == name and self._passes_on(place[0], name, module))):
                    return True
        return False

    def _passes_on(self, path: str, name: str, module: Module) -> bool:
        """Does a package's `__init__` import the name from the module that defines it?"""
        if not path.endswith("__init__.py"):
            return False
        package = self.project.module(path)
        if package is None:
            return False
        for binding in package.bindings[package.tree].get(name, ()):
            if binding.imported is not None:
                place = self.project.path_of(path, binding.imported)
                return place is not None and place[0] == module.path
        return False

    def _is_module(self, name: str, node: ast.AST, caller: Module, module: Module) -> bool:
        for binding in bindings_of(name, node, caller):
            if binding.imported is not None:
                place = self.project.path_of(caller.path, binding.imported)
                if place == (module.path, None):
                    return True
        return False

    def _is_instance(self, name: str, node: ast.AST, caller: Module, owner: ast.ClassDef) -> bool:
        for binding in bindings_of(name, node, caller):
            value = binding.value
            if isinstance(value, ast.Call) and last_name(value) == owner.name:
                return True
        return False

    # Imports within the tree, classes and options.

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
            role = self._branch_role(binding.node, module, depth)
            for one in self._binding(name, binding, module, depth):
                yield one._replace(role=_weaker(one.role, role))
            if module.parents.get(binding.node) is module.tree:
                return

    def _attribute(self, node: ast.Attribute, module: Module, depth: int) -> Iterator[Value]:
        for one in self._values(node.value, module, depth):
            match one:
                case Instance():
                    yield from self._passed(self._member(one, node.attr, depth), one)
                case Options():
                    yield from self._passed(self._argument(one.module, node.attr, depth), one)
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
                case Made():
                    yield one._replace(name=f"{one.name}.{node.attr}")
                case Constant() if node.attr in {"value", "name"}:
                    yield one  # a member of an enum
                case _:
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
            role = self._branch_role(binding.node, module, depth)
            for one in self._binding(name, binding, module, depth):
                yield one._replace(role=_weaker(one.role, role))
        if values:
            return
        for binding in in_class:
            if binding.value is None:
                yield Unknown(binding.node)
                continue
            role = Role.OPTION if self._is_set_by_commands(owner, name, module) else Role.DEFAULT
            for one in self._default(binding.value, module, depth):
                yield one._replace(role=_weaker(one.role, role))
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

    def _argument(self, module: Module, name: str, depth: int) -> Iterator[Value]:
        """An option of a command line: its default, and its choices as options."""
        is_known = False
        for kind in _OPTION_CALLS:
            for call in module.calls_named.get(kind, ()):
                if option_name(call) == name:
                    is_known = True
                    yield from self._option(call, module, depth)
        if not is_known:
            yield Unknown(module.tree)

    def _option(self, call: ast.Call, module: Module, depth: int) -> Iterator[Value]:
        default = argument_of(call, "default", 1 if last_name(call).startswith("DEFINE") else None)
        action = argument_of(call, "action", None)
        name = option_name(call) or ""
        role = Role.OPTION if self.project.is_overridden(module.path, name) else Role.DEFAULT
        if default is not None:
            for one in self._values(default, module, depth):
                yield one._replace(role=_weaker(one.role, role))
        elif isinstance(action, ast.Constant) and action.value in {"store_true", "store_false"}:
            yield Constant(action.value == "store_false", Place(module.path, module.line(call)))
        else:
            yield Unknown(call)
        choices = argument_of(call, "choices", None)
        if choices is not None:
            for one in self._each(choices, None, module, depth):
                if isinstance(one, Constant):
                    yield one._replace(role=Role.OPTION)

    # Text.

    def _joined(self, parts: Sequence[ast.AST], node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        """Text put together of parts that are all known."""
        texts: list[tuple[str, Role, Place | None]] = [("", Role.DEFAULT, None)]
        for part in parts:
            found = [
                one for one in self._values(part, module, depth) if isinstance(one, Constant) and isinstance(one.value, (str, int, float))
            ]
            if not found:
                yield Unknown(node)
                return
            texts = [(f"{text}{one.value}", _weaker(role, one.role), site or one.site) for text, role, site in texts for one in found[:6]][
                :_MAX_CANDIDATES
            ]
        for text, role, site in texts:
            yield Constant(text[:_MAX_TEXT], Place(module.path, module.line(node)), role, site)

    def _operation(self, node: ast.BinOp, module: Module, depth: int) -> Iterator[Value]:
        match node.op:
            case ast.Add():
                left = list(self._values(node.left, module, depth))
                if any(isinstance(one, Literal) for one in left):
                    yield from left
                    yield from self._values(node.right, module, depth)
                else:
                    yield from self._joined([node.left, node.right], node, module, depth)
            case ast.Div():
                yield from self._path([node.left, node.right], node, module, depth)
            case ast.Mod():
                yield from self._formatted(node.left, node.right, node, module, depth)
            case ast.BitOr():
                yield from self._values(node.left, module, depth)
                yield from self._values(node.right, module, depth)
            case _:
                yield Unknown(node)

    def _path(self, parts: Sequence[ast.expr], node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        texts: list[str] = []
        for part in parts:
            known = next(
                (one.value for one in self._values(part, module, depth) if isinstance(one, Constant) and isinstance(one.value, str)), None
            )
            if known is None:
                yield Unknown(node)
                return
            texts.append(known.rstrip("/"))
        yield Constant("/".join(texts)[:_MAX_TEXT], Place(module.path, module.line(node)))

    def _formatted(self, template: ast.expr, given: ast.expr, node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        parts = given.elts if isinstance(given, ast.Tuple) else [given]
        known = next(
            (one.value for one in self._values(template, module, depth) if isinstance(one, Constant) and isinstance(one.value, str)), None
        )
        texts = [next((one.value for one in self._values(part, module, depth) if isinstance(one, Constant)), None) for part in parts]
        if (
            known is None
            or len(known) > _MAX_TEXT
            or any(not isinstance(one, (str, int)) for one in texts)
            or known.count("%s") + known.count("%d") != len(texts)
        ):
            yield Unknown(node)
            return
        for text in texts:
            index = min(place for place in (known.find("%s"), known.find("%d")) if place >= 0)
            known = f"{known[:index]}{text}{known[index + 2 :]}"
        yield Constant(known[:_MAX_TEXT], Place(module.path, module.line(node)))

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
        truth = self._truth(node.test, module, depth)
        body_first = truth if truth is not None else not is_specific(node.test)
        for part, is_first in ((node.body, body_first), (node.orelse, not body_first)):
            for one in self._values(part, module, depth):
                if not isinstance(one, Unknown) or is_first:
                    yield one if is_first else one._replace(role=_weaker(one.role, Role.OPTION))

    # Containers and calls.

    def _subscript(self, node: ast.Subscript, module: Module, depth: int) -> Iterator[Value]:
        keys = [one.value for one in self._values(node.slice, module, depth) if isinstance(one, Constant)]
        for one in self._values(node.value, module, depth):
            match one:
                case Literal(node=ast.Dict()):
                    yield from self._passed(self._entries(one, keys, None, depth), one)
                case Literal() if keys and isinstance(keys[0], int):
                    yield from self._nth(node.value, keys[0], module, depth)
                case Constant(value=str() as text) if (
                    isinstance(node.slice, ast.Constant)
                    and isinstance(node.slice.value, int)
                    and -len(text) <= node.slice.value < len(text)
                ):
                    yield one._replace(value=text[node.slice.value])
                case Options() if keys and isinstance(keys[0], str):
                    yield from self._argument(one.module, keys[0], depth)
                case Made():
                    yield one._replace(name=f"{one.name}[]")
                case _:
                    yield Unknown(node)

    def _entries(self, literal: Literal, keys: Sequence[object], default: ast.expr | None, depth: int) -> Iterator[Value]:
        """Entries of a dict by key; of one whose key is not known, all, as options."""
        node = literal.node
        if not isinstance(node, ast.Dict):
            return
        is_found = False
        for key, value in zip(node.keys, node.values, strict=True):
            known = key.value if isinstance(key, ast.Constant) else None
            if keys and known in keys:
                is_found = True
                yield from self._values(value, literal.module, depth)
            elif not keys and len(node.values) <= _MAX_CANDIDATES:
                for one in self._values(value, literal.module, depth):
                    yield one._replace(role=Role.OPTION)
        if not is_found and default is not None:
            yield from self._values(default, literal.module, depth)
        elif not is_found:
            yield Unknown(node)

    def _call(self, node: ast.Call, module: Module, depth: int) -> Iterator[Value]:
        name = last_name(node)
        if isinstance(node.func, ast.Attribute):
            found = self._method(node, node.func, name, module, depth)
            if found is not None:
                yield from found
                return
        elif name in _KEEPING and node.args:
            yield from self._values(node.args[-1] if name == "cast" else node.args[0], module, depth)
            return
        elif name == "dict" and not node.args:
            yield Literal(as_dict(node, module), module)
            return
        elif name == "getattr" and len(node.args) >= 2 and isinstance(node.args[1], ast.Constant):
            attribute = ast.copy_location(ast.Attribute(node.args[0], str(node.args[1].value), ast.Load()), node)
            module.parents[attribute] = node
            yield from self._values(attribute, module, depth)
            yield from self._values(node.args[2], module, depth) if len(node.args) > 2 else ()
            return
        elif name == "vars" and node.args:
            yield from self._values(node.args[0], module, depth)
            return
        yield from self._result(node, module, depth)

    def _method(self, node: ast.Call, func: ast.Attribute, name: str, module: Module, depth: int) -> Iterator[Value] | None:
        """Methods that are understood: of text, dicts, paths and parsers; None for others."""
        if name in _PARSERS:
            return iter([Options(module)] if has_parser(module) else self._parser_elsewhere(node, module, depth))
        if name in {"format", "join"} or name in _TEXT_METHODS:
            return self._text_method(node, func, name, module, depth)
        if name in {"get", "pop", "setdefault"} and node.args:
            return self._get(node, func, module, depth)
        if name in _KEEPING and node.args:
            return iter(self._values(node.args[0], module, depth))
        if name in {"resolve", "absolute", "as_posix", "copy", "expanduser"} and not node.args:
            return iter(self._values(func.value, module, depth))
        if name == "getenv" and node.args:
            return self._lookup(node, module, depth)
        return None

    def _parser_elsewhere(self, node: ast.Call, module: Module, depth: int) -> list[Value]:
        """`parser()` of another module of the tree may define the options."""
        for imported in module.imports:
            place = self.project.path_of(module.path, imported)
            other = self.project.module(place[0]) if place is not None else None
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
        yield from self._values(default, module, depth)

    def _get(self, node: ast.Call, func: ast.Attribute, module: Module, depth: int) -> Iterator[Value]:
        default = argument_of(node, "default", 1)
        for one in self._values(func.value, module, depth):
            match one:
                case Literal(node=ast.Dict()):
                    keys = [key.value for key in self._values(node.args[0], module, depth) if isinstance(key, Constant)]
                    # A dict written as a fallback is empty as it stands; any other may be filled elsewhere.
                    is_fallback = isinstance(one.module.parents.get(one.node), ast.Call)
                    missing = default or (ast.copy_location(ast.Constant(None), node) if is_fallback and keys else None)
                    yield from self._passed(self._entries(one, keys, missing, depth), one)
                case Options() if isinstance(node.args[0], ast.Constant):
                    yield from self._argument(one.module, str(node.args[0].value), depth)
                case _ if default is not None:
                    yield from self._values(default, module, depth)
                case _:
                    yield Unknown(node)

    def _text_method(self, node: ast.Call, func: ast.Attribute, name: str, module: Module, depth: int) -> Iterator[Value]:
        base = list(self._values(func.value, module, depth))
        if name == "join":
            if any(isinstance(one, Reached) and one.name.endswith("path") for one in base):
                yield from self._path(node.args, node, module, depth)
            else:
                yield Unknown(node)
            return
        for one in base:
            if not isinstance(one, Constant) or not isinstance(one.value, str):
                yield Unknown(node)
            elif name == "format":
                yield from self._template(one, node, module, depth)
            elif name in {"lower", "upper", "strip"} and not node.args:
                yield one._replace(value=getattr(one.value, name)())
            elif name in {"rstrip", "lstrip", "removeprefix", "removesuffix"}:
                yield one
            elif name == "replace" and all(isinstance(part, ast.Constant) for part in node.args) and len(node.args) == 2:
                old, new = (str(part.value) for part in node.args if isinstance(part, ast.Constant))
                yield one._replace(value=one.value.replace(old, new)[:_MAX_TEXT]) if old else one
            else:
                yield Unknown(node)

    def _template(self, template: Constant, node: ast.Call, module: Module, depth: int) -> Iterator[Value]:
        text = str(template.value)
        for number, part in enumerate(node.args):
            known = next((one.value for one in self._values(part, module, depth) if isinstance(one, Constant)), None)
            for blank in ("{}", f"{{{number}}}"):
                if isinstance(known, (str, int)) and blank in text:
                    text = text.replace(blank, str(known), 1)[:_MAX_TEXT]
                    break
        for keyword in node.keywords:
            known = next((one.value for one in self._values(keyword.value, module, depth) if isinstance(one, Constant)), None)
            if isinstance(known, (str, int)) and keyword.arg:
                text = text.replace(f"{{{keyword.arg}}}", str(known))[:_MAX_TEXT]
        yield Unknown(node) if "{" in text else template._replace(value=text)

    def _result(self, node: ast.Call, module: Module, depth: int) -> Iterator[Value]:
        """What a call returns: an object of a class of the tree, what a function of the tree returns, or something made elsewhere."""
        function = self.definition(node, module)
        if function is not None and isinstance(function[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from self._returned(function[0], function[1], depth)
            return
        for one in self._values(node.func, module, depth):
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
                role = self._branch_role(one, module, depth, within=function)
                for value in self._values(one.value, module, depth + 1):
                    yield value._replace(role=_weaker(value.role, role))
        if not found:
            yield Unknown(function)

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
                    place = self.project.path_of(module.path, binding.imported) if binding.imported is not None else None
                    other = self.project.module(place[0]) if place is not None and place[1] is None else None
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
                place = self.project.path_of(module.path, binding.imported)
                other = self.project.module(place[0]) if place is not None and place[1] is not None else None
                if other is not None and place is not None and place[1] is not None:
                    return self._top(place[1], other)
        return None

    def _top(self, name: str, module: Module, hops: int = 3) -> tuple[Function | ast.ClassDef, Module] | None:
        for binding in module.bindings[module.tree].get(name, ()):
            if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                return binding.node, module
            if binding.imported is not None and hops:
                place = self.project.path_of(module.path, binding.imported)
                other = self.project.module(place[0]) if place is not None and place[1] is not None else None
                if other is not None and place is not None and place[1] is not None:
                    return self._top(place[1], other, hops - 1)
        return None

    # Branches: what happens as the program stands, and what only if something else is chosen.

    def branch_role(self, node: ast.AST, module: Module) -> Role:
        """OPTION for what stands in a branch that is not taken by default, else DEFAULT."""
        self._steps = 0
        self._active.clear()
        return self._branch_role(node, module, 0)

    def _branch_role(self, node: ast.AST, module: Module, depth: int, within: ast.AST | None = None) -> Role:
        current = node
        while (parent := module.parents.get(current)) is not None and current is not within:
            if isinstance(
                parent, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module, ast.If, ast.For, ast.While, ast.With, ast.Try)
            ) and self._comes_late(current, parent, module, depth):
                return Role.OPTION
            match parent:
                case ast.If() if current is not parent.test:
                    if self._branch(parent, module, depth, is_body=current in parent.body) is Role.OPTION:
                        return Role.OPTION
                case ast.IfExp() if current is not parent.test:
                    truth = self._truth(parent.test, module, depth)
                    body_first = truth if truth is not None else not is_specific(parent.test)
                    if body_first is not (current is parent.body):
                        return Role.OPTION
                case ast.match_case() if not is_wildcard(parent):
                    return Role.OPTION
                case ast.ExceptHandler():
                    return Role.OPTION
                case _:
                    pass
            current = parent
        return Role.DEFAULT

    def _branch(self, node: ast.If, module: Module, depth: int, *, is_body: bool) -> Role:
        if is_main(node.test):
            return Role.OPTION if self._is_library(module) else Role.DEFAULT
        truth = self._truth(node.test, module, depth)
        if truth is not None:
            return Role.DEFAULT if truth is is_body else Role.OPTION
        if is_body:
            return Role.OPTION if is_specific(node.test) else Role.DEFAULT
        # Under a chain of names to choose from, the first branch for anything else is the default, and what is left is not.
        return Role.OPTION if chooses_above(node, module) and not is_specific(node.test) else Role.DEFAULT

    def _is_library(self, module: Module) -> bool:
        """Do others import what a module defines? What runs when it is run itself then only shows how to use it."""
        if module not in self._libraries:
            defines = any(isinstance(one, (ast.ClassDef, ast.FunctionDef)) and one.name != "main" for one in module.tree.body)
            self._libraries[module] = defines and module.path.rpartition("/")[2].removesuffix(".py") in self.project.imported
        return self._libraries[module]

    def _comes_late(self, node: ast.AST, parent: ast.AST, module: Module, depth: int) -> bool:
        """Does a statement follow one behind which its block is left, as the program stands?"""
        for body in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            if not isinstance(body, list) or not body:
                continue
            first = body[0]
            if first not in self._ends:
                self._ends[first] = (len(body), {})
                at = next((at for at, one in enumerate(body) if isinstance(one, ast.If) and self._is_exit(one, module, depth)), len(body))
                # Which statements come later is asked for each of them: one look into a dict, whatever the length of the block.
                self._ends[first] = (at, {one: number for number, one in enumerate(body)} if at < len(body) else {})
            end, numbers = self._ends[first]
            if numbers.get(node, -1) > end:
                return True
        return False

    def _is_exit(self, node: ast.If, module: Module, depth: int) -> bool:
        """Is what follows left out by default: a branch that is taken returns, or one for whatever is not named does?"""
        if not node.orelse and node.body and isinstance(node.body[-1], (ast.Return, ast.Continue, ast.Break)):
            return not is_main(node.test) and self._truth(node.test, module, depth) is True
        return is_whole_choice(node)

    def _truth(self, test: ast.expr, module: Module, depth: int) -> bool | None:
        if test not in self._truths:
            self._truths[test] = None  # a test that hangs on itself is not known
            self._truths[test] = self._judge(test, module, depth)
        return self._truths[test]

    def _judge(self, test: ast.expr, module: Module, depth: int) -> bool | None:
        match test:
            case ast.UnaryOp(op=ast.Not()):
                inner = self._truth(test.operand, module, depth + 1)
                return None if inner is None else not inner
            case ast.BoolOp():
                parts = [self._truth(part, module, depth + 1) for part in test.values]
                decisive = isinstance(test.op, ast.Or)
                if decisive in parts:
                    return decisive
                return None if None in parts else not decisive
            case ast.Compare(ops=[op]):
                return self._compared(test.left, op, test.comparators[0], module, depth)
            case ast.Call(func=ast.Attribute(attr="startswith" | "endswith" as name), args=[argument]):
                base, part = self._sure(test.func.value, module, depth), self._sure(argument, module, depth)  # type: ignore[attr-defined]  # the pattern says so
                if base is None or part is None or not isinstance(base.value, str) or not isinstance(part.value, str):
                    return None
                return base.value.startswith(part.value) if name == "startswith" else base.value.endswith(part.value)
            case _:
                pass
        known = self._sure(test, module, depth)
        return bool(known.value) if known is not None else None

    def _sure(self, expression: ast.expr, module: Module, depth: int) -> Constant | None:
        """The one value that an expression has by default, if nothing about it is unknown."""
        found = list(self._values(expression, module, depth + 1))
        if any(isinstance(one, Unknown) for one in found):
            return None
        defaults = [one for one in found if one.role is Role.DEFAULT]
        values = {repr(one.value) for one in defaults if isinstance(one, Constant)}
        return (
            next((one for one in defaults if isinstance(one, Constant)), None)
            if len(values) == 1 and len(values) == len(set(map(repr, _plain(defaults))))
            else None
        )

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr, module: Module, depth: int) -> bool | None:
        one = self._sure(left, module, depth)
        if one is None:
            return None
        if isinstance(op, (ast.In, ast.NotIn)):
            if not isinstance(right, (ast.List, ast.Tuple, ast.Set)) or not all(isinstance(part, ast.Constant) for part in right.elts):
                return None
            is_in = any(isinstance(part, ast.Constant) and part.value == one.value for part in right.elts)
            return is_in is isinstance(op, ast.In)
        other = self._sure(right, module, depth)
        if other is None:
            return None
        if isinstance(op, (ast.Eq, ast.Is)):
            return one.value == other.value
        if isinstance(op, (ast.NotEq, ast.IsNot)):
            return one.value != other.value
        return None

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


def _unique(values: Iterable[Value]) -> list[Value]:
    found: dict[object, Value] = {}
    for one in values:
        key = (one.value, one.place, one.site) if isinstance(one, Constant) else id(one)
        known = found.get(key)
        if known is None or (known.role is not Role.DEFAULT and one.role is Role.DEFAULT):
            found[key] = one
    return list(found.values())


def _plain(values: Iterable[Value]) -> list[object]:
    return [one.value if isinstance(one, Constant) else id(one) for one in values]
