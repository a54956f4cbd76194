"""uv.lock through the reader's own door."""

from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.uv_lock import UvLockReader
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Kind

READER: Reader = UvLockReader()
DATA = Path(__file__).parent.parent / "data" / "locks" / "uv"
FILE = "uv.lock"


def read(folder: Path, text: str) -> list[Fragment]:
    (folder / FILE).write_text(text, encoding="utf-8")
    return list(READER.read(Tree(folder).read(FILE)))


def test_claims() -> None:
    assert READER.claims("uv.lock")
    assert READER.claims("backend/uv.lock")
    assert READER.claims("tools/run.py.lock")
    assert not READER.claims("poetry.lock")


def test_a_workspace() -> None:
    fragments = list(READER.read(Tree(DATA).read(FILE)))
    assert fragments[0] == ArtifactSeen(
        "package:pypi/click@8.1.7", Kind.PACKAGE, Evidence(FILE, 51, None, 'name = "click"', "uv-lock"), name="click", version="8.1.7"
    )
    relations = [one for one in fragments if isinstance(one, RelationSeen)]
    assert [(one.downstream, one.upstream, one.evidence.line) for one in relations if one.downstream != PRODUCT] == [
        ("package:pypi/httpx@0.27.0", "package:pypi/click@8.1.7", 76),
        ("package:pypi/pytest@8.2.0", "package:pypi/iniconfig@2.0.0", 94),
        ("package:pypi/uvicorn@0.30.1", "package:pypi/click@8.1.7", 112),
        ("package:pypi/uvicorn@0.30.1", "package:pypi/httptools@0.6.1", 117),
    ]
    assert [(one.upstream, one.role, one.evidence.line, one.note) for one in relations if one.downstream == PRODUCT] == [
        ("package:pypi/torch@2.3.1", Role.DEFAULT, 21, None),
        ("package:pypi/torch@2.3.1+cpu", Role.DEFAULT, 22, None),
        ("package:pypi/uvicorn@0.30.1", Role.DEFAULT, 23, "with extras standard"),
        ("package:pypi/httpx@0.27.0", Role.DEFAULT, 47, None),
        ("package:pypi/faiss-cpu@1.8.0", Role.OPTION, 28, None),
        ("package:pypi/httpx@0.27.0", Role.OPTION, 29, "with extras http2"),
        ("package:pypi/h2@4.1.0", Role.OPTION, 81, "through httpx[http2]"),
        ("package:pypi/pytest@8.2.0", Role.DEVELOPMENT, 34, None),
    ]
    assert [one.evidence.as_written for one in relations if one.upstream == "package:pypi/h2@4.1.0"] == ['{ name = "h2" }']


def test_a_project_outside_the_tree(tmp_path: Path) -> None:
    text = """\
[[package]]
name = "bot"
source = { editable = "." }
dependencies = [{ name = "other" }, { name = "torch" }]
[[package]]
name = "other"
source = { directory = "../other" }
[[package]]
name = "torch"
version = "2.3.1"
source = { registry = "https://pypi.org/simple" }
"""
    fragments = read(tmp_path, text)
    (lost,) = [one for one in fragments if isinstance(one, UnresolvedReference)]
    assert (lost.what, lost.evidence.line) == ("other", 4)
    assert [one.upstream for one in fragments if isinstance(one, RelationSeen)] == ["package:pypi/torch@2.3.1"]


def test_a_workspace_that_is_no_package(tmp_path: Path) -> None:
    text = """\
version = 1
[manifest]
members = ["bot"]
overrides = [{ name = "ruff", specifier = ">1" }]

[manifest.dependency-groups]
dev = [
    { name = "ruff", specifier = ">=0.6" },
]
[[package]]
name = "ruff"
version = "0.6.0"
"""
    (relation,) = [one for one in read(tmp_path, text) if isinstance(one, RelationSeen)]
    assert (relation.upstream, relation.role, relation.evidence.line) == ("package:pypi/ruff@0.6.0", Role.DEVELOPMENT, 8)


def test_the_lock_of_a_script(tmp_path: Path) -> None:
    text = '[manifest]\nrequirements = [{ name = "rich" }]\n[[package]]\nname = "rich"\nversion = "13.7.1"\n'
    (relation,) = [one for one in read(tmp_path, text) if isinstance(one, RelationSeen)]
    assert (relation.upstream, relation.role, relation.evidence.line) == ("package:pypi/rich@13.7.1", Role.DEFAULT, 2)


def test_a_cycle_ends(tmp_path: Path) -> None:
    text = """\
[[package]]
name = "bot"
source = { virtual = "." }
dependencies = [{ name = "a", extra = ["x"] }]
[[package]]
name = "a"
version = "1"
dependencies = [{ name = "b" }]
[package.optional-dependencies]
x = [{ name = "b", extra = ["y"] }, { name = "a", extra = ["x"] }]
[[package]]
name = "b"
version = "1"
dependencies = [{ name = "a" }]
"""
    edges = {(one.downstream, one.upstream) for one in read(tmp_path, text) if isinstance(one, RelationSeen)}
    a, b = "package:pypi/a@1", "package:pypi/b@1"
    assert edges == {(PRODUCT, a), (a, b), (b, a)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version = 1\n[[package]\n", "uv.lock:2: is not TOML: "),
        ('package = "x"\n', "uv.lock: package is not a list of tables (write the lock anew)"),
        (
            '[[package]]\nversion = "1"\n[[package]]\nname = "a"\nversion = "1"\ndependencies = 3\n',
            "uv.lock:1: is a package without a name (write the lock anew); line 3: the package has dependencies that are no list (write the lock anew)",
        ),
        ('[[package]]\nname = "a"\ndependencies = [3]\n', "uv.lock:1: the package has a dependency without a name (write the lock anew)"),
    ],
)
def test_what_is_no_lock_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, text)
    assert str(raised.value).startswith(message)


def test_everything_else_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('[[package]]\nversion = "1"\n[[package]]\nname = "a"\nversion = "1"\n', encoding="utf-8")
    found: list[Fragment] = []
    with pytest.raises(InputError):
        found.extend(READER.read(Tree(tmp_path).read(FILE)))
    assert [one.id for one in found if isinstance(one, ArtifactSeen)] == ["package:pypi/a@1"]
