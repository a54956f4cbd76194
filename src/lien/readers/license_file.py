"""Reads licence, notice and policy files: whose text they are, by their names and their places; what they say is not interpreted.

The licence in a folder that holds a model or a dataset speaks of it; any other speaks of the product, and
below the root only of its folder. A name that says so (DATA_LICENSE, LICENSE-MODEL) speaks of that part, and one that
names neither a licence nor a language (LICENSE.YOLONAS.md) of the part with that name.
NOTICE files, collections of other people's (THIRD_PARTY_NOTICES) and the texts of a LICENSES folder (REUSE)
claim nothing: they are there to be handed on, and are read so that a report can say that they are.
"""

import re
from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import LICENSE_FILES, PRODUCT, Fragment, LicenseClaim
from lien.readers._card import card_of
from lien.readers._model_folder import model_folder
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

__all__ = ["LicenseFileReader"]

_MAX_BYTES = 4 * 1024 * 1024
_WORD = r"licen[cs]e|copying|unlicen[cs]e"
_TEXT_ENDINGS = r"(?:\.(?:txt|md|markdown|rst|text))?"
_LICENSE = re.compile(
    rf"(?:[\w .+-]{{1,60}}[-_. ])?(?:{_WORD})"
    r"(?:[-_. ](?!py$|js$|ts$|go$|rs$|java$|json$|ya?ml$|html?$|xml$|csv$|in$|template$|header)[\w .+-]{1,60})?"
    rf"{_TEXT_ENDINGS}",
    re.IGNORECASE,
)
_POLICY = re.compile(
    rf"(?:[\w.-]{{1,40}}[-_])?(?:acceptable[-_ ]?)?use[-_ ]?policy{_TEXT_ENDINGS}|prohibited[-_ ]uses?{_TEXT_ENDINGS}", re.IGNORECASE
)
_NOTICE = re.compile(rf"notices?{_TEXT_ENDINGS}", re.IGNORECASE)
_COLLECTED = re.compile(
    rf"(?:third|3rd)[-_ ]?part(?:y|ies)[-_ ]?(?:software[-_ ]?)?(?:notices?|licen[cs]es?)?{_TEXT_ENDINGS}|attributions?{_TEXT_ENDINGS}",
    re.IGNORECASE,
)
# Other people's licences, collected; and what is only written about licences.
_OF_OTHERS = re.compile(
    r"third|3rd|vendor|dependen|attribution|bundled|header|template|check|list|index|report|faq|guide|how", re.IGNORECASE
)
_ON_DATA = re.compile(r"(?:^|[-_. ])(?:data|dataset)(?:$|[-_. ])", re.IGNORECASE)
_ON_WEIGHTS = re.compile(r"(?:^|[-_. ])(?:models?|weights?|checkpoints?)(?:$|[-_. ])", re.IGNORECASE)

_QUALIFIED = re.compile(rf"(?:licen[cs]e|copying)[-_.]([a-z][\w-]{{2,40}}){_TEXT_ENDINGS}", re.IGNORECASE)
_NAMES_NO_PART = re.compile(
    r"(?:mit|x11|apache|asf|asl|bsd|[al]?gpl|mpl|epl|eupl|cc|cc0|isc|zlib|psf|python|boost|bsl|artistic|ofl|wtfpl|unlicense|creative|commons|rail|openrail"
    r"|code|source|software|txt|rst|html|full|text|file|main|old|new|original|commercial|community|agreement|short|long|version|english|chinese"
    r"|simplified|lib|lesser|library|terms|all|[a-z]{2}[-_][a-z]{2,4})(?:$|[-_.\d])",
    re.IGNORECASE,
)

_RIGHTS = re.compile(
    "licen|lizenz|licenz|copyright|rights|permission|permitted|agreement|polic|public domain|许可|协议|\N{COPYRIGHT SIGN}".encode(),
    re.IGNORECASE,
)


class LicenseFileReader:
    """LICENSE, COPYING, NOTICE, USE_POLICY and the like, in any folder."""

    name = LICENSE_FILES
    owed = False
    max_bytes = _MAX_BYTES

    def claims(self, path: str) -> bool:
        """By name, or as a text of a LICENSES folder."""
        folder, _, name = path.rpartition("/")
        if folder.rpartition("/")[2] == "LICENSES":
            return name.endswith((".txt", ".md"))
        if _COLLECTED.fullmatch(name):
            return True
        return any(pattern.fullmatch(name) for pattern in (_LICENSE, _POLICY, _NOTICE)) and _OF_OTHERS.search(name) is None

    def accepts(self, head: bytes) -> bool:
        """Text that speaks of rights: a file that somebody names may be anything."""
        return b"\0" not in head and _RIGHTS.search(head) is not None

    def read(self, source: Source) -> Iterator[Fragment]:
        """One claim: the whole text, about what it stands beside; nothing where the name says no licence."""
        folder, _, name = source.path.rpartition("/")
        text = source.data.decode("utf-8-sig", "replace")  # licence texts are older than UTF-8; a broken © changes nothing
        # A file that somebody names may be anything that speaks of rights.
        if folder.rpartition("/")[2] == "LICENSES" or not self.claims(source.path):
            return
        if _NOTICE.fullmatch(name) or _COLLECTED.fullmatch(name):
            return
        lines = text.splitlines()
        line = next((number for number, one in enumerate(lines, start=1) if one.strip(" \t#*=-_")), 1)
        evidence = source.evidence(self.name, line=line, as_written=lines[line - 1].strip()[:120] if lines else None)
        artifact, part = _about(source, folder, name)
        yield LicenseClaim(artifact, text, Scheme.FILE, evidence, source.path, part)


def _about(source: Source, folder: str, name: str) -> tuple[str, str | None]:
    """The artifact that the file speaks of, and the part of it."""
    card = _data_card(source, folder)
    if card is not None:
        return card, None
    if _ON_DATA.search(name):
        return PRODUCT, f"{folder}/data" if folder else "data"
    model = model_folder(source.tree, source.path)
    if model is not None:
        return model.id, None
    if _ON_WEIGHTS.search(name):
        return PRODUCT, f"{folder}/weights" if folder else "weights"
    qualified = _QUALIFIED.fullmatch(name)
    if qualified is not None and _NAMES_NO_PART.match(qualified[1]) is None:
        return PRODUCT, f"{folder}/{qualified[1]}" if folder else qualified[1]
    return PRODUCT, folder or None


def _data_card(source: Source, folder: str) -> str | None:
    """The dataset, or the model without weights at hand, whose card stands in the folder."""
    for name in source.tree.files_in(folder):
        if name.lower() == "readme.md":
            try:
                card = card_of(source.tree.read(f"{folder}/{name}" if folder else name, limit=MAX_FILE_BYTES))
            except InputError:
                continue  # the card's own reader complains
            if card is not None and card.kind is not Kind.PRODUCT:
                return card.identifier
    return None
