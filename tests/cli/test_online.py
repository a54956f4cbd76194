"""`--online`: the Hub and the package index, each a real server on loopback, with their failures."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from running import AS_OF, cleaned, run, write
from serving import Asked, Reply, as_json, serve

NOWHERE = "http://127.0.0.1:9"
"""A port on which nobody answers."""


def online(folder: Path, code: int = 0, **env: str) -> dict[str, Any]:
    """The report of an audit with --online, with a cache beside the folder and no network but what `env` names."""
    settings = {
        "HF_ENDPOINT": NOWHERE,
        "PIP_INDEX_URL": NOWHERE,
        "LIEN_CACHE_DIR": str(folder.parent / "cache"),
        "HOME": str(folder.parent),
    }
    done = run("audit", ".", "--online", "--format", "json", "--as-of", AS_OF, cwd=folder, env=cleaned(**{**settings, **env}))
    assert done.returncode == code, done.stderr[-3000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def artifact(report: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    (found,) = (one for one in report["artifacts"] if one["id"] == identifier)
    return dict(found)


def relations(report: Mapping[str, Any], downstream: str) -> set[tuple[str, str]]:
    return {(one["type"], one["to"]) for one in report["relations"] if one["from"] == downstream}


def open_ends(report: Mapping[str, Any]) -> str:
    return " ".join(one["message"] for one in report["findings"] if one["term_key"] == "unresolved-reference")


# --- the Hub ----------------------------------------------------------------------------------------

MODEL = "Acme-Lab/Chat-7B"
DECLARED = f'[[relation]]\nfrom = "product"\ntype = "loads"\nto = "model:{MODEL.lower()}"\nsource = "main.py"\n'
CHAT = {
    "id": MODEL,
    "createdAt": "2025-03-01T10:00:00.000Z",
    "pipeline_tag": "text-generation",
    "gated": "manual",
    "sha": "abc",
    "tags": ["license:apache-2.0"],
    "cardData": {"license": "apache-2.0", "base_model": "acme-lab/base", "datasets": ["acme-lab/talk"]},
    "baseModels": {"relation": "finetune", "models": [{"_id": "1", "id": "acme-lab/base-renamed"}]},
    "siblings": [],
}
BASE = {"id": "acme-lab/base", "sha": "s", "cardData": {"license": "other"}, "siblings": [{"rfilename": "LICENSE"}, {"rfilename": "x.bin"}]}
NC = {"id": "acme-lab/base-renamed", "cardData": {"license": "cc-by-nc-4.0"}}
TALK = {"id": "acme-lab/talk", "cardData": {"license": ["cc-by-sa-4.0"], "source_datasets": ["original", "extended|acme-lab/web"]}}
HUB: Mapping[str, Any] = {
    "/api/models/acme-lab/chat-7b": CHAT,
    "/api/models/acme-lab/base": BASE,
    "/api/models/acme-lab/base-renamed": NC,
    "/api/datasets/acme-lab/talk": TALK,
    "/api/datasets/acme-lab/web": {"id": "acme-lab/web", "cardData": {}},
}


def hub(asked: Asked) -> Reply:
    if asked.path == "/acme-lab/base/resolve/s/LICENSE":
        return Reply(200, b"A licence of our own.\nDo as you like on Tuesdays.\n")
    return as_json(HUB[asked.path.lower()]) if asked.path.lower() in HUB else Reply(404, b"{}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "shop", {"lien.toml": f"context = {{commercial = true}}\n{DECLARED}"})


def test_lineage_and_licences_from_the_hub(folder: Path) -> None:
    with serve(hub) as (address, asked):
        report = online(folder, code=1, HF_ENDPOINT=address)
        chat = artifact(report, "model:acme-lab/chat-7b")
        assert [(one["as_written"], one["scheme"]) for one in chat["licenses"]] == [("apache-2.0", "hugging-face")]
        assert (chat["name"], chat["attributes"]["gated"], chat["attributes"]["task"]) == (MODEL, "manual", "text-generation")
        # What the card says and what the Hub makes of it stand side by side.
        assert relations(report, "model:acme-lab/chat-7b") == {
            ("finetuned-from", "model:acme-lab/base"),
            ("finetuned-from", "model:acme-lab/base-renamed"),
            ("trained-on", "dataset:acme-lab/talk"),
        }
        assert relations(report, "dataset:acme-lab/talk") == {("derived-from", "dataset:acme-lab/web")}
        assert artifact(report, "model:acme-lab/base")["licenses"][-1]["scheme"] == "file"
        denied = {(one["term"], one["origin"]["artifact"]) for one in report["findings"] if one["severity"] == "deny"}
        assert ("non-commercial", "model:acme-lab/base-renamed") in denied
        assert chat["evidence"][-1]["source"] == f"{address}/{MODEL}"
        assert all("authorization" not in one.headers for one in asked)
        before = len(asked)
        assert online(folder, code=1, HF_ENDPOINT=address) == report
        assert len(asked) == before  # the second audit asked the cache


def test_the_token_goes_to_the_hub_alone(folder: Path) -> None:
    with serve(lambda _: Reply(200, b"{}")) as (elsewhere, asked_elsewhere):

        def leads_away(asked: Asked) -> Reply:
            assert asked.headers["authorization"] == "Bearer hf_secret"
            return Reply(307, b"", {"Location": f"{elsewhere}/steal"})

        with serve(leads_away) as (address, _):
            report = online(folder, HF_ENDPOINT=address, HF_TOKEN="hf_secret")  # noqa: S106  # no token of anybody's
    assert asked_elsewhere == []
    assert "leads to another host than the one that was named" in open_ends(report)
    assert "hf_secret" not in json.dumps(report)
    assert not [one for one in (folder.parent / "cache").rglob("*") if one.is_file() and b"hf_secret" in one.read_bytes()]


def test_a_rename_is_an_alias(folder: Path) -> None:
    def renamed(asked: Asked) -> Reply:
        if asked.path.lower() == "/api/models/acme-lab/chat-7b":
            return Reply(307, b"", {"Location": "/api/models/acme/chat"})
        return as_json({"id": "acme/chat", "cardData": {"license": "mit"}})

    with serve(renamed) as (address, _):
        report = online(folder, HF_ENDPOINT=address)
    (found,) = (one for one in report["artifacts"] if "acme" in one["id"])
    assert {found["id"], *found["aliases"]} == {"model:acme/chat", "model:acme-lab/chat-7b"}
    assert [one["as_written"] for one in found["licenses"]] == ["mit"]


class Failing:
    """A server that fails some times, and then tells."""

    def __init__(self, times: int, reply: Reply) -> None:
        self.times, self.reply = times, reply

    def __call__(self, asked: Asked) -> Reply:
        self.times -= 1
        return self.reply if self.times >= 0 else hub(asked)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda _: Reply(404), "Acme-Lab/Chat-7B|acme-lab/chat-7b (is not on the Hub under this name)"),
        (lambda _: Reply(401), "is private, gated or gone on the Hub; set HF_TOKEN to one that has access"),
        (lambda _: Reply(403), "is private, gated or gone on the Hub"),
        (lambda _: Reply(418), "the Hub answered 418"),
        (lambda _: Reply(200, b"<html>"), "answered with something that is no JSON"),
        (lambda _: Reply(200, b"[1]"), "answered with something that is no repository"),
        (lambda _: Reply(429, b"", {"Retry-After": "86400"}), "answered 429 and asks to wait 86400 seconds"),
        (lambda _: Reply(429, b"", {"RateLimit": '"api";r=0;t=299'}), "answered 429 and asks to wait 299 seconds"),
        (lambda _: Reply(302, b"", {"Location": "/api/models/x/y"}), "leads from one address to the next without end"),
        (lambda _: Reply(302, b"", {"Location": "http://[/"}), "(ValueError)"),
        (lambda _: Reply(302, b"", {"Location": "file:///etc/passwd"}), "is not https"),
        (lambda _: Reply(200, b" " * (9 * 1024 * 1024)), "sends more than 8388608 bytes"),
    ],
)
def test_what_the_hub_does_not_tell_stays_open(folder: Path, answer: Callable[[Asked], Reply], told: str) -> None:
    with serve(answer) as (address, _):
        report = online(folder, HF_ENDPOINT=address)
    assert any(one in open_ends(report) for one in told.split("|"))
    assert report["coverage"]["errors"] == []


@pytest.mark.parametrize("reply", [Reply(503), Reply(429, b"", {"Retry-After": "1"})])
def test_a_server_that_is_busy_is_asked_again(folder: Path, reply: Reply) -> None:
    with serve(Failing(1, reply)) as (address, asked):
        report = online(folder, code=1, HF_ENDPOINT=address)
    assert open_ends(report) == ""
    assert [one.path.lower() for one in asked[:2]] == ["/api/models/acme-lab/chat-7b"] * 2


def test_nobody_answers(folder: Path) -> None:
    assert "cannot be reached (ConnectionError)" in open_ends(online(folder))


def test_an_endpoint_that_is_no_address(folder: Path) -> None:
    assert "HF_ENDPOINT=hub is no address" in open_ends(online(folder, HF_ENDPOINT="hub"))


@pytest.mark.parametrize(
    "card", [{"base_model": 7}, {"license": {"a": 1}}, [], "x", None, {"datasets": [None, {}, "../../etc"], "base_model": ["", "./out"]}]
)
def test_malformed_cards_tell_nothing(folder: Path, card: object) -> None:
    plain = {"id": MODEL, "cardData": card, "baseModels": card, "tags": card, "siblings": card, "createdAt": card}
    with serve(lambda _: as_json(plain)) as (address, _):
        report = online(folder, HF_ENDPOINT=address)
    assert {end for _, end in relations(report, "model:acme-lab/chat-7b")} <= {"model:7"}


def test_nothing_is_asked_without_the_option(folder: Path) -> None:
    with serve(hub) as (address, asked):
        done = run("audit", ".", cwd=folder, env=cleaned(HF_ENDPOINT=address))
    assert (done.returncode, asked) == (0, [])


# --- the package index ------------------------------------------------------------------------------


def wheel(name: str, version: str, *headers: str) -> tuple[str, bytes]:
    """(file name, content) of a wheel with an archive comment, so that its directory is not where it always is."""
    stem = f"{name.replace('-', '_')}-{version}"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("padding.bin", bytes(range(256)) * 400)
        archive.writestr(
            f"{stem}.dist-info/METADATA", "\n".join(["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *headers, ""])
        )
        archive.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{stem}.dist-info/RECORD", "")
        archive.comment = b"a comment"
    return f"{stem}-py3-none-any.whl", out.getvalue()


WHEELS = dict(
    [
        wheel(
            "acme-app",
            "2.1",
            "License-Expression: MIT",
            "Provides-Extra: more",
            "Requires-Dist: acme-core>=1",
            "Requires-Dist: acme-extra; extra == 'more'",
        ),
        wheel("acme-core", "1.5", "License-Expression: AGPL-3.0-only", "Requires-Dist: acme-far; python_version < '3'"),
        wheel("acme-extra", "0.1", "Classifier: License :: OSI Approved :: Apache Software License"),
        wheel("acme-far", "9"),
    ]
)


def index(asked: Asked) -> Reply:
    """A simple index (PEP 503) without metadata files, and wheels by range."""
    if asked.path.startswith("/simple/"):
        name = asked.path.strip("/").rpartition("/")[2]
        links = [f'<a href="/files/{file}">{file}</a>' for file in WHEELS if file.startswith(name.replace("-", "_") + "-")]
        if name == "acme-source":
            links = ['<a href="/files/acme-source-1.0.tar.gz">acme-source-1.0.tar.gz</a>']
        return (
            Reply(200, f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode(), {"Content-Type": "text/html"})
            if links
            else Reply(404)
        )
    data = WHEELS.get(asked.path.rpartition("/")[2])
    if data is None:
        return Reply(404)
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", asked.headers.get("range", ""))
    if wanted is None:
        return Reply(200, data, {"Accept-Ranges": "bytes"})
    start = int(wanted[1]) if wanted[1] else max(0, len(data) - int(wanted[2]))
    end = min(int(wanted[2]), len(data) - 1) if wanted[1] and wanted[2] else len(data) - 1
    return Reply(206, data[start : end + 1], {"Content-Range": f"bytes {start}-{end}/{len(data)}", "Accept-Ranges": "bytes"})


@pytest.fixture(params=["uv", "pip"])
def without_uv(request: pytest.FixtureRequest) -> dict[str, str]:
    """Both resolvers: uv where it is installed, and pip where it is not to be found."""
    return {} if request.param == "uv" else {"LIEN_RESOLVER": "pip"}


def test_the_closure_of_requirements_with_their_licences(tmp_path: Path, without_uv: dict[str, str]) -> None:
    folder = write(tmp_path / "shop", {"requirements.txt": "acme-app[more]>=2\nacme-nowhere\nacme-source==1.0\n"})
    with serve(index) as (address, asked):
        report = online(folder, code=0, PIP_INDEX_URL=f"{address}/simple/", **without_uv)
    found = {one["id"]: [claim["as_written"] for claim in one["licenses"]] for one in report["artifacts"] if one["kind"] == "package"}
    assert found["package:pypi/acme-app"] == ["MIT"]
    assert found["package:pypi/acme-core@1.5"] == ["AGPL-3.0-only"]
    assert found["package:pypi/acme-extra@0.1"] == ["License :: OSI Approved :: Apache Software License"]
    assert "package:pypi/acme-far@9" not in found
    assert ("depends-on", "package:pypi/acme-core@1.5") in relations(report, "package:pypi/acme-app")
    core = artifact(report, "package:pypi/acme-core@1.5")
    assert core["licenses"][0]["evidence"][0]["source"] == "package index: acme-core 1.5"
    # What cannot be had is said, with its place; what is only source is never built.
    assert "acme-nowhere" in open_ends(report)
    assert "acme-source" in open_ends(report)
    assert not [one for one in asked if one.path.endswith(".tar.gz")]
    # Of a wheel its end is asked for, not the whole.
    assert all("range" in one.headers for one in asked if one.headers["user-agent"] == "lien")
    (line,) = (one for one in report["findings"] if one["term_key"] == "unresolved-reference")
    assert {(one["path"], one["line"]) for one in line["evidence"]} == {("requirements.txt", 2), ("requirements.txt", 3)}


def test_an_index_that_is_down_is_an_unknown(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", {"requirements.txt": "acme-app\n"})
    report = online(folder, PIP_RETRIES="0", UV_HTTP_RETRIES="0")
    assert "the package index gives no answer" in open_ends(report)
