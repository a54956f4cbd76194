"""What the licences of the tree itself say: of the product, of folders in it, of what is made here; and bare statements."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from lien.api import audit, render

DAY = dt.date(2026, 11, 1)
NC_HEADER = "# SPDX-License-Identifier: CC-BY-NC-4.0\n"


def findings(folder: Path, **files: str) -> list[dict[str, Any]]:
    """The findings on a small tree; in names `__` stands for a dot and `--` for a slash."""
    for name, text in {"requirements__txt": "", **files}.items():
        path = folder / name.replace("__", ".").replace("--", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report: dict[str, Any] = json.loads("".join(render(audit([folder], as_of=DAY), "json")))
    return list(report["findings"])


def of(found: list[dict[str, Any]], rule: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["artifact"], one["term"]): one for one in found if one["rule"] == rule}


PROJECT = '[project]\nname = "shop"\nversion = "1"\nlicense = "AGPL-3.0-only"\n'


def test_limits_of_the_own_license_are_told_and_stop_nobody(tmp_path: Path) -> None:
    found = findings(tmp_path, pyproject__toml=PROJECT)
    one = of(found, "own")["product", "copyleft"]
    assert (one["severity"], one["verdict"], one["origin"]["license"]) == ("info", "applies", "agpl-3.0")
    assert [(place["path"], place["line"]) for place in one["evidence"]] == [("pyproject.toml", 4)]
    assert one["quote"]
    table = "".join(render(audit([tmp_path], as_of=DAY)))
    assert "OWN LICENCES" in table
    assert "copyleft (pyproject.toml:4)" in " ".join(table.split())


def test_only_a_rule_that_names_own_findings_speaks_of_them(tmp_path: Path) -> None:
    rule = '[[rule]]\nterm = "copyleft"\naction = "deny"\n'
    assert of(findings(tmp_path, pyproject__toml=PROJECT, lien__toml=rule), "own")["product", "copyleft"]["severity"] == "info"
    rule += '[[rule]]\nfinding = "own"\nterm = "copyleft"\naction = "deny"\n'
    assert of(findings(tmp_path, lien__toml=rule), "own")["product", "copyleft"]["severity"] == "deny"


def test_a_permissive_license_has_nothing_to_tell(tmp_path: Path) -> None:
    found = findings(tmp_path, pyproject__toml=PROJECT.replace("AGPL-3.0-only", "MIT"))
    assert of(found, "own") == {}


def test_a_choice_of_licenses_is_no_limit(tmp_path: Path) -> None:
    found = findings(tmp_path, pyproject__toml=PROJECT.replace("AGPL-3.0-only", "AGPL-3.0-only OR MIT"))
    assert of(found, "own") == {}


def test_a_folder_under_another_license_is_other_peoples_work(tmp_path: Path) -> None:
    found = findings(tmp_path, pyproject__toml=PROJECT, **{"vendored--code__py": NC_HEADER})
    one = of(found, "inherited")["product", "non-commercial"]
    assert (one["severity"], one["verdict"]) == ("warn", "applies")
    assert one["note"] is not None
    assert "vendored" in one["note"]
    assert [place["path"] for place in one["evidence"]] == ["vendored/code.py"]


def test_one_of_tests_is_not_shipped(tmp_path: Path) -> None:
    found = findings(tmp_path, pyproject__toml=PROJECT, **{"tests--code__py": NC_HEADER})
    assert of(found, "inherited") == {}


def test_a_license_file_that_nobody_has_read(tmp_path: Path) -> None:
    found = findings(tmp_path, LICENSE="Shop Licence 7\n\nPermission is granted to people named Ada.\n")
    one = of(found, "own")["product", "custom-license"]
    assert one["message"] == "clauses not encoded: Shop Licence 7"
    assert [(place["path"], place["line"]) for place in one["evidence"]] == [("LICENSE", 1)]


@pytest.mark.parametrize(
    ("license_", "drifts"), [("Apache-2.0", True), ("CC-BY-NC-4.0", False), ("LicenseRef-scancode-llama-license-2023", False)]
)
def test_a_bare_statement_drifts_from_a_license_that_grants_more(tmp_path: Path, license_: str, *, drifts: bool) -> None:
    readme = "# Shop\n\nShop is for academic research only and any commercial use is prohibited.\n"
    found = findings(tmp_path, pyproject__toml=PROJECT.replace("AGPL-3.0-only", license_), README__md=readme)
    stated = [one for one in found if one["rule"] == "drift"]
    assert bool(stated) is drifts
    if drifts:
        assert [(place["path"], place["line"]) for place in stated[0]["evidence"]] == [("README.md", 3), ("pyproject.toml", 4)]
        assert stated[0]["severity"] == "warn"
    assert ("product", "non-commercial") in of(found, "own")
