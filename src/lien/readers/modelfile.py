"""Reads Ollama's Modelfiles: what a model is made from, and the licence texts put into it (ollama `docs/modelfile.mdx`).

Prompts, templates and parameters change no weights and are passed over.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lien.errors import InputError
from lien.graph.fragments import ArtifactSeen, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers._references import Reference, model_reference, ollama_reference, seen
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.ids import model_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["ModelfileReader"]

_COMMAND = re.compile(r"[ \t]*([A-Za-z]+)[ \t]+(.*)", re.DOTALL)
_COMMANDS = frozenset(
    {"from", "license", "template", "system", "adapter", "draft", "renderer", "parser", "parameter", "message", "requires"}
)
_RELATIONS = {"from": Relation.DERIVED_FROM, "adapter": Relation.DERIVED_FROM, "draft": Relation.CONTAINS}
_BLOB = re.compile(r"sha256[-:][0-9a-f]{64}")
_FOLDER_OR_FILE = re.compile(r"[./~]|[A-Za-z]:[\\/]|.*\.(?:gguf|ggml|bin|safetensors)$", re.IGNORECASE)


class _Entry(NamedTuple):
    command: str
    value: str
    line: int


_OTHERS = (".py", ".go", ".js", ".ts", ".rs", ".md", ".mdx", ".html", ".json", ".yaml", ".yml", ".test")


class ModelfileReader:
    """Modelfile, Modelfile.NAME, NAME.modelfile."""

    name = "modelfile"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By name; a source file of that name is about Modelfiles."""
        name = path.rpartition("/")[2].lower()
        return re.fullmatch(r"modelfile(?:[._-].*)?|.*\.modelfile", name) is not None and not name.endswith(_OTHERS)

    def accepts(self, head: bytes) -> bool:
        """Text: FROM may stand anywhere."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """The model that the file makes, and its upstreams. Raises InputError if nothing says what it is made from."""
        entries = list(_entries(source.text))
        made = model_id(f"made:{source.path}")
        bases = [entry for entry in entries if entry.command == "from"]
        if not bases:
            raise InputError(
                "has no FROM, so nothing says what the model is made from; add it or leave the file out", path=source.path, line=1
            )
        evidence = source.evidence(self.name, line=bases[0].line, as_written=bases[0].value)
        yield ArtifactSeen(made, Kind.MODEL, evidence, name=source.path, made_here=True)
        for entry in entries:
            place = source.evidence(self.name, line=entry.line, as_written=entry.value[:200])
            if entry.command == "license":
                scheme = Scheme.FILE if "\n" in entry.value else Scheme.FREE_TEXT
                yield LicenseClaim(made, entry.value, scheme, place, said_by=source.path)
            elif entry.command in _RELATIONS:
                reference = _reference(entry, source)
                if reference.id is None:
                    yield UnresolvedReference(made, entry.value, reference.reason or "cannot be followed", place)
                else:
                    yield seen(reference.id, place, entry.value)
                    yield RelationSeen(made, _RELATIONS[entry.command], reference.id, place, Role.TRAINING)


def _entries(text: str) -> Iterator[_Entry]:
    """Commands with their values; one in triple quotes may go over several lines."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        first, line = at, lines[at]
        at += 1
        match = _COMMAND.fullmatch(line)
        if match is None or match[1].lower() not in _COMMANDS or line.lstrip().startswith("#"):
            continue
        value = match[2].strip()
        if value.startswith('"""'):
            parts = [value[3:]]
            while not parts[-1].rstrip().endswith('"""') and at < len(lines):
                parts.append(lines[at])
                at += 1
            value = "\n".join(parts).rstrip().removesuffix('"""').strip("\n")
        elif len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1]
        yield _Entry(match[1].lower(), value, first + 1)


def _reference(entry: _Entry, source: Source) -> Reference:
    if _BLOB.search(entry.value):
        return Reference(None, "is a file of Ollama's own store, known by its digest alone; write the model's name")
    if entry.command == "adapter" or _FOLDER_OR_FILE.match(entry.value):
        found = model_reference(entry.value, source.tree, source.path)
        return found if found.id is not None else Reference(None, "is a local path that is not in the audited tree")
    return ollama_reference(entry.value)
