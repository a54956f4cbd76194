"""From claims to licences: the one place that interprets what somebody wrote about a licence.

A claim becomes dated licence versions, a set of candidates, or unknown; never a guess.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from lien.catalog.recognise import Exact, Match, Near, TextKind
from lien.catalog.store import Catalog
from lien.graph.fragments import CustomText, LicenseClaim
from lien.resolvers.detector import Detector
from lien.vocabulary.expressions import Single, alternatives
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import License, Scheme

__all__ = ["LicenseResolver", "ResolvedClaim", "Standing", "Use"]


class Standing(StrEnum):
    """How well a licence named in a claim is known."""

    ENCODED = "encoded"
    BY_NAME = "by-name"
    CANDIDATES = "candidates"
    UNREAD = "unread"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One licence of a claim. `license` is set for ENCODED and BY_NAME; `assumed` says what was chosen and why."""

    name: str
    standing: Standing
    license: License | None = None
    assumed: str | None = None
    candidates: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    """Licences that a text is near, or holds with further text; it is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedClaim:
    """A claim with its meaning: alternatives (OR) of united uses (AND), in written order."""

    claim: LicenseClaim
    branches: tuple[tuple[Use, ...], ...]

    @property
    def is_nothing(self) -> bool:
        """Does the claim say that no licence is declared?"""
        return all(use.standing is Standing.NONE for branch in self.branches for use in branch)


_NOTHING = frozenset({"", "none", "noassertion", "unknown", "null", "n/a", "na", "not specified", "unspecified", "unlicensed-filler"})

_LOOK_UP: dict[Scheme, tuple[Scheme, ...]] = {
    Scheme.SPDX: (Scheme.SPDX, Scheme.SCANCODE),
    Scheme.HUGGING_FACE: (Scheme.HUGGING_FACE,),
    Scheme.LICENSE_NAME: (Scheme.LICENSE_NAME, Scheme.FREE_TEXT),
    Scheme.CLASSIFIER: (Scheme.CLASSIFIER,),
    # In free text the Hub's short ids mean what they mean on the Hub only where nothing else matches.
    Scheme.FREE_TEXT: (Scheme.FREE_TEXT, Scheme.SPDX, Scheme.LICENSE_NAME),
    Scheme.FILE: (),
    Scheme.URL: (Scheme.URL,),
    Scheme.SCANCODE: (Scheme.SCANCODE,),
    Scheme.LIEN: (Scheme.LIEN,),
}
_SPDX_IDS = frozenset({Scheme.SPDX, Scheme.FREE_TEXT, Scheme.SCANCODE})
_HUB_KINDS = frozenset({Kind.MODEL, Kind.DATASET})


class LicenseResolver:
    """Resolves claims against a catalogue; remembers what it looked up.

    `detect` is asked about whole texts that the catalogue does not know exactly; its word is shown, and decides nothing.
    """

    def __init__(self, catalog: Catalog, detect: Detector | None = None) -> None:
        self._catalog = catalog
        self._detect = detect
        self._single = lru_cache(maxsize=4096)(self._resolve_single)
        self._resolved = lru_cache(maxsize=8192)(self._resolve_text)

    def resolve(self, claims: Iterable[LicenseClaim], kind: Kind, *, day: dt.date | None, day_is: str = "") -> tuple[ResolvedClaim, ...]:
        """The meaning of an artifact's claims. `day` picks among dated versions, `day_is` says which day it is.

        Claims of several versions of one family by id of the catalogue are one claim with a history:
        the version in force on `day` is kept, without a day the newest.
        """
        resolved = [
            ResolvedClaim(
                claim=claim,
                branches=self._resolved(
                    claim.text, claim.scheme, kind in _HUB_KINDS, day or claim.date, day_is if day else "", claim.custom
                ),
            )
            for claim in claims
        ]
        return tuple(_without_history(resolved, day, day_is))

    def _resolve_text(
        self, text: str, scheme: Scheme, on_hub: bool, day: dt.date | None, day_is: str, custom: tuple[CustomText, ...]
    ) -> tuple[tuple[Use, ...], ...]:
        text = text.strip()
        if text.casefold() in _NOTHING:
            return ((Use(name=text or "nothing", standing=Standing.NONE),),)
        if scheme is Scheme.FILE or (scheme in _FREE and _is_whole_text(text)):
            recognised = self._recognised(text)
            if recognised or scheme is Scheme.FILE:
                return (recognised or (Use(name=_first_line(text), standing=Standing.UNREAD, assumed=self._detected(text)),),)
        whole = self._resolve_part(Single(text), scheme, on_hub, day, day_is, custom)
        if any(use.standing is not Standing.UNREAD for use in whole) or scheme not in (Scheme.SPDX, Scheme.FREE_TEXT):
            return (whole,)
        parsed = alternatives(text)
        if parsed is None or parsed == ((Single(text),),):
            return (whole,)
        branches = tuple(
            tuple(use for one in branch for use in self._resolve_part(one, scheme, on_hub, day, day_is, custom)) for branch in parsed
        )
        # "licensed under the terms of …" parses as a row of odd names: a text, not an expression.
        if scheme is Scheme.FREE_TEXT and all(use.standing is Standing.UNREAD for branch in branches for use in branch):
            return (whole,)
        return branches

    def _resolve_part(
        self, one: Single, scheme: Scheme, on_hub: bool, day: dt.date | None, day_is: str, custom: tuple[CustomText, ...]
    ) -> tuple[Use, ...]:
        """One licence of an expression: what its name means everywhere, else what the same input says that it stands for.

        A text may hold several licences, which all count.
        """
        use = self._single(one, scheme, on_hub, day, day_is)
        near: tuple[Use, ...] = ()
        for told in custom if use.standing is Standing.UNREAD else ():
            if told.name.casefold() != str(one).casefold():
                continue
            if told.scheme is Scheme.FILE:
                recognised = self._recognised(told.text)
                if any(found.standing not in (Standing.UNREAD, Standing.NONE) for found in recognised):
                    return recognised
                near = near or recognised
                continue
            named = self._single(Single(told.text), told.scheme, on_hub, day, day_is)
            if named.standing is not Standing.UNREAD:
                return (replace(named, name=str(one)),)
        return near or (use,)

    def _recognised(self, text: str) -> tuple[Use, ...]:
        """The licences whose texts a whole text holds, all of them; nothing if it is no known text."""
        match self._catalog.recognise(text):
            case Exact(matches=matches):
                uses = [self._use_of(match) for match in matches]
                licenses = [use for use in uses if use.standing is not Standing.NONE]
                return tuple({use.name: use for use in licenses or uses}.values())
            case Near(matches=matches) as near:
                near_to = tuple(dict.fromkeys(one for match in matches for one in match.licenses))
                names = ", ".join(dict.fromkeys(" or ".join(match.licenses) for match in matches[:_SHOWN]))
                more = f" and {len(matches) - _SHOWN} further texts" if len(matches) > _SHOWN else ""
                verb = "holds" if near.is_whole else "near"
                name = f"{verb} {names}{more}, {near.difference}"
                told = "; ".join(filter(None, (f"the text {'is ' if verb == 'near' else ''}{name}", self._detected(text))))
                return (Use(name=name, standing=Standing.UNREAD, near=near_to, assumed=told),)
            case _:
                return ()

    def _detected(self, text: str) -> str | None:
        """What the detector says, as its word."""
        found = self._detect(text) if self._detect is not None else ()
        expressions = " AND ".join(dict.fromkeys(one.expression for one in found))
        return f"scancode-toolkit detects {expressions} (score {min(one.score for one in found):.0f})" if found else None

    def _use_of(self, match: Match) -> Use:
        found = [one for one in map(self._catalog.license, match.licenses) if one is not None]
        if match.kind is TextKind.POLICY:
            return Use(name=f"use policy of {', '.join(one.name for one in found)}", standing=Standing.NONE)
        if len(found) != 1:
            return Use(name=" or ".join(match.licenses), standing=Standing.CANDIDATES, candidates=match.licenses)
        assumed = []
        if match.kind is TextKind.NOTICE:
            assumed.append("the text is the notice that something stands under it, not the licence itself")
        if any(name.lower().endswith("-or-later") for name in found[0].names.get(Scheme.SPDX, ())):
            assumed.append("its text does not say whether a later version may be used instead")
        standing = Standing.ENCODED if found[0].is_encoded else Standing.BY_NAME
        return Use(name=found[0].id, standing=standing, license=found[0], assumed="; ".join(assumed) or None)

    def _resolve_single(self, one: Single, scheme: Scheme, on_hub: bool, day: dt.date | None, day_is: str) -> Use:
        name = str(one)
        found = self._named(name, scheme, on_hub)
        if not found and one.exception is not None:
            base = self._resolve_single(Single(one.name), scheme, on_hub, day, day_is)
            if base.license is None:
                return Use(name=name, standing=Standing.UNREAD)
            title = self._catalog.exception(one.exception)
            known = f"{one.exception} is known by name ({title}) and" if title else one.exception
            return Use(
                name=name,
                standing=base.standing,
                license=base.license,
                assumed=f"the exception {known} was not read; it may lift terms of {one.name}",
            )
        if not found and scheme in _SPDX_IDS and (expression := self._catalog.replacement(name)) is not None:
            return self._resolve_replaced(name, expression, on_hub, day, day_is)
        if not found and scheme is Scheme.SPDX and one.name.endswith("+"):
            found = self._named(one.name[:-1], scheme, on_hub)
        if not found:
            return Use(name=name, standing=Standing.UNREAD)
        return _chosen(name, found, day, day_is)

    def _resolve_replaced(self, name: str, expression: str, on_hub: bool, day: dt.date | None, day_is: str) -> Use:
        """A deprecated id whose exception was a part of it, as the expression by which SPDX replaces it."""
        ((one,),) = alternatives(expression) or ((Single(expression),),)
        use = self._resolve_single(one, Scheme.SPDX, on_hub, day, day_is)
        assumed = f"SPDX has replaced {name} by {expression}" + (f"; {use.assumed}" if use.assumed else "")
        return Use(name=name, standing=use.standing, license=use.license, assumed=assumed)

    def _named(self, name: str, scheme: Scheme, on_hub: bool) -> tuple[License, ...]:
        schemes = _LOOK_UP[scheme]
        if scheme is Scheme.FREE_TEXT and name.startswith(("http://", "https://")):
            schemes = (Scheme.URL,)
        if on_hub and scheme in (Scheme.SPDX, Scheme.FREE_TEXT, Scheme.LICENSE_NAME):
            # BOMs of models put Hub ids where SPDX ids belong (FORMATS 3.2).
            schemes = (*schemes, Scheme.HUGGING_FACE, Scheme.LICENSE_NAME, Scheme.FREE_TEXT)
        for one in schemes:
            found = self._catalog.named(one, name)
            # "Intel" or "Ruby" in free text need not be the listed licence of that id.
            if found and not (scheme is Scheme.FREE_TEXT and one is Scheme.SPDX and name.isalpha() and found[0].is_listed_only):
                return found
        return ()


_SHOWN = 3
_FREE = frozenset({Scheme.FREE_TEXT, Scheme.LICENSE_NAME, Scheme.SPDX})


def _is_whole_text(text: str) -> bool:
    """A name or an expression is shorter than the shortest licence."""
    return len(text) > 200 and len(text.split()) > 30


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), text)[:120]


def _chosen(name: str, found: Sequence[License], day: dt.date | None, day_is: str) -> Use:
    """One of the licences that a name means: by date within a family, else candidates."""
    families = {one.family for one in found}
    if len(found) > 1 and (len(families) != 1 or None in families):
        return Use(name=name, standing=Standing.CANDIDATES, candidates=tuple(sorted(one.id for one in found)))
    license_, assumed = _in_force(found, day, day_is)
    return Use(name=name, standing=Standing.ENCODED if license_.is_encoded else Standing.BY_NAME, license=license_, assumed=assumed)


def _in_force(versions: Sequence[License], day: dt.date | None, day_is: str) -> tuple[License, str | None]:
    """The version in force on a day, with what had to be assumed; the newest if no day is known."""
    ordered = sorted(versions, key=lambda one: (one.in_force_from or dt.date.min, one.id))
    if len(ordered) == 1 and (day is None or ordered[0].in_force_from is None or ordered[0].in_force_from <= day):
        return ordered[0], None
    if day is None:
        return ordered[-1], f"no date is known, so the newest version ({ordered[-1].id}) is assumed"
    before = [one for one in ordered if one.in_force_from is None or one.in_force_from <= day]
    if not before:
        return ordered[
            0
        ], f"the oldest version known ({ordered[0].id}) is later than {day_is or 'the date'} ({day.isoformat()}), and is assumed"
    return before[-1], f"{before[-1].id}: the version in force on {day.isoformat()} ({day_is or 'the date told'})"


def _without_history(resolved: list[ResolvedClaim], day: dt.date | None, day_is: str) -> Iterable[ResolvedClaim]:
    if len(resolved) < 2:  # as nearly every package of a BOM
        return resolved
    histories: dict[str, list[tuple[ResolvedClaim, License]]] = {}
    for one in resolved:
        license_ = one.branches[0][0].license if len(one.branches) == 1 and len(one.branches[0]) == 1 else None
        if one.claim.scheme is Scheme.LIEN and license_ is not None and license_.family is not None:
            histories.setdefault(license_.family, []).append((one, license_))
    dropped: set[int] = set()
    replaced: dict[int, ResolvedClaim] = {}
    for versions in histories.values():
        if len(versions) < 2:
            continue
        kept, assumed = _in_force([license_ for _, license_ in versions], day, day_is)
        for one, license_ in versions:
            if license_.id == kept.id:
                use = one.branches[0][0]
                replaced[id(one)] = ResolvedClaim(
                    claim=one.claim, branches=((Use(name=use.name, standing=use.standing, license=license_, assumed=assumed),),)
                )
            else:
                dropped.add(id(one))
    return [replaced.get(id(one), one) for one in resolved if id(one) not in dropped]
