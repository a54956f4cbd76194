"""The audited tree: everything inside, nothing outside, whatever links and names try (DESIGN section 7)."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.errors import InputError
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.tree import Tree

OUTSIDE = "lies outside the audited tree, where lien does not read; copy it in or audit its folder"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with a secret beside it."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "inner.txt").write_text("secret", encoding="utf-8")
    root = tmp_path / "root"
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "file.txt").write_text("inside", encoding="utf-8")
    (root / "top.txt").write_text("top", encoding="utf-8")
    return root


def links(root: Path) -> None:
    (root / "to-file").symlink_to("../secret.txt")
    (root / "to-folder").symlink_to("../beside")
    (root / "absolute").symlink_to(root.parent / "secret.txt")
    (root / "a" / "chain").symlink_to("../to-folder")
    (root / "loop").symlink_to("loop")
    (root / "up").symlink_to("..")
    (root / "self").symlink_to(".")


WAYS_OUT = [
    "../secret.txt",
    "a/../../secret.txt",
    "./../secret.txt",
    "to-file",
    "absolute",
    "to-folder/inner.txt",
    "a/chain/inner.txt",
    "up/secret.txt",
    "self/up/secret.txt",
    "self/../../secret.txt",
    "/etc/passwd",
    "//etc/passwd",
    "a/\0/file.txt",
]


@pytest.mark.parametrize("path", WAYS_OUT)
def test_no_way_leads_out(root: Path, path: str) -> None:
    links(root)
    tree = Tree(root)
    assert not tree.has(path)
    assert not tree.holds(path)
    with pytest.raises(InputError) as raised:
        tree.read(path)
    assert str(raised.value) == f"{path}: {OUTSIDE}"


def test_the_walk_follows_no_link(root: Path) -> None:
    links(root)
    assert list(Tree(root).walk()) == ["a/b/file.txt", "top.txt"]


def test_what_is_inside_is_read(root: Path) -> None:
    (root / "inside").symlink_to("a/b")
    tree = Tree(root)
    for path in ("a/b/file.txt", "a/./b/file.txt", "a/../a/b/file.txt", "inside/file.txt"):
        assert tree.has(path)
        source = tree.read(path)
        assert (source.path, source.text, source.tree) == (path, "inside", tree)
    assert tree.holds("a/b")
    assert not tree.has("a/b")


def test_a_root_that_is_a_link_is_its_target(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    tree = Tree(link)
    assert tree.root == root
    assert tree.read("top.txt").text == "top"
    assert not tree.has("../secret.txt")


def test_a_folder_whose_name_begins_like_the_root_is_outside(root: Path) -> None:
    (root.parent / "root-2").mkdir()
    (root.parent / "root-2" / "x").write_text("secret", encoding="utf-8")
    assert not Tree(root).has("../root-2/x")


_parts = st.lists(st.sampled_from(["..", ".", "a", "b", "file.txt", "to-folder", "up", "self", "", "secret.txt", "a\\..", "~"]), max_size=6)


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    base = tmp_path_factory.mktemp("traps")
    (base / "secret.txt").write_text("secret", encoding="utf-8")
    (base / "beside").mkdir()
    (base / "beside" / "secret.txt").write_text("secret", encoding="utf-8")
    (base / "root" / "a" / "b").mkdir(parents=True)
    (base / "root" / "a" / "file.txt").write_text("inside", encoding="utf-8")
    links(base / "root")
    return Tree(base / "root")


@settings(max_examples=150, deadline=None)
@given(_parts, st.sampled_from(["", "/"]))
def test_whatever_is_asked_for_only_the_inside_is_read(traps: Tree, parts: list[str], start: str) -> None:
    path = start + "/".join(parts)
    try:
        text = traps.read(path).text
    except InputError:
        assert not traps.has(path)
    else:
        assert traps.has(path)
        assert text == "inside"


@settings(max_examples=150, deadline=None)
@given(_parts, _parts, st.sampled_from(["", "/", "\\", "C:\\"]))
def test_joined_paths_stay_inside(traps: Tree, base: list[str], parts: list[str], start: str) -> None:
    clean = "/".join(one for one in base if one not in ("..", ".", "", "a\\.."))
    joined = traps.join(f"{clean}/requirements.txt".lstrip("/"), start + "/".join(parts))
    if start in ("/", "\\"):
        assert joined is None
    if joined is not None:
        assert not joined.startswith("/")
        assert ".." not in joined.split("/")


@pytest.mark.parametrize(
    ("base", "relative", "joined"),
    [
        ("requirements.txt", "base.txt", "base.txt"),
        ("a/requirements.txt", "base.txt", "a/base.txt"),
        ("a/b/requirements.txt", "../base.txt", "a/base.txt"),
        ("a/b/requirements.txt", "..\\base.txt", "a/base.txt"),
        ("a/requirements.txt", "../../base.txt", None),
        ("requirements.txt", "../root/top.txt", None),
        ("requirements.txt", "/etc/passwd", None),
        ("requirements.txt", "\\\\server\\share", None),
        ("requirements.txt", "a\0b", None),
        ("a/requirements.txt", "./x/../y", "a/y"),
    ],
)
def test_joining(traps: Tree, base: str, relative: str, joined: str | None) -> None:
    assert traps.join(base, relative) == joined


# --- odd things -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere.txt", "nowhere.txt: no such file"),
        ("a", "a: is no regular file"),
        ("top.txt/x", "top.txt/x: cannot be read (Not a directory)"),
        ("x" * 300, f"{'x' * 300}: cannot be read (File name too long)"),
        ("\udcff", "\udcff: has a name that is not UTF-8; rename it"),
    ],
)
def test_what_cannot_be_read_is_said(root: Path, path: str, message: str) -> None:
    tree = Tree(root)
    assert not tree.has(path)
    with pytest.raises(InputError) as raised:
        tree.read(path)
    assert str(raised.value) == message


def test_half_a_surrogate_pair_is_no_name(root: Path) -> None:
    tree = Tree(root)
    for path in ("\ud800", "a/\udfff"):
        assert not tree.has(path)
        assert not tree.holds(path)
        with pytest.raises(InputError, match=r"has a name that is not UTF-8; rename it$"):
            tree.read(path)


def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "fifo")
    tree, said = Tree(root), []

    def read() -> None:
        try:
            tree.read("fifo")
        except InputError as error:
            said.append(str(error))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(5)
    assert said == ["fifo: is no regular file"]
    assert not tree.has("fifo")
    assert "fifo" not in list(tree.walk())


def test_a_file_over_the_limit(root: Path) -> None:
    with (root / "big").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    tree = Tree(root)
    with pytest.raises(InputError) as raised:
        tree.read("big")
    assert str(raised.value) == f"big: is {MAX_FILE_BYTES + 1} bytes long, over the limit of {MAX_FILE_BYTES}; split it or leave it out"
    assert len(tree.read("big", limit=MAX_FILE_BYTES + 1).data) == MAX_FILE_BYTES + 1
    assert tree.read("top.txt", limit=3).text == "top"
    with pytest.raises(InputError, match="is 3 bytes long, over the limit of 2"):
        tree.read("top.txt", limit=2)


NAMES = [b"plain", b"sp ace", b"new\nline", b"\x1b[2J", b"\xff\xfe", "é".encode(), "e\u0301".encode(), b"a\\b", b"-r", b"*", b"%2e%2e"]


def test_names_of_odd_bytes_come_in_code_point_order(root: Path) -> None:
    for name in NAMES:
        (Path(os.fsdecode(os.fsencode(root) + b"/" + name))).write_bytes(b"x")
    found = list(Tree(root).walk())
    assert found == sorted([*map(os.fsdecode, NAMES), "a/b/file.txt", "top.txt"])


@pytest.mark.parametrize("folder", [".git", "node_modules", "__pycache__", ".venv", "venv", ".tox", "site-packages"])
def test_folders_that_are_not_the_products_own(root: Path, folder: str) -> None:
    (root / folder).mkdir()
    (root / folder / "bom.json").write_text("{}", encoding="utf-8")
    assert list(Tree(root).walk()) == ["a/b/file.txt", "top.txt"]


def test_lines_of_a_source(root: Path) -> None:
    (root / "lines").write_bytes(b"\xef\xbb\xbfa\r\n\n\xc3\xa9\xe2\x80\xa8b\nc")
    source = Tree(root).read("lines")
    assert source.text == "a\r\n\né\u2028b\nc"
    assert [source.line_of(offset) for offset in range(len(source.text))] == [1, 1, 1, 2, 3, 3, 3, 3, 4]
    (root / "odd").write_bytes(b"a\nb\xff")
    with pytest.raises(InputError) as raised:
        _ = Tree(root).read("odd").text
    assert str(raised.value) == "odd:2: byte 3 is not UTF-8; save the file as UTF-8"


def test_a_lazy_source_reads_what_is_asked_for(tmp_path: Path) -> None:
    size = 5_000_000_000
    with (tmp_path / "huge.bin").open("wb") as file:
        file.write(b"head")
        file.truncate(size)  # a file with a hole: large by name only
    source = Tree(tmp_path).read("huge.bin", limit=2 * size, lazy=True)
    assert (source.size, source.head(4), source.is_loaded) == (size, b"head", False)
    with source.open(limit=16) as view:
        assert view.read(0, 4) == b"head"
        assert view.upto(size - 2, 100) == b"\0\0"
        with pytest.raises(InputError, match=r"has a header of more than 16 bytes, which lien does not read"):
            view.read(0, 11)
    with source.open() as view, pytest.raises(InputError, match=f"ends after {size} bytes, in the middle of its header"):
        view.read(size - 1, 2)


def test_a_file_that_goes_away_after_it_was_found(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    source = Tree(tmp_path).read("a.txt", lazy=True)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        source.head(1)
    with pytest.raises(InputError, match="cannot be read"):
        source.open()


def test_files_of_a_folder(root: Path) -> None:
    links(root)
    tree = Tree(root)
    assert (tree.files_in(""), tree.files_in("a/b"), tree.files_in("a"), tree.files_in("none")) == (["top.txt"], ["file.txt"], [], [])
