"""CycloneDX JSON: BOMs of ours read whole, each rule by the smallest BOM that shows it, and laws over any JSON."""

import base64
import gc
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from as_xml import as_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import (
    ArtifactSeen,
    CustomText,
    DependenciesSeen,
    Evidence,
    Fragment,
    LicenseClaim,
    RelationSeen,
    Role,
    Subject,
    UnresolvedReference,
)
from lien.graph.supply import SupplyGraph, merge
from lien.readers._bom_ids import split_purl
from lien.readers._cyclonedx_properties import base_models
from lien.readers._cyclonedx_relations import Party
from lien.readers.cyclonedx import CycloneDxReader
from lien.readers.interface import Reader
from lien.sources.limits import MAX_BOM_BYTES, MAX_DEPTH
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.ids import kind_of
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

DATA = Path(__file__).parent.parent / "data" / "cyclonedx"
READER: Reader = CycloneDxReader()

Json = dict[str, Any]


def read_bytes(data: bytes, path: str = "bom.json") -> list[Fragment]:
    return list(READER.read(Source(path=path, data=data, tree=Tree(Path(__file__).parent))))


def read_value(value: object) -> list[Fragment]:
    return read_bytes(json.dumps(value).encode())


def read(*components: object, subject: Json | None = None, edges: dict[str, list[str]] | None = None, **more: object) -> list[Fragment]:
    bom: Json = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": list(components), **more}
    if subject is not None:
        bom["metadata"] = {"component": subject}
    if edges is not None:
        bom["dependencies"] = [{"ref": ref, "dependsOn": ups} for ref, ups in edges.items()]
    return read_value(bom)


def library(name: str, **more: object) -> Json:
    return {"type": "library", "bom-ref": name, "name": name, **more}


def model(name: str, **more: object) -> Json:
    return {"type": "machine-learning-model", "bom-ref": name, "name": name, **more}


def data(name: str, **more: object) -> Json:
    return {"type": "data", "bom-ref": name, "name": name, **more}


def said(**properties: str) -> list[Json]:
    """`lien:` properties; two underscores stand for the colon before a bom-ref."""
    return [{"name": "lien:" + name.replace("__", ":"), "value": value} for name, value in properties.items()]


def trained_on(*datasets: object) -> Json:
    return {"modelParameters": {"datasets": list(datasets)}}


def relations(fragments: Iterable[Fragment]) -> set[tuple[str, str, str]]:
    found = [(one.downstream, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]
    assert len(found) == len(set(found)), "a relation is said once"
    return set(found)


def edge(fragments: Iterable[Fragment], downstream: str, upstream: str) -> RelationSeen:
    (found,) = [one for one in fragments if isinstance(one, RelationSeen) and (one.downstream, one.upstream) == (downstream, upstream)]
    return found


def artifacts(fragments: Iterable[Fragment]) -> dict[str, ArtifactSeen]:
    return {one.id: one for one in fragments if isinstance(one, ArtifactSeen)}


def claims(fragments: Iterable[Fragment]) -> list[tuple[str, str, Scheme, str]]:
    return [(one.artifact, one.text, one.scheme, one.said_by) for one in fragments if isinstance(one, LicenseClaim)]


def opened(fragments: Iterable[Fragment]) -> list[UnresolvedReference]:
    return [one for one in fragments if isinstance(one, UnresolvedReference)]


def error_of(value: object) -> str:
    with pytest.raises(InputError) as caught:
        read_value(value)
    return str(caught.value)


# --- which files


@pytest.mark.parametrize(
    "path",
    [
        "app.cdx.json",
        "bom.json",
        "x/app.bom.json",
        "my-sbom-1.json",
        "AIBOM.json",
        "mlbom_v2.json",
        "app-bom.json",
        "sboms/app.json",
        "cyclonedx.json",
        "out/cdx/app.json",
    ],
)
def test_claims_json_files_that_call_themselves_bom(path: str) -> None:
    assert READER.claims(path)


@pytest.mark.parametrize("path", ["package.json", "bom.xml", "sboms/app.spdx.json", "config.json", "bom.json.bak"])
def test_leaves_other_names_alone(path: str) -> None:
    assert not READER.claims(path)


def test_is_owed_and_bounded() -> None:
    assert (READER.name, READER.owed, READER.max_bytes) == ("cyclonedx-json", True, MAX_BOM_BYTES)


@pytest.mark.parametrize(
    ("head", "accepted"),
    [
        (b'{"bomFormat": "CycloneDX"', True),
        (b'\xef\xbb\xbf \n{"bomFormat"', True),
        (b'{"components": [' + b" " * 4000, True),
        (b'{"bomFormat": "CycloneDX", "$comment": "after \\"spdxVersion\\""', True),
        (b'{"spdxVersion": "SPDX-2.3"', False),
        (b'{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"', False),
        (b"[1, 2]", False),
        (b"<bom/>", False),
        (b"", False),
    ],
)
def test_accepts_objects_that_are_not_spdx(head: bytes, accepted: bool) -> None:
    assert READER.accepts(head) is accepted


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"openapi": "3.1.0", "components": {"schemas": {}}},
        {"specVersion": 2, "name": "a chart in a folder named bom"},
        {"note": "not CycloneDX"},
    ],
)
def test_other_objects_yield_nothing(value: object) -> None:
    assert read_value(value) == []


def test_json_with_comments_in_a_folder_named_bom_is_not_parsed() -> None:
    assert read_bytes(b'{"files": [] // none\n}', "bom-tool/tsconfig.json") == []


@pytest.mark.parametrize("version", ["1.2", "1.7", "2.0", "", None])
def test_any_spec_version_is_read(version: str | None) -> None:
    found = read_value({"bomFormat": "CycloneDX", "specVersion": version, "components": [library("x")]})
    assert list(artifacts(found)) == ["package:generic/x"]


def test_a_byte_order_mark_and_key_order_change_nothing() -> None:
    bom = {"components": [library("x")], "dependencies": [], "specVersion": "1.6", "bomFormat": "cyclonedx"}
    assert list(artifacts(read_bytes(b"\xef\xbb\xbf" + json.dumps(bom).encode()))) == ["package:generic/x"]


# --- errors, one broken file per message

BOM = {"bomFormat": "CycloneDX", "specVersion": "1.6"}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "bom.json: is a list, not an object; a CycloneDX BOM is one object with bomFormat"),
        (7, "bom.json: is a number, not an object; a CycloneDX BOM is one object with bomFormat"),
        (
            {"bomFormat": "AIDX", "components": []},
            'bom.json#/bomFormat: is "AIDX"; write "CycloneDX", or rename the file if it is no CycloneDX BOM',
        ),
        (
            {"specVersion": "1.5", "components": []},
            'bom.json: has specVersion and components but no bomFormat; write "bomFormat": "CycloneDX"',
        ),
        ({**BOM, "components": {}}, "bom.json#/components: is an object, not a list; write a list of components, or leave it out"),
        ({**BOM, "components": [1]}, "bom.json#/components/0: is a number, not an object; write a component with type and name"),
        ({**BOM, "components": [{"type": "library"}]}, "bom.json#/components/0: has no name; write the name of the component"),
        ({**BOM, "components": [{"type": "library", "name": " "}]}, "bom.json#/components/0: has no name; write the name of the component"),
        (
            {**BOM, "components": [{"type": "library", "name": "a", "components": [{"name": "x"}]}]},
            'bom.json#/components/0/components/0: has no type; write one, such as "library" or "machine-learning-model"',
        ),
        ({**BOM, "metadata": []}, 'bom.json#/metadata: is a list, not an object; write {"component": …}, or leave it out'),
        (
            {**BOM, "metadata": {"component": True}},
            "bom.json#/metadata/component: is a truth value, not an object; write a component with type and name",
        ),
        ({**BOM, "services": [{}]}, "bom.json#/services/0: is no service with a name; write an object with name"),
        (
            {**BOM, "dependencies": {}},
            'bom.json#/dependencies: is an object, not a list; write a list of {"ref": …, "dependsOn": […]}, or leave it out',
        ),
        ({**BOM, "dependencies": ["a"]}, 'bom.json#/dependencies/0: is "a", not an object; write {"ref": …, "dependsOn": […]}'),
        (
            {**BOM, "dependencies": [{"dependsOn": []}]},
            "bom.json#/dependencies/0: has no ref; write the bom-ref of the component whose dependencies these are",
        ),
        (
            {**BOM, "components": [library("a")], "dependencies": [{"ref": "a", "dependsOn": "b"}]},
            'bom.json#/dependencies/0/dependsOn: is "b", not a list; write a list of bom-refs, or leave it out',
        ),
        (
            {**BOM, "components": [library("a")], "dependencies": [{"ref": "a", "dependsOn": ["a", {}]}]},
            "bom.json#/dependencies/0/dependsOn/1: is an object, not a bom-ref; write the bom-ref of a component as a string",
        ),
        (
            {**BOM, "components": [library("a", licenses="MIT")]},
            'bom.json#/components/0/licenses: is "MIT", not a list; write [{"license": {"id": …}}] or [{"expression": …}]',
        ),
        (
            {**BOM, "components": [library("a", licenses=[7])]},
            'bom.json#/components/0/licenses/0: is a number, not a licence; write {"license": {"id": …}} or {"expression": …}',
        ),
        (
            {**BOM, "components": [library("a", licenses=[{"license": []}])]},
            'bom.json#/components/0/licenses/0/license: is a list, not a licence; write {"id": …} or {"name": …}',
        ),
        (
            {**BOM, "components": [model("a", modelCard=trained_on(3))]},
            'bom.json#/components/0/modelCard/modelParameters/datasets/0: is a number, not a data object; write {"ref": …} or {"type": "dataset", "name": …}',
        ),
        (
            {**BOM, "components": [library("a", properties=said(date="soon"))]},
            'bom.json#/components/0/properties/0/value: is "soon", which is no date; write it as YYYY-MM-DD',
        ),
    ],
)
def test_errors_name_place_and_remedy(value: object, message: str) -> None:
    assert error_of(value) == message


def test_an_unknown_relation_name_lists_the_known_ones() -> None:
    message = error_of({**BOM, "components": [library("a", properties=said(relation="finetuned"))]})
    assert message.startswith('bom.json#/components/0/properties/0/value: is "finetuned", which is no relation; write one of mirror-of, ')
    assert "finetuned-from" in message


def test_broken_json_is_an_input_error_with_its_line() -> None:
    with pytest.raises(InputError, match=r"^bom\.json:2: is not JSON"):
        read_bytes(b'{"bomFormat": "CycloneDX",\n oops}')


def test_a_number_that_python_refuses_is_an_input_error() -> None:
    with pytest.raises(InputError, match="holds a number too long to read"):
        read_bytes(b'{"bomFormat": "CycloneDX", "version": ' + b"1" * 5000 + b"}")


@pytest.mark.parametrize("key", ["components", "pedigree"])
def test_depth_is_limited_without_recursion(key: str) -> None:
    def nest(levels: int) -> Json:
        component = library("x")
        for _ in range(levels - 1):
            component = library("x", **{key: {"ancestors": [component]} if key == "pedigree" else [component]})
        return {**BOM, "components": [component]}

    assert len(read_value(nest(MAX_DEPTH))) >= MAX_DEPTH
    assert error_of(nest(MAX_DEPTH + 1)).endswith(": is nested more than 200 levels deep; flatten the components")


def test_services_have_the_same_limit() -> None:
    service: Json = {"name": "x"}
    for _ in range(MAX_DEPTH):
        service = {"name": "x", "services": [service]}
    assert error_of({**BOM, "services": [service]}).endswith(": is nested more than 200 levels deep; flatten the services")


# --- identities


@pytest.mark.parametrize(
    ("purl", "identifier"),
    [
        ("pkg:pypi/Typing_Extensions@4.12.2", "package:pypi/typing-extensions@4.12.2"),
        ("pkg:npm/%40scope/name@1.0.0", "package:npm/@scope/name@1.0.0"),
        ("pkg:npm/@scope/name@1.0.0", "package:npm/@scope/name@1.0.0"),
        ("pkg:npm/@scope/name", "package:npm/@scope/name@9"),
        ("PKG:Maven/org.x/art@1?type=jar#a/b", "package:maven/org.x/art@1"),
        ("pkg://golang/github.com/a/b@v1", "package:golang/github.com/a/b@v1"),
        ("pkg:pypi/torch@2.0%2Bcu118", "package:pypi/torch@2.0+cu118"),
        ("pkg:huggingface/Org/Name@ABC", "model:org/name"),
        ("pkg:huggingface/gpt2", "model:gpt2"),
        ("pkg:huggingface/datasets/Org/Name", "dataset:org/name"),
        ("pkg:huggingface/datasets/squad", "dataset:squad"),
        ("pkg:docker/library/nginx@sha256%3Aabc", "image:nginx"),
        ("pkg:docker/vllm/vllm-openai@v1?repository_url=ghcr.io", "image:ghcr.io/vllm/vllm-openai"),
        ("pkg:oci/vllm-openai@sha256%3Aabc?arch=amd64&repository_url=docker.io%2Fvllm%2Fvllm-openai", "image:vllm/vllm-openai"),
        ("pkg:github/Acme/Tool@main", "code:github/acme/tool"),
        ("pkg:mlflow/Model@3?repository_url=https://x", "model:model"),
        ("no purl", "package:generic/g/n@9"),
        ("pkg:pypi/", "package:generic/g/n@9"),
        ("", "package:generic/g/n@9"),
    ],
)
def test_a_purl_names_the_artifact(purl: str, identifier: str) -> None:
    found = artifacts(read({"type": "library", "group": "g", "name": "n", "version": "9", "purl": purl}))
    assert list(found) == [identifier]
    assert found[identifier].purl == (None if identifier.startswith("package:generic") else purl)


@pytest.mark.parametrize(
    ("component", "identifier"),
    [
        (model("Org/Name", group="Org"), "model:org/name"),
        (model("stable-diffusion", group="CompVis"), "model:compvis/stable-diffusion"),
        (model("https://huggingface.co/Org/Name"), "model:org/name"),
        (model("en_core_web_sm", purl="pkg:pypi/en-core-web-sm@3.7"), "model:en_core_web_sm"),
        (data("alpaca", purl="pkg:github/tatsu-lab/stanford_alpaca"), "dataset:alpaca"),
        (data("x", purl="pkg:huggingface/org/x"), "dataset:org/x"),
        (data("Some Data"), "dataset:some data"),
        ({"type": "container", "name": "docker.io/library/python:3.11"}, "image:python"),
        ({"type": "operating-system", "name": "debian", "version": "12"}, "package:generic/debian@12"),
        (library("tool", group="org", version=1.5), "package:generic/org/tool@1.5"),
        (library("", purl="pkg:pypi/nameless@1"), "package:pypi/nameless@1"),
    ],
)
def test_without_telling_purl_type_and_name_decide(component: Json, identifier: str) -> None:
    assert list(artifacts(read(component))) == [identifier]


def test_purls_are_split_as_the_specification_says() -> None:
    assert split_purl("pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie") == (
        "deb",
        "debian",
        "curl",
        "7.50.3-1",
        "arch=i386&distro=jessie",
    )
    assert split_purl("pkg:generic/openssl") == ("generic", "", "openssl", None, "")
    assert split_purl("pkg:%20/%20") is None
    assert split_purl("cpe:2.3") is None


def test_facts_of_a_model() -> None:
    found = read(
        model(
            "helper",
            version="2",
            supplier={"name": "Acme GmbH"},
            author="A Person",
            externalReferences=[
                {"type": "website", "url": "https://huggingface.co/acme/helper/tree/main"},
                {"type": "distribution", "url": "https://huggingface.co/datasets/acme/other-kind"},
                {"type": "distribution", "url": "https://huggingface.co/spaces/acme"},
                {"type": "vcs", "url": "https://huggingface.co/acme/base-of-it"},
                {"type": "website"},
                None,
            ],
            modelCard={"modelParameters": {"task": "text-generation"}},
            properties=said(released="2024-05-01T10:00:00Z"),
        )
    )
    seen = artifacts(found)["model:helper"]
    assert seen == ArtifactSeen(
        id="model:helper",
        kind=Kind.MODEL,
        evidence=Evidence("bom.json", None, "/components/0", "helper", "cyclonedx-json"),
        name="helper",
        version="2",
        publisher="acme gmbh",
        aliases=("model:acme/helper",),
        attributes=(("task", "text-generation"),),
        released=date(2024, 5, 1),
    )


def test_publishers_are_told_for_models_and_data_alone() -> None:
    found = artifacts(
        read(library("tool", supplier={"name": "Acme"}), data("set", supplier="Acme"), model("helper", group="Org", publisher="Reseller"))
    )
    assert [one.publisher for one in found.values()] == [None, "acme", "org"]


# --- licences


@pytest.mark.parametrize(
    ("entry", "text", "scheme", "said_by"),
    [
        ({"license": {"id": "MIT"}}, "MIT", Scheme.SPDX, "bom"),
        ({"license": {"id": "Openrail++"}}, "Openrail++", Scheme.SPDX, "bom"),
        ({"license": {"id": "MIT", "acknowledgement": "concluded"}}, "MIT", Scheme.SPDX, "concluded"),
        ({"expression": "MIT OR Apache-2.0", "acknowledgement": "declared"}, "MIT OR Apache-2.0", Scheme.SPDX, "declared"),
        ({"license": {"name": "llama2", "text": {"content": "…"}}}, "llama2", Scheme.FREE_TEXT, "bom"),
        ({"license": {"text": {"content": "Do as\nyou like."}}}, "Do as\nyou like.", Scheme.FILE, "bom"),
        (
            {"license": {"text": {"encoding": "base64", "content": base64.b64encode("Für alle".encode()).decode()}}},
            "Für alle",
            Scheme.FILE,
            "bom",
        ),
        ({"license": {"text": {"encoding": "base64", "content": "not base64"}}}, "not base64", Scheme.FILE, "bom"),
        ({"license": {"url": "https://example.org/L"}}, "https://example.org/L", Scheme.URL, "bom"),
        ("BSD", "BSD", Scheme.FREE_TEXT, "bom"),
        ({"license": "BSD"}, "BSD", Scheme.FREE_TEXT, "bom"),
    ],
)
def test_a_licence_is_claimed_as_written(entry: object, text: str, scheme: Scheme, said_by: str) -> None:
    assert claims(read(library("x", licenses=[entry]))) == [("package:generic/x", text, scheme, said_by)]


def test_each_entry_is_a_claim_and_an_empty_one_is_none() -> None:
    found = read(
        library("x", licenses=[{"license": {"id": "MIT"}}, {"license": {}}, {}, {"license": {"name": "BSD", "url": "https://b.sd"}}])
    )
    evidence = [one.evidence for one in found if isinstance(one, LicenseClaim)]
    assert [(one.pointer, one.as_written, one.source) for one in evidence] == [
        ("/components/0/licenses/0", "MIT", None),
        ("/components/0/licenses/3", "BSD", "https://b.sd"),
    ]


def test_a_text_is_claimed_whole_and_quoted_by_its_title() -> None:
    text = "\nThe Licence\n" + "x" * 100_000
    (claim,) = [one for one in read(library("x", licenses=[{"license": {"text": {"content": text}}}])) if isinstance(one, LicenseClaim)]
    assert claim.text == text
    assert claim.evidence.as_written == "The Licence"


def test_licences_said_elsewhere_count_where_the_list_is_silent() -> None:
    stated = [{"name": "acme:license", "value": "competition terms"}]
    found = {"licenses": [{"license": {"id": "MIT"}}]}
    assert claims(read(data("x", licenses=None, properties=stated))) == [("dataset:x", "competition terms", Scheme.FREE_TEXT, "bom")]
    assert claims(read(library("x", evidence=found))) == [("package:generic/x", "MIT", Scheme.SPDX, "bom")]
    both = read(data("x", licenses=[{"license": {"id": "CC0-1.0"}}], properties=stated, evidence=found))
    assert claims(both) == [("dataset:x", "CC0-1.0", Scheme.SPDX, "bom")]


# --- the subject and what hangs from the product


def test_a_program_as_subject_is_the_product() -> None:
    found = read(library("a"), subject={"type": "firmware", "bom-ref": "root", "name": "box", "version": "7"}, edges={"root": ["a"]})
    evidence = Evidence("bom.json", None, "/metadata/component", "box", "cyclonedx-json")
    assert found[:2] == [
        ArtifactSeen(id="product", kind=Kind.PRODUCT, evidence=evidence, name="box", version="7"),
        Subject("product", evidence),
    ]
    assert relations(found) == {("product", "depends-on", "package:generic/a")}


def test_a_model_as_subject_is_shipped_and_packages_are_what_it_was_built_with() -> None:
    found = read(library("trl"), model("other"), data("set"), subject=model("org/m"))
    assert [one.artifact for one in found if isinstance(one, Subject)] == ["model:org/m"]
    assert relations(found) == {
        ("product", "ships", "model:org/m"),
        ("model:org/m", "built-with", "package:generic/trl"),
        ("product", "loads", "model:other"),
        ("product", "loads", "dataset:set"),
    }


def test_a_subject_listed_again_is_not_a_second_artifact() -> None:
    root = {"type": "application", "bom-ref": "root", "name": "app"}
    found = read({**root, "licenses": [{"license": {"id": "MIT"}}]}, library("a"), subject=root, edges={"root": ["a"]})
    assert relations(found) == {("product", "depends-on", "package:generic/a")}
    assert claims(found) == [("product", "MIT", Scheme.SPDX, "bom")]


def test_what_nobody_reaches_hangs_from_the_product_and_rings_do_too() -> None:
    found = read(library("a"), library("b"), library("c"), library("d"), edges={"a": ["b"], "c": ["d"], "d": ["c"]})
    assert relations(found) == {
        ("product", "depends-on", "package:generic/a"),
        ("package:generic/a", "depends-on", "package:generic/b"),
        ("product", "depends-on", "package:generic/c"),
        ("package:generic/c", "depends-on", "package:generic/d"),
        ("package:generic/d", "depends-on", "package:generic/c"),
    }


def test_scope_is_the_role_in_the_product_alone() -> None:
    found = read(
        library("a", scope="required"),
        library("b", scope="optional"),
        library("c", scope="excluded"),
        library("d", scope="optional"),
        subject=library("root"),
        edges={"root": ["a", "b"], "a": ["b", "d"]},
    )
    roles = {(one.downstream, one.upstream.removeprefix("package:generic/")): one.role for one in found if isinstance(one, RelationSeen)}
    assert roles == {
        ("product", "a"): Role.DEFAULT,
        ("product", "b"): Role.OPTION,
        ("product", "c"): Role.DEVELOPMENT,
        ("package:generic/a", "b"): Role.DEFAULT,
        ("package:generic/a", "d"): Role.DEFAULT,
    }


def test_nesting_is_holding() -> None:
    found = read(
        library("a", components=[library("b"), model("m")]),
        {"type": "container", "name": "img", "components": [library("c")]},
        subject={"type": "application", "name": "app", "components": [library("d", scope="optional")]},
    )
    assert relations(found) == {
        ("package:generic/a", "bundles", "package:generic/b"),
        ("package:generic/a", "ships", "model:m"),
        ("image:img", "contains", "package:generic/c"),
        ("product", "bundles", "package:generic/d"),
        ("product", "depends-on", "package:generic/a"),
        ("product", "contains", "image:img"),
    }
    assert edge(found, "product", "package:generic/d").role is Role.OPTION


# --- dependencies


def test_dependencies_mean_what_the_kinds_say() -> None:
    found = read(
        library("lib"),
        model("m"),
        data("set"),
        subject={"type": "application", "bom-ref": "app", "name": "app"},
        services=[{"bom-ref": "svc", "name": "svc"}],
        edges={"app": ["lib", "m", "svc"], "m": ["set", "lib"], "set": ["svc"]},
    )
    assert relations(found) == {
        ("product", "depends-on", "package:generic/lib"),
        ("product", "loads", "model:m"),
        ("product", "calls", "service:svc"),
        ("model:m", "trained-on", "dataset:set"),
        ("model:m", "built-with", "package:generic/lib"),
        ("dataset:set", "generated-by", "service:svc"),
    }
    assert edge(found, "model:m", "dataset:set").role is Role.TRAINING


def test_evidence_of_a_dependency_is_its_item() -> None:
    found = read(library("a"), library("b"), edges={"a": ["b"]})
    assert edge(found, "package:generic/a", "package:generic/b") == RelationSeen(
        downstream="package:generic/a",
        type=Relation.DEPENDS_ON,
        upstream="package:generic/b",
        evidence=Evidence("bom.json", None, "/dependencies/0/dependsOn/0", "b", "cyclonedx-json"),
    )


def test_dangling_references_are_shown() -> None:
    found = read(model("m", modelCard=trained_on({"ref": "gone"})), edges={"nobody": ["m"], "m": ["urn:cdx:x/1#y"]})
    reason, elsewhere = (
        "names no component or service of this BOM by its bom-ref",
        "names a component of another BOM; audit that BOM beside this one",
    )
    assert [(one.downstream, one.what, one.reason, one.evidence.pointer) for one in opened(found)] == [
        ("model:m", "gone", reason, "/components/0/modelCard/modelParameters/datasets/0"),
        ("product", "nobody", reason, "/dependencies/0/ref"),
        ("model:m", "urn:cdx:x/1#y", elsewhere, "/dependencies/1/dependsOn/0"),
    ]
    assert relations(found) == {("product", "loads", "model:m")}


def test_a_dependency_without_meaning_is_shown_and_loses_nothing() -> None:
    found = read(data("set"), {"type": "container", "bom-ref": "img", "name": "img"}, edges={"set": ["img"]})
    (one,) = opened(found)
    assert one.reason == "lien knows no relation from a dataset to a image; state one with lien:relation"
    assert ("product", "contains", "image:img") in relations(found)


def test_provides_is_no_dependency_and_duplicate_refs_are_let_pass() -> None:
    found = read(library("a"), library("a"), library("b"), dependencies=[{"ref": "a", "provides": ["b"]}, {"ref": "a", "dependsOn": None}])
    assert relations(found) == {("product", "depends-on", "package:generic/a"), ("product", "depends-on", "package:generic/b")}


# --- lineage


def test_pedigree_and_its_own_pedigree() -> None:
    old = model("org/old", licenses=[{"license": {"name": "llama2"}}], pedigree={"ancestors": [model("org/oldest")]})
    found = read(
        model("org/new", pedigree={"ancestors": [old], "descendants": [model("org/next")], "variants": [model("org/sibling")]}),
        library("fork", pedigree={"ancestors": [library("original")]}),
        data("set", pedigree={"ancestors": [model("org/writer"), data("seed")]}),
    )
    assert relations(found) == {
        ("model:org/new", "derived-from", "model:org/old"),
        ("model:org/old", "derived-from", "model:org/oldest"),
        ("model:org/next", "derived-from", "model:org/new"),
        ("package:generic/fork", "forked-from", "package:generic/original"),
        ("dataset:set", "generated-by", "model:org/writer"),
        ("dataset:set", "derived-from", "dataset:seed"),
        ("product", "loads", "model:org/new"),
        ("product", "depends-on", "package:generic/fork"),
        ("product", "loads", "dataset:set"),
    }
    assert ("model:org/old", "llama2", Scheme.FREE_TEXT, "bom") in claims(found)
    assert "model:org/sibling" not in artifacts(found)


@pytest.mark.parametrize("name", ["base_model", "baseModel", "huggingface:baseModel", "X:BASEMODEL"])
@pytest.mark.parametrize("in_card", [False, True])
def test_base_models_in_the_words_of_other_tools(name: str, in_card: bool) -> None:
    properties = [{"name": name, "value": "https://huggingface.co/Org/Base"}]
    component = model("m", modelCard={"properties": properties}) if in_card else model("m", properties=properties)
    found = read(component)
    assert relations(found) == {("product", "loads", "model:m"), ("model:m", "finetuned-from", "model:org/base")}
    assert artifacts(found)["model:org/base"].publisher == "org"


def test_base_models_in_a_key_that_the_schema_does_not_know() -> None:
    found = read(model("m", modelCard={"modelParameters": {"baseModel": {"name": "Base", "source": "https://huggingface.co/org/base"}}}))
    assert ("model:m", "finetuned-from", "model:org/base") in relations(found)


def test_a_base_model_that_is_no_hub_id_is_shown() -> None:
    found = read(model("m", properties=[{"name": "base_model", "value": "/data/out"}, {"name": "my_base_models", "value": "x/y"}]))
    (one,) = opened(found)
    assert (one.what, one.reason) == ("/data/out", "is no Hub id, so the base model stays unknown; write ORG/NAME")
    assert relations(found) == {("product", "loads", "model:m")}


def test_base_model_values_come_as_lists() -> None:
    assert base_models('["a/base", "c/base"]') == [("a/base", "model:a/base"), ("c/base", "model:c/base")]
    assert base_models("a/base,Llama 2") == [("a/base", "model:a/base"), ("Llama 2", None)]
    assert base_models("None") == []


def test_datasets_by_reference_inline_and_bare() -> None:
    inline = {"type": "dataset", "bom-ref": "inline", "name": "ignored", "contents": {"url": "https://huggingface.co/datasets/Org/Set"}}
    found = read(
        model(
            "m",
            modelCard=trained_on({"ref": "later"}, inline, {"type": "dataset", "name": "Rules"}, "squad", {"type": "dataset"}),
            data=[data("more")],
        ),
        model("n", modelCard=trained_on({"ref": "inline"})),
        data("later"),
    )
    assert relations(found) == {
        ("model:m", "trained-on", "dataset:later"),
        ("model:m", "trained-on", "dataset:org/set"),
        ("model:m", "trained-on", "dataset:rules"),
        ("model:m", "trained-on", "dataset:squad"),
        ("model:m", "trained-on", "dataset:more"),
        ("model:n", "trained-on", "dataset:org/set"),
        ("product", "loads", "model:m"),
        ("product", "loads", "model:n"),
    }
    assert {one.role for one in found if isinstance(one, RelationSeen) and one.type is Relation.TRAINED_ON} == {Role.TRAINING}


def test_contents_of_data() -> None:
    url = "https://huggingface.co/datasets/org/mix"
    itself = {"type": "dataset", "name": "Mix", "contents": {"url": url}}
    found = read(data("mix", data=[itself, {"type": "dataset", "name": "part"}, {"type": "configuration", "name": "app.ini"}]))
    assert relations(found) == {("dataset:mix", "contains", "dataset:part"), ("product", "loads", "dataset:mix")}
    assert [one.aliases for one in found if isinstance(one, ArtifactSeen) and one.id == "dataset:mix"] == [(), ("dataset:org/mix",)]


# --- the convention: lien:relation and lien:date


def test_an_ancestor_says_how_and_when() -> None:
    ancestor = model("org/base", properties=said(relation="finetuned-from", date="2024-04-30"))
    found = read(model("org/m", pedigree={"ancestors": [ancestor]}), edges={"org/m": ["org/base"]})
    one = edge(found, "model:org/m", "model:org/base")
    assert (one.type, one.date, one.evidence.pointer) == (Relation.FINETUNED_FROM, date(2024, 4, 30), "/components/0/pedigree/ancestors/0")


def test_the_more_specific_statement_of_a_pair_wins() -> None:
    base, pedigree = model("org/base"), {"ancestors": [model("org/base")]}
    named = [{"name": "base_model", "value": "org/base"}]

    def kind(*components: object) -> Relation:
        return edge(read(*components, edges={"m": ["org/base"]}), "model:m", "model:org/base").type

    assert kind(model("m"), base) is Relation.DERIVED_FROM
    assert kind(model("m", pedigree=pedigree), base) is Relation.DERIVED_FROM
    assert kind(model("m", pedigree=pedigree, properties=named), base) is Relation.FINETUNED_FROM
    assert kind(model("m", pedigree=pedigree), model("org/base", properties=said(relation="merged-from"))) is Relation.MERGED_FROM


def test_a_date_is_kept_when_another_statement_wins() -> None:
    found = read(
        model("m", properties=[{"name": "base_model", "value": "org/base"}]),
        model("org/base", properties=said(date="2024-01-02")),
        edges={"m": ["org/base"]},
    )
    one = edge(found, "model:m", "model:org/base")
    assert (one.type, one.date) == (Relation.FINETUNED_FROM, date(2024, 1, 2))


def test_an_exact_statement_holds_for_one_downstream() -> None:
    writer = model("writer", properties=said(relation="derived-from", relation__set="annotated-by", date__set="2024-02-03"))
    found = read(writer, data("set"), model("m"), edges={"set": ["writer"], "m": ["writer"]})
    annotated = edge(found, "dataset:set", "model:writer")
    assert (annotated.type, annotated.date) == (Relation.ANNOTATED_BY, date(2024, 2, 3))
    assert edge(found, "model:m", "model:writer").type is Relation.DERIVED_FROM


def test_an_exact_statement_needs_no_list() -> None:
    found = read(model("teacher", properties=said(relation__pupil="distilled-from", relation__gone="rewarded-by")), model("pupil"))
    one = edge(found, "model:pupil", "model:teacher")
    assert (one.type, one.evidence.pointer, one.evidence.as_written) == (
        Relation.DISTILLED_FROM,
        "/components/0/properties/0",
        "distilled-from",
    )
    assert [(one.what, one.evidence.pointer) for one in opened(found)] == [("gone", "/components/0/properties/1")]


def test_a_pair_may_have_two_relations() -> None:
    twice = [*said(relation="generated-by"), *said(relation="filtered-by")]
    found = read(data("set"), model("m", properties=twice), edges={"set": ["m"]})
    assert {kind for down, kind, _ in relations(found) if down == "dataset:set"} == {"generated-by", "filtered-by"}


def test_what_an_ancestor_says_it_says_to_its_owner_alone() -> None:
    ancestor = model("org/base", properties=said(relation="finetuned-from"))
    found = read(model("m", pedigree={"ancestors": [ancestor]}), library("app"), edges={"app": ["org/base"]})
    assert ("package:generic/app", "loads", "model:org/base") in relations(found)
    assert ("model:m", "finetuned-from", "model:org/base") in relations(found)


def test_a_dataset_may_be_for_evaluation() -> None:
    held = {"type": "dataset", "name": "inline", "contents": {"properties": said(relation="evaluated-on")}}
    found = read(model("m", modelCard=trained_on({"ref": "test"}, held)), data("test", properties=said(relation="evaluated-on")))
    for upstream in ("dataset:test", "dataset:inline"):
        one = edge(found, "model:m", upstream)
        assert (one.type, one.role) == (Relation.EVALUATED_ON, Role.EVALUATION)


# --- services


@pytest.mark.parametrize(
    ("service", "identifier"),
    [
        ({"name": "x", "endpoints": ["https://api.openai.com/v1/chat"]}, "service:openai"),
        ({"name": "x", "endpoints": ["nonsense", "api.anthropic.com:443/v1"]}, "service:anthropic"),
        ({"name": "x", "endpoints": ["https://key@Acme.openai.azure.com/openai"]}, "service:azure-openai"),
        ({"name": "x", "endpoints": ["https://api.openai.com.evil.example/"], "provider": {"name": "Evil Inc"}}, "service:evil-inc"),
        ({"name": "My Search"}, "service:my-search"),
        ({"name": "a/b", "endpoints": {}, "provider": None}, "service:a-b"),
    ],
)
def test_services_are_their_providers(service: Json, identifier: str) -> None:
    found = read(services=[service])
    assert list(artifacts(found)) == [identifier]
    assert relations(found) == {("product", "calls", identifier)}


def test_services_nest_and_have_licences() -> None:
    inner = {"name": "inner", "licenses": [{"license": {"name": "Terms"}}]}
    found = read(services=[{"name": "outer", "services": [inner]}])
    assert relations(found) == {("product", "calls", "service:outer"), ("service:outer", "calls", "service:inner")}
    assert claims(found) == [("service:inner", "Terms", Scheme.FREE_TEXT, "bom")]


# --- whole files


def test_a_product() -> None:
    found = read_bytes((DATA / "product.cdx.json").read_bytes())
    assert relations(found) == {
        ("product", "depends-on", "package:pypi/torch@2.3.1"),
        ("product", "depends-on", "package:npm/@acme/chat-ui@1.0.0"),
        ("product", "contains", "image:vllm/vllm-openai"),
        ("product", "loads", "model:meta-llama/llama-2-7b-chat-hf"),
        ("product", "depends-on", "package:generic/pytest@8.3"),
        ("product", "depends-on", "code:github/acme/recipes"),
        ("product", "calls", "service:acme-search"),
        ("package:npm/@acme/chat-ui@1.0.0", "bundles", "package:npm/emoji@3.0"),
        ("package:npm/@acme/chat-ui@1.0.0", "calls", "service:openai"),
    }
    assert claims(found) == [
        ("product", "Proprietary", Scheme.FREE_TEXT, "declared"),
        ("package:pypi/torch@2.3.1", "BSD-3-Clause", Scheme.SPDX, "concluded"),
        ("package:npm/@acme/chat-ui@1.0.0", "MIT OR Apache-2.0", Scheme.SPDX, "bom"),
        ("package:npm/emoji@3.0", "The Emoji Licence\n\nDo as you like.\n", Scheme.FILE, "bom"),
        ("model:meta-llama/llama-2-7b-chat-hf", "llama2", Scheme.FREE_TEXT, "bom"),
        ("model:meta-llama/llama-2-7b-chat-hf", "https://example.org/use-policy", Scheme.URL, "bom"),
        ("service:openai", "OpenAI Services Agreement", Scheme.FREE_TEXT, "bom"),
    ]
    assert artifacts(found)["model:meta-llama/llama-2-7b-chat-hf"].released == date(2023, 7, 18)
    assert [(one.downstream, one.what) for one in opened(found)] == [("package:pypi/torch@2.3.1", "numpy")]


def test_a_finetuned_model() -> None:
    found = read_bytes((DATA / "finetune.cdx.json").read_bytes())
    assert relations(found) == {
        ("product", "ships", "model:acme/helper-7b"),
        ("model:acme/helper-7b", "finetuned-from", "model:meta-llama/llama-2-7b-hf"),
        ("model:acme/helper-7b", "finetuned-on", "dataset:acme/answers"),
        ("model:acme/helper-7b", "trained-on", "dataset:open-orca/openorca"),
        ("model:acme/helper-7b", "trained-on", "dataset:house rules"),
        ("model:acme/helper-7b", "distilled-from", "model:gpt-writer"),
        ("model:acme/helper-7b", "built-with", "package:pypi/trl@0.9"),
        ("dataset:acme/answers", "generated-by", "model:gpt-writer"),
        ("dataset:acme/answers", "contains", "dataset:part one"),
    }
    dates = {one.upstream: one.date for one in found if isinstance(one, RelationSeen) and one.date}
    assert dates == {"model:meta-llama/llama-2-7b-hf": date(2024, 4, 30), "dataset:acme/answers": date(2024, 4, 1)}
    assert artifacts(found)["model:gpt-writer"].aliases == ("model:acme/gpt-writer",)
    assert opened(found) == []


def test_a_bom_as_found_in_the_wild() -> None:
    found = read_bytes((DATA / "wild.cdx.json").read_bytes())
    assert relations(found) == {
        ("product", "loads", "model:instruct-3b-v1"),
        ("product", "loads", "dataset:comments"),
        ("product", "depends-on", "package:generic/pytorch"),
        ("model:instruct-3b-v1", "finetuned-from", "model:base-3b"),
        ("model:instruct-3b-v1", "trained-on", "dataset:training data"),
    }
    assert [text for _, text, _, _ in claims(found)] == ["Openrail++", "per the competition's terms", "BSD"]
    assert len(opened(found)) == 3


# --- laws


def resolves(document: object, pointer: str) -> bool:
    """Does a pointer lead to a value? The reader's own pointers need no unescaping."""
    for part in pointer.split("/")[1:]:
        if isinstance(document, list):
            if int(part) >= len(document):
                return False
            document = document[int(part)]
        elif isinstance(document, dict) and part in document:
            document = document[part]
        else:
            return False
    return True


@pytest.mark.parametrize("name", ["product", "finetune", "wild"])
def test_every_pointer_leads_somewhere(name: str) -> None:
    content = (DATA / f"{name}.cdx.json").read_bytes()
    document = json.loads(content)
    for one in read_bytes(content):
        assert one.evidence.path == "bom.json"
        assert one.evidence.pointer
        assert resolves(document, one.evidence.pointer)


def test_hot_paths_fill_every_field_of_the_fragments() -> None:
    # Named tuples made without their class must keep pace with the fields that the class has.
    for one in read(library("a", licenses=[{"license": {"id": "MIT"}}]), library("b"), edges={"a": ["b"]}):
        assert len(one) == len(type(one)._fields)
        assert len(one.evidence) == len(Evidence._fields)
    assert Party._fields == ("id", "kind", "role", "properties", "here")


def test_the_collector_is_as_it_was() -> None:
    for _ in READER.read(
        Source(path="bom.json", data=json.dumps({**BOM, "components": [library("a"), library("b")]}).encode(), tree=Tree(DATA))
    ):
        assert gc.isenabled()
    with pytest.raises(InputError):
        read({})
    assert gc.isenabled()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)
REFS = st.sampled_from(["a", "b", "c", "d", ""])
WORDS = st.sampled_from(
    [
        "MIT",
        "org/name",
        "https://huggingface.co/a/b",
        "pkg:pypi/x@1",
        "pkg:oci/%20",
        "http://[",
        "2024-01-01",
        "generated-by",
        "base64",
        "\ud800",
    ]
)
LEAF = REFS | WORDS | JSON
NAMES = st.sampled_from(["lien:relation", "lien:relation:a", "lien:date", "lien:released", "base_model", "license", "x"])
PROPERTIES = st.lists(st.fixed_dictionaries({}, optional={"name": NAMES | JSON, "value": LEAF}) | JSON, max_size=3)
LICENSES = st.lists(
    LEAF
    | st.fixed_dictionaries(
        {},
        optional={
            "expression": LEAF,
            "license": st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "name", "url", "acknowledgement"), LEAF)) | LEAF,
        },
    ),
    max_size=2,
)
DATA_OBJECT = st.fixed_dictionaries(
    {},
    optional={
        "ref": REFS,
        "type": LEAF,
        "name": LEAF,
        "bom-ref": REFS,
        "properties": PROPERTIES,
        "contents": st.fixed_dictionaries({}, optional={"url": LEAF}) | LEAF,
    },
)


def components_over(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Components, mostly of the right shape, with anything in any place."""
    nested = st.lists(inner, max_size=2) | LEAF
    optional: dict[Any, st.SearchStrategy[Any]] = dict.fromkeys(
        ("group", "version", "purl", "scope", "supplier", "publisher", "releaseNotes", "copyright"), LEAF
    )
    optional |= {
        "bom-ref": REFS | JSON,
        "evidence": st.fixed_dictionaries(
            {},
            optional={
                "identity": st.lists(
                    st.fixed_dictionaries({"field": st.just("purl"), "confidence": st.just(1)}, optional={"concludedValue": LEAF}) | LEAF
                )
                | LEAF,
                "licenses": LEAF,
                "copyright": st.lists(st.fixed_dictionaries({"text": LEAF}) | LEAF, max_size=2) | LEAF,
            },
        )
        | LEAF,
        "licenses": LICENSES | LEAF,
        "properties": PROPERTIES | LEAF,
        "components": nested,
        "pedigree": st.fixed_dictionaries({}, optional={"ancestors": nested, "descendants": nested}) | LEAF,
        "data": st.lists(DATA_OBJECT | LEAF, max_size=2) | LEAF,
        "modelCard": st.fixed_dictionaries(
            {},
            optional={
                "properties": PROPERTIES | LEAF,
                "modelParameters": st.fixed_dictionaries(
                    {}, optional={"task": LEAF, "baseModel": LEAF, "datasets": st.lists(DATA_OBJECT | LEAF, max_size=2) | LEAF}
                )
                | LEAF,
            },
        )
        | LEAF,
        "externalReferences": st.lists(
            st.fixed_dictionaries({}, optional={"type": st.just("website") | LEAF, "url": LEAF}) | LEAF, max_size=2
        )
        | LEAF,
    }
    kinds = st.sampled_from(["library", "machine-learning-model", "data", "container", "file", "cryptographic-asset"])
    return st.fixed_dictionaries({"type": kinds, "name": st.text(min_size=1, max_size=3) | WORDS}, optional=optional) | LEAF


COMPONENT: st.SearchStrategy[Any] = st.deferred(lambda: components_over(COMPONENT))
SERVICE = st.fixed_dictionaries(
    {"name": st.text(min_size=1, max_size=3)},
    optional={
        "bom-ref": REFS,
        "provider": LEAF,
        "endpoints": LEAF,
        "services": LEAF,
        "data": st.lists(st.fixed_dictionaries({}, optional={"flow": LEAF, "classification": LEAF, "source": LEAF}) | LEAF, max_size=2)
        | LEAF,
    },
)
RESOURCES = (
    st.lists(
        st.fixed_dictionaries(
            {}, optional={"type": LEAF, "resource": st.fixed_dictionaries({}, optional={"ref": LEAF, "externalReference": LEAF})}
        )
        | LEAF,
        max_size=2,
    )
    | LEAF
)
RUN = st.fixed_dictionaries({}, optional={"inputs": RESOURCES, "outputs": RESOURCES, "resourceReferences": RESOURCES}) | LEAF
WORKFLOW = st.tuples(RUN, st.lists(RUN, max_size=2) | LEAF).map(
    lambda both: both[0] | {"tasks": both[1]} if isinstance(both[0], dict) else both[0]
)
FORMULA = (
    st.fixed_dictionaries(
        {},
        optional={
            "components": st.lists(COMPONENT, max_size=2) | LEAF,
            "services": st.lists(SERVICE, max_size=1) | LEAF,
            "workflows": st.lists(WORKFLOW, max_size=2) | LEAF,
        },
    )
    | LEAF
)
COMPOSITION = (
    st.fixed_dictionaries(
        {"aggregate": st.sampled_from(["unknown", "incomplete"]) | LEAF},
        optional={"assemblies": LEAF, "dependencies": st.lists(REFS | LEAF) | LEAF},
    )
    | LEAF
)
DEPENDENCY = st.fixed_dictionaries({"ref": REFS}, optional={"dependsOn": st.lists(REFS, max_size=3) | LEAF})
SLOPPY_BOM = st.fixed_dictionaries(
    {"bomFormat": st.just("CycloneDX")},
    optional={
        "specVersion": LEAF,
        "metadata": st.fixed_dictionaries({}, optional={"component": COMPONENT}) | LEAF,
        "components": st.lists(COMPONENT, max_size=3) | LEAF,
        "services": st.lists(SERVICE, max_size=2) | LEAF,
        "dependencies": st.lists(DEPENDENCY | LEAF, max_size=3) | LEAF,
        "formulation": st.lists(FORMULA, max_size=2) | LEAF,
        "compositions": st.lists(COMPOSITION, max_size=2) | LEAF,
        "serialNumber": LEAF,
    },
)


def read_or_refused(value: object) -> tuple[list[Fragment], InputError | None]:
    try:
        return read_value(value), None
    except InputError as error:
        return [], error


@given(value=JSON | SLOPPY_BOM | st.dictionaries(st.sampled_from(["bomFormat", "specVersion", "components", "metadata"]), JSON))
@settings(max_examples=400, deadline=None)
def test_any_json_is_read_or_refused_with_a_place(value: object) -> None:
    document = json.loads(json.dumps(value))
    fragments, error = read_or_refused(value)
    assert error is None or (error.message and error.path == "bom.json" and resolves(document, error.pointer or ""))
    for one in fragments:
        assert one.evidence.pointer
        assert resolves(document, one.evidence.pointer)
        if isinstance(one, ArtifactSeen):
            assert kind_of(one.id) is one.kind
        if isinstance(one, RelationSeen):
            assert kind_of(one.upstream)
            assert kind_of(one.downstream)


NAME = st.sampled_from([f"n{number}" for number in range(8)])
PLAIN = st.builds(
    lambda kind, name: {"type": kind, "bom-ref": name, "name": name},
    st.sampled_from(["library", "machine-learning-model", "data", "container"]),
    NAME,
)


@given(
    components=st.lists(PLAIN, max_size=8, unique_by=lambda one: str(one["name"])),
    edges=st.dictionaries(NAME, st.lists(NAME, max_size=4, unique=True), max_size=8),
    subject=st.none() | PLAIN,
)
@settings(max_examples=200, deadline=None)
def test_the_product_reaches_everything_listed(components: list[Json], edges: dict[str, list[str]], subject: Json | None) -> None:
    fragments = read(*components, subject=subject, edges=edges)
    reached, grown = {"product"}, True
    while grown:
        more = {one.upstream for one in fragments if isinstance(one, RelationSeen) and one.downstream in reached}
        grown = not more <= reached
        reached |= more
    assert set(artifacts(fragments)) <= reached | {"product"}


@given(
    components=st.lists(PLAIN | st.fixed_dictionaries({"type": st.just("library"), "name": NAME, "bom-ref": NAME}), max_size=8),
    edges=st.lists(st.tuples(NAME | st.just("app"), st.lists(NAME, max_size=5)), max_size=10),
    alias=st.dictionaries(NAME.map("package:generic/{}".format), NAME.map("package:generic/{}".format), max_size=2),
)
@settings(max_examples=300, deadline=None)
def test_lists_say_what_single_relations_say(components: list[Json], edges: list[tuple[str, list[str]]], alias: dict[str, str]) -> None:
    bom = {
        "bomFormat": "CycloneDX",
        "metadata": {"component": {"type": "application", "name": "app", "bom-ref": "app"}},
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": ups} for ref, ups in edges],
    }
    source = Source(path="bom.json", data=json.dumps(bom).encode(), tree=Tree(DATA))
    lists: list[DependenciesSeen] = []
    one_by_one, others = list(READER.read(source)), list(CycloneDxReader().read_lists(source, lists))
    assert sorted(map(repr, (*others, *(one.relation(item) for one in lists for item in range(len(one.upstreams)))))) == sorted(
        map(repr, one_by_one)
    )

    def plain(graph: SupplyGraph) -> object:
        links = [(one.downstream, one.type, one.upstream, one.evidence, one.sightings, one.date, one.is_inferred) for one in graph.links]
        return graph.artifacts, links

    def canonical(identifier: str) -> str:
        return alias.get(identifier, identifier)

    assert plain(merge(others, canonical, lists=lists)) == plain(merge(one_by_one, canonical))


@given(
    order=st.permutations(["bomFormat", "specVersion", "metadata", "components", "dependencies"]),
    name=st.sampled_from(["product", "finetune"]),
)
@settings(max_examples=30, deadline=None)
def test_the_order_of_keys_changes_nothing(order: list[str], name: str) -> None:
    document = json.loads((DATA / f"{name}.cdx.json").read_bytes())
    shuffled = {key: document.pop(key) for key in order} | document
    assert read_value(shuffled) == read_bytes((DATA / f"{name}.cdx.json").read_bytes())


# --- files and algorithms are no packages


def file(name: str, **more: object) -> Json:
    return {"type": "file", "bom-ref": name, "name": name, **more}


def test_a_file_is_a_part_of_what_holds_it_and_nothing_of_its_own() -> None:
    found = read(
        library("lib", components=[file("lib.c")]),
        file("src/main.c"),
        edges={"app": ["src/main.c"], "src/main.c": ["lib"], "lib": ["lib.c"]},
        subject={"type": "application", "bom-ref": "app", "name": "app"},
    )
    assert list(artifacts(found)) == ["product", "package:generic/lib"]
    assert relations(found) == {("product", "depends-on", "package:generic/lib")}
    assert opened(found) == []


def test_components_inside_a_file_are_parts_of_its_holder() -> None:
    found = read(file("app.jar", components=[library("inside")]))
    assert relations(found) == {("product", "bundles", "package:generic/inside")}


def test_a_file_with_a_licence_of_its_own_is_code() -> None:
    found = read(file("./third_party/x.c", licenses=[{"license": {"id": "GPL-3.0-only"}}]))
    assert relations(found) == {("product", "bundles", "code:file:third_party/x.c")}
    assert claims(found) == [("code:file:third_party/x.c", "GPL-3.0-only", Scheme.SPDX, "bom")]


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("/models/Llama.Q4.gguf", "model:file:models/llama.q4.gguf"), ("data\\train.parquet", "dataset:file:data/train.parquet")],
)
def test_files_of_weights_and_records_are_models_and_data(name: str, identifier: str) -> None:
    found = read(file(name))
    assert relations(found) == {("product", "ships", identifier)}


def test_weights_in_a_model_are_that_model() -> None:
    found = read(model("m", components=[file("model.safetensors"), file("config.json")]))
    assert list(artifacts(found)) == ["model:m"]


def test_a_purl_tells_what_a_file_is() -> None:
    assert list(artifacts(read(file("x.whl", purl="pkg:pypi/x@1")))) == ["package:pypi/x@1"]


def test_algorithms_are_nothing_that_has_a_licence() -> None:
    found = read(library("ssl"), {"type": "cryptographic-asset", "bom-ref": "aes", "name": "AES"}, edges={"ssl": ["aes"]})
    assert list(artifacts(found)) == ["package:generic/ssl"]
    assert opened(found) == []


# --- hosted models and services


def test_hosted_models_among_components_are_services() -> None:
    found = read(model("gpt-4o-mini"), model("org/gpt-4o-mini"), model("claude-3-opus", group="acme"), data("gpt-4o-mini"))
    assert relations(found) == {
        ("product", "calls", "service:openai/gpt-4o-mini"),
        ("product", "loads", "model:org/gpt-4o-mini"),
        ("product", "loads", "model:acme/claude-3-opus"),
        ("product", "loads", "dataset:gpt-4o-mini"),
    }


def test_data_flows_of_a_service() -> None:
    found = read(
        data("tickets"),
        serialNumber="urn:uuid:f08a6ccd-4dce-4759-bd84-c626675d60a7",
        services=[
            {
                "bom-ref": "chat",
                "name": "chat",
                "provider": {"name": "OpenAI"},
                "data": [
                    {
                        "flow": "inbound",
                        "classification": "PII",
                        "source": ["urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#tickets", "https://x.example"],
                    },
                    {"flow": "bi-directional", "classification": "public"},
                    {"flow": "outbound", "name": "answers", "classification": "public"},
                ],
            }
        ],
    )
    assert dict(artifacts(found)["service:openai"].attributes) == {"data_in": ("PII", "public"), "data_out": ("public",)}
    assert relations(found) == {("product", "calls", "service:openai"), ("service:openai", "loads", "dataset:tickets")}
    assert edge(found, "service:openai", "dataset:tickets").evidence.pointer == "/services/0/data/0/source/0"
    assert opened(found) == []


# --- evidence


def test_notices_are_kept() -> None:
    found = read(library("a", copyright=" (c) A ", evidence={"copyright": [{"text": "(c) A"}, {"text": "(c) B"}, {}]}), library("b"))
    assert dict(artifacts(found)["package:generic/a"].attributes) == {"copyright": ("(c) A", "(c) B")}
    assert artifacts(found)["package:generic/b"].attributes == ()


def test_contracts_and_other_facts_are_kept() -> None:
    licensing = {
        "licenseTypes": ["subscription"],
        "licensor": {"organization": {"name": "Acme Inc"}},
        "purchaseOrder": "PO-7",
        "expiration": "2027-01-01T00:00:00Z",
    }
    found = read(
        library("a", licenses=[{"license": {"name": "Acme", "licensing": licensing}}]),
        library("b", isExternal=True, versionRange="vers:pypi/>=1.0|<2"),
        library(
            "c",
            licenses=[{"license": {"id": "MIT"}}],
            evidence={"licenses": [{"license": {"id": "ISC"}}], "occurrences": [{"location": "src/a.py", "line": 12}, {"location": "b"}]},
        ),
    )
    told = {name: dict(one.attributes) for name, one in artifacts(found).items()}
    assert told == {
        "package:generic/a": {"licensing": ("Acme: subscription; licensor Acme Inc; order PO-7; until 2027-01-01T00:00:00Z",)},
        "package:generic/b": {"external": True, "version_range": "vers:pypi/>=1.0|<2"},
        "package:generic/c": {"found_at": ("src/a.py:12", "b"), "licenses_in_files": ("ISC",)},
    }
    assert [one.text for one in found if isinstance(one, LicenseClaim)] == ["Acme", "MIT"]


@pytest.mark.parametrize(
    ("identity", "identifier"),
    [
        ({"field": "purl", "confidence": 1, "concludedValue": "pkg:pypi/torch@2"}, "package:pypi/torch@2"),
        ([{"field": "purl", "confidence": 1.0, "concludedValue": "pkg:pypi/torch@2"}], "package:pypi/torch@2"),
        ([{"field": "purl", "confidence": 0.9, "concludedValue": "pkg:pypi/torch@2"}], "package:generic/t"),
        ([{"field": "name", "confidence": 1, "concludedValue": "torch"}], "package:generic/t"),
        (
            [
                {"field": "purl", "confidence": 1, "concludedValue": "pkg:pypi/torch@2"},
                {"field": "purl", "confidence": 1, "concludedValue": "pkg:pypi/torch@3"},
            ],
            "package:generic/t",
        ),
        ("torch", "package:generic/t"),
    ],
)
def test_a_purl_that_a_tool_is_certain_of_names_the_artifact(identity: object, identifier: str) -> None:
    assert list(artifacts(read(library("t", evidence={"identity": identity})))) == [identifier]


# --- base models as other generators write them


def test_properties_written_as_one_object() -> None:
    found = read(
        model(
            "tuned",
            properties={"category": "text", "baseModel": "RedPajama-3B", "baseModelSource": "https://huggingface.co/together/RedPajama-3B"},
        )
    )
    (base,) = [one for one in found if isinstance(one, RelationSeen) and one.type is Relation.FINETUNED_FROM]
    assert (base.upstream, base.evidence.pointer) == ("model:together/redpajama-3b", "/components/0/properties/baseModelSource")


@pytest.mark.parametrize(
    ("name", "relation"),
    [("finetune", "finetuned-from"), ("adapter", "adapter-of"), ("merge", "merged-from"), ("Quantized", "quantized-from")],
)
def test_the_relation_to_a_base_model(name: str, relation: str) -> None:
    properties = [{"name": "hf:base_model", "value": "org/base"}, {"name": "hf:base_model_relation", "value": name}]
    assert ("model:org/tuned", relation, "model:org/base") in relations(read(model("org/tuned", properties=properties)))


def test_a_parent_model_in_a_card() -> None:
    card = {"modelParameters": {"parentModel": {"name": "org/base", "version": "2"}}}
    assert ("model:org/tuned", "finetuned-from", "model:org/base") in relations(read(model("org/tuned", modelCard=card)))


def test_who_owns_inline_data_publishes_it() -> None:
    dataset = {"type": "dataset", "name": "tickets", "governance": {"owners": [{"individual": {}}, {"organization": {"name": "Acme"}}]}}
    assert artifacts(read(model("m", modelCard=trained_on(dataset))))["dataset:tickets"].publisher == "acme"


# --- compositions


def composed(*compositions: Json) -> list[tuple[str, str, str, str | None]]:
    found = read(
        library("a"), library("b"), subject={"type": "application", "bom-ref": "app", "name": "app"}, compositions=list(compositions)
    )
    return [(one.downstream, one.what, one.reason, one.evidence.pointer) for one in opened(found)]


def test_what_a_bom_calls_incomplete_is_open() -> None:
    assert composed({"aggregate": "complete"}, {"aggregate": "not_specified"}, {"assemblies": ["a"]}) == []
    assert composed({"aggregate": "incomplete"}) == [
        ("product", "what the BOM holds", "is listed incompletely, as the BOM says itself", "/compositions/0/aggregate")
    ]
    assert composed(
        {"aggregate": "complete", "assemblies": ["a"]},
        {"aggregate": "unknown", "assemblies": ["a"], "dependencies": ["b", "app"]},
        {"aggregate": "incomplete_third_party_only", "dependencies": ["nobody"]},
        {"aggregate": "incomplete_first_party_only", "vulnerabilities": ["v"]},
    ) == [
        ("package:generic/a", 'what "a" consists of', "may be listed incompletely, as the BOM says itself", "/compositions/1/assemblies/0"),
        (
            "package:generic/b",
            'what "b" depends on',
            "may be listed incompletely, as the BOM says itself",
            "/compositions/1/dependencies/0",
        ),
        ("product", 'what "app" depends on', "may be listed incompletely, as the BOM says itself", "/compositions/1/dependencies/1"),
        (
            "product",
            'what "nobody" depends on',
            "is listed incompletely as to parts of third parties, as the BOM says itself",
            "/compositions/2/dependencies/0",
        ),
    ]


# --- formulation


def run(*, takes: Iterable[str] = (), gives: Iterable[str] = (), **more: object) -> Json:
    return {
        "inputs": [{"resource": {"ref": ref}} for ref in takes],
        "outputs": [{"resource": {"ref": ref}, "type": "artifact"} for ref in gives],
        **more,
    }


def made(*components: Json, workflow: Json, **formula: object) -> list[Fragment]:
    return read(*components, formulation=[{"workflows": [workflow], **formula}])


def test_a_training_run() -> None:
    found = made(
        model("org/tuned"),
        model("org/base"),
        data("org/chats"),
        library("trainer"),
        workflow=run(takes=["org/base", "org/chats", "trainer"], gives=["org/tuned"]),
    )
    assert relations(found) == {
        ("product", "loads", "model:org/tuned"),
        ("model:org/tuned", "derived-from", "model:org/base"),
        ("model:org/tuned", "trained-on", "dataset:org/chats"),
        ("model:org/tuned", "built-with", "package:generic/trainer"),
    }
    base = edge(found, "model:org/tuned", "model:org/base")
    assert base.evidence.pointer == "/formulation/0/workflows/0/inputs/0/resource"
    assert edge(found, "model:org/tuned", "dataset:org/chats").role is Role.TRAINING
    assert opened(found) == []


def test_tasks_give_what_their_workflow_does_unless_they_say() -> None:
    generate = run(takes=["org/teacher"], gives=["org/chats"], name="generate")
    train = run(takes=["org/chats"], name="train")
    found = made(model("org/tuned"), model("org/teacher"), data("org/chats"), workflow=run(gives=["org/tuned"], tasks=[generate, train]))
    assert relations(found) == {
        ("product", "loads", "model:org/tuned"),
        ("dataset:org/chats", "generated-by", "model:org/teacher"),
        ("model:org/tuned", "trained-on", "dataset:org/chats"),
    }


def test_inputs_by_their_page_on_the_hub() -> None:
    address = {"resource": {"externalReference": {"type": "distribution", "url": "https://huggingface.co/datasets/org/chats"}}}
    elsewhere = {"resource": {"externalReference": {"type": "vcs", "url": "https://git.example/x"}}}
    found = made(model("org/tuned"), workflow=run(gives=["org/tuned"]) | {"inputs": [address, elsewhere]})
    assert ("model:org/tuned", "trained-on", "dataset:org/chats") in relations(found)


def test_a_build_ships_models_and_leaves_nothing_of_its_tools() -> None:
    found = read(
        library("compiler"),
        model("org/m"),
        subject={"type": "application", "bom-ref": "app", "name": "app"},
        formulation=[{"workflows": [run(takes=["compiler", "org/m", "app"], gives=["app"])]}],
    )
    assert relations(found) == {("product", "built-with", "package:generic/compiler"), ("product", "ships", "model:org/m")}
    assert edge(found, "product", "package:generic/compiler").role is Role.BUILD


def test_pedigree_says_more_than_a_run() -> None:
    tuned = model("org/tuned", properties=[{"name": "base_model", "value": "org/base"}])
    found = made(tuned, model("org/base"), workflow=run(takes=["org/base"], gives=["org/tuned"]))
    assert edge(found, "model:org/tuned", "model:org/base").type is Relation.FINETUNED_FROM


def test_logs_and_metrics_are_no_outcome() -> None:
    report = {"resource": {"ref": "org/other"}, "type": "metrics"}
    found = made(model("org/m"), model("org/other"), workflow=run(takes=["org/m"]) | {"outputs": [report]})
    (one,) = opened(found)
    assert (one.downstream, one.what) == ("product", "org/m")
    assert one.reason == "takes part in a run whose outcome is not named; give the workflow an output with its bom-ref"


def test_what_a_formula_lists_and_no_run_ties() -> None:
    found = made(
        library("a"),
        workflow={},
        components=[library("runner"), model("org/judge")],
        services=[{"name": "ci", "provider": {"name": "Acme"}}],
    )
    assert relations(found) == {
        ("product", "depends-on", "package:generic/a"),
        ("product", "built-with", "package:generic/runner"),
        ("product", "built-with", "service:acme"),
    }
    assert edge(found, "product", "package:generic/runner").role is Role.BUILD
    (one,) = opened(found)
    assert (one.what, one.reason) == (
        "org/judge",
        "took part in how this was made, and no workflow says in what; name it among the inputs of one with an output",
    )


@pytest.mark.parametrize(
    ("formulation", "message"),
    [
        ({}, "bom.json#/formulation: is an object, not a list; write a list of formulas, or leave it out"),
        ([1], 'bom.json#/formulation/0: is a number, not an object; write {"workflows": […]}, or leave it out'),
        (
            [{"workflows": ["x"]}],
            'bom.json#/formulation/0/workflows/0: is "x", not an object; write a workflow or task with inputs and outputs',
        ),
        (
            [{"workflows": [{"inputs": [{"resource": "x"}]}]}],
            'bom.json#/formulation/0/workflows/0/inputs/0/resource: is "x", not an object; write {"ref": …}, or leave it out',
        ),
    ],
)
def test_errors_in_a_formulation(formulation: object, message: str) -> None:
    assert error_of({**BOM, "formulation": formulation}) == message


# --- links between BOMs

SERIAL = "f08a6ccd-4dce-4759-bd84-c626675d60a7"
OTHER = "0a1b2c3d-4dce-4759-bd84-c626675d60a7"


def linked(tmp_path: Path, others: dict[str, bytes], *ups: str) -> list[Fragment]:
    for name, content in others.items():
        (tmp_path / name).write_bytes(content)
    bom = {
        **BOM,
        "serialNumber": f"urn:uuid:{SERIAL}",
        "components": [library("a"), library("b")],
        "dependencies": [{"ref": "a", "dependsOn": list(ups)}],
    }
    (tmp_path / "bom.json").write_text(json.dumps(bom))
    return list(READER.read(Tree(tmp_path).read("bom.json")))


def other(**more: object) -> Json:
    return {
        **BOM,
        "serialNumber": f"urn:uuid:{OTHER.upper()}",
        "metadata": {"component": model("org/subject")},
        "components": [library("outer", components=[library("in ner", purl="pkg:pypi/inner@1")])],
        **more,
    }


def test_a_link_into_the_same_bom(tmp_path: Path) -> None:
    found = linked(tmp_path, {}, f"urn:cdx:{SERIAL}/1#b")
    assert edge(found, "package:generic/a", "package:generic/b").evidence.as_written == f"urn:cdx:{SERIAL}/1#b"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_link_into_another_bom_of_the_tree(tmp_path: Path, form: str) -> None:
    content = json.dumps(other()).encode() if form == "json" else as_xml(other())
    found = linked(tmp_path, {f"other.cdx.{form}": content, "no-bom.json": b"{"}, f"urn:cdx:{OTHER}/1#in%20ner", f"urn:cdx:{OTHER}")
    assert relations(found) >= {
        ("package:generic/a", "depends-on", "package:pypi/inner@1"),
        ("package:generic/a", "loads", "model:org/subject"),
    }
    assert opened(found) == []


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"bom-2.json": b'{"serialNumber": "urn:uuid:' + OTHER.encode() + b'"'},
        {"bom-2.json": b'["serialNumber", {"serialNumber": "urn:uuid:' + OTHER.encode() + b'"}]'},
        {"other.json": json.dumps(other()).encode()},
    ],
    ids=["none", "broken", "no object", "not named as a BOM"],
)
def test_a_link_that_leads_nowhere(tmp_path: Path, others: dict[str, bytes]) -> None:
    (one,) = opened(linked(tmp_path, others, f"urn:cdx:{OTHER}/1#x"))
    assert one.reason == "names a component of another BOM; audit that BOM beside this one"


# --- texts beside names


def customs(*entries: object) -> list[tuple[CustomText, ...]]:
    return [one.custom for one in read(library("x", licenses=list(entries))) if isinstance(one, LicenseClaim)]


def test_a_custom_name_comes_with_its_text_and_address() -> None:
    text = {"content": base64.b64encode(b"Our own terms").decode(), "encoding": "base64"}
    assert customs(
        {"license": {"name": "Ours", "text": text, "url": "https://x.example"}},
        {"license": {"id": "MIT", "text": {"content": "Anything"}}},
        {"license": {"text": {"content": "Only a text"}}},
        {"license": {"url": "https://x.example"}},
    ) == [(("Ours", "Our own terms", Scheme.FILE), ("Ours", "https://x.example", Scheme.URL)), (), (), ()]


def test_an_expression_tells_what_its_own_names_are() -> None:
    details = [
        {"licenseIdentifier": "LicenseRef-ours", "text": {"content": "Our own terms"}, "url": "https://x.example"},
        {"licenseIdentifier": "MIT", "text": {"content": "Copyright (c) 2001 Component-C-Creators Org"}},
        {"licenseIdentifier": 7, "text": {"content": "x"}},
        "x",
    ]
    assert customs(
        {"expression": "LicenseRef-ours AND MIT", "expressionDetails": details}, {"expression": "MIT", "expressionDetails": 1}
    ) == [
        (("LicenseRef-ours", "Our own terms", Scheme.FILE), ("LicenseRef-ours", "https://x.example", Scheme.URL)),
        (),
    ]
