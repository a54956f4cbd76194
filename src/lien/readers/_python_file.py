"""Everything that one parsed Python file says, put together in the order of its lines."""

from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import Fragment, LicenseClaim, Role
from lien.readers._python_commands import command_facts
from lien.readers._python_configs import written_configs
from lien.readers._python_evaluator import Evaluator
from lien.readers._python_module import Module
from lien.readers._python_project import project_of
from lien.readers._python_tables import MAX_ENTRIES, Entry, Tables
from lien.readers._python_training import made_by
from lien.readers._python_use import Use, evidence_at, fragments_of
from lien.readers._python_uses import MAX_USES, Uses
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

__all__ = ["read_module"]


def read_module(module: Module, tree: Tree, *, least: Role = Role.DEFAULT) -> Iterator[Fragment]:
    """The fragments of a module: what the product uses by it, and what it makes.

    Raises InputError behind the first of them if it names more than lien looks at. `least` is the role of what the module would use by default, where the module itself is one thing to choose from.
    """
    uses = Uses(module, Evaluator(project_of(tree)), tree)
    configs = written_configs(module, uses.evaluator, tree)
    told = {one.node for one in configs}
    tables = Tables(module, uses)
    found: list[Entry] = [*(Entry(use) for use in uses.all() if use.call not in told), *tables.all()]
    found.sort(key=lambda one: _order(one.use, module))
    making = made_by(module, uses)
    fragments: list[Fragment] = list(making.fragments([one.use for one in found])) if making is not None else []
    fragments.extend(fragment for one in configs for fragment in one.fragments)
    rest = [one.use for one in found if making is None or not making.takes(one.use)]
    if making is not None and making.kind is Kind.DATASET:
        least = Role.BUILD  # what writes data is not needed to run
    fragments.extend(fragments_of([use._replace(role=least) if use.role is Role.DEFAULT else use for use in rest]))
    for entry in found:
        if entry.license is not None and entry.use.id is not None:
            text, place = entry.license
            evidence = evidence_at(place, text)
            fragments.append(LicenseClaim(entry.use.id, text, Scheme.FREE_TEXT, evidence, module.path))
    fragments.extend(command_facts(module, uses))
    yield from dict.fromkeys(fragments)
    if uses.is_cut:
        raise InputError(f"names more than {MAX_USES} models, datasets and services, of which lien read the first", path=module.path)
    if tables.is_cut:
        raise InputError(f"holds a table of more than {MAX_ENTRIES} models, of which lien read the first", path=module.path)


def _order(use: Use, module: Module) -> tuple[object, ...]:
    return (use.place.path != module.path, use.place, use.id or "", use.written)
