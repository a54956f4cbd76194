"""The example products through the front door: `python -m lien audit`, its exit code and its JSON."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"

Finding = dict[str, Any]


def lien(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A run of the command with nothing of our environment but where programs are found."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "lien", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


def audit(folder: Path) -> tuple[int, dict[str, Any]]:
    """Exit code and report."""
    run = lien("audit", folder, "--format", "json", "--as-of", "2026-11-20")
    assert run.stderr == ""
    report: dict[str, Any] = json.loads(run.stdout)
    assert report["schema"] == "lien-report/1"
    assert report["summary"]["exit_code"] == run.returncode
    return run.returncode, report


def only(report: dict[str, Any], rule: str, term: str, license_: str, origin: str, artifact: str) -> Finding:
    """The one finding of a term from an origin at an artifact."""
    wanted = (rule, term, {"license": license_, "artifact": origin}, artifact)
    found = [one for one in report["findings"] if (one["rule"], one["term"], one["origin"], one["artifact"]) == wanted]
    assert len(found) == 1, wanted
    result: Finding = found[0]
    return result


def stands_there(folder: Path, evidence: dict[str, Any]) -> bool:
    """Does the line of the file hold what the evidence quotes? A JSON value begins on the line that is given."""
    text = (folder / evidence["path"]).read_text(encoding="utf-8").splitlines()
    rest = "\n".join(text[evidence["line"] - 1 :])
    if evidence["pointer"] is None:
        # A name that code follows to a constant stands where the constant does; both places are given.
        return evidence["as_written"] in (text[evidence["line"] - 1] if not evidence["path"].endswith(".py") else "\n".join(text))
    value: Any = json.loads((folder / evidence["path"]).read_text(encoding="utf-8"))
    for key in evidence["pointer"].split("/")[1:]:
        value = value[int(key) if isinstance(value, list) else key]
    start = min(position for position in map(rest.find, '"{[') if position >= 0)
    if rest.lstrip().startswith('"') and isinstance(value, dict | list):
        start = min(position for position in map(rest.find, "{[") if position >= 0)  # the key stands before its value
    return bool(json.JSONDecoder().raw_decode(rest[start:])[0] == value)


# --- alpaca-assistant -------------------------------------------------------------------------------

ALPACA = EXAMPLES / "alpaca-assistant"
LLAMA, DIFF, DATA, MODEL = "model:meta/llama-7b", "model:tatsu-lab/alpaca-7b-wdiff", "dataset:tatsu-lab/alpaca", "model:acme/support-7b"
OPENAI, TERMS = "service:openai", "openai-tou-2023-03-14"


@pytest.fixture(scope="module")
def alpaca() -> dict[str, Any]:
    code, report = audit(ALPACA)
    assert code == 1
    return report


def test_alpaca_reads_every_input(alpaca: dict[str, Any]) -> None:
    coverage = alpaca["coverage"]
    assert {"bom.cdx.json", "models/support-7b/README.md", "requirements.txt"} <= set(coverage["read"])
    assert [coverage[key] for key in ("unread", "skipped", "errors")] == [[], [], []]
    assert coverage["considered"] == sum(path.is_file() for path in ALPACA.rglob("*"))
    assert (alpaca["product"]["name"], alpaca["product"]["license"]) == ("support-bot", "LicenseRef-Acme-Proprietary")
    assert [one["id"] for one in alpaca["artifacts"] if one["made_here"]] == [MODEL]


@pytest.mark.parametrize(("term", "clause"), [("non-commercial", "2.a (i)"), ("non-production", "2.a (i)"), ("research-only", "1.a")])
def test_alpaca_inherits_llama_1(alpaca: dict[str, Any], term: str, clause: str) -> None:
    finding = only(alpaca, "inherited", term, "llama-1", LLAMA, "product")
    assert finding["path"] == [LLAMA, DIFF, MODEL, "product"]
    assert (finding["certainty"], finding["verdict"], finding["severity"], finding["clause"]) == ("settled", "applies", "deny", clause)
    assert finding["quote"]
    assert {one["path"] for one in finding["evidence"]} == {"bom.cdx.json", "app/main.py"}
    assert all(stands_there(ALPACA, one) for one in finding["evidence"])
    reach = {(one["to"], one["from"]): one["reach"] for one in alpaca["relations"] if one["type"] == "finetuned-from"}
    assert (reach[LLAMA, DIFF], reach[DIFF, MODEL]) == ("derive", "derive")


def test_alpaca_learned_from_openai(alpaca: dict[str, Any]) -> None:
    finding = only(alpaca, "inherited", "no-output-training", TERMS, OPENAI, "product")
    assert finding["path"] == [OPENAI, "service:openai/text-davinci-003", DATA, MODEL, "product"]
    assert (finding["certainty"], finding["questions"]) == ("contested", ["terms-bind-third-parties"])
    assert (finding["verdict"], finding["asks"], finding["severity"]) == ("applies-if", ["competes_with"], "warn")
    assert finding["clause"] == "2(c)(iii)"
    breach = only(alpaca, "breach", "no-output-training", TERMS, OPENAI, MODEL)
    assert breach["path"] == [OPENAI, "service:openai/text-davinci-003", DATA, MODEL]
    for one in (*finding["evidence"], *breach["evidence"]):
        assert stands_there(ALPACA, one)
    reach = {(one["to"], one["from"]): one["reach"] for one in alpaca["relations"]}
    assert (reach["service:openai/text-davinci-003", DATA], reach[DATA, MODEL]) == ("output", "train")


def test_alpaca_data_are_non_commercial(alpaca: dict[str, Any]) -> None:
    data = only(alpaca, "inherited", "non-commercial", "cc-by-nc-4.0", DATA, "product")
    assert (data["path"], data["certainty"], data["questions"]) == ([DATA, MODEL, "product"], "contested", ["data-binds-weights"])
    assert (data["severity"], data["clause"]) == ("warn", '2(a)(1); 1(i), "NonCommercial"')
    diff = only(alpaca, "inherited", "non-commercial", "cc-by-nc-4.0", DIFF, "product")
    assert (diff["path"], diff["certainty"], diff["severity"]) == ([DIFF, MODEL, "product"], "settled", "deny")
    assert all(stands_there(ALPACA, one) for finding in (data, diff) for one in finding["evidence"])


def test_alpaca_card_drifts(alpaca: dict[str, Any]) -> None:
    drift = only(alpaca, "drift", "non-commercial", "llama-1", LLAMA, MODEL)
    assert (drift["path"], drift["certainty"], drift["severity"]) == ([LLAMA, DIFF, MODEL], "settled", "warn")
    assert drift["params"]["declared"] == ["apache-2.0"]
    assert {"non-commercial", "research-only"} <= set(drift["params"]["missing"])
    assert ("models/support-7b/README.md", 2) in [(one["path"], one["line"]) for one in drift["evidence"]]
    assert all(stands_there(ALPACA, one) for one in drift["evidence"])
    # The product's licence speaks of its own code: it does not drift.
    assert not [one for one in alpaca["findings"] if one["rule"] == "drift" and one["artifact"] == "product"]


def test_alpaca_table() -> None:
    run = lien("audit", ALPACA, "--as-of", "2026-11-20")
    lines = run.stdout.splitlines()
    assert (run.returncode, run.stderr) == (1, "")
    assert lines[0].startswith("support-bot: MAY NOT SHIP")
    assert max(map(len, lines)) <= 80
    assert "finetuned-from model:meta/llama-7b" in run.stdout
    assert "\x1b" not in run.stdout


def test_mistral_in_place_of_alpaca(alpaca: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "support-bot"
    shutil.copytree(ALPACA, folder)
    card = folder / "models" / "support-7b" / "README.md"
    card.write_text(
        card.read_text(encoding="utf-8").replace("base_model: tatsu-lab/alpaca-7b-wdiff", "base_model: mistralai/Mistral-7B-v0.1"),
        encoding="utf-8",
    )
    bom = json.loads((folder / "bom.cdx.json").read_text(encoding="utf-8"))
    model = next(one for one in bom["components"] if one["bom-ref"] == "support-7b")
    clean = json.loads((EXAMPLES / "clean-assistant" / "bom.cdx.json").read_text(encoding="utf-8"))
    model["pedigree"] = next(one for one in clean["components"] if one["bom-ref"] == "helpdesk-7b")["pedigree"]
    (folder / "bom.cdx.json").write_text(json.dumps(bom, indent=2), encoding="utf-8")

    code, report = audit(folder)
    assert (code, report["summary"]["deny"]) == (0, 0)
    assert "llama" not in json.dumps(report["findings"]).lower()
    # What the data bring is still there, under the same ids.
    kept = [
        only(alpaca, "inherited", "no-output-training", TERMS, OPENAI, "product"),
        only(alpaca, "inherited", "non-commercial", "cc-by-nc-4.0", DATA, "product"),
    ]
    assert {one["id"] for one in kept} <= {one["id"] for one in report["findings"]}


# --- clean-assistant --------------------------------------------------------------------------------


def test_clean_assistant_may_ship() -> None:
    code, report = audit(EXAMPLES / "clean-assistant")
    assert code == 0
    assert (report["summary"]["deny"], report["summary"]["warn"]) == (0, 0)
    assert {"bom.cdx.json", "models/helpdesk-7b/README.md", "requirements.txt"} <= set(report["coverage"]["read"])
    assert [report["coverage"][key] for key in ("unread", "skipped", "errors")] == [[], [], []]
    duties = {
        (one["term"], one["origin"]["license"])
        for one in report["findings"]
        if one["rule"] == "duty" and one["artifact"] == "product" and one["verdict"] == "applies"
    }
    assert {("include-license", "apache-2.0"), ("retain-notices", "bsd-3-clause"), ("retain-notices", "mit")} <= duties
    model, data = "model:acme/helpdesk-7b", "dataset:databricks/databricks-dolly-15k"
    share = only(report, "inherited", "copyleft", "cc-by-sa-3.0", data, model)
    assert (share["path"], share["certainty"], share["questions"], share["severity"]) == (
        [data, model],
        "contested",
        ["data-binds-weights"],
        "info",
    )
    limits = {one["term"] for one in report["findings"] if one["rule"] in ("inherited", "drift", "breach")}
    assert not limits & {"non-commercial", "research-only", "non-production", "no-output-training", "user-threshold", "acceptable-use"}
    # Nothing is unknown but what Mistral does not tell.
    assert [(one["term"], one["origin"]["artifact"]) for one in report["findings"] if one["rule"] == "unknown"] == [
        ("opaque-provenance", "model:mistralai/mistral-7b-v0.1")
    ]


def test_clean_assistant_table() -> None:
    run = lien("audit", EXAMPLES / "clean-assistant", "--as-of", "2026-11-20")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("helpdesk-bot: nothing denied")
    assert "\nDUTIES\n" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80
