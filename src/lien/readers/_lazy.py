"""A reader whose module is imported when the first file of its names is met."""

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from typing import cast

from lien.errors import InputError
from lien.graph.fragments import DependenciesSeen, Fragment
from lien.readers.interface import ListReader, Reader, StrictReader
from lien.sources.source import Source

__all__ = ["LazyReader"]


class LazyReader:
    """Stands for a reader until one of its files is met: `lien audit` on two files imports no thirty formats.

    `endings` and `beginnings` are of base names in lower case; a file that has none of them is not of this
    format. They are a first sieve: the reader's own `claims` decides.
    """

    def __init__(self, module: str, reader: str, *, endings: tuple[str, ...] = (), beginnings: tuple[str, ...] = ()) -> None:
        self._module, self._reader, self._endings, self._beginnings = module, reader, endings, beginnings

    @cached_property
    def _loaded(self) -> Reader:
        return cast("Reader", getattr(import_module(f"lien.readers.{self._module}"), self._reader)())

    @property
    def name(self) -> str:
        """The reader's own."""
        return self._loaded.name

    @property
    def owed(self) -> bool:
        """The reader's own."""
        return self._loaded.owed

    @property
    def max_bytes(self) -> int:
        """The reader's own."""
        return self._loaded.max_bytes

    def claims(self, path: str) -> bool:
        """By the sieve first, then by the reader itself."""
        name = path.rpartition("/")[2].lower()
        return (name.endswith(self._endings) or name.startswith(self._beginnings)) and self._loaded.claims(path)

    def accepts(self, head: bytes) -> bool:
        """The reader's own."""
        return self._loaded.accepts(head)

    def read(self, source: Source) -> Iterator[Fragment]:
        """The reader's own."""
        return self._loaded.read(source)

    def read_lists(self, source: Source, lists: list[DependenciesSeen]) -> Iterator[Fragment]:
        """The reader's own; if it keeps no lists, what it reads."""
        loaded = self._loaded
        return loaded.read_lists(source, lists) if isinstance(loaded, ListReader) else loaded.read(source)

    def violations(self, source: Source) -> Iterator[InputError]:
        """The reader's own; none if its format has no schema."""
        loaded = self._loaded
        return loaded.violations(source) if isinstance(loaded, StrictReader) else iter(())
