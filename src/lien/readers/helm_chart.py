"""Reads Chart.yaml: charts that a chart depends on and that are not in the tree, so that nobody can tell what they deploy.

Those in its folder `charts` are read as what they are. One that a condition leaves out by default asks for nothing.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from lien.graph.fragments import PRODUCT, Fragment, UnresolvedReference
from lien.readers._helm import chart_at, dependencies_of, is_on
from lien.readers._requirement import shown
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import parse_yaml

__all__ = ["HelmChartReader"]


class HelmChartReader:
    """Chart.yaml of Helm 3, and requirements.yaml of Helm 2."""

    name = "helm-chart"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By name."""
        return path.rpartition("/")[2] in {"Chart.yaml", "Chart.yml", "requirements.yaml", "requirements.yml"}

    def accepts(self, head: bytes) -> bool:
        """Does it name dependencies?"""
        return b"dependencies" in head or len(head) >= 4096

    def read(self, source: Source) -> Iterator[Fragment]:
        """What cannot be followed, in file order. Raises InputError with the line if it is not YAML."""
        parse_yaml(source.text, path=source.path)
        pure = PurePosixPath(source.path)
        folder = "" if str(pure.parent) == "." else str(pure.parent)
        chart = chart_at(source.tree, folder)
        for entry, (path, line) in dependencies_of(source.tree, folder):
            name, repository = str(entry["name"]), entry.get("repository")
            if path != source.path or chart.is_off or not is_on(entry, chart.values) or not isinstance(repository, str):
                continue
            if "://" not in repository or repository.startswith("file://") or self._is_vendored(source, folder, name):
                continue
            evidence = source.evidence(self.name, line=line, as_written=shown(f"{name} {entry.get('version') or ''}".strip()))
            reason = (
                f"is a chart of {shown(repository)} that is not in the audited tree; fetch it (helm dependency update) and audit the result"
            )
            yield UnresolvedReference(PRODUCT, name, reason, evidence)

    @staticmethod
    def _is_vendored(source: Source, folder: str, name: str) -> bool:
        return source.tree.holds(f"{folder}/charts/{name}".lstrip("/"))
