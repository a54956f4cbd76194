"""Compiling knowledge: every way to get it wrong has its message, with file and line; the same facts give the same digest."""

import itertools
from pathlib import Path

import pytest

from lien.api import build_catalog, validate_catalog
from lien.catalog.compile import compile_files, knowledge_files, load
from lien.errors import KnowledgeError

LICENSE = """\
id: house-1.0
name: House Licence 1.0
family: house
licensor: acme
about: [model]
in_force: {from: 2024-01-31}
names: {spdx: [LicenseRef-House-1.0]}
text: {title: House Licence, url: "https://acme.example", read: whole, on: 2026-01-01}
definitions:
  work: {clause: "1", reach: [copy, derive, include]}
terms:
  - key: commerce
    word: non-commercial
    clause: "2"
    quote: not for commerce
    through: work
  - key: users
    word: user-threshold
    params: {monthly_users: 700, measured: at-release}
    clause: "3"
    quote: fewer than 700 users
    through: work
    reach: {output: silent, train: settled}
"""
THINGS = """\
publisher: acme
sources:
  card: {title: Model card, url: "https://acme.example/card"}
artifacts:
  - id: model:acme/base
    aliases: [model:acme/base-hf]
    licenses:
      - {claim: house-1.0, scheme: lien, source: card}
  - id: model:acme/chat
    relations:
      - {type: finetuned-from, to: model:acme/base, source: card}
      - {type: finetuned-on, to: dataset:elsewhere/unheard-of, source: card}
"""


def sources(folder: Path, **files: str) -> Path:
    """A folder of knowledge: `licenses/house-1.0.yaml` and `models/acme.yaml`, and what a test puts beside or in place of them."""
    for name, text in {"licenses/house-1.0": LICENSE, "models/acme": THINGS, **files}.items():
        place = folder / f"{name}.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, **files: str) -> list[str]:
    with pytest.raises(KnowledgeError) as raised:
        validate_catalog(sources(folder, **files))
    return str(raised.value).splitlines()


def test_sound_knowledge(tmp_path: Path) -> None:
    assert validate_catalog(sources(tmp_path)) == "1 licences, 2 artifacts: no problem found"


# --- schema and vocabulary --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("licensor:", "licenser:", 1, "Additional properties are not allowed ('licenser' was unexpected)"),
        ("name: House Licence 1.0\n", "", 1, '"name" is a required property'),
        ("about: [model]", "about: [weights]", 5, '"weights" is not one of "content"'),
        ("about: [model]", "about: []", 5, "[] has less than 1 item"),
        ("2024-01-31", "January 2024", 6, '"January 2024" does not match "'),
        ("names: {spdx:", "names: {SPDX:", 7, "Additional properties are not allowed ('SPDX' was unexpected)"),
        ("read: whole", "read: half", 8, '"half" is not one of "by-name"'),
        ("word: non-commercial", "word: no-commerce", 13, '"no-commerce" is not one of "acceptable-use"'),
        ("    quote: not for commerce\n", "", 12, '"quote" is a required property'),
        ("    key: commerce", "    key: Commerce", 12, '"Commerce" does not match "^[a-z0-9][a-z0-9.+-]*$"'),
        ("monthly_users: 700,", "", 19, '"monthly_users" is a required property'),
        ("monthly_users: 700", "monthly_users: many", 19, '"many" is not of type "integer"'),
        ("measured: at-release", "measured: yearly", 19, '"yearly" is not one of "at-release"'),
        ("train: settled", "train: sttled", 23, None),
        ("train: settled", "tool: settled", 23, None),
        ("train: settled", "distill: settled", 23, None),
        ("train: settled", "train: is-it-so", 23, None),
        ("[copy, derive, include]", "[copy, copy]", 10, None),
        ("    through: work\n  - key: users", "  - key: users", 12, None),
    ],
)  # fmt: skip
def test_a_licence_that_breaks_the_schema(tmp_path: Path, old: str, new: str, line: int, message: str | None) -> None:
    old = old.replace("    key: commerce", "  - key: commerce")
    new = new.replace("    key: Commerce", "  - key: Commerce")
    assert LICENSE.count(old) == 1
    found = problems(tmp_path, **{"licenses/house-1.0": LICENSE.replace(old, new)})
    assert [one.partition(": ")[0] for one in found] == [f"licenses/house-1.0.yaml:{line}"]
    # How many of a closed list it shows is the validator's own choice.
    assert found[0].partition(": ")[2].startswith(message or "")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("id: model:acme/base\n", "id: model:Acme/Base\n", 5),
        ("id: model:acme/base\n", "id: weights:acme/base\n", 5),
        ("id: model:acme/base\n", "id: product:acme\n", 5),
        ("type: finetuned-from", "type: fine-tuned-from", 11),
        ("scheme: lien", "scheme: file", 8),
        ("to: model:acme/base,", "to: acme/base,", 11),
        ("publisher: acme", "publisher: Acme Inc.", 1),
        ("    aliases:", "    alias:", 5),
        ("sources:\n  card:", "source:\n  card:", 1),
    ],
)
def test_an_artifact_that_breaks_the_schema(tmp_path: Path, old: str, new: str, line: int) -> None:
    assert THINGS.count(old) == 1
    found = problems(tmp_path, **{"models/acme": THINGS.replace(old, new)})
    assert f"models/acme.yaml:{line}" in {one.partition(": ")[0] for one in found}
    assert all(one.startswith("models/acme.yaml:") for one in found)


# --- what a schema cannot say -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    through: work\n  - key", "    through: works\n  - key", '16: "works" is not among the definitions of this licence'),
        ('    clause: "3"', '    text: policy\n    clause: "3"', '20: "policy" is not among the policies of this licence'),
        ("key: users", "key: commerce", '17: term key "commerce" stands twice in this licence'),
        ("id: house-1.0", "id: house-2.0", "1: the file should be named house-2.0.yaml"),
        ("quote: not for commerce", f"quote: {' '.join(['word'] * 26)}", "15: the quote has 26 words; 25 at most"),
        ("read: whole", "read: by-name", "8: a text known by name only cannot have terms; read it whole first"),
        (", on: 2026-01-01", "", "8: say on which day the text was read"),
        ("{output: silent, train: settled}", "{derive: silent}", '23: "derive" cannot be silent: the form stays the same there, so nothing remembers the silence'),
        ("{output: silent, train: settled}", "{copy: silent}", '23: "copy" cannot be silent: the form stays the same there, so nothing remembers the silence'),
        ("{output: silent, train: settled}", "{link: silent}", '23: "link" cannot be silent: the form stays the same there, so nothing remembers the silence'),
        ("reach: [copy, derive, include]", "reach: {copy: settled, adapt: silent}", '10: "adapt" cannot be silent: the form stays the same there, so nothing remembers the silence'),
        ("2024-01-31", "2024-02-31", None),
    ],
)  # fmt: skip
def test_a_licence_that_breaks_a_rule(tmp_path: Path, old: str, new: str, expected: str | None) -> None:
    assert LICENSE.count(old) == 1
    text = LICENSE.replace(old, new)
    found = problems(
        tmp_path, **{"licenses/house-1.0": text, "models/acme": THINGS.replace("claim: house-1.0, scheme: lien", "claim: x, scheme: url")}
    )
    if expected is None:
        assert [one.partition(": ")[0] for one in found] == ["licenses/house-1.0.yaml:1"]
    else:
        assert found == [f"licenses/house-1.0.yaml:{expected}"]


@pytest.mark.parametrize("count", [24, 25])
def test_a_quote_of_25_words_and_its_joint(tmp_path: Path, count: int) -> None:
    words = ["word"] * count
    words.insert(3, "…")
    assert validate_catalog(sources(tmp_path, **{"licenses/house-1.0": LICENSE.replace("not for commerce", " ".join(words))}))


@pytest.mark.parametrize("silent", ["include", "call", "output", "select", "train"])
def test_what_may_be_silent(tmp_path: Path, silent: str) -> None:
    text = LICENSE.replace("{output: silent, train: settled}", f"{{{silent}: silent}}")
    assert validate_catalog(sources(tmp_path, **{"licenses/house-1.0": text}))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("source: card}\n      - {type: finetuned-on", "source: crad}\n      - {type: finetuned-on", '11: source "crad" is not among the sources of this file'),
        ("scheme: lien, source: card", "scheme: lien, source: paper", '8: source "paper" is not among the sources of this file'),
        ("claim: house-1.0", "claim: house-9", '8: model:acme/base: "house-9" is no licence of the catalogue'),
        ("id: model:acme/chat", "id: model:acme/base", '9: "model:acme/base" stands in the knowledge already'),
        ("id: model:acme/chat", "id: model:acme/base-hf", '9: "model:acme/base-hf" stands in the knowledge already'),
        ("id: model:acme/chat", "id: model:acme/chat\n    aliases: [model:acme/base-hf]", '10: alias "model:acme/base-hf" names another artifact already'),
        ("id: model:acme/chat", "id: model:acme/chat\n    aliases: [model:acme/base]", '10: alias "model:acme/base" names another artifact already'),
        ("id: model:acme/chat", "id: model:acme/chat\n    aliases: [model:acme/chat]", '10: alias "model:acme/chat" names the artifact itself'),
    ],
)  # fmt: skip
def test_artifacts_that_break_a_rule(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert THINGS.count(old) == 1
    assert problems(tmp_path, **{"models/acme": THINGS.replace(old, new)}) == [f"models/acme.yaml:{expected}"]


def test_ids_and_aliases_are_unique_across_files(tmp_path: Path) -> None:
    other = "sources: {s: {title: t}}\nartifacts:\n  - id: {}\n"
    assert problems(tmp_path, **{"models/zeta": other.replace("{}", "model:acme/base")}) == [
        'models/zeta.yaml:3: "model:acme/base" stands in the knowledge already'
    ]
    assert problems(tmp_path, **{"models/zeta": other.replace("{}", "model:acme/base-hf")}) == [
        'models/zeta.yaml:3: "model:acme/base-hf" stands in the knowledge already'
    ]
    (tmp_path / "models" / "zeta.yaml").unlink()
    # In the other order of files the alias is the later one.
    found = problems(tmp_path, **{"models/aaa": other.replace("{}", "model:acme/base-hf")})
    assert found == ['models/acme.yaml:6: alias "model:acme/base-hf" names another artifact already']


def test_an_exception_names_a_licence_or_a_family(tmp_path: Path) -> None:
    act = '  - {key: o, word: no-output-training, clause: "4", quote: q, through: work, act: {except_family: %s}}\n'
    assert problems(tmp_path, **{"licenses/house-1.0": LICENSE + act % "hause"}) == [
        'licenses/house-1.0.yaml:24: except_family "hause" is neither a licence nor a family'
    ]
    for known in ("house", "house-1.0"):
        assert validate_catalog(sources(tmp_path, **{"licenses/house-1.0": LICENSE + act % known}))


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    text = (
        LICENSE.replace("word: non-commercial", "word: x").replace("read: whole", "read: y").replace("measured: at-release", "measured: z")
    )
    found = problems(tmp_path, **{"licenses/house-1.0": text, "models/acme": THINGS.replace("source: card}", "source: crad}")})
    assert [one.partition(": ")[0] for one in found] == [
        "licenses/house-1.0.yaml:8",
        "licenses/house-1.0.yaml:13",
        "licenses/house-1.0.yaml:19",
        "models/acme.yaml:8",
        "models/acme.yaml:11",
        "models/acme.yaml:12",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "is empty, or no mapping; see graphs/README.md"),
        ("- a\n", "1: is empty, or no mapping; see graphs/README.md"),
        ("a: [\n", "2: is not YAML: did not find expected node content"),
        ("a: b: c\n", "1: is not YAML: mapping values are not allowed in this context"),
        ("a: 1\n---\nb: 2\n", "2: is not YAML: but found another document"),
        ("a: &x [*x]\n", None),
        ("a: !!python/name:os.system\n", None),
        ("a: \x01\n", None),
        ("id: a\nid: b\n", '2: the key "id" stands twice'),
    ],
)
def test_files_that_are_no_knowledge(tmp_path: Path, text: str, expected: str | None) -> None:
    (found,) = problems(tmp_path, **{"licenses/odd": text})
    if expected is None:
        assert found.startswith("licenses/odd.yaml:1: is not YAML: ")
    else:
        assert found == f"licenses/odd.yaml:{expected}".replace("yaml:is", "yaml: is")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (sources(tmp_path) / "licenses" / "odd.yaml").write_bytes(b"id: \xff\n")
    with pytest.raises(KnowledgeError, match=r"^licenses/odd\.yaml: cannot be read \('utf-8' codec"):
        validate_catalog(tmp_path)


def test_a_file_that_would_be_passed_over(tmp_path: Path) -> None:
    """Whoever adds `licenses/new.yml` must not believe that it counts."""
    (sources(tmp_path) / "licenses" / "new.yml").write_text(LICENSE, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"^licenses/new\.yml:1: licence \"house-1\.0\" stands in another file already$"):
        validate_catalog(tmp_path)


# --- the digest -------------------------------------------------------------------------------------


def test_the_digest_does_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    root = sources(
        tmp_path,
        **{
            "licenses/second": LICENSE.replace("house-1.0", "second"),
            "datasets/data": "sources: {s: {title: t}}\nartifacts:\n- id: dataset:a/b\n",
        },
    )
    files = [(path, path.relative_to(root).as_posix()) for path in knowledge_files(root)]
    assert [name for _, name in files] == [
        "licenses/house-1.0.yaml",
        "licenses/second.yaml",
        "models/acme.yaml",
        "datasets/data.yaml",
    ] or files == sorted(files)
    digests = {compile_files(order, complete=True).digest() for order in itertools.permutations(files)}
    assert digests == {load(root).digest()}


def test_the_digest_is_over_the_facts(tmp_path: Path) -> None:
    before = load(sources(tmp_path)).digest()
    spaced = (
        LICENSE.replace("about: [model]", "# a remark\nabout:\n- model")
        .replace("quote: not", 'quote: "not')
        .replace("for commerce", 'for commerce"')
    )
    assert load(sources(tmp_path, **{"licenses/house-1.0": spaced})).digest() == before
    assert load(sources(tmp_path, **{"licenses/house-1.0": LICENSE.replace("700,", "701,")})).digest() != before
    assert load(sources(tmp_path, **{"models/acme": THINGS.replace("finetuned-on", "trained-on")})).digest() != before


def test_a_build_says_what_it_holds_and_is_whole_or_not_at_all(tmp_path: Path) -> None:
    root, target = sources(tmp_path / "graphs"), tmp_path / "out" / "catalog.sqlite"
    target.parent.mkdir()
    assert build_catalog(root, target) == f"1 licences, 2 artifacts, digest {load(root).digest()[:12]}"
    before = target.read_bytes()
    assert [path.name for path in target.parent.iterdir()] == ["catalog.sqlite"]
    sources(root, **{"licenses/house-1.0": LICENSE.replace("word: non-commercial", "word: x")})
    with pytest.raises(KnowledgeError):
        build_catalog(root, target)
    assert target.read_bytes() == before
    with pytest.raises(KnowledgeError) as raised:
        build_catalog(sources(root), tmp_path / "nowhere" / "catalog.sqlite")
    assert str(raised.value) == "catalog.sqlite: the catalogue cannot be written (unable to open database file)"


def test_a_build_is_the_same_to_the_byte(tmp_path: Path) -> None:
    root = sources(tmp_path / "graphs")
    for name in ("a", "b"):
        build_catalog(root, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
