"""Everything that one parsed Python file says, put together in the order of its lines."""

from collections.abc import Iterator

from lien.graph.fragments import Fragment
from lien.readers._python_module import Module
from lien.readers._python_project import project_of
from lien.readers._python_uses import Uses, fragments_of
from lien.readers._python_values import Evaluator
from lien.sources.tree import Tree

__all__ = ["read_module"]


def read_module(module: Module, tree: Tree) -> Iterator[Fragment]:
    """The fragments of a module."""
    uses = Uses(module, Evaluator(project_of(tree)), tree)
    found = uses.all()
    found.sort(key=lambda one: (one.place.path != module.path, one.place, one.id or "", one.written))
    yield from dict.fromkeys(fragments_of(found))
