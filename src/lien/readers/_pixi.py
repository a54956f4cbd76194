"""What a manifest of pixi asks for: pixi.toml, or the tables `[tool.pixi]` of a pyproject.toml.

A feature counts as far as an environment takes it in: those of the default environment are used, of another one an
option, or for developers if its name says so (pixi, "Multi environment").
"""

from collections.abc import Iterator, Mapping

from lien.graph.fragments import Fragment, Role
from lien.readers._conda import conda_package
from lien.readers._dependency_table import dependency_table
from lien.readers._requirement import fragments_of
from lien.readers._requirement_lines import is_for_developers
from lien.readers._toml_file import TomlFile

__all__ = ["pixi_facts", "role_of_environment"]

_CONDA = (("dependencies", None), ("host-dependencies", None), ("build-dependencies", Role.BUILD))


def pixi_facts(file: TomlFile, *prefix: str) -> Iterator[Fragment]:
    """Packages of channels and of PyPI, in file order of each table; what cannot be read is a problem of the file."""
    yield from _tables(file, Role.DEFAULT, *prefix)
    for feature in file.table(*prefix, "feature"):
        yield from _tables(file, _role_of_feature(file, feature, *prefix), *prefix, "feature", feature)


def role_of_environment(name: str) -> Role:
    """What an environment is for, by its name."""
    if name == "default":
        return Role.DEFAULT
    return Role.DEVELOPMENT if is_for_developers(name) else Role.OPTION


def _role_of_feature(file: TomlFile, feature: str, *prefix: str) -> Role:
    for name, value in file.table(*prefix, "environments").items():
        features = value.get("features") if isinstance(value, Mapping) else value
        if name == "default" and isinstance(features, list) and feature in features:
            return Role.DEFAULT
    return Role.DEFAULT if feature == "default" else role_of_environment(feature)


def _tables(file: TomlFile, role: Role, *keys: str) -> Iterator[Fragment]:
    for place in (keys, *((*keys, "target", platform) for platform in file.table(*keys, "target"))):
        for table, own in _CONDA:
            yield from _conda(file, own if own is not None and role is Role.DEFAULT else role, *place, table)
        yield from dependency_table(file, role, *place, "pypi-dependencies")


def _conda(file: TomlFile, role: Role, *keys: str) -> Iterator[Fragment]:
    for name, value in file.table(*keys).items():
        line = file.line(*keys, name)
        version = value.get("version") if isinstance(value, Mapping) else value
        if isinstance(value, Mapping) and isinstance(value.get("path"), str):
            continue  # a part of the tree, built with the product
        named = conda_package(f"{name} {'' if version in {None, '*'} else version}".strip()) if isinstance(version, str | None) else None
        if named is None:
            file.problem(line, f'{name} is neither a version nor a table (write NAME = "VERSION")')
        else:
            yield from fragments_of(named, file.evidence(line, f"{name} = {version or '*'}"), role)
