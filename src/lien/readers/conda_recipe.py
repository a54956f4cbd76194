"""Reads meta.yaml of conda-build line by line: a recipe is a template, and YAML only once it has been filled in.

Taken are the lists under `requirements` and `test`, and the licence under `about`. Selectors
(`# [linux]`) are not evaluated: every line counts. A name that the template computes is told as
unresolved, but for compilers, which leave nothing of themselves behind.
"""

import re
from collections.abc import Iterator

from lien.graph.fragments import PRODUCT, Fragment, LicenseClaim, Role, UnresolvedReference
from lien.readers._conda import conda_package
from lien.readers._requirement import fragments_of
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.licenses import Scheme

__all__ = ["CondaRecipeReader"]

_KEY = re.compile(r"( *)(?:- )?([A-Za-z_]+):(?: +(.*))?$")
_ITEM = re.compile(r" *- +(.+)$")
_COMMENT = re.compile(r"\s+#.*$")
_PIN = re.compile(r"\{\{\s*pin_\w+\(\s*['\"]([\w.-]+)['\"]")
_TOOL = re.compile(r"\{\{\s*(?:compiler|stdlib|cdt)\(")
_ROLES = {
    ("requirements", "run"): Role.DEFAULT,
    ("requirements", "run_constrained"): None,
    ("requirements", "host"): Role.BUILD,
    ("requirements", "build"): Role.BUILD,
    ("test", "requires"): Role.DEVELOPMENT,
}


class CondaRecipeReader:
    """meta.yaml of a recipe."""

    name = "conda-recipe"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """The one file name."""
        return path.rpartition("/")[2] == "meta.yaml"

    def accepts(self, head: bytes) -> bool:
        """Other tools have a meta.yaml too: a recipe names its package."""
        return re.search(rb"^package:\s*$", head, re.MULTILINE) is not None

    def read(self, source: Source) -> Iterator[Fragment]:
        """Packages by purpose and the licence, in file order."""
        part = source.path.rpartition("/")[0] or None
        keys: list[tuple[int, str]] = []
        for number, line in enumerate(source.text.splitlines(), start=1):
            text = _COMMENT.sub("", line.rstrip())
            key, item = _KEY.match(text), _ITEM.match(text)
            if key:
                indent = len(key[1])
                keys = [one for one in keys if one[0] < indent]
                keys.append((indent, key[2]))
                if [name for _, name in keys] == ["about", "license"] and key[3]:
                    written = key[3].strip("'\" ")
                    evidence = source.evidence(self.name, line=number, as_written=written)
                    yield LicenseClaim(PRODUCT, written, Scheme.FREE_TEXT, evidence, source.path, part)
            elif item:
                names = [name for _, name in keys if name != "outputs"]
                role = _ROLES.get((names[-2], names[-1])) if len(names) > 1 else None
                if role is not None:
                    yield from self._item(source, number, item[1].strip("'\" "), role)

    def _item(self, source: Source, number: int, text: str, role: Role) -> Iterator[Fragment]:
        if _TOOL.match(text):
            return
        evidence = source.evidence(self.name, line=number, as_written=text)
        pinned = _PIN.match(text)
        # `numpy {{ numpy }}` still says numpy.
        named = conda_package(pinned[1] if pinned else text.partition("{{")[0])
        if named is not None:
            yield from fragments_of(named, evidence, role)
        else:
            reason = "is computed by the recipe's template, which lien does not fill in; write the name"
            yield UnresolvedReference(PRODUCT, text, reason, evidence)
