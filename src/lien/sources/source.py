"""One input: bytes, its path in the audited tree, and the positions of what stands in it."""

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from lien.errors import InputError
from lien.graph.fragments import Evidence

if TYPE_CHECKING:
    from lien.sources.tree import Tree

__all__ = ["Source"]


class Source:
    """A file's bytes with its relative path; `tree` opens what the file itself names, and no more."""

    def __init__(self, *, path: str, data: bytes, tree: "Tree") -> None:
        self.path = path
        self.data = data
        self.tree = tree

    @cached_property
    def text(self) -> str:
        """The text, without a byte order mark. Raises InputError with the line if it is not UTF-8."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            raise InputError(f"byte {error.start} is not UTF-8; save the file as UTF-8", path=self.path, line=line) from error

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def line_of(self, offset: int) -> int:
        """The 1-based line of a character offset in `text`."""
        return bisect_right(self._line_starts, offset)

    def evidence(self, reader: str, *, line: int | None = None, pointer: str | None = None, as_written: str | None = None) -> Evidence:
        """Declared evidence at a place of this file."""
        return Evidence(self.path, line, pointer, as_written, reader)
