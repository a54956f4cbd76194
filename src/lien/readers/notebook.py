"""Reads Jupyter notebooks: the code of their cells as one Python module, and the commands among it. Outputs say nothing.

Every line keeps its place in the notebook's JSON. A cell that is no Python is told, and the others are read.
"""

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import Fragment, Role
from lien.sources.json_text import lines_of_pointers, parse_json, pointer
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["NotebookReader"]

_MAX_CELLS = 5_000
_MAX_LINES = 100_000
_COMMAND = re.compile(r"([ \t]*)(?:[\w.\[\], ]+=[ \t]*)?([!%])(.*)")
_SHELL_CELLS = frozenset({"bash", "sh", "shell", "script"})
_PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun", "python", "python3", "memit"})


class _Line(NamedTuple):
    text: str
    place: int


class NotebookReader:
    """`*.ipynb`."""

    name = "notebook"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By the ending of its name."""
        return path.endswith(".ipynb")

    def accepts(self, head: bytes) -> bool:
        """A JSON object."""
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")

    def read(self, source: Source) -> Iterator[Fragment]:
        """What the cells use, by line. Raises InputError if it is no notebook, or for the first cell that is no Python 3."""
        notebook = parse_json(source)
        if not _is_python(notebook):
            return
        code: list[_Line] = []
        commands: list[_Line] = []
        broken: InputError | None = None
        for cell in _cells(notebook, source):
            own, asked = _sorted_out(cell)
            commands.extend(asked)
            error = _problem(own, source.path)
            broken = broken or error
            if error is None:
                code.extend(own)
        yield from _command_facts(commands, source)
        yield from _code_facts(code, source)
        if broken is not None:
            raise broken
        if _is_cut(notebook):
            message = f"holds more than {_MAX_CELLS} cells, or a cell of more than {_MAX_LINES} lines, of which lien read the first"
            raise InputError(f"{message}; split the notebook", path=source.path)


def _is_python(notebook: Any) -> bool:  # noqa: ANN401  # JSON is any value
    if not isinstance(notebook, dict):
        return False
    metadata = notebook.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language") if isinstance(kernel, dict) else None
    return not isinstance(language, str) or language.lower() == "python"


def _listed(notebook: dict[str, Any]) -> tuple[Any, tuple[str | int, ...]]:
    """The cells of a notebook and where they stand, of versions 4 and 3 of the format."""
    worksheets = notebook.get("worksheets")
    if notebook.get("cells") is None and isinstance(worksheets, list) and worksheets and isinstance(worksheets[0], dict):
        return worksheets[0].get("cells"), ("worksheets", 0, "cells")
    return notebook.get("cells"), ("cells",)


def _is_cut(notebook: dict[str, Any]) -> bool:
    cells, _ = _listed(notebook)
    if not isinstance(cells, list):
        return False
    texts = (cell.get("source", cell.get("input")) for cell in cells if isinstance(cell, dict))
    return len(cells) > _MAX_CELLS or any(isinstance(text, list) and len(text) > _MAX_LINES for text in texts)


def _cells(notebook: dict[str, Any], source: Source) -> Iterator[list[_Line]]:
    """The lines of each code cell. A notebook writes the text of a cell as one string, or as a list of lines."""
    cells, prefix = _listed(notebook)
    if not isinstance(cells, list):
        return
    found: list[list[tuple[str, str]]] = []
    for number, cell in enumerate(cells[:_MAX_CELLS]):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        key = "source" if "source" in cell else "input"
        text = cell.get(key)
        parts = text if isinstance(text, list) else [text]
        lines: list[tuple[str, str]] = []
        for index, part in enumerate(parts[:_MAX_LINES]):
            place = pointer(*prefix, number, key, index) if isinstance(text, list) else pointer(*prefix, number, key)
            lines.extend((line, place) for line in (part.splitlines() if isinstance(part, str) else ()))
        found.append(lines)
    places = lines_of_pointers(source.text, {place for lines in found for _, place in lines})
    for lines in found:
        yield [_Line(text, places.get(place, 1)) for text, place in lines]


def _sorted_out(cell: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """A cell's Python, with a blank statement for each command in it, and its commands."""
    first = next((line.text.strip() for line in cell if line.text.strip()), "")
    if first.startswith("%%"):
        magic = first[2:].split()[:1]
        if not magic or magic[0] in _SHELL_CELLS:
            return [], [line for line in cell if not line.text.lstrip().startswith("%%")]
        if magic[0] not in _PYTHON_CELLS:
            return [], []
    code: list[_Line] = []
    commands: list[_Line] = []
    runs_on = False
    for line in cell:
        match = _COMMAND.fullmatch(line.text)
        if runs_on:
            # A command goes on in the next line behind a backslash.
            commands[-1] = commands[-1]._replace(text=f"{commands[-1].text.removesuffix(chr(92))} {line.text.strip()}")
            code.append(_Line("", line.place))
            runs_on = line.text.rstrip().endswith("\\")
        elif line.text.lstrip().startswith("%%"):
            code.append(_Line("", line.place))
        elif match is not None and not _is_continued(code):
            code.append(_Line(f"{match[1]}pass", line.place))
            commands.append(_Line(match[3].strip(), line.place))
            runs_on = line.text.rstrip().endswith("\\")
        elif line.text.lstrip().startswith("?") or line.text.rstrip().endswith("?"):
            code.append(_Line("pass", line.place))
        else:
            code.append(line)
    return code, commands


def _is_continued(code: list[_Line]) -> bool:
    """Does the line before run on: then `%` is an operator."""
    return bool(code) and code[-1].text.rstrip().endswith(("\\", "(", ",", "+"))


def _problem(code: list[_Line], path: str) -> InputError | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Cells may await at their top.
            compile(
                "\n".join(line.text for line in code), path, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
            )
    except SyntaxError as error:
        place = code[min(error.lineno or 1, len(code)) - 1].place if code else 1
        return InputError(f"holds a cell that is not Python 3: {error.msg}; mend the cell or leave it out", path=path, line=place)
    except (ValueError, RecursionError, MemoryError):
        return InputError("holds a cell that cannot be parsed; mend the cell or leave it out", path=path, line=code[0].place if code else 1)
    return None


def _command_facts(commands: list[_Line], source: Source) -> Iterator[Fragment]:
    from lien.readers._commands import read_commands  # noqa: PLC0415  # only for notebooks that hold commands
    from lien.readers._shell import parse_shell  # noqa: PLC0415
    from lien.readers._site import Site  # noqa: PLC0415

    site = Site(path=source.path, tree=source.tree, reader=NotebookReader.name, role=_role(source))
    for line in commands:
        text = line.text.removeprefix("conda ").strip() if line.text.startswith("conda pip") else line.text
        yield from read_commands(parse_shell(text, first_line=line.place), site)


def _role(source: Source) -> Role:
    """Beside the source of a product, a notebook tries things out; where there is no other, the notebooks are the product."""
    from lien.readers._python_project import is_test, project_of  # noqa: PLC0415

    has_source = any(not is_test(path) and not path.endswith(("setup.py", "__init__.py")) for path in project_of(source.tree).files)
    return Role.OPTION if has_source else Role.DEFAULT


def _code_facts(code: list[_Line], source: Source) -> Iterator[Fragment]:
    from lien.readers._python_sieve import may_name  # noqa: PLC0415  # builds its pattern from a large table

    text = "\n".join(line.text for line in code)
    if not may_name(text.encode("utf-8", "replace")):
        return
    from lien.readers._python_file import read_module  # noqa: PLC0415
    from lien.readers._python_module import parse_module  # noqa: PLC0415

    module = parse_module(source.path, text, tuple(line.place for line in code))
    try:
        yield from read_module(module, source.tree, least=_role(source))
    except RecursionError as error:
        raise InputError("is nested too deeply to read; mend the file or leave it out", path=source.path) from error
