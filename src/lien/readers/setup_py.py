"""Reads setup.py by its syntax, and never runs it: what the call of `setup` is given, as far as plain values lead.

Followed are constants, lists, dictionaries, sums and names given at the top of the file or in the
function around the call. What both branches of a condition add counts. A value that is computed in
another way is an unresolved reference; one that is read from a requirements file of the tree is
that file.
"""

import ast
from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Fragment, Role, UnresolvedReference
from lien.readers._requirement import Problem, summary
from lien.readers._setup_values import Followed, Text, followed
from lien.readers._setuptools import ROLES, Metadata, role_of_extra
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["SetupPyReader"]

_COMPUTED = "is computed by the script, which lien does not run; state the requirements in pyproject.toml"


class SetupPyReader:
    """setup.py of setuptools or distutils."""

    name = "setup-py"
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2] == "setup.py"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # the call stands at the end
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """The product, its licence claims, then its requirements.

        All that can be read comes first; then InputError names every requirement that cannot.
        """
        module = _parsed(source)
        problems: list[Problem] = []
        for keywords in followed(module, source):
            name = keywords.text("name")
            metadata = Metadata(source, self.name, name.text if name else None)
            version = keywords.text("version")
            if name:
                yield from metadata.product(name.text, version.text if version else None, name.line)
            license_ = keywords.text("license")
            if license_:
                yield from metadata.license(license_.text, license_.line)
            for one in keywords.texts("classifiers").found:
                yield from metadata.classifier(one.text.strip(), one.line)
            for keyword, role in ROLES.items():
                yield from self._required(metadata, keyword, keywords.texts(keyword), role)
            extras = keywords.table("extras_require")
            for extra, found in extras.found.items():
                yield from self._required(metadata, f"extras_require: {extra}", found, role_of_extra(extra))
            if extras.lost is not None:
                yield UnresolvedReference(PRODUCT, "extras_require", _COMPUTED, metadata.evidence(extras.lost, "extras_require"))
            problems.extend(metadata.problems)
        if problems:
            raise summary(source.path, problems)

    def _required(self, metadata: Metadata, keyword: str, values: Followed[list[Text]], role: Role) -> Iterator[Fragment]:
        yield from metadata.required(((line.text, line.line) for one in values.found for line in one.lines()), role)
        for name, line in values.files:
            yield from metadata.from_file(name, role, line)
        if values.lost is not None:
            yield UnresolvedReference(PRODUCT, keyword, _COMPUTED, metadata.evidence(values.lost, keyword))


def _parsed(source: Source) -> ast.Module:
    """The syntax tree. Raises InputError with the line if it is not Python 3."""
    try:
        return ast.parse(source.text)
    except SyntaxError as error:
        raise InputError(
            f"is not Python 3: {error.msg}; state the requirements in pyproject.toml", path=source.path, line=error.lineno
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise InputError("is no Python that can be parsed; state the requirements in pyproject.toml", path=source.path) from error
