"""SPDX 2.2 and 2.3: one document of ours in every serialisation, each rule by the smallest document that shows it."""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, Subject, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.spdx import SpdxReader, SpdxYamlReader, UnnamedSpdxReader
from lien.readers.spdx_rdf import SpdxRdfReader
from lien.readers.spdx_tag_value import SpdxTagValueReader
from lien.readers.spdx_xml import SpdxXmlReader
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

DATA = Path(__file__).parent.parent / "data" / "spdx"
JSON: Reader = SpdxReader()
TAG_VALUE: Reader = SpdxTagValueReader()
XML: Reader = SpdxXmlReader()
RDF_XML: Reader = SpdxRdfReader()
SERIALISATIONS: dict[str, Reader] = {
    "mail-sorter.spdx.yaml": SpdxYamlReader(),
    "mail-sorter.spdx": TAG_VALUE,
    "mail-sorter.spdx.xml": XML,
    "mail-sorter.spdx.rdf.xml": RDF_XML,
}

Json = dict[str, Any]


def read_bytes(reader: Reader, data: bytes, path: str) -> list[Fragment]:
    assert reader.claims(path)
    assert reader.accepts(data[:4096])
    return list(reader.read(Source(path=path, data=data, tree=Tree(DATA))))


def read_file(reader: Reader, name: str) -> list[Fragment]:
    return read_bytes(reader, (DATA / name).read_bytes(), name)


def document(*packages: object, relationships: Iterable[str] = (), **more: object) -> Json:
    """A document; a relationship is "A TYPE B", ids without their SPDXRef-."""
    said = []
    for one in relationships:
        left, type_, right = one.split()
        said.append({"spdxElementId": ref(left), "relationshipType": type_, "relatedSpdxElement": ref(right)})
    return {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": list(packages), "relationships": said, **more}


def ref(name: str) -> str:
    return name if name in ("NONE", "NOASSERTION") or name.startswith("DocumentRef-") else f"SPDXRef-{name}"


def read(*packages: object, relationships: Iterable[str] = (), **more: object) -> list[Fragment]:
    return read_bytes(JSON, json.dumps(document(*packages, relationships=relationships, **more)).encode(), "app.spdx.json")


def package(name: str, **more: object) -> Json:
    return {"SPDXID": f"SPDXRef-{name}", "name": name, **more}


def model(name: str, **more: object) -> Json:
    return package(name, downloadLocation=f"https://huggingface.co/lab/{name}", **more)


def dataset(name: str, **more: object) -> Json:
    return package(name, downloadLocation=f"https://huggingface.co/datasets/lab/{name}", **more)


def purl(value: str) -> Json:
    return {"externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": value}]}


def ids(fragments: Iterable[Fragment]) -> list[str]:
    return [one.id for one in fragments if isinstance(one, ArtifactSeen)]


def relations(fragments: Iterable[Fragment]) -> set[tuple[str, str, str]]:
    return {(one.downstream, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)}


def roles(fragments: Iterable[Fragment]) -> dict[str, Role]:
    return {one.upstream: one.role for one in fragments if isinstance(one, RelationSeen)}


def claims(fragments: Iterable[Fragment]) -> list[tuple[str, str, str, str, str | None]]:
    found = [one for one in fragments if isinstance(one, LicenseClaim)]
    return [(one.artifact, one.text.partition("\n")[0], one.scheme.value, one.said_by, one.part) for one in found]


def unresolved(fragments: Iterable[Fragment]) -> list[tuple[str, str, str]]:
    return [(one.downstream, one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)]


def without_evidence(fragments: Iterable[Fragment]) -> set[str]:
    """What was said, in no order; an expression by its words, since RDF keeps no order of its members."""
    found = set()
    for one in fragments:
        words = " ".join(sorted(one.text.strip("()").split())) if isinstance(one, LicenseClaim) else ""
        plain = one._replace(evidence=Evidence(), text=words) if isinstance(one, LicenseClaim) else one._replace(evidence=Evidence())
        found.add(repr(plain))
    return found


def problem(reader: Reader, text: str, path: str) -> tuple[str, int | None, str | None]:
    with pytest.raises(InputError) as raised:
        read_bytes(reader, text.encode(), path)
    return raised.value.message, raised.value.line, raised.value.pointer


def test_a_whole_document() -> None:
    found = read_file(JSON, "mail-sorter.spdx.json")
    assert ids(found) == [
        "product",
        "package:pypi/torch@2.3.1",
        "package:generic/stamps@0.9",
        "package:pypi/letter-labeller@3.1",
        "model:sorter-example/sorter-7b",
        "model:letter-lab/letter-base",
        "dataset:post-example/letters",
    ]
    assert relations(found) == {
        ("product", "depends-on", "package:generic/stamps@0.9"),
        ("product", "dev-depends-on", "package:pypi/letter-labeller@3.1"),
        ("product", "loads", "model:sorter-example/sorter-7b"),
        ("model:sorter-example/sorter-7b", "derived-from", "model:letter-lab/letter-base"),
        ("model:sorter-example/sorter-7b", "trained-on", "dataset:post-example/letters"),
        ("model:sorter-example/sorter-7b", "built-with", "package:pypi/torch@2.3.1"),
    }
    assert claims(found) == [
        ("product", "Apache-2.0", "spdx", "declared", None),
        ("product", "Apache-2.0", "spdx", "concluded", None),
        ("package:pypi/torch@2.3.1", "BSD-3-Clause", "spdx", "concluded", None),
        ("package:generic/stamps@0.9", "MIT AND LicenseRef-stamp", "spdx", "declared", None),
        ("package:pypi/letter-labeller@3.1", "MIT", "spdx", "declared", None),
        ("model:sorter-example/sorter-7b", "Apache-2.0", "spdx", "declared", None),
        ("model:letter-lab/letter-base", "NONE", "spdx", "declared", None),
        ("dataset:post-example/letters", "Sample Mail Terms", "file", "concluded", None),
        ("package:generic/stamps@0.9", "LGPL-2.1-only", "spdx", "files", "./src/sort.c"),
        ("product", "GPL-2.0-only", "spdx", "files", "quicksort"),
    ]
    elsewhere = "names an element of the document https://sorter.example/spdx/base-image-7; audit that one beside this"
    assert unresolved(found) == [
        ("model:letter-lab/letter-base", "NOASSERTION", "there may be more of this that the document's author does not know of"),
        ("product", "DocumentRef-base-image:SPDXRef-base", elsewhere),
    ]
    seen = {one.id: one for one in found if isinstance(one, ArtifactSeen)}
    assert (seen["product"].name, seen["product"].version, seen["product"].released) == ("mail-sorter", "1.2.0", date(2026, 3, 1))
    assert seen["package:pypi/torch@2.3.1"].purl == "pkg:pypi/torch@2.3.1"
    assert seen["model:letter-lab/letter-base"].version == "9f2c"
    assert seen["package:pypi/letter-labeller@3.1"].name == "letter-labeller"
    assert [one.artifact for one in found if isinstance(one, Subject)] == ["product"]


@pytest.mark.parametrize("name", SERIALISATIONS)
def test_every_serialisation_says_the_same(name: str) -> None:
    assert without_evidence(read_file(SERIALISATIONS[name], name)) == without_evidence(read_file(JSON, "mail-sorter.spdx.json"))


@pytest.mark.parametrize("name", SERIALISATIONS)
def test_evidence_stands_on_the_line_that_it_quotes(name: str) -> None:
    lines = (DATA / name).read_text("utf-8").splitlines()
    for one in read_file(SERIALISATIONS[name], name):
        evidence = one.evidence
        assert evidence.line is not None, one
        near = "\n".join(lines[evidence.line - 1 : evidence.line + 3]).lower()
        # RDF has addresses where the others have the document's own short ids.
        written = (evidence.as_written or "").split(" ")[0].lstrip("(").rpartition(":")[2].lower()
        assert written in near, (one, near)


def test_json_evidence_is_a_pointer() -> None:
    (claim, *_) = [one for one in read_file(JSON, "mail-sorter.spdx.json") if isinstance(one, LicenseClaim)]
    assert claim.evidence == Evidence("mail-sorter.spdx.json", None, "/packages/0/licenseDeclared", "Apache-2.0", "spdx-json")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("app DEPENDS_ON lib", ("depends-on", Role.DEFAULT)),
        ("lib DEPENDENCY_OF app", ("depends-on", Role.DEFAULT)),
        ("lib RUNTIME_DEPENDENCY_OF app", ("depends-on", Role.DEFAULT)),
        ("lib PROVIDED_DEPENDENCY_OF app", ("depends-on", Role.DEFAULT)),
        ("lib PREREQUISITE_FOR app", ("depends-on", Role.DEFAULT)),
        ("app HAS_PREREQUISITE lib", ("depends-on", Role.DEFAULT)),
        ("app DYNAMIC_LINK lib", ("depends-on", Role.DEFAULT)),
        ("app STATIC_LINK lib", ("depends-on", Role.DEFAULT)),
        ("lib OPTIONAL_DEPENDENCY_OF app", ("depends-on", Role.OPTION)),
        ("lib DEV_DEPENDENCY_OF app", ("dev-depends-on", Role.DEVELOPMENT)),
        ("lib DEV_TOOL_OF app", ("dev-depends-on", Role.DEVELOPMENT)),
        ("lib BUILD_DEPENDENCY_OF app", ("built-with", Role.BUILD)),
        ("lib BUILD_TOOL_OF app", ("built-with", Role.BUILD)),
        ("lib TEST_DEPENDENCY_OF app", ("dev-depends-on", Role.EVALUATION)),
        ("lib TEST_TOOL_OF app", ("dev-depends-on", Role.EVALUATION)),
        ("lib TEST_CASE_OF app", ("dev-depends-on", Role.EVALUATION)),
        ("lib TEST_OF app", ("dev-depends-on", Role.EVALUATION)),
        ("lib EXAMPLE_OF app", ("dev-depends-on", Role.DOCUMENTATION)),
        ("lib DOCUMENTATION_OF app", ("dev-depends-on", Role.DOCUMENTATION)),
        ("app CONTAINS lib", ("bundles", Role.DEFAULT)),
        ("lib CONTAINED_BY app", ("bundles", Role.DEFAULT)),
        ("lib PACKAGE_OF app", ("bundles", Role.DEFAULT)),
        ("lib OPTIONAL_COMPONENT_OF app", ("bundles", Role.OPTION)),
        ("lib PATCH_APPLIED app", ("bundles", Role.DEFAULT)),
        ("app DISTRIBUTION_ARTIFACT lib", ("bundles", Role.DEFAULT)),
        ("lib DATA_FILE_OF app", ("bundles", Role.DEFAULT)),
        ("app GENERATED_FROM lib", ("converted-from", Role.DEFAULT)),
        ("lib GENERATES app", ("converted-from", Role.DEFAULT)),
        ("app DESCENDANT_OF lib", ("forked-from", Role.DEFAULT)),
        ("lib ANCESTOR_OF app", ("forked-from", Role.DEFAULT)),
        ("app COPY_OF lib", ("mirror-of", Role.DEFAULT)),
        ("app EXPANDED_FROM_ARCHIVE lib", ("redistributes", Role.DEFAULT)),
        ("app dependsOn lib", ("depends-on", Role.DEFAULT)),
        # What does not say which came from the other moves nothing; the package is the product's all the same.
        ("app VARIANT_OF lib", ("depends-on", Role.DEFAULT)),
        ("app OTHER lib", ("depends-on", Role.DEFAULT)),
        ("lib SPECIFICATION_FOR app", ("depends-on", Role.DEFAULT)),
    ],
)
def test_directions_and_roles_of_packages(said: str, expected: tuple[str, Role]) -> None:
    found = read(package("app"), package("lib"), relationships=["DOCUMENT DESCRIBES app", said])
    (relation,) = [one for one in found if isinstance(one, RelationSeen)]
    assert (relation.downstream, relation.upstream) == ("product", "package:generic/lib")
    assert (relation.type.value, relation.role) == expected
    assert unresolved(found) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["m DESCENDANT_OF base"], {("model:lab/m", "derived-from", "model:lab/base")}),
        (["m DESCENDANT_OF base", "m DEPENDS_ON base"], {("model:lab/m", "adapter-of", "model:lab/base")}),
        (["base GENERATES m"], {("model:lab/m", "derived-from", "model:lab/base")}),
        (["m COPY_OF base"], {("model:lab/m", "mirror-of", "model:lab/base")}),
        (["d DATA_FILE_OF m"], {("model:lab/m", "trained-on", "dataset:lab/d")}),
        (["m GENERATED_FROM d"], {("model:lab/m", "trained-on", "dataset:lab/d")}),
        (["d TEST_OF m"], {("model:lab/m", "evaluated-on", "dataset:lab/d")}),
        (["d TEST_OF m", "m DEPENDS_ON d"], {("model:lab/m", "evaluated-on", "dataset:lab/d")}),
        (["d GENERATED_FROM m"], {("dataset:lab/d", "generated-by", "model:lab/m")}),
        (["m CONTAINS d"], {("model:lab/m", "trained-on", "dataset:lab/d")}),
    ],
)
def test_lineage_of_models_and_datasets(said: list[str], expected: set[tuple[str, str, str]]) -> None:
    found = read(package("app"), model("m"), model("base"), dataset("d"), relationships=["DOCUMENT DESCRIBES app", *said])
    assert {one for one in relations(found) if one[0] != "product"} == expected


def test_the_words_of_spdx_3_in_a_comment() -> None:
    other = {"spdxElementId": "SPDXRef-m", "relationshipType": "OTHER", "relatedSpdxElement": "SPDXRef-d", "comment": "trainedOn: whole"}
    said = {"spdxElementId": "SPDXRef-m", "relationshipType": "VARIANT_OF", "relatedSpdxElement": "SPDXRef-base"}
    found = read_bytes(
        JSON, json.dumps({**document(model("m"), model("base"), dataset("d")), "relationships": [other, said]}).encode(), "x.spdx.json"
    )
    assert ("model:lab/m", "trained-on", "dataset:lab/d") in relations(found)
    reason = "is related in a way that does not say which came from the other; state a relation in lien.toml under [[relation]]"
    assert unresolved(found) == [("model:lab/m", "SPDXRef-base", reason)]


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        (package("x"), "package:generic/x"),
        (package("x", versionInfo="1.0"), "package:generic/x@1.0"),
        (package("x", versionInfo=2), "package:generic/x@2"),
        (package("x", **purl("pkg:npm/%40acme/x@3")), "package:npm/@acme/x@3"),
        (package("x", **purl("pkg:huggingface/Acme/X@abc")), "model:acme/x"),
        (package("x", primaryPackagePurpose="CONTAINER", **purl("pkg:docker/acme/x@1")), "image:acme/x"),
        (package("x", downloadLocation="https://pypi.org/project/Y_z/1.2/"), "package:pypi/y-z@1.2"),
        (package("x", downloadLocation="https://www.npmjs.com/package/@acme/y/v/2.0.1"), "package:npm/@acme/y@2.0.1"),
        (package("x", downloadLocation="https://registry.npmjs.org/y/-/y-2.0.1.tgz"), "package:npm/y@2.0.1"),
        (package("x", downloadLocation="git+https://huggingface.co/acme/x.y@main"), "package:generic/x"),
        (package("x", downloadLocation="https://huggingface.co/spaces/acme/x"), "package:generic/x"),
        (
            package(
                "x",
                externalRefs=[
                    {"referenceCategory": "PACKAGE_MANAGER", "referenceType": "maven-central", "referenceLocator": "org.acme:x:1.0"},
                ],
            ),
            "package:maven/org.acme/x@1.0",
        ),
        (
            package("x", externalRefs=[{"referenceCategory": "OTHER", "referenceType": "hub", "referenceLocator": "https://hf.co/acme/m"}]),
            "model:acme/m",
        ),
    ],
)
def test_which_artifact_a_package_is(written: Json, identifier: str) -> None:
    found = read(package("app"), written, relationships=["DOCUMENT DESCRIBES app"])
    assert ids(found) == ["product", identifier]


def test_a_model_that_the_document_is_about() -> None:
    found = read(model("m"), package("torch", **purl("pkg:pypi/torch@2")), documentDescribes=["SPDXRef-m"])
    assert [one.artifact for one in found if isinstance(one, Subject)] == ["model:lab/m"]
    assert relations(found) == {("product", "ships", "model:lab/m"), ("model:lab/m", "built-with", "package:pypi/torch@2")}


def test_several_programs_make_up_the_product() -> None:
    found = read(package("a"), package("b"), package("c"), documentDescribes=["SPDXRef-a", "SPDXRef-b"], relationships=["a DEPENDS_ON c"])
    assert relations(found) == {
        ("product", "bundles", "package:generic/a"),
        ("product", "bundles", "package:generic/b"),
        ("package:generic/a", "depends-on", "package:generic/c"),
    }


def test_licences_of_files_where_nobody_concluded_anything() -> None:
    found = read(
        package("app", licenseDeclared="NOASSERTION", licenseInfoFromFiles=["MIT", "NOASSERTION", "GPL-2.0-only"], hasFiles=["SPDXRef-f"]),
        files=[{"SPDXID": "SPDXRef-f", "fileName": "a.c", "licenseConcluded": "NOASSERTION", "licenseInfoInFiles": ["ISC"]}],
    )
    assert claims(found) == [
        ("product", "MIT", "spdx", "files", "files under MIT"),
        ("product", "GPL-2.0-only", "spdx", "files", "files under GPL-2.0-only"),
        ("product", "ISC", "spdx", "files", "a.c"),
    ]


def test_what_is_no_expression_is_free_text() -> None:
    found = read(package("a", licenseDeclared="Apache License 2.0", licenseConcluded="(MIT OR GPL-2.0+) AND LicenseRef-x"))
    assert claims(found) == [
        ("product", "Apache License 2.0", "free-text", "declared", None),
        ("product", "(MIT OR GPL-2.0+) AND LicenseRef-x", "spdx", "concluded", None),
    ]


def test_what_an_expression_of_custom_licences_stands_for() -> None:
    whole = "Terms\n" + "of the letters " * 20
    found = read(
        package("a", licenseDeclared="MIT AND LicenseRef-short", licenseConcluded="LicenseRef-long"),
        hasExtractedLicensingInfos=[
            {"licenseId": "LicenseRef-short", "extractedText": "see terms.html", "name": "Terms", "seeAlsos": ["https://a.example/terms"]},
            {"licenseId": "LicenseRef-long", "extractedText": whole, "name": "Letters"},
        ],
    )
    first, second = (one for one in found if isinstance(one, LicenseClaim))
    assert [(one.text, one.scheme) for one in first.custom] == [
        ("Terms", Scheme.LICENSE_NAME),
        ("https://a.example/terms", Scheme.URL),
        ("see terms.html", Scheme.FREE_TEXT),
    ]
    assert (second.text, second.scheme, second.evidence.as_written) == (whole.strip(), Scheme.FILE, "LicenseRef-long")


def test_files_speak_for_the_package_that_holds_them() -> None:
    found = read(
        package("app"),
        package("zlib"),
        package("libc"),
        documentDescribes=["SPDXRef-app"],
        files=[{"SPDXID": "SPDXRef-bin", "fileName": "./bin"}, {"SPDXID": "SPDXRef-inner", "fileName": "./bin/inner"}],
        relationships=[
            "zlib CONTAINS bin",
            "bin CONTAINS inner",
            "inner STATIC_LINK libc",
            "bin GENERATED_FROM inner",
            "app CONTAINS zlib",
        ],
    )
    assert relations(found) == {
        ("product", "bundles", "package:generic/zlib"),
        ("package:generic/zlib", "depends-on", "package:generic/libc"),
    }


def test_many_that_lead_nowhere_are_one_line() -> None:
    found = read(package("app"), relationships=["app CONTAINS a", "app CONTAINS b", "app DEPENDS_ON a"])
    assert unresolved(found) == [("product", "SPDXRef-a and 1 more", "names no element of this document by its id")]


def test_what_leads_nowhere_is_said() -> None:
    found = read(package("app"), relationships=["app DEPENDS_ON nobody", "app CONTAINS NONE", "app DEPENDS_ON NOASSERTION"])
    assert unresolved(found) == [
        ("product", "NOASSERTION", "there may be more of this that the document's author does not know of"),
        ("product", "SPDXRef-nobody", "names no element of this document by its id"),
    ]


def test_a_document_of_nothing_is_about_the_product() -> None:
    assert read() == [Subject("product", Evidence("app.spdx.json", None, "/spdxVersion", None, "spdx-json"))]


def test_utf_16_by_its_mark() -> None:
    data = (DATA / "mail-sorter.spdx").read_text("utf-8").encode("utf-16")
    assert without_evidence(read_bytes(TAG_VALUE, data, "x.spdx")) == without_evidence(read_file(JSON, "mail-sorter.spdx.json"))


@pytest.mark.parametrize(
    ("broken", "message", "pointer"),
    [
        ({"packages": {}}, "packages is an object, not a list; write a list, or leave it out", "/packages"),
        ({"packages": ["a"]}, 'is "a", not an object; write an object, or leave it out', "/packages/0"),
        ({"packages": [{"SPDXID": "SPDXRef-a"}]}, "has no name; write the name of the package", "/packages/0"),
        (
            {"packages": [package("a", licenseDeclared=["MIT", 1])]},
            "is a number, not a licence; write an SPDX expression, NONE or NOASSERTION",
            "/packages/0/licenseDeclared/1",
        ),
        (
            {"packages": [package("a", externalRefs={"a": 1})]},
            "externalRefs is an object, not a list; write a list, or leave it out",
            "/packages/0/externalRefs",
        ),
        (
            {"relationships": [{"spdxElementId": "SPDXRef-a", "relationshipType": "CONTAINS"}]},
            "has no relatedSpdxElement; write both ends of the relationship and its type",
            "/relationships/0",
        ),
        ({"documentDescribes": [7]}, "is a number, not an id; write the SPDXID of an element", "/documentDescribes/0"),
        ({"externalDocumentRefs": [{}]}, "has no externalDocumentId; write DocumentRef- and a name", "/externalDocumentRefs/0"),
    ],
)
def test_what_would_be_lost_is_an_error_with_its_place(broken: Json, message: str, pointer: str) -> None:
    assert problem(JSON, json.dumps({"spdxVersion": "SPDX-2.3", **broken}), "a.spdx.json") == (message, None, pointer)


def test_what_could_be_read_comes_before_the_complaint() -> None:
    data = json.dumps({"SPDXID": "x", "packages": [1, package("a")], "relationships": [{}]}).encode()
    found: list[Fragment] = []
    with pytest.raises(InputError):
        found.extend(JSON.read(Source(path="a.spdx.json", data=data, tree=Tree(DATA))))
    assert ids(found) == ["product"]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("SPDXVersion: SPDX-2.3\nnothing here", '"nothing here" is no tag with a value; write Tag: value', 2),
        ("SPDXVersion: SPDX-2.3\n\nPackageName: a\nPackageComment: <text>b", "opens a text that never ends; close it with </text>", 4),
        (
            "SPDXVersion: SPDX-2.3\nRelationship: a CONTAINS",
            'Relationship is "a CONTAINS"; write the id of an element, a relationship type and another id',
            2,
        ),
        ("SPDXVersion: SPDX-2.3\nPackageName:\nSPDXID: SPDXRef-a", "has no name; write the name of the package", 2),
    ],
)
def test_tag_value_complains_with_its_line(text: str, message: str, line: int) -> None:
    assert problem(TAG_VALUE, text, "a.spdx") == (message, line, None)


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xml:base="urn:doc">
"""


@pytest.mark.parametrize(
    ("reader", "text", "message", "line"),
    [
        (XML, "<Document>\n<SPDXID>x</SPDXID>\n<packages>\n<name>a</name>\n</Document>", "is not XML: mismatched tag", 5),
        (XML, "<Document>\n<packages><name>a</name></packages>\n<packages>\n</packages>\n</Document>", 'is "", not an object', 3),
        (XML, "<Document>\n<files/>\n<packages><SPDXID>a</SPDXID></packages>\n</Document>", 'is "", not an object', 2),
        (XML, "<!DOCTYPE a [<!ENTITY b 'c'>]>\n<Document></Document>", "has a document type (<!DOCTYPE …>)", 1),
        (RDF_XML, f"{RDF}<spdx:Package rdf:about='#a'>\n</spdx:File>", "is not XML: mismatched tag", 4),
        (RDF_XML, f"{RDF}<spdx:Package rdf:about='#a'/></rdf:RDF>", "has no name; write the name of the package", 3),
    ],
)
def test_xml_complains_with_its_line(reader: Reader, text: str, message: str, line: int) -> None:
    found, place, _ = problem(reader, text, "a.spdx.xml")
    assert found.startswith(message)
    assert place == line


def test_what_xml_could_be_read_comes_before_the_complaint() -> None:
    for reader, text in (
        (XML, "<Document><packages><name>a</name></packages><"),
        (RDF_XML, f"{RDF}<spdx:Package rdf:about='#a'><spdx:name>a</spdx:name></spdx:Package><"),
    ):
        found: list[Fragment] = []
        with pytest.raises(InputError):
            found.extend(reader.read(Source(path="a.spdx.xml", data=text.encode(), tree=Tree(DATA))))
        assert ids(found) == ["product"]


def test_rdf_with_names_as_attributes_and_descriptions() -> None:
    text = f"""{RDF}
<rdf:Description rdf:about="#SPDXRef-DOCUMENT">
  <rdf:type rdf:resource="http://spdx.org/rdf/terms#SpdxDocument"/>
  <spdx:describesPackage rdf:resource="#SPDXRef-a"/>
</rdf:Description>
<spdx:Package rdf:about="#SPDXRef-a" spdx:name="a" spdx:versionInfo="1">
  <spdx:licenseDeclared>
    <spdx:DisjunctiveLicenseSet>
      <spdx:member>
        <spdx:WithExceptionOperator>
          <spdx:member rdf:resource="http://spdx.org/licenses/Apache-2.0"/>
          <spdx:licenseException rdf:resource="http://spdx.org/licenses/LLVM-exception"/>
        </spdx:WithExceptionOperator>
      </spdx:member>
      <spdx:member rdf:nodeID="later"/>
    </spdx:DisjunctiveLicenseSet>
  </spdx:licenseDeclared>
  <spdx:licenseConcluded rdf:nodeID="ring"/>
</spdx:Package>
<spdx:OrLaterOperator rdf:nodeID="later"><spdx:member rdf:resource="http://spdx.org/licenses/GPL-2.0"/></spdx:OrLaterOperator>
<spdx:ConjunctiveLicenseSet rdf:nodeID="ring"><spdx:member rdf:nodeID="ring"/></spdx:ConjunctiveLicenseSet>
</rdf:RDF>"""
    found = read_bytes(RDF_XML, text.encode(), "sbom.rdf")
    assert [(one.id, one.version) for one in found if isinstance(one, ArtifactSeen)] == [("product", "1")]
    assert claims(found)[0] == ("product", "(Apache-2.0 WITH LLVM-exception OR GPL-2.0+)", "spdx", "declared", None)


def test_yaml_complains_with_its_line() -> None:
    text = "spdxVersion: SPDX-2.3\npackages:\n  - name: a\n  - 7\n"
    assert problem(SpdxYamlReader(), text, "a.spdx.yaml") == ("is a number, not an object; write an object, or leave it out", 4, None)


def test_other_files_are_not_claimed_or_say_nothing() -> None:
    assert not JSON.claims("package.json")
    assert not JSON.accepts(b'{"bomFormat": "CycloneDX"}')
    assert not JSON.accepts(b'{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}')
    assert not TAG_VALUE.accepts(b'{"spdxVersion": "SPDX-2.3"}')
    assert read_bytes(JSON, b'{"name": "no bom", "packages": []}', "bom/package.json") == []
    assert read_bytes(JSON, b'{"name": "no bom", "packages": []}', "odd.spdx.json") == []


def test_a_json_file_without_a_telling_name() -> None:
    reader = UnnamedSpdxReader()
    assert not reader.claims("app.spdx.json")
    assert not reader.accepts(b'{"name": "app"}')
    assert not reader.owed
    assert ids(read_bytes(reader, json.dumps(document(package("app"))).encode(), "inventory.json")) == ["product"]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["SPDXRef-a", "NOASSERTION", "LicenseRef-1", "MIT"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["SPDXID", "name", "licenseDeclared", "externalRefs", "spdxElementId", "relationshipType", "relatedSpdxElement", "hasFiles"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["packages", "files", "snippets", "relationships", "documentDescribes"]), ANY))
def test_any_json_is_read_or_refused(value: Json) -> None:
    with suppress(InputError):
        read_bytes(JSON, json.dumps({"spdxVersion": "SPDX-2.3", **value}).encode(), "a.spdx.json")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InputError):
        read_bytes(TAG_VALUE, b"SPDXVersion: SPDX-2.3\nPackageName: a\n" + text.encode("utf-8", "replace"), "a.spdx")
