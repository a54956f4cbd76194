"""SPDX licence expressions as alternatives: OR of ANDs of single licences (SPDX 2.3, annex D)."""

import re
from dataclasses import dataclass

__all__ = ["Single", "alternatives"]

_SIMPLE = re.compile(r"[A-Za-z0-9.+:-]+")
_COMPOUND = re.compile(r"\b(?:and|or|with)\b|[()]", re.IGNORECASE)
_MAX_ALTERNATIVES = 64
"""More branches than people write; an expression that multiplies beyond is refused."""


@dataclass(frozen=True, slots=True)
class Single:
    """One licence of an expression, with the exception that WITH adds to it."""

    name: str
    exception: str | None = None

    def __str__(self) -> str:
        return f"{self.name} WITH {self.exception}" if self.exception else self.name


def alternatives(text: str) -> tuple[tuple[Single, ...], ...] | None:
    """The branches of OR in written order, each the licences that AND unites; None if it is no expression.

    >>> [[str(one) for one in branch] for branch in alternatives("MIT OR (Apache-2.0 AND BSD-3-Clause)")]
    [['MIT'], ['Apache-2.0', 'BSD-3-Clause']]
    """
    text = text.strip()
    if _SIMPLE.fullmatch(text):
        return ((Single(text),),)
    if not _COMPOUND.search(text):
        return None  # several words and no operator: a name or a text
    flat = _flat(text)
    if flat is not None:
        return flat
    import license_expression  # noqa: PLC0415  # 50 ms that only nested expressions pay

    try:
        # Without a list of symbols the parser takes any name; names are looked up elsewhere.
        parsed = license_expression.Licensing().parse(text)
    except (license_expression.ExpressionError, license_expression.ParseError, RecursionError):
        return None
    if parsed is None:
        return None
    try:
        return _branches(parsed)
    except (OverflowError, RecursionError):
        return None


def _flat(text: str) -> tuple[tuple[Single, ...], ...] | None:
    """Names joined by one operator alone, which is what most expressions are; None for anything else."""
    words = text.split()
    names, operators = words[::2], set(words[1::2])
    if len(words) % 2 == 0 or operators not in ({"AND"}, {"OR"}) or not all(_SIMPLE.fullmatch(name) for name in names):
        return None
    if any(name in ("AND", "OR", "WITH") for name in names):
        return None
    singles = tuple(Single(name) for name in names)
    return (singles,) if operators == {"AND"} else tuple((one,) for one in singles)


def _branches(node: object) -> tuple[tuple[Single, ...], ...]:
    import license_expression  # noqa: PLC0415

    if isinstance(node, license_expression.LicenseWithExceptionSymbol):
        return ((Single(str(node.license_symbol.key), str(node.exception_symbol.key)),),)
    if isinstance(node, license_expression.LicenseSymbol):
        return ((Single(str(node.key)),),)
    below = [_branches(argument) for argument in node.args]  # type: ignore[attr-defined]
    if type(node).__name__ == "OR":
        return tuple(branch for branches in below for branch in branches)
    united: tuple[tuple[Single, ...], ...] = ((),)
    for branches in below:
        united = tuple((*left, *right) for left in united for right in branches)
        if len(united) > _MAX_ALTERNATIVES:
            raise OverflowError
    return united
