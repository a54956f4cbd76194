"""The generated page of every licence says what its knowledge file says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_licence_pages_are_current() -> None:
    run = subprocess.run(
        [sys.executable, ROOT / "tools" / "write_license_pages.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr


def test_every_licence_has_a_page_with_its_clauses() -> None:
    pages = ROOT / "docs" / "licenses"
    for file in (ROOT / "graphs" / "licenses").glob("*.yaml"):
        assert (pages / f"{file.stem}.md").is_file()
    page = (pages / "llama-2.md").read_text(encoding="utf-8")
    assert "**no-output-training** (`outputs`), 1.b.v" in page
    assert "improve any other large language model" in page
