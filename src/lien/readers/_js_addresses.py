"""Packages of npm that pages and scripts load from an address: no manifest names them, and the product ships them all the same."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lien.vocabulary.ids import package_id

__all__ = ["Loaded", "loaded_packages"]

_HOSTS = (b"cdn.jsdelivr.net/npm/", b"esm.sh/", b"esm.run/", b"unpkg.com/", b"cdn.skypack.dev/", b"d3js.org/d3.")
_ADDRESS = re.compile(
    rb"""["'`]((?:https?:)?//(?:cdn\.jsdelivr\.net/npm|esm\.sh(?:/v\d+|/stable)?|esm\.run|unpkg\.com|cdn\.skypack\.dev)/"""
    rb"""(@[\w.-]{1,100}/[\w.-]{1,100}|[\w.-]{1,100})(?:@([\w.^~-]{1,60}))?(?=[/?"'`#])[^"'`\s]{0,300})["'`]"""
)
_D3 = re.compile(rb"""["']((?:https?:)?//d3js\.org/d3\.v\d+(?:\.min)?\.js)["']""")
_NO_PACKAGES = frozenset({"gh", "jsr", "pr", "browse", "npm", "pin", "-"})
"""First parts of addresses at these hosts that are no names."""

_EXACT = re.compile(r"\d+\.\d+\.\d+[\w.-]*", re.ASCII)


class Loaded(NamedTuple):
    """A package by its id, the address as written, and its line."""

    id: str
    name: str
    version: str | None
    written: str
    line: int


def loaded_packages(data: bytes) -> Iterator[Loaded]:
    """The packages that quoted addresses of npm's mirrors name, in file order; a range or a bare major version pins none."""
    if not any(host in data for host in _HOSTS):
        return
    found = [(match, match[2].decode(), (match[3] or b"").decode()) for match in _ADDRESS.finditer(data)]
    found += [(match, "d3", "") for match in _D3.finditer(data)]
    for match, name, version in sorted(found, key=lambda one: one[0].start()):
        if name.lower() in _NO_PACKAGES:
            continue
        exact = version if _EXACT.fullmatch(version) else None
        line = data.count(b"\n", 0, match.start()) + 1
        yield Loaded(package_id("npm", name, exact), name, exact, match[1].decode("utf-8", "replace"), line)
