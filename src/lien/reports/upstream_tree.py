"""`lien tree`: the upstream tree of an artifact, with what each one brings."""

import datetime as dt
from collections.abc import Iterator

from lien.errors import UsageError
from lien.graph.fragments import PRODUCT
from lien.graph.supply import Link
from lien.pipeline.run import Outcome
from lien.reports.table import place_of
from lien.reports.text import Style, clean, columns
from lien.vocabulary.kinds import Scope
from lien.vocabulary.words import WordKind

__all__ = ["render"]

_WIDTH = 80
_MOST_CHILDREN = 200


def render(outcome: Outcome, artifact: str | None = None, *, colour: bool = False) -> Iterator[str]:
    """The tree, depth first; an artifact met again is named and not unfolded. Raises UsageError for an unknown id."""
    style = Style(colour=colour)
    root = _find(outcome, artifact)
    upstream = outcome.graph.upstream
    visited = {root}
    yield clean(outcome.name if root == PRODUCT else root) + _brings(outcome, root, style) + "\n"
    pending: list[tuple[int, Link, dt.date | None]] = [(1, link, link.date) for link in reversed(_ordered(upstream.get(root, [])))]
    while pending:
        depth, link, day = pending.pop()
        again = link.upstream in visited
        visited.add(link.upstream)
        scope = f" [{link.scope.value}]" if link.scope not in (None, Scope.USED) else ""
        place = place_of(outcome.placed(link.evidence[:1])[0]) if link.evidence else ""
        line = f"{'  ' * depth}{link.type.value} {clean(link.upstream)}{scope}{' (see above)' if again and upstream.get(link.upstream) else ''}"
        yield columns(line, place, _WIDTH) + "\n"
        own = _brings(outcome, link.upstream, style, day)
        if own and not again:
            yield f"{'  ' * depth}  {own.strip()}\n"
        if not again:
            children = _ordered(upstream.get(link.upstream, []))
            # What a thing of that day passes on it had on that day.
            pending.extend((depth + 1, child, child.date or day) for child in reversed(children[:_MOST_CHILDREN]))


def _find(outcome: Outcome, wanted: str | None) -> str:
    if wanted is None:
        return PRODUCT
    artifacts = outcome.graph.artifacts
    if wanted in artifacts:
        return wanted
    found = [
        one.id
        for one in artifacts.values()
        if wanted.lower() in (one.id.partition(":")[2], *(alias.partition(":")[2] for alias in one.aliases), *one.aliases)
    ]
    if len(found) == 1:
        return found[0]
    near = sorted(one for one in artifacts if wanted.lower() in one)[:5]
    raise UsageError(
        f'"{wanted}" is no artifact of this product (name what to audit with --path)'
        + (f"; is it one of {', '.join(near)}?" if near else "")
    )


def _ordered(links: list[Link]) -> list[Link]:
    return sorted(links, key=lambda link: ((link.scope or Scope.USED).rank, link.upstream, link.type))


def _brings(outcome: Outcome, identifier: str, style: Style, day: dt.date | None = None) -> str:
    """The licences an artifact stands under by itself, and the limits among their terms."""
    own = outcome.case.standings.of(identifier, day if day and outcome.case.standings.is_dated(identifier) else None)
    if not own.licenses:
        return ""
    parts = []
    for license_ in own.licenses:
        limits = list(dict.fromkeys(term.word for term in license_.terms if term.kind is WordKind.LIMIT))
        parts.append(license_.id + (f": {', '.join(limits)}" if limits else ""))
    return "  " + style.paint("; ".join(parts), "2")
