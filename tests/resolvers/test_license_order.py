"""Which of the fields of a package's metadata is believed, and that fields which disagree are told."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from lien.api import audit, render

EXPRESSION, FREE, CLASSIFIER = "License-Expression: MIT", "License: Apache 2.0", "Classifier: License :: OSI Approved :: ISC License (ISCL)"
ODD, DUAL = "License: as you please", "Classifier: License :: OSI Approved :: MIT License"
PLACE = ".venv/lib/python3.11/site-packages/thing-1.0.dist-info/METADATA"


def report(folder: Path, *headers: str) -> dict[str, Any]:
    """The report on a product that requires one installed package with these headers."""
    metadata = folder / PLACE
    metadata.parent.mkdir(parents=True)
    metadata.write_text("\n".join(["Metadata-Version: 2.4", "Name: thing", "Version: 1.0", *headers, "", "About it."]), encoding="utf-8")
    (folder / "requirements.txt").write_text("thing\n", encoding="utf-8")
    data: dict[str, Any] = json.loads("".join(render(audit([folder], as_of=dt.date(2026, 11, 20)), "json")))
    return data


def bound_by(data: dict[str, Any]) -> set[str]:
    """Licences whose terms reach the product."""
    return {origin["license"] for one in data["findings"] for origin in one["origins"] if one["rule"] != "drift"}


@pytest.mark.parametrize(
    ("headers", "license_"),
    [
        ((EXPRESSION, FREE, CLASSIFIER), "mit"),
        ((CLASSIFIER, FREE, EXPRESSION), "mit"),
        ((FREE, CLASSIFIER), "apache-2.0"),
        ((CLASSIFIER,), "isc"),
        ((ODD, CLASSIFIER), "isc"),
    ],
)
def test_the_most_trusted_field_binds(tmp_path: Path, headers: tuple[str, ...], license_: str) -> None:
    assert bound_by(report(tmp_path, *headers)) == {license_}


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (
            (EXPRESSION, CLASSIFIER),
            (
                f"package:pypi/thing is declared in different ways: License :: OSI Approved :: ISC License (ISCL) ({PLACE}, classifier);"
                f" MIT ({PLACE}, expression)"
            ),
        ),
        (
            (EXPRESSION, FREE),
            f"package:pypi/thing is declared in different ways: Apache 2.0 ({PLACE}, free text); MIT ({PLACE}, expression)",
        ),
    ],
)
def test_fields_that_disagree_are_told(tmp_path: Path, headers: tuple[str, ...], message: str) -> None:
    (finding,) = [one for one in report(tmp_path, *headers)["findings"] if one["rule"] == "drift"]
    assert (finding["message"], finding["severity"]) == (message, "warn")
    assert [(one["path"], one["line"]) for one in finding["evidence"]] == [(PLACE, 4), (PLACE, 5)]


@pytest.mark.parametrize(
    "headers", [(EXPRESSION, DUAL), (EXPRESSION, ODD), (CLASSIFIER, DUAL), (EXPRESSION,), ("License-Expression: MIT OR Apache-2.0", DUAL)]
)
def test_fields_that_agree_or_say_nothing_are_not(tmp_path: Path, headers: tuple[str, ...]) -> None:
    assert [one for one in report(tmp_path, *headers)["findings"] if one["rule"] == "drift"] == []
