"""Fingerprints of known texts (`graphs/fingerprints.jsonl`, by `tools/write_fingerprints.py`): from the file to rows, and back."""

import base64
import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypedDict

from lien.catalog.recognise import Fingerprint, TextKind
from lien.errors import KnowledgeError

__all__ = ["LISTING", "LONGEST_TITLE", "TABLES", "Record", "StoredFingerprints", "read_fingerprints", "rows_of"]

LISTING = "fingerprints.jsonl"
"""The file's name below the root of the knowledge: one JSON object per line."""

TABLES = """
CREATE TABLE text (id INTEGER PRIMARY KEY, digest BLOB NOT NULL, words INTEGER, kind TEXT, licenses TEXT, chunks BLOB, indexed INTEGER);
CREATE INDEX text_digest ON text (digest);
CREATE TABLE chunk (sum INTEGER, text INTEGER, PRIMARY KEY (sum, text)) WITHOUT ROWID;
"""

_SHORT = 24
_EVERY = 4
"""Of a text of many chunks a fourth is enough to find it; the rest stands in its own row."""
_AT_ONCE = 500
LONGEST_TITLE = 30


class Record(TypedDict):
    """A line of the file. `texts` are the keys of the texts that have this fingerprint."""

    texts: list[str]
    licenses: list[str]
    kind: str
    words: int
    digest: str
    chunks: str


def read_fingerprints(file: Path, licenses: Collection[str]) -> list[Fingerprint]:
    """The fingerprints of a file, in its order. Raises KnowledgeError if one is of a licence that is not known."""
    found = []
    try:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            one: Record = json.loads(line)
            unknown = sorted(set(one["licenses"]) - set(licenses))
            if unknown:
                raise KnowledgeError(
                    f'"{unknown[0]}" is no licence of the catalogue; run tools/write_fingerprints.py', path=file.name, line=number
                )
            chunks = base64.b64decode(one["chunks"])
            found.append(Fingerprint(bytes.fromhex(one["digest"]), one["words"], TextKind(one["kind"]), tuple(one["licenses"]), chunks))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise KnowledgeError(f"is no list of tools/write_fingerprints.py ({error!r})", path=file.name) from error
    return found


Row = tuple[str, tuple[object, ...]]


def rows_of(fingerprints: Sequence[Fingerprint]) -> Iterator[Row]:
    """(table, row) for each fingerprint, and for the chunks by which it is found."""
    index: list[tuple[int, int]] = []
    for number, one in enumerate(fingerprints, 1):
        # A title is found as a whole, or not at all.
        sums = () if one.kind is TextKind.FRAME and one.words <= LONGEST_TITLE else _indexed(one)
        index.extend((total, number) for total in sums)
        yield "text", (number, one.digest, one.words, one.kind.value, " ".join(one.licenses), one.chunks, len(sums))
    for row in sorted(index):
        yield "chunk", row


def _indexed(one: Fingerprint) -> set[int]:
    sums = [total for total, _ in one.unpacked()]
    return {total for total in sums if len(sums) <= _SHORT or total % _EVERY == 0}


class StoredFingerprints:
    """The fingerprints of a compiled catalogue."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_digest(self, digest: bytes) -> Fingerprint | None:
        """The fingerprint of exactly these words."""
        row = self._connection.execute("SELECT digest, words, kind, licenses, chunks FROM text WHERE digest = ?", (digest,)).fetchone()
        return _fingerprint(row) if row else None

    def by_chunks(self, sums: Sequence[int], most: int) -> list[Fingerprint]:
        """The fingerprints of whose chunks these are the largest share, the largest first."""
        counts: dict[int, int] = {}
        for start in range(0, len(sums), _AT_ONCE):
            some = sums[start : start + _AT_ONCE]
            query = f"SELECT text, count(*) FROM chunk WHERE sum IN ({','.join('?' * len(some))}) GROUP BY text"  # noqa: S608  # question marks
            for text, count in self._connection.execute(query, some):
                counts[text] = counts.get(text, 0) + count
        best = sorted(counts, key=lambda text: (-counts[text] / self._indexed[text], -counts[text], text))[:most]
        return [_fingerprint(self._row(text)) for text in best]

    @cached_property
    def _indexed(self) -> dict[int, int]:
        return dict(self._connection.execute("SELECT id, indexed FROM text WHERE indexed > 0"))

    def _row(self, text: int) -> tuple[object, ...]:
        query = "SELECT digest, words, kind, licenses, chunks FROM text WHERE id = ?"
        row: tuple[object, ...] = self._connection.execute(query, (text,)).fetchone()
        return row


def _fingerprint(row: Sequence[object]) -> Fingerprint:
    digest, words, kind, licenses, chunks = row
    assert isinstance(digest, bytes)  # noqa: S101  # a table of our own
    assert isinstance(chunks, bytes)  # noqa: S101
    return Fingerprint(digest, int(str(words)), TextKind(str(kind)), tuple(str(licenses).split()), chunks)
