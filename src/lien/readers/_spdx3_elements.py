"""The elements of an SPDX 3 document, however its JSON-LD is nested and whatever its names are prefixed with.

SPDX 3.0.1 says one flat `@graph` with prefixed names (`software_Package`). Tools also nest elements in one
another, leave prefixes out, or write expanded JSON-LD with whole addresses: the same names stand behind all.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lien.errors import InputError
from lien.sources.json_text import pointer
from lien.sources.limits import MAX_DEPTH

__all__ = ["Element", "Elements", "first_text", "plain"]

_PROFILES = frozenset(
    {"ai", "build", "core", "dataset", "expandedlicensing", "extension", "hardware", "security", "simplelicensing", "software"}
)
_NO_ELEMENTS = frozenset(
    {
        "CreationInfo",
        "DictionaryEntry",
        "EnergyConsumption",
        "EnergyConsumptionDescription",
        "ExternalIdentifier",
        "ExternalMap",
        "ExternalRef",
        "Hash",
        "NamespaceMap",
        "PackageVerificationCode",
        "PositiveIntegerRange",
    }
)
"""Classes whose values only describe the element that they stand in."""


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A class, property or word without its profile or address.

    >>> [plain(one) for one in ("software_Package", "https://spdx.org/rdf/3.0.1/terms/AI/AIPackage", "trainedOn")]
    ['Package', 'AIPackage', 'trainedOn']
    """
    name = name.rpartition("/")[2].rpartition("#")[2].rpartition(":")[2]
    profile, underscore, rest = name.partition("_")
    return rest if underscore and profile.lower() in _PROFILES else name


@lru_cache(maxsize=1024)
def _plain_keys(keys: tuple[str, ...]) -> dict[str, str]:
    """The key as written of each plain name. Elements of one class mostly have the same keys."""
    return {plain(key): key for key in reversed(keys)}


class Element:
    """One element: its class, its id, and its properties by their plain names."""

    __slots__ = ("_keys", "_raw", "id", "pointer", "type")

    def __init__(self, identifier: str, type_: str, place: str, raw: dict[str, Any]) -> None:
        self.id = identifier
        self.type = type_
        self.pointer = place
        self._raw = raw
        self._keys = _plain_keys(tuple(raw))

    def place(self, name: str, index: int | None = None) -> str:
        """The pointer of a property, or of an item in it; of the element where it has no such property."""
        written = self._keys.get(name)
        if written is None:
            return self.pointer
        below = self.pointer + (f"/{written}" if written.isidentifier() else pointer(written))
        return f"{below}/{index}" if index is not None and isinstance(self._raw[written], list) else below

    def values(self, name: str) -> list[Any]:
        """The values of a property, one or many, as plain values; ids for elements that stand in it."""
        written = self._keys.get(name)
        return _values(self._raw[written]) if written is not None else []

    def entries(self, name: str) -> Iterator[tuple[int, dict[str, list[Any]]]]:
        """(Index, values by plain name) of what a property holds that is no element, such as external references."""
        for index, one in enumerate(self.values(name)):
            if isinstance(one, dict):
                yield index, {plain(key): _values(value) for key, value in one.items()}

    def text(self, name: str) -> str | None:
        """The first value that is a text with something in it."""
        written = self._keys.get(name)
        if written is None:
            return None
        value = self._raw[written]
        return value.strip() or None if value.__class__ is str else first_text(_values(value))

    def absorb(self, raw: dict[str, Any]) -> None:
        """Properties of a second mention of the element, where the first has none."""
        self._raw = {**self._raw, **{key: value for key, value in raw.items() if plain(key) not in self._keys}}
        self._keys = _plain_keys(tuple(self._raw))


def first_text(values: list[Any] | None) -> str | None:
    """The first of some values that is a text with something in it."""
    return next((one.strip() for one in values or () if isinstance(one, str) and one.strip()), None)


def _values(value: Any) -> list[Any]:  # noqa: ANN401  # any JSON value
    if value.__class__ is str:
        return [value]
    if value is None:
        return []
    return [one if one.__class__ is str else _value(one) for one in value] if isinstance(value, list) else [_value(value)]


def _value(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if not isinstance(value, dict):
        return value
    if "@value" in value:
        return value["@value"]
    return _id_of(value) or value


def _id_of(value: dict[str, Any]) -> str | None:
    identifier = next((value[key] for key in ("spdxId", "@id") if key in value), None)
    return identifier if isinstance(identifier, str) and identifier else None


class Elements:
    """All elements of a document by id, in file order. Raises InputError if it is nested too deeply."""

    def __init__(self, document: Any, path: str) -> None:  # noqa: ANN401  # any JSON value
        self.by_id: dict[str, Element] = {}
        pending: list[tuple[Any, str, int]] = [(document, "", 0)]
        while pending:
            value, place, depth = pending.pop()
            if depth > MAX_DEPTH:
                raise InputError(f"is nested more than {MAX_DEPTH} levels deep; flatten the document", path=path, pointer=place)
            if isinstance(value, dict):
                self._add(value, place)
                below = [(one, place + pointer(key), depth + 1) for key, one in value.items() if _may_hold(one) and key != "@context"]
            else:
                below = [(one, f"{place}/{index}", depth + 1) for index, one in enumerate(value) if _may_hold(one)]
            pending.extend(reversed(below))

    def __iter__(self) -> Iterator[Element]:
        return iter(self.by_id.values())

    def _add(self, value: dict[str, Any], place: str) -> None:
        type_ = value.get("type") or value.get("@type")
        type_ = type_ if type_.__class__ is str else first_text(_values(type_))
        if type_ is None or plain(type_) in _NO_ELEMENTS:
            return
        identifier = _id_of(value)
        if identifier is None:
            # Nothing can refer to it by its id; what holds it does so by its place.
            identifier = value["spdxId"] = f"_:\0{place}"
        known = self.by_id.get(identifier)
        if known is None:
            self.by_id[identifier] = Element(identifier, plain(type_), place, value)
        else:
            known.absorb(value)


def _may_hold(value: Any) -> bool:  # noqa: ANN401  # any JSON value
    """Can there be an element in a value? Most values are texts and lists of texts."""
    return value.__class__ is dict or (value.__class__ is list and any(one.__class__ is dict or one.__class__ is list for one in value))
