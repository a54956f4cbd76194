"""One small product of our own writing that names fifteen models, datasets and services in twelve files, as people name them.

Every one is found where it is written, nothing else is, and each brings what it is bound by.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent / "data" / "entities"

ENTITIES = {
    "model:meta-llama/llama-2-7b-chat-hf": ("used", "app/settings.py", 4),
    "model:shopdesk/tone-lora": ("used", "app/chat.py", 12),
    "model:jinaai/jina-embeddings-v3": ("used", "app/search.py", 9),
    "model:baai/bge-reranker-base": ("used", "app/search.py", 20),
    "model:coqui/xtts-v2": ("used", "app/settings.py", 5),
    "model:thebloke/llama-2-13b-chat-gguf": ("used", "app/offline.py", 8),
    "dataset:tatsu-lab/alpaca": ("used", "training/prepare.py", 5),
    "model:meta-llama/meta-llama-3-8b": ("used", "training/axolotl.yml", 1),
    "dataset:databricks/databricks-dolly-15k": ("used", "training/axolotl.yml", 5),
    "model:stabilityai/stable-diffusion-xl-base-1.0": ("used", "Dockerfile", 3),
    "model:ollama:llama3.1": ("used", "docker-compose.yml", 7),
    "model:google/gemma-2b": ("option", "notebooks/explore.ipynb", 28),
    "service:openai/gpt-4o-mini": ("option", ".env.example", 2),
    "model:xenova/whisper-base": ("used", "web/assist.mjs", 4),
    "service:anthropic/claude-sonnet-4-20250514": ("used", "web/assist.mjs", 9),
}
"""Id, scope, and where it is written."""

OWN = {"model:made:training/axolotl.yml", "dataset:made:training/prepare.py"}
PROVIDERS = {"service:openai", "service:anthropic"}

RESTRICTIONS = [
    ("user-threshold", "model:meta-llama/llama-2-7b-chat-hf", "product", "app/chat.py", 11),
    ("no-output-training", "model:meta-llama/llama-2-7b-chat-hf", "product", "app/chat.py", 11),
    ("non-commercial", "model:jinaai/jina-embeddings-v3", "product", "app/search.py", 14),
    ("user-threshold", "model:meta-llama/llama-2-13b-chat-hf", "product", "app/offline.py", 12),
    ("non-commercial", "dataset:tatsu-lab/alpaca", "dataset:made:training/prepare.py", "training/prepare.py", 5),
    ("user-threshold", "model:meta-llama/meta-llama-3-8b", "model:made:training/axolotl.yml", "training/axolotl.yml", 1),
    ("acceptable-use", "model:stabilityai/stable-diffusion-xl-base-1.0", "product", "Dockerfile", 3),
    ("acceptable-use", "model:google/gemma-2b", "product", "notebooks/explore.ipynb", 37),
    ("acceptable-use", "service:openai", "product", ".env.example", 2),
    ("acceptable-use", "service:anthropic", "product", "web/assist.mjs", 5),
]
"""Term, the artifact it comes from, what it binds, and where that lets it in."""


@cache
def report() -> dict[str, Any]:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "lien", "audit", str(ROOT), "--format", "json", "--as-of", "2026-11-20"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)
    assert run.stderr == ""
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def declared(artifact: dict[str, Any]) -> set[tuple[str, int]]:
    return {(one["path"], one["line"]) for one in artifact["evidence"] if one["path"] is not None}


def test_twelve_files_are_read() -> None:
    coverage = report()["coverage"]
    assert (coverage["unread"], coverage["errors"]) == ([], [])
    assert len([path for path in ROOT.rglob("*") if path.is_file()]) == 12


@pytest.mark.parametrize("identifier", ENTITIES)
def test_each_entity_is_found_where_it_is_written(identifier: str) -> None:
    artifact = next(one for one in report()["artifacts"] if one["id"] == identifier)
    scope, path, line = ENTITIES[identifier]
    assert artifact["scope"] == scope
    assert (path, line) in declared(artifact)


def test_nothing_else_is_found() -> None:
    judged = [one for one in report()["artifacts"] if one["kind"] in {"model", "dataset", "service"} and declared(one)]
    assert {one["id"] for one in judged} - PROVIDERS == ENTITIES.keys() | OWN
    assert {one["id"] for one in judged if one["made_here"]} == OWN


@pytest.mark.parametrize(("term", "origin", "artifact", "path", "line"), RESTRICTIONS)
def test_each_restriction_is_inherited_from_its_place(term: str, origin: str, artifact: str, path: str, line: int) -> None:
    found = [
        (one["path"], one["line"])
        for finding in report()["findings"]
        if finding["term"] == term and finding["artifact"] == artifact and origin in {each["artifact"] for each in finding["origins"]}
        for one in finding["evidence"]
    ]
    assert (path, line) in found


def test_an_adapter_brings_what_its_base_brings() -> None:
    relations = {(one["from"], one["type"], one["to"]) for one in report()["relations"]}
    assert ("model:shopdesk/tone-lora", "adapter-of", "model:meta-llama/llama-2-7b-chat-hf") in relations
