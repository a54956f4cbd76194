"""Reads REUSE.toml and .reuse/dep5: under which licence the files of a tree stand, by patterns of their paths (REUSE 3.3).

A pattern over everything speaks of the product, one over a folder of that folder, any other of the files it names.
Copyright notices and the order of precedence are not looked at.
"""

import re
from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Fragment, LicenseClaim
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.toml_text import line_of_key, parse_toml
from lien.vocabulary.licenses import Scheme

__all__ = ["ReuseReader"]

_FIELD = re.compile(r"(Files|License):[ \t]*(.*)", re.IGNORECASE)


class ReuseReader:
    """REUSE.toml in any folder, and .reuse/dep5."""

    name = "reuse"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By name."""
        return path.rpartition("/")[2] == "REUSE.toml" or path == ".reuse/dep5" or path.endswith("/.reuse/dep5")

    def accepts(self, head: bytes) -> bool:
        """By a key of either format; one that is written wrongly is still to be told."""
        return b"SPDX-" in head or b"annotations" in head or b"License:" in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """A claim for each pattern and expression, in file order. Raises InputError if REUSE.toml is not TOML, or an annotation is no table."""
        if source.path.endswith("dep5"):
            yield from self._dep5(source)
        else:
            yield from self._toml(source)

    def _toml(self, source: Source) -> Iterator[Fragment]:
        folder = source.path.rpartition("/")[0]
        tables = parse_toml(source).get("annotations", [])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            line = line_of_key(source, "annotations")
            raise InputError("annotations is no array of tables; write [[annotations]]", path=source.path, line=line)
        for index, table in enumerate(tables):
            line = line_of_key(source, "annotations", index=index) or 1
            for expression in _texts(table.get("SPDX-License-Identifier")):
                place = _line_below(source, line, expression)
                for pattern in _texts(table.get("path")):
                    yield self._claim(source, place, expression, folder, pattern)

    def _dep5(self, source: Source) -> Iterator[Fragment]:
        folder = source.path.rpartition("/")[0].rpartition("/")[0]
        patterns: list[str] = []
        in_files = False
        for number, line in enumerate(source.text.splitlines(), start=1):
            match = _FIELD.match(line)
            if not line.strip():
                patterns, in_files = [], False
            elif match is not None and match[1].lower() == "files":
                patterns, in_files = match[2].split(), True
            elif in_files and line[0] in " \t":
                patterns += line.split()
            else:
                in_files = False
                if match is not None:
                    for pattern in patterns:
                        yield self._claim(source, number, match[2].strip(), folder, pattern)

    def _claim(self, source: Source, line: int, expression: str, folder: str, pattern: str) -> LicenseClaim:
        evidence = source.evidence(self.name, line=line, as_written=f"{pattern}: {expression}")
        return LicenseClaim(PRODUCT, expression, Scheme.SPDX, evidence, source.path, _part(folder, pattern))


def _part(folder: str, pattern: str) -> str | None:
    """What a pattern covers: None for everything."""
    stem = re.sub(r"(?:^|/)\*{1,2}(?:/\*)?$", "", pattern.removeprefix("./")).strip("/")
    return "/".join(one for one in (folder, stem) if one) or None


def _texts(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [one.strip() for one in listed if isinstance(one, str) and one.strip()]


def _line_below(source: Source, line: int, text: str) -> int:
    lines = source.text.split("\n")
    return next((number for number, one in enumerate(lines[line - 1 :], start=line) if text in one), line)
