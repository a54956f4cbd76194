"""What git leaves alone is left alone, and said; what it tracks all the same, or somebody names, is read."""

import shutil
import subprocess
from pathlib import Path

import pytest

from lien.sources.ignored import tracked_paths
from lien.sources.tree import Tree

FILES = (
    ".gitignore",
    "a.log",
    "keep.log",
    "build/bom.json",
    "docs/build/x.txt",
    "src/.gitignore",
    "src/generated/y.py",
    "src/main.py",
    "src/own.log",
    "vendor/deep/down/z.py",
)
RULES = {".gitignore": "*.log\n!keep.log\n/build/\nvendor/\n# a comment\n", "src/.gitignore": "generated\n!own.log\n"}
LEFT = [".gitignore", "docs/build/x.txt", "keep.log", "src/.gitignore", "src/main.py", "src/own.log"]
OUT = ["a.log", "build/", "src/generated/", "vendor/"]

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(RULES.get(path, "text"), encoding="utf-8")
    (tmp_path / ".git").mkdir()
    return tmp_path


def git(root: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *settings, *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def test_rules_of_every_level(root: Path) -> None:
    tree = Tree(root)
    assert list(tree.walk()) == LEFT
    assert list(tree.ignored()) == OUT


def test_what_somebody_names_is_walked(root: Path) -> None:
    tree = Tree(root, kept=["build/bom.json"])
    tree.keep(["vendor/deep"])
    assert list(tree.walk()) == sorted([*LEFT, "build/bom.json", "vendor/deep/down/z.py"])


def test_a_tree_without_rules_is_walked_whole(root: Path) -> None:
    for path in RULES:
        (root / path).unlink()
    assert list(Tree(root).walk()) == sorted(path for path in FILES if path not in RULES)


@needs_git
@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_what_git_tracks_is_read_whatever_the_rules_say(root: Path, version: str) -> None:
    git(root, "init", "-q")
    git(root, "add", "-f", "vendor", "a.log", "src/main.py")
    if version == "3":
        git(root, "update-index", "--skip-worktree", "a.log")  # only an extended entry makes version 3
    else:
        git(root, "update-index", "--index-version", version)
    assert (root / ".git" / "index").read_bytes()[4:8] == bytes([0, 0, 0, int(version)])
    assert tracked_paths(root) == {"a.log", "src/main.py", "vendor/deep/down/z.py"}
    assert list(Tree(root).walk()) == sorted([*LEFT, "a.log", "vendor/deep/down/z.py"])


@needs_git
def test_git_agrees(root: Path) -> None:
    git(root, "init", "-q")
    listed = git(root, "ls-files", "--others", "--exclude-standard").split()
    assert listed == list(Tree(root).walk())


@pytest.mark.parametrize(
    "data", [b"", b"DIRC", b"DIRC\0\0\0\x02\xff\xff\xff\xff", b"DIRC\0\0\0\x09\0\0\0\0", b"DIRC\0\0\0\x04\0\0\0\x01" + b"\xff" * 80]
)
def test_an_index_that_is_none_tracks_nothing(root: Path, data: bytes) -> None:
    (root / ".git").mkdir(exist_ok=True)
    (root / ".git" / "index").write_bytes(data)
    assert tracked_paths(root) == frozenset()
    assert list(Tree(root).walk()) == LEFT


def test_in_an_archive_all_was_tracked(root: Path) -> None:
    (root / ".git").rmdir()
    assert list(Tree(root).ignored()) == ["build/"]  # which tools make in an archive, too
    assert "vendor/deep/down/z.py" in list(Tree(root).walk())


def test_rules_that_are_no_rules_are_passed_over(root: Path) -> None:
    (root / ".gitignore").write_bytes(b"\xff\xfe\0[\n!\n***\n")
    assert "a.log" in list(Tree(root).walk())
