"""What a command imports: heavy libraries only where the question needs them (DESIGN section 1)."""

import json
from pathlib import Path

import pytest
from running import run, write

HEAVY = {
    "yaml",
    "networkx",
    "numpy",
    "pyarrow",
    "cyclonedx",
    "requests",
    "jsonschema_rs",
    "license_expression",
    "hypothesis",
    "pip",
    "tree_sitter",
}
REMOTE = {"socket", "ssl", "http", "asyncio"}

BOM = json.dumps(
    {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [
            {
                "type": "library",
                "name": "acme-a",
                "version": "1",
                "purl": "pkg:pypi/acme-a@1",
                "licenses": [{"license": {"id": "MIT"}}],
            }
        ],
    }
)
CARD = "---\nlicense: mit\nbase_model: mistralai/Mistral-7B-v0.1\n---\n# A model\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write(tmp_path / "shop", {"requirements.txt": "acme-a==1\nacme-b>=2\n", "bom.json": BOM})


def imported(*arguments: str, cwd: Path, code: int = 0) -> set[str]:
    """The modules that a command imports, by their full names."""
    done = run(*arguments, cwd=cwd, flags=("-X", "importtime"))
    assert done.returncode == code, done.stderr[-2000:]
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


def tops(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("audit", "--help"), ("catalog", "build", "--help")])
def test_help_and_version_load_no_floor_below_the_command_line(arguments: tuple[str, ...], tmp_path: Path) -> None:
    modules = imported(*arguments, cwd=tmp_path)
    assert not tops(modules) & (HEAVY | REMOTE | {"sqlite3", "json", "tomllib", "packaging"})
    assert {name for name in modules if name.startswith("lien.")} <= {
        "lien.__main__",
        "lien.cli",
        "lien.cli._options",
        "lien.cli.audit",
        "lien.cli.catalog",
        "lien.errors",
        "lien.version",
    }


@pytest.mark.parametrize(
    "arguments", [("audit",), ("audit", "--format", "json"), ("tree",), ("explain",), ("explain", "mit"), ("explain", "non-commercial")]
)
def test_small_questions_load_nothing_heavy(arguments: tuple[str, ...], repository: Path) -> None:
    assert not tops(imported(*arguments, cwd=repository)) & (HEAVY | REMOTE)


def test_a_project_file_loads_nothing_heavy(repository: Path) -> None:
    write(
        repository,
        {
            "lien.toml": 'context = {commercial = true}\n[[relation]]\nfrom = "product"\ntype = "loads"\nto = "model:meta/llama-7b"\nsource = "app"\n'
        },
    )
    assert not tops(imported("audit", cwd=repository, code=1)) & (HEAVY | REMOTE)


def test_a_card_loads_yaml_alone(repository: Path) -> None:
    write(repository, {"model/README.md": CARD})
    assert tops(imported("audit", cwd=repository)) & (HEAVY | REMOTE) == {"yaml"}


@pytest.mark.parametrize(("expression", "loaded"), [("MIT OR Apache-2.0", set()), ("(MIT OR Apache-2.0) AND ISC", {"license_expression"})])
def test_a_nested_licence_loads_its_parser_alone(repository: Path, expression: str, loaded: set[str]) -> None:
    bom = json.loads(BOM)
    bom["components"][0]["licenses"] = [{"expression": expression}]
    write(repository, {"bom.json": json.dumps(bom)})
    assert tops(imported("audit", cwd=repository)) & (HEAVY | REMOTE) == loaded


def test_all_routes_load_networkx_alone(repository: Path) -> None:
    assert tops(imported("why", "retain-notices", cwd=repository)) & HEAVY == {"networkx"}


def test_importing_lien_loads_nothing_of_it(tmp_path: Path) -> None:
    import subprocess
    import sys

    from running import cleaned

    code = "import sys, lien; print(sorted(one for one in sys.modules if one.startswith('lien')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=cleaned(), capture_output=True, text=True, check=True)
    assert done.stdout == "['lien', 'lien.version']\n"
