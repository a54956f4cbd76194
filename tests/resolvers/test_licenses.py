"""From what somebody wrote to licences: versions by date, expressions, ambiguous names, and nothing that is guessed."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.api import Catalog
from lien.catalog.compile import compile_files, write
from lien.graph.fragments import CustomText, Evidence, LicenseClaim
from lien.resolvers.licenses import LicenseResolver, ResolvedClaim, Standing, Use
from lien.vocabulary.expressions import alternatives
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from scenarios import PRODUCT, Report, Scene

TEXT = "about: [model]\ntext: {title: t, read: whole, on: 2026-01-01}\n"
KNOWLEDGE = {
    "tide-1": "id: tide-1\nname: Tide 1\nfamily: tide\nin_force: {from: 2023-01-01}\nnames: {hugging-face: [tide], free-text: [Tide Licence]}\n" + TEXT,
    "tide-2": "id: tide-2\nname: Tide 2\nfamily: tide\nin_force: {from: 2024-01-01}\nnames: {hugging-face: [tide], free-text: [Tide Licence]}\n" + TEXT,
    "tide-3": "id: tide-3\nname: Tide 3\nfamily: tide\nin_force: {from: 2025-01-01}\nnames: {hugging-face: [tide]}\n" + TEXT,
    "rock-1": "id: rock-1\nname: Rock 1\nnames: {spdx: [Rock-1.0], free-text: [Rock Licence]}\n" + TEXT,
    "rock-2": "id: rock-2\nname: Rock 2\nnames: {free-text: [Rock Licence]}\nabout: [model]\ntext: {title: t, read: by-name}\n",
    "late": "id: late\nname: Late\nin_force: {from: 2025-06-01}\nnames: {spdx: [Late-1.0]}\n" + TEXT,
}  # fmt: skip


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("legal")
    for name, text in KNOWLEDGE.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    connection = write(compile_files([(folder / f"{name}.yaml", f"{name}.yaml") for name in KNOWLEDGE], complete=False), None)
    assert connection is not None
    return Catalog.bundled(overlays=[("fiction", connection)])


def claimed(text: str, scheme: Scheme = Scheme.SPDX, date: dt.date | None = None) -> LicenseClaim:
    return LicenseClaim("model:acme/chat", text, scheme, Evidence("card.md", 1, reader="test"), said_by="card.md", date=date)


def resolve(
    catalog: Catalog, *claims: LicenseClaim, kind: Kind = Kind.PACKAGE, day: str | None = None, day_is: str = ""
) -> tuple[ResolvedClaim, ...]:
    return LicenseResolver(catalog).resolve(claims, kind, day=dt.date.fromisoformat(day) if day else None, day_is=day_is)


def use(catalog: Catalog, text: str, scheme: Scheme = Scheme.SPDX, **more: Any) -> Use:  # noqa: ANN401  # keywords of resolve()
    """The one licence of one claim."""
    (resolved,) = resolve(catalog, claimed(text, scheme), **more)
    ((found,),) = resolved.branches
    return found


def names(catalog: Catalog, text: str, scheme: Scheme = Scheme.SPDX) -> list[list[str]]:
    """Branches of OR, each the ids that AND unites; `?NAME` for what no text stands behind."""
    (resolved,) = resolve(catalog, claimed(text, scheme))
    return [[one.license.id if one.license else f"?{one.name}" for one in branch] for branch in resolved.branches]


# --- versions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "version", "assumed"),
    [
        ("2024-06-01", "tide-2", "tide-2: the version in force on 2024-06-01 (its release)"),
        ("2024-01-01", "tide-2", "tide-2: the version in force on 2024-01-01 (its release)"),
        ("2023-12-31", "tide-1", "tide-1: the version in force on 2023-12-31 (its release)"),
        ("2026-01-01", "tide-3", "tide-3: the version in force on 2026-01-01 (its release)"),
        ("2022-06-01", "tide-1", "the oldest version known (tide-1) is later than its release (2022-06-01), and is assumed"),
        (None, "tide-3", "no date is known, so the newest version (tide-3) is assumed"),
    ],
)
def test_a_moving_name_means_the_version_of_the_day(catalog: Catalog, day: str | None, version: str, assumed: str) -> None:
    found = use(catalog, "tide", Scheme.HUGGING_FACE, day=day, day_is="its release")
    assert (found.license and found.license.id, found.standing, found.assumed) == (version, Standing.ENCODED, assumed)


def test_a_name_of_some_versions_means_only_those(catalog: Catalog) -> None:
    found = use(catalog, "Tide License", Scheme.FREE_TEXT, day="2026-01-01")
    assert (found.license and found.license.id) == "tide-2"


def test_an_id_of_the_catalogue_is_one_version_whatever_the_day(catalog: Catalog) -> None:
    found = use(catalog, "tide-3", Scheme.LIEN)
    assert (found.license and found.license.id, found.assumed) == ("tide-3", None)
    assert use(catalog, "rock-1.0").assumed is None


def test_a_text_younger_than_its_use_is_said(catalog: Catalog) -> None:
    found = use(catalog, "Late-1.0", day="2024-01-01", day_is="when it was used")
    assert found.license
    assert found.assumed == "the oldest version known (late) is later than when it was used (2024-01-01), and is assumed"
    assert use(catalog, "Late-1.0", day="2025-06-01").assumed is None


@pytest.mark.parametrize(("day", "version"), [("2023-05-05", "tide-1"), ("2024-05-05", "tide-2"), (None, "tide-3")])
def test_several_versions_are_one_claim_with_a_history(catalog: Catalog, day: str | None, version: str) -> None:
    """Terms of service: the catalogue lists each version, and one of them held on the day."""
    history = [claimed(one, Scheme.LIEN) for one in ("tide-2", "tide-1", "tide-3")]
    (kept,) = resolve(catalog, *history, day=day)
    ((found,),) = kept.branches
    assert found.license
    assert (found.license.id, found.license.id in (found.assumed or "")) == (version, True)
    assert len(resolve(catalog, *history, claimed("MIT"), claimed("rock-1", Scheme.LIEN), day=day)) == 3


@settings(max_examples=60, deadline=None)
@given(st.permutations(["tide-1", "tide-2", "tide-3"]), st.dates(dt.date(2022, 1, 1), dt.date(2026, 12, 31)))
def test_the_order_of_a_history_changes_nothing(catalog: Catalog, order: list[str], day: dt.date) -> None:
    (kept,) = resolve(catalog, *(claimed(one, Scheme.LIEN) for one in order), day=day.isoformat())
    assert (
        kept.branches == resolve(catalog, claimed("tide", Scheme.HUGGING_FACE), day=day.isoformat())[0].branches
        or kept.claim.text == kept.branches[0][0].name
    )


def test_a_claim_with_its_own_day_does_not_borrow_the_name_of_another(catalog: Catalog) -> None:
    (resolved,) = resolve(catalog, claimed("tide", Scheme.HUGGING_FACE, dt.date(2023, 6, 1)), day=None, day_is="its release")
    ((found,),) = resolved.branches
    assert found.license
    assert (found.license.id, found.assumed) == ("tide-1", "tide-1: the version in force on 2023-06-01 (the date told)")


def test_the_day_of_a_relation_goes_before_that_of_a_claim(catalog: Catalog) -> None:
    """DESIGN section 3: a relation may carry a date; the version in force that day applies."""
    (resolved,) = resolve(catalog, claimed("tide", Scheme.HUGGING_FACE, dt.date(2023, 6, 1)), day="2025-06-01", day_is="when it was used")
    assert [one.license.id for branch in resolved.branches for one in branch if one.license] == ["tide-3"]


# --- expressions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIT", [["mit"]]),
        ("(MIT)", [["mit"]]),
        ("mit", [["mit"]]),
        ("MIT OR Apache-2.0", [["mit"], ["apache-2.0"]]),
        ("Apache-2.0 OR MIT", [["apache-2.0"], ["mit"]]),
        ("MIT AND BSD-3-Clause", [["mit", "bsd-3-clause"]]),
        ("MIT OR Apache-2.0 AND BSD-3-Clause", [["mit"], ["apache-2.0", "bsd-3-clause"]]),
        ("(MIT OR Apache-2.0) AND BSD-3-Clause", [["mit", "bsd-3-clause"], ["apache-2.0", "bsd-3-clause"]]),
        ("(MIT OR Apache-2.0) AND (ISC OR Zlib)", [["mit", "isc"], ["mit", "zlib"], ["apache-2.0", "isc"], ["apache-2.0", "zlib"]]),
        ("mit or apache-2.0", [["mit"], ["apache-2.0"]]),
        ("Apache-2.0+", [["apache-2.0"]]),
        ("GPL-3.0-or-later", [["gpl-3.0"]]),
        ("MIT OR LicenseRef-Commercial", [["mit"], ["?LicenseRef-Commercial"]]),
        ("MIT AND NOASSERTION", [["mit", "?NOASSERTION"]]),
        ("DocumentRef-x:LicenseRef-y", [["?DocumentRef-x:LicenseRef-y"]]),
        ("MIT OR", [["?MIT OR"]]),
        ("MIT Apache-2.0", [["?MIT Apache-2.0"]]),
        ("MIT/Apache-2.0", [["?MIT/Apache-2.0"]]),
        ("(MIT", [["?(MIT"]]),
    ],
)
def test_spdx_expressions(catalog: Catalog, text: str, expected: list[list[str]]) -> None:
    assert names(catalog, text) == expected


def test_an_exception_that_was_not_read_is_said(catalog: Catalog) -> None:
    found = use(catalog, "GPL-3.0-only WITH Some-exception-1.0")
    assert found.license
    assert (found.license.id, found.name) == ("gpl-3.0", "GPL-3.0-only WITH Some-exception-1.0")
    assert found.assumed == "the exception Some-exception-1.0 was not read; it may lift terms of GPL-3.0-only"
    assert names(catalog, "MIT OR GPL-3.0-only WITH Some-exception-1.0") == [["mit"], ["gpl-3.0"]]
    assert names(catalog, "No-Such WITH Some-exception-1.0") == [["?No-Such WITH Some-exception-1.0"]]


def test_an_expression_that_multiplies_is_no_expression(catalog: Catalog) -> None:
    assert len(names(catalog, " AND ".join(["(MIT OR ISC)"] * 6))) == 64
    huge = " AND ".join(["(MIT OR ISC)"] * 40)
    assert names(catalog, huge) == [[f"?{huge}"]]
    deep = "(" * 5000 + "MIT" + ")" * 5000
    assert names(catalog, deep) in ([["mit"]], [[f"?{deep}"]])


_names = st.sampled_from(["MIT", "ISC", "Apache-2.0", "LicenseRef-x"])
_expressions = st.recursive(
    _names,
    lambda below: st.builds(lambda left, word, right: f"({left} {word} {right})", below, st.sampled_from(["AND", "OR"]), below),
    max_leaves=5,
)


def meaning(text: str) -> set[frozenset[str]]:
    """Written from SPDX 2.3 annex D: a disjunction of conjunctions, by hand."""
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()

    def either() -> list[frozenset[str]]:
        found = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            found = found + both()
        return found

    def both() -> list[frozenset[str]]:
        found = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            right = one()
            found = [left | other for left in found for other in right]
        return found

    def one() -> list[frozenset[str]]:
        token = tokens.pop(0)
        if token != "(":  # noqa: S105  # a bracket
            return [frozenset({token})]
        found = either()
        tokens.pop(0)
        return found

    return set(either())


@settings(max_examples=80, deadline=None)
@given(_expressions)
def test_branches_mean_what_the_expression_means(text: str) -> None:
    found = alternatives(text)
    assert found is not None
    assert {frozenset(map(str, branch)) for branch in found} == meaning(text)


@settings(max_examples=40, deadline=None)
@given(st.lists(_names, min_size=2, max_size=6), st.sampled_from(["AND", "OR"]))
def test_what_is_flat_means_what_the_parser_makes_of_it(names_: list[str], operator: str) -> None:
    text = f" {operator} ".join(names_)
    assert alternatives(text) == alternatives(f"({text})")


# --- schemes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "scheme", "kind", "expected"),
    [
        ("bsl-1.0", Scheme.HUGGING_FACE, Kind.MODEL, "bsl-1.0"),
        ("BSL-1.0", Scheme.SPDX, Kind.PACKAGE, "bsl-1.0"),
        ("BSL 1.1", Scheme.FREE_TEXT, Kind.PACKAGE, "busl-1.1"),
        ("Business Source License", Scheme.FREE_TEXT, Kind.PACKAGE, "busl-1.1"),
        ("Boost Software License", Scheme.FREE_TEXT, Kind.PACKAGE, "bsl-1.0"),
        ("llama2", Scheme.HUGGING_FACE, Kind.MODEL, "llama-2"),
        ("llama2", Scheme.SPDX, Kind.MODEL, "llama-2"),  # BOMs of models put Hub ids where SPDX ids belong
        ("llama2", Scheme.SPDX, Kind.PACKAGE, None),
        ("MIT License", Scheme.SPDX, Kind.PACKAGE, None),
        ("MIT License", Scheme.FREE_TEXT, Kind.PACKAGE, "mit"),
        ("MIT", Scheme.FREE_TEXT, Kind.PACKAGE, "mit"),
        ("mit", Scheme.CLASSIFIER, Kind.PACKAGE, None),
        ("License :: OSI Approved :: MIT License", Scheme.CLASSIFIER, Kind.PACKAGE, "mit"),
        ("https://opensource.org/licenses/MIT", Scheme.URL, Kind.PACKAGE, "mit"),
        ("https://opensource.org/licenses/MIT", Scheme.FREE_TEXT, Kind.PACKAGE, "mit"),
        ("mit", Scheme.LIEN, Kind.PACKAGE, "mit"),
        ("MIT", Scheme.FILE, Kind.PACKAGE, None),
        ("other", Scheme.HUGGING_FACE, Kind.MODEL, None),
    ],
)
def test_a_name_means_what_its_scheme_says(catalog: Catalog, text: str, scheme: Scheme, kind: Kind, expected: str | None) -> None:
    found = use(catalog, text, scheme, kind=kind)
    assert (found.license.id if found.license else None) == expected
    assert (found.standing is Standing.UNREAD) is (expected is None)


@pytest.mark.parametrize("text", ["BSL-1.0", "bsl 1.0", "BSL"])
def test_in_free_text_bsl_is_not_simply_boost(catalog: Catalog, text: str) -> None:
    """DESIGN section 1: on the Hub `bsl-1.0` is Boost, in free text Business Source."""
    found = use(catalog, text, Scheme.FREE_TEXT)
    assert found.license is None or found.license.id == "busl-1.1"


@pytest.mark.parametrize("scheme", [Scheme.SPDX, Scheme.HUGGING_FACE, Scheme.FREE_TEXT, Scheme.LICENSE_NAME, Scheme.URL])
@pytest.mark.parametrize("text", ["", "  ", "NONE", "NOASSERTION", "noassertion", "unknown", "N/A", "Not specified"])
def test_words_for_nothing(catalog: Catalog, text: str, scheme: Scheme) -> None:
    (resolved,) = resolve(catalog, claimed(text, scheme))
    assert resolved.is_nothing
    assert [one.standing for branch in resolved.branches for one in branch] == [Standing.NONE]


def test_an_ambiguous_name_gives_candidates_and_no_guess(catalog: Catalog) -> None:
    found = use(catalog, "Rock License", Scheme.FREE_TEXT)
    assert (found.standing, found.license, found.candidates) == (Standing.CANDIDATES, None, ("rock-1", "rock-2"))


def test_a_text_known_by_name_has_no_terms(catalog: Catalog) -> None:
    found = use(catalog, "rock-2", Scheme.LIEN)
    assert found.license
    assert (found.standing, found.license.terms) == (Standing.BY_NAME, ())


@pytest.mark.parametrize(
    "text",
    [
        "Licensed under the terms of our contract and nothing else",
        "see LICENSE",
        "Copyright (c) 2024 Acme. All rights reserved.\n\nNo use.",
        "x" * 10_000,
    ],
)
def test_a_whole_text_is_one_text(catalog: Catalog, text: str) -> None:
    found = use(catalog, text, Scheme.FREE_TEXT)
    assert (found.standing, found.name) == (Standing.UNREAD, text)


MIT = (Path(__file__).parent.parent / "data" / "license_file" / "MIT.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("expression", "custom", "expected"),
    [
        ("LicenseRef-a", [("LicenseRef-a", "Rock Licence", Scheme.LICENSE_NAME)], [["?LicenseRef-a"]]),
        ("LicenseRef-a", [("LicenseRef-a", "Tide Licence", Scheme.LICENSE_NAME)], [["tide-2"]]),
        ("LicenseRef-a AND Rock-1.0", [("LicenseRef-A", MIT, Scheme.FILE)], [["mit", "rock-1"]]),
        ("Rock-1.0 OR LicenseRef-a", [("LicenseRef-b", MIT, Scheme.FILE)], [["rock-1"], ["?LicenseRef-a"]]),
        (
            "LicenseRef-a AND LicenseRef-b",
            [
                ("LicenseRef-a", "no known text at all", Scheme.FILE),
                ("LicenseRef-a", "https://opensource.org/licenses/MIT", Scheme.URL),
                ("LicenseRef-b", "our own terms", Scheme.FREE_TEXT),
            ],
            [["mit", "?LicenseRef-b"]],
        ),
        # What everybody knows by its name is not what one input says that it is.
        ("Rock-1.0", [("Rock-1.0", MIT, Scheme.FILE)], [["rock-1"]]),
    ],
)
def test_what_a_custom_name_of_an_expression_stands_for(
    catalog: Catalog, expression: str, custom: list[tuple[str, str, Scheme]], expected: list[list[str]]
) -> None:
    claim = claimed(expression)._replace(custom=tuple(CustomText(*one) for one in custom))
    (resolved,) = resolve(catalog, claim)
    assert [[one.license.id if one.license else f"?{one.name}" for one in branch] for branch in resolved.branches] == expected


def test_one_name_of_two_documents_stands_for_two_texts(catalog: Catalog) -> None:
    told = [claimed("LicenseRef-1")._replace(custom=(CustomText("LicenseRef-1", text, Scheme.FILE),)) for text in (MIT, "other terms")]
    assert [one.branches[0][0].standing for one in resolve(catalog, *told)] == [Standing.ENCODED, Standing.UNREAD]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.sampled_from(Scheme), st.sampled_from(Kind))
def test_any_text_is_resolved_to_something(catalog: Catalog, text: str, scheme: Scheme, kind: Kind) -> None:
    (resolved,) = resolve(catalog, claimed(text, scheme), kind=kind)
    assert resolved.branches
    assert all(branch for branch in resolved.branches)
    for branch in resolved.branches:
        for one in branch:
            assert (one.license is not None) is (one.standing in (Standing.ENCODED, Standing.BY_NAME))


# --- through the front door -------------------------------------------------------------------------


def served(folder: Path, date: str | None, released: str | None = None) -> Report:
    """A product that loads a model under Gemma's moving terms."""
    scene = Scene(folder)
    scene.add("model:google/gem", "gemma", publisher="google", provenance="disclosed", **({"released": released} if released else {}))
    scene.relate(PRODUCT, "loads", "model:google/gem", date=date)
    return scene.report()


@pytest.mark.parametrize(
    ("date", "released", "version", "assumed"),
    [
        (None, "2024-03-15", "gemma-2024-02-21", "gemma-2024-02-21: the version in force on 2024-03-15 (its release)"),
        ("2024-06-01", "2024-03-15", "gemma-2024-04-01", None),
        (None, None, "gemma-2025-03-24", "no date is known, so the newest version (gemma-2025-03-24) is assumed"),
    ],
)
def test_the_day_of_use_goes_before_the_release_and_that_before_the_newest(
    tmp_path: Path, date: str | None, released: str | None, version: str, assumed: str | None
) -> None:
    report = served(tmp_path / "shop", date, released)
    assert {one.license for one in report.at(PRODUCT) if one.license and one.license.startswith("gemma")} == {version}
    if assumed:
        (claim,) = report.artifact("model:google/gem")["licenses"]
        assert (claim["id"], claim["assumed"]) == (version, assumed)


OR = [
    ("CC-BY-NC-4.0 OR MIT", {"mit"}, "MIT (of CC-BY-NC-4.0 OR MIT)"),
    ("MIT OR Apache-2.0", {"mit"}, "MIT (of MIT OR Apache-2.0)"),
    ("Apache-2.0 OR MIT", {"apache-2.0"}, "Apache-2.0 (of Apache-2.0 OR MIT)"),
    ("LicenseRef-Commercial OR CC-BY-NC-4.0", {"cc-by-nc-4.0"}, "CC-BY-NC-4.0 (of LicenseRef-Commercial OR CC-BY-NC-4.0)"),
    ("CC-BY-NC-4.0 OR (MIT AND CC-BY-NC-4.0) OR (MIT AND ISC)", {"mit", "isc"}, "MIT AND ISC (of CC-BY-NC-4.0 OR (MIT AND CC-BY-NC-4.0) OR (MIT AND ISC))"),
    ("CC-BY-NC-4.0 OR CC-BY-NC-SA-4.0", {"cc-by-nc-4.0"}, "CC-BY-NC-4.0 (of CC-BY-NC-4.0 OR CC-BY-NC-SA-4.0)"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "licenses", "chosen"), OR)
def test_of_or_the_branch_with_the_fewest_denied_terms(tmp_path: Path, expression: str, licenses: set[str], chosen: str) -> None:
    scene = Scene(tmp_path / "shop")
    scene.add("model:acme/chat", expression, provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:acme/chat")
    report = scene.report()
    assert {one.license for one in report.findings if one.rule in ("inherited", "duty")} == licenses
    assert report.artifact("model:acme/chat")["chosen"] == [chosen]


def test_the_policy_chooses_the_branch(tmp_path: Path) -> None:
    """The choice is the recipient's: who may not use MIT takes the other branch."""
    scene = Scene(tmp_path / "shop")
    scene.add("package:pypi/a@1", "MIT OR Apache-2.0")
    scene.relate(PRODUCT, "depends-on", "package:pypi/a@1")
    scene.table("rule", term="retain-notices", origin="mit", action="deny")
    report = scene.report()
    assert report.artifact("package:pypi/a@1")["chosen"] == ["Apache-2.0 (of MIT OR Apache-2.0)"]


def test_a_branch_that_is_not_granted_to_everybody_needs_an_agreement(tmp_path: Path) -> None:
    """DESIGN section 3: such a branch is chosen only by an agreement."""

    def chosen(**agreement: str) -> list[str]:
        scene = Scene(tmp_path / str(len(agreement)))
        scene.add("model:acme/chat", "CC-BY-NC-4.0 OR LicenseRef-Commercial", provenance="disclosed")
        scene.relate(PRODUCT, "loads", "model:acme/chat")
        if agreement:
            scene.table("agreement", **agreement)
        return list(scene.report().artifact("model:acme/chat")["chosen"])

    assert chosen() == ["CC-BY-NC-4.0 (of CC-BY-NC-4.0 OR LicenseRef-Commercial)"]
    assert chosen(origin="LicenseRef-Commercial", reason="bought") == ["LicenseRef-Commercial (of CC-BY-NC-4.0 OR LicenseRef-Commercial)"]


def test_hub_card_and_bom_in_one_report(tmp_path: Path) -> None:
    """The same letters in two schemes: the card's `bsl-1.0` is Boost, a package's free text is Business Source."""
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [
            {"type": "library", "name": "a", "version": "1", "purl": "pkg:pypi/a@1", "licenses": [{"license": {"name": "BSL 1.1"}}]}
        ],
    }
    scene = Scene(tmp_path / "shop")
    scene.folder.mkdir()
    (scene.folder / "bom.json").write_text(json.dumps(bom), encoding="utf-8")
    (scene.folder / "model").mkdir()
    (scene.folder / "model" / "README.md").write_text("---\nlicense: bsl-1.0\nbase_model: acme/base\n---\n", encoding="utf-8")
    report = scene.report()
    found = {one["id"]: [claim["id"] for claim in one["licenses"]] for one in report.data["artifacts"] if one["licenses"]}
    assert found.pop(PRODUCT) == [None]
    assert sorted(found.values()) == [["bsl-1.0"], ["busl-1.1"]]
