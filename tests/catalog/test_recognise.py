"""Licence texts are recognised exactly, nearly or not at all; a changed text is never taken for the one it was."""

import importlib.util
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.catalog.recognise import Exact, Near, Recognition, TextKind, Unrecognised
from lien.catalog.store import Catalog
from lien.catalog.texts import chunks_of, words_of

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "license_file"
APACHE = (ROOT / "LICENSE").read_text(encoding="utf-8")
MIT = (DATA / "MIT.txt").read_text(encoding="utf-8")
BSD = (DATA / "BSD-3-Clause.txt").read_text(encoding="utf-8")
COMMONS = (
    "The Software is provided to you by the Licensor under the License, as defined below, subject to the following condition. "
    "The grant of rights under the License will not include the right to Sell the Software.\n\n"
)

_FOLDER = os.environ.get("LIEN_LICENCE_TEXTS")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.bundled()


def _ids(recognition: Recognition) -> list[tuple[str, ...]]:
    return [] if isinstance(recognition, Unrecognised) else [match.licenses for match in recognition.matches]


@pytest.mark.parametrize(("text", "license_"), [(APACHE, "apache-2.0"), (MIT, "mit"), (BSD, "bsd-3-clause")])
def test_a_text_with_its_title_holder_and_appendix_is_exact(catalog: Catalog, text: str, license_: str) -> None:
    found = catalog.recognise(text)
    assert isinstance(found, Exact)
    assert _ids(found) == [(license_,)]


def test_layout_case_and_holders_do_not_matter(catalog: Catalog) -> None:
    flat = "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", MIT)).upper().replace('"', "\u201d")
    assert _ids(catalog.recognise(flat)) == [("mit",)]
    several = MIT.replace(
        "Copyright (c) 2024", "Copyright \u00a9 2020-2024 The Analytical Engine Authors. All rights reserved.\nCopyright (c) 2024"
    )
    assert isinstance(catalog.recognise(several), Exact)
    numbered = BSD.replace("* Redistributions of", "1. Redistributions of").replace("* Redistributions in", "2. Redistributions in")
    assert _ids(catalog.recognise(numbered.replace("* Neither", "3. Neither"))) == [("bsd-3-clause",)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (MIT.replace("without restriction,", "for research,"), 7),
        (MIT + "\nYou may not offer the Software as a hosted service.\n", 23),
        (MIT.replace("Ada Lovelace <ada@example.org>", "Ada Lovelace. Not for commercial use."), 3),
        (COMMONS + MIT, 1),
        (MIT + "\nNON-COMMERCIAL USE ONLY\n", 23),
    ],
)
def test_a_changed_clause_is_near_with_its_line(catalog: Catalog, text: str, line: int) -> None:
    found = catalog.recognise(text)
    assert isinstance(found, Near)
    assert _ids(found) == [("mit",)]
    assert abs(found.line - line) <= 1


def test_a_title_of_another_version_is_not_passed_over(catalog: Catalog) -> None:
    assert isinstance(catalog.recognise(APACHE.replace("Version 2.0, January 2004", "Version 2.1, January 2024", 1)), Near)
    assert isinstance(catalog.recognise(BSD.replace("BSD 3-Clause License", "BSD 3-Clause Licence, Version 2.5")), Near)


@pytest.mark.parametrize(
    "title",
    [
        "NON-COMMERCIAL USE ONLY",
        "For research only",
        "CC BY-NC",
        "Creative Commons Attribution-NonCommercial",
        "CC BY-NC-ND 4.0",
        "Llama 2 Community License",
        "Apache License 2.0",
    ],
)
def test_a_statement_or_the_title_of_another_licence_is_not_passed_over(catalog: Catalog, title: str) -> None:
    found = catalog.recognise(f"{title}\n\n{MIT.partition(chr(10))[2]}")
    assert isinstance(found, Near)
    assert _ids(found) == [("mit",)]


def test_how_much_differs_is_told(catalog: Catalog) -> None:
    whole = catalog.recognise(MIT + "\nYou may not offer the Software as a hosted service.\n")
    changed = catalog.recognise(MIT.replace("free of charge, to any person", "for a fee, to any person"))
    assert isinstance(whole, Near)
    assert whole.difference == "10 further words from line 23 on"
    assert isinstance(changed, Near)
    assert re.fullmatch(r"differs from line 5 on \(about \d+ words added, about \d+ missing\)", changed.difference)


def test_two_texts_in_one_file_are_two(catalog: Catalog) -> None:
    found = catalog.recognise(f"{MIT}\n{'-' * 70}\n\n{BSD}")
    assert isinstance(found, Exact)
    assert [(match.licenses, match.first_line) for match in found.matches] == [(("mit",), 5), (("bsd-3-clause",), 30)]


def test_a_notice_is_not_the_licence(catalog: Catalog) -> None:
    found = catalog.recognise(APACHE[APACHE.index("Licensed under the Apache License") :])
    assert isinstance(found, Exact)
    assert [match.kind for match in found.matches] == [TextKind.NOTICE]


@pytest.mark.parametrize(
    "text",
    ["", "\n", "Copyright (c) 2024 Ada Lovelace. All rights reserved.", "MIT License", "All of this is mine, and nobody may touch it."],
)
def test_what_is_no_known_text_is_not_guessed(catalog: Catalog, text: str) -> None:
    assert catalog.recognise(text) == Unrecognised()


@given(text=st.text(max_size=400))
@settings(deadline=None)
def test_any_text_can_be_looked_at(text: str) -> None:
    words = words_of(text)
    assert len(words.words) == len(words.lines) == len(words.is_name)
    assert sum(chunk.length for chunk in chunks_of(words.words)) == len(words.words)


# From here on with all texts, which CI unzips from the package that carries them.


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_fingerprints", ROOT / "tools" / "write_fingerprints.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_text_that_is_not_at_hand_stays_beside_the_same_one_that_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = _tool()
    monkeypatch.setattr(tool, "GRAPHS", tmp_path)
    monkeypatch.setattr(tool, "TABLE", tmp_path / "texts.tsv")
    (tmp_path / "texts.tsv").write_text("name\tlicense\tkind\tsource\nmine\tmit\tlicense\tx\nother\tmit\tlicense\ty\n", encoding="utf-8")
    made = tool.fingerprints_of([tool.Known("text:mine", MIT, TextKind.LICENSE, frozenset({"mit"}))])
    line = {"texts": ["text:gone", "text:other"], "licenses": ["isc", "mit"], "kind": "license", "words": 3, "chunks": ""}
    (tmp_path / tool.LISTING).write_text(
        "\n".join(json.dumps(line | {"digest": digest.hex()}) for digest in [*made, b"\0" * 16]), encoding="utf-8"
    )
    left = tool.kept(made)
    # One that the table no longer names is gone, and so is its licence.
    whole = [(keys, one.licenses) for keys, one in made.values() if one.kind is TextKind.LICENSE]
    assert whole == [({"text:mine", "text:other"}, ("mit",))]
    assert [(keys, one.licenses) for keys, one in left.values()] == [({"text:other"}, ("mit",))]


def test_statements_are_no_titles_and_names_without_a_version_are_those_of_the_versions() -> None:
    whose: dict[str, frozenset[str]] = {}
    for known in _tool().titles():
        whose.setdefault(known.key.removeprefix("title:").partition("#")[0], known.licenses)
    assert not [one for one in whose if one.startswith("statement-")]
    assert {"cc-by-nc-3.0", "cc-by-nc-4.0"} < whose["cc-by-nc-unversioned"]
    assert not {"cc-by-nc-unversioned", "cc-by-nc-nd-4.0"} & whose["cc-by-nc-unversioned"]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool with a knowledge of its own: two licences, of which the package has one text, and the folder "texts"."""
    tool = _tool()
    known: dict[str, dict[str, Any]] = {
        "mit": {"name": "MIT License", "text": {"title": "MIT License", "scancode": "mit"}},
        "own-1.0": {"name": "Own License 1.0", "text": {"title": "Own License 1.0"}},
    }
    (tmp_path / "texts").mkdir()
    (tmp_path / "package").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("You may look at it, and do nothing else with it whatsoever.", encoding="utf-8")
    (tmp_path / "texts" / "copy.txt").write_text(MIT, encoding="utf-8")
    (tmp_path / "package" / "mit.LICENSE").write_text(f"---\nkey: mit\n---\n{MIT}", encoding="utf-8")
    (tmp_path / "table.tsv").write_text("text\tlicence\tkind\tsource\na\town-1.0\tlicense\tx\ncopy\tmit\tlicense\tx\n", encoding="utf-8")
    monkeypatch.setattr(tool, "_licenses", lambda: known)
    monkeypatch.setattr(tool, "GRAPHS", tmp_path)
    monkeypatch.setattr(tool, "TABLE", tmp_path / "table.tsv")
    return tool


def _written(tool: ModuleType, monkeypatch: pytest.MonkeyPatch, *, package: bool, texts: bool) -> dict[str, list[str]]:
    """The licences of each key of the package and the table, after a run with these at hand."""
    here = tool.GRAPHS
    monkeypatch.setattr("sys.argv", ["write_fingerprints.py", *([str(here / "texts")] if texts else [])])
    if package:
        monkeypatch.setenv("LIEN_LICENCE_TEXTS", str(here / "package"))
    else:
        monkeypatch.delenv("LIEN_LICENCE_TEXTS", raising=False)
    tool.main()
    found = (json.loads(line) for line in (here / "fingerprints.jsonl").read_text(encoding="utf-8").splitlines())
    return {key: one["licenses"] for one in found for key in one["texts"] if key.startswith(("scancode:", "text:")) and "#" not in key}


def test_a_run_without_the_texts_keeps_what_they_gave(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {"scancode:mit": ["mit"], "text:a": ["own-1.0"], "text:copy": ["mit"]}
    assert _written(tool, monkeypatch, package=True, texts=True) == everything
    # Also where the package has the very words of a text of the table, and the other way round.
    assert _written(tool, monkeypatch, package=True, texts=False) == everything
    assert _written(tool, monkeypatch, package=False, texts=True) == everything
    assert _written(tool, monkeypatch, package=False, texts=False) == everything


def test_what_nothing_names_any_more_goes_and_is_told(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _written(tool, monkeypatch, package=True, texts=True)
    capsys.readouterr()
    table: Path = tool.TABLE
    table.write_text("text\tlicence\tkind\tsource\ncopy\tmit\tlicense\tx\n", encoding="utf-8")
    assert _written(tool, monkeypatch, package=False, texts=False) == {"scancode:mit": ["mit"], "text:copy": ["mit"]}
    assert "left out: text:a," in capsys.readouterr().out


_EVERY = 8
"""Of the changed texts an eighth is looked at; which ones is the same every time."""


def _texts() -> Iterator[tuple[str, str, frozenset[str]]]:
    for known in _tool().scancode_texts(Path(str(_FOLDER))):
        yield known.key, known.text, known.licenses


def _without_a_sentence(text: str) -> str:
    sentences = re.split(r"(?<=[.;])\s+", text)
    long = [place for place, one in enumerate(sentences) if len(one.split()) >= 8 and "opyright" not in one]
    if not long:
        return ""
    middle = long[len(long) // 3]
    return " ".join([*sentences[:middle], *sentences[middle + 1 :]])


def _with_a_word_changed(text: str) -> str:
    words = [
        match for match in re.finditer(r"(?<=[a-z] )[a-z]{4,}(?= [a-z])", text) if "opyright" not in text[match.start() - 60 : match.end()]
    ]
    place = words[len(words) // 2] if words else None
    return f"{text[: place.start()]}zebra{text[place.end() :]}" if place else text + " zebra"


def _with_commons_clause(text: str) -> str:
    return COMMONS + text


def _for_some_only(text: str) -> str:
    return f"{text}\n\nFor non-commercial use only.\n"


@pytest.mark.skipif(_FOLDER is None, reason="LIEN_LICENCE_TEXTS names no folder of texts; .ci/run brings them")
def test_every_known_text_is_itself_and_nothing_else(catalog: Catalog) -> None:
    wrong = {}
    for key, text, licenses in _texts():
        found = catalog.recognise(text)
        if not isinstance(found, Exact) or not licenses <= {one for match in found.matches for one in match.licenses}:
            wrong[key] = found
    assert not wrong


@pytest.mark.skipif(_FOLDER is None, reason="LIEN_LICENCE_TEXTS names no folder of texts; .ci/run brings them")
@pytest.mark.parametrize("change", [_without_a_sentence, _with_a_word_changed, _with_commons_clause, _for_some_only])
def test_a_changed_text_is_never_the_one_it_was(catalog: Catalog, change: Callable[[str], str]) -> None:
    wrong = []
    near = 0
    for key, text, licenses in list(_texts())[::_EVERY]:
        found = catalog.recognise(change(text))
        if isinstance(found, Exact) and licenses & {one for match in found.matches for one in match.licenses}:
            wrong.append(key)
        near += isinstance(found, Near)
    assert not wrong
    assert near > 70


@pytest.mark.skipif(_FOLDER is None, reason="LIEN_LICENCE_TEXTS names no folder of texts; .ci/run brings them")
def test_fingerprints_are_those_of_the_texts(catalog: Catalog) -> None:
    from lien.catalog.fingerprints import LISTING, read_fingerprints
    from lien.catalog.recognise import Fingerprint

    listed = {one.digest for one in read_fingerprints(ROOT / "graphs" / LISTING, list(catalog.license_ids()))}
    tool = _tool()
    stale = [
        part.key
        for known in tool.scancode_texts(Path(str(_FOLDER)))
        for part in tool.with_parts(known)
        if Fingerprint.of(part.text, part.kind, part.licenses).digest not in listed
    ]
    assert not stale, "run tools/write_fingerprints.py"
