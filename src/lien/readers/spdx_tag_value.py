"""SPDX 2.2 and 2.3 as tag-value, streamed."""

from collections.abc import Iterator

from lien.graph.fragments import Fragment
from lien.readers._bom_values import in_batches
from lien.readers._spdx2_document import Spdx2Document
from lien.readers._spdx2_links import Links
from lien.readers._spdx2_tags import fill_from_tags
from lien.readers._spdx_files import beginning
from lien.readers._spdx_lines import LinePlaces
from lien.sources.limits import MAX_BOM_BYTES
from lien.sources.source import Source

__all__ = ["SpdxTagValueReader"]


class SpdxTagValueReader:
    """`*.spdx`, and other files that begin with the tag of a version."""

    name: str = "spdx-tag-value"
    owed: bool = True
    max_bytes: int = MAX_BOM_BYTES

    def claims(self, path: str) -> bool:
        """`*.spdx`, `*.spdx.tag` and their like."""
        return path.lower().endswith((".spdx", ".spdx.tag", ".spdx.txt", ".tag"))

    def accepts(self, head: bytes) -> bool:
        """A version, or one of the tags of a document without one, at the beginning of a line."""
        lines = beginning(head).lower().splitlines()
        return any(line.lstrip().startswith((b"spdxversion:", b"packagename:", b"documentnamespace:")) for line in lines)

    def read(self, source: Source) -> Iterator[Fragment]:
        """What could be read, and then the first complaint, with its line."""
        yield from in_batches(_fragments(source))


def _fragments(source: Source) -> Iterator[Fragment]:
    document = Spdx2Document(source.path, SpdxTagValueReader.name, LinePlaces(), {"": 1}, Links(source))
    fill_from_tags(source, document)
    yield from document.finish()
