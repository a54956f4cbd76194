"""How a call in a Python module names what it uses: the argument that a row of the table tells, resolved to ids."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from lien.graph.fragments import Role
from lien.readers._python_calls import Row
from lien.readers._python_evaluator import Evaluator
from lien.readers._python_module import Module
from lien.readers._python_roles import Roles
from lien.readers._python_syntax import argument_of
from lien.readers._python_use import Use
from lien.readers._python_values import MAX_CANDIDATES, Constant, Literal, Made, Place, Reached, Unknown, Value
from lien.readers._references import Reference, has_no_owner, model_reference
from lien.sources.tree import Tree
from lien.vocabulary.ids import hub_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["OUTPUT_NAME", "Naming", "Resolver", "dotted", "keyword_of", "shown"]

OUTPUT_NAME = re.compile(
    r"(?:output|save|out|ckpt|checkpoint|log|export|target|dest|merged|trained|finetuned)(?:_?(?:dir|path|folder|name))?$"
)
"""What a name that says where something is written ends in."""

_GIVEN = re.compile(
    r"(?:(?:builtins\.)?input|(?:json|yaml|toml|tomllib|tomli|orjson)\.(?:\w+_)?loads?|configparser\.\w+"
    r"|(?:streamlit|st|gradio|gr|inquirer|questionary|click)\.[\w.]+|(?:flask|fastapi)\.[\w.]+|sys\.argv)(?:\(\)|\[\])"
)
"""What a person, a file or a request gives while the program runs."""

Resolver = Callable[[str], Reference]
"""From a name as it is written to what it refers to."""


class Naming:
    """Names in the calls of one module; a name that nothing in the tree gives is said once."""

    def __init__(self, module: Module, evaluator: Evaluator, tree: Tree) -> None:
        self.module = module
        self.evaluator = evaluator
        self.tree = tree
        self.role = Roles(module, evaluator).of
        self._unresolved: set[str] = set()

    def use(self, reference: Reference | str, relation: Relation, constant: Constant, call: ast.Call, **more: object) -> Use:
        identifier = reference if isinstance(reference, str) else reference.id
        reason = None if isinstance(reference, str) else reference.reason
        here = Place(self.module.path, self.module.line(call))
        own = self.role(call)
        role = own if own is not Role.DEFAULT else constant.role
        place = here if constant.site is None else constant.site
        if constant.site is None and constant.place.path == here.path:
            place = constant.place if abs(constant.place.line - here.line) <= 3 else here
        return Use(identifier, relation, role, place, constant.place, str(constant.value), reason, call, **more)  # type: ignore[arg-type]  # fields of a named tuple

    def named_by(self, row: Row, call: ast.Call, resolve: Resolver, what: str, relation: Relation = Relation.LOADS) -> Iterator[Use]:
        """Every candidate of the argument that a row names, resolved; or one unresolved reference."""
        expression = self.argument(row, call)
        if expression is None:
            if row.assumed is not None:
                constant = Constant(row.assumed, Place(self.module.path, self.module.line(call)))
                yield self.use(resolve(row.assumed), relation, constant, call)._replace(
                    written=shown(call.func), aliases=_bare(row.assumed)
                )
            return
        yield from self._candidates(expression, call, resolve, what, relation)

    def _candidates(self, expression: ast.expr, call: ast.Call, resolve: Resolver, what: str, relation: Relation) -> Iterator[Use]:
        texts = [one for one in self.evaluator.texts(expression, self.module) if str(one.value).strip()]
        if not texts:
            yield from self.lost(expression, call, what)
            return
        for one in texts:
            reference = resolve(str(one.value))
            use = self.use(reference, relation, one, call)
            if reference.id is None:
                yield from self.said_once(use._replace(kind=_kind_named(what)))
            else:
                yield use
        if len(texts) >= MAX_CANDIDATES:
            place = Place(self.module.path, self.module.line(call))
            reason = f"stands for {MAX_CANDIDATES} names or more, of which lien followed so many"
            yield from self.said_once(
                Use(None, relation, Role.DEFAULT, place, place, shown(expression), reason, call, kind=_kind_named(what))
            )

    def argument(self, row: Row, call: ast.Call) -> ast.expr | None:
        found = keyword_of(call, row.keywords)
        if found is not None:
            return found
        if row.position is not None:
            found = argument_of(call, "", row.position)
            if found is not None:
                return found
        for keyword in call.keywords:
            if keyword.arg is None:
                for one in self.evaluator.values(keyword.value, self.module):
                    if isinstance(one, Literal) and isinstance(one.node, ast.Dict):
                        for key, value in zip(one.node.keys, one.node.values, strict=True):
                            if isinstance(key, ast.Constant) and key.value in row.keywords:
                                return value
        return None

    def lost(self, expression: ast.expr, call: ast.Call, what: str) -> Iterator[Use]:
        """One unresolved reference, where the argument is a name that nothing in the tree gives a value; objects are none."""
        values = self.evaluator.values(expression, self.module)
        if not values or not all(_is_lost(one) for one in values):
            return
        written = shown(expression)
        if OUTPUT_NAME.search(written.lower()) or self.role(call) is not Role.DEFAULT:
            return
        reason = f"names {what} that the code alone does not tell; name it in the code, or declare it in lien.toml"
        place = Place(self.module.path, self.module.line(call))
        kind = _kind_named(what)
        relation = Relation.CALLS if kind is Kind.SERVICE else Relation.LOADS
        yield from self.said_once(Use(None, relation, Role.DEFAULT, place, place, written, reason, call, kind=kind))

    def said_once(self, use: Use) -> Iterator[Use]:
        if use.role is Role.DEFAULT and use.written not in self._unresolved:
            self._unresolved.add(use.written)
            yield use

    def model(self, text: str) -> Reference:
        reference = model_reference(text, self.tree, self.module.path)
        if reference.id is not None and hub_id(text) is not None and has_no_owner(text):
            return Reference(None, "is a name without an owner, which may be a folder; write OWNER/NAME")
        return reference


def _is_lost(value: Value) -> bool:
    """Is this a name that nobody here can tell: nothing known, or what a program outside the tree gives at run time?"""
    match value:
        case Unknown():
            return True
        case Constant():
            return not value.value
        case Made(name=name):
            return _GIVEN.match(name) is not None
        case Reached(name=name):
            return "." in name and not name.startswith("tree:") and not name.rpartition(".")[2][:1].isupper()
        case _:
            return False


def _kind_named(what: str) -> Kind:
    return Kind.DATASET if "dataset" in what else Kind.SERVICE if "hosted" in what else Kind.MODEL


def keyword_of(call: ast.Call, names: Sequence[str]) -> ast.expr | None:
    return next((one.value for name in names for one in call.keywords if one.arg == name), None)


def dotted(expression: ast.expr) -> str:
    """The name of what is called, as written: `client.chat.completions.create`."""
    parts: list[str] = []
    current: ast.expr = expression
    while isinstance(current, ast.Attribute):
        parts.append(current.attr)
        current = current.value
    if isinstance(current, ast.Name):
        parts.append(current.id)
    elif isinstance(current, ast.Call):
        parts.append(f"{dotted(current.func)}()")
    return ".".join(reversed(parts))


def shown(expression: ast.expr) -> str:
    try:
        text = ast.unparse(expression)
    except (RecursionError, ValueError):
        return "an expression"
    return text if len(text) <= 80 else f"{text[:77]}..."


def _bare(name: str) -> tuple[str, ...]:
    """The name without its owner, as libraries that bring their own model call it."""
    return (name.rpartition("/")[2].lower(),) if "/" in name else ()
