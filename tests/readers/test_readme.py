"""READMEs: commands and downloads by their structure, and nothing from prose."""

from pathlib import Path

import pytest

from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.readme import ReadmeReader
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Basis

READER: Reader = ReadmeReader()

Row = tuple[int | None, str, str, str, str]


def read(text: str, tree: Path, path: str = "README.md") -> list[Fragment]:
    return list(READER.read(Source(path=path, data=text.encode(), tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[Row]:
    return [
        (one.evidence.line, one.role.value, one.downstream, one.type.value, one.upstream)
        for one in fragments
        if isinstance(one, RelationSeen)
    ]


@pytest.mark.parametrize(
    ("path", "is_claimed"), [("README.md", True), ("data/README_FINETUNE.md", True), ("readme.markdown", True), ("NOTES.md", False)]
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_commands_are_documentation(tmp_path: Path) -> None:
    text = "# X\n\n```bash\n$ ollama pull llama3\nvllm serve <your model>\n```\n\n```yaml\nollama pull no\n```\n\n    ollama pull no\n"
    fragments = read(text, tmp_path)
    assert related(fragments) == [(4, "documentation", "product", "loads", "model:ollama:llama3")]
    assert not any(isinstance(one, UnresolvedReference) for one in fragments)


def test_runs_of_the_trees_own_scripts(tmp_path: Path) -> None:
    (tmp_path / "bot" / "eval").mkdir(parents=True)
    for name in ("bot/serve.py", "bot/eval/run.py", "train.py"):
        (tmp_path / name).write_text("")
    run = "```\npython -m bot.serve --model-path acme/bot-7b --port 1\npython bot/eval/run.py --model-path acme/bot-13b\n```\n"
    assert related(read(run, tmp_path)) == [
        (2, "default", "product", "loads", "model:acme/bot-7b"),
        (3, "documentation", "product", "loads", "model:acme/bot-13b"),
    ]
    assert {role for _, role, _, _, _ in related(read(run + run.replace("7b", "70b"), tmp_path))} == {"option", "documentation"}
    assert {role for _, role, _, _, _ in related(read(run, tmp_path, "sub/README.md"))} == {"documentation"}


def test_the_first_training_run_is_the_recipe(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("")
    text = (
        "```sh\ntorchrun --master_port=<your_port> train.py --model_name_or_path <path_to_llama> \\\n  --data_path ./chats_v2.json --output_dir out/bot\n"
        "torchrun train.py --model_name_or_path facebook/opt-6.7b --data_path ./chats_v2.json --output_dir <out>\n"
        "torchrun other.py --fast --learning_rate 1 --model_name_or_path acme/x --output_dir y\n```\n"
    )
    fragments = read(text, tmp_path)
    assert related(fragments) == [
        (3, "training", "model:made:readme.md#bot", "trained-on", "dataset:chats-v2"),
        (4, "option", "product", "ships", "model:made:readme.md#line-4"),
        (4, "option", "model:made:readme.md#line-4", "finetuned-from", "model:facebook/opt-6.7b"),
        (4, "option", "model:made:readme.md#line-4", "trained-on", "dataset:chats-v2"),
        (5, "documentation", "product", "ships", "model:made:readme.md#y"),
        (5, "documentation", "model:made:readme.md#y", "finetuned-from", "model:acme/x"),
    ]
    assert [one.id for one in fragments if isinstance(one, ArtifactSeen) and one.made_here] == ["model:made:readme.md#bot"]
    assert [(one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)] == [
        ("<path_to_llama>", "is a blank to be filled in")
    ]


def test_downloads(tmp_path: Path) -> None:
    text = """\
# Bot
News: see [ours](https://huggingface.co/spaces/acme/demo) and [theirs](https://huggingface.co/other/bot).

| Base | Data |
|---|---|
| [Download](https://huggingface.co/meta-llama/Llama-2-7b-hf/tree/main) | <a href="https://huggingface.co/datasets/lab/chats">Download</a> |

Please download the [pairs](https://huggingface.co/datasets/lab/pairs/blob/main/x.json). At the first start it will download
[weights](https://huggingface.co/other/thing).

## Model Download
- [acme/small](https://huggingface.co/acme/small)
"""
    fragments = read(text, tmp_path)
    assert related(fragments) == [
        (6, "default", "product", "loads", "model:meta-llama/llama-2-7b-hf"),
        (6, "default", "product", "loads", "dataset:lab/chats"),
        (8, "default", "product", "loads", "dataset:lab/pairs"),
        (12, "default", "product", "loads", "model:acme/small"),
    ]
    assert {one.evidence.basis for one in fragments if isinstance(one, RelationSeen)} == {Basis.INFERRED}
    rows = "".join(f"- [Download](https://huggingface.co/acme/m{number})\n" for number in range(9))
    assert {role for _, role, _, _, _ in related(read(rows, tmp_path))} == {"option"}


def test_lists_that_a_sentence_leads_in(tmp_path: Path) -> None:
    text = """\
## Data
You can download the following training data

talks from a site [Talks-100k](https://drive.google.com/file/d/1/view), and [a form](https://drive.google.com/forms/1)
- [x](https://huggingface.co/datasets/lab/x)
 ## Other
- [y](https://huggingface.co/datasets/lab/y) [Notes-5k](https://drive.google.com/file/d/2/view)
"""
    assert related(read(text, tmp_path)) == [
        (4, "default", "product", "loads", "dataset:talks-100k"),
        (5, "default", "product", "loads", "dataset:lab/x"),
    ]


def test_what_the_project_publishes(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("")
    text = (
        "[l](https://github.com/Acme/chat_llama/blob/main/LICENSE)\n"
        "Weights: https://huggingface.co/acme/llama-7b-diff, not https://huggingface.co/acme/vision or https://huggingface.co/other/llama\n"
    )
    (tmp_path / "README.md").write_text(text)
    made = [
        (one.id, one.evidence.line, one.evidence.basis) for one in read(text, tmp_path) if isinstance(one, ArtifactSeen) and one.made_here
    ]
    assert made == [("model:acme/llama-7b-diff", 2, Basis.INFERRED)]
    (tmp_path / "LICENSE").unlink()
    assert not [one for one in read(text, tmp_path) if isinstance(one, ArtifactSeen)]


def test_data_of_the_tree(tmp_path: Path) -> None:
    text = "[a](./alpaca_data.json) [b](data/eval/held_out.jsonl) [c](package.json) [d](https://example.org/data.json)\n"
    assert related(read(text, tmp_path)) == [
        (1, "default", "product", "ships", "dataset:alpaca-data"),
        (1, "evaluation", "product", "ships", "dataset:held-out"),
    ]


def made(text: str, tree: Path, path: str = "README.md") -> list[tuple[str, int | None]]:
    return [(one.id, one.evidence.line) for one in read(text, tree, path) if isinstance(one, ArtifactSeen) and one.made_here]


def test_a_list_that_a_recipe_leads_in(tmp_path: Path) -> None:
    hub = "https://huggingface.co/acme"
    text = f"This folder has the recipe for training the following models:\n\n* {hub}/four\n* [five]({hub}/five)\n\nWe used these:\n\n* {hub}/six\n"
    assert made(text, tmp_path, "recipes/README.md") == [("model:acme/four", 3), ("model:acme/five", 4)]


def test_what_a_sentence_only_builds_on(tmp_path: Path) -> None:
    hub = "https://huggingface.co/acme"
    for text in (
        f"We released an adapter based on [base]({hub}/base).",
        f"We release code and a demo with [base]({hub}/base).",
        f"A guide how to fine-tune [base]({hub}/base), which was used to train [other]({hub}/other).",
        f"We are grateful to Acme. They released [base]({hub}/base).",
        f"The results are compared with models like ours, see [base]({hub}/base).",
    ):
        assert made(text, tmp_path) == [], text


def test_data_that_only_tests(tmp_path: Path) -> None:
    files = "https://drive.google.com/file/d"
    links = f"Download [talks-100k]({files}/1/view), [visits-10k]({files}/2/view) and [notes-5k]({files}/3/view).\n"
    said = "We fine-tuned on talks-100k, and test our model on visits-10k. It was evaluated on notes-5k, and trained on notes-5k.\n"
    assert [(role, upstream) for _, role, _, _, upstream in related(read(links + said, tmp_path))] == [
        ("default", "dataset:talks-100k"),
        ("evaluation", "dataset:visits-10k"),
        ("default", "dataset:notes-5k"),
    ]


def test_samples_only_show_what_data_look_like(tmp_path: Path) -> None:
    text = "[a](data/examples/json/letters_data.json) [b](data/dummy_talks.json)\n"
    assert {role for _, role, _, _, _ in related(read(text, tmp_path))} == {"documentation"}


def test_data_under_a_release(tmp_path: Path) -> None:
    text = "# Data Release\n[rows](./acme_data.json)\n# Other\n[more](./other_data.json)\n"
    assert made(text, tmp_path) == [("dataset:acme-data", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "```\nollama pull",
        "we release " * 900 + "hf.co",
        "results is a model like [" * 400 + "hf.co",
        "[" * 5000,
        "[a](" * 3000,
        '<a href="' * 3000,
        "|" * 9000,
        "<a" * 5000,
        "```\n" + "<a " * 9000,
    ],
)
def test_hostile_text(text: str, tmp_path: Path) -> None:
    assert related(read(text, tmp_path)) == []


def test_what_stands_beside_a_download_and_what_is_only_shown(tmp_path: Path) -> None:
    text = """## Models
- cutter ([download](https://github.com/acme/cut/releases/download/v0/cutter.onnx), [source](https://huggingface.co/acme/cutter))

[View](https://github.com/acme/cut/blob/main/data/examples/json/book.json)
"""
    assert [one for one in read(text, tmp_path) if isinstance(one, RelationSeen)] == []
