"""From knowledge files to the catalogue: check everything, then write one SQLite file.

The build hook, `lien catalog build` and overlays all come through here (DESIGN section 1).
"""

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lien.catalog import fingerprints
from lien.catalog.decode import license_from_plain
from lien.catalog.names import fold_name
from lien.catalog.recognise import Fingerprint
from lien.catalog.spdx import LISTING, Listing, list_by_name
from lien.errors import KnowledgeError
from lien.vocabulary.licenses import License, ReadAs, Scheme
from lien.vocabulary.schema import artifact_schema, convention_schema, license_schema

if TYPE_CHECKING:
    from jsonschema_rs import Validator

__all__ = ["FORMAT", "Knowledge", "compile_files", "digest_of_files", "knowledge_files", "load", "source_files", "write"]

FORMAT = "3"
"""The version of the tables; a catalogue of another version is refused."""

_MAX_QUOTE_WORDS = 25
_LICENSES = "licenses"
_ARTIFACT_FOLDERS = ("models", "datasets", "services", "packages")
_CONVENTIONS = "conventions.yaml"

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE license (id TEXT PRIMARY KEY, family TEXT, data TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX license_family ON license (family) WHERE family IS NOT NULL;
CREATE TABLE name (scheme TEXT, name TEXT, license TEXT, PRIMARY KEY (scheme, name, license)) WITHOUT ROWID;
CREATE TABLE artifact (id TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE alias (alias TEXT PRIMARY KEY, artifact TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE convention (key TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE model_name (name TEXT, artifact TEXT, PRIMARY KEY (name, artifact)) WITHOUT ROWID;
CREATE TABLE exception (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE replaced (id TEXT PRIMARY KEY, expression TEXT NOT NULL) WITHOUT ROWID;
"""

Row = tuple[str, tuple[object, ...]]


class Knowledge:
    """Checked knowledge in plain form, ready to be written: licences and artifacts by id."""

    def __init__(self) -> None:
        self.licenses: dict[str, dict[str, Any]] = {}
        self.artifacts: dict[str, dict[str, Any]] = {}
        self.aliases: dict[str, str] = {}
        self.names: set[tuple[str, str, str]] = set()
        self.conventions: dict[str, dict[str, Any]] = {}
        self.exceptions: dict[str, str] = {}
        """Exceptions of SPDX that WITH may add, by folded id: their titles; no text of them was read."""
        self.replaced: dict[str, str] = {}
        """Deprecated ids of SPDX, folded, that an expression has replaced."""
        self.fingerprints: list[Fingerprint] = []
        """What tells the texts of licences from others."""
        self.excepted: list[tuple[str, str, int | None]] = []
        """(family, file, line) of each `except_family`, to be checked when all licences are there."""

    def rows(self) -> Iterator[Row]:
        """(table, row) in a fixed order: the content of the catalogue, and what its digest is over."""
        for identifier, plain in sorted(self.licenses.items()):
            yield "license", (identifier, plain.get("family"), _dump(plain))
        for name in sorted(self.names):
            yield "name", name
        for identifier, plain in sorted(self.artifacts.items()):
            yield "artifact", (identifier, _dump(plain))
        for alias in sorted(self.aliases.items()):
            yield "alias", alias
        for key, plain in sorted(self.conventions.items()):
            yield "convention", (key, _dump(plain))
        for named in sorted(self._model_names()):
            yield "model_name", named
        for exception in sorted(self.exceptions.items()):
            yield "exception", exception
        for replaced in sorted(self.replaced.items()):
            yield "replaced", replaced
        yield from fingerprints.rows_of(self.fingerprints)

    def _model_names(self) -> set[tuple[str, str]]:
        """(name without its owner, id) of every model of an owner, by its id and aliases: what conventions of names are looked up in."""
        ids = {(identifier, identifier) for identifier in self.artifacts} | set(self.aliases.items())
        parts = ((one.removeprefix("model:").split("/"), known) for one, known in ids if one.startswith("model:"))
        return {(names[1], known) for names, known in parts if len(names) == 2 and ":" not in names[0]}

    def digest(self) -> str:
        """SHA-256 over all rows."""
        total = hashlib.sha256(FORMAT.encode())
        for row in self.rows():
            total.update(json.dumps(row, ensure_ascii=False, default=bytes.hex).encode())
        return total.hexdigest()


def _dump(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def knowledge_files(root: Path) -> list[Path]:
    """Every knowledge file below a root: `licenses/`, the artifact folders and the conventions, in code-point order."""
    found = [path for folder in (_LICENSES, *_ARTIFACT_FOLDERS) for path in (root / folder).glob("*.y*ml")]
    return sorted([*found, *(path for path in (root / _CONVENTIONS,) if path.is_file())])


def source_files(root: Path) -> list[Path]:
    """Everything below a root that a catalogue is compiled from: the knowledge files, the SPDX list and the fingerprints."""
    return [*knowledge_files(root), *(path for path in (root / LISTING, root / fingerprints.LISTING) if path.is_file())]


def digest_of_files(root: Path) -> str:
    """SHA-256 over names and bytes of everything that is compiled."""
    total = hashlib.sha256()
    for path in source_files(root):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def load(root: Path) -> Knowledge:
    """Read and check all knowledge below a root. Raises KnowledgeError holding every problem found."""
    files = [(path, path.relative_to(root).as_posix()) for path in knowledge_files(root)]
    knowledge = compile_files(files, complete=True, listing=root / LISTING if (root / LISTING).is_file() else None)
    if (root / fingerprints.LISTING).is_file():
        knowledge.fingerprints = fingerprints.read_fingerprints(root / fingerprints.LISTING, knowledge.licenses)
    return knowledge


def compile_files(files: Iterable[tuple[Path, str]], *, complete: bool, listing: Path | None = None) -> Knowledge:
    """Read and check files, given with the names to show for them.

    A file whose folder or keys say `licenses` is a licence. `complete` asks that every id a file
    points to is among the files; an overlay may point into the bundled knowledge instead. `listing` is
    the SPDX list, whose licences are known by name where no file names them.
    Raises KnowledgeError holding every problem found.
    """
    knowledge = Knowledge()
    problems: list[KnowledgeError] = []
    broken: set[str] = set()
    for path, shown in files:
        try:
            _File(path, shown).add_to(knowledge)
        except KnowledgeError as error:
            problems.extend(error.problems or (error,))
            broken.add(path.stem)
    if listing is not None:
        listed = Listing(listing)
        knowledge.exceptions = listed.exceptions
        knowledge.replaced = list_by_name(listed, knowledge.licenses, knowledge.names)
    if complete:
        problems.extend(_dangling(knowledge, broken))
    if problems:
        raise KnowledgeError(f"{len(problems)} problems", problems=problems)
    return knowledge


@cache
def _loader_class() -> Any:  # noqa: ANN401  # PyYAML has no types for its loaders
    """A safe loader with the booleans of YAML 1.2: in 1.1 the key `on` would be read as true."""
    import yaml  # noqa: PLC0415  # only compiling needs it

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers = {  # noqa: RUF012  # PyYAML's own way
            first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
    return Loader


@cache
def _validator(schema: Callable[[], Mapping[str, Any]]) -> "Validator":
    """Made once for all files: making it takes longer than checking a file."""
    import jsonschema_rs  # noqa: PLC0415  # only compiling needs it

    return jsonschema_rs.validator_for(dict(schema()))


class _File:
    """One knowledge file while it is checked: its values, and the line of each place in it."""

    def __init__(self, path: Path, shown: str) -> None:
        import yaml  # noqa: PLC0415  # only compiling needs it

        self.plain: dict[str, Any] = {}
        self.shown = shown
        loader_class = _loader_class()
        try:
            loader = loader_class(path.read_text(encoding="utf-8"))
            self._node = loader.get_single_node()
            self.plain = _plain(loader.construct_document(self._node)) if self._node is not None else {}
            loader.dispose()
        except (OSError, UnicodeDecodeError) as error:
            raise KnowledgeError(f"cannot be read ({error})", path=shown) from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise KnowledgeError(f"is not YAML: {error.problem}", path=shown, line=mark.line + 1 if mark else None) from error
        # A control character, or a day that no calendar has.
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise KnowledgeError(f"is not YAML: {' '.join(str(error).split())}", path=shown, line=1) from error
        self._refuse_twice()

    def _refuse_twice(self) -> None:
        """YAML lets the last of two equal keys win; whoever edits a fact would lose the first without a word."""
        problems = []
        pending, visited = [self._node], set()
        while pending:
            node = pending.pop()
            if not isinstance(getattr(node, "value", None), list) or id(node) in visited:
                continue
            visited.add(id(node))
            pairs = [item for item in node.value if isinstance(item, tuple)]
            pending.extend(value for _, value in pairs)
            pending.extend(item for item in node.value if not isinstance(item, tuple))
            keys: set[str] = set()
            for key, _ in pairs:
                if str(key.value) in keys:
                    problems.append(KnowledgeError(f'the key "{key.value}" stands twice', path=self.shown, line=key.start_mark.line + 1))
                keys.add(str(key.value))
        if problems:
            raise KnowledgeError("breaks a rule", problems=sorted(problems, key=lambda one: one.line or 0))

    def problem(self, message: str, *place: str | int) -> KnowledgeError:
        return KnowledgeError(message, path=self.shown, line=self._line(place))

    def _line(self, place: tuple[str | int, ...]) -> int | None:
        node = self._node
        line = node.start_mark.line + 1 if node is not None else None
        for part in place:
            below = None
            if hasattr(node, "value") and isinstance(node.value, list):
                if isinstance(part, int) and part < len(node.value) and not isinstance(node.value[part], tuple):
                    below = node.value[part]
                    line = below.start_mark.line + 1
                else:
                    for pair in node.value:
                        if isinstance(pair, tuple) and pair[0].value == str(part):
                            line, below = pair[0].start_mark.line + 1, pair[1]
            if below is None:
                return line
            node = below
        return line

    def add_to(self, knowledge: Knowledge) -> None:
        """Check this file and put what it says into the knowledge."""
        if not self.plain or not isinstance(self.plain, dict):
            raise self.problem("is empty, or no mapping; see graphs/README.md")
        if "artifacts" in self.plain:
            self._check_schema(artifact_schema)
            self._add_artifacts(knowledge)
        elif "conventions" in self.plain:
            self._check_schema(convention_schema)
            self._add_conventions(knowledge)
        else:
            self._check_schema(license_schema)
            self._add_license(knowledge)

    def _check_schema(self, schema: Callable[[], Mapping[str, Any]]) -> None:
        errors = _validator(schema).iter_errors(self.plain)
        problems = [self.problem(_phrase(error), *error.instance_path) for error in errors]
        if problems:
            raise KnowledgeError("breaks the schema", problems=sorted(problems, key=lambda one: (one.line or 0, one.message)))

    def _add_license(self, knowledge: Knowledge) -> None:
        plain = self.plain
        if plain["id"] in knowledge.licenses:
            raise self.problem(f'licence "{plain["id"]}" stands in another file already', "id")
        if Path(self.shown).stem != plain["id"]:
            raise self.problem(f"the file should be named {plain['id']}.yaml", "id")
        try:
            license_ = license_from_plain(plain)
        except KnowledgeError as error:
            raise self.problem(error.message, *_parts(error.pointer or "")) from error
        problems = [*self._check_terms(plain), *self._check_read(license_)]
        if problems:
            raise KnowledgeError("breaks a rule", problems=problems)
        knowledge.licenses[plain["id"]] = plain
        for index, term in enumerate(plain.get("terms", ())):
            if "except_family" in term.get("act", {}):
                place = ("terms", index, "act", "except_family")
                knowledge.excepted.append((term["act"]["except_family"], self.shown, self._line(place)))
        knowledge.names.add((Scheme.LIEN.value, plain["id"], plain["id"]))
        for scheme, names in license_.names.items():
            knowledge.names.update((scheme.value, fold_name(scheme, name), plain["id"]) for name in names)

    def _check_terms(self, plain: Mapping[str, Any]) -> Iterator[KnowledgeError]:
        seen: set[str] = set()
        for index, term in enumerate(plain.get("terms", ())):
            if term["key"] in seen:
                yield self.problem(f'term key "{term["key"]}" stands twice in this licence', "terms", index, "key")
            seen.add(term["key"])
            words = len(term["quote"].replace("…", " ").split())
            if words > _MAX_QUOTE_WORDS:
                yield self.problem(f"the quote has {words} words; {_MAX_QUOTE_WORDS} at most", "terms", index, "quote")

    def _check_read(self, license_: License) -> Iterator[KnowledgeError]:
        text = license_.texts[0]
        if license_.terms and text.read is ReadAs.BY_NAME:
            yield self.problem("a text known by name only cannot have terms; read it whole first", "text", "read")
        if text.read is not ReadAs.BY_NAME and text.on is None:
            yield self.problem("say on which day the text was read", "text")

    def _add_conventions(self, knowledge: Knowledge) -> None:
        problems = []
        for index, convention in enumerate(self.plain["conventions"]):
            source = self.plain["sources"].get(convention["source"])
            if source is None:
                problems.append(
                    self.problem(f'source "{convention["source"]}" is not among the sources of this file', "conventions", index, "source")
                )
            elif convention["key"] in knowledge.conventions:
                problems.append(self.problem(f'key "{convention["key"]}" stands twice', "conventions", index, "key"))
            else:
                knowledge.conventions[convention["key"]] = {**convention, "source": source.get("url") or source["title"]}
        if problems:
            raise KnowledgeError("breaks a rule", problems=problems)

    def _add_artifacts(self, knowledge: Knowledge) -> None:
        plain, problems = self.plain, []
        for index, artifact in enumerate(plain["artifacts"]):
            identifier = artifact["id"]
            if identifier in knowledge.artifacts or identifier in knowledge.aliases:
                problems.append(self.problem(f'"{identifier}" stands in the knowledge already', "artifacts", index, "id"))
                continue
            entry = {"file": self.shown, **artifact}
            for key in ("publisher", "publisher_kind"):
                if key in plain:
                    entry.setdefault(key, plain[key])
            for part in ("licenses", "relations"):
                entry[part] = []
                for number, fact in enumerate(artifact.get(part, ())):
                    source = plain["sources"].get(fact["source"])
                    if source is None:
                        problems.append(
                            self.problem(
                                f'source "{fact["source"]}" is not among the sources of this file',
                                "artifacts",
                                index,
                                part,
                                number,
                                "source",
                            )
                        )
                        continue
                    entry[part].append(
                        {**fact, "source": source.get("url") or source["title"], "line": self._line(("artifacts", index, part, number))}
                    )
            for alias in artifact.get("aliases", ()):
                if alias == identifier or alias in knowledge.aliases or alias in knowledge.artifacts:
                    whose = "the artifact itself" if alias == identifier else "another artifact already"
                    problems.append(self.problem(f'alias "{alias}" names {whose}', "artifacts", index, "aliases"))
                    continue
                knowledge.aliases[alias] = identifier
            knowledge.artifacts[identifier] = entry
        if problems:
            raise KnowledgeError("breaks a rule", problems=problems)


def _plain(value: Any) -> Any:  # noqa: ANN401
    """YAML values as JSON has them: dates become ISO text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _parts(pointer: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in pointer.split("/")[1:])


def _phrase(error: Any) -> str:  # noqa: ANN401
    message = str(error.message)
    return message if len(message) <= 400 else message[:400] + "…"


def _dangling(knowledge: Knowledge, broken: Collection[str]) -> Iterator[KnowledgeError]:
    """References to nothing. A relation may point to an artifact of which nothing else is known.

    What points to a file that is itself broken is not blamed for it.
    """
    for identifier, plain in sorted(knowledge.artifacts.items()):
        for claim in plain["licenses"]:
            if claim["scheme"] == Scheme.LIEN.value and claim["claim"] not in knowledge.licenses and claim["claim"] not in broken:
                yield KnowledgeError(
                    f'{identifier}: "{claim["claim"]}" is no licence of the catalogue', path=plain["file"], line=claim["line"]
                )
    known = {entry.get("family") for entry in knowledge.licenses.values()} | set(knowledge.licenses)
    for family, file, line in sorted(knowledge.excepted):
        if family not in known and family not in broken:
            yield KnowledgeError(f'except_family "{family}" is neither a licence nor a family', path=file, line=line)


def write(knowledge: Knowledge, target: Path | None, *, files_digest: str = "") -> sqlite3.Connection | None:
    """Write the catalogue whole or not at all; with no target, into memory, returning the connection."""
    if target is None:
        return _filled(":memory:", knowledge, files_digest)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        connection = _filled(beside, knowledge, files_digest)
        connection.execute("VACUUM")
        connection.close()
        beside.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise KnowledgeError(f"the catalogue cannot be written ({error})", path=target.name) from error
    finally:
        beside.unlink(missing_ok=True)
    return None


def _filled(place: Path | str, knowledge: Knowledge, files_digest: str) -> sqlite3.Connection:
    connection = sqlite3.connect(place)
    with connection:
        connection.executescript(_TABLES + fingerprints.TABLES)
        for table, row in knowledge.rows():
            connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)  # noqa: S608  # our own table names
        meta = {"format": FORMAT, "digest": knowledge.digest(), "files": files_digest}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
    return connection
