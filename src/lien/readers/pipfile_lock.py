"""Reads Pipfile.lock: every package with its version, for the product or for its developers.

The format tells neither licences nor who needs whom: every package of a category is one that the
product depends on, by itself or through others.
"""

from collections.abc import Iterator, Mapping

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Fragment, RelationSeen, Role
from lien.sources.json_text import parse_json, pointer
from lien.sources.limits import MAX_LOCK_BYTES
from lien.sources.source import Source
from lien.vocabulary.ids import package_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["PipfileLockReader"]

_ROLES = {"default": Role.DEFAULT, "develop": Role.DEVELOPMENT}


class PipfileLockReader:
    """Pipfile.lock of Pipenv; a category of the user's own is an option."""

    name = "pipfile-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2].lower() == "pipfile.lock"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # a lock of nothing is short
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages in file order. All that can be read comes first; then InputError names the first value that cannot."""
        root = parse_json(source)
        if not isinstance(root, dict):
            raise InputError("is no Pipfile.lock: the whole is no object (write the lock anew)", path=source.path, pointer="")
        wrong: str | None = None
        for category, packages in root.items():
            if category == "_meta":
                continue
            if not isinstance(packages, dict):
                wrong = wrong or pointer(category)
                continue
            role = _ROLES.get(category, Role.OPTION)
            for name, entry in packages.items():
                if isinstance(entry, dict):
                    yield from self._package(source, category, name, entry, role)
                else:
                    wrong = wrong or pointer(category, name)
        if wrong is not None:
            raise InputError(f"{wrong} is no object (write the lock anew)", path=source.path, pointer=wrong)

    def _package(self, source: Source, category: str, name: str, entry: Mapping[str, object], role: Role) -> Iterator[Fragment]:
        if entry.get("editable") is True and isinstance(entry.get("path"), str):
            return  # a part of the tree
        written = entry.get("version")
        version = written.removeprefix("==") if isinstance(written, str) and written.startswith("==") else None
        identifier = package_id("pypi", name, version)
        evidence = source.evidence(self.name, pointer=pointer(category, name), as_written=f'"{name}"')
        yield ArtifactSeen(identifier, Kind.PACKAGE, evidence, name=name, version=version)
        yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, identifier, evidence, role)
