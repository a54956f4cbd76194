"""Looking things up: names fold per scheme, versions follow each other, overlays stand in front."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.api import Catalog
from lien.catalog.compile import compile_files, write
from lien.catalog.names import fold_name
from lien.vocabulary.licenses import Scheme

BUNDLED = Catalog.bundled()


def ids(scheme: Scheme, name: str) -> list[str]:
    return [one.id for one in BUNDLED.named(scheme, name)]


@pytest.mark.parametrize(
    ("scheme", "names", "folded"),
    [
        (Scheme.SPDX, ["MIT", "mit", " Mit\n"], "mit"),
        (Scheme.HUGGING_FACE, ["Apache-2.0", "apache-2.0"], "apache-2.0"),
        (Scheme.CLASSIFIER, ["License :: OSI Approved :: MIT License"], "license :: osi approved :: mit license"),
        (
            Scheme.FREE_TEXT,
            [
                "Apache License, Version 2.0",
                "The Apache Licence -  Version 2.0",
                "apache_license version 2.0".replace("_", " "),
                "“Apache License” (version 2.0)",
            ],
            "apache license version 2.0",
        ),
        (Scheme.LICENSE_NAME, ["Llama-2 Community License", "llama 2 community licence."], "llama 2 community license"),
        (
            Scheme.URL,
            [
                "https://www.apache.org/licenses/LICENSE-2.0.html",
                "http://apache.org/licenses/LICENSE-2.0",
                "https://apache.org/licenses/LICENSE-2.0.txt",
                "https://www.apache.org/licenses/LICENSE-2.0#redistribution",
                "https://www.apache.org/licenses/LICENSE-2.0/?x=1",
            ],
            "apache.org/licenses/license-2.0",
        ),
        (
            Scheme.URL,
            [
                "https://creativecommons.org/licenses/by-nc/4.0/",
                "https://creativecommons.org/licenses/by-nc/4.0",
                "http://creativecommons.org/licenses/by-nc/4.0/legalcode",
                "https://creativecommons.org/licenses/by-nc/4.0/deed.de",
                "https://creativecommons.org/licenses/by-nc/4.0/legalcode.txt",
            ],
            "creativecommons.org/licenses/by-nc/4.0",
        ),
    ],
)
def test_spellings_of_one_name_are_one(scheme: Scheme, names: list[str], folded: str) -> None:
    assert {fold_name(scheme, name) for name in names} == {folded}


@pytest.mark.parametrize(
    ("scheme", "one", "other"),
    [
        (Scheme.FREE_TEXT, "GPLv3", "GPLv3+"),
        (Scheme.FREE_TEXT, "Apache 1.1", "Apache 1 1"),
        (Scheme.FREE_TEXT, "CC BY 4.0", "CC BY-NC 4.0"),
        (Scheme.SPDX, "GPL-3.0", "GPL-3.0+"),
        (Scheme.SPDX, "MIT", "MIT-0"),
        (Scheme.SPDX, "Apache-2.0", "Apache 2.0"),
        (Scheme.URL, "https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/licenses/by/3.0/"),
        (Scheme.URL, "https://github.com/a/LICENSE", "https://github.com/b/LICENSE"),
        (Scheme.HUGGING_FACE, "llama2", "llama3"),
    ],
)
def test_what_tells_two_licences_apart_stays(scheme: Scheme, one: str, other: str) -> None:
    assert fold_name(scheme, one) != fold_name(scheme, other)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(Scheme), st.text(max_size=40))
def test_folding_twice_is_folding_once(scheme: Scheme, name: str) -> None:
    once = fold_name(scheme, name)
    assert fold_name(scheme, once) == once


def test_one_word_means_different_things_in_two_schemes() -> None:
    """DESIGN section 1: on the Hub `bsl-1.0` is Boost."""
    assert ids(Scheme.HUGGING_FACE, "bsl-1.0") == ids(Scheme.SPDX, "BSL-1.0") == ["bsl-1.0"]
    assert ids(Scheme.FREE_TEXT, "BSL 1.1") == ids(Scheme.SPDX, "BUSL-1.1") == ["busl-1.1"]
    assert "Boost" in BUNDLED.named(Scheme.HUGGING_FACE, "bsl-1.0")[0].name
    assert ids(Scheme.CLASSIFIER, "mit") == ids(Scheme.URL, "mit") == []


def test_an_ambiguous_name_gives_all_that_it_means() -> None:
    assert set(ids(Scheme.HUGGING_FACE, "gfdl")) >= {"gfdl-1.2", "gfdl-1.3"}
    assert ids(Scheme.HUGGING_FACE, "gemma") == sorted(ids(Scheme.HUGGING_FACE, "gemma"))


def test_every_name_of_every_licence_leads_to_it() -> None:
    for identifier in BUNDLED.license_ids():
        license_ = BUNDLED.license(identifier)
        assert license_ is not None
        assert license_.id == identifier
        assert ids(Scheme.LIEN, identifier) == [identifier]
        for scheme, names in license_.names.items():
            for name in names:
                assert identifier in ids(scheme, name)


def test_versions_of_a_family_come_in_the_order_of_their_dates() -> None:
    versions = BUNDLED.family("gemma")
    assert len(versions) >= 2
    assert [one.in_force_from for one in versions] == sorted(one.in_force_from for one in versions if one.in_force_from)
    assert BUNDLED.family("no-such-family") == ()


def test_what_is_not_there() -> None:
    assert BUNDLED.license("no-such-licence") is None
    assert BUNDLED.artifact("model:no/such") is None
    assert BUNDLED.canonical("model:no/such") == "model:no/such"
    assert BUNDLED.canonical("service:mistralai/codestral-latest") == "service:mistral/codestral-latest"
    assert BUNDLED.canonical("service:no-such/model") == "service:no-such/model"
    assert ids(Scheme.SPDX, "No-Such") == []


def test_aliases_lead_to_an_artifact_and_are_none() -> None:
    for identifier in list(BUNDLED.artifact_ids())[:200]:
        entry = BUNDLED.artifact(identifier)
        assert entry is not None
        assert BUNDLED.canonical(identifier) == identifier
        for alias in entry.get("aliases", ()):
            assert BUNDLED.canonical(alias) == identifier
            assert BUNDLED.artifact(alias) is None


def test_priming_changes_no_answer() -> None:
    asked = ["model:meta/llama-7b", "model:tatsu-lab/alpaca-7b", "package:pypi/torch", "model:no/such"]
    primed = Catalog.bundled()
    primed.prime(10_000)
    assert [primed.canonical(one) for one in asked] == [BUNDLED.canonical(one) for one in asked]
    assert [primed.artifact(one) for one in asked] == [BUNDLED.artifact(one) for one in asked]


# --- overlays ---------------------------------------------------------------------------------------


@pytest.fixture
def layer(tmp_path: Path) -> Callable[..., Catalog]:
    def make(*overlays: dict[str, str]) -> Catalog:
        layers = []
        for number, files in enumerate(overlays):
            paths = []
            for name, text in files.items():
                path = tmp_path / f"{number}" / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
                paths.append((path, name))
            connection = write(compile_files(paths, complete=False), None)
            assert connection is not None
            layers.append((f"overlay {number}", connection))
        return Catalog.bundled(overlays=layers)

    return make


TEXT = "text: {title: t, read: by-name}\nabout: [software]\n"
MIT = "id: mit\nname: ours\n" + TEXT


def test_overlays_are_asked_first_in_the_order_given(layer: Callable[..., Catalog]) -> None:
    catalog = layer({"mit.yaml": MIT}, {"mit.yaml": MIT.replace("ours", "theirs"), "isc.yaml": "id: isc\nname: theirs too\n" + TEXT})
    assert [getattr(catalog.license(one), "name", None) for one in ("mit", "isc")] == ["ours", "theirs too"]
    assert catalog.license("apache-2.0") == BUNDLED.license("apache-2.0")
    assert catalog.overlay_names == ("overlay 0", "overlay 1")
    assert catalog.digest == BUNDLED.digest
    # A name that the overlay does not state still means the licence, which is now the overlay's.
    assert [one.name for one in catalog.named(Scheme.SPDX, "MIT")] == ["ours"]
    assert [one.name for one in catalog.named(Scheme.LIEN, "mit")] == ["ours"]


def test_an_overlay_may_give_a_name_another_meaning(layer: Callable[..., Catalog]) -> None:
    catalog = layer({"house.yaml": "id: house\nname: House\nnames: {free-text: [MIT License]}\n" + TEXT})
    assert [one.id for one in catalog.named(Scheme.FREE_TEXT, "mit licence")] == ["house"]
    assert [one.id for one in catalog.named(Scheme.SPDX, "MIT")] == ["mit"]


def test_an_overlay_may_rename_an_artifact(layer: Callable[..., Catalog]) -> None:
    things = "sources: {s: {title: t}}\nartifacts:\n- {id: model:acme/ours, aliases: [model:meta/llama-7b, model:acme/old]}\n"
    for many in (1, 10_000):
        catalog = layer({"things.yaml": things})
        catalog.prime(many)
        assert catalog.canonical("model:acme/old") == "model:acme/ours"
        assert catalog.canonical("model:meta/llama-7b") == "model:acme/ours"
        assert (catalog.artifact("model:acme/ours") or {})["file"] == "things.yaml"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Non-Commercial", "statement-non-commercial"),
        ("for non-commercial research purposes only", "statement-non-commercial-research"),
    ],
)
def test_a_bare_statement_is_what_it_says_and_no_licence(said: str, meant: str) -> None:
    (found,) = Catalog.bundled().named(Scheme.FREE_TEXT, said)
    assert found.id == meant
    assert {term.word for term in found.terms} <= {"non-commercial", "research-only"}
