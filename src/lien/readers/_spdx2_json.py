"""The values of an SPDX 2 document as JSON and YAML have them, fed to it with their places."""

from typing import Any

from lien.readers._spdx2_document import SECTIONS, Spdx2Document
from lien.sources.yaml_text import YamlDocument

__all__ = ["Pointers", "YamlPlaces", "fill", "is_document"]


class Pointers:
    """Places of JSON: pointers, whose lines are found when they are shown."""

    root = ""

    @staticmethod
    def element(section: str, index: int) -> str:
        return f"/{section}/{index}"

    @staticmethod
    def at(place: str, *keys: str | int) -> tuple[None, str]:
        return None, f"{place}/{keys[0]}" if len(keys) == 1 else "/".join((place, *map(str, keys)))


class YamlPlaces:
    """Places of YAML: lines."""

    root = ()

    def __init__(self, document: YamlDocument) -> None:
        self._document = document

    @staticmethod
    def element(section: str, index: int) -> tuple[str | int, ...]:
        return (section, index)

    def at(self, place: tuple[str | int, ...], *keys: str | int) -> tuple[int | None, None]:
        return self._document.line(*place, *keys), None


def is_document(value: dict[str, Any]) -> bool:
    """SPDX 2 has its version or its own id; an object with neither is somebody else's."""
    packages = value.get("packages")
    listed = packages if isinstance(packages, list) else ()
    return "spdxVersion" in value or "SPDXID" in value or any(isinstance(one, dict) and "SPDXID" in one for one in listed)


def fill(document: dict[str, Any], spdx: Spdx2Document, places: Pointers | YamlPlaces) -> None:
    """Feed all lists of a document to it."""
    for key in SECTIONS:
        elements = spdx.items(document, places.root, key)
        if key == "relationships":
            spdx.feed_relationships(elements, places.element)
            continue
        for index, element in enumerate(elements):
            spdx.feed(key, element, places.element(key, index))
    for index, ref in enumerate(spdx.items(document, places.root, "documentDescribes")):
        spdx.describe(ref, places.root, "documentDescribes", index)
