"""Build hook: compiles `graphs/` into the catalogue that the wheel carries (DESIGN section 1)."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogHook(BuildHookInterface):  # type: ignore[misc, type-arg, unused-ignore]
    """Writes `lien/catalog/catalog.sqlite` before the wheel, editable or not, is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from lien.catalog.compile import digest_of_files, load, write  # noqa: PLC0415
        finally:
            sys.path.pop(0)
        graphs = root / "graphs"
        target = root / "src" / "lien" / "catalog" / "catalog.sqlite"
        write(load(graphs), target, files_digest=digest_of_files(graphs))
        build_data["artifacts"].append("src/lien/catalog/catalog.sqlite")
