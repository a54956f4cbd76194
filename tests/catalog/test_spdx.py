"""What the SPDX list knows by name: every id has an entry, nothing is read into one, and files go before the list."""

import json
from pathlib import Path

import pytest

from lien.api import Catalog, audit
from lien.catalog.compile import digest_of_files, load, write
from lien.errors import KnowledgeError
from lien.graph.fragments import Evidence, LicenseClaim
from lien.judgement.findings import RuleName
from lien.resolvers.licenses import LicenseResolver, Standing, Use
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

BUNDLED = Catalog.bundled()
LISTING = Path(__file__).parents[2] / "graphs" / "spdx.json"
RECORDS = json.loads(LISTING.read_text(encoding="utf-8"))


def use_of(text: str, scheme: Scheme = Scheme.SPDX) -> Use:
    claim = LicenseClaim("package:pypi/a@1", text, scheme, Evidence())
    (resolved,) = LicenseResolver(BUNDLED).resolve([claim], Kind.PACKAGE, day=None)
    ((use,),) = resolved.branches
    return use


def test_the_file() -> None:
    assert LISTING.stat().st_size < 250_000
    assert RECORDS[0]["version"]
    assert RECORDS[0]["from"]
    licenses = [one for one in RECORDS[1:] if not one.get("exception")]
    assert len(licenses) > 700
    assert [one["id"] for one in licenses] == sorted(one["id"] for one in licenses)


def test_every_id_is_known() -> None:
    for one in RECORDS[1:]:
        if one.get("exception"):
            assert BUNDLED.exception(one["id"]) == one["name"]
        else:
            assert BUNDLED.named(Scheme.SPDX, one["id"]) or BUNDLED.replacement(one["id"]), one["id"]
            assert use_of(one["id"]).standing in (Standing.ENCODED, Standing.BY_NAME), one["id"]


def test_a_licence_known_by_name() -> None:
    use = use_of("APL-1.0")
    assert use.standing is Standing.BY_NAME
    assert use.license is not None
    assert (use.license.id, use.license.name, use.license.terms) == ("apl-1.0", "Adaptive Public License 1.0", ())
    assert use.license.approvals == ("OSI approved",)
    assert use_of("Adaptive Public License 1.0", Scheme.FREE_TEXT).license == use.license


def test_the_fsf_says_yes_no_or_nothing() -> None:
    said = {name: license_.fsf_libre for name in ("Ruby", "Aladdin", "3D-Slicer-1.0") if (license_ := use_of(name).license) is not None}
    assert said == {"Ruby": True, "Aladdin": False, "3D-Slicer-1.0": None}


@pytest.mark.parametrize(
    ("written", "identifier"),
    [("GPL-1.0", "gpl-1.0-only"), ("GPL-1.0+", "gpl-1.0-or-later"), ("StandardML-NJ", "smlnj"), ("Nunit", "zlib-acknowledgement"), ("GPL-2.0", "gpl-2.0")],
)  # fmt: skip
def test_deprecated_ids_mean_what_replaces_them(written: str, identifier: str) -> None:
    assert [one.id for one in BUNDLED.named(Scheme.SPDX, written)] == [identifier]


def test_a_deprecated_id_without_successor_is_itself() -> None:
    assert [one.id for one in BUNDLED.named(Scheme.SPDX, "Net-SNMP")] == ["net-snmp"]


def test_an_exception_is_known_by_name_and_was_not_read() -> None:
    use = use_of("GPL-2.0-only WITH Classpath-exception-2.0")
    assert (use.standing, use.license) == (Standing.ENCODED, BUNDLED.license("gpl-2.0"))
    assert use.assumed == (
        "the exception Classpath-exception-2.0 is known by name (Classpath exception 2.0) and was not read; it may lift terms of GPL-2.0-only"
    )
    assert (
        use_of("GPL-2.0-only WITH Our-exception").assumed == "the exception Our-exception was not read; it may lift terms of GPL-2.0-only"
    )


def test_an_id_that_an_expression_replaces() -> None:
    use = use_of("eCos-2.0")
    assert (use.name, use.standing, use.license) == ("eCos-2.0", Standing.ENCODED, BUNDLED.license("gpl-2.0"))
    assert (use.assumed or "").startswith("SPDX has replaced eCos-2.0 by GPL-2.0-or-later WITH eCos-exception-2.0; the exception ")


@pytest.mark.parametrize("word", ["Intel", "Ruby", "Xerox"])
def test_a_word_in_free_text_is_no_listed_id(word: str) -> None:
    assert use_of(word).standing is Standing.BY_NAME
    assert use_of(word, Scheme.FREE_TEXT).standing is Standing.UNREAD


def unknown_lines(folder: Path, *expressions: str) -> list[str]:
    """The messages of `unknown` about packages under these expressions."""
    components = [
        {"type": "library", "name": f"p{number}", "version": "1", "purl": f"pkg:pypi/p{number}@1", "licenses": [{"expression": one}]}
        for number, one in enumerate(expressions)
    ]
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}
    (folder / "bom.json").write_text(json.dumps(bom), encoding="utf-8")
    audited = audit([folder])
    return [one.message for one in audited.findings if one.rule is RuleName.UNKNOWN]


def test_the_report_says_what_is_known_nevertheless(tmp_path: Path) -> None:
    (message,) = unknown_lines(tmp_path, "APL-1.0", "Adobe-2006", "Sleepycat")
    assert message.startswith("clauses not encoded: APL-1.0 (OSI approved), Adobe-2006, Sleepycat (OSI approved, FSF libre) (package:")


@pytest.mark.parametrize("choice", ["Ruby OR BSD-2-Clause", "BSD-2-Clause OR Ruby", "Ruby OR AGPL-3.0-only"])
def test_a_text_that_nobody_read_is_not_chosen(tmp_path: Path, choice: str) -> None:
    """DESIGN section 3: of OR a branch that is unread is chosen only by an agreement."""
    assert unknown_lines(tmp_path, choice) == []


# --- compiling ------------------------------------------------------------------------------------


def knowledge(folder: Path, *records: object, licence: str = "") -> Path:
    (folder / "licenses").mkdir(exist_ok=True)
    if licence:
        (folder / "licenses" / "foo-1.0.yaml").write_text(licence, encoding="utf-8")
    (folder / "spdx.json").write_text(json.dumps([{"version": "1"}, *records]), encoding="utf-8")
    return folder


FOO = {"id": "Foo-1.0", "name": "The Foo Licence", "osi": True}
FILE = "id: foo-1.0\nname: Foo\nabout: [data]\nnames: {spdx: [Foo-1.0], free-text: [Foo License]}\ntext: {title: t, read: READ, on: 2026-01-01}\n"


def test_a_file_goes_before_the_list(tmp_path: Path) -> None:
    found = load(knowledge(tmp_path, FOO, licence=FILE.replace("READ", "whole")))
    assert "status" not in found.licenses["foo-1.0"]
    assert found.licenses["foo-1.0"]["name"] == "Foo"
    assert ("free-text", "foo license", "foo-1.0") in found.names
    by_name = load(knowledge(tmp_path, FOO, licence=FILE.replace("READ", "by-name")))
    assert by_name.licenses["foo-1.0"]["status"] == {"osi": True}
    assert "listed" not in by_name.licenses["foo-1.0"]


def test_a_title_that_two_have_is_nobodys_name(tmp_path: Path) -> None:
    found = load(knowledge(tmp_path, FOO, {**FOO, "id": "Foo-2.0"}))
    assert [name for name in found.names if name[0] == "free-text"] == []
    assert set(found.licenses) == {"foo-1.0", "foo-2.0"}


def test_the_list_is_a_part_of_the_knowledge(tmp_path: Path) -> None:
    before = digest_of_files(knowledge(tmp_path, FOO))
    known = load(tmp_path).digest()
    knowledge(tmp_path, {**FOO, "osi": False})
    assert digest_of_files(tmp_path) != before
    assert load(tmp_path).digest() != known


def test_an_overlay_has_no_list_and_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "over").mkdir()
    bundled = write(load(knowledge(tmp_path, FOO)), None)
    over = knowledge(tmp_path / "over", licence=FILE.replace("READ", "whole"))
    (over / "spdx.json").unlink()
    overlay = write(load(over), None)
    assert bundled is not None
    assert overlay is not None
    catalog = Catalog(bundled, overlays=[("over", overlay)])
    assert [(one.id, one.is_encoded) for one in catalog.named(Scheme.SPDX, "foo-1.0")] == [("foo-1.0", True)]
    assert catalog.exception("foo") is None


@pytest.mark.parametrize("text", ["{", "{}", '[{}, {"id": "a"}, 1]', '[{}, {"exception": true}]'])
def test_a_list_that_is_none(tmp_path: Path, text: str) -> None:
    (knowledge(tmp_path) / "spdx.json").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"^spdx\.json: is no list of tools/import_spdx\.py "):
        load(tmp_path)
