"""What lien offers to programs: the command line is its first user."""

from pathlib import Path

from lien.catalog.store import Catalog, bundled_file, bundled_sources
from lien.errors import UsageError

__all__ = ["Catalog", "build_catalog", "validate_catalog"]


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
