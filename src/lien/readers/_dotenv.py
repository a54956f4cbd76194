"""The lines of .env files: NAME=VALUE with their places. Values are only ever looked at for names of models."""

import re
from collections.abc import Iterator

from lien.errors import InputError
from lien.readers._shell import Word
from lien.sources.tree import Tree

__all__ = ["MAX_LINES", "dotenv_lines", "dotenv_values"]

_LINE = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(.*)", re.ASCII)
MAX_LINES = 10_000


def dotenv_lines(text: str) -> Iterator[tuple[str, Word]]:
    """(Name, value) of each line that sets one; comments, also behind a value, are left out."""
    for number, line in enumerate(text.splitlines()[:MAX_LINES], start=1):
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            continue
        value = match[2].strip()
        if value[:1] in {'"', "'"} and (end := value.find(value[0], 1)) > 0:
            value = value[1:end]
        else:
            value = re.split(r"(?:^|\s)#", value, maxsplit=1)[0].strip()
        yield match[1], Word(value, number, value, "$" not in value)


def dotenv_values(tree: Tree, path: str | None) -> dict[str, str]:
    """The values of a file, if it is in the tree."""
    if path is None or not tree.has(path):
        return {}
    try:
        data = tree.read(path).data
    except InputError:
        return {}
    return {name: word.text for name, word in dotenv_lines(data.decode("utf-8-sig", "replace"))}
