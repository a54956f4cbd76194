"""CycloneDX XML: lines as places, hostile files refused, and the same facts as its JSON form in every way."""

import json
from pathlib import Path
from typing import Any

import pytest
from as_xml import as_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, Subject, UnresolvedReference
from lien.readers.cyclonedx import CycloneDxReader
from lien.readers.cyclonedx_xml import CycloneDxXmlReader, UnnamedCycloneDxXmlReader
from lien.readers.interface import Reader
from lien.sources.limits import MAX_DEPTH, MAX_XML_DEPTH
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.relations import Relation

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "cyclonedx"
READER: Reader = CycloneDxXmlReader()
UNNAMED: Reader = UnnamedCycloneDxXmlReader()
JSON: Reader = CycloneDxReader()

Json = dict[str, Any]


def read_by(reader: Reader, data: bytes) -> list[Fragment]:
    return list(reader.read(Source(path="bom", data=data, tree=Tree(ROOT))))


def read(inner: str, version: str = "1.6") -> list[Fragment]:
    return read_by(READER, f'<bom xmlns="http://cyclonedx.org/schema/bom/{version}">{inner}</bom>'.encode())


def error_of(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_by(READER, data)
    return str(caught.value)


def unplaced(fragments: list[Fragment]) -> list[Fragment]:
    return [one._replace(evidence=one.evidence._replace(line=None, pointer=None, reader="")) for one in fragments]


# --- which files


@pytest.mark.parametrize("path", ["bom.xml", "app.cdx.xml", "SBOM/app.xml", "target/cyclonedx.XML"])
def test_claims_xml_files_that_call_themselves_bom(path: str) -> None:
    assert READER.claims(path)
    assert not UNNAMED.claims(path)


@pytest.mark.parametrize("path", ["pom.xml", "software.xml", "a/b.XML"])
def test_other_xml_files_are_for_the_reader_that_promises_nothing(path: str) -> None:
    assert not READER.claims(path)
    assert UNNAMED.claims(path)
    assert (READER.owed, UNNAMED.owed) == (True, False)


@pytest.mark.parametrize("path", ["bom.json", "bom.xml.bak", "sbom/x.spdx.xml"])
def test_leaves_other_names_alone(path: str) -> None:
    assert not READER.claims(path)


@pytest.mark.parametrize(
    ("head", "named", "unnamed"),
    [
        (b'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4"', True, True),
        ('<bom xmlns="http://cyclonedx.org/schema/bom/1.4"'.encode("utf-16"), True, True),
        (b"<!-- " + b"a licence of a whole page " * 200, True, False),
        (b"<project><!-- a comment", False, False),
        (b'<bom xmlns="http://example.org/bill-of-materials">', False, False),
        (b"", False, False),
    ],
)
def test_accepts_the_namespace_of_cyclonedx(head: bytes, named: bool, unnamed: bool) -> None:
    assert (READER.accepts(head[:4096]), UNNAMED.accepts(head[:4096])) == (named, unnamed)


@pytest.mark.parametrize("root", ["<bom/>", '<bom xmlns="urn:x"><components/></bom>', "<project><bom/></project>"])
def test_other_roots_yield_nothing(root: str) -> None:
    assert read_by(READER, root.encode()) == []


# --- a whole file, with its lines


def test_a_bom_of_ours_read_whole() -> None:
    found = list(READER.read(Tree(DATA).read("finetune.cdx.xml")))
    assert {type(one.evidence.line) for one in found} == {int}
    assert {(one.evidence.path, one.evidence.pointer, one.evidence.reader) for one in found} == {
        ("finetune.cdx.xml", None, "cyclonedx-xml")
    }
    assert [(one.evidence.line, one.id, one.name, dict(one.attributes)) for one in found if isinstance(one, ArtifactSeen)] == [
        (6, "product", "helpdesk", {}),
        (15, "model:acme/helpdesk-7b", "helpdesk-7b", {"task": "text-generation"}),
        (41, "dataset:tatsu-lab/alpaca", "alpaca", {}),
        (27, "model:meta-llama/llama-2-7b-hf", "Llama-2-7b-hf", {}),
        (50, "dataset:acme/tickets", "acme/tickets", {}),
        (53, "package:pypi/torch@2.4.0", "torch", {}),
        (60, "service:openai", "speech", {}),
    ]
    assert [(one.evidence.line, one.artifact, one.text, one.said_by) for one in found if isinstance(one, LicenseClaim)] == [
        (10, "product", "Apache-2.0", "declared"),
        (19, "model:acme/helpdesk-7b", "Llama 2 Community License", "bom"),
        (56, "package:pypi/torch@2.4.0", "BSD-3-Clause", "bom"),
    ]
    assert {(one.evidence.line, one.downstream, one.type, one.upstream, one.role) for one in found if isinstance(one, RelationSeen)} == {
        (68, "product", Relation.LOADS, "model:acme/helpdesk-7b", Role.DEFAULT),
        (69, "product", Relation.DEPENDS_ON, "package:pypi/torch@2.4.0", Role.DEFAULT),
        (27, "model:acme/helpdesk-7b", Relation.FINETUNED_FROM, "model:meta-llama/llama-2-7b-hf", Role.DEFAULT),
        (40, "model:acme/helpdesk-7b", Relation.TRAINED_ON, "dataset:acme/tickets", Role.TRAINING),
        (41, "model:acme/helpdesk-7b", Relation.TRAINED_ON, "dataset:tatsu-lab/alpaca", Role.TRAINING),
        (60, "product", Relation.CALLS, "service:openai", Role.DEFAULT),
    }
    (opened,) = [one for one in found if isinstance(one, UnresolvedReference)]
    assert (opened.evidence.line, opened.downstream, opened.what) == (70, "package:pypi/torch@2.4.0", "nowhere")


def test_the_extensions_of_1_1_are_read() -> None:
    found = read_by(
        READER,
        b"""<bom xmlns="http://cyclonedx.org/schema/bom/1.1" xmlns:dg="http://cyclonedx.org/schema/ext/dependency-graph/1.0"
            xmlns:bd="http://cyclonedx.org/schema/ext/bom-descriptor/1.0">
          <bd:metadata><component type="application" bom-ref="app"><name>app</name></component></bd:metadata>
          <components>
            <component type="library" bom-ref="a"><name>a</name>
              <dg:dependencies>
                <dg:dependency ref="b"><dg:dependency ref="c"/></dg:dependency>
              </dg:dependencies>
            </component>
            <component type="library" bom-ref="b"><name>b</name></component>
            <component type="library" bom-ref="c"><name>c</name></component>
          </components>
          <dg:dependencies><dg:dependency ref="app"><dg:dependency ref="a"/></dg:dependency></dg:dependencies>
        </bom>""",
    )
    assert {(one.downstream, one.upstream, one.evidence.line) for one in found if isinstance(one, RelationSeen)} == {
        ("product", "package:generic/a", 13),
        ("package:generic/a", "package:generic/b", 7),
        ("package:generic/b", "package:generic/c", 7),
    }


def test_other_namespaces_inside_are_passed_over() -> None:
    found = read(
        '<components xmlns:x="urn:x"><x:component type="library"><name>no</name></x:component></components><y xmlns="urn:y"><components/></y>'
    )
    assert found == [Subject("product", Evidence("bom", 1, None, None, "cyclonedx-xml"))]


def test_whole_licence_texts_keep_their_lines() -> None:
    (claim,) = [
        one
        for one in read(
            "<components><component type='data'><name>x</name><licenses><license><text>A\n B</text></license></licenses></component></components>"
        )
        if isinstance(one, LicenseClaim)
    ]
    assert claim.text == "A\n B"


# --- what is refused, with its line

HEAD = b'<bom xmlns="http://cyclonedx.org/schema/bom/1.6">\n'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (HEAD + b"<components>\n</bom>", "bom:3: is not XML: mismatched tag; mend the file or leave it out"),
        (HEAD + b"<components>", "bom:2: is not XML: no element found; mend the file or leave it out"),
        (b"", "bom:1: is not XML: no element found; mend the file or leave it out"),
        (HEAD + b"&nbsp;</bom>", "bom:2: is not XML: undefined entity; mend the file or leave it out"),
        (
            b'<!DOCTYPE bom [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n' + HEAD + b"&b;</bom>",
            "bom:1: has a document type (<!DOCTYPE …>), which lien does not read; take it out",
        ),
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE bom SYSTEM "file:///etc/passwd">\n' + HEAD + b"</bom>",
            "bom:2: has a document type (<!DOCTYPE …>), which lien does not read; take it out",
        ),
        (
            b'<?xml version="1.0" encoding="klingon"?><bom/>',
            "bom:1: is in an encoding that lien does not read (unknown encoding: klingon); save it as UTF-8",
        ),
        (HEAD + b"<x>" * MAX_XML_DEPTH, f"bom:2: is nested more than {MAX_XML_DEPTH} levels deep; lien does not read such XML"),
        (
            HEAD + b"<components><component type='library'/>\n</components></bom>",
            "bom:2: has no name; write the name of the component",
        ),
        (
            HEAD + b"<components>\n<component>\n<name>a</name></component></components></bom>",
            'bom:3: has no type; write one, such as "library" or "machine-learning-model"',
        ),
        (HEAD + b"<services><service>\n</service></services></bom>", "bom:2: is no service with a name; write an object with name"),
        (
            HEAD + b"<dependencies>\n<dependency/></dependencies></bom>",
            "bom:3: has no ref; write the bom-ref of the component whose dependencies these are",
        ),
    ],
)
def test_errors_name_line_and_remedy(data: bytes, message: str) -> None:
    assert error_of(data) == message


def test_nested_components_have_the_limit_of_json() -> None:
    one = "<component type='library'><name>x</name><components>"
    end = "</components></component>"
    text = f"<components>{one * (MAX_DEPTH + 1)}{end * (MAX_DEPTH + 1)}</components>"
    with pytest.raises(InputError, match="is nested more than 200 levels deep; flatten the components"):
        read(text)
    assert len(read(f"<components>{one * (MAX_DEPTH - 1)}{end * (MAX_DEPTH - 1)}</components>")) >= MAX_DEPTH


@pytest.mark.parametrize("reader", [READER, JSON], ids=["xml", "json"])
def test_what_stands_before_the_fault_is_read(reader: Reader) -> None:
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "a"}, {"type": "library"}]}
    data = json.dumps(bom).encode() if reader is JSON else as_xml(bom)
    found: list[Fragment] = []
    with pytest.raises(InputError, match="has no name"):
        found.extend(reader.read(Source(path="bom", data=data, tree=Tree(ROOT))))
    assert [one.id for one in found if isinstance(one, ArtifactSeen)] == ["package:generic/a"]


@given(data=st.binary(max_size=200) | st.text(alphabet="<>/&bom ='\"x", max_size=80).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for wrapped in (data, HEAD + b"<components>" + data + b"</components></bom>"):
        refused: list[InputError] = []
        try:
            read_by(READER, wrapped)
        except InputError as error:
            refused.append(error)
        assert all(error.message and error.line for error in refused)


# --- the same facts as JSON


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "sboms").glob("*.cdx.json")), DATA / "product.cdx.json", DATA / "finetune.cdx.json"],
    ids=lambda path: path.name,
)
def test_our_boms_say_the_same_in_both_forms(path: Path) -> None:
    bom = json.loads(path.read_bytes())
    assert unplaced(read_by(READER, as_xml(bom))) == unplaced(read_by(JSON, path.read_bytes()))


REFS = st.sampled_from(["a", "b", "c", "urn:cdx:0/1#x"])
TEXT = st.sampled_from(
    ["torch", "acme/helper", "MIT", "Apache-2.0 OR MIT", "GPL & <co>", "https://huggingface.co/datasets/org/data", "2024-05-01"]
)
PROPERTIES = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from(["baseModel", "license", "note"]), "value": TEXT})
    | st.fixed_dictionaries({"name": st.just("lien:relation:a"), "value": st.sampled_from(["derived-from", "quantized-from"])}),
    max_size=2,
)
ATTACHMENT = st.fixed_dictionaries({"content": TEXT}, optional={"contentType": st.just("text/plain"), "encoding": st.just("base64")})
LICENSES = st.lists(
    st.fixed_dictionaries(
        {
            "license": st.fixed_dictionaries(
                {}, optional={"id": TEXT, "name": TEXT, "url": TEXT, "text": ATTACHMENT, "acknowledgement": st.just("concluded")}
            )
        }
    )
    | st.fixed_dictionaries(
        {"expression": TEXT},
        optional={
            "acknowledgement": st.just("declared"),
            "expressionDetails": st.lists(
                st.fixed_dictionaries(
                    {"licenseIdentifier": TEXT | st.just("LicenseRef-x")}, optional={"text": ATTACHMENT, "url": TEXT, "bom-ref": REFS}
                ),
                min_size=1,
                max_size=2,
            ),
        },
    ),
    max_size=2,
)
PARTY = st.fixed_dictionaries({"name": TEXT})
GOVERNANCE = st.fixed_dictionaries(
    {}, optional={"owners": st.lists(st.fixed_dictionaries({"organization": PARTY}), min_size=1, max_size=2)}
)
DATA_OBJECT = st.fixed_dictionaries(
    {"type": st.sampled_from(["dataset", "other"])},
    optional={
        "bom-ref": REFS,
        "name": TEXT,
        "contents": st.fixed_dictionaries({}, optional={"url": TEXT, "properties": PROPERTIES, "attachment": ATTACHMENT}),
        "governance": GOVERNANCE,
    },
)
CARD = st.fixed_dictionaries(
    {},
    optional={
        "properties": PROPERTIES,
        "modelParameters": st.fixed_dictionaries(
            {}, optional={"task": TEXT, "datasets": st.lists(DATA_OBJECT | st.fixed_dictionaries({"ref": REFS}), min_size=1, max_size=2)}
        ),
    },
)
EVIDENCE = st.fixed_dictionaries(
    {},
    optional={
        "licenses": LICENSES,
        "copyright": st.lists(st.fixed_dictionaries({"text": TEXT}), min_size=1, max_size=2),
        "identity": st.lists(
            st.fixed_dictionaries({"field": st.just("purl"), "confidence": st.just(1), "concludedValue": st.just("pkg:pypi/x@1")}),
            min_size=1,
            max_size=2,
        ),
    },
)


def components_over(below: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    some = st.lists(below, min_size=1, max_size=2)
    return st.fixed_dictionaries(
        {"type": st.sampled_from(["library", "machine-learning-model", "data", "container", "file", "cryptographic-asset"]), "name": TEXT},
        optional={
            "bom-ref": REFS,
            "group": TEXT,
            "version": TEXT,
            "purl": st.sampled_from(["pkg:pypi/torch@2.0", "pkg:huggingface/org/model"]),
            "scope": st.sampled_from(["required", "optional", "excluded"]),
            "copyright": TEXT,
            "supplier": PARTY,
            "licenses": LICENSES,
            "properties": PROPERTIES,
            "modelCard": CARD,
            "data": st.lists(DATA_OBJECT, min_size=1, max_size=2),
            "components": some,
            "pedigree": st.fixed_dictionaries({}, optional={"ancestors": some, "descendants": some, "variants": some}),
            "evidence": EVIDENCE,
            "externalReferences": st.lists(st.fixed_dictionaries({"type": st.sampled_from(["website", "bom"]), "url": TEXT}), max_size=2),
            "releaseNotes": st.fixed_dictionaries({"timestamp": TEXT}),
        },
    )


COMPONENT: st.SearchStrategy[Json] = st.deferred(lambda: components_over(COMPONENT))
FLOW = st.fixed_dictionaries(
    {"flow": st.sampled_from(["inbound", "outbound"]), "classification": TEXT},
    optional={"name": TEXT, "source": st.lists(REFS, min_size=1, max_size=2), "destination": st.lists(TEXT, min_size=1, max_size=2)},
)
SERVICE: st.SearchStrategy[Json] = st.deferred(
    lambda: st.fixed_dictionaries(
        {"name": TEXT},
        optional={
            "bom-ref": REFS,
            "provider": PARTY,
            "endpoints": st.lists(TEXT, max_size=2),
            "licenses": LICENSES,
            "data": st.lists(FLOW, min_size=1, max_size=2),
            "services": st.lists(SERVICE, min_size=1, max_size=1),
        },
    )
)
RESOURCE = st.fixed_dictionaries({"ref": REFS}) | st.fixed_dictionaries(
    {"externalReference": st.fixed_dictionaries({"type": st.just("distribution"), "url": TEXT})}
)
RUN = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXT,
        "inputs": st.lists(st.fixed_dictionaries({"resource": RESOURCE}), max_size=2),
        "outputs": st.lists(st.fixed_dictionaries({"resource": RESOURCE, "type": st.just("artifact")}), max_size=2),
        "resourceReferences": st.lists(RESOURCE, max_size=1),
    },
)
WORKFLOW = st.tuples(RUN, st.fixed_dictionaries({}, optional={"tasks": st.lists(RUN, max_size=2)})).map(lambda both: both[0] | both[1])
FORMULA = st.fixed_dictionaries(
    {},
    optional={
        "components": st.lists(COMPONENT, max_size=1),
        "services": st.lists(SERVICE, max_size=1),
        "workflows": st.lists(WORKFLOW, max_size=2),
    },
)
COMPOSITION = st.fixed_dictionaries(
    {"aggregate": st.sampled_from(["complete", "incomplete", "unknown", "incomplete_third_party_only"])},
    optional={"assemblies": st.lists(REFS, min_size=1, max_size=2), "dependencies": st.lists(REFS, min_size=1, max_size=2)},
)
BOM = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.fixed_dictionaries({}, optional={"component": COMPONENT}),
        "components": st.lists(COMPONENT, max_size=3),
        "services": st.lists(SERVICE, max_size=2),
        "dependencies": st.dictionaries(REFS, st.lists(REFS, min_size=1, max_size=3, unique=True), max_size=3).map(
            lambda edges: [{"ref": ref, "dependsOn": ups} for ref, ups in edges.items()]
        ),
        "compositions": st.lists(COMPOSITION, max_size=2),
        "formulation": st.lists(FORMULA, max_size=1),
    },
)


@given(bom=BOM)
@settings(max_examples=150, deadline=None)
def test_any_bom_says_the_same_in_both_forms(bom: Json) -> None:
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", **bom}

    def said_by(reader: Reader, data: bytes) -> list[Fragment] | str:
        try:
            return unplaced(read_by(reader, data))
        except InputError as error:
            return error.message

    assert said_by(READER, as_xml(bom)) == said_by(JSON, json.dumps(bom).encode())
