"""Everything that one parsed Python file says, put together in the order of its lines."""

from collections.abc import Iterator

from lien.graph.fragments import Evidence, Fragment, LicenseClaim
from lien.readers._python_module import Module
from lien.readers._python_project import project_of
from lien.readers._python_tables import Entry, Tables
from lien.readers._python_training import made_by
from lien.readers._python_uses import READER, Use, Uses, fragments_of
from lien.readers._python_values import Evaluator
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

__all__ = ["read_module"]


def read_module(module: Module, tree: Tree) -> Iterator[Fragment]:
    """The fragments of a module: what the product uses by it, and what it makes."""
    uses = Uses(module, Evaluator(project_of(tree)), tree)
    found: list[Entry] = [*map(Entry, uses.all()), *Tables(module, uses).all()]
    found.sort(key=lambda one: _order(one.use, module))
    making = made_by(module, uses)
    fragments: list[Fragment] = list(making.fragments([one.use for one in found])) if making is not None else []
    fragments.extend(fragments_of([one.use for one in found if making is None or not making.takes(one.use)]))
    for entry in found:
        if entry.license is not None and entry.use.id is not None:
            text, place = entry.license
            evidence = Evidence(place.path, place.line, None, text, READER)
            fragments.append(LicenseClaim(entry.use.id, text, Scheme.FREE_TEXT, evidence, module.path))
    yield from dict.fromkeys(fragments)


def _order(use: Use, module: Module) -> tuple[object, ...]:
    return (use.place.path != module.path, use.place, use.id or "", use.written)
