"""Runs the command line as its users do: in a process of its own, with nothing of our environment."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import lien

__all__ = ["AS_OF", "BROKEN_BOM", "NON_COMMERCIAL", "Run", "cleaned", "report_of", "run", "write"]

AS_OF = "2026-11-20"

Run = subprocess.CompletedProcess[str]

NON_COMMERCIAL = json.dumps(
    {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [
            {
                "type": "machine-learning-model",
                "name": "acme/chat",
                "purl": "pkg:huggingface/acme/chat",
                "licenses": [{"license": {"id": "CC-BY-NC-4.0"}}],
            }
        ],
    },
    indent=1,
)
"""A BOM of one model that a commercial product may not use."""

BROKEN_BOM = '{"bomFormat": "CycloneDX",\n "components": ['


def cleaned(**more: str) -> dict[str, str]:
    """Where programs are found, which lien this is, and what a test adds; nothing else."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(lien.__file__).parents[1]), "LC_ALL": "C.UTF-8", **more}


def run(
    *arguments: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
    flags: tuple[str, ...] = (),
) -> Run:
    """`lien` with these arguments in a folder; `before` runs in the new process, `flags` are the interpreter's."""
    return subprocess.run(
        [sys.executable, *flags, "-m", "lien", *map(str, arguments)],
        cwd=cwd,
        env=dict(env) if env is not None else cleaned(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        preexec_fn=before,  # limits and signals of one process; no threads here
    )


def report_of(folder: Path, *arguments: str) -> dict[str, Any]:
    """The report as data; its own exit code is the one of the process, and nothing is said beside it."""
    done = run("audit", "--format", "json", "--as-of", AS_OF, *arguments, cwd=folder)
    assert done.stderr == ""
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["summary"]["exit_code"] == done.returncode
    return report


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Files of a small repository; returns its root."""
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder
