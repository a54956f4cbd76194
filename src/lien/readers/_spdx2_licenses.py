"""Licences of SPDX 2: expressions, and what the document's own `LicenseRef-…` stand for."""

import re
from collections.abc import Iterator

from lien.graph.fragments import CustomText
from lien.readers._bom_values import Json, text
from lien.readers._spdx_supply import Stated
from lien.vocabulary.licenses import Scheme

__all__ = ["CustomLicenses", "is_expression", "told_by"]

_OPERATOR = frozenset({"AND", "OR", "WITH"})
_NAME = re.compile(r"[A-Za-z0-9.+:-]+")
_REFERENCE = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
_SHORTEST_TEXT = 200
"""What is shorter is no licence text: some tools write a title or an address where the text belongs."""


def is_expression(written: str) -> bool:
    """Is this an SPDX expression by its form? Many tools write "Apache 2.0" or "BSD, see file" instead."""
    words = written.replace("(", " ").replace(")", " ").split()
    return len(words) % 2 == 1 and all(
        bool(_NAME.fullmatch(word)) if place % 2 == 0 else word.upper() in _OPERATOR for place, word in enumerate(words)
    )


class CustomLicenses:
    """`hasExtractedLicensingInfos` of a document, by the id that its expressions use."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[CustomText, ...]] = {}
        self._stated: dict[str, Stated] = {}

    def add(self, info: Json) -> None:
        """One entry: its id, and what it tells, best first."""
        name = text(info.get("licenseId"))
        if name is not None:
            addresses = info.get("seeAlsos")
            urls = addresses if isinstance(addresses, list) else [addresses]
            self._told.setdefault(name, tuple(told_by(name, info.get("extractedText"), info.get("name"), urls)))

    def stated(self, written: str) -> Stated:
        """What an expression as written states, once all entries are added. A lone custom licence is its text, where it has one."""
        known = self._stated.get(written)
        if known is None:
            known = self._stated[written] = self._read(written)
        return known

    def _read(self, written: str) -> Stated:
        custom = tuple(one for name in _REFERENCE.findall(written) for one in self._told.get(name, ()))
        if custom and custom[0].name == written and custom[0].scheme is Scheme.FILE:
            return Stated(custom[0].text, Scheme.FILE, written)
        return Stated(written, Scheme.SPDX if is_expression(written) else Scheme.FREE_TEXT, written, custom)


def told_by(name: str, whole: object, title: object, urls: list[object]) -> Iterator[CustomText]:
    """What is known of a custom licence, best first: its text, its title, its addresses, and a text too short to be one."""
    content = text(whole)
    if content is not None and content.upper() in ("NOASSERTION", "NONE"):
        content = None
    is_text = content is not None and len(content) >= _SHORTEST_TEXT
    if content is not None and is_text:
        yield CustomText(name, content, Scheme.FILE)
    titled = text(title)
    if titled is not None and titled.upper() != "NOASSERTION":
        yield CustomText(name, titled, Scheme.LICENSE_NAME)
    for url in urls:
        # Some tools write several addresses into one value.
        for address in (text(url) or "").split():
            yield CustomText(name, address.strip(","), Scheme.URL)
    if content is not None and not is_text:
        yield CustomText(name, content, Scheme.URL if content.startswith(("http://", "https://")) else Scheme.FREE_TEXT)
