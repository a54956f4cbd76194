"""The official BOMs of the CycloneDX specification: every valid one is read, every invalid one refused or reported.

They come with the source distribution of cyclonedx-python-lib; `.ci/run` unpacks it and names the folder
in LIEN_CYCLONEDX_BOMS. The specification's own repository has the same layout (tools/src/test/resources).
"""

import os
from pathlib import Path

import pytest

from lien.errors import InputError
from lien.graph.fragments import Fragment
from lien.readers.cyclonedx import CycloneDxReader
from lien.readers.cyclonedx_xml import CycloneDxXmlReader
from lien.sources.source import Source
from lien.sources.tree import Tree

_FOLDER = os.environ.get("LIEN_CYCLONEDX_BOMS")
pytestmark = pytest.mark.skipif(_FOLDER is None, reason="LIEN_CYCLONEDX_BOMS is not set; .ci/run sets it")

READERS: dict[str, CycloneDxReader | CycloneDxXmlReader] = {".json": CycloneDxReader(), ".xml": CycloneDxXmlReader()}

COUNTS = {
    ("1.0", ".xml"): (2, 0),
    ("1.1", ".xml"): (12, 17),
    ("1.2", ".json"): (21, 19),
    ("1.2", ".xml"): (24, 23),
    ("1.3", ".json"): (26, 22),
    ("1.3", ".xml"): (29, 24),
    ("1.4", ".json"): (29, 22),
    ("1.4", ".xml"): (31, 24),
    ("1.5", ".json"): (36, 22),
    ("1.5", ".xml"): (38, 24),
    ("1.6", ".json"): (45, 25),
    ("1.6", ".xml"): (47, 27),
    ("1.7", ".json"): (61, 29),
    ("1.7", ".xml"): (63, 28),
}
"""Valid and invalid files of each version and form."""

DIFFERENT = {
    "valid-bom-1.2",
    "valid-bom-1.3",
    "valid-bom-1.4",
    "valid-bom-1.5",
    "valid-component-external-with-version",
    "valid-cryptography-implementation-1.7",
    "valid-license-choice-1.7",
    "valid-saasbom-1.5",
}
"""Pairs whose JSON and XML do not describe the same things: other names, versions, purls or bom-refs."""
DIFFERENT |= {
    f"valid-{name}-{version}"
    for name in ("component-ref", "compositions", "dependency", "license-expression", "license-id", "license-name")
    for version in ("1.2", "1.3", "1.4", "1.5")
}


def files(version: str, ending: str, word: str) -> list[Path]:
    return sorted(Path(_FOLDER or "", version).glob(f"{word}-*{ending}"))


def read(path: Path) -> tuple[list[Fragment], InputError | None, list[InputError]]:
    """The facts of a file, what `read` complains of, and what breaks the schema."""
    source: Source = Tree(path.parent).read(path.name)
    reader = READERS[path.suffix]
    found: list[Fragment] = []
    try:
        found.extend(reader.read(source))
    except InputError as error:
        return found, error, list(reader.violations(source))
    return found, None, list(reader.violations(source))


@pytest.mark.parametrize(("version", "ending"), COUNTS)
def test_every_valid_bom_is_read(version: str, ending: str) -> None:
    paths = files(version, ending, "valid")
    assert len(paths) == COUNTS[version, ending][0]
    for path in paths:
        found, error, violations = read(path)
        assert (path.name, bool(found), error, violations) == (path.name, True, None, [])


@pytest.mark.parametrize(("version", "ending"), COUNTS)
def test_every_invalid_bom_is_refused_or_reported(version: str, ending: str) -> None:
    paths = files(version, ending, "invalid")
    assert len(paths) == COUNTS[version, ending][1]
    for path in paths:
        _, error, violations = read(path)
        assert error or violations, path.name
        assert all(one.line or one.pointer is not None for one in violations), path.name


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_both_forms_say_the_same(version: str) -> None:
    pairs = [(path, path.with_suffix(".json")) for path in files(version, ".xml", "valid") if path.with_suffix(".json").exists()]
    assert len(pairs) > 20
    for pair in pairs:
        if pair[0].stem not in DIFFERENT:
            xml, json = (
                [one._replace(evidence=one.evidence._replace(path=None, line=None, pointer=None, reader="")) for one in read(path)[0]]
                for path in pair
            )
            assert xml == json, pair[0].name
