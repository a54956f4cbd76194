"""What of a tree is read, in which scope, and what is never touched: through the front door."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import lien
from lien.api import audit, render
from lien.errors import UsageError

DAY = dt.date(2026, 11, 20)
BROKEN = '{"bomFormat": "CycloneDX",'


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def report(*paths: Path, **options: Any) -> dict[str, Any]:  # noqa: ANN401  # options of audit()
    data: dict[str, Any] = json.loads("".join(render(audit(paths, as_of=DAY, **options), "json")))
    return data


def bom(*components: dict[str, Any], **more: Any) -> str:  # noqa: ANN401  # any JSON
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components, **more}, indent=1)


def package(name: str, version: str, license_: str = "MIT") -> dict[str, Any]:
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "licenses": [{"license": {"id": license_}}],
    }


def model(name: str, license_: str = "CC-BY-NC-4.0") -> dict[str, Any]:
    return {"type": "machine-learning-model", "name": name, "purl": f"pkg:huggingface/{name}", "licenses": [{"license": {"id": license_}}]}


def artifacts(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in data["artifacts"] if one["id"] != "product"}


# --- the same thing in two inputs -------------------------------------------------------------------


@pytest.mark.parametrize("line", ["torch==2.3.1", "torch", "Torch>=2", "torch[cuda] ; python_version > '3'", "torch == 2.3.1  # pinned"])
def test_bom_and_requirements_name_one_thing(tmp_path: Path, line: str) -> None:
    data = report(write(tmp_path, {"requirements.txt": f"{line}\n", "bom.json": bom(package("torch", "2.3.1"))}))
    (found,) = artifacts(data).values()
    assert (found["id"], found["version"]) == ("package:pypi/torch@2.3.1", "2.3.1")
    assert {one["path"] for one in found["evidence"]} >= {"bom.json", "requirements.txt"}
    (relation,) = data["relations"]
    assert {one["path"] for one in relation["evidence"]} == {"bom.json", "requirements.txt"}


@pytest.mark.parametrize("spelling", ["typing_extensions", "Typing-Extensions", "typing.extensions"])
def test_spellings_of_a_package_are_one_thing(tmp_path: Path, spelling: str) -> None:
    data = report(write(tmp_path, {"requirements.txt": f"{spelling}==4.0\n", "bom.json": bom(package("typing-extensions", "4.0"))}))
    assert list(artifacts(data)) == ["package:pypi/typing-extensions@4.0"]


def test_two_versions_are_two_things(tmp_path: Path) -> None:
    data = report(write(tmp_path, {"requirements.txt": "torch==2.4.0\n", "bom.json": bom(package("torch", "2.3.1"))}))
    assert list(artifacts(data)) == ["package:pypi/torch@2.3.1", "package:pypi/torch@2.4.0"]


def test_lines_are_those_of_the_files(tmp_path: Path) -> None:
    data = report(
        write(tmp_path, {"requirements.txt": "\n# x\ntorch==2.3.1\n", "bom.json": bom(package("numpy", "2"), package("torch", "2.3.1"))})
    )
    found = artifacts(data)["package:pypi/torch@2.3.1"]
    lines = {one["path"]: one["line"] for one in found["evidence"] if one["path"]}
    assert lines["requirements.txt"] == 3
    assert '"torch"' in "".join((tmp_path / "bom.json").read_text(encoding="utf-8").splitlines(keepends=True)[lines["bom.json"] - 1 :][:3])


# --- scopes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("bom.json", "used"),
        ("deploy/bom.json", "used"),
        ("contest/bom.json", "used"),
        ("latest/bom.json", "used"),
        ("tests/bom.json", "test"),
        ("a/b/Tests/c/bom.json", "test"),
        ("benchmarks/bom.json", "test"),
        ("docs/bom.json", "doc"),
        ("examples/x/bom.json", "doc"),
        ("docs/tests/bom.json", "test"),
    ],
)
def test_a_folder_says_what_a_file_is_for(tmp_path: Path, path: str, scope: str) -> None:
    data = report(write(tmp_path, {path: bom(model("acme/chat"))}))
    assert artifacts(data)["model:acme/chat"]["scope"] == scope
    assert {one["scope"] for one in data["relations"]} == {scope}
    limits = [one for one in data["findings"] if one["term"] == "non-commercial" and one["rule"] == "inherited"]
    assert [one["severity"] for one in limits if one["severity"] != "info"] == (["deny"] if scope == "used" else [])


def test_the_strongest_scope_wins(tmp_path: Path) -> None:
    data = report(
        write(
            tmp_path,
            {"tests/bom.json": bom(model("acme/chat")), "docs/bom.json": bom(model("acme/chat")), "app.cdx.json": bom(model("acme/chat"))},
        )
    )
    assert artifacts(data)["model:acme/chat"]["scope"] == "used"
    assert [one["scope"] for one in data["relations"]] == ["used"]
    assert data["summary"]["exit_code"] == 1


def test_what_only_a_test_needs_binds_nobody(tmp_path: Path) -> None:
    data = report(write(tmp_path, {"tests/bom.json": bom(model("acme/chat")), "requirements.txt": "torch\n"}))
    assert (data["summary"]["exit_code"], data["summary"]["deny"]) == (0, 0)


def test_paths_are_judged_from_the_audited_root(tmp_path: Path) -> None:
    """Auditing `examples/bot` itself is not auditing an example."""
    folder = write(tmp_path / "examples" / "bot", {"bom.json": bom(model("acme/chat"))})
    assert report(folder)["summary"]["exit_code"] == 1
    assert report(folder / "bom.json")["summary"]["exit_code"] == 1
    assert report(tmp_path)["summary"]["exit_code"] == 0


# --- named paths ------------------------------------------------------------------------------------


def test_only_what_is_named_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a/bom.json": bom(model("acme/a")), "b/bom.json": bom(model("acme/b")), "b/c/bom.json": bom(model("acme/c")), "bom.json": BROKEN},
    )
    data = report(tmp_path / "a" / "bom.json", tmp_path / "b")
    assert data["coverage"]["read"] == ["a/bom.json", "b/bom.json", "b/c/bom.json"]
    assert list(artifacts(data)) == ["model:acme/a", "model:acme/b", "model:acme/c"]


def test_the_order_in_which_paths_are_named_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a/bom.json": bom(model("acme/a")), "b/bom.json": bom(model("acme/a"))})
    assert (
        report(tmp_path / "a", tmp_path / "b")
        == report(tmp_path / "b", tmp_path / "a")
        == report(tmp_path / "b", tmp_path / "a", tmp_path / "b")
    )


def test_a_folder_and_its_own_file_are_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"bom.json": bom(model("acme/a"))})
    one, other = report(tmp_path), report(tmp_path / "bom.json")
    assert one["findings"] == other["findings"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        audit([tmp_path / "nowhere"])
    assert str(raised.value) == f"{tmp_path}/nowhere: no such file or folder"


def test_a_broken_input_keeps_what_could_be_read_of_it(tmp_path: Path) -> None:
    data = report(write(tmp_path, {"requirements.txt": "torch\n???\nflask\n"}))
    assert list(artifacts(data)) == ["package:pypi/flask", "package:pypi/torch"]
    (error,) = data["coverage"]["errors"]
    assert (error["path"], error["line"]) == ("requirements.txt", 2)
    assert data["coverage"]["read"] == []
    assert data["summary"]["exit_code"] == 2


def test_what_git_ignores_is_told_and_a_named_path_is_read(tmp_path: Path) -> None:
    files = {
        ".gitignore": "out/\nlocal.cdx.json\n*.pyc\n",
        "requirements.txt": "torch\n",
        "a.pyc": "",
        "local.cdx.json": bom(model("acme/a")),
    }
    root = write(tmp_path / "root", {**files, "out/bom.json": bom(model("acme/b")), ".git/HEAD": ""})
    coverage = report(root)["coverage"]
    assert coverage["skipped"] == [{"path": path, "reason": "is ignored by .gitignore"} for path in ("local.cdx.json", "out/")]
    assert (coverage["considered"], coverage["read"]) == (2, ["requirements.txt"])
    assert "model:acme/b" in artifacts(report(root / "requirements.txt", root / "out" / "bom.json"))


def test_a_named_file_of_no_format_is_told_so(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"pom.xml": "<project>\n  <artifactId>a</artifactId>\n</project>\n", "requirements.txt": "torch\n"})
    errors = report(root / "pom.xml", root / "requirements.txt")["coverage"]["errors"]
    assert errors == [{"path": "pom.xml", "line": None, "message": "is not of any format that lien reads"}]


# --- safety -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["../outside/bom.json", "inner/produced.json", "nowhere.json"])
def test_a_link_that_is_not_followed_is_told(tmp_path: Path, target: str) -> None:
    """What could not be read is shown, never skipped: a BOM that is a link must not vanish."""
    write(tmp_path / "outside", {"bom.json": bom(model("acme/secret"))})
    root = write(tmp_path / "root", {"requirements.txt": "torch\n", "inner/produced.json": bom(model("acme/chat"))})
    (root / "bom.json").symlink_to(target)
    data = report(root)
    assert "model:acme/secret" not in artifacts(data)
    told = {one["path"] for part in ("unread", "skipped", "errors") for one in data["coverage"][part]}
    assert "bom.json" in told or "model:acme/chat" in artifacts(data)


HOOK = """
import os, sys, atexit
events = []
def hook(event, arguments):
    if event in ("open", "os.listdir", "os.scandir", "subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.remove",
                 "os.rename", "os.mkdir", "os.symlink", "os.chmod", "shutil.rmtree", "pickle.find_class", "ctypes.dlopen") or event.startswith("socket."):
        events.append((event, *(repr(one) for one in arguments)))
sys.addaudithook(hook)
def dump():
    said = "\\n".join("\\t".join(one) for one in list(events))
    os.write(os.open(os.environ["EVENTS"], os.O_WRONLY | os.O_CREAT), said.encode("utf-8", "backslashreplace"))
atexit.register(dump)
"""


def test_nothing_read_is_run_and_nothing_outside_is_opened(tmp_path: Path) -> None:
    """The interpreter itself reports every file, process and socket (PEP 578)."""
    write(tmp_path / "hook", {"sitecustomize.py": HOOK})
    write(tmp_path / "outside", {"secret.txt": "flask\n", "card.md": "---\nlicense: mit\n---\n", "k.yaml": "id: k\n"})
    pwn = "open('/tmp/lien-was-here', 'w').write('x')\n"
    root = write(
        tmp_path / "root",
        {
            "requirements.txt": "-r ../outside/secret.txt\n-r link.txt\n-e ./local\n-c file:///etc/passwd\ngit+https://example.invalid/a/b.git\nx @ https://example.invalid/x.whl\n",
            "requirements-more.txt": "--index-url https://example.invalid/simple\ny\n",
            "pyproject.toml": '[build-system]\nrequires = ["z"]\nbuild-backend = "backend"\nbackend-path = ["."]\n[project]\nname = "a"\nreadme = "../outside/card.md"\nlicense = {file = "../outside/secret.txt"}\n',
            "backend.py": pwn,
            "setup.py": pwn,
            "conftest.py": pwn,
            "sitecustomize.py": pwn,
            "yaml.py": pwn,
            "local/setup.py": pwn,
            "model/README.md": "---\nlicense: other\nlicense_link: ../../outside/secret.txt\nbase_model: !!python/object/apply:os.system [touch /tmp/lien-was-here]\n---\n",
            "data/README.md": "---\nlicense: other\nlicense_link: file:///etc/passwd\ndataset_info: {a: b}\n---\n",
            "bom.json": bom(
                {
                    "type": "library",
                    "name": "n",
                    "version": "1",
                    "licenses": [{"license": {"name": "x", "text": {"content": "y"}, "url": "https://example.invalid/l"}}],
                }
            ),
            ".venv/lib/python3.11/site-packages/evil.pth": f"import os; {pwn}",
            ".venv/lib/python3.11/site-packages/x-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: x\nVersion: 1\nLicense: MIT\nLicense-File: ../../../../../../outside/secret.txt\n",
            "weights.pkl": "cposix\nsystem\n(S'touch /tmp/lien-was-here'\ntR.",
            "lien.toml": "context = {commercial = true}\n",
        },
    )
    (root / "link.txt").symlink_to("../outside/secret.txt")
    (root / "linked").symlink_to("../outside")
    (root / "README.md").symlink_to("../outside/card.md")
    source = Path(lien.__file__).parents[1]
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{tmp_path / 'hook'}{os.pathsep}{source}",
        "EVENTS": str(tmp_path / "events"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-P", "-m", "lien", "audit", "--format", "json"]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert not json.loads(done.stdout)["summary"]["deny"]
    events = [line.split("\t") for line in (tmp_path / "events").read_text(encoding="utf-8").splitlines()]
    assert len(events) > 50
    places = (
        root,
        source,
        Path(sys.prefix),
        Path(sys.base_prefix).resolve(),
        tmp_path / "hook",
        "/proc/self",
        "/dev/",
        *filter(None, sys.path),
    )
    allowed = tuple(map(str, places))
    odd = [one for one in events if one[0] not in ("open", "os.listdir", "os.scandir")]
    odd += [one for one in events if one[0] in ("open", "os.listdir", "os.scandir") and not _is_inside(one[1], allowed)]
    odd += [one for one in events if one[0] == "open" and any(mode in one[2] for mode in "wax+")]
    assert odd == []
    assert not [one for one in events if "outside" in one[1]]
    assert not Path("/tmp/lien-was-here").exists()  # noqa: S108  # what the traps would leave


def _is_inside(shown: str, allowed: tuple[str, ...]) -> bool:
    path = shown.strip("'\"")
    # Descriptors, the working folder, and the interpreter's own search of its prefix.
    return not path.startswith("/") or path.startswith(allowed) or path.endswith("pyvenv.cfg")
