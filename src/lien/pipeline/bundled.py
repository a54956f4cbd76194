"""SBOMs inside installed wheels (PEP 770): what a package carries in itself and no metadata field names.

They stand in `NAME-VERSION.dist-info/sboms/` and speak of what is in the wheel, so what they list is bundled in
that package, and what they say of their subject is said of it.
"""

import logging
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from itertools import islice
from pathlib import Path

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Subject, UnresolvedReference
from lien.pipeline.reading import Coverage, Problem
from lien.readers import READERS
from lien.sources.tree import Tree
from lien.vocabulary.ids import without_version
from lien.vocabulary.relations import Relation

__all__ = ["bundled_facts"]

_log = logging.getLogger(__name__)
_PYPI = "package:pypi/"
_FORMATS = ("cyclonedx", "spdx")
_MAX_BOMS = 100
"""SBOMs of one package; wheels carry one or two."""


def bundled_facts(
    site_packages: Iterable[Path], fragments: Sequence[Fragment], root: Path, coverage: Coverage, texts: MutableMapping[str, str]
) -> Iterator[Fragment]:
    """What the SBOMs of installed packages say, for the packages that the fragments name at their installed version.

    Files in the tree below `root` are evidence by their path, others by the package's name. What cannot be read is
    noted in `coverage`: nobody who audits a product owes the SBOM of a package.
    """
    named = {one.id for one in fragments if isinstance(one, ArtifactSeen) and one.id.startswith(_PYPI)}
    seen: set[str] = set()
    for site in site_packages:
        for folder in sorted(site.glob("*.dist-info/sboms")):
            package = _package(folder.parent.name, named)
            if package is not None and package not in seen:
                seen.add(package)
                yield from _of_package(folder.parent, package, root.resolve(), coverage, texts)


def _package(folder: str, named: set[str]) -> str | None:
    """The id of the graph for the package of a `NAME-VERSION.dist-info`; None if it has none at this version."""
    from packaging.utils import canonicalize_name  # noqa: PLC0415  # only where a wheel has an SBOM

    name, _, version = folder.removesuffix(".dist-info").partition("-")
    bare = f"{_PYPI}{canonicalize_name(name)}"
    exact = sorted(
        one for one in named if without_version(one) == bare and one[len(bare) + 1 :].partition("+")[0] == version.partition("+")[0]
    )
    return exact[0] if exact else bare if bare in named else None


def _of_package(folder: Path, package: str, root: Path, coverage: Coverage, texts: MutableMapping[str, str]) -> Iterator[Fragment]:
    tree = Tree(folder)
    paths = [path for path in tree.walk() if path.startswith("sboms/")]
    inside = root in folder.resolve().parents
    for path in islice(paths, _MAX_BOMS):
        shown = f"{folder.resolve().relative_to(root).as_posix()}/{path}" if inside else f"{folder.name}/{path}"
        readers = [one for one in READERS if one.name.startswith(_FORMATS) and one.claims(f"{folder.name}/{path}")]
        found: list[Fragment] = []
        try:
            source = tree.read(path, limit=max((one.max_bytes for one in readers), default=0)) if readers else None
            for reader in readers:
                if source is not None and reader.accepts(source.head(4096)):
                    found.extend(reader.read(source))
        except InputError as error:
            coverage.unread.append(Problem(shown, error.line, error.message))
            source = None
        if source is not None and found:
            coverage.read.append(shown)
            if inside:
                texts[shown] = source.text
        label = None if inside else f"installed: {shown}"
        _log.debug("%s: %d facts of %s", shown, len(found), package)
        for one in found:
            yield from _attached(one, package, shown if inside else None, label)
    if len(paths) > _MAX_BOMS:
        coverage.skipped.append((f"{folder.name}/sboms", f"holds more than {_MAX_BOMS} SBOMs; the first were read"))


def _attached(one: Fragment, package: str, path: str | None, label: str | None) -> Iterator[Fragment]:
    """A fact of a wheel's SBOM: its product is the package, and what that one has, the package bundles."""

    def placed(evidence: Evidence) -> Evidence:
        return evidence._replace(path=path, source=evidence.source or label)

    def named(identifier: str) -> str:
        return package if identifier == PRODUCT else identifier

    match one:
        case Subject() | ArtifactSeen(id="product"):
            return
        case ArtifactSeen():
            yield one._replace(evidence=placed(one.evidence))
        case RelationSeen():
            type_ = Relation.BUNDLES if one.downstream == PRODUCT and one.type is Relation.DEPENDS_ON else one.type
            yield one._replace(downstream=named(one.downstream), type=type_, upstream=named(one.upstream), evidence=placed(one.evidence))
        case LicenseClaim():
            yield one._replace(artifact=named(one.artifact), evidence=placed(one.evidence))
        case UnresolvedReference():
            yield one._replace(downstream=named(one.downstream), evidence=placed(one.evidence))
