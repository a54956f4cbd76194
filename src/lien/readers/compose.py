"""Reads compose files: images, commands, and models named in the environment of services, with `${NAME:-default}` followed.

Variables are those of a `.env` beside the file, else their written defaults. A service with profiles is
started only when one of them is asked for: what it names is an option. Not read: `extends`, `include`,
`env_file` (read for itself), and where volumes come from.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role
from lien.readers._commands import image_facts, read_image_arguments
from lien.readers._dotenv import dotenv_values
from lien.readers._environment import setting_facts
from lien.readers._references import model_reference, seen
from lien.readers._shell import Word, expand, parse_shell
from lien.readers._site import Site
from lien.readers._yaml_places import Places
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import YamlDocument, parse_yaml
from lien.vocabulary.relations import Relation

__all__ = ["ComposeReader"]

_NAME = re.compile(r"(?:docker[-_.])?compose(?:[-_.][\w.-]*)?\.ya?ml|[\w.-]*[-_.](?:docker[-_])?compose\.ya?ml")
_TOLERATED = ("dev", "develop", "development", "test", "tests", "ci")


class ComposeReader:
    """compose.yaml, docker-compose*.yml and their like."""

    name = "compose"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By name."""
        return _NAME.fullmatch(path.rpartition("/")[2].lower()) is not None

    def accepts(self, head: bytes) -> bool:
        """Text: `services` may stand behind a long preamble."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """The facts of its services, in file order. Raises InputError with the line if it is not YAML."""
        if b"services" not in source.data and b"models" not in source.data:
            return
        document = parse_yaml(source.text, path=source.path)
        value = document.value
        if not isinstance(value, dict):
            return
        words = set(re.split(r"[^a-z]+", source.path.rpartition("/")[2].lower()))
        role = Role.DEVELOPMENT if words & set(_TOLERATED) else Role.DEFAULT
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=role)
        variables = dotenv_values(source.tree, source.tree.join(source.path, ".env"))
        reading = _Compose(document, source.text, variables)
        for name, service in _items(value.get("services")):
            if isinstance(service, dict):
                yield from reading.service(service, ("services", name), site)
        for name, model in _items(value.get("models")):
            if isinstance(model, dict) and isinstance(model.get("model"), str):
                yield from _runner_model(reading.word(model["model"], "models", name, "model"), site)


class _Compose:
    def __init__(self, document: YamlDocument, text: str, variables: Mapping[str, str]) -> None:
        self._document = document
        self._places = Places(document, text)
        self._variables = variables

    def word(self, text: str, *place: str | int) -> Word:
        """A scalar with its variables followed."""
        value, is_known = expand(text.replace("$$", "\0"), self._variables)
        return Word(value.replace("\0", "$"), self._document.line(*place) or 1, text, is_known)

    def service(self, service: Mapping[str, Any], place: tuple[str, ...], site: Site) -> Iterator[Fragment]:
        if service.get("profiles") and site.role is Role.DEFAULT:
            site = replace(site, role=Role.OPTION)
        image = service.get("image")
        word = self.word(image, *place, "image") if isinstance(image, str) else None
        # An image beside `build` is only what the result is called.
        is_upstream = word is not None and word.is_known and "build" not in service
        if word is not None and is_upstream:
            yield from image_facts(word.text, site, word)
        settings = list(self._settings(service.get("environment"), (*place, "environment")))
        yield from setting_facts(settings, site)
        build = service.get("build")
        if isinstance(build, dict):
            yield from setting_facts(self._settings(build.get("args"), (*place, "build", "args")), site)
        inner = replace(site, settings=dict(settings))
        words = [word for key in ("entrypoint", "command") for word in self._words(service.get(key), (*place, key))]
        if words or is_upstream:
            yield from read_image_arguments(word.text if word is not None and is_upstream else "", words, inner)
        provider = service.get("provider")
        if isinstance(provider, dict) and provider.get("type") == "model" and isinstance(provider.get("options"), dict):
            model = provider["options"].get("model")
            if isinstance(model, str):
                yield from _runner_model(self.word(model, *place, "provider", "options", "model"), site)

    def _settings(self, value: Any, place: tuple[str, ...]) -> Iterator[tuple[str, Word]]:  # noqa: ANN401  # YAML is any value
        if isinstance(value, dict):
            for name, text in value.items():
                if isinstance(name, str) and isinstance(text, str):
                    yield name, self.word(text, *place, name)
        elif isinstance(value, list):
            for number, text in enumerate(value):
                if isinstance(text, str) and "=" in text:
                    name, _, rest = text.partition("=")
                    yield name.strip(), self.word(rest, *place, number)

    def _words(self, value: Any, place: tuple[str, ...]) -> list[Word]:  # noqa: ANN401
        if isinstance(value, list):
            return [self.word(text, *place, number) for number, text in enumerate(value) if isinstance(text, str)]
        if not isinstance(value, str):
            return []
        line = self._places.script_line(*place)
        commands = parse_shell(value.replace("$$", "$"), first_line=line, variables=self._variables)
        if len(commands) == 1:
            return list(commands[0].words)
        return [Word("sh", line, "sh"), Word("-c", line, "-c"), Word(value.replace("$$", "$"), line, value)] if commands else []


def _runner_model(word: Word, site: Site) -> Iterator[Fragment]:
    """A model of Docker's runner: on the Hub, or by its name in Docker's own registry."""
    if not word.is_known:
        return
    is_hub = word.text.startswith(("hf.co/", "huggingface.co/"))
    identifier = model_reference(word.text).id if is_hub else f"model:docker:{word.text.lower().removesuffix(':latest')}"
    if identifier is not None:
        evidence = site.evidence(word)
        yield seen(identifier, evidence, word.text)
        yield RelationSeen(PRODUCT, Relation.LOADS, identifier, evidence, site.role)


def _items(value: Any) -> list[tuple[str, Any]]:  # noqa: ANN401
    return [(name, one) for name, one in value.items() if isinstance(name, str)] if isinstance(value, dict) else []
