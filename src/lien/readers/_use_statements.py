"""Sentences in which a README says what its own work may be used for: "our models are for research use only".

Such words stand where no licence text does, or against one. What is said of somebody else's work is left alone: the
subject is "this project", "the data", "our models", or the name that the README's title gives the project.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

__all__ = ["NOUN", "UseStatement", "names_of_title", "part_of", "use_statements"]

NOUN = (
    r"(?:project|repository|repo|code ?base|source code|code|software|library|package|framework|toolkit|tool|app|application|work|resources"
    r"|data ?sets?|data|weights?|models?|checkpoints?)"
)
_SUBJECT = re.compile(
    rf"\b(?:the\suse\sof\s)?(?:this|the|our|all)\s((?:[\w/,()-]{{1,30}}\s){{0,9}}?)({NOUN})\b[^.;]{{0,60}}?\s(?:is|are|can|may|should)\s",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:our\s)?([A-Za-z][\w.-]{1,40})\s(?:is|are|can|may|should)\s", re.IGNORECASE)
_RESEARCH = re.compile(
    r"\b(?:for|to|in|as)\s(?:[\w-]+\s){0,2}research\b(?:\sand\seducational|\sdemo)?(?:\s(?:use|purposes?))?\sonly\b"
    r"|\b(?:only|solely|strictly|restricted)\s(?:\w+\s){0,4}?(?:for|to|in)\s(?:[\w-]+\s){0,2}research\b",
    re.IGNORECASE,
)
_NON_COMMERCIAL = re.compile(
    r"\bfor\s(?:only\s|academic\s|educational\s|and\s){0,3}non-?commercial\s(?:use|purposes?|research|usage)\b(?!\sand\scommercial)"
    r"|\b(?:restricted|limited)\sto\snon-?commercial\b"
    r"|\bcommercial\s(?:use|usage|purposes?)\b[^.;]{0,40}?\b(?:prohibited|forbidden|not\s(?:allowed|permitted))"
    r"|\b(?:prohibited|forbidden)\s(?:for|from)\s(?:any\s)?commercial\b"
    r"|\b(?:not|cannot|can't)\s(?:be\s)?used\sfor\s(?:any\s)?commercial\b",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\b(?:commercial\sand\snon-?commercial|non-?commercial\sand\scommercial|both)\b", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\b(?:thank|thanks|credits?|acknowledg\w+|their)\b", re.IGNORECASE)
_LEARNERS = re.compile(r"\sand\s(?:any\s|all\s)?models?\s(?:that\s(?:are|is)\s)?trained\b", re.IGNORECASE)
"""From here a sentence on data speaks of what learns from them."""
_ASIDE = re.compile(r"\b(?:used|contained|containing|associated|related|found|provided|hosted|in)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.;!?])\s+")
_MARKS = re.compile(r"[*`_\"\u201c\u201d]")
_LINK = re.compile(r"\[([^\[\]]{0,100})\]\([^()\s]{0,300}\)")
_HEADING = re.compile(r"#\s+(.+)|<h1[^>]*>(.+?)</h1>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,300}>")
_NOUNS = re.compile(rf"\b{NOUN}\b", re.IGNORECASE)
_COMMON = frozenset({"a", "an", "the", "for", "of", "and", "with", "in", "on", "to", "it", "this", "that", "there", "which", "we", "you"})
_MAX_LINE = 4000


class UseStatement(NamedTuple):
    """A limit as lien's names for bare statements put it, the sentence it was read from, and the parts that it speaks of."""

    limit: str
    sentence: str
    parts: tuple[str, ...]


def use_statements(line: str, names: AbstractSet[str]) -> Iterator[UseStatement]:
    """The statements of one line. `names` are those of the project, small letters; see `names_of_title`."""
    if len(line) > _MAX_LINE or ("ommercial" not in line and "esearch" not in line) or _OF_OTHERS.search(line):
        return
    plain = _LINK.sub(r"\1", line)
    nouns: frozenset[str] | None = None
    for whole in _SENTENCES.split(_MARKS.sub("", _TAG.sub("", plain)).strip(" \t>#-")):
        sentence = _LEARNERS.split(whole)[0]
        limit = _limit(sentence)
        parts = _parts(sentence, names)
        # "All weights are for research only. Commercial use is prohibited.": the second speaks of the first's subject.
        if parts is None and limit is not None and nouns is not None and re.match(r"(?:any\s)?commercial\b", sentence, re.IGNORECASE):
            parts = nouns
        nouns = parts
        if limit is not None and parts:
            yield UseStatement(limit, sentence, tuple(sorted(parts)))


def names_of_title(text: str) -> frozenset[str]:
    """The words of a README's first title, up to its colon, by which its sentences may name the project."""
    for line in text.splitlines()[:60]:
        match = _HEADING.match(line.strip())
        title = _MARKS.sub("", _TAG.sub("", _LINK.sub(r"\1", match[1] or match[2]))) if match else ""
        words = re.findall(r"[A-Za-z][\w.-]*", re.split(r":|\s[-\u2013\u2014|(]\s?", title)[0])
        if words:
            return frozenset(word.lower() for word in words) - _COMMON
    return frozenset()


def part_of(subject: str) -> str:
    """The part of the product that a noun speaks of; empty for the code."""
    subject = subject.lower()
    if re.search(r"\bdata", subject):
        return "data"
    return "weights" if re.search(r"weight|model|checkpoint", subject) else ""


def _limit(sentence: str) -> str | None:
    if _BOTH.search(sentence):
        return None
    research, commercial = _RESEARCH.search(sentence), _NON_COMMERCIAL.search(sentence)
    if commercial:
        return "non-commercial research purposes only" if research or "research" in commercial[0].lower() else "Non-commercial use only"
    return "research use only" if research else None


def _parts(sentence: str, names: AbstractSet[str]) -> frozenset[str] | None:
    match = _SUBJECT.search(sentence)
    if match is not None and not _names_others(match[0].partition(" ")[2], names):
        return frozenset(part_of(noun) for noun in _NOUNS.findall(_ASIDE.split(match[0])[0]))
    for named in _NAMED.finditer(sentence):
        if named[1].lower() in names:
            return frozenset({""})
    return None


def _names_others(subject: str, names: AbstractSet[str]) -> bool:
    """Does a subject hold a name that is not the project's? A name has a capital inside or at its beginning."""
    words = re.findall(r"[\w.-]+", subject)
    return any(re.search(r"[A-Z]", word) and word.lower() not in names and not _NOUNS.fullmatch(word) for word in words)
