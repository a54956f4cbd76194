"""Fills the documentation with what lien really says, so that nothing pasted grows old.

    python tools/refresh_docs.py            # rewrites README.md, docs/*.md, docs/vocabulary.md and graphs/schema/
    python tools/refresh_docs.py --check    # changes nothing; shows what differs and exits with 1

A ```text block behind `<!-- run: lien … -->` holds the output of that command, run in the root of the checkout. The
marker may choose what is shown, and a line `…` stands for each cut:

    <!-- run: lien audit examples/alpaca-assistant --as-of 2026-11-20 | blocks 1, 1f8ca06354, -1 -->
    <!-- run: lien explain llama-3.1 | lines 1-12 -->

Blocks are parted by empty lines. Numbers count from 1, negative ones from the end; anything else is a text that the first
line or block to be shown holds, such as the id of a finding. A command whose output names a day says `--as-of` itself.
`docs/vocabulary.md` and the JSON Schemas in `graphs/schema/` are written whole, from `lien.vocabulary`.
"""
# a script beside the package, not a part of it

import difflib
import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from lien.vocabulary.conditions import Condition
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import ReachClass, Relation
from lien.vocabulary.schema import artifact_schema, convention_schema, license_schema
from lien.vocabulary.uses import BarredUse
from lien.vocabulary.words import WORDS, Word, WordKind

ROOT = Path(__file__).resolve().parent.parent
VOCABULARY = ROOT / "docs" / "vocabulary.md"
SCHEMAS = ROOT / "graphs" / "schema"

_BLOCK = re.compile(
    r"^<!-- run: (?P<command>[^|\n]+?)(?: \| (?P<unit>lines|blocks) (?P<wanted>[^|\n]+?))? -->\n```text\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_CUT = "…"
_WIDTH = 118


def main(arguments: Sequence[str]) -> int:
    """Write what differs, or with `--check` show it. Exit code 1 if something differed in a check."""
    check = list(arguments) == ["--check"]
    if arguments and not check:
        sys.stderr.write("usage: refresh_docs.py [--check]\n")
        return 2
    stale = False
    for path, text in _pages():
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if text == before:
            continue
        stale = True
        name = path.relative_to(ROOT).as_posix()
        if check:
            sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), text.splitlines(True), name, f"{name} as it should be"))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{name} written\n")
    if check and stale:
        sys.stdout.write("run `python tools/refresh_docs.py`\n")
    return 1 if check and stale else 0


def _pages() -> Iterator[tuple[Path, str]]:
    """Every page with the text that it should have."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        if path != VOCABULARY:
            yield path, _BLOCK.sub(_filled, path.read_text(encoding="utf-8"))
    yield VOCABULARY, "\n".join(_vocabulary()) + "\n"
    for name, schema in (("license", license_schema()), ("artifact", artifact_schema()), ("convention", convention_schema())):
        yield SCHEMAS / f"{name}.schema.json", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


# --- runs -----------------------------------------------------------------------------------------


def _filled(match: re.Match[str]) -> str:
    head = match[0][: match.start("body") - match.start()]
    return f"{head}{_cut(_output(match['command']), match['unit'], match['wanted'])}```"


def _output(command: str) -> str:
    """What a command prints. Anything but a lien command, and anything said on standard error, stops the tool."""
    program, *arguments = shlex.split(command)
    if program != "lien":
        raise SystemExit(f"only lien is run, not: {command}")
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    run = subprocess.run(  # commands stand in our own pages
        [sys.executable, "-m", "lien", *arguments],
        cwd=ROOT,
        env={**kept, "LC_ALL": "C.UTF-8", "COLUMNS": "80"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    if run.stderr or run.returncode not in (0, 1):
        raise SystemExit(f"{command}: exit code {run.returncode}\n{run.stderr}")
    return run.stdout.replace(str(ROOT), ".")


def _cut(output: str, unit: str | None, wanted: str | None) -> str:
    """The chosen lines or blocks of an output, with a line for each cut."""
    if unit is None or wanted is None:
        return output
    joint = "\n" if unit == "lines" else "\n\n"
    items = output.rstrip("\n").split(joint)
    numbers = sorted({number for part in wanted.split(",") for number in _numbers(part.strip(), items)})
    pieces: list[str] = []
    following = 0
    for number in numbers:
        if number > following:
            pieces.append(_CUT)
        pieces.append(items[number])
        following = number + 1
    if following < len(items):
        pieces.append(_CUT)
    return joint.join(pieces) + "\n"


def _numbers(part: str, items: Sequence[str]) -> range:
    """The indices of `3`, `2-5`, `-1` or a text among the items."""
    match = re.fullmatch(r"(-?\d{1,4})(?:-(\d{1,4}))?", part)
    if match is None:
        first = last = next((number for number, item in enumerate(items, start=1) if part in item), 0)
    else:
        first = int(match[1])
        last = int(match[2]) if match[2] else first
        if first < 0:
            first = last = len(items) + first + 1
    if not 1 <= first <= last <= len(items):
        raise SystemExit(f'"{part}" is not among the {len(items)} that there are')
    return range(first - 1, last)


# --- the vocabulary -------------------------------------------------------------------------------

_KINDS = {
    WordKind.LIMIT: ("Limits", "What may not be done."),
    WordKind.DUTY: ("Duties", "What must be done."),
    WordKind.RISK: ("Risks", "What may change, or is not known."),
}
_STEPS = {
    ReachClass.COPY: "the same work, passed on",
    ReachClass.DERIVE: "a modified work",
    ReachClass.ADAPT: "the changes alone, without the work",
    ReachClass.INCLUDE: "an aggregate holds the work",
    ReachClass.LINK: "code runs against it",
    ReachClass.TRAIN: "a model learned from data",
    ReachClass.OUTPUT: "content made by running it",
    ReachClass.SELECT: "content chosen, scored or indexed by running it",
    ReachClass.DISTILL: "a model learned from a model's outputs or scores directly",
    ReachClass.CALL: "used over a network",
    ReachClass.TOOL: "used to build or measure; nothing of it is left, and nothing reaches through it",
}


def _vocabulary() -> Iterator[str]:
    yield "# Vocabulary"
    yield ""
    yield from _wrapped(
        "The closed lists in which lien says what licences say. Written by `tools/refresh_docs.py` from `src/lien/vocabulary/`; do not "
        "edit. `lien explain WORD` shows one entry."
    )
    yield ""
    yield from _wrapped(
        "*Triggered* says which use makes a word matter if the licence's own clause does not say it: keys of `context` in "
        "[lien.toml](policy.md), alternatives parted by *or*. *Binds* is told where a word does not speak to every kind of artifact."
    )
    for kind, (title, meaning) in _KINDS.items():
        yield from ("", f"## {title}", "", meaning)
        for word in WORDS.values():
            if word.kind is kind:
                yield from _word(word)
    yield from _relations()
    yield from ("", "## Barred uses", "", "What `acceptable-use` may list under `uses`, and `context.fields` may name:", "")
    yield from _wrapped(", ".join(f"`{use}`" for use in BarredUse) + ".")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _word(word: Word) -> Iterator[str]:
    yield from ("", f"### {word.name}", "", *_wrapped(word.paragraph), "")
    for name, param in word.params.items():
        kind = f"one of {', '.join(param.choices)}" if param.choices else param.type.value
        yield f"- parameter `{name}` ({kind}{', required' if param.required else ''}){f': {param.meaning}' if param.meaning else ''}"
    yield f"- triggered: {_trigger(word)}"
    if word.binds != frozenset(Kind):
        yield f"- binds: {', '.join(kind for kind in Kind if kind in word.binds)}"


_FROM_PARAMS = {
    "user-threshold": "`monthly_users` above the parameter of that name",
    "revenue-threshold": "`revenue_usd_per_year` above `amount_usd_per_year`",
    "territory": "one of `territories` is excluded",
    "no-competing-service": "`competes_with` names who is protected; always, where the text names nobody",
    "acceptable-use": "one of `fields` is among the barred uses",
}
"""Words whose trigger is read out of their parameters (`lien.vocabulary.words.default_when`) or by the rule itself."""


def _trigger(word: Word) -> str:
    if word.name in _FROM_PARAMS:
        return _FROM_PARAMS[word.name]
    return " or ".join(_condition(one) for one in word.when) or "always"


def _condition(condition: Condition) -> str:
    return " and ".join(_part(key, value) for key, value in condition.context)


def _part(key: str, value: object) -> str:
    match value:
        case bool():
            return f"`{key}`" if value else f"not `{key}`"
        case tuple() if key == "fields_outside":
            return f"`fields` outside {', '.join(map(str, value))}"
        case tuple():
            return f"`{key}` has {', '.join(map(str, value))}"
        case _:
            return f"`{key}` {value}"


def _relations() -> Iterator[str]:
    yield from ("", "## Relations", "")
    yield "How a downstream artifact came from, contains or uses its upstream. What travels depends on the reach class alone."
    yield from ("", "| reach class | the step | relations |", "|---|---|---|")
    for reach, step in _STEPS.items():
        yield f"| `{reach}` | {step} | {', '.join(f'`{one}`' for one in Relation if one.reach is reach)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
