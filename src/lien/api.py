"""What lien offers to programs: the command line is its first user."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lien.catalog.store import Catalog, bundled_file, bundled_sources
from lien.errors import UsageError
from lien.pipeline.discover import place_of
from lien.pipeline.run import CatalogFactory, Outcome, Request, run
from lien.policy.values import FailOn, Project

__all__ = [
    "FORMATS",
    "Audit",
    "Catalog",
    "audit",
    "build_catalog",
    "catalog_view",
    "explain",
    "load_policy",
    "render",
    "tree",
    "validate_catalog",
    "why",
]

FORMATS = ("table", "json")

Audit = Outcome
"""One audited product: its graph, findings and coverage."""


def audit(
    paths: Sequence[Path] = (),
    *,
    policy_file: Path | None = None,
    as_of: dt.date | None = None,
    fail_on: str | None = None,
    environment: Path | None = None,
    product: str | None = None,
    strict: bool = False,
    detect_licenses: bool = False,
    online: bool = False,
    hf_cache: Path | str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Audit:
    """Audit one product: the tree or files at `paths` (default: the current folder).

    `policy_file` replaces the project file of the tree; `as_of` is the day that agreements are judged
    on (default: today); `environment` names an installed environment whose packages' metadata is read; `strict` holds BOMs to their official schemas;
    `detect_licenses` asks the detector of scancode-toolkit about licence texts that are not known exactly.
    `online` asks the configured package index for the closure of unpinned requirements, and the Hugging Face Hub for
    models and data sets that nothing here describes; `hf_cache` looks them up in a local cache of the Hub first
    (an empty string: where the Hub's client keeps it); `progress` is told in words how far that is.
    Raises LienError if nothing could be audited.
    """
    # The only clock in lien: everything else takes the day from here.
    day = as_of or dt.datetime.now(tz=dt.UTC).date()
    request = Request(
        place=place_of(paths),
        as_of=day,
        policy_file=policy_file,
        fail_on=FailOn(fail_on) if fail_on else None,
        environment=environment,
        product=product,
        strict=strict,
        detect_licenses=detect_licenses,
        online=online,
        hf_cache=_cache_at(hf_cache),
        progress=progress,
    )
    return run(request, CatalogFactory())


def _cache_at(place: Path | str | None) -> Path | None:
    if place is None or str(place):
        return Path(place) if place is not None else None
    from lien.resolvers.hf_cache import default_cache  # noqa: PLC0415  # few audits ask for it

    return default_cache()


def render(audited: Audit, format_: str = "table", *, colour: bool = False) -> Iterator[str]:
    """The report in pieces of text. Raises UsageError for a format that there is not."""
    match format_:
        case "table":
            from lien.reports import table  # noqa: PLC0415  # one report is wanted at a time

            return table.render(audited, colour=colour)
        case "json":
            from lien.reports import report_json  # noqa: PLC0415

            return _at_rest(report_json.render(audited))
        case _:
            raise UsageError(f'no format "{format_}"; there are {", ".join(FORMATS)}')


def _at_rest(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces, with the garbage collector at rest while they are made: a report makes no cycles."""
    from lien.sources.json_text import collector_at_rest  # noqa: PLC0415

    with collector_at_rest():
        yield from pieces


def load_policy(path: Path) -> Project:
    """The project file at a path: product, context, policy, agreements. Raises PolicyError with every problem."""
    from lien.pipeline.project import read_project  # noqa: PLC0415
    from lien.sources.tree import Tree  # noqa: PLC0415

    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    project = read_project(Tree(path.resolve().parent).read(path.name))
    if project is None:
        raise UsageError(f"{path.name}: holds no [tool.lien] section")
    return project


def why(audited: Audit, wanted: str, artifact: str | None = None, *, colour: bool = False) -> Iterator[str]:
    """All routes of a finding (by id) or of a term (by word), step by step. Raises UsageError if there is none."""
    from lien.reports import routes  # noqa: PLC0415

    return routes.render(audited, wanted, artifact, colour=colour)


def tree(audited: Audit, artifact: str | None = None, *, colour: bool = False) -> Iterator[str]:
    """The upstream tree of an artifact (default: the product) with what each one brings."""
    from lien.reports import upstream_tree  # noqa: PLC0415

    return upstream_tree.render(audited, artifact, colour=colour)


def explain(name: str | None = None, *, under: str | None = None) -> Iterator[str]:
    """A word's paragraph, or a licence's terms with clauses and quotes; without a name, the list of words.

    `under` is the SPDX id of a product's licence: the OSADL matrix (extra `lien[osadl]`) is asked about the pair.
    """
    from lien.reports import explanation  # noqa: PLC0415

    return explanation.render(Catalog.bundled(), name, under)


def catalog_view(view: str, text: str = "") -> Iterator[str]:
    """`search` for a text, `show` an artifact or licence, or `stats`. Raises UsageError with near names."""
    from lien.reports import knowledge  # noqa: PLC0415

    catalog = Catalog.bundled()
    match view:
        case "search":
            return knowledge.search(catalog, text)
        case "show":
            return knowledge.show(catalog, text)
        case "stats":
            return knowledge.stats(catalog)
        case _:
            raise UsageError(f'no view "{view}"; there are search, show and stats')


def _sources(sources: Path | None) -> Path:
    found = sources or bundled_sources()
    if found is None:
        raise UsageError("this installation carries no knowledge files; name their folder with --sources")
    return found


def build_catalog(sources: Path | None = None, output: Path | None = None) -> str:
    """Compile knowledge files; returns what was done in one line. Raises KnowledgeError with every problem."""
    from lien.catalog.compile import digest_of_files, load, write  # noqa: PLC0415  # imports YAML and the schema validator

    root = _sources(sources)
    knowledge = load(root)
    target = output or bundled_file()
    write(knowledge, target, files_digest=digest_of_files(root))
    return f"{len(knowledge.licenses)} licences, {len(knowledge.artifacts)} artifacts, digest {knowledge.digest()[:12]}"


def validate_catalog(sources: Path | None = None) -> str:
    """Check knowledge files; returns the counts in one line. Raises KnowledgeError with every problem."""
    from lien.catalog.compile import load  # noqa: PLC0415

    knowledge = load(_sources(sources))
    return f"{len(knowledge.licenses)} licences, {len(knowledge.artifacts)} artifacts: no problem found"
