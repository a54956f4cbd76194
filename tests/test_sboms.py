"""Our BOMs of real systems: valid CycloneDX, and what an audit says of each, and by which path.

Every test asserts on the JSON report (DESIGN section 8), and on what must not stand in it.
"""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from lien import api

ROOT = Path(__file__).parent.parent
SBOMS = sorted((ROOT / "sboms").glob("*.cdx.json"))
EXAMPLES = sorted((ROOT / "examples").glob("*/bom.cdx.json"))

Report = dict[str, Any]
Finding = dict[str, Any]
Audit = Callable[..., Report]

SELLER = {"commercial": True, "hosts": ["application"], "distributes": [], "modifies": False, "publishes": False}
"""A commercial product that lets customers use the model through an application, and hands nothing out."""
PUBLISHER = {"commercial": True, "hosts": ["application", "model-api"], "distributes": ["weights"], "modifies": True, "publishes": True}
"""Somebody who changes the model, publishes the weights and offers an API to it."""

BARS = frozenset({"non-commercial", "research-only", "non-production", "no-redistribution", "no-derivatives", "no-training", "territory"})
"""Limits that bar a commercial product outright."""


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    """Audits one of our BOMs in a context, and gives back the report as data."""

    def run(name: str, context: dict[str, object] | None = None) -> Report:
        policy = tmp_path / "lien.toml"
        lines = [f"{key} = {json.dumps(value)}" for key, value in (SELLER if context is None else context).items()]
        policy.write_text("\n".join(["[context]", *lines, ""]), encoding="utf-8")
        audited = api.audit([ROOT / "sboms" / f"{name}.cdx.json"], policy_file=policy)
        report: Report = json.loads("".join(api.render(audited, "json")))
        return report

    return run


def found(report: Report, **wanted: object) -> list[Finding]:
    """The findings with these values; `license` and `origin` speak of the first origin."""

    def value(finding: Finding, key: str) -> object:
        origin = finding["origin"] or {}
        return origin.get({"license": "license", "origin": "artifact"}[key]) if key in ("license", "origin") else finding[key]

    return [one for one in report["findings"] if all(value(one, key) == wish for key, wish in wanted.items())]


def only(report: Report, **wanted: object) -> Finding:
    """The one finding with these values."""
    findings = found(report, **wanted)
    assert len(findings) == 1, [(one["rule"], one["term"], one["path"]) for one in findings]
    return findings[0]


def licenses_in(report: Report) -> set[str]:
    """Every licence that stands on an artifact of the graph."""
    return {license_["id"] for artifact in report["artifacts"] for license_ in artifact["licenses"] if license_["id"]}


def terms_at(report: Report, artifact: str, **wanted: object) -> set[str]:
    """The words of what was found at an artifact and is not set aside."""
    return {one["term"] for one in found(report, artifact=artifact, **wanted) if one["verdict"] in ("applies", "applies-if")}


# --- the files ------------------------------------------------------------------------------------


def _validator() -> jsonschema_rs.Draft7Validator:
    resources = files("cyclonedx.schema") / "_res"

    def schema(uri: str) -> Any:  # noqa: ANN401  # JSON Schema
        return json.loads((resources / uri.rpartition("/")[2]).read_text(encoding="utf-8"))

    return jsonschema_rs.Draft7Validator(schema("bom-1.6.SNAPSHOT.schema.json"), retriever=schema, validate_formats=True)


def test_schema() -> None:
    validator = _validator()
    assert len(SBOMS) == 15
    for path in (*SBOMS, *EXAMPLES):
        problems = [
            f"{path.name}: {one.instance_path}: {one.message}"
            for one in validator.iter_errors(json.loads(path.read_text(encoding="utf-8")))
        ]
        assert problems == []
    assert not validator.is_valid({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "model", "name": "x"}]})


def test_files_are_pretty_and_fixed() -> None:
    serials = set()
    for path in (*SBOMS, *EXAMPLES):
        text = path.read_text(encoding="utf-8")
        bom = json.loads(text)
        assert text == json.dumps(bom, indent=2, ensure_ascii=False) + "\n", path.name
        assert bom["metadata"]["timestamp"] == "2026-11-20T00:00:00Z", path.name
        serials.add(bom["serialNumber"])
    assert len(serials) == len(SBOMS) + len(EXAMPLES)


@pytest.mark.parametrize("path", SBOMS, ids=lambda path: path.name)
def test_every_report_is_sound(path: Path, audit: Audit) -> None:
    report = audit(path.name.removesuffix(".cdx.json"), PUBLISHER)
    assert report["coverage"]["read"] == [path.name]
    assert report["coverage"]["errors"] == report["coverage"]["unread"] == []
    assert found(report, term_key="unresolved-reference") == []
    ids = [one["id"] for one in report["findings"]]
    assert sorted(ids) == sorted(set(ids))
    steps = {(one["to"], one["from"]) for one in report["relations"]}
    lines = path.read_text(encoding="utf-8").count("\n")
    for finding in report["findings"]:
        assert finding["path"][-1] == finding["artifact"]
        if finding["rule"] != "unknown":
            assert finding["path"][0] == finding["origin"]["artifact"]
            assert finding["clause"]
            assert finding["quote"]
        assert set(zip(finding["path"], finding["path"][1:], strict=False)) <= steps
        assert finding["evidence"], finding["message"]
        assert all(1 <= one["line"] <= lines for one in finding["evidence"] if one["path"] is not None)


# --- LLaMA 1 and its children -----------------------------------------------------------------------


def test_alpaca_inherits_llama_1(audit: Audit) -> None:
    report = audit("alpaca")
    assert report["summary"]["exit_code"] == 1
    for term, clause in (("non-commercial", "2.a (i)"), ("non-production", "2.a (i)"), ("research-only", "1.a")):
        model = only(report, rule="inherited", term=term, license="llama-1", artifact="model:tatsu-lab/stanford_alpaca")
        assert model["path"] == ["model:meta/llama-7b", "model:tatsu-lab/stanford_alpaca"]
        product = only(report, rule="inherited", term=term, license="llama-1", artifact="product")
        assert product["path"] == ["model:meta/llama-7b", "model:tatsu-lab/stanford_alpaca", "product"]
        for finding in (model, product):
            assert (finding["certainty"], finding["verdict"], finding["severity"]) == ("settled", "applies", "deny")
            assert finding["clause"] == clause


def test_alpaca_difference_is_contested(audit: Audit) -> None:
    report = audit("alpaca")
    own = only(
        report,
        rule="inherited",
        term="non-commercial",
        license="cc-by-nc-4.0",
        origin="model:tatsu-lab/alpaca-7b-wdiff",
        artifact="product",
    )
    assert (own["path"], own["certainty"], own["severity"]) == (["model:tatsu-lab/alpaca-7b-wdiff", "product"], "settled", "deny")
    drift = only(report, rule="drift", license="llama-1", artifact="model:tatsu-lab/alpaca-7b-wdiff")
    assert drift["path"] == ["model:meta/llama-7b", "model:tatsu-lab/alpaca-7b-wdiff"]
    assert (drift["certainty"], drift["questions"]) == ("contested", ["adapter-is-derivative"])
    assert drift["params"]["declared"] == ["cc-by-nc-4.0"]
    assert "research-only" in drift["params"]["missing"]


def test_alpaca_data(audit: Audit) -> None:
    report = audit("alpaca")
    data = only(report, rule="inherited", term="non-commercial", license="cc-by-nc-4.0", artifact="model:tatsu-lab/stanford_alpaca")
    assert data["path"] == ["dataset:tatsu-lab/alpaca", "model:tatsu-lab/stanford_alpaca"]
    assert (data["certainty"], data["questions"], data["severity"]) == ("contested", ["data-binds-weights"], "warn")


def test_alpaca_learned_from_openai(audit: Audit) -> None:
    report = audit("alpaca")
    path = ["service:openai", "dataset:tatsu-lab/alpaca", "model:tatsu-lab/stanford_alpaca"]
    for rule in ("inherited", "breach"):
        finding = only(report, rule=rule, term="no-output-training", artifact="model:tatsu-lab/stanford_alpaca")
        # Who made the data made the model, so nobody here is a stranger to the terms.
        assert (finding["path"], finding["certainty"], finding["questions"]) == (path, "settled", [])
        # The oldest version known: the data are a day older.
        assert finding["origin"]["license"] == "openai-tou-2023-03-14"
        assert (finding["verdict"], finding["asks"]) == ("applies-if", ["competes_with"])
    product = only(report, rule="inherited", term="no-output-training", artifact="product")
    assert (product["certainty"], product["questions"]) == ("contested", ["terms-bind-third-parties"])


def test_alpaca_breach_hangs_on_competition(audit: Audit) -> None:
    rival = audit("alpaca", {**SELLER, "competes_with": ["openai"]})
    assert only(rival, rule="breach", artifact="model:tatsu-lab/stanford_alpaca")["severity"] == "deny"
    assert found(audit("alpaca", {**SELLER, "competes_with": []}), rule="breach") == []


def test_vicuna_1_3_is_llama_1(audit: Audit) -> None:
    report = audit("vicuna-v1.3")
    assert report["summary"]["exit_code"] == 1
    for term in ("non-commercial", "non-production", "research-only"):
        finding = only(report, rule="inherited", term=term, artifact="product")
        assert finding["path"] == ["model:meta/llama-7b", "model:lmsys/vicuna-7b-v1.3", "product"]
        assert (finding["origin"]["license"], finding["certainty"], finding["severity"]) == ("llama-1", "settled", "deny")
    assert "llama-2" not in licenses_in(report)
    assert not terms_at(report, "product", license="llama-1") & {"user-threshold", "no-output-training"}


def test_vicuna_1_5_is_llama_2(audit: Audit) -> None:
    report = audit("vicuna-v1.5", PUBLISHER)
    assert report["summary"]["exit_code"] == 0
    path = ["model:meta-llama/llama-2-7b-hf", "model:lmsys/vicuna-7b-v1.5", "product"]
    for term in ("acceptable-use", "user-threshold", "include-license", "notice-file", "no-output-training"):
        finding = only(report, term=term, license="llama-2", artifact="product")
        assert (finding["path"], finding["certainty"]) == (path, "settled")
    assert only(report, term="user-threshold", artifact="product")["params"]["monthly_users"] == 700_000_000
    assert only(report, rule="inherited", term="no-output-training", license="llama-2", artifact="product")["asks"] == ["trains_on_outputs"]
    assert "llama-1" not in licenses_in(report)
    assert not BARS & {one["term"] for one in report["findings"]}
    # Llama 2 asks for no name and no phrase; it is no breach of 1.b.v to be a Llama 2 model.
    assert not {"model-name-prefix", "display-branding"} & {one["term"] for one in report["findings"]}
    assert found(report, rule="breach", license="llama-2") == []


@pytest.mark.parametrize("version", ["v1.3", "v1.5"])
def test_vicuna_learned_from_strangers_chats(version: str, audit: Audit) -> None:
    report = audit(f"vicuna-{version}")
    model = f"model:lmsys/vicuna-7b-{version}"
    # Users asked ChatGPT and shared the answers; LMSYS gathered them.
    for rule in ("inherited", "breach"):
        finding = only(report, rule=rule, term="no-output-training", origin="service:openai", artifact=model)
        assert finding["path"] == ["service:openai", "dataset:sharegpt", "dataset:lmsys/sharegpt", model]
        assert (finding["certainty"], finding["questions"]) == ("contested", ["terms-bind-third-parties"])
        assert finding["severity"] == "warn"


# --- open weights -----------------------------------------------------------------------------------


def test_gpt_j(audit: Audit) -> None:
    report = audit("gpt-j", PUBLISHER)
    assert report["summary"]["exit_code"] == 0
    notice = only(report, rule="duty", term="retain-notices", license="apache-2.0", artifact="product")
    assert notice["path"] == ["model:eleutherai/gpt-j-6b", "product"]
    assert notice["verdict"] == "applies"
    # Of the Pile, what binds adaptations may bind the model, and never the product that ships it.
    share = only(report, rule="inherited", term="copyleft", artifact="model:eleutherai/gpt-j-6b")
    assert share["path"] == ["dataset:eleutherai/pile-stackexchange", "dataset:eleutherai/pile", "model:eleutherai/gpt-j-6b"]
    assert (share["certainty"], share["questions"], share["severity"]) == ("contested", ["data-binds-weights"], "info")
    assert not BARS & {one["term"] for one in report["findings"]}
    assert not {"copyleft", "no-output-training", "acceptable-use"} & terms_at(report, "product")


def test_mistral(audit: Audit) -> None:
    report = audit("mistral", PUBLISHER)
    assert report["summary"] == {**report["summary"], "deny": 0, "warn": 0, "exit_code": 0}
    assert terms_at(report, "product", rule="inherited") == {"no-trademark", "patent-termination"}
    assert terms_at(report, "product", rule="duty") >= {"include-license", "retain-notices", "state-changes"}
    unknown = only(report, rule="unknown")
    assert (unknown["term"], unknown["origin"]["artifact"]) == ("opaque-provenance", "model:mistralai/mistral-7b-v0.1")


def test_openllama_is_no_llama(audit: Audit) -> None:
    report = audit("openllama", PUBLISHER)
    assert report["summary"]["exit_code"] == 0
    assert not {one for one in licenses_in(report) if one.startswith("llama")}
    assert not {one["id"] for one in report["artifacts"] if one["id"].startswith("model:meta")}
    assert not BARS & {one["term"] for one in report["findings"]}
    assert only(report, rule="duty", term="include-license", license="apache-2.0", artifact="product")["path"] == [
        "model:openlm-research/open_llama_7b",
        "product",
    ]
    share = only(report, rule="inherited", term="copyleft", artifact="model:openlm-research/open_llama_7b")
    redpajama = "dataset:togethercomputer/redpajama-data-1t"
    assert share["path"] == ["dataset:wikipedia", f"{redpajama}/wikipedia", redpajama, "model:openlm-research/open_llama_7b"]
    assert (share["certainty"], share["questions"]) == ("contested", ["data-binds-weights"])


def test_amber_has_only_the_architecture_of_llama(audit: Audit) -> None:
    report = audit("llm360-amber", PUBLISHER)
    assert report["summary"]["exit_code"] == 0
    assert not {one for one in licenses_in(report) if one.startswith("llama")}
    assert not (BARS | {"no-output-training"}) & {one["term"] for one in report["findings"]}
    assert only(report, rule="duty", term="include-license", license="apache-2.0", artifact="product")["path"] == [
        "model:llm360/amber",
        "product",
    ]
    share = only(report, rule="inherited", term="copyleft", artifact="model:llm360/amber")
    assert share["path"] == [
        "dataset:wikipedia",
        "dataset:togethercomputer/redpajama-data-1t/wikipedia",
        "dataset:llm360/amberdatasets",
        "model:llm360/amber",
    ]
    assert share["certainty"] == "contested"
    contained = {
        one["to"]: one for one in report["relations"] if one["from"] == "dataset:llm360/amberdatasets" and one["type"] == "contains"
    }
    assert {"dataset:tiiuae/falcon-refinedweb", "dataset:bigcode/starcoderdata"} <= contained.keys()
    assert contained["dataset:bigcode/starcoderdata"]["evidence"][0]["path"] == "llm360-amber.cdx.json"


def test_dolly_v2(audit: Audit) -> None:
    report = audit("dolly-v2", PUBLISHER)
    assert report["summary"]["exit_code"] == 0
    model = "model:databricks/dolly-v2-12b"
    assert only(report, rule="duty", license="mit", artifact="product")["path"] == [model, "product"]
    pythia = only(report, rule="duty", term="include-license", license="apache-2.0", artifact="product")
    assert (pythia["path"], pythia["certainty"]) == (["model:eleutherai/pythia-12b", model, "product"], "settled")
    share = only(report, rule="inherited", term="copyleft", origin="dataset:databricks/databricks-dolly-15k", artifact=model)
    assert (share["path"], share["certainty"], share["questions"]) == (
        ["dataset:databricks/databricks-dolly-15k", model],
        "contested",
        ["data-binds-weights"],
    )
    assert (share["origin"]["license"], share["params"]["strength"]) == ("cc-by-sa-3.0", "data")
    assert "copyleft" not in terms_at(report, "product")
    # Dolly v1 was GPT-J on the Alpaca data; people wrote the data of v2.
    assert not {one["id"] for one in report["artifacts"]} & {"dataset:tatsu-lab/alpaca", "service:openai", "model:eleutherai/gpt-j-6b"}
    assert not (BARS | {"no-output-training"}) & {one["term"] for one in report["findings"]}


# --- texts with limits of their own -----------------------------------------------------------------


def test_falcon_180b_may_not_be_hosted(audit: Audit) -> None:
    hosted = audit("falcon-180b", PUBLISHER)
    finding = only(hosted, rule="inherited", term="no-hosted-service", artifact="product")
    assert finding["path"] == ["model:tiiuae/falcon-180b", "product"]
    assert (finding["origin"]["license"], finding["clause"], finding["certainty"]) == ("falcon-180b", "9.1 to 9.4", "settled")
    assert (finding["verdict"], finding["severity"], hosted["summary"]["exit_code"]) == ("applies", "deny", 1)
    assert {"acceptable-use", "pass-on-terms"} <= {one["term"] for one in found(hosted, license="falcon-180b", artifact="product")}


def test_falcon_180b_in_an_application(audit: Audit) -> None:
    report = audit("falcon-180b", {**SELLER, "fields": ["customer-support"]})
    assert only(report, rule="inherited", term="no-hosted-service", artifact="product")["verdict"] == "not-triggered"
    assert report["summary"]["exit_code"] == 0
    assert not BARS & {one["term"] for one in report["findings"]}


def test_bloom(audit: Audit) -> None:
    report = audit("bloom", PUBLISHER)
    assert report["summary"]["exit_code"] == 0
    for term in ("acceptable-use", "pass-on-terms", "include-license"):
        finding = only(report, term=term, license="bigscience-bloom-rail-1.0", artifact="product")
        assert (finding["path"], finding["certainty"]) == (["model:bigscience/bloom", "product"], "settled")
    use = only(report, term="acceptable-use", artifact="product")
    assert (use["verdict"], use["asks"]) == ("applies-if", ["fields"])
    assert {"medical-advice", "law-enforcement"} <= set(use["params"]["uses"])
    assert not (BARS | {"no-output-training"}) & {one["term"] for one in report["findings"]}


def test_bloom_in_a_barred_field(audit: Audit) -> None:
    assert only(audit("bloom", {**SELLER, "fields": ["medical-advice"]}), term="acceptable-use", artifact="product")["severity"] == "deny"


def test_bloomchat_inherits_the_rail(audit: Audit) -> None:
    report = audit("bloomchat", PUBLISHER)
    assert report["summary"]["exit_code"] == 0
    model = "model:sambanovasystems/bloomchat-176b-v1"
    for term in ("acceptable-use", "pass-on-terms"):
        at_model = only(report, term=term, license="bigscience-bloom-rail-1.0", artifact=model)
        assert (at_model["path"], at_model["certainty"]) == (["model:bigscience/bloom", model], "settled")
        at_product = only(report, term=term, license="bigscience-bloom-rail-1.0", artifact="product")
        assert (at_product["path"], at_product["certainty"]) == (["model:bigscience/bloom", model, "product"], "settled")
    share = only(report, rule="inherited", term="copyleft", origin="dataset:databricks/databricks-dolly-15k", artifact=model)
    assert (share["path"], share["certainty"]) == (["dataset:databricks/databricks-dolly-15k", model], "contested")
    # HC3 in OIG holds answers by ChatGPT, which others asked for.
    assert {one["certainty"] for one in found(report, rule="inherited", term="no-output-training")} <= {"contested"}
    assert not BARS & terms_at(report, "product", certainty="settled")


def test_zephyr_is_contested_through_its_data(audit: Audit) -> None:
    report = audit("zephyr", PUBLISHER)
    assert (report["summary"]["exit_code"], report["summary"]["deny"]) == (0, 0)
    model, chat = "model:huggingfaceh4/zephyr-7b-beta", "dataset:huggingfaceh4/ultrachat_200k"
    finding = only(report, rule="inherited", term="no-output-training", origin="service:openai", artifact="product")
    assert finding["path"] == ["service:openai", "dataset:openbmb/ultrachat", chat, model, "product"]
    assert (finding["certainty"], finding["questions"], finding["severity"]) == ("contested", ["terms-bind-third-parties"], "warn")
    assert finding["origin"]["license"] == "openai-tou-2023-03-14"
    # Whatever reaches it by learning is contested; from Mistral comes no limit at all.
    assert {
        one["certainty"]
        for one in report["findings"]
        if one["term"] in BARS | {"no-output-training"} and one["artifact"] in (model, "product")
    } == {"contested"}
    assert terms_at(report, "product", rule="inherited", origin="model:mistralai/mistral-7b-v0.1") == {"no-trademark", "patent-termination"}
    assert only(report, rule="duty", license="mit", artifact="product")["path"] == [model, "product"]


def test_zephyr_has_a_second_route_to_openai() -> None:
    audited = api.audit([ROOT / "sboms" / "zephyr.cdx.json"])
    routes = "".join(api.why(audited, "no-output-training"))
    assert "dataset:openbmb/ultrachat" in routes
    assert "dataset:openbmb/ultrafeedback" in routes


def test_olmo_instruct_and_its_mixture(audit: Audit) -> None:
    report = audit("olmo-instruct", PUBLISHER)
    assert (report["summary"]["exit_code"], report["summary"]["deny"]) == (0, 0)
    model, sft, mixture = "model:allenai/olmo-7b-instruct", "model:allenai/olmo-7b-sft", "dataset:allenai/tulu-v2-sft-mixture"
    code = only(report, rule="inherited", term="non-commercial", origin="dataset:sahil2801/codealpaca-20k", artifact=model)
    assert code["path"] == ["dataset:sahil2801/codealpaca-20k", mixture, model]
    assert (code["certainty"], code["questions"], code["severity"]) == ("contested", ["data-binds-weights"], "warn")
    # On the mixture itself the limit of a part is settled, and its own ODC-By does not say it.
    drift = only(report, rule="drift", origin="dataset:sahil2801/codealpaca-20k", artifact=mixture)
    assert (drift["path"], drift["certainty"]) == (["dataset:sahil2801/codealpaca-20k", mixture], "settled")
    assert (drift["params"]["declared"], drift["params"]["missing"][0]) == (["odc-by-1.0"], "non-commercial")
    openai = found(report, rule="inherited", term="no-output-training", license="openai-tou-2023-03-14", artifact=model)
    assert {(one["certainty"], *one["questions"]) for one in openai} == {("contested", "terms-bind-third-parties")}
    base = only(report, rule="duty", term="include-license", license="apache-2.0", artifact="product")
    assert (base["path"], base["certainty"]) == (["model:allenai/olmo-7b", sft, model, "product"], "settled")
    assert not BARS & terms_at(report, "product", certainty="settled")


def test_zephyr_gemma_owes_the_policy(audit: Audit) -> None:
    report = audit("zephyr-gemma", PUBLISHER)
    way = ["model:google/gemma-7b", "model:huggingfaceh4/zephyr-7b-gemma-sft-v0.1", "model:huggingfaceh4/zephyr-7b-gemma-v0.1"]
    for term in ("acceptable-use", "pass-on-terms", "include-license", "notice-file"):
        for path in (way, [*way, "product"]):
            finding = only(report, term=term, license="gemma-2024-02-21", artifact=path[-1])
            assert (finding["path"], finding["certainty"]) == (path, "settled")
    policy = only(report, term="acceptable-use", license="gemma-2024-02-21", artifact="product")
    assert (policy["verdict"], policy["asks"]) == ("applies-if", ["fields"])
    assert policy["params"]["policy"].startswith("https://ai.google.dev/gemma/prohibited_use_policy")
    # The text in force at the release, no later one; and Gemma frees outputs.
    assert {one for one in licenses_in(report) if one.startswith("gemma")} == {"gemma-2024-02-21"}
    assert found(report, term="no-output-training", license="gemma-2024-02-21") == []
    assert not BARS & terms_at(report, "product", certainty="settled")


def test_hermes_owes_the_name_of_llama(audit: Audit) -> None:
    report = audit("hermes-3-llama-3.1", PUBLISHER)
    base, model = "model:meta-llama/llama-3.1-8b", "model:nousresearch/hermes-3-llama-3.1-8b"
    name = only(report, rule="duty", term="model-name-prefix", license="llama-3.1", artifact=model)
    assert (name["path"], name["params"], name["certainty"], name["verdict"]) == ([base, model], {"prefix": "Llama"}, "settled", "applies")
    for path in ([base, model], [base, model, "product"]):
        built = only(report, rule="duty", term="display-branding", license="llama-3.1", artifact=path[-1])
        assert (built["path"], built["params"], built["certainty"], built["verdict"]) == (
            path,
            {"text": "Built with Llama"},
            "settled",
            "applies",
        )
    for term in ("acceptable-use", "user-threshold", "include-license", "notice-file"):
        assert only(report, term=term, license="llama-3.1", artifact="product")["path"] == [base, model, "product"]
    # A name is the model's, not the product's; and 3.1 gave up the bar on teaching other models.
    assert "model-name-prefix" not in terms_at(report, "product", license="llama-3.1")
    assert found(report, term="no-output-training", license="llama-3.1") == []
    assert not BARS & {one["term"] for one in report["findings"]}
