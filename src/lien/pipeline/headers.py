"""Licence comments of source files, gathered: one claim for each expression and folder, however many files say it."""

from collections import Counter
from collections.abc import Iterable

from lien.graph.fragments import SPDX_HEADERS, Fragment, LicenseClaim

__all__ = ["gathered"]


def gathered(fragments: Iterable[Fragment]) -> list[Fragment]:
    """The fragments in their order; of equal headers the first, saying how many files there are."""
    kept: list[Fragment] = []
    first: dict[tuple[str, str, str | None], int] = {}
    counts: Counter[tuple[str, str, str | None]] = Counter()
    for one in fragments:
        if isinstance(one, LicenseClaim) and one.evidence.reader == SPDX_HEADERS:
            key = (one.artifact, one.text, one.part)
            counts[key] += 1
            if key in first:
                continue
            first[key] = len(kept)
        kept.append(one)
    for key, place in first.items():
        claim = kept[place]
        if counts[key] > 1 and isinstance(claim, LicenseClaim):
            kept[place] = claim._replace(evidence=claim.evidence._replace(as_written=f"{claim.text} (first of {counts[key]} files)"))
    return kept
