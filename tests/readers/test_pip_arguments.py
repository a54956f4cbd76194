"""What the words after `pip install` ask for, wherever such a command stands."""

import shlex
from pathlib import Path

import pytest

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._pip_arguments import pip_install
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation


def install(folder: Path, command: str, files: dict[str, str] | None = None, path: str = "docker/Dockerfile") -> list[Fragment]:
    for name, text in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return list(pip_install(shlex.split(command), Evidence(path, 7, None, command, "dockerfile"), Tree(folder)))


def asked(fragments: list[Fragment]) -> list[str]:
    return [one.upstream for one in fragments if isinstance(one, RelationSeen)]


def lost(fragments: list[Fragment]) -> list[tuple[str, str]]:
    return [(one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)]


def test_a_word_is_a_fact_at_the_place_of_its_command(tmp_path: Path) -> None:
    evidence = Evidence("docker/Dockerfile", 7, None, "Torch[gpu]==2.3.1", "dockerfile")
    assert install(tmp_path, "--no-cache-dir 'Torch[gpu]==2.3.1'") == [
        ArtifactSeen("package:pypi/torch@2.3.1", Kind.PACKAGE, evidence, name="Torch", version="2.3.1"),
        RelationSeen(PRODUCT, Relation.DEPENDS_ON, "package:pypi/torch@2.3.1", evidence, Role.DEFAULT, note="with extras gpu"),
    ]


@pytest.mark.parametrize(
    ("command", "ids"),
    [
        ("torch torchvision", ["package:pypi/torch", "package:pypi/torchvision"]),
        ("-U --quiet -qqq torch", ["package:pypi/torch"]),
        ("torch --index-url https://download.pytorch.org/whl/cpu", ["package:pypi/torch"]),
        ("--index-url=https://download.pytorch.org/whl/cpu torch", ["package:pypi/torch"]),
        ("-f https://example.org/wheels torch -t /opt/lib", ["package:pypi/torch"]),
        ("'numpy<2' && rm -rf /tmp/x", ["package:pypi/numpy"]),
        ("numpy ; echo done", ["package:pypi/numpy"]),
        ("numpy | tee log", ["package:pypi/numpy"]),
        ("numpy > log 2>&1", ["package:pypi/numpy"]),
        ("--system --torch-backend auto vllm", ["package:pypi/vllm"]),
        ("git+https://github.com/o/r.git@main", ["code:github/o/r"]),
        ("-e git+https://github.com/o/r.git#egg=name", ["package:pypi/name"]),
        ("--editable=git+https://github.com/o/r.git", ["code:github/o/r"]),
        ("https://example.org/torch-2.3.1-cp311-cp311-linux_x86_64.whl", ["package:pypi/torch@2.3.1"]),
        ("torch==${TORCH_VERSION}", ["package:pypi/torch"]),
        ("torch==$TORCH_VERSION torch[x]>={{v}}", ["package:pypi/torch", "package:pypi/torch"]),
        ("https://example.org/v${V}/flash_attn-${V}-cp311-cp311-linux_x86_64.whl", ["package:pypi/flash-attn"]),
        (".", []),
    ],
)
def test_what_is_asked_for(tmp_path: Path, command: str, ids: list[str]) -> None:
    fragments = install(tmp_path, command)
    assert asked(fragments) == ids
    assert lost(fragments) == []


def test_files_are_found_where_an_image_has_them(tmp_path: Path) -> None:
    """requirements.txt is read for itself; a file of another name is read here, at its own lines."""
    files = {"requirements.txt": "torch\n", "docker/extra.txt": "# more\nflask==3.0\n", "pins.txt": "numpy==1.26.4\n"}
    fragments = install(tmp_path, "-r /app/requirements.txt -rextra.txt -c /tmp/pins.txt numpy", files)
    assert asked(fragments) == ["package:pypi/flask@3.0", "package:pypi/numpy@1.26.4"]
    assert (fragments[0].evidence.path, fragments[0].evidence.line) == ("docker/extra.txt", 2)
    assert lost(fragments) == []


def test_the_caller_may_know_better_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "deps.txt").write_text("flask\n", encoding="utf-8")
    place = Evidence("Dockerfile", 1, reader="dockerfile")
    fragments = pip_install(["-r", "/srv/all"], place, Tree(tmp_path), locate={"/srv/all": "deps.txt"}.get)
    assert asked(list(fragments)) == ["package:pypi/flask"]


@pytest.mark.parametrize(
    ("command", "what", "reason"),
    [
        ("$PACKAGES", "$PACKAGES", "is known only to the shell that runs the command; write it out"),
        ("-r missing.txt", "missing.txt", "is a requirements file that is not in the audited tree; keep a copy in it"),
        (
            "-r https://u:p@example.org/r.txt",
            "https://***@example.org/r.txt",
            "is a requirements file that is not in the audited tree; keep a copy in it",
        ),
        (
            "-e ./elsewhere",
            "./elsewhere",
            "is a local project that is not in the audited tree; audit its folder too, or require it by name",
        ),
        ("'???'", "???", "is no requirement (write NAME, NAME==VERSION or NAME @ URL)"),
    ],
)
def test_what_cannot_be_followed_is_told(tmp_path: Path, command: str, what: str, reason: str) -> None:
    fragments = install(tmp_path, f"{command} flask")
    assert asked(fragments) == ["package:pypi/flask"]
    assert lost(fragments) == [(what, reason)]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    fragments = install(tmp_path, "-r deps.txt", {"deps.txt": "flask\n???\n"}, "Dockerfile")
    assert asked(fragments) == ["package:pypi/flask"]
    ((what, reason),) = lost(fragments)
    assert what == "deps.txt"
    assert reason.startswith('is a requirements file that cannot be read: "???" is no requirement')
