"""Reads Python source by its syntax tree: the models, datasets and services that its calls name, and in which part.

Which calls these are is data (`_python_calls`); what their arguments can be is worked out without running anything
(`_python_evaluator`). Comments, docstrings and messages name nothing.
"""

import re
from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import Fragment
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["PythonReader"]


class PythonReader:
    """Python files, by the ending of their name."""

    name = "python"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """`*.py`."""
        return path.endswith((".py", ".pyw"))

    def accepts(self, head: bytes) -> bool:
        """Anything: what a file names may stand far below its head."""
        del head
        return True

    def read(self, source: Source) -> Iterator[Fragment]:
        """What the file uses, by line. Raises InputError with the line if it is no Python 3.

        A file without a word that could name a model, a dataset or a service is passed over unparsed.
        """
        from lien.readers._python_sieve import may_make, may_name  # noqa: PLC0415  # builds its pattern from the table

        if not may_name(source.data) and not may_make(source.path):
            return
        from lien.readers._python_file import read_module  # noqa: PLC0415
        from lien.readers._python_module import parse_module  # noqa: PLC0415  # `ast` is not free
        from lien.readers._python_project import project_of  # noqa: PLC0415

        module = parse_module(source.path, _plain_python(source.data))
        project_of(source.tree).keep(source.path, module)
        try:
            yield from read_module(module, source.tree)
        except RecursionError as error:
            raise InputError("is nested too deeply to read; mend the file or leave it out", path=source.path) from error


_COMMAND = re.compile(rb"^([ \t]*)[!%](?:[^\n\\]|\\\n|\\.)*", re.MULTILINE)
_EXPORTED = b"# Databricks notebook source"


def _plain_python(data: bytes) -> bytes:
    """Notebooks that Databricks exports as source keep their commands; a blank statement stands for each."""
    if not data.startswith(_EXPORTED):
        return data
    return _COMMAND.sub(lambda match: match[1] + b"pass" + b"\n" * match[0].count(b"\n"), data)
