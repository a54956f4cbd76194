"""The JSON Schemas of knowledge files, generated from the vocabulary so that the two cannot differ."""

from typing import Any

from lien.vocabulary.conditions import ARTIFACT_CONDITIONS, TERM_CONTEXT_KEYS, Distribution, Hosting
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import About, Nature, ReadAs, Scheme
from lien.vocabulary.questions import Question
from lien.vocabulary.relations import ReachClass, Relation
from lien.vocabulary.uses import BarredUse
from lien.vocabulary.words import WORDS, ParamType

__all__ = ["artifact_schema", "convention_schema", "license_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT, "minItems": 1}
# YAML reads an unquoted date as a date; the loader hands it on as ISO text.
_DATE: dict[str, Any] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_KEY: dict[str, Any] = {"type": "string", "pattern": r"^[a-z0-9][a-z0-9.+-]*$"}
_ARTIFACT_ID: dict[str, Any] = {
    "type": "string",
    "pattern": "^(" + "|".join(kind for kind in Kind if kind is not Kind.PRODUCT) + r"):[^A-Z\s]+$",
}


def _enum(values: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"enum": sorted(str(value) for value in values)}


def _closed(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _one_or_more(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}


_PARAM_TYPES: dict[ParamType, dict[str, Any]] = {
    ParamType.TEXT: _TEXT,
    ParamType.COUNT: {"type": "integer", "minimum": 0},
    ParamType.DATE: _DATE,
    ParamType.BOOL: {"type": "boolean"},
    ParamType.TEXTS: _TEXTS,
    # Empty where uses are known to be barred by a text that nobody had.
    ParamType.USES: {"type": "array", "items": _enum(BarredUse), "uniqueItems": True},
}


def _params_of(word: str) -> dict[str, Any]:
    params = WORDS[word].params
    properties = {
        name: _enum(param.choices) if param.type is ParamType.CHOICE else _PARAM_TYPES[param.type] for name, param in params.items()
    }
    return _closed(properties, tuple(name for name, param in params.items() if param.required))


def _word_rules() -> list[dict[str, Any]]:
    """For each word: its parameters, and that they are there when one of them must be."""
    rules = []
    for name, word in WORDS.items():
        must = any(param.required for param in word.params.values())
        then: dict[str, Any] = {"properties": {"params": _params_of(name)}}
        if must:
            then["required"] = ["params"]
        rules.append({"if": {"properties": {"word": {"const": name}}, "required": ["word"]}, "then": then})
    return rules


_CONTEXT_VALUES: dict[str, dict[str, Any]] = {
    "distributes": _one_or_more(_enum(Distribution)),
    "hosts": _one_or_more(_enum(Hosting)),
    "users_over": _PARAM_TYPES[ParamType.COUNT],
    "revenue_usd_over": _PARAM_TYPES[ParamType.COUNT],
    "received_as": _TEXT,
    **dict.fromkeys(("territory", "organisation", "fields", "fields_outside", "competes_with"), _TEXTS),
    **{
        key: {"type": "boolean"}
        for key in ("modifies", "publishes", "commercial", "trains_on_outputs", "offers_as_service", "made_to_imitate")
    },
}
_ARTIFACT_VALUES: dict[str, dict[str, Any]] = {
    "kind": _one_or_more(_enum(Kind)),
    "task": _TEXTS,
    "modality": _TEXTS,
    "family": _TEXTS,
    "released_before": _DATE,
    "released_after": _DATE,
}


def _conditions() -> dict[str, Any]:
    one = _closed(
        {
            "context": _closed({key: _CONTEXT_VALUES[key] for key in TERM_CONTEXT_KEYS}),
            "artifact": _closed({key: _ARTIFACT_VALUES[key] for key in ARTIFACT_CONDITIONS}),
            "clause": _TEXT,
        }
    )
    one["minProperties"] = 1
    return {"type": "array", "items": one}


def _reach() -> dict[str, Any]:
    question = _enum(Question)
    entry = {"anyOf": [{"enum": ["settled", "silent"]}, question, _one_or_more(question)]}
    classes = [reach_class for reach_class in ReachClass if reach_class not in (ReachClass.TOOL, ReachClass.DISTILL)]
    return {
        "anyOf": [
            _one_or_more(_enum(classes)),
            {"type": "object", "properties": {str(one): entry for one in classes}, "additionalProperties": False},
        ]
    }


def license_schema() -> dict[str, Any]:
    """The schema of one file of `graphs/licenses/`."""
    text = {"title": _TEXT, "url": _TEXT, "read": _enum(ReadAs), "on": _DATE, "scancode": _TEXT}
    term = _closed(
        {
            "key": _KEY,
            "word": _enum(WORDS),
            "params": {"type": "object"},
            "clause": _TEXT,
            "quote": _TEXT,
            "text": _KEY,
            "through": _KEY,
            "reach": _reach(),
            "binds": _one_or_more(_enum(Kind)),
            "when": _conditions(),
            "unless": _conditions(),
            "act": _closed(
                {
                    "learner": _enum(("any", "language-model", "foundation-model", "competing-model")),
                    "except_family": _KEY,
                    "competes_with": _KEY,
                }
            ),
            "nature": _enum(Nature),
            "note": _TEXT,
        },
        ("key", "word", "clause", "quote"),
    )
    term["allOf"] = _word_rules()
    term["anyOf"] = [{"required": ["through"]}, {"required": ["reach"]}]
    schema = _closed(
        {
            "id": _KEY,
            "name": _TEXT,
            "family": _KEY,
            "licensor": _KEY,
            "about": _one_or_more(_enum(About)),
            "in_force": _closed({"from": _DATE, "until": _DATE}),
            "names": _closed({str(scheme): _TEXTS for scheme in Scheme if scheme not in (Scheme.LIEN, Scheme.FILE)}),
            "text": _closed(text, ("title", "read")),
            "policies": {"type": "array", "items": _closed({"key": _KEY, **text}, ("key", "title", "read"))},
            "definitions": {
                "type": "object",
                "propertyNames": _KEY,
                "additionalProperties": _closed({"clause": _TEXT, "quote": _TEXT, "reach": _reach(), "note": _TEXT}, ("clause", "reach")),
            },
            "learned": _enum(("derivative",)),
            "nature": _enum(Nature),
            "terms": {"type": "array", "items": term},
            "note": _TEXT,
        },
        ("id", "name", "about", "text"),
    )
    return {"$schema": _DRAFT, "title": "A licence, terms of service, or a text known by name", **schema}


_SOURCES: dict[str, Any] = {
    "type": "object",
    "propertyNames": _KEY,
    "additionalProperties": _closed({"title": _TEXT, "url": _TEXT, "on": _DATE, "note": _TEXT}, ("title",)),
}


def convention_schema() -> dict[str, Any]:
    """The schema of `graphs/conventions.yaml`."""
    names = _one_or_more(_KEY)
    convention = _closed(
        {
            "key": _KEY,
            "publishers": names,
            "endings": names,
            "owners": names,
            "owner_before": _TEXT,
            "weight_files": names,
            "files": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^model:"}},
            "relation": _enum(Relation),
            "source": _KEY,
            "note": _TEXT,
        },
        ("key", "relation", "source"),
    )
    schema = _closed(
        {"sources": _SOURCES, "conventions": {"type": "array", "items": convention, "minItems": 1}}, ("sources", "conventions")
    )
    return {"$schema": _DRAFT, "title": "Naming conventions of publishers", **schema}


def artifact_schema() -> dict[str, Any]:
    """The schema of one file of the other folders of `graphs/`."""
    claim_schemes = [scheme for scheme in Scheme if scheme is not Scheme.FILE]
    claim = _closed(
        {"claim": _TEXT, "scheme": _enum(claim_schemes), "source": _KEY, "part": _TEXT, "date": _DATE, "note": _TEXT},
        ("claim", "scheme", "source"),
    )
    relation = _closed(
        {
            "type": _enum(Relation),
            "to": _ARTIFACT_ID,
            "source": _KEY,
            "date": _DATE,
            "note": _TEXT,
            "share": _TEXT,
            "inferred": {"type": "boolean"},
        },
        ("type", "to", "source"),
    )
    publisher_kind = _enum(("company", "research-institute", "non-profit", "community", "consortium", "person", "government"))
    scalar = {"type": ["string", "number", "boolean"]}
    artifact = _closed(
        {
            "id": _ARTIFACT_ID,
            "name": _TEXT,
            "aliases": _one_or_more(_ARTIFACT_ID),
            "publisher": _KEY,
            "publisher_kind": publisher_kind,
            "released": _DATE,
            "family": _KEY,
            "version": _TEXT,
            "attributes": {"type": "object", "additionalProperties": {"anyOf": [scalar, {"type": "array", "items": scalar}]}},
            "licenses": {"type": "array", "items": claim},
            "relations": {"type": "array", "items": relation},
            "provenance": _enum(("disclosed", "partial", "undisclosed")),
            "note": _TEXT,
        },
        ("id",),
    )
    schema = _closed(
        {
            "publisher": _KEY,
            "publisher_kind": publisher_kind,
            "sources": _SOURCES,
            "artifacts": {"type": "array", "items": artifact, "minItems": 1},
            "note": _TEXT,
        },
        ("artifacts", "sources"),
    )
    return {"$schema": _DRAFT, "title": "Models, datasets, services or packages of one publisher or family", **schema}
