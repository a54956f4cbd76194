"""Artifact kinds and scopes (DESIGN section 2)."""

from enum import StrEnum

__all__ = ["CODE_KINDS", "Basis", "Kind", "Scope"]


class Kind(StrEnum):
    """What an artifact is. Licences are not artifacts: they are nodes only in views."""

    PRODUCT = "product"
    PACKAGE = "package"
    MODEL = "model"
    DATASET = "dataset"
    SERVICE = "service"
    CODE = "code"
    IMAGE = "image"


CODE_KINDS = frozenset({Kind.PRODUCT, Kind.PACKAGE, Kind.CODE, Kind.IMAGE})
"""Kinds that are programs or made of programs; `depends-on` runs between these."""


class Scope(StrEnum):
    """How a relation of the product takes part in it, strongest first.

    Only USED binds the product; OPTION is reported as what choosing it would bring.
    """

    USED = "used"
    OPTION = "option"
    BUILD = "build"
    TEST = "test"
    DOC = "doc"

    @property
    def rank(self) -> int:
        """0 for the strongest scope; larger is weaker."""
        return _SCOPE_RANK[self]


_SCOPE_RANK = {scope: rank for rank, scope in enumerate(Scope)}


class Basis(StrEnum):
    """Who says a fact: the artifact itself, our knowledge, or a heuristic."""

    DECLARED = "declared"
    CATALOGUED = "catalogued"
    INFERRED = "inferred"
