"""What `properties` say: base models in the words of several tools, and our own `lien:` convention.

A BOM cannot say how one component came from another. By our convention the upstream component says
it: `lien:relation` for whoever lists it in pedigree, datasets or dependsOn, and
`lien:relation:BOMREF` for the one downstream component with that bom-ref; `lien:date` likewise.
Repeating a property gives a pair several relations. `lien:released` is the component's own date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import lru_cache
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.readers._bom_ids import hub_repository
from lien.readers._bom_values import Json, iso_date, shown, text
from lien.sources.json_text import pointer as json_pointer
from lien.vocabulary.ids import hub_id, model_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation, Said

__all__ = ["ANYBODY", "Properties", "Statement", "base_models", "properties_of"]

ANYBODY = ""
"""Stands for every downstream component; no bom-ref is empty."""


class Statement(NamedTuple):
    """One property: its value, as written, and where it stands."""

    value: str
    pointer: str


class _Meaning(Enum):
    BASE_MODEL = auto()
    BASE_RELATION = auto()
    RELATION = auto()
    DATE = auto()
    RELEASED = auto()
    LICENSE = auto()


@dataclass(slots=True)
class Properties:
    """What the properties of one component say. Relations and dates are by the downstream's bom-ref."""

    relations: dict[str, list[Relation]] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    exact: dict[str, Statement] = field(default_factory=dict)
    base_models: list[Statement] = field(default_factory=list)
    base_relation: Said = Said.BASE_MODEL
    licenses: list[Statement] = field(default_factory=list)
    released: date | None = None

    def relations_of(self, downstream: str, *, anybody: bool) -> list[Relation]:
        """How the component is upstream of that one; `anybody` lets what names no bom-ref count."""
        exact = self.relations.get(downstream) if downstream else None
        return exact or (self.relations.get(ANYBODY, []) if anybody else [])

    def date_of(self, downstream: str, *, anybody: bool) -> date | None:
        """When the component became upstream of that one."""
        exact = self.dates.get(downstream) if downstream else None
        return exact or (self.dates.get(ANYBODY) if anybody else None)


_BASE_MODEL = re.compile(r"(?:^|[:./])(?:base|parent)[ _-]?models?(?:[ _-]?(?:id|name|source|url))?$", re.IGNORECASE)
_BASE_RELATION = re.compile(r"(?:^|[:./])base[ _-]?model[ _-]?relation$", re.IGNORECASE)
_BASE_RELATIONS = {"finetune": Said.BASE_MODEL, "adapter": Said.ADAPTER, "merge": Said.MERGE, "quantized": Said.QUANTIZED}
"""What the Hub knows of a base model (hub-docs, `base_model_relation`)."""

_LICENSE = re.compile(r"(?:^|:)licen[sc]e$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _meaning(name: str) -> tuple[_Meaning, str] | None:
    """What a property of that name says, and of which downstream bom-ref. A BOM repeats few names."""
    if name.startswith("lien:"):
        word, _, ref = name.removeprefix("lien:").partition(":")
        known = {"relation": _Meaning.RELATION, "date": _Meaning.DATE, "released": _Meaning.RELEASED}.get(word)
        return None if known is None else (known, ref)
    if _BASE_RELATION.search(name):
        return _Meaning.BASE_RELATION, ANYBODY
    if _BASE_MODEL.search(name):
        return _Meaning.BASE_MODEL, ANYBODY
    return (_Meaning.LICENSE, ANYBODY) if _LICENSE.search(name) else None


def properties_of(properties: object, path: str, pointer: str, found: Properties | None = None) -> Properties | None:
    """What a `properties` list says, added to `found`; None as long as nothing does.

    Other people's properties are free text and never an error; a `lien:` property that cannot be
    read raises InputError, since it was written for us.
    """
    for one, place in _pairs(properties, pointer):
        name = one.get("name") if isinstance(one, dict) else None
        meaning = _meaning(name) if isinstance(name, str) else None
        if meaning is not None:
            found = found or Properties()
            _add(found, meaning, one, path, place)
    return found


def _pairs(properties: object, pointer: str) -> Iterator[tuple[Any, str]]:
    """The properties with their places. Some BOMs write one object of all in place of a list; its keys are the names."""
    if isinstance(properties, list):
        for index, one in enumerate(properties):
            yield one, f"{pointer}/{index}"
    elif isinstance(properties, dict):
        for name, value in properties.items():
            yield {"name": name, "value": value}, pointer + json_pointer(name)


def _add(found: Properties, meaning: tuple[_Meaning, str], one: Json, path: str, place: str) -> None:
    word, ref = meaning
    value = one.get("value")
    said = text(value)
    where = f"{place}/value" if "value" in one and place[place.rfind("/") + 1 :].isdigit() else place
    match word:
        case _Meaning.RELATION:
            relation = _relation(value, path, where)
            found.relations.setdefault(ref, []).append(relation)
            if ref != ANYBODY:
                found.exact.setdefault(ref, Statement(relation.value, place))
        case _Meaning.DATE:
            found.dates[ref] = _date(value, path, where)
        case _Meaning.RELEASED:
            found.released = _date(value, path, where)
        case _Meaning.BASE_RELATION if said is not None:
            found.base_relation = _BASE_RELATIONS.get(said.lower(), Said.BASE_MODEL)
        case _Meaning.BASE_MODEL if said is not None:
            found.base_models.append(Statement(said, place))
        case _Meaning.LICENSE if said is not None:
            found.licenses.append(Statement(said, place))
        case _:
            pass


def _relation(value: object, path: str, pointer: str) -> Relation:
    try:
        return Relation(value)  # type: ignore[arg-type]
    except ValueError as error:
        raise InputError(
            f"is {shown(value)}, which is no relation; write one of {', '.join(Relation)}", path=path, pointer=pointer
        ) from error


def _date(value: object, path: str, pointer: str) -> date:
    day = iso_date(value)
    if day is None:
        raise InputError(f"is {shown(value)}, which is no date; write it as YYYY-MM-DD", path=path, pointer=pointer)
    return day


_SEVERAL = re.compile(r"[,;\[\]{}'\"]+")
_NOTHING = frozenset({"none", "null", "n/a", "na", "unknown", "-"})


def base_models(value: str) -> list[tuple[str, str | None]]:
    """The models that a base-model property names: each as written, with its id or None if it is no Hub id.

    Tools write a Hub id or URL, and for several a list in the syntax of their own language.

    >>> base_models("['gpt2', 'https://huggingface.co/org/name']")
    [('gpt2', 'model:gpt2'), ('https://huggingface.co/org/name', 'model:org/name')]
    """
    found: list[tuple[str, str | None]] = []
    for part in _SEVERAL.split(value):
        name = part.strip()
        if name and name.lower() not in _NOTHING:
            repository = hub_repository(name)
            hub = repository[1] if repository is not None and repository[0] is Kind.MODEL else hub_id(name)
            found.append((name, None if hub is None else model_id(hub)))
    return found
