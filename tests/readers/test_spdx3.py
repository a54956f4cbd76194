"""SPDX 3: a document of ours with the AI and Dataset profiles, other ways to write it, and each rule by a small document."""

import json
from collections.abc import Iterable, Iterator
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
from lien.readers.spdx3 import Spdx3Reader, UnnamedSpdx3Reader
from lien.sources.limits import MAX_DEPTH
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.licenses import Scheme

DATA = Path(__file__).parent.parent / "data" / "spdx"
READER: Reader = Spdx3Reader()
CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"

Json = dict[str, Any]


def read_value(value: object, path: str = "app.spdx3.json") -> list[Fragment]:
    data = json.dumps(value).encode()
    assert READER.claims(path)
    assert READER.accepts(data[:4096])
    return list(READER.read(Source(path=path, data=data, tree=Tree(DATA))))


def read(*elements: Json, about: str = "app") -> list[Fragment]:
    graph = [{"type": "SpdxDocument", "spdxId": "urn:document", "rootElement": [f"urn:{about}"]}, *elements]
    return read_value({"@context": CONTEXT, "@graph": graph})


def package(ref: str, type_: str = "software_Package", **more: object) -> Json:
    return {"type": type_, "spdxId": f"urn:{ref}", "name": ref, **more}


def model(ref: str, **more: object) -> Json:
    return package(ref, "ai_AIPackage", **more)


def dataset(ref: str, **more: object) -> Json:
    return package(ref, "dataset_DatasetPackage", **more)


def said(one: str, type_: str, *others: str, **more: object) -> Json:
    ends = [other if ":" in other else f"urn:{other}" for other in others]
    return {"type": "Relationship", "spdxId": f"urn:{one}-{type_}", "from": f"urn:{one}", "relationshipType": type_, "to": ends, **more}


def in_scope(one: str, type_: str, other: str, scope: str) -> Json:
    return {**said(one, type_, other, scope=scope), "type": "LifecycleScopedRelationship"}


def ids(fragments: Iterable[Fragment]) -> list[str]:
    return [one.id for one in fragments if isinstance(one, ArtifactSeen)]


def relations(fragments: Iterable[Fragment]) -> set[tuple[str, str, str]]:
    return {(one.downstream, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)}


def claims(fragments: Iterable[Fragment]) -> list[tuple[str, str, str, str]]:
    found = [one for one in fragments if isinstance(one, LicenseClaim)]
    return [(one.artifact, one.text.partition("\n")[0], one.scheme.value, one.said_by) for one in found]


def unresolved(fragments: Iterable[Fragment]) -> list[tuple[str, str, str]]:
    return [(one.downstream, one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)]


def without_evidence(fragments: Iterable[Fragment]) -> set[str]:
    return {repr(one._replace(evidence=Evidence())) for one in fragments}


def test_a_whole_document() -> None:
    found = read_value(json.loads((DATA / "letters.spdx3.json").read_text("utf-8")))
    assert ids(found) == [
        "product",
        "model:sorter-example/sorter-7b",
        "model:letter-lab/letter-base",
        "dataset:post-example/letters",
        "dataset:parcels",
        "package:pypi/torch@2.3.1",
    ]
    assert relations(found) == {
        ("product", "loads", "model:sorter-example/sorter-7b"),
        ("model:sorter-example/sorter-7b", "derived-from", "model:letter-lab/letter-base"),
        ("model:sorter-example/sorter-7b", "trained-on", "dataset:post-example/letters"),
        ("model:sorter-example/sorter-7b", "evaluated-on", "dataset:parcels"),
        ("dataset:parcels", "generated-by", "model:letter-lab/letter-base"),
        ("product", "depends-on", "package:pypi/torch@2.3.1"),
    }
    assert claims(found) == [
        ("product", "Apache-2.0", "spdx", "declared"),
        ("model:sorter-example/sorter-7b", "(Apache-2.0 AND LicenseRef-stamp)", "spdx", "declared"),
        ("dataset:post-example/letters", "Sample Mail Terms", "file", "concluded"),
        ("dataset:parcels", "CC-BY-NC-4.0", "spdx", "declared"),
        ("package:pypi/torch@2.3.1", "BSD-3-Clause", "spdx", "concluded"),
    ]
    seen = {one.id: one for one in found if isinstance(one, ArtifactSeen)}
    sorter = seen["model:sorter-example/sorter-7b"]
    assert (sorter.version, sorter.publisher, sorter.released) == ("1.0", "sorter-example", date(2026, 2, 1))
    assert dict(seen["dataset:parcels"].attributes) == {"data_type": ("text", "numeric"), "availability": "registration"}
    assert seen["dataset:parcels"].publisher == "parcel office"
    (expression,) = [one for one in found if isinstance(one, LicenseClaim) and one.custom]
    assert [(one.name, one.text, one.scheme) for one in expression.custom] == [
        ("LicenseRef-stamp", "Stamp License 1.0", Scheme.LICENSE_NAME),
        ("LicenseRef-stamp", "See the back of the stamp.", Scheme.FREE_TEXT),
    ]
    assert unresolved(found) == []
    assert [one.artifact for one in found if isinstance(one, Subject)] == ["product"]


def nested(document: Json) -> Json:
    """The same elements inside the document, names without profiles, single values without lists, agents in place."""
    graph = document["@graph"]
    agents = {one["spdxId"]: one for one in graph if one["type"] == "Organization"}

    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {key.partition("_")[2] or key: bare(one) for key, one in value.items()}
        if isinstance(value, list):
            return bare(value[0]) if len(value) == 1 and isinstance(value[0], str) else [bare(one) for one in value]
        return agents.get(value, value) if isinstance(value, str) else value

    (top,) = [one for one in graph if one["type"] == "SpdxDocument"]
    elements = [
        {**bare(one), "type": one["type"].partition("_")[2] or one["type"]}  # type: ignore[dict-item]
        for one in graph
        if one not in (top, *agents.values())
    ]
    return {"@context": document["@context"], **top, "element": elements}


def expanded(document: Json) -> list[Json]:
    """JSON-LD as an expander writes it: addresses for names, and every value in a list."""
    profiles = {"software": "Software", "ai": "AI", "dataset": "Dataset", "simplelicensing": "SimpleLicensing"}

    def name(key: str) -> str:
        profile, underscore, rest = key.partition("_")
        return (
            f"https://spdx.org/rdf/3.0.1/terms/{profiles[profile]}/{rest}" if underscore else f"https://spdx.org/rdf/3.0.1/terms/Core/{key}"
        )

    def value(key: str, one: object) -> object:
        if isinstance(one, dict):
            return object_of(one)
        if isinstance(one, str) and (one.startswith(("urn:", "_:")) or key in ("to", "from")):
            return {"@id": one}
        if isinstance(one, str) and key in ("relationshipType", "dataset_datasetType", "dataset_datasetAvailability"):
            return {"@id": f"https://spdx.org/rdf/3.0.1/terms/Core/{key}/{one}"}
        return {"@value": one}

    def object_of(element: Json) -> Json:
        found: Json = {}
        for key, one in element.items():
            if key in ("spdxId", "@id"):
                found["@id"] = one
            elif key == "type":
                found["@type"] = [name(one)]
            else:
                found[name(key)] = [value(key, item) for item in (one if isinstance(one, list) else [one])]
        return found

    return [object_of(one) for one in document["@graph"]]


@pytest.mark.parametrize("way", [nested, expanded])
def test_other_ways_to_write_it_say_the_same(way: Any) -> None:  # noqa: ANN401
    document = json.loads((DATA / "letters.spdx3.json").read_text("utf-8"))
    assert without_evidence(read_value(way(document))) == without_evidence(read_value(document))


def test_evidence_is_where_it_is_said() -> None:
    found = read(package("app"), model("m", name="lab/m"), said("app", "dependsOn", "m"))
    (relation,) = [one for one in found if isinstance(one, RelationSeen)]
    assert relation.evidence == Evidence("app.spdx3.json", None, "/@graph/3/to/0", "urn:m", "spdx3-json")
    assert [one.evidence.pointer for one in found if isinstance(one, ArtifactSeen)] == ["/@graph/1/name", "/@graph/2/name"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (said("app", "dependsOn", "lib"), ("depends-on", Role.DEFAULT)),
        (said("app", "hasPrerequisite", "lib"), ("depends-on", Role.DEFAULT)),
        (said("app", "hasProvidedDependency", "lib"), ("depends-on", Role.DEFAULT)),
        (said("app", "hasDynamicLink", "lib"), ("depends-on", Role.DEFAULT)),
        (in_scope("app", "hasStaticLink", "lib", "build"), ("depends-on", Role.DEFAULT)),
        (said("app", "hasOptionalDependency", "lib"), ("depends-on", Role.OPTION)),
        (in_scope("app", "dependsOn", "lib", "runtime"), ("depends-on", Role.DEFAULT)),
        (in_scope("app", "dependsOn", "lib", "build"), ("built-with", Role.BUILD)),
        (in_scope("app", "dependsOn", "lib", "development"), ("dev-depends-on", Role.DEVELOPMENT)),
        (in_scope("app", "dependsOn", "lib", "test"), ("dev-depends-on", Role.EVALUATION)),
        (in_scope("app", "usesTool", "lib", "build"), ("built-with", Role.BUILD)),
        (said("app", "hasTest", "lib"), ("dev-depends-on", Role.EVALUATION)),
        (said("app", "hasExample", "lib"), ("dev-depends-on", Role.DOCUMENTATION)),
        (said("app", "contains", "lib"), ("bundles", Role.DEFAULT)),
        (said("app", "hasOptionalComponent", "lib"), ("bundles", Role.OPTION)),
        (said("app", "patchedBy", "lib"), ("bundles", Role.DEFAULT)),
        (said("lib", "hasDistributionArtifact", "app"), ("bundles", Role.DEFAULT)),
        (said("lib", "generates", "app"), ("converted-from", Role.DEFAULT)),
        (said("lib", "copiedTo", "app"), ("mirror-of", Role.DEFAULT)),
        (said("lib", "expandsTo", "app"), ("redistributes", Role.DEFAULT)),
        (said("lib", "packagedBy", "app"), ("redistributes", Role.DEFAULT)),
        (said("app", "descendantOf", "lib"), ("forked-from", Role.DEFAULT)),
        (said("lib", "ancestorOf", "app"), ("forked-from", Role.DEFAULT)),
        (said("app", "hasVariant", "lib"), ("depends-on", Role.DEFAULT)),
        (said("app", "availableFrom", "lib"), ("depends-on", Role.DEFAULT)),
        (said("app", "DEPENDS_ON", "lib"), ("depends-on", Role.DEFAULT)),
    ],
)
def test_directions_and_roles_of_packages(statement: Json, expected: tuple[str, Role]) -> None:
    found = read(package("app"), package("lib"), statement)
    (relation,) = [one for one in found if isinstance(one, RelationSeen)]
    assert (relation.downstream, relation.upstream) == ("product", "package:generic/lib")
    assert (relation.type.value, relation.role) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([said("m", "trainedOn", "d")], {("model:m", "trained-on", "dataset:d")}),
        ([said("m", "testedOn", "d")], {("model:m", "evaluated-on", "dataset:d")}),
        (
            [said("m", "trainedOn", "d"), said("m", "testedOn", "d")],
            {("model:m", "trained-on", "dataset:d"), ("model:m", "evaluated-on", "dataset:d")},
        ),
        ([said("m", "testedOn", "d"), said("m", "dependsOn", "d")], {("model:m", "evaluated-on", "dataset:d")}),
        ([said("m", "finetunedOn", "d")], {("model:m", "finetuned-on", "dataset:d")}),
        ([said("m", "finetunedOn", "base")], {("model:m", "finetuned-from", "model:base")}),
        ([said("m", "pretrainedOn", "d")], {("model:m", "pretrained-on", "dataset:d")}),
        ([said("m", "evaluatedOn", "d")], {("model:m", "evaluated-on", "dataset:d")}),
        ([said("m", "descendantOf", "base")], {("model:m", "derived-from", "model:base")}),
        ([said("m", "descendantOf", "base"), said("m", "dependsOn", "base")], {("model:m", "adapter-of", "model:base")}),
        ([said("base", "generates", "d")], {("dataset:d", "generated-by", "model:base")}),
        ([said("m", "dependsOn", "base")], {("model:m", "derived-from", "model:base")}),
        ([said("m", "other", "d", comment="trainedOn, says its author")], {("model:m", "trained-on", "dataset:d")}),
    ],
)
def test_lineage_of_models_and_datasets(statements: list[Json], expected: set[tuple[str, str, str]]) -> None:
    found = read(package("app"), model("m"), model("base"), dataset("d"), *statements)
    assert {one for one in relations(found) if one[0] != "product"} == expected


def test_what_takes_part_in_training_is_a_model_or_data() -> None:
    found = read(
        package("app"),
        package("weights", software_packageVersion="1"),
        package("corpus"),
        {"type": "software_File", "spdxId": "urn:csv", "name": "./more/rows.csv"},
        said("weights", "trainedOn", "corpus", "csv"),
    )
    assert ids(found) == ["product", "model:weights", "dataset:corpus", "dataset:file:more/rows.csv"]
    assert ("model:weights", "trained-on", "dataset:file:more/rows.csv") in relations(found)


def test_a_training_run_as_a_build() -> None:
    found = read(
        package("app"),
        model("m"),
        model("base"),
        dataset("d"),
        package("trainer"),
        {"type": "build_Build", "spdxId": "urn:run", "build_buildType": "urn:training"},
        said("run", "hasInput", "base", "d"),
        said("run", "hasOutput", "m"),
        said("run", "usesTool", "trainer"),
    )
    assert {one for one in relations(found) if one[0] != "product"} == {
        ("model:m", "derived-from", "model:base"),
        ("model:m", "trained-on", "dataset:d"),
        ("model:m", "built-with", "package:generic/trainer"),
    }


def test_a_hyperparameter_that_names_the_base_model() -> None:
    entries = [
        {"type": "DictionaryEntry", "key": "base_model", "value": "letter-lab/letter-base"},
        {"type": "DictionaryEntry", "key": "base_model", "value": "./out/checkpoint"},
    ]
    found = read(package("app"), model("lab/m", ai_hyperparameter=entries))
    assert ("model:lab/m", "finetuned-from", "model:letter-lab/letter-base") in relations(found)
    assert unresolved(found) == [("model:lab/m", "./out/checkpoint", "is no Hub id, so the base model stays unknown; write ORG/NAME")]


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        (package("x", software_packageUrl="pkg:pypi/X_y@1"), "package:pypi/x-y@1"),
        (
            package(
                "x",
                externalIdentifier=[{"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:npm/x@2"}],
            ),
            "package:npm/x@2",
        ),
        (package("x", software_primaryPurpose="model"), "model:x"),
        (package("x", software_primaryPurpose="archive", software_additionalPurpose=["data"]), "dataset:x"),
        (package("x", software_primaryPurpose="container"), "image:x"),
        (model("x", software_downloadLocation="https://huggingface.co/Lab/X/tree/abc"), "model:lab/x"),
        (dataset("x", software_homePage="https://huggingface.co/datasets/Lab/X"), "dataset:lab/x"),
        (package("x", software_homePage="https://huggingface.co/lab/x"), "package:generic/x"),
        (model("x", externalRef=[{"externalRefType": "altDownloadLocation", "locator": ["https://hf.co/lab/x"]}]), "model:lab/x"),
        ({"type": "software_Package", "spdxId": "urn:x", "software_packageUrl": "pkg:pypi/x@1?a=b"}, "package:pypi/x@1"),
    ],
)
def test_which_artifact_a_package_is(written: Json, identifier: str) -> None:
    assert ids(read(package("app"), written)) == ["product", identifier]


def licensed(*elements: Json, by: str = "urn:licence") -> list[LicenseClaim]:
    found = read(package("app"), package("x"), *elements, said("x", "hasDeclaredLicense", by))
    return [one for one in found if isinstance(one, LicenseClaim)]


def licence(type_: str, ref: str = "licence", **more: object) -> Json:
    return {"type": type_, "spdxId": f"urn:{ref}", **more}


WHOLE = "The Letter Terms\n" + "one may read the letters " * 10


@pytest.mark.parametrize(
    ("elements", "by", "expected"),
    [
        (
            [licence("simplelicensing_LicenseExpression", simplelicensing_licenseExpression="MIT OR ISC")],
            "urn:licence",
            ("MIT OR ISC", "spdx"),
        ),
        (
            [licence("simplelicensing_LicenseExpression", simplelicensing_licenseExpression="BSD like")],
            "urn:licence",
            ("BSD like", "free-text"),
        ),
        ([licence("simplelicensing_SimpleLicensingText", simplelicensing_licenseText=WHOLE)], "urn:licence", (WHOLE.strip(), "file")),
        (
            [licence("expandedlicensing_CustomLicense", simplelicensing_licenseText=WHOLE, name="Terms")],
            "urn:licence",
            (WHOLE.strip(), "file"),
        ),
        (
            [licence("simplelicensing_SimpleLicensingText", simplelicensing_licenseText="apache-2.0")],
            "urn:licence",
            ("LicenseRef-licence", "spdx"),
        ),
        ([], "https://spdx.org/licenses/Apache-2.0", ("Apache-2.0", "spdx")),
        ([], "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/None", ("NONE", "spdx")),
        (
            [
                licence(
                    "expandedlicensing_ConjunctiveLicenseSet", expandedlicensing_member=["urn:either", "https://spdx.org/licenses/MIT"]
                ),
                licence("expandedlicensing_DisjunctiveLicenseSet", "either", expandedlicensing_member=["urn:later", "urn:with"]),
                licence(
                    "expandedlicensing_OrLaterOperator", "later", expandedlicensing_subjectLicense="https://spdx.org/licenses/GPL-2.0-only"
                ),
                licence(
                    "expandedlicensing_WithAdditionOperator",
                    "with",
                    expandedlicensing_subjectExtendableLicense="https://spdx.org/licenses/Apache-2.0",
                    expandedlicensing_subjectAddition="https://spdx.org/licenses/LLVM-exception",
                ),
            ],
            "urn:licence",
            ("((GPL-2.0-only+ OR Apache-2.0 WITH LLVM-exception) AND MIT)", "spdx"),
        ),
    ],
)
def test_licences_are_elements(elements: list[Json], by: str, expected: tuple[str, str]) -> None:
    assert [(one.text, one.scheme.value) for one in licensed(*elements, by=by)] == [expected]


@pytest.mark.parametrize("by", ["https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertion", "expandedlicensing_NoAssertionLicense"])
def test_nothing_is_claimed_where_nothing_is_asserted(by: str) -> None:
    assert licensed(by=by if ":" in by else f"x:{by}") == []


def test_a_set_that_holds_itself_ends() -> None:
    ring = licence("expandedlicensing_ConjunctiveLicenseSet", expandedlicensing_member=["urn:licence"])
    assert len(licensed(ring)) <= 1


def test_licences_as_properties_of_drafts() -> None:
    found = read(package("app"), package("x", licenseDeclared="MIT", software_concludedLicense="https://spdx.org/licenses/ISC"))
    assert claims(found) == [("package:generic/x", "MIT", "spdx", "declared"), ("package:generic/x", "ISC", "spdx", "concluded")]


def test_what_leads_nowhere_is_said() -> None:
    imports = [{"type": "ExternalMap", "externalSpdxId": "urn:far", "locationHint": "https://far.example/doc.json"}]
    found = read(
        package("app"),
        {"type": "Bundle", "spdxId": "urn:bundle", "import": imports},
        {"type": "Person", "spdxId": "urn:me", "name": "me"},
        said("app", "dependsOn", "far", "nobody", "me", "https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"),
        said("app", "contains", "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement", completeness="incomplete"),
    )
    assert unresolved(found) == [
        ("product", "contains", "is said to be incomplete: there is more than this document lists"),
        ("product", "NOASSERTION", "there may be more of this that the document's author does not know of"),
        ("product", "urn:far", "names an element of the document https://far.example/doc.json; audit that one beside this"),
        ("product", "urn:nobody", "names no element of this document by its id"),
    ]


def test_a_document_about_a_bom_about_a_model() -> None:
    bom = {"type": "software_Sbom", "spdxId": "urn:bom", "rootElement": ["urn:m"]}
    found = read(bom, model("m", name="lab/m"), package("torch"), about="bom")
    assert [one.artifact for one in found if isinstance(one, Subject)] == ["model:lab/m"]
    assert relations(found) == {("product", "ships", "model:lab/m"), ("model:lab/m", "built-with", "package:generic/torch")}


def test_scripts_beside_a_model_are_not_the_model() -> None:
    script = {"type": "software_File", "spdxId": "urn:script", "name": "clean.py"}
    found = read(model("m"), dataset("d"), script, said("m", "contains", "script"), said("script", "generates", "d"), about="m")
    assert relations(found) == {("product", "ships", "model:m"), ("product", "loads", "dataset:d")}


@pytest.mark.parametrize(
    ("elements", "message", "pointer"),
    [
        ([{"type": "software_Package", "spdxId": "urn:x"}], "has no name; write the name of the package", "/@graph/1"),
        (
            [{"type": "Relationship", "spdxId": "urn:r", "from": "urn:x", "to": ["urn:y"]}],
            "has no relationshipType; write both ends of the relationship and its type",
            "/@graph/1",
        ),
        (
            [{"type": "Relationship", "spdxId": "urn:r", "relationshipType": "contains", "to": ["urn:y"]}],
            "has no from; write both ends of the relationship and its type",
            "/@graph/1",
        ),
        (
            [{"type": "Sbom", "spdxId": "urn:b", "rootElement": [7]}],
            "is a number, not an id; write the spdxId of an element",
            "/@graph/1/rootElement/0",
        ),
    ],
)
def test_what_would_be_lost_is_an_error_with_its_place(elements: list[Json], message: str, pointer: str) -> None:
    with pytest.raises(InputError) as raised:
        read(*elements)
    assert (raised.value.message, raised.value.pointer) == (message, pointer)


def test_what_could_be_read_comes_before_the_complaint() -> None:
    broken = {"type": "software_Package", "spdxId": "urn:x"}
    data = json.dumps({"@context": CONTEXT, "@graph": [broken, package("app"), {"type": "Relationship", "spdxId": "urn:r"}]}).encode()
    found: list[Fragment] = []
    with pytest.raises(InputError) as raised:
        found.extend(READER.read(Source(path="app.spdx3.json", data=data, tree=Tree(DATA))))
    assert ids(found) == ["product"]
    assert raised.value.pointer == "/@graph/0"


def test_deep_nesting_is_refused() -> None:
    deep: Any = {"type": "software_Package", "name": "x"}
    for _ in range(MAX_DEPTH + 1):
        deep = {"element": deep}
    with pytest.raises(InputError) as raised:
        read_value({"@context": CONTEXT, "element": deep})
    assert raised.value.message == f"is nested more than {MAX_DEPTH} levels deep; flatten the document"


def test_other_files_are_not_accepted_or_say_nothing() -> None:
    assert not READER.claims("package.json")
    assert not READER.accepts(b'{"spdxVersion": "SPDX-2.3"}')
    assert not READER.accepts(b'{"bomFormat": "CycloneDX"}')
    assert read_value({"@graph": [{"@type": "Dataset", "name": "croissant"}]}, "spdx/croissant.json") == []
    assert read_value({"@context": CONTEXT, "@graph": []}) == []


def test_a_json_file_without_a_telling_name() -> None:
    reader = UnnamedSpdx3Reader()
    data = json.dumps({"@context": CONTEXT, "@graph": [package("app")]}).encode()
    assert reader.claims("inventory.json")
    assert not reader.claims("app.spdx3.json")
    assert not reader.accepts(b'{"@context": "https://schema.org/"}')
    assert reader.accepts(data)
    assert not reader.owed
    assert ids(reader.read(Source(path="inventory.json", data=data, tree=Tree(DATA)))) == ["product"]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["urn:a", "urn:b", "dependsOn", "Package"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "spdxId", "@id", "@value", "name", "from", "to", "relationshipType", "rootElement", "hyperparameter"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=15,
)


def spdx_types() -> Iterator[str]:
    yield from ("software_Package", "ai_AIPackage", "Relationship", "SpdxDocument", "software_File", "simplelicensing_LicenseExpression")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda type_, rest: {**rest, "type": type_},
            st.sampled_from(list(spdx_types())),
            st.dictionaries(
                st.sampled_from(["spdxId", "name", "from", "to", "relationshipType", "rootElement", "ai_hyperparameter", "externalRef"]),
                ANY,
            ),
        ),
        max_size=4,
    )
)
def test_any_json_is_read_or_refused(graph: list[Json]) -> None:
    with suppress(InputError):
        read_value({"@context": CONTEXT, "@graph": graph})
