"""Writes docs/licenses/: one page for each licence of graphs/licenses, and an index of them.

    python tools/write_license_pages.py            # rewrites the pages
    python tools/write_license_pages.py --check    # changes nothing; names what differs and exits with 1

Everything on a page comes from the knowledge file; correct that one, then run this.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lien.catalog.compile import load
from lien.catalog.decode import license_from_plain
from lien.judgement.phrases import says
from lien.vocabulary.licenses import License, Nature, Reach, ReadAs, Term
from lien.vocabulary.relations import ReachClass
from lien.vocabulary.words import WordKind

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "licenses"
_READ = {ReadAs.WHOLE: "read whole", ReadAs.EXCERPT: "read in part", ReadAs.BY_NAME: "known by name only: clauses not encoded"}
_KINDS = {WordKind.LIMIT: "Limits", WordKind.DUTY: "Duties", WordKind.RISK: "Risks"}
_CLASSES = [one for one in ReachClass if one not in (ReachClass.TOOL, ReachClass.DISTILL)]


def main(arguments: Sequence[str]) -> int:
    """Write what differs, or with `--check` name it. Exit code 1 if something differed in a check."""
    check = list(arguments) == ["--check"]
    wanted = {PAGES / name: text for name, text in pages()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    stale += [path for path in PAGES.glob("*.md") if path not in wanted]
    for path in sorted(stale):
        if check:
            print(f"{path.relative_to(ROOT)} is not what graphs/ says; run python tools/write_license_pages.py")
        elif path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return 1 if check and stale else 0


def pages() -> Iterator[tuple[str, str]]:
    """File name and text of every page; the files of graphs/licenses alone, not ids known from the SPDX list."""
    knowledge = load(ROOT / "graphs")
    names = sorted(path.stem for path in (ROOT / "graphs" / "licenses").glob("*.yaml"))
    licenses = [license_from_plain(knowledge.licenses[name]) for name in names]
    for license_ in licenses:
        yield f"{license_.id}.md", "\n".join(_page(license_)) + "\n"
    yield "README.md", "\n".join(_index(licenses)) + "\n"


def _index(licenses: Sequence[License]) -> Iterator[str]:
    yield "# Licences and terms of service"
    yield ""
    yield "Generated from `graphs/licenses/` by `tools/write_license_pages.py`. What lien reads in each text, clause by clause; not legal advice."
    yield ""
    yield "| id | title | about | read | limits |"
    yield "|---|---|---|---|---|"
    for one in licenses:
        limits = ", ".join(dict.fromkeys(term.word for term in one.terms if term.kind is WordKind.LIMIT))
        yield f"| [{one.id}]({one.id}.md) | {_cell(one.name)} | {', '.join(sorted(one.about))} | {_READ[one.texts[0].read]} | {limits} |"


def _page(license_: License) -> Iterator[str]:
    yield f"# {license_.name}"
    yield ""
    yield (
        f"`{license_.id}`, about {', '.join(sorted(license_.about))}."
        + (f" Licensor: {license_.licensor}." if license_.licensor else "")
        + _days(license_)
    )
    yield ""
    for text in license_.texts:
        title = f"[{text.title}]({text.url})" if text.url else text.title
        yield f"- {title}: {_READ[text.read]}" + (f", on {text.on}" if text.on else "")
    if license_.learned_is_derivative:
        yield "- The text counts models made from its outputs as derivatives."
    if license_.note:
        yield ""
        yield license_.note.strip()
    for kind, heading in _KINDS.items():
        terms = [term for term in license_.terms if term.kind is kind]
        if terms:
            yield ""
            yield f"## {heading}"
            for term in terms:
                yield ""
                yield from _term(term)
    if license_.terms:
        yield ""
        yield "## What reaches what"
        yield ""
        yield "y: settled; ?: contested; (y): carried without effect; blank: the term ends there."
        yield ""
        yield f"| term | {' | '.join(_CLASSES)} |"
        yield f"|---|{'---|' * len(_CLASSES)}"
        for term in license_.terms:
            yield f"| {term.key} | {' | '.join(_mark(term.full_reach.get(one)) for one in _CLASSES)} |"
    yield ""
    yield f"Correct it in [graphs/licenses/{license_.id}.yaml](../../graphs/licenses/{license_.id}.yaml)."


def _days(license_: License) -> str:
    if license_.in_force_from is None:
        return ""
    until = f" until {license_.in_force_until}" if license_.in_force_until else ""
    return f" In force from {license_.in_force_from}{until}."


def _term(term: Term) -> Iterator[str]:
    yield f"**{term.word}** (`{term.key}`), {term.clause}: {says(term)}."
    yield ""
    yield f"> {term.quote}"
    facts = []
    uses = term.params.get("uses")
    if isinstance(uses, tuple):
        facts.append(f"barred: {', '.join(str(one) for one in uses)}")
    questions = sorted({question.value for entry in term.full_reach.values() for question in entry.questions})
    if questions:
        facts.append(f"contested by {', '.join(questions)}")
    if term.nature is Nature.CONTRACT:
        facts.append("a contract: it binds who accepted it")
    if term.text:
        facts.append(f"stands in the {term.text}")
    for fact in facts:
        yield ""
        yield f"{fact[0].upper()}{fact[1:]}."
    if term.note:
        yield ""
        yield term.note.strip()


def _mark(entry: Reach | None) -> str:
    if entry is None:
        return " "
    return "(y)" if entry.silent else "?" if entry.questions else "y"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
