"""pyproject.toml files through the reader's own door."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.pyproject import PyprojectReader
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

READER: Reader = PyprojectReader()
DATA = Path(__file__).parent.parent / "data" / "pyproject"
FILE = "pyproject.toml"


def read(folder: Path, files: Mapping[str, str], path: str = FILE) -> list[Fragment]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return list(READER.read(Tree(folder).read(path)))


def asked(fragments: list[Fragment]) -> list[tuple[str, Role, int | None]]:
    """Upstream, role, and line of every relation."""
    return [(one.upstream, one.role, one.evidence.line) for one in fragments if isinstance(one, RelationSeen)]


def claimed(fragments: list[Fragment]) -> list[tuple[str, Scheme, int | None]]:
    return [(one.text, one.scheme, one.evidence.line) for one in fragments if isinstance(one, LicenseClaim)]


def message(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as raised:
        read(folder, {FILE: text})
    return str(raised.value)


def test_claims() -> None:
    assert READER.claims("pyproject.toml")
    assert READER.claims("libs/a/pyproject.toml")
    assert not READER.claims("pyproject.toml.bak")
    assert not READER.claims("docs/my-pyproject.toml")


def test_project_tables() -> None:
    fragments = list(READER.read(Tree(DATA / "pep621").read(FILE)))
    assert fragments[0] == ArtifactSeen(
        PRODUCT, Kind.PRODUCT, Evidence(FILE, 6, None, "support-bot", "pyproject"), name="support-bot", version="0.4.0"
    )
    assert claimed(fragments) == [
        ("Apache-2.0 OR MIT", Scheme.SPDX, 8),
        ("License :: OSI Approved :: Apache Software License", Scheme.CLASSIFIER, 11),
    ]
    assert asked(fragments) == [
        ("package:pypi/torch@2.3.1", Role.DEFAULT, 14),
        ("package:pypi/transformers", Role.DEFAULT, 15),
        ("package:pypi/tomli", Role.DEFAULT, 16),
        ("package:pypi/uvloop", Role.DEFAULT, 17),
        ("package:pypi/flash-attn@2.6.3", Role.OPTION, 21),
        ("package:pypi/hatchling", Role.BUILD, 2),
        ("package:pypi/hatch-vcs", Role.BUILD, 2),
        ("package:pypi/pytest", Role.DEVELOPMENT, 25),
        ("package:pypi/torch@2.3.1", Role.DEVELOPMENT, 25),
        ("package:pypi/ruff", Role.DEVELOPMENT, 26),
    ]


def test_poetry_tables() -> None:
    fragments = list(READER.read(Tree(DATA / "poetry").read(FILE)))
    assert fragments[0] == ArtifactSeen(
        PRODUCT, Kind.PRODUCT, Evidence(FILE, 2, None, "rag-demo", "pyproject"), name="rag-demo", version="1.2.0"
    )
    assert claimed(fragments) == [
        ("GPL-3.0-only", Scheme.SPDX, 4),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", Scheme.CLASSIFIER, 5),
    ]
    assert asked(fragments) == [
        ("package:pypi/poetry-core", Role.BUILD, 31),
        ("package:pypi/torch@2.3.1", Role.DEFAULT, 9),
        ("package:pypi/numpy", Role.DEFAULT, 10),
        ("package:pypi/pydantic@2.9.0", Role.DEFAULT, 11),
        ("package:pypi/faiss-cpu@1.8.0", Role.OPTION, 12),
        ("package:pypi/clip", Role.DEFAULT, 15),
        ("package:pypi/scipy@1.10.1", Role.DEFAULT, 16),
        ("package:pypi/scipy@1.14.0", Role.DEFAULT, 16),
        ("package:pypi/black", Role.DEVELOPMENT, 25),
        ("package:pypi/sphinx@7.4.7", Role.DEVELOPMENT, 28),
    ]
    assert [one for one in fragments if isinstance(one, UnresolvedReference)] == [
        UnresolvedReference(
            PRODUCT,
            "../elsewhere",
            "is a local project that is not in the audited tree; audit its folder too, or require it by name",
            Evidence(FILE, 14, None, 'elsewhere = { path = "../elsewhere" }', "pyproject"),
        )
    ]
    assert "token" not in repr(fragments)


def test_one_dependency(tmp_path: Path) -> None:
    text = "[project]\ndependencies = [\"Typing_Extensions[b,a] == 4.12.2 ; extra == 'x'\"]\n"
    evidence = Evidence(FILE, 2, None, "Typing_Extensions[b,a] == 4.12.2 ; extra == 'x'", "pyproject")
    assert read(tmp_path, {FILE: text}) == [
        ArtifactSeen("package:pypi/typing-extensions@4.12.2", Kind.PACKAGE, evidence, name="Typing_Extensions", version="4.12.2"),
        RelationSeen(PRODUCT, Relation.DEPENDS_ON, "package:pypi/typing-extensions@4.12.2", evidence, Role.OPTION, note="with extras a, b"),
    ]


def test_license_tables(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\nlicense = {text = "MIT licence"}\n'
    assert claimed(read(tmp_path, {FILE: text})) == [("MIT licence", Scheme.FREE_TEXT, 3)]


def test_license_file(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_bytes("Copyright © Ada\n".encode("latin-1"))
    fragments = read(tmp_path, {FILE: '[project]\nlicense = {file = "LICENSE"}\n'})
    assert fragments == [
        LicenseClaim(PRODUCT, "Copyright \ufffd Ada\n", Scheme.FILE, Evidence(FILE, 2, None, "LICENSE", "pyproject"), FILE)
    ]


@pytest.mark.parametrize("name", ["LICENSE", "../LICENSE", "/etc/passwd", "x" * 300])
def test_a_license_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    reason = "is named as the licence file, and is not in the audited tree; add it or name another"
    fragments = read(tmp_path, {FILE: f'[project.license]\nfile = "{name}"\n'})
    assert fragments == [UnresolvedReference(PRODUCT, name, reason, Evidence(FILE, 2, None, name, "pyproject"))]


def test_a_package_in_a_folder_is_part_of_the_product(tmp_path: Path) -> None:
    text = '[project]\nname = "part"\nversion = "1"\nlicense = "GPL-3.0-only"\ndependencies = ["torch"]\n'
    fragments = read(tmp_path, {"libs/part/pyproject.toml": text}, "libs/part/pyproject.toml")
    path = "libs/part/pyproject.toml"
    torch = Evidence(path, 5, None, "torch", "pyproject")
    assert fragments == [
        LicenseClaim(PRODUCT, "GPL-3.0-only", Scheme.SPDX, Evidence(path, 4, None, "GPL-3.0-only", "pyproject"), path, "libs/part"),
        ArtifactSeen("package:pypi/torch", Kind.PACKAGE, torch, name="torch"),
        RelationSeen(PRODUCT, Relation.DEPENDS_ON, "package:pypi/torch", torch),
    ]


def test_a_file_of_tool_settings_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, {FILE: "[tool.ruff]\nline-length = 100\n"}) == []


def test_not_toml(tmp_path: Path) -> None:
    assert message(tmp_path, "[project]\nname = x\n") == (
        "pyproject.toml:2: is not TOML: Invalid value (at line 2, column 8); mend the file or leave it out"
    )


def test_a_bad_requirement(tmp_path: Path) -> None:
    assert message(tmp_path, '[project]\ndependencies = [\n  "torch",\n  "numpy ^1.26",\n]\n') == (
        'pyproject.toml:4: "numpy ^1.26" is no requirement (write NAME, NAME==VERSION or NAME @ URL)'
    )


def test_every_problem_at_once(tmp_path: Path) -> None:
    text = """\
[project]
name = 3
dependencies = "torch"
[project.optional-dependencies]
gpu = ["flash attn"]
[dependency-groups]
a = [{include-group = "b"}]
b = [{include-group = "a"}]
c = [{include-group = "missing"}, {file = "x"}]
d = "ruff"
[tool.poetry]
dev-dependencies = 1
[tool.poetry.dependencies]
"no name" = "1.0"
torch = 2
"""
    assert message(tmp_path, text) == (
        "pyproject.toml:2: project.name is not a string (write it in quotes); "
        "line 3: project.dependencies is not a list of strings (write each in quotes, all in brackets); "
        'line 5: "flash attn" is no requirement (write NAME, NAME==VERSION or NAME @ URL); '
        "line 7: dependency-groups.a: Cyclic dependency group include while resolving a: a -> b, b -> a (include-group names another group of the file); "
        "line 8: dependency-groups.b: Cyclic dependency group include while resolving b: a -> b, b -> a (include-group names another group of the file); "
        "line 9: dependency-groups.c: Invalid dependency group item: {'file': 'x'} (include-group names another group of the file); "
        "line 10: dependency-groups.d is not a list of requirements (write each in quotes, all in brackets); "
        "line 12: tool.poetry.dev-dependencies is not a table (write KEY = VALUE lines under its name in brackets); "
        'line 14: "no name" is no package name (letters, digits, "-", "_" and "."); '
        'line 15: torch is neither a version nor a table (write NAME = "VERSION")'
    )


def test_an_include_of_no_group(tmp_path: Path) -> None:
    assert message(tmp_path, '[dependency-groups]\ndev = [{include-group = "missing"}]\n') == (
        "pyproject.toml:2: dependency-groups.dev: Dependency group 'missing' not found (include-group names another group of the file)"
    )


def test_good_values_come_before_the_error(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('[project]\nname = "x"\ndependencies = ["a b", "torch"]\n')
    fragments = READER.read(Tree(tmp_path).read(FILE))
    assert [getattr(next(fragments), "name", None) for _ in range(2)] == ["x", "torch"]


@pytest.mark.parametrize("text", ["a=" + "[" * 5000, "a=" + "9" * 5000])
def test_what_tomllib_trips_over(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"^pyproject\.toml(:1)?: is not TOML|is nested"):
        read(tmp_path, {FILE: text})


_VALUES = st.recursive(
    st.sampled_from(
        [
            '"torch"',
            '"x @ https://u:p@h/x"',
            "1",
            "true",
            "2024-01-01",
            '"a b"',
            '"\\u00e9"',
            "'License :: x'",
            '{include-group = "a"}',
            '{path = "../x"}',
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | inner.map(lambda item: f"{{ version = {item}, file = {item} }}")
    ),
    max_leaves=5,
)
_KEYS = st.sampled_from(
    [
        "project",
        "project.name",
        "project.license",
        "project.dependencies",
        "project.optional-dependencies.a",
        "build-system.requires",
        "project.classifiers",
        "dependency-groups.a",
        "dependency-groups.b",
        "tool.poetry",
        "tool.poetry.dependencies",
        "tool.poetry.dependencies.x",
        "tool.poetry.group.a",
        "tool",
    ]
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=5).map(lambda items: "".join(f"{key} = {value}\n" for key, value in items.items())))
def test_nothing_but_input_errors(text: str) -> None:
    source = Source(path=FILE, data=text.encode(), tree=Tree(DATA))
    try:
        fragments = list(READER.read(source))
    except InputError as error:
        assert error.line is not None  # noqa: PT017  # either way out is right
    else:
        assert all(one.evidence.line for one in fragments)


def test_tables_of_pdm_hatch_and_uv(tmp_path: Path) -> None:
    text = """\
[project]
name = "bot"
dependencies = [
  "torch==2.3.1",
  "bot-core",
  "helpers",
  "lib @ file:///${PROJECT_ROOT}/lib",
]

[tool.pdm.dev-dependencies]
test = ["pytest>=8", "-e file:///${PROJECT_ROOT}/lib"]

[tool.uv]
dev-dependencies = ["ruff"]
constraint-dependencies = ["numpy<2"]

[tool.uv.sources]
bot-core = { workspace = true }
helpers = { path = "libs/helpers", editable = true }
torch = [{ index = "pytorch-cpu", marker = "sys_platform == 'linux'" }]

[tool.hatch.envs.docs]
dependencies = ["mkdocs"]
extra-dependencies = ["numpy=={matrix:numpy}", "bot @ {root:uri}"]

[tool.hatch.build]
dependencies = ["cython==3.0.0"]
[tool.hatch.build.targets.wheel.hooks.mypyc]
dependencies = ["hatch-mypyc"]
"""
    fragments = read(tmp_path, {FILE: text})
    assert asked(fragments) == [
        ("package:pypi/torch@2.3.1", Role.DEFAULT, 4),
        ("package:pypi/pytest", Role.DEVELOPMENT, 11),
        ("package:pypi/ruff", Role.DEVELOPMENT, 14),
        ("package:pypi/mkdocs", Role.DEVELOPMENT, 23),
        ("package:pypi/numpy", Role.DEVELOPMENT, 24),
        ("package:pypi/cython@3.0.0", Role.BUILD, 27),
        ("package:pypi/hatch-mypyc", Role.BUILD, 29),
    ]
    assert not [one for one in fragments if isinstance(one, UnresolvedReference)]


def test_files_that_a_backend_takes_dependencies_from(tmp_path: Path) -> None:
    """requirements.txt is read for itself; a file of another name only because it is named."""
    text = """\
[tool.setuptools.dynamic]
dependencies = {file = ["requirements.txt", "deps.lst"]}
optional-dependencies.gpu = {file = "gpu.lst"}
[tool.hatch.metadata.hooks.requirements_txt]
files = ["missing.txt"]
"""
    files = {FILE: text, "requirements.txt": "flask\n", "deps.lst": "torch\n", "gpu.lst": "\nflash-attn==2.6.3\n"}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    found: list[Fragment] = []
    with pytest.raises(InputError) as raised:
        found.extend(READER.read(Tree(tmp_path).read(FILE)))
    assert str(raised.value) == f"{FILE}:5: tool.hatch.metadata.hooks.requirements_txt.files: missing.txt: no such file"
    assert [(one.upstream, one.role, one.evidence.path, one.evidence.line) for one in found if isinstance(one, RelationSeen)] == [
        ("package:pypi/torch", Role.DEFAULT, "deps.lst", 1),
        ("package:pypi/flash-attn@2.6.3", Role.OPTION, "gpu.lst", 2),
    ]
