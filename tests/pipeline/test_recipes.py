"""What a repository can train, and what its product uses, are told apart: through the front door."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from lien.api import audit, render
from lien.pipeline.scope import folder_scope
from lien.vocabulary.kinds import Scope

DAY = dt.date(2026, 11, 20)
RECIPE = """base_model: {base}
adapter: lora
datasets:
  - path: {data}
micro_batch_size: 1
sequence_len: 8
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def report(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads("".join(render(audit([path], as_of=DAY), "json")))
    return data


def scopes(data: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    return {one["id"]: (one["scope"], one["made_here"]) for one in data["artifacts"] if one["id"].startswith(("model:made", "model:meta/"))}


def denied(data: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["term"], one["artifact"]) for one in data["findings"] if one["severity"] == "deny"}


def test_a_recipe_in_an_examples_folder_trains_nothing_by_itself(tmp_path: Path) -> None:
    recipe = RECIPE.format(base="huggyllama/llama-7b", data="./somewhere")
    tree = write(tmp_path, {"examples/tuning/lora.yml": recipe, "requirements.txt": "click==8.1.7\n"})
    whole = report(tree)
    assert scopes(whole) == {"model:made:examples/tuning/lora.yml": ("doc", True), "model:meta/llama-7b": ("doc", False)}
    assert denied(whole) == set()
    told = [one for one in whole["findings"] if one["term"] == "non-commercial" and one["artifact"].startswith("model:made")]
    assert [(one["scope"], one["severity"]) for one in told] == [("doc", "info")]
    aside = [(one["scope"], one["severity"]) for one in whole["findings"] if one["term_key"] == "unresolved-aside"]
    assert aside == [("doc", "info")]

    by_itself = report(tree / "examples")
    assert scopes(by_itself)["model:made:tuning/lora.yml"] == ("used", True)
    assert ("non-commercial", "model:made:tuning/lora.yml") in denied(by_itself)
    assert [one["severity"] for one in by_itself["findings"] if one["term_key"] == "unresolved-reference"] == ["warn"]


def test_many_recipes_on_one_base_are_one_restriction_in_the_table(tmp_path: Path) -> None:
    recipe = RECIPE.format(base="huggyllama/llama-7b", data="./somewhere")
    tree = write(tmp_path, {f"recipes/{number}.yml": recipe for number in range(6)})
    table = "".join(render(audit([tree], as_of=DAY), "table"))
    blocks = [line for line in table.splitlines() if line.startswith("DENY non-commercial")]
    assert len(blocks) == 1
    assert "also binds model:made:recipes/1.yml, model:made:recipes/2.yml,\n       model:made:recipes/3.yml and 2 more" in table
    assert len([line for line in table.splitlines() if "LLaMA License Agreement, for " in line]) == 1


SFT = "model_name_or_path: huggyllama/llama-7b\noutput_dir: {folder}\nlearning_rate: 1.0e-5\ndataset_name: Acme/Talks\n"
DPO = "model_name_or_path: {folder}\noutput_dir: outputs/dpo\nbeta: 0.1\ndataset_name: Acme/Pairs\n"


def test_a_stage_begins_with_what_another_one_wrote(tmp_path: Path) -> None:
    tree = write(tmp_path, {"sft.yaml": SFT.format(folder="./outputs/sft/"), "dpo.yaml": DPO.format(folder="outputs/sft/checkpoint-900")})
    data = report(tree)
    found = [one for one in data["relations"] if one["from"] == "model:made:dpo.yaml" and one["type"] == "finetuned-from"]
    assert [one["to"] for one in found] == ["model:made:sft.yaml"]
    (evidence,) = found[0]["evidence"]
    assert (evidence["line"], evidence["basis"], evidence["source"]) == (1, "inferred", "sft.yaml writes this folder")
    assert "non-commercial" in {one["term"] for one in data["findings"] if one["artifact"] == "model:made:dpo.yaml"}


def test_what_two_recipes_write_is_neither_ones(tmp_path: Path) -> None:
    files = {f"{name}.yaml": SFT.format(folder="out") for name in ("a", "b")}
    data = report(write(tmp_path, {**files, "dpo.yaml": DPO.format(folder="out")}))
    assert [one["to"] for one in data["relations"] if one["from"] == "model:made:dpo.yaml"] == ["dataset:acme/pairs"]
    (unknown,) = [one for one in data["findings"] if one["term_key"] == "unresolved-reference"]
    assert "out (gives no owner, so it may be a folder)" in unknown["message"]


def test_what_stands_in_a_folder_is_what_the_recipe_wrote(tmp_path: Path) -> None:
    weights = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    tree = write(
        tmp_path,
        {
            "sft.yaml": SFT.format(folder="./models/bot/"),
            "models/bot/config.json": '{"model_type": "llama"}',
            "models/bot/model.safetensors": weights,
            "models/other/model.safetensors": weights,
        },
    )
    data = report(tree)
    (found,) = [one for one in data["relations"] if one["type"] == "mirror-of"]
    assert (found["from"], found["to"]) == ("model:file:models/bot", "model:made:sft.yaml")
    assert {(one["basis"], one["source"]) for one in found["evidence"]} == {("inferred", "sft.yaml writes this folder")}
    again = {"again.yaml": "model_name_or_path: models/bot\noutput_dir: models/bot\nlearning_rate: 1.0e-5\ndataset_name: Acme/Talks\n"}
    (tree / "sft.yaml").unlink()
    assert "mirror-of" not in {one["type"] for one in report(write(tree, again))["relations"]}


def test_what_a_command_of_the_readme_writes(tmp_path: Path) -> None:
    command = (
        "python train.py --model_name_or_path huggyllama/llama-7b --dataset_name Acme/Talks --output_dir ./models/bot/ --learning_rate 1e-5"
    )
    weights = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    files = {"README.md": f"# Bot\n\n```sh\n{command}\n```\n", "models/bot/config.json": '{"model_type": "llama"}'}
    data = report(write(tmp_path, {**files, "train.py": "from transformers import Trainer\n", "models/bot/model.safetensors": weights}))
    (found,) = [one for one in data["relations"] if one["type"] == "mirror-of"]
    assert (found["from"], found["to"]) == ("model:file:models/bot", "model:made:readme.md#bot")


def test_who_wrote_somebody_elses_data_is_not_used(tmp_path: Path) -> None:
    relation = '[[relation]]\nfrom = "dataset:acme/rows"\ntype = "generated-by"\nto = "service:acme"\nsource = "its card"\n'
    recipe = RECIPE.format(base="acme/base-7b", data="acme/rows")
    data = report(write(tmp_path / "theirs", {"lora.yml": recipe, "lien.toml": relation}))
    assert {one["id"]: one["scope"] for one in data["artifacts"]}["dataset:acme/rows"] == "used"
    assert {one["id"]: one["scope"] for one in data["artifacts"]}["service:acme"] == "build"

    generates = "import openai\nimport json\nopenai.ChatCompletion.create(model='gpt-4')\njson.dump([], open('rows.json', 'w'))\n"
    data = report(write(tmp_path / "ours", {"generate_data.py": generates}))
    assert {one["id"]: one["scope"] for one in data["artifacts"]}["service:openai"] == "used"


def test_folders_and_scripts_that_measure_or_show() -> None:
    measuring = (
        "noise_evaluation_scripts/run.sh",
        "training/run_letters_eval.sh",
        "scripts/benchmark_all.sh",
        "load_tests/long.py",
    )
    assert {folder_scope(path) for path in measuring} == {Scope.TEST}
    assert folder_scope(".github/fetch.py") is Scope.BUILD
    assert folder_scope("research/old-examples/search.py") is Scope.DOC
    assert {folder_scope(path) for path in ("gradio_demo/app.py", "contest/app.py", "medieval/run.sh", "retrieval_scripts/run.sh")} == {
        Scope.USED
    }


def test_a_used_thing_is_shown_where_the_product_uses_it(tmp_path: Path) -> None:
    code = "from transformers import AutoModel\nAutoModel.from_pretrained('acme/base-7b')\n"
    data = report(write(tmp_path, {"docs/a.py": code, "src/app.py": code, "tests/test_app.py": code}))
    loads = next(one for one in data["relations"] if one["to"] == "model:acme/base-7b")
    assert (loads["scope"], [one["path"] for one in loads["evidence"]]) == ("used", ["src/app.py", "docs/a.py", "tests/test_app.py"])
