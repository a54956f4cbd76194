"""Configurations beside weights: whose model it is, and what it was made from."""

import json
from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, UnresolvedReference
from lien.readers._references import model_reference
from lien.readers.hub_card import HubCardReader
from lien.readers.interface import Reader
from lien.readers.model_repository import ModelRepositoryReader
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Basis

READER: Reader = ModelRepositoryReader()
PARENT = "mistralai/Mistral-7B-v0.1"


def write(root: Path, files: dict[str, object]) -> Tree:
    for name, content in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return Tree(root)


def read(tree: Tree, path: str) -> list[Fragment]:
    source = tree.read(path)
    assert READER.claims(path)
    return list(READER.read(source)) if READER.accepts(source.head(4096)) else []


def related(fragments: list[Fragment]) -> list[tuple[str, str, str]]:
    return [(one.downstream, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


def unresolved(fragments: list[Fragment]) -> list[tuple[str, str, str]]:
    return [(one.downstream, one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)]


def test_an_adapter(tmp_path: Path) -> None:
    tree = write(
        tmp_path,
        {"adapters/support/adapter_config.json": {"peft_type": "LORA", "base_model_name_or_path": "meta-llama/Llama-2-7b-hf", "r": 8}},
    )
    fragments = read(tree, "adapters/support/adapter_config.json")
    model = "model:file:adapters/support"
    assert related(fragments) == [(PRODUCT, "ships", model), (model, "adapter-of", "model:meta-llama/llama-2-7b-hf")]
    relation = fragments[-1]
    assert isinstance(relation, RelationSeen)
    assert (relation.evidence.pointer, relation.evidence.as_written) == ("/base_model_name_or_path", "meta-llama/Llama-2-7b-hf")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("/data/llama", "is a path on the machine that trained the adapter; write the base model into its card as base_model"),
        ("./out", "is a path on the machine that trained the adapter; write the base model into its card as base_model"),
        ("llama-7b", "is a path on the machine that trained the adapter; write the base model into its card as base_model"),
        ("outputs/merged", "is a path on the machine that trained the adapter; write the base model into its card as base_model"),
        (None, "names no base model; write it into the adapter's card as base_model"),
    ],
)
def test_an_adapter_of_something_local(tmp_path: Path, written: str | None, reason: str) -> None:
    tree = write(tmp_path, {"a/adapter_config.json": {"peft_type": "LORA", "base_model_name_or_path": written}})
    assert unresolved(read(tree, "a/adapter_config.json")) == [("model:file:a", written or "base_model_name_or_path", reason)]


def test_an_adapter_of_a_model_in_the_tree(tmp_path: Path) -> None:
    tree = write(
        tmp_path,
        {
            "models/base/config.json": {"model_type": "llama"},
            "models/lora/adapter_config.json": {"peft_type": "LORA", "base_model_name_or_path": "../base"},
            "models/lora2/adapter_config.json": {"peft_type": "LORA", "base_model_name_or_path": "models/base"},
        },
    )
    for name in ("lora", "lora2"):
        model = f"model:file:models/{name}"
        assert related(read(tree, f"models/{name}/adapter_config.json"))[1:] == [(model, "adapter-of", "model:file:models/base")]


def test_fine_tunes_that_kept_their_parents_name_stay_apart(tmp_path: Path) -> None:
    files: dict[str, object] = {}
    for name in ("billing", "refunds", "shipping", "returns"):
        files[f"models/{name}/config.json"] = {"_name_or_path": PARENT, "model_type": "mistral"}
        files[f"models/{name}/model.safetensors"] = ""
    files["models/returns/README.md"] = f"---\nbase_model: {PARENT}\n---\n# acme/returns\n"
    tree = write(tmp_path, files)
    found = [related(read(tree, path)) for path in files if path.endswith("config.json")]
    models = ["model:file:models/billing", "model:file:models/refunds", "model:file:models/shipping", "model:acme/returns"]
    assert found == [[(PRODUCT, "ships", one), (one, "derived-from", "model:mistralai/mistral-7b-v0.1")] for one in models]
    hints = [one for one in read(tree, "models/billing/config.json") if isinstance(one, RelationSeen) and one.downstream != PRODUCT]
    assert [one.evidence.basis for one in hints] == [Basis.INFERRED]


def test_card_and_configuration_agree_on_who_the_model_is(tmp_path: Path) -> None:
    tree = write(
        tmp_path,
        {
            "README.md": "---\nlibrary_name: peft\n---\n# acme/support-lora\n",
            "adapter_config.json": {"base_model_name_or_path": PARENT},
        },
    )
    card = related(list(HubCardReader().read(tree.read("README.md"))))
    assert card[0] == related(read(tree, "adapter_config.json"))[0] == (PRODUCT, "ships", "model:acme/support-lora")


@pytest.mark.parametrize("written", ["/root/.cache/x", "./out", "checkpoint-500", "models/llama", "out/final", "acme/returns"])
def test_a_name_that_tells_of_no_parent(tmp_path: Path, written: str) -> None:
    tree = write(
        tmp_path,
        {
            "a/config.json": {"_name_or_path": written, "architectures": ["LlamaForCausalLM"]},
            "a/model.safetensors": "",
            "a/README.md": "---\nlicense: mit\nlibrary_name: transformers\n---\n# acme/returns\n",
        },
    )
    fragments = read(tree, "a/config.json")
    assert (related(fragments), unresolved(fragments)) == ([(PRODUCT, "ships", "model:acme/returns")], [])


def test_a_parent_on_its_makers_machine_is_told(tmp_path: Path) -> None:
    files: dict[str, object] = {"a/config.json": {"_name_or_path": "./weights/llama-7b", "model_type": "llama"}, "a/model.safetensors": ""}
    reason = "is where its weights were loaded from, on its maker's machine; name the base model in the card or in lien.toml"
    assert unresolved(read(write(tmp_path, files), "a/config.json")) == [("model:file:a", "./weights/llama-7b", reason)]


def test_weights_that_come_from_elsewhere(tmp_path: Path) -> None:
    config = {"model_type": "gpt2", "_name_or_path": "gpt2"}
    tree = write(tmp_path, {"a/config.json": config, "a/vocab.json": {}, "b/config.json": {"model_type": "bert"}, "b/vocab.txt": ""})
    model = "model:file:a"
    assert related(read(tree, "a/config.json")) == [(PRODUCT, "loads", model), (model, "derived-from", "model:gpt2")]
    assert read(tree, "b/config.json") == []  # a tokenizer


def test_parts_of_a_model(tmp_path: Path) -> None:
    tree = write(
        tmp_path,
        {
            "a/config.json": {
                "model_type": "llava",
                "mm_vision_tower": "openai/clip-vit-large-patch14-336",
                "text_config": {"_name_or_path": "lmsys/vicuna-7b-v1.5"},
                "vision_config": {"_name_or_path": ""},
            },
            "a/model.safetensors.index.json": {"weight_map": {}},
        },
    )
    assert related(read(tree, "a/config.json"))[0] == (PRODUCT, "loads", "model:file:a")
    assert related(read(tree, "a/config.json"))[1:] == [
        ("model:file:a", "derived-from", "model:lmsys/vicuna-7b-v1.5"),
        ("model:file:a", "derived-from", "model:openai/clip-vit-large-patch14-336"),
    ]
    assert related(read(tree, "a/model.safetensors.index.json")) == [(PRODUCT, "loads", "model:file:a")]
    (tmp_path / "a" / "model-00001-of-00002.safetensors").touch()
    assert related(read(Tree(tmp_path), "a/model.safetensors.index.json")) == []  # the shards tell


def test_a_diffusers_pipeline(tmp_path: Path) -> None:
    tree = write(
        tmp_path,
        {
            "sd/model_index.json": {
                "_class_name": "StableDiffusionPipeline",
                "_name_or_path": "runwayml/stable-diffusion-v1-5",
                "unet": ["diffusers", "UNet2DConditionModel"],
                "text_encoder": ["transformers", "CLIPTextModel"],
            },
            "sd/text_encoder/config.json": {"_name_or_path": "openai/clip-vit-large-patch14", "model_type": "clip_text_model"},
            "sd/text_encoder/model.safetensors": "",
        },
    )
    assert related(read(tree, "sd/model_index.json")) == [
        (PRODUCT, "ships", "model:file:sd"),
        ("model:file:sd", "derived-from", "model:runwayml/stable-diffusion-v1-5"),
    ]
    assert related(read(tree, "sd/text_encoder/config.json")) == [
        (PRODUCT, "ships", "model:file:sd"),
        ("model:file:sd", "derived-from", "model:openai/clip-vit-large-patch14"),
    ]
    # Configurations alone, to build other people's checkpoints by, ship no model.
    (tmp_path / "sd" / "text_encoder" / "model.safetensors").unlink()
    assert related(read(Tree(tmp_path), "sd/model_index.json")) == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("config.json", {"debug": True, "model_type": 5}),
        ("config.json", '{"port": 80, // the port\n}'),
        ("config.json", {"model_type": "llama"}),  # nothing of the model stands beside it
        ("config.json", "[]"),
        ("model_index.json", {"pages": []}),
        ("adapter_config.json", {"adapter": "postgres"}),
    ],
)
def test_somebody_elses_configuration(tmp_path: Path, path: str, content: object) -> None:
    assert read(write(tmp_path, {path: content}), path) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"model_type": "llama",\n', "config.json:2: is not JSON: Expecting property name enclosed in double quotes at column 1"),
        ('{"model_type": ' + "[" * 100_000, "config.json: is nested too deeply to read"),
    ],
)
def test_broken_configuration(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read(write(tmp_path, {"config.json": text}), "config.json")
    assert str(raised.value) == f"{message}; mend the file or leave it out"


def test_code_that_names_a_folder_names_its_model(tmp_path: Path) -> None:
    tree = write(
        tmp_path,
        {
            "app/main.py": "",
            "models/chat/config.json": {"model_type": "llama"},
            "models/chat/model.safetensors": "",
            "weights/best.pt": "",
            "data/a.csv": "",
        },
    )
    found = [model_reference(text, tree, "app/main.py") for text in ("../models/chat", "models/chat", "./models/chat/model.safetensors")]
    assert {one.id for one in found} == {"model:file:models/chat"}
    assert model_reference("../weights/best.pt", tree, "app/main.py").id == "model:file:weights/best.pt"
    assert model_reference("../data", tree, "app/main.py") == (None, "is a local path")
