"""Dependencies as Poetry and Pipenv write them: NAME = "VERSION", or NAME = {version, extras, git, path, …}."""

import re
from collections.abc import Iterator, Mapping

from lien.graph.fragments import PRODUCT, Evidence, Fragment, Role, UnresolvedReference
from lien.readers._requirement import Named, fragments_of
from lien.readers._toml_file import TomlFile
from lien.vocabulary.ids import package_id
from lien.vocabulary.kinds import Kind

__all__ = ["dependency_table"]

# Poetry reads a bare version as an exact one ("Dependency specification", exact requirements).
_EXACT = re.compile(r"\s*(?:==)?\s*(v?\d[A-Za-z0-9.!+_-]*)\s*")
# Pipenv takes `"name[extra]" = "*"` too.
_WITH_EXTRAS = re.compile(r"([^\[\]]+)\[([^\[\]]*)\]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_EXTRA = re.compile(r"\bextras?\b")


def dependency_table(file: TomlFile, role: Role, *keys: str) -> Iterator[Fragment]:
    """The packages of a table, in file order; the interpreter stands among them, and is none."""
    lines = file.source.text.splitlines()
    for name, value in file.table(*keys).items():
        if name.lower() == "python":
            continue
        line = file.line(*keys, name)
        written = lines[line - 1].strip() if line else name
        # A list gives one table for each platform.
        for item in value if isinstance(value, list) else [value]:
            yield from _item(file, name, item, role, file.evidence(line, written))


def _item(file: TomlFile, name: str, item: object, role: Role, evidence: Evidence) -> Iterator[Fragment]:
    from packaging.utils import InvalidName, canonicalize_name  # noqa: PLC0415

    key = _WITH_EXTRAS.fullmatch(name)
    name, more = (key[1], [one.strip() for one in key[2].split(",")]) if key else (name, [])
    try:
        canonicalize_name(name, validate=True)
    except InvalidName:
        file.problem(evidence.line, f'"{name}" is no package name (letters, digits, "-", "_" and ".")')
        return
    if isinstance(item, str):
        yield from fragments_of(_named(name, item)._replace(note=_note(more)), evidence, role)
    elif not isinstance(item, Mapping):
        file.problem(evidence.line, f'{name} is neither a version nor a table (write NAME = "VERSION")')
    elif isinstance(item.get("path"), str):
        if file.source.tree.join(file.source.path, item["path"]) is None:
            reason = "is a local project that is not in the audited tree; audit its folder too, or require it by name"
            yield UnresolvedReference(PRODUCT, item["path"], reason, evidence)
    else:
        extras = [*more, *(map(str, item["extras"]) if isinstance(item.get("extras"), list) else ())]
        named = _named(name, item.get("version"))._replace(
            note=_note(extras),
            is_optional=item.get("optional") is True or _EXTRA.search(_QUOTED.sub("", str(item.get("markers", "")))) is not None,
        )
        yield from fragments_of(named, evidence, role)


def _note(extras: list[str]) -> str | None:
    return f"with extras {', '.join(sorted(extras))}" if extras else None


def _named(name: str, version: object) -> Named:
    match = _EXACT.fullmatch(version) if isinstance(version, str) else None
    exact = match[1] if match else None
    return Named(package_id("pypi", name, exact), Kind.PACKAGE, name, exact)
