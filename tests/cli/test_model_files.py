"""Models in the tree, from their files to the report: cards, configurations, headers and scripts speak of the same artifacts."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest
from running import AS_OF, cleaned, report_of, run, write

PARENT = "mistralai/Mistral-7B-v0.1"
FINE_TUNES = ("billing", "refunds", "returns", "shipping")


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def gguf(**values: str) -> bytes:
    pairs = b"".join(text(key.replace("_", ".")) + struct.pack("<I", 8) + text(value) for key, value in values.items())
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(values)) + pairs


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = write(
        tmp_path / "bot",
        {
            "lien.toml": "context = {commercial = true}\n",
            "adapters/support/adapter_config.json": json.dumps(
                {"peft_type": "LORA", "base_model_name_or_path": "meta-llama/Llama-2-7b-hf"}
            ),
            "models/billing/README.md": f"---\nlicense: apache-2.0\nbase_model: {PARENT}\n---\n# acme/billing\n",
            **{f"models/{name}/config.json": json.dumps({"_name_or_path": PARENT, "model_type": "mistral"}) for name in FINE_TUNES},
            "web/models.ts": 'export const EMBEDDER = process.env.EMBEDDER ?? "Xenova/all-MiniLM-L6-v2";\n',
            "web/app.ts": 'import { pipeline } from "@huggingface/transformers";\nimport { EMBEDDER } from "./models";\n'
            'export const embed = await pipeline("feature-extraction", EMBEDDER);\n'
            'export const route = await pipeline("text-classification", "../models/refunds");\n',
            "web/vendor.min.js": 'var openai="minified";',
        },
    )
    header = json.dumps({"__metadata__": {"format": "pt"}}).encode()
    for name in FINE_TUNES:
        (root / "models" / name / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    (root / "weights").mkdir()
    (root / "weights" / "chat.gguf").write_bytes(gguf(general_name="Chat", general_license="cc-by-nc-4.0"))
    (root / "weights" / "broken.gguf").write_bytes(gguf(general_name="Broken")[:-3])
    return root


def relations(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(one["from"], one["type"], one["to"]) for one in report["relations"]}


def test_every_model_of_the_tree(repository: Path) -> None:
    report = report_of(repository)
    billing, *others = ["model:acme/billing", *(f"model:file:models/{name}" for name in FINE_TUNES[1:])]
    found = relations(report)
    for one in (billing, *others, "model:file:adapters/support", "model:file:weights/chat.gguf", "model:file:weights/broken.gguf"):
        assert ("product", "ships", one) in found
    parent = "model:mistralai/mistral-7b-v0.1"
    assert {(one, "derived-from", parent) for one in others} | {(billing, "finetuned-from", parent)} <= found
    assert ("model:file:adapters/support", "adapter-of", "model:meta-llama/llama-2-7b-hf") in found
    assert {("product", "loads", "model:xenova/all-minilm-l6-v2"), ("product", "loads", "model:file:models/refunds")} <= found
    embedder = next(one for one in report["relations"] if one["to"] == "model:xenova/all-minilm-l6-v2" and one["from"] == "product")
    assert {(one["path"], one["line"]) for one in embedder["evidence"]} == {("web/models.ts", 1), ("web/app.ts", 3)}


def test_what_is_inherited_and_what_could_not_be_read(repository: Path) -> None:
    report = report_of(repository)
    denied = {(one["term"], one["origin"]["artifact"]) for one in report["findings"] if one["severity"] == "deny"}
    assert ("non-commercial", "model:file:weights/chat.gguf") in denied
    assert any(one["term"] == "user-threshold" and "llama-2" in one["origin"]["artifact"] for one in report["findings"])
    [unread] = report["coverage"]["unread"]
    assert (unread["path"], unread["reason"]) == (
        "weights/broken.gguf",
        "ends after 59 bytes, in the middle of its header; get the whole file",
    )
    assert [one["path"] for one in report["coverage"]["skipped"]] == ["web/vendor.min.js"]
    assert report["summary"]["exit_code"] == 1


def test_the_report_is_the_same_under_every_seed(repository: Path) -> None:
    reports = [
        run("audit", "--format", "json", "--as-of", AS_OF, cwd=repository, env=cleaned(PYTHONHASHSEED=seed)).stdout
        for seed in ("0", "1", "77")
    ]
    assert len(set(reports)) == 1
    assert reports[0]
