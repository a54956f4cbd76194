"""Reads environment files of conda: packages of its channels, and those that pip adds."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import Fragment, Role
from lien.readers._conda import conda_package
from lien.readers._pip_arguments import pip_install
from lien.readers._requirement import Problem, fragments_of, shown, summary
from lien.readers._requirement_lines import is_for_developers
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import YamlDocument, parse_yaml

__all__ = ["CondaEnvironmentReader"]

_NAME = re.compile(r"(?:[\w.-]*environment[\w.-]*|conda[\w-]*|(?:[\w-]+[-_])?env(?:[-_][\w-]+)?)\.ya?ml", re.IGNORECASE | re.ASCII)
_OTHERS = re.compile(r"conda[-_](?:lock|build[-_]config)", re.IGNORECASE)
_KEYS = re.compile(rb"^(?:dependencies|channels)[ \t]*:", re.MULTILINE)


class CondaEnvironmentReader:
    """environment.yml, environment-dev.yml, conda.yaml and their like, as conda, mamba and MLflow write them."""

    name = "conda-environment"
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By usual names."""
        name = path.rpartition("/")[2]
        return _NAME.fullmatch(name) is not None and _OTHERS.match(name) is None

    def accepts(self, head: bytes) -> bool:
        """Does it name dependencies or channels at the top?"""
        return _KEYS.search(head) is not None

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages in file order. All that can be read comes first; then InputError names every line that cannot."""
        document = parse_yaml(source.text, path=source.path)
        value = document.value
        dependencies = value.get("dependencies") if isinstance(value, Mapping) else None
        if dependencies is None:
            return
        if not isinstance(dependencies, list):
            raise InputError('dependencies is no list (write "- NAME=VERSION" lines)', path=source.path, line=document.line("dependencies"))
        problems: list[Problem] = []
        role = Role.DEVELOPMENT if is_for_developers(source.path.rpartition("/")[2]) else Role.DEFAULT
        for index, item in enumerate(dependencies):
            yield from self._item(source, document, index, item, role, problems)
        if problems:
            raise summary(source.path, problems)

    def _item(
        self,
        source: Source,
        document: YamlDocument,
        index: int,
        item: Any,  # noqa: ANN401  # what YAML gives
        role: Role,
        problems: list[Problem],
    ) -> Iterator[Fragment]:
        line = document.line("dependencies", index)
        named = conda_package(item) if isinstance(item, str) else None
        pip = item.get("pip") if isinstance(item, Mapping) else None
        if named is not None:
            yield from fragments_of(named, source.evidence(self.name, line=line, as_written=shown(str(item))), role)
        elif isinstance(pip, list):
            for at, text in enumerate(pip):
                place = source.evidence(self.name, line=document.line("dependencies", index, "pip", at))
                words = str(text).split("#")[0].split() if str(text).startswith("-") else [str(text)]
                yield from pip_install(words, place, source.tree, role=role)
        else:
            problems.append(Problem(source.path, line, f'"{str(item)[:80]}" is no package of conda (write NAME or NAME=VERSION)'))
