"""Every quote stands in the text it cites, letter by letter, white space and the kind of quote marks aside.

The texts are those that the scancode-toolkit package carries; `.ci/run` unzips them and names their
folder in LIEN_LICENCE_TEXTS. Entries whose text it does not carry cannot be checked here.
"""

import os
import re
from pathlib import Path

import pytest

from lien.catalog.store import Catalog
from lien.vocabulary.licenses import License

_FOLDER = os.environ.get("LIEN_LICENCE_TEXTS")
_MARKS = str.maketrans(
    {
        mark: plain
        for marks, plain in (("\u201c\u201d\u201e", '"'), ("\u2018\u2019`", "'"), ("\u2013\u2014", "-"), ("\u00a0", " "))
        for mark in marks
    }
)


def _folded(text: str) -> str:
    # A hyphen at the end of a line, a comment mark before it and doubled marks are the carrier's, not the licensor's.
    return re.sub(r"[\s*#>]+", " ", text.translate(_MARKS).replace("''", '"').replace("``", '"')).strip().casefold()


def _cases() -> list[tuple[License, str, str]]:
    catalog = Catalog.bundled()
    found: list[tuple[License, str, str]] = []
    for identifier in catalog.license_ids():
        license_ = catalog.license(identifier)
        assert license_ is not None
        found.extend((license_, text.key, text.scancode) for text in license_.texts if text.scancode)
    return found


@pytest.mark.skipif(_FOLDER is None, reason="LIEN_LICENCE_TEXTS names no folder of texts; .ci/run brings them")
def test_quotes_stand_in_the_texts_they_cite() -> None:
    missing = []
    checked = 0
    for license_, key, scancode in _cases():
        file = Path(str(_FOLDER), f"{scancode}.LICENSE")
        assert file.is_file(), f"{license_.id}: no text {scancode}"
        text = _folded(file.read_text(encoding="utf-8").partition("\n---\n")[2])
        for term in license_.terms:
            if (term.text or "") == key:
                place = 0
                for passage in term.quote.split("…"):
                    place = text.find(_folded(passage), place)
                    checked += 1
                    if place < 0:
                        missing.append(f"{license_.id}/{term.key}: {passage.strip()}")
                        break
    assert not missing, "\n".join(missing)
    assert checked > 500  # a check that finds nothing to check must not pass
