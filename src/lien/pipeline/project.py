"""The project file: lien.toml, or [tool.lien] of pyproject.toml, as values with their lines."""

from typing import Any

from lien.errors import InputError, PolicyError
from lien.graph.fragments import PRODUCT, Evidence, Fragment, LicenseClaim, RelationSeen
from lien.policy.parse import parse_project
from lien.policy.values import Correction, Project
from lien.sources.source import Source
from lien.sources.toml_text import line_of_key, line_of_text, parse_toml
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

__all__ = ["declared_facts", "find_project", "is_struck", "read_project"]

_READER = "project-file"
LIEN_TOML = "lien.toml"
PYPROJECT = "pyproject.toml"


def find_project(tree: Tree) -> Project | None:
    """The project file at the root of the tree, lien.toml before [tool.lien]; None if there is none.

    Raises PolicyError for both at once: nobody could tell which one holds.
    """
    in_pyproject = None
    if tree.has(PYPROJECT):
        source = tree.read(PYPROJECT)
        # Looked for in the text first, so that an audit of a broken pyproject fails in its reader, not here.
        if b"tool.lien" in source.data:
            in_pyproject = source
    if not tree.has(LIEN_TOML):
        return read_project(in_pyproject) if in_pyproject is not None else None
    if in_pyproject is not None and _section(in_pyproject) is not None:
        raise PolicyError(
            f"holds [tool.lien] beside {LIEN_TOML}; keep one of the two", path=PYPROJECT, line=line_of_key(in_pyproject, "tool", "lien")
        )
    return read_project(tree.read(LIEN_TOML))


def read_project(source: Source) -> Project | None:
    """What a project file says; None for a pyproject.toml without [tool.lien].

    Raises PolicyError that names every problem with file and line.
    """
    is_pyproject = source.path.rpartition("/")[2] == PYPROJECT
    tables = _section(source) if is_pyproject else parse_toml(source, error=PolicyError)
    if tables is None:
        return None

    def locate(keys: tuple[str, ...], index: int) -> int | None:
        if not is_pyproject:
            return line_of_key(source, *keys, index=index)
        return line_of_key(source, "tool", "lien", *keys, index=index) or line_of_key(source, "tool", "lien")

    return parse_project(tables, path=source.path, locate=locate)


def _section(source: Source) -> dict[str, Any] | None:
    section = parse_toml(source, error=PolicyError).get("tool", {}).get("lien")
    return section if isinstance(section, dict) else None


def declared_facts(project: Project, tree: Tree) -> list[Fragment]:
    """The product's licence and the relations that the project file states, with the lines they stand on."""
    if project.file is None:
        return []
    try:
        source = tree.read(project.file)
    except InputError:
        source = None  # --policy may name a file outside the tree: its facts then have no line
    facts: list[Fragment] = []
    for product in project.products[:1]:
        if product.license:
            line = line_of_text(source, product.license) if source else None
            facts.append(
                LicenseClaim(
                    PRODUCT,
                    product.license,
                    Scheme.SPDX,
                    Evidence(project.file, line, None, product.license, _READER),
                    said_by=project.file,
                )
            )
    for relation in project.relations:
        line = line_of_key(source, "relation", index=relation.index) if source else None
        evidence = Evidence(
            project.file, line, None, f"{relation.downstream} {relation.type} {relation.upstream}", _READER, source=relation.source
        )
        facts.append(RelationSeen(_product(relation.downstream), relation.type, _product(relation.upstream), evidence, date=relation.date))
    return facts


def _product(identifier: str) -> str:
    return PRODUCT if identifier.partition(":")[0] == PRODUCT else identifier


def is_struck(correction: Correction, fragment: Fragment) -> bool:
    """Does a correction strike this fragment?"""
    if isinstance(fragment, RelationSeen) and correction.downstream is not None:
        return (
            fragment.downstream == _product(correction.downstream)
            and fragment.upstream == correction.upstream
            and (correction.type is None or fragment.type is correction.type)
        )
    if isinstance(fragment, LicenseClaim) and correction.claim is not None:
        return fragment.artifact == correction.artifact and fragment.text.strip() == correction.claim.strip()
    return False
