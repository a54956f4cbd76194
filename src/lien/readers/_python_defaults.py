"""What is given where nothing else is chosen: parameters of functions, options of a command line, and their defaults."""

import ast
from collections.abc import Iterator

from lien.graph.fragments import Role
from lien.readers._python_branches import Branches
from lien.readers._python_containers import Containers
from lien.readers._python_definitions import Definitions
from lien.readers._python_module import Module, last_name
from lien.readers._python_project import Project
from lien.readers._python_syntax import argument_of, default_of, has_parser, option_name, position_of, spreads
from lien.readers._python_values import Constant, Follow, Function, Instance, Options, Place, Reached, Unknown, Value, weaker

__all__ = ["Defaults"]

_FIELD_CALLS = frozenset({"field", "Field", "Option", "Argument", "Parameter", "ib", "attrib", "Query", "Body", "Form"})
_OPTION_CALLS = ("add_argument", "option", "DEFINE_string", "DEFINE_enum")


class Defaults:
    """Defaults with the values that callers and documented commands put in their place."""

    def __init__(self, project: Project, definitions: Definitions, branches: Branches, containers: Containers, follow: Follow) -> None:
        self._project = project
        self._definitions = definitions
        self._branches = branches
        self._containers = containers
        self._follow = follow

    def parameter(self, name: str, node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        """A parameter: what callers pass, else the default."""
        function = module.parents.get(module.parents.get(node, node), node)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield Unknown(node)
            return
        if name in {"self", "cls"} and (owner := module.class_of(function)) is not None:
            yield Instance(owner, module)
            return
        default = default_of(function, name)
        sites = self._definitions.calls_of(function, module)
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
            role = self._branches.role(call, caller, depth)
            passed = self._follow(argument, caller, depth + 2)
            found.extend(one._replace(role=weaker(one.role, role), site=one.site or site) for one in passed)
        if default is not None:
            role = Role.DEFAULT if is_omitted and not self._project.is_overridden(module.path, name) else Role.OPTION
            found.extend(one._replace(role=weaker(one.role, role)) for one in self.default(default, module, depth))
        elif not sites:
            found.extend(self._annotated(node, module, depth))
            found.extend(self._decorated(function, name, module, depth))
        yield from found or [Unknown(node)]

    def default(self, default: ast.expr, module: Module, depth: int) -> Iterator[Value]:
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
                    yield from self._follow(inner, module, depth)
                return
        yield from self._follow(default, module, depth)

    def _annotated(self, node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        annotation = getattr(node, "annotation", None)
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str) and annotation.value.isidentifier():
            annotation = ast.copy_location(ast.Name(annotation.value, ast.Load()), annotation)
            module.parents[annotation] = node
        if isinstance(annotation, ast.Subscript):  # Annotated[str, typer.Option(…)] holds no default
            return
        if annotation is not None:
            for one in self._follow(annotation, module, depth):
                if isinstance(one, Instance):
                    yield one
                elif isinstance(one, Reached) and one.name.endswith("Namespace") and has_parser(module):
                    yield Options(module)

    def _decorated(self, function: Function, name: str, module: Module, depth: int) -> Iterator[Value]:
        """Defaults of `@click.option("--name", default=…)`."""
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and option_name(decorator) == name:
                yield from self._option(decorator, module, depth)

    def argument(self, module: Module, name: str, depth: int) -> Iterator[Value]:
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
        role = Role.OPTION if self._project.is_overridden(module.path, name) else Role.DEFAULT
        if default is not None:
            for one in self._follow(default, module, depth):
                yield one._replace(role=weaker(one.role, role))
        elif isinstance(action, ast.Constant) and action.value in {"store_true", "store_false"}:
            yield Constant(action.value == "store_false", Place(module.path, module.line(call)))
        else:
            yield Unknown(call)
        choices = argument_of(call, "choices", None)
        if choices is not None:
            for one in self._containers.each(choices, None, module, depth):
                if isinstance(one, Constant):
                    yield one._replace(role=Role.OPTION)
