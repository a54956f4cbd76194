"""Elements of other SPDX 3 documents, looked up in the audited tree: their ids are the same everywhere.

Followed one step far: what the other document refers to in turn is its own business. Whether a document says of which
other one an element is (`import`, an ExternalMap) changes nothing; it only tells what is missing where none is found.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from lien.errors import InputError
from lien.readers._spdx3_elements import Elements
from lien.readers._spdx_files import calls_itself_spdx
from lien.readers._spdx_supply import Supply
from lien.sources.json_text import parse_json
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Kind

__all__ = ["ElementsOfTree"]

_MAX_FILES = 100
"""Files that are looked into. All of them are, once, as soon as one element is not found in its own document."""
_NAMED = frozenset({"Package", "AIPackage", "DatasetPackage", "AIAgent", "File", "Snippet"})

Told = Callable[[Elements, str], Supply]
"""What a document says, by its elements and path."""


class ElementsOfTree:
    """Finds elements in the other documents of one tree, each document read once for all that ask."""

    is_global = True

    def __init__(self, tree: Tree, path: str, told: Told) -> None:
        self._tree = tree
        self._path = path
        self._told = told

    def find(self, address: str, ref: str) -> tuple[str, Kind] | None:  # noqa: ARG002  # the id alone tells
        """The artifact that an element is; None if no other document of the tree has it."""
        path = _places(self._tree).get(ref)
        if path is None or path == self._path:
            return None
        supply = _document(self._tree, path, self._told)
        return supply.artifact(ref) if supply is not None else None


@lru_cache(maxsize=2)
def _places(tree: Tree) -> Mapping[str, str]:
    """Paths of the documents by the ids of the packages and files that they list; of two with one id the first."""
    found: dict[str, str] = {}
    named = (path for path in tree.walk() if calls_itself_spdx(path, ".json", ".jsonld", ".spdx3"))
    for path in islice(named, _MAX_FILES):
        elements = _elements(tree, path)
        for element in elements or ():
            if element.type in _NAMED:
                found.setdefault(element.id, path)
    return found


@lru_cache(maxsize=_MAX_FILES)
def _document(tree: Tree, path: str, told: Told) -> Supply | None:
    elements = _elements(tree, path)
    if elements is None:
        return None
    with suppress(InputError):  # of which its own reader complains
        return told(elements, path)
    return None


def _elements(tree: Tree, path: str) -> Elements | None:
    with suppress(InputError):
        source = tree.read(path, limit=MAX_FILE_BYTES)
        if b"spdx.org/rdf/3" in source.data or b'"spdxId"' in source.data:
            value = parse_json(source)
            return Elements(value, path) if isinstance(value, dict | list) else None
    return None
