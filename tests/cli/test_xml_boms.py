"""CycloneDX XML through the front door: lines in the report, and a broken file beside a whole one."""

from pathlib import Path

from running import report_of, write

WHOLE = """<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6">
  <components>
    <component type="machine-learning-model">
      <name>acme/chat</name>
      <licenses>
        <license><id>CC-BY-NC-4.0</id></license>
      </licenses>
    </component>
  </components>
</bom>
"""


def test_a_restriction_is_found_at_its_line(tmp_path: Path) -> None:
    report = report_of(write(tmp_path, {"bom.xml": WHOLE}))
    assert report["summary"]["exit_code"] == 1
    (model,) = [one for one in report["artifacts"] if one["id"] == "model:acme/chat"]
    assert [(one["path"], one["line"], one["reader"]) for one in model["evidence"]] == [("bom.xml", 4, "cyclonedx-xml")]
    assert [(one["id"], one["evidence"][0]["line"]) for one in model["licenses"]] == [("cc-by-nc-4.0", 7)]


def test_a_broken_file_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"bom.xml": WHOLE.replace("CC-BY-NC-4.0", "MIT"), "old/bom.xml": WHOLE.replace("</name>", "</nam>")})
    report = report_of(tmp_path)
    assert report["coverage"]["read"] == ["bom.xml"]
    assert report["coverage"]["errors"] == [
        {"path": "old/bom.xml", "line": 5, "message": "is not XML: mismatched tag; mend the file or leave it out"}
    ]
    assert report["summary"]["exit_code"] == 2


def test_any_xml_in_the_namespace_is_a_bom_and_other_xml_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"inventory.xml": WHOLE, "pom.xml": "<project/>", "sbom/pom.xml": "<project/>"})
    coverage = report_of(tmp_path)["coverage"]
    assert (coverage["read"], coverage["errors"], coverage["passed_over"]) == (["inventory.xml"], [], {".xml": 1})
    assert coverage["skipped"] == [{"path": "sbom/pom.xml", "reason": "does not begin like the format that its name suggests"}]


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE bom [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n' + WHOLE.partition("\n")[2].replace("acme", "&b;")
    coverage = report_of(write(tmp_path, {"bom.xml": bomb}))["coverage"]
    assert coverage["errors"] == [
        {"path": "bom.xml", "line": 1, "message": "has a document type (<!DOCTYPE …>), which lien does not read; take it out"}
    ]
