"""Reads pip's requirements files: what they name, pin and include.

What is installed in the end is for lock files and resolvers to say. How lines are read stands in
`_requirement_lines.py`, what one of them asks for in `_requirement.py`.
"""

from collections.abc import Iterator

from lien.graph.fragments import Fragment
from lien.readers._requirement_lines import is_requirements_file, read_requirements, role_of_file
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["RequirementsReader"]


class RequirementsReader:
    """requirements.txt, requirements-dev.txt, requirements/base.txt, requirements.in and their like."""

    name = "requirements"
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """Requirements by their name or folder. Constraints ask for nothing, and are read where they are named."""
        return is_requirements_file(path)

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # any text may begin a requirements file
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages and what the product asks of them, in file order, includes in their place.

        All lines that can be read come first; then InputError names every line that cannot.
        """
        yield from read_requirements(source, role_of_file(source.path))
