"""What the readers of training and merge configurations share: any file of an ending may be one, and its keys decide."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from lien.graph.fragments import Fragment
from lien.readers._training import MAX_CONFIG_BYTES, Config, documents
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["TrainingReader"]


class TrainingReader(ABC):
    """A reader that sieves by bytes before it parses, and sees one document after the other."""

    name: str
    owed = False
    max_bytes = MAX_FILE_BYTES
    endings: ClassVar[tuple[str, ...]] = (".yaml", ".yml", ".json")

    def claims(self, path: str) -> bool:
        """Any file of the endings: the keys decide."""
        return path.lower().endswith(self.endings)

    def accepts(self, head: bytes) -> bool:
        """A short file shows its keys at once."""
        return len(head) >= 4096 or self.is_likely(head)

    def read(self, source: Source) -> Iterator[Fragment]:
        """What is made and what it is made from. Raises InputError with the place if the file is not what its ending says."""
        if len(source.data) <= MAX_CONFIG_BYTES and self.is_likely(source.data):
            yield from self.fragments(documents(source, self.name))

    @abstractmethod
    def is_likely(self, data: bytes) -> bool:
        """Can these bytes hold such a configuration, by the words in them?"""

    @abstractmethod
    def fragments(self, configs: list[Config]) -> Iterator[Fragment]:
        """What the documents of one file say, as far as they are of this form."""
