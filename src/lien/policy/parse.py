"""From the tables of a project file to values. Unknown keys are errors; all problems come at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from importlib import resources
from posixpath import normpath
from types import MappingProxyType
from typing import Any, TypeVar

from lien.errors import PolicyError
from lien.policy.values import Action, Agreement, Context, Correction, DeclaredRelation, FailOn, Policy, ProductSpec, Project, Rule
from lien.vocabulary.conditions import CONTEXT_CONDITIONS, Distribution, Hosting
from lien.vocabulary.kinds import Kind, Scope
from lien.vocabulary.questions import PRESET_NAMES, PRESETS, Answer, Question
from lien.vocabulary.relations import Relation
from lien.vocabulary.words import WORDS

__all__ = ["FINDINGS", "Locate", "default_project", "parse_project"]

FINDINGS = ("inherited", "drift", "breach", "duty", "unknown", "own")

Locate = Callable[[tuple[str, ...], int], int | None]
"""The line of a key, given the keys to it and the index of its `[[table]]`."""

_T = TypeVar("_T")


class _Reader:
    """Takes typed values out of tables, noting every problem with its line."""

    def __init__(self, path: str, locate: Locate) -> None:
        self._path = path
        self._locate = locate
        self.problems: list[PolicyError] = []

    def problem(self, message: str, keys: tuple[str, ...], index: int = 0) -> None:
        self.problems.append(PolicyError(message, path=self._path, line=self._locate(keys, index)))

    def known(self, table: Mapping[str, Any], allowed: Sequence[str], keys: tuple[str, ...] = (), index: int = 0) -> None:
        for key in table:
            if key not in allowed:
                where = ".".join(keys)
                self.problem(f'unknown key "{key}"{f" in {where}" if where else ""}; known are {", ".join(allowed)}', (*keys, key), index)

    def table(self, value: Any, keys: tuple[str, ...]) -> Mapping[str, Any]:  # noqa: ANN401
        if isinstance(value, Mapping):
            return value
        self.problem(f'"{".".join(keys)}" must be a table', keys)
        return {}

    def tables(self, value: Any, key: str) -> list[Mapping[str, Any]]:  # noqa: ANN401
        items = value if isinstance(value, list) else [value]
        if all(isinstance(item, Mapping) for item in items):
            return list(items)
        self.problem(f'"{key}" must be an array of tables: write [[{key}]]', (key,))
        return []

    def text(self, table: Mapping[str, Any], key: str, keys: tuple[str, ...] = (), index: int = 0, *, required: bool = False) -> str | None:
        value = table.get(key)
        if value is None:
            if required:
                self.problem(f'{".".join(keys)} needs "{key}"', keys, index)
            return None
        if isinstance(value, str) and value.strip():
            return value
        self.problem(f'"{key}" must be a text', (*keys, key), index)
        return None

    def texts(self, table: Mapping[str, Any], key: str, keys: tuple[str, ...] = (), index: int = 0) -> tuple[str, ...]:
        value = table.get(key, [])
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list) and all(isinstance(item, str) and item for item in items):
            return tuple(items)
        self.problem(f'"{key}" must be a text or a list of texts', (*keys, key), index)
        return ()

    def choice(self, value: Any, choices: Callable[[str], _T], allowed: Sequence[str], keys: tuple[str, ...], index: int = 0) -> _T | None:  # noqa: ANN401
        if isinstance(value, str) and value in allowed:
            return choices(value)
        if value is None:
            self.problem(f'{".".join(keys[:-1])} needs "{keys[-1]}"', keys[:-1], index)
            return None
        self.problem(f'"{keys[-1]}" is {value!r}; write one of {", ".join(allowed)}', keys, index)
        return None

    def day(self, table: Mapping[str, Any], key: str, keys: tuple[str, ...], index: int) -> date | None:
        value = table.get(key)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.problem(f'"{key}" must be a date such as 2027-12-31', (*keys, key), index)
            return None


def default_project() -> Project:
    """The context and policy of a product that has no project file; `default.toml` beside this module."""
    import tomllib  # noqa: PLC0415  # the only TOML that every audit reads

    text = resources.files("lien.policy").joinpath("default.toml").read_text(encoding="utf-8")
    project = parse_project(tomllib.loads(text), path="default.toml", locate=lambda _keys, _index: None, defaults=Project())
    context = Context(values=project.context.values, assumed=frozenset(project.context.values))
    rules = tuple(replace(rule, is_default=True) for rule in project.policy.rules)
    return Project(context=context, policy=replace(project.policy, rules=rules))


def parse_project(tables: Mapping[str, Any], *, path: str, locate: Locate, defaults: Project | None = None) -> Project:
    """What the tables of a project file mean. Rules of the file come before those of `defaults`, its context in their place.

    Raises PolicyError that names every problem, one a line.
    """
    base = default_project() if defaults is None else defaults
    read = _Reader(path, locate)
    read.known(tables, ("product", "context", "policy", "catalog", "rule", "agreement", "relation", "correction"))
    products = tuple(_product(read, table, index) for index, table in enumerate(read.tables(tables.get("product", []), "product")))
    catalog = read.table(tables.get("catalog", {}), ("catalog",))
    read.known(catalog, ("paths",), ("catalog",))
    project = Project(
        products=products,
        context=_context(read, read.table(tables.get("context", {}), ("context",)), base.context),
        policy=_policy(read, tables, base.policy),
        overlays=tuple(map(normpath, read.texts(catalog, "paths", ("catalog",)))),
        relations=tuple(
            fact
            for index, table in enumerate(read.tables(tables.get("relation", []), "relation"))
            if (fact := _relation(read, table, index))
        ),
        corrections=tuple(
            one
            for index, table in enumerate(read.tables(tables.get("correction", []), "correction"))
            if (one := _correction(read, table, index))
        ),
        file=path,
    )
    _check_names(read, project)
    if len(read.problems) == 1:
        raise read.problems[0]
    if read.problems:
        raise PolicyError("\n".join(str(problem) for problem in sorted(read.problems, key=lambda one: one.line or 0)))
    return project


def _check_names(read: _Reader, project: Project) -> None:
    """Products have names of their own, and `product:NAME` says one of them."""
    names = [one.name.lower() if one.name else "" for one in project.products]
    for index, name in enumerate(names):
        if name in names[:index]:
            read.problem(f'"{name}" names two products' if name else "of several products each needs a name", ("product",), index)
    for relation in project.relations:
        kind, _, name = relation.downstream.partition(":")
        if kind == Kind.PRODUCT and name and name not in names:
            read.problem(f'"{relation.downstream}" is no product of this file', ("relation", "from"), relation.index)


def _product(read: _Reader, table: Mapping[str, Any], index: int) -> ProductSpec:
    keys = ("product",)
    read.known(table, ("name", "license", "paths", "publisher"), keys, index)
    return ProductSpec(
        name=read.text(table, "name", keys, index),
        license=read.text(table, "license", keys, index),
        paths=tuple(map(normpath, read.texts(table, "paths", keys, index))),
        publisher=read.text(table, "publisher", keys, index),
    )


def _context(read: _Reader, table: Mapping[str, Any], base: Context) -> Context:
    read.known(table, tuple(CONTEXT_CONDITIONS), ("context",))
    values: dict[str, object] = {}
    for key, value in table.items():
        if key in CONTEXT_CONDITIONS:
            checked = _context_value(read, key, CONTEXT_CONDITIONS[key].type, value)
            if checked is not None:
                values[key] = checked
    return Context(values=MappingProxyType({**base.values, **values}), assumed=base.assumed - values.keys())


def _context_value(read: _Reader, key: str, type_: str, value: Any) -> object | None:  # noqa: ANN401
    keys = ("context", key)
    match type_:
        case "bool" if isinstance(value, bool):
            return value
        case "count" if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        case "name" if isinstance(value, str) and value:
            return value
        case "distributions" | "hostings" if isinstance(value, list):
            allowed = [str(one) for one in (Distribution if type_ == "distributions" else Hosting)]
            if all(item in allowed for item in value):
                return tuple(value)
            read.problem(f'"{key}" may hold {", ".join(allowed)}', keys)
        case "codes" if isinstance(value, list) and all(isinstance(item, str) for item in value):
            # A country by its name would match no licence, and clear what excludes it.
            if all(len(item) == 2 and item.isalpha() and item.isascii() for item in value):
                return tuple(item.upper() for item in value)
            read.problem(f'"{key}" may hold ISO 3166 codes of two letters, and EU for the Union', keys)
        case "names" if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        case _:
            wanted = {"bool": "true or false", "count": "a number of 0 or more", "name": "a text"}.get(type_, "a list of texts")
            read.problem(f'"{key}" must be {wanted}', keys)
    return None


def _policy(read: _Reader, tables: Mapping[str, Any], base: Policy) -> Policy:
    table = read.table(tables.get("policy", {}), ("policy",))
    questions = [str(question) for question in Question]
    read.known(table, ("answers", "fail_on", "unread", "unknown", *questions), ("policy",))
    preset = base.preset
    answers = dict(base.answers)
    if "answers" in table:
        chosen = read.choice(table["answers"], str, PRESET_NAMES, ("policy", "answers"))
        if chosen is not None:
            preset, answers = chosen, dict(PRESETS[chosen])
    for question in questions:
        if question in table:
            answer = read.choice(table[question], Answer, tuple(Answer), ("policy", question))
            if answer is not None:
                answers[Question(question)] = answer
    limits = {}
    for key in ("unread", "unknown"):
        action = read.choice(table[key], Action, ("deny", "warn", "info"), ("policy", key)) if key in table else None
        limits[key] = action or getattr(base, key)
    fail_on = read.choice(table["fail_on"], FailOn, tuple(FailOn), ("policy", "fail_on")) if "fail_on" in table else None
    rules = [one for index, item in enumerate(read.tables(tables.get("rule", []), "rule")) if (one := _rule(read, item, index))]
    agreements = [
        held for index, item in enumerate(read.tables(tables.get("agreement", []), "agreement")) if (held := _agreement(read, item, index))
    ]
    return Policy(
        answers=MappingProxyType(answers),
        preset=preset,
        fail_on=fail_on or base.fail_on,
        unread=limits["unread"],
        unknown=limits["unknown"],
        rules=(*rules, *base.rules),
        agreements=tuple(agreements),
    )


def _terms(read: _Reader, table: Mapping[str, Any], key: str, keys: tuple[str, ...], index: int) -> tuple[str, ...]:
    terms = read.texts(table, key, keys, index)
    for term in terms:
        if term not in WORDS:
            read.problem(f'"{term}" is no word of the vocabulary; `lien explain` lists them', (*keys, key), index)
    return terms


def _rule(read: _Reader, table: Mapping[str, Any], index: int) -> Rule | None:
    keys = ("rule",)
    read.known(table, ("finding", "term", "params", "artifact", "origin", "scope", "action", "unsure", "reason"), keys, index)
    action = read.choice(table.get("action"), Action, tuple(Action), ("rule", "action"), index)
    unsure = read.choice(table["unsure"], Action, tuple(Action), ("rule", "unsure"), index) if "unsure" in table else None
    if Action.ALLOW in (action, unsure) and not table.get("reason"):
        read.problem('a rule that allows needs a "reason": it stands in the report', keys, index)
    finding = read.choice(table["finding"], str, FINDINGS, ("rule", "finding"), index) if "finding" in table else None
    scope = read.choice(table["scope"], str, tuple(Scope), ("rule", "scope"), index) if "scope" in table else None
    terms = _terms(read, table, "term", keys, index)
    params = read.table(table.get("params", {}), ("rule", "params"))
    read.known(params, sorted({name for term in terms or WORDS if term in WORDS for name in WORDS[term].params}), ("rule", "params"), index)
    artifact, origin, reason = (read.text(table, key, keys, index) for key in ("artifact", "origin", "reason"))
    if action is None:
        return None
    return Rule(
        action=action,
        unsure=unsure or (Action.WARN if action is Action.DENY else action),
        finding=finding,
        terms=terms,
        params=dict(params),
        artifact=artifact,
        origin=origin,
        scope=scope,
        reason=reason,
    )


def _agreement(read: _Reader, table: Mapping[str, Any], index: int) -> Agreement | None:
    keys = ("agreement",)
    read.known(table, ("origin", "terms", "reason", "until"), keys, index)
    origin = read.text(table, "origin", keys, index, required=True)
    reason = read.text(table, "reason", keys, index, required=True)
    until = read.day(table, "until", keys, index)
    terms = _terms(read, table, "terms", keys, index)
    return Agreement(origin=origin.lower(), terms=terms, reason=reason, until=until) if origin and reason else None


def _artifact_id(read: _Reader, table: Mapping[str, Any], key: str, keys: tuple[str, ...], index: int, *, required: bool) -> str | None:
    text = read.text(table, key, keys, index, required=required)
    if text is None:
        return None
    kind, _, name = text.partition(":")
    if kind not in tuple(Kind) or not (name.strip() or text == Kind.PRODUCT):
        read.problem(f'"{text}" is no artifact id: write KIND:NAME with a kind of {", ".join(Kind)}', (*keys, key), index)
        return None
    return text.lower()


def _relation(read: _Reader, table: Mapping[str, Any], index: int) -> DeclaredRelation | None:
    keys = ("relation",)
    read.known(table, ("from", "type", "to", "source", "date"), keys, index)
    down = _artifact_id(read, table, "from", keys, index, required=True)
    up = _artifact_id(read, table, "to", keys, index, required=True)
    type_ = read.choice(table.get("type"), Relation, tuple(Relation), ("relation", "type"), index)
    source = read.text(table, "source", keys, index, required=True)
    day = read.day(table, "date", keys, index)
    if down and up and type_ and source:
        return DeclaredRelation(downstream=down, type=type_, upstream=up, source=source, date=day, index=index)
    return None


def _correction(read: _Reader, table: Mapping[str, Any], index: int) -> Correction | None:
    keys = ("correction",)
    read.known(table, ("from", "type", "to", "artifact", "claim", "reason"), keys, index)
    reason = read.text(table, "reason", keys, index, required=True)
    type_ = read.choice(table["type"], Relation, tuple(Relation), ("correction", "type"), index) if "type" in table else None
    down = _artifact_id(read, table, "from", keys, index, required=False)
    up = _artifact_id(read, table, "to", keys, index, required=False)
    artifact = _artifact_id(read, table, "artifact", keys, index, required=False)
    claim = read.text(table, "claim", keys, index)
    if not (down and up) and not (artifact and claim):
        read.problem('a correction strikes a relation ("from" and "to") or a claim ("artifact" and "claim")', keys, index)
        return None
    if reason is None:
        return None
    return Correction(reason=reason, downstream=down, type=type_, upstream=up, artifact=artifact, claim=claim, index=index)
