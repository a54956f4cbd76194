"""The readings of licences that must come out right (DESIGN section 3), one test for each sentence of the list."""

from pathlib import Path

import pytest

from scenarios import PRODUCT, Scene

THIRD_PARTIES = "terms-bind-third-parties"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "shop")


def llama(scene: Scene, version: str, **facts: object) -> str:
    return scene.base(version, f"llama{version}" if version != "1" else "lien:llama-1", publisher="meta", **facts)


def gemma(scene: Scene) -> str:
    return scene.base("g", "gemma", publisher="google", released="2024-06-27")


def shipped_after(scene: Scene, upstream: str, steps: list[str]) -> str:
    """What the product's owner made of something, by copy, derive, output or train, and ships; its id."""
    current = upstream
    for number, step in enumerate(steps):
        kind = "dataset" if step == "generated-by" else "model"
        current = scene.make(f"{kind}:acme/made-{number}", (step, current), task="text-generation")
    scene.relate(PRODUCT, "ships", current)
    return current


WAYS = {
    "copy": ["mirror-of"],
    "derive": ["finetuned-from"],
    "include": [],
    "output": ["generated-by"],
    "train": ["generated-by", "trained-on"],
}
HELD = ("copy", "derive", "include")


# LLaMA 1


@pytest.mark.parametrize("way", WAYS)
def test_llama_1_non_commercial_reaches_works_and_data(scene: Scene, way: str) -> None:
    """2.a (i): the Software Products, derivative works, works incorporating them, or any data produced by the Software."""
    shipped_after(scene, llama(scene, "1"), WAYS[way])
    found = scene.report().one(term="non-commercial")
    assert (found.license, found.certainty, found.verdict, found.severity) == ("llama-1", "settled", "applies", "deny")


@pytest.mark.parametrize("way", WAYS)
def test_llama_1_research_grant_speaks_of_the_software_alone(scene: Scene, way: str) -> None:
    """1.a and 3: what was only written by the Software is under 2.a, not under the grant."""
    shipped_after(scene, llama(scene, "1"), WAYS[way])
    said = scene.report().words() & {"research-only", "include-license", "notice-file"}
    assert said == ({"research-only", "include-license", "notice-file"} if way in HELD else set())


# Llama 2


@pytest.mark.parametrize("way", HELD)
def test_llama_2_policy_threshold_notice_copy_reach_what_holds_it(scene: Scene, way: str) -> None:
    shipped_after(scene, llama(scene, "2"), WAYS[way])
    report = scene.report()
    for term in ("acceptable-use", "user-threshold", "notice-file", "include-license", "no-output-training"):
        assert report.one(term=term).certainty == "settled"


@pytest.mark.parametrize("way", ["output", "train"])
def test_llama_2_only_the_bar_on_learning_follows_outputs(scene: Scene, way: str) -> None:
    shipped_after(scene, llama(scene, "2"), WAYS[way])
    report = scene.report()
    assert report.words(license="llama-2") == {"no-output-training"}
    assert report.one(rule="inherited", license="llama-2").certainty == "settled"


@pytest.mark.parametrize(
    ("base", "task", "is_breach"),
    [
        ("apache-2.0", "text-generation", True),
        ("llama2", "text-generation", False),
        ("llama3", "text-generation", True),
        ("apache-2.0", "text-classification", False),
    ],
)
def test_llama_2_excepts_its_own_family_and_bars_language_models_only(scene: Scene, base: str, task: str, is_breach: bool) -> None:
    """1.b.v: "any other large language model (excluding Llama 2 or derivative works thereof)"."""
    data = scene.make("dataset:acme/data", ("generated-by", llama(scene, "2")))
    start = scene.base("start", base, publisher="lab")
    learner = scene.make("model:acme/learner", ("finetuned-from", start), ("finetuned-on", data), task=task, modality="text")
    scene.relate(PRODUCT, "ships", learner)
    breaches = [one for one in scene.report().at(learner, rule="breach") if one.license == "llama-2"]
    assert [(one.term, one.clause, one.certainty, one.verdict) for one in breaches] == (
        [("no-output-training", "1.b.v", "settled", "applies")] if is_breach else []
    )


# Llama 3 and later


def published_from(scene: Scene, version: str, way: str) -> str:
    made = shipped_after(scene, llama(scene, version), WAYS[way])
    scene.publish(made)
    return made


def test_llama_3_name_is_owed_by_derivatives(scene: Scene) -> None:
    made = published_from(scene, "3", "derive")
    name = scene.report().one(made, term="model-name-prefix", rule="duty")
    assert (name.params, name.certainty, name.verdict) == ({"prefix": "Llama 3"}, "settled", "applies")


def test_llama_3_bars_learning_from_outputs_and_asks_no_name_for_it(scene: Scene) -> None:
    """1.b.i names the Materials alone; 1.b.v still bars improving other models with outputs."""
    made = published_from(scene, "3", "train")
    report = scene.report()
    assert report.at(made, term="model-name-prefix") == []
    breach = report.one(made, rule="breach")
    assert (breach.term, breach.clause, breach.certainty) == ("no-output-training", "1.b.v", "settled")


@pytest.mark.parametrize("way", ["derive", "train"])
@pytest.mark.parametrize("version", ["3.1", "3.2", "3.3", "4"])
def test_from_llama_31_on_outputs_may_teach_and_then_ask_the_name(scene: Scene, version: str, way: str) -> None:
    made = published_from(scene, version, way)
    report = scene.report()
    name = report.one(made, term="model-name-prefix", rule="duty")
    assert (name.params, name.certainty, name.verdict) == ({"prefix": "Llama"}, "settled", "applies")
    assert [one for one in report.findings if one.term == "no-output-training"] == []


@pytest.mark.parametrize(("version", "prefix"), [("3", "Llama 3"), ("3.1", "Llama")])
@pytest.mark.parametrize(("name", "is_breach"), [("zephyr-8b", True), ("llama-3-zephyr", False)])
def test_strangers_derivative_not_named_llama_is_breach(scene: Scene, version: str, prefix: str, name: str, is_breach: bool) -> None:
    """Section 5: breach finds a Llama 3 derivative not named Llama. The publisher's namespace is no part of the name."""
    made = scene.make(f"model:tuners/{name}", ("finetuned-from", llama(scene, version)), task="text-generation")
    scene.relate(PRODUCT, "ships", made)
    breaches = scene.report().at(made, rule="breach")
    assert [(one.term, one.params.get("prefix")) for one in breaches] == ([("model-name-prefix", prefix)] if is_breach else [])


@pytest.mark.parametrize(("version", "text"), [("3", "Built with Meta Llama 3"), ("3.1", "Built with Llama"), ("4", "Built with Llama")])
def test_built_with_llama_reaches_products_that_hold_it(scene: Scene, version: str, text: str) -> None:
    shipped_after(scene, llama(scene, version), WAYS["derive"])
    branding = scene.report().one(term="display-branding")
    assert (branding.params, branding.certainty, branding.verdict) == ({"text": text}, "settled", "applies")


@pytest.mark.parametrize("version", ["3", "3.1", "4"])
@pytest.mark.parametrize("way", ["output", "train"])
def test_built_with_llama_does_not_follow_outputs(scene: Scene, version: str, way: str) -> None:
    published_from(scene, version, way)
    assert [one for one in scene.report().findings if one.term == "display-branding"] == []


@pytest.mark.parametrize(("version", "excluded"), [("2", False), ("3", False), ("3.1", False), ("3.2", True), ("4", True)])
def test_multimodal_eu_exclusion_stands_in_the_use_policies_of_32_and_4(scene: Scene, version: str, excluded: bool) -> None:
    scene.context = {"territories": ["DE"]}
    model = llama(scene, version, modality=["text", "image"])
    scene.publish(scene.make("model:acme/llama-eyes", ("finetuned-from", model), modality=["text", "image"]))
    report = scene.report()
    found = report.at("model:acme/llama-eyes", term="territory")
    assert [(one.verdict, one.certainty, one.params["excluded"]) for one in found] == ([("applies", "settled", ["EU"])] if excluded else [])
    assert all("Prohibited Uses" in one.clause for one in found)
    assert [(one.verdict, one.severity) for one in report.at(term="territory")] == ([("applies", "deny")] if excluded else [])


@pytest.mark.parametrize("version", ["3.2", "4"])
def test_text_models_are_granted_in_the_eu(scene: Scene, version: str) -> None:
    """Of the product's own modality nobody asks: the policy speaks of the model that it holds."""
    scene.context = {"territories": ["DE"]}
    scene.relate(PRODUCT, "ships", llama(scene, version, modality="text"))
    assert [one for one in scene.report().at(term="territory") if one.binds] == []


# Gemma


def test_gemma_outputs_are_not_bound(scene: Scene) -> None:
    data = shipped_after(scene, gemma(scene), WAYS["output"])
    scene.publish(data)
    assert [one for one in scene.report().findings if (one.license or "").startswith("gemma")] == []


def test_gemma_binds_a_model_made_to_imitate_and_goes_on_from_there(scene: Scene) -> None:
    """1.1(e): the policy travels silently through a generated dataset, binds the model, its fine-tune and the product."""
    learner = scene.make("model:acme/learner", ("trained-on", scene.make("dataset:acme/data", ("generated-by", gemma(scene)))))
    tuned = scene.make("model:acme/tuned", ("finetuned-from", learner))
    scene.relate(PRODUCT, "ships", tuned)
    scene.publish(learner, tuned)
    report = scene.report()
    for artifact in (learner, tuned, PRODUCT):
        for term in ("acceptable-use", "pass-on-terms", "notice-file"):
            found = report.one(artifact, license="gemma", term=term)
            assert (found.certainty, found.questions, found.binds) == ("contested", ("made-to-imitate",), True)


# taught by Llama 3.1, taught by the taught


def test_name_is_owed_by_a_model_taught_by_llama_31_and_not_by_its_pupil(scene: Scene) -> None:
    pupil = shipped_after(scene, llama(scene, "3.1"), ["generated-by", "trained-on", "generated-by", "trained-on"])
    scene.publish("model:acme/made-1", pupil)
    report = scene.report()
    assert report.one("model:acme/made-1", term="model-name-prefix", rule="duty").binds
    assert report.at(pupil, license="llama-3.1") == []


def test_name_is_owed_by_a_model_distilled_from_llama_31(scene: Scene) -> None:
    """Distilling asks for output and train both."""
    made = shipped_after(scene, llama(scene, "3.1"), ["distilled-from"])
    scene.publish(made)
    found = scene.report().one(made, term="model-name-prefix", rule="duty")
    assert (found.certainty, found.form) == ("settled", "learned, is")


# OpenAI's terms


@pytest.mark.parametrize(("maker", "certainty", "questions"), [("user", "settled", ()), ("stranger", "contested", (THIRD_PARTIES,))])
@pytest.mark.parametrize(("rivals", "verdict"), [(["openai"], "applies"), (None, "applies-if")])
def test_openai_terms_bind_who_used_the_service(
    scene: Scene, maker: str, certainty: str, questions: tuple[str, ...], rivals: list[str] | None, verdict: str
) -> None:
    scene.context = {"competes_with": rivals}
    scene.add("service:writer", "lien:openai-tou-2023-03-14", publisher="openai")
    data = scene.make("dataset:user/data", ("generated-by", "service:writer"))
    model = scene.make(f"model:{maker}/model", ("finetuned-on", data), task="text-generation")
    scene.relate(PRODUCT, "ships", model)
    breach = scene.report().one(model, rule="breach")
    assert (breach.term, breach.certainty, breach.questions, breach.verdict) == ("no-output-training", certainty, questions, verdict)


def test_openai_terms_restrict_models_that_compete(scene: Scene) -> None:
    scene.context = {"competes_with": []}
    scene.add("service:writer", "lien:openai-tou-2023-03-14", publisher="openai")
    scene.publish(scene.make("model:acme/model", ("distilled-from", "service:writer"), task="text-generation"))
    assert scene.report().of_rule("breach") == []


# Creative Commons data


@pytest.mark.parametrize(
    ("license_", "term"), [("cc-by-nc-4.0", "non-commercial"), ("CC-BY-SA-4.0", "copyleft"), ("CC-BY-SA-3.0", "copyleft")]
)
@pytest.mark.parametrize("is_mixed", [False, True])
def test_creative_commons_data_bind_a_model_contested_and_end_at_its_outputs(
    scene: Scene, license_: str, term: str, is_mixed: bool
) -> None:
    data = scene.add("dataset:wiki/pages", license_)
    if is_mixed:
        data = scene.make("dataset:acme/mix", ("contains", data))
    model = scene.make("model:acme/model", ("pretrained-on", data))
    written = scene.make("dataset:acme/written", ("generated-by", model), licenses=("cc0-1.0",))
    scene.publish(model, written)
    report = scene.report()
    found = report.one(model, term=term, rule="inherited")
    assert (found.certainty, found.questions, found.binds) == ("contested", ("data-binds-weights",), True)
    assert report.at(written) == []


@pytest.mark.parametrize("license_", ["CC-BY-SA-4.0", "CC-BY-SA-3.0"])
def test_share_alike_travels_silently_in_a_mixture(scene: Scene, license_: str) -> None:
    mix = scene.make("dataset:acme/mix", ("contains", scene.add("dataset:wiki/pages", license_)))
    scene.publish(mix)
    report = scene.report()
    assert report.at(mix, term_key="share-alike") == []
    # 4(b) of version 4.0, on databases, is another clause: it asks whether a collection is an adaptation.
    assert [one for one in report.at(mix, term="copyleft") if one.binds] == []
    assert "attribution" in report.words(mix, binding=True)


# a package that bundles or loads


@pytest.mark.parametrize("how", ["bundles", "loads", "ships"])
def test_product_that_depends_on_a_package_with_a_llama_2_fine_tune_holds_llama_2(scene: Scene, how: str) -> None:
    tuned = scene.make("model:tuners/chat", ("finetuned-from", llama(scene, "2")))
    inner = scene.make("package:pypi/inner@1", (how, tuned), licenses=("MIT",))
    scene.relate(PRODUCT, "depends-on", scene.make("package:pypi/outer@1", ("depends-on", inner), licenses=("MIT",)))
    report = scene.report()
    for term in ("acceptable-use", "user-threshold", "notice-file", "include-license"):
        found = report.one(term=term)
        assert (found.certainty, found.form, found.origins) == ("settled", "work, holds", ("model:meta/2",))


# the FineWeb-Edu pattern


def test_classifier_owes_the_name_and_a_model_of_the_filtered_corpus_does_not(scene: Scene) -> None:
    marks = scene.make("dataset:acme/marks", ("annotated-by", llama(scene, "3.1")))
    classifier = scene.make("model:acme/classifier", ("finetuned-on", marks), task="text-classification")
    corpus = scene.make("dataset:acme/corpus", ("filtered-by", classifier))
    model = scene.make("model:acme/model", ("pretrained-on", corpus), task="text-generation")
    scene.publish(classifier, corpus, model)
    report = scene.report()
    assert report.one(classifier, term="model-name-prefix", rule="duty").certainty == "settled"
    assert report.at(corpus, license="llama-3.1") == report.at(model, license="llama-3.1") == []


# data licences that free results


@pytest.mark.parametrize("license_", ["cdla-permissive-2.0", "cdla-sharing-1.0", "C-UDA-1.0"])
def test_data_licences_that_free_results_do_not_reach_models(scene: Scene, license_: str) -> None:
    data = scene.add("dataset:givers/data", license_)
    mix = scene.make("dataset:acme/mix", ("contains", data))
    model = scene.make("model:acme/model", ("trained-on", data), ("trained-on", mix))
    scene.publish(mix, model)
    report = scene.report()
    assert report.at(model, license=license_.lower()) == []
    assert report.words(mix, license=license_.lower(), binding=True)


# software


def test_gpl_copyleft_reaches_through_derive(scene: Scene) -> None:
    """A fork is a work based on the Program; the product that runs against the fork is linked to it."""
    package = scene.add("package:pypi/gpl@1", "GPL-3.0-only")
    scene.relate(PRODUCT, "forked-from", package)
    found = scene.report().one(term="copyleft")
    assert (found.certainty, found.verdict, found.params) == ("settled", "applies", {"strength": "strong"})


def test_gpl_copyleft_reaches_through_link(scene: Scene) -> None:
    package = scene.add("package:pypi/gpl@1", "GPL-3.0-only")
    scene.relate(PRODUCT, "depends-on", package)
    report = scene.report()
    found = report.one(term="copyleft")
    assert (found.questions, found.verdict, found.severity) == (("import-is-derivative",), "applies", "warn")
    assert report.one(term_key="source").certainty == "settled"


def test_gpl_through_include_only_the_part_is_owed(scene: Scene) -> None:
    package = scene.add("package:pypi/gpl@1", "GPL-3.0-only")
    scene.relate(PRODUCT, "bundles", package)
    report = scene.report()
    found = report.one(term="copyleft")
    assert (found.certainty, found.questions, found.verdict) == ("contested", ("aggregate-is-derivative",), "not-triggered")
    for key in ("source", "license-copy", "notices"):
        assert (report.one(term_key=key).certainty, report.one(term_key=key).verdict) == ("settled", "applies")


@pytest.mark.parametrize("license_", ["LGPL-3.0-only", "LGPL-2.1-only"])
def test_lgpl_reaches_through_link_with_its_own_duty_only(scene: Scene, license_: str) -> None:
    package = scene.add("package:pypi/lgpl@1", license_)
    scene.relate(PRODUCT, "depends-on", package)
    report = scene.report()
    assert report.at(term="copyleft") == []
    assert [one for one in report.at(term="disclose-source") if one.params["of"] == "whole-program"] == []
    assert {"other-duty", "include-license"} <= report.words(binding=True)


@pytest.mark.parametrize("how", ["redistributes", "forked-from", "bundles", "depends-on"])
def test_mit_notice_reaches_through_copy_derive_include_link(scene: Scene, how: str) -> None:
    package = scene.add("package:pypi/mit@1", "MIT")
    scene.relate(PRODUCT, how, package)
    report = scene.report()
    assert report.words(license="mit") == {"retain-notices"}
    assert (report.one(term="retain-notices").certainty, report.one(term="retain-notices").verdict) == ("settled", "applies")


@pytest.mark.parametrize("how", ["built-with", "dev-depends-on", "evaluated-on"])
@pytest.mark.parametrize("license_", ["GPL-3.0-only", "MIT", "AGPL-3.0-only"])
def test_nothing_reaches_through_tools(scene: Scene, how: str, license_: str) -> None:
    scene.relate(PRODUCT, how, scene.add("package:pypi/tool@1", license_))
    assert scene.report().at(scope="used") == []


# texts change


@pytest.mark.parametrize(
    ("released", "version"), [("2024-02-21", "gemma-2024-02-21"), ("2024-06-27", "gemma-2024-04-01"), ("2025-05-20", "gemma-2025-03-24")]
)
def test_version_in_force_at_release_applies(scene: Scene, released: str, version: str) -> None:
    scene.relate(PRODUCT, "ships", scene.base("g", "gemma", publisher="google", released=released))
    report = scene.report()
    assert {one.license for one in report.findings} == {version}
    (license_,) = report.artifact("model:google/g")["licenses"]
    assert (license_["id"], license_["as_written"]) == (version, "gemma")
    assert released in license_["assumed"]
    assert ("use-latest-version" in report.words()) == (version == "gemma-2024-02-21")


def test_without_any_date_the_newest_is_assumed_and_said(scene: Scene) -> None:
    scene.relate(PRODUCT, "ships", scene.base("g", "gemma", publisher="google"))
    report = scene.report()
    assert {one.license for one in report.findings} == {"gemma-2025-03-24"}
    assert "newest" in report.artifact("model:google/g")["licenses"][0]["assumed"]


@pytest.mark.parametrize(("date", "version"), [("2023-06-01", "openai-tou-2023-03-14"), ("2025-02-01", "openai-tou-2024-12-11")])
def test_date_of_a_relation_picks_the_terms_of_that_day(scene: Scene, date: str, version: str) -> None:
    scene.add("service:writer", "lien:openai-tou-2023-03-14", "lien:openai-tou-2024-12-11", publisher="openai")
    data = scene.add("dataset:acme/data")
    scene.relate(data, "generated-by", "service:writer", date=date)
    model = scene.make("model:acme/model", ("finetuned-on", data), task="text-generation")
    scene.relate(PRODUCT, "ships", model)
    breach = scene.report().one(model, rule="breach")
    assert (breach.license, breach.certainty) == (version, "settled")
