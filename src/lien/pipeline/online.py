"""What the network can add, when it is asked for: packages from their index, models and data sets from the Hub."""

import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from lien.catalog.store import Catalog
from lien.errors import NetworkError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.pipeline.gaps import undescribed
from lien.resolvers.hub import Hub, from_hub
from lien.resolvers.installed import installed_licenses
from lien.resolvers.package_index import resolve_requirements
from lien.vocabulary.ids import without_version
from lien.vocabulary.relations import Relation

__all__ = ["online_facts"]

_log = logging.getLogger(__name__)
_PYPI = "package:pypi/"
_INDEX = "package index"
_ROLES = frozenset({Role.DEFAULT, Role.OPTION})


def online_facts(fragments: Sequence[Fragment], catalog: Catalog, progress: Callable[[str], None]) -> list[Fragment]:
    """The closure of the product's Python requirements with their licences, and what the Hub tells of unknown models and data sets.

    A failure is an unresolved reference with its reason, never an error: the audit of what is here goes on.
    """
    return [*_packages(fragments, progress), *_from_hub(fragments, catalog, progress)]


# --- packages -----------------------------------------------------------------------------------------


def _packages(fragments: Sequence[Fragment], progress: Callable[[str], None]) -> list[Fragment]:
    wanted = dict(_requirements(fragments))
    if not wanted:
        return []
    ids: dict[str, set[str]] = {}
    for one in fragments:
        if isinstance(one, ArtifactSeen) and one.id.startswith(_PYPI):
            ids.setdefault(without_version(one.id).removeprefix(_PYPI), set()).add(one.id)
    with tempfile.TemporaryDirectory() as scratch:
        resolved = resolve_requirements(sorted(wanted), Path(scratch), progress)
        found = list(
            installed_licenses(
                [resolved.site_packages],
                {name: sorted(of) for name, of in ids.items()},
                root=None,
                transitive=True,
                label=_INDEX,
                extras=_extras(wanted),
            )
        )
    for what, reason in sorted(resolved.problems):
        evidence = wanted.get(what) or Evidence(None, None, None, what, _INDEX, source=f"the {_INDEX}")
        found.append(UnresolvedReference(PRODUCT, what, f"the {_INDEX} gives no answer: {reason}", evidence))
    return _without_known(found, fragments)


def _requirements(fragments: Iterable[Fragment]) -> Iterator[tuple[str, Evidence]]:
    """The product's own requirements as PEP 508 texts, each with a place where it stands; addresses and paths are no business of an index."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415  # only here

    for one in fragments:
        if not (
            isinstance(one, RelationSeen)
            and one.downstream == PRODUCT
            and one.type is Relation.DEPENDS_ON
            and one.role in _ROLES
            and one.upstream.startswith(_PYPI)
        ):
            continue
        name = without_version(one.upstream).removeprefix(_PYPI)
        version = one.upstream.rpartition("@")[2] if one.upstream != without_version(one.upstream) else ""
        text = f"{name}=={version}" if version else name
        try:
            written = Requirement((one.evidence.as_written or "").partition("--")[0].partition(" #")[0].strip())
        except (InvalidRequirement, RecursionError):
            written = None
        if written is not None and written.url:
            continue
        if written is not None and not version:
            extras = f"[{','.join(sorted(written.extras))}]" if written.extras else ""
            text = f"{name}{extras}{written.specifier}" + (f" ; {written.marker}" if written.marker else "")
        yield text, one.evidence


def _extras(requirements: Iterable[str]) -> dict[str, set[str]]:
    """The extras that requirements ask for, by the name of the package."""
    from packaging.requirements import Requirement  # noqa: PLC0415  # only here
    from packaging.utils import canonicalize_name  # noqa: PLC0415  # only here

    found: dict[str, set[str]] = {}
    for one in map(Requirement, requirements):
        found.setdefault(canonicalize_name(one.name), set()).update(map(canonicalize_name, one.extras))
    return found


def _without_known(found: Iterable[Fragment], fragments: Sequence[Fragment]) -> list[Fragment]:
    """What the index says of a licence counts where nobody nearer has said one: an environment, a BOM."""
    claimed = {one.artifact for one in fragments if isinstance(one, LicenseClaim)}
    return [one for one in found if not (isinstance(one, LicenseClaim) and one.artifact in claimed)]


# --- the Hub ------------------------------------------------------------------------------------------


def _from_hub(fragments: Sequence[Fragment], catalog: Catalog, progress: Callable[[str], None]) -> list[Fragment]:
    wanted, is_known = undescribed(fragments, catalog)
    if not wanted:
        return []
    try:
        return list(from_hub(Hub.of_environment(), wanted, is_known, progress))
    except NetworkError as error:
        _log.debug("no Hub: %s", error)
        evidence = Evidence(None, None, None, None, "hub-api", source="the Hugging Face Hub")
        return [UnresolvedReference(PRODUCT, f"{len(wanted)} models and data sets", f"could not be looked up: {error}", evidence)]
