"""Exit codes: 0 nothing denied, 1 a finding is denied whatever else happened, 2 not audited (DESIGN section 5)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from running import AS_OF, BROKEN_BOM, NON_COMMERCIAL, cleaned, report_of, run, write

COMMERCIAL = "context = {commercial = true}\n"
WHAT_IS_BROKEN = "is not JSON: Expecting value at column 17; mend the file or leave it out"


@pytest.fixture
def denied(tmp_path: Path) -> Path:
    return write(tmp_path / "shop", {"lien.toml": COMMERCIAL, "bom.json": NON_COMMERCIAL})


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return write(tmp_path / "shop", {"lien.toml": "context = {commercial = false, distributes = []}\n", "bom.json": NON_COMMERCIAL})


# --- findings and inputs --------------------------------------------------------------------------


def test_nothing_denied_is_0(clean: Path) -> None:
    report = report_of(clean)
    assert (report["summary"]["exit_code"], report["summary"]["deny"]) == (0, 0)


def test_a_denied_finding_is_1(denied: Path) -> None:
    report = report_of(denied)
    assert report["summary"]["exit_code"] == 1
    assert [one["term"] for one in report["findings"] if one["severity"] == "deny"] == ["non-commercial"]


def test_a_denied_finding_is_1_whatever_else_happened(denied: Path) -> None:
    write(denied, {"broken/bom.json": BROKEN_BOM})
    report = report_of(denied)
    assert report["summary"]["exit_code"] == 1
    assert report["coverage"]["errors"] == [{"path": "broken/bom.json", "line": 2, "message": WHAT_IS_BROKEN}]


@pytest.mark.parametrize("path", ["bom.json", "latest/app.cdx.json"])
def test_a_broken_bom_that_is_owed_is_2(clean: Path, path: str) -> None:
    write(clean, {path: BROKEN_BOM})
    report = report_of(clean)
    assert report["summary"]["exit_code"] == 2
    assert report["coverage"]["errors"] == [{"path": path, "line": 2, "message": WHAT_IS_BROKEN}]
    assert report["coverage"]["unread"] == []


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [("requirements.txt", "torch\n\n???\n", 3), ("pyproject.toml", "[project]\nname = \n", 2), ("a/requirements/base.txt", "=\n", 1)],
)
def test_other_owed_inputs_are_2(clean: Path, path: str, text: str, line: int) -> None:
    write(clean, {path: text})
    report = report_of(clean)
    assert report["summary"]["exit_code"] == 2
    assert [(one["path"], one["line"]) for one in report["coverage"]["errors"]] == [(path, line)]


@pytest.mark.parametrize("path", ["tests/bom.json", "docs/bom.json", "pkg/testdata/bom.json"])
def test_a_broken_file_of_tests_and_docs_is_unread_and_0(clean: Path, path: str) -> None:
    write(clean, {path: BROKEN_BOM})
    report = report_of(clean)
    assert (report["summary"]["exit_code"], report["summary"]["deny"]) == (0, 0)
    assert report["summary"]["warn"] > sum(one["severity"] == "warn" for one in report["findings"])
    assert report["coverage"]["unread"] == [{"path": path, "line": 2, "reason": WHAT_IS_BROKEN}]
    assert report["coverage"]["errors"] == []


def test_a_broken_card_is_unread(clean: Path) -> None:
    write(clean, {"model/README.md": "---\nlicense: [mit\n---\n"})
    report = report_of(clean)
    assert report["summary"]["exit_code"] == 0
    assert [(one["path"], one["line"]) for one in report["coverage"]["unread"]] == [("model/README.md", 3)]


@pytest.mark.parametrize("files", [{"tests/bom.json": BROKEN_BOM}, {"bom.json": BROKEN_BOM}])
def test_nothing_is_never_found_while_something_is_unread(tmp_path: Path, files: dict[str, str]) -> None:
    """DESIGN section 5: "Nothing found" is never printed while anything is unread. The first line is what people read."""
    folder = write(tmp_path / "shop", {"requirements.txt": "", **files})
    done = run("audit", "--as-of", AS_OF, cwd=folder)
    head, *_, last = done.stdout.splitlines()
    assert last == "0 denied, 0 warned, 0 unknown, 0 waived, 1 not read"
    assert "not read" in head or "unread" in head or "NOT FULLY AUDITED" in head


def test_unread_files_may_be_denied_by_policy(clean: Path) -> None:
    write(
        clean, {"tests/bom.json": BROKEN_BOM, "lien.toml": 'policy = {unread = "deny"}\ncontext = {commercial = false, distributes = []}\n'}
    )
    assert report_of(clean)["summary"]["exit_code"] == 1


def test_a_file_named_on_the_command_line_is_owed_wherever_it_stands(clean: Path) -> None:
    write(clean, {"tests/bom.json": BROKEN_BOM})
    assert report_of(clean, "tests/bom.json")["summary"]["exit_code"] == 2


def test_paths_of_the_project_file_are_owed(clean: Path) -> None:
    """DESIGN section 5: owed are paths named on the command line or in lien.toml."""
    write(clean, {"lien.toml": 'product = {paths = ["tests/bom.json"]}\n', "tests/bom.json": BROKEN_BOM})
    report = report_of(clean)
    assert report["summary"]["exit_code"] == 2
    assert [one["path"] for one in report["coverage"]["errors"]] == ["tests/bom.json"]


def test_a_path_of_the_project_file_that_is_not_there_is_2(clean: Path) -> None:
    write(clean, {"lien.toml": 'product = {name = "a", paths = ["sevrices/a"]}\n'})
    done = run("audit", cwd=clean)
    assert done.returncode == 2
    assert "sevrices/a" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("files", "fail_on", "code"),
    [
        ({}, "deny", 1),
        ({}, "warn", 1),
        ({}, "never", 0),
        ({"broken/bom.json": BROKEN_BOM}, "never", 2),
        ({"lien.toml": "context = {commercial = false, distributes = []}\n", "tests/bom.json": BROKEN_BOM}, "warn", 1),
    ],
)
def test_fail_on_moves_the_line(denied: Path, files: dict[str, str], fail_on: str, code: int) -> None:
    write(denied, files)
    assert report_of(denied, "--fail-on", fail_on)["summary"]["exit_code"] == code


# --- calls that cannot be audited -------------------------------------------------------------------

USAGE = "Usage: lien audit [OPTIONS] [PATH]...\nTry 'lien audit --help' for help.\n\nError: "


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("audit", "--as-of", "yesterday"), USAGE + "Invalid value for '--as-of': 'yesterday' is no date; write 2026-11-20\n"),
        (("audit", "nowhere"), USAGE + "Invalid value for '[PATH]...': Path 'nowhere' does not exist.\n"),
        (("audit", "--policy", "nowhere.toml"), USAGE + "Invalid value for '--policy': File 'nowhere.toml' does not exist.\n"),
        (("audit", "--product", "other"), 'lien: no product "other"; the project file names none\n'),
        (("why", "nonsense"), 'lien: "nonsense" is neither a finding of this audit nor a word of the vocabulary\n'),
        (
            ("explain", "apache"),
            'lien: "apache" is no word, question or licence; did you mean apache-2.0, apache-1.1, apache-1.0, saxpath?\n',
        ),
    ],
)
def test_calls_that_make_no_sense_are_2(clean: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments, cwd=clean)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


@pytest.mark.parametrize(
    ("name", "text"), [("notes.txt", "buy milk\n"), ("logo.png", "\x89PNG\r\n"), ("empty.json", ""), ("list.json", "[]")]
)
def test_a_named_file_that_nothing_reads_is_2(clean: Path, name: str, text: str) -> None:
    write(clean, {name: text})
    done = run("audit", name, cwd=clean)
    assert done.returncode == 2
    assert name in done.stdout + done.stderr
    assert "nothing denied" not in done.stdout


@pytest.mark.parametrize(
    "arguments", [("audit", "--no-such-option"), ("no-such-command",), ("audit", "--format", "xml"), ("explain", "a", "b")]
)
def test_calls_that_click_refuses_are_2(clean: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, cwd=clean)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: lien ")


def test_a_broken_project_file_is_2(denied: Path) -> None:
    write(denied, {"lien.toml": 'contxt = {commercial = true}\npolicy = {fail_on = "maybe"}\n'})
    done = run("audit", cwd=denied)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        'lien: lien.toml:1: unknown key "contxt"; known are product, context, policy, catalog, rule, agreement, relation, correction\n'
        "lien.toml:2: \"fail_on\" is 'maybe'; write one of deny, warn, never\n"
    )


# --- interrupts, bugs, pipes ------------------------------------------------------------------------


def with_module(folder: Path, name: str, text: str) -> dict[str, str]:
    """An environment in which a foreign module is ours: how a signal or a bug comes at a known moment of a real run."""
    stand_in = write(folder / "stand-in", {f"{name}.py": text})
    env = cleaned()
    return {**env, "PYTHONPATH": f"{stand_in}{os.pathsep}{env['PYTHONPATH']}"}


@pytest.mark.parametrize("fail_on", ["deny", "never"])
def test_an_interrupt_is_2(denied: Path, tmp_path: Path, fail_on: str) -> None:
    write(denied, {"model/README.md": "---\nlicense: mit\n---\n"})
    env = with_module(tmp_path, "yaml", "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time\ntime.sleep(30)\n")
    done = run("audit", "--fail-on", fail_on, "-o", "report.txt", cwd=denied, env=env)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "lien: interrupted; nothing was audited"
    assert not (denied / "report.txt").exists()


def test_an_interrupt_while_lien_starts_is_2(denied: Path, tmp_path: Path) -> None:
    env = with_module(tmp_path, "click", "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time\ntime.sleep(30)\n")
    done = run("audit", cwd=denied, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "lien: interrupted; nothing was audited\n")


@pytest.mark.parametrize("error", ["RuntimeError('boom')", "MemoryError()", "RecursionError()", "AssertionError()"])
def test_a_bug_is_2(denied: Path, tmp_path: Path, error: str) -> None:
    write(denied, {"model/README.md": "---\nlicense: mit\n---\n"})
    done = run("audit", cwd=denied, env=with_module(tmp_path, "yaml", f"raise {error}\n"))
    assert (done.returncode, done.stdout) == (2, "")
    name = error.partition("(")[0]
    assert done.stderr.splitlines()[-1] == f"lien: internal error ({name}); please report it with the lines above"


@pytest.mark.parametrize(
    "arguments",
    [("audit",), ("audit", "--format", "json"), ("why", "non-commercial"), ("explain",), ("--version",)],
)
def test_a_closed_pipe_is_2(denied: Path, arguments: tuple[str, ...]) -> None:
    """Never 1: `set -o pipefail; lien audit | head -1` would be read as a denied finding."""
    read, write_ = os.pipe()
    os.close(read)
    process = subprocess.Popen([sys.executable, "-m", "lien", *arguments], cwd=denied, env=cleaned(), stdout=write_, stderr=subprocess.PIPE)
    os.close(write_)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (2, b"")


def test_a_terminated_run_is_not_1(denied: Path, tmp_path: Path) -> None:
    write(denied, {"model/README.md": "---\nlicense: mit\n---\n"})
    env = with_module(tmp_path, "yaml", "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n")
    assert run("audit", cwd=denied, env=env).returncode == -signal.SIGTERM
