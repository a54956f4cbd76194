"""Reads yarn.lock: every resolved package and who needs whom; package.json files say what the product asks for.

Both formats are lines by indentation: version 1 of Yarn Classic, and what Yarn 2 and later write, a
narrow part of YAML. Neither holds licences.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lien.graph.fragments import PRODUCT, ArtifactSeen, Fragment, RelationSeen
from lien.readers._npm import asked_of, members_of, npm_id, spec_of
from lien.readers._requirement import Problem, summary
from lien.sources.limits import MAX_LOCK_BYTES
from lien.sources.source import Source
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["YarnLockReader"]

_QUOTED = r"\"(?:[^\"\\]|\\.)*+\""
_HEADER = re.compile(rf"((?:{_QUOTED}|[^\s\",]+)(?:, (?:{_QUOTED}|[^\s\",]+))*):$")
_PATTERN = re.compile(rf"{_QUOTED}|[^\s\",]+")
_FIELD = re.compile(rf"({_QUOTED}|[^\s\":]+):?(?: (.+))?$")
_LINKS = {"dependencies": None, "optionalDependencies": "optional"}
_SHOWN = 80


@dataclass(slots=True)
class _Entry:
    """One block: the patterns that it resolves, its fields, and what it needs as (name, range, note, line)."""

    line: int
    patterns: list[str]
    fields: dict[str, str] = field(default_factory=dict)
    needs: list[tuple[str, str, str | None, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Package:
    id: str | None
    name: str
    version: str | None
    is_member: bool = False


class YarnLockReader:
    """yarn.lock of Yarn Classic and Yarn Berry."""

    name = "yarn-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2] == "yarn.lock"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # a lock of nothing is short
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages with what they need, in file order, then what the product asks for.

        All that can be read comes first; then InputError names every line that cannot.
        """
        lines = source.text.splitlines()
        problems: list[Problem] = []
        entries = list(_entries(lines, source.path, problems))
        packages = [_package(entry) for entry in entries]
        names = _Names(entries, packages)
        for entry, package in zip(entries, packages, strict=True):
            if package.id is not None:
                evidence = source.evidence(self.name, line=entry.line, as_written=lines[entry.line - 1])
                yield ArtifactSeen(package.id, Kind.PACKAGE, evidence, name=package.name, version=package.version)
            elif package.is_member:
                continue  # its package.json tells, and in which role
            for name, wanted, note, line in entry.needs:
                found = names.of(name, wanted)
                if found is not None and found[0].id is not None and found[0].id != package.id:
                    place = source.evidence(self.name, line=line, as_written=lines[line - 1].strip())
                    yield RelationSeen(package.id or PRODUCT, Relation.DEPENDS_ON, found[0].id, place, note=note)
        yield from self._product(source, names, lines)
        if problems:
            raise summary(source.path, problems)

    def _product(self, source: Source, names: "_Names", lines: list[str]) -> Iterator[Fragment]:
        """What the package.json beside the lock and those of its workspace ask for, at the blocks that resolve it."""
        for manifest in members_of(source.tree, source.path.rpartition("/")[0]).values():
            for one in asked_of(manifest):
                found = names.of(one.name, one.spec)
                if found is not None and found[0].id is not None:
                    evidence = source.evidence(self.name, line=found[1], as_written=lines[found[1] - 1])
                    yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, found[0].id, evidence, one.role, note=one.note)


class _Names:
    """Which package a name and a range mean, and the line of its block."""

    def __init__(self, entries: list[_Entry], packages: list[_Package]) -> None:
        self._by_pattern: dict[str, tuple[_Package, int]] = {}
        self._by_name: dict[str, dict[_Package, int]] = {}
        for entry, package in zip(entries, packages, strict=True):
            self._by_pattern.update(dict.fromkeys(entry.patterns, (package, entry.line)))
            self._by_name.setdefault(_split(entry.patterns[0])[0], {}).setdefault(package, entry.line)

    def of(self, name: str, wanted: str) -> tuple[_Package, int] | None:
        """By the pattern: Berry writes the protocol in it, and before version 8 not where it is asked for.

        `resolutions` and a manifest that went on leave ranges without a pattern: then it is the one version of that name.
        """
        found = self._by_pattern.get(f"{name}@{wanted}") or self._by_pattern.get(f"{name}@npm:{wanted}")
        if found is not None:
            return found
        versions = self._by_name.get(name, {})
        return next(iter(versions.items())) if len(versions) == 1 else None


def _entries(lines: list[str], path: str, problems: list[Problem]) -> Iterator[_Entry]:
    entry: _Entry | None = None
    section: str | None = None
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if indent == 0:
            if entry is not None:
                yield entry
            header = _HEADER.match(line)
            entry = _Entry(number, [one for found in _PATTERN.findall(header[1]) for one in _plain(found).split(", ")]) if header else None
            if header is None:
                problems.append(_problem(path, number, text))
            continue
        match = _FIELD.match(text)
        if entry is None:
            continue  # what stands below a line that is no header
        if match is None:
            problems.append(_problem(path, number, text))
        elif indent == 2:
            section = _plain(match[1])
            if match[2] is not None:
                entry.fields[section] = _plain(match[2])
        elif section in _LINKS and match[2] is not None:
            entry.needs.append((_plain(match[1]), _plain(match[2]), _LINKS[section], number))
    if entry is not None:
        yield entry


def _problem(path: str, number: int, text: str) -> Problem:
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return Problem(path, number, f'"{shown}" is no line of a yarn.lock (write the lock anew)')


def _plain(text: str) -> str:
    return text[1:-1].replace('\\"', '"') if text.startswith('"') and text.endswith('"') and len(text) > 1 else text


def _package(entry: _Entry) -> _Package:
    """The package that a block resolves to; no id for a part of the tree, and for `__metadata`."""
    version = entry.fields.get("version")
    resolution = entry.fields.get("resolution")
    pattern = resolution or entry.patterns[0]
    name, wanted = _split(pattern)
    if version is None or wanted is None:
        return _Package(None, name, None)
    spec = spec_of(name, wanted)
    # Berry: `web@workspace:.`, `lib@file:./lib#./lib::hash=…`; `@patch:` is the package with changes of the product's own.
    if spec.is_local or wanted.startswith(("workspace:", "link:", "portal:")):
        return _Package(None, name, None, is_member=wanted.startswith("workspace:"))
    return _Package(npm_id(spec.name, version), spec.name, version)


def _split(pattern: str) -> tuple[str, str | None]:
    """(Name, range) of `@scope/name@range`."""
    at = pattern.find("@", 1)
    return (pattern[:at], pattern[at + 1 :]) if at > 0 else (pattern, None)
