"""What a policy does to a report: rules, answers, agreements, corrections, declared facts, overlays, products."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from lien.api import audit, render
from lien.errors import InputError, KnowledgeError, PolicyError, UsageError
from scenarios import PRODUCT, Found, Report, Scene

DAY = dt.date(2026, 11, 1)
OWNER = "acme"


def write(folder: Path, **files: str) -> Path:
    """Small files by name, `__` for a dot; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def report_of(folder: Path, **options: Any) -> Report:  # noqa: ANN401  # options of audit()
    return Report(json.loads("".join(render(audit([folder], as_of=options.pop("as_of", DAY), **options), "json"))))


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A shop that loads a LLaMA fine-tune and links a GPL package."""
    scene = Scene(tmp_path / "shop")
    scene.add("model:meta/first", "lien:llama-1", publisher="meta", provenance="disclosed", task="text-generation")
    scene.make("model:strangers/tuned", ("finetuned-from", "model:meta/first"), provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:strangers/tuned")
    scene.add("package:pypi/copyleft@1", "GPL-3.0-only")
    scene.relate(PRODUCT, "depends-on", "package:pypi/copyleft@1")
    return scene


def limit(report: Report, term: str, **fields: str) -> Found:
    return report.one(rule="inherited", term=term, **fields)


def test_every_part_that_lets_a_term_in_is_named(scene: Scene) -> None:
    scene.relate(PRODUCT, "loads", "model:meta/first")
    scene.make("model:strangers/other", ("finetuned-from", "model:meta/first"), provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:strangers/other")
    report = scene.report()
    [one] = [
        one for one in report.data["findings"] if (one["rule"], one["term"], one["artifact"]) == ("inherited", "non-commercial", PRODUCT)
    ]
    assert one["path"] == ["model:meta/first", "product"]
    assert [also["artifact"] for also in one["also_by"]] == ["model:strangers/other", "model:strangers/tuned"]
    assert all(also["evidence"][0]["line"] for also in one["also_by"])
    table = "".join(render(audit([scene.folder], as_of=DAY)))
    assert "also by model:strangers/other" in table


# --- rules ------------------------------------------------------------------------------------------


def test_without_rules_the_default_policy_speaks(scene: Scene) -> None:
    report = scene.report()
    assert (limit(report, "non-commercial").severity, limit(report, "non-commercial").verdict) == ("deny", "applies")
    assert limit(report, "copyleft").severity == "warn"
    assert report.data["summary"]["exit_code"] == 1


@pytest.mark.parametrize("action", ["deny", "warn", "info"])
def test_the_first_rule_that_matches_wins(scene: Scene, action: str) -> None:
    scene.table("rule", term="copyleft", action=action)
    scene.table("rule", term=["copyleft", "non-commercial"], action="info")
    report = scene.report()
    assert (limit(report, "copyleft").severity, limit(report, "non-commercial").severity) == (action, "info")
    assert limit(report, "research-only").severity == "deny"


def test_allow_waives_and_says_why(scene: Scene) -> None:
    for term in ("non-commercial", "research-only", "non-production"):
        scene.table("rule", term=term, action="allow", reason="counsel 2026-04")
    report = scene.report()
    found = limit(report, "non-commercial")
    assert (found.severity, found.verdict, found.note) == ("info", "waived", "counsel 2026-04")
    assert (report.data["summary"]["deny"], report.data["summary"]["exit_code"]) == (0, 0)
    table = "".join(render(audit([scene.folder], as_of=DAY)))
    assert table.splitlines()[-1].split(", ")[3] == "3 waived"
    assert "[counsel 2026-04]" in " ".join(table.split())


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        ({"artifact": "product"}, True),
        ({"artifact": "model:meta/*"}, True),
        ({"artifact": "*strangers*"}, False),  # neither bound nor an origin
        ({"origin": "model:meta/first"}, True),
        ({"origin": "llama-1"}, True),
        ({"origin": "product"}, False),
        ({"origin": "llama-*"}, True),
        ({"scope": "used"}, True),
        ({"scope": "test"}, False),
        ({"finding": "inherited"}, True),
        ({"finding": "drift"}, False),
        ({"term": "non-commercial"}, True),
        ({"term": ["copyleft"]}, False),
        ({"term": ["copyleft", "non-commercial"], "origin": "llama-1", "artifact": "product", "scope": "used"}, True),
        ({}, True),
    ],
)
def test_what_a_rule_looks_at(scene: Scene, rule: dict[str, object], matches: bool) -> None:
    scene.table("rule", action="info", **rule)
    assert (limit(scene.report(), "non-commercial").severity == "info") is matches


def test_parameters_of_a_term_match_by_member(scene: Scene) -> None:
    scene.context = {"fields": ["military"]}
    scene.table("rule", term="acceptable-use", params={"uses": ["military", "spam"]}, action="deny")
    scene.table("rule", term="acceptable-use", params={"uses": "gambling"}, action="deny")
    scene.table("rule", term="acceptable-use", action="warn")
    scene.table("rule", term="copyleft", params={"strength": ["library", "file"]}, action="deny")
    report = scene.report()
    severities = {
        one.term_key: (one.severity, set(one.params["uses"]))
        for one in report.at(license="llama-1", term="acceptable-use", verdict="applies")
    }
    assert severities
    assert all((severity == "deny") is ("military" in uses) for severity, uses in severities.values())
    assert limit(report, "copyleft").severity == "warn"


@pytest.mark.parametrize("unsure", [None, "deny", "info"])
def test_unsure_is_for_verdicts_that_hang_on_a_question(scene: Scene, unsure: str | None) -> None:
    """Untold context and an open question of law are both doubts; neither clears a term."""
    scene.context = {"territories": None, "monthly_users": None}
    scene.add("model:meta/second", "lien:llama-2", publisher="meta", provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:meta/second")
    scene.add("dataset:acme/notes", "CC-BY-NC-4.0")
    scene.make("model:acme/reader", ("trained-on", "dataset:acme/notes"), provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:acme/reader")
    scene.table("rule", term=["user-threshold", "non-commercial"], action="deny", **({"unsure": unsure} if unsure else {}))
    report = scene.report()
    asked = report.one(license="llama-2", term="user-threshold")
    assert (asked.verdict, asked.asks, asked.severity) == ("applies-if", ("monthly_users",), unsure or "warn")
    contested = report.one(license="cc-by-nc-4.0", term="non-commercial", rule="inherited")
    assert (contested.certainty, contested.questions, contested.severity) == ("contested", ("data-binds-weights",), unsure or "warn")
    assert report.one(license="llama-1", term="non-commercial", rule="inherited").severity == "deny"


def test_an_option_is_listed_unless_a_rule_speaks_of_options(tmp_path: Path) -> None:
    def options(*rules: dict[str, str]) -> tuple[str, str]:
        scene = Scene(tmp_path / str(len(rules)))
        scene.add("model:acme/chat", "CC-BY-NC-4.0", optional=True, provenance="disclosed")
        scene.relate(PRODUCT, "loads", "model:acme/chat")
        for rule in rules:
            scene.table("rule", **rule)
        found = limit(scene.report(), "non-commercial")
        return found.scope, found.severity

    assert options() == ("option", "info")
    assert options({"scope": "option", "action": "deny"}) == ("option", "deny")
    assert options({"scope": "test", "action": "deny"}, {"term": "non-commercial", "action": "deny"}) == ("option", "info")


# --- answers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "verdict", "severity", "note"),
    [
        ({}, "applies", "warn", "open: data-binds-weights"),
        ({"answers": "cautious"}, "applies", "deny", "rests on the answer yes to data-binds-weights"),
        ({"data-binds-weights": "yes"}, "applies", "deny", "rests on the answer yes to data-binds-weights"),
        ({"answers": "literal"}, "not-triggered", "info", "the policy answers no to data-binds-weights; yes or open would report it"),
        ({"answers": "cautious", "data-binds-weights": "open"}, "applies", "warn", "open: data-binds-weights"),
    ],
)
def test_an_answer_moves_the_verdict_and_says_so(tmp_path: Path, policy: dict[str, str], verdict: str, severity: str, note: str) -> None:
    scene = Scene(tmp_path / "shop", policy=policy)
    scene.add("dataset:acme/notes", "CC-BY-NC-4.0")
    scene.make("model:acme/reader", ("trained-on", "dataset:acme/notes"), provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:acme/reader")
    found = limit(scene.report(), "non-commercial")
    assert (found.certainty, found.verdict, found.severity, found.note) == ("contested", verdict, severity, note)


def test_an_answer_to_another_question_changes_no_finding(scene: Scene) -> None:
    before = scene.report().data["findings"]
    scene.policy = {"made-to-imitate": "yes", "selection-is-output": "no"}
    assert scene.report().data["findings"] == before


# --- unread, unknown, fail_on -----------------------------------------------------------------------


@pytest.mark.parametrize(("unknown", "code"), [("deny", 1), ("warn", 0), ("info", 0)])
def test_unknown_licences_weigh_what_the_policy_says(tmp_path: Path, unknown: str, code: int) -> None:
    scene = Scene(tmp_path / "shop", policy={"unknown": unknown})
    scene.add("model:acme/chat", provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:acme/chat")
    report = scene.report()
    assert report.one(rule="unknown", term="unknown-license").severity == unknown
    assert report.data["summary"]["exit_code"] == code


@pytest.mark.parametrize(("fail_on", "code"), [("deny", 0), ("warn", 1), ("never", 0)])
def test_fail_on(tmp_path: Path, fail_on: str, code: int) -> None:
    scene = Scene(tmp_path / "shop", policy={"fail_on": fail_on})
    scene.add("package:pypi/copyleft@1", "GPL-3.0-only")
    scene.relate(PRODUCT, "depends-on", "package:pypi/copyleft@1")
    assert scene.report().data["summary"]["exit_code"] == code


# --- agreements -------------------------------------------------------------------------------------


def limits_of(report: Report, license_: str, artifact: str = PRODUCT) -> dict[str, str]:
    """Severity and verdict of the limits of a licence that are denied or waived."""
    return {
        one.term: f"{one.severity} {one.verdict}"
        for one in report.at(artifact, license=license_, rule="inherited")
        if one.severity == "deny" or one.verdict == "waived"
    }


DENIED = dict.fromkeys(("non-commercial", "research-only", "non-production"), "deny applies")


@pytest.mark.parametrize("origin", ["llama-1", "model:meta/first"])
def test_an_agreement_waives_what_its_origin_brings(scene: Scene, origin: str) -> None:
    assert limits_of(scene.report(), "llama-1") == DENIED
    scene.table("agreement", origin=origin, reason="contract 17")
    report = scene.report()
    waived = limits_of(report, "llama-1")
    assert set(waived.values()) == {"info waived"}
    assert set(DENIED) <= set(waived)
    assert limit(report, "non-commercial", license="llama-1").note == "contract 17"
    assert {one.verdict for one in report.at(license="llama-1", rule="duty")} == {"waived"}
    assert limit(report, "copyleft").severity == "warn"


def test_an_agreement_names_a_family(scene: Scene) -> None:
    scene.add("model:google/gem", "gemma", publisher="google", released="2024-05-01", provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:google/gem")
    assert scene.report().at(license="gemma", rule="duty")
    scene.table("agreement", origin="gemma", reason="contract 18")
    report = scene.report()
    assert {one.verdict for one in report.at(license="gemma")} == {"waived"}
    assert limits_of(report, "llama-1") == DENIED


def test_an_agreement_covers_the_terms_it_names(scene: Scene) -> None:
    scene.table("agreement", origin="llama-1", terms=["non-commercial"], reason="contract 17")
    assert limits_of(scene.report(), "llama-1") == {**DENIED, "non-commercial": "info waived"}


@pytest.mark.parametrize(("until", "holds"), [("2026-11-01", True), ("2026-10-31", False), ("2027-01-01", True)])
def test_an_agreement_ends_on_its_last_day(scene: Scene, until: str, holds: bool) -> None:
    scene.table("agreement", origin="llama-1", terms=list(DENIED), reason="contract 17", until=until)
    assert set(limits_of(scene.report(), "llama-1").values()) == ({"info waived"} if holds else {"deny applies"})


def test_an_agreement_covers_what_only_restates_the_licence(scene: Scene) -> None:
    """A fine-tune that declares its base's licence again brings nothing that the agreement did not lift."""
    scene.make("model:others/again", ("finetuned-from", "model:meta/first"), licenses=("lien:llama-1",), provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:others/again")
    scene.table("agreement", origin="model:meta/first", reason="contract 17")
    assert "deny applies" not in limits_of(scene.report(), "llama-1").values()


def test_an_agreement_about_an_artifact_leaves_its_licence_on_others(scene: Scene) -> None:
    scene.add("model:meta/other", "lien:llama-1", publisher="meta", provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:meta/other")
    scene.table("agreement", origin="model:meta/first", reason="contract 17")
    found = [one for one in scene.report().at(license="llama-1", term="non-commercial", rule="inherited") if one.verdict == "applies"]
    assert [one.origins for one in found] == [("model:meta/other",)]


def test_an_agreement_about_a_derivative_leaves_its_base(scene: Scene) -> None:
    """Whoever made the fine-tune can grant what is his own, not what is Meta's."""
    scene.table("agreement", origin="model:strangers/tuned", reason="they said so")
    assert limits_of(scene.report(), "llama-1") == DENIED


def teach(scene: Scene, learner: str) -> None:
    scene.add("service:openai", "lien:openai-tou-2023-03-14", publisher="openai")
    scene.make("dataset:strangers/said", ("generated-by", "service:openai"), publisher="strangers")
    scene.make(learner, ("finetuned-on", "dataset:strangers/said"), provenance="disclosed", task="text-generation")
    scene.relate(PRODUCT, "loads", learner)
    scene.context = {"competes_with": ["openai"]}


@pytest.mark.parametrize("origin", ["service:openai", "openai-tou-2023-03-14"])
def test_an_agreement_does_not_lift_a_breach_that_somebody_else_committed(scene: Scene, origin: str) -> None:
    teach(scene, "model:strangers/taught")
    scene.table("agreement", origin=origin, reason="enterprise contract")
    found = scene.report().one("model:strangers/taught", rule="breach", license="openai")
    assert (found.severity, found.verdict) == ("deny", "applies")


@pytest.mark.parametrize(("until", "verdict"), [("2026-11-01", "waived"), ("2026-10-31", "applies")])
def test_an_agreement_lifts_a_breach_of_ones_own_while_it_lasts(scene: Scene, until: str, verdict: str) -> None:
    teach(scene, "model:acme/taught")
    scene.publish("model:acme/taught")
    scene.table("agreement", origin="service:openai", reason="enterprise contract", until=until)
    assert scene.report().one("model:acme/taught", rule="breach", license="openai").verdict == verdict


# --- corrections ------------------------------------------------------------------------------------


def test_a_correction_strikes_a_relation_and_stays_in_the_report(scene: Scene) -> None:
    scene.table("correction", **{"from": PRODUCT, "type": "loads", "to": "model:strangers/tuned", "reason": "a test double"})
    report = scene.report()
    assert report.at(license="llama-1") == []
    (struck,) = report.data["corrections"]
    assert (struck["what"], struck["reason"]) == ("product loads model:strangers/tuned", "a test double")
    assert {one["path"] for one in struck["evidence"]} == {"product.cdx.json"}
    table = "".join(render(audit([scene.folder], as_of=DAY)))
    assert "CORRECTED by the project file\n     product loads model:strangers/tuned: a test double\n" in table


def test_a_correction_of_another_type_strikes_nothing(scene: Scene) -> None:
    scene.table("correction", **{"from": PRODUCT, "type": "calls", "to": "model:strangers/tuned", "reason": "r"})
    report = scene.report()
    assert limits_of(report, "llama-1") == DENIED
    (idle,) = report.data["corrections"]
    assert (idle["what"], idle["reason"]) == ("nothing: no input says product calls model:strangers/tuned", "r")


def test_a_correction_without_a_type_strikes_all(scene: Scene) -> None:
    scene.table("correction", **{"from": "model:strangers/tuned", "to": "model:meta/first", "reason": "its card errs"})
    assert scene.report().at(license="llama-1") == []


def test_a_correction_strikes_a_claim(scene: Scene) -> None:
    scene.table("correction", artifact="package:pypi/copyleft@1", claim="GPL-3.0-only", reason="the BOM tool guessed")
    report = scene.report()
    assert report.at(term="copyleft") == []
    assert [one["what"] for one in report.data["corrections"]] == ["package:pypi/copyleft@1 declares GPL-3.0-only"]
    assert ("package:pypi/copyleft@1",) in [one.origins for one in report.at(rule="unknown", term="unknown-license")]


def test_a_correction_speaks_of_a_package_without_its_version(scene: Scene) -> None:
    """A pin that moves must not bring the struck fact back."""
    scene.table("correction", **{"from": PRODUCT, "to": "package:pypi/copyleft", "reason": "never imported"})
    assert scene.report().at(term="copyleft") == []


def test_a_correction_strikes_what_the_catalogue_says_too(tmp_path: Path) -> None:
    """DESIGN section 5: a relation or claim seen wrongly, wherever it was seen."""
    relation = '[[relation]]\nfrom = "product"\ntype = "loads"\nto = "model:tatsu-lab/alpaca-7b-wdiff"\nsource = "app"\n'
    correction = '[[correction]]\nfrom = "model:tatsu-lab/alpaca-7b-wdiff"\nto = "model:meta/llama-7b"\nreason = "ours is another"\n'
    before = report_of(write(tmp_path / "a", lien__toml=relation))
    assert before.at(license="llama-1")
    after = report_of(write(tmp_path / "b", lien__toml=relation + correction))
    assert after.at(license="llama-1") == []
    assert [one["what"] for one in after.data["corrections"]] == ["model:tatsu-lab/alpaca-7b-wdiff delta-of model:meta/llama-7b"]


# --- declared relations -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "head", "line"),
    [("lien.toml", "", 3), ("pyproject.toml", "[project]\nname = 'shop'\n[tool.lien]\ncontext = {commercial = true}\n", 7)],
)
def test_a_declared_relation_has_its_line(tmp_path: Path, name: str, head: str, line: int) -> None:
    header = "[[tool.lien.relation]]" if head else "[[relation]]"
    facts = [
        f'{header}\nfrom = "{down}"\ntype = "{type_}"\nto = "{up}"\nsource = "{source}"\n'
        for down, type_, up, source in (
            ("product", "loads", "model:acme/Chat", "app.py"),
            ("model:acme/chat", "trained-on", "dataset:acme/notes", "our wiki"),
        )
    ]
    folder = write(tmp_path / "shop")
    (folder / name).write_text(head + "\n\n" + "".join(facts), encoding="utf-8")
    report = report_of(folder)
    evidence = [report.relation(*ends)["evidence"] for ends in ((PRODUCT, "model:acme/chat"), ("model:acme/chat", "dataset:acme/notes"))]
    assert [(one["path"], one["line"], one["basis"], one["source"]) for (one,) in evidence] == [
        (name, line, "declared", "app.py"),
        (name, line + 5, "declared", "our wiki"),
    ]


def test_a_declared_date_picks_the_version_in_force(tmp_path: Path) -> None:
    facts = '[[relation]]\nfrom = "product"\ntype = "loads"\nto = "model:google/gemma-7b"\nsource = "app"\ndate = {}\n'

    def version(day: str) -> set[str | None]:
        report = report_of(write(tmp_path / day, lien__toml=facts.format(day)))
        return {one.license for one in report.findings if one.license and one.license.startswith("gemma")}

    assert (version("2024-02-22"), version("2024-04-02")) == ({"gemma-2024-02-21"}, {"gemma-2024-04-01"})


# --- overlays ---------------------------------------------------------------------------------------

MIT = """
id: mit
name: Our reading of MIT
about: [software]
names: {spdx: [MIT]}
text: {title: MIT, read: whole, on: 2026-01-01}
terms:
- {key: nc, word: non-commercial, clause: "1", quote: our words, reach: [copy, derive, include, link]}
"""
BOM = """{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
 {"type": "library", "name": "a", "version": "1", "purl": "pkg:pypi/a@1", "licenses": [{"license": {"id": "MIT"}}]}]}"""


def overlaid(folder: Path, paths: str = '["legal"]', **files: str) -> Path:
    write(folder / "legal", **files)
    return write(folder, bom__json=BOM, lien__toml=f"\ncatalog = {{paths = {paths}}}\n")


def test_an_overlay_wins_and_is_named(tmp_path: Path) -> None:
    report = report_of(overlaid(tmp_path / "shop", mit__yaml=MIT))
    found = limit(report, "non-commercial")
    assert (found.license, found.severity, found.origins) == ("mit", "deny", ("package:pypi/a@1",))
    assert report.data["catalog"]["overlays"] == ["legal"]
    assert report.at(license="mit", rule="duty") == []
    plain = report_of(write(tmp_path / "plain", bom__json=BOM))
    assert plain.data["catalog"]["overlays"] == []
    assert plain.data["catalog"]["digest"] == report.data["catalog"]["digest"]
    assert plain.at(license="mit", rule="duty")


def test_an_overlay_adds_a_licence_and_an_artifact(tmp_path: Path) -> None:
    house = MIT.replace("id: mit", "id: house").replace("{spdx: [MIT]}", "{free-text: [House Licence]}")
    things = """
sources: {us: {title: our lawyers}}
artifacts:
- {id: "package:pypi/a", licenses: [{claim: the house licence, scheme: free-text, source: us}]}
"""
    bom = BOM.replace(', "licenses": [{"license": {"id": "MIT"}}]', "")
    folder = overlaid(tmp_path / "shop", house__yaml=house, things__yaml=things)
    report = report_of(write(folder, bom__json=bom))
    assert limit(report, "non-commercial").license == "house"
    (claim,) = report.artifact("package:pypi/a@1")["licenses"]
    assert (claim["id"], claim["evidence"][0]["basis"], claim["evidence"][0]["source"]) == ("house", "catalogued", "our lawyers")


def test_several_overlays_are_named_one_by_one(tmp_path: Path) -> None:
    folder = overlaid(tmp_path / "shop", '["legal", "./more/house.yaml"]', mit__yaml=MIT)
    write(folder / "more", house__yaml=MIT.replace("id: mit", "id: house").replace("[MIT]", "[LicenseRef-House]"))
    assert report_of(folder).data["catalog"]["overlays"] == ["legal", "more/house.yaml"]


@pytest.mark.parametrize("path", ["leagl", "../legal", "/etc", "lien.toml"])
def test_an_overlay_that_is_not_there(tmp_path: Path, path: str) -> None:
    folder = overlaid(tmp_path / "shop", f'["{path}"]', mit__yaml=MIT)
    write(tmp_path / "legal", mit__yaml=MIT)
    with pytest.raises(InputError) as raised:
        audit([folder])
    assert str(raised.value) == f'lien.toml: catalog path "{path}" holds no YAML file'


def test_an_overlay_with_errors_names_each_line(tmp_path: Path) -> None:
    text = MIT.replace("non-commercial", "no-commerce").replace("about: [software]", "abuot: [software]")
    folder = overlaid(tmp_path / "shop", mit__yaml=text)
    with pytest.raises(KnowledgeError) as raised:
        audit([folder])
    lines = str(raised.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["legal/mit.yaml:2", "legal/mit.yaml:2", "legal/mit.yaml:8"]
    assert lines[2].startswith('legal/mit.yaml:8: "no-commerce" is not one of ')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)),
            "values or",
        ),
        ("[" * 100_000, "levels deep"),
        ("a: &a [*a]", "values or"),
        ("!!python/object/apply:os.system [exit]", "is not YAML"),
        ("released: 2024-02-30", "is not YAML"),
        ("a: \x07", "is not YAML"),
    ],
)
def test_a_hostile_overlay_is_an_error_and_no_more(tmp_path: Path, text: str, message: str) -> None:
    folder = overlaid(tmp_path / "shop", mit__yaml=text)
    with pytest.raises((InputError, KnowledgeError), match=message) as raised:
        audit([folder])
    assert str(raised.value).startswith("legal/mit.yaml:1: ")


# --- which file speaks ------------------------------------------------------------------------------


def test_tool_lien_is_a_project_file(tmp_path: Path) -> None:
    report = report_of(
        write(
            tmp_path / "shop",
            pyproject__toml='[tool.lien.product]\nname = "bot"\nlicense = "MIT"\n[tool.lien]\ncontext = {commercial = false}\n',
        )
    )
    product = report.data["product"]
    assert (product["name"], product["license"], product["context"]) == ("bot", "MIT", {"commercial": False})


def test_two_project_files_are_an_error(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", pyproject__toml="[project]\nname = 'a'\n[tool.lien]\n", lien__toml="")
    with pytest.raises(PolicyError) as raised:
        audit([folder])
    assert str(raised.value) == "pyproject.toml:3: holds [tool.lien] beside lien.toml; keep one of the two"


@pytest.mark.parametrize("text", ["[project]\nname = 'a'\n# see [tool.lien]\n", "[tool.alien]\n", "[tool]\nx = 'tool.lien'\n"])
def test_a_pyproject_that_only_speaks_of_it_is_none(tmp_path: Path, text: str) -> None:
    report = report_of(write(tmp_path / "shop", pyproject__toml=text, lien__toml='product = {name = "bot"}\n'))
    assert report.data["product"]["name"] == "bot"


@pytest.mark.parametrize(
    "spelling",
    ["[tool . lien . product]\nname = 'bot'\n", "[tool]\nlien = {product = {name = 'bot'}}\n", "tool.lien.product.name = 'bot'\n"],
)
def test_toml_has_many_spellings(tmp_path: Path, spelling: str) -> None:
    assert report_of(write(tmp_path / "shop", pyproject__toml=spelling)).data["product"]["name"] == "bot"


def test_the_policy_option_replaces_the_project_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", lien__toml='\n\n\nproduct = {name = "tree", license = "MIT"}\n')
    other = write(tmp_path / "elsewhere", lien__toml='product = {name = "other", license = "Apache-2.0"}\n') / "lien.toml"
    report = report_of(folder, policy_file=other)
    assert (report.data["product"]["name"], report.data["product"]["license"]) == ("other", "Apache-2.0")
    assert [(one["as_written"], one["line"]) for claim in report.artifact(PRODUCT)["licenses"] for one in claim["evidence"]] == [
        ("Apache-2.0", 1)
    ]


def test_the_policy_option_names_a_file_in_the_tree_by_its_path(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", lien__toml='product = {name = "tree", license = "MIT"}\n')
    inside = write(folder / "ci", lien__toml='\nproduct = {name = "ci", license = "Apache-2.0"}\n') / "lien.toml"
    report = report_of(folder, policy_file=inside)
    assert [(one["path"], one["line"]) for claim in report.artifact(PRODUCT)["licenses"] for one in claim["evidence"]] == [
        ("ci/lien.toml", 2)
    ]
    write(folder / "ci", lien__toml="\nx = 1\n")
    with pytest.raises(PolicyError, match=r"^ci/lien\.toml:2: unknown key"):
        report_of(folder, policy_file=inside)


# --- several products -------------------------------------------------------------------------------


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    folder = write(
        tmp_path / "mono",
        lien__toml="""
[[product]]
name = "bot"
paths = ["./bot"]
[[product]]
name = "api"
license = "MIT"
paths = ["api", "shared/bom.json"]
[[relation]]
from = "product:bot"
type = "calls"
to = "service:openai"
source = "bot/app.py"
[[relation]]
from = "product"
type = "calls"
to = "service:both"
source = "all"
""",
    )
    write(folder / "bot", requirements__txt="torch\n")
    write(folder / "api", requirements__txt="flask\n")
    write(folder / "shared", bom__json=BOM)
    write(folder / "botany", requirements__txt="seeds\n")
    return folder


def upstream_of_product(report: Report) -> set[str]:
    return {one["to"] for one in report.data["relations"] if one["from"] == PRODUCT}


def test_each_product_is_its_paths_and_its_facts(monorepo: Path) -> None:
    bot, api = (report_of(monorepo, product=name) for name in ("bot", "api"))
    assert (bot.data["product"]["name"], bot.data["product"]["license"]) == ("bot", None)
    assert (api.data["product"]["name"], api.data["product"]["license"]) == ("api", "MIT")
    assert bot.data["coverage"]["read"] == ["bot/requirements.txt"]
    assert api.data["coverage"]["read"] == ["api/requirements.txt", "shared/bom.json"]
    assert upstream_of_product(bot) == {"package:pypi/torch", "service:openai", "service:both"}
    assert upstream_of_product(api) == {"package:pypi/flask", "package:pypi/a@1", "service:both"}


def test_one_of_several_products_has_an_id_with_its_name(monorepo: Path) -> None:
    """DESIGN section 8: `product`, or `product:NAME` if several."""
    assert report_of(monorepo, product="bot").data["product"]["id"] == "product:bot"


def test_one_of_several_products_must_be_chosen(monorepo: Path) -> None:
    with pytest.raises(UsageError) as raised:
        report_of(monorepo)
    assert str(raised.value) == "the project file names 2 products; choose one with --product: bot, api"
    with pytest.raises(UsageError) as raised:
        report_of(monorepo, product="web")
    assert str(raised.value) == 'no product "web"; the project file names bot, api'


def test_a_product_path_that_is_not_there(monorepo: Path) -> None:
    text = (monorepo / "lien.toml").read_text(encoding="utf-8")
    (monorepo / "lien.toml").write_text(text.replace('"api", ', '"apis", '), encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        report_of(monorepo, product="api")
    assert str(raised.value) == 'lien.toml:8: product path "apis" is not in the audited tree'
    assert report_of(monorepo, product="bot").data["product"]["name"] == "bot"


def test_two_products_of_one_name_are_an_error(tmp_path: Path) -> None:
    folder = write(tmp_path / "mono", lien__toml='[[product]]\nname = "a"\n[[product]]\nname = "a"\n')
    with pytest.raises(PolicyError) as raised:
        report_of(folder, product="a")
    assert str(raised.value) == 'lien.toml:3: "a" names two products'


def test_a_relation_of_a_product_that_there_is_not(monorepo: Path) -> None:
    text = (monorepo / "lien.toml").read_text(encoding="utf-8")
    (monorepo / "lien.toml").write_text(text.replace('"product:bot"', '"product:web"'), encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        report_of(monorepo, product="bot")
    assert str(raised.value) == 'lien.toml:10: "product:web" is no product of this file'
