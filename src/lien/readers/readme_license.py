"""Reads what a README says of the project's own licence: a badge, a sentence of fixed shape, a section that is only a name.

And sentences that limit the use of the project's own work, where no licence is named ("for research use only").

Each is a statement to compare with the licence file, never a reading of it. Other prose is not read, nor are
READMEs that stand beside a model or with the card of one: their cards speak for them.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Fragment, LicenseClaim
from lien.readers._card import card_of
from lien.readers._model_folder import model_folder
from lien.readers._use_statements import NOUN, names_of_title, part_of, use_statements
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.licenses import Scheme

__all__ = ["ReadmeLicenseReader"]

_BADGE = re.compile(
    r"img\.shields\.io/(?:static/v1\?label=|badge/)((?:[\w ]|%20){0,30}licen[cs]e)(?:-|&message=)((?:[^-\s/()\"'?&]|--){1,60})(?:-|&)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    rf"\b(?:this|the|our|all)\s((?:[\w/-]{{1,30}}\s){{0,4}}?{NOUN})\s(?:itself\s)?(?:is|are)\s"
    r"(?:(?:released|licensed|distributed|available|provided|published|open[- ]sourced|made available)\s)?under\s"
    r"(?:the\sterms\sof\s)?(?:the\s|an?\s)?([^.;:\n]{2,80}(?:\.\d[^.;:\n]{0,60})?)",
    re.IGNORECASE,
)
_NOUNS = re.compile(NOUN, re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{0,100})\]\([^()\s]{0,300}\)")
_TEXT_OF_LINK = r"\1"
_ENDS = re.compile(r"(?<=licen[cs]e)\b|[,(]|\s(?:and|for|with|as|which|that|see|by default)\s|\s[-\u2013\u2014]\s", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}\s+\W*licen[cs]e\W*$", re.IGNORECASE)
_IS_NO_NAME = re.compile(r"\b(?:see|this|please|refer|copyright|all|check|licensed|file|details|\u00a9|is|are|under)\b", re.IGNORECASE)
_MOST_SHOWN = 120
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")


class ReadmeLicenseReader:
    """README.md and README.rst in any folder."""

    name = "readme-license"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By name."""
        return re.fullmatch(r"readme\.(?:md|markdown|rst)", path.rpartition("/")[2].lower()) is not None

    def accepts(self, head: bytes) -> bool:
        """Text."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """Claims in file order, about the product or its data or weights."""
        if not self.claims(source.path) or _is_card(source) or model_folder(source.tree, source.path) is not None:
            return
        folder = source.path.rpartition("/")[0]
        for line, text, part, as_written in _statements(source.data.decode("utf-8-sig", "replace")):
            where = "/".join(one for one in (folder, part) if one) or None
            evidence = source.evidence(self.name, line=line, as_written=as_written)
            yield LicenseClaim(PRODUCT, text, Scheme.FREE_TEXT, evidence, source.path, where)


def _is_card(source: Source) -> bool:
    try:
        return card_of(source) is not None
    except InputError:
        return True  # the card's own reader complains


def _statements(text: str) -> Iterator[tuple[int, str, str, str]]:
    """(line, licence, part of the product; empty for the code, the words it was read from)."""
    is_code = is_section = False
    lines, names = text.splitlines(), names_of_title(text)
    for number, line in enumerate(lines, start=1):
        if _FENCE.match(line):
            is_code = not is_code
        if is_code or not line.strip():
            continue
        for label, name in _BADGE.findall(line):
            written = unquote(name).replace("--", "-").replace("_", " ").strip()
            yield number, written, part_of(unquote(label)), written
        # A sentence may go on in the next line.
        plain = _LINK.sub(_TEXT_OF_LINK, line)
        following = lines[number] if number < len(lines) else ""
        both = f"{plain} {_LINK.sub(_TEXT_OF_LINK, following)}" if following.strip() else plain
        for match in _SENTENCE.finditer(both.replace("*", "").replace("`", "")):
            if match.start() < len(plain) and (written := _name(match[2])):
                yield from ((number, written, part, written) for part in sorted({part_of(noun) for noun in _NOUNS.findall(match[1])}))
        for said in use_statements(line, names):
            yield from ((number, said.limit, part, said.sentence[:_MOST_SHOWN]) for part in said.parts)
        if is_section and _SENTENCE.search(both) is None:
            name = plain.strip(" *`_.>")
            if len(name.split()) <= 5 and len(name) >= 3 and _IS_NO_NAME.search(name) is None and not name.startswith(("[", "!", "#", "<")):
                yield number, name, "", name
        is_section = _HEADING.match(line) is not None


def _name(text: str) -> str:
    """The name at the beginning of what follows "under"."""
    end = _ENDS.search(text)
    name = (text[: end.start()] if end else text).strip(" *`_\"'[]")
    # "under a bespoke license", "under the LICENSE": no name.
    return name if re.search(r"[A-Z0-9]", name) and name.lower() not in ("license", "licence") else ""
