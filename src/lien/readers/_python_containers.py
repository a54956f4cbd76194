"""Elements of the lists, tuples and dicts that a Python module writes out."""

import ast
from collections.abc import Iterator, Sequence

from lien.graph.fragments import Role
from lien.readers._python_module import Module
from lien.readers._python_values import MAX_CANDIDATES, Follow, Literal, Unknown, Value, passed

__all__ = ["Containers"]


class Containers:
    """Elements by number and by key, and all of them where something goes through them."""

    def __init__(self, follow: Follow) -> None:
        self._follow = follow

    def nth(self, value: ast.expr, index: int | str | None, module: Module, depth: int) -> Iterator[Value]:
        """The element of this number; of anything else than a list, nobody knows."""
        for one in self._follow(value, module, depth):
            if (
                isinstance(one, Literal)
                and not isinstance(one.node, ast.Dict)
                and isinstance(index, int)
                and -len(one.node.elts) <= index < len(one.node.elts)
            ):
                yield from passed(self._follow(one.node.elts[index], one.module, depth), one)
            else:
                yield Unknown(value)

    def each(self, value: ast.expr, index: int | str | None, module: Module, depth: int) -> Iterator[Value]:
        """Elements of a literal, one after the other: all of them are used."""
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr in {"items", "values", "keys"}
            and not value.args
        ):
            part = {"keys": 0, "values": 1}.get(value.func.attr, index)
            value = value.func.value
        else:
            part = None
        for one in self._follow(value, module, depth):
            if not isinstance(one, Literal):
                yield Unknown(value)
            elif isinstance(one.node, ast.Dict):
                chosen = one.node.values if part == 1 else [key for key in one.node.keys if key is not None]
                for item in chosen[:MAX_CANDIDATES]:
                    yield from passed(self._follow(item, one.module, depth), one)
            else:
                for item in one.node.elts[:MAX_CANDIDATES]:
                    if index is None:
                        yield from passed(self._follow(item, one.module, depth), one)
                    else:
                        yield from passed(self.nth(item, index, one.module, depth), one)

    def entries(
        self,
        literal: Literal,
        keys: Sequence[object],
        default: ast.expr | None,
        depth: int,
        *,
        is_open: bool = False,
        is_fixed: bool = True,
    ) -> Iterator[Value]:
        """Entries of a dict by key; of one whose key is not known, or may be another one as well, all others, as options.

        `is_fixed` says that the key is written where it is looked up.
        """
        node = literal.node
        if not isinstance(node, ast.Dict):
            return
        is_found = any(isinstance(key, ast.Constant) and key.value in keys for key in node.keys)
        # A table that has not the key that is used by default is there for others.
        tells_all = len(node.values) <= MAX_CANDIDATES and (is_open or not keys or not (is_found or is_fixed or default is not None))
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in keys:
                yield from self._follow(value, literal.module, depth)
            elif tells_all:
                for one in self._follow(value, literal.module, depth):
                    yield one._replace(role=Role.OPTION)
        if not is_found and default is not None:
            yield from self._follow(default, literal.module, depth)
        elif not is_found and not (is_open and keys):
            yield Unknown(node)
