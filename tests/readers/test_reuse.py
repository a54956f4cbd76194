"""REUSE.toml, .reuse/dep5 and licence comments of source files."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from lien.api import audit, render
from lien.errors import InputError
from lien.graph.fragments import LicenseClaim
from lien.readers.interface import Reader
from lien.readers.reuse import ReuseReader
from lien.readers.spdx_header import SpdxHeaderReader
from lien.sources.tree import Tree

TOML = """\
version = 1

[[annotations]]
path = "**"
SPDX-FileCopyrightText = "2024 Acme"
SPDX-License-Identifier = "Apache-2.0"

[[annotations]]
path = ["data/**", "logo.png"]
SPDX-License-Identifier = "CC-BY-4.0"
"""
DEP5 = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2024 Acme
License: MIT

Files: docs/*
 data/*.csv
Copyright: 2024 Acme
License: CC0-1.0

License: MIT
 The text.
"""


def claims(reader: Reader, folder: Path, path: str, text: str) -> list[tuple[str, str | None, int | None]]:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")
    assert reader.claims(path)
    assert reader.accepts(text.encode()[:4096])
    found = list(reader.read(Tree(folder).read(path)))
    return [(one.text, one.part, one.evidence.line) for one in found if isinstance(one, LicenseClaim)]


def test_annotations_speak_of_what_they_cover(tmp_path: Path) -> None:
    assert claims(ReuseReader(), tmp_path, "REUSE.toml", TOML) == [
        ("Apache-2.0", None, 6),
        ("CC-BY-4.0", "data", 10),
        ("CC-BY-4.0", "logo.png", 10),
    ]
    assert claims(ReuseReader(), tmp_path, "web/REUSE.toml", TOML)[0] == ("Apache-2.0", "web", 6)


def test_dep5_too(tmp_path: Path) -> None:
    assert claims(ReuseReader(), tmp_path, ".reuse/dep5", DEP5) == [
        ("MIT", None, 5),
        ("CC0-1.0", "docs", 10),
        ("CC0-1.0", "data/*.csv", 10),
    ]


def test_a_broken_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "REUSE.toml").write_text("annotations = 3\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(ReuseReader().read(Tree(tmp_path).read("REUSE.toml")))
    assert (caught.value.line, caught.value.message) == (1, "annotations is no array of tables; write [[annotations]]")


@pytest.mark.parametrize(
    ("path", "text", "expression"),
    [
        ("app.py", "#!/usr/bin/env python\n# SPDX-License-Identifier: MIT\n", "MIT"),
        ("a.c", "/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */\n", "GPL-2.0-only WITH Linux-syscall-note"),
        ("a.cu", "/*\n * SPDX-License-Identifier: Apache-2.0\r\n */\n", "Apache-2.0"),
        ("a.html", "<!-- SPDX-License-Identifier: (MIT OR Apache-2.0) -->\n", "(MIT OR Apache-2.0)"),
    ],
)
def test_headers_are_read(tmp_path: Path, path: str, text: str, expression: str) -> None:
    assert [one[0] for one in claims(SpdxHeaderReader(), tmp_path, path, text)] == [expression]


@pytest.mark.parametrize("text", ['TAG = "SPDX-License-Identifier: MIT"\n', "x = 1  # SPDX-License-Identifier: {}\n"])
def test_code_about_headers_is_none(tmp_path: Path, text: str) -> None:
    assert claims(SpdxHeaderReader(), tmp_path, "tool.py", text) == []


def test_headers_far_down_are_not_looked_for() -> None:
    assert not SpdxHeaderReader().accepts(b"#\n" * 2000 + b"# SPDX-License-Identifier: MIT\n")


def test_many_files_are_one_claim_for_each_folder_and_expression(tmp_path: Path) -> None:
    for number in range(30):
        place = tmp_path / ("src" if number % 3 else "lib") / f"m{number:02}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"# SPDX-License-Identifier: {'MIT' if number else 'ISC'}\n", encoding="utf-8")
    data: dict[str, Any] = json.loads("".join(render(audit((tmp_path,), as_of=dt.date(2026, 11, 20)), "json")))
    (product,) = [one for one in data["artifacts"] if one["id"] == "product"]
    shown = [(one["id"], one["evidence"][0]["path"], one["evidence"][0]["as_written"]) for one in product["licenses"]]
    assert shown == [
        ("isc", "lib/m00.py", "ISC"),
        ("mit", "lib/m03.py", "MIT (first of 9 files)"),
        ("mit", "src/m01.py", "MIT (first of 20 files)"),
    ]
    assert data["findings"] == []


def test_a_file_that_is_no_toml_is_not_passed_over(tmp_path: Path) -> None:
    text = "version = 1\n[[annotations]\n"
    (tmp_path / "REUSE.toml").write_text(text, encoding="utf-8")
    assert ReuseReader().accepts(text.encode())
    with pytest.raises(InputError) as caught:
        list(ReuseReader().read(Tree(tmp_path).read("REUSE.toml")))
    assert caught.value.line == 2
