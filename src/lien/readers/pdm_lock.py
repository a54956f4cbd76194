"""Reads pdm.lock: every locked package and who needs whom; the pyproject.toml beside it says what the product asks for.

The format holds no licences. Without a manifest, the packages that no other needs are the product's
own, in the group that the lock gives them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lien.graph.fragments import Fragment, Role
from lien.readers._lock import Lines, Locked, Need, lock_facts, roots_of, tables
from lien.readers._requirement import Problem, no_requirement, summary
from lien.readers._requirement_lines import is_for_developers
from lien.sources.limits import MAX_LOCK_BYTES
from lien.sources.source import Source
from lien.sources.toml_text import parse_toml

__all__ = ["PdmLockReader"]

_NOT_IN_TREE = "is a local project that is not in the audited tree; audit its folder too, or require it by name"


class PdmLockReader:
    """pdm.lock of the format 4, as PDM 2 writes it."""

    name = "pdm-lock"
    owed = True
    max_bytes = MAX_LOCK_BYTES

    def claims(self, path: str) -> bool:
        """pdm.lock, and the locks of other targets such as `pdm.linux.lock`."""
        name = path.rpartition("/")[2].lower()
        return name.startswith("pdm.") and name.endswith(".lock")

    def accepts(self, head: bytes) -> bool:  # noqa: ARG002  # a lock of nothing is short
        """Yes: the name alone tells."""
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages with what they need, in file order, then what the product asks for.

        All that can be read comes first; then InputError names every requirement that cannot.
        """
        root = parse_toml(source)
        lines = Lines(source.text, "[[package]]")
        problems: list[Problem] = []
        packages: list[Locked] = []
        roles: dict[int, Role] = {}
        for index, key, table in tables(root, "package", lines, source.path, problems):
            roles[len(packages)] = _role(table.get("groups"))
            packages.append(_package(source, lines, problems, index, key, table))
        yield from lock_facts(source, self.name, packages, roots_of(source, packages, roles), lines)
        if problems:
            raise summary(source.path, problems)


def _role(groups: object) -> Role:
    """By the names of the groups, where no manifest says what they are for."""
    if not isinstance(groups, list) or not groups or "default" in groups:
        return Role.DEFAULT
    return Role.DEVELOPMENT if all(is_for_developers(str(group)) for group in groups) else Role.OPTION


def _package(source: Source, lines: Lines, problems: list[Problem], index: int, key: str, table: Mapping[str, Any]) -> Locked:
    """A package; a block with extras holds what the package needs under those."""
    version, path, extras = table.get("version"), table.get("path"), table.get("extras")
    line = lines.take(index, table["name"])
    needs = _needs(source, lines, problems, index, table.get("dependencies"))
    is_folder = isinstance(path, str) and not path.endswith((".whl", ".gz", ".zip"))
    is_own = is_folder and source.tree.join(source.path, str(path)) is not None
    by_extra = {str(extra): needs for extra in extras} if isinstance(extras, list) else {}
    return Locked(
        key,
        table["name"],
        version if isinstance(version, str) else None,
        line,
        () if by_extra else needs,
        by_extra,
        is_own,
        _NOT_IN_TREE if is_folder and not is_own else None,
    )


def _needs(source: Source, lines: Lines, problems: list[Problem], index: int, items: object) -> list[Need]:
    from packaging.requirements import Requirement  # noqa: PLC0415
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    found: list[Need] = []
    for item in items if isinstance(items, list) else ():
        try:
            requirement = Requirement(item)
        except (ValueError, TypeError, RecursionError):
            problems.append(Problem(source.path, lines.of(index), no_requirement(str(item))))
            continue
        found.append(
            Need(canonicalize_name(requirement.name), lines.take(index, requirement.name), None, tuple(sorted(requirement.extras)))
        )
    return found
