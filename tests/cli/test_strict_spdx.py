"""`lien audit --strict` on SPDX: documents held to the official schemas of their versions, every violation at its line."""

import json
import shutil
from pathlib import Path

import pytest
from running import report_of, write

DATA = Path(__file__).parent.parent / "data" / "spdx"
SPDX2 = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "creationInfo": {"created": "2026-03-02T10:00:00Z", "creators": ["Tool: by-hand"]},
    "dataLicense": "CC0-1.0",
    "name": "app",
    "documentNamespace": "https://app.example/1",
    "packages": [{"SPDXID": "SPDXRef-app", "name": "app", "colour": "red", "downloadLocation": "NOASSERTION"}],
}


def errors(folder: Path) -> list[tuple[str, int | None, str]]:
    return [(one["path"], one["line"], one["message"]) for one in report_of(folder, "--strict")["coverage"]["errors"]]


@pytest.mark.parametrize("name", ["mail-sorter.spdx.json", "mail-sorter.spdx.yaml", "letters.spdx3.json"])
def test_valid_documents_have_no_violation(tmp_path: Path, name: str) -> None:
    shutil.copy(DATA / name, tmp_path)
    assert errors(tmp_path) == []


def test_violations_of_spdx_2(tmp_path: Path) -> None:
    write(tmp_path, {"app.spdx.json": json.dumps({**SPDX2, "dataLicense": 1}, indent=1)})
    assert errors(tmp_path) == [
        ("app.spdx.json", 10, 'breaks the schema of SPDX 2.3: 1 is not of type "string"'),
        ("app.spdx.json", 14, "breaks the schema of SPDX 2.3: Additional properties are not allowed ('colour' was unexpected)"),
    ]
    assert report_of(tmp_path, "--strict")["summary"]["exit_code"] == 2
    assert report_of(tmp_path)["coverage"]["errors"] == []


def test_violations_of_yaml_have_lines(tmp_path: Path) -> None:
    text = (DATA / "mail-sorter.spdx.yaml").read_text("utf-8").replace("licenseDeclared: MIT\n", "licenseDeclared: [MIT]\n", 1)
    write(tmp_path, {"app.spdx.yaml": text})
    line = text.split("licenseDeclared: [MIT]")[0].count("\n") + 1
    assert errors(tmp_path) == [
        ("app.spdx.yaml", line, 'breaks the schema of SPDX 2.3: ["MIT"] is not of type "string"'),
    ]


def test_violations_of_spdx_3(tmp_path: Path) -> None:
    document = json.loads((DATA / "letters.spdx3.json").read_text("utf-8"))
    document["@graph"][4]["ai_colour"] = "red"
    write(tmp_path, {"app.spdx3.json": json.dumps(document, indent=1)})
    found = errors(tmp_path)
    assert found
    assert all(path == "app.spdx3.json" and "breaks the schema of SPDX 3.0.1" in message for path, _, message in found)


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("SPDX-2.1", 'is "SPDX-2.1"; SPDX has JSON schemas for SPDX-2.2 and SPDX-2.3'),
        (None, "is null; SPDX has JSON schemas for SPDX-2.2 and SPDX-2.3"),
    ],
)
def test_a_version_without_a_schema_is_an_error(tmp_path: Path, version: str | None, message: str) -> None:
    write(tmp_path, {"app.spdx.json": json.dumps({**SPDX2, "spdxVersion": version}, indent=1)})
    assert errors(tmp_path) == [("app.spdx.json", 2, message)]
