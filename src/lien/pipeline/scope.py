"""Role and folder to scope: the one place that joins what an input says with where it stands.

Paths are judged relative to the audited root: auditing `examples/bot` itself is not auditing an example.
"""

import re
from collections import deque
from pathlib import PurePosixPath

from lien.graph.fragments import PRODUCT, Role, UnresolvedReference
from lien.graph.supply import Link, Stated, SupplyGraph
from lien.pipeline.choices import choices_of
from lien.vocabulary.kinds import Basis, Kind, Scope
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
    {
        "test",
        "tests",
        "__tests__",
        "__mocks__",
        "e2e",
        "testing",
        "testdata",
        "test-data",
        "fixtures",
        "benchmark",
        "benchmarks",
        "eval",
        "evals",
        "evaluation",
    }
)
_CI_FOLDERS = frozenset({".github", ".gitlab", ".circleci", ".buildkite"})
"""What continuous integration runs is not shipped."""

_MEASURING = re.compile(r"(?:^|[_-])(?:eval|evals|evaluation|benchmark|benchmarks|benchmarking)[_-]scripts?$|[_-]tests?$")
_MEASURING_SCRIPT = re.compile(r"(?:^|[_-])(?:eval|evaluate|evaluation|benchmark)(?:[_-][\w-]*)?\.(?:sh|bash|slurm)$")
_EXAMPLES = re.compile(r"[_-](?:examples|tutorials)$")
"""`old-examples`; one thing that is called a demo may well be the product."""

_TEST_SCRIPT = re.compile(r"\.(?:test|spec|stories|bench|e2e)\.[cm]?[jt]sx?$")
"""How JavaScript names its tests, which stand beside what they test."""

_DOC_FOLDERS = frozenset(
    {"doc", "docs", "documentation", "example", "examples", "tutorial", "tutorials", "sample", "samples", "demo", "demos"}
)
_TOOL_RANK = {Relation.BUILT_WITH: Scope.BUILD.rank, Relation.EVALUATED_ON: Scope.TEST.rank, Relation.DEV_DEPENDS_ON: Scope.TEST.rank}
_WROTE = frozenset({ReachClass.OUTPUT, ReachClass.SELECT, ReachClass.DISTILL})
"""What wrote, chose or taught something: whoever uses the result does not run it."""

_SCOPES = tuple(sorted(Scope, key=lambda scope: scope.rank))


def folder_scope(path: str | None) -> Scope:
    """The strongest scope that a file's place allows: `tests/` and `docs/` ship nothing."""
    if path is None:
        return Scope.USED
    parts = PurePosixPath(path.lower()).parts
    folders = set(parts[:-1])
    name = parts[-1] if parts else ""
    if folders & _TEST_FOLDERS or any(_MEASURING.search(one) for one in folders) or _MEASURING_SCRIPT.search(name):
        return Scope.TEST
    if folders & _DOC_FOLDERS or any(_EXAMPLES.search(one) for one in folders):
        return Scope.DOC
    if folders & _CI_FOLDERS:
        return Scope.BUILD
    is_test = name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py" or _TEST_SCRIPT.search(name) is not None
    return Scope.TEST if is_test else Scope.USED


def scope_of(role: Role, path: str | None) -> Scope:
    """The weaker of what the role and the folder say."""
    return max(_BY_ROLE[role], folder_scope(path), key=lambda scope: scope.rank)


def apply_scopes(graph: SupplyGraph) -> None:
    """Give the product's relations their scope, and every artifact the strongest by which it is reached."""
    links = graph.upstream.get(PRODUCT, [])
    choices = choices_of(links)
    for link in links:
        is_served = link.type is Relation.CALLS or link.upstream.startswith("model:ollama:")
        roles = [
            (Role.OPTION if is_served and role is Role.DEFAULT and choices.holds(evidence.path) else role, evidence.path)
            for role, evidence in link.sightings
        ]
        scopes = [scope_of(role, path) for role, path in roles]
        link.scope = min(scopes, key=lambda scope: scope.rank)
        if isinstance(link.said, Stated) and len(scopes) > 1:
            # What is shown first is where the product lets it in, and no page of documentation that names it too.
            first = {evidence for (_, evidence), scope in zip(link.sightings, scopes, strict=True) if scope is link.scope}
            others = tuple(one for one in link.evidence if one not in first)
            link.said = link.said._replace(evidence=(*(one for one in link.evidence if one in first), *others))
    strongest = _reach(graph)
    for artifact in graph.artifacts.values():
        rank = strongest.get(artifact.id)
        artifact.scope = _SCOPES[rank] if rank is not None else _by_mention(artifact.evidence)
    sides: dict[bool, list[UnresolvedReference]] = {False: [], True: []}
    for one in graph.unresolved:
        sides[_stands_aside(graph, one)].append(one)
    graph.unresolved, graph.unresolved_aside = tuple(sides[False]), tuple(sides[True])


def _stands_aside(graph: SupplyGraph, reference: UnresolvedReference) -> bool:
    """Does nothing that is used miss it? By its folder, and by what it was to become a part of."""
    artifact = graph.artifacts.get(reference.downstream)
    weak = {folder_scope(reference.evidence.path), artifact.scope if artifact is not None else Scope.USED}
    return bool(weak & {Scope.TEST, Scope.DOC})


def _by_mention(evidence: tuple[object, ...]) -> Scope:
    paths = [getattr(one, "path", None) for one in evidence]
    return min((folder_scope(path) for path in paths), key=lambda scope: scope.rank, default=Scope.DOC)


def _reach(graph: SupplyGraph) -> dict[str, int]:
    """Ranks of scopes by a search, strongest first; what only a tool relation reaches is build or test at most.

    Things made here begin too: what a recipe's result is made from is used, by that result. The service that wrote
    data which is there already is not: it is what that was built with.
    """
    upstream: dict[str, list[Link]] = graph.upstream
    found: dict[str, int] = {PRODUCT: Scope.USED.rank}
    product = Kind.PRODUCT
    for artifact in graph.artifacts.values():
        if artifact.made_here and artifact.kind is not product:
            found[artifact.id] = _by_mention(artifact.evidence).rank
    pending = deque(sorted(found, key=lambda one: (found[one], one)))
    while pending:
        current = pending.popleft()
        here = found[current]
        for link in upstream.get(current, ()):
            known = found.get(link.upstream)
            if known is not None and known <= here:
                continue  # as most are: nothing is used more strongly than what it is used by
            rank = here if link.scope is None else max(here, link.scope.rank)
            if link.type in _TOOL_RANK:
                rank = max(rank, _TOOL_RANK[link.type])
            elif link.type.reach in _WROTE and not _is_done_here(graph, link):
                rank = max(rank, Scope.BUILD.rank)
            if known is None or rank < known:
                found[link.upstream] = rank
                pending.append(link.upstream)
    return found


def _is_done_here(graph: SupplyGraph, link: Link) -> bool:
    """Does code of the tree do it, for something of the tree? Of what lies done, a README or the catalogue tells."""
    artifact = graph.artifacts.get(link.downstream)
    is_own = link.downstream == PRODUCT or (artifact is not None and artifact.made_here)
    return is_own and any(one.path is not None and one.basis is Basis.DECLARED for one in link.evidence)
