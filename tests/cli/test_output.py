"""What is written where: whole or not at all, without a byte that moves a cursor, the same on every machine."""

import json
import os
import pty
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import AS_OF, BROKEN_BOM, NON_COMMERCIAL, cleaned, run, write

EXAMPLE = Path(__file__).parents[2] / "examples" / "alpaca-assistant"
DAY = ("--as-of", AS_OF)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path / "shop", {"lien.toml": "context = {commercial = true}\n", "bom.json": NON_COMMERCIAL})


# --- -o -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["table", "json"])
def test_output_file_holds_what_standard_output_would(shop: Path, format_: str) -> None:
    shown = run("audit", "--format", format_, *DAY, cwd=shop)
    written = run("audit", "--format", format_, *DAY, "-o", "../report", cwd=shop)
    assert (written.returncode, written.stdout, written.stderr) == (1, "", "")
    assert (shop.parent / "report").read_text(encoding="utf-8") == shown.stdout


def test_a_failure_half_way_leaves_the_old_file(shop: Path) -> None:
    (shop / "report.json").write_text("old", encoding="utf-8")
    before = sorted(path.name for path in shop.iterdir())
    full = run("audit", "--format", "json", cwd=shop).stdout
    assert len(full) > 2048

    def fills_up() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    done = run("audit", "--format", "json", "-o", "report.json", cwd=shop, before=fills_up)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: report.json: cannot be written (File too large)\n"
    assert (shop / "report.json").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in shop.iterdir()) == before


def test_a_folder_that_is_not_there_is_a_clear_error(shop: Path) -> None:
    done = run("audit", "-o", "out/report.txt", cwd=shop)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: out/report.txt: cannot be written (No such file or directory)\n"
    assert not (shop / "out").exists()


def test_a_folder_is_no_output_file(shop: Path) -> None:
    (shop / "out").mkdir()
    done = run("audit", "-o", "out", cwd=shop)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "Error: Invalid value for '-o' / '--output': File 'out' is a directory.")


def test_a_pipe_is_written_into_and_not_replaced(shop: Path) -> None:
    """`-o /dev/null` by root must not put a file in the place of the device."""
    fifo = shop.parent / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        done = run("audit", "-o", fifo, cwd=shop)
        assert (done.returncode, done.stderr) == (1, "")
        assert fifo.is_fifo()
        assert os.read(reader, 1 << 16).startswith(b"shop: MAY NOT SHIP")
    finally:
        os.close(reader)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [("audit",), ("explain", "revocable"), ("--version",)])
def test_a_full_disk_is_2(shop: Path, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lien", *arguments],
            cwd=shop,
            env=cleaned(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (2, b"lien: standard output cannot be written (No space left on device)\n")


# --- colour ---------------------------------------------------------------------------------------

_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def on_terminal(*arguments: str, cwd: Path, **env: str) -> str:
    """What a command shows on a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "lien", *arguments],
        cwd=cwd,
        env=cleaned(TERM="xterm-256color", **env),
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.STDOUT,
    ):
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # Linux says so where another system ends the file
                break
            if not part:
                break
            parts.append(part)
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("arguments", [("audit", *DAY), ("why", "non-commercial", *DAY)])
def test_colour_says_nothing_that_the_words_do_not(shop: Path, arguments: tuple[str, ...]) -> None:
    piped = run(*arguments, cwd=shop).stdout
    coloured = on_terminal(*arguments, cwd=shop)
    assert "\x1b" not in piped
    assert _COLOUR.search(coloured)
    assert _COLOUR.sub("", coloured) == piped
    assert on_terminal(*arguments, cwd=shop, NO_COLOR="1") == piped
    assert on_terminal(*arguments, cwd=shop, NO_COLOR="") == coloured  # no-color.org: only when not empty


def test_a_file_has_no_colour(shop: Path) -> None:
    assert on_terminal("audit", "-o", "../report", cwd=shop) == ""
    assert "\x1b" not in (shop.parent / "report").read_text(encoding="utf-8")


# --- what inputs say is shown, never obeyed ---------------------------------------------------------

EVIL = "\x1b[2J\x9b31m\u202eevil\u2066\u200f\u061c\x07\x7f\u2028\r"
"""Clears the screen, colours it, turns text around (three ways), rings, ends a line."""


def evil_bom() -> str:
    model = {
        "type": "machine-learning-model",
        "bom-ref": "m",
        "name": f"acme/{EVIL}model",
        "version": f"1{EVIL}",
        "publisher": EVIL,
        "licenses": [{"license": {"name": f"{EVIL}licence"}}, {"license": {"id": "CC-BY-NC-4.0"}}],
        "modelCard": {"modelParameters": {"datasets": [{"type": "dataset", "name": f"acme/{EVIL}data"}]}},
        "pedigree": {
            "ancestors": [{"type": "machine-learning-model", "name": f"acme/{EVIL}base", "licenses": [{"license": {"id": "CC-BY-ND-4.0"}}]}]
        },
    }
    other = {"type": "library", "name": f"lib{EVIL}", "version": "1", "licenses": [{"expression": f"{EVIL} OR MIT"}]}
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"type": "application", "name": f"app{EVIL}"}}}
    return json.dumps({**document, "components": [model, other]})


EVIL_TOML = f"""
[product]
name = {json.dumps("shop" + EVIL)}
[context]
commercial = true
distributes = ["weights", "app"]
modifies = true
organisation = [{json.dumps(EVIL)}]
fields = [{json.dumps(EVIL)}]
[[rule]]
term = "no-derivatives"
action = "allow"
reason = {json.dumps("reason" + EVIL)}
[[agreement]]
origin = "cc-by-nc-4.0"
terms = ["attribution"]
reason = {json.dumps(EVIL)}
[[relation]]
from = "product"
type = "calls"
to = {json.dumps("service:acme" + EVIL)}
source = {json.dumps(EVIL)}
[[correction]]
artifact = {json.dumps("package:generic/lib" + EVIL + "@1")}
claim = {json.dumps(EVIL + " OR MIT")}
reason = {json.dumps(EVIL)}
"""


def is_plain(text: str) -> bool:
    return all(one == "\n" or one.isprintable() for one in text)


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """Names of files too: whoever unpacks an archive does not choose them."""
    name = EVIL.replace("\r", "")
    return write(
        tmp_path / "shop",
        {
            "bom.json": evil_bom(),
            f"{name}/requirements.txt": f"torch\n-r {name}.txt\n",
            f"{name}/model/README.md": "---\nlicense: mit\nbase_model: acme/base\n---\n",
            f"tests/{name}/bom.json": BROKEN_BOM,
            "more/bom.json": '{"bomFormat": "\\u001b[2J"}',
        },
    )


@pytest.mark.parametrize("arguments", [("audit",), ("tree",), ("why", "non-commercial"), ("why", "custom-license")])
def test_names_of_inputs_are_shown_escaped(evil: Path, arguments: tuple[str, ...]) -> None:
    write(evil, {"lien.toml": "context = {commercial = true}\n"})
    done = run(*arguments, cwd=evil)
    assert done.returncode in (0, 1), done.stderr
    assert "\\x1b[2J" in done.stdout
    assert "\\x202e" in done.stdout
    assert [line for line in (done.stdout + done.stderr).split("\n") if not is_plain(line)] == []


@pytest.mark.parametrize("arguments", [("audit",), ("tree",), ("why", "no-derivatives")])
def test_words_of_the_project_file_are_shown_escaped(evil: Path, arguments: tuple[str, ...]) -> None:
    write(evil, {"lien.toml": EVIL_TOML})
    done = run(*arguments, cwd=evil)
    assert done.returncode in (0, 1), done.stderr
    assert [line for line in (done.stdout + done.stderr).split("\n") if not is_plain(line)] == []


@pytest.mark.parametrize(
    "text",
    [
        f"{json.dumps(EVIL)} = 1\n",
        f"policy = {{answers = {json.dumps(EVIL)}}}\n",
        f'[[rule]]\nterm = {json.dumps(EVIL)}\naction = "deny"\n',
        f'[[relation]]\nfrom = {json.dumps(EVIL)}\nto = "product"\ntype = "calls"\nsource = "x"\n',
        f"catalog = {{paths = [{json.dumps(EVIL)}]}}\n",
    ],
)
def test_errors_are_shown_escaped(shop: Path, text: str) -> None:
    write(shop, {"lien.toml": text})
    done = run("audit", cwd=shop)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("lien: lien.toml")
    assert is_plain(done.stderr)


@pytest.mark.parametrize("arguments", [("audit",), ("tree",)])
def test_a_name_of_odd_bytes_is_shown_escaped(shop: Path, arguments: tuple[str, ...]) -> None:
    """A name that is no UTF-8 comes as surrogates, which cannot be encoded as they are."""
    folder = os.fsencode(shop) + b"/m\xff\xfe"
    os.mkdir(folder)  # noqa: PTH102  # bytes, not a Path
    for name, text in (
        (b"requirements.txt", b"torch\n"),
        (b"README.md", b"---\nlicense: mit\nbase_model: acme/base\n---\n"),
        (b"bom.json", b"{"),
    ):
        with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123  # bytes, not a Path
            file.write(text)
    done = run(*arguments, *DAY, cwd=shop)
    assert (done.returncode, done.stderr) == (1 if arguments == ("audit",) else 0, "")
    assert is_plain(done.stdout)


def test_a_name_of_odd_bytes_is_told(shop: Path) -> None:
    folder = os.fsencode(shop) + b"/m\xff\xfe"
    os.mkdir(folder)  # noqa: PTH102  # bytes, not a Path
    for name in (b"requirements.txt", b"README.md"):
        with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123  # bytes, not a Path
            file.write(b"---\nlicense: mit\n---\n")
    done = run("audit", "--format", "json", *DAY, cwd=shop)
    assert (done.returncode, done.stderr) == (1, "")
    coverage = json.loads(done.stdout)["coverage"]
    assert coverage["errors"] == [
        {"path": "m\udcff\udcfe/requirements.txt", "line": None, "message": "has a name that is not UTF-8; rename it"}
    ]
    assert coverage["unread"] == [{"path": "m\udcff\udcfe/README.md", "line": None, "reason": "has a name that is not UTF-8; rename it"}]
    for format_ in ("table", "json"):
        written = run("audit", "--format", format_, *DAY, "-o", "../report", cwd=shop)
        assert (written.returncode, written.stderr) == (1, "")
        assert (shop.parent / "report").read_text(encoding="utf-8") == run("audit", "--format", format_, *DAY, cwd=shop).stdout


def test_a_name_that_cannot_be_encoded_is_no_bug(shop: Path) -> None:
    """JSON may say half of a surrogate pair; so may a hostile BOM, and nothing downstream can encode it."""
    component = {
        "type": "machine-learning-model",
        "name": "acme/\ud800",
        "version": "\udfff",
        "licenses": [{"license": {"name": "\ud800"}}],
    }
    write(shop, {"other/bom.json": json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component]})})
    done = run("audit", cwd=shop)
    assert (done.returncode, done.stderr) == (1, "")


# --- the same bytes everywhere ----------------------------------------------------------------------

VIEWS = (("audit",), ("audit", "--format", "json"), ("tree",), ("why", "non-commercial"))


def views(folder: Path, count: int = len(VIEWS), **env: str) -> Iterator[bytes]:
    """What the first commands of VIEWS print."""
    for arguments in VIEWS[:count]:
        command = [sys.executable, "-m", "lien", *arguments, *DAY]
        done = subprocess.run(command, cwd=folder, env={**cleaned(), **env}, capture_output=True, check=False, timeout=60)
        assert done.stderr == b""
        assert done.stdout
        yield done.stdout


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    folder = tmp_path_factory.mktemp("one") / "alpaca-assistant"
    shutil.copytree(EXAMPLE, folder)
    write(folder, {"müll/requirements.txt": "torch\n", "tests/bom.json": BROKEN_BOM})
    return folder, list(views(folder, PYTHONHASHSEED="0"))


@pytest.mark.parametrize(("seed", "count"), [("1", 4), ("4294967295", 2)])
def test_output_does_not_depend_on_the_hash_seed(example: tuple[Path, list[bytes]], seed: str, count: int) -> None:
    folder, expected = example
    assert list(views(folder, count, PYTHONHASHSEED=seed)) == expected[:count]


def test_output_does_not_depend_on_the_place_or_the_order_of_the_tree(example: tuple[Path, list[bytes]], tmp_path: Path) -> None:
    folder, expected = example
    copy = tmp_path / "some" / "where" / "else" / folder.name
    copy.mkdir(parents=True)
    for path in sorted((path for path in folder.rglob("*") if path.is_file()), reverse=True):
        place = copy / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    assert list(views(copy, 2)) == expected[:2]
    assert not [one for one in expected if os.fsencode(folder.parent) in one]


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "COLUMNS": "200", "HOME": "/nonexistent"},
    ],
)
def test_output_does_not_depend_on_the_locale(example: tuple[Path, list[bytes]], env: dict[str, str]) -> None:
    folder, expected = example
    assert list(views(folder, 1, **env)) == expected[:1]


def test_output_is_utf_8_without_a_utf_8_locale(shop: Path) -> None:
    """Python's own help against a C locale switched off: words of licences are not ASCII."""
    ascii_ = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    assert list(views(shop, 2, **ascii_)) == list(views(shop, 2))


def test_the_tree_is_left_as_it_was(shop: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (shop, *shop.rglob("*"))}
    assert len(list(views(shop))) == len(VIEWS)
    assert {path: path.stat().st_mtime_ns for path in (shop, *shop.rglob("*"))} == before


def test_a_guess_on_the_way_is_told_beside_the_certainty(tmp_path: Path) -> None:
    """The text may be sure and a step on the way to it a guess from a name: a headline must not hide that."""
    relation = '[[relation]]\nfrom = "product"\ntype = "loads"\nto = "model:{}"\nsource = "main.py"\n'
    for model, certainty in (("nousresearch/llama-2-7b-hf", "settled, inferred"), ("meta-llama/llama-2-7b-hf", "settled")):
        folder = write(tmp_path / certainty, {"lien.toml": "context = {commercial = true}\n" + relation.format(model)})
        heads = [line for line in run("audit", cwd=folder).stdout.splitlines() if line.startswith("WARN no-output-training")]
        assert [line.split("training")[1].rpartition("  ")[0].strip() for line in heads] == [certainty]
