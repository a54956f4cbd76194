"""Which artifact an SPDX package is: by its purl, else by where it is downloaded, else by its name."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from lien.readers._bom_ids import hub_owner, hub_repository, identify, split_purl
from lien.readers._bom_values import Json, new_tuple, text
from lien.vocabulary.ids import dataset_id, model_id, package_id
from lien.vocabulary.kinds import Kind

__all__ = ["PackageIdentity", "agent_name", "identity_of", "kind_of_purpose", "publisher_of"]

_TYPES = {Kind.MODEL: "machine-learning-model", Kind.DATASET: "data", Kind.IMAGE: "container"}
_PURPOSES = {"model": Kind.MODEL, "data": Kind.DATASET, "container": Kind.IMAGE}
_LEARNED = (Kind.MODEL, Kind.DATASET)
_REGISTRIES = (
    ("pypi", re.compile(r"https?://(?:www\.)?pypi\.org/project/([\w.-]+)(?:/([\w.+!-]+))?", re.IGNORECASE | re.ASCII)),
    ("npm", re.compile(r"https?://(?:www\.)?npmjs\.com/package/((?:@[\w.-]+/)?[\w.-]+)(?:/v/([\w.+-]+))?", re.IGNORECASE | re.ASCII)),
    (
        "npm",
        re.compile(r"https?://registry\.npmjs\.org/((?:@[\w.-]+/)?[\w.-]+)(?:/-/[\w.-]+?-(\d[\w.+-]*)\.tgz)?", re.IGNORECASE | re.ASCII),
    ),
)
_AGENT = re.compile(r"(?:organi[sz]ation|person|tool)\s*:\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*\([^()]*\)\s*$")
_NOTHING = frozenset({"noassertion", "none", ""})


class PackageIdentity(NamedTuple):
    """What a package is: its id and kind, and the name, version and purl that go with them."""

    id: str
    kind: Kind
    name: str
    version: str | None
    purl: str | None


def kind_of_purpose(purpose: object) -> Kind | None:
    """The kind that a primary purpose says, of SPDX 2.3 or 3; None if it says nothing of models, data or images."""
    return _PURPOSES.get(purpose.lower()) if isinstance(purpose, str) else None


def identity_of(
    name: str, kind: Kind | None, *, version: str | None = None, purls: Iterable[str] = (), places: Iterable[str | None] = ()
) -> PackageIdentity:
    """The artifact that a package is. `places` are addresses that it is downloaded from.

    A purl decides; then a page of the Hugging Face Hub or of a package registry; then the name. A name
    with blanks or slips cannot mislead where an address tells which release of which package it is.
    """
    # `identify` looks closer; a large document has a purl for each package.
    purl = next((one for one in purls if one.startswith("pkg:") or split_purl(one) is not None), None)
    if purl is None:
        for place in places:
            found = _placed(place, name, kind, version) if place else None
            if found is not None:
                return found
    component: Json = {"version": version, "purl": purl}
    known = identify(component, name, "library" if kind is None else _TYPES[kind])
    if known is None:  # only a package without a name has no identity, and callers give one
        return PackageIdentity(package_id("generic", name, version), Kind.PACKAGE, name, version, None)
    identifier, found_kind, found_purl, found_version = known
    return new_tuple(PackageIdentity, (identifier, found_kind, name, found_version, found_purl))


def _placed(place: str, name: str, kind: Kind | None, version: str | None) -> PackageIdentity | None:
    """The artifact that an address names, unless it is of another kind than the package."""
    place = place.strip().removeprefix("git+")
    repository = hub_repository(place)
    if repository is not None and (kind is repository[0] or kind not in _LEARNED):
        hub_kind, hub_name = repository
        return PackageIdentity(model_id(hub_name) if hub_kind is Kind.MODEL else dataset_id(hub_name), hub_kind, name, version, None)
    if kind in _LEARNED:
        return None
    for ecosystem, pattern in _REGISTRIES:
        match = pattern.match(place)
        if match is not None:
            found = version or match[2]
            # The address says which package this is, even where the name is a slip of whoever wrote it.
            own = name if _same_name(name, match[1]) else match[1]
            return PackageIdentity(package_id(ecosystem, match[1], found), Kind.PACKAGE, own, found, None)
    return None


def _same_name(one: str, other: str) -> bool:
    return re.sub(r"[-_.]+", "-", one.lower()) == re.sub(r"[-_.]+", "-", other.lower())


def agent_name(value: object) -> str | None:
    """The name of a supplier or originator: `Organization: Acme (mail@acme.example)` is Acme."""
    name = text(value)
    if name is None:
        return None
    name = _ADDRESS.sub("", _AGENT.sub("", name, count=1)).strip()
    return None if name.lower() in _NOTHING else name


def publisher_of(identity: PackageIdentity, agents: Iterable[object]) -> str | None:
    """Who published a model or dataset, in lower case: the namespace on the Hub, else the first agent that is named."""
    if identity.kind not in _LEARNED:
        return None
    owner = hub_owner(identity.id)
    if owner is not None:
        return owner
    return next((name.lower() for name in map(agent_name, agents) if name), None)
