"""The local cache of the Hub: what it tells of models that the product names, and what it must not be made to open."""

import json
from pathlib import Path
from typing import Any

import pytest
from running import AS_OF, cleaned, report_of, run, write

REVISION = "0123456789abcdef0123456789abcdef01234567"
APP = {"README.md": "---\nsdk: gradio\nmodels:\n- acme/Chat-7B\ndatasets:\n- acme/tickets\n---\n"}


def cached(root: Path, repository: str, files: dict[str, str], *, ref: str | None = REVISION, links: bool = True) -> Path:
    """A repository as the Hub's client lays it out: snapshots of links into blobs."""
    folder = root / repository
    (folder / "blobs").mkdir(parents=True)
    for number, (name, text) in enumerate(files.items()):
        place = folder / "snapshots" / REVISION / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if links:
            (folder / "blobs" / f"blob{number}").write_text(text, encoding="utf-8")
            place.symlink_to(Path("../../blobs") / f"blob{number}")
        else:
            place.write_text(text, encoding="utf-8")
    if ref is not None:
        (folder / "refs").mkdir()
        (folder / "refs" / "main").write_text(ref, encoding="utf-8")
    return folder


def artifact(report: dict[str, Any], identifier: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in report["artifacts"] if one["id"] == identifier)
    return found


def claims(report: dict[str, Any], identifier: str) -> list[str]:
    return [one["as_written"] for one in artifact(report, identifier)["licenses"]]


def related(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(one["from"], one["type"], one["to"]) for one in report["relations"]}


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    root = tmp_path / "hub"
    card = "---\nlicense: cc-by-nc-4.0\nbase_model: acme/base-7b\ndatasets: [acme/tickets]\n---\n# Chat\n"
    config = json.dumps({"_name_or_path": "acme/base-7b", "model_type": "llama"})
    cached(root, "models--acme--Chat-7B", {"README.md": card, "config.json": config, "tokenizer.json": "{}", "LICENSE": "text"})
    cached(root, "models--acme--base-7b", {"LICENSE.md": "All rights reserved by Acme.\n", "config.json": "{}"}, ref=None)
    cached(root, "datasets--acme--tickets", {"README.md": "---\nlicense: cc-by-sa-4.0\n---\n"}, links=False)
    cached(root, "models--acme--unused", {"README.md": "---\nlicense: mit\n---\n"})
    return root


def test_cards_of_the_cache_fill_licences_and_lineage(tmp_path: Path, cache: Path) -> None:
    write(tmp_path / "app", APP)
    report = report_of(tmp_path / "app", f"--hf-cache={cache}")
    assert claims(report, "model:acme/chat-7b") == ["cc-by-nc-4.0"]
    assert claims(report, "dataset:acme/tickets") == ["cc-by-sa-4.0"]
    assert claims(report, "model:acme/base-7b") == ["All rights reserved by Acme.\n"]
    assert related(report) >= {
        ("product", "loads", "model:acme/chat-7b"),
        ("model:acme/chat-7b", "finetuned-from", "model:acme/base-7b"),
        ("model:acme/chat-7b", "trained-on", "dataset:acme/tickets"),
    }
    assert not artifact(report, "model:acme/chat-7b")["made_here"]
    assert "model:acme/unused" not in {one["id"] for one in report["artifacts"]}
    evidence = artifact(report, "model:acme/chat-7b")["licenses"][0]["evidence"][0]
    place = f"Hugging Face cache: models--acme--Chat-7B/snapshots/{REVISION}/README.md:2"
    assert (evidence["path"], evidence["basis"], evidence["source"]) == (None, "declared", place)
    assert str(tmp_path) not in json.dumps(report)


def test_without_the_option_nothing_is_opened(tmp_path: Path, cache: Path) -> None:
    write(tmp_path / "app", APP)
    env = cleaned(HF_HUB_CACHE=str(cache))
    done = run("audit", "--format", "json", "--as-of", AS_OF, cwd=tmp_path / "app", env=env)
    assert claims(json.loads(done.stdout), "model:acme/chat-7b") == []
    done = run("audit", "--format", "json", "--as-of", AS_OF, "--hf-cache", cwd=tmp_path / "app", env=env)
    assert claims(json.loads(done.stdout), "model:acme/chat-7b") == ["cc-by-nc-4.0"]
    done = run("audit", "--format", "json", "--as-of", AS_OF, "--hf-cache", cwd=tmp_path / "app", env=cleaned(HF_HOME=str(cache.parent)))
    assert claims(json.loads(done.stdout), "model:acme/chat-7b") == ["cc-by-nc-4.0"]


def test_what_is_no_cache(tmp_path: Path) -> None:
    write(tmp_path / "app", APP)
    done = run("audit", "--hf-cache=..", cwd=tmp_path / "app")
    assert (done.returncode, done.stdout) == (2, "")
    assert "..: holds no folder models--… or datasets--…, so it is no cache of the Hugging Face Hub" in done.stderr


@pytest.mark.parametrize("ref", ["../../../secret", "", "x" * 5000, "0123456"])
def test_a_reference_to_elsewhere_leads_nowhere(tmp_path: Path, ref: str) -> None:
    cache = tmp_path / "hub"
    folder = cached(cache, "models--acme--Chat-7B", {"README.md": "---\nlicense: mit\n---\n"}, ref=ref)
    (folder / "snapshots" / "other").mkdir()
    write(tmp_path, {"secret/README.md": "---\nlicense: cc-by-nc-4.0\n---\n"})
    write(tmp_path / "app", APP)
    assert claims(report_of(tmp_path / "app", f"--hf-cache={cache}"), "model:acme/chat-7b") == []


def test_links_out_of_the_repository_are_not_followed(tmp_path: Path) -> None:
    cache = tmp_path / "hub"
    folder = cached(cache, "models--acme--Chat-7B", {"config.json": "{}"})
    write(tmp_path, {"secret.md": "---\nlicense: cc-by-nc-4.0\n---\n"})
    (folder / "snapshots" / REVISION / "README.md").symlink_to(tmp_path / "secret.md")
    (folder / "snapshots" / REVISION / "LICENSE").symlink_to(tmp_path / "secret.md")
    write(tmp_path / "app", APP)
    assert claims(report_of(tmp_path / "app", f"--hf-cache={cache}"), "model:acme/chat-7b") == []


def test_a_broken_card_is_told(tmp_path: Path) -> None:
    cache = tmp_path / "hub"
    cached(cache, "models--acme--Chat-7B", {"README.md": "---\nlicense: [\n---\n", "LICENSE": "Acme's own terms.\n"})
    write(tmp_path / "app", APP)
    report = report_of(tmp_path / "app", f"--hf-cache={cache}")
    assert claims(report, "model:acme/chat-7b") == ["Acme's own terms.\n"]
    assert "cannot be read in the cache: is not YAML" in json.dumps(report)
