"""Reads Kubernetes manifests and Helm charts: images, what containers start, and models named in their environment.

A Helm template is read with the values of its chart: plain references (`.Values.a.b`, with `default` and `quote`)
are followed, blocks of template code are passed over, and what is left open stays unknown. A sub-chart takes what its
parent says of it, and is an option where its condition leaves it out. Not read: named templates, and values given at
the command line.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role
from lien.readers._commands import image_facts, read_image_arguments
from lien.readers._environment import setting_facts
from lien.readers._helm import Chart, chart_at
from lien.readers._references import model_reference, seen
from lien.readers._shell import Word
from lien.readers._site import Site
from lien.readers._yaml_places import Places
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.sources.yaml_text import parse_yaml_documents
from lien.vocabulary.relations import Relation

__all__ = ["KubernetesReader"]

_OPEN = "LIEN_OPEN_TEMPLATE"
_BLOCK = re.compile(
    r"[ \t]*(?:- )?(?:\{\{-?\s*(?:if|else|end|with|range|define|block|template|include|toYaml|tpl|/\*|\$\w+\s*:?=)[^\n]*|\{\{[^{}]*\}\}[ \t\r]*)"
)
_VALUE = re.compile(r"\{\{-?\s*(?:\.Values|\$\.Values)\.([\w.]+)\s*((?:\|\s*+[^{}|]++)*+)\}\}")
_OTHER = re.compile(r"\{\{[^{}]*\}\}")
_DEFAULT = re.compile(r"\|\s*default\s+\"?([^\"|.$][^\"|]*?)\"?\s*(?:\||$)")
_REFERENCE = re.compile(r"\$\((\w+)\)", re.ASCII)
_JOBS = frozenset({"containers", "initContainers"})
_MAX_VALUES = 100_000
_MAX_LINE = 4_000
"""Characters of a line of a template: longer ones are no plain references."""


class KubernetesReader:
    """Any YAML file with `apiVersion` and `kind`, and Helm templates."""

    name = "kubernetes"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By ending alone: a manifest is known by its keys."""
        return path.lower().endswith((".yaml", ".yml"))

    def accepts(self, head: bytes) -> bool:
        """Does it begin like a manifest? A long licence may stand in front."""
        return re.search(rb"^apiVersion:", head, re.MULTILINE) is not None and re.search(rb"^kind:", head, re.MULTILINE) is not None

    def read(self, source: Source) -> Iterator[Fragment]:
        """The facts of its containers, in file order. Raises InputError with the line if it is not YAML, its templates aside."""
        if not re.search(rb"image|storageUri|^data:", source.data, re.MULTILINE):
            return
        text = source.text
        is_template = "{{" in text
        chart = _chart_of(source.path, source.tree)
        if is_template:
            text = _filled(text, chart.values)
        try:
            documents = parse_yaml_documents(text, path=source.path)
        except InputError as error:
            if is_template:
                raise InputError(
                    "is a Helm template that makes YAML only when it is run; render the chart and audit the result",
                    path=source.path,
                    line=error.line,
                ) from error
            raise
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=Role.OPTION if chart.is_off else Role.DEFAULT)
        for document in documents:
            if isinstance(document.value, dict):
                yield from _manifest(document.value, Places(document, text), site)


def _chart_of(path: str, tree: Tree) -> Chart:
    """The chart that a template belongs to."""
    folders = PurePosixPath(path).parts[:-1]
    if "templates" not in folders:
        return Chart({}, {})
    last = len(folders) - 1 - folders[::-1].index("templates")
    return chart_at(tree, "/".join(folders[:last]))


def _filled(text: str, values: Mapping[str, Any]) -> str:
    """A template with its plain references followed; lines stay where they are."""

    def value_of(match: re.Match[str]) -> str:
        found: Any = values
        for key in match[1].split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if found in (None, ""):
            default = _DEFAULT.search(match[2])
            found = default[1].strip() if default else None
        return str(found) if isinstance(found, str | int | float) and "\n" not in str(found) else _OPEN

    lines = (
        line if len(line) > _MAX_LINE else "" if _BLOCK.fullmatch(line) else _OTHER.sub(_OPEN, _VALUE.sub(value_of, line))
        for line in text.split("\n")
    )
    return "\n".join(lines)


def _manifest(value: dict[str, Any], places: Places, site: Site) -> Iterator[Fragment]:
    if value.get("kind") == "ConfigMap":
        yield from setting_facts(((name, word) for name, word in places.settings(value.get("data"), "data") if _is_closed(word.text)), site)
        return
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    seen_values = 0
    while pending and seen_values < _MAX_VALUES:
        place, current = pending.pop()
        seen_values += 1
        if isinstance(current, dict):
            named = [(key, below) for key, below in current.items() if isinstance(key, str)]
            for key, below in named:
                if key in _JOBS and isinstance(below, list):
                    for number, container in enumerate(below):
                        if isinstance(container, dict):
                            yield from _container(container, (*place, key, number), places, site)
                elif key == "storageUri" and isinstance(below, str) and below.startswith("hf://"):
                    yield from _stored(places.word(below, *place, key), site)
            pending.extend(((*place, key), below) for key, below in reversed(named))
        elif isinstance(current, list):
            pending.extend(((*place, number), below) for number, below in reversed(list(enumerate(current))))
    if pending:
        raise InputError(f"holds a manifest of more than {_MAX_VALUES} values, of which lien read the first", path=site.path)


def _container(container: Mapping[str, Any], place: tuple[str | int, ...], places: Places, site: Site) -> Iterator[Fragment]:
    image = container.get("image")
    name = image.removesuffix(f":{_OPEN}") if isinstance(image, str) else ""  # what is open is often the tag alone
    if name and _is_closed(name):
        yield from image_facts(name, site, places.word(name, *place, "image"))
    else:
        name = ""
    settings = [(key, word) for key, word in places.settings(container.get("env"), *place, "env") if _is_closed(word.text)]
    yield from setting_facts(settings, site)
    words = [word for key in ("command", "args") for word in places.words(container.get(key), *place, key)]
    known = {key: word.text for key, word in settings if word.is_known}
    words = [_followed(word, known) for word in words]
    inner = Site(path=site.path, tree=site.tree, reader=site.reader, role=site.role, settings=dict(settings))
    yield from read_image_arguments(name, words, inner)


def _followed(word: Word, known: Mapping[str, str]) -> Word:
    """A word with `$(NAME)` replaced from the container's environment, as Kubernetes does."""
    text = _REFERENCE.sub(lambda match: known.get(match[1], match[0]), word.text)
    return word._replace(text=text, is_known=_is_closed(text) and "$" not in text)


def _is_closed(text: str) -> bool:
    return _OPEN not in text


def _stored(word: Word, site: Site) -> Iterator[Fragment]:
    identifier = model_reference(word.text).id
    if identifier is not None:
        evidence = site.evidence(word)
        yield seen(identifier, evidence, word.text)
        yield RelationSeen(PRODUCT, Relation.LOADS, identifier, evidence, site.role)
