"""Ratios, measured in one run: start-up, a small audit, and a very large BOM.

    python benchmarks/run.py [--components 50000] [--edges-each 5] [--repeat 5]

Machines differ and are noisy, so nothing here is a time: each row is the median of runs of the one
command over the median of runs of the other, taken in turn. Peak memory is the larger child's.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from generate_bom import bom
from generate_tree import write_tree

from lien.catalog.store import Catalog

ROOT = Path(__file__).parents[1]
LIEN = (sys.executable, "-m", "lien")


def measured(command: Sequence[str]) -> tuple[float, float]:
    """CPU seconds and peak memory in MiB of one run of a command; its exit code is not judged."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def ratio(name: str, ours: Sequence[str], other: Sequence[str], repeat: int, aim: str) -> None:
    """Print the ratio of two commands, run in turn."""
    measured(ours), measured(other)  # page cache and byte code
    pairs = [(measured(ours), measured(other)) for _ in range(repeat)]
    seconds = statistics.median(a[0] for a, _ in pairs) / statistics.median(b[0] for _, b in pairs)
    memory = statistics.median(a[1] for a, _ in pairs) / statistics.median(b[1] for _, b in pairs)
    print(f"{name:<62} time {seconds:6.2f}x  memory {memory:5.2f}x  aim {aim}")


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--components", type=int, default=50_000)
    parser.add_argument("--edges-each", type=int, default=5)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    python = sys.executable
    names = sorted(Catalog.bundled().artifact_ids())[:: max(1, sum(1 for _ in Catalog.bundled().artifact_ids()) // 50)][:50]
    ratio("lien --version / python -c 'import click'", (*LIEN, "--version"), (python, "-c", "import click"), options.repeat, "1.3x")
    example = str(ROOT / "examples" / "alpaca-assistant")
    ratio("lien audit examples/alpaca-assistant / bare interpreter", (*LIEN, "audit", example), (python, "-c", "pass"), options.repeat, "-")
    # As from an installed wheel: a checkout also asks whether the knowledge was edited since it was compiled.
    installed = tempfile.TemporaryDirectory()
    shutil.copytree(ROOT / "src" / "lien", Path(installed.name, "lien"))
    looking = (
        f"import sys; sys.path.insert(0, {installed.name!r}); from lien.catalog.store import Catalog; catalog = Catalog.bundled(); "
        f"[catalog.artifact(catalog.canonical(one)) for one in {names!r}]"
    )
    with installed:
        ratio("50 look-ups from cold / bare interpreter", (python, "-c", looking), (python, "-c", "pass"), options.repeat, "3x")
    with tempfile.TemporaryDirectory() as scratch:
        write_tree(Path(scratch), options.files)
        grep = ("git", "-C", scratch, "grep", "--no-index", "-lE", "from_pretrained|load_dataset|openai|huggingface.co|model_name")
        ratio(f"lien audit of {options.files} files / git grep for the same patterns", (*LIEN, "audit", scratch), grep, options.repeat, "-")
        began = time.monotonic()
        measured((*LIEN, "audit", scratch))
        print(f"{'':<62} {options.files / (time.monotonic() - began):.0f} files in a second here, by the clock, with every core")
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "bom.json")
        document = bom(options.components, options.edges_each)
        file.write_text(json.dumps(document, indent=2), encoding="utf-8")
        edges = sum(len(one["dependsOn"]) for one in document["dependencies"])
        print(f"generated BOM: {len(document['components'])} components, {edges} edges, {file.stat().st_size / 1e6:.0f} MB")
        loads = (python, "-c", f"import json; json.loads(open({str(file)!r}, encoding='utf-8').read())")
        reading = (
            "from pathlib import Path; from lien.readers.cyclonedx import CycloneDxReader; from lien.sources.tree import Tree; "
            f"found = list(CycloneDxReader().read_lists(Tree(Path({str(file.parent)!r})).read({file.name!r}, limit=1 << 30), []))"
        )
        ratio("reading it / json.loads of it", (python, "-c", reading), loads, options.repeat, "3x")
        table = (*LIEN, "audit", str(file))
        report = (*LIEN, "audit", str(file), "--format", "json", "-o", str(Path(scratch, "report.json")))
        ratio("audit of it (table) / json.loads of it", table, loads, max(1, options.repeat // 2), "10x, 3x")
        ratio("audit of it (JSON report) / json.loads of it", report, loads, max(1, options.repeat // 2), "10x, 3x")


if __name__ == "__main__":
    main()
