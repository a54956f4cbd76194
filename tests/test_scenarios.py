"""The scenarios of `cases/scenarios.md`: small graphs whose right answer was worked out from the texts.

Each test builds the graph as files, audits it, and asks what binds, where, how surely, and what is not said.
"""

from pathlib import Path

import pytest

from scenarios import PRODUCT, Report, Scene

THIRD_PARTIES = "terms-bind-third-parties"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "shop")


def llama(scene: Scene, version: str) -> str:
    """A model of Meta's under one of its licences, by the Hub's id of the licence."""
    return scene.base(version, f"llama{version}" if version != "1" else "lien:llama-1", publisher="meta")


def openai(scene: Scene) -> str:
    """A hosted service of OpenAI's under its terms of use of 2023, which speak of what is done with its output."""
    return scene.add("service:writer", "lien:openai-tou-2023-03-14", publisher="openai")


# 1. product depends on an app that bundles a Llama 2 fine-tune; the same with Llama 3.1


def app_with_fine_tune(scene: Scene, version: str) -> tuple[str, str]:
    base = llama(scene, version)
    tuned = scene.make("model:chatters/assistant-7b", ("finetuned-from", base))
    app = scene.make("package:pypi/chatbox@1.0", ("bundles", tuned), licenses=("MIT",))
    scene.relate(PRODUCT, "depends-on", app)
    return base, tuned


@pytest.mark.parametrize("version", ["2", "3.1"])
def test_1_app_bundles_llama_fine_tune_policy_threshold_notice_reach_product(scene: Scene, version: str) -> None:
    base, tuned = app_with_fine_tune(scene, version)
    report = scene.report()
    for term, rule in (
        ("acceptable-use", "inherited"),
        ("user-threshold", "inherited"),
        ("notice-file", "duty"),
        ("include-license", "duty"),
    ):
        found = report.one(term=term, rule=rule, license=f"llama-{version}")
        assert (found.certainty, found.scope, found.origins) == ("settled", "used", (base,))
        assert found.path == (base, tuned, "package:pypi/chatbox@1.0", PRODUCT)
    assert report.one(term="user-threshold").verdict == "not-triggered"
    assert report.one(term="notice-file").verdict == "applies"
    assert "model-name-prefix" not in report.words()


def test_1_llama_2_asks_for_no_branding(scene: Scene) -> None:
    app_with_fine_tune(scene, "2")
    assert "display-branding" not in scene.report().words()


def test_1_llama_31_adds_branding_on_product_and_name_on_fine_tune(scene: Scene) -> None:
    _, tuned = app_with_fine_tune(scene, "3.1")
    scene.publish(tuned)
    report = scene.report()
    branding = report.one(term="display-branding")
    assert (branding.certainty, branding.verdict, branding.params) == ("settled", "applies", {"text": "Built with Llama"})
    name = report.one(tuned, term="model-name-prefix", rule="duty")
    assert (name.certainty, name.verdict, name.params) == ("settled", "applies", {"prefix": "Llama"})


# 2. a Llama 2 derivative writes data; a Falcon and another Llama 2 derivative learn from it


def llama_2_derivative_writes_data(scene: Scene) -> tuple[str, str]:
    base = llama(scene, "2")
    writer = scene.make("model:quill/writer", ("finetuned-from", base))
    return base, scene.make("dataset:quill/stories", ("generated-by", writer))


@pytest.mark.parametrize(("maker", "certainty", "questions"), [("quill", "settled", ()), ("tii", "contested", (THIRD_PARTIES,))])
def test_2_falcon_taught_by_llama_2_derivative_is_breach(scene: Scene, maker: str, certainty: str, questions: tuple[str, ...]) -> None:
    """Who wrote the data with the derivative is bound himself; of a stranger who learns from them it is open."""
    base, data = llama_2_derivative_writes_data(scene)
    falcon = scene.make(f"model:{maker}/falcon", ("finetuned-on", data), licenses=("apache-2.0",), task="text-generation")
    scene.relate(PRODUCT, "ships", falcon)
    breach = scene.report().one(falcon, rule="breach")
    assert (breach.term, breach.clause, breach.origins) == ("no-output-training", "1.b.v", (base,))
    assert (breach.certainty, breach.questions, breach.verdict) == (certainty, questions, "applies")


@pytest.mark.parametrize(
    ("task", "modality"), [("text-classification", "text"), ("feature-extraction", "text"), ("image-classification", "image")]
)
def test_2_language_models_alone_are_barred(scene: Scene, task: str, modality: str) -> None:
    """1.b.v speaks of "any other large language model": a classifier of texts is none, whatever it reads."""
    _, data = llama_2_derivative_writes_data(scene)
    detector = scene.make("model:quill/detector", ("finetuned-on", data), task=task, modality=modality)
    scene.relate(PRODUCT, "ships", detector)
    assert scene.report().of_rule("breach") == []


def test_2_llama_2_derivative_is_exempt_and_its_own_outputs_protected(scene: Scene) -> None:
    base, data = llama_2_derivative_writes_data(scene)
    pupil = scene.make("model:quill/pupil", ("finetuned-from", base), ("finetuned-on", data), task="text-generation")
    more = scene.make("dataset:quill/more", ("generated-by", pupil))
    mistral = scene.make("model:quill/mistral", ("finetuned-on", more), licenses=("apache-2.0",), task="text-generation")
    scene.relate(PRODUCT, "ships", pupil)
    scene.relate(PRODUCT, "ships", mistral)
    report = scene.report()
    assert report.at(pupil, rule="breach") == []
    breach = report.one(mistral, rule="breach")
    assert (breach.term, breach.certainty) == ("no-output-training", "settled")


# 3. index made by a CC-BY-NC embedder, shipped in the product


def index_of_nc_embedder(scene: Scene) -> None:
    embedder = scene.add("model:vec/embedder", "cc-by-nc-4.0", provenance="disclosed")
    index = scene.make("dataset:acme/index", ("embedded-by", embedder), licenses=("cc0-1.0",))
    scene.relate(PRODUCT, "ships", index)


def test_3_index_of_nc_embedder_is_contested(scene: Scene) -> None:
    index_of_nc_embedder(scene)
    report = scene.report()
    found = report.one(term="non-commercial")
    assert (found.certainty, found.questions) == ("contested", ("selection-is-output",))
    assert (found.verdict, found.severity) == ("applies", "warn")
    assert "selection-is-output" in (found.note or "")
    assert report.words(license="cc-by-nc") == {"non-commercial"}


@pytest.mark.parametrize(("answer", "verdict", "severity"), [("yes", "applies", "deny"), ("no", "not-triggered", "info")])
def test_3_policy_answers_the_question(scene: Scene, answer: str, verdict: str, severity: str) -> None:
    index_of_nc_embedder(scene)
    scene.policy = {"selection-is-output": answer}
    found = scene.report().one(term="non-commercial")
    assert (found.certainty, found.verdict, found.severity) == ("contested", verdict, severity)
    assert "selection-is-output" in (found.note or "")


# 4. reward model under LLaMA 1 terms; product ships the policy model trained with it


@pytest.mark.parametrize(("maker", "certainty", "questions"), [("acme", "settled", ()), ("tutors", "contested", (THIRD_PARTIES,))])
def test_4_reward_model_under_llama_1(scene: Scene, maker: str, certainty: str, questions: tuple[str, ...]) -> None:
    """2.a (i): data produced by the Software; who made the policy model used it himself, a buyer of it did not."""
    judge = scene.make("model:judges/reward", ("finetuned-from", llama(scene, "1")))
    policy = scene.make(f"model:{maker}/policy", ("rewarded-by", judge), licenses=("apache-2.0",), task="text-generation")
    scene.relate(PRODUCT, "ships", policy)
    scene.publish(policy)
    report = scene.report()
    at_policy = report.one(policy, term="non-commercial", rule="inherited")
    assert (at_policy.certainty, at_policy.verdict, at_policy.form) == ("settled", "applies", "learned, is")
    found = report.one(term="non-commercial")
    assert (found.certainty, found.questions, found.verdict) == (certainty, questions, "applies")
    # 1.a and 3 speak of the Software and of works that incorporate it; a policy model holds nothing of it.
    assert not report.words(license="llama-1") & {"research-only", "include-license", "notice-file"}


# 5. merge of a Gemma and a Llama 3.1 derivative


def test_5_merge_of_gemma_and_llama_31(scene: Scene) -> None:
    gemma = scene.base("g", "gemma", publisher="google", released="2024-06-27")
    tuned = scene.make("model:tuners/llama-chat", ("finetuned-from", llama(scene, "3.1")))
    merge = scene.make("model:acme/llama-merge", ("merged-from", gemma), ("merged-from", tuned), task="text-generation")
    scene.publish(merge)
    report = scene.report()
    for license_ in ("gemma-2024-04-01", "llama-3.1"):
        for term in ("acceptable-use", "notice-file"):
            assert report.one(merge, license=license_, term=term).certainty == "settled"
    names = [one for one in report.findings if one.term == "model-name-prefix"]
    assert [(one.artifact, one.license, one.params["prefix"], one.certainty) for one in names] == [(merge, "llama-3.1", "Llama", "settled")]
    assert report.of_rule("breach") == []


# 6. LoRA adapter of Llama 2 shipped alone


def adapter_of(scene: Scene, license_: str) -> Report:
    base = scene.base("base", license_, publisher="lab", released="2024-06-27")
    adapter = scene.make("model:lora/adapter", ("adapter-of", base))
    scene.relate(PRODUCT, "ships", adapter)
    return scene.report()


def test_6_adapter_of_llama_2_is_contested_throughout(scene: Scene) -> None:
    found = adapter_of(scene, "llama2").at(license="llama-2")
    assert {"acceptable-use", "user-threshold", "notice-file", "include-license", "no-output-training"} <= {one.term for one in found}
    assert {(one.certainty, one.questions) for one in found} == {("contested", ("adapter-is-derivative",))}


@pytest.mark.parametrize("license_", ["gemma", "creativeml-openrail-m", "bigscience-openrail-m"])
def test_6_texts_that_name_modifications_are_settled(scene: Scene, license_: str) -> None:
    found = adapter_of(scene, license_).at(license=license_)
    assert {"acceptable-use", "include-license", "pass-on-terms"} <= {one.term for one in found}
    assert {one.certainty for one in found} == {"settled"}


# 7. third party's GGUF of Llama 2 tagged apache-2.0


@pytest.mark.parametrize("how", ["quantized-from", "converted-from", "mirror-of"])
def test_7_gguf_tagged_apache(scene: Scene, how: str) -> None:
    base = llama(scene, "2")
    copy = scene.make("model:quants/l2-gguf", (how, base), licenses=("apache-2.0",))
    scene.relate(PRODUCT, "ships", copy)
    report = scene.report()
    assert {"acceptable-use", "user-threshold", "notice-file", "include-license", "no-output-training"} <= report.words(license="llama-2")
    assert {one.certainty for one in report.at(license="llama-2")} == {"settled"}
    assert report.at(license="apache-2.0") == []
    drift = report.one(copy, rule="drift")
    assert (drift.license, drift.origins, drift.certainty) == ("llama-2", (base,), "settled")
    assert drift.params["declared"] == ["apache-2.0"]


# 8. mixture with 3 % CC-BY-NC and some CC-BY-SA; a model learns from it


@pytest.fixture
def mixture(scene: Scene) -> Scene:
    nc = scene.add("dataset:poets/verse", "cc-by-nc-4.0")
    sa = scene.add("dataset:wiki/pages", "CC-BY-SA-3.0")
    mix = scene.make("dataset:acme/mix", ("contains", sa))
    scene.relate(mix, "contains", nc, share="3%")
    scene.publish(mix, scene.make("model:acme/learner", ("pretrained-on", mix), task="text-generation"))
    return scene


def test_8_non_commercial_settled_on_mixture_contested_on_model(mixture: Scene) -> None:
    report = mixture.report()
    on_mixture = report.one("dataset:acme/mix", term="non-commercial", rule="inherited")
    assert (on_mixture.certainty, on_mixture.verdict, on_mixture.origins) == ("settled", "applies", ("dataset:poets/verse",))
    on_model = report.one("model:acme/learner", term="non-commercial", rule="inherited")
    assert (on_model.certainty, on_model.questions) == ("contested", ("data-binds-weights",))


def test_8_share_alike_silent_on_mixture_contested_on_model(mixture: Scene) -> None:
    report = mixture.report()
    assert report.at("dataset:acme/mix", term="copyleft") == []
    on_model = report.one("model:acme/learner", term="copyleft", rule="inherited")
    assert (on_model.certainty, on_model.questions, on_model.license) == ("contested", ("data-binds-weights",), "cc-by-sa-3.0")


def test_8_share_is_shown(mixture: Scene) -> None:
    report = mixture.report()
    assert "3%" in report.relation("dataset:acme/mix", "dataset:poets/verse")["note"]


# 9. model trained on CDLA-Sharing data


def test_9_cdla_sharing_frees_results(scene: Scene) -> None:
    data = scene.add("dataset:givers/records", "cdla-sharing-1.0")
    mix = scene.make("dataset:acme/mix", ("contains", data))
    model = scene.make("model:acme/learner", ("trained-on", mix), ("trained-on", data))
    scene.publish(mix, model)
    report = scene.report()
    attribution = report.one(mix, term="attribution")
    assert (attribution.license, attribution.certainty, attribution.verdict) == ("cdla-sharing-1.0", "settled", "applies")
    assert report.at(model, license="cdla-sharing-1.0") == []


# 10. container image with a GPL tool beside an MIT application


def test_10_image_with_gpl_tool_beside_mit_application(scene: Scene) -> None:
    scene.license = "MIT"
    scene.context = {"distributes": ["binary"]}
    tool = scene.add("package:deb/debian/tool@1", "GPL-3.0-only")
    app = scene.add("package:pypi/app@1", "MIT")
    image = scene.make("image:acme/stack", ("contains", tool), ("contains", app))
    scene.relate(PRODUCT, "contains", image)
    report = scene.report()
    whole = report.one(term="copyleft")
    assert (whole.certainty, whole.questions) == ("contested", ("aggregate-is-derivative",))
    source = report.one(term_key="source")
    assert (source.term, source.certainty, source.verdict, source.origins) == ("disclose-source", "settled", "applies", (tool,))
    assert report.one(term_key="source-of-whole").certainty == "contested"
    assert report.of_rule("drift") == []


# 11. AGPL library linked into a hosted service, unmodified; in a container of its own


def hosted_agpl(scene: Scene, *, own_container: bool, modifies: bool | None = None) -> Report:
    scene.context = {"distributes": [], "modifies": modifies}
    library = scene.add("package:pypi/netlib@1", "AGPL-3.0-only")
    scene.relate(PRODUCT, "contains", scene.make("image:acme/sidecar", ("contains", library))) if own_container else scene.relate(
        PRODUCT, "depends-on", library
    )
    return scene.report()


@pytest.mark.parametrize(
    ("modifies", "verdict", "asks"), [(None, "applies-if", ("modifies",)), (False, "not-triggered", ()), (True, "applies", ())]
)
def test_11_agpl_linked_into_hosted_service(scene: Scene, modifies: bool | None, verdict: str, asks: tuple[str, ...]) -> None:
    found = hosted_agpl(scene, own_container=False, modifies=modifies).one(license="agpl-3.0", clause="13, first paragraph")
    assert (found.term, found.certainty, found.verdict, found.asks) == ("disclose-source", "settled", verdict, asks)


def test_11_agpl_in_a_container_of_its_own_is_contested(scene: Scene) -> None:
    found = hosted_agpl(scene, own_container=True).one(license="agpl-3.0", clause="13, first paragraph")
    assert (found.certainty, found.questions) == ("contested", ("aggregate-is-derivative",))


# 12. dataset offered CC-BY-SA-3.0 OR GFDL-1.3


@pytest.mark.parametrize(
    ("offer", "kept", "left"),
    [("CC-BY-SA-3.0 OR GFDL-1.3", "cc-by-sa-3.0", "gfdl-1.3"), ("GFDL-1.3 OR CC-BY-SA-3.0", "gfdl-1.3", "cc-by-sa-3.0")],
)
def test_12_choice_is_named_and_ties_go_by_written_order(scene: Scene, offer: str, kept: str, left: str) -> None:
    data = scene.add("dataset:wiki/pages", offer)
    scene.relate(PRODUCT, "ships", data)
    report = scene.report()
    assert "attribution" in report.words(license=kept) or "include-license" in report.words(license=kept)
    assert report.at(license=left) == []
    (chosen,) = report.artifact(data)["chosen"]
    assert chosen.casefold().startswith(kept)
    assert offer in chosen


def test_12_policy_chooses_the_branch_with_fewest_denied_terms(scene: Scene) -> None:
    data = scene.add("dataset:wiki/pages", "GFDL-1.3 OR CC-BY-SA-3.0")
    scene.relate(PRODUCT, "ships", data)
    scene.table("rule", term="disclose-source", action="deny")
    report = scene.report()
    assert report.at(license="gfdl-1.3") == []
    assert report.artifact(data)["chosen"][0].startswith("CC-BY-SA-3.0")


def test_12_rule_on_strong_copyleft_does_not_count_against_a_weak_one(scene: Scene) -> None:
    scene.table("rule", term="copyleft", params={"strength": ["strong", "network"]}, action="deny")
    package = scene.add("package:pypi/lib@1", "GPL-3.0-only OR MPL-2.0")
    scene.relate(PRODUCT, "depends-on", package)
    assert scene.report().artifact(package)["chosen"][0].startswith("MPL-2.0")


@pytest.mark.parametrize(("commercial", "kept"), [(True, "CC-BY-SA-4.0"), (False, "CC-BY-NC-4.0")])
def test_12_terms_that_the_context_does_not_trigger_do_not_count(scene: Scene, commercial: bool, kept: str) -> None:
    scene.context = {"commercial": commercial}
    data = scene.add("dataset:wiki/pages", "CC-BY-NC-4.0 OR CC-BY-SA-4.0")
    scene.relate(PRODUCT, "ships", data)
    assert scene.report().artifact(data)["chosen"][0].startswith(kept)


@pytest.mark.parametrize("has_agreement", [False, True])
def test_12_commercial_branch_is_chosen_by_an_agreement_only(scene: Scene, has_agreement: bool) -> None:
    if has_agreement:
        scene.table("agreement", origin="LicenseRef-Commercial", reason="bought in 2026")
    package = scene.add("package:pypi/lib@1", "LicenseRef-Commercial OR AGPL-3.0-only")
    scene.relate(PRODUCT, "depends-on", package)
    report = scene.report()
    assert ("copyleft" in report.words(license="agpl-3.0", binding=True)) is not has_agreement
    assert report.artifact(package)["chosen"][0].startswith("LicenseRef-Commercial" if has_agreement else "AGPL-3.0-only")


# 13. product calls OpenAI, stores the answers, later trains on them


def trained_on_answers(scene: Scene) -> str:
    service = openai(scene)
    scene.relate(PRODUCT, "calls", service)
    answers = scene.make("dataset:acme/answers", ("generated-by", service))
    model = scene.make("model:acme/own", ("finetuned-on", answers), task="text-generation")
    scene.publish(model)
    return model


@pytest.mark.parametrize(("rivals", "verdict", "asks"), [(["openai"], "applies", ()), (None, "applies-if", ("competes_with",))])
def test_13_training_on_stored_answers(scene: Scene, rivals: list[str] | None, verdict: str, asks: tuple[str, ...]) -> None:
    scene.context = {"competes_with": rivals}
    model = trained_on_answers(scene)
    report = scene.report()
    breach = report.one(model, rule="breach")
    assert (breach.term, breach.certainty, breach.verdict, breach.asks) == ("no-output-training", "settled", verdict, asks)
    assert breach.path == ("service:writer", "dataset:acme/answers", model)
    bars = report.at(term="no-output-training", rule="inherited")
    assert [one.verdict for one in bars] == ["not-triggered"]
    assert report.at(rule="breach") == []


def test_13_model_that_does_not_compete_breaks_nothing(scene: Scene) -> None:
    scene.context = {"competes_with": []}
    trained_on_answers(scene)
    assert scene.report().of_rule("breach") == []


def test_13_product_that_only_stores_answers(scene: Scene) -> None:
    scene.context = {"trains_on_outputs": False}
    service = openai(scene)
    scene.relate(PRODUCT, "calls", service)
    scene.relate(PRODUCT, "ships", scene.make("dataset:acme/answers", ("generated-by", service)))
    report = scene.report()
    assert [one.verdict for one in report.at(term="no-output-training")] == ["not-triggered"]
    assert report.of_rule("breach") == []


# 14. OpenAI -> Alpaca data -> cleaned Alpaca -> a stranger's model


def alpaca(scene: Scene) -> tuple[str, str]:
    """Data that a university had OpenAI write, and what somebody else cleaned of it."""
    data = scene.add("dataset:uni/llamas", "cc-by-nc-4.0")
    scene.relate(data, "generated-by", openai(scene))
    return data, scene.make("dataset:cleaner/llamas-cleaned", ("derived-from", data), licenses=("cc-by-nc-4.0",))


def test_14_contested_on_a_strangers_model(scene: Scene) -> None:
    _, cleaned = alpaca(scene)
    model = scene.make("model:stranger/chat", ("finetuned-on", cleaned), task="text-generation")
    scene.relate(PRODUCT, "ships", model)
    breach = scene.report().one(model, rule="breach")
    assert (breach.term, breach.origins, breach.license) == ("no-output-training", ("service:writer",), "openai-tou-2023-03-14")
    assert (breach.certainty, breach.questions) == ("contested", (THIRD_PARTIES,))
    assert (breach.verdict, breach.asks) == ("applies-if", ("competes_with",))


def test_14_settled_on_a_model_of_the_datas_own_maker(scene: Scene) -> None:
    data, _ = alpaca(scene)
    model = scene.make("model:uni/chat", ("finetuned-on", data), task="text-generation")
    scene.relate(PRODUCT, "ships", model)
    breach = scene.report().one(model, rule="breach")
    assert (breach.term, breach.certainty, breach.questions) == ("no-output-training", "settled", ())


# 15. the FineWeb-Edu pattern


def test_15_fineweb_edu_pattern(scene: Scene) -> None:
    marks = scene.make("dataset:fw/marks", ("annotated-by", llama(scene, "3.1")))
    classifier = scene.make("model:fw/classifier", ("finetuned-on", marks), licenses=("apache-2.0",), task="text-classification")
    web = scene.add("dataset:fw/web", "odc-by")
    picked = scene.make("dataset:fw/web-edu", ("derived-from", web), ("filtered-by", classifier), licenses=("odc-by",))
    learner = scene.make("model:small/lm", ("pretrained-on", picked), licenses=("apache-2.0",), task="text-generation")
    scene.publish(classifier, picked, learner)
    report = scene.report()
    name = report.one(classifier, term="model-name-prefix", rule="duty")
    assert (name.license, name.certainty, name.params) == ("llama-3.1", "settled", {"prefix": "Llama"})
    assert "display-branding" not in report.words(classifier)
    assert report.at(picked, license="llama-3.1") == []
    assert report.at(learner, license="llama-3.1") == []
    assert [
        one.artifact for one in report.findings if one.license == "llama-3.1" and one.rule == "breach" and one.artifact != classifier
    ] == []


# 16. model declared Apache-2.0, base unknown


def test_16_unknown_bases_are_one_line(scene: Scene) -> None:
    models = [scene.add(f"model:labs/chat-{number}", "apache-2.0") for number in range(3)]
    for model in models:
        scene.relate(PRODUCT, "ships", model)
    found = scene.report().one(rule="unknown")
    assert (found.term, found.origins) == ("opaque-provenance", tuple(models))


def test_16_told_lineage_is_not_opaque(scene: Scene) -> None:
    base = scene.base("base", "apache-2.0", publisher="labs")
    scene.relate(PRODUCT, "ships", scene.make("model:labs/chat", ("finetuned-from", base), licenses=("apache-2.0",)))
    assert scene.report().of_rule("unknown") == []


# 17. product received as part of somebody's integrated end-user product


@pytest.mark.parametrize("version", ["2", "3.1"])
def test_17_threshold_lifted_for_the_recipient_of_an_integrated_product(scene: Scene, version: str) -> None:
    scene.context = {"received_as": "integrated-product", "monthly_users": 800_000_000}
    scene.relate(PRODUCT, "ships", scene.make("model:vendor/embedded", ("finetuned-from", llama(scene, version))))
    report = scene.report()
    assert report.one(term="user-threshold").verdict == "not-triggered"
    # 1.b.ii lifts section 2 and nothing else.
    assert {"acceptable-use", "notice-file", "include-license"} <= report.words(binding=True)


@pytest.mark.parametrize("received_as", [None, "weights"])
def test_17_threshold_stays_for_the_builder(scene: Scene, received_as: str | None) -> None:
    scene.context = {"received_as": received_as, "monthly_users": 800_000_000}
    scene.relate(PRODUCT, "ships", llama(scene, "2"))
    found = scene.report().one(term="user-threshold")
    assert (found.verdict, found.severity) == ("applies", "deny")


def test_17_unknown_users_ask_the_builder_for_users_alone(scene: Scene) -> None:
    scene.context = {"monthly_users": None}
    scene.relate(PRODUCT, "ships", llama(scene, "2"))
    found = scene.report().one(term="user-threshold")
    assert (found.verdict, found.asks) == ("applies-if", ("monthly_users",))


# 18. product ships a model trained on its own logs (a cycle)


def test_18_cycle_over_own_logs_terminates(scene: Scene) -> None:
    """What a product writes counts as output of everything it holds or calls: documented, if too much."""
    model = scene.make("model:acme/chat", ("finetuned-from", llama(scene, "2")), task="text-generation")
    logs = scene.make("dataset:acme/logs", ("generated-by", PRODUCT))
    scene.relate(model, "finetuned-on", logs)
    scene.relate(PRODUCT, "ships", model)
    scene.relate(PRODUCT, "calls", openai(scene))
    report = scene.report()
    # The model is of the Llama 2 family and may learn from Llama 2; what OpenAI wrote into the logs asks.
    (breach,) = report.of_rule("breach")
    assert (breach.artifact, breach.origins, breach.verdict, breach.asks) == (model, ("service:writer",), "applies-if", ("competes_with",))
    assert {"acceptable-use", "user-threshold", "no-output-training"} <= report.words(license="llama-2")


# 19. agreement with Meta over Llama 2; a derivative on the Hub restates `llama2`


@pytest.fixture(params=["llama-2", "model:meta/2"])
def agreed(scene: Scene, request: pytest.FixtureRequest) -> Scene:
    restating = scene.make("model:hub/chat", ("finetuned-from", llama(scene, "2")), licenses=("llama2",), task="text-generation")
    scene.relate(PRODUCT, "ships", restating)
    scene.table("agreement", origin=request.param, reason="contract of 2026 with Meta")
    return scene


def test_19_agreement_covers_base_and_restating_derivative(agreed: Scene) -> None:
    report = agreed.report()
    assert report.words(binding=True, license="llama-2") == set()
    waived = report.at(license="llama-2", verdict="waived")
    assert {"acceptable-use", "user-threshold"} <= {one.term for one in waived}
    assert {one.note for one in waived} == {"contract of 2026 with Meta"}


def test_19_agreement_does_not_lift_a_strangers_breach(agreed: Scene) -> None:
    data = agreed.make("dataset:tii/dialogues", ("generated-by", "model:hub/chat"))
    falcon = agreed.make("model:tii/falcon", ("finetuned-on", data), licenses=("apache-2.0",), task="text-generation")
    agreed.relate(PRODUCT, "ships", falcon)
    breach = agreed.report().one(falcon, rule="breach")
    assert (breach.term, breach.verdict) == ("no-output-training", "applies")


def test_19_agreement_lifts_what_its_holder_did(agreed: Scene) -> None:
    data = agreed.make("dataset:acme/dialogues", ("generated-by", "model:hub/chat"))
    own = agreed.make("model:acme/own", ("finetuned-on", data), task="text-generation")
    agreed.publish(own)
    breach = agreed.report().one(own, rule="breach")
    assert (breach.verdict, breach.severity, breach.note) == ("waived", "info", "contract of 2026 with Meta")


def test_19_agreement_over_one_model_leaves_others_bound(scene: Scene) -> None:
    scene.relate(PRODUCT, "ships", llama(scene, "2"))
    other = scene.base("l2-large", "llama2", publisher="meta")
    scene.relate(PRODUCT, "ships", other)
    scene.table("agreement", origin="model:meta/2", reason="contract of 2026 with Meta")
    found = [one for one in scene.report().at(term="acceptable-use") if one.binds]
    assert [one.origins for one in found] == [(other,)]


def test_19_agreement_over_some_terms_lifts_these_alone(scene: Scene) -> None:
    scene.relate(PRODUCT, "ships", llama(scene, "2"))
    scene.context = {"monthly_users": 800_000_000}
    scene.table("agreement", origin="llama-2", terms=["user-threshold"], reason="licence for large platforms")
    report = scene.report()
    assert report.one(term="user-threshold").verdict == "waived"
    assert {"acceptable-use", "no-output-training", "notice-file", "include-license"} <= report.words(binding=True)


def test_19_agreement_that_ran_out_lifts_nothing(scene: Scene) -> None:
    scene.relate(PRODUCT, "ships", llama(scene, "2"))
    scene.table("agreement", origin="llama-2", reason="trial", until="2026-10-31")
    report = scene.report()
    assert report.at(verdict="waived") == []
    assert {"acceptable-use", "no-output-training", "notice-file"} <= report.words(binding=True)


def test_19_agreement_that_ran_out_lifts_no_breach(scene: Scene) -> None:
    """What a model card in the tree stands on is made here, so an agreement in force would cover it."""
    data = scene.make("dataset:acme/dialogues", ("generated-by", llama(scene, "2")))
    scene.make("model:acme/own", ("finetuned-on", data), task="text-generation")
    scene.folder.mkdir()
    (scene.folder / "README.md").write_text("---\nlicense: mit\npipeline_tag: text-generation\n---\n# acme/own\n", encoding="utf-8")
    scene.table("agreement", origin="llama-2", reason="trial", until="2026-10-31")
    breach = scene.report().one("model:acme/own", rule="breach")
    assert (breach.verdict, breach.severity) == ("applies", "deny")


# 20. Llama model as an option, Mistral as default


def test_20_option_is_shown_and_product_clean(scene: Scene) -> None:
    mistral = scene.base("m", "apache-2.0", publisher="mistral")
    option = scene.base("3.1", "llama3.1", publisher="meta", optional=True)
    scene.relate(PRODUCT, "loads", mistral)
    scene.relate(PRODUCT, "loads", option)
    report = scene.report()
    assert report.artifact(option)["scope"] == "option"
    assert report.at(license="llama-3.1", scope="used") == []
    assert report.data["summary"]["deny"] == report.data["summary"]["warn"] == report.data["summary"]["exit_code"] == 0
    shown = report.at(license="llama-3.1", scope="option")
    assert {"acceptable-use", "user-threshold"} <= {one.term for one in shown}
    assert {one.severity for one in shown} == {"info"}


def test_20_option_would_bring_duties(scene: Scene) -> None:
    scene.relate(PRODUCT, "loads", scene.base("3.1", "llama3.1", publisher="meta", optional=True))
    shown = scene.report().at(license="llama-3.1", scope="option")
    assert {"display-branding", "notice-file", "include-license"} <= {one.term for one in shown}


# 21. Stability Community model, revenue unknown; Kimi K2 model, users unknown


@pytest.mark.parametrize(
    ("revenue", "verdict", "asks"),
    [(None, "applies-if", ("revenue_usd_per_year",)), (900_000, "not-triggered", ()), (2_000_000, "applies", ())],
)
def test_21_stability_revenue(scene: Scene, revenue: int | None, verdict: str, asks: tuple[str, ...]) -> None:
    scene.context = {"revenue_usd_per_year": revenue}
    scene.relate(PRODUCT, "loads", scene.base("sd", "lien:stability-ai-community-2024", publisher="stabilityai"))
    found = scene.report().one(term="revenue-threshold")
    assert (found.certainty, found.verdict, found.asks) == ("settled", verdict, asks)


def kimi(scene: Scene, **context: object) -> Report:
    scene.context = context
    scene.relate(PRODUCT, "loads", scene.base("k2", "lien:moonshot-ai-modified-mit-2025", publisher="moonshotai"))
    return scene.report()


def test_21_kimi_threshold_brings_a_display_duty_and_no_bar(scene: Scene) -> None:
    report = kimi(scene, monthly_users=None)
    found = report.one(term="display-branding")
    assert (found.rule, found.verdict, found.params) == ("duty", "applies-if", {"text": "Kimi K2"})
    assert "monthly_users" in found.asks
    assert not report.words() & {"user-threshold", "revenue-threshold"}


@pytest.mark.parametrize(
    ("users", "revenue", "verdict"), [(200_000_000, 0, "applies"), (1000, 400_000_000, "applies"), (1000, 1_000_000, "not-triggered")]
)
def test_21_kimi_display_duty_by_users_or_revenue(scene: Scene, users: int, revenue: int, verdict: str) -> None:
    """More than 100 million monthly active users, or more than 20 million US dollars of revenue a month."""
    report = kimi(scene, monthly_users=users, revenue_usd_per_year=revenue)
    assert report.one(term="display-branding").verdict == verdict


# 22. Llama 3.3 recorded as finetuned from 3.1; Gemma recorded as distilled from Gemini


def test_22_licensors_newer_model_stands_under_the_newer_text_alone(scene: Scene) -> None:
    newer = scene.base("3.3", "llama3.3", publisher="meta")
    scene.relate(newer, "finetuned-from", llama(scene, "3.1"))
    tuned = scene.make("model:acme/llama-tuned", ("finetuned-from", newer))
    scene.publish(tuned)
    scene.relate(PRODUCT, "ships", newer)
    report = scene.report()
    llamas = {one.license for one in report.findings if (one.license or "").startswith("llama")}
    assert llamas == {"llama-3.3"}
    assert report.of_rule("breach") == []
    assert report.of_rule("drift") == []


def test_22_gemma_distilled_from_gemini(scene: Scene) -> None:
    scene.context = {"competes_with": ["google"]}
    scene.add("service:gemini-fiction", "lien:gemini-api-terms-2025", publisher="google")
    gemma = scene.base("g", "gemma", publisher="google", released="2025-03-24")
    scene.relate(gemma, "distilled-from", "service:gemini-fiction")
    scene.relate(PRODUCT, "ships", gemma)
    report = scene.report()
    assert {one.license for one in report.findings} == {"gemma-2025-03-24"}
    assert report.of_rule("breach") == []


# 23. vendor's service calls OpenAI, the product calls the vendor


def test_23_openai_terms_through_a_vendor_are_contested(scene: Scene) -> None:
    scene.add("service:vendor", publisher="vendor")
    scene.relate("service:vendor", "calls", openai(scene))
    scene.relate(PRODUCT, "calls", "service:vendor")
    found = scene.report().at(license="openai-tou")
    assert {"acceptable-use", "no-output-training"} <= {one.term for one in found}
    assert {(one.certainty, one.questions) for one in found} == {("contested", (THIRD_PARTIES,))}


def test_23_own_calls_are_settled(scene: Scene) -> None:
    scene.relate(PRODUCT, "calls", openai(scene))
    found = scene.report().at(license="openai-tou")
    assert {"acceptable-use", "no-output-training"} <= {one.term for one in found}
    assert {one.certainty for one in found} == {"settled"}


# 24. 200 MIT packages


def mit_packages(folder: Path, first: int, last: int) -> Report:
    scene = Scene(folder)
    for number in range(first, last):
        scene.relate(PRODUCT, "depends-on", scene.add(f"package:npm/part-{number:03}@1.{number}.0", "MIT"))
    return scene.report()


def test_24_two_hundred_mit_notices_are_one_line_with_a_stable_id(tmp_path: Path) -> None:
    found = mit_packages(tmp_path / "a", 1, 201).at()
    assert [(one.rule, one.term, len(one.origins)) for one in found] == [("duty", "retain-notices", 200)]
    added = mit_packages(tmp_path / "b", 0, 201).one(term="retain-notices")
    assert (len(added.origins), added.id) == (201, found[0].id)


# 25. product ships a FAQ that Gemma wrote


def test_25_faq_written_by_gemma_owes_nothing(scene: Scene) -> None:
    gemma = scene.base("g", "gemma", publisher="google", released="2024-06-27")
    faq = scene.make("dataset:acme/faq", ("generated-by", gemma), licenses=("cc0-1.0",))
    scene.relate(PRODUCT, "ships", faq)
    scene.publish(faq)
    report = scene.report()
    assert [one for one in report.findings if (one.license or "").startswith("gemma")] == []
    assert report.of_rule("drift") == []


# 26. X learned from Llama 3.1 outputs; Y learned from X's outputs


def taught_in_turn(scene: Scene, teacher: str) -> tuple[str, str]:
    written = scene.make("dataset:acme/one", ("generated-by", teacher))
    x = scene.make("model:acme/x", ("finetuned-on", written), task="text-generation")
    y = scene.make("model:acme/y", ("finetuned-on", scene.make("dataset:acme/two", ("generated-by", x))), task="text-generation")
    scene.publish(x, y)
    return x, y


def test_26_name_ends_at_the_first_model_taught_by_llama_31(scene: Scene) -> None:
    x, y = taught_in_turn(scene, llama(scene, "3.1"))
    report = scene.report()
    name = report.one(x, term="model-name-prefix", rule="duty")
    assert (name.certainty, name.verdict) == ("settled", "applies")
    assert report.at(y, license="llama-3.1") == []


def test_26_gemmas_policy_goes_on_if_made_to_imitate(scene: Scene) -> None:
    models = taught_in_turn(scene, scene.base("g", "gemma", publisher="google", released="2024-06-27"))
    report = scene.report()
    for model in models:
        found = report.one(model, license="gemma", term="acceptable-use")
        assert (found.certainty, found.questions, found.form) == ("contested", ("made-to-imitate",), "work, is")
        assert found.binds


def test_26_gemmas_policy_ends_if_the_policy_says_not_made_to_imitate(scene: Scene) -> None:
    scene.policy = {"made-to-imitate": "no"}
    models = taught_in_turn(scene, scene.base("g", "gemma", publisher="google", released="2024-06-27"))
    report = scene.report()
    assert [report.words(model, license="gemma", binding=True) for model in models] == [set(), set()]


# 27. a host serves Llama 3.1; the product calls the host, keeps the outputs, trains a model


def test_27_hosted_llama_31(scene: Scene) -> None:
    scene.add("service:host", publisher="host")
    scene.relate("service:host", "serves", llama(scene, "3.1"))
    scene.relate(PRODUCT, "calls", "service:host")
    kept = scene.make("dataset:acme/kept", ("generated-by", "service:host"))
    model = scene.make("model:acme/own", ("finetuned-on", kept), task="text-generation")
    scene.publish(model)
    report = scene.report()
    assert report.at(license="llama-3.1") == []
    name = report.one(model, term="model-name-prefix", rule="duty")
    assert (name.license, name.certainty) == ("llama-3.1", "settled")
    assert name.path == ("model:meta/3.1", "service:host", "dataset:acme/kept", model)


# 28. Apache app ships a CC-BY-NC model; Apache dataset contains CC-BY-NC data


def test_28_app_that_ships_a_non_commercial_model_does_not_drift(scene: Scene) -> None:
    scene.license = "Apache-2.0"
    model = scene.base("nc", "cc-by-nc-4.0", publisher="lab")
    app = scene.make("package:pypi/tool@1", ("ships", model), licenses=("Apache-2.0",))
    scene.relate(PRODUCT, "ships", model)
    scene.relate(PRODUCT, "depends-on", app)
    report = scene.report()
    found = report.one(term="non-commercial")
    assert (found.certainty, found.verdict, found.severity) == ("settled", "applies", "deny")
    assert report.of_rule("drift") == []


def test_28_dataset_that_contains_non_commercial_data_drifts(scene: Scene) -> None:
    part = scene.add("dataset:lab/nc", "cc-by-nc-4.0")
    whole = scene.make("dataset:acme/whole", ("contains", part), licenses=("apache-2.0",))
    scene.publish(whole)
    report = scene.report()
    for artifact in (whole, PRODUCT):
        found = report.one(artifact, term="non-commercial", rule="inherited")
        assert (found.certainty, found.verdict, found.origins) == ("settled", "applies", (part,))
    drift = report.one(whole, rule="drift")
    assert (drift.term, drift.license, drift.params["declared"]) == ("non-commercial", "cc-by-nc-4.0", ["apache-2.0"])
    assert report.of_rule("drift") == [drift]


# 29. three-cycle of models whose relations pass different terms


def test_29_members_of_a_cycle_hold_only_what_a_route_brings(scene: Scene) -> None:
    """Round a, b, c: CC-BY-NC names no outputs, so it stops before c; of Llama 2 only the bar on outputs goes on."""
    a = scene.add("model:acme/a", "cc-by-nc-4.0", task="text-generation")
    b = scene.make("model:acme/b", ("finetuned-from", a), licenses=("llama2",), task="text-generation")
    c = scene.make("model:acme/c", ("distilled-from", b), licenses=("mit",), task="text-generation")
    scene.relate(a, "merged-from", c)
    scene.publish(a, b, c)
    report = scene.report()
    assert report.at(c, license="cc-by-nc-4.0") == []
    assert "non-commercial" in report.words(b)
    assert {one.term for one in report.at(c, license="llama-2", rule="inherited")} == {"no-output-training"}
    assert {one.term for one in report.at(a, license="llama-2", rule="inherited")} == {"no-output-training"}
    assert {one.term for one in report.at(b, license="mit")} == {"retain-notices"}
    assert {one.artifact for one in report.of_rule("breach") if one.license == "llama-2"} == {c}
