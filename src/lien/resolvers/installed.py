"""Licences and dependencies of installed Python packages, from their metadata alone.

Nothing of an environment is imported or run: `*.dist-info` and `*.egg-info` are read through
importlib.metadata, and of their files only METADATA (or PKG-INFO) and licence texts.

Not checked: whether the installed files are those of the metadata (RECORD), licences of what a package
vendors, zipped eggs, and the platform of the environment: its Python version is read from its folder, the
rest of a marker is asked of this machine.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from lien.errors import UsageError
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, UnresolvedReference
from lien.sources.limits import MAX_FILE_BYTES
from lien.vocabulary.ids import package_id, without_version
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["find_site_packages", "installed_licenses", "own_site_packages"]

_READER = "installed"
_PLACES = ("lib/*/site-packages", "lib64/*/site-packages", "Lib/site-packages", "lib/*/dist-packages", "local/lib/*/dist-packages")
_OWN_ENVIRONMENTS = (".venv", "venv")
_MAX_LICENSE_BYTES = 1024 * 1024
_SHORT_LICENSE = 100
"""Longer `License` fields hold a whole text, not a name."""

_LICENSE_FILE = re.compile(r"(?:licen[cs]e|copying|unlicense)", re.IGNORECASE)
_PYTHON_FOLDER = re.compile(r"python(\d+\.\d+)")


def find_site_packages(environment: Path) -> tuple[Path, ...]:
    """The folders of installed packages of an environment, in the order of their names.

    `environment` is a virtual environment's root, a site-packages folder, or a Python executable in
    an environment's `bin` or `Scripts`. Raises UsageError if no package folder is found there.
    """
    if not environment.exists():
        raise UsageError(
            f"{environment}: no such file or folder; pass a virtual environment, its site-packages folder or its Python executable"
        )
    # The executable of a virtual environment is a link to another Python: its own place counts.
    root = environment if environment.is_dir() else environment.absolute().parent.parent
    found = _package_folders(root)
    if not found and environment.is_dir() and _holds_metadata(environment):
        found = (environment,)
    if not found:
        raise UsageError(
            f"{environment}: holds no site-packages folder; pass a virtual environment, its site-packages folder or its Python executable"
        )
    return found


def own_site_packages(root: Path) -> tuple[Path, ...]:
    """The folders of installed packages in a tree's own `.venv` or `venv`; none that a link leads out to."""
    inside = root.resolve()
    return tuple(folder for name in _OWN_ENVIRONMENTS for folder in _package_folders(root / name) if inside in folder.resolve().parents)


def _package_folders(root: Path) -> tuple[Path, ...]:
    found: dict[Path, Path] = {}
    for pattern in _PLACES:
        for folder in sorted(root.glob(pattern)):
            # lib64 is often a link to lib.
            if folder.is_dir():
                found.setdefault(folder.resolve(), folder)
    return tuple(found.values())


def _holds_metadata(folder: Path) -> bool:
    return folder.name in {"site-packages", "dist-packages"} or any(folder.glob("*.dist-info"))


def installed_licenses(
    site_packages: Iterable[Path],
    wanted: Mapping[str, Collection[str]],
    *,
    root: Path | None = None,
    transitive: bool = False,
    label: str = "installed",
    extras: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Iterator[Fragment]:
    """What installed packages say of their licences, for the artifacts that `wanted` names.

    `wanted` maps a normalised name to the ids of the graph that mean it; facts land on those ids.
    An id with another version than the installed one gets claims of basis `inferred`. Claims come
    in the order in which they are trusted (FORMATS 5.2): expression, short free text, classifiers;
    texts only where nothing else is there. A name that is not installed yields nothing, one whose
    metadata cannot be read an unresolved reference.

    `transitive` adds what the packages require, and what that requires, with its licences: markers
    that do not hold are left out, and extras that nobody asks for; `extras` are those that the product asks for. Paths in evidence are relative to `root`, and
    missing where the environment lies outside it: then `label`, with name and version, says whose metadata they are.
    Of two folders with one package the first counts.
    """
    environment = _Environment(tuple(site_packages), root, label)
    pending = [(name, extra) for name in sorted(wanted) for extra in ("", *sorted(extras.get(name, ())))]
    visited = set(pending)
    for name, extra in pending:  # grows as requirements are met
        package = environment.get(name)
        if package is None:
            yield from environment.unread(name, wanted.get(name) or (package_id("pypi", name),)) if not extra else ()
            continue
        ids = _ids(package, wanted, with_own=transitive)
        for identifier in ids if not extra else ():
            yield from _facts(package, identifier)
        if not transitive:
            continue
        edges = list(_edges(environment, package, ids, wanted, extra))
        yield from (fragment for _, fragment in edges)
        found = sorted({requirement for requirement, _ in edges} - visited)
        visited.update(found)
        pending.extend(found)


@dataclass(frozen=True, kw_only=True)
class _Package:
    """One installed distribution: its metadata headers, and where each stands."""

    key: str
    name: str
    version: str
    folder: Path
    shown: str | None
    headers: Mapping[str, Sequence[str]]
    lines: Mapping[tuple[str, str], int]
    marker_environment: Mapping[str, str]
    origin: str

    @property
    def label(self) -> str:
        return f"{self.origin}: {self.name} {self.version}"

    def evidence(self, header: str, text: str, *, is_other_version: bool = False) -> Evidence:
        """Evidence at a header. Outside the tree the name and version stand for the path."""
        basis = Basis.INFERRED if is_other_version else Basis.DECLARED
        source = self.label if self.shown is None or is_other_version else None
        line = self.lines.get((header.lower(), text.partition("\n")[0].strip())) if self.shown else None
        return Evidence(self.shown, line, None, text, _READER, basis, source)


class _Environment:
    """Installed packages by normalised name; metadata is read when it is asked for."""

    def __init__(self, site_packages: Sequence[Path], root: Path | None, label: str) -> None:
        self._site_packages = site_packages
        self._label = label
        self._root = root.resolve() if root is not None else None
        self._read: dict[str, _Package | None] = {}

    @cached_property
    def _folders(self) -> Mapping[str, Path]:
        from packaging.utils import canonicalize_name  # noqa: PLC0415

        found: dict[str, Path] = {}
        for site in self._site_packages:
            try:
                folders = sorted(one for one in site.iterdir() if one.suffix in {".dist-info", ".egg-info"})
            except OSError as error:
                raise UsageError(f"{site}: cannot be listed ({error.strerror}); pass the site-packages folder of an environment") from error
            for folder in folders:
                # Wheels write NAME-VERSION.dist-info with no hyphen in NAME.
                found.setdefault(canonicalize_name(folder.stem.partition("-")[0]), folder)
        return found

    def get(self, name: str) -> _Package | None:
        """The package of that name, if it is installed and its metadata can be read."""
        if name not in self._read:
            folder = self._folders.get(name)
            self._read[name] = _package(name, folder, self._root, self._label) if folder is not None else None
        return self._read[name]

    def unread(self, name: str, ids: Collection[str]) -> Iterator[UnresolvedReference]:
        """What stays open of a package that is installed and could not be read."""
        folder = self._folders.get(name)
        if folder is not None:
            shown = _shown(folder, self._root)
            evidence = Evidence(shown, None, None, None, _READER, source=None if shown else f"{self._label}: {name}")
            for identifier in sorted(ids):
                yield UnresolvedReference(
                    identifier, folder.name, "is installed metadata that cannot be read; install the package anew", evidence
                )


def _package(key: str, folder: Path, root: Path | None, origin: str) -> _Package | None:
    """The metadata of one folder; None if it holds none that lien reads."""
    from importlib.metadata import Distribution  # noqa: PLC0415

    file = next((one for one in (folder / "METADATA", folder / "PKG-INFO", folder) if one.is_file()), None)
    if file is None or not _is_readable(file, folder, root):
        return None
    try:
        # importlib.metadata wants UTF-8; what is not is left unread, and the licence unknown.
        text = file.read_text("utf-8")
        metadata = Distribution.at(folder).metadata
    except (OSError, UnicodeDecodeError):
        return None
    headers: dict[str, list[str]] = {}
    for header in metadata:
        if header.lower() not in headers:
            headers[header.lower()] = [str(value).strip() for value in metadata.get_all(header) or ()]
    name, version = headers.get("name", []), headers.get("version", [])
    if not name or not version:
        return None
    return _Package(
        key=key,
        name=name[0],
        version=version[0],
        folder=folder,
        shown=_shown(file, root),
        headers=headers,
        lines=_header_lines(text),
        marker_environment=_marker_environment(folder),
        origin=origin,
    )


def _is_readable(file: Path, folder: Path, root: Path | None) -> bool:
    """Not too large; and in the audited tree no link that leads out of it."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            return False
        return root is None or root not in folder.parent.resolve().parents or root in file.resolve().parents
    except OSError:
        return False


def _shown(file: Path, root: Path | None) -> str | None:
    """The path from the root; None outside it. No absolute path shows in a report."""
    resolved = file.resolve()
    return resolved.relative_to(root).as_posix() if root is not None and root in resolved.parents else None


def _header_lines(text: str) -> Mapping[tuple[str, str], int]:
    """The line of each header, by its name in lower case and the first line of its value."""
    lines: dict[tuple[str, str], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            break
        key, colon, value = line.partition(":")
        if colon and not line[0].isspace():
            lines.setdefault((key.lower(), value.strip()), number)
    return lines


def _marker_environment(folder: Path) -> Mapping[str, str]:
    match = _PYTHON_FOLDER.fullmatch(folder.parent.parent.name)
    version = {"python_version": match[1], "python_full_version": f"{match[1]}.0"} if match else {}
    return {"extra": "", **version}


def _ids(package: _Package, wanted: Mapping[str, Collection[str]], *, with_own: bool) -> tuple[str, ...]:
    """The ids that the graph has for a package. Its own where there is none, and `with_own` where all pin another version."""
    ids = tuple(sorted(wanted.get(package.key, ())))
    if ids and not (with_own and all(_is_other_version(one, package.version) for one in ids)):
        return ids
    return (*ids, package_id("pypi", package.key, package.version))


def _is_other_version(identifier: str, version: str) -> bool:
    """Does the id pin another version than the installed? `2.3.1` is the same as `2.3.1+cu118`."""
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415

    bare = without_version(identifier)
    if bare == identifier:
        return False
    pinned = identifier[len(bare) + 1 :]
    try:
        return Version(pinned).public != Version(version).public
    except InvalidVersion:
        return pinned != version.lower()


def _facts(package: _Package, identifier: str) -> Iterator[Fragment]:
    is_other = _is_other_version(identifier, package.version)
    if not is_other:
        yield ArtifactSeen(identifier, Kind.PACKAGE, package.evidence("Name", package.name), name=package.name, version=package.version)
    claims = list(_claims(package, identifier, is_other_version=is_other))
    yield from claims or _texts(package, identifier, is_other_version=is_other)


def _claims(package: _Package, identifier: str, *, is_other_version: bool) -> Iterator[LicenseClaim]:
    """What the headers name, in the order of trust."""
    named = [
        *((Scheme.SPDX, "License-Expression", text) for text in package.headers.get("license-expression", ())),
        *((Scheme.FREE_TEXT, "License", text) for text in package.headers.get("license", ()) if _is_name(text)),
        *((Scheme.CLASSIFIER, "Classifier", text) for text in package.headers.get("classifier", ()) if text.startswith("License ::")),
    ]
    for scheme, header, text in named:
        if text:
            yield LicenseClaim(identifier, text, scheme, package.evidence(header, text, is_other_version=is_other_version), package.label)


def _is_name(text: str) -> bool:
    # Old setuptools writes UNKNOWN where nothing was said.
    return len(text) <= _SHORT_LICENSE and "\n" not in text and text.upper() != "UNKNOWN"


def _texts(package: _Package, identifier: str, *, is_other_version: bool) -> Iterator[LicenseClaim]:
    """Whole texts: a long `License` header, and licence files beside the metadata."""
    for text in package.headers.get("license", ()):
        if text and not _is_name(text) and text.upper() != "UNKNOWN":
            evidence = package.evidence("License", text, is_other_version=is_other_version)
            yield LicenseClaim(identifier, text, Scheme.FILE, evidence._replace(as_written=text.partition("\n")[0]), package.label)
    for file in _license_files(package.folder):
        evidence = package.evidence("License-File", file.name, is_other_version=is_other_version)
        if package.shown is not None:
            place = file.relative_to(package.folder).as_posix()
            evidence = evidence._replace(path=f"{package.shown.rpartition('/')[0]}/{place}", line=None)
        yield LicenseClaim(identifier, file.read_text("utf-8", "replace"), Scheme.FILE, evidence, package.label)


def _license_files(folder: Path) -> list[Path]:
    """Licence files of the package itself; deeper folders hold those of what it vendors."""
    found: list[Path] = []
    inside = folder.resolve()
    for place in (folder, folder / "licenses"):
        if place.is_dir():
            found.extend(file for file in sorted(place.iterdir()) if _LICENSE_FILE.match(file.name) and _is_small_file(file, inside))
    return found


def _is_small_file(file: Path, inside: Path) -> bool:
    return file.is_file() and inside in file.resolve().parents and file.stat().st_size <= _MAX_LICENSE_BYTES


def _edges(
    environment: _Environment, package: _Package, ids: Sequence[str], wanted: Mapping[str, Collection[str]], extra: str
) -> Iterator[tuple[tuple[str, str], Fragment]]:
    """(Normalised name and extra of what is required, sightings of it), in the order of the metadata.

    With an extra, what the package requires for it alone.
    """
    from packaging.requirements import Requirement  # noqa: PLC0415
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    for text in package.headers.get("requires-dist", ()):
        evidence = package.evidence("Requires-Dist", text)
        try:
            requirement = Requirement(text)
        except (ValueError, RecursionError):
            lost = (
                UnresolvedReference(one, text, "is no requirement; a newer release of the package may write it right", evidence)
                for one in ids
            )
            yield from (((package.key, ""), one) for one in lost if not extra)
            continue
        plain = _applies(requirement, package.marker_environment)
        if plain if extra else not plain:
            continue
        if extra and not _applies(requirement, {**package.marker_environment, "extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        # What the extras of a requirement bring is required with it.
        keys = [(name, one) for one in ("", *sorted(map(canonicalize_name, requirement.extras)))]
        for upstream in _upstream_ids(environment.get(name), name, wanted):
            yield from ((key, ArtifactSeen(upstream, Kind.PACKAGE, evidence, name=requirement.name)) for key in keys)
            for downstream in ids:
                is_other = _is_other_version(downstream, package.version)
                place = package.evidence("Requires-Dist", text, is_other_version=is_other)
                yield keys[0], RelationSeen(downstream, Relation.DEPENDS_ON, upstream, place)


def _upstream_ids(package: _Package | None, name: str, wanted: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The ids of the installed version, where the graph has one; a missing package is known by name."""
    if package is None:
        return tuple(sorted(wanted.get(name, ()))) or (package_id("pypi", name),)
    return tuple(one for one in _ids(package, wanted, with_own=True) if not _is_other_version(one, package.version))


def _applies(requirement: "Requirement", environment: Mapping[str, str]) -> bool:
    if requirement.marker is None:
        return True
    try:
        return requirement.marker.evaluate(environment)
    except (ValueError, KeyError):
        return True  # A marker that cannot be judged leaves nothing out.
