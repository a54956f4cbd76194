"""What a reader is: it knows its files by name, and turns one Source into fragments."""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from lien.errors import InputError
from lien.graph.fragments import DependenciesSeen, Fragment
from lien.sources.source import Source

__all__ = ["ListReader", "Reader", "StrictReader"]


class Reader(Protocol):
    """One input format.

    A reader yields facts in file order, each with evidence; says the role *as written*; and never
    interprets a licence: it yields claims. What it cannot read raises InputError with the place.
    """

    @property
    def name(self) -> str:
        """Shown as `reader` in evidence, such as `cyclonedx-json`."""
        ...

    @property
    def owed(self) -> bool:
        """Is a file of this format owed: must an audit that could not read it end with exit code 2?"""
        ...

    @property
    def max_bytes(self) -> int:
        """Files larger than this are refused by the source, before they are read."""
        ...

    def claims(self, path: str) -> bool:
        """Is a file with this relative path, by its name alone, one that this reader should try?"""
        ...

    def accepts(self, head: bytes) -> bool:
        """Does a file that `claims` named begin like this format? `head` is its first 4 KiB."""
        ...

    def read(self, source: Source) -> Iterator[Fragment]:
        """The fragments of one file, in file order. Raises InputError if it is not what it claims to be."""
        ...


@runtime_checkable
class ListReader(Protocol):
    """What a reader offers beside `read` where a file of its format may list hundreds of thousands of dependencies."""

    def read_lists(self, source: Source, lists: list[DependenciesSeen]) -> Iterator[Fragment]:
        """As `read`, but with relations that can be kept as lists in `lists` instead; together they say the same."""
        ...


@runtime_checkable
class StrictReader(Protocol):
    """What a reader offers beside `read` where its format has an official schema."""

    def violations(self, source: Source) -> Iterator[InputError]:
        """Every way in which the file breaks its format's schema, with its place; none if it is no such file or cannot be parsed.

        `read` is lenient and complains for itself; this is asked with `--strict` alone. Raises UsageError, naming
        the extra to install, if what it validates with is missing.
        """
        ...
