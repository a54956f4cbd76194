"""Text that is put together in Python: f-strings, sums, paths, templates and the methods of text."""

import ast
from collections.abc import Iterator, Sequence

from lien.graph.fragments import Role
from lien.readers._python_module import Module
from lien.readers._python_values import MAX_CANDIDATES, MAX_TEXT, Constant, Follow, Literal, Place, Reached, Unknown, Value, weaker

__all__ = ["TEXT_METHODS", "Texts"]

TEXT_METHODS = frozenset(
    {"format", "join", "lower", "upper", "strip", "rstrip", "lstrip", "title", "removeprefix", "removesuffix", "replace"}
)


class Texts:
    """Text of parts that are all known."""

    def __init__(self, follow: Follow) -> None:
        self._follow = follow

    def joined(self, parts: Sequence[ast.AST], node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        """Text put together of parts that are all known."""
        texts: list[tuple[str, Role, Place | None]] = [("", Role.DEFAULT, None)]
        for part in parts:
            found = [
                one for one in self._follow(part, module, depth) if isinstance(one, Constant) and isinstance(one.value, (str, int, float))
            ]
            if not found:
                yield Unknown(node)
                return
            texts = [(f"{text}{one.value}", weaker(role, one.role), site or one.site) for text, role, site in texts for one in found[:6]][
                :MAX_CANDIDATES
            ]
        for text, role, site in texts:
            yield Constant(text[:MAX_TEXT], Place(module.path, module.line(node)), role, site)

    def operation(self, node: ast.BinOp, module: Module, depth: int) -> Iterator[Value]:
        """What two things give: text, paths and lists by `+`, `/`, `%` and `|`."""
        match node.op:
            case ast.Add():
                left = list(self._follow(node.left, module, depth))
                if any(isinstance(one, Literal) for one in left):
                    yield from left
                    yield from self._follow(node.right, module, depth)
                else:
                    yield from self.joined([node.left, node.right], node, module, depth)
            case ast.Div():
                yield from self._path([node.left, node.right], node, module, depth)
            case ast.Mod():
                yield from self._formatted(node.left, node.right, node, module, depth)
            case ast.BitOr():
                yield from self._follow(node.left, module, depth)
                yield from self._follow(node.right, module, depth)
            case _:
                yield Unknown(node)

    def _path(self, parts: Sequence[ast.expr], node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        texts: list[str] = []
        for part in parts:
            known = next(
                (one.value for one in self._follow(part, module, depth) if isinstance(one, Constant) and isinstance(one.value, str)), None
            )
            if known is None:
                yield Unknown(node)
                return
            texts.append(known.rstrip("/"))
        yield Constant("/".join(texts)[:MAX_TEXT], Place(module.path, module.line(node)))

    def _formatted(self, template: ast.expr, given: ast.expr, node: ast.AST, module: Module, depth: int) -> Iterator[Value]:
        parts = given.elts if isinstance(given, ast.Tuple) else [given]
        known = next(
            (one.value for one in self._follow(template, module, depth) if isinstance(one, Constant) and isinstance(one.value, str)), None
        )
        texts = [next((one.value for one in self._follow(part, module, depth) if isinstance(one, Constant)), None) for part in parts]
        if (
            known is None
            or len(known) > MAX_TEXT
            or any(not isinstance(one, (str, int)) for one in texts)
            or known.count("%s") + known.count("%d") != len(texts)
        ):
            yield Unknown(node)
            return
        for text in texts:
            index = min(place for place in (known.find("%s"), known.find("%d")) if place >= 0)
            known = f"{known[:index]}{text}{known[index + 2 :]}"
        yield Constant(known[:MAX_TEXT], Place(module.path, module.line(node)))

    def method(self, node: ast.Call, func: ast.Attribute, name: str, module: Module, depth: int) -> Iterator[Value]:
        """What a method of text gives, or one of the same name."""
        base = list(self._follow(func.value, module, depth))
        if name == "join":
            if any(isinstance(one, Reached) and one.name.endswith("path") for one in base):
                yield from self._path(node.args, node, module, depth)
            else:
                yield Unknown(node)
            return
        for one in base:
            if not isinstance(one, Constant) or not isinstance(one.value, str):
                yield Unknown(node)
            elif name == "format":
                yield from self._template(one, node, module, depth)
            elif name in {"lower", "upper", "strip"} and not node.args:
                yield one._replace(value=getattr(one.value, name)())
            elif name in {"rstrip", "lstrip", "removeprefix", "removesuffix"}:
                yield one
            elif name == "replace" and all(isinstance(part, ast.Constant) for part in node.args) and len(node.args) == 2:
                old, new = (str(part.value) for part in node.args if isinstance(part, ast.Constant))
                yield one._replace(value=one.value.replace(old, new)[:MAX_TEXT]) if old else one
            else:
                yield Unknown(node)

    def _template(self, template: Constant, node: ast.Call, module: Module, depth: int) -> Iterator[Value]:
        text = str(template.value)
        for number, part in enumerate(node.args):
            known = next((one.value for one in self._follow(part, module, depth) if isinstance(one, Constant)), None)
            for blank in ("{}", f"{{{number}}}"):
                if isinstance(known, (str, int)) and blank in text:
                    text = text.replace(blank, str(known), 1)[:MAX_TEXT]
                    break
        for keyword in node.keywords:
            known = next((one.value for one in self._follow(keyword.value, module, depth) if isinstance(one, Constant)), None)
            if isinstance(known, (str, int)) and keyword.arg:
                text = text.replace(f"{{{keyword.arg}}}", str(known))[:MAX_TEXT]
        yield Unknown(node) if "{" in text else template._replace(value=text)
