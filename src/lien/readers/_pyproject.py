"""What a pyproject.toml says, as facts: for its reader, and for readers of lock files that stand beside one.

Read are PEP 621 and PEP 639 (`[project]`), PEP 735 (`[dependency-groups]`), PEP 518
(`[build-system]`), and the tables in which Poetry, PDM, Hatch, uv, pixi and setuptools name packages. Not
read: what a build backend computes (`dynamic`, where no table names the files), `license-files`, and
constraints and overrides, which ask for nothing.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers._dependency_table import dependency_table
from lien.readers._pixi import pixi_facts
from lien.readers._requirement import fragments_of
from lien.readers._requirement_lines import is_requirements_file, read_requirements
from lien.readers._toml_file import TomlFile
from lien.sources.source import Source
from lien.vocabulary.ids import package_id, without_version
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

__all__ = ["READER_NAME", "read_pyproject"]

READER_NAME = "pyproject"
_MAX_LICENSE_BYTES = 1024 * 1024
_POETRY, _HATCH, _UV = ("tool", "poetry"), ("tool", "hatch"), ("tool", "uv")
_FILLED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*[=<>!~]=?=?\s*\{[^}]*\}.*")
_SETUPTOOLS = ("tool", "setuptools", "dynamic")


def read_pyproject(source: Source) -> Iterator[Fragment]:
    """The product, its licence claims, then its dependencies: required, optional, build, development.

    Claims of a file in a folder speak of that folder alone: their `part` is the folder. All that can
    be read comes first; then InputError names every value that cannot.
    """
    file = TomlFile(source, READER_NAME)
    yield from _product(file)
    yield from _claims(file)
    own = _own_packages(file)
    for fragment in _dependencies(file):
        # `lien[arrow]` in an extra of lien gathers other extras; a member of the workspace is a part of the product.
        named = fragment.upstream if isinstance(fragment, RelationSeen) else fragment.id if isinstance(fragment, ArtifactSeen) else ""
        if without_version(named) not in own:
            yield fragment
    file.complain()


def _dependencies(file: TomlFile) -> Iterator[Fragment]:
    yield from _listed(file, Role.DEFAULT, "project", "dependencies")
    for extra in file.table("project", "optional-dependencies"):
        yield from _listed(file, Role.OPTION, "project", "optional-dependencies", extra)
    yield from _from_files(file)
    yield from _listed(file, Role.BUILD, "build-system", "requires")
    yield from _groups(file)
    yield from _poetry(file)
    for group in file.table("tool", "pdm", "dev-dependencies"):
        yield from _listed(file, Role.DEVELOPMENT, "tool", "pdm", "dev-dependencies", group)
    yield from _listed(file, Role.DEVELOPMENT, *_UV, "dev-dependencies")
    yield from _hatch(file)
    yield from pixi_facts(file, "tool", "pixi")


def _product(file: TomlFile) -> Iterator[Fragment]:
    """The product's name and version; a file in a folder names only a part of the product."""
    if file.folder:
        return
    for keys in (("project",), _POETRY):
        name = file.text(*keys, "name")
        if name:
            evidence = file.evidence(file.line(*keys, "name"), name)
            yield ArtifactSeen(PRODUCT, Kind.PRODUCT, evidence, name=name, version=file.text(*keys, "version"))
            return


def _claims(file: TomlFile) -> Iterator[Fragment]:
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


def _claim(file: TomlFile, scheme: Scheme, *keys: str) -> Iterator[Fragment]:
    text = file.text(*keys)
    if text:
        yield LicenseClaim(PRODUCT, text, scheme, file.evidence(file.line(*keys), text), file.source.path, file.folder or None)


def _license_file(file: TomlFile) -> Iterator[Fragment]:
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


def _own_packages(file: TomlFile) -> frozenset[str]:
    """Packages that are parts of the audited tree: the project itself, and what uv takes from its workspace or a path in it."""
    own = {name for name in (file.text("project", "name"), file.text(*_POETRY, "name")) if name}
    for name, places in file.table(*_UV, "sources").items():
        tables = places if isinstance(places, list) else [places]
        if tables and all(isinstance(one, Mapping) and _is_own(file, one) for one in tables):
            own.add(name)
    return frozenset(package_id("pypi", name) for name in own)


def _is_own(file: TomlFile, place: Mapping[str, Any]) -> bool:
    path = place.get("path")
    return place.get("workspace") is True or (
        isinstance(path, str) and not path.endswith((".whl", ".gz", ".zip")) and file.source.tree.join(file.source.path, path) is not None
    )


def _listed(file: TomlFile, role: Role, *keys: str) -> Iterator[Fragment]:
    """A list of PEP 508 requirements."""
    for text in file.strings(*keys):
        yield from _required(file, text, role, *keys)


def _required(file: TomlFile, text: str, role: Role, *keys: str) -> Iterator[Fragment]:
    # PDM and Hatch write the project's folder as a variable: what stands in it is a part of the product.
    if "${PROJECT_ROOT}" in text or "{root:" in text:
        return
    line = file.line_of(text, *keys)
    # Hatch fills in `{matrix:…}` and `{env:…}`; the name before it is known.
    filled = _FILLED.fullmatch(text)
    named = file.required(filled[1] if filled else text, line)
    if named is not None:
        yield from fragments_of(named, file.evidence(line, text), role)


def _from_files(file: TomlFile) -> Iterator[Fragment]:
    """Requirements files that setuptools or a hook of Hatch takes dependencies from; most are read for themselves."""
    yield from _named_files(file, Role.DEFAULT, *_SETUPTOOLS, "dependencies", "file")
    for extra in file.table(*_SETUPTOOLS, "optional-dependencies"):
        yield from _named_files(file, Role.OPTION, *_SETUPTOOLS, "optional-dependencies", extra, "file")
    yield from _named_files(file, Role.DEFAULT, *_HATCH, "metadata", "hooks", "requirements_txt", "files")


def _named_files(file: TomlFile, role: Role, *keys: str) -> Iterator[Fragment]:
    value = file.value(*keys)
    names = (value,) if isinstance(value, str) else file.strings(*keys)
    for name in names:
        path = file.source.tree.join(file.source.path, name)
        if path is not None and is_requirements_file(path) and file.source.tree.has(path):
            continue
        try:
            if path is None:
                raise InputError("lies outside the audited tree, where lien does not read; copy it in or audit its folder")  # noqa: TRY301
            yield from read_requirements(file.source.tree.read(path), role)
        except InputError as error:
            file.problem(file.line(*keys), f"{'.'.join(keys)}: {name}: {error.message}")


def _groups(file: TomlFile) -> Iterator[Fragment]:
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


def _check_includes(file: TomlFile, includes: dict[str, list[Any]]) -> None:
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


def _group_problems(file: TomlFile, errors: ExceptionGroup[Exception], *group: str) -> None:
    keys = ("dependency-groups", *group)
    for error in errors.exceptions:
        file.problem(file.line(*keys), f"{'.'.join(keys)}: {error} (include-group names another group of the file)")


def _poetry(file: TomlFile) -> Iterator[Fragment]:
    yield from dependency_table(file, Role.DEFAULT, *_POETRY, "dependencies")
    yield from dependency_table(file, Role.DEVELOPMENT, *_POETRY, "dev-dependencies")
    for group in file.table(*_POETRY, "group"):
        yield from dependency_table(file, Role.DEVELOPMENT, *_POETRY, "group", group, "dependencies")


def _hatch(file: TomlFile) -> Iterator[Fragment]:
    """Hatch's environments, which are for development, and what its build targets and hooks need."""
    for name in file.table(*_HATCH, "envs"):
        for key in ("dependencies", "extra-dependencies"):
            yield from _listed(file, Role.DEVELOPMENT, *_HATCH, "envs", name, key)
    build = (*_HATCH, "build")
    for places in (build, *((*build, "targets", target) for target in file.table(*build, "targets"))):
        yield from _listed(file, Role.BUILD, *places, "dependencies")
        for hook in file.table(*places, "hooks"):
            yield from _listed(file, Role.BUILD, *places, "hooks", hook, "dependencies")
