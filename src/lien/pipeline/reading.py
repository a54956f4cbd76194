"""Reading: each input by the readers that know it; what could not be read is kept, with its place."""

import logging
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from lien.errors import InputError, LeftOutError
from lien.graph.fragments import DependenciesSeen, Fragment
from lien.pipeline.discover import Found, pass_over
from lien.readers import READERS
from lien.readers.interface import ListReader, Reader, StrictReader
from lien.sources.json_text import lines_of_pointers
from lien.sources.source import Source
from lien.sources.tree import Tree

__all__ = ["Coverage", "Problem", "read_inputs"]

_log = logging.getLogger(__name__)
_HEAD_BYTES = 4096
_MANY = 400
_AT_A_TIME = 32
_MAX_JOBS = 8
_SOURCE_CODE = (".py", ".ipynb", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".svelte")
"""Endings of files whose places are lines already, and whose texts nothing asks for again."""
_DATA = (".json", ".jsonld", ".yaml", ".yml", ".xml", ".toml")
"""Endings that many formats share: a file that somebody named is of one of them, or not understood."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read, with the line where that showed and the reason."""

    path: str
    line: int | None
    message: str

    def place(self) -> tuple[str, int, str]:
        """By file and line, as a report lists problems."""
        return self.path, self.line or 0, self.message


@dataclass(slots=True)
class Coverage:
    """What was read, what not, and why.

    `considered` counts all files of the place; `errors` are owed inputs; `unread` are others that were tried; `passed_over` counts, by ending, files of
    formats that lien does not read and in which models and data are often named.
    """

    considered: int = 0
    read: list[str] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Coverage") -> None:
        """Put what another part of the inputs gave behind this."""
        self.read += other.read
        self.unread += other.unread
        self.skipped += other.skipped
        self.errors += other.errors
        self.passed_over.update(other.passed_over)


def read_inputs(
    inputs: Sequence[Found],
    tree: Tree,
    coverage: Coverage,
    texts: dict[str, str],
    *,
    strict: bool = False,
    lists: list[DependenciesSeen] | None = None,
) -> list[Fragment]:
    """The facts of all inputs, in their order; `coverage` and `texts` (by path, of all but source code) are filled on the way.

    `strict` holds each file to the official schema of its format, if it has one, and notes every violation. Relations
    that a reader can keep as lists go into `lists`, if there is one. Many
    files are read by several processes (LIEN_JOBS says how many); what they find is put together in the same order.
    """
    fragments: list[Fragment] = []
    for part in _parts(inputs, tree, _How(strict=strict, as_lists=lists is not None)):
        fragments.extend(part.fragments)
        if lists is not None:
            lists.extend(part.lists)
        texts.update(part.texts)
        coverage.add(part.coverage)
    # What an input includes (`-r more.txt`) is read with it, whatever its own name says.
    known = {found.path for found in inputs}
    included = {one.evidence.path for one in fragments} - known - {None}
    coverage.read = sorted([*coverage.read, *(path for path in included if path is not None)])
    _log.debug("%d facts read", len(fragments))
    return fragments


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How inputs are read: held to their schemas or not, and with relations as lists or one by one."""

    strict: bool
    as_lists: bool


@dataclass(slots=True)
class _Part:
    """What some of the inputs gave."""

    fragments: list[Fragment] = field(default_factory=list)
    lists: list[DependenciesSeen] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    texts: dict[str, str] = field(default_factory=dict)


def _parts(inputs: Sequence[Found], tree: Tree, how: _How) -> Iterator[_Part]:
    jobs = _jobs(len(inputs))
    if jobs < 2:
        yield _read_some(inputs, tree, how)
        return
    import multiprocessing  # noqa: PLC0415  # a small audit needs one process
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    # Forked, a worker has the inputs and every loaded reader; each takes a few files at a time, so that none waits long for another.
    _SHARED[:] = [(inputs, tree, how)]
    starts = range(0, len(inputs), _AT_A_TIME)
    try:
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
            yield from pool.map(_read_at, starts)
    finally:
        _SHARED.clear()


_SHARED: list[tuple[Sequence[Found], Tree, _How]] = []
"""What forked workers read; it is never sent."""


def _read_at(start: int) -> _Part:
    inputs, tree, how = _SHARED[0]
    return _read_some(inputs[start : start + _AT_A_TIME], tree, how)


def _jobs(count: int) -> int:
    """How many processes read so many files: one where forking is not to be had or would cost more than it saves."""
    wanted = os.environ.get("LIEN_JOBS", "")
    if sys.platform != "linux":  # elsewhere a process begins from nothing, or must not be forked
        return 1
    if wanted.isdigit() and int(wanted):
        return min(int(wanted), count, _MAX_JOBS)
    return min(len(os.sched_getaffinity(0)), _MAX_JOBS) if count >= _MANY else 1


def _read_some(inputs: Sequence[Found], tree: Tree, how: _How) -> _Part:
    part = _Part()
    coverage, fragments = part.coverage, part.fragments
    for found in inputs:
        try:
            source = tree.read(found.path, limit=max(reader.max_bytes for reader in found.readers), lazy=True)
            head = source.head(_HEAD_BYTES)
        except InputError as error:
            _note(error, found, tree, coverage)
            continue
        # A weight file may be of any size; a reader that reads files whole must not be handed it by name.
        readers = [reader for reader in found.readers if source.size <= reader.max_bytes and reader.accepts(head)]
        before = len(fragments), len(coverage.errors)
        done = _read_by_name(found, source, readers, part, how) if found.by_name and readers else False
        if (
            found.is_named
            and (len(fragments), len(coverage.errors)) == before
            and not any(reader.owed for reader in readers if found.by_name)
        ):
            # Somebody says that it is an input, and who reads files of its name finds nothing in it.
            tried = readers if found.by_name else []
            others = [one for one in READERS if one not in tried and source.size <= one.max_bytes and one.accepts(head)]
            done = _read_as_any(found, source, others, part, how, is_known=bool(tried)) or done
            readers = [*tried, *others]
        elif found.by_name and not readers:
            done = _read_by_name(found, source, readers, part, how)
        if readers:
            with suppress(InputError):  # of which a reader has complained already
                if source.is_loaded and not found.path.lower().endswith(_SOURCE_CODE):
                    part.texts[found.path] = source.text
            if done:
                coverage.read.append(found.path)
    return part


def _facts(reader: Reader, source: Source, lists: list[DependenciesSeen], how: _How) -> Iterator[Fragment]:
    return reader.read_lists(source, lists) if how.as_lists and isinstance(reader, ListReader) else reader.read(source)


def _read_by_name(found: Found, source: Source, readers: Sequence[Reader], part: _Part, how: _How) -> bool:
    """Every reader that knows the file reads it. Was it read without complaint?"""
    if not readers and any(reader.owed for reader in found.readers):
        part.coverage.skipped.append((found.path, "does not begin like the format that its name suggests"))
    elif not readers:
        pass_over(found.path, part.coverage.passed_over)
    done = True
    for reader in readers:
        try:
            # A reader yields what it could read before it complains; extend() keeps that.
            part.fragments.extend(_facts(reader, source, part.lists, how))
        except InputError as error:
            _note(error, found, source.tree, part.coverage)
            done = False
        if how.strict and _note_violations(reader, found, source, part.coverage):
            done = False
    return done


def _read_as_any(found: Found, source: Source, readers: Sequence[Reader], part: _Part, how: _How, *, is_known: bool) -> bool:
    """A file that somebody named and that says nothing by its name is of the first format in which it says anything.

    `is_known`: readers of its name read it, and found nothing; of source code that is an answer, of data it is none.
    """
    first: InputError | None = None
    for reader in readers:
        lists: list[DependenciesSeen] = []
        try:
            seen = list(_facts(reader, source, lists, how))
        except InputError as error:
            # Any text is a broken file of every other format: worth saying are the complaints of those whom its ending suggests.
            if reader.name.startswith(("cyclonedx", "spdx")) or (
                reader.name == "requirements" and found.path.lower().endswith((".txt", ".in"))
            ):
                first = first or error
            continue
        if seen:
            part.fragments.extend(seen)
            part.lists.extend(lists)
            return not (how.strict and _note_violations(reader, found, source, part.coverage))
    if is_known and not found.path.lower().endswith(_DATA):
        return True
    if first is not None:
        _note(first, found, source.tree, part.coverage)
    else:
        part.coverage.errors.append(Problem(found.path, None, "is not of any format that lien reads"))
    return False


def _note_violations(reader: Reader, found: Found, source: Source, coverage: Coverage) -> bool:
    """Note every way in which a file breaks the schema of its format. Are there any?"""
    if not isinstance(reader, StrictReader):
        return False
    errors = list(reader.violations(source))
    lines = _lines_of(errors, source)
    problems = [Problem(error.path or found.path, error.line or lines.get(error.pointer or ""), error.message) for error in errors]
    (coverage.errors if found.owed else coverage.unread).extend(dict.fromkeys(problems))
    return bool(errors)


def _lines_of(errors: Iterable[InputError], source: Source) -> dict[str, int]:
    """Lines of the pointers of errors, by one walk over the file."""
    pointers = [error.pointer for error in errors if error.line is None and error.pointer is not None]
    try:
        return lines_of_pointers(source.text, pointers) if pointers else {}
    except (InputError, ValueError, IndexError):
        return {}


def _note(error: InputError, found: Found, tree: Tree, coverage: Coverage) -> None:
    if isinstance(error, LeftOutError) and not found.is_named:
        coverage.skipped.append((error.path or found.path, error.message))
        return
    problem = Problem(error.path or found.path, _line_of(error, found.path, tree), error.message)
    problems = coverage.errors if found.owed else coverage.unread
    if problem not in problems:  # as every reader that tries a broken file says
        problems.append(problem)


def _line_of(error: InputError, path: str, tree: Tree) -> int | None:
    if error.line is not None or error.pointer is None:
        return error.line
    try:
        return lines_of_pointers(tree.read(error.path or path).text, [error.pointer]).get(error.pointer)
    except (InputError, ValueError, IndexError):
        return None
