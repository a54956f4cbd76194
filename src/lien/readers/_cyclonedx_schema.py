"""The official CycloneDX schemas, for `--strict`; cyclonedx-python-lib carries them, and nothing else of it is used.

Its own validator takes minutes for a thousand components (FORMATS section 3.3); jsonschema-rs takes a hundredth of a second.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lien.errors import InputError, UsageError
from lien.readers._cyclonedx_values import Json, shown
from lien.readers._json_schema import schema_violations

if TYPE_CHECKING:
    from jsonschema_rs import Validator

__all__ = ["json_violations"]

# The plain schemas of 1.2 and 1.3 let unknown keys pass; the strict ones say what the specification says.
_JSON_SCHEMAS = {
    version: f"bom-{version}{'-strict' if version in ('1.2', '1.3') else ''}" for version in ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
}


def json_violations(document: Json, path: str) -> Iterator[InputError]:
    """Everything in which a JSON BOM breaks the schema of the version that it states."""
    version = document.get("specVersion")
    if not isinstance(version, str) or version not in _JSON_SCHEMAS:
        said = f"is {shown(version)}" if "specVersion" in document else "specVersion is missing"
        where = "/specVersion" if "specVersion" in document else ""
        known = ", ".join(_JSON_SCHEMAS)
        yield InputError(f"{said}; CycloneDX has JSON schemas for {known}", path=path, pointer=where)
        return
    try:
        yield from schema_violations(_validator(version), document, path=path, schema=f"CycloneDX {version}")
    except ValueError as error:
        yield InputError(f"cannot be held to the schema of CycloneDX {version}: {error}", path=path)


@lru_cache(maxsize=8)
def _validator(version: str) -> "Validator":
    """With format checks: without them, a wrong date or address is no violation."""
    from jsonschema_rs import validator_for  # noqa: PLC0415  # only --strict pays for it

    folder = _schemas()

    def schema(uri: str) -> Any:  # noqa: ANN401  # JSON Schema
        # The schemas refer to one another by addresses whose last part is the file's name; nothing is fetched.
        return json.loads((folder / uri.rpartition("/")[2]).read_text(encoding="utf-8"))

    return validator_for(schema(f"{_JSON_SCHEMAS[version]}.SNAPSHOT.schema.json"), retriever=schema, validate_formats=True)


def _schemas() -> Path:
    """The folder of the schemas, found without importing the library."""
    spec = find_spec("cyclonedx")
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place) / "schema" / "_res"
        if folder.is_dir():
            return folder
    raise UsageError('--strict needs the official CycloneDX schemas, which are not installed; run: pip install "lien[strict]"')
