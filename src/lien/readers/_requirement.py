"""What one requirement asks for, in pip's language: a package, code in a repository, or something lost.

Shared by every reader that meets such words: requirements files, manifests, install commands, locks.
Nothing is evaluated against this machine: a requirement with an environment marker counts, whatever
the marker says.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.sources.tree import Tree
from lien.vocabulary.ids import package_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = [
    "URL",
    "Lost",
    "Named",
    "Problem",
    "exact_version",
    "extras_of",
    "fragments_of",
    "is_path",
    "meaning",
    "no_requirement",
    "of_code",
    "required",
    "shown",
    "summary",
]

URL = re.compile(r"(?:[a-z][a-z0-9+.-]*://|(?:git|hg|svn|bzr)\+)", re.IGNORECASE)
_PATH = re.compile(r"[./~\\]|[A-Za-z]:[\\/]|[^\s@;\[<>=!]*[/\\]|\S+\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)(?:\s|;|$)")
_EGG = re.compile(r"(?:^|&)egg=([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_REPOSITORY = re.compile(
    r"(?P<vcs>(?:git|hg|svn|bzr)\+)?(?:[a-z]+://)?(?:[^@/\s]*@)?(?P<host>[A-Za-z0-9.-]+)(?::\d+)?[/:]+(?P<path>[^\s#?]+)"
)
_CODE_HOSTS = {"github.com": "github", "gitlab.com": "gitlab", "bitbucket.org": "bitbucket"}
_CREDENTIALS = re.compile(r"(?<=://)(?!git@)[^/\s@]+(?=@)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_EXTRA = re.compile(r"\bextras?\b")
_EXTRAS = "with extras "
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
_SHOWN_PROBLEMS = 20
"""A file of another format has as many bad lines as lines; nobody reads more than this."""
_NOT_IN_TREE = "is a local project that is not in the audited tree; audit its folder too, or require it by name"


class Named(NamedTuple):
    """What is asked for: a package or, of a bare repository URL, code."""

    id: str
    kind: Kind
    name: str
    version: str | None = None
    note: str | None = None
    is_optional: bool = False


class Lost(NamedTuple):
    """Something is asked for without saying what it is."""

    what: str
    reason: str


class Problem(NamedTuple):
    """What cannot be read at a line of a file."""

    path: str
    line: int | None
    what: str


def meaning(text: str, path: str, tree: Tree, pins: Mapping[str, str] | None = None) -> Named | Lost | None:
    """What a requirement without options asks for, as written in the file `path`; None for a part of the audited tree.

    `pins` are versions from constraints. Raises ValueError if it is no requirement, RecursionError for
    a marker of a thousand brackets.
    """
    if URL.match(text):
        return _at_url(text.split(maxsplit=1)[0])
    if text.startswith("file:"):
        return _at_path(text.removeprefix("file:").partition("#")[0], path, tree)
    return _at_path(text, path, tree) if is_path(text) else required(text, pins)


def is_path(text: str) -> bool:
    """Is a requirement that is no URL a path, to an archive or a folder?"""
    return _PATH.match(text) is not None


def required(text: str, pins: Mapping[str, str] | None = None) -> Named:
    """The package of a PEP 508 requirement. Raises ValueError if it is none."""
    from packaging.requirements import Requirement  # noqa: PLC0415
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    requirement = Requirement(text)
    version = exact_version((one.operator, one.version) for one in requirement.specifier)
    if version is None and requirement.url is None and pins:
        version = pins.get(canonicalize_name(requirement.name))
    marker = _QUOTED.sub("", str(requirement.marker or ""))
    return Named(
        package_id("pypi", requirement.name, version),
        Kind.PACKAGE,
        requirement.name,
        version,
        _EXTRAS + ", ".join(sorted(requirement.extras)) if requirement.extras else None,
        is_optional=_EXTRA.search(marker) is not None,
    )


def exact_version(specifiers: Iterable[tuple[str, str]]) -> str | None:
    """The version of `==X`; a wildcard, a range or two versions give none."""
    versions = {version for operator, version in specifiers if operator == "==" and not version.endswith(".*")}
    return versions.pop() if len(versions) == 1 else None


def _at_url(url: str) -> Named | Lost:
    """`git+https://github.com/o/r.git#egg=name`, or the URL of an archive."""
    address, _, fragment = url.partition("#")
    egg = _EGG.search(fragment)
    if egg:
        return Named(package_id("pypi", egg[1]), Kind.PACKAGE, egg[1])
    return _wheel(address) or of_code(address) or _sdist(address) or Lost(shown(url), "is a URL that names no package; write NAME @ URL")


def of_code(address: str) -> Named | None:
    """The repository behind an address of a version control system or a well-known code host."""
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
    return Named(f"code:{_CODE_HOSTS.get(host, host)}/{name}", Kind.CODE, name)


def _at_path(text: str, path: str, tree: Tree) -> Named | Lost | None:
    """An archive says what it is by its name; a folder is a part of the tree, or lost."""
    wanted = re.split(r"\s|;|\[", text, maxsplit=1)[0]
    archive = _wheel(wanted) or _sdist(wanted)
    if archive:
        return archive
    # pip takes paths from its working directory, people often from the file: either may be meant.
    for base in (path, ""):
        folder = tree.join(base, wanted)
        if folder is not None and any(_has(tree, f"{folder}/{name}".lstrip("/")) for name in _PROJECT_FILES):
            return None
    return None if wanted in {".", "./"} else Lost(shown(wanted), _NOT_IN_TREE)


def _has(tree: Tree, path: str) -> bool:
    try:
        return tree.has(path)
    except OSError:  # a name longer than the file system allows
        return False


def _wheel(address: str) -> Named | None:
    from packaging.utils import parse_wheel_filename  # noqa: PLC0415

    try:
        name, version, _, _ = parse_wheel_filename(_last_part(address))
    except ValueError:
        return None
    return Named(package_id("pypi", name, str(version)), Kind.PACKAGE, name, str(version))


def _sdist(address: str) -> Named | None:
    from packaging.utils import parse_sdist_filename  # noqa: PLC0415

    try:
        name, version = parse_sdist_filename(_last_part(address))
    except ValueError:
        return None
    return Named(package_id("pypi", name, str(version)), Kind.PACKAGE, name, str(version))


def _last_part(address: str) -> str:
    return unquote(address.replace("\\", "/").partition("?")[0].rpartition("/")[2])


def fragments_of(found: Named | Lost | None, evidence: Evidence, role: Role, downstream: str = PRODUCT) -> Iterator[Fragment]:
    """The sightings of what one requirement asks for; an optional one of the product's own is an option."""
    match found:
        case Named():
            yield ArtifactSeen(found.id, found.kind, evidence, name=found.name, version=found.version)
            role = Role.OPTION if found.is_optional and role is Role.DEFAULT else role
            yield RelationSeen(downstream, Relation.DEPENDS_ON, found.id, evidence, role, note=found.note)
        case Lost():
            yield UnresolvedReference(downstream, found.what, found.reason, evidence)
        case None:
            pass


def extras_of(note: str | None) -> tuple[str, ...]:
    """The extras that the note of a relation tells."""
    return tuple(note.removeprefix(_EXTRAS).split(", ")) if note and note.startswith(_EXTRAS) else ()


def shown(text: str) -> str:
    """The text without the password or token of an index or repository: reports travel."""
    return _CREDENTIALS.sub("***", text)


def no_requirement(text: str) -> str:
    """What to say of words that are no requirement."""
    return f'"{shown(text if len(text) <= 80 else text[:79] + "…")}" is no requirement (write NAME, NAME==VERSION or NAME @ URL)'


def summary(path: str, problems: Iterable[Problem]) -> InputError:
    """Every problem in one error, those of the file itself first; its place is the first of them."""
    ordered = sorted(problems, key=lambda one: (one.path != path, one.path, one.line or 0))
    first = ordered[0]
    parts = [first.what]
    for one in ordered[1:_SHOWN_PROBLEMS]:
        place = f"line {one.line}" if one.path == first.path else f"{one.path}:{one.line}"
        parts.append(f"{place}: {one.what}")
    if len(ordered) > _SHOWN_PROBLEMS:
        parts.append(f"and {len(ordered) - _SHOWN_PROBLEMS} more")
    return InputError("; ".join(parts), path=first.path, line=first.line)
