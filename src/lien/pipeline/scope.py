"""Role and folder to scope: the one place that joins what an input says with where it stands.

Paths are judged relative to the audited root: auditing `examples/bot` itself is not auditing an example.
"""

from collections import deque
from pathlib import PurePosixPath

from lien.graph.fragments import PRODUCT, Role
from lien.graph.supply import Link, SupplyGraph
from lien.vocabulary.kinds import Kind, Scope
from lien.vocabulary.relations import ReachClass, Relation

__all__ = ["apply_scopes", "folder_scope", "scope_of"]

_BY_ROLE = {
    Role.DEFAULT: Scope.USED,
    Role.TRAINING: Scope.USED,
    Role.OUTPUT: Scope.USED,
    Role.OPTION: Scope.OPTION,
    Role.BUILD: Scope.BUILD,
    Role.DEVELOPMENT: Scope.TEST,
    Role.EVALUATION: Scope.TEST,
    Role.DOCUMENTATION: Scope.DOC,
}
_TEST_FOLDERS = frozenset(
    {"test", "tests", "testing", "testdata", "test-data", "fixtures", "benchmark", "benchmarks", "eval", "evals", "evaluation"}
)
_DOC_FOLDERS = frozenset(
    {"doc", "docs", "documentation", "example", "examples", "tutorial", "tutorials", "sample", "samples", "demo", "demos"}
)
_BY_TOOL = {Relation.BUILT_WITH: Scope.BUILD, Relation.EVALUATED_ON: Scope.TEST, Relation.DEV_DEPENDS_ON: Scope.TEST}


def folder_scope(path: str | None) -> Scope:
    """The strongest scope that a file's place allows: `tests/` and `docs/` ship nothing."""
    if path is None:
        return Scope.USED
    parts = PurePosixPath(path.lower()).parts
    folders = set(parts[:-1])
    if folders & _TEST_FOLDERS:
        return Scope.TEST
    if folders & _DOC_FOLDERS:
        return Scope.DOC
    name = parts[-1] if parts else ""
    return Scope.TEST if name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py" else Scope.USED


def scope_of(role: Role, path: str | None) -> Scope:
    """The weaker of what the role and the folder say."""
    return max(_BY_ROLE[role], folder_scope(path), key=lambda scope: scope.rank)


def apply_scopes(graph: SupplyGraph) -> None:
    """Give the product's relations their scope, and every artifact the strongest by which it is reached."""
    for link in graph.links:
        if link.downstream == PRODUCT:
            link.scope = min((scope_of(role, evidence.path) for role, evidence in link.sightings), key=lambda scope: scope.rank)
    strongest = _reach(graph)
    for artifact in graph.artifacts.values():
        artifact.scope = strongest.get(artifact.id) or _by_mention(artifact.evidence)


def _by_mention(evidence: tuple[object, ...]) -> Scope:
    paths = [getattr(one, "path", None) for one in evidence]
    return min((folder_scope(path) for path in paths), key=lambda scope: scope.rank, default=Scope.DOC)


def _reach(graph: SupplyGraph) -> dict[str, Scope]:
    """A search by scope, strongest first; what only a tool relation reaches is build or test at most.

    Things made here begin too: what a recipe's result is made from is used, by that result.
    """
    upstream: dict[str, list[Link]] = graph.upstream
    found: dict[str, Scope] = {PRODUCT: Scope.USED}
    for artifact in graph.artifacts.values():
        if artifact.made_here and artifact.kind is not Kind.PRODUCT:
            found[artifact.id] = _by_mention(artifact.evidence)
    pending = deque(sorted(found, key=lambda one: (found[one].rank, one)))
    while pending:
        current = pending.popleft()
        for link in upstream.get(current, ()):
            own = link.scope or Scope.USED
            if link.type.reach is ReachClass.TOOL:
                own = max(own, _BY_TOOL[link.type], key=lambda scope: scope.rank)
            scope = max(found[current], own, key=lambda one: one.rank)
            known = found.get(link.upstream)
            if known is None or scope.rank < known.rank:
                found[link.upstream] = scope
                pending.append(link.upstream)
    return found
