"""Lineage inferred from publishers' names: only from exactly one known model, and never over what somebody says."""

import pytest

from lien.catalog.store import Catalog
from lien.graph.fragments import LicenseClaim, RelationSeen
from lien.resolvers.catalog import from_catalog
from lien.resolvers.conventions import by_convention
from lien.vocabulary.kinds import Basis
from lien.vocabulary.relations import Relation


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.bundled()


def inferred(catalog: Catalog, identifier: str) -> list[tuple[Relation, str]]:
    return [(one.type, one.upstream) for one in by_convention(catalog, identifier) if isinstance(one, RelationSeen)]


@pytest.mark.parametrize(
    ("identifier", "relation", "upstream"),
    [
        ("model:thebloke/llama-2-7b-chat-gptq", Relation.QUANTIZED_FROM, "model:meta-llama/llama-2-7b-chat-hf"),
        ("model:mradermacher/zephyr-7b-beta-i1-gguf", Relation.QUANTIZED_FROM, "model:huggingfaceh4/zephyr-7b-beta"),
        ("model:bartowski/mistralai_mistral-7b-instruct-v0.2-gguf", Relation.QUANTIZED_FROM, "model:mistralai/mistral-7b-instruct-v0.2"),
        ("model:huggingfaceh4/zephyr-7b-beta-awq", Relation.QUANTIZED_FROM, "model:huggingfaceh4/zephyr-7b-beta"),
        ("model:somebody/llama-13b-hf", Relation.CONVERTED_FROM, "model:meta/llama-13b"),
        ("model:somebody/llama-7b", Relation.MIRROR_OF, "model:meta/llama-7b"),
        ("model:nousresearch/llama-2-7b-hf", Relation.MIRROR_OF, "model:meta-llama/llama-2-7b-hf"),
        ("model:nousresearch/meta-llama-3-8b", Relation.MIRROR_OF, "model:meta-llama/meta-llama-3-8b"),
        ("model:xenova/musicgen-small", Relation.CONVERTED_FROM, "model:facebook/musicgen-small"),
        (
            "model:url:example.org/models/mistral-7b-instruct-v0.1.q4_0.gguf",
            Relation.QUANTIZED_FROM,
            "model:mistralai/mistral-7b-instruct-v0.1",
        ),
        ("model:acme/misc/inswapper_128.onnx", Relation.MIRROR_OF, "model:insightface:inswapper_128"),
        ("model:github:acme/net/sam_vit_b_01ec64.pth", Relation.MIRROR_OF, "model:facebook/sam-vit-base"),
    ],
)
def test_names_of_publishers_with_a_convention(catalog: Catalog, identifier: str, relation: Relation, upstream: str) -> None:
    assert inferred(catalog, identifier) == [(relation, upstream)]


@pytest.mark.parametrize(
    "identifier",
    [
        "model:somebody/llama-2-7b-hf",  # no convention of this owner's, and no model of the name is theirs
        "model:somebody/zephyr-7b-beta-gguf",
        "model:thebloke/no-such-model-7b-gguf",
        "model:thebloke/zephyr-7b",  # no ending: a convention says nothing
        "model:nousresearch/hermes-2-pro-llama-3-8b",  # their own model
        "model:gpt2",
        "model:file:weights/zephyr-7b-beta-gguf",
        "model:github:acme/net/model.gguf",
        "model:url:example.org/zephyr-7b-beta.onnx",
    ],
)
def test_what_no_convention_speaks_of(catalog: Catalog, identifier: str) -> None:
    assert inferred(catalog, identifier) == []


def test_the_guess_is_marked_and_followed(catalog: Catalog) -> None:
    found = list(from_catalog(catalog, ["model:nousresearch/llama-2-7b-hf"]))
    (guess,) = (one for one in found if isinstance(one, RelationSeen) and one.downstream == "model:nousresearch/llama-2-7b-hf")
    assert guess.evidence.basis is Basis.INFERRED
    assert guess.note == "inferred from the name nousresearch/llama-2-7b-hf (convention mirrors)"
    assert any(one.artifact == "model:meta-llama/llama-2-7b-hf" for one in found if isinstance(one, LicenseClaim))


def test_a_lineage_that_somebody_tells_is_not_guessed_at(catalog: Catalog) -> None:
    model = "model:nousresearch/llama-2-7b-hf"
    found = from_catalog(catalog, [model], descended={model})
    assert not [one for one in found if isinstance(one, RelationSeen) and one.downstream == model]


def test_a_struck_guess_is_left_out(catalog: Catalog) -> None:
    assert list(from_catalog(catalog, ["model:nousresearch/llama-2-7b-hf"], lambda one: not isinstance(one, RelationSeen))) == []
