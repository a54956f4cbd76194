"""Writes a CycloneDX file of the size that auditors choke on: 50,000 components, 200,000 edges.

    python benchmarks/generate_bom.py BOM.json [COMPONENTS] [EDGES_EACH]

The same bytes every time: fixed seed, no clock.
"""

import json
import random
import sys
from pathlib import Path
from typing import Any

LICENSES = ("MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "BSD-2-Clause", "MPL-2.0", "LGPL-3.0-only", "GPL-3.0-or-later", "0BSD", "CC0-1.0")
WEIGHTS = (50, 20, 10, 8, 5, 2, 1, 1, 2, 1)


def bom(components: int = 50_000, edges_each: int = 4) -> dict[str, Any]:
    """A product of npm packages, each depending on `edges_each` later ones, Zipf-like popular."""
    chance = random.Random(20261120)  # noqa: S311  # the same file each time is the point
    names = [f"package-{number}" for number in range(components)]
    listed = [
        {
            "type": "library",
            "bom-ref": f"pkg:npm/{name}@{number % 9}.{number % 7}.0",
            "name": name,
            "version": f"{number % 9}.{number % 7}.0",
            "purl": f"pkg:npm/{name}@{number % 9}.{number % 7}.0",
            "licenses": [{"license": {"id": chance.choices(LICENSES, WEIGHTS)[0]}}],
        }
        for number, name in enumerate(names)
    ]
    refs = [str(one["bom-ref"]) for one in listed]
    dependencies = [{"ref": "app", "dependsOn": refs[:200]}]
    for number, ref in enumerate(refs):
        below = {min(components - 1, number + 1 + int(chance.paretovariate(0.6))) for _ in range(edges_each)}
        dependencies.append({"ref": ref, "dependsOn": [refs[one] for one in sorted(below) if one != number]})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "large", "bom-ref": "app"}},
        "components": listed,
        "dependencies": dependencies,
    }


if __name__ == "__main__":
    counts = [int(argument) for argument in sys.argv[2:4]]
    Path(sys.argv[1]).write_text(json.dumps(bom(*counts), indent=2), encoding="utf-8")
