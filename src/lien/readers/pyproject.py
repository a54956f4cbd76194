"""Reads pyproject.toml: the product's name and licence, and what it depends on for which purpose.

What its tables mean stands in `_pyproject.py`, which readers of lock files ask too.
"""

from collections.abc import Iterator

from lien.graph.fragments import Fragment
from lien.readers._pyproject import READER_NAME, read_pyproject
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["PyprojectReader"]

_FILE_NAME = "pyproject.toml"


class PyprojectReader:
    """pyproject.toml, of the product itself or of a package in a folder of the same tree."""

    name = READER_NAME
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2].lower() == _FILE_NAME

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # tables stand in any order
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """The product, its licence claims, then its dependencies: required, optional, build, development.

        Claims of a file in a folder speak of that folder alone: their `part` is the folder. All that
        can be read comes first; then InputError names every value that cannot.
        """
        yield from read_pyproject(source)
