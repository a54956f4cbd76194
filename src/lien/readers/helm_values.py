"""Reads the values of Helm charts: images, models and services that a chart deploys unless it is told otherwise.

A section that says `enabled: false` is an option, and so are files of values beside the chart's own, and what a
parent says otherwise of a sub-chart or leaves out.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role
from lien.readers._commands import image_facts
from lien.readers._environment import setting_facts
from lien.readers._helm import chart_at
from lien.readers._references import seen
from lien.readers._settings import SettingValue, default_of, is_model_key, model_of, provider_of, values_of
from lien.readers._shell import Word
from lien.readers._site import Site
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import parse_yaml
from lien.vocabulary.relations import Relation

__all__ = ["HelmValuesReader"]

_IMAGE = re.compile(r"(?:\w*_?)?image", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class HelmValuesReader:
    """values.yaml and values-NAME.yaml beside a Chart.yaml."""

    name = "helm-values"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By name."""
        return re.fullmatch(r"values(?:[-_.][\w.-]*)?\.ya?ml", path.rpartition("/")[2].lower()) is not None

    def accepts(self, head: bytes) -> bool:
        """Text that is no template of a template."""
        return b"\0" not in head and b"{{" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """What the values name, in file order; nothing without a chart. Raises InputError with the line if it is not YAML."""
        pure = PurePosixPath(source.path)
        if not any(source.tree.has(str(pure.with_name(name))) for name in ("Chart.yaml", "Chart.yml")):
            return
        document = parse_yaml(source.text, path=source.path)
        if not isinstance(document.value, dict):
            return
        is_own = pure.stem.lower() == "values"
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=Role.DEFAULT if is_own else Role.OPTION)
        folder = "" if str(pure.parent) == "." else str(pure.parent)
        chart = chart_at(source.tree, folder)
        for one in values_of(document.value):
            word = Word(one.text, document.line(*one.keys) or 1, one.text, "$" not in one.text and "{{" not in one.text)
            if word.is_known and one.text:
                yield from _facts(
                    one, word, replace(site, role=Role.OPTION) if one.is_off or chart.is_off or not chart.takes(one.keys) else site
                )


def _facts(one: SettingValue, word: Word, site: Site) -> Iterator[Fragment]:
    names = [_snake(str(key)) for key in one.keys if isinstance(key, str)]
    if names[-1] == "repository" and len(names) > 1 and _IMAGE.fullmatch(names[-2]):
        registry = one.siblings.get("registry")
        name = f"{registry}/{one.text}" if isinstance(registry, str) and registry else one.text
        yield from image_facts(name, site, word)
    elif _IMAGE.fullmatch(names[-1]):
        yield from image_facts(one.text, site, word)
    elif names[-1] == "value" and isinstance(one.siblings.get("name"), str):
        yield from setting_facts([(one.siblings["name"], word)], site)
    elif len(names) > 1 and names[-2] in {"env", "environment", "extra_env", "env_vars"}:
        yield from setting_facts([(str(one.keys[-1]), word)], site)
    elif is_model_key(names[-1]):
        source = Source(path=site.path, tree=site.tree)
        identifier = model_of(default_of(one.text), provider_of(names[:-1], one.siblings), source)
        if identifier is not None:
            evidence = site.evidence(word)
            relation = Relation.CALLS if identifier.startswith("service:") else Relation.LOADS
            yield seen(identifier, evidence, one.text)
            yield RelationSeen(PRODUCT, relation, identifier, evidence, site.role)


def _snake(key: str) -> str:
    return _CAMEL.sub("_", key).replace("-", "_").lower()
