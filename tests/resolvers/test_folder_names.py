"""Models loaded from a folder whose name is that of one known model."""

import json
from pathlib import Path
from typing import Any

import pytest

from lien.api import audit, render


def report(folder: Path, **files: str) -> dict[str, Any]:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    data: dict[str, Any] = json.loads("".join(render(audit([folder]), "json")))
    return data


def loads(path: str) -> str:
    return f'from transformers import AutoModel\n\nmodel = AutoModel.from_pretrained("{path}")\n'


def upstream(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["from"], one["type"], one["to"]) for one in data["relations"] if one["evidence"][0]["basis"] == "inferred"]


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("./weights/llama-7b", "model:meta/llama-7b"),
        ("/data/models/Vicuna-13B-v1.5/", "model:lmsys/vicuna-13b-v1.5"),
        ("checkpoints\\\\\\\\chatglm2_6b", "model:zai-org/chatglm2-6b"),
    ],
)
def test_a_telling_folder_is_an_inferred_model(tmp_path: Path, path: str, model: str) -> None:
    data = report(tmp_path, use__py=loads(path))
    assert upstream(data) == [("product", "loads", model)]
    [place] = [one["evidence"] for one in data["relations"] if one["to"] == model and one["from"] == "product"]
    assert [(one["path"], one["line"], one["source"]) for one in place] == [("use.py", 3, "a local folder of this name")]


@pytest.mark.parametrize("path", ["./checkpoint-500", "./out/model-2", "./weights/nobody-knows-7b", "./llama", "./weights/llama-7b-mine"])
def test_others_stay_unresolved(tmp_path: Path, path: str) -> None:
    data = report(tmp_path, use__py=loads(path))
    assert upstream(data) == []
    assert [one["term_key"] for one in data["findings"] if one["rule"] == "unknown"] == ["unresolved-reference"]


def test_what_a_run_starts_from(tmp_path: Path) -> None:
    data = report(tmp_path, train__sh="python train.py --model_name_or_path /models/llama-7b --output_dir out/mine\n")
    assert upstream(data) == [("model:made:train.sh#mine", "finetuned-from", "model:meta/llama-7b")]
    assert any(one["term"] == "non-commercial" and one["artifact"] == "model:made:train.sh#mine" for one in data["findings"])


def test_a_folder_of_the_tree_is_itself(tmp_path: Path) -> None:
    (tmp_path / "llama-7b").mkdir()
    (tmp_path / "llama-7b" / "config.json").write_text('{"model_type": "llama"}', encoding="utf-8")
    (tmp_path / "llama-7b" / "model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    assert upstream(report(tmp_path, use__py=loads("./llama-7b"))) == []


def test_a_correction_strikes_the_guess(tmp_path: Path) -> None:
    struck = '[[correction]]\nfrom = "product"\nto = "model:meta/llama-7b"\nreason = "our own weights"\n'
    data = report(tmp_path, use__py=loads("./weights/llama-7b"), lien__toml=struck)
    assert upstream(data) == []
