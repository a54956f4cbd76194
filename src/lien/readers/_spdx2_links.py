"""References into other SPDX documents (`DocumentRef-…:SPDXRef-…`), looked up in the folder of the one that refers.

A document names another by its namespace, not by its file. Followed are JSON and tag-value, one step far: what
the other document refers to in turn is its own business.
"""

from contextlib import suppress
from itertools import islice

from lien.errors import InputError
from lien.readers._spdx2_document import Spdx2Document
from lien.readers._spdx2_json import Pointers, fill, is_document
from lien.readers._spdx2_tags import fill_from_tags
from lien.readers._spdx_files import beginning
from lien.readers._spdx_lines import LinePlaces
from lien.sources.json_text import parse_json
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.kinds import Kind

__all__ = ["Links"]

_MAX_FILES = 50
"""Files of one folder that are looked into: of thousands beside one another, each would read all others."""


class Links:
    """Finds elements of other documents, each document once."""

    is_global = False

    def __init__(self, source: Source) -> None:
        self._source = source
        self._documents: dict[str, Spdx2Document | None] = {}

    def find(self, address: str, ref: str) -> tuple[str, Kind] | None:
        """The artifact that `DocumentRef-…:REF` of the document with this namespace is; None if it is not found."""
        if address not in self._documents:
            self._documents[address] = self._open(address)
        document = self._documents[address]
        return document.artifact(ref.partition(":")[2]) if document is not None else None

    def _open(self, address: str) -> Spdx2Document | None:
        own = self._source.path
        folder = own.rpartition("/")[0]
        beside = (path for path in self._source.tree.walk() if path.rpartition("/")[0] == folder and path != own)
        for path in islice((path for path in beside if path.lower().endswith((".json", ".spdx"))), _MAX_FILES):
            with suppress(InputError):
                source = self._source.tree.read(path, limit=MAX_FILE_BYTES)
                found = _document(source, address) if address.encode() in source.data else None
                if found is not None:
                    return found
        return None


def _document(source: Source, address: str) -> Spdx2Document | None:
    """The document of a file, if it has this namespace. What it cannot tell is told where it is read for itself."""
    if beginning(source.head(64)).lstrip().startswith(b"{"):
        value = parse_json(source)
        if not isinstance(value, dict) or not is_document(value) or value.get("documentNamespace") != address:
            return None
        document = Spdx2Document(source.path, "", Pointers(), Pointers.root)
        fill(value, document, Pointers())
    else:
        stated = (line.partition(":") for line in source.text.splitlines() if line.lower().startswith("documentnamespace:"))
        if address not in (value.strip() for _, _, value in stated):
            return None
        document = Spdx2Document(source.path, "", LinePlaces(), {"": 1})
        fill_from_tags(source, document)
    with suppress(InputError):
        for _ in document.finish():
            pass
    return document
