"""Charts of Helm with their values: a sub-chart takes what its parent says of it before its own (Helm, "Subcharts and Global Values")."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.sources.limits import MAX_DEPTH, MAX_FILE_BYTES
from lien.sources.tree import Tree
from lien.sources.yaml_text import YamlDocument, parse_yaml

__all__ = ["Chart", "chart_at", "dependencies_of", "is_on"]

_CHARTS = ("Chart.yaml", "Chart.yml")
_DEPENDENCIES = (*_CHARTS, "requirements.yaml", "requirements.yml")


class Chart(NamedTuple):
    """A chart as it is deployed unless it is told otherwise.

    `values` are its own with what parents say instead; `replaced` is what they say; `is_off`: a condition leaves it out.
    """

    values: Mapping[str, Any]
    replaced: Mapping[str, Any]
    is_off: bool = False

    def takes(self, keys: tuple[str | int, ...]) -> bool:
        """Does a value of the chart's own file count, or does a parent say another one?"""
        found: Any = self.replaced
        for key in keys:
            if not isinstance(found, Mapping) or key not in found:
                return not isinstance(found, list)  # a list of the parent's is taken whole
            found = found[key]
        return False


@lru_cache(maxsize=256)
def chart_at(tree: Tree, folder: str) -> Chart:
    """The chart in a folder. A chart in `PARENT/charts/NAME` is a sub-chart of that parent."""
    own = _mapping(tree, folder, "values.yaml", "values.yml")
    path = PurePosixPath(folder)
    above = path.parent.parent
    parent = "" if str(above) == "." else str(above)
    if path.parent.name != "charts" or not is_chart(tree, parent) or len(path.parts) > MAX_DEPTH:
        return Chart(own, {})
    up = chart_at(tree, parent)
    name = str(_mapping(tree, folder, *_CHARTS).get("name") or path.name)
    entry = next((one for one, _ in dependencies_of(tree, parent) if one.get("name") == name), {})
    said = up.values.get(str(entry.get("alias") or name))
    replaced = dict(said) if isinstance(said, Mapping) else {}
    common = up.values.get("global")
    if isinstance(common, Mapping):
        replaced["global"] = _merged(replaced.get("global", {}), common)
    return Chart(_merged(own, replaced), replaced, is_off=up.is_off or not is_on(entry, up.values))


def is_chart(tree: Tree, folder: str) -> bool:
    """Does a folder hold a chart?"""
    return any(tree.has(f"{folder}/{name}".lstrip("/")) for name in _CHARTS)


def is_on(dependency: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Does the condition of a dependency let it in? The first path of it that leads to a truth value decides."""
    for path in str(dependency.get("condition") or "").split(","):
        found: Any = values
        for key in path.strip().split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(found, bool):
            return found
    return True


def dependencies_of(tree: Tree, folder: str) -> list[tuple[Mapping[str, Any], tuple[str, int | None]]]:
    """(Entry, (path, line)) of each dependency that a chart names, in the file of Helm 3 or of Helm 2."""
    found: list[tuple[Mapping[str, Any], tuple[str, int | None]]] = []
    for name in _DEPENDENCIES:
        path = f"{folder}/{name}".lstrip("/")
        document = _document(tree, path)
        listed = document.value.get("dependencies") if document is not None and isinstance(document.value, dict) else None
        for number, one in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(one, dict) and isinstance(one.get("name"), str) and document is not None:
                found.append((one, (path, document.line("dependencies", number))))
    return found


def _mapping(tree: Tree, folder: str, *names: str) -> Mapping[str, Any]:
    for name in names:
        document = _document(tree, f"{folder}/{name}".lstrip("/"))
        if document is not None:
            return document.value if isinstance(document.value, dict) else {}
    return {}


def _document(tree: Tree, path: str) -> YamlDocument | None:
    if not tree.has(path):
        return None
    try:
        return parse_yaml(tree.read(path, limit=MAX_FILE_BYTES).text, path=path)
    except InputError:
        return None  # of which its own reader complains


def _merged(below: object, above: Mapping[str, Any]) -> dict[str, Any]:
    """Values with others over them, key by key; a list or scalar is taken whole. Nesting is limited by the parser."""
    merged = dict(below) if isinstance(below, Mapping) else {}
    for key, value in above.items():
        merged[key] = _merged(merged.get(key), value) if isinstance(value, Mapping) else value
    return merged
