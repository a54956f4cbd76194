"""One malformed SPDX document of each format: its place is named, the audit ends with 2, and everything else is read."""

import json
from pathlib import Path

import pytest
from running import report_of, write

GOOD = "requests==2.32.0\n"
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#">\n'
NAMELESS = "has no name; write the name of the package"


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        (
            "app.spdx.json",
            json.dumps({"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID": "SPDXRef-a"}, {"SPDXID": "SPDXRef-b", "name": "b"}]}, indent=1),
            4,
            NAMELESS,
        ),
        (
            "app.spdx.json",
            '{"spdxVersion": "SPDX-2.3",\n "packages": [',
            2,
            "is not JSON: Expecting value at column 15; mend the file or leave it out",
        ),
        ("app.spdx.yaml", "spdxVersion: SPDX-2.3\npackages:\n- SPDXID: SPDXRef-a\n- SPDXID: SPDXRef-b\n  name: b\n", 3, NAMELESS),
        (
            "app.spdx",
            "SPDXVersion: SPDX-2.3\nno tag\n",
            2,
            '"no tag" is no tag with a value; write Tag: value',
        ),
        (
            "app.spdx.xml",
            "<Document>\n<packages><SPDXID>SPDXRef-a</SPDXID></packages>\n<packages><name>b</name></packages>\n</Document>",
            2,
            NAMELESS,
        ),
        (
            "app.spdx.rdf.xml",
            f"{RDF}<spdx:Package rdf:about='#SPDXRef-a'/>\n<spdx:Package rdf:about='#SPDXRef-b'><spdx:name>b</spdx:name></spdx:Package></rdf:RDF>",
            2,
            NAMELESS,
        ),
        (
            "app.spdx3.json",
            json.dumps(
                {
                    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
                    "@graph": [
                        {"type": "software_Package", "spdxId": "urn:a"},
                        {"type": "software_Package", "spdxId": "urn:b", "name": "b"},
                    ],
                },
                indent=1,
            ),
            4,
            NAMELESS,
        ),
    ],
)
def test_a_broken_document(tmp_path: Path, name: str, text: str, line: int, message: str) -> None:
    report = report_of(write(tmp_path, {name: text, "requirements.txt": GOOD}))
    assert [(one["path"], one["line"], one["message"]) for one in report["coverage"]["errors"]] == [(name, line, message)]
    assert report["summary"]["exit_code"] == 2
    found = {one["id"] for one in report["artifacts"]}
    assert "package:pypi/requests@2.32.0" in found
    names = {one["name"] for one in report["artifacts"]}
    assert "b" in names or message != NAMELESS
