"""What the local cache of the Hugging Face Hub can add, when it is asked for."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lien.catalog.store import Catalog
from lien.graph.fragments import Fragment
from lien.pipeline.gaps import undescribed
from lien.readers.hub_card import HubCardReader
from lien.readers.interface import Reader
from lien.readers.model_repository import ModelRepositoryReader
from lien.resolvers.hf_cache import HubCache, from_cache
from lien.sources.source import Source

__all__ = ["cached_facts"]

_READERS: tuple[Reader, ...] = (HubCardReader(), ModelRepositoryReader())
_HEAD_BYTES = 4096


def cached_facts(fragments: Sequence[Fragment], catalog: Catalog, cache: Path) -> list[Fragment]:
    """Licences and lineage of models and data sets that the inputs name and the catalogue does not know.

    Raises UsageError for a folder that is no cache.
    """
    wanted, is_known = undescribed(fragments, catalog)
    return list(from_cache(HubCache(cache), wanted, is_known, _read))


def _read(source: Source) -> Iterator[Fragment]:
    for reader in _READERS:
        if reader.claims(source.path) and reader.accepts(source.head(_HEAD_BYTES)):
            yield from reader.read(source)
