"""`lien audit --strict`: BOMs held to their official schemas, every violation at its line."""

import json
from pathlib import Path

import pytest
from running import cleaned, report_of, run, write

BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "components": [
        {"type": "library", "name": "a", "scope": "sometimes"},
        {"type": "library", "name": "b", "licenses": [{"license": {"id": "Apache2"}}], "colour": "red"},
        {"type": "library", "name": "c", "externalReferences": [{"type": "website", "url": "no address\\"}]},
    ],
    "serialNumber": "urn:uuid:1",
}
SPEC_1_6 = "breaks the schema of CycloneDX 1.6: "


def bom(**more: object) -> str:
    return json.dumps({**BOM, **more}, indent=1)


def errors(folder: Path, *arguments: str) -> list[tuple[str, int | None, str]]:
    return [(one["path"], one["line"], one["message"]) for one in report_of(folder, "--strict", *arguments)["coverage"]["errors"]]


def test_every_violation_is_reported_at_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"bom.json": bom()})
    assert errors(tmp_path) == [
        ("bom.json", 8, SPEC_1_6 + '"sometimes" is not one of "required", "optional" or "excluded"'),
        ("bom.json", 10, SPEC_1_6 + "Additional properties are not allowed ('colour' was unexpected)"),
        ("bom.json", 16, SPEC_1_6 + '"Apache2" is not one of "0BSD", "3D-Slicer-1.0" or 809 other candidates'),
        ("bom.json", 28, SPEC_1_6 + "fits none of the forms that are allowed here"),
        (
            "bom.json",
            33,
            SPEC_1_6 + '"urn:uuid:1" does not match "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"',
        ),
    ]
    assert report_of(tmp_path, "--strict")["summary"]["exit_code"] == 2


def test_what_breaks_the_schema_is_read_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"bom.json": bom()})
    lenient, strict = report_of(tmp_path), report_of(tmp_path, "--strict")
    assert lenient["coverage"]["errors"] == []
    assert lenient["summary"]["exit_code"] == 0
    assert lenient["artifacts"] == strict["artifacts"]


def test_a_denied_finding_counts_more_than_a_violation(tmp_path: Path) -> None:
    write(tmp_path, {"bom.json": bom(components=[{"type": "library", "name": "a", "licenses": [{"license": {"id": "CC-BY-NC-4.0"}}]}])})
    assert report_of(tmp_path, "--strict")["summary"]["exit_code"] == 1


def test_a_bom_among_tests_is_not_owed(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"tests/bom.json": bom(), "bom.json": bom(components=[], serialNumber="urn:uuid:" + "0" * 8 + "-0000" * 3 + "-" + "0" * 12)},
    )
    coverage = report_of(tmp_path, "--strict")["coverage"]
    assert coverage["errors"] == []
    assert {one["path"] for one in coverage["unread"]} == {"tests/bom.json"}
    assert coverage["read"] == ["bom.json"]


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("9.9", 'is "9.9"; CycloneDX has JSON schemas for 1.2, 1.3, 1.4, 1.5, 1.6, 1.7'),
        (None, "is null; CycloneDX has JSON schemas for 1.2, 1.3, 1.4, 1.5, 1.6, 1.7"),
    ],
)
def test_a_version_without_a_schema_is_an_error(tmp_path: Path, version: str | None, message: str) -> None:
    write(tmp_path, {"bom.json": bom(specVersion=version)})
    assert errors(tmp_path) == [("bom.json", 3, message)]


def test_without_the_schemas_the_extra_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"bom.json": bom(), "hide/cyclonedx.py": ""})
    done = run("audit", "--strict", cwd=tmp_path, env=cleaned(PYTHONPATH=f"{tmp_path / 'hide'}:{cleaned()['PYTHONPATH']}"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'lien: --strict needs the official CycloneDX schemas, which are not installed; run: pip install "lien[strict]"\n'


BROKEN_XML = """<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1" serialNumber="urn:uuid:1">
  <components>
    <component type="library">
      <name>a</name>
      <scope>sometimes</scope>
      <licenses><license><id>Apache2</id></license></licenses>
      <colour>red</colour>
    </component>
  </components>
</bom>
"""


def test_every_violation_of_xml_is_reported_at_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"bom.xml": BROKEN_XML})
    found = errors(tmp_path)
    assert {line for _, line, _ in found} == {2, 6, 7, 8}
    assert all(message.startswith("breaks the schema of CycloneDX 1.5: ") and len(message) < 300 for _, _, message in found)
    assert [message for _, line, message in found if line == 8] == [
        (
            "breaks the schema of CycloneDX 1.5: Element 'colour': This element is not expected. Expected is one of "
            "( copyright, cpe, purl, swid, modified, pedigree, externalReferences, properties, components, evidence )"
        )
    ]
    assert report_of(tmp_path)["coverage"]["errors"] == []


def test_an_xml_version_without_a_schema_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"bom.xml": BROKEN_XML.replace("bom/1.5", "bom/9")})
    assert errors(tmp_path) == [
        ("bom.xml", 2, 'is of version "9" by its namespace; CycloneDX has XML schemas for 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7')
    ]


def test_xml_that_cannot_be_read_is_refused_once(tmp_path: Path) -> None:
    write(tmp_path, {"bom.xml": "<!DOCTYPE bom>\n" + BROKEN_XML.partition("\n")[2]})
    assert errors(tmp_path) == [("bom.xml", 1, "has a document type (<!DOCTYPE …>), which lien does not read; take it out")]


def test_without_lxml_the_extra_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"bom.xml": BROKEN_XML, "hide/lxml.py": ""})
    done = run("audit", "--strict", cwd=tmp_path, env=cleaned(PYTHONPATH=f"{tmp_path / 'hide'}:{cleaned()['PYTHONPATH']}"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'lien: --strict needs lxml to hold XML to its schema; run: pip install "lien[strict]"\n'


def test_every_violation_of_a_large_bom_is_reported(tmp_path: Path) -> None:
    component = '<component type="{}" bom-ref="{}"><name>a</name></component>\n'
    components = "".join(component.format("library" if number % 1000 else "thing", number % 3000) for number in range(3001))
    write(tmp_path, {"bom.xml": f'<bom xmlns="http://cyclonedx.org/schema/bom/1.5">\n<components>\n{components}</components></bom>'})
    found = errors(tmp_path)
    assert {line for _, line, _ in found} == {3, 1003, 2003, 3003}
    assert [message for _, line, message in found if line == 3003 and "bom-ref" in message] == [
        'breaks the schema of CycloneDX 1.5: bom-ref "0" is the one of line 3, too'
    ]
