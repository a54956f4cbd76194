"""Reads Pipfile: what the product asks for, and what only its developers need."""

from collections.abc import Iterator

from lien.graph.fragments import Fragment, Role
from lien.readers._dependency_table import dependency_table
from lien.readers._toml_file import TomlFile
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["PipfileReader"]

_NO_PACKAGES = frozenset({"source", "requires", "pipenv", "scripts", "pipfile", "build-system"})


class PipfileReader:
    """Pipfile of Pipenv. Every table that is no setting is a category of packages (Pipenv, "Pipfile specification")."""

    name = "pipfile"
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2].lower() == "pipfile"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # tables stand in any order
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages of all categories; those of a category of the user's own are options.

        All that can be read comes first; then InputError names every value that cannot.
        """
        file = TomlFile(source, self.name)
        yield from dependency_table(file, Role.DEFAULT, "packages")
        yield from dependency_table(file, Role.DEVELOPMENT, "dev-packages")
        for category in file.table():
            if category not in _NO_PACKAGES and category not in {"packages", "dev-packages"}:
                yield from dependency_table(file, Role.OPTION, category)
        file.complain()
