"""lien: follows licence restrictions through models, data, services and code into a product.

The public names are in `lien.api` and load on first use (PEP 562), so that importing lien is cheap.
"""

from lien.version import VERSION

TYPE_CHECKING = False  # what type checkers take for true; importing `typing` would cost half of a look-up from cold
if TYPE_CHECKING:
    from typing import Any

    from lien.api import Audit, Catalog, audit, load_policy, render

__version__ = VERSION

__all__ = ["Audit", "Catalog", "__version__", "audit", "load_policy", "render"]


def __getattr__(name: str) -> "Any":  # noqa: ANN401  # PEP 562
    if name in __all__:
        from lien import api  # noqa: PLC0415

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
