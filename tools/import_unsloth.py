"""Writes graphs/models/unsloth.yaml: the copies and quantisations of unsloth, with their originals.

    python tools/import_unsloth.py path/to/unsloth

The argument is a git directory of unslothai/unsloth (Apache-2.0). `unsloth/models/mapper.py` holds, as one literal, the
maker's own table: a repository in 4 bit, and beside it the one in 16 bit and the original. Read as syntax, never run.
A repository of unsloth is `quantized-from` its original, one without an ending of a format is a `mirror-of` it. What
other files of the knowledge hold already is left to them. Run it before import_localai.py and import_hub_sample.py.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

from import_hub_sample import GRAPHS, Entry, Known, report, write

from lien.vocabulary.ids import hub_id, model_id

_FILE = "unsloth/models/mapper.py"
_TABLE = "__INT_TO_FLOAT_MAPPER"
_PACKED = re.compile(r"-(?:bnb-4bit|fp8(?:-dynamic|-block)?|gguf|awq|gptq)$", re.IGNORECASE)

_STAGES = re.compile(r"(?<![a-z])(?:instruct|chat|it|thinking|base|reasoning|vision|coder|math)(?![a-z])")


def originals(source: str) -> Iterator[tuple[str, str]]:
    """(repository, original) of the table: every name of unsloth against the first name of another owner."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == _TABLE for one in node.targets):
            for key, value in ast.literal_eval(node.value).items():
                listed = [name for one in (value.values() if isinstance(value, dict) else [value]) for name in one]
                others = [name for name in listed if not name.lower().startswith("unsloth/")]
                for name in dict.fromkeys((key, *listed)):
                    is_pair = others and name.lower().startswith("unsloth/") and hub_id(name) and hub_id(others[0])
                    if is_pair and _stage(name) == _stage(others[0]):
                        yield name, others[0]


def _stage(name: str) -> frozenset[str]:
    """The words of a name that tell an instructed model from its base: where they differ, the table errs."""
    return frozenset(_STAGES.findall(name.partition("/")[2].lower()))


def main(arguments: Sequence[str]) -> int:
    """Write the file. The argument is the git directory."""
    if len(arguments) != 1:
        sys.stderr.write("usage: import_unsloth.py REPOSITORY\n")
        return 2
    git = ["git", "-C", arguments[0]]
    commit, day = subprocess.run(
        [*git, "log", "-1", "--format=%H %cs"], check=True, capture_output=True, text=True
    ).stdout.split()  # fmt: skip
    source = subprocess.run([*git, "show", f"HEAD:{_FILE}"], check=True, capture_output=True, text=True).stdout
    sources: Mapping[str, Mapping[str, str]] = {
        "mapper": {
            "title": f"unsloth, {_FILE}, commit of {day}",
            "url": f"https://github.com/unslothai/unsloth/blob/{commit[:12]}/{_FILE}",
            "on": "2026-11-20",
        }
    }
    known = Known(without=("unsloth",))
    entries: dict[str, Entry] = {}
    for repository, original in originals(source):
        identifier, upstream = model_id(repository), model_id(original)
        if identifier not in known:
            entry = entries.setdefault(identifier, Entry(id=identifier, name=repository.partition("/")[2], publisher="unsloth"))
            if not entry.relations:
                entry.relate(
                    "quantized-from" if _PACKED.search(repository) else "mirror-of", known.aliases.get(upstream, upstream), "mapper"
                )
    known.add_kinds(entries.values())
    comment = f"Written by tools/import_unsloth.py from {_FILE} of unslothai/unsloth. Do not edit."
    report(write(GRAPHS / "models", "unsloth", comment, sources, entries.values(), by_letter=False), list(entries.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
