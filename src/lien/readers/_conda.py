"""Package specifications of conda: `conda-forge::numpy=1.26.4=py311_0`, `numpy >=1.2`, the address of an archive."""

import re

from lien.readers._requirement import Named
from lien.vocabulary.ids import package_id
from lien.vocabulary.kinds import Kind

__all__ = ["conda_package", "of_archive"]

_SPEC = re.compile(r"(?:(?P<channel>[^\s:]+)::)?(?P<name>[A-Za-z0-9_][\w.-]*)(?P<rest>.*)", re.ASCII | re.DOTALL)
_EXACT = re.compile(r"==\s*([0-9][\w.!+]*)|=?\s*([0-9][\w.!+]*)=[^=*]+|=\s*([0-9]+\.[0-9]+\.[\w.!+]*[\w])")
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ARCHIVE = re.compile(r"/(?P<name>[\w.-]+)-(?P<version>[^-/]+)-[^-/]+\.(?:conda|tar\.bz2)$", re.ASCII)


def conda_package(text: str) -> Named | None:
    """The package of a specification; None if it is none.

    `==1.26` and `=1.26=BUILD` are versions; `=1.26` is a series (conda, "Package match specifications"),
    unless it has three parts or more, which no series of a package goes below in practice.

    >>> conda_package("pytorch::PyTorch==2.3.1").id
    'package:conda/pytorch@2.3.1'
    """
    if "://" in text:
        return of_archive(text)
    match = _SPEC.fullmatch(_BRACKETS.sub("", text.strip()))
    if match is None or (match["rest"] and match["rest"][0] not in " =<>!~"):
        return None
    exact = _EXACT.fullmatch(match["rest"].strip())
    version = next(filter(None, exact.groups()), None) if exact else None
    note = f"from channel {match['channel']}" if match["channel"] else None
    return Named(package_id("conda", match["name"], version), Kind.PACKAGE, match["name"], version, note)


def of_archive(address: str) -> Named | None:
    """The package of an archive's address, by its name: NAME-VERSION-BUILD."""
    match = _ARCHIVE.search(address.partition("#")[0])
    if match is None:
        return None
    return Named(package_id("conda", match["name"], match["version"]), Kind.PACKAGE, match["name"], match["version"])
