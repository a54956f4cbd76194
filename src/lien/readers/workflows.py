"""Reads GitHub workflows: containers, services and commands that build and test the product.

Nothing of them is in it: a workflow whose name says that it releases or deploys has the role of building,
any other that of developing. Actions (`uses:`) are not followed.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from lien.graph.fragments import Fragment, Role
from lien.readers._commands import image_facts, read_commands
from lien.readers._environment import setting_facts
from lien.readers._shell import parse_shell
from lien.readers._site import Site
from lien.readers._yaml_places import Places, mappings
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import parse_yaml

__all__ = ["WorkflowReader"]

_BUILDS = frozenset({"build", "release", "publish", "deploy", "docker", "package", "image", "images"})
_EXPRESSION = re.compile(r"\$\{\{[^{}]{0,500}\}\}")


class WorkflowReader:
    """.github/workflows/*.yml, and composite actions of the tree."""

    name = "workflow"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By the folder; actions by their name."""
        pure = PurePosixPath(path)
        if pure.suffix not in {".yml", ".yaml"}:
            return False
        return pure.parts[:-1][-2:] == (".github", "workflows") or (".github" in pure.parts and pure.stem == "action")

    def accepts(self, head: bytes) -> bool:
        """Text."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """The facts of its jobs, in file order. Raises InputError with the line if it is not YAML."""
        if not re.search(rb"\b(?:run|image|container|env)\b", source.data):
            return
        document = parse_yaml(source.text, path=source.path)
        value = document.value
        if not isinstance(value, dict):
            return
        words = set(re.findall(r"[a-z]+", PurePosixPath(source.path).stem.lower()))
        role = Role.BUILD if words & _BUILDS else Role.DEVELOPMENT
        # A name that a run puts together is not lost to the product: nothing of the run is in it.
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=role, reports_lost=False)
        places = Places(document, source.text)
        yield from setting_facts(places.settings(value.get("env"), "env"), site)
        for name, job in mappings(value.get("jobs")):
            yield from _job(job, ("jobs", name), places, site)
        runs = value.get("runs")
        if isinstance(runs, dict):
            yield from _steps(runs.get("steps"), ("runs", "steps"), places, site)


def _job(job: Mapping[str, Any], place: tuple[str | int, ...], places: Places, site: Site) -> Iterator[Fragment]:
    container = job.get("container")
    if isinstance(container, str):
        yield from _image(container, (*place, "container"), places, site)
    elif isinstance(container, dict):
        yield from _image(container.get("image"), (*place, "container", "image"), places, site)
    for name, service in mappings(job.get("services")):
        yield from _image(service.get("image"), (*place, "services", name, "image"), places, site)
        yield from setting_facts(places.settings(service.get("env"), *place, "services", name, "env"), site)
    yield from setting_facts(places.settings(job.get("env"), *place, "env"), site)
    yield from _steps(job.get("steps"), (*place, "steps"), places, site)


def _image(value: Any, place: tuple[str | int, ...], places: Places, site: Site) -> Iterator[Fragment]:  # noqa: ANN401  # YAML is any value
    if isinstance(value, str):
        yield from image_facts(value, site, places.word(value, *place))


def _steps(value: Any, place: tuple[str | int, ...], places: Places, site: Site) -> Iterator[Fragment]:  # noqa: ANN401
    for number, step in enumerate(value if isinstance(value, list) else ()):
        if not isinstance(step, dict):
            continue
        settings = dict(places.settings(step.get("env"), *place, number, "env"))
        yield from setting_facts(settings.items(), site)
        run = step.get("run")
        if isinstance(run, str):
            variables = {name: word.text for name, word in settings.items() if word.is_known}
            text = _EXPRESSION.sub("$EXPRESSION", run)
            yield from read_commands(parse_shell(text, first_line=places.script_line(*place, number, "run"), variables=variables), site)
