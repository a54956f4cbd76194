"""The run: discover, read, resolve, propagate, judge; what a report then shows."""

import datetime as dt
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from lien.catalog.store import Catalog
from lien.errors import InputError, PolicyError, UsageError
from lien.graph.fragments import PRODUCT, ArtifactSeen, DependenciesSeen, Evidence, Fragment, RelationSeen
from lien.graph.supply import Artifact, SupplyGraph, merge
from lien.judgement.case import Case
from lien.judgement.conditions import trigger
from lien.judgement.findings import Finding, RuleName
from lien.judgement.handed_on import HandedOn
from lien.judgement.inheritance import Inheritance
from lien.judgement.policy_rules import first_rule
from lien.judgement.rules import RULES
from lien.judgement.standing import Standings, restating
from lien.pipeline.corrections import Corrections, Struck
from lien.pipeline.discover import Place, considered, discover, ignored_inputs, linked_inputs
from lien.pipeline.headers import gathered
from lien.pipeline.project import declared_facts, find_project, read_project
from lien.pipeline.reading import Coverage, Problem, read_inputs
from lien.pipeline.scope import apply_scopes, folder_scope
from lien.policy.parse import default_project
from lien.policy.values import Action, FailOn, Policy, ProductSpec, Project
from lien.resolvers.catalog import from_catalog
from lien.resolvers.conventions import is_lineage
from lien.resolvers.detector import Detector, scancode_detector
from lien.resolvers.folder_names import through_folder_names
from lien.resolvers.licenses import LicenseResolver
from lien.resolvers.outputs import through_outputs
from lien.sources.json_text import Lines, collector_at_rest, lines_in
from lien.sources.source import Source
from lien.sources.toml_text import line_of_text
from lien.sources.tree import Tree
from lien.sources.yaml_text import parse_yaml
from lien.vocabulary.ids import without_version
from lien.vocabulary.kinds import Kind, Scope
from lien.vocabulary.licenses import License, Scheme
from lien.vocabulary.questions import Answer, Question

__all__ = ["Coverage", "Outcome", "Problem", "Request", "Struck", "run"]

_log = logging.getLogger(__name__)
_HEAD_BYTES = 4096
_PYPI = "package:pypi/"
_SEVERITIES = (Action.DENY, Action.WARN, Action.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for. `policy_file` replaces the project file of the tree; `strict` holds inputs to their schemas.

    `online` asks the package index and the Hub for what the inputs only name, telling how far it is through `progress`.
    """

    place: Place
    as_of: dt.date
    policy_file: Path | None = None
    fail_on: FailOn | None = None
    environment: Path | None = None
    product: str | None = None
    strict: bool = False
    online: bool = False
    detect_licenses: bool = False
    hf_cache: Path | None = None
    progress: Callable[[str], None] = lambda _: None


@dataclass(kw_only=True)
class Outcome:
    """Everything a report is a view of."""

    case: Case
    project: Project
    product: ProductSpec
    name: str
    catalog: Catalog
    as_of: dt.date
    findings: list[Finding]
    coverage: Coverage
    struck: tuple[Struck, ...]
    _texts: dict[str, str] = field(default_factory=dict)

    @property
    def graph(self) -> SupplyGraph:
        """The supply graph."""
        return self.case.graph

    def counts(self) -> dict[str, int]:
        """Findings by severity; unread files count as `policy.unread` says."""
        totals = {severity.value: sum(finding.severity is severity for finding in self.findings) for severity in _SEVERITIES}
        totals[self.case.policy.unread.value] += len(self.coverage.unread)
        return totals

    def exit_code(self) -> int:
        """1 if something is denied, whatever else happened; else 2 if an owed input could not be read; else 0."""
        counts, fail_on = self.counts(), self.case.policy.fail_on
        denied = {FailOn.DENY: counts["deny"], FailOn.WARN: counts["deny"] + counts["warn"], FailOn.NEVER: 0}[fail_on]
        if denied:
            return 1
        return 2 if self.coverage.errors else 0

    def lines_of(self, evidence: Iterable[Evidence], lists: Iterable[DependenciesSeen] = ()) -> dict[str | None, Lines]:
        """Lines of evidence that has only a JSON pointer, and of the items of lists, by path; one walk over each file for all of it."""
        wanted: dict[str | None, tuple[list[str], list[str]]] = {}
        for path, line, pointer, _, _, _, _ in evidence:
            if line is None and pointer is not None:
                if path not in wanted:
                    wanted[path] = ([], [])
                wanted[path][0].append(pointer)
        for one in lists:
            wanted.setdefault(one.path, ([], []))[1].append(one.pointer)
        return {path: lines_in(self._texts[path], *pointers) for path, pointers in wanted.items() if path in self._texts}

    @cached_property
    def _shown(self) -> frozenset[Evidence]:
        """Evidence that people are shown of findings: where they are let in, and each step of their routes."""
        findings = [one for finding in self.findings for one in finding.evidence]
        routes = [
            one for finding in self.findings if finding.route is not None for stop in finding.route.stops for one in stop.link.evidence
        ]
        return frozenset((*findings, *routes))

    @cached_property
    def _shown_lines(self) -> dict[str | None, Lines]:
        """Their lines: a table asks for them a few at a time, and each walk over a large file costs as much as reading it."""
        return self.lines_of(self._shown)

    def placed(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Evidence with its lines, for what is shown to people."""
        lines = self._shown_lines if self._shown.issuperset(evidence) else self.lines_of(evidence)
        return [
            one._replace(line=lines[one.path].of.get(one.pointer))
            if one.line is None and one.pointer is not None and one.path in lines
            else one
            for one in evidence
        ]


def run(request: Request, catalog_of: "CatalogFactory") -> Outcome:
    """Audit one product. Raises LienError where nothing could be audited; what could not be read is in the coverage."""
    with collector_at_rest():
        return _run(request, catalog_of)


def _run(request: Request, catalog_of: "CatalogFactory") -> Outcome:
    tree = request.place.tree
    detect = scancode_detector() if request.detect_licenses else None  # what is not installed is told before the work
    source = _project_file(request, tree)
    project = _project(source)
    product = _product(project, request.product)
    for path in product.paths:
        if not tree.holds(path):
            raise PolicyError(f'product path "{path}" is not in the audited tree', path=project.file, line=_line_of_path(source, path))
    tree.keep((*product.paths, *project.overlays))
    catalog = catalog_of(tree, project)
    coverage = Coverage(considered=considered(request.place, product.paths))
    texts: dict[str, str] = {}
    coverage.skipped.extend((path, "is ignored by .gitignore") for path in ignored_inputs(request.place, product.paths))
    coverage.skipped.extend(
        (path, "is a symbolic link, which lien does not follow") for path in linked_inputs(request.place, product.paths)
    )
    inputs = discover(request.place, product.paths, coverage.passed_over)
    # Who looks at each relation, to strike it or to ask the network about it, gets them one by one.
    lists: list[DependenciesSeen] | None = None if project.corrections or request.online or request.hf_cache is not None else []
    fragments = gathered(read_inputs(inputs, tree, coverage, texts, strict=request.strict, lists=lists))
    fragments.extend(declared_facts(replace(project, products=(product,)), source))
    corrections = Corrections(project, catalog)
    if not (coverage.read or coverage.unread or coverage.errors or project.file):
        where = ", ".join(request.place.named) or "this tree"
        raise UsageError(f"{where} holds no file that lien reads, so nothing was audited; the README lists the formats")
    fragments = corrections.kept(through_folder_names(catalog, through_outputs([*fragments, *_product_seen(fragments)])))
    fragments.extend(corrections.kept(_installed(request, tree, fragments, coverage, texts)))
    graph = _resolve(request, catalog, fragments, lists or (), corrections)
    del fragments, lists  # the graph has what it needs of them; of a large BOM they are a third of all memory
    policy = project.policy if request.fail_on is None else replace(project.policy, fail_on=request.fail_on)
    case = replace(_propagate(graph, catalog, project, policy, product, request.as_of, detect), handed_on=_handed_on(texts, catalog))
    findings = _judge(case)
    subjects = [one.artifact.partition(":")[2] for one in graph.subjects if one.artifact != PRODUCT]
    name = product.name or graph.artifacts[PRODUCT].name or (subjects[0] if len(subjects) == 1 else tree.root.name)
    return Outcome(
        case=case,
        project=project,
        product=product,
        name=name,
        catalog=catalog,
        as_of=request.as_of,
        findings=findings,
        coverage=coverage,
        struck=corrections.done(),
        _texts=texts,
    )


class CatalogFactory:
    """Opens the catalogue with the overlays that a project names."""

    def __call__(self, tree: Tree, project: Project) -> Catalog:
        if not project.overlays:
            return Catalog.bundled()
        from lien.catalog.compile import compile_files, write  # noqa: PLC0415  # imports YAML and the schema validator

        overlays: list[tuple[str, sqlite3.Connection]] = []
        for overlay in project.overlays:
            found = [path for path in tree.walk() if path.startswith(f"{overlay}/") and path.endswith((".yaml", ".yml"))]
            if not found and overlay.endswith((".yaml", ".yml")) and tree.has(overlay):
                found = [overlay]
            if not found:
                raise InputError(f'catalog path "{overlay}" holds no YAML file', path=project.file)
            for path in found:
                parse_yaml(tree.read(path).text, path=path)  # an overlay is an input: limits first
            compiled = write(compile_files([(tree.root / path, path) for path in found], complete=False), None)
            if compiled is not None:
                overlays.append((overlay, compiled))
        return Catalog.bundled(overlays=overlays)


def _project_file(request: Request, tree: Tree) -> Source | None:
    """The file of --policy (by its path in the tree, where it stands there), else the tree's own."""
    if request.policy_file is None:
        return find_project(tree)
    place = request.policy_file.resolve()
    if tree.root in place.parents:
        return tree.read(place.relative_to(tree.root).as_posix())
    return Tree(place.parent).read(place.name)


def _project(source: Source | None) -> Project:
    if source is None:
        return default_project()
    project = read_project(source)
    if project is None:
        raise UsageError(f"{source.path}: holds no [tool.lien] section")
    return project


def _line_of_path(source: Source | None, path: str) -> int | None:
    return line_of_text(source, path) if source is not None else None


def _product(project: Project, wanted: str | None) -> ProductSpec:
    names = [one.name or "" for one in project.products]
    if wanted is not None:
        for one in project.products:
            if one.name == wanted:
                return one
        raise UsageError(f'no product "{wanted}"; the project file names {", ".join(filter(None, names)) or "none"}')
    if len(project.products) > 1:
        raise UsageError(f"the project file names {len(names)} products; choose one with --product: {', '.join(filter(None, names))}")
    return project.products[0] if project.products else ProductSpec()


def _resolve(
    request: Request, catalog: Catalog, fragments: list[Fragment], lists: Sequence[DependenciesSeen], corrections: Corrections
) -> SupplyGraph:
    """Fill gaps from caches, the network and the catalogue, and merge everything into one graph."""
    if request.hf_cache is not None:
        from lien.pipeline.cached import cached_facts  # noqa: PLC0415  # only where it is asked for

        fragments.extend(corrections.kept(cached_facts(fragments, catalog, request.hf_cache)))
    if request.online:
        from lien.pipeline.online import online_facts  # noqa: PLC0415  # the network only where it is asked for

        fragments.extend(corrections.kept(online_facts(fragments, catalog, request.progress)))
    named = {one.id for one in fragments if isinstance(one, ArtifactSeen)} | {
        end for one in fragments if isinstance(one, RelationSeen) for end in (one.downstream, one.upstream)
    }
    named.update((one.downstream for one in lists), *(one.upstreams for one in lists))
    catalog.prime(len(named))
    canonical = {identifier: catalog.canonical(identifier) for identifier in named}
    descended = {
        canonical[one.downstream]
        for one in fragments
        # That a file lies in a repository says nothing of what it was made from.
        if isinstance(one, RelationSeen) and is_lineage(one) and not one.downstream.startswith(f"{one.upstream}/")
    }
    fragments.extend(from_catalog(catalog, set(canonical.values()) - {PRODUCT}, corrections.keep, descended))
    graph = merge(fragments, catalog.canonical, lambda identifier: catalog.artifact(identifier) is not None, lists)
    for subject in graph.subjects:
        # What a BOM is about is what its owner publishes.
        if subject.artifact != PRODUCT:
            graph.artifacts[subject.artifact].made_here = True
    apply_scopes(graph)
    return graph


def _product_seen(fragments: Sequence[Fragment]) -> list[Fragment]:
    if any(isinstance(one, ArtifactSeen) and one.id == PRODUCT for one in fragments):
        return []
    return [ArtifactSeen(PRODUCT, Kind.PRODUCT, Evidence(reader="audit", as_written=PRODUCT))]


def _installed(request: Request, tree: Tree, fragments: Sequence[Fragment], coverage: Coverage, texts: dict[str, str]) -> list[Fragment]:
    """What installed packages say of themselves, in their metadata and in the SBOMs that they carry."""
    wanted: dict[str, set[str]] = {}
    for one in fragments:
        if isinstance(one, ArtifactSeen) and one.id.startswith(_PYPI):
            wanted.setdefault(without_version(one.id).removeprefix(_PYPI), set()).add(one.id)
    if not wanted:
        return []
    from lien.resolvers.installed import find_site_packages, installed_licenses, own_site_packages  # noqa: PLC0415  # importlib.metadata is not free

    folders = find_site_packages(request.environment) if request.environment is not None else own_site_packages(tree.root)
    if not folders:
        return []
    from lien.pipeline.bundled import bundled_facts  # noqa: PLC0415  # only where packages are installed

    # Which packages the product has only as dependencies of dependencies is known where they are installed.
    found = list(installed_licenses(folders, {name: sorted(ids) for name, ids in wanted.items()}, root=tree.root, transitive=True))
    return [*found, *bundled_facts(folders, [*fragments, *found], tree.root, coverage, texts)]


def _propagate(
    graph: SupplyGraph, catalog: Catalog, project: Project, policy: Policy, product: ProductSpec, as_of: dt.date, detect: Detector | None
) -> Case:
    resolver = LicenseResolver(catalog, detect)
    agreements = tuple(one for one in policy.agreements if one.is_in_force(as_of))
    policy = replace(policy, agreements=agreements, answers=_answered(policy, project))
    owner = product.publisher or PRODUCT

    def count_denied(license_: License, artifact: Artifact) -> int:
        denied = 0
        for term in license_.terms:
            answer = trigger(term, project.context, [artifact])
            rule = first_rule(policy, RuleName.INHERITED, term.word, term.params, artifact.id, [artifact.id, license_.id], Scope.USED)
            denied += rule is not None and rule.action is Action.DENY and answer.applies is not False and rule.unsure is not Action.INFO
        return denied

    standings = Standings(
        graph=graph,
        resolver=resolver,
        count_denied=count_denied,
        product_publisher=owner,
        agreed=frozenset(one.origin for one in agreements),
    )
    full = Inheritance(graph, standings, policy)
    inheritance = (
        Inheritance(graph, standings, policy, agreements=agreements, restated=restating(graph, [one.origin for one in agreements]))
        if agreements
        else full
    )
    return Case(
        graph=graph,
        standings=standings,
        policy=policy,
        context=project.context,
        inheritance=inheritance,
        full=full,
        product_claims=tuple(one for one in standings.of(PRODUCT).claims if folder_scope(one.claim.evidence.path) is Scope.USED),
    )


def _handed_on(texts: Mapping[str, str], catalog: Catalog) -> HandedOn:
    """The texts that are there to be handed on; those of tests and examples are not."""
    from lien.readers.license_file import LicenseFileReader  # noqa: PLC0415  # as other readers: when there is something to read
    from lien.readers.readme_license import ReadmeLicenseReader  # noqa: PLC0415

    if not texts:
        return HandedOn(texts={}, recognise=catalog.recognise)
    files = (LicenseFileReader(), ReadmeLicenseReader())
    wanted = {path: text for path, text in texts.items() if folder_scope(path) is Scope.USED and any(one.claims(path) for one in files)}

    def incorporated(license_: License) -> tuple[str, ...]:
        keys = [text.scancode for text in license_.texts[1:] if text.scancode]
        named = [one.id for key in keys for one in catalog.named(Scheme.SCANCODE, key)]
        return tuple(one for one in named if one != license_.id)

    return HandedOn(texts=wanted, recognise=catalog.recognise, incorporated=incorporated)


def _answered(policy: Policy, project: Project) -> Mapping[Question, Answer]:
    """Whether one's models are made to imitate is a fact of their maker's, so the context may answer that question."""
    told = project.context.get("made_to_imitate")
    if told is None:
        return policy.answers
    return {**policy.answers, Question.MADE_TO_IMITATE: Answer.YES if told else Answer.NO}


def _judge(case: Case) -> list[Finding]:
    findings = [finding for rule in RULES for finding in rule(case)]
    order = {severity: number for number, severity in enumerate((*_SEVERITIES, Action.ALLOW))}
    findings.sort(
        key=lambda one: (order[one.severity], one.scope.rank, one.rule, one.artifact, one.term, one.origins[:1], one.term_key, one.id)
    )
    return findings
