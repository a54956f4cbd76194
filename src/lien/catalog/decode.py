"""Licences from their plain form: the same code reads a knowledge file and a row of the catalogue.

The plain form has passed the schema; what a schema cannot say is checked here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lien.errors import KnowledgeError
from lien.vocabulary.conditions import Condition
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import SILENT_CLASSES, About, Act, License, Nature, Reach, ReadAs, Scheme, Term, TextSource
from lien.vocabulary.questions import Question
from lien.vocabulary.relations import ReachClass
from lien.vocabulary.words import WORDS

__all__ = ["license_from_plain"]

_SETTLED = Reach()


def license_from_plain(plain: Mapping[str, Any]) -> License:
    """The licence that a schema-valid mapping says. Raises KnowledgeError with a pointer into it."""
    texts = [_text("", plain["text"]), *(_text(policy["key"], policy) for policy in plain.get("policies", ()))]
    definitions = {name: _reach(entry["reach"], f"/definitions/{name}/reach") for name, entry in plain.get("definitions", {}).items()}
    nature = Nature(plain.get("nature", Nature.LICENSE))
    keys = {text.key for text in texts}
    terms = tuple(_term(term, f"/terms/{index}", definitions, nature, keys) for index, term in enumerate(plain.get("terms", ())))
    in_force = plain.get("in_force", {})
    return License(
        id=plain["id"],
        name=plain["name"],
        about=frozenset(About(one) for one in plain["about"]),
        texts=tuple(texts),
        terms=terms,
        names={Scheme(scheme): tuple(names) for scheme, names in plain.get("names", {}).items()},
        family=plain.get("family"),
        licensor=plain.get("licensor"),
        in_force_from=_date(in_force.get("from")),
        in_force_until=_date(in_force.get("until")),
        learned_is_derivative=plain.get("learned") == "derivative",
        osi_approved=plain.get("status", {}).get("osi"),
        fsf_libre=plain.get("status", {}).get("fsf"),
        is_listed_only=plain.get("listed", False),
        note=plain.get("note"),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(key: str, plain: Mapping[str, Any]) -> TextSource:
    return TextSource(
        key=key,
        title=plain["title"],
        url=plain.get("url"),
        read=ReadAs(plain["read"]),
        on=_date(plain.get("on")),
        scancode=plain.get("scancode"),
    )


def _reach(plain: list[str] | Mapping[str, Any], pointer: str) -> dict[ReachClass, Reach]:
    if isinstance(plain, list):
        return {ReachClass(name): _SETTLED for name in plain}
    reach = {}
    for name, entry in plain.items():
        reach_class = ReachClass(name)
        if entry == "settled":
            reach[reach_class] = _SETTLED
        elif entry == "silent":
            if reach_class not in SILENT_CLASSES:
                raise KnowledgeError(
                    f'"{name}" cannot be silent: the form stays the same there, so nothing remembers the silence',
                    pointer=f"{pointer}/{name}",
                )
            reach[reach_class] = Reach(silent=True)
        else:
            names = [entry] if isinstance(entry, str) else entry
            reach[reach_class] = Reach(questions=frozenset(Question(one) for one in names))
    return reach


def _conditions(plain: Any) -> tuple[Condition, ...]:  # noqa: ANN401
    return tuple(
        Condition(context=_pairs(one.get("context", {})), artifact=_pairs(one.get("artifact", {})), clause=one.get("clause"))
        for one in plain
    )


def _pairs(plain: Mapping[str, Any]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted((key, tuple(value) if isinstance(value, list) else value) for key, value in plain.items()))


def _term(
    plain: Mapping[str, Any], pointer: str, definitions: Mapping[str, Mapping[ReachClass, Reach]], nature: Nature, texts: set[str]
) -> Term:
    reach: dict[ReachClass, Reach] = {}
    if "through" in plain:
        if plain["through"] not in definitions:
            raise KnowledgeError(f'"{plain["through"]}" is not among the definitions of this licence', pointer=f"{pointer}/through")
        reach.update(definitions[plain["through"]])
    reach.update(_reach(plain.get("reach", {}), f"{pointer}/reach"))
    if plain.get("text", "") not in texts:
        raise KnowledgeError(f'"{plain["text"]}" is not among the policies of this licence', pointer=f"{pointer}/text")
    params = {key: tuple(value) if isinstance(value, list) else value for key, value in plain.get("params", {}).items()}
    act = plain.get("act")
    return Term(
        key=plain["key"],
        word=plain["word"],
        clause=plain["clause"],
        quote=plain["quote"],
        reach=reach,
        params=params,
        text=plain.get("text"),
        binds=frozenset(Kind(one) for one in plain["binds"]) if "binds" in plain else WORDS[plain["word"]].binds,
        when=_conditions(plain["when"]) if "when" in plain else None,
        unless=_conditions(plain.get("unless", ())),
        act=Act(**act) if act is not None else None,
        nature=Nature(plain.get("nature", nature)),
        note=plain.get("note"),
    )
