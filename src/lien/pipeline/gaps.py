"""Which models and data sets nobody has described yet: those that a cache or the Hub may be asked about."""

from collections.abc import Callable, Sequence

from lien.catalog.store import Catalog
from lien.graph.fragments import ArtifactSeen, Fragment, LicenseClaim, RelationSeen
from lien.resolvers.conventions import is_lineage
from lien.vocabulary.ids import is_hub_artifact

__all__ = ["undescribed"]


def undescribed(fragments: Sequence[Fragment], catalog: Catalog) -> tuple[dict[str, str], Callable[[str], bool]]:
    """Ids with the names as they were written, and whether an id is known without asking: made here, or in the catalogue."""
    told = {one.artifact for one in fragments if isinstance(one, LicenseClaim)} | {
        one.downstream for one in fragments if isinstance(one, RelationSeen) and is_lineage(one)
    }
    made = {one.id for one in fragments if isinstance(one, ArtifactSeen) and one.made_here}

    def is_known(identifier: str) -> bool:
        return identifier in made or catalog.artifact(catalog.canonical(identifier)) is not None

    # The Hub knows names by their own spelling; ours are in lower case.
    written = {
        one.id: one.name for one in fragments if isinstance(one, ArtifactSeen) and one.name and one.id.endswith(f":{one.name.lower()}")
    }
    named = {one.id for one in fragments if isinstance(one, ArtifactSeen)}
    named |= {end for one in fragments if isinstance(one, RelationSeen) for end in (one.downstream, one.upstream)}
    open_ones = [one for one in sorted(named - told) if is_hub_artifact(one) and not is_known(one)]
    return {one: written.get(one) or one.partition(":")[2] for one in open_ones}, is_known
