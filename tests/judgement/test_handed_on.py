"""Duties that the tree shows to be done are discharged; what shows them only nearly does not."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from lien.api import audit, render

ROOT = Path(__file__).parents[2]
APACHE = (ROOT / "LICENSE").read_text(encoding="utf-8")
NOTICE = "Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright \u00a9 Meta Platforms, Inc. All Rights Reserved."
BOM = json.dumps(
    {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [
            {
                "type": "machine-learning-model",
                "name": "acme/chat",
                "purl": "pkg:huggingface/acme/chat",
                "licenses": [{"license": {"name": "llama3.1"}}],
            },
            {"type": "library", "name": "lib", "purl": "pkg:pypi/lib@1", "licenses": [{"license": {"id": "Apache-2.0"}}]},
        ],
    }
)
POLICY = 'context = {distributes = ["app"], hosts = ["application"]}\n'


def duties(folder: Path, files: dict[str, str]) -> dict[tuple[str, str], dict[str, Any]]:
    for name, text in {"bom.cdx.json": BOM, "lien.toml": POLICY, **files}.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    data = json.loads("".join(render(audit((folder,), as_of=dt.date(2026, 11, 20)), "json")))
    found = [one for one in data["findings"] if one["rule"] == "duty" and one["artifact"] == "product"]
    return {(one["origins"][0]["license"], one["term"]): one for one in found}


def test_without_evidence_every_duty_stands(tmp_path: Path) -> None:
    found = duties(tmp_path, {})
    asked = [
        ("apache-2.0", "include-license"),
        ("llama-3.1", "notice-file"),
        ("llama-3.1", "display-branding"),
        ("llama-3.1", "include-license"),
    ]
    assert all(found[one]["verdict"] in ("applies", "applies-if") for one in asked)


@pytest.mark.parametrize("path", ["LICENSE", "LICENSES/Apache-2.0.txt", "third_party/LICENSE.txt"])
def test_a_copy_of_the_licence_discharges_its_own_duty_alone(tmp_path: Path, path: str) -> None:
    found = duties(tmp_path, {path: APACHE})
    done = found["apache-2.0", "include-license"]
    assert (done["verdict"], done["severity"], done["note"]) == (
        "discharged",
        "info",
        f"{path} holds its text; see that it goes with every copy",
    )
    assert path in {one["path"] for one in done["evidence"]}
    assert found["llama-3.1", "include-license"]["verdict"] == "applies"


@pytest.mark.parametrize("path", ["tests/LICENSE", "examples/x/LICENSE", "docs/LICENSE"])
def test_copies_in_tests_and_examples_go_nowhere(tmp_path: Path, path: str) -> None:
    assert duties(tmp_path, {path: APACHE})["apache-2.0", "include-license"]["verdict"] != "discharged"


def test_a_changed_copy_is_no_copy(tmp_path: Path) -> None:
    changed = APACHE.replace("irrevocable", "revocable")
    assert duties(tmp_path, {"LICENSE": changed})["apache-2.0", "include-license"]["verdict"] != "discharged"


@pytest.mark.parametrize(
    ("path", "text", "verdict"),
    [
        ("NOTICE", f"Chat\n\n{NOTICE}\n", "discharged"),
        ("Notice.txt", NOTICE.replace("\u00a9", "(c)").replace("License, ", "License,\n"), "discharged"),
        ("NOTICE", NOTICE.replace("3.1", "3"), "applies"),
        ("README.md", NOTICE, "applies"),
        ("NOTICE", "Chat\nCopyright 2024 Acme\n", "applies"),
    ],
)
def test_a_notice_holds_the_very_words(tmp_path: Path, path: str, text: str, verdict: str) -> None:
    assert duties(tmp_path, {path: text})["llama-3.1", "notice-file"]["verdict"] == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("# Chat\n\n**Built with Llama**\n", "discharged"),
        ("# Chat\n\nChat by Acme. Built with Llama.\n", "discharged"),
        ('# Chat\n\nPut "Built with Llama" on your site.\n', "applies"),
        ("# Chat\n\nBuilt with Llama.cpp\n", "applies"),
        ("# Chat\n\nBuilt with LlamaIndex\n", "applies"),
    ],
)
def test_a_phrase_stands_by_itself(tmp_path: Path, text: str, verdict: str) -> None:
    assert duties(tmp_path, {"README.md": text})["llama-3.1", "display-branding"]["verdict"] == verdict


def library(name: str, *, notice: str | None) -> dict[str, Any]:
    told = {"copyright": notice} if notice else {}
    return {"type": "library", "name": name, "purl": f"pkg:pypi/{name}@1", "licenses": [{"license": {"id": "MIT"}}], **told}


def bom(*components: dict[str, Any]) -> str:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components})


@pytest.mark.parametrize(
    ("path", "text", "verdict"),
    [
        ("THIRD_PARTY_NOTICES.txt", "a\nCopyright (c) 2020\nAnna A.\n\nb\nCopyright \u00a9 2021 B Ltd.\n", "discharged"),
        ("NOTICE", "Copyright (c) 2020 Anna A, and Copyright (c) 2021 B Ltd\n", "discharged"),
        ("NOTICE", "Copyright (c) 2020 Anna A\n", "applies"),
        ("README.md", "Copyright (c) 2020 Anna A\nCopyright (c) 2021 B Ltd\n", "applies"),
        ("tests/NOTICE", "Copyright (c) 2020 Anna A\nCopyright (c) 2021 B Ltd\n", "applies"),
    ],
)
def test_notices_that_parts_are_known_to_carry(path: str, text: str, verdict: str, tmp_path: Path) -> None:
    parts = bom(library("a", notice="Copyright (c) 2020 Anna A."), library("b", notice="Copyright (c) 2021 B Ltd"))
    found = duties(tmp_path, {"bom.cdx.json": parts, path: text})["mit", "retain-notices"]
    assert found["verdict"] == verdict
    if verdict == "discharged":
        assert found["note"] == f"{path} keeps the notices of all of them; see that they go with every copy"


def test_of_a_part_whose_notices_nobody_knows_nothing_shows_it(tmp_path: Path) -> None:
    files = {"bom.cdx.json": bom(library("a", notice="Copyright (c) A"), library("b", notice=None)), "NOTICE": "Copyright (c) A\n"}
    assert duties(tmp_path, files)["mit", "retain-notices"]["verdict"] == "applies"


def test_the_licence_file_that_came_with_a_model(tmp_path: Path) -> None:
    files = {
        "bom.cdx.json": bom(),
        "weights/config.json": '{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}',
        "weights/LICENSE": f"{APACHE}\n   Copyright 2024 Lab\n",
        "weights/model.safetensors": "\2" + "\0" * 7 + "{}",
    }
    (done,) = [one for (_, term), one in duties(tmp_path, files).items() if term == "retain-notices"]
    assert (done["verdict"], done["evidence"][-1]["path"]) == ("discharged", "weights/LICENSE")


def test_a_bare_licence_text_keeps_no_notice(tmp_path: Path) -> None:
    files = {
        "bom.cdx.json": bom(),
        "weights/config.json": '{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}',
        "weights/LICENSE": APACHE,
        "weights/model.safetensors": "\2" + "\0" * 7 + "{}",
    }
    (open_,) = [one for (_, term), one in duties(tmp_path, files).items() if term == "retain-notices"]
    assert open_["verdict"] == "applies"
