"""One input: bytes, its path in the audited tree, and the positions of what stands in it."""

import io
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, Self

from lien.errors import InputError
from lien.graph.fragments import Evidence
from lien.sources.limits import MAX_HEADER_BYTES

if TYPE_CHECKING:
    from lien.sources.tree import Tree

__all__ = ["Source", "View"]

_SMALL = 64 * 1024
"""A file of this size is read whole when its beginning is asked for: opening it twice costs more."""


class View:
    """Bounded random access to one open file, which may be far larger than memory.

    Offsets are from the beginning. All that is read through one view together has a limit, so that a
    header with invented lengths cannot make a reader go through gigabytes.
    """

    def __init__(self, file: BinaryIO, *, path: str, size: int, limit: int = MAX_HEADER_BYTES) -> None:
        self.path = path
        self.size = size
        self._file = file
        self._left = limit
        self._limit = limit

    def read(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes. Raises InputError if the file ends before, or more is read than a header may hold."""
        if offset < 0 or length < 0 or offset + length > self.size:
            raise InputError(f"ends after {self.size} bytes, in the middle of its header; get the whole file", path=self.path)
        self._left -= length
        if self._left < 0:
            raise InputError(f"has a header of more than {self._limit} bytes, which lien does not read", path=self.path)
        try:
            self._file.seek(offset)
            data = self._file.read(length)
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", path=self.path) from error
        if len(data) != length:
            raise InputError("became shorter while it was read; audit it again", path=self.path)
        return data

    def upto(self, offset: int, length: int) -> bytes:
        """At most `length` bytes: fewer at the end of the file."""
        return self.read(offset, max(0, min(length, self.size - offset)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class Source:
    """A file's bytes with its relative path; `tree` opens what the file itself names, and no more.

    A source of the tree is lazy: its bytes are read when they are asked for, so that of a weight file
    of gigabytes only the header is ever read.
    """

    def __init__(
        self, *, path: str, tree: "Tree", data: bytes | None = None, size: int | None = None, opener: Callable[[], BinaryIO] | None = None
    ) -> None:
        self.path = path
        self.tree = tree
        self.size = len(data or b"") if size is None else size
        self._opener = opener or (lambda: io.BytesIO(data or b""))

    @cached_property
    def data(self) -> bytes:
        """All bytes of the file. Raises InputError if it cannot be read."""
        try:
            with self._opener() as file:
                return file.read(self.size + 1)
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", path=self.path) from error

    @property
    def is_loaded(self) -> bool:
        """Have the bytes been asked for?"""
        return "data" in self.__dict__

    def head(self, length: int) -> bytes:
        """The first bytes. Raises InputError if the file cannot be read."""
        if self.is_loaded or self.size <= _SMALL:
            return self.data[:length]
        with self.open() as view:
            return view.upto(0, length)

    def open(self, *, limit: int = MAX_HEADER_BYTES) -> View:
        """A bounded view of a file that is too large to read whole. Raises InputError if it cannot be opened."""
        try:
            return View(self._opener(), path=self.path, size=self.size, limit=limit)
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", path=self.path) from error

    @cached_property
    def text(self) -> str:
        """The text, without a byte order mark. Raises InputError with the line if it is not UTF-8, nor UTF-16 by its mark."""
        try:
            # Shells of Windows write UTF-16 where output is sent into a file.
            return self.data.decode("utf-16" if self.data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
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
