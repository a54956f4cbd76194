"""Several SBOMs and a repository audited together are one graph: the same package by purl is one artifact."""

import json
from pathlib import Path
from typing import Any

from running import report_of, write

CYCLONEDX = json.dumps(
    {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [
            {
                "type": "library",
                "bom-ref": "t",
                "name": "torch",
                "purl": "pkg:pypi/torch@2.3.1",
                "licenses": [{"expression": "BSD-3-Clause"}],
            },
            {"type": "machine-learning-model", "bom-ref": "m", "name": "lab/m", "purl": "pkg:huggingface/Lab/M"},
        ],
    }
)
SPDX = json.dumps(
    {
        "spdxVersion": "SPDX-2.3",
        "SPDXID": "SPDXRef-DOCUMENT",
        "packages": [
            {"SPDXID": "SPDXRef-app", "name": "app"},
            {
                "SPDXID": "SPDXRef-t",
                "name": "pytorch",
                "versionInfo": "2.3.1",
                "externalRefs": [
                    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/Torch@2.3.1"}
                ],
            },
            {
                "SPDXID": "SPDXRef-d",
                "name": "d",
                "downloadLocation": "https://huggingface.co/datasets/lab/d",
                "licenseDeclared": "CC-BY-NC-4.0",
            },
            {"SPDXID": "SPDXRef-m", "name": "m", "downloadLocation": "https://huggingface.co/lab/m"},
        ],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-app"},
            {"spdxElementId": "SPDXRef-app", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-t"},
            {"spdxElementId": "SPDXRef-d", "relationshipType": "DATA_FILE_OF", "relatedSpdxElement": "SPDXRef-m"},
        ],
    }
)
SPDX3 = json.dumps(
    {
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": [
            {"type": "SpdxDocument", "spdxId": "urn:doc", "rootElement": ["urn:app"]},
            {"type": "software_Package", "spdxId": "urn:app", "name": "app"},
            {"type": "ai_AIPackage", "spdxId": "urn:m", "name": "Lab/M"},
            {"type": "dataset_DatasetPackage", "spdxId": "urn:d", "name": "lab/d"},
            {"type": "Relationship", "spdxId": "urn:r", "from": "urn:m", "relationshipType": "trainedOn", "to": ["urn:d"]},
        ],
    }
)
FILES = {
    "bom.json": CYCLONEDX,
    "sbom/app.spdx.json": SPDX,
    "sbom/app.spdx3.json": SPDX3,
    "requirements.txt": "torch==2.3.1\n",
}


def test_one_artifact_with_all_its_evidence(tmp_path: Path) -> None:
    report = report_of(write(tmp_path, FILES))
    artifacts = {one["id"]: one for one in report["artifacts"]}
    assert [one for one in artifacts if "torch" in one] == ["package:pypi/torch@2.3.1"]
    places = {one["path"] for one in artifacts["package:pypi/torch@2.3.1"]["evidence"] if one["basis"] == "declared"}
    assert places == {"bom.json", "sbom/app.spdx.json", "requirements.txt"}
    (depends,) = [one for one in report["relations"] if one["to"] == "package:pypi/torch@2.3.1"]
    assert {one["path"] for one in depends["evidence"]} == places
    (trained,) = [one for one in report["relations"] if one["to"] == "dataset:lab/d"]
    assert (trained["from"], trained["type"]) == ("model:lab/m", "trained-on")
    assert {one["path"] for one in trained["evidence"]} == {"sbom/app.spdx.json", "sbom/app.spdx3.json"}


def test_a_restriction_crosses_from_one_file_to_another(tmp_path: Path) -> None:
    """The data are in one SBOM with their licence; that the product loads the model is said in another."""
    report = report_of(write(tmp_path, {**FILES, "lien.toml": "context = {commercial = true}\n"}))
    (finding,) = [one for one in report["findings"] if one["term"] == "non-commercial" and one["artifact"] == "product"]
    assert finding["path"] == ["dataset:lab/d", "model:lab/m", "product"]


def test_order_of_files_changes_nothing(tmp_path: Path) -> None:
    one = report_of(write(tmp_path / "one" / "app", FILES))
    other = report_of(write(tmp_path / "other" / "app", dict(reversed(FILES.items()))))
    assert one == other


APP = """SPDXVersion: SPDX-2.3
DocumentNamespace: https://app.example/app
ExternalDocumentRef: DocumentRef-lib https://app.example/lib SHA1: 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12
ExternalDocumentRef: DocumentRef-far https://far.example/far SHA1: 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12
PackageName: app
SPDXID: SPDXRef-app
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app
Relationship: SPDXRef-app STATIC_LINK DocumentRef-lib:SPDXRef-inner
Relationship: SPDXRef-app DYNAMIC_LINK DocumentRef-lib:SPDXRef-file
Relationship: SPDXRef-app DEPENDS_ON DocumentRef-far:SPDXRef-x
"""
LIB = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "documentNamespace": "https://app.example/lib",
    "documentDescribes": ["SPDXRef-lib"],
    "packages": [
        {"SPDXID": "SPDXRef-lib", "name": "lib"},
        {"SPDXID": "SPDXRef-inner", "name": "inner", "versionInfo": "1"},
        {"SPDXID": "SPDXRef-outer", "name": "outer", "versionInfo": "2", "hasFiles": ["SPDXRef-file"]},
    ],
    "files": [{"SPDXID": "SPDXRef-file", "fileName": "./a.so"}],
}


def test_elements_of_spdx_3_documents_anywhere_in_the_tree(tmp_path: Path) -> None:
    def document(own: str, *elements: Any, **more: object) -> str:  # noqa: ANN401  # any JSON
        graph = [{"type": "SpdxDocument", "spdxId": f"urn:{own}", "rootElement": [f"urn:{own}#m"], **more}, *elements]
        return json.dumps({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}, indent=1)

    model = {"type": "ai_AIPackage", "spdxId": "urn:a#m", "name": "lab/tuned"}
    said = {
        "type": "Relationship",
        "spdxId": "urn:a#r",
        "from": "urn:a#m",
        "relationshipType": "descendantOf",
        "to": ["urn:b#m", "urn:c#m"],
    }
    imported = [
        {"type": "ExternalMap", "externalSpdxId": "urn:b#m"},
        {"type": "ExternalMap", "externalSpdxId": "urn:c#m", "locationHint": "c"},
    ]
    files = {
        "boms/a.spdx3.json": document("a", model, said, **{"import": imported}),
        "other/b.spdx3.json": document("b", {"type": "ai_AIPackage", "spdxId": "urn:b#m", "name": "lab/base"}),
    }
    report = report_of(write(tmp_path, files))
    told = [(one["from"], one["type"], one["to"], one["evidence"][0]["path"]) for one in report["relations"] if one["from"] != "product"]
    assert told == [("model:lab/tuned", "derived-from", "model:lab/base", "boms/a.spdx3.json")]
    lost = [one["message"] for one in report["findings"] if "could not be followed" in one["message"]]
    assert len(lost) == 1
    assert "urn:c#m (names an element of the document c; audit that one beside this)" in lost[0]


def test_a_document_that_refers_to_one_beside_it(tmp_path: Path) -> None:
    report = report_of(
        write(tmp_path, {"app.spdx": APP, "lib.spdx.json": json.dumps(LIB), "other.spdx.json": '{"https://app.example/lib": '})
    )
    (inner,) = [one for one in report["relations"] if one["to"] == "package:generic/inner@1"]
    assert {(one["path"], one["as_written"]) for one in inner["evidence"]} >= {("app.spdx", "DocumentRef-lib:SPDXRef-inner")}
    (outer,) = [one for one in report["relations"] if one["to"] == "package:generic/outer@2"]
    assert "app.spdx" in {one["path"] for one in outer["evidence"]}
    (unknown,) = [one for one in report["findings"] if one["rule"] == "unknown" and "DocumentRef" in one["message"]]
    assert "DocumentRef-far:SPDXRef-x (names an element of the document https://far.example/far" in unknown["message"]
    assert "DocumentRef-lib" not in unknown["message"]
