"""The official JSON schemas of SPDX, for `--strict`; they stand in `spdx_schemas/`, whose README tells where they come from.

YAML has the shape of the JSON. Tag-value, XML and RDF have no schema of this kind, and are not checked.
"""

import datetime as dt
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lien.errors import InputError
from lien.readers._bom_values import shown
from lien.readers._json_schema import schema_violations
from lien.sources.yaml_text import YamlDocument

if TYPE_CHECKING:
    from jsonschema_rs import Validator

__all__ = ["spdx2_violations", "spdx3_violations", "yaml_violations"]

_FOLDER = Path(__file__).parent / "spdx_schemas"
_SPDX2 = {"SPDX-2.2": "2.2", "SPDX-2.3": "2.3"}
_SPDX3 = "3.0.1"


def spdx2_violations(document: dict[str, Any], path: str) -> Iterator[InputError]:
    """Everything in which a document breaks the schema of the version that it states."""
    stated = document.get("spdxVersion")
    if not isinstance(stated, str) or stated not in _SPDX2:
        said = f"is {shown(stated)}" if "spdxVersion" in document else "spdxVersion is missing"
        where = "/spdxVersion" if "spdxVersion" in document else ""
        yield InputError(f"{said}; SPDX has JSON schemas for {' and '.join(_SPDX2)}", path=path, pointer=where)
        return
    yield from _violations(_SPDX2[stated], document, path)


def yaml_violations(document: YamlDocument, path: str) -> Iterator[InputError]:
    """As of JSON, with lines."""
    for error in spdx2_violations(_plain(document.value), path):
        keys = [part.replace("~1", "/").replace("~0", "~") for part in (error.pointer or "").split("/")[1:]]
        line = document.line(*(int(key) if key.isdigit() else key for key in keys))
        yield InputError(error.message, path=path, line=line)


def spdx3_violations(document: object, path: str) -> Iterator[InputError]:
    """Everything in which a document breaks the schema of 3.0.1, the one version of SPDX 3 that has no successor yet."""
    yield from _violations(_SPDX3, document, path)


def _violations(version: str, document: object, path: str) -> Iterator[InputError]:
    try:
        yield from schema_violations(_validator(version), document, path=path, schema=f"SPDX {version}")
    except ValueError as error:
        yield InputError(f"cannot be held to the schema of SPDX {version}: {error}", path=path)


@lru_cache(maxsize=4)
def _validator(version: str) -> "Validator":
    from jsonschema_rs import validator_for  # noqa: PLC0415  # only --strict pays for it

    schema = json.loads((_FOLDER / f"spdx-{version}.schema.json").read_text(encoding="utf-8"))
    return validator_for(schema, validate_formats=True)


def _plain(value: Any) -> Any:  # noqa: ANN401  # any YAML value
    """YAML makes dates of what JSON has as text."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value) if isinstance(value, dt.date) else value
