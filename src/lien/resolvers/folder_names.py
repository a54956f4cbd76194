"""Models that are loaded from a folder of the maker's machine, by the folder's name: a guess, marked as inferred.

Recipes of fine-tunes name their base as `./weights/llama-7b`. Where exactly one known model has that name, its
lineage goes into the answer as inferred, at the place that names the folder; else the reference stays unresolved.
"""

from collections.abc import Iterable, Iterator

from lien.catalog.store import Catalog
from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, UnresolvedReference
from lien.resolvers.conventions import model_of_name
from lien.vocabulary.ids import telling_folder
from lien.vocabulary.kinds import Basis, Kind

__all__ = ["through_folder_names"]

_NOTE = "a local folder of this name"


def through_folder_names(catalog: Catalog, fragments: Iterable[Fragment]) -> list[Fragment]:
    """The fragments, with references to models by a telling folder turned into inferred relations to the one known model of that name."""
    return [made for one in fragments for made in _followed(catalog, one)]


def _followed(catalog: Catalog, fragment: Fragment) -> Iterator[Fragment]:
    if isinstance(fragment, UnresolvedReference) and fragment.type is not None and fragment.kind is Kind.MODEL:
        name = telling_folder(fragment.what)
        found = model_of_name(catalog, name) if name is not None else None
        if found is not None and found != fragment.downstream:
            evidence = fragment.evidence._replace(basis=Basis.INFERRED, source=_NOTE)
            yield ArtifactSeen(found, Kind.MODEL, evidence, name=fragment.what)
            yield RelationSeen(fragment.downstream, fragment.type, found, evidence, fragment.role, note=_NOTE)
            return
    yield fragment
