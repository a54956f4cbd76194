"""Whether what a place in a Python module does is done by default: by its branches, and by the calls of its function."""

import ast
import re
from functools import cached_property

from lien.graph.fragments import Role
from lien.readers._python_evaluator import Evaluator
from lien.readers._python_module import Module

__all__ = ["Roles"]

_EVALUATION = re.compile(
    r"(?:^|[/_.-])(?:eval|evals|evaluate|evaluation|benchmark|benchmarks|decontaminate|decontamination)(?:[/_.-]|$)", re.IGNORECASE
)
_STAND_INS = re.compile(r"(?:^|[/_])(?:make|create|generate|build)_(?:tiny|dummy|mock|fake)_", re.IGNORECASE)
"""Scripts and folders that make small stand-ins of models for tests."""


class Roles:
    """The roles of the places of one module."""

    def __init__(self, module: Module, evaluator: Evaluator) -> None:
        self._module = module
        self._evaluator = evaluator
        self._function_roles: dict[ast.AST, Role] = {}

    def of(self, node: ast.AST) -> Role:
        """What the branches around a node, and those around the calls of its function, say."""
        if self.is_evaluation:
            return Role.EVALUATION
        if _STAND_INS.search(self._module.path):
            return Role.DEVELOPMENT
        if not self._evaluator.project.is_chosen_plugin(self._module.path):
            return Role.OPTION
        if self._evaluator.branch_role(node, self._module) is Role.OPTION:
            return Role.OPTION
        return self._called_role(node, self._module, 0)

    @cached_property
    def is_evaluation(self) -> bool:
        """Does the file's own name say that it measures, or compares with what measures?"""
        return _EVALUATION.search(self._module.path.rpartition(".")[0]) is not None

    def _called_role(self, node: ast.AST, module: Module, depth: int) -> Role:
        """OPTION where every call of the function around a node, as far as they are known, stands in a branch not taken."""
        function = module.function(node)
        if function is None or depth > 20:
            return Role.DEFAULT
        if function in self._function_roles:
            return self._function_roles[function]
        self._function_roles[function] = Role.OPTION  # which is right if it is called by itself alone
        sites = self._evaluator.definitions.calls_of(function, module)
        owner = module.class_of(function) if isinstance(module.scope(function), ast.ClassDef) else None
        if not sites and owner is not None and function.name != "__init__":
            # Whoever makes the object calls its methods, though by a name that tells nothing.
            sites = self._evaluator.definitions.constructions(owner, module)
        is_given_away = function.name in module.passed_names
        role = Role.DEFAULT
        if sites and not is_given_away and all(self._site_role(call, caller, depth) is Role.OPTION for call, caller in sites):
            role = Role.OPTION
        self._function_roles[function] = role
        return role

    def _site_role(self, call: ast.Call, caller: Module, depth: int) -> Role:
        if self._evaluator.branch_role(call, caller) is Role.OPTION:
            return Role.OPTION
        return self._called_role(call, caller, depth + 1)
