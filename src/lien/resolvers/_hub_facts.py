"""What the Hub's API tells of a repository, as facts: the card's statements and the Hub's own reading of them side by side.

Shapes: FORMATS 1.1 to 1.3 (huggingface_hub `hf_api.py`). The two disagree now and then (the Hub follows renames and
drops parents that are gone), so both are kept, and each relation says in its evidence which of them tells it.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role
from lien.vocabulary.ids import dataset_id, hub_id, model_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["facts_of"]

READER = "hub-api"
_RELATIONS = {
    "adapter": Relation.ADAPTER_OF,
    "finetune": Relation.FINETUNED_FROM,
    "merge": Relation.MERGED_FROM,
    "quantized": Relation.QUANTIZED_FROM,
}
_ADDRESS = re.compile(r"^https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/)?")
_FACTS = (("pipeline_tag", "task"), ("library_name", "library_name"), ("gated", "gated"))


def facts_of(identifier: str, kind: Kind, plain: Mapping[str, Any], address: str) -> Iterator[Fragment]:
    """The facts of one answer of `/api/models/ID` or `/api/datasets/ID`; `address` is shown as their source.

    `identifier` is the id that was asked for; the Hub answers under the present one after a rename.
    """
    card = {str(key).lower(): value for key, value in _mapping(plain.get("cardData")).items()}
    evidence = Evidence(None, None, None, None, READER, source=address)
    present = str(plain.get("id") or "")
    name = hub_id(present)
    now = (model_id(name) if kind is Kind.MODEL else dataset_id(name)) if name else identifier
    yield ArtifactSeen(
        identifier,
        kind,
        evidence._replace(as_written=present or None),
        name=present or None,
        publisher=present.partition("/")[0].lower() or None if "/" in present else None,
        aliases=(now,) if now != identifier else (),
        attributes=tuple((ours, value) for theirs, ours in _FACTS if isinstance(value := plain.get(theirs), str) and value),
        released=_day(plain.get("createdAt")),
    )
    yield from _claims(identifier, card, plain, evidence)
    if kind is Kind.MODEL:
        yield from _parents(identifier, card, plain, evidence)
        for text in _texts(card.get("datasets")):
            yield from _relation(identifier, Relation.TRAINED_ON, dataset_id, text, evidence, "the card")
    else:
        for text in _texts(card.get("source_datasets")):
            source = text.partition("|")[2] or text
            if source.lower().partition("-")[0] not in {"original", "extended", "other"}:
                yield from _relation(identifier, Relation.DERIVED_FROM, dataset_id, source, evidence, "the card")


def _claims(identifier: str, card: Mapping[str, Any], plain: Mapping[str, Any], evidence: Evidence) -> Iterator[LicenseClaim]:
    ids = _texts(card.get("license"))
    custom = [
        *((text, Scheme.LICENSE_NAME) for text in _texts(card.get("license_name"))),
        *((text, Scheme.FREE_TEXT) for text in _texts(card.get("license_details"))),
        *((text, Scheme.URL) for text in _texts(card.get("license_link")) if text.startswith(("https://", "http://"))),
    ]
    if not ids:
        # The Hub takes a tag from the card; one without a card has it from elsewhere.
        ids = [tag.removeprefix("license:") for tag in _texts(plain.get("tags")) if tag.startswith("license:")]
    for text in ids:
        if text.lower() != "other" or not custom:
            yield LicenseClaim(identifier, text, Scheme.HUGGING_FACE, evidence._replace(as_written=text), "the card on the Hub")
    if not ids or any(text.lower() == "other" for text in ids):
        for text, scheme in custom:
            yield LicenseClaim(identifier, text, scheme, evidence._replace(as_written=text), "the card on the Hub")


def _parents(identifier: str, card: Mapping[str, Any], plain: Mapping[str, Any], evidence: Evidence) -> Iterator[Fragment]:
    hub = _mapping(plain.get("baseModels"))
    relation = _RELATIONS.get(str(hub.get("relation") or "").lower())
    models = hub.get("models")
    resolved = [str(_mapping(one).get("id") or "") for one in models] if isinstance(models, list) else []
    for text in resolved:
        yield from _relation(identifier, relation or Relation.DERIVED_FROM, model_id, text, evidence, "the Hub")
    stated = _RELATIONS.get((_texts(card.get("base_model_relation")) or [""])[0].lower())
    for text in _texts(card.get("base_model")):
        if text.lower() != "none":
            yield from _relation(identifier, stated or relation or Relation.DERIVED_FROM, model_id, text, evidence, "the card")


def _relation(identifier: str, type_: Relation, make: Any, text: str, evidence: Evidence, who: str) -> Iterator[Fragment]:  # noqa: ANN401  # a function of ids
    name = hub_id(_ADDRESS.sub("", text.strip()).rstrip("/"))
    if name is None or make(name) == identifier:
        return  # Some cards name a folder, some themselves: neither is a parent.
    here = evidence._replace(as_written=text)
    upstream = make(name)
    yield ArtifactSeen(upstream, Kind.MODEL if make is model_id else Kind.DATASET, here, name=text)
    yield RelationSeen(identifier, type_, upstream, here, Role.TRAINING, note=f"as {who} says")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    """The scalars of a string or list: cards write one where the other is meant."""
    items = value if isinstance(value, list) else [value]
    return [str(one).strip() for one in items if isinstance(one, str | int | float) and not isinstance(one, bool) and str(one).strip()]


def _day(text: object) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
    # The Hub gives its first years this one day.
    return day if day > dt.date(2022, 3, 2) else None
