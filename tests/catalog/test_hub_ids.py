"""Every licence id of the Hub (`license:` of a card) means an entry, a set of candidates, or on purpose nothing."""

import re

import pytest

from lien.api import Catalog
from lien.graph.fragments import Evidence, LicenseClaim
from lien.resolvers.licenses import LicenseResolver, Standing, Use
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

BUNDLED = Catalog.bundled()


def _listed_only(identifier: str) -> bool:
    license_ = BUNDLED.license(identifier)
    return license_ is not None and license_.is_listed_only


# fmt: off
SAME = [
    "apache-2.0", "mit", "bigscience-openrail-m", "creativeml-openrail-m", "bigscience-bloom-rail-1.0", "bigcode-openrail-m",
    "afl-3.0", "artistic-2.0", "bsl-1.0", "bsd-2-clause", "bsd-3-clause", "bsd-3-clause-clear", "cc0-1.0", "cc-by-2.0",
    "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0",
    "cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0",
    "cdla-sharing-1.0", "cdla-permissive-1.0", "cdla-permissive-2.0", "wtfpl", "ecl-2.0", "epl-1.0", "epl-2.0", "etalab-2.0",
    "eupl-1.1", "eupl-1.2", "agpl-3.0", "gpl-2.0", "gpl-3.0", "lgpl-2.1", "lgpl-3.0", "isc", "h-research", "intel-research",
    "lppl-1.3c", "ms-pl", "apple-ascl", "apple-amlr", "mpl-2.0", "openmdw-1.0", "openmdw-1.1", "osl-3.0", "postgresql", "ofl-1.1",
    "ncsa", "unlicense", "zlib", "tii-falcon-llm",
]
# fmt: on
ENTRIES = {one: one for one in SAME} | {
    "c-uda": "c-uda-1.0",
    "odc-by": "odc-by-1.0",
    "odbl": "odbl-1.0",
    "pddl": "pddl-1.0",
    "lgpl-lr": "lgpllr",
    "openrail++": "creativeml-openrail++-m",
    "deepfloyd-if-license": "deepfloyd-if",
    "open-mdw": "openmdw-1.0",
    "llama2": "llama-2",
    "llama3": "llama-3",
    "llama3.1": "llama-3.1",
    "llama3.2": "llama-3.2",
    "llama3.3": "llama-3.3",
    "llama4": "llama-4",
    "grok2-community": "grok-2-community",
    # What every version says is encoded for the name without one.
    "bsd": "bsd-unversioned",
    "openrail": "openrail-unversioned",
    "gpl": "gpl-unversioned",
    "lgpl": "lgpl-unversioned",
}
VERSIONS = {"gemma": "gemma", "fair-noncommercial-research-license": "fair-noncommercial-research"}
"""Ids of a text that changed under one name: the day tells the version."""
FAMILIES = {
    "cc": {"cc0-1.0", *(one for one in map(str, BUNDLED.license_ids()) if re.match(r"cc-by.*\d", one) and not _listed_only(one))},
    "gfdl": {"gfdl-1.2", "gfdl-1.3"},
}
NOTHING = {"other": Standing.UNREAD, "unknown": Standing.NONE}
ALL = [*ENTRIES, *VERSIONS, *FAMILIES, *NOTHING]


def meaning(hub_id: str) -> Use:
    """What the resolver makes of the id on a model's card, no day being known."""
    claim = LicenseClaim("model:somebody/some", hub_id, Scheme.HUGGING_FACE, Evidence())
    (resolved,) = LicenseResolver(BUNDLED).resolve([claim], Kind.MODEL, day=None)
    ((use,),) = resolved.branches
    return use


def test_the_list() -> None:
    """83 ids today and 2 withdrawn ones (FORMATS 1.5)."""
    assert len(ALL) == len(set(ALL)) == 85


@pytest.mark.parametrize("hub_id", sorted(ENTRIES))
def test_an_id_of_one_text(hub_id: str) -> None:
    assert [one.id for one in BUNDLED.named(Scheme.HUGGING_FACE, hub_id)] == [ENTRIES[hub_id]]
    assert meaning(hub_id).standing in (Standing.ENCODED, Standing.BY_NAME)


@pytest.mark.parametrize("hub_id", sorted(VERSIONS))
def test_an_id_of_dated_versions(hub_id: str) -> None:
    found = BUNDLED.named(Scheme.HUGGING_FACE, hub_id)
    assert len(found) > 1
    assert {one.family for one in found} == {VERSIONS[hub_id]}
    assert "the newest version" in (meaning(hub_id).assumed or "")


@pytest.mark.parametrize("hub_id", sorted(FAMILIES))
def test_an_id_of_a_family(hub_id: str) -> None:
    use = meaning(hub_id)
    assert (use.standing, use.license) == (Standing.CANDIDATES, None)
    assert set(use.candidates) == FAMILIES[hub_id]


@pytest.mark.parametrize("hub_id", sorted(NOTHING))
def test_an_id_that_tells_nothing(hub_id: str) -> None:
    assert BUNDLED.named(Scheme.HUGGING_FACE, hub_id) == ()
    assert meaning(hub_id).standing is NOTHING[hub_id]


def test_a_name_means_its_text_whoever_writes_it() -> None:
    """`llama2` on a page that is not Meta's is still Llama 2's licence, as claimed."""
    assert meaning("llama2").license == BUNDLED.license("llama-2")


@pytest.mark.parametrize("hub_id", ["bsl-1.0", "llama3"])
def test_near_names_are_other_texts(hub_id: str) -> None:
    found = {one.id for one in BUNDLED.named(Scheme.HUGGING_FACE, hub_id)}
    assert not found & {"busl-1.1", "llama-3.1", "llama-3.2", "llama-3.3"}
