"""Training configurations are hostile input, too: whatever stands under their keys, a reader ends with facts or a named place."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import Fragment
from lien.readers.axolotl import AxolotlReader
from lien.readers.interface import Reader
from lien.readers.llama_factory import LlamaFactoryReader
from lien.readers.mergekit import MergekitReader
from lien.readers.torchtune import TorchtuneReader
from lien.readers.training_recipe import TrainingRecipeReader
from lien.readers.training_sections import TrainingSectionsReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READERS: tuple[Reader, ...] = (
    AxolotlReader(),
    LlamaFactoryReader(),
    MergekitReader(),
    TorchtuneReader(),
    TrainingRecipeReader(),
    TrainingSectionsReader(),
)
TREE = Path(__file__).parent.parent / "data" / "llama_factory"
KEYS = (
    *("base_model", "adapter", "datasets", "path", "sequence_len", "micro_batch_size", "rl", "hub_model_id", "pretraining_dataset"),
    *("model_name_or_path", "stage", "template", "dataset", "dataset_dir", "do_train", "finetuning_type", "export_dir", "cutoff_len"),
    *("merge_method", "models", "model", "slices", "sources", "experts", "source_model", "name", "tokenizer", "lora"),
    *("checkpointer", "checkpoint_dir", "_component_", "loss", "data_files", "source", "output_dir", "learning_rate", "dataset_mixer"),
    *("dataset_mixture", "id", "train_type", "project_name", "task", "data", "train", "out_dir", "policy", "model_name", "cluster"),
    *("model_class", "train_dataset", "peft_config", "config", "process", "job", "exp_manager", "trainer", "eval_dataset"),
)
TEXTS = st.sampled_from(
    ["a/b", "gpt2", "./x", "data", "x.jsonl", "${name}", "torchtune.models.lora_x", "dpo", "lora", "", "a,b", "a@c+d/e", "\x00", "é"]
)
VALUES = st.recursive(
    st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False)),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.sampled_from(KEYS), below, max_size=4)),
    max_leaves=12,
)


def read(reader: Reader, text: str, path: str) -> list[Fragment]:
    return list(reader.read(Source(path=path, data=text.encode(), tree=Tree(TREE))))


@settings(max_examples=300, deadline=None)
@given(value=st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=2, max_size=12))
def test_any_values_under_known_keys(value: dict[str, object]) -> None:
    text = json.dumps(value, indent=1)  # which is YAML as well
    for path in ("x.json", "x.yaml"):
        for reader in READERS:
            if reader.claims(path):
                with contextlib.suppress(InputError):
                    read(reader, text, path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "base_model: a/b\ndatasets: &x [*x]\nmicro_batch_size: 1\nsequence_len: 1\n",
            "x.yaml:1: has more than 200000 values or 200 levels; ",
        ),
        ("base_model: !!python/object/apply:os.system [ls]\ndatasets: []\n", "x.yaml:1: is not YAML: could not determine a constructor"),
        ("base_model: a/b\ndatasets: " + "[" * 300 + "\n", "x.yaml:2: is nested more than 200 levels deep; "),
    ],
)
def test_hostile_yaml_is_named(text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read(AxolotlReader(), text, "x.yaml")
    assert str(raised.value).startswith(message)


def test_a_broken_file_is_complained_of_once() -> None:
    source = Source(
        path="x.yaml", data=b"base_model: a/b\nsequence_len: 1\noutput_dir: [\nlearning_rate: 1\nnum_epochs: 1\n", tree=Tree(TREE)
    )
    complaints = []
    for reader in READERS:
        try:
            assert list(reader.read(source)) == []
        except InputError as error:
            complaints.append(error)
    assert len(complaints) == 1


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.name)
def test_large_files_hold_data(reader: Reader) -> None:
    text = "base_model: a/b\nmerge_method: x\nmodel_name_or_path: a/b\nlearning_rate: 1\n" + "x: y\n" * 100_000
    assert read(reader, text, "x.yaml") == []
