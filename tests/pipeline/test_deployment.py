"""A product as it is deployed: what its containers, scripts and settings name, in which scope, and what is broken."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from lien.api import audit, render

DAY = dt.date(2026, 11, 20)

PRODUCT = {
    "Dockerfile": "FROM python:3.11-slim\nRUN pip install vllm==0.6.1\nCMD vllm serve Qwen/Qwen2-7B\n",
    "compose.yaml": "services:\n  llm:\n    image: ollama/ollama\n    environment:\n      - LLM=${LLM:-llama3.1}\n      - OLLAMA_HOST=x\n",
    ".env.example": "EMBEDDING_MODEL=BAAI/bge-m3\nOPENAI_API_KEY=sk-123456789012\n",
    "scripts/train.sh": "torchrun train.py --model_name_or_path mistralai/Mistral-7B-v0.1 --dataset_name tatsu-lab/alpaca --output_dir out/bot\n",
    "tests/run.sh": "ollama pull mistral\n",
    ".github/workflows/ci.yml": "jobs: {t: {steps: [{run: hf download acme/fixture}]}}\n",
    "README.md": "# Bot\n\n```\nollama pull phi3\n```\n",
}

BROKEN = {
    "docker-compose.yml": "services: [\n",
    "litellm.yaml": "model_list: [{litellm_params\n",
    "deploy.yaml": "apiVersion: v1\nkind: Pod\nimage: [\n",
    "localai.yaml": "name: x\nparameters: {model: https://x\n",
    ".continue/config.json": "{",
    "settings.json": '{"model": ',
    ".github/workflows/ci.yml": "jobs: [run\n",
    "Modelfile": "SYSTEM nothing\n",
}


def report(folder: Path, files: dict[str, str]) -> dict[str, Any]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    data: dict[str, Any] = json.loads("".join(render(audit([folder], as_of=DAY), "json")))
    return data


def test_scopes(tmp_path: Path) -> None:
    artifacts = {one["id"]: one for one in report(tmp_path, PRODUCT)["artifacts"]}
    scopes = {
        name: artifacts[name]["scope"]
        for name in (
            "image:python",
            "package:pypi/vllm@0.6.1",
            "model:qwen/qwen2-7b",
            "image:ollama/ollama",
            "model:ollama:llama3.1",
            "model:baai/bge-m3",
            "model:mistralai/mistral-7b-v0.1",
            "dataset:tatsu-lab/alpaca",
            "model:ollama:mistral",
            "model:acme/fixture",
            "model:ollama:phi3",
        )
    }
    assert list(scopes.values()) == ["used"] * 5 + ["option"] + ["used"] * 2 + ["test"] * 2 + ["doc"]
    assert artifacts["model:made:scripts/train.sh#bot"]["made_here"]
    assert "sk-123456789012" not in json.dumps(artifacts)


def test_what_is_broken_is_unread_and_the_rest_is_read(tmp_path: Path) -> None:
    data = report(tmp_path, BROKEN | {"Dockerfile": PRODUCT["Dockerfile"]})
    assert sorted((one["path"], one["line"] is not None) for one in data["coverage"]["unread"]) == sorted((name, True) for name in BROKEN)
    assert data["summary"]["exit_code"] == 0
    assert "model:qwen/qwen2-7b" in {one["id"] for one in data["artifacts"]}


@pytest.mark.parametrize("name", ["a.sh", "Dockerfile", "compose.yaml", ".env", "README.md", "settings.yaml", "Modelfile"])
def test_bytes_that_are_no_text(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"FROM \xff\xfe model \x80 services: llm\n")
    (tmp_path / "requirements.txt").write_text("torch\n")
    data: dict[str, Any] = json.loads("".join(render(audit([tmp_path], as_of=DAY), "json")))
    assert data["summary"]["exit_code"] == 0
