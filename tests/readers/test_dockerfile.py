"""Dockerfiles: stages, variables, downloads and what is started."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import Fragment, RelationSeen, UnresolvedReference
from lien.readers.dockerfile import DockerfileReader
from lien.readers.interface import Reader
from lien.sources.source import Source
from lien.sources.tree import Tree

READER: Reader = DockerfileReader()


def read(text: str, tree: Path, path: str = "Dockerfile") -> list[Fragment]:
    return list(READER.read(Source(path=path, data=text.encode(), tree=Tree(tree))))


def related(fragments: list[Fragment]) -> list[tuple[int | None, str, str, str]]:
    return [(one.evidence.line, one.role.value, one.type.value, one.upstream) for one in fragments if isinstance(one, RelationSeen)]


@pytest.mark.parametrize(
    ("path", "is_claimed"),
    [
        ("Dockerfile", True),
        ("docker/Dockerfile.gpu", True),
        ("api.Dockerfile", True),
        ("Containerfile", True),
        ("x.dockerignore", False),
        ("dockerfile_lint.py", False),
    ],
)
def test_claims(path: str, *, is_claimed: bool) -> None:
    assert READER.claims(path) is is_claimed


def test_stages(tmp_path: Path) -> None:
    text = (
        "# syntax=docker/dockerfile:1\n"
        "ARG TAG=12.4\n"
        "FROM nvidia/cuda:${TAG} AS base\n"
        "FROM alpine AS unused\n"
        "RUN hf download lost/model\n"
        "FROM python:3.11 AS weights\n"
        "RUN --mount=type=cache,target=/x \\\n"
        "    pip install huggingface_hub && \\\n"
        "    # a comment\n"
        "    hf download acme/kept --local-dir /w\n"
        "FROM base\n"
        "COPY --from=weights /w /w\n"
        "COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/\n"
        "ENV MODEL_ID=acme/served \\\n"
        "    API_KEY=sk-0123456789\n"
        'CMD ["python", "-m", "vllm.entrypoints.openai.api_server", "--model", "acme/cmd"]\n'
    )
    assert related(read(text, tmp_path)) == [
        (3, "default", "contains", "image:nvidia/cuda"),
        (4, "build", "contains", "image:alpine"),
        (5, "build", "loads", "model:lost/model"),
        (6, "build", "contains", "image:python"),
        (8, "default", "depends-on", "package:pypi/huggingface-hub"),
        (10, "default", "loads", "model:acme/kept"),
        (13, "build", "contains", "image:ghcr.io/astral-sh/uv"),
        (14, "default", "loads", "model:acme/served"),
        (16, "default", "loads", "model:acme/cmd"),
    ]


def test_arguments_of_a_server_image(tmp_path: Path) -> None:
    text = 'FROM ghcr.io/huggingface/text-generation-inference:2.0\nENV MODEL_ID acme/a\nCMD ["--model-id", "acme/b"]\n'
    assert [row[3] for row in related(read(text, tmp_path))] == [
        "image:ghcr.io/huggingface/text-generation-inference",
        "model:acme/a",
        "model:acme/b",
    ]


def test_weights_that_are_copied_in(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "x.gguf").write_bytes(b"GGUF")
    assert related(read("FROM scratch\nCOPY w/x.gguf other.gguf /m/\n", tmp_path)) == [(2, "default", "ships", "model:file:w/x.gguf")]


def test_a_script_within(tmp_path: Path) -> None:
    text = "FROM debian\nRUN <<EOF\nollama pull llama3\nEOF\nCOPY <<X /a\nollama pull no\nX\nCMD vllm serve $MODEL\n"
    fragments = read(text, tmp_path)
    assert related(fragments) == [(1, "default", "contains", "image:debian"), (3, "default", "loads", "model:ollama:llama3")]
    assert [(one.what, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)] == [("$MODEL", 8)]


@pytest.mark.parametrize(
    "text", ["FROM\n", "FROM $X\nRUN \\\n", "RUN x", "FROM a\nCMD [1, 2]\nENTRYPOINT [\n", "FROM a AS\n" * 50, "FROM a\nRUN <<EOF\n"]
)
def test_broken_files_say_nothing_false(text: str, tmp_path: Path) -> None:
    assert all(upstream == "image:a" for _, _, _, upstream in related(read(text, tmp_path)))


def test_requirements_by_where_they_were_copied(tmp_path: Path) -> None:
    (tmp_path / "backend").mkdir()
    (tmp_path / "docker").mkdir()
    (tmp_path / "lib" / "shared").mkdir(parents=True)
    (tmp_path / "backend" / "deps.txt").write_text("torch==2.3.1\n")
    text = (
        "FROM scratch\nCOPY ./backend/deps.txt /app/list.txt\nCOPY backend /srv\nCOPY lib/shared /opt/shared\n"
        "RUN pip install -r /app/list.txt\nRUN pip install -r /srv/deps.txt\nRUN pip install -e /opt/shared\nRUN pip install -r /else.txt\n"
    )
    fragments = read(text, tmp_path, "docker/Dockerfile")
    assert related(fragments) == [(1, "default", "depends-on", "package:pypi/torch@2.3.1")] * 2
    assert [(one.what, one.evidence.line) for one in fragments if isinstance(one, UnresolvedReference)] == [("/else.txt", 8)]


@pytest.mark.parametrize("text", ["FROM a\n" * 300, "FROM a\n" + "RUN x\n" * 3000])
def test_files_that_nobody_writes(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^Dockerfile:1: has more than 2000 instructions or 200 stages"):
        read(text, tmp_path)


def test_code_on_the_standard_input(tmp_path: Path) -> None:
    text = (
        "FROM python:3.11\nRUN --mount=type=cache,target=/c python3 - <<EOF\nfrom vllm import LLM\nLLM('acme/a')\nEOF\n"
        "RUN python -c \"from transformers import pipeline; pipeline('x', model='acme/b')\"\nRUN <<EOF\nollama pull c\nEOF\n"
    )
    source = Source(path="Dockerfile", data=text.encode(), tree=Tree(tmp_path))
    found = [(one.evidence.line, one.upstream) for one in READER.read(source) if isinstance(one, RelationSeen)]
    assert found == [(1, "image:python"), (4, "model:acme/a"), (6, "model:acme/b"), (8, "model:ollama:c")]
