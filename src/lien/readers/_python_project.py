"""What one Python file can ask of the others in its tree: modules by name, who calls a function, what documented commands set.

All of it is bounded, read lazily, and kept per tree: most files ask nothing.
"""

import ast
import re
from collections import OrderedDict
from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

from lien.errors import InputError
from lien.readers._python_module import Imported, Module, parse_module
from lien.sources.tree import Tree

__all__ = ["Project", "is_test", "project_of"]

_MAX_MODULES: Final = 400
"""Parsed modules kept at once."""
_MAX_MODULE_BYTES: Final = 1024 * 1024
"""Other modules larger than this are not opened for a name."""
_MAX_INDEXED: Final = 30_000
"""Python files that are searched for callers."""
_MAX_DOC_BYTES: Final = 512 * 1024
_MAX_DOCS: Final = 2_000
_CALLED = re.compile(rb"(?<![\w.])(?:[\w.]{0,200}\.)?([A-Za-z_]\w{2,80})[ \t]*\(")
_DEFINED = re.compile(rb"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+([A-Za-z_]\w{2,80})", re.MULTILINE)
_SCRIPT = re.compile(r"(?:^|[\s/\"'=])([\w.-]+)\.py\b|[ \t]-m[ \t]+([\w.]+)")
_FLAG = re.compile(r"(?<![\w-])--([A-Za-z][\w-]*)")
_FROM_SIBLING = re.compile(rb"^from[ \t]+\.\w*[ \t]+import[ \t]+([\w, \t]{1,500})", re.MULTILINE)
_CLASS_OF = re.compile(rb"^class[ \t]+\w+\((\w+)", re.MULTILINE)
_LEAST_REGISTRY: Final = 5
_MAX_REGISTRY: Final = 200
_LAUNCHES = re.compile(
    r"(?:\b(?:python[\d.]*|torchrun|deepspeed|accelerate|srun|bash|sh|uv|poetry|streamlit|ipython|xvfb-run|colossalai)\b|[>$!%]|\./)[^|;]{0,300}$"
)
_HELD = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)\+?=(?:([\"'])([^\"']{1,8000})\2|\(([^()]{1,8000})\))", re.MULTILINE)
"""Arguments that a script keeps in a variable: `ARGS="--model x"`, `ARGS=(--model x)`."""

_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")
_OPTIONS = re.compile(r"(?:^|\.)(?:args|opts?|options|settings|config|cfg)$")
_CONTINUED = re.compile(r"\\[ \t]*\r?\n")
_TEST_FOLDERS = frozenset({"test", "tests", "testing", "testdata", "fixtures"})

_PROJECTS: WeakKeyDictionary[Tree, "Project"] = WeakKeyDictionary()


def project_of(tree: Tree) -> "Project":
    """The project of a tree; one for all its files."""
    found = _PROJECTS.get(tree)
    if found is None:
        found = _PROJECTS[tree] = Project(tree)
    return found


def is_test(path: str) -> bool:
    """Is this a file of tests, by its place or name? What only tests pass to a function, nobody uses."""
    *folders, name = path.lower().split("/")
    return bool(_TEST_FOLDERS.intersection(folders)) or name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


class Project:
    """The Python files of one tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._modules: OrderedDict[str, Module | None] = OrderedDict()

    def module(self, path: str) -> Module | None:
        """The module at a path; None if there is none that can be parsed."""
        if path in self._modules:
            self._modules.move_to_end(path)
            return self._modules[path]
        try:
            found = parse_module(path, self.tree.read(path, limit=_MAX_MODULE_BYTES).data)
        except (InputError, RecursionError):
            found = None
        self.keep(path, found)
        return found

    def keep(self, path: str, module: Module | None) -> None:
        """Remember a module that was parsed elsewhere."""
        self._modules[path] = module
        while len(self._modules) > _MAX_MODULES:
            self._modules.popitem(last=False)

    def path_of(self, importer: str, imported: Imported) -> tuple[str, str | None] | None:
        """The file that an import means, and the name in it (None: the module itself); None if it lies outside the tree."""
        parts = [part for part in imported.module.split(".") if part]
        folder = importer.split("/")[:-1]
        if imported.level:
            if imported.level - 1 > len(folder):
                return None
            bases = [folder[: len(folder) - (imported.level - 1)]]
        else:
            # Beside the file (a script's folder is on its path), from the root, and from `src/`.
            bases = [folder, [], ["src"], *([folder[:depth] for depth in range(1, len(folder))])]
        for base in bases:
            found = self._in(base, parts, imported.name)
            if found is not None and found[0] != importer:
                return found
        return None

    def _in(self, base: list[str], parts: list[str], name: str | None) -> tuple[str, str | None] | None:
        if name is not None and (parts or base):
            whole = self._file([*base, *parts, name])
            if whole is not None:
                return whole, None
        if not parts:
            return None
        found = self._file([*base, *parts])
        return (found, name) if found is not None else None

    def _file(self, parts: list[str]) -> str | None:
        path = "/".join(parts)
        return next((one for one in (f"{path}.py", f"{path}/__init__.py") if one in self.files), None)

    @cached_property
    def files(self) -> frozenset[str]:
        """Paths of all Python files."""
        return frozenset(path for path in self.tree.walk() if path.endswith(".py"))

    def callers(self, name: str) -> tuple[str, ...]:
        """Paths of files, tests aside, in which something of this name may be called."""
        return self._calls.get(name, ())

    @cached_property
    def _calls(self) -> dict[str, tuple[str, ...]]:
        """Files by the names, among those that the tree defines, which they call: one pass over all bytes, parsing nothing."""
        defined: set[bytes] = set()
        called: dict[str, set[bytes]] = {}
        for path in sorted(self.files)[:_MAX_INDEXED]:
            if is_test(path):
                continue
            try:
                data = self.tree.read(path, limit=_MAX_MODULE_BYTES).data
            except InputError:
                continue
            defined.update(_DEFINED.findall(data))
            called[path] = set(_CALLED.findall(data))
        found: dict[str, list[str]] = {}
        for path, names in called.items():
            for name in names & defined:
                found.setdefault(name.decode(), []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def imported(self) -> frozenset[str]:
        """Names of modules (their last part) that some file of the tree imports, tests aside."""
        found: set[str] = set()
        for path in sorted(self.files)[:_MAX_INDEXED]:
            if is_test(path):
                continue
            try:
                data = self.tree.read(path, limit=_MAX_MODULE_BYTES).data
            except InputError:
                continue
            for match in re.finditer(
                rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+([\w, \t]+)|import[ \t]+([\w.]+))", data, re.MULTILINE
            ):
                module, names, whole = (one.decode("ascii", "replace") if one else "" for one in match.groups())
                found.add((module or whole).rpartition(".")[2])
                found.update(part.split()[0] for part in names.split(",") if part.split())
        return frozenset(found)

    @cached_property
    def option_words(self) -> frozenset[str]:
        """Words in the defaults of command line options anywhere in the tree: what is chosen by default among things that have names."""
        found: set[str] = set()
        for word, name in ((b"add_argument", "add_argument"), (b".option(", "option")):
            for path in self._holding(word):
                module = self.module(path)
                for call in module.calls_named.get(name, ()) if module is not None else ():
                    default = next((one.value for one in call.keywords if one.arg == "default"), None)
                    for node in ast.walk(default) if default is not None else ():
                        if isinstance(node, ast.Constant) and isinstance(node.value, str):
                            found.update(node.value.split())
        return frozenset(found)

    @cached_property
    def plugins(self) -> dict[str, frozenset[str] | None]:
        """Folders whose modules are imported by a name put together at run time, with the names that are so by default.

        None where no option's default names any of them, unless the names are those of an option: then nothing is by default.
        """
        found: dict[str, frozenset[str] | None] = {}
        for path in self._holding(b"import_module("):
            module = self.module(path)
            for call in module.calls_named.get("import_module", ()) if module is not None else ():
                prefix = _leading_text(call.args[0]) if call.args else ""
                folder = prefix.rstrip(".").replace(".", "/")
                members = {
                    one[len(folder) + 1 :].partition("/")[0].removesuffix(".py") for one in self.files if one.startswith(f"{folder}/")
                }
                if module is not None and _is_told(call, module):
                    continue
                if prefix.endswith(".") and folder and len(members) > 1:
                    by_default = frozenset(members & self.option_words)
                    is_asked_for = module is not None and _goes_through_options(call, module)
                    found[folder] = by_default if by_default or is_asked_for else None
        return self._registries() | found

    def _registries(self) -> dict[str, frozenset[str] | None]:
        """Folders whose modules each hold a class of one kind, where the default of an option names one of the modules."""
        if not self.option_words:
            return {}
        stems: dict[str, set[str]] = {}
        for path in self.files:
            folder, _, name = path.rpartition("/")
            stems.setdefault(folder, set()).add(name.removesuffix(".py"))
        found: dict[str, frozenset[str] | None] = {}
        for folder, members in stems.items():
            chosen = frozenset(one for one in members if one in self.option_words or one.replace("_", "-") in self.option_words)
            if folder and chosen and _LEAST_REGISTRY <= len(members) <= _MAX_REGISTRY and len(chosen) * 2 <= len(members):
                kinds = [self._kinds(f"{folder}/{one}.py") for one in members if not one.startswith("__")]
                if sum(map(bool, kinds)) * 4 >= (len(kinds) - 1) * 3:
                    found[folder] = chosen
        return found

    def _kinds(self, path: str) -> set[str]:
        """The classes that those of a module are kinds of, where a sibling defines them."""
        try:
            data = self.tree.read(path, limit=_MAX_MODULE_BYTES).data
        except InputError:
            return set()
        brought = {name.strip() for names in _FROM_SIBLING.findall(data) for name in names.split(b",")}
        return {base.decode("ascii", "replace") for base in _CLASS_OF.findall(data) if base in brought}

    def is_chosen_plugin(self, path: str) -> bool:
        """False for a module of a plugin folder that is not among those loaded by default."""
        for folder, chosen in self.plugins.items():
            if path.startswith(f"{folder}/") and chosen is not None:
                name = path[len(folder) + 1 :].partition("/")[0].removesuffix(".py")
                if name not in chosen | {"core", "__init__", "base"}:
                    return False
        return True

    def _holding(self, word: bytes, limit: int = 80) -> list[str]:
        """Files, tests aside, whose bytes hold a word."""
        found: list[str] = []
        for path in sorted(self.files)[:_MAX_INDEXED]:
            if is_test(path):
                continue
            try:
                data = self.tree.read(path, limit=_MAX_MODULE_BYTES).data
            except InputError:
                continue
            if word in data:
                found.append(path)
                if len(found) >= limit:
                    break
        return found

    @cached_property
    def commands(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Commands in documentation and scripts that run a Python file: its name (or module), and the flags that they set."""
        found: list[tuple[str, frozenset[str]]] = []
        documents = [path for path in self.tree.walk() if path.lower().endswith((".md", ".sh", ".rst", ".bash", "makefile"))]
        for path in documents[:_MAX_DOCS]:
            try:
                text = self.tree.read(path, limit=_MAX_DOC_BYTES).data.decode("utf-8", "replace")
            except InputError:
                continue
            held = {match[1]: _flags_in(match[3] or match[4]) for match in _HELD.finditer(text)}
            for line in _CONTINUED.sub(" ", text).split("\n"):
                if ".py" not in line and " -m " not in line:
                    continue
                script = _SCRIPT.search(line)
                flags = _flags_in(line).union(*(held.get(name, ()) for name in _VARIABLE.findall(line)))
                # "Replace `train.py` by ours" runs nothing.
                if script is not None and (flags or _LAUNCHES.search(line[: script.start() + 1])):
                    found.append((script[1] or script[2].rpartition(".")[2], flags))
        return tuple(found)

    def is_overridden(self, path: str, flag: str) -> bool:
        """Does every documented command that runs a file set this flag itself, so that its default is never what is used?

        Commands that set it for another script count where none runs this file: scripts share their options' classes.
        """
        name = path.rpartition("/")[2].removesuffix(".py")
        flag = flag.lstrip("-").replace("-", "_")
        own = [flags for script, flags in self.commands if script == name]
        if own:
            return all(flag in flags for flags in own)
        return any(flag in flags for _, flags in self.commands)


def _flags_in(text: str) -> frozenset[str]:
    return frozenset(flag.replace("-", "_") for flag in _FLAG.findall(text[:20_000]))


def _is_told(call: ast.Call, module: Module) -> bool:
    """Does a call stand in a function that its own module calls with constants, to put an import off: `lazily("asr")`?"""
    function = module.function(call)
    name = function.name if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) else ""
    return any(one.args and isinstance(one.args[0], ast.Constant) for one in module.calls_named.get(name, ()))


def _goes_through_options(call: ast.Call, module: Module) -> bool:
    """Is a call inside a loop over what somebody asked for: `for name in args.extensions`?"""
    node: ast.AST | None = call
    while node is not None:
        if isinstance(node, ast.For) and any(
            isinstance(one, ast.Attribute) and _OPTIONS.search(ast.unparse(one.value)) for one in ast.walk(node.iter)
        ):
            return True
        node = module.parents.get(node)
    return False


def _leading_text(expression: ast.expr) -> str:
    """The constant text that an expression begins with, where something unknown follows it."""
    match expression:
        case ast.JoinedStr(values=[ast.Constant(value=str() as text), _, *_]):
            return text
        case ast.BinOp(left=left, op=ast.Add()):
            return left.value if isinstance(left, ast.Constant) and isinstance(left.value, str) else _leading_text(left)
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod()):
            return text.partition("%")[0]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")):
            return text.partition("{")[0]
        case _:
            return ""
