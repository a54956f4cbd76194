"""Reads pip's requirements files: what they name, pin and include.

What is installed in the end is for lock files and resolvers to say. Nothing is evaluated against
this machine: a requirement with an environment marker counts, whatever the marker says.

Not read: indexes and other options, hashes, `${VARIABLES}`, files at a URL. An included file is
read in the context of the file that includes it, and evidence names its own path.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.sources.limits import MAX_FILE_BYTES, MAX_INCLUDES
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.ids import package_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["RequirementsReader"]

_DEVELOPMENT = frozenset({"dev", "devel", "develop", "development", "test", "tests", "testing", "lint", "linting", "doc", "docs", "ci"})
_SHOWN_PROBLEMS = 20
"""A file of another format has as many bad lines as lines; nobody reads more than this."""

_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_OPTION_START = re.compile(r"--?[A-Za-z]")
_TRAILING_OPTION = re.compile(r"(?<=\s)--?[A-Za-z]")
_PATH_OPTION = re.compile(
    r"(?:^|\s)(?:(?P<short>-[rce])\s*|(?P<long>--requirement|--constraint|--editable)(?:\s*=\s*|\s+))(?P<value>\"[^\"]*\"|'[^']*'|\S+)"
)
_PATH_OPTION_ALONE = re.compile(r"-[rce]|--(?:requirement|constraint|editable)\s*=?")
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*://|(?:git|hg|svn|bzr)\+)", re.IGNORECASE)
_PATH = re.compile(r"[./~\\]|[A-Za-z]:[\\/]|[^\s@;\[<>=!]*[/\\]|\S+\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)(?:\s|;|$)")
_EGG = re.compile(r"(?:^|&)egg=([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_REPOSITORY = re.compile(
    r"(?P<vcs>(?:git|hg|svn|bzr)\+)?(?:[a-z]+://)?(?:[^@/\s]*@)?(?P<host>[A-Za-z0-9.-]+)(?::\d+)?[/:]+(?P<path>[^\s#?]+)"
)
_CODE_HOSTS = {"github.com": "github", "gitlab.com": "gitlab", "bitbucket.org": "bitbucket"}
_CREDENTIALS = re.compile(r"(?<=://)(?!git@)[^/\s@]+(?=@)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


class _Line(NamedTuple):
    """A logical line: continued lines joined, comments gone; `number` is where it begins."""

    path: str
    number: int
    text: str


class _Problem(NamedTuple):
    line: _Line
    what: str


class _Listing(NamedTuple):
    """The lines of a file and of the files it includes, in the order in which pip reads them."""

    wanted: list[_Line]
    constraints: list[_Line]
    problems: list[_Problem]


class _Named(NamedTuple):
    """What a line asks for: a package or, of a bare repository URL, code."""

    id: str
    kind: Kind
    name: str
    version: str | None = None
    note: str | None = None
    is_optional: bool = False


class _Lost(NamedTuple):
    """A line that asks for something without saying what it is."""

    what: str
    reason: str


class RequirementsReader:
    """requirements.txt, requirements-dev.txt, requirements/base.txt, requirements.in and their like."""

    name = "requirements"
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """Requirements by their name or folder. Constraints ask for nothing, and are read where they are named."""
        folder, _, name = path.lower().rpartition("/")
        stem, _, extension = name.rpartition(".")
        if extension not in {"txt", "in"} or "constraint" in stem:
            return False
        return stem.startswith("requirements") or stem.endswith("requirements") or folder.rpartition("/")[2] == "requirements"

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # any text may begin a requirements file
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages and what the product asks of them, in file order, includes in their place.

        All lines that can be read come first; then InputError names every line that cannot.
        """
        listing = _Walk(source.tree).run(source)
        problems = list(listing.problems)
        pins = _pins(listing.constraints, problems)
        role = _role(source.path)
        for line in listing.wanted:
            try:
                found = _found(line, pins, source.tree)
            except (ValueError, RecursionError):  # the second: a marker of a thousand brackets
                problems.append(_no_requirement(line))
            else:
                yield from _fragments(found, _evidence(line), role)
        if problems:
            raise _summary(source.path, problems)


def _role(path: str) -> Role:
    """What the file's name says its requirements are for, by whole words: "latest" holds no "test"."""
    words = set(re.split(r"[^a-z0-9]+", path.lower().rpartition("/")[2].replace("requirements", " ")))
    if words & _DEVELOPMENT:
        return Role.DEVELOPMENT
    return Role.BUILD if "build" in words else Role.DEFAULT


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
            self.listing.problems.append(_Problem(line, f"{option} {value}: {error.message}{advice}"))

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


def _pins(constraints: Iterable[_Line], problems: list[_Problem]) -> Mapping[str, str]:
    """The one version that constraints pin of each name; of two versions (by markers) neither."""
    from packaging.requirements import Requirement  # noqa: PLC0415
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    versions: dict[str, set[str]] = {}
    for line in constraints:
        if _URL.match(line.text) or _PATH.match(line.text):
            continue
        try:
            requirement = Requirement(_without_options(line.text))
        except (ValueError, RecursionError):
            problems.append(_no_requirement(line))
            continue
        version = _exact((one.operator, one.version) for one in requirement.specifier)
        if version is not None:
            versions.setdefault(canonicalize_name(requirement.name), set()).add(version)
    return {name: found.pop() for name, found in versions.items() if len(found) == 1}


def _exact(specifiers: Iterable[tuple[str, str]]) -> str | None:
    """The version of `==X`; a wildcard, a range or two versions give none."""
    versions = {version for operator, version in specifiers if operator == "==" and not version.endswith(".*")}
    return versions.pop() if len(versions) == 1 else None


def _without_options(text: str) -> str:
    """`--hash=…` and other options of one requirement are no part of it."""
    option = _TRAILING_OPTION.search(text)
    return (text[: option.start()] if option else text).strip()


def _found(line: _Line, pins: Mapping[str, str], tree: Tree) -> _Named | _Lost | None:
    """What a line asks for; None for a part of the audited tree. Raises ValueError if it is no requirement."""
    if line.text.startswith("-"):
        return _Lost(line.text, "is a requirements file at a URL, which lien does not fetch; keep a copy in the tree")
    if _URL.match(line.text):
        return _at_url(line.text.split(maxsplit=1)[0])
    if _PATH.match(line.text):
        return _at_path(line, tree)
    return _required(_without_options(line.text), pins)


def _required(text: str, pins: Mapping[str, str]) -> _Named:
    from packaging.requirements import Requirement  # noqa: PLC0415
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    requirement = Requirement(text)
    version = _exact((one.operator, one.version) for one in requirement.specifier)
    if version is None and requirement.url is None:
        version = pins.get(canonicalize_name(requirement.name))
    marker = _QUOTED.sub("", str(requirement.marker or ""))
    return _Named(
        package_id("pypi", requirement.name, version),
        Kind.PACKAGE,
        requirement.name,
        version,
        f"with extras {', '.join(sorted(requirement.extras))}" if requirement.extras else None,
        is_optional=re.search(r"\bextras?\b", marker) is not None,
    )


def _at_url(url: str) -> _Named | _Lost:
    """`git+https://github.com/o/r.git#egg=name`, or the URL of an archive."""
    address, _, fragment = url.partition("#")
    egg = _EGG.search(fragment)
    if egg:
        return _Named(package_id("pypi", egg[1]), Kind.PACKAGE, egg[1])
    return (
        _wheel(address) or _repository(address) or _sdist(address) or _Lost(_shown(url), "is a URL that names no package; write NAME @ URL")
    )


def _repository(address: str) -> _Named | None:
    match = _REPOSITORY.match(address)
    if match is None or not (match["vcs"] or match["host"].lower() in _CODE_HOSTS):
        return None
    host = match["host"].lower()
    # In a VCS URL what follows the last @ is the revision.
    path = match["path"].rsplit("@", 1)[0] if match["vcs"] else match["path"]
    segments = [part for part in path.split("/") if part]
    if host in _CODE_HOSTS:
        # On GitLab groups nest; an archive's address goes on behind `/-/`.
        keep = segments.index("-") if "-" in segments else len(segments)
        segments = segments[:keep] if host == "gitlab.com" and match["vcs"] else segments[:2]
    if len(segments) < 2:
        return None
    name = "/".join(segments).lower().removesuffix(".git")
    return _Named(f"code:{_CODE_HOSTS.get(host, host)}/{name}", Kind.CODE, name)


def _at_path(line: _Line, tree: Tree) -> _Named | _Lost | None:
    """An archive says what it is by its name; a folder is a part of the tree, or lost."""
    path = re.split(r"\s|;|\[", line.text, maxsplit=1)[0]
    archive = _wheel(path) or _sdist(path)
    if archive:
        return archive
    # pip takes paths from its working directory, people often from the file: either may be meant.
    for base in (line.path, ""):
        folder = tree.join(base, path)
        if folder is not None and any(_has(tree, f"{folder}/{name}".lstrip("/")) for name in _PROJECT_FILES):
            return None
    if path in {".", "./"}:
        return None
    return _Lost(_shown(path), "is a local project that is not in the audited tree; audit its folder too, or require it by name")


def _has(tree: Tree, path: str) -> bool:
    try:
        return tree.has(path)
    except OSError:  # a name longer than the file system allows
        return False


def _wheel(address: str) -> _Named | None:
    from packaging.utils import parse_wheel_filename  # noqa: PLC0415

    try:
        name, version, _, _ = parse_wheel_filename(_last_part(address))
    except ValueError:
        return None
    return _Named(package_id("pypi", name, str(version)), Kind.PACKAGE, name, str(version))


def _sdist(address: str) -> _Named | None:
    from packaging.utils import parse_sdist_filename  # noqa: PLC0415

    try:
        name, version = parse_sdist_filename(_last_part(address))
    except ValueError:
        return None
    return _Named(package_id("pypi", name, str(version)), Kind.PACKAGE, name, str(version))


def _last_part(address: str) -> str:
    return unquote(address.replace("\\", "/").partition("?")[0].rpartition("/")[2])


def _fragments(found: _Named | _Lost | None, evidence: Evidence, role: Role) -> Iterator[Fragment]:
    match found:
        case _Named():
            yield ArtifactSeen(found.id, found.kind, evidence, name=found.name, version=found.version)
            role = Role.OPTION if found.is_optional and role is Role.DEFAULT else role
            yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, found.id, evidence, role, note=found.note)
        case _Lost():
            yield UnresolvedReference(PRODUCT, found.what, found.reason, evidence)
        case None:
            pass


def _evidence(line: _Line) -> Evidence:
    text = line.text if line.text.startswith("-") else _without_options(line.text)
    return Evidence(line.path, line.number, None, _shown(text), RequirementsReader.name)


def _shown(text: str) -> str:
    """The text without the password or token of an index or repository: reports travel."""
    return _CREDENTIALS.sub("***", text)


def _no_requirement(line: _Line) -> _Problem:
    text = line.text if len(line.text) <= 80 else line.text[:79] + "…"
    return _Problem(line, f'"{_shown(text)}" is no requirement (write NAME, NAME==VERSION or NAME @ URL)')


def _summary(path: str, problems: list[_Problem]) -> InputError:
    """Every problem in one error, those of the file itself first; its place is the first of them."""
    ordered = sorted(problems, key=lambda one: (one.line.path != path, one.line.path, one.line.number))
    first = ordered[0]
    parts = [first.what]
    for one in ordered[1:_SHOWN_PROBLEMS]:
        place = f"line {one.line.number}" if one.line.path == first.line.path else f"{one.line.path}:{one.line.number}"
        parts.append(f"{place}: {one.what}")
    if len(ordered) > _SHOWN_PROBLEMS:
        parts.append(f"and {len(ordered) - _SHOWN_PROBLEMS} more")
    return InputError("; ".join(parts), path=first.line.path, line=first.line.number)
