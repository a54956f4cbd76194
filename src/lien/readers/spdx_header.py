"""Reads `SPDX-License-Identifier` comments at the beginning of source files.

A header speaks of its own file. Thousands of files say the same few things, so a claim is made of the
folder below the root that the file stands in, and `pipeline` keeps one for each expression and folder.
"""

import re
from collections.abc import Iterator

from lien.graph.fragments import PRODUCT, SPDX_HEADERS, Fragment, LicenseClaim
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.licenses import Scheme

__all__ = ["SpdxHeaderReader"]

_HEAD = 2048
_TAG = b"SPDX-License-Identifier:"
# In a comment: no letter of code stands before the tag. "dnl" and "rem" begin comments, too.
_HEADER = re.compile(
    r"[^\w\n\"]{0,40}(?:(?:dnl|rem|REM)[ \t]+)?SPDX-License-Identifier:[ \t]*([\w.+() :-]{1,200}?)[ \t]*(?:\*/|-->|#\}|%>|\"\"\"|''')?[ \t]*\r?$",
    re.MULTILINE,
)
_SOURCE = re.compile(
    r"\.(?:py[iwx]?|[cm]?[jt]s|[jt]sx|vue|svelte|[chm]|cc|cpp|cxx|hh|hpp|cuh?|mm|go|rs|java|kt|scala|swift|cs|rb|php|lua|r|jl|sh|bash|zsh|pl"
    r"|proto|sql|s?css|html|ya?ml|toml|cmake|dockerfile|tf|nix)\Z",
    re.IGNORECASE,
)


class SpdxHeaderReader:
    """Source files of many languages; only their first lines are looked at."""

    name = SPDX_HEADERS
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By ending."""
        return _SOURCE.search(path) is not None

    def accepts(self, head: bytes) -> bool:
        """Is there such a comment at all?"""
        return _TAG in head[:_HEAD]

    def read(self, source: Source) -> Iterator[Fragment]:
        """One claim: the first header, of the folder that the file stands in."""
        head = source.head(_HEAD).decode("utf-8-sig", "replace")
        header = _HEADER.search(head)
        if header is None:
            return
        folder, slash, _ = source.path.partition("/")
        line = head.count("\n", 0, header.start(1)) + 1
        evidence = source.evidence(self.name, line=line, as_written=header[1].strip())
        yield LicenseClaim(
            PRODUCT, header[1].strip(), Scheme.SPDX, evidence, "headers of its files", folder if slash else "files at the root"
        )
