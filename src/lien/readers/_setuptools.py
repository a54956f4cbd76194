"""What setup.cfg and setup.py tell alike: the product, its licence claims, and requirements by keyword."""

from collections.abc import Iterable, Iterator

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, Role
from lien.readers._requirement import Problem, fragments_of, no_requirement, required, shown
from lien.readers._requirement_lines import is_requirements_file, read_requirements
from lien.sources.source import Source
from lien.vocabulary.ids import package_id, without_version
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

__all__ = ["ROLES", "Metadata", "role_of_extra"]

ROLES = {"install_requires": Role.DEFAULT, "tests_require": Role.DEVELOPMENT, "setup_requires": Role.BUILD}
"""What each keyword with a list of requirements is for; `extras_require` holds options."""


class Metadata:
    """Makes sightings of the values of one file; requirements that are none are problems."""

    def __init__(self, source: Source, reader: str, own_name: str | None) -> None:
        self.problems: list[Problem] = []
        self._source, self._reader = source, reader
        self._own = package_id("pypi", own_name) if own_name else None
        self._folder = source.path.rpartition("/")[0]

    def evidence(self, line: int | None, as_written: str) -> Evidence:
        """Evidence without the password or token of a repository: reports travel."""
        return self._source.evidence(self._reader, line=line, as_written=shown(as_written))

    def product(self, name: str, version: str | None, line: int | None) -> Iterator[Fragment]:
        """The product's name; a file in a folder names only a part of the product."""
        if not self._folder:
            yield ArtifactSeen(PRODUCT, Kind.PRODUCT, self.evidence(line, name), name=name, version=version)

    def license(self, text: str, line: int | None) -> Iterator[Fragment]:
        """The free text of `license`."""
        if text.strip():
            yield self._claim(text.strip(), Scheme.FREE_TEXT, line)

    def classifier(self, text: str, line: int | None) -> Iterator[Fragment]:
        """A trove classifier, if it is one of a licence."""
        if text.startswith("License ::"):
            yield self._claim(text, Scheme.CLASSIFIER, line)

    def _claim(self, text: str, scheme: Scheme, line: int | None) -> LicenseClaim:
        return LicenseClaim(PRODUCT, text, scheme, self.evidence(line, text.partition("\n")[0]), self._source.path, self._folder or None)

    def required(self, items: Iterable[tuple[str, int | None]], role: Role) -> Iterator[Fragment]:
        """Requirements with their lines. A comment within a text of many lines is none."""
        for written, line in items:
            text = written.strip()
            if not text or text.startswith("#"):
                continue
            try:
                named = required(text)
            except (ValueError, RecursionError):  # the second: a marker of a thousand brackets
                self.problems.append(Problem(self._source.path, line, no_requirement(text)))
                continue
            if without_version(named.id) != self._own:  # an extra of the product itself gathers other extras
                yield from fragments_of(named, self.evidence(line, text), role)

    def from_file(self, name: str, role: Role, line: int | None) -> Iterator[Fragment]:
        """The requirements of a file that is named; most are read for themselves."""
        path = self._source.tree.join(self._source.path, name.strip())
        if path is not None and is_requirements_file(path) and self._source.tree.has(path):
            return
        try:
            if path is None:
                raise InputError("lies outside the audited tree, where lien does not read; copy it in or audit its folder")  # noqa: TRY301
            yield from read_requirements(self._source.tree.read(path), role)
        except InputError as error:
            self.problems.append(Problem(self._source.path, line, f"{name.strip()}: {error.message}"))


def role_of_extra(extra: str) -> Role:
    """An extra is an option; one without a name, `:MARKER`, is always asked for (setuptools, "extras_require")."""
    return Role.DEFAULT if extra.startswith(":") else Role.OPTION
