"""Weight files named by their addresses, and tables of models in code: dicts whose entries say where weights lie.

Of a table, what is picked by a constant, or by the default of an option of the command line, is used; the other
entries are there to choose from.
"""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from lien.graph.fragments import Role
from lien.readers._python_address_tables import STRUCTURE, AddressTables, leading_text
from lien.readers._python_module import Module
from lien.readers._python_use import Use
from lien.readers._python_uses import Uses
from lien.readers._python_values import Constant, Place
from lien.readers._references import WEIGHT_ENDINGS, WeightFile, data_file, model_reference, weight_file
from lien.vocabulary.ids import hub_id, model_id
from lien.vocabulary.relations import Relation

__all__ = ["MAX_ENTRIES", "Entry", "Tables"]

_MAX_DEPTH: Final = 5
MAX_ENTRIES: Final = 400
_MAX_CHOICES: Final = 30
_ABOUT_DATA = re.compile(r"(?:^|[/_])(?:data|datasets?|corpus|corpora|prepare|preprocess|download)(?:[/_.]|$)", re.IGNORECASE)
_LICENSE_KEYS = ("license", "licence")
_HUB_FILES = frozenset({"config.json", "model.safetensors", "pytorch_model.bin", "model.safetensors.index.json"})
"""Names of the files in a repository of the Hub."""


class Entry(NamedTuple):
    """One model of a table, with the licence that the table says it has."""

    use: Use
    license: tuple[str, Place] | None = None


class Tables:
    """The tables and addresses of one module."""

    def __init__(self, module: Module, uses: Uses) -> None:
        self._module = module
        self._uses = uses
        self.is_cut = False
        """Is there a table of more entries than lien looks at?"""
        self._inside: set[ast.AST] = set()
        """Expressions that an entry has told already."""
        self._flat = AddressTables(module)
        self._role_of: dict[ast.AST, Role] = {}
        """What is below an entry that says itself which model it means, with the role of the entry."""

    def all(self) -> list[Entry]:
        """Entries of tables first, then addresses that stand alone."""
        found = [entry for table in self._module.dicts if table not in self._inside for entry in self._table(table)]
        found.extend(Entry(use) for node in self._module.strings if node not in self._inside for use in self._address(node))
        found.extend(Entry(use) for table in self._module.dicts if table not in self._inside for use in self._hub_entry(table))
        found.extend(
            Entry(use)
            for literal in (*self._module.lists, *self._module.dicts)
            if literal not in self._inside
            for use in self._choices(literal)
        )
        return found

    # Tables of named models.

    def _table(self, table: ast.Dict) -> Iterator[Entry]:
        entries = [
            (key, value)
            for key, value in zip(table.keys, table.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(value, ast.Dict)
        ]
        if not entries or any(key.value in STRUCTURE for key, _ in entries):
            return
        with_weights = [(key, value) for key, value in entries if _holds_weights(value)]
        if not with_weights or len(with_weights) * 2 < len(entries):
            return
        names = [str(key.value) for key, _ in with_weights]
        self.is_cut = self.is_cut or len(with_weights) > MAX_ENTRIES
        for key, value in with_weights[:MAX_ENTRIES]:
            name = str(key.value)
            role = self._picked(table, name, names)
            license_ = self._license(value)
            identifier = self._identifier(name, value)
            if license_ is None and (identifier is None or _names_its_files(value)):
                self._role_of.update(dict.fromkeys(ast.walk(value), role))
                continue
            self._inside.update(ast.walk(value))
            place = Place(self._module.path, self._module.line(key))
            use = Use(identifier or model_id(f"{self._package}:{name}"), Relation.LOADS, role, place, place, name)
            yield Entry(use, license_)

    def _identifier(self, name: str, entry: ast.Dict) -> str | None:
        """The Hub id that an entry is named by, else a name of the package's own; None if the entry holds the id itself."""
        if "/" in name and any(text in _HUB_FILES for text, _ in _texts(entry)):
            reference = model_reference(name, self._uses.tree, self._module.path)
            if reference.id is not None and not reference.id.startswith("model:file:"):
                return reference.id
        if next(self._hub_ids(entry), None) is not None:
            return None
        return model_id(f"{self._package}:{name.replace('/', '-')}")

    @cached_property
    def _package(self) -> str:
        """Whose names these are: those of the package that the module belongs to, or of the module."""
        parts = self._module.path.removesuffix(".py").split("/")
        return (parts[1] if parts[0] == "src" and len(parts) > 2 else parts[0]).lower()

    def _license(self, entry: ast.Dict) -> tuple[str, Place] | None:
        pending = [entry]
        for _ in range(2):
            below: list[ast.Dict] = []
            for one in pending:
                for key, value in zip(one.keys, one.values, strict=True):
                    if (
                        isinstance(key, ast.Constant)
                        and key.value in _LICENSE_KEYS
                        and isinstance(value, ast.Constant)
                        and isinstance(value.value, str)
                    ):
                        return value.value, Place(self._module.path, self._module.line(value))
                    if isinstance(value, ast.Dict):
                        below.append(value)
            pending = below
        return None

    # What is picked.

    def _picked(self, table: ast.AST, name: str, names: list[str]) -> Role:
        around = self._uses.role(table)
        if around is not Role.DEFAULT:
            return around
        if name in self._uses.evaluator.project.option_words or name in self._picks:
            return Role.DEFAULT
        return Role.DEFAULT if len(names) == 1 else Role.OPTION

    @cached_property
    def _picks(self) -> frozenset[str]:
        """Text by which something is looked up in this module without a choice being made: `table["a"]`, `table.get("a")`."""
        found: set[str] = set()
        keys: list[ast.expr] = [call.args[0] for call in self._module.calls_named.get("get", ()) if call.args]
        keys.extend(
            node.slice for node in ast.walk(self._module.tree) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
        )
        for key in keys[:2000]:
            if isinstance(key, (ast.Constant, ast.Name)) and self._uses.role(key) is Role.DEFAULT:
                for one in self._uses.evaluator.values(key, self._module):
                    if isinstance(one, Constant) and isinstance(one.value, str) and one.role is Role.DEFAULT:
                        found.add(one.value)
        return frozenset(found)

    # Addresses.

    def _address(self, node: ast.Constant | ast.JoinedStr) -> Iterator[Use]:
        if isinstance(self._module.parents.get(node), (ast.JoinedStr, ast.Expr, ast.Compare)):
            return
        text = node.value if isinstance(node, ast.Constant) else leading_text(node)
        if not isinstance(text, str) or not text.startswith(("https://", "http://", "hf://")):
            return
        if isinstance(node, ast.Constant) and weight_file(text) is None and not self._is_data(text):
            return
        for one in self._uses.evaluator.texts(node, self._module):
            found = weight_file(str(one.value))
            if found is not None:
                yield self._of_file(found, one, node)
            elif self._is_data(str(one.value)):
                data = data_file(str(one.value))
                place = Place(self._module.path, self._module.line(node))
                if data is not None:
                    yield Use(data.id, Relation.LOADS, self._uses.role(node), place, place, str(one.value), aliases=(data.name,))

    def _is_data(self, address: str) -> bool:
        """Is this an address of data: on the Hub, or in a file whose own path says that it is about data?"""
        if data_file(address) is None:
            return False
        return "/datasets/" in address or _ABOUT_DATA.search(self._module.path) is not None

    def _of_file(self, found: WeightFile, one: Constant, node: ast.AST) -> Use:
        place = Place(self._module.path, self._module.line(node))
        role = self._uses.role(node)
        table = self._flat.around(node)
        if role is Role.DEFAULT:
            role = self._role_of.get(node, role)
        if role is Role.DEFAULT and table is not None:
            role = self._picked(*table)
        if role is Role.DEFAULT:
            role = one.role
        below = (found.repository, Relation.MIRROR_OF) if found.repository is not None else None
        aliases = (found.name,) if found.name not in found.id.rpartition("/")[2].split(".")[:1] or "/" in found.id else ()
        return Use(found.id, Relation.LOADS, role, place, place, str(one.value), aliases=aliases, below=below)

    # Lists to choose from.

    def _choices(self, literal: ast.List | ast.Tuple | ast.Set | ast.Dict) -> Iterator[Use]:
        """The Hub ids of a list, or of a dict by names, that is called models: there to choose from, unless a call loads them.

        A list of more is documentation in the shape of code.
        """
        elements = literal.values if isinstance(literal, ast.Dict) else literal.elts
        texts = [one for one in elements if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if not 2 <= len(texts) <= _MAX_CHOICES or len(texts) < len(elements) or "model" not in self._name_of(literal).lower():
            return
        named = [(one, str(one.value)) for one in texts if str(one.value).count("/") == 1]
        if len(named) * 2 < len(texts):
            return
        for one, text in named:
            reference = model_reference(text, self._uses.tree, self._module.path)
            if reference.id is not None and not reference.id.startswith("model:file:"):
                place = Place(self._module.path, self._module.line(one))
                role = self._uses.role(literal)
                yield Use(reference.id, Relation.LOADS, Role.OPTION if role is Role.DEFAULT else role, place, place, text)

    def _name_of(self, literal: ast.expr) -> str:
        """What a literal is assigned to, passed as or added to."""
        match self._module.parents.get(literal):
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) | ast.keyword(arg=str() as name):
                return name
            case ast.Assign(targets=[ast.Attribute(attr=name)]):
                return name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="extend" | "update")):
                return name
            case _:
                return ""

    # Dicts that hold a Hub id beside the names of its weight files.

    def _hub_entry(self, table: ast.Dict) -> Iterator[Use]:
        if not _holds_weights(table):
            return
        role = self._uses.role(table)
        if role is Role.DEFAULT:
            role = self._role_of.get(table, role)
        for value, identifier in self._hub_ids(table):
            place = Place(self._module.path, self._module.line(value))
            yield Use(identifier, Relation.LOADS, role, place, place, str(value.value))

    def _hub_ids(self, entry: ast.Dict) -> Iterator[tuple[ast.Constant, str]]:
        """The values of a dict that are ids of models on the Hub."""
        for key, value in zip(entry.keys, entry.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(value, ast.Constant) or not isinstance(value.value, str):
                continue
            text = value.value
            if (
                text.count("/") != 1
                or hub_id(text) is None
                or text.lower().endswith(WEIGHT_ENDINGS)
                or str(key.value).lower() in {"path", "file", "src", "folder", "dir"}
            ):
                continue
            reference = model_reference(text, self._uses.tree, self._module.path)
            if reference.id is not None and not reference.id.startswith("model:file:"):
                yield value, reference.id


def _holds_weights(entry: ast.Dict) -> bool:
    """Does a dict, not too deep, hold the name of a weight file?"""
    return any(True for _ in _weights(entry))


def _names_its_files(entry: ast.Dict) -> bool:
    """Does an entry say where its weights lie: at addresses of a repository, or below folders of the tree?

    Then the files are the models, and the entry is a set of settings. What a function makes an address of is not told.
    """
    weights = list(_weights(entry))
    return all(not made and (_is_in_a_repository(text) if "://" in text else "/" in text) for text, made in weights)


def _is_in_a_repository(address: str) -> bool:
    found = weight_file(address)
    return found is not None and not found.id.startswith("model:url:")


def _weights(entry: ast.Dict) -> Iterator[tuple[str, bool]]:
    return (
        found
        for found in _texts(entry)
        if found[0].lower().endswith(WEIGHT_ENDINGS) and not found[0].startswith(".") and not _is_host(found[0])
    )


def _is_host(text: str) -> bool:
    """Is it a site of Portugal, or a mailbox there, and no file of PyTorch?"""
    name = text.partition("://")[2] or text
    return "/" not in name and ("://" in text or text.startswith("www.") or "@" in text)


def _texts(entry: ast.Dict) -> Iterator[tuple[str, bool]]:
    """The texts of a dict, not too deep, with whether they are arguments of a call."""
    pending: list[tuple[ast.AST, int, bool]] = [(entry, 0, False)]
    while pending:
        node, depth, made = pending.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, made
        if depth < _MAX_DEPTH and isinstance(node, (ast.Dict, ast.List, ast.Tuple, ast.Call)):
            children = node.args if isinstance(node, ast.Call) else node.values if isinstance(node, ast.Dict) else node.elts
            pending.extend((child, depth + 1, made or isinstance(node, ast.Call)) for child in children)
