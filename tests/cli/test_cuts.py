"""What is beyond a limit is told: nothing is cut in silence, and what stands before the limit is read."""

import json
from pathlib import Path

import pytest
from running import report_of, write

MANY = 5_001


def notebook(cells: int) -> str:
    cell = {"cell_type": "code", "source": ["x = 1\n"]}
    first = {"cell_type": "code", "source": ["from vllm import LLM\n", 'LLM("acme/first")\n']}
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": [first, *([cell] * (cells - 1))]})


def table(entries: int) -> str:
    rows = "".join(f'    "m{number}": {{"license": "MIT", "file": "m{number}.pth"}},\n' for number in range(entries))
    return f"import torch\nMODELS = {{\n{rows}}}\n"


@pytest.mark.parametrize(
    ("path", "text", "seen", "reason"),
    [
        (
            "run.sh",
            "ollama pull first\n" + "true\n" * MANY,
            "model:ollama:first",
            "holds more than 5000 commands, of which lien read the first",
        ),
        ("try.ipynb", notebook(MANY), "model:acme/first", "holds more than 5000 cells, or a cell of more than 100000 lines"),
        (
            ".env",
            "LLM_MODEL=gpt-4o\n" + "A=1\n" * 10_000,
            "service:openai/gpt-4o",
            "has more than 10000 lines, of which lien read the first",
        ),
        ("zoo/models.py", table(401), "model:zoo:m0", "holds a table of more than 400 models, of which lien read the first"),
    ],
)
def test_files_beyond_a_limit_are_unread(path: str, text: str, seen: str, reason: str, tmp_path: Path) -> None:
    report = report_of(write(tmp_path, {path: text}))
    assert seen in {one["id"] for one in report["artifacts"]}
    (unread,) = report["coverage"]["unread"]
    assert unread["path"] == path
    assert reason in unread["reason"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app.py", "from vllm import LLM\nfor name in [{}]:\n    LLM(name)\n"),
        (
            "app.js",
            'import {{pipeline}} from "@xenova/transformers";\nconst ALL = {{{}}};\nexport const load = (k) => pipeline("x", ALL[k]);\n',
        ),
    ],
)
def test_names_beyond_a_limit_are_an_unknown(path: str, text: str, tmp_path: Path) -> None:
    names = ", ".join((f"k{number}: " if path.endswith(".js") else "") + f'"acme/m{number}"' for number in range(60))
    report = report_of(write(tmp_path, {path: text.format(names)}))
    assert any("names or more, of which lien followed so many" in one["message"] for one in report["findings"] if one["rule"] == "unknown")
