"""Hub cards as people and tools write them, through the reader's own door."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers.hub_card import HubCardReader
from lien.readers.interface import Reader
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

READER: Reader = HubCardReader()
DATA = Path(__file__).parent.parent / "data" / "hub_card"


def read(text: str | bytes, path: str = "README.md", tree: Path = DATA) -> list[Fragment]:
    data = text.encode() if isinstance(text, str) else text
    return list(READER.read(Source(path=path, data=data, tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[tuple[str, str, str]]:
    """Downstream, relation and upstream, without what the product ships."""
    return [
        (one.downstream, one.type.value, one.upstream)
        for one in fragments
        if isinstance(one, RelationSeen) and one.type is not Relation.SHIPS
    ]


def claimed(fragments: list[Fragment]) -> list[tuple[str, str, Scheme, int | None]]:
    return [(one.artifact, one.text, one.scheme, one.evidence.line) for one in fragments if isinstance(one, LicenseClaim)]


def made(fragments: list[Fragment]) -> list[str]:
    return [one.id for one in fragments if isinstance(one, ArtifactSeen) and one.made_here]


def unresolved(fragments: list[Fragment]) -> list[tuple[str, str, str, int | None]]:
    return [(one.downstream, one.what, one.reason, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)]


def message(text: str) -> str:
    with pytest.raises(InputError) as raised:
        read(text)
    return str(raised.value)


@pytest.mark.parametrize(
    ("path", "is_claimed"),
    [("README.md", True), ("a/readme.MD", True), ("docs/MODEL_CARD.md", True), ("card.txt", False), ("CHANGELOG.md", False)],
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


@pytest.mark.parametrize(
    ("head", "is_accepted"),
    [(b"---\nlicense: mit", True), (b"\n \n---\r\n", True), (b"# Title\n---\n", False), (b"\xef\xbb\xbf---\n", False), (b"", False)],
)
def test_accepts(head: bytes, *, is_accepted: bool) -> None:
    assert READER.accepts(head) is is_accepted


def test_model_card() -> None:
    path = "lora/README.md"

    def at(line: int, written: str | None = None) -> Evidence:
        return Evidence(path, line, None, written, "hub-card")

    fragments = list(READER.read(Tree(DATA).read(path)))
    model = "model:file:lora"
    inferred = "the card does not say how; read from its tags and library"
    assert fragments == [
        ArtifactSeen(
            model,
            Kind.MODEL,
            at(2),
            name="Support LoRA",
            attributes=(("task", "text-generation"), ("library_name", "peft")),
            made_here=True,
        ),
        RelationSeen(PRODUCT, Relation.SHIPS, model, at(2)),
        LicenseClaim(model, "support-lora-licence", Scheme.LICENSE_NAME, at(7, "support-lora-licence"), path),
        LicenseClaim(model, "Copyright 2025 the maintainers. All rights reserved.\n", Scheme.FILE, at(8, "LICENSE.md"), path),
        ArtifactSeen("model:meta-llama/llama-2-7b-hf", Kind.MODEL, at(3, "meta-llama/Llama-2-7b-hf"), name="meta-llama/Llama-2-7b-hf"),
        RelationSeen(model, Relation.ADAPTER_OF, "model:meta-llama/llama-2-7b-hf", at(3, "meta-llama/Llama-2-7b-hf"), note=inferred),
        ArtifactSeen("dataset:tatsu-lab/alpaca", Kind.DATASET, at(13, "tatsu-lab/alpaca"), name="tatsu-lab/alpaca"),
        RelationSeen(model, Relation.TRAINED_ON, "dataset:tatsu-lab/alpaca", at(13, "tatsu-lab/alpaca"), Role.TRAINING),
        UnresolvedReference(
            model, "our own tickets", "is named as a dataset, and is no Hub id; write OWNER/NAME", at(14, "our own tickets")
        ),
    ]


def test_dataset_card() -> None:
    fragments = list(READER.read(Tree(DATA).read("data/README.md")))
    dataset = "dataset:acme/tickets"
    assert made(fragments) == [dataset]
    assert claimed(fragments) == [(dataset, "cc-by-nc-4.0", Scheme.HUGGING_FACE, 3), (dataset, "gpl-3.0", Scheme.HUGGING_FACE, 3)]
    assert related(fragments) == [(dataset, "derived-from", "dataset:squad"), (dataset, "derived-from", "dataset:openassistant/oasst1")]
    assert unresolved(fragments) == [
        (dataset, "extended|other-forum", "extends a dataset without saying which; write extended|OWNER/NAME", 7),
    ]


def test_space_card() -> None:
    fragments = list(READER.read(Tree(DATA).read("space/README.md")))
    assert made(fragments) == []
    assert claimed(fragments) == [(PRODUCT, "mit", Scheme.HUGGING_FACE, 5)]
    assert [one.part for one in fragments if isinstance(one, LicenseClaim)] == ["space"]
    assert related(fragments) == [(PRODUCT, "loads", "model:mistralai/mistral-7b-v0.1"), (PRODUCT, "loads", "dataset:squad")]


def test_a_documentation_page_is_no_card() -> None:
    assert list(READER.read(Tree(DATA).read("docs/README.md"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n",
        "\ufeff---\nlicense: mit\n---\n",
        "x\n---\nlicense: mit\n---\n",
        "---\n---\n",
        "---\n\n---\n",
        "---\njust text\n---\n",
        "---\n- license\n---\n",
        "---\ntitle: a: b\n---\n",
        "---\n{{ cookiecutter.name }}: [\n---\n",
        "---\nmetrics: [bleu]\n---\n",
        "---\nmodel_name: acme/bot\n---\n",
        "---\n1: 2\n~: license\n---\n",
        "---\n\nA rule, and text under it.\n\nlicense: mit\n",
    ],
)
def test_no_card(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "line"), [("\n\n---\r\nlicense: mit\r\n---\r\n", 4), ("---\nlicense: mit\n---", 2), ("---\n\nlicense: mit\n---  \n", 3)]
)
def test_the_pattern_of_the_hub(text: str, line: int) -> None:
    assert claimed(read(text)) == [("model:file:.", "mit", Scheme.HUGGING_FACE, line)]


@pytest.mark.parametrize(
    ("front", "body", "path", "identifier"),
    [
        ("license: mit", "# acme/Bot-7B", "README.md", "model:acme/bot-7b"),
        ("license: mit", "## Usage\n# `acme/bot`\n# other/name", "README.md", "model:acme/bot"),
        ("license: mit", "```sh\n# acme/bot\n```\n# Our bot", "README.md", "model:file:."),
        ("license: mit", "# bot", "Models/Bot/README.md", "model:file:models/bot"),
        ("license: mit\nmodel_name: acme/bot", "# x/y", "README.md", "model:acme/bot"),
        ("model-index:\n- name: acme/bot", "# x/y", "README.md", "model:acme/bot"),
        ("model-index:\n- name: outputs/run-3", "", "README.md", "model:file:."),
        ("model-index: 3", "", "README.md", "model:file:."),
        ("base_model: acme/base\nmodel_name: acme/Base", "", "bot/README.md", "model:file:bot"),
        ("size_categories: n<1K", "# acme/data", "README.md", "dataset:acme/data"),
        ("configs:\n- data_files: x.csv", "", "d/README.md", "dataset:file:d"),
        ("configs: x\nlicense: mit", "", "d/README.md", "model:file:d"),
        ("pretty_name: Bot\nbase_model: acme/base", "", "README.md", "model:file:."),
    ],
)
def test_identifiers(front: str, body: str, path: str, identifier: str) -> None:
    assert made(read(f"---\n{front}\n---\n{body}\n", path)) == [identifier]


@pytest.mark.parametrize(
    ("front", "claims"),
    [
        ("license: mit", [("mit", Scheme.HUGGING_FACE)]),
        ("License: mit", [("mit", Scheme.HUGGING_FACE)]),
        ("License: gpl\nlicense: mit", [("mit", Scheme.HUGGING_FACE)]),
        ("licence: mit", [("mit", Scheme.HUGGING_FACE)]),
        ("licence: license", []),
        ("license: mit\nlicence: gpl", [("mit", Scheme.HUGGING_FACE)]),
        ("license: 1.0", [("1.0", Scheme.HUGGING_FACE)]),
        ("license: llama3.1", [("llama3.1", Scheme.HUGGING_FACE)]),
        ("license: 2024-01-02", [("2024-01-02", Scheme.HUGGING_FACE)]),
        ("license: no", [("no", Scheme.HUGGING_FACE)]),
        ("license:\nlanguage: no", []),
        ("license: other", [("other", Scheme.HUGGING_FACE)]),
        ("license: other\nlicense_name: qwen-research", [("qwen-research", Scheme.LICENSE_NAME)]),
        ("license_name: qwen-research", [("qwen-research", Scheme.LICENSE_NAME)]),
        ("license: [other, mit]\nlicense_name: x", [("mit", Scheme.HUGGING_FACE), ("x", Scheme.LICENSE_NAME)]),
        ("license: other\nlicense_details: free for study", [("free for study", Scheme.FREE_TEXT)]),
        ("license: other\nlicense_link: https://example.org/l", [("https://example.org/l", Scheme.URL)]),
        ("license: other\nlicense_link: LICENSE", [("LICENSE", Scheme.URL)]),
        ("license: other\nlicense_link: ../../secret", [("../../secret", Scheme.URL)]),
        (f"license: other\nlicense_link: {'x' * 300}", [("x" * 300, Scheme.URL)]),
        ("license: other\nlicense_link: lora/LICENSE.md", [("Copyright 2025 the maintainers. All rights reserved.\n", Scheme.FILE)]),
        ("license: mit\nlicense_name: x\nlicense_link: y", [("mit", Scheme.HUGGING_FACE)]),
    ],
)
def test_licenses(front: str, claims: list[tuple[str, Scheme]]) -> None:
    assert [(text, scheme) for _, text, scheme, _ in claimed(read(f"---\n{front}\n---\n"))] == claims


def test_a_license_that_is_no_text() -> None:
    assert unresolved(read("---\ntags: [x]\nlicense: {name: mit}\n---\n")) == [
        ("model:file:.", "license", "is neither a licence id nor a list of them; write an id of the Hub", 3)
    ]


@pytest.mark.parametrize(
    ("front", "relations"),
    [
        ("base_model: acme/base", ["finetuned-from acme/base"]),
        ("Base_model: acme/base", ["finetuned-from acme/base"]),
        ("base_model: gpt2", ["finetuned-from gpt2"]),
        ("base_model: [acme/base]", ["finetuned-from acme/base"]),
        ("base_model: https://huggingface.co/acme/base", ["finetuned-from acme/base"]),
        ("base_model: acme/base\nbase_model_relation: adapter", ["adapter-of acme/base"]),
        ("base_model: acme/base\nbase_model_relation: merge", ["merged-from acme/base"]),
        ("base_model: acme/base\nbase_model_relation: quantized", ["quantized-from acme/base"]),
        ("base_model: acme/base\nbase_model_relation: finetune\ntags: [gguf]", ["finetuned-from acme/base"]),
        ("base_model: acme/base\nbase_model_relation: cousin", ["finetuned-from acme/base"]),
        ("base_model: acme/base\ntags: ['base_model:adapter:acme/base']", ["adapter-of acme/base"]),
        ("base_model: [acme/base, zeta/other]", ["derived-from acme/base", "derived-from zeta/other"]),
        ("base_model: [acme/base, zeta/other]\ntags: [Merge]", ["merged-from acme/base", "merged-from zeta/other"]),
        ("base_model: [acme/base, zeta/other]\ntags: mergekit", ["merged-from acme/base", "merged-from zeta/other"]),
        ("base_model: acme/base\nlibrary_name: peft", ["adapter-of acme/base"]),
        ("base_model: acme/base\ntags: [lora]", ["adapter-of acme/base"]),
        ("base_model: acme/base\ntags: [AWQ]", ["quantized-from acme/base"]),
        ("base_model: acme/base\nlibrary_name: gguf", ["quantized-from acme/base"]),
        ("base_model: None", []),
        ("base_model:", []),
        ("base_model: {a: b}", []),
    ],
)
def test_base_models(front: str, relations: list[str]) -> None:
    found = related(read(f"---\n{front}\n---\n"))
    assert [f"{relation} {upstream.removeprefix('model:')}" for _, relation, upstream in found] == relations


def test_a_local_base_model_is_unresolved() -> None:
    assert unresolved(read("---\nbase_model:\n- acme/base\n- ./out/checkpoint-3\n---\n")) == [
        ("model:file:.", "./out/checkpoint-3", "is named as a model, and is no Hub id; write OWNER/NAME", 4)
    ]


def test_a_card_that_names_itself() -> None:
    assert related(read("---\nbase_model: Acme/Bot\n---\n# acme/bot\n")) == []


def test_evaluation_data_is_no_training_data() -> None:
    assert related(read("---\nmodel-index:\n- name: x\n  results:\n  - dataset: {type: squad, name: SQuAD}\n---\n")) == []


def test_a_dataset_that_extends_nothing_named() -> None:
    assert unresolved(read("---\nsource_datasets: extended\n---\n")) == [
        ("dataset:file:.", "extended", "extends a dataset without saying which; write extended|OWNER/NAME", 2)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "\n---\nlicense: other\nlicense_name: foo: bar\n---\n",
            "README.md:4: is not YAML: mapping values are not allowed in this context; mend the file or leave it out",
        ),
        (
            "---\nlicense: mit\ntags:\n\t- x\n---\n",
            "README.md:4: is not YAML: found character that cannot start any token; mend the file or leave it out",
        ),
        (
            "---\nbase_model: @acme/base\n---\n",
            "README.md:2: is not YAML: found character that cannot start any token; mend the file or leave it out",
        ),
        (
            "\n---\nlicense: mit\nbase_model: acme/base\n\n# Title\n",
            "README.md:2: opens front matter that never ends; close it with a line of three dashes",
        ),
    ],
)
def test_broken_cards(text: str, expected: str) -> None:
    assert message(text) == expected


@pytest.mark.parametrize("value", ["!!bool x", "!!timestamp x", "!!int ''", "!!python/object:os.system {}", "&a [*a]"])
def test_tags_and_loops_do_no_harm(value: str) -> None:
    with pytest.raises(InputError, match=r"^README\.md:[23]: "):
        read(f"---\nlicense: mit\nx: {value}\n---\n")


def test_a_number_too_long_to_print() -> None:
    assert claimed(read(f"---\nlicense: 1{':9' * 3000}\n---\n")) == []


def test_latin_1_license_file(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_bytes("© Ada".encode("latin-1"))
    assert claimed(read("---\nlicense_link: ./LICENSE\n---\n", tree=tmp_path)) == [("model:file:.", "\ufffd Ada", Scheme.FILE, 2)]


_KEYS = st.sampled_from(
    [
        "license",
        "License",
        "licence",
        "license_name",
        "license_link",
        "base_model",
        "base_model_relation",
        "datasets",
        "tags",
        "language",
        "library_name",
        "model-index",
        "model_name",
        "source_datasets",
        "configs",
        "sdk",
        "models",
        "title",
        "no",
        "1",
        "~",
        "? [a]\n",
        "<<",
        "'",
        "pipeline_tag",
    ]
)
_VALUES = st.sampled_from(
    [
        "mit",
        "other",
        "acme/base",
        "[acme/base, zeta/other]",
        "no",
        "1.0",
        "~",
        "{a: b}",
        "[[a]]",
        "- x",
        "\n- a\n- {b: c}",
        "!!bool x",
        "!!set {a}",
        "@x",
        "2024-01-01",
        "&a x",
        "*a",
        "\t",
        "'",
        '"\\x00"',
        "|\n  text",
        "extended|squad",
        ".inf",
        "0x_",
        "9" * 5000,
        "https://x",
        "../..",
        "é",
        "[{data_files: x, name: acme/base}]",
        "!!binary aGk=",
    ]
)
_CARDS = st.tuples(st.lists(st.tuples(_KEYS, _VALUES), max_size=6), st.text(max_size=40)).map(
    lambda parts: "---\n" + "".join(f"{key}: {value}\n" for key, value in parts[0]) + f"---\n# {parts[1]}\n"
)


@given(_CARDS | st.text(max_size=200).map(lambda text: f"---\n{text}\n---\n") | st.text())
def test_nothing_but_input_errors(text: str) -> None:
    try:
        fragments = read(text.encode(errors="replace"))
    except InputError as error:
        assert error.line is not None  # noqa: PT017  # either way out is right
    else:
        assert all(one.evidence.line for one in fragments)
