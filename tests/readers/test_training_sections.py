"""Training configurations with sections through the reader's own door."""

from pathlib import Path

import pytest

from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.training_sections import TrainingSectionsReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = TrainingSectionsReader()


def read(text: str, tree: Path, path: str = "x.yaml") -> list[Fragment]:
    return list(READER.read(Source(path=path, data=text.encode(), tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[tuple[str, str]]:
    return [(one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            (
                "model: Qwen/Qwen2.5-7B-Instruct\nrlhf_type: dpo\ntrain_type: lora\nreward_model: Acme/Judge\n"
                "dataset: ['HF::Acme/Pairs#500', swift/self-cognition#100, data/own.jsonl]\n"
            ),
            [
                ("adapter-of", "model:qwen/qwen2.5-7b-instruct"),
                ("rewarded-by", "model:acme/judge"),
                ("preference-tuned-on", "dataset:acme/pairs"),
                ("preference-tuned-on", "dataset:modelscope:swift/self-cognition"),
                ("preference-tuned-on", "dataset:file:data/own.jsonl"),
            ],
        ),
        (
            "model: AI-ModelScope/Model\ntrain_type: full\nuse_hf: true\ndataset: Acme/Talks\n",
            [("finetuned-from", "model:modelscope:ai-modelscope/model"), ("finetuned-on", "dataset:acme/talks")],
        ),
        (
            "task: llm-orpo\nbase_model: google/gemma-2-2b\nproject_name: support\ndata:\n  path: Acme/Pairs\nparams:\n  peft: true\n",
            [("adapter-of", "model:google/gemma-2-2b"), ("preference-tuned-on", "dataset:acme/pairs")],
        ),
        (
            "model: unsloth/Qwen2.5-0.5B\ndata:\n  dataset: tatsu-lab/alpaca\ntraining:\n  training_type: full\n  max_seq_length: 8\n",
            [("finetuned-from", "model:unsloth/qwen2.5-0.5b"), ("finetuned-on", "dataset:tatsu-lab/alpaca")],
        ),
        (
            (
                "model: {name: hf_causal_lm, pretrained: true, pretrained_model_name_or_path: '${base}'}\nbase: mosaicml/mpt-7b\n"
                "tokenizer: {name: EleutherAI/gpt-neox-20b}\nmax_duration: 1ep\ntrain_loader: {dataset: {hf_name: Acme/Talks}}\n"
            ),
            [
                ("finetuned-from", "model:mosaicml/mpt-7b"),
                ("contains", "model:eleutherai/gpt-neox-20b"),
                ("finetuned-on", "dataset:acme/talks"),
            ],
        ),
        (
            (
                "model: {name: hf_causal_lm, pretrained: false, pretrained_model_name_or_path: gpt2}\n"
                "tokenizer: {name: gpt2}\nmax_duration: 1ep\ntrain_loader: {dataset: {local: ./c4}}\n"
            ),
            [("built-with", "model:gpt2"), ("contains", "model:gpt2")],
        ),
        (
            "checkpoint_dir: checkpoints/google/gemma-2b\nout_dir: out\nlora_r: 8\ntrain: {}\ndata: {class_path: litgpt.data.Alpaca2k}\n",
            [("adapter-of", "model:google/gemma-2b"), ("finetuned-on", "dataset:mhenrichsen/alpaca_2k_test")],
        ),
        (
            (
                "actor_rollout_ref: {model: {path: Qwen/Qwen3-8B}}\ndata: {train_files: data/gsm8k/train.parquet}\n"
                "reward_model: {model: {path: Acme/Judge}}\n"
            ),
            [
                ("finetuned-from", "model:qwen/qwen3-8b"),
                ("rewarded-by", "model:acme/judge"),
                ("finetuned-on", "dataset:file:data/gsm8k/train.parquet"),
            ],
        ),
        (
            (
                "model: {x: 1}\ntokenizer: {tokenizer_name_or_path: gpt2}\n"
                "data_stages: [{data: {dataset: {hf_dataset_or_datasets: [roneneldan/TinyStories]}}}]\n"
            ),
            [("contains", "model:gpt2"), ("pretrained-on", "dataset:roneneldan/tinystories")],
        ),
        (
            (
                "llm_backbone: Acme/Danube-1B\nexperiment_name: oasst\nproblem_type: text_dpo_modeling\ntraining: {lora: true}\n"
                "dataset: {train_dataframe: data/train.csv, validation_dataframe: None}\n"
            ),
            [("adapter-of", "model:acme/danube-1b"), ("preference-tuned-on", "dataset:file:data/train.csv")],
        ),
        (
            "model: Qwen/Qwen3-8B\ndataset: {path: openai/gsm8k}\npolicy: {x: 1}\ntrainer: {model: {hf_assets_path: 'hf://${model}'}}\n",
            [("finetuned-from", "model:qwen/qwen3-8b"), ("finetuned-on", "dataset:openai/gsm8k")],
        ),
        (
            "model_name: Acme/Base-8B\nmodel: {flavor: 8B}\ntraining: {steps: 1}\ncheckpoint: {initial_load_path: 'hf://${model_name}'}\n",
            [("finetuned-from", "model:acme/base-8b")],
        ),
        (
            "name: salm\nmodel: {pretrained_llm: TinyLlama/TinyLlama_v1.1, pretrained_model: stt_en_conformer}\ntrainer: {a: 1}\nexp_manager: {b: 1}\n",
            [("derived-from", "model:tinyllama/tinyllama_v1.1")],
        ),
    ],
)
def test_dialects(text: str, found: list[tuple[str, str]], tmp_path: Path) -> None:
    fragments = read(text, tmp_path)
    assert related(fragments) == found
    assert [one.id for one in fragments if isinstance(one, ArtifactSeen) and one.made_here] == ["model:made:x.yaml"]


def test_names_of_a_tool_s_own_data(tmp_path: Path) -> None:
    text = (
        "policy: {model_name: Qwen/Qwen3-8B}\ncluster: {num_nodes: 1}\nteacher: {model_name: Qwen/Qwen3-32B}\n"
        "data:\n  train: [{dataset_name: DAPOMath17K}, {dataset_name: ResponseDataset, data_path: Acme/Own}]\n"
        "  validation: {dataset_name: AIME2024}\n"
    )
    assert related(read(text, tmp_path)) == [
        ("finetuned-from", "model:qwen/qwen3-8b"),
        ("distilled-from", "model:qwen/qwen3-32b"),
        ("finetuned-on", "dataset:bytedtsinghua-sia/dapo-math-17k"),
        ("finetuned-on", "dataset:acme/own"),
        ("evaluated-on", "dataset:huggingfaceh4/aime_2024"),
    ]


def test_a_job_that_generates_makes_no_model(tmp_path: Path) -> None:
    job = "job: {job}\nconfig:\n  name: x\n  process:\n    - model: {{name_or_path: Acme/Flux}}\n      network: {{type: lora}}\n"
    assert related(read(job.format(job="extension"), tmp_path)) == [("adapter-of", "model:acme/flux")]
    assert related(read(job.format(job="generate"), tmp_path)) == [("loads", "model:acme/flux")]


def test_places_on_the_machine_are_no_data_of_the_tree(tmp_path: Path) -> None:
    text = "actor_rollout_ref: {model: {path: Qwen/Qwen3-8B}}\ndata: {train_files: ~/data/train.parquet, val_files: /mnt/val.parquet}\n"
    lost = [(one.what, one.reason) for one in read(text, tmp_path) if isinstance(one, UnresolvedReference)]
    assert lost == [("~/data/train.parquet", "is a local path"), ("/mnt/val.parquet", "is a local path")]


@pytest.mark.parametrize(
    "text",
    ["model: a/b\ndataset: c/d\n", "model: {a: 1}\ntrainer: {b: 1}\nexp_manager: {}\n", "model: a/b\ndata: {dataset: c/d}\n", "{}", ""],
)
def test_other_yaml_says_nothing(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == []


def test_records_in_a_json_file_are_no_configuration(tmp_path: Path) -> None:
    line = '{"model": "a/b", "dataset": "c/d", "train_type": "x"}\n'
    assert read(line * 2, tmp_path, "rows.json") == []
