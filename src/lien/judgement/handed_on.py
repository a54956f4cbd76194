"""What a tree shows of duties done: licence texts, notices and words in public that go with what is handed on.

Only what shows it exactly counts: the whole text of that version of the licence, the very words of a notice
in a notice file, the phrase as a line of its own in a README, the copyright notices that a part is known to
carry, or the licence file that came with it. Whether it goes with every copy, or is prominent enough, no file
of a tree can show, and a finding says so. That an author is named as a licence asks (`attribution`) is for
people to judge.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lien.catalog.recognise import Match, Recognition, TextKind, Unrecognised
from lien.graph.fragments import Evidence
from lien.graph.supply import Artifact
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import License, Scheme, Term

__all__ = ["HandedOn", "Shown"]

_NOTICE = re.compile(r"notices?(?:\.(?:txt|md|rst))?", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"\W{0,9}(?:(?i:copyright)|\(c\)|\u00a9)[\s:]*(?:(?i:\(c\))|\u00a9)?[\s:]*(?:\d{4}|[A-Z][a-z]*\s+(?![a-z]))[^\[\]{}<>]*$"
)
"""A line that names a year or a holder, and no blank for one."""
_README = re.compile(r"readme\.(?:md|markdown|rst)", re.IGNORECASE)
_BLANK = re.compile(r"<[^<>]+>|\[[^\[\]]+\]|\{[^{}]+\}")
_MARKS = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u00a9": "(c)"})
_QUOTED = re.compile(r"[\"']\s*$")
_GOES_ON = re.compile(r"[-.]?\w|[\"']")
"""A longer word than the phrase ends with ("Llama.cpp"), or a quotation of it."""
_MOST_WORDS = 12
_READER = "licence texts and notices"


@dataclass(frozen=True, slots=True)
class Shown:
    """Evidence that a duty is done, and what it shows, in words."""

    evidence: Evidence
    note: str


@dataclass(kw_only=True)
class HandedOn:
    """`texts` are the licence files, notice files and READMEs of the tree by path, those of tests and examples left out."""

    texts: Mapping[str, str]
    recognise: Callable[[str], Recognition]
    incorporated: Callable[[License], tuple[str, ...]] = field(default=lambda _: ())
    """Licences whose texts a licence makes a part of its own: the LGPL asks for a copy of the GPL, too."""

    def keeps(self, artifact: Artifact) -> Evidence | None:
        """Where the notices stand that came with a part: those that it is known to carry, or the licence file beside it."""
        notices = artifact.attributes.get("copyright")
        if isinstance(notices, tuple) and notices:
            return self._holding(tuple(str(one) for one in notices))
        for claim in artifact.claims:
            path = claim.evidence.path
            if claim.scheme is Scheme.FILE and path is not None and path in self.texts and artifact.kind is not Kind.PRODUCT:
                found = next((number for number, one in enumerate(self.texts[path].splitlines(), 1) if _COPYRIGHT.match(one)), None)
                if found is not None:
                    return Evidence(path, found, reader=_READER)
        return None

    def _holding(self, notices: tuple[str, ...]) -> Evidence | None:
        """The first file in which a notice stands, if each of them stands in one; a README is no such file."""
        first: Evidence | None = None
        for notice in notices:
            wanted = _folded(notice)
            path = next((path for path, held in self._folded_texts.items() if wanted and wanted in held), None)
            if path is None:
                return None
            first = first or Evidence(path, _line_of(self.texts[path], wanted), reader=_READER, as_written=notice)
        return first

    @cached_property
    def _folded_texts(self) -> dict[str, str]:
        return {path: _folded(text) for path, text in sorted(self.texts.items()) if not _README.fullmatch(_name(path))}

    def shows(self, license_: License, term: Term) -> Shown | None:
        """What shows that a duty is done; None if nothing does."""
        match term.word:
            case "include-license":
                return self._copy(license_)
            case "notice-file":
                return self._notice(str(term.params.get("text", "")))
            case "display-branding":
                return self._phrase(str(term.params.get("text", "")))
            case _:
                return None

    @cached_property
    def _copies(self) -> dict[str, Evidence]:
        """Licences whose text stands whole in a file: the first such place."""
        found: dict[str, Evidence] = {}
        for path, text in sorted(self.texts.items()):
            if _README.fullmatch(_name(path)):
                continue
            for match in _whole(self.recognise(text)):
                for identifier in match.licenses if match.kind is TextKind.LICENSE else ():
                    found.setdefault(identifier, Evidence(path, match.first_line, reader=_READER))
        return found

    def _copy(self, license_: License) -> Shown | None:
        wanted = (license_.id, *self.incorporated(license_))
        if any(one not in self._copies for one in wanted):
            return None
        evidence = self._copies[license_.id]
        return Shown(evidence, f"{evidence.path} holds its text; see that it goes with every copy")

    def _notice(self, text: str) -> Shown | None:
        wanted = _folded(text)
        if not wanted or _BLANK.search(text):
            return None
        for path, held in sorted(self.texts.items()):
            if _NOTICE.fullmatch(_name(path)) and wanted in _folded(held):
                line = next((number for number, one in enumerate(held.splitlines(), 1) if _folded(one) and _folded(one)[:30] in wanted), 1)
                return Shown(
                    Evidence(path, line, reader=_READER, as_written=text), f"{path} holds these words; see that it goes with every copy"
                )
        return None

    def _phrase(self, text: str) -> Shown | None:
        wanted = _folded(text)
        # A short name stands in any README; a sentence of the licence that quotes the phrase shows nothing.
        if len(wanted.split()) < 3 or _BLANK.search(text):
            return None
        for path, held in sorted(self.texts.items()):
            if "/" in path or not _README.fullmatch(path):
                continue
            for number, line in enumerate(held.splitlines(), 1):
                plain = _folded(line)
                place = plain.find(wanted)
                after = plain[place + len(wanted) :]
                if place < 0 or _GOES_ON.match(after) or len(plain.split()) > _MOST_WORDS or _QUOTED.search(plain[:place]):
                    continue
                note = f"{path} shows it; whether that is prominent, and where the text asks for it, is for people to judge"
                return Shown(Evidence(path, number, reader=_READER, as_written=line.strip()[:120]), note)
        return None


def _line_of(text: str, wanted: str) -> int | None:
    """The line on which words begin that may go over several."""
    return next(
        (number for number, one in enumerate(text.splitlines(), 1) if (line := _folded(one)) and wanted.startswith(line[:60])), None
    )


def _whole(recognition: Recognition) -> tuple[Match, ...]:
    if isinstance(recognition, Unrecognised) or not getattr(recognition, "is_whole", True):
        return ()
    return recognition.matches


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _folded(text: str) -> str:
    """Layout, case, emphasis and the kind of quote marks aside."""
    return " ".join(text.translate(_MARKS).casefold().replace("*", " ").replace("_", " ").replace("#", " ").split()).rstrip(".")
