"""Licence texts as words: the form in which two copies of one text are the same however they are laid out.

What never tells two licences apart goes: layout, case, punctuation, list marks, copyright lines, and the
names that a licence leaves open ("Neither the name of … nor"). Everything else stays, numbers above all.
The same code makes the fingerprints of the catalogue (`tools/write_fingerprints.py`) and reads the texts
that are compared with them.
"""

import re
import unicodedata
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Chunk", "Words", "chunks_of", "digest_of", "is_harmless", "runs", "sum_of", "words_of"]

_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`", "'"))
# A number with points is one word: 2.0 is not 2.1. Scripts without spaces go sign by sign.
_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|a|em|strong|span|div|li|ul|ol|pre|tt|code|h[1-6]|td|tr|hr|center|font)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE
)
_LINK_TARGET = re.compile(r"\]\([^()\s]{1,300}\)")

_NUMBERS_A_LIST = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]{1,4})\Z", re.IGNORECASE)
_REFERS = frozenset(
    {"section", "sections", "clause", "clauses", "paragraph", "paragraphs", "article", "articles", "version", "exhibit", "of", "to"}
)
_SAME = {
    "licence": "license",
    "licences": "licenses",
    "licenced": "licensed",
    "licencing": "licensing",
    "sublicence": "sublicense",
    "organisation": "organization",
    "organisations": "organizations",
    "authorised": "authorized",
    "authorisation": "authorization",
    "acknowledgement": "acknowledgment",
    "whilst": "while",
    "https": "http",
    "www": "",
}

_COPYRIGHT = re.compile(
    r"[\W_]*(?:(?:portions?|parts?|original|modifications?|all code|this (?:file|work|software) is)[ ,:]+)?"
    # A third item "(c)" is no copyright line.
    r"(?:copyrights?\b|SPDX-FileCopyrightText:|copr\b|\u00a9|\(c\)(?=\s*(?:copyright|\u00a9|(?:19|20)\d\d\b|[<\[{]))|copyleft\b)",
    re.IGNORECASE,
)
# Right after the word stands who or when: "the WIPO Copyright Treaty of 1996" may begin a line, too.
_STRONG = re.compile(
    r"[\W_]*(?:[\w ,:]{1,30}[ ,:]+)?(?:(?:copyrights?|copr|copyleft)\b[\W_]*?(?:\(c\)|\u00a9|\b(?:19|20)\d\d\b|by\b|[<\[{])|\u00a9|\(c\)|SPDX-FileCopyright)",
    re.IGNORECASE,
)
_OPERATIVE = re.compile(
    # Will, May and Grant are names, too.
    r"\b(?:may|will|can|grant|pay|MAY|WILL|CAN|GRANT|PAY|(?i:use[ds]?|using|non|not|no|never|none|only|commercial\w*|noncommercial|permission"
    r"|permit\w*|prohibit\w*|forbid\w*|must|shall|should|cannot|without|grant(?:s|ed|ing)|restrict\w*|redistribut\w*|distribut\w*|except\w*"
    r"|unless|provided|subject|licen[cs]e[ds]?|agreement|purposes?|hereby|require\w*|allow\w*|copy|copies|modif\w*|warrant\w*|terms"
    r"|conditions?|owe[ds]?|fees?|evil|nc|nd))\b"
)
_SENTENCE_END = re.compile(r"[.>](?=\s|\Z)")
_RESERVED = re.compile(r"\ball rights? (?:are )?reserved\b[.;,]?", re.IGNORECASE)

# Where licences name their holder in the middle of a sentence. Bounded, so that no text can make them slow.
_NAME = r"((?:[^ ]+ ){1,14}?)"
_HOLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\bneither the names? of (?:the )?{_NAME}nor\b",
        rf"\bneither {_NAME}nor the names of\b",
        rf"\bnor the names of {_NAME}may be used\b",
        rf"\bsoftware is provided by {_NAME}as is\b",
        rf"\bin no event (?:shall|will) {_NAME}be liable\b",
        rf"\bas is and {_NAME}disclaims? all warranties\b",
        rf"\bthe names? of {_NAME}(?:may|shall|must) not be used\b",
        rf"\bthe names? {_NAME}(?:may|shall|must) not be used\b",
    )
)

_BOUNDARY = 7
"""A chunk ends where the sums of two neighbouring words have these bits clear: after eight words on average."""
_MAX_CHUNK = 60


class Words(NamedTuple):
    """The words of a text in order, with the line of each (1-based) and whether it could be a part of a name."""

    words: Sequence[str]
    lines: Sequence[int]
    is_name: Sequence[bool]


class Chunk(NamedTuple):
    """A run of words, cut where the words themselves say: the same passage is cut alike wherever it stands."""

    sum: int
    start: int
    length: int


def digest_of(words: Sequence[str]) -> bytes:
    """What makes two texts the same: 16 bytes over all words."""
    return blake2b(" ".join(words).encode(), digest_size=16).digest()


def sum_of(words: Sequence[str]) -> int:
    """What tells one chunk from others, though not surely: 32 bits."""
    return zlib.crc32(" ".join(words).encode())


def words_of(text: str) -> Words:
    r"""The words of a text.

    >>> words_of("1. Copies must carry this notice.\n\nCopyright (c) 2024 Ada\n").words
    ['copies', 'must', 'carry', 'this', 'notice']
    """
    text = _plain(text)
    words: list[str] = []
    starts: list[int] = []
    is_name: list[bool] = []
    previous_end, previous = 0, ""
    for match in _WORD.finditer(text):
        written, start, end = match[0], match.start(), match.end()
        if len(written) <= 8 and _is_list_mark(text, written, previous, previous_end, start, end):
            previous_end = end
            continue
        previous_end = end
        word = written.casefold()
        previous = word
        word = _SAME.get(word, word)
        if word:
            words.append(word)
            starts.append(start)
            is_name.append(not written[0].islower())
    return _without_holders(words, _lines(text, starts), is_name)


def _plain(text: str) -> str:
    """The text with the same lines, without what is not a part of it."""
    text = unicodedata.normalize("NFKC", text.replace("\u00ad", "")).translate(_QUOTES) if not text.isascii() else text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if "&" in text:
        import html  # noqa: PLC0415  # its table of entities is long

        text = html.unescape(text)
    if "</" in text or "<br" in text.lower():
        text = _TAG.sub(" ", text)
    if "](" in text:
        text = _LINK_TARGET.sub("]", text)
    lines = text.split("\n")
    is_open = True  # a copyright line opens a paragraph, or follows another
    for index, line in enumerate(lines):
        if _COPYRIGHT.match(line) is not None and (kept := _without_copyright(line, is_open=is_open)) is not None:
            lines[index] = kept
            is_open = not kept.strip()
        else:
            is_open = not any(character.isalnum() for character in line)
    text = "\n".join(lines)
    return _RESERVED.sub(" ", text) if "eserved" in text or "ESERVED" in text else text


def _without_copyright(line: str, *, is_open: bool) -> str | None:
    """What a copyright line says beside who holds the right; None if it is no such line."""
    if _STRONG.match(line) is None and not (is_open and _is_short_or_names(line)):
        return None
    operative = _OPERATIVE.search(line)
    if operative is None:
        return ""
    # "Copyright (C) 2007 Somebody. Everyone is permitted …": what says something stays.
    ends = [match.end() for match in _SENTENCE_END.finditer(line, 0, operative.start())]
    return line[ends[-1] :] if ends else None


def _is_short_or_names(line: str) -> bool:
    words = _WORD.findall(line)
    return len(words) <= 10 or all(not word[0].islower() or word in _CONNECTORS for word in words)


_CONNECTORS = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "by",
        "in",
        "to",
        "a",
        "an",
        "or",
        "et",
        "al",
        "de",
        "der",
        "van",
        "von",
        "du",
        "la",
        "le",
        "on",
        "with",
        "others",
        "contributors",
        "contributor",
        "authors",
        "author",
        "its",
        "inc",
        "license",
        "licence",
        "com",
        "org",
        "net",
        "io",
        "github",
        "http",
        "https",
        "www",
        "mailto",
        "edu",
        "dev",
        "text",
        "file",
        "files",
        "full",
        "version",
        "component",
        "components",
        "software",
        "affiliates",
        "from",
        "library",
        "libraries",
        "package",
        "project",
        "module",
        "source",
        "code",
        "bundled",
        "below",
        "following",
        "under",
    ]
)


def _is_list_mark(text: str, word: str, previous: str, previous_end: int, start: int, end: int) -> bool:
    """Is it the number or letter of a list item, which two copies of a text may write in two ways?"""
    if not (text[end : end + 1] in (".", ")", ":") or "." in word) or not text[end : end + 2].strip(".):").isspace():
        return False
    if _NUMBERS_A_LIST.match(word) is None:
        return False
    if previous in _REFERS:
        return False  # "Section 3." and "version 2." are words of a sentence
    between = text[previous_end:start]
    if between and not any(character.isspace() for character in between) and previous_end:
        return False  # "2(a)(4)" is one reference
    if word.isalpha():
        return True
    if previous_end == 0 or previous in ("and", "or") or not _INSIDE.isdisjoint(between):
        return True
    # The number of a heading or item follows a line, whether the line before ends a sentence or not; "thirty\n(30) days" does not.
    return "(" not in between and ("\n" in between if text[end : end + 1] in ".):" else _PARAGRAPH.search(between) is not None)


_INSIDE = frozenset(".:;,!?")
_PARAGRAPH = re.compile(r"\n[^\n\w]*\n")


def _lines(text: str, starts: Sequence[int]) -> list[int]:
    ends = [match.start() for match in re.finditer("\n", text)]
    return [bisect_right(ends, start) + 1 for start in starts]


def _without_holders(words: list[str], lines: list[int], is_name: list[bool]) -> Words:
    """Leave out the names that fill the holes of a text, unless they say more than a name does."""
    joined = " ".join(words)
    spans: list[tuple[int, int]] = []
    for hole in _HOLES:
        spans.extend(match.span(1) for match in hole.finditer(joined) if _OPERATIVE.search(match[1]) is None)
    if not spans:
        return Words(words, lines, is_name)
    offsets = [0]
    for word in words:
        offsets.append(offsets[-1] + len(word) + 1)
    dropped = {index for start, end in spans for index in range(bisect_left(offsets, start), bisect_left(offsets, end))}
    kept = [index for index in range(len(words)) if index not in dropped]
    return Words([words[index] for index in kept], [lines[index] for index in kept], [is_name[index] for index in kept])


def chunks_of(words: Sequence[str]) -> list[Chunk]:
    """The words cut into chunks, which cover all of them."""
    sums = {word: zlib.crc32(word.encode()) for word in set(words)}
    found, start = [], 0
    for index, (word, following) in enumerate(pairwise([*words, ""]), 1):
        if index == len(words) or index - start == _MAX_CHUNK or not (sums[word] * 31 + (sums[following] >> 3)) & _BOUNDARY:
            found.append(Chunk(sum_of(words[start:index]), start, index - start))
            start = index
    return found


_MAX_TITLE = 16
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMES = frozenset(("will", "may", "grant"))
_TITLE_WORDS = frozenset(("license", "licensed", "agreement", "terms", "conditions", "condition", "use", "distribution", "permission"))
_CHANGES = frozenset(
    [
        "modified",
        "changed",
        "amended",
        "revised",
        "additional",
        "addendum",
        "exception",
        "plus",
        "commons",
        "research",
        "academic",
        "evaluation",
        "personal",
        "internal",
        "educational",
        "military",
        "beta",
        "trial",
        "proprietary",
        "confidential",
        "restricted",
        "limited",
        "ethical",
        "noncommercial",
        "commercial",
    ]
)


def is_harmless(text: Words, start: int, end: int) -> bool:
    """Could these words be a title or somebody's name, and nothing that says more?"""
    if end - start > _MAX_TITLE:
        return False
    words = text.words[start:end]
    # Titles of two versions differ in a number: such a title must be known.
    if any(word[0].isdigit() and _YEAR.fullmatch(word) is None for word in words):
        return False
    said = (word for index, word in enumerate(words, start) if word not in _TITLE_WORDS and not (text.is_name[index] and word in _NAMES))
    if any(_OPERATIVE.fullmatch(word) for word in said) or not _CHANGES.isdisjoint(words):
        return False
    return all(text.is_name[index] or text.words[index] in _CONNECTORS for index in range(start, end))


def runs(missing: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The stretches of true values, as (start, end)."""
    start = None
    for index, value in enumerate([*missing, False]):
        if value and start is None:
            start = index
        elif not value and start is not None:
            yield start, index
            start = None
