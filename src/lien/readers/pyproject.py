"""Reads pyproject.toml: the product's name and licence, and what it depends on for which purpose.

Read are PEP 621 and PEP 639 (`[project]`), PEP 735 (`[dependency-groups]`), PEP 518
(`[build-system]`) and Poetry's tables. Not read: what a build backend computes (`dynamic`), tables
of other tools (`[tool.uv]`, `[tool.pdm]`, hatch environments), and `license-files`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.toml_text import parse_toml
from lien.vocabulary.ids import package_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["PyprojectReader"]

_FILE_NAME = "pyproject.toml"
_MAX_LICENSE_BYTES = 1024 * 1024
_SHOWN_PROBLEMS = 20

_POETRY = ("tool", "poetry")
# Poetry reads a bare version as an exact one ("Dependency specification", exact requirements).
_POETRY_EXACT = re.compile(r"\s*(?:==)?\s*(v?\d[A-Za-z0-9.!+_-]*)\s*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_EXTRA = re.compile(r"\bextras?\b")
_HEADER = re.compile(r"\s*\[\[?([^\]\n]+)\]")
_KEY = re.compile(r"\s*((?:[\w.-]|\"[^\"]*\"|'[^']*')+)\s*=")
# An unclosed quote takes the rest of its line, so that no quote is tried twice.
_STRING = re.compile(r"\"((?:[^\"\\]|\\.|\\\Z)*)(?:\"|\Z)|'([^']*)(?:'|\Z)")
_CREDENTIALS = re.compile(r"(?<=://)(?!git@)[^/\s@]+(?=@)")


class _Problem(NamedTuple):
    line: int | None
    what: str


class _Named(NamedTuple):
    """A package that is asked for."""

    name: str
    version: str | None = None
    extras: tuple[str, ...] = ()
    is_optional: bool = False


class PyprojectReader:
    """pyproject.toml, of the product itself or of a package in a folder of the same tree."""

    name = "pyproject"
    owed = True
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2].lower() == _FILE_NAME

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # tables stand in any order
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """The product, its licence claims, then its dependencies: required, optional, build, development.

        Claims of a file in a folder speak of that folder alone: their `part` is the folder. All that
        can be read comes first; then InputError names every value that cannot.
        """
        file = _File(source)
        yield from _product(file)
        yield from _claims(file)
        for name in file.strings("project", "dependencies"):
            yield from _required(file, name, Role.DEFAULT, "project", "dependencies")
        for extra in file.table("project", "optional-dependencies"):
            for name in file.strings("project", "optional-dependencies", extra):
                yield from _required(file, name, Role.OPTION, "project", "optional-dependencies", extra)
        for name in file.strings("build-system", "requires"):
            yield from _required(file, name, Role.BUILD, "build-system", "requires")
        yield from _groups(file)
        yield from _poetry(file)
        if file.problems:
            raise _summary(source.path, file.problems)


class _File:
    """The tables of one file by their keys; values of a wrong type are problems, and left out."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[_Problem] = []
        self._root = parse_toml(source)
        self._places = _Places(source.text)

    @property
    def folder(self) -> str:
        """The folder of the file from the root; empty at the root."""
        return self.source.path.rpartition("/")[0]

    def value(self, *keys: str) -> object:
        """The value at a path of keys; None if there is none."""
        found: object = self._root
        for depth, key in enumerate(keys):
            if not isinstance(found, Mapping):
                self._wrong(keys[:depth], "is not a table (write KEY = VALUE lines under its name in brackets)")
                return None
            if key not in found:
                return None
            found = found[key]
        return found

    def table(self, *keys: str) -> Mapping[str, Any]:
        """The table at a path of keys; empty if there is none."""
        found = self.value(*keys)
        if found is None or isinstance(found, Mapping):
            return found or {}
        self._wrong(keys, "is not a table (write KEY = VALUE lines under its name in brackets)")
        return {}

    def text(self, *keys: str) -> str | None:
        """The string at a path of keys, without surrounding space; None if there is none."""
        found = self.value(*keys)
        if found is None or isinstance(found, str):
            return found.strip() or None if found else None
        self._wrong(keys, "is not a string (write it in quotes)")
        return None

    def strings(self, *keys: str) -> tuple[str, ...]:
        """The strings of a list at a path of keys; empty if there is none."""
        found = self.value(*keys)
        if found is None:
            return ()
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return tuple(found)
        self._wrong(keys, "is not a list of strings (write each in quotes, all in brackets)")
        return ()

    def line(self, *keys: str) -> int | None:
        """The line of a table header or key, else of the nearest table or key around it."""
        return self._places.of_key(keys)

    def line_of(self, text: str, *keys: str) -> int | None:
        """The line of a string of a list; of the list itself where it is written in another way."""
        return self._places.of_string(text, keys)

    def evidence(self, line: int | None, as_written: str) -> Evidence:
        """Evidence without the password or token of a repository: reports travel."""
        return self.source.evidence(PyprojectReader.name, line=line, as_written=_CREDENTIALS.sub("***", as_written))

    def problem(self, line: int | None, what: str) -> None:
        """Remember what cannot be read, once."""
        if _Problem(line, what) not in self.problems[-_SHOWN_PROBLEMS:]:
            self.problems.append(_Problem(line, what))

    def _wrong(self, keys: tuple[str, ...], what: str) -> None:
        self.problem(self.line(*keys), f"{'.'.join(keys)} {what}")


class _Places:
    """Lines of all tables, keys and strings, taken in one pass, since tomllib gives no places.

    A search for each of them, as `sources.toml_text` has it, takes hours on a file made for that.
    """

    def __init__(self, text: str) -> None:
        self._tables: dict[tuple[str, ...], int] = {}
        self._keys: dict[str, list[int]] = {}
        self._strings: dict[str, list[int]] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            header = _HEADER.match(line)
            if header:
                self._tables.setdefault(tuple(part.strip(" \t\"'") for part in header[1].split(".")), number)
                continue
            key = _KEY.match(line)
            if key:
                self._keys.setdefault(key[1].replace('"', "").replace("'", ""), []).append(number)
            for string in _STRING.finditer(line):
                written = string[2] if string[1] is None else string[1].replace('\\"', '"').replace("\\\\", "\\")
                self._strings.setdefault(written, []).append(number)

    def of_key(self, keys: tuple[str, ...]) -> int | None:
        depth = next((depth for depth in range(len(keys), 0, -1) if keys[:depth] in self._tables), 0)
        start = self._tables.get(keys[:depth])
        # Within a table a key may be dotted, or the value an inline table.
        for end in range(len(keys), depth, -1):
            found = _first(self._keys.get(".".join(keys[depth:end]), []), start or 1)
            if found:
                return found
        return start

    def of_string(self, text: str, keys: tuple[str, ...]) -> int | None:
        start = self.of_key(keys)
        return _first(self._strings.get(text, []), start or 1) or start


def _first(lines: list[int], start: int) -> int | None:
    """The first of ascending lines that is not before `start`."""
    index = bisect_left(lines, start)
    return lines[index] if index < len(lines) else None


def _product(file: _File) -> Iterator[Fragment]:
    """The product's name and version; a file in a folder names only a part of the product."""
    if file.folder:
        return
    for keys in (("project",), _POETRY):
        name = file.text(*keys, "name")
        if name:
            evidence = file.evidence(file.line(*keys, "name"), name)
            yield ArtifactSeen(PRODUCT, Kind.PRODUCT, evidence, name=name, version=file.text(*keys, "version"))
            return


def _claims(file: _File) -> Iterator[Fragment]:
    """Licence claims as the file says them: expression, text, file, classifiers."""
    # PEP 639: a string is an SPDX expression; before it, a table held text or a file name.
    if isinstance(file.value("project", "license"), str):
        yield from _claim(file, Scheme.SPDX, "project", "license")
    elif file.table("project", "license"):
        yield from _claim(file, Scheme.FREE_TEXT, "project", "license", "text")
        yield from _license_file(file)
    yield from _claim(file, Scheme.SPDX, *_POETRY, "license")
    for keys in (("project",), _POETRY):
        for classifier in file.strings(*keys, "classifiers"):
            if classifier.startswith("License ::"):
                evidence = file.evidence(file.line_of(classifier, *keys, "classifiers"), classifier)
                yield LicenseClaim(PRODUCT, classifier, Scheme.CLASSIFIER, evidence, file.source.path, file.folder or None)


def _claim(file: _File, scheme: Scheme, *keys: str) -> Iterator[Fragment]:
    text = file.text(*keys)
    if text:
        yield LicenseClaim(PRODUCT, text, scheme, file.evidence(file.line(*keys), text), file.source.path, file.folder or None)


def _license_file(file: _File) -> Iterator[Fragment]:
    name = file.text("project", "license", "file")
    if not name:
        return
    evidence = file.evidence(file.line("project", "license", "file"), name)
    path = file.source.tree.join(file.source.path, name)
    try:
        data = file.source.tree.read(path, limit=_MAX_LICENSE_BYTES).data if path is not None else None
    except InputError:
        data = None
    if data is None:
        yield UnresolvedReference(
            PRODUCT, name, "is named as the licence file, and is not in the audited tree; add it or name another", evidence
        )
    else:
        # Licence texts are older than UTF-8; a broken © changes nothing.
        yield LicenseClaim(PRODUCT, data.decode("utf-8-sig", "replace"), Scheme.FILE, evidence, file.source.path, file.folder or None)


def _required(file: _File, text: str, role: Role, *keys: str) -> Iterator[Fragment]:
    """One PEP 508 requirement. Markers are not evaluated against this machine."""
    from packaging.requirements import Requirement  # noqa: PLC0415

    line = file.line_of(text, *keys)
    try:
        requirement = Requirement(text)
    except (ValueError, RecursionError):  # the second: a marker of a thousand brackets
        shown = text if len(text) <= 80 else text[:79] + "…"
        file.problem(line, f'"{_CREDENTIALS.sub("***", shown)}" is no requirement (write NAME, NAME==VERSION or NAME @ URL)')
        return
    exact = {one.version for one in requirement.specifier if one.operator == "==" and not one.version.endswith(".*")}
    marker = _QUOTED.sub("", str(requirement.marker or ""))
    named = _Named(
        requirement.name,
        exact.pop() if len(exact) == 1 else None,
        tuple(sorted(requirement.extras)),
        is_optional=_EXTRA.search(marker) is not None,
    )
    yield from _fragments(file, named, role, file.evidence(line, text))


def _fragments(file: _File, named: _Named, role: Role, evidence: Evidence) -> Iterator[Fragment]:
    identifier = package_id("pypi", named.name, named.version)
    own_name = file.text("project", "name") or file.text(*_POETRY, "name")
    if own_name and package_id("pypi", named.name) == package_id("pypi", own_name):
        return  # `lien[arrow]` in an extra of lien gathers other extras; nothing depends on itself.
    role = Role.OPTION if named.is_optional and role is Role.DEFAULT else role
    note = f"with extras {', '.join(named.extras)}" if named.extras else None
    yield ArtifactSeen(identifier, Kind.PACKAGE, evidence, name=named.name, version=named.version)
    yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, identifier, evidence, role, note=note)


def _groups(file: _File) -> Iterator[Fragment]:
    """Dependency groups. What a group includes is yielded where it stands: every group is for development."""
    groups = file.table("dependency-groups")
    includes: dict[str, list[Any]] = {}
    for group, items in groups.items():
        if not isinstance(items, list):
            file.problem(
                file.line("dependency-groups", group),
                f"dependency-groups.{group} is not a list of requirements (write each in quotes, all in brackets)",
            )
            continue
        includes[group] = [item for item in items if not isinstance(item, str)]
        for item in items:
            if isinstance(item, str):
                yield from _required(file, item, Role.DEVELOPMENT, "dependency-groups", group)
    if any(includes.values()):
        _check_includes(file, includes)


def _check_includes(file: _File, includes: dict[str, list[Any]]) -> None:
    """A problem for every include-group that names no group, or leads back to itself."""
    from packaging.dependency_groups import DependencyGroupResolver  # noqa: PLC0415

    group = ""
    try:
        resolver = DependencyGroupResolver(includes)
        for group in includes:
            try:
                resolver.resolve(group)
            except ExceptionGroup as errors:
                _group_problems(file, errors, group)
    except ExceptionGroup as errors:
        _group_problems(file, errors)
    except RecursionError:
        file.problem(
            file.line("dependency-groups", group), f"dependency-groups.{group} includes too many groups in a row (include them directly)"
        )


def _group_problems(file: _File, errors: ExceptionGroup[Exception], *group: str) -> None:
    keys = ("dependency-groups", *group)
    for error in errors.exceptions:
        file.problem(file.line(*keys), f"{'.'.join(keys)}: {error} (include-group names another group of the file)")


def _poetry(file: _File) -> Iterator[Fragment]:
    """Poetry's tables; the interpreter stands among the packages, and is none."""
    yield from _poetry_table(file, Role.DEFAULT, *_POETRY, "dependencies")
    yield from _poetry_table(file, Role.DEVELOPMENT, *_POETRY, "dev-dependencies")
    for group in file.table(*_POETRY, "group"):
        yield from _poetry_table(file, Role.DEVELOPMENT, *_POETRY, "group", group, "dependencies")


def _poetry_table(file: _File, role: Role, *keys: str) -> Iterator[Fragment]:
    lines = file.source.text.splitlines()
    for name, value in file.table(*keys).items():
        if name.lower() == "python":
            continue
        line = file.line(*keys, name)
        written = lines[line - 1].strip() if line else name
        # A list gives one table for each platform.
        for item in value if isinstance(value, list) else [value]:
            yield from _poetry_item(file, name, item, role, file.evidence(line, written))


def _poetry_item(file: _File, name: str, item: object, role: Role, evidence: Evidence) -> Iterator[Fragment]:
    from packaging.utils import InvalidName, canonicalize_name  # noqa: PLC0415

    try:
        canonicalize_name(name, validate=True)
    except InvalidName:
        file.problem(evidence.line, f'"{name}" is no package name (letters, digits, "-", "_" and ".")')
        return
    if isinstance(item, str):
        yield from _fragments(file, _Named(name, _poetry_version(item)), role, evidence)
    elif not isinstance(item, Mapping):
        file.problem(evidence.line, f'{name} is neither a version nor a table (write NAME = "VERSION")')
    elif isinstance(item.get("path"), str):
        if file.source.tree.join(file.source.path, item["path"]) is None:
            reason = "is a local project that is not in the audited tree; audit its folder too, or require it by name"
            yield UnresolvedReference(PRODUCT, item["path"], reason, evidence)
    else:
        extras = item.get("extras")
        named = _Named(
            name,
            _poetry_version(item.get("version")),
            tuple(sorted(str(one) for one in extras)) if isinstance(extras, list) else (),
            is_optional=item.get("optional") is True or _EXTRA.search(_QUOTED.sub("", str(item.get("markers", "")))) is not None,
        )
        yield from _fragments(file, named, role, evidence)


def _poetry_version(written: object) -> str | None:
    match = _POETRY_EXACT.fullmatch(written) if isinstance(written, str) else None
    return match[1] if match else None


def _summary(path: str, problems: list[_Problem]) -> InputError:
    """Every problem in one error; its place is the first of them."""
    ordered = sorted(problems, key=lambda one: one.line or 0)
    parts = [ordered[0].what, *(f"line {one.line}: {one.what}" for one in ordered[1:_SHOWN_PROBLEMS])]
    if len(ordered) > _SHOWN_PROBLEMS:
        parts.append(f"and {len(ordered) - _SHOWN_PROBLEMS} more")
    return InputError("; ".join(parts), path=path, line=ordered[0].line)
