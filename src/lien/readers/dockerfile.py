"""Reads Dockerfiles: the images they build on, what they install and download, and what they start.

A stage counts as shipped if the last stage is built on it or copies from it; any other only builds.
Here-documents are passed over, except that of a RUN, which is a script. Only a backslash is taken as the escape.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role
from lien.readers._commands import image_facts, read_commands, read_image_arguments
from lien.readers._environment import setting_facts
from lien.readers._references import WEIGHT_ENDINGS, seen
from lien.readers._shell import Word, expand, parse_shell
from lien.readers._site import Site
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.relations import Relation

__all__ = ["DockerfileReader"]

_INSTRUCTION = re.compile(r"[ \t]*([A-Za-z]+)[ \t]+(.*)", re.DOTALL)
_FROM = re.compile(r"(?:--\S+\s+)*(\S+)(?:\s+[Aa][Ss]\s+(\S+))?\s*")
_HEREDOC = re.compile(r"<<-?(['\"]?)(\w+)\1")
_MAX_STAGES = 200
_MAX_INSTRUCTIONS = 2_000
"""Files that people write have fewer; each is compared with others."""

_DEVELOPMENT = frozenset({".devcontainer", ".github", ".gitpod", "ci", ".ci"})


@dataclass(slots=True)
class _Instruction:
    name: str
    text: str
    line: int
    heredoc: str = ""
    heredoc_line: int = 0


@dataclass(slots=True)
class _Stage:
    """One FROM with what follows it; `copies` are the stages and images that it copies from."""

    name: str
    base: str
    is_known: bool
    instruction: _Instruction
    body: list[_Instruction] = field(default_factory=list)
    variables: dict[str, str | None] = field(default_factory=dict)


class DockerfileReader:
    """Dockerfile*, *.dockerfile, Containerfile*."""

    name = "dockerfile"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By the names that builders look for, and those that people give beside them."""
        name = path.rpartition("/")[2].lower()
        if name.endswith((".dockerignore", ".py", ".md", ".sh")):
            return False
        return name.startswith(("dockerfile", "containerfile")) or name.endswith((".dockerfile", ".containerfile"))

    def accepts(self, head: bytes) -> bool:
        """Does it look like text that holds an instruction?"""
        return b"\0" not in head and re.search(rb"(?im)^\s*(?:FROM|ARG|#)", head) is not None

    def read(self, source: Source) -> Iterator[Fragment]:
        """The facts of all stages, in file order. Raises InputError for more stages than anybody writes."""
        text = source.data.decode("utf-8-sig", "replace")
        is_development = bool(set(source.path.lower().split("/")[:-1]) & _DEVELOPMENT)
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=Role.DEVELOPMENT if is_development else Role.DEFAULT)
        instructions = list(islice(_instructions(text), _MAX_INSTRUCTIONS + 1))
        stage_count = sum(one.name == "FROM" for one in instructions)
        if len(instructions) > _MAX_INSTRUCTIONS or stage_count > _MAX_STAGES:
            limits = f"{_MAX_INSTRUCTIONS} instructions or {_MAX_STAGES} stages"
            raise InputError(f"has more than {limits}; lien does not read such a file", path=source.path, line=1)
        stages = _stages(instructions)
        shipped, bases, copied = _shipped(stages), _line_of_bases(stages), _Copied(stages, source)
        for number, stage in enumerate(stages):
            role = site.role if number in shipped else Role.BUILD
            is_own = any(stage.base.lower() == other.name for other in stages[:number])
            if stage.is_known and not is_own:
                # The base of the last stage is what the product runs on; a stage that is only copied from is left behind.
                base_role = role if number in bases else Role.BUILD
                yield from image_facts(stage.base, replace(site, role=base_role), Word(stage.base, stage.instruction.line, stage.base))
            inner = replace(site, role=role, locate=copied.find)
            yield from _stage_facts(stage, inner, {other.name for other in stages})


class _Copied:
    """Where files of the tree come to lie in an image: each COPY of any stage, as far as its paths are plain."""

    def __init__(self, stages: list[_Stage], source: Source) -> None:
        self._source = source
        self._pairs: list[tuple[str, str]] = []
        for stage in stages:
            for one in stage.body:
                words = [word.strip("\"',[]") for word in one.text.replace("\\\n", " ").split() if not word.startswith("--")]
                if one.name in {"COPY", "ADD"} and not _sources(one) and len(words) > 1:
                    self._pairs.extend((origin, words[-1]) for origin in words[:-1])

    def find(self, name: str) -> str | None:
        """The path in the tree of what is called `name` in the image; None if nothing tells."""
        wanted = [part for part in name.split("/") if part not in {"", "."}]
        for origin, target in self._pairs:
            ends = [part for part in target.split("/") if part not in {"", "."}]
            into = origin.rstrip("/").rpartition("/")[2]
            inner = self._inside(wanted, ends, into)
            if inner is None:
                continue
            for base in ("", self._source.path):
                path = self._source.tree.join(base, "/".join([origin.strip("/") or ".", *inner]))
                if path is not None and self._source.tree.holds(path) and wanted:
                    return path
        return None

    @staticmethod
    def _inside(wanted: list[str], ends: list[str], into: str) -> list[str] | None:
        """The rest of a path below a copied file or folder; None if it is not below it."""
        for head in (ends, [*ends, into], [into]):
            if head and (wanted[: len(head)] == head or (len(wanted) < len(head) and head[-len(wanted) :] == wanted)):
                return wanted[len(head) :]
        return wanted if not ends and into in {"", "."} else None


def _instructions(text: str) -> Iterator[_Instruction]:
    """Logical lines: continued ones joined, comments gone, with the body of a here-document."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        first = at
        parts: list[str] = []
        while at < len(lines):
            line = lines[at]
            at += 1
            if line.lstrip().startswith("#") or (parts and not line.strip()):
                parts.append("\n" if parts else "")  # comments may stand within a continued instruction
                continue
            if line.rstrip().endswith("\\"):
                parts.append(line.rstrip()[:-1] + "\\\n")
                continue
            parts.append(line)
            break
        match = _INSTRUCTION.fullmatch("".join(parts).strip("\n"))
        if match is None:
            continue
        while first < len(lines) and (lines[first].lstrip().startswith("#") or not lines[first].strip()):
            first += 1
        found = _Instruction(match[1].upper(), match[2], first + 1)
        for heredoc in _HEREDOC.finditer(match[2]) if found.name in {"RUN", "COPY", "ADD"} else ():
            end = next((row for row in range(at, len(lines)) if lines[row].strip() == heredoc[2]), len(lines))
            found.heredoc, found.heredoc_line = "\n".join(lines[at:end]), at + 1
            at = end + 1
        yield found


def _stages(instructions: list[_Instruction]) -> list[_Stage]:
    """The stages of a file, with the variables known where each begins: defaults of ARG, as a build without arguments has them."""
    stages: list[_Stage] = []
    common: dict[str, str | None] = {}
    for one in instructions:
        if one.name == "FROM":
            match = _FROM.fullmatch(one.text.replace("\\\n", " "))
            if match is None:
                continue
            base, is_known = expand(match[1], common)
            inherited = next((dict(stage.variables) for stage in reversed(stages) if stage.name == base.lower()), {})
            stages.append(_Stage((match[2] or str(len(stages))).lower(), base, is_known, one, variables=inherited))
        elif not stages:
            if one.name == "ARG":
                common.update(_assignments(one, common))
        else:
            stage = stages[-1]
            stage.body.append(one)
            if one.name in {"ENV", "ARG"}:
                found = _assignments(one, stage.variables)
                if one.name == "ARG":
                    for name in one.text.split():
                        if "=" not in name and name in common:
                            found[name] = common[name]
                stage.variables.update(found)
    return stages


def _assignments(one: _Instruction, variables: dict[str, str | None]) -> dict[str, str | None]:
    return {name: word.text if word.is_known else None for name, word in _settings(one, variables)}


def _settings(one: _Instruction, variables: dict[str, str | None]) -> list[tuple[str, Word]]:
    """The variables of an ENV or ARG, with their places. `ENV NAME value` is the old form for one."""
    known = {name: value for name, value in variables.items() if value is not None}
    commands = parse_shell("set " + one.text.replace("\n", "\n"), first_line=one.line, variables=known)
    words = commands[0].words[1:] if commands else ()
    if one.name == "ENV" and words and "=" not in words[0].text:
        value, is_known = expand(one.text.partition(" ")[2].strip(), variables)
        return [(words[0].text, Word(value, one.line, value, is_known))]
    found = []
    for word in words:
        name, equals, value = word.text.partition("=")
        if equals:
            found.append((name, word._replace(text=value, written=word.written.partition("=")[2])))
    return found


def _line_of_bases(stages: list[_Stage]) -> set[int]:
    """The last stage and those that it is built on, one upon another."""
    found: set[int] = set()
    number: int | None = len(stages) - 1
    while number is not None and number >= 0 and number not in found:
        found.add(number)
        base = stages[number].base.lower()
        number = next((at for at in range(number) if stages[at].name == base), None)
    return found


def _shipped(stages: list[_Stage]) -> set[int]:
    """Stages whose files can be in the last image: its bases, and what any of these copies from."""
    found: set[int] = set()
    pending = sorted(_line_of_bases(stages))
    while pending:
        number = pending.pop()
        if number in found:
            continue
        found.add(number)
        stage = stages[number]
        wanted = {stage.base.lower()} | {name.lower() for one in stage.body if one.name == "COPY" for name in _sources(one)}
        pending.extend(at for at, other in enumerate(stages[:number]) if other.name in wanted or str(at) in wanted)
    return found


def _sources(one: _Instruction) -> list[str]:
    return re.findall(r"--from=(\S+)", one.text)


def _stage_facts(stage: _Stage, site: Site, names: set[str]) -> Iterator[Fragment]:
    variables: dict[str, str | None] = {}
    entry: _Instruction | None = None
    command: _Instruction | None = None
    for one in stage.body:
        known = {name: value for name, value in {**variables, **stage.variables}.items() if value is not None}
        match one.name:
            case "ENV" | "ARG":
                settings = _settings(one, {**stage.variables, **variables})
                yield from setting_facts(settings, site)
                variables.update((name, word.text if word.is_known else None) for name, word in settings)
            case "RUN":
                yield from _run(one, site, known)
            case "COPY" | "ADD":
                yield from _copy(one, site, names)
            case "ENTRYPOINT":
                entry = one
            case "CMD":
                command = one
            case _:
                pass
    known = {name: value for name, value in {**stage.variables, **variables}.items() if value is not None}
    words = [word for one in (entry, command) if one is not None for word in _start(one, known)]
    site = replace(site, settings={name: Word(value, stage.instruction.line, value) for name, value in known.items()})
    yield from read_image_arguments(stage.base, words, site)


def _run(one: _Instruction, site: Site, variables: dict[str, str]) -> Iterator[Fragment]:
    if one.heredoc:
        # `RUN python <<EOF` hands the text to a program; alone it is a script.
        program = re.sub(r"\A(?:--\w+(?:=\S+)?\s+)+", "", one.text).partition("<<")[0].strip()
        text = f"{program} <<\0\n{one.heredoc}\n\0\n" if program else one.heredoc
        first = one.heredoc_line - 1 if program else one.heredoc_line
        yield from read_commands(parse_shell(text, first_line=first, variables=variables), site)
        return
    text = re.sub(r"\A(?:--\w+(?:=\S+)?(?:\s|\\\n)+)+", lambda match: "\n" * match[0].count("\n"), one.text)
    commands = parse_shell(text, first_line=one.line, variables=variables)
    exec_form = _exec_form(one.text, one.line)
    if exec_form is not None:
        yield from read_image_arguments("", exec_form, site)
    else:
        yield from read_commands(commands, site)


def _copy(one: _Instruction, site: Site, names: set[str]) -> Iterator[Fragment]:
    """Images that files are copied from, and weights of the tree that are copied in."""
    for name in _sources(one):
        if name.lower() not in names and not name.isdigit() and "$" not in name:
            yield from image_facts(name, replace(site, role=Role.BUILD), Word(name, one.line, name))
    if _sources(one):
        return
    for text in one.text.replace("\\\n", " ").split()[:-1]:
        path = text.strip("\"',[]").removeprefix("./")
        if path.lower().endswith(WEIGHT_ENDINGS):
            beside = site.tree.join(site.path, path)
            found = next((place for place in (path, beside) if place and site.tree.has(place)), None)
            if found is not None:
                evidence = site.evidence(Word(path, one.line, path))
                identifier = f"model:file:{found.lower()}"
                yield seen(identifier, evidence, found)
                yield RelationSeen(PRODUCT, Relation.SHIPS, identifier, evidence, site.role)


def _start(one: _Instruction, variables: dict[str, str]) -> list[Word]:
    """The words of a CMD or ENTRYPOINT, in either form."""
    form = _exec_form(one.text, one.line)
    if form is not None:
        return form
    commands = parse_shell(one.text, first_line=one.line, variables=variables)
    return (
        [Word("sh", one.line, "sh"), Word("-c", one.line, "-c"), Word(one.text, one.line, one.text)]
        if len(commands) != 1
        else list(commands[0].words)
    )


def _exec_form(text: str, line: int) -> list[Word] | None:
    """`["a", "b"]`; no variable is followed in it. None if it is not that form."""
    import json  # noqa: PLC0415  # 5 ms, and most files need none

    plain = text.replace("\\\n", " \n").strip()
    if not plain.startswith("["):
        return None
    try:
        values = json.loads(plain)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return None
    words, position = [], 0
    for value in values:
        found = plain.find(value, position)
        position = max(found, position)
        words.append(Word(value, line + plain.count("\n", 0, position), value, "$" not in value))
    return words
