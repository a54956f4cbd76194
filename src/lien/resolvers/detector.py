"""Asks the detector of scancode-toolkit (extra `lien[scancode]`) about texts that no fingerprint knows exactly.

What it says is shown as its word and decides nothing: it tells how much of a text resembles what it knows,
and lien never calls a text by the name of another.
"""

from collections.abc import Callable
from typing import NamedTuple

from lien.errors import UsageError

__all__ = ["Detection", "Detector", "scancode_detector"]


class Detection(NamedTuple):
    """An SPDX expression (`LicenseRef-scancode-…` where SPDX has no id), how sure the detector is of 100, and the first line."""

    expression: str
    score: float
    line: int


Detector = Callable[[str], tuple[Detection, ...]]
"""From a text to what is detected in it, in the order of the text."""


def scancode_detector() -> Detector:
    """The detector, with its index loaded when the first text comes: some ten seconds, and 1.4 GB of memory.

    Raises UsageError if scancode-toolkit is not installed.
    """
    try:
        from licensedcode import cache  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise UsageError('--detect-licenses needs the detector of scancode-toolkit; run: pip install "lien[scancode]"') from error

    def detect(text: str) -> tuple[Detection, ...]:
        found = []
        for match in cache.get_index().match(query_string=text):
            expression = cache.build_spdx_license_expression(match.rule.license_expression)
            found.append(Detection(str(expression), float(match.score()), int(match.start_line)))
        return tuple(sorted(found, key=lambda one: (one.line, one.expression)))

    return detect
