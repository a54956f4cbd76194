"""The lines of a requirements file and of what it includes, as pip reads them, and the facts in them.

Not read: indexes and other options, `${VARIABLES}`, files at a URL. An included file is read
in the context of the file that includes it, and evidence names its own path. Hashes are kept beside the
package that they are of; a version that a constraint pins has that line as evidence too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, Role
from lien.readers._requirement import (
    URL,
    Lost,
    Named,
    Problem,
    exact_version,
    fragments_of,
    is_path,
    meaning,
    no_requirement,
    shown,
    summary,
)
from lien.sources.limits import MAX_INCLUDES
from lien.sources.source import Source
from lien.sources.tree import Tree

__all__ = ["is_for_developers", "is_requirements_file", "pins_of_file", "read_requirements", "role_of_file"]

_READER = "requirements"
_DEVELOPMENT = frozenset({"dev", "devel", "develop", "development", "test", "tests", "testing", "lint", "linting", "doc", "docs", "ci"})

_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_OPTION_START = re.compile(r"--?[A-Za-z]")
_TRAILING_OPTION = re.compile(r"(?<=\s)--?[A-Za-z]")
_PATH_OPTION = re.compile(
    r"(?:^|\s)(?:(?P<short>-[rce])\s*|(?P<long>--requirement|--constraint|--editable)(?:\s*=\s*|\s+))(?P<value>\"[^\"]*\"|'[^']*'|\S+)"
)
_PATH_OPTION_ALONE = re.compile(r"-[rce]|--(?:requirement|constraint|editable)\s*=?")
_HASH = re.compile(r"(?:^|\s)--hash(?:=|\s+)([a-z0-9]+:[0-9A-Fa-f]+)")
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class _Line(NamedTuple):
    """A logical line: continued lines joined, comments gone; `number` is where it begins."""

    path: str
    number: int
    text: str


class _Listing(NamedTuple):
    """The lines of a file and of the files it includes, in the order in which pip reads them."""

    wanted: list[_Line]
    constraints: list[_Line]
    problems: list[Problem]


def is_requirements_file(path: str) -> bool:
    """Is this a requirements file, by its name or folder? Constraints ask for nothing, and are read where they are named."""
    folder, _, name = path.lower().rpartition("/")
    stem, _, extension = name.rpartition(".")
    if extension not in {"txt", "in"} or "constraint" in stem:
        return False
    return stem.startswith("requirements") or stem.endswith("requirements") or folder.rpartition("/")[2] == "requirements"


def role_of_file(path: str) -> Role:
    """What the file's name says its requirements are for, by whole words: "latest" holds no "test"."""
    name = path.lower().rpartition("/")[2].replace("requirements", " ")
    if is_for_developers(name):
        return Role.DEVELOPMENT
    return Role.BUILD if "build" in _words(name) else Role.DEFAULT


def is_for_developers(name: str) -> bool:
    """Does the name of a file or group say that only developers need what is in it?"""
    return not _DEVELOPMENT.isdisjoint(_words(name))


def _words(name: str) -> list[str]:
    return re.split(r"[^a-z0-9]+", name.lower())


def read_requirements(source: Source, role: Role) -> Iterator[Fragment]:
    """Packages and what the product asks of them, in file order, includes in their place.

    All lines that can be read come first; then InputError names every line that cannot.
    """
    listing = _Walk(source.tree).run(source)
    problems = list(listing.problems)
    pins = _pins(listing.constraints, problems)
    versions = {name: version for name, (version, _) in pins.items()}
    for line in listing.wanted:
        try:
            found = _found(line, versions, source.tree)
        except (ValueError, RecursionError):  # the second: a marker of a thousand brackets
            problems.append(_no_requirement(line))
        else:
            for fragment in fragments_of(found, _evidence(line), role):
                yield _with_hashes(fragment, line) if isinstance(fragment, ArtifactSeen) else fragment
            if isinstance(found, Named):
                yield from _pinned(found, pins)
    if problems:
        raise summary(source.path, problems)


def pins_of_file(source: Source) -> Mapping[str, str]:
    """The one version that a constraints file pins of each name; what is no requirement pins nothing."""
    return {name: version for name, (version, _) in _pins(_Walk(source.tree).run(source).wanted, []).items()}


def _logical_lines(path: str, text: str) -> Iterator[_Line]:
    """Lines joined as pip joins them (pip `req_file.py`, `join_lines`): a comment ends a continuation."""
    parts: list[str] = []
    first = 1
    for number, line in enumerate(text.splitlines(), start=1):
        if not parts:
            first = number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line.strip("\\"))
            continue
        parts.append(f" {line}" if line.startswith("#") else line)
        yield _Line(path, first, _uncommented("".join(parts)))
        parts.clear()
    if parts:
        yield _Line(path, first, _uncommented("".join(parts)))


def _uncommented(line: str) -> str:
    comment = _COMMENT.search(line)
    return (line[: comment.start()] if comment else line).strip()


class _Walk:
    """One walk from a requirements file through what it includes; a file is entered once."""

    def __init__(self, tree: Tree) -> None:
        self.listing = _Listing([], [], [])
        self._tree = tree
        self._visited: set[tuple[str, bool]] = set()
        self._opened: list[tuple[bool, Iterator[_Line]]] = []

    def run(self, source: Source) -> _Listing:
        self._visited.add((source.path, False))
        self._opened.append((False, _logical_lines(source.path, source.text)))
        while self._opened:
            is_constraint, lines = self._opened[-1]
            line = next(lines, None)
            if line is None:
                self._opened.pop()
            elif line.text.startswith("-"):
                self._options(line, is_constraint=is_constraint)
            elif line.text:
                (self.listing.constraints if is_constraint else self.listing.wanted).append(line)
        return self.listing

    def _options(self, line: _Line, *, is_constraint: bool) -> None:
        if not _OPTION_START.match(line.text) or _PATH_OPTION_ALONE.fullmatch(line.text):
            self.listing.problems.append(_no_requirement(line))
            return
        # Reversed, because the file opened last is read first.
        for match in reversed(list(_PATH_OPTION.finditer(line.text))):
            option, value = match["short"] or match["long"], match["value"].strip("\"'")
            if option in {"-e", "--editable"}:
                if not is_constraint:
                    self.listing.wanted.append(line._replace(text=value))
            elif not _REMOTE.match(value):
                self._include(line, option, value)
            elif option in {"-r", "--requirement"}:
                self.listing.wanted.append(line._replace(text=f"{option} {value}"))

    def _include(self, line: _Line, option: str, value: str) -> None:
        try:
            self._open(line.path, value, is_constraint=option in {"-c", "--constraint"})
        except InputError as error:
            advice = "; add the file or take the line out" if isinstance(error.__cause__, FileNotFoundError) else ""
            self.listing.problems.append(Problem(line.path, line.number, f"{option} {value}: {error.message}{advice}"))

    def _open(self, base: str, relative: str, *, is_constraint: bool) -> None:
        path = self._tree.join(base, relative)
        if path is None:
            raise InputError("lies outside the audited tree, where lien does not read; copy it in or audit its folder")
        if (path, is_constraint) in self._visited:
            return
        if len(self._visited) > MAX_INCLUDES:
            raise InputError(f"is one file more than the {MAX_INCLUDES} that lien follows; audit it by itself")
        self._visited.add((path, is_constraint))
        # As for pip, what a constraints file includes with -r is asked for, not only constrained.
        self._opened.append((is_constraint, _logical_lines(path, self._tree.read(path).text)))


def _with_hashes(seen: ArtifactSeen, line: _Line) -> ArtifactSeen:
    hashes = tuple(dict.fromkeys(one.lower() for one in _HASH.findall(line.text)))
    return seen._replace(attributes=(("hashes", hashes),)) if hashes else seen


def _pinned(found: Named, pins: Mapping[str, tuple[str, _Line]]) -> Iterator[ArtifactSeen]:
    """The package at the line of the constraint that says its version."""
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    version, line = pins.get(canonicalize_name(found.name), (None, None))
    if version is not None and line is not None and found.version == version:
        yield _with_hashes(ArtifactSeen(found.id, found.kind, _evidence(line), name=found.name, version=version), line)


def _pins(constraints: Iterable[_Line], problems: list[Problem]) -> Mapping[str, tuple[str, _Line]]:
    """The one version that constraints pin of each name, with the first line that does; of two versions (by markers) neither."""
    from packaging.requirements import Requirement  # noqa: PLC0415
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    versions: dict[str, dict[str, _Line]] = {}
    for line in constraints:
        if URL.match(line.text) or is_path(line.text):
            continue
        try:
            requirement = Requirement(_without_options(line.text))
        except (ValueError, RecursionError):
            problems.append(_no_requirement(line))
            continue
        version = exact_version((one.operator, one.version) for one in requirement.specifier)
        if version is not None:
            versions.setdefault(canonicalize_name(requirement.name), {}).setdefault(version, line)
    return {name: next(iter(found.items())) for name, found in versions.items() if len(found) == 1}


def _without_options(text: str) -> str:
    """`--hash=…` and other options of one requirement are no part of it."""
    option = _TRAILING_OPTION.search(text)
    return (text[: option.start()] if option else text).strip()


def _found(line: _Line, pins: Mapping[str, str], tree: Tree) -> Named | Lost | None:
    if line.text.startswith("-"):
        return Lost(line.text, "is a requirements file at a URL, which lien does not fetch; keep a copy in the tree")
    text = line.text if URL.match(line.text) or is_path(line.text) else _without_options(line.text)
    return meaning(text, line.path, tree, pins)


def _evidence(line: _Line) -> Evidence:
    text = line.text if line.text.startswith("-") else _without_options(line.text)
    return Evidence(line.path, line.number, None, shown(text), _READER)


def _no_requirement(line: _Line) -> Problem:
    return Problem(line.path, line.number, no_requirement(line.text))
