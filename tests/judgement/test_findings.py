"""Findings as people meet them: one line for what is one thing, ids that last, and one line for all that is not known."""

import hashlib
import json
from pathlib import Path

import pytest

from scenarios import PRODUCT, Found, Report, Scene


def linked(folder: Path, count: int, license_: str = "MIT", start: int = 0) -> Scene:
    """A product with many packages under one licence."""
    scene = Scene(folder)
    for number in range(start, start + count):
        scene.add(f"package:pypi/p{number:03}@1.{number}", license_)
        scene.relate(PRODUCT, "depends-on", f"package:pypi/p{number:03}@1.{number}")
    return scene


# --- grouping ---------------------------------------------------------------------------------------


def test_equal_duties_of_one_licence_are_one_finding(tmp_path: Path) -> None:
    found = linked(tmp_path / "shop", 30).report().one(rule="duty", term="retain-notices")
    assert found.origins == tuple(f"package:pypi/p{number:03}@1.{number}" for number in range(30))
    assert (found.license, found.verdict, found.path) == ("mit", "applies", ("package:pypi/p000@1.0", PRODUCT))


def test_duties_of_two_licences_are_two_findings(tmp_path: Path) -> None:
    scene = linked(tmp_path / "shop", 3)
    scene.add("package:pypi/z@1", "ISC")
    scene.relate(PRODUCT, "depends-on", "package:pypi/z@1")
    duties = scene.report().at(rule="duty", term="retain-notices")
    assert sorted((one.license, len(one.origins)) for one in duties) == [("isc", 1), ("mit", 3)]


def test_a_limit_is_one_finding_for_each_model_and_one_for_all_packages(tmp_path: Path) -> None:
    scene = linked(tmp_path / "shop", 3, "GPL-3.0-only")
    for name in ("a", "b"):
        scene.add(f"model:acme/{name}", "CC-BY-NC-4.0", provenance="disclosed")
        scene.relate(PRODUCT, "loads", f"model:acme/{name}")
    report = scene.report()
    assert [len(one.origins) for one in report.at(rule="inherited", term="copyleft")] == [3]
    assert sorted(one.origins for one in report.at(rule="inherited", term="non-commercial")) == [("model:acme/a",), ("model:acme/b",)]


@pytest.mark.parametrize(("origins", "shown"), [(1, "p000@1.0"), (6, "p000@1.0, package:pypi/p001@1.1, package:pypi/p002@1.2 and 3 more")])
def test_the_table_names_some_origins_and_counts_the_rest(tmp_path: Path, origins: int, shown: str) -> None:
    from lien.api import audit, render

    linked(tmp_path / "shop", origins).report()
    table = " ".join("".join(render(audit([tmp_path / "shop"]))).split())
    assert f"for package:pypi/{shown} " in table


# --- ids --------------------------------------------------------------------------------------------


def test_an_id_is_made_of_what_lasts(tmp_path: Path) -> None:
    """DESIGN section 8: rule, licence, term key, origin (left out where a finding has many) and artifact."""
    scene = linked(tmp_path / "shop", 2)
    scene.add("model:acme/chat", "CC-BY-NC-4.0", provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:acme/chat")
    report = scene.report()

    def expected(one: Found, origin: str) -> str:
        return hashlib.sha256("\n".join((one.rule, one.license or "", one.term_key, origin, one.artifact)).encode()).hexdigest()[:10]

    limit = report.one(rule="inherited", term="non-commercial")
    duty = report.one(rule="duty", license="mit", term="retain-notices")
    assert limit.id == expected(limit, "model:acme/chat")
    assert duty.id == expected(duty, "")


def ids(report: Report) -> set[str]:
    return {one.id for one in report.findings}


def test_ids_are_unique_in_a_report(tmp_path: Path) -> None:
    scene = linked(tmp_path / "shop", 3, "MIT OR GPL-3.0-only")
    for name, license_ in (("a", "CC-BY-NC-4.0"), ("b", "CC-BY-NC-4.0"), ("c", "lien:llama-2")):
        scene.add(f"model:acme/{name}", license_, provenance="disclosed")
        scene.relate(PRODUCT, "loads", f"model:acme/{name}")
        scene.relate("model:house/tuned", "finetuned-from", f"model:acme/{name}")
    scene.relate(PRODUCT, "loads", "model:house/tuned")
    scene.publish("model:house/tuned")
    report = scene.report()
    assert len(report.findings) > 30
    assert len(ids(report)) == len(report.findings)


BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "components": [
        {"type": "library", "name": "a", "version": "1.0", "purl": "pkg:pypi/a@1.0", "licenses": [{"license": {"id": "GPL-3.0-only"}}]},
        {
            "type": "machine-learning-model",
            "name": "acme/chat",
            "purl": "pkg:huggingface/acme/chat",
            "licenses": [{"license": {"id": "CC-BY-NC-4.0"}}],
        },
    ],
}


def report_on(folder: Path, bom: object, name: str = "bom.json", indent: int | None = None) -> Report:
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(bom, indent=indent), encoding="utf-8")
    return Scene(folder).report()


def test_ids_do_not_move_with_versions_lines_and_paths(tmp_path: Path) -> None:
    """Baselines and waivers hang on them."""
    before = report_on(tmp_path / "a", BOM)
    assert report_on(tmp_path / "b", BOM, "deploy/app.cdx.json", indent=4).findings != []
    assert ids(report_on(tmp_path / "c", BOM, "deploy/app.cdx.json", indent=4)) == ids(before)
    newer = json.loads(json.dumps(BOM).replace("1.0", "2.7.1"))
    assert ids(report_on(tmp_path / "d", newer)) == ids(before)


def test_a_further_package_leaves_the_id_of_a_group(tmp_path: Path) -> None:
    few, more = (linked(tmp_path / str(count), count).report().one(rule="duty", term="retain-notices") for count in (2, 5))
    assert (few.id, len(few.origins), len(more.origins)) == (more.id, 2, 5)


def test_another_scope_is_another_finding(tmp_path: Path) -> None:
    used, option = Scene(tmp_path / "used"), Scene(tmp_path / "option")
    for scene, facts in ((used, {}), (option, {"optional": True})):
        scene.add("model:acme/chat", "CC-BY-NC-4.0", provenance="disclosed", **facts)
        scene.relate(PRODUCT, "loads", "model:acme/chat")
    first, second = (scene.report().one(rule="inherited", term="non-commercial") for scene in (used, option))
    assert (first.scope, second.scope) == ("used", "option")
    assert first.id != second.id


# --- unknown ----------------------------------------------------------------------------------------


def unknown(report: Report) -> dict[str, Found]:
    return {one.term_key: one for one in report.at(rule="unknown")}


def test_packages_without_a_licence_are_one_line_with_a_way_out(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    for number in range(40):
        scene.relate(PRODUCT, "depends-on", f"package:pypi/unheard-of-{number:02}@1")
    report = scene.report()
    assert set(unknown(report)) == {"unknown-license-of-packages"}
    (record,) = [one for one in report.data["findings"] if one["rule"] == "unknown"]
    assert record["message"].startswith("40 packages ")
    assert record["next"] == "install them and name the environment: lien audit --environment PATH"
    assert (record["severity"], record["verdict"], len(record["origins"])) == ("warn", "applies", 40)


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (1, "no licence is known for model:acme/m0"),
        (5, "no licence is known for model:acme/m0, model:acme/m1, model:acme/m2, model:acme/m3, model:acme/m4"),
        (7, "no licence is known for model:acme/m0, model:acme/m1, model:acme/m2, model:acme/m3, model:acme/m4 and 2 more"),
    ],
)
def test_models_without_a_licence_are_named(tmp_path: Path, count: int, message: str) -> None:
    scene = Scene(tmp_path / "shop")
    for number in range(count):
        scene.add(f"model:acme/m{number}", provenance="disclosed")
        scene.relate(PRODUCT, "loads", f"model:acme/m{number}")
    assert unknown(scene.report())["unknown-license"].message == message


def test_texts_that_were_not_read_are_named_and_not_guessed(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    scene.add("model:acme/a", "LicenseRef-House", provenance="disclosed")
    scene.add("model:acme/b", "LicenseRef-Other AND MIT", provenance="disclosed")
    for name in ("a", "b"):
        scene.relate(PRODUCT, "loads", f"model:acme/{name}")
    report = scene.report()
    assert (
        unknown(report)["custom-license"].message == "clauses not encoded: LicenseRef-House, LicenseRef-Other (model:acme/a, model:acme/b)"
    )
    assert report.at(rule="duty", license="mit")  # what was read is said all the same
    assert "unknown-license" not in unknown(report)


def test_models_of_which_nothing_is_told_are_one_line(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    for name in ("a", "b"):
        scene.add(f"model:acme/{name}", "MIT")
        scene.relate(PRODUCT, "loads", f"model:acme/{name}")
    scene.add("model:acme/told", "MIT", provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:acme/told")
    found = unknown(scene.report())["opaque-provenance"]
    assert (found.message, found.severity) == ("nothing tells what these were built from: model:acme/a, model:acme/b", "info")


@pytest.mark.parametrize(
    ("type_", "up", "reached"),
    [
        ("loads", "model:acme/x", True),
        ("depends-on", "package:pypi/x@1", True),
        ("ships", "dataset:acme/x", True),
        ("calls", "service:unheard-of", True),
        ("built-with", "package:pypi/x@1", False),
    ],
)
def test_what_is_not_known_travels_like_a_licence(tmp_path: Path, type_: str, up: str, reached: bool) -> None:
    scene = Scene(tmp_path / "shop")
    scene.add(up, **({"provenance": "disclosed"} if up.startswith("model:") else {}))
    scene.relate(PRODUCT, type_, up)
    assert bool([one for one in scene.report().at(rule="unknown", term="unknown-license") if one.verdict == "applies"]) is reached


def test_a_policy_may_waive_an_unknown(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop")
    scene.add("model:acme/ours", provenance="disclosed")
    scene.relate(PRODUCT, "loads", "model:acme/ours")
    scene.table("rule", term="unknown-license", action="allow", reason="our own")
    found = unknown(scene.report())["unknown-license"]
    assert (found.severity, found.verdict, found.note) == ("info", "waived", "our own")


# --- duties discharged, copyleft met ----------------------------------------------------------------


def test_a_product_under_the_same_licence_meets_its_copyleft(tmp_path: Path) -> None:
    scene = linked(tmp_path / "shop", 1, "GPL-3.0-only")
    scene.license = "GPL-3.0-only"
    found = scene.report().one(rule="inherited", term="copyleft")
    assert (found.verdict, found.severity, found.note) == ("discharged", "info", "the product stands under the same licence")


@pytest.mark.parametrize(("distributes", "verdict"), [([], "not-triggered"), (["app"], "applies"), (None, "applies-if")])
def test_a_notice_is_owed_by_who_hands_copies_on(tmp_path: Path, distributes: list[str] | None, verdict: str) -> None:
    scene = linked(tmp_path / "shop", 1)
    scene.context = {"distributes": distributes}
    assert scene.report().one(rule="duty", term="retain-notices").verdict == verdict
