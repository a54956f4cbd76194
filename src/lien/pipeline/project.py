"""The project file: lien.toml, or [tool.lien] of pyproject.toml, as values with their lines."""

from collections.abc import Callable
from typing import Any

from lien.errors import PolicyError
from lien.graph.fragments import PRODUCT, Evidence, Fragment, LicenseClaim, RelationSeen
from lien.policy.parse import parse_project
from lien.policy.values import Correction, Project
from lien.sources.source import Source
from lien.sources.toml_text import line_of_key, line_of_text, parse_toml
from lien.sources.tree import Tree
from lien.vocabulary.ids import without_version
from lien.vocabulary.licenses import Scheme

__all__ = ["declared_facts", "find_project", "is_struck", "read_project"]

_READER = "project-file"
LIEN_TOML = "lien.toml"
PYPROJECT = "pyproject.toml"


def find_project(tree: Tree) -> Source | None:
    """The project file at the root of the tree, lien.toml or a pyproject.toml with [tool.lien]; None if there is none.

    Raises PolicyError for both at once: nobody could tell which one holds.
    """
    in_pyproject = None
    if tree.has(PYPROJECT):
        source = tree.read(PYPROJECT)
        # Looked for in the text first, so that an audit of a broken pyproject fails in its reader, not here.
        if b"lien" in source.data and _has_section(source):
            in_pyproject = source
    if not tree.has(LIEN_TOML):
        return in_pyproject
    if in_pyproject is not None:
        raise PolicyError(
            f"holds [tool.lien] beside {LIEN_TOML}; keep one of the two", path=PYPROJECT, line=line_of_key(in_pyproject, "tool", "lien")
        )
    return tree.read(LIEN_TOML)


def read_project(source: Source) -> Project | None:
    """What a project file says; None for a pyproject.toml without [tool.lien].

    Raises PolicyError that names every problem with file and line.
    """
    tables = _section(source) if _is_pyproject(source) else parse_toml(source, error=PolicyError)
    if tables is None:
        return None
    return parse_project(tables, path=source.path, locate=lambda keys, index: _line(source, *keys, index=index))


def _is_pyproject(source: Source) -> bool:
    return source.path.rpartition("/")[2] == PYPROJECT


def _line(source: Source, *keys: str, index: int = 0) -> int | None:
    """The line of a key of the project file, wherever its tables stand."""
    if not _is_pyproject(source):
        return line_of_key(source, *keys, index=index)
    return line_of_key(source, "tool", "lien", *keys, index=index) or line_of_key(source, "tool", "lien")


def _has_section(source: Source) -> bool:
    try:
        return _section(source) is not None
    except PolicyError:
        if b"tool.lien" in source.data:
            raise
        return False


def _section(source: Source) -> dict[str, Any] | None:
    tool = parse_toml(source, error=PolicyError).get("tool")
    section = tool.get("lien") if isinstance(tool, dict) else None
    if section is None or isinstance(section, dict):
        return section
    raise PolicyError('"tool.lien" must be a table', path=source.path, line=line_of_key(source, "tool", "lien"))


def declared_facts(project: Project, source: Source | None) -> list[Fragment]:
    """The licence of the project's first product and its relations as the project file (`source`) states them, with their lines."""
    if project.file is None or source is None:
        return []
    facts: list[Fragment] = []
    for product in project.products[:1]:
        if product.license:
            line = line_of_text(source, product.license)
            facts.append(
                LicenseClaim(
                    PRODUCT,
                    product.license,
                    Scheme.SPDX,
                    Evidence(project.file, line, None, product.license, _READER),
                    said_by=project.file,
                )
            )
    name = project.products[0].name if project.products else None
    for relation in project.relations:
        if _is_of_another(relation.downstream, name):
            continue
        line = _line(source, "relation", index=relation.index)
        evidence = Evidence(
            project.file, line, None, f"{relation.downstream} {relation.type} {relation.upstream}", _READER, source=relation.source
        )
        facts.append(RelationSeen(_product(relation.downstream), relation.type, _product(relation.upstream), evidence, date=relation.date))
    return facts


def _is_of_another(identifier: str, product: str | None) -> bool:
    """Does `product:NAME` say another product than the audited one?"""
    kind, _, name = identifier.partition(":")
    return kind == PRODUCT and name != "" and name != (product or "").lower()


def _product(identifier: str) -> str:
    return PRODUCT if identifier.partition(":")[0] == PRODUCT else identifier


def is_struck(correction: Correction, fragment: Fragment, canonical: Callable[[str], str] = lambda identifier: identifier) -> bool:
    """Does a correction strike this fragment, whichever of its names either of them uses?"""

    def same(identifier: str, wanted: str | None) -> bool:
        return wanted is not None and canonical(wanted) in (canonical(identifier), canonical(without_version(identifier)))

    if isinstance(fragment, RelationSeen) and correction.downstream is not None:
        return (
            same(fragment.downstream, _product(correction.downstream))
            and same(fragment.upstream, correction.upstream)
            and (correction.type is None or fragment.type is correction.type)
        )
    if isinstance(fragment, LicenseClaim) and correction.claim is not None:
        return same(fragment.artifact, correction.artifact) and fragment.text.strip() == correction.claim.strip()
    return False
