"""Where the catalogue stands: stale in a checkout is an error, and a wheel carries its own (DESIGN section 1)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = {"requirements.txt": "a==1\n", "model/README.md": "---\nlicense: cc-by-nc-4.0\nbase_model: acme/base\n---\n"}
STALE = "lien: catalog.sqlite: the knowledge in graphs/ was edited since the catalogue was built; run `lien catalog build`\n"


def run(code: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The lien of a folder of code, from anywhere."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(code), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of this code with the knowledge of three licences."""
    root = tmp_path_factory.mktemp("work") / "checkout"
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__", "catalog.sqlite*", ".catalog*"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, root / name)
    for name in ("mit", "apache-2.0", "cc-by-nc-4.0"):
        (root / "graphs" / "licenses").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "graphs" / "licenses" / f"{name}.yaml", root / "graphs" / "licenses" / f"{name}.yaml")
    return root


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere")
    for name, text in PRODUCT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def edited(checkout: Path) -> Iterator[Path]:
    """The text of MIT, to be edited and put back."""
    file = checkout / "graphs" / "licenses" / "mit.yaml"
    text = file.read_bytes()
    yield file
    file.write_bytes(text)
    (checkout / "graphs" / "licenses" / "new.yaml").unlink(missing_ok=True)


def test_a_catalogue_that_is_not_built_names_the_command(checkout: Path, product: Path) -> None:
    (checkout / "src" / "lien" / "catalog" / "catalog.sqlite").unlink(missing_ok=True)
    done = run(checkout / "src", "-m", "lien", "explain", "mit", cwd=product)
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "lien: catalog.sqlite: the catalogue is not built; run `lien catalog build`\n",
    )


def test_a_stale_catalogue_names_the_command(checkout: Path, product: Path, edited: Path) -> None:
    code = checkout / "src"
    built = run(code, "-m", "lien", "catalog", "build", cwd=product)
    assert (built.returncode, built.stderr) == (0, "")
    assert built.stdout.startswith("3 licences, 0 artifacts, digest ")
    assert run(code, "-m", "lien", "explain", "mit", cwd=product).returncode == 0

    text = edited.read_text(encoding="utf-8")
    os.utime(edited)
    assert run(code, "-m", "lien", "explain", "mit", cwd=product).returncode == 0  # touched is not edited
    for change in ("edit", "add", "delete"):
        match change:
            case "edit":
                edited.write_text(text + "# edited\n", encoding="utf-8")
            case "add":
                (edited.parent / "new.yaml").write_text(
                    "id: new\nname: New\nabout: [data]\ntext: {title: t, read: by-name}\n", encoding="utf-8"
                )
            case _:
                edited.unlink()
        command = ("audit",) if change == "edit" else ("explain", "apache-2.0")
        done = run(code, "-m", "lien", *command, cwd=product)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", STALE), change
        edited.write_text(text, encoding="utf-8")
        (edited.parent / "new.yaml").unlink(missing_ok=True)
    edited.write_text(text.replace("name: MIT License", "name: MIT License, edited"), encoding="utf-8")
    run(code, "-m", "lien", "catalog", "build", cwd=product)
    assert "edited" in run(code, "-m", "lien", "explain", "mit", cwd=product).stdout


def test_broken_knowledge_leaves_the_catalogue_as_it_was(checkout: Path, product: Path, edited: Path) -> None:
    code, file = checkout / "src", checkout / "src" / "lien" / "catalog" / "catalog.sqlite"
    run(code, "-m", "lien", "catalog", "build", cwd=product)
    before = file.read_bytes()
    edited.write_text(edited.read_text(encoding="utf-8").replace("id: mit", "id: mti"), encoding="utf-8")
    for command in ("build", "validate"):
        done = run(code, "-m", "lien", "catalog", command, cwd=product)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", "lien: licenses/mit.yaml:1: the file should be named mti.yaml\n")
    assert file.read_bytes() == before


def test_the_digest_does_not_depend_on_the_hash_seed(checkout: Path, product: Path) -> None:
    code = "from pathlib import Path; from lien.catalog.compile import load; print(load(Path(__import__('sys').argv[1])).digest())"
    said = set()
    for seed in ("0", "1", "2"):
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(checkout / "src"), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, str(checkout / "graphs")]
        said.add(subprocess.run(command, cwd=product, env=env, capture_output=True, text=True, check=True).stdout)
    assert len(said) == 1


def test_a_wheel_works_outside_the_checkout(checkout: Path, product: Path, tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="the build backend is not installed; the wheel cannot be built without isolation")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(tmp_path / "dist"), str(checkout)]
    subprocess.run(build, check=True, env=env, capture_output=True, timeout=120)
    (wheel,) = (tmp_path / "dist").glob("lien-*.whl")
    target = tmp_path / "installed"
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", str(target), str(wheel)], check=True, env=env, timeout=120)
    assert (target / "lien" / "catalog" / "catalog.sqlite").is_file()
    assert (target / "lien" / "policy" / "default.toml").is_file()
    assert (target / "lien" / "py.typed").is_file()
    assert run(target, "-c", "import lien; print(lien.__file__)", cwd=product).stdout == f"{target}/lien/__init__.py\n"

    audit = run(target, "-m", "lien", "audit", cwd=product)
    assert (audit.returncode, audit.stderr) == (1, "")
    assert "DENY non-commercial" in audit.stdout
    explained = run(target, "-m", "lien", "explain", "mit", cwd=product)
    assert (explained.returncode, explained.stderr) == (0, "")
    assert explained.stdout.startswith("mit: MIT License\n")
    # Knowledge edited in the checkout is none of the wheel's business, and the wheel has no knowledge files to check.
    none = run(target, "-m", "lien", "catalog", "validate", cwd=product)
    assert (none.returncode, none.stdout) == (2, "")
    assert none.stderr == "lien: this installation carries no knowledge files; name their folder with --sources\n"
    sources = run(target, "-m", "lien", "catalog", "validate", "--sources", str(checkout / "graphs"), cwd=product)
    assert (sources.returncode, sources.stdout) == (0, "3 licences, 0 artifacts: no problem found\n")
    script = target / "bin" / "lien"
    assert run(target, str(script), "--version", cwd=product).stdout.startswith("lien ")
