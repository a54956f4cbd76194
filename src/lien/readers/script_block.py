"""Reads the block of a Python script that says what it needs (PEP 723, `# /// script`)."""

import re
from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import Fragment, Role
from lien.readers._requirement import fragments_of
from lien.readers._toml_file import TomlFile
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source

__all__ = ["ScriptBlockReader"]

_OPENS = re.compile(rb"^# /// script[ \t]*\r?$", re.MULTILINE)
_BEGIN, _END = "# /// script", "# ///"


class ScriptBlockReader:
    """Python files with a block of their own, which stands near the top."""

    name = "script-block"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """`*.py`."""
        return path.endswith(".py")

    def accepts(self, head: bytes) -> bool:
        """Does such a block open here?"""
        return _OPENS.search(head) is not None

    def read(self, source: Source) -> Iterator[Fragment]:
        """What the script requires. All that can be read comes first; then InputError names every requirement that cannot."""
        lines = source.text.splitlines()
        start = next((index for index, line in enumerate(lines) if line.rstrip() == _BEGIN), None)
        if start is None:
            return
        file = TomlFile(_block(source, lines, start), self.name)
        for text in file.strings("dependencies"):
            line = file.line_of(text, "dependencies")
            named = file.required(text, line)
            if named is not None:
                yield from fragments_of(named, file.evidence(line, text), Role.DEFAULT)
        file.complain()


def _block(source: Source, lines: list[str], start: int) -> Source:
    """The TOML of the block, at the lines on which it stands. Raises InputError if the block is never closed."""
    end = start + 1
    while end < len(lines) and (lines[end].rstrip() == "#" or lines[end].startswith("# ")):
        end += 1
    # The last closing line of the comment counts (PEP 723, "Specification").
    closing = next((index for index in range(end - 1, start, -1) if lines[index].rstrip() == _END), None)
    if closing is None:
        raise InputError(f'has a script block that is never closed (end it with a line "{_END}")', path=source.path, line=start + 1)
    text = "\n" * (start + 1) + "\n".join(line[2:] for line in lines[start + 1 : closing])
    return Source(path=source.path, tree=source.tree, data=text.encode())
