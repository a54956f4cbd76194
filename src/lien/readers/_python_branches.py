"""Branches of a Python module: what happens as the program stands, and what only if something else is chosen."""

import ast
from typing import Final

from lien.graph.fragments import Role
from lien.readers._python_module import Module
from lien.readers._python_project import Project
from lien.readers._python_syntax import chooses_above, is_main, is_specific, is_whole_choice, is_wildcard
from lien.readers._python_values import Constant, Follow, Unknown, plain

__all__ = ["Branches"]

_PROGRAMS: Final = frozenset({"command", "HfArgumentParser", "Fire"})
"""Calls of those who make a command line of their functions or classes: click, typer, transformers, fire."""

_BLOCKS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module, ast.If, ast.For, ast.While, ast.With, ast.Try)


class Branches:
    """Judges tests by the values that their parts have by default."""

    def __init__(self, project: Project, follow: Follow) -> None:
        self._project = project
        self._follow = follow
        self._truths: dict[ast.AST, bool | None] = {}
        self._libraries: dict[Module, bool] = {}
        self._ends: dict[ast.AST, tuple[int, dict[ast.AST, int]]] = {}
        """By the first statement of a block: where it is left, and the number of each of its statements."""

    def role(self, node: ast.AST, module: Module, depth: int, within: ast.AST | None = None) -> Role:
        """OPTION for what stands in a branch that is not taken by default, else DEFAULT; branches outside `within` do not count."""
        current = node
        while (parent := module.parents.get(current)) is not None and current is not within:
            if isinstance(parent, _BLOCKS) and self._comes_late(current, parent, module, depth):
                return Role.OPTION
            match parent:
                case ast.If() if current is not parent.test:
                    if self._branch(parent, module, depth, is_body=current in parent.body) is Role.OPTION:
                        return Role.OPTION
                case ast.IfExp() if current is not parent.test:
                    truth = self.truth(parent.test, module, depth)
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
        truth = self.truth(node.test, module, depth)
        if truth is not None:
            return Role.DEFAULT if truth is is_body else Role.OPTION
        if is_body:
            return Role.OPTION if is_specific(node.test) else Role.DEFAULT
        # Under a chain of names to choose from, the first branch for anything else is the default, and what is left is not.
        return Role.OPTION if chooses_above(node, module) and not is_specific(node.test) else Role.DEFAULT

    def _is_library(self, module: Module) -> bool:
        """Do others import what a module defines? What runs when it is run itself then only shows how to use it.

        One with click's options or that a documented command runs is a program all the same.
        """
        if module not in self._libraries:
            name = module.path.rpartition("/")[2].removesuffix(".py")
            is_program = bool(_PROGRAMS & module.calls_named.keys()) or any(script == name for script, _ in self._project.commands)
            defines = any(isinstance(one, (ast.ClassDef, ast.FunctionDef)) and one.name != "main" for one in module.tree.body)
            self._libraries[module] = defines and not is_program and name in self._project.imported
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
            return not is_main(node.test) and self.truth(node.test, module, depth) is True
        return is_whole_choice(node)

    def truth(self, test: ast.expr, module: Module, depth: int) -> bool | None:
        """Is a test true as the program stands; None where that cannot be told."""
        if test not in self._truths:
            self._truths[test] = None  # a test that hangs on itself is not known
            self._truths[test] = self._judge(test, module, depth)
        return self._truths[test]

    def _judge(self, test: ast.expr, module: Module, depth: int) -> bool | None:
        match test:
            case ast.UnaryOp(op=ast.Not()):
                inner = self.truth(test.operand, module, depth + 1)
                return None if inner is None else not inner
            case ast.BoolOp():
                parts = [self.truth(part, module, depth + 1) for part in test.values]
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
        found = list(self._follow(expression, module, depth + 1))
        if any(isinstance(one, Unknown) for one in found):
            return None
        defaults = [one for one in found if one.role is Role.DEFAULT]
        values = {repr(one.value) for one in defaults if isinstance(one, Constant)}
        return (
            next((one for one in defaults if isinstance(one, Constant)), None)
            if len(values) == 1 and len(values) == len(set(map(repr, plain(defaults))))
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
