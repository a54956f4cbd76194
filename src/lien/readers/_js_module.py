"""JavaScript and TypeScript as a syntax tree: what a file imports, binds to names and exports.

Trees come from tree-sitter with the TypeScript grammars, which read JavaScript too; of Vue and Svelte
files only the scripts are parsed. Nothing is run. A file that a build wrote is not read.
"""

import re
from collections.abc import Iterator
from functools import cache, cached_property
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from lien.errors import InputError, LeftOutError
from lien.readers._js_names import (
    Binding,
    Imported,
    Node,
    bound_names,
    export_names,
    import_names,
    required,
    required_names,
    string_of,
    text_of,
)
from lien.sources.source import Source
from lien.sources.tree import Tree

__all__ = ["MAX_SCRIPT_BYTES", "PAGES", "Module", "module_at", "parse_module", "refuse_build_output", "scripts_of"]

MAX_SCRIPT_BYTES = 2 * 1024 * 1024
"""Larger scripts are made by programs."""

_MAX_MODULES = 512
"""Parsed files that one tree keeps: constants stand in a few of them."""

_MAX_STEPS = 200_000
"""Steps from name to name in one file: hostile objects spread one another a thousand times over."""

_BUILT_NAME = re.compile(r"[.-](?:min|bundle|chunk|umd|iife|prod)\.[cm]?jsx?$", re.IGNORECASE)
_BUILT_LINE = 400
"""Bytes of an average line above which no person wrote the file."""

_BUILT_BYTES = 8 * 1024
PAGES = (".html", ".htm")
"""Endings of pages, of which only the scripts are code."""

_BLANK = bytes(byte if byte in b"\n\r" else 0x20 for byte in range(256))
_ENDINGS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", "/index.ts", "/index.tsx", "/index.js", "/index.mjs", ".json")
_SWAPPED = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
_PATTERNS = """
(import_statement) @import
(export_statement) @export
(variable_declarator) @declarator
(object_assignment_pattern) @default
(assignment_pattern) @default
(required_parameter) @parameter
(optional_parameter) @parameter
(arrow_function parameter: (identifier)) @parameter
(public_field_definition) @field
(assignment_expression) @assignment
(enum_declaration) @enum
(class_declaration) @class
(function_declaration) @function
(method_definition) @method
(call_expression) @call
(new_expression) @new
(ERROR) @error
"""


class Module:
    """One parsed file. Lines are 1-based and those of the file, in scripts of Vue files too."""

    def __init__(self, path: str, tree: Tree, data: bytes) -> None:
        self.path = path
        self.tree = tree
        self.data = data
        self._steps = _MAX_STEPS
        self.root, self._captured = _parsed(path, data)

    def may_go_on(self) -> bool:
        """Count one step of following names in this file; no more steps when there have been far too many."""
        self._steps -= 1
        return self._steps > 0

    @property
    def is_spent(self) -> bool:
        """Were there too many steps, so that some names were not followed?"""
        return self._steps <= 0

    def nodes(self, *names: str) -> list[Node]:
        """Captured nodes in file order."""
        found = [node for name in names for node in self._captured.get(name, ())]
        return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))

    @cached_property
    def error(self) -> Node | None:
        """A first place that is no JavaScript, if so much is not that the tree is not to be trusted."""
        lost = end = 0
        first: Node | None = None
        for node in self.nodes("error"):
            lost += max(0, node.end_byte - max(node.start_byte, end))  # errors hold errors
            end = max(end, node.end_byte)
            first = node if first is None or (node.start_byte < first.end_byte and node.end_byte <= first.end_byte) else first
        return first if lost * 4 > len(self.data) else None

    @cached_property
    def imports(self) -> dict[str, Imported]:
        """Local names of what `import`, `require` and `await import` bring."""
        found: dict[str, Imported] = {}
        for node in self.nodes("import"):
            specifier = node.child_by_field_name("source")
            if specifier is not None:
                found.update(import_names(node, string_of(specifier)))
        for node in self.nodes("declarator"):
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            brought = required(value)
            if name is not None and brought is not None:
                found.update(required_names(name, brought))
        return found

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """Names and `this.NAME`s, with every place that gives them a value, in file order."""
        found: dict[str, list[Binding]] = {}
        for node in self.nodes("declarator", "default", "parameter", "field", "assignment", "enum", "class"):
            for name, binding in bound_names(node):
                found.setdefault(name, []).append(binding)
        return found

    @cached_property
    def calls(self) -> dict[str, list[Node]]:
        """Calls and `new`s of plain names, by the name."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes("call", "new"):
            function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
            if function is not None and function.type == "identifier":
                found.setdefault(text_of(function), []).append(node)
        return found

    @cached_property
    def functions(self) -> dict[str, Node]:
        """Functions by their names, and methods as `this.NAME`; of several, the first."""
        found: dict[str, Node] = {}
        for prefix, kind in (("", "function"), ("this.", "method")):
            for node in self.nodes(kind):
                name = node.child_by_field_name("name")
                if name is not None:
                    found.setdefault(prefix + text_of(name), node)
        return found

    @cached_property
    def libraries(self) -> frozenset[str]:
        """Specifiers of all that the file brings in, wherever: `import("x").then(…)` as well."""
        brought = {one.specifier for one in self.imports.values()}
        brought.update(found for node in self.nodes("call") if (found := required(node)) is not None)
        return frozenset(brought)

    @cached_property
    def exports(self) -> dict[str, Node | Imported]:
        """Exported names that are not simply bound at the top: `default`, renamed ones, and `*` for each file passed on."""
        found: dict[str, Node | Imported] = {}
        for number, node in enumerate(self.nodes("export")):
            found.update(export_names(node, number))
        for node in self.nodes("assignment"):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is None or right is None:
                continue
            target = text_of(left)
            if target == "module.exports":
                found["default"] = right
            elif target.startswith(("exports.", "module.exports.")):
                found[target.rpartition(".")[2]] = right
        if self.path.endswith(".json"):
            first = self.root.named_children[0] if self.root.named_child_count else None
            if first is not None and first.named_child_count:
                found["default"] = first.named_children[0]
        return found

    def binding(self, name: str, at: Node) -> Binding | None:
        """What gives a name its value at a node: of those whose scope holds it, the innermost and then the last before it."""
        here = [one for one in self.bindings.get(name, ()) if one.start <= at.start_byte < one.end]
        if not here:
            return None
        inner = min(here, key=lambda one: one.end - one.start)
        same = [one for one in here if (one.start, one.end) == (inner.start, inner.end)]
        valued = [one for one in same if one.value is not None and not one.is_parameter]
        return (valued or same)[0]


def refuse_build_output(source: Source) -> None:
    """Raises LeftOutError for a script that a build wrote: what it names stands in its sources and their packages."""
    lines = source.data.count(b"\n") + 1
    if _BUILT_NAME.search(source.path) or (len(source.data) > _BUILT_BYTES and len(source.data) / lines > _BUILT_LINE):
        raise LeftOutError("is minified or bundled code, which lien does not read; audit what it is built from", path=source.path)
    if len(source.data) > MAX_SCRIPT_BYTES:
        raise LeftOutError(f"is {len(source.data)} bytes long, and people write no script above {MAX_SCRIPT_BYTES}", path=source.path)


def parse_module(source: Source) -> Module:
    """The tree of a script. Raises InputError where tree-sitter is not installed."""
    return Module(source.path, source.tree, _script(source))


_MODULES: WeakKeyDictionary[Tree, dict[str, Module | None]] = WeakKeyDictionary()


def module_at(importer: Module, specifier: str) -> Module | None:
    """The file of the tree that an import names; None for packages, and for what is not there or not read."""
    known = _MODULES.setdefault(importer.tree, {})
    for path in _candidates(importer, specifier):
        if path not in known:
            if len(known) >= _MAX_MODULES:
                return None
            known[path] = _loaded(importer.tree, path)
        return known[path]
    return None


def _loaded(tree: Tree, path: str) -> Module | None:
    try:
        source = tree.read(path, limit=MAX_SCRIPT_BYTES)
        refuse_build_output(source)
        return parse_module(source)
    except InputError:
        return None  # it is read, and complained of, by itself


def _candidates(importer: Module, specifier: str) -> Iterator[str]:
    """Files that a specifier may mean: beside the importer, or below a root that `@/` and its like stand for."""
    tree = importer.tree
    if specifier.startswith("."):
        joined = tree.join(importer.path, specifier)
        places = [joined] if joined else []
    elif specifier.startswith(("@/", "~/", "$lib/", "src/")):
        rest = specifier.partition("/")[2]
        middle = ("src/lib/",) if specifier.startswith("$lib/") else ("src/", "", "app/")
        folders = importer.path.split("/")[:-1]
        above = ["/".join(folders[:length]) for length in range(len(folders), -1, -1)]
        places = [f"{folder}/{part}{rest}".lstrip("/") for folder in above for part in middle]
    else:
        return
    for place in places:
        stem, dot, ending = place.rpartition(".")
        names = [place, *(stem + other for other in _SWAPPED.get(dot + ending, ())), *(place + one for one in _ENDINGS)]
        yield from (name for name in names if _is_file(tree, name))


def _is_file(tree: Tree, path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name in tree.files_in(folder)


@cache
def _grammar(*, is_typed: bool) -> tuple[Any, Any, Any]:
    """tree_sitter, its language, and the query for what is looked at."""
    try:
        # 30 ms that a tree without scripts need not pay.
        tree_sitter, typescript = import_module("tree_sitter"), import_module("tree_sitter_typescript")
    except ImportError as error:
        raise InputError(
            "needs tree-sitter, which is not installed here; pip install tree-sitter tree-sitter-typescript, or leave the file out"
        ) from error
    language = tree_sitter.Language(typescript.language_typescript() if is_typed else typescript.language_tsx())
    return tree_sitter, language, tree_sitter.Query(language, _PATTERNS)


def _parsed(path: str, data: bytes) -> tuple[Node, dict[str, list[Node]]]:
    """The root of a script's tree, and the nodes that are looked at, by what they are. TypeScript without JSX has casts in angle brackets."""
    tree_sitter, language, query = _grammar(is_typed=path.endswith((".ts", ".mts", ".cts")))
    root = tree_sitter.Parser(language).parse(data).root_node
    return root, tree_sitter.QueryCursor(query).captures(root)


def scripts_of(source: Source) -> bytes:
    """The scripts of a page at their places, everything else blank. A script of one long line is a build's, and left out."""
    data = source.data
    blank = bytearray(data.translate(_BLANK))
    for start, end in _script_places(data.lower()):
        length, lines = end - start, data.count(b"\n", start, end) + 1
        if not (length > _BUILT_BYTES and length / lines > _BUILT_LINE):
            blank[start:end] = data[start:end]
    return bytes(blank)


def _script_places(lower: bytes) -> Iterator[tuple[int, int]]:
    """Where scripts begin and end; by searching forward alone, which a page of half-open tags cannot slow down."""
    position = 0
    while (tag := lower.find(b"<script", position)) >= 0:
        start = lower.find(b">", tag) + 1
        end = lower.find(b"</script", start) if start else -1
        if end < 0:
            return
        yield start, end
        position = end


def _script(source: Source) -> bytes:
    """The scripts of a page or component; JSON as an expression."""
    path, data = source.path, source.data
    if path.endswith(".json"):
        return b"(" + data.removeprefix(b"\xef\xbb\xbf") + b")"
    return scripts_of(source) if path.lower().endswith((*PAGES, ".vue", ".svelte")) else data.removeprefix(b"\xef\xbb\xbf")
