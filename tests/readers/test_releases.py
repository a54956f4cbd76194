"""READMEs: what a project says that it publishes on the Hub, and whose work it only names."""

from pathlib import Path

import pytest

from lien.graph.fragments import ArtifactSeen, Fragment, LicenseClaim, RelationSeen
from lien.readers.readme import ReadmeReader
from lien.sources.source import Source
from lien.sources.tree import Tree


def read(text: str, tree: Path, path: str = "README.md") -> list[Fragment]:
    if path == "README.md":
        (tree / path).write_text(text)
    return list(ReadmeReader().read(Source(path=path, data=text.encode(), tree=Tree(tree))))


def made(text: str, tree: Path, path: str = "README.md") -> list[tuple[str, int | None]]:
    found = read(text, tree, path)
    return [(one.id, one.evidence.line) for one in found if isinstance(one, ArtifactSeen) and one.made_here]


HF = "https://huggingface.co/"


@pytest.mark.parametrize(
    ("text", "identifiers"),
    [
        # A word of releasing before the link, in the same sentence.
        (f"# Chat\nWe publish a script,\nas well as the resulting [weights]({HF}ann/thing-7b/tree/main).", ["model:ann/thing-7b"]),
        (
            f"# X\n- **June 3, 2023**: Releasing a new model [A]({HF}lab/a-13b) and a critic [B]({HF}lab/b-13b).",
            ["model:lab/a-13b", "model:lab/b-13b"],
        ),
        (f"# X\nThe result is a model like [`sft`]({HF}lab/x-sft).", ["model:lab/x-sft"]),
        (f"# X\nWe release code to fine-tune [Base]({HF}lab/base). We release a bot trained on [Talks]({HF}datasets/lab/talks).", []),
        (f"# X\nWe introduce [Base]({HF}lab/base) as its decoder.", []),
        # The project's own name or owner, where the README lists or offers it.
        (
            f"# Zorilla: small models\nIt is available as [zorilla-7b]({HF}lab/zorilla-7b), based on [that]({HF}other/base).",
            ["model:lab/zorilla-7b"],
        ),
        (f"# Seed web pages\nWe list datasets like [this]({HF}datasets/lab/refinedweb).", []),
        (f"# Zorilla\nWe compare it to [zorilla-x]({HF}fan/zorilla-x).", []),
        (f"# Zorilla\n## Acknowledgements\nWeights of [zorilla-x]({HF}fan/zorilla-x).", []),
        (
            f"# Zorilla\nAll models are at [our page]({HF}burrow-lab).\nIt takes [some data]({HF}datasets/burrow-lab/seeds).",
            ["dataset:burrow-lab/seeds"],
        ),
        (f"# Zorilla\nThanks to [TheQuants]({HF}TheQuants).\nTry [it]({HF}TheQuants/llama).", []),
        (
            f"# Zorilla\nWeights: [it]({HF}lab/lab/zorilla-7b), [data]({HF}lab/datasets/lab/zorilla).",
            ["model:lab/zorilla-7b", "dataset:lab/zorilla"],
        ),
        (
            f"# Some Competition (ZRL)\nOur final data set, ZRL-Baseline, is available in [two]({HF}datasets/lab/zrl-baseline) forms.",
            ["dataset:lab/zrl-baseline"],
        ),
        (f"# Chat LLaMA\nDownload [LLaMA]({HF}meta-llama/Llama-2-7b).", []),
    ],
)
def test_what_is_published(text: str, identifiers: list[str], tmp_path: Path) -> None:
    assert [identifier for identifier, _ in made(text, tmp_path)] == identifiers


def test_a_table_of_releases(tmp_path: Path) -> None:
    text = f"""\
# Zorilla

| Model | Base model | Checkpoint | License |
|---|---|---|---|
| Zorilla 7B | LLaMA-7B | [hub]({HF}lab/zorilla-7b) | Non-commercial |
| Zorilla 13B | [Llama 2]({HF}meta-llama/Llama-2-13b-hf) | <a href="{HF}lab/zorilla-13b">hub</a> | <sup>[Llama 2 License](https://example.org)</sup> |
| Zorilla X | a secret | [hub]({HF}lab/zorilla-x) | Various |
"""
    found = read(text, tmp_path)
    assert made(text, tmp_path) == [("model:lab/zorilla-7b", 5), ("model:lab/zorilla-13b", 6), ("model:lab/zorilla-x", 7)]
    assert [(one.artifact, one.text) for one in found if isinstance(one, LicenseClaim)] == [
        ("model:lab/zorilla-7b", "Non-commercial"),
        ("model:lab/zorilla-13b", "Llama 2 License"),
    ]
    assert [
        (one.downstream, one.type.value, one.upstream) for one in found if isinstance(one, RelationSeen) and one.downstream != "product"
    ] == [
        ("model:lab/zorilla-7b", "finetuned-from", "model:meta/llama-7b"),
        ("model:lab/zorilla-13b", "finetuned-from", "model:meta-llama/llama-2-13b-hf"),
    ]


def test_adapters_and_other_languages(tmp_path: Path) -> None:
    text = f"""\
# Zorilla

| \u6a21\u578b | \u57fa\u5ea7\u6a21\u578b | \u4e0b\u8f7d |
|---|---|---|
| Zorilla | \u539f\u7248LLaMA-7B | [hub]({HF}lab/zorilla-lora-7b) |
"""
    assert origins(read(text, tmp_path)) == [(5, "model:lab/zorilla-lora-7b", "adapter-of", "model:meta/llama-7b")]


def test_a_readme_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Burrow\n")
    text = f"# Instructions to train Mole\nThe model [Mole-3B]({HF}lab/mole-3b) is fine-tuned; published as [it]({HF}lab/mole-3b).\n"
    assert {identifier for identifier, _ in made(text, tmp_path, "recipes/mole/README.md")} == {"model:lab/mole-3b"}
    assert made(text, tmp_path, "third_party/mole/README.md") == []


@pytest.mark.parametrize(
    "text", ["# X\n" + "1 " * 4000 + "x " + HF + "a/b", "We " * 3000 + HF + "a/b", "[" * 900 + HF + "a/b", "- " * 2000 + "![" * 500]
)
def test_hostile_text(text: str, tmp_path: Path) -> None:
    assert made(text, tmp_path) == []


def origins(found: list[Fragment]) -> list[tuple[int | None, str, str, str]]:
    kinds = {"generated-by", "annotated-by", "finetuned-from", "adapter-of"}
    return [
        (one.evidence.line, one.downstream, one.type.value, one.upstream)
        for one in found
        if isinstance(one, RelationSeen) and one.type.value in kinds
    ]


def test_who_wrote_the_data(tmp_path: Path) -> None:
    text = """\
# Pairs

* [`chats_data.json`](./data/chats_data.json) has 5K chats. Each has the fields:
    - `input`: what was asked
    - `output`: the answer, as generated by `gpt-3.5-turbo`.
* [`rank_data.json`](./data/rank_data.json) are answers ranked by GPT-4.

This data can be evaluated by GPT-4. The dataset of others was generated by Claude.
"""
    found = read(text, tmp_path)
    assert origins(found) == [
        (5, "dataset:chats-data", "generated-by", "service:openai/gpt-3.5-turbo"),
        (6, "dataset:rank-data", "annotated-by", "service:openai/gpt-4"),
    ]
    assert {identifier for identifier, _ in made(text, tmp_path)} == {"dataset:chats-data", "dataset:rank-data"}


def test_all_data_of_a_tree(tmp_path: Path) -> None:
    (tmp_path / "instruct").mkdir()
    (tmp_path / "instruct" / "a.json").write_text("[]")
    text = "# Pairs: a collection\nA collection of datasets generated by GPT-4.\n"
    found = read(text, tmp_path)
    assert origins(found) == [(2, "dataset:made:instruct", "generated-by", "service:openai/gpt-4")]
    assert [one.aliases for one in found if isinstance(one, ArtifactSeen) and one.made_here] == [("dataset:pairs",)]
    program = "# Pairs\n+ **Response Generation**: at last, using ChatGPT, it sums up all responses.\n"
    assert origins(read(program, tmp_path)) == []  # what it writes while it runs
    (tmp_path / "instruct" / "a.json").unlink()
    assert origins(read(text, tmp_path)) == []


def test_bases_in_sentences(tmp_path: Path) -> None:
    text = f"""\
# Zorilla
Weights: [Zorilla-7B]({HF}lab/zorilla-7b), [Zorilla-13B]({HF}lab/zorilla-13b).
Zorilla-7B is fine-tuned from a 7B LLaMA model; Zorilla-13B is based upon [Llama 2]({HF}meta-llama/Llama-2-13b-hf).
It beats Mistral-7B. Badger-1 is trained from Pythia-12B.
"""
    assert origins(read(text, tmp_path)) == [
        (3, "model:lab/zorilla-7b", "finetuned-from", "model:meta/llama-7b"),
        (3, "model:lab/zorilla-13b", "finetuned-from", "model:meta-llama/llama-2-13b-hf"),
    ]


def test_the_base_of_a_run_that_leaves_it_blank(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("")
    run = "```\npython train.py --model_name_or_path <your_llama> --data_path ./chats_v2.json --output_dir out/bot\n```\n"
    text = f"# Bot\nIt is fine-tuned from a 7B LLaMA model.\n{run}"
    assert origins(read(text, tmp_path)) == [(2, "model:made:readme.md#bot", "finetuned-from", "model:meta/llama-7b")]
    assert origins(read(f"{text}Or trained from Mistral-7B.\n", tmp_path)) == []
