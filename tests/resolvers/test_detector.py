"""The detector of scancode-toolkit: asked only about texts that are not known, and never believed over them."""

import importlib.util
from pathlib import Path

import pytest

from lien.api import Catalog, audit
from lien.errors import UsageError
from lien.graph.fragments import PRODUCT, Evidence, LicenseClaim
from lien.resolvers.detector import Detection, scancode_detector
from lien.resolvers.licenses import LicenseResolver, Standing, Use
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

MIT = (Path(__file__).parents[1] / "data" / "license_file" / "MIT.txt").read_text(encoding="utf-8")
IS_INSTALLED = importlib.util.find_spec("licensedcode") is not None


class Stand:
    """Detects the same in every text, and remembers which it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> tuple[Detection, ...]:
        self.asked.append(text)
        return (Detection("MIT", 100, 1), Detection("LicenseRef-scancode-commons-clause", 87.5, 23))


def use(text: str, detect: Stand) -> Use:
    claim = LicenseClaim(PRODUCT, text, Scheme.FILE, Evidence("LICENSE", 1, reader="test"))
    (resolved,) = LicenseResolver(Catalog.bundled(), detect).resolve([claim], Kind.PRODUCT, day=None)
    ((found,),) = resolved.branches
    return found


def test_a_known_text_needs_no_detector() -> None:
    detect = Stand()
    assert use(MIT, detect).standing is Standing.ENCODED
    assert detect.asked == []


def test_what_is_detected_is_told_and_stays_unread() -> None:
    found = use("Do as you please, but share what you learn.", Stand())
    assert (found.standing, found.license) == (Standing.UNREAD, None)
    assert found.name == "Do as you please, but share what you learn."
    assert found.assumed == "scancode-toolkit detects MIT AND LicenseRef-scancode-commons-clause (score 88)"


def test_a_changed_text_stays_near_whatever_is_detected() -> None:
    found = use(MIT + "\nYou may not sell it.\n", Stand())
    assert (found.standing, found.near) == (Standing.UNREAD, ("mit",))
    assert found.name == "holds mit, 5 further words from line 23 on"
    assert found.assumed is not None
    assert found.assumed.startswith(f"the text {found.name}; scancode-toolkit detects MIT AND ")


@pytest.mark.skipif(IS_INSTALLED, reason="scancode-toolkit is installed")
def test_a_missing_extra_is_named_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r'needs the detector of scancode-toolkit; run: pip install "lien\[scancode\]"'):
        audit((tmp_path,), detect_licenses=True)


@pytest.mark.skipif(not IS_INSTALLED, reason="scancode-toolkit is not installed")
def test_the_real_detector_finds_what_it_knows() -> None:
    assert {one.expression for one in scancode_detector()(MIT)} == {"MIT"}
