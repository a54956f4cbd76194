"""Requirements files as people write them, through the reader's own door."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers.interface import Reader
from lien.readers.requirements import RequirementsReader
from lien.sources.limits import MAX_INCLUDES
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

READER: Reader = RequirementsReader()
DATA = Path(__file__).parent.parent / "data" / "requirements"


def read(folder: Path, files: Mapping[str, str], path: str = "requirements.txt") -> list[Fragment]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return list(READER.read(Tree(folder).read(path)))


def asked(fragments: list[Fragment]) -> list[tuple[str, Role, str | None, int | None, str | None]]:
    """Upstream, role, and place of every relation."""
    return [
        (one.upstream, one.role, one.evidence.path, one.evidence.line, one.evidence.as_written)
        for one in fragments
        if isinstance(one, RelationSeen)
    ]


def message(folder: Path, files: Mapping[str, str], path: str = "requirements.txt") -> str:
    with pytest.raises(InputError) as raised:
        read(folder, files, path)
    return str(raised.value)


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "requirements_gpu.txt",
        "Requirements.TXT",
        "app/dev-requirements.txt",
        "requirements/base.txt",
        "services/api/requirements/prod.txt",
        "requirements/base.in",
        "requirements.in",
        "test-requirements.in",
    ],
)
def test_claims(path: str) -> None:
    assert READER.claims(path)


@pytest.mark.parametrize(
    "path",
    [
        "constraints.txt",
        "requirements/constraints.txt",
        "requirements-constraints.txt",
        "notes.txt",
        "requirements.md",
        "requirements/data/x.txt",
    ],
)
def test_does_not_claim(path: str) -> None:
    assert not READER.claims(path)


def test_a_real_folder() -> None:
    """pip-compile output beside its input, with hashes, an index, an editable install of the tree and a VCS pin."""
    fragments = list(READER.read(Tree(DATA).read("requirements.txt")))
    assert asked(fragments) == [
        ("package:pypi/fastapi@0.115.6", Role.DEFAULT, "requirements/base.txt", 3, "fastapi==0.115.6 ; python_version >= '3.9'"),
        ("package:pypi/typing-extensions@4.12.2", Role.DEFAULT, "requirements/base.txt", 6, "typing_extensions == 4.12.2"),
        ("package:pypi/torch@2.3.1", Role.DEFAULT, "requirements.txt", 6, "torch>=2.1"),
        ("package:pypi/transformers", Role.DEFAULT, "requirements.txt", 7, "transformers[sentencepiece,torch]>=4.44,<5"),
        (
            "package:pypi/flash-attn",
            Role.DEFAULT,
            "requirements.txt",
            9,
            "flash-attn @ git+https://github.com/Dao-AILab/flash-attention.git@v2.6.3",
        ),
        ("package:pypi/llama-index", Role.OPTION, "requirements.txt", 10, "llama-index ; extra == 'rag'"),
        ("code:github/openai/clip", Role.DEFAULT, "requirements.txt", 11, "git+https://github.com/openai/CLIP.git@a9b1bf5"),
    ]
    assert [one for one in fragments if isinstance(one, UnresolvedReference)] == []


def test_fragments_of_one_line(tmp_path: Path) -> None:
    fragments = read(tmp_path, {"requirements.txt": "# top\n\nTyping_Extensions[b,a]==4.12.2  # why\n"})
    evidence = Evidence("requirements.txt", 3, None, "Typing_Extensions[b,a]==4.12.2", "requirements")
    assert fragments == [
        ArtifactSeen("package:pypi/typing-extensions@4.12.2", Kind.PACKAGE, evidence, name="Typing_Extensions", version="4.12.2"),
        RelationSeen(PRODUCT, Relation.DEPENDS_ON, "package:pypi/typing-extensions@4.12.2", evidence, note="with extras a, b"),
    ]


@pytest.mark.parametrize(
    ("line", "identifier"),
    [
        ("torch", "package:pypi/torch"),
        ("torch==2.3.1+cu118", "package:pypi/torch@2.3.1+cu118"),
        ("torch==2.3.*", "package:pypi/torch"),
        ("torch===2.3", "package:pypi/torch"),
        ("torch>=2,!=2.1", "package:pypi/torch"),
        ("torch==2.3.1,!=2.3.0", "package:pypi/torch@2.3.1"),
        ("torch ; sys_platform == 'win32'", "package:pypi/torch"),
        ("torch==2.3.1 --hash=sha256:00 --hash=sha256:11", "package:pypi/torch@2.3.1"),
        ("Zope.Interface", "package:pypi/zope-interface"),
        ("torch @ https://example.org/torch-2.3.1-cp311-cp311-linux_x86_64.whl", "package:pypi/torch"),
        ("https://example.org/torch-2.3.1%2Bcpu-cp311-cp311-linux_x86_64.whl", "package:pypi/torch@2.3.1+cpu"),
        ("./wheels/torch-2.3.1-cp311-cp311-linux_x86_64.whl", "package:pypi/torch@2.3.1"),
        ("torch-2.3.1.tar.gz", "package:pypi/torch@2.3.1"),
        ("git+https://github.com/o/r.git#egg=Some_Name", "package:pypi/some-name"),
        ("git+https://github.com/o/r.git@main#subdirectory=py&egg=name[extra]", "package:pypi/name"),
        ("-e git+ssh://git@github.com/O/R.git@v1.0", "code:github/o/r"),
        ("git+git@github.com:o/r.git", "code:github/o/r"),
        ("git+https://gitlab.com/group/sub/project", "code:gitlab/group/sub/project"),
        ("git+https://git.example.org/o/r", "code:git.example.org/o/r"),
        ("https://github.com/o/r/archive/refs/tags/v1.0.zip", "code:github/o/r"),
    ],
)
def test_identifiers(tmp_path: Path, line: str, identifier: str) -> None:
    assert [one[0] for one in asked(read(tmp_path, {"requirements.txt": line}))] == [identifier]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("requirements.txt", Role.DEFAULT),
        ("requirements-dev.txt", Role.DEVELOPMENT),
        ("requirements/docs.txt", Role.DEVELOPMENT),
        ("testrequirements.txt", Role.DEVELOPMENT),
        ("requirements-ci.txt", Role.DEVELOPMENT),
        ("build-requirements.txt", Role.BUILD),
        ("requirements-latest.txt", Role.DEFAULT),
        ("requirements-science.txt", Role.DEFAULT),
    ],
)
def test_the_file_name_says_the_role(tmp_path: Path, path: str, role: Role) -> None:
    assert [one[1] for one in asked(read(tmp_path, {path: "torch\n"}, path))] == [role]


def test_an_extra_in_a_development_file_stays_development(tmp_path: Path) -> None:
    fragments = read(tmp_path, {"requirements-dev.txt": 'torch; extra == "gpu"\n'}, "requirements-dev.txt")
    assert [one[1] for one in asked(fragments)] == [Role.DEVELOPMENT]


def test_a_marker_that_only_holds_the_word_is_no_extra(tmp_path: Path) -> None:
    fragments = read(tmp_path, {"requirements.txt": 'torch; platform_version != "extra"\n'})
    assert [one[1] for one in asked(fragments)] == [Role.DEFAULT]


def test_continued_lines_count_from_their_first(tmp_path: Path) -> None:
    text = "torch \\\n  >=2 \\\n  # a comment ends it\nnumpy\\\n==1.26.4 \\"
    assert asked(read(tmp_path, {"requirements.txt": text})) == [
        ("package:pypi/torch", Role.DEFAULT, "requirements.txt", 1, "torch   >=2"),
        ("package:pypi/numpy@1.26.4", Role.DEFAULT, "requirements.txt", 4, "numpy==1.26.4"),
    ]


def test_includes_are_read_in_the_context_of_the_includer(tmp_path: Path) -> None:
    files = {
        "requirements/dev.txt": "-r base.txt\n--requirement=../other.txt\n-r'more.txt'\npytest\n",
        "requirements/base.txt": "torch\n-r dev.txt\n-r base.txt\n",
        "other.txt": "numpy\n",
        "requirements/more.txt": "scipy\n",
    }
    assert asked(read(tmp_path, files, "requirements/dev.txt")) == [
        ("package:pypi/torch", Role.DEVELOPMENT, "requirements/base.txt", 1, "torch"),
        ("package:pypi/numpy", Role.DEVELOPMENT, "other.txt", 1, "numpy"),
        ("package:pypi/scipy", Role.DEVELOPMENT, "requirements/more.txt", 1, "scipy"),
        ("package:pypi/pytest", Role.DEVELOPMENT, "requirements/dev.txt", 4, "pytest"),
    ]


def test_hashes_and_the_line_that_pins(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_text(f"numpy==1.26.4 \\\n    --hash=sha256:{'b' * 64}\n")
    text = f"-c constraints.txt\nnumpy\ntorch==2.3.1 --hash=sha256:{'A' * 64} --hash=sha256:{'c' * 64}\n"
    source = Source(path="requirements.txt", data=text.encode(), tree=Tree(tmp_path))
    seen = [one for one in RequirementsReader().read(source) if isinstance(one, ArtifactSeen)]
    assert [(one.id, one.evidence.path, one.evidence.line, dict(one.attributes)) for one in seen] == [
        ("package:pypi/numpy@1.26.4", "requirements.txt", 2, {}),
        ("package:pypi/numpy@1.26.4", "constraints.txt", 1, {"hashes": (f"sha256:{'b' * 64}",)}),
        ("package:pypi/torch@2.3.1", "requirements.txt", 3, {"hashes": (f"sha256:{'a' * 64}", f"sha256:{'c' * 64}")}),
    ]


def test_constraints_pin_and_ask_for_nothing(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "torch>=2\nnumpy\nscipy==1.0\npandas\n-c https://example.org/upper.txt\n-c constraints.txt\n",
        "constraints.txt": "Torch==2.3.1\nscipy==1.1\nrich==13\n-e ./x\n"
        "numpy==1.26.4; python_version < '3.12'\nnumpy==2.1.0; python_version >= '3.12'\npandas<3\n",
    }
    assert [(one[0], one[2], one[3]) for one in asked(read(tmp_path, files))] == [
        ("package:pypi/torch@2.3.1", "requirements.txt", 1),
        ("package:pypi/numpy", "requirements.txt", 2),
        ("package:pypi/scipy@1.0", "requirements.txt", 3),
        ("package:pypi/pandas", "requirements.txt", 4),
    ]


def test_options_are_no_requirements(tmp_path: Path) -> None:
    text = "-i https://u:p@example.org/simple\n--extra-index-url https://example.org\n--find-links ./w\n--pre\n--no-binary :all:\n"
    assert read(tmp_path, {"requirements.txt": text}) == []


def test_local_projects_of_the_tree_are_part_of_the_product(tmp_path: Path) -> None:
    files = {
        "requirements/dev.txt": "-e .\n-e .[dev]\n./libs/a\n-e ../libs/a[x] ; python_version > '3'\n../libs/b\n/opt/c\n",
        "libs/a/pyproject.toml": "",
    }
    fragments = read(tmp_path, files, "requirements/dev.txt")
    reason = "is a local project that is not in the audited tree; audit its folder too, or require it by name"
    assert fragments == [
        UnresolvedReference(PRODUCT, "../libs/b", reason, Evidence("requirements/dev.txt", 5, None, "../libs/b", "requirements")),
        UnresolvedReference(PRODUCT, "/opt/c", reason, Evidence("requirements/dev.txt", 6, None, "/opt/c", "requirements")),
    ]


def test_what_stands_at_a_url_is_not_fetched(tmp_path: Path) -> None:
    fragments = read(tmp_path, {"requirements.txt": "-r https://example.org/r.txt\nhttps://example.org/download?id=3\n"})
    assert [(one.what, one.reason) for one in fragments if isinstance(one, UnresolvedReference)] == [
        ("-r https://example.org/r.txt", "is a requirements file at a URL, which lien does not fetch; keep a copy in the tree"),
        ("https://example.org/download?id=3", "is a URL that names no package; write NAME @ URL"),
    ]


def test_tokens_are_not_passed_on(tmp_path: Path) -> None:
    fragments = read(
        tmp_path,
        {"requirements.txt": "x @ git+https://user:ghp_secret@github.com/o/r.git@v1\n-e git+https://ghp_secret@git.example.org/o/r\n"},
    )
    assert [one[4] for one in asked(fragments)] == ["x @ git+https://***@github.com/o/r.git@v1", "git+https://***@git.example.org/o/r"]
    assert "secret" not in repr(fragments)


def test_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    assert [(one[0], one[3]) for one in asked(read(tmp_path, {"requirements.txt": "\ufefftorch\r\n\r\nnumpy \\\r\n>=1\r\n"}))] == [
        ("package:pypi/torch", 1),
        ("package:pypi/numpy", 3),
    ]


def test_one_bad_line(tmp_path: Path) -> None:
    assert (
        message(tmp_path, {"requirements.txt": "torch\nfoo bar\n"})
        == 'requirements.txt:2: "foo bar" is no requirement (write NAME, NAME==VERSION or NAME @ URL)'
    )


def test_every_bad_line_is_named_at_once(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "torch\nnumpy=1.26=py311\n-r base.txt\n- scipy\n-r missing.txt\n-c ../../c.txt\n-r\nrich\n",
        "base.txt": "<<<<<<< HEAD\n",
    }
    assert message(tmp_path, files) == (
        'requirements.txt:2: "numpy=1.26=py311" is no requirement (write NAME, NAME==VERSION or NAME @ URL); '
        'line 4: "- scipy" is no requirement (write NAME, NAME==VERSION or NAME @ URL); '
        "line 5: -r missing.txt: no such file; add the file or take the line out; "
        "line 6: -c ../../c.txt: lies outside the audited tree, where lien does not read; copy it in or audit its folder; "
        'line 7: "-r" is no requirement (write NAME, NAME==VERSION or NAME @ URL); '
        'base.txt:1: "<<<<<<< HEAD" is no requirement (write NAME, NAME==VERSION or NAME @ URL)'
    )


def test_good_lines_come_before_the_error(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("foo bar\ntorch\n")
    fragments = READER.read(Tree(tmp_path).read("requirements.txt"))
    assert [getattr(next(fragments), "id", None)] == ["package:pypi/torch"]
    next(fragments)
    with pytest.raises(InputError):
        next(fragments)


def test_a_link_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("torch\n")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "base.txt").symlink_to(tmp_path / "secret.txt")
    assert message(tmp_path / "tree", {"requirements.txt": "-r base.txt\n"}) == (
        "requirements.txt:1: -r base.txt: lies outside the audited tree, where lien does not read; copy it in or audit its folder"
    )


def test_another_format_is_not_listed_line_by_line(tmp_path: Path) -> None:
    text = message(tmp_path, {"requirements.txt": "a b\n" * 30})
    assert text.startswith('requirements.txt:1: "a b" is no requirement (write NAME, NAME==VERSION or NAME @ URL); line 2: ')
    assert text.endswith('line 20: "a b" is no requirement (write NAME, NAME==VERSION or NAME @ URL); and 10 more')


def test_long_lines_are_cut_in_messages(tmp_path: Path) -> None:
    assert message(tmp_path, {"requirements.txt": "a " * 100}) == (
        f'requirements.txt:1: "{("a " * 100)[:79]}…" is no requirement (write NAME, NAME==VERSION or NAME @ URL)'
    )


def test_includes_are_bounded(tmp_path: Path) -> None:
    files = {f"r{number}.txt": f"-r r{number + 1}.txt\n" for number in range(MAX_INCLUDES + 1)}
    files["requirements.txt"] = "-r r0.txt\n"
    assert (
        message(tmp_path, files)
        == f"r{MAX_INCLUDES - 1}.txt:1: -r r{MAX_INCLUDES}.txt: is one file more than the 200 that lien follows; audit it by itself"
    )


def test_a_marker_of_a_thousand_brackets(tmp_path: Path) -> None:
    line = "a; " + "(" * 5000
    assert (
        message(tmp_path, {"requirements.txt": line})
        == f'requirements.txt:1: "{line[:79]}…" is no requirement (write NAME, NAME==VERSION or NAME @ URL)'
    )


def test_not_utf_8(tmp_path: Path) -> None:
    """Shells of Windows write UTF-16, with its mark, where `pip freeze` is sent into a file."""
    (tmp_path / "requirements.txt").write_bytes("torch\n".encode("utf-16"))
    assert [one[0] for one in asked(list(READER.read(Tree(tmp_path).read("requirements.txt"))))] == ["package:pypi/torch"]
    (tmp_path / "requirements.txt").write_bytes("torch  # é\n".encode("latin-1"))
    with pytest.raises(InputError) as raised:
        list(READER.read(Tree(tmp_path).read("requirements.txt")))
    assert str(raised.value) == "requirements.txt:1: byte 9 is not UTF-8; save the file as UTF-8"


_PIECES = st.sampled_from(
    [
        "torch",
        "==",
        "2.3",
        "[",
        "]",
        "; ",
        "extra",
        '"x"',
        "@ ",
        "git+",
        "https://",
        "github.com/",
        "o/r",
        "#egg=",
        "-r ",
        "-c ",
        "-e ",
        "--hash=",
        "../",
        ".",
        "base.txt",
        "\\\n",
        "\n",
        "\r\n",
        " ",
        "#",
        "'",
        "(",
        "file://",
        ".whl",
        "-1.0",
        "%",
        "\x00",
        "é",
        "~",
        "a" * 300,
        "\u2028",
        "[::1",
        "C:\\",
    ]
)


@given(st.lists(_PIECES, max_size=30).map("".join) | st.text(max_size=200))
def test_nothing_but_input_errors(text: str) -> None:
    source = Source(path="requirements/base.txt", data=text.encode(errors="replace"), tree=Tree(DATA))
    try:
        fragments = list(READER.read(source))
    except InputError as error:
        assert error.line is not None  # noqa: PT017  # either way out is right
    else:
        assert all(one.evidence.line for one in fragments)
