"""Files of data that a command names by a local path, and where the repository's README says they come from."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lien.errors import InputError
from lien.readers._references import Reference, dataset_reference
from lien.sources.tree import Tree

__all__ = ["data_by_short_name", "hub_links", "linked_data", "root_readme"]

_README = ("README.md", "readme.md", "Readme.md", "README.rst", "README")
_LINK = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/[\w./%+-]+", re.ASCII | re.IGNORECASE)


def linked_data(path: str, tree: Tree, base: str) -> Reference:
    """A dataset of the Hub whose file of the same name, or which by its own name as a folder, the README links.

    The reference says in `reason` what it was read from: it is an inference. A file of the tree is one of its own.
    """
    beside = tree.join(base, path)
    if tree.has(path.removeprefix("./")) or (beside is not None and tree.has(beside)):
        return Reference(None, "is a file of the tree")
    parts = [part for part in path.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
    if not parts or "." not in parts[-1]:
        return Reference(None, "is a local path")
    folders = {part.lower() for part in parts[:-1]}
    for line, address in hub_links(tree):
        pieces = address.partition("/datasets/")[2].split("/")
        if len(pieces) < 2:
            continue
        if (len(pieces) > 2 and pieces[-1].lower() == parts[-1].lower()) or pieces[1].lower() in folders - {"data", "dataset", "datasets"}:
            found = dataset_reference(address)
            if found.id is not None:
                return Reference(found.id, f"the README links it in line {line}")
    return Reference(None, "is a local path")


def data_by_short_name(name: str, script: str, tree: Tree, base: str) -> Reference:
    """The dataset that a script of the tree loads where it is given a short name: `if name == "oasst1": load_dataset("OWNER/NAME")`.

    The reference says in `reason` what it was read from: it is an inference.
    """
    if not re.fullmatch(r"[\w.-]{2,60}", name, re.ASCII) or not script.endswith(".py"):
        return Reference(None, "is a local path")
    script = script.removeprefix("./")
    path = next((one for one in (script, tree.join(base, script)) if one and tree.has(one)), None)
    if path is None:
        return Reference(None, "is a local path")
    try:
        text = tree.read(path).data.decode("utf-8", "replace")
    except InputError:
        return Reference(None, "is a local path")
    quoted = rf"[\"']{re.escape(name)}[\"']"
    chosen = re.search(
        rf"(?:==\s*|case\s+|\bin\s*[\[(]\s*){quoted}[^\n]{{0,80}}:\s*(?:#[^\n]{{0,200}})?\n[^\n]{{0,120}}load_dataset\(\s*[\"']([^\"'\n]{{1,120}})[\"']",
        text,
    )
    chosen = chosen or re.search(rf"{quoted}\s*:\s*[\"']([\w.-]{{1,60}}/[\w.-]{{1,100}})[\"']", text, re.ASCII)
    found = dataset_reference(chosen[1]) if chosen is not None else Reference(None)
    line = text.count("\n", 0, chosen.start(1)) + 1 if chosen is not None else 0
    return (
        Reference(found.id, f"{path} loads it by this name in line {line}") if found.id is not None else Reference(None, "is a local path")
    )


def hub_links(tree: Tree) -> Iterator[tuple[int, str]]:
    """(Line, address) of each address on the Hub in the README of the tree's root."""
    yield from _links_of(tree)


@lru_cache(maxsize=4)
def _links_of(tree: Tree) -> tuple[tuple[int, str], ...]:
    lines = enumerate(root_readme(tree).splitlines(), start=1)
    return tuple((number, match[0]) for number, line in lines for match in _LINK.finditer(line))


@lru_cache(maxsize=4)
def root_readme(tree: Tree) -> str:
    """The text of the README at the root; empty if there is none."""
    for name in _README:
        if tree.has(name):
            try:
                return tree.read(name).data.decode("utf-8-sig", "replace")
            except InputError:
                return ""
    return ""
