"""Notebooks as people write them, through the reader's own door."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen
from lien.readers.interface import Reader
from lien.readers.notebook import NotebookReader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = NotebookReader()


def notebook(*cells: str | list[str]) -> str:
    body: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [{"text": "acme/output-7b"}], "source": cell} for cell in cells
    ]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": ["acme/text-7b"]}, *body], "metadata": {}, "nbformat": 4}, indent=1)


def read(folder: Path, text: str, path: str = "demo.ipynb") -> list[Fragment]:
    (folder / path).write_text(text, encoding="utf-8")
    return list(READER.read(Tree(folder).read(path)))


def placed(fragments: list[Fragment], text: str) -> list[tuple[str, str]]:
    """(id, the notebook's line at which it stands) of every sighting."""
    lines = text.splitlines()
    return list(dict.fromkeys((one.id, lines[(one.evidence.line or 1) - 1].strip()) for one in fragments if isinstance(one, ArtifactSeen)))


def test_cells_are_one_module_and_keep_their_lines(tmp_path: Path) -> None:
    text = notebook(
        ["from transformers import pipeline\n", 'NAME = "acme/small-1b"'],
        ["import os\n", "pipe = pipeline('text-generation', model=NAME)"],
    )
    assert placed(read(tmp_path, text), text) == [
        ("model:acme/small-1b", '"NAME = \\"acme/small-1b\\""'),
        ("model:acme/small-1b", "\"pipe = pipeline('text-generation', model=NAME)\""),
    ]


def test_magics_and_commands(tmp_path: Path) -> None:
    text = notebook(
        ["%%capture\n", "!pip install transformers==4.40.0\n", "%pip install peft"],
        ["!huggingface-cli download acme/weights-7b\n", "from datasets import load_dataset\n", "load_dataset('acme/rows')"],
        "%%html\n<b>from_pretrained</b>",
        "%%bash\nollama pull llama3",
        "x = await load()",
    )
    ids = {one.id for one in read(tmp_path, text) if isinstance(one, ArtifactSeen)}
    assert ids == {
        "package:pypi/transformers@4.40.0",
        "package:pypi/peft",
        "model:acme/weights-7b",
        "dataset:acme/rows",
        "model:ollama:llama3",
    }


def test_beside_source_a_notebook_is_an_option(tmp_path: Path) -> None:
    text = notebook("from datasets import load_dataset\nload_dataset('acme/rows')")
    alone = [one.role for one in read(tmp_path, text) if isinstance(one, RelationSeen)]
    (tmp_path / "app.py").write_text("print(1)\n")
    beside = [one.role for one in read(tmp_path, text) if isinstance(one, RelationSeen)]
    assert (alone, beside) == (["default"], ["option"])


def test_a_broken_cell_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    text = notebook(["x = 1\n", "print 'x'"], "from datasets import load_dataset\nload_dataset('acme/rows')")
    (tmp_path / "demo.ipynb").write_text(text, encoding="utf-8")
    found: list[Fragment] = []
    with pytest.raises(InputError) as raised:
        found.extend(READER.read(Tree(tmp_path).read("demo.ipynb")))
    line = text.splitlines().index("    \"print 'x'\"") + 1
    assert str(raised.value).startswith(f"demo.ipynb:{line}: holds a cell that is not Python 3:")
    assert [one.id for one in found if isinstance(one, ArtifactSeen)] == ["dataset:acme/rows"]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"cells": 3}',
        '{"cells": [1, null, {"cell_type": "code"}, {"cell_type": "code", "source": [1, null]}]}',
        '{"metadata": {"kernelspec": {"language": "R"}}, "cells": [{"cell_type": "code", "source": "x <- 1"}]}',
    ],
)
def test_what_says_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == []


def test_what_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not JSON"):
        read(tmp_path, "{")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="!%?abc(='\n \\\t/", max_size=30), max_size=5))
def test_nothing_but_an_input_error_comes_of_any_cells(cells: list[str]) -> None:
    data = notebook("from transformers import pipeline", *cells).encode()
    try:
        list(READER.read(Source(path="x.ipynb", data=data, tree=Tree(Path(__file__).parent / "nowhere"))))
    except InputError:
        return


def test_a_command_runs_on_behind_a_backslash(tmp_path: Path) -> None:
    text = notebook(["!huggingface-cli download \\\n", "    acme/weights-7b \\\n", "    --quiet\n", "x = 1"])
    assert placed(read(tmp_path, text), text) == [("model:acme/weights-7b", '"!huggingface-cli download \\\\\\n",')]


def test_configurations_that_cells_write(tmp_path: Path) -> None:
    text = notebook(
        ["DATA = 'acme/rows'\n", "from axolotl.utils.dict import DictDefault"],
        [
            "config = DictDefault(\n",
            "    base_model='acme/base-7b', adapter='lora',\n",
            "    sequence_len=2048, micro_batch_size=1,\n",
            "    datasets=[{'path': DATA, 'type': 'alpaca'}],\n",
            ")",
        ],
    )
    fragments = read(tmp_path, text)
    made = "model:made:demo.ipynb"
    lines = text.splitlines()
    assert [
        (one.downstream, one.type.value, one.upstream, lines[(one.evidence.line or 1) - 1].strip())
        for one in fragments
        if isinstance(one, RelationSeen)
    ] == [
        (made, "adapter-of", "model:acme/base-7b", "\"    base_model='acme/base-7b', adapter='lora',\\n\","),
        (made, "finetuned-on", "dataset:acme/rows", "\"    datasets=[{'path': DATA, 'type': 'alpaca'}],\\n\","),
    ]


def test_a_merge_in_a_string(tmp_path: Path) -> None:
    text = notebook(
        [
            'CONFIG = """\n',
            "models:\n",
            "  - model: acme/one-7b\n",
            "  - model: acme/two-7b\n",
            "merge_method: ties\n",
            "base_model: acme/base-7b\n",
            '"""\n',
            "open('config.yaml', 'w').write(CONFIG)",
        ],
        ['"""\n', "base_model: acme/unsaid-7b\n", "merge_method: ties\n", "\n", '"""'],
    )
    assert placed(read(tmp_path, text), text)[1:] == [
        ("model:acme/base-7b", '"base_model: acme/base-7b\\n",'),
        ("model:acme/one-7b", '"  - model: acme/one-7b\\n",'),
        ("model:acme/two-7b", '"  - model: acme/two-7b\\n",'),
    ]
