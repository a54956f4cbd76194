"""Names of licences without a version: what every version says is said, and a version beside it is no other statement."""

import json
from pathlib import Path
from typing import Any

import pytest

from lien.api import audit, render
from lien.catalog.store import Catalog
from lien.vocabulary.licenses import License


def findings(folder: Path, license_: str, readme: str) -> list[dict[str, Any]]:
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "shop"\nversion = "1"\nlicense = {{text = "{license_}"}}\n', encoding="utf-8"
    )
    (folder / "README.md").write_text(f"# Shop\n\n{readme}\n", encoding="utf-8")
    return list(json.loads("".join(render(audit([folder]), "json")))["findings"])


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("CC-BY-NC", "non-commercial"),
        ("Creative Commons Attribution-NonCommercial", "non-commercial"),
        ("CC BY-NC-SA", "copyleft"),
        ("cc by nd", "no-derivatives"),
        ("GPL", "copyleft"),
        ("LGPL", "copyleft"),
    ],
)
def test_what_every_version_says_is_said(tmp_path: Path, name: str, term: str) -> None:
    found = findings(tmp_path, name, "")
    assert term in {one["term"] for one in found if one["rule"] == "own"}


def test_a_version_beside_the_name_is_the_same_statement(tmp_path: Path) -> None:
    assert [one for one in findings(tmp_path, "GPL", "This project is licensed under GPL-3.0.") if one["rule"] == "drift"] == []
    assert [one for one in findings(tmp_path, "CC-BY-NC", "This project is licensed under CC BY-NC 4.0.") if one["rule"] == "drift"] == []


def test_another_licence_is_another_statement(tmp_path: Path) -> None:
    assert [one for one in findings(tmp_path, "LGPL", "This project is licensed under GPL-3.0.") if one["rule"] == "drift"]
    assert [one for one in findings(tmp_path, "CC-BY-NC", "This project is licensed under CC BY 4.0.") if one["rule"] == "drift"]


_OPENRAIL = ("bigscience-openrail-m", "creativeml-openrail-m", "creativeml-openrail++-m", "bigcode-openrail-m")


def _versions(encoded: list[License], stem: str) -> list[License]:
    return [one for one in encoded if one.id.startswith(stem) and one.id[len(stem)].isdigit()]


def test_a_rail_licence_that_nobody_read_bars_uses(tmp_path: Path) -> None:
    found = findings(tmp_path, "OpenRAIL-AS", "")
    (one,) = [one for one in found if one["rule"] == "own" and one["term"] == "acceptable-use"]
    assert one["params"] == {"uses": []}
    assert one["message"].endswith("which, its text alone tells, and that was not read")


def test_each_term_stands_in_every_encoded_version() -> None:
    catalog = Catalog.bundled()
    encoded = [license_ for one in catalog.license_ids() if (license_ := catalog.license(one)) is not None and license_.terms]
    for unversioned in [one for one in encoded if one.id.endswith("-unversioned")]:
        stem = unversioned.id.removesuffix("unversioned")
        versions = [one for one in encoded if one.id in _OPENRAIL] if stem == "openrail-" else _versions(encoded, stem)
        assert versions, unversioned.id
        for term in unversioned.terms:
            for version in versions:
                alike = [
                    one for one in version.terms if one.word == term.word and one.params.get("strength") == term.params.get("strength")
                ]
                assert any(set(term.full_reach) <= set(one.full_reach) for one in alike), (version.id, term.key)
                uses = set(term.params.get("uses", ()))  # type: ignore[call-overload]  # parameters are of many types
                assert any(uses <= set(one.params.get("uses", ())) for one in alike), (version.id, term.key)  # type: ignore[call-overload]


def test_a_text_is_that_of_its_version_alone() -> None:
    listing = (Path(__file__).parents[2] / "graphs" / "fingerprints.jsonl").read_text(encoding="utf-8").splitlines()
    assert not [one for line in listing for one in json.loads(line)["licenses"] if one.endswith("-unversioned")]
