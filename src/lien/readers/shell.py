"""Reads shell scripts and the recipes of Makefiles and justfiles: what their commands serve, download, install and train."""

import re
from collections.abc import Iterator

from lien.graph.fragments import Fragment, Role
from lien.readers._commands import read_commands
from lien.readers._shell import parse_shell
from lien.readers._site import Site
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["ShellReader"]

_ENDINGS = (".sh", ".bash", ".zsh", ".ksh")
_ASSIGNMENT = re.compile(r"(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:[:?+]{0,2}=)[ \t]*(.*)", re.ASCII)
_MAKE_VARIABLE = re.compile(r"\$\(([A-Za-z_]\w*)\)|\{\{[ \t]*([A-Za-z_]\w*)[ \t]*\}\}", re.ASCII)
_EVALUATION = frozenset({"test", "tests", "eval", "evals", "evaluate", "evaluation", "benchmark", "benchmarks", "bench"})
_DEVELOPMENT = frozenset({".devcontainer", ".github", ".circleci", ".gitlab", ".buildkite", "ci", ".ci", "dev", "hack"})


class ShellReader:
    """*.sh and its like, Makefile, *.mk, justfile."""

    name = "shell"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By ending, or the names that make and just look for."""
        return path.lower().endswith((*_ENDINGS, ".mk")) or _is_recipes(path)

    def accepts(self, head: bytes) -> bool:
        """Text; a file that installs itself carries an archive behind its script, and no NUL in front."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """The facts of its commands, in file order. Names and folders say what they are for."""
        is_recipes = _is_recipes(source.path) or source.path.lower().endswith(".mk")
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=_role(source.path, is_recipes=is_recipes))
        # Scripts are older than UTF-8; what a model is called is ASCII.
        text = source.data.decode("utf-8-sig", "replace")
        if is_recipes:
            for line, recipe, variables in _recipes(text):
                yield from read_commands(parse_shell(recipe, first_line=line, variables=variables), site)
        else:
            yield from read_commands(parse_shell(text), site)


def _role(path: str, *, is_recipes: bool) -> Role:
    """What the commands of a file are for, by its name and folder. A recipe is run when it is asked for by name."""
    *folders, name = path.lower().split("/")
    if any(folder in _DEVELOPMENT or "devcontainer" in folder for folder in folders):
        return Role.DEVELOPMENT
    if _EVALUATION & set(re.findall(r"[a-z]+", name)):
        return Role.EVALUATION
    return Role.OPTION if is_recipes else Role.DEFAULT


def _is_recipes(path: str) -> bool:
    return path.rpartition("/")[2].lower() in {"makefile", "gnumakefile", "justfile", ".justfile"}


def _recipes(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """(First line, text as shell, variables set above it) of each recipe. Line breaks stay where they are."""
    variables: dict[str, str] = {}
    block: list[str] = []
    start = 0
    lines = [*text.splitlines(), ""]
    for number, line in enumerate(lines, start=1):
        if line.startswith(("\t", "    ")) and line.strip():
            start = start or number
            block.append(_as_shell(line))
            continue
        if block:
            yield start, "\n".join(block), dict(variables)
            block, start = [], 0
        match = _ASSIGNMENT.fullmatch(line.rstrip())
        if match is not None and "$(shell" not in match[2]:
            value = match[2].partition(" #")[0].strip().strip("\"'")
            if "$" not in value:
                variables.setdefault(match[1], value)


def _as_shell(line: str) -> str:
    """One line of a recipe: `@`, `-` and `+` only tell make how to run it, `$(NAME)` is make's variable, `$$` the shell's dollar."""
    text = line.strip().lstrip("@-+")
    text = _MAKE_VARIABLE.sub(lambda match: "${" + (match[1] or match[2]) + "}", text)
    return text.replace("$$", "$")
