"""Recognising licence texts by their fingerprints: the same text, a text that is nearly one, or none that is known.

A fingerprint holds no text: a digest over all words (which alone makes a text *exact*), and the sums of its
chunks in order, which say where a changed text departs from it.
"""

import struct
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, Protocol

from lien.catalog.texts import Chunk, Words, chunks_of, digest_of, is_harmless, runs, sum_of, words_of

__all__ = ["Exact", "Fingerprint", "Fingerprints", "Match", "Near", "Recognition", "TextKind", "Unrecognised", "recognise"]

_CHUNK = struct.Struct("<IB")
_MAX_WORDS = 400_000
"""A file of all third parties' licences has some 200,000 words; what is longer is looked at up to here, and never exact."""
_MAX_CANDIDATES = 60
_MAX_TRIALS = 4_000_000
"""Words that may be digested to find whole texts inside a text."""
_NEAR = 0.5
"""Two texts that have less than half of their words in common are not called near."""


class TextKind(StrEnum):
    """What a known text is to the licences it belongs to."""

    LICENSE = "license"
    POLICY = "policy"
    """A policy that licences incorporate."""
    NOTICE = "notice"
    """A statement that something stands under a licence, which is not the licence."""
    FRAME = "frame"
    """Remarks around a licence that some copies leave out, such as how to apply it: they say nothing by themselves."""


class Fingerprint(NamedTuple):
    """What is kept of a known text. `licenses` are all ids whose text it is: the text does not tell them apart."""

    digest: bytes
    words: int
    kind: TextKind
    licenses: tuple[str, ...]
    chunks: bytes

    @classmethod
    def of(cls, text: str, kind: TextKind, licenses: Iterable[str]) -> "Fingerprint":
        """The fingerprint of a text that is at hand."""
        words = words_of(text).words
        chunks = b"".join(_CHUNK.pack(one.sum, one.length) for one in chunks_of(words))
        return cls(digest_of(words), len(words), kind, tuple(sorted(licenses)), chunks)

    def unpacked(self) -> list[tuple[int, int]]:
        """(sum, length in words) of each chunk, in order."""
        return list(_CHUNK.iter_unpack(self.chunks))


class Match(NamedTuple):
    """A known text found whole, with its lines in the text looked at."""

    licenses: tuple[str, ...]
    kind: TextKind
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """Nothing but known texts, in the order of the file; titles and copyright lines aside."""

    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A text that is not a known one, and close to it.

    `is_whole`: each of `matches` stands there whole, and there is further text. Otherwise the one match is the
    known text that is nearest, and `line` is where the first passage differs. `added` and `missing` are words.
    """

    matches: tuple[Match, ...]
    is_whole: bool
    line: int
    added: int
    missing: int

    @property
    def difference(self) -> str:
        """Where and how much it differs, in words."""
        if self.is_whole:
            return f"{_count(self.added, 'further word')} from line {self.line} on"
        parts = [f"about {_count(self.added, 'word')} added" if self.added else "", f"about {self.missing} missing" if self.missing else ""]
        return f"differs from line {self.line} on ({', '.join(filter(None, parts)) or 'in order'})"


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """No known text, and none that is near."""


Recognition = Exact | Near | Unrecognised


class Fingerprints(Protocol):
    """Where fingerprints are looked up: the catalogue, or a test's own few."""

    def by_digest(self, digest: bytes) -> Fingerprint | None:
        """The fingerprint of exactly these words."""
        ...

    def by_chunks(self, sums: Sequence[int], most: int) -> Sequence[Fingerprint]:
        """The fingerprints of whose chunks these are the largest share, the largest first."""
        ...


def recognise(text: str, known: Fingerprints) -> Recognition:
    """What a text is. Never exact unless all of it is known words, titles and names of holders."""
    words = words_of(text)
    if not words.words:
        return Unrecognised()
    whole = known.by_digest(digest_of(words.words))
    if whole is not None and whole.kind is not TextKind.FRAME:
        return Exact(matches=(Match(whole.licenses, whole.kind, words.lines[0], words.lines[-1]),))
    if len(words.words) > _MAX_WORDS:
        words = Words(words.words[:_MAX_WORDS], words.lines[:_MAX_WORDS], words.is_name[:_MAX_WORDS])
        return _Search(words, known).result(is_cut=True)
    return _Search(words, known).result(is_cut=False)


class _Span(NamedTuple):
    start: int
    end: int
    fingerprint: Fingerprint


class _Search:
    """One text compared with the known ones that share chunks with it."""

    def __init__(self, words: Words, known: Fingerprints) -> None:
        self._words = words
        self._known = known
        self._chunks = chunks_of(words.words)
        self._places: dict[int, list[Chunk]] = {}
        for chunk in self._chunks:
            self._places.setdefault(chunk.sum, []).append(chunk)

    @cached_property
    def _candidates(self) -> list[Fingerprint]:
        """Those of whose chunks the text has the largest share."""
        return list(self._known.by_chunks(list(self._places), _MAX_CANDIDATES))

    def result(self, *, is_cut: bool) -> Recognition:
        spans = self._spans()
        matches = _told([self._match(span) for span in spans])
        if not matches:
            return self._nearest()
        covered = [False] * len(self._words.words)
        found = {one for match in matches for one in match.licenses}
        for span in spans:
            if _stands_beside(span.fingerprint, found):
                covered[span.start : span.end] = [True] * (span.end - span.start)
        further = [run for run in runs([not one for one in covered]) if not self._is_frame(*run, found)]
        if not further and not is_cut:
            return Exact(matches=matches)
        nearest = self._nearest()
        if isinstance(nearest, Near) and all(match.kind is not TextKind.LICENSE for match in matches):
            return nearest  # a changed licence with its known notice at the end
        first = self._first_told(*further[0]) if further else len(covered) - 1
        return Near(
            matches=matches, is_whole=True, line=self._words.lines[first], added=sum(end - start for start, end in further), missing=0
        )

    def _is_frame(self, start: int, end: int, licenses: Collection[str]) -> bool:
        """Is what stands beside known texts a title, a name, or a remark that is known of one of their licences?"""
        if is_harmless(self._words, start, end):
            return True
        known = self._known.by_digest(digest_of(self._words.words[start:end]))
        return known is not None and known.kind is TextKind.FRAME and _stands_beside(known, licenses)

    def _first_told(self, start: int, end: int) -> int:
        """Where further text begins to say something, after a title or a name before it."""
        return next((place for place in range(start, end) if not is_harmless(self._words, start, place + 1)), start)

    def _match(self, span: _Span) -> Match:
        one = span.fingerprint
        return Match(one.licenses, one.kind, self._words.lines[span.start], self._words.lines[span.end - 1])

    def _spans(self) -> list[_Span]:
        """Known texts that stand whole in this one, the longest first where they overlap; in the order of the text."""
        found: list[_Span] = []
        budget = _MAX_TRIALS
        for fingerprint in self._candidates:
            for start in self._starts(fingerprint):
                budget -= fingerprint.words
                if budget < 0:
                    break
                end = start + fingerprint.words
                if digest_of(self._words.words[start:end]) == fingerprint.digest:
                    found.append(_Span(start, end, fingerprint))
        kept: list[_Span] = []
        for span in sorted(found, key=lambda one: (one.start - one.end, one.start, one.fingerprint.digest)):
            if all(span.end <= other.start or other.end <= span.start for other in kept):
                kept.append(span)
        return sorted(kept, key=lambda one: one.start)

    def _starts(self, fingerprint: Fingerprint) -> list[int]:
        """Where the known text would begin, judged by the places of the chunks that both have."""
        votes: Counter[int] = Counter()
        place = 0
        for total, length in fingerprint.unpacked():
            for chunk in self._places.get(total, ())[:_MAX_PLACES]:
                votes[chunk.start - place] += 1
            place += length
        last = len(self._words.words) - fingerprint.words
        enough = max(1, len(fingerprint.unpacked()) // 3)
        return sorted(start for start, count in votes.items() if 0 <= start <= last and count >= enough)

    def _nearest(self) -> Recognition:
        """The known text with which it has most in common, if that is most of both."""
        best: tuple[float, Fingerprint] | None = None
        for fingerprint in self._candidates:
            if fingerprint.words < _NEAR * len(self._words.words) or _NEAR * fingerprint.words > len(self._words.words):
                continue
            used: Counter[int] = Counter()
            common = 0
            for total, length in fingerprint.unpacked():
                if used[total] < len(self._places.get(total, ())):
                    used[total] += 1
                    common += length
            share = common / max(fingerprint.words, len(self._words.words))
            if best is None or share > best[0]:
                best = (share, fingerprint)
        if best is None or best[0] < _NEAR:
            return Unrecognised()
        return self._difference(best[1])

    def _cut_like(self, known: Sequence[tuple[int, int]]) -> list[Chunk]:
        """The chunks, with the first and the last cut where the known text begins and ends: a title joins the first chunk."""
        here, words = list(self._chunks), self._words.words
        total, length = known[0]
        for index, chunk in enumerate(here[:_NEAR_AN_END]):
            end = chunk.start + chunk.length
            if end >= length and sum_of(words[end - length : end]) == total:
                before = [] if is_harmless(self._words, 0, end - length) else [Chunk(_NO_SUM, 0, end - length)]
                here = [*before, Chunk(total, end - length, length), *here[index + 1 :]]
                break
        total, length = known[-1]
        for index in range(len(here) - 1, max(-1, len(here) - 1 - _NEAR_AN_END), -1):
            start = here[index].start
            end = start + length
            if end <= len(words) and sum_of(words[start:end]) == total:
                after = [] if is_harmless(self._words, end, len(words)) else [Chunk(_NO_SUM, end, len(words) - end)]
                here = [*here[:index], Chunk(total, start, length), *after]
                break
        return here

    def _difference(self, fingerprint: Fingerprint) -> Near:
        from difflib import SequenceMatcher  # noqa: PLC0415  # only changed texts need it

        known = fingerprint.unpacked()
        here = self._cut_like(known)
        matcher = SequenceMatcher(None, [total for total, _ in known], [chunk.sum for chunk in here], autojunk=False)
        starts = [0, *accumulate(length for _, length in known)]
        added = missing = 0
        first: int | None = None
        for kind, known_from, known_to, here_from, here_to in matcher.get_opcodes():
            if kind == "equal":
                continue
            ours = sum(chunk.length for chunk in here[here_from:here_to])
            theirs = starts[known_to] - starts[known_from]
            added, missing = added + ours, missing + theirs
            if first is None:
                first = min(here_from, len(here) - 1)
        place = here[first or 0].start
        whole = Match(fingerprint.licenses, fingerprint.kind, self._words.lines[0], self._words.lines[-1])
        return Near(matches=(whole,), is_whole=False, line=self._words.lines[place], added=added, missing=missing)


_MAX_PLACES = 50
_NEAR_AN_END = 8
_NO_SUM = -1


def _stands_beside(known: Fingerprint, licenses: Collection[str]) -> bool:
    """Does this text say nothing further beside texts of these licences? The title of another licence does: "CC BY-NC" above MIT."""
    return known.kind is not TextKind.FRAME or not set(known.licenses).isdisjoint(licenses)


def _told(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Without remarks, and without the notice of a licence that stands there itself."""
    licenses = {one for match in matches if match.kind is TextKind.LICENSE for one in match.licenses}
    return tuple(
        match
        for match in matches
        if match.kind is not TextKind.FRAME and not (match.kind is TextKind.NOTICE and licenses.intersection(match.licenses))
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
