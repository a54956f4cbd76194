"""Python source as people write it, through the reader's own door."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import Fragment, LicenseClaim, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.python_source import PythonReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = PythonReader()


def read(folder: Path, files: str | Mapping[str, str], path: str = "app.py") -> list[Fragment]:
    for name, text in ({path: files} if isinstance(files, str) else files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return list(READER.read(Tree(folder).read(path)))


def used(fragments: list[Fragment]) -> list[str]:
    """`RELATION ID ROLE` of the product's relations, in the order of the file, each once."""
    relations = [one for one in fragments if isinstance(one, RelationSeen) and one.downstream == "product"]
    return list(dict.fromkeys(f"{one.type} {one.upstream} {one.role}" for one in relations))


def lost(fragments: list[Fragment]) -> list[tuple[str, int | None]]:
    return [(one.what, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('from transformers import AutoModel\nAutoModel.from_pretrained("Acme/Model-7B")', "loads model:acme/model-7b default"),
        ('import transformers as tf\ntf.AutoModel.from_pretrained(pretrained_model_name_or_path="acme/m1")', "loads model:acme/m1 default"),
        ('from transformers import pipeline\npipeline("summarization", model="acme/m1")', "loads model:acme/m1 default"),
        ('from sentence_transformers import SentenceTransformer as S\nS("all-MiniLM-L6-v2")', "loads model:sentence-transformers/all-minilm-l6-v2 default"),
        ('from sentence_transformers import CrossEncoder\nCrossEncoder("acme/rank-1")', "loads model:acme/rank-1 default"),
        ('from vllm import LLM\nLLM(model="acme/m1")', "loads model:acme/m1 default"),
        ('from axolotl.utils.dict import DictDefault\nDictDefault(base_model="acme/m1")', "loads model:acme/m1 default"),
        ('from llama_cpp import Llama\nLlama.from_pretrained(repo_id="acme/x-gguf", filename="*q4.gguf")', "loads model:acme/x-gguf default"),
        ('from llama_cpp import Llama\nLlama(model_path="./models/x.Q4.gguf")', "loads model:file:models/x.q4.gguf default"),
        ('from huggingface_hub import hf_hub_download\nhf_hub_download("acme/m1", "w.bin")', "loads model:acme/m1 default"),
        ('from huggingface_hub import snapshot_download\nsnapshot_download("acme/d", repo_type="dataset")', "loads dataset:acme/d default"),
        ('from datasets import load_dataset\nload_dataset("acme/d", "en")', "loads dataset:acme/d default"),
        ('from datasets import load_dataset\nload_dataset("json", data_files="hf://datasets/acme/d/a.json")', "loads dataset:acme/d default"),
        ('from diffusers import StableDiffusionPipeline as P\np = P.from_pretrained("acme/sd")', "loads model:acme/sd default"),
        ('import timm\ntimm.create_model("resnet50", pretrained=True)', "loads model:timm:resnet50 default"),
        ('import torch\ntorch.hub.load("octo/repo", "net")', "loads model:torch.hub:octo/repo/net default"),
        ('from ultralytics import YOLO\nYOLO("yolov8n.pt")', "loads model:ultralytics/yolov8 default"),
        ('import whisper\nwhisper.load_model("base")', "loads model:openai/whisper-base default"),
        ('import spacy\nspacy.load("en_core_web_sm")', "loads model:spacy/en_core_web_sm default"),
        ('import insightface\ninsightface.app.FaceAnalysis(name="buffalo_l")', "loads model:insightface:buffalo_l default"),
        ('from torchvision import models\nmodels.resnet18(weights="DEFAULT")', "loads model:torchvision:resnet18 default"),
        ("from openai import OpenAI\nOpenAI()", "calls service:openai default"),
        ('from openai import OpenAI\nOpenAI(base_url="https://api.deepseek.com")', "calls service:deepseek default"),
        ("import anthropic\nclient = anthropic.Anthropic()", "calls service:anthropic default"),
        ("from langchain_anthropic import ChatAnthropic\nChatAnthropic()", "calls service:anthropic default"),
        ('from langchain_ollama import OllamaEmbeddings\nOllamaEmbeddings(model="nomic-embed-text")', "loads model:ollama:nomic-embed-text default"),
        ('import ollama\nollama.chat(model="llama3:8b", messages=[])', "loads model:ollama:llama3:8b default"),
        ("import torchaudio\nbundle = torchaudio.pipelines.HUBERT_BASE\nbundle.get_model()", "loads model:torchaudio:hubert_base default"),
        ('import torchvision\ntorchvision.datasets.CIFAR10(".")', "loads dataset:torchvision:cifar10 default"),
        ("from tensorflow import keras\nkeras.datasets.mnist.load_data()", "loads dataset:keras:mnist default"),
        ('import clip\nclip.load("ViT-B/32")', "loads model:openai/clip-vit-base-patch32 default"),
        ("from langchain_community.embeddings import HuggingFaceEmbeddings\nHuggingFaceEmbeddings()", "loads model:sentence-transformers/all-mpnet-base-v2 default"),
        ('from crewai import LLM\nLLM(model="ollama/llama3.2")', "loads model:ollama:llama3.2 default"),
        ('from openai import AzureOpenAI\nAzureOpenAI(azure_endpoint="https://mine.example.com")', "calls service:azure-openai default"),
        ('import httpx\nwith httpx.Client() as c:\n    c.post("https://api.mistral.ai/v1/chat/completions")', "calls service:mistral default"),
        ('import requests\nrequests.post("https://api.deepseek.com/chat/completions")', "calls service:deepseek default"),
    ],
)  # fmt: skip
def test_a_call_that_names_one_thing(tmp_path: Path, code: str, expected: str) -> None:
    assert used(read(tmp_path, code)) == [expected]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('import dspy\ndspy.LM("openai/gpt-4o")', ["calls service:openai/gpt-4o default", "calls service:openai default"]),
        ('from pydantic_ai import Agent\nAgent("openai:gpt-4o")', ["calls service:openai/gpt-4o default", "calls service:openai default"]),
        (
            'from openai import OpenAI\nc = OpenAI()\nc.chat.completions.create(model="gpt-4o")',
            ["calls service:openai default", "calls service:openai/gpt-4o default"],
        ),
        (
            'import openai\nopenai.ChatCompletion.create(engine="gpt-4", messages=[])',
            ["calls service:openai default", "calls service:openai/gpt-4 default"],
        ),
    ],
)
def test_a_hosted_model_and_its_service(tmp_path: Path, code: str, expected: list[str]) -> None:
    assert sorted(used(read(tmp_path, code))) == sorted(expected)


def test_names_are_followed_to_where_they_are_written(tmp_path: Path) -> None:
    fragments = read(
        tmp_path,
        {
            "app.py": "from transformers import AutoModel\nfrom settings import NAME\nAutoModel.from_pretrained(NAME)\n",
            "settings.py": '# the model\nORG = "acme"\nNAME = f"{ORG}/m-1"\n',
        },
    )
    places = {(one.evidence.path, one.evidence.line) for one in fragments if not isinstance(one, RelationSeen)}
    assert used(fragments) == ["loads model:acme/m-1 default"]
    assert places == {("app.py", 3), ("settings.py", 3)}


def test_an_option_of_the_command_line_gives_its_default(tmp_path: Path) -> None:
    code = """import argparse
from transformers import AutoModel
parser = argparse.ArgumentParser()
parser.add_argument("--model", default="acme/a", choices=["acme/a", "acme/b"])
args = parser.parse_args()
AutoModel.from_pretrained(args.model)
"""
    assert used(read(tmp_path, code)) == ["loads model:acme/a default", "loads model:acme/b option"]


def test_a_default_that_every_documented_command_replaces_is_an_option(tmp_path: Path) -> None:
    code = """import argparse
from transformers import AutoModel
parser = argparse.ArgumentParser()
parser.add_argument("--model-path", default="acme/a")
AutoModel.from_pretrained(parser.parse_args().model_path)
"""
    files = {"app.py": code, "README.md": "```\npython app.py \\\n  --model-path /where/it/is\n```\n"}
    assert used(read(tmp_path, files)) == ["loads model:acme/a option"]


@pytest.mark.parametrize(
    ("name", "text", "role"),
    [
        # Prose that names the script runs nothing; a run without the flag keeps the default.
        ("README.md", "Replace `app.py` by ours.\n```\npython app.py --model-path <where>\n```\n", "option"),
        ("README.md", "```\npython app.py --model-path <where>\npython app.py\n```\n", "default"),
        # Arguments that the script keeps in a variable.
        ("run.sh", 'ARGS="--seed 1 \\\n --model-path $BASE"\n(python $DIR/app.py $(echo ${ARGS}) --rank 0 &)\n', "option"),
        ("run.sh", "ARGS=(\n  --model-path $BASE\n)\npython app.py ${ARGS[@]}\n", "option"),
        ("run.sh", 'ARGS="--seed 1"\npython app.py $ARGS\n', "default"),
    ],
)
def test_what_counts_as_a_documented_command(name: str, text: str, role: str, tmp_path: Path) -> None:
    code = """import argparse
from transformers import AutoModel
parser = argparse.ArgumentParser()
parser.add_argument("--model-path", default="acme/a")
AutoModel.from_pretrained(parser.parse_args().model_path)
"""
    assert used(read(tmp_path, {"app.py": code, name: text})) == [f"loads model:acme/a {role}"]


def test_a_program_whose_functions_others_import_is_a_program(tmp_path: Path) -> None:
    code = """from transformers import AutoModel{imports}

def load(name):
    return AutoModel.from_pretrained(name)

{decorator}
def main(name="acme/m"):
    load(name)

if __name__ == "__main__":
    main()
"""
    plain = code.format(imports="", decorator="")
    user = "from train import load\n"
    assert used(read(tmp_path / "a", {"train.py": plain, "test/test_train.py": user}, "train.py")) == ["loads model:acme/m default"]
    assert used(read(tmp_path / "b", {"train.py": plain, "other.py": user}, "train.py")) == ["loads model:acme/m option"]
    clicked = code.format(imports="\nimport click", decorator="@click.command()")
    assert used(read(tmp_path / "c", {"train.py": clicked, "other.py": user}, "train.py")) == ["loads model:acme/m default"]
    documented = {"train.py": plain, "other.py": user, "README.md": "```\npython train.py\n```\n"}
    assert used(read(tmp_path / "d", documented, "train.py")) == ["loads model:acme/m default"]


def test_stand_ins_for_tests_are_development(tmp_path: Path) -> None:
    code = "from transformers import AutoTokenizer\nAutoTokenizer.from_pretrained('acme/m')\n"
    assert used(read(tmp_path, code, "scripts/generate_tiny_models/acme.py")) == ["loads model:acme/m development"]


def test_what_data_is_cleaned_of_is_no_part_of_it(tmp_path: Path) -> None:
    code = "from datasets import load_dataset\nload_dataset('acme/bench')\n"
    assert used(read(tmp_path, code, "scripts/decontaminate.py")) == ["loads dataset:acme/bench evaluation"]


def test_a_namespace_gathered_from_dataclasses(tmp_path: Path) -> None:
    code = """import argparse
from dataclasses import dataclass, field
import transformers
from datasets import load_dataset

@dataclass
class Base:
    model_name: str = field(default="acme/m")

@dataclass
class Rows:
    dataset: str = field(default="talks")

def rows(args):
    def load(name):
        if name == "talks":
            return load_dataset("lab/talks")
        elif name == "chats":
            return load_dataset("lab/chats")
    return load(args.dataset)

base, data = transformers.HfArgumentParser((Base, Rows)).parse_args_into_dataclasses()
args = argparse.Namespace(**vars(base), **vars(data))
transformers.AutoModel.from_pretrained(args.model_name)
rows(args)
"""
    assert used(read(tmp_path, code)) == ["loads dataset:lab/talks default", "loads dataset:lab/chats option", "loads model:acme/m default"]


def test_an_address_on_the_hub_that_a_function_of_the_tree_fetches(tmp_path: Path) -> None:
    code = "from tools import prepare_data\nprepare_data('https://huggingface.co/datasets/lab/chats', 'out')\nprint('https://huggingface.co/lab/m')\n"
    assert used(read(tmp_path, code)) == ["loads dataset:lab/chats default"]


def test_an_environment_lookup_gives_its_default(tmp_path: Path) -> None:
    code = 'import os\nfrom sentence_transformers import SentenceTransformer\nSentenceTransformer(os.getenv("M", "acme/e"))\n'
    assert used(read(tmp_path, code)) == ["loads model:acme/e default"]


def test_an_argument_that_nothing_names_is_said_once(tmp_path: Path) -> None:
    code = """import argparse
from transformers import AutoModel, AutoTokenizer
parser = argparse.ArgumentParser()
parser.add_argument("--model-path")
args = parser.parse_args()
AutoTokenizer.from_pretrained(args.model_path)
AutoModel.from_pretrained(args.model_path)
"""
    fragments = read(tmp_path, code)
    assert used(fragments) == []
    assert lost(fragments) == [("args.model_path", 6)]


def test_a_branch_by_name_is_an_option_and_what_is_left_the_default(tmp_path: Path) -> None:
    code = """from langchain_openai import ChatOpenAI
from langchain_anthropic import ChatAnthropic

def model(name):
    if name == "openai":
        return ChatOpenAI()
    else:
        return ChatAnthropic()
"""
    assert used(read(tmp_path, code)) == ["calls service:openai option", "calls service:anthropic default"]


def test_an_adapter_is_of_the_model_it_is_put_on(tmp_path: Path) -> None:
    code = """from peft import PeftModel
from transformers import AutoModelForCausalLM
base = AutoModelForCausalLM.from_pretrained("acme/base")
model = PeftModel.from_pretrained(base, "acme/lora")
"""
    fragments = read(tmp_path, code)
    relations = [(one.downstream, str(one.type), one.upstream) for one in fragments if isinstance(one, RelationSeen)]
    assert relations == [
        ("product", "loads", "model:acme/base"),
        ("model:acme/lora", "adapter-of", "model:acme/base"),
        ("product", "loads", "model:acme/lora"),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "import openai\n",
        '"""AutoModel.from_pretrained("acme/m")"""\n# AutoModel.from_pretrained("acme/m")\n',
        'print("try acme/m with from_pretrained")\n',
        'from transformers import AutoConfig\nAutoConfig.from_pretrained("acme/m")\n',
        'from datasets import load_dataset\nload_dataset("csv", data_files="rows.csv")\n',
        'import timm\ntimm.create_model("resnet50")\n',
        'import tiktoken\ntiktoken.get_encoding("gpt2")\n',
        'import boto3\nboto3.client("s3")\n',
    ],
)
def test_what_names_nothing(tmp_path: Path, code: str) -> None:
    assert read(tmp_path, code) == []


def test_broken_source_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, 'from transformers import pipeline\nprint "x"\n')
    assert str(raised.value).startswith("app.py:2: is not Python 3:")


_WORDS = ["from transformers import *\n", "x", "=", "(", ")", '"acme/m"', ".from_pretrained", "if ", ":\n ", "\n", "def f(x):\n ", "return ", "f(", "self.", "{", "}", "[", "]", "lambda: ", "\\", "\x00", "é", "for x in ", ",", "args.", "class A:\n ", "async ", "match x:\n ", "*", "**"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=30))
def test_nothing_but_an_input_error_comes_of_any_text(words: list[str]) -> None:
    data = ("from transformers import AutoModel\n" + "".join(words)).encode()
    with contextlib.suppress(InputError):
        list(READER.read(Source(path="app.py", data=data, tree=Tree(Path(__file__).parent / "nowhere"))))


def relations(fragments: list[Fragment]) -> list[str]:
    """`DOWN RELATION UP ROLE` of all relations, each once."""
    found = [one for one in fragments if isinstance(one, RelationSeen)]
    return list(dict.fromkeys(f"{one.downstream} {one.type} {one.upstream} {one.role}" for one in found))


def test_a_training_script_makes_a_model(tmp_path: Path) -> None:
    code = """from datasets import load_dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTTrainer

base = AutoModelForCausalLM.from_pretrained("acme/base-7b")
tokenizer = AutoTokenizer.from_pretrained("acme/base-7b")
data = load_dataset("acme/chat", split="train")
held_out = load_dataset("acme/chat-test", split="test")
trainer = SFTTrainer(model=base, train_dataset=data, peft_config=LoraConfig())
trainer.train()
"""
    assert relations(read(tmp_path, code, "train.py")) == [
        "model:made:train.py adapter-of model:acme/base-7b training",
        "model:made:train.py finetuned-on dataset:acme/chat training",
        "model:made:train.py evaluated-on dataset:acme/chat-test evaluation",
    ]


def test_teachers_and_preferences(tmp_path: Path) -> None:
    code = """from datasets import load_dataset
from transformers import AutoModelForCausalLM
from trl import DPOTrainer

teacher = AutoModelForCausalLM.from_pretrained("acme/big")
trainer = DPOTrainer("acme/small", train_dataset=load_dataset("acme/pairs"))
trainer.train()
trainer.push_to_hub("acme/small-dpo")
"""
    assert relations(read(tmp_path, code, "train.py")) == [
        "model:acme/small-dpo distilled-from model:acme/big training",
        "model:acme/small-dpo preference-tuned-on dataset:acme/pairs training",
        "model:acme/small-dpo finetuned-from model:acme/small training",
    ]


def test_a_default_that_is_replaced_is_no_base(tmp_path: Path) -> None:
    code = """from dataclasses import dataclass, field
import transformers

@dataclass
class ModelArguments:
    model_name_or_path: str = field(default="acme/tiny")

def train():
    parser = transformers.HfArgumentParser((ModelArguments,))
    (model_args,) = parser.parse_args_into_dataclasses()
    model = transformers.AutoModel.from_pretrained(model_args.model_name_or_path)
    transformers.Trainer(model=model).train()

train()
"""
    files = {"train.py": code, "README.md": "torchrun --nproc 4 train.py --model_name_or_path <path>\n"}
    assert relations(read(tmp_path, files, "train.py")) == ["product loads model:acme/tiny option"]


def test_a_script_that_has_data_written_makes_a_dataset(tmp_path: Path) -> None:
    files = {
        "generate_pairs.py": "import json\nimport helpers\n\nrows = helpers.ask('write')\njson.dump(rows, open('rows.json', 'w'))\n",
        "helpers.py": "import openai\n\ndef ask(text):\n    return openai.Completion.create(model='text-davinci-003', prompt=text)\n",
    }
    assert relations(read(tmp_path, files, "generate_pairs.py")) == [
        "dataset:made:generate_pairs.py generated-by service:openai build",
        "service:openai/text-davinci-003 offered-by service:openai default",
        "dataset:made:generate_pairs.py generated-by service:openai/text-davinci-003 build",
    ]


def test_a_table_of_models_with_its_licences(tmp_path: Path) -> None:
    code = """import argparse
MODELS = {
    "small": {"license": "Non-Commercial", "url": "https://example.org/small.onnx"},
    "large": {"license": "MIT", "url": "https://example.org/large.onnx"},
}
parser = argparse.ArgumentParser()
parser.add_argument("--model", default="small", choices=list(MODELS))
net = open(MODELS[parser.parse_args().model]["url"])
"""
    fragments = read(tmp_path, code, "swapper/models.py")
    assert used(fragments) == ["loads model:swapper:small default", "loads model:swapper:large option"]
    claims = [(one.artifact, one.text, one.evidence.line) for one in fragments if isinstance(one, LicenseClaim)]
    assert claims == [("model:swapper:small", "Non-Commercial", 3), ("model:swapper:large", "MIT", 4)]


def test_weights_by_their_address(tmp_path: Path) -> None:
    code = """def download():
    fetch("https://huggingface.co/acme/misc/resolve/main/upscaler_x4.pth")
    fetch("https://github.com/acme/net/releases/download/v1/net.pth")
"""
    assert used(read(tmp_path, code)) == [
        "loads model:acme/misc/upscaler_x4.pth default",
        "loads model:github:acme/net/net.pth default",
    ]


def test_plugins_that_are_not_chosen_by_default_are_options(tmp_path: Path) -> None:
    files = {
        "app/core.py": 'import importlib\n\ndef load(name):\n    return importlib.import_module(f"app.plugins.{name}")\n',
        "app/cli.py": 'import argparse\n\np = argparse.ArgumentParser()\np.add_argument("--use", default=["swap"], nargs="+")\n',
        "app/plugins/swap.py": 'fetch("https://example.org/swap.onnx")\n',
        "app/plugins/blur.py": 'fetch("https://example.org/blur.onnx")\n',
    }
    assert used(read(tmp_path, files, "app/plugins/swap.py")) == ["loads model:url:example.org/swap.onnx default"]
    assert used(read(tmp_path, files, "app/plugins/blur.py")) == ["loads model:url:example.org/blur.onnx option"]


def test_what_only_a_flag_calls_is_an_option(tmp_path: Path) -> None:
    files = {
        "guard.py": 'import requests\n\ndef check(text):\n    return requests.post("https://api.openai.com/v1/moderations", data=text)\n',
        "app.py": 'import argparse\nfrom guard import check\n\np = argparse.ArgumentParser()\np.add_argument("--moderate", action="store_true")\nargs = p.parse_args()\nif args.moderate:\n    check("x")\n',
    }
    assert used(read(tmp_path, files, "guard.py")) == ["calls service:openai option"]


def test_a_notebook_exported_as_source_keeps_its_commands(tmp_path: Path) -> None:
    code = "# Databricks notebook source\n!pip install \\\n  x\n%pip install y\nfrom datasets import load_dataset\nload_dataset('acme/d')\n"
    fragments = read(tmp_path, code)
    assert used(fragments) == ["loads dataset:acme/d default"]
    assert {one.evidence.line for one in fragments} == {6}


def test_an_option_of_a_click_command_reaches_what_it_is_spread_into(tmp_path: Path) -> None:
    code = """import click
from transformers import AutoModel

def load(name, quiet):
    return AutoModel.from_pretrained(name)

@click.command()
@click.option("--name", default="acme/m")
def main(**kwargs):
    load(**kwargs)
"""
    assert used(read(tmp_path, code)) == ["loads model:acme/m default"]


def test_a_script_that_prepares_data_derives_it(tmp_path: Path) -> None:
    code = "from datasets import load_dataset\nload_dataset('acme/d').filter(len).to_json('rows.jsonl')\n"
    assert relations(read(tmp_path, code, "prepare.py")) == ["dataset:made:prepare.py derived-from dataset:acme/d build"]


def test_scripts_in_folders_of_data_pipelines_derive_it(tmp_path: Path) -> None:
    code = "import json\nfrom datasets import load_dataset\nrows = load_dataset('acme/d')\njson.dump(rows, open('d.json', 'w'))\n"
    path = "data_pipeline/chats_format.py"
    assert relations(read(tmp_path, code, path)) == [f"dataset:made:{path} derived-from dataset:acme/d build"]


def test_helpers_of_a_data_library_are_no_data(tmp_path: Path) -> None:
    code = (
        "from torchvision.datasets import CIFAR10, ImageFolder\n"
        "from torchvision.datasets.utils import check_integrity, extract_archive\n"
        'check_integrity("x")\nextract_archive("x")\nImageFolder("x")\nCIFAR10("data")\n'
    )
    (tmp_path / "a.py").write_text(code, encoding="utf-8")
    found = {one.upstream for one in READER.read(Tree(tmp_path).read("a.py")) if isinstance(one, RelationSeen)}
    assert found == {"dataset:torchvision:cifar10"}


def test_a_table_whose_entries_name_their_files_names_no_model(tmp_path: Path) -> None:
    """Profiles of settings, releases by set, repositories of the Hub: what they name is told, and not their own keys."""
    code = """PROFILES = {
    "v1": {"device": "cpu", "weights": "models/v1/net.pth"},
    "v2": {"device": "cpu", "weights": "models/v2/net.pth"},
}
RELEASES = {
    "net": {"net.pth": "https://github.com/acme/net/releases/download/v1/net.pth"},
    "train": {"teacher.pth": "https://github.com/acme/net/releases/download/v1/teacher.pth"},
}
LOCAL = {
    "small": {"repo_id": "acme/small", "gguf_repo_id": "other/small-gguf", "file": "small.gguf"},
    "large": {"repo_id": "acme/large", "gguf_repo_id": "other/large-gguf", "file": "large.gguf"},
}
FILES = {"acme/encoder": {"files": ["config.json", "model.safetensors"]}, "acme/decoder": {"files": ["config.json", "pytorch_model.bin"]}}
"""
    assert sorted(used(read(tmp_path, code, "app/tables.py"))) == [
        "loads model:acme/decoder option",
        "loads model:acme/encoder option",
        "loads model:acme/large option",
        "loads model:acme/small option",
        "loads model:github:acme/net/net.pth option",
        "loads model:github:acme/net/teacher.pth option",
        "loads model:other/large-gguf option",
        "loads model:other/small-gguf option",
    ]


def test_tables_of_addresses_in_other_shapes(tmp_path: Path) -> None:
    code = """BASE = "https://example.org/"
_SMALL = dict(one=BASE + "small-one.pth", two="https://example.org/small-two.pth")
_LARGE = dict(one="https://example.org/large-one.pth")
NAMES = {"small": _SMALL, "large": _LARGE}
urls = {}
urls["a"] = "https://example.org/net-a.pth"
urls["b"] = ["https://example.org/net-b.pth"]
MIRRORS = {"x": [fetch("x"), "https://example.org/net-x.pth"], "y": [fetch("y"), "https://example.org/net-y.pth"]}
ALONE = {"url": "https://example.org/net-alone.pth", "size": 3}
def load(name, tag):
    return open(NAMES[name][tag]), open(urls["a"]), open(MIRRORS[name][0]), open(ALONE["url"])
"""
    assert sorted(used(read(tmp_path, code, "nets.py"))) == [
        "loads model:url:example.org/large-one.pth option",
        "loads model:url:example.org/net-a.pth default",
        "loads model:url:example.org/net-alone.pth default",
        "loads model:url:example.org/net-b.pth option",
        "loads model:url:example.org/net-x.pth option",
        "loads model:url:example.org/net-y.pth option",
        "loads model:url:example.org/small-two.pth option",
    ]


def test_what_only_looks_like_a_model_or_data(tmp_path: Path) -> None:
    code = """from openai import OpenAI
HELP = {"here": {"site": "https://acme.pt", "mail": "help@acme.pt"}, "there": {"site": "www.acme.pt"}}
LOGO = "https://huggingface.co/datasets/acme/pictures/resolve/main/logo.png"
def ask(address):
    return OpenAI(base_url=address).chat.completions.create(model="acme/chat-70b")
"""
    assert [one for one in used(read(tmp_path, code)) if "acme" in one] == []


def test_plugins_that_an_option_names_are_options_where_none_is_named(tmp_path: Path) -> None:
    core = "import importlib\n\nfor name in {names}:\n    importlib.import_module(f'extensions.{{name}}.script')\n"
    files = {
        "core.py": core.format(names="shared.args.extensions"),
        "extensions/speak/script.py": 'fetch("https://example.org/speak.onnx")\n',
        "extensions/look/script.py": "",
    }
    assert used(read(tmp_path / "asked", files, "extensions/speak/script.py")) == ["loads model:url:example.org/speak.onnx option"]
    files["core.py"] = core.format(names="os.listdir('extensions')")
    assert used(read(tmp_path / "all", files, "extensions/speak/script.py")) == ["loads model:url:example.org/speak.onnx default"]


def test_a_class_of_its_own_from_a_library_and_options_as_a_dict(tmp_path: Path) -> None:
    files = {
        "speech/__init__.py": (
            "import importlib\n\ndef lazily(name):\n    return importlib.import_module(f'speech.{name}')\n\n"
            "def load(*args):\n    return lazily('asr').load(*args)\n"
        ),
        "speech/asr.py": (
            "import faster_whisper\n\nclass WhisperModel(faster_whisper.WhisperModel):\n    def more(self): ...\n\n"
            "def load(arch, model=None):\n    return model or WhisperModel(arch, device='cpu')\n"
        ),
        "speech/task.py": "from speech.asr import load\n\ndef task(args: dict):\n    name = args.pop('model')\n    load(name)\n",
        "speech/__main__.py": (
            "import argparse\nfrom speech.task import task\n\np = argparse.ArgumentParser()\np.add_argument('--model', default='small')\n"
            "p.add_argument('--task', default='task')\ntask(p.parse_args().__dict__)\n"
        ),
    }
    assert used(read(tmp_path, files, "speech/asr.py")) == ["loads model:systran/faster-whisper-small default"]


def test_entries_of_a_table_by_a_key_that_may_be_another_one(tmp_path: Path) -> None:
    code = """import torchaudio
from transformers import AutoModel

BUNDLES = {"en": "WAV2VEC2_ASR_BASE_960H", "fr": "VOXPOPULI_ASR_BASE_10K_FR"}
HUB = {"ja": "acme/align-ja", "zh": "acme/align-zh"}

def load(code, name=None):
    if name is None:
        if code in BUNDLES:
            name = BUNDLES[code]
        else:
            name = HUB[code]
    if name in torchaudio.pipelines.__all__:
        return torchaudio.pipelines.__dict__[name].get_model()
    return AutoModel.from_pretrained(name)

def run(args):
    load(args["language"] if args["language"] is not None else "en", args["name"])
"""
    assert sorted(used(read(tmp_path, code))) == [
        "loads model:acme/align-ja option",
        "loads model:acme/align-zh option",
        "loads model:torchaudio:voxpopuli_asr_base_10k_fr option",
        "loads model:torchaudio:wav2vec2_asr_base_960h default",
    ]


def test_a_table_without_the_key_that_is_used_by_default_is_there_for_others(tmp_path: Path) -> None:
    code = """import argparse
from transformers import AutoModel

HUB = {"ja": "acme/align-ja", "zh": "acme/align-zh"}
p = argparse.ArgumentParser()
p.add_argument("--language", default="en")
args = p.parse_args()
if args.language in HUB:
    model = AutoModel.from_pretrained(HUB[args.language])
"""
    assert sorted(used(read(tmp_path, code))) == ["loads model:acme/align-ja option", "loads model:acme/align-zh option"]


def test_a_folder_of_one_kind_of_classes_of_which_an_option_names_one(tmp_path: Path) -> None:
    kind = "from .base import Session\n\nclass S(Session):\n    def load(self): fetch('https://example.org/{name}.onnx')\n"
    files = {f"app/sessions/{name}.py": kind.format(name=name) for name in ("small", "large", "fine_grained", "anime")}
    files |= {
        "app/sessions/base.py": "class Session: ...\n",
        "app/sessions/__init__.py": "",
        "app/cli.py": "import click\n\n@click.option('-m', '--model', default='small')\ndef main(model): ...\n",
    }
    assert used(read(tmp_path, files, "app/sessions/small.py")) == ["loads model:url:example.org/small.onnx default"]
    assert used(read(tmp_path, files, "app/sessions/anime.py")) == ["loads model:url:example.org/anime.onnx option"]


def test_a_key_that_is_written_out_chooses_nothing_else(tmp_path: Path) -> None:
    code = """import requests, os

LOCAL = {"host": "http://localhost:11434"}
HOSTED = {"url": "https://us-south.ml.cloud.ibm.com"}
config = HOSTED if os.environ.get("BACKEND") == "hosted" else LOCAL
requests.post(f"{config['host']}/api/tags")
"""
    assert [one for one in used(read(tmp_path, code)) if "ibm" in one] == []
