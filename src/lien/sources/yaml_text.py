"""YAML with places: a document as plain values, and the line on which each of them begins."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lien.errors import InputError
from lien.sources.limits import MAX_DEPTH, MAX_YAML_NODES

__all__ = ["YamlDocument", "parse_yaml", "parse_yaml_documents"]


_UNTAGGED = {"mapping": "map", "sequence": "seq", "scalar": "null"}
"""What a node of a tag of some program's own is read as."""


class YamlDocument:
    """One YAML document: `value`, and `line(*path)` of any value in it (1-based)."""

    def __init__(self, value: Any, lines: dict[tuple[str | int, ...], int]) -> None:  # noqa: ANN401
        self.value = value
        self._lines = lines

    def line(self, *path: str | int) -> int | None:
        """The line on which the key or item at `path` begins; of its nearest parent if it has none."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return self._lines.get(())


def parse_yaml(text: str, *, path: str, first_line: int = 1, max_nodes: int = MAX_YAML_NODES) -> YamlDocument:
    """The one document of a YAML text by the safe loader.

    `first_line` is where the text begins in its file. Raises InputError with the line for a syntax
    error, for a second document, and for a document over the limits. Duplicate keys: the last wins,
    as everywhere YAML is read. Tags that build Python objects are errors, never obeyed; of tags that a program
    defines (`!function x`) a mapping or list stays what it is, and a scalar is null.
    """
    with _loading(text, path, first_line) as loader:
        return _document(loader, loader.get_single_node(), path, first_line, max_nodes)


def parse_yaml_documents(text: str, *, path: str, max_nodes: int = MAX_YAML_NODES) -> list[YamlDocument]:
    """Every document of a YAML text, under the limits and errors of `parse_yaml`, each of them by itself."""
    documents = []
    with _loading(text, path, 1) as loader:
        while loader.check_node():
            documents.append(_document(loader, loader.get_node(), path, 1, max_nodes))
    return documents


@contextmanager
def _loading(text: str, path: str, first_line: int) -> Iterator[Any]:
    """A loader of the text; whatever it raises comes out as an InputError with the line."""
    import yaml  # noqa: PLC0415  # 20 ms that an audit without YAML need not pay

    loader_class = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    _refuse_depth(text, loader_class, path, first_line)
    loader = None
    try:
        loader = loader_class(text)
        yield loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + first_line if mark is not None else first_line
        raise InputError(f"is not YAML: {error.problem or error.context}; mend the file or leave it out", path=path, line=line) from error
    # The constructors of `!!int ""` and its like raise whatever their conversion raises.
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        said = (str(error).splitlines() or ["it cannot be loaded"])[0]
        raise InputError(f"is not YAML: {said}; mend the file or leave it out", path=path, line=first_line) from error
    finally:
        if loader is not None:
            loader.dispose()


def _document(loader: Any, node: Any, path: str, first_line: int, max_nodes: int = MAX_YAML_NODES) -> YamlDocument:  # noqa: ANN401
    lines: dict[tuple[str | int, ...], int] = {}
    if node is not None:
        _collect(node, lines, path, first_line, max_nodes)
    return YamlDocument(loader.construct_document(node) if node is not None else None, lines)


def _refuse_depth(text: str, loader_class: Any, path: str, first_line: int) -> None:  # noqa: ANN401  # PyYAML's loaders have no common type
    """Refuse nesting that would overflow the stack of libyaml's composer, which recurses in C.

    Only a text with that many opening marks, or that much indentation, can be so deep.
    """
    marks = text.count("[") + text.count("{") + text.count("- ") + text.count("? ")
    if marks <= MAX_DEPTH and " " * MAX_DEPTH not in text:
        return
    import yaml  # noqa: PLC0415

    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader_class):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    line = event.start_mark.line + first_line if event.start_mark else first_line
                    raise InputError(f"is nested more than {MAX_DEPTH} levels deep; lien does not read such YAML", path=path, line=line)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return  # the loader says it better


def _collect(root: Any, lines: dict[tuple[str | int, ...], int], path: str, first_line: int, max_nodes: int) -> None:  # noqa: ANN401
    """Lines of every key and item, walking nodes with a limit: aliases make small texts large."""
    import yaml  # noqa: PLC0415

    pending: list[tuple[tuple[str | int, ...], Any]] = [((), root)]
    seen = 0
    while pending:
        place, node = pending.pop()
        seen += 1
        if seen > max_nodes or len(place) > MAX_DEPTH:
            raise InputError(
                f"has more than {max_nodes} values or {MAX_DEPTH} levels; lien does not read such YAML", path=path, line=first_line
            )
        lines.setdefault(place, node.start_mark.line + first_line)
        if node.tag.startswith("!"):
            # A tag of the program that the file is for (`!function`, `!reset`): what it makes of a scalar nobody here can tell.
            node.tag = f"tag:yaml.org,2002:{_UNTAGGED[node.id]}"
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                below = (*place, str(key.value)) if isinstance(key, yaml.ScalarNode) else place
                lines[below] = key.start_mark.line + first_line
                pending.append((below, value))
        elif isinstance(node, yaml.SequenceNode):
            pending.extend(((*place, index), item) for index, item in enumerate(node.value))
