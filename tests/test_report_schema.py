"""`lien-report/1` as its schema says it, for everything that a report can hold, and finding ids that stay.

The schema is docs/report.schema.json; its closed lists are those of the code.
"""

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from lien import api
from lien.judgement.findings import RuleName, Verdict
from lien.resolvers.licenses import Standing
from lien.vocabulary.conditions import CONTEXT_CONDITIONS, Distribution, Hosting
from lien.vocabulary.forms import Form
from lien.vocabulary.ids import without_version
from lien.vocabulary.kinds import Basis, Kind, Scope
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.questions import PRESETS, Answer, Question
from lien.vocabulary.relations import ReachClass, Relation
from lien.vocabulary.words import WORDS

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(path.parent for path in ROOT.glob("examples/*/bom.cdx.json"))
SBOMS = sorted(ROOT.glob("sboms/*.cdx.json"))

Report = dict[str, Any]


def report_of(*paths: Path, policy: Path | None = None) -> Report:
    """The report of some paths, of a fixed day."""
    audited = api.audit(paths, policy_file=policy, as_of=dt.date(2026, 11, 20))
    report: Report = json.loads("".join(api.render(audited, "json")))
    return report


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def problems(schema: dict[str, Any]) -> Callable[[object], list[str]]:
    """What the schema says against a value."""
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return lambda value: [f"{one.instance_path}: {one.message}" for one in validator.iter_errors(value)]


# --- the schema -----------------------------------------------------------------------------------


def test_schema_is_one(schema: dict[str, Any]) -> None:
    assert jsonschema_rs.meta.is_valid(schema)


def test_closed_lists_are_those_of_the_code(schema: dict[str, Any]) -> None:
    parts = schema["$defs"]

    def listed(part: str, key: str) -> list[str]:
        return sorted(map(str, parts[part]["properties"][key]["enum"]))

    def named(values: Iterable[object]) -> list[str]:
        return sorted(map(str, values))

    assert listed("finding", "rule") == named(RuleName)
    assert listed("finding", "term") == named(WORDS)
    assert listed("finding", "verdict") == named(Verdict)
    assert listed("finding", "form") == named([*Form, None])
    assert listed("artifact", "kind") == named(Kind)
    assert listed("license", "scheme") == named(Scheme)
    assert listed("license", "standing") == named(Standing)
    assert listed("relation", "type") == named(Relation)
    assert listed("evidence", "basis") == named(Basis)
    for part, values in (("scope", Scope), ("reach", ReachClass), ("question", Question), ("answer", Answer)):
        assert named(parts[part]["enum"]) == named(values)
    product = schema["properties"]["product"]["properties"]
    assert named(product["context"]["properties"]) == named(product["assumed"]["items"]["enum"]) == named(CONTEXT_CONDITIONS)
    assert product["context"]["properties"]["distributes"]["items"]["enum"] == list(Distribution)
    assert product["context"]["properties"]["hosts"]["items"]["enum"] == list(Hosting)
    answers = product["policy"]["properties"]["answers"]
    assert named(answers["properties"]) == named(answers["required"]) == named(Question)
    assert named(product["policy"]["properties"]["preset"]["enum"]) == named(PRESETS)


def test_every_record_is_closed(schema: dict[str, Any]) -> None:
    """Each key of a record is required and no other allowed, but for what is free by design."""

    def records(node: object, place: str) -> Iterable[tuple[str, dict[str, Any]]]:
        if isinstance(node, dict):
            if node.get("type") == "object" and "properties" in node:
                yield place, node
            for key, value in node.items():
                yield from records(value, f"{place}/{key}")

    for place, node in records(schema, ""):
        assert node["additionalProperties"] is False, place
        if not place.endswith("/product/properties/context"):
            assert sorted(node["required"]) == sorted(node["properties"]), place


# --- reports --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*EXAMPLES, *SBOMS], ids=lambda path: path.name.partition(".")[0])
def test_reports_of_this_repository(path: Path, problems: Callable[[object], list[str]]) -> None:
    report = report_of(path)
    assert problems(report) == []
    assert report["findings"]
    ids = [one["id"] for one in report["findings"]]
    assert len(ids) == len(set(ids))


def test_the_schema_refuses(problems: Callable[[object], list[str]]) -> None:
    report = report_of(EXAMPLES[0])
    changes: tuple[Callable[[Report], object], ...] = (
        lambda one: one.update(more=1),
        lambda one: one.pop("corrections"),
        lambda one: one["findings"][0].update(severity="fatal"),
        lambda one: one["findings"][0].pop("evidence"),
        lambda one: one["findings"][0].update(certainty="contested", questions=[]),
        lambda one: one["artifacts"][0]["evidence"][0].update(path="/etc/passwd"),
        lambda one: one["relations"][0].update(type="dependsOn"),
        lambda one: one["summary"].update(exit_code=3),
    )
    for change in changes:
        broken = json.loads(json.dumps(report))
        change(broken)
        assert problems(broken) != []


_BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {"component": {"type": "application", "bom-ref": "app", "name": "tracker"}},
    "components": [
        {
            "type": "machine-learning-model",
            "bom-ref": "llama",
            "name": "Llama-2-7b-hf",
            "purl": "pkg:huggingface/meta-llama/Llama-2-7b-hf",
        },
        {"type": "data", "bom-ref": "data", "name": "acme/notes", "licenses": [{"license": {"name": "Notes License 1.0"}}]},
        {
            "type": "library",
            "bom-ref": "left",
            "name": "left",
            "version": "1.2.0",
            "purl": "pkg:npm/left@1.2.0",
            "licenses": [{"expression": "GPL-3.0-only OR MIT"}],
        },
    ],
    "dependencies": [{"ref": "app", "dependsOn": ["llama", "data", "left", "nowhere"]}],
}

_FILES = {
    "bom.cdx.json": json.dumps(_BOM, indent=1),
    "broken.cdx.json": '{"bomFormat": "CycloneDX", "components": [',
    "models/bad/README.md": "---\nlicense: [\n---\n",
    "models/bot/README.md": "---\nlicense: mit\nbase_model: meta-llama/Llama-2-7b-hf\ndatasets: [acme/notes]\n---\n# acme/bot\n",
    "pyproject.toml": '[project]\nname = "tracker"\nversion = "1"\ndependencies = ["click==8.1.7"]\n\n'
    '[project.optional-dependencies]\nfast = ["quick-but-closed"]\n',
    "legal/licenses/quick-eula.yaml": "id: quick-eula\nname: Quick EULA\nabout: [software]\n"
    "names: {spdx: [LicenseRef-Quick]}\ntext: {title: Quick EULA, url: 'https://quick.example/eula', read: whole, on: 2026-11-20}\n"
    "terms:\n- {key: hosting, word: no-hosted-service, clause: '3', quote: may not host it, reach: [copy, include, link]}\n",
    "legal/packages/quick.yaml": "publisher: quick\npublisher_kind: company\n"
    "sources: {page: {title: Quick, url: 'https://quick.example', on: 2026-11-20}}\n"
    "artifacts:\n- id: package:pypi/quick-but-closed\n  licenses: [{claim: LicenseRef-Quick, scheme: spdx, source: page}]\n",
    "lien.toml": """
product = {name = "tracker", license = "Apache-2.0", publisher = "acme"}
context = {commercial = true, hosts = ["application"], distributes = ["app"], fields = ["support"]}
catalog = {paths = ["legal"]}

[policy]
data-binds-weights = "yes"
selection-is-output = "no"

[[rule]]
term = "unknown-license"
action = "allow"
reason = "looked at by hand"

[[agreement]]
origin = "llama-2"
terms = ["user-threshold"]
reason = "contract 7"

[[relation]]
from = "product"
type = "calls"
to = "service:openai/gpt-4o"
source = "operations"
date = 2025-03-01

[[correction]]
from = "model:acme/bot"
to = "dataset:acme/notes"
reason = "evaluation only"

[[correction]]
artifact = "model:acme/bot"
claim = "mit"
reason = "left over from a template"
""",
}


def test_a_report_of_everything(tmp_path: Path, problems: Callable[[object], list[str]]) -> None:
    for name, text in _FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = report_of(tmp_path)
    assert problems(report) == []

    # It holds what the schema is to be tried on.
    assert report["catalog"]["overlays"]
    assert [one["path"] for one in report["coverage"]["errors"]] == ["broken.cdx.json"]
    assert [one["path"] for one in report["coverage"]["unread"]] == ["models/bad/README.md"]
    assert [one["what"] for one in report["corrections"]] == [
        "model:acme/bot declares mit",
        "model:acme/bot trained-on dataset:acme/notes",
    ]
    assert {one["standing"] for artifact in report["artifacts"] for one in artifact["licenses"]} >= {"encoded", "unread"}
    assert any(artifact["chosen"] for artifact in report["artifacts"])
    findings = report["findings"]
    assert {one["rule"] for one in findings} >= {"inherited", "duty", "unknown"}
    assert {one["verdict"] for one in findings} >= {"applies", "applies-if", "not-triggered", "waived"}
    assert {one["scope"] for one in findings} >= {"used", "option"}
    assert any(not one["origins"] for one in findings)
    assert {one["basis"] for one in every_evidence(report)} >= {"declared", "catalogued"}
    assert str(tmp_path) not in json.dumps(report)


def every_evidence(report: Report) -> Iterable[dict[str, Any]]:
    """All evidence of a report."""
    for part in ("artifacts", "relations", "findings", "corrections"):
        for record in report[part]:
            yield from record["evidence"]


# --- ids ------------------------------------------------------------------------------------------


def what_it_is(report: Report) -> dict[str, tuple[object, ...]]:
    """Findings by id, as what must not change with a path, a line or a version."""
    return {
        one["id"]: (
            one["rule"],
            one["term"],
            one["term_key"],
            without_version(one["artifact"]),
            sorted((origin["license"], without_version(origin["artifact"])) for origin in one["origins"]),
            one["severity"],
        )
        for one in report["findings"]
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_finding_ids_stay(example: Path, tmp_path: Path) -> None:
    before = report_of(example)
    assert all(re.fullmatch(r"[0-9a-f]{10}", one) for one in what_it_is(before))
    (project,) = (path for path in example.rglob("lien.toml"))

    def changed(name: str, change: Callable[[Path], None]) -> Report:
        folder = tmp_path / name / example.name
        shutil.copytree(example, folder)
        change(folder)
        return report_of(folder, policy=project)

    def other_paths(folder: Path) -> None:
        (folder / "parts").mkdir()
        (folder / "bom.cdx.json").rename(folder / "parts" / "product.cdx.json")
        (folder / "requirements.txt").rename(folder / "parts" / "requirements-all.txt")
        (folder / "models").rename(folder / "weights")

    def other_lines(folder: Path) -> None:
        bom = folder / "bom.cdx.json"
        bom.write_text("\n\n" + json.dumps(json.loads(bom.read_text(encoding="utf-8")), indent=7), encoding="utf-8")
        requirements = folder / "requirements.txt"
        requirements.write_text("# one more line\n\n" + requirements.read_text(encoding="utf-8"), encoding="utf-8")
        for card in folder.glob("models/*/README.md"):
            card.write_text(card.read_text(encoding="utf-8").replace("---\n", "---\n# a comment\n", 1), encoding="utf-8")

    def other_versions(folder: Path) -> None:
        for file in ("bom.cdx.json", "requirements.txt"):
            text = (folder / file).read_text(encoding="utf-8")
            names = re.findall(r"^([a-z-]+)==", (folder / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
            for name in names:
                text = re.sub(rf"({name}(?:==|@))[\d.]+", r"\g<1>9.9.9", text)
            (folder / file).write_text(re.sub(r'"version": "\d+\.\d+\.\d+"', '"version": "9.9.9"', text), encoding="utf-8")

    for name, change in (("paths", other_paths), ("lines", other_lines), ("versions", other_versions)):
        after = changed(name, change)
        assert what_it_is(after) == what_it_is(before), name
        assert after["coverage"]["errors"] == after["coverage"]["unread"] == []
        places = [{(one["path"], one["line"]) for one in every_evidence(report) if one["path"]} for report in (before, after)]
        named = [{one["id"] for one in report["artifacts"] if one["kind"] == "package"} for report in (before, after)]
        # The change was one.
        assert named[0] != named[1] if name == "versions" else places[0] != places[1]
