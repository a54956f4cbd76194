"""Licences of SPDX 3, which are elements: expressions, texts, and sets of them."""

from collections.abc import Mapping

from lien.graph.fragments import CustomText
from lien.readers._spdx2_licenses import is_expression, told_by
from lien.readers._spdx3_elements import Element, first_text, plain
from lien.readers._spdx_supply import Stated
from lien.sources.limits import MAX_DEPTH
from lien.vocabulary.licenses import Scheme

__all__ = ["LICENSES", "Licenses"]

_LISTED = ("https://spdx.org/licenses/", "http://spdx.org/licenses/")
_SETS = {"ConjunctiveLicenseSet": " AND ", "DisjunctiveLicenseSet": " OR "}
_TEXTS = frozenset({"SimpleLicensingText", "CustomLicense", "CustomLicenseAddition"})
LICENSES = frozenset(
    {
        *_SETS,
        *_TEXTS,
        "IndividualLicensingInfo",
        "LicenseExpression",
        "ListedLicense",
        "ListedLicenseException",
        "OrLaterOperator",
        "WithAdditionOperator",
    }
)
"""Classes of the licensing profiles."""


class Licenses:
    """What the licences of a document state, by their ids."""

    def __init__(self, elements: Mapping[str, Element]) -> None:
        self._elements = elements
        self._known: dict[str, Stated | None] = {}

    def knows(self, ref: str) -> bool:
        """Is there anything that an id can mean?"""
        return ref in self._elements or _by_address(ref) is not None

    def stated(self, ref: str) -> Stated | None:
        """What a licence states; None if it says that nothing is known. A text that stands alone is stated as such."""
        if ref not in self._known:
            self._known[ref] = self._read(ref)
        return self._known[ref]

    def _read(self, ref: str) -> Stated | None:
        custom: dict[str, tuple[CustomText, ...]] = {}
        written = self._expression(ref, custom, 0)
        if written is None or written == "NOASSERTION":
            return None
        told = tuple(one for texts in custom.values() for one in texts)
        if told and told[0].name == written and told[0].scheme is Scheme.FILE:
            return Stated(told[0].text, Scheme.FILE, written)
        return Stated(written, Scheme.SPDX if told or is_expression(written) else Scheme.FREE_TEXT, written, told)

    def _expression(self, ref: str, custom: dict[str, tuple[CustomText, ...]], depth: int) -> str | None:
        element = self._elements.get(ref)
        if element is None or depth > MAX_DEPTH:
            return _by_address(ref)
        joint = _SETS.get(element.type)
        if joint is not None:
            members = [self._expression(str(one), custom, depth + 1) for one in element.values("member")]
            said = [one for one in members if one is not None]
            return f"({joint.join(said)})" if said else None
        if element.type == "WithAdditionOperator":
            return self._with(element, custom, depth)
        if element.type == "OrLaterOperator":
            base = self._expression(element.text("subjectLicense") or "", custom, depth + 1)
            return f"{base}+" if base else None
        if element.type in _TEXTS:
            return self._text(element, custom)
        if element.type == "LicenseExpression":
            return self._written(element, custom)
        return _by_address(ref) if ref.startswith(_LISTED) else element.text("name") or _by_address(ref)

    def _with(self, element: Element, custom: dict[str, tuple[CustomText, ...]], depth: int) -> str | None:
        base = self._expression(element.text("subjectExtendableLicense") or "", custom, depth + 1)
        addition = self._expression(element.text("subjectAddition") or "", custom, depth + 1)
        return f"{base} WITH {addition}" if base and addition else base

    def _written(self, element: Element, custom: dict[str, tuple[CustomText, ...]]) -> str | None:
        """An expression, and what its own names stand for (`customIdToUri`)."""
        for _, entry in element.entries("customIdToUri"):
            key, address = first_text(entry.get("key")), first_text(entry.get("value"))
            if key is not None and address is not None:
                told = self._elements.get(address)
                custom[key] = self._told(key, told) if told is not None else (CustomText(key, address, Scheme.URL),)
        return element.text("licenseExpression")

    def _text(self, element: Element, custom: dict[str, tuple[CustomText, ...]]) -> str:
        """A text has no name to write in an expression: its title, else the end of its address."""
        title = element.text("name")
        if title is not None and not is_expression(title):
            title = None
        name = title or "LicenseRef-" + plain(element.id).removeprefix("SPDXRef-").removeprefix("LicenseRef-")
        custom[name] = self._told(name, element)
        return name

    @staticmethod
    def _told(name: str, element: Element) -> tuple[CustomText, ...]:
        whole = element.text("licenseText") or element.text("additionText")
        return tuple(told_by(name, whole, element.text("name"), element.values("seeAlso")))


def _by_address(ref: str) -> str | None:
    """A licence that the document only names: one of the SPDX list, or an individual such as NoAssertion."""
    for prefix in _LISTED:
        if ref.startswith(prefix):
            return ref.removeprefix(prefix).strip("/") or None
    name = plain(ref)
    if name in ("NoAssertion", "NoAssertionLicense", "NOASSERTION"):
        return "NOASSERTION"
    if name in ("None", "NoneLicense", "NONE"):
        return "NONE"
    return ref if is_expression(ref) and ":" not in ref else None
