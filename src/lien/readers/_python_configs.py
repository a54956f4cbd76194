"""Training and merge configurations that a Python file writes itself: as a mapping of values, or as text of YAML.

Notebooks do so before they hand them to a tool. What their keys mean is known to the readers of such files.
"""

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import Fragment, RelationSeen
from lien.readers._python_evaluator import Evaluator
from lien.readers._python_module import Module, last_name
from lien.readers._python_project import is_test
from lien.readers._python_values import Constant, Literal
from lien.sources.tree import Tree

if TYPE_CHECKING:
    from lien.readers._training_reader import TrainingReader
    from lien.sources.yaml_text import YamlDocument

__all__ = ["Written", "written_configs"]

_BASES: Final = ("base_model", "model_name_or_path", "merge_method")
"""Of these keys each tool has one."""
_MAKERS: Final = frozenset({"dict", "DictDefault"})
_MAX_DEPTH: Final = 6
_MAX_VALUES: Final = 2_000
_MAX_TEXT: Final = 64 * 1024


class Written(NamedTuple):
    """What one configuration says, and the expression that it is."""

    node: ast.AST
    fragments: tuple[Fragment, ...]


def written_configs(module: Module, evaluator: Evaluator, tree: Tree) -> list[Written]:
    """The configurations of a module that name what they begin with or learn from; of tests, none."""
    if is_test(module.path):
        return []  # which try many of them, and train nothing
    found = (_read(node, values, module, tree) for node, values in _likely(module, evaluator))
    return [one for one in found if any(isinstance(fragment, RelationSeen) for fragment in one.fragments)]


def _likely(module: Module, evaluator: Evaluator) -> Iterator[tuple[ast.AST, "_Values | _Text"]]:
    for call in module.calls:
        if last_name(call) in _MAKERS and any(one.arg in _BASES for one in call.keywords):
            yield call, _Values(call, module, evaluator)
    for table in module.dicts:
        if any(isinstance(key, ast.Constant) and key.value in _BASES for key in table.keys):
            yield table, _Values(table, module, evaluator)
    for text in module.strings:
        # A string that stands alone is a comment.
        if (
            isinstance(text, ast.Constant)
            and _may_be_yaml(text.value)
            and not isinstance(module.parents.get(text), (ast.Expr, ast.JoinedStr))
        ):
            yield text, _Text(text, str(text.value), module)


def _may_be_yaml(text: object) -> bool:
    return isinstance(text, str) and text.count("\n") > 2 and len(text) < _MAX_TEXT and any(f"{key}:" in text for key in _BASES)


def _read(node: ast.AST, values: "_Values | _Text", module: Module, tree: Tree) -> Written:
    from lien.readers._training import Config, Form, form_of  # noqa: PLC0415  # for the few files that hold such a thing
    from lien.readers.axolotl import AxolotlReader  # noqa: PLC0415
    from lien.readers.llama_factory import LlamaFactoryReader  # noqa: PLC0415
    from lien.readers.mergekit import MergekitReader  # noqa: PLC0415

    value = values.value
    form = form_of(value) if isinstance(value, Mapping) else None
    reader: TrainingReader
    match form:
        case Form.AXOLOTL:
            reader = AxolotlReader()
        case Form.LLAMA_FACTORY:
            reader = LlamaFactoryReader()
        case Form.MERGEKIT:
            reader = MergekitReader()
        case _:
            return Written(node, ())
    name = "notebook" if module.path.endswith(".ipynb") else "python"
    return Written(node, tuple(reader.fragments([Config(tree.read(module.path), name, value, values)])))


class _Values:
    """A mapping that is written in Python, with the lines of its values."""

    def __init__(self, node: ast.Call | ast.Dict, module: Module, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._lines: dict[tuple[str | int, ...], int] = {}
        self._count = 0
        self.value: Any = self._plain(node, module, ())

    def line(self, *path: str | int) -> int | None:
        """The line of the value at a path, or of its nearest parent."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path)

    def _plain(self, node: ast.expr, module: Module, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401  # values are any
        self._count += 1
        self._lines[path] = module.line(node)
        if len(path) > _MAX_DEPTH or self._count > _MAX_VALUES:
            return None
        match node:
            case ast.Constant():
                return node.value
            case ast.Dict():
                return {key: self._plain(value, module, (*path, key)) for key, value in _entries(node)}
            case ast.Call() if last_name(node) in _MAKERS and not node.args:
                return {one.arg: self._plain(one.value, module, (*path, one.arg)) for one in node.keywords if one.arg is not None}
            case ast.List() | ast.Tuple():
                return [self._plain(item, module, (*path, number)) for number, item in enumerate(node.elts[:_MAX_VALUES])]
            case _:
                return self._followed(node, module, path)

    def _followed(self, node: ast.expr, module: Module, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401
        for one in self._evaluator.values(node, module)[:1]:
            if isinstance(one, Constant):
                return one.value
            if isinstance(one, Literal) and not isinstance(one.node, ast.Set) and one.module is module:
                return self._plain(one.node, module, path)
        return None


class _Text:
    """YAML in a string, with the lines of its values in the file."""

    def __init__(self, node: ast.Constant, text: str, module: Module) -> None:
        from lien.sources.yaml_text import parse_yaml  # noqa: PLC0415

        self._yaml: YamlDocument | None = None
        with suppress(InputError):  # a string that only looks like YAML
            self._yaml = parse_yaml(text, path=module.path)
        self._node = node
        self._module = module
        # A string in three quotes goes over as many lines as it has; any other stands in one.
        self._is_long = (node.end_lineno or node.lineno) - node.lineno == text.count("\n")
        self.value: Any = self._yaml.value if self._yaml is not None else None

    def line(self, *path: str | int) -> int | None:
        """The line of the value at a path."""
        line = self._yaml.line(*path) if self._yaml is not None and self._is_long else None
        return self._module.line(ast.Pass(lineno=self._node.lineno + (line or 1) - 1, col_offset=0))


def _entries(table: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(table.keys, table.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value
