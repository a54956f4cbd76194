"""Reads pixi.toml: packages of channels and of PyPI, by feature. What its tables mean stands in `_pixi.py`."""

from collections.abc import Iterator

from lien.graph.fragments import Fragment
from lien.readers._pixi import pixi_facts
from lien.readers._toml_file import TomlFile
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["PixiReader"]


class PixiReader:
    """pixi.toml, the manifest of a workspace or of a package."""

    name = "pixi"
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2].lower() == "pixi.toml"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # tables stand in any order
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages. All that can be read comes first; then InputError names every value that cannot."""
        file = TomlFile(source, self.name)
        yield from pixi_facts(file)
        file.complain()
