"""Conditions are three-valued: what nobody told asks, and never clears a term (DESIGN sections 3 to 5)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scenarios import PRODUCT, Report, Scene

UNTOLD: Mapping[str, None] = dict.fromkeys(("commercial", "distributes", "hosts", "monthly_users"))
YES, NO = "applies", "not-triggered"

# Each condition with the verdict it gives when nothing is told of the context it asks about.
TERMS: dict[str, dict[str, Any]] = {
    "always": {"when": []},
    "publishes": {"when": [{"context": {"publishes": True}}]},
    "publishes-not": {"when": [{"context": {"publishes": False}}]},
    "weights": {"when": [{"context": {"distributes": ["weights", "data"]}}]},
    "serves": {"when": [{"context": {"hosts": ["model-api"]}}]},
    "users": {"when": [{"context": {"users_over": 700}}]},
    "revenue": {"when": [{"context": {"revenue_usd_over": 1000}}]},
    "union": {"when": [{"context": {"territory": ["EU"]}}]},
    "germany": {"when": [{"context": {"territory": ["DE", "CN"]}}]},
    "outside": {"when": [{"context": {"fields_outside": ["research", "evaluation"]}}]},
    "field": {"when": [{"context": {"fields": ["military"]}}]},
    "academic": {"when": [{"context": {"organisation": ["academic"]}}]},
    "rival": {"when": [{"context": {"competes_with": ["acme"]}}]},
    "both": {"when": [{"context": {"publishes": True, "modifies": True}}]},
    "either": {"when": [{"context": {"publishes": True}}, {"context": {"modifies": True}}]},
    "unless": {"when": [], "unless": [{"context": {"publishes": True}, "clause": "9"}]},
    "unless-one-of": {"when": [], "unless": [{"context": {"publishes": True}}, {"context": {"modifies": True}}]},
    "if-unless": {"when": [{"context": {"modifies": True}}], "unless": [{"context": {"publishes": True}}]},
    "received": {"when": [], "unless": [{"context": {"received_as": "integrated-product"}}]},
    "received-or": {"when": [], "unless": [{"context": {"received_as": "integrated-product"}}, {"context": {"publishes": True}}]},
    "at-product": {"when": [{"artifact": {"kind": ["product"]}}]},
    "at-model": {"when": [{"artifact": {"kind": ["model"]}}]},
    "text": {"when": [{"artifact": {"modality": ["text"]}}]},
    "image": {"when": [{"artifact": {"modality": ["image"]}}]},
    "task": {"when": [{"artifact": {"task": ["chat"]}}]},
    "old": {"when": [{"artifact": {"released_before": "2024-05-01"}}]},
    "new": {"when": [{"artifact": {"released_after": "2024-05-01"}}]},
    "text-and-publishes": {"when": [{"artifact": {"modality": ["text"]}, "context": {"publishes": True}}]},
    "image-and-publishes": {"when": [{"artifact": {"modality": ["image"]}, "context": {"publishes": True}}]},
}  # fmt: skip


def report(folder: Path, context: Mapping[str, object], terms: Mapping[str, Mapping[str, Any]] = TERMS, **facts: object) -> Report:
    """A product that loads a model (text, 2024-05-01) under a licence with these terms."""
    scene = Scene(folder, context={**UNTOLD, **context})
    told: dict[str, object] = {"modality": "text", "released": "2024-05-01", "provenance": "disclosed", **facts}
    scene.add("model:acme/chat", "lien:house", publisher="acme-labs", **{key: value for key, value in told.items() if value is not None})
    scene.relate(PRODUCT, "loads", "model:acme/chat")
    entries = [
        {
            "word": "other-limit",
            "params": {"summary": key},
            **entry,
            "key": key,
            "clause": "1",
            "quote": "q",
            "reach": ["copy", "derive", "include"],
        }
        for key, entry in terms.items()
    ]
    text = {
        "id": "house",
        "name": "House",
        "about": ["model"],
        "text": {"title": "t", "read": "whole", "on": "2026-01-01"},
        "terms": entries,
    }
    (folder / "legal").mkdir(parents=True)
    (folder / "legal" / "house.yaml").write_text(json.dumps(text), encoding="utf-8")  # JSON is YAML
    return scene.report()


def verdicts(found: Report) -> dict[str, str | tuple[str, ...]]:
    """The verdict on each term at the product; for one that asks, what it asks."""
    return {one.term_key: one.asks or one.verdict for one in found.at(PRODUCT, license="house", rule="inherited")}


NOTHING_TOLD: dict[str, str | tuple[str, ...]] = {
    "always": YES,
    "publishes": ("publishes",),
    "publishes-not": ("publishes",),
    "weights": ("distributes",),
    "serves": ("hosts",),
    "users": ("monthly_users",),
    "revenue": ("revenue_usd_per_year",),
    "union": ("territories",),
    "germany": ("territories",),
    "outside": ("fields",),
    "field": ("fields",),
    "academic": ("organisation",),
    "rival": ("competes_with",),
    "both": ("modifies", "publishes"),
    "either": ("modifies", "publishes"),
    "unless": ("publishes",),
    "unless-one-of": ("modifies", "publishes"),
    "if-unless": ("modifies", "publishes"),
    "received": YES,  # nobody who builds a product received it inside one
    "received-or": ("publishes",),
    "at-product": YES,
    "at-model": NO,
    "text": YES,
    "image": NO,
    "task": ("artifact.task",),
    "old": NO,
    "new": YES,
    "text-and-publishes": ("publishes",),
    "image-and-publishes": NO,
}


def test_what_nobody_told_asks(tmp_path: Path) -> None:
    assert verdicts(report(tmp_path / "shop", {})) == NOTHING_TOLD


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (
            {"publishes": True},
            {
                "publishes": YES,
                "publishes-not": NO,
                "both": ("modifies",),
                "either": YES,
                "unless": NO,
                "unless-one-of": NO,
                "if-unless": NO,
                "received-or": NO,
                "text-and-publishes": YES,
            },
        ),
        (
            {"publishes": False},
            {
                "publishes": NO,
                "publishes-not": YES,
                "both": NO,
                "either": ("modifies",),
                "unless": YES,
                "unless-one-of": ("modifies",),
                "if-unless": ("modifies",),
                "received-or": YES,
                "text-and-publishes": NO,
            },
        ),
        ({"modifies": True}, {"both": ("publishes",), "either": YES, "unless-one-of": NO, "if-unless": ("publishes",)}),
        ({"modifies": False}, {"both": NO, "either": ("publishes",), "unless-one-of": ("publishes",), "if-unless": NO}),
        (
            {"modifies": False, "publishes": False},
            {
                "publishes": NO,
                "publishes-not": YES,
                "both": NO,
                "either": NO,
                "unless": YES,
                "unless-one-of": YES,
                "if-unless": NO,
                "received-or": YES,
                "text-and-publishes": NO,
            },
        ),
        ({"distributes": []}, {"weights": NO}),
        ({"distributes": ["app", "binary", "source"]}, {"weights": NO}),
        ({"distributes": ["app", "data"]}, {"weights": YES}),
        ({"hosts": []}, {"serves": NO}),
        ({"hosts": ["application"]}, {"serves": NO}),
        ({"hosts": ["application", "model-api"]}, {"serves": YES}),
        ({"monthly_users": 0}, {"users": NO}),
        ({"monthly_users": 700}, {"users": NO}),
        ({"monthly_users": 701}, {"users": YES}),
        ({"revenue_usd_per_year": 1000}, {"revenue": NO}),
        ({"revenue_usd_per_year": 1001}, {"revenue": YES}),
        ({"territories": ["DE"]}, {"union": YES, "germany": YES}),
        ({"territories": ["de"]}, {"union": YES, "germany": YES}),
        ({"territories": ["FR", "US"]}, {"union": YES, "germany": NO}),
        ({"territories": ["EU"]}, {"union": YES, "germany": YES}),
        ({"territories": ["US", "GB", "CH", "NO"]}, {"union": NO, "germany": NO}),
        ({"territories": ["CN"]}, {"union": NO, "germany": YES}),
        ({"territories": []}, {"union": NO, "germany": NO}),
        ({"fields": ["research"]}, {"outside": NO, "field": NO}),
        ({"fields": ["research", "evaluation"]}, {"outside": NO, "field": NO}),
        ({"fields": ["research", "military"]}, {"outside": YES, "field": YES}),
        ({"fields": ["military"]}, {"outside": YES, "field": YES}),
        ({"fields": []}, {"outside": YES, "field": NO}),  # who is in none of the fields is not in research
        ({"organisation": ["company"]}, {"academic": NO}),
        ({"organisation": ["academic", "non-profit"]}, {"academic": YES}),
        ({"competes_with": []}, {"rival": NO}),
        ({"competes_with": ["acme", "other"]}, {"rival": YES}),
        ({"received_as": "integrated-product"}, {"received": NO, "received-or": NO}),
        ({"received_as": "weights"}, {"received": YES, "received-or": ("publishes",)}),
    ],
)
def test_what_is_told_decides(tmp_path: Path, context: dict[str, object], expected: dict[str, str | tuple[str, ...]]) -> None:
    assert verdicts(report(tmp_path / "shop", context)) == {**NOTHING_TOLD, **expected}


def test_what_nobody_told_of_an_artifact_asks(tmp_path: Path) -> None:
    found = verdicts(report(tmp_path / "shop", {}, modality=None, released=None))
    assert {key: found[key] for key in ("text", "image", "old", "new")} == {
        "text": ("artifact.modality",),
        "image": ("artifact.modality",),
        "old": ("artifact.released_before",),
        "new": ("artifact.released_after",),
    }
    assert found["image-and-publishes"] == ("artifact.modality", "publishes")


def test_an_assumption_clears_nothing(tmp_path: Path) -> None:
    """`commercial` is assumed where nobody tells it; a term that spares commerce still asks."""
    terms = {
        "spares": {"when": [{"context": {"commercial": False}}]},
        "frees": {"when": [], "unless": [{"context": {"commercial": True}}]},
        "bars": {"when": [{"context": {"commercial": True}}]},
    }
    assert verdicts(report(tmp_path / "untold", {}, terms)) == {"spares": ("commercial",), "frees": ("commercial",), "bars": YES}
    assert verdicts(report(tmp_path / "told", {"commercial": True}, terms)) == {"spares": NO, "frees": NO, "bars": YES}
    assert verdicts(report(tmp_path / "not", {"commercial": False}, terms)) == {"spares": YES, "frees": YES, "bars": NO}


# --- what each word asks by itself ------------------------------------------------------------------

COPIES = ("distributes",)
HANDS_ON = ("distributes", "hosts")
WORDS: dict[str, tuple[dict[str, object], str | tuple[str, ...]]] = {
    "non-commercial": ({}, YES),
    "research-only": ({}, YES),
    "non-production": ({}, YES),
    "acceptable-use": ({"uses": ["military", "spam"]}, ("fields",)),
    "user-threshold": ({"monthly_users": 700, "measured": "at-release"}, ("monthly_users",)),
    "revenue-threshold": ({"amount_usd_per_year": 1000}, ("revenue_usd_per_year",)),
    "territory": ({"excluded": ["EU", "KR"]}, ("territories",)),
    "field-of-use": ({"field": "education"}, YES),
    "no-hosted-service": ({}, ("hosts",)),
    "no-competing-service": ({"protects": "acme"}, ("competes_with",)),
    "no-redistribution": ({}, COPIES),
    "no-sublicense": ({}, HANDS_ON),
    "access-approval": ({}, YES),
    "no-output-training": ({}, ("trains_on_outputs",)),
    "no-training": ({}, YES),
    "no-derivatives": ({}, ("distributes", "modifies", "publishes")),
    "copyleft": ({"strength": "strong"}, COPIES),
    "no-circumvention": ({}, YES),
    "no-reverse-engineering": ({}, YES),
}

TOLD: list[tuple[dict[str, object], dict[str, str]]] = [
    (
        {"commercial": False, "fields": ["research"]},
        {"non-commercial": NO, "research-only": NO, "non-production": NO, "acceptable-use": NO},
    ),
    (
        {"commercial": False, "fields": ["evaluation"]},
        {"non-commercial": NO, "research-only": YES, "non-production": NO, "acceptable-use": NO},
    ),
    ({"commercial": True, "fields": ["research"]}, {"acceptable-use": NO}),
    ({"fields": ["military"]}, {"acceptable-use": YES}),
    ({"fields": ["spam", "law-enforcement"]}, {"acceptable-use": YES}),
    ({"fields": ["law-enforcement"]}, {"acceptable-use": NO}),
    ({"monthly_users": 700}, {"user-threshold": NO}),
    ({"monthly_users": 701}, {"user-threshold": YES}),
    ({"revenue_usd_per_year": 1001}, {"revenue-threshold": YES}),
    ({"territories": ["DE"]}, {"territory": YES}),
    ({"territories": ["EU"]}, {"territory": YES}),
    ({"territories": ["KR"]}, {"territory": YES}),
    ({"territories": ["US"]}, {"territory": NO}),
    ({"hosts": ["application"]}, {"no-hosted-service": YES, "no-sublicense": YES}),
    ({"hosts": [], "distributes": []}, {"no-hosted-service": NO, "no-sublicense": NO, "no-redistribution": NO, "copyleft": NO}),
    ({"distributes": ["weights"]}, {"no-sublicense": YES, "no-redistribution": YES, "copyleft": YES}),
    ({"competes_with": ["acme"]}, {"no-competing-service": YES}),
    ({"competes_with": []}, {"no-competing-service": NO}),
    ({"trains_on_outputs": True}, {"no-output-training": YES}),
    ({"trains_on_outputs": False}, {"no-output-training": NO}),
    ({"modifies": False}, {"no-derivatives": NO}),
    ({"modifies": True, "publishes": True}, {"no-derivatives": YES}),
]


def test_what_each_limit_asks_by_itself(tmp_path: Path) -> None:
    terms = {word: {"word": word, "params": params} for word, (params, _) in WORDS.items()}
    assert verdicts(report(tmp_path / "shop", {}, terms)) == {word: expected for word, (_, expected) in WORDS.items()}


@pytest.mark.parametrize(("context", "expected"), TOLD)
def test_what_decides_each_limit(tmp_path: Path, context: dict[str, object], expected: dict[str, str]) -> None:
    terms = {word: {"word": word, "params": params} for word, (params, _) in WORDS.items()}
    found = verdicts(report(tmp_path / "shop", context, terms))
    assert {word: found[word] for word in expected} == expected


@pytest.mark.parametrize(
    ("context", "severity"),
    [({}, "info"), ({"fields": ["military"]}, "deny"), ({"fields": ["spam"]}, "deny"), ({"fields": ["research"]}, "info")],
)
def test_barred_uses_are_named_until_the_product_is_in_one(tmp_path: Path, context: dict[str, object], severity: str) -> None:
    terms = {"use": {"word": "acceptable-use", "params": {"uses": ["military", "spam"]}}}
    assert report(tmp_path / "shop", context, terms).one(PRODUCT, term="acceptable-use").severity == severity
