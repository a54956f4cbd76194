"""Small supply graphs written as files, and the report on them: what scenarios and readings are made with.

A CycloneDX BOM lists what the product, or something published beside it, rests on, with licences and
relations as a vendor would write them. An overlay says what no BOM can (publisher, date, task, lineage
told or not). Services, shares of a mixture and the rest of the world stand in overlay and `lien.toml`.
All of it is fiction of the tests; only the licences are real.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lien.api import audit, render

__all__ = ["PRODUCT", "Found", "Report", "Scene"]

PRODUCT = "product"
BINDS = ("applies", "applies-if")
"""The verdicts of a term that the context triggers, or cannot rule out."""

_OWNER = "acme"
_AS_OF = dt.date(2026, 11, 1)
_CONTEXT: Mapping[str, object] = {
    "commercial": True,
    "distributes": ["app", "weights", "data"],
    "hosts": ["application"],
    "monthly_users": 40_000,
}
_TYPES = {"model": "machine-learning-model", "dataset": "data", "image": "container", "package": "library"}
_OWN_KEYS = ("publisher", "released", "family", "provenance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding of the report, as JSON gives it; `license` is that of the first origin."""

    id: str
    rule: str
    term: str
    term_key: str
    params: Mapping[str, Any]
    license: str | None
    origins: tuple[str, ...]
    artifact: str
    form: str | None
    path: tuple[str, ...]
    scope: str
    certainty: str
    questions: tuple[str, ...]
    verdict: str
    severity: str
    asks: tuple[str, ...]
    clause: str
    message: str
    note: str | None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Found":
        """From a record of `lien-report/1`."""
        same = (
            "id",
            "rule",
            "term",
            "term_key",
            "params",
            "artifact",
            "form",
            "scope",
            "certainty",
            "verdict",
            "severity",
            "clause",
            "message",
            "note",
        )
        return cls(
            **{key: record[key] for key in same},
            license=record["origin"]["license"] if record["origin"] else None,
            origins=tuple(one["artifact"] for one in record["origins"]),
            path=tuple(record["path"]),
            questions=tuple(record["questions"]),
            asks=tuple(record["asks"]),
        )

    @property
    def binds(self) -> bool:
        """Does the term apply, or may it?"""
        return self.verdict in BINDS


@dataclass(frozen=True, slots=True)
class Report:
    """What lien says of a scene, by the JSON contract."""

    data: Mapping[str, Any]

    @property
    def findings(self) -> list[Found]:
        """All findings, in the order of the report."""
        return [Found.of(record) for record in self.data["findings"]]

    def at(self, artifact: str = PRODUCT, *, license: str | None = None, **fields: str) -> list[Found]:  # noqa: A002  # the word of the report
        """The findings at an artifact. A licence matches with all its dated versions (`gemma`); fields match as they are."""
        return [
            one
            for one in self.findings
            if one.artifact == artifact
            and (license is None or _is_version(one.license, license))
            and all(getattr(one, key) == value for key, value in fields.items())
        ]

    def one(self, artifact: str = PRODUCT, *, license: str | None = None, **fields: str) -> Found:  # noqa: A002
        """The one finding at an artifact that matches; fails, listing what there is, if there are none or several."""
        found = self.at(artifact, license=license, **fields)
        assert len(found) == 1, (
            f"{len(found)} findings of {license} {fields} at {artifact}; all: {[(one.rule, one.license, one.term, one.certainty, one.verdict) for one in self.at(artifact)]}"
        )
        return found[0]

    def words(self, artifact: str = PRODUCT, *, license: str | None = None, binding: bool = False) -> set[str]:  # noqa: A002
        """The words said at an artifact by inherited, duty and breach; `binding`: of terms that apply or may."""
        rules = ("inherited", "duty", "breach")
        return {one.term for one in self.at(artifact, license=license) if one.rule in rules and (one.binds or not binding)}

    def of_rule(self, rule: str) -> list[Found]:
        """The findings of a rule, at any artifact."""
        return [one for one in self.findings if one.rule == rule]

    def artifact(self, identifier: str) -> Mapping[str, Any]:
        """The record of an artifact."""
        return next(one for one in self.data["artifacts"] if one["id"] == identifier)

    def relation(self, downstream: str, upstream: str) -> Mapping[str, Any]:
        """The record of the relation between two artifacts."""
        return next(one for one in self.data["relations"] if (one["from"], one["to"]) == (downstream, upstream))


def _is_version(identifier: str | None, license_: str) -> bool:
    return identifier is not None and (identifier == license_ or identifier.startswith(f"{license_}-"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    id: str
    licenses: tuple[str, ...]
    facts: Mapping[str, object]

    @property
    def kind(self) -> str:
        return self.id.partition(":")[0]

    @property
    def name(self) -> str:
        return self.id.partition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    down: str
    type: str
    up: str
    date: str | None = None
    share: str | None = None

    @property
    def fits_bom(self) -> bool:
        """Can a BOM say it? Shares and hosted services it cannot, nor what comes from the product itself."""
        return self.share is None and self.up != PRODUCT and not any(end.startswith("service:") for end in (self.down, self.up))


@dataclass(slots=True)
class Scene:
    """A product (owner: acme) in a folder, and what stands upstream of it.

    `context` is laid over that of a commercial product which hands on app, weights and data and hosts
    an application; a value of None leaves the key untold. `policy` goes into `lien.toml` as it is.
    """

    folder: Path
    license: str = "LicenseRef-Proprietary"
    context: Mapping[str, object] = field(default_factory=dict)
    policy: Mapping[str, object] = field(default_factory=dict)
    _things: dict[str, _Thing] = field(default_factory=dict)
    _links: list[_Link] = field(default_factory=list)
    _published: list[str] = field(default_factory=list)
    _tables: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    def add(self, identifier: str, *licenses: str, **facts: object) -> str:
        """An artifact, and who says what of it; returns its id.

        A licence with capitals is an SPDX expression, one with `lien:` before it an id of `graphs/licenses/`,
        any other an id of the Hub. Facts are `publisher`, `released`, `family`, `provenance`, `optional` (the
        product names it, and it is off by default), or attributes.
        """
        self._things[identifier] = _Thing(id=identifier, licenses=licenses, facts=facts)
        return identifier

    def base(self, name: str, license_: str, *, publisher: str, **facts: object) -> str:
        """A language model that its maker trained from scratch and whose data are told."""
        told: dict[str, object] = {"provenance": "disclosed", "task": "text-generation", "modality": "text", **facts}
        return self.add(f"model:{publisher}/{name}", license_, publisher=publisher, **told)

    def relate(self, downstream: str, type_: str, upstream: str, *, date: str | None = None, share: str | None = None) -> str:
        """A relation, from downstream to upstream; returns the downstream id."""
        for end in (downstream, upstream):
            if end != PRODUCT and end not in self._things:
                self.add(end)
        self._links.append(_Link(down=downstream, type=type_, up=upstream, date=date, share=share))
        return downstream

    def make(self, identifier: str, *how: tuple[str, str], licenses: tuple[str, ...] = (), **facts: object) -> str:
        """An artifact with its relations to what it is made of."""
        self.add(identifier, *licenses, **facts)
        for type_, upstream in how:
            self.relate(identifier, type_, upstream)
        return identifier

    def publish(self, *identifiers: str) -> None:
        """Models or datasets that the product's owner gives to the public: each is the subject of a BOM of its own."""
        self._published.extend(identifiers)

    def table(self, name: str, **values: object) -> None:
        """One more `[[rule]]`, `[[agreement]]` or `[[correction]]` of the project file."""
        self._tables.append((name, values))

    def report(self) -> Report:
        """Write the files and audit the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        listed: set[str] = set()
        told: set[int] = set()
        for root in (PRODUCT, *self._published):
            listed |= self._write_bom(root, told)
        self._write_overlay(listed)
        self._write_project([link for link in self._links if id(link) not in told and link.share is None])
        return Report(json.loads("".join(render(audit([self.folder], as_of=_AS_OF), "json"))))

    def _rests_on(self, root: str) -> Iterator[str]:
        pending, visited = [root], {root}
        while pending:
            current = pending.pop()
            yield current
            for link in self._links:
                if link.down == current and link.fits_bom and link.up not in visited:
                    visited.add(link.up)
                    pending.append(link.up)

    def _write_bom(self, root: str, told: set[int]) -> set[str]:
        ids = set(self._rests_on(root))
        if ids == {PRODUCT}:
            return set()
        inside = [link for link in self._links if link.fits_bom and link.down in ids and link.up in ids]
        told.update(id(link) for link in inside)
        subject = {"type": "application", "name": "shop", "bom-ref": PRODUCT} if root == PRODUCT else self._component(root, inside)
        bom = {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "metadata": {"component": subject},
            "components": [self._component(one, inside) for one in sorted(ids - {root})],
        }
        name = "product" if root == PRODUCT else f"published-{self._published.index(root)}"
        (self.folder / f"{name}.cdx.json").write_text(json.dumps(bom, indent=1), encoding="utf-8")
        return ids

    def _component(self, identifier: str, links: list[_Link]) -> dict[str, object]:
        thing = self._things[identifier]
        component: dict[str, object] = {"bom-ref": identifier, "type": _TYPES[thing.kind], "name": thing.name}
        if thing.kind == "image":
            component["version"] = "1"
        else:
            purl = {"model": "huggingface/", "dataset": "huggingface/datasets/"}.get(thing.kind, "")
            component["purl"] = f"pkg:{purl}{thing.name}"
        if thing.facts.get("optional"):
            component["scope"] = "optional"
        stated = [
            {"expression": one} if one != one.lower() else {"license": {"name": one}}
            for one in thing.licenses
            if not one.startswith("lien:")
        ]
        if stated:
            component["licenses"] = stated
        mine = [link for link in links if link.up == identifier]
        properties = [{"name": f"lien:relation:{link.down}", "value": link.type} for link in mine]
        properties += [{"name": f"lien:date:{link.down}", "value": link.date} for link in mine if link.date]
        if properties:
            component["properties"] = properties
        return component

    def _write_overlay(self, listed: set[str]) -> None:
        entries = [entry for thing in self._things.values() if len(entry := self._entry(thing, is_listed=thing.id in listed)) > 1]
        if entries:
            overlay = {"sources": {"scene": {"title": "fiction of the tests"}}, "artifacts": entries}
            (self.folder / "legal").mkdir(exist_ok=True)
            (self.folder / "legal" / "scene.yaml").write_text(yaml.safe_dump(overlay, sort_keys=False), encoding="utf-8")

    def _entry(self, thing: _Thing, *, is_listed: bool) -> dict[str, object]:
        own = {key: thing.facts[key] for key in _OWN_KEYS if key in thing.facts}
        attributes = {key: value for key, value in thing.facts.items() if key not in (*_OWN_KEYS, "optional")}
        claims = [_claim(one) for one in thing.licenses if not is_listed or one.startswith("lien:")]
        shares = [
            {"type": link.type, "to": link.up, "share": link.share, "source": "scene"}
            for link in self._links
            if link.down == thing.id and link.share
        ]
        lists = {"attributes": attributes, "licenses": claims, "relations": shares}
        return {"id": thing.id, **own, **{key: value for key, value in lists.items() if value}}

    def _write_project(self, links: list[_Link]) -> None:
        context = {key: value for key, value in {**_CONTEXT, **self.context}.items() if value is not None}
        lines = [f"product = {_toml({'name': 'shop', 'license': self.license, 'publisher': _OWNER})}", f"context = {_toml(context)}"]
        if self.policy:
            lines.append(f"policy = {_toml(self.policy)}")
        if (self.folder / "legal").is_dir():
            lines.append('catalog = {paths = ["legal"]}')
        tables = [("relation", {"from": one.down, "type": one.type, "to": one.up, "date": one.date, "source": "scene"}) for one in links]
        for name, values in (*tables, *self._tables):
            lines.append(f"[[{name}]]")
            lines.extend(f"{key} = {_toml(value)}" for key, value in values.items() if value is not None)
        (self.folder / "lien.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _claim(text: str) -> dict[str, str]:
    scheme, colon, rest = text.partition(":")
    if colon and scheme == "lien":
        return {"claim": rest, "scheme": "lien", "source": "scene"}
    return {"claim": text, "scheme": "spdx" if text != text.lower() else "hugging-face", "source": "scene"}


def _toml(value: object) -> str:
    """A value in TOML; of texts, numbers, flags and lists JSON's way of writing is TOML's too."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
