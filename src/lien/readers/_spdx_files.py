"""How files of SPDX call themselves, and what they begin with."""

__all__ = ["beginning", "calls_itself_spdx"]


def calls_itself_spdx(path: str, *endings: str) -> bool:
    """Does a path with one of these endings have "spdx", "sbom" or "bom" in it?"""
    path = path.lower()
    return path.endswith(endings) and ("spdx" in path or "bom" in path)


def beginning(head: bytes) -> bytes:
    """The first bytes of a file as UTF-8 without a byte order mark; UTF-16 by its mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf")
