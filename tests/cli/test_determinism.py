"""One tree, one report: byte for byte, whatever the hash seed, the order of the folder and the number of processes."""

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from running import AS_OF, cleaned, run

DATA = Path(__file__).parents[1] / "data"
EXAMPLES = Path(__file__).parents[2] / "examples"


def laid_out(folder: Path, files: Sequence[tuple[Path, str]]) -> Path:
    """The files, written in the order given: file systems list a folder in the order in which it was filled."""
    for source, path in files:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    return folder


@pytest.fixture(scope="module")
def files() -> list[tuple[Path, str]]:
    """All inputs of the tests of readers and the examples, as one product: every format, and what cannot be read too."""
    found = [(path, f"part/{path.relative_to(DATA).as_posix()}") for path in DATA.rglob("*") if path.is_file()]
    found += [
        (path, path.relative_to(EXAMPLES / "alpaca-assistant").as_posix())
        for path in (EXAMPLES / "alpaca-assistant").rglob("*")
        if path.is_file()
    ]
    return sorted(found, key=lambda one: one[1])


@pytest.fixture(scope="module")
def expected(files: list[tuple[Path, str]], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = laid_out(tmp_path_factory.mktemp("a") / "shop", files)
    return audit(folder, "0", "1")


def audit(folder: Path, seed: str, jobs: str) -> str:
    done = run("audit", "--format", "json", "--as-of", AS_OF, cwd=folder, env=cleaned(PYTHONHASHSEED=seed, LIEN_JOBS=jobs))
    assert done.returncode in (1, 2), done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize(("seed", "jobs", "order"), [("1", "2", 1), ("4294967295", "1", 2), ("7", "3", 3)])
def test_the_report_is_the_same(files: list[tuple[Path, str]], expected: str, tmp_path: Path, seed: str, jobs: str, order: int) -> None:
    shuffled = list(files)
    random.Random(order).shuffle(shuffled)  # noqa: S311  # an order, not a secret
    assert audit(laid_out(tmp_path / "shop", shuffled), seed, jobs) == expected
    assert len(expected) > 100_000
