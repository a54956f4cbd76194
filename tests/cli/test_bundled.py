"""SBOMs inside installed wheels (PEP 770), through the front door."""

import json
from pathlib import Path
from typing import Any

from running import report_of, write

SITE = ".venv/lib/python3.11/site-packages"
WHEEL = "Name: cruncher\nVersion: 2.0\nLicense-Expression: BSD-3-Clause\n"
CYCLONEDX = json.dumps(
    {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {"component": {"type": "library", "bom-ref": "self", "name": "cruncher", "purl": "pkg:pypi/cruncher@2.0"}},
        "components": [
            {
                "type": "library",
                "bom-ref": "gfortran",
                "name": "libgfortran",
                "purl": "pkg:rpm/almalinux/libgfortran@8.5",
                "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
            }
        ],
        "dependencies": [{"ref": "self", "dependsOn": ["gfortran"]}],
    },
    indent=1,
)
SPDX = """SPDXVersion: SPDX-2.3
PackageName: quadmath
SPDXID: SPDXRef-quadmath
PackageVersion: 8.5
PackageLicenseDeclared: LGPL-2.1-or-later
PackageName: cruncher
SPDXID: SPDXRef-cruncher
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-cruncher
Relationship: SPDXRef-cruncher CONTAINS SPDXRef-quadmath
"""


def edges(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(one["from"], one["type"], one["to"]) for one in report["relations"]}


def product(root: Path, site: str = SITE) -> Path:
    return write(
        root,
        {
            "requirements.txt": "cruncher==2.0\n",
            f"{site}/cruncher-2.0.dist-info/METADATA": WHEEL,
            f"{site}/cruncher-2.0.dist-info/sboms/auditwheel.cdx.json": CYCLONEDX,
            f"{site}/cruncher-2.0.dist-info/sboms/more.spdx": SPDX,
            f"{site}/unused-1.0.dist-info/METADATA": "Name: unused\nVersion: 1.0\n",
            f"{site}/unused-1.0.dist-info/sboms/bom.cdx.json": CYCLONEDX,
        },
    )


def test_a_package_bundles_what_its_sbom_lists(tmp_path: Path) -> None:
    report = report_of(product(tmp_path))
    assert edges(report) == {
        ("product", "depends-on", "package:pypi/cruncher@2.0"),
        ("package:pypi/cruncher@2.0", "bundles", "package:rpm/almalinux/libgfortran@8.5"),
        ("package:pypi/cruncher@2.0", "bundles", "package:generic/quadmath@8.5"),
    }
    (fortran,) = [one for one in report["artifacts"] if one["id"] == "package:rpm/almalinux/libgfortran@8.5"]
    assert fortran["scope"] == "used"
    assert [one["as_written"] for one in fortran["licenses"]] == ["GPL-3.0-or-later"]
    place = f"{SITE}/cruncher-2.0.dist-info/sboms/auditwheel.cdx.json"
    assert [(one["path"], one["line"]) for one in fortran["evidence"]] == [(place, 13)]
    assert place in report["coverage"]["read"]
    assert f"{SITE}/cruncher-2.0.dist-info/sboms/more.spdx" in report["coverage"]["read"]


def test_an_environment_outside_the_tree_shows_no_path(tmp_path: Path) -> None:
    product(tmp_path / "elsewhere", "env/lib/python3.11/site-packages")
    write(tmp_path / "app", {"requirements.txt": "cruncher==2.0\n"})
    report = report_of(tmp_path / "app", "--environment", str(tmp_path / "elsewhere" / "env"))
    assert ("package:pypi/cruncher@2.0", "bundles", "package:generic/quadmath@8.5") in edges(report)
    (quadmath,) = [one for one in report["artifacts"] if one["id"] == "package:generic/quadmath@8.5"]
    assert [(one["path"], one["source"]) for one in quadmath["evidence"]] == [(None, "installed: cruncher-2.0.dist-info/sboms/more.spdx")]
    assert str(tmp_path) not in json.dumps(report)


def test_a_broken_sbom_of_a_package_is_unread(tmp_path: Path) -> None:
    product(tmp_path)
    write(tmp_path, {f"{SITE}/cruncher-2.0.dist-info/sboms/auditwheel.cdx.json": '{"bomFormat": "CycloneDX",\n "components": ['})
    report = report_of(tmp_path)
    assert ("package:pypi/cruncher@2.0", "bundles", "package:generic/quadmath@8.5") in edges(report)
    (unread,) = report["coverage"]["unread"]
    assert (unread["path"], unread["line"]) == (f"{SITE}/cruncher-2.0.dist-info/sboms/auditwheel.cdx.json", 2)
    assert report["coverage"]["errors"] == []


def test_another_version_than_the_pinned_one_tells_nothing(tmp_path: Path) -> None:
    product(tmp_path)
    write(tmp_path, {"requirements.txt": "cruncher==1.0\n"})
    installed = ("package:pypi/cruncher@2.0", "bundles", "package:generic/quadmath@8.5")
    assert ("package:pypi/cruncher@1.0", "bundles", "package:generic/quadmath@8.5") not in edges(report_of(tmp_path))
    assert all(one[0] == installed[0] for one in edges(report_of(tmp_path)) if one[1] == "bundles")
