"""Reads compose files: images, commands, and models named in the environment of services, with `${NAME:-default}` followed.

Variables are those of a `.env` beside the file, else their written defaults. A service with profiles is
started only when one of them is asked for: what it names is an option. What a file includes, and what a service
extends, is read with it where its own name does not say that it is a compose file. Not read: `env_file` (read for
itself), and where volumes come from.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._commands import image_facts, read_image_arguments
from lien.readers._dotenv import dotenv_values
from lien.readers._environment import setting_facts
from lien.readers._references import model_reference, seen
from lien.readers._shell import Word, expand, parse_shell
from lien.readers._site import Site
from lien.readers._yaml_places import Places
from lien.sources.limits import MAX_FILE_BYTES, MAX_INCLUDES
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.sources.yaml_text import parse_yaml
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
        return _is_named(path)

    def accepts(self, head: bytes) -> bool:
        """Text: `services` may stand behind a long preamble."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """The facts of its services, in file order. Raises InputError with the line if it is not YAML."""
        if not any(word in source.data for word in (b"services", b"models", b"include")):
            return
        words = set(re.split(r"[^a-z]+", source.path.rpartition("/")[2].lower()))
        role = Role.DEVELOPMENT if words & set(_TOLERATED) else Role.DEFAULT
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=role)
        yield from _file(_Compose(source), site, {source.path})


def _file(compose: "_Compose", site: Site, visited: set[str]) -> Iterator[Fragment]:
    """The services and models of a file, and of the files that it includes (Compose specification, "Include")."""
    value = compose.value
    for name, service in _items(value.get("services")):
        if isinstance(service, dict):
            yield from compose.service(service, ("services", name), site, frozenset({(site.path, name)}))
    for name, model in _items(value.get("models")):
        if isinstance(model, dict) and isinstance(model.get("model"), str):
            yield from _runner_model(compose.word(model["model"], "models", name, "model"), site)
    for text, place in _included(value.get("include")):
        word = compose.word(text, *place)
        path = site.tree.join(site.path, word.text) if word.is_known and "://" not in word.text else None
        if path is None or not site.tree.has(path):
            yield _lost(word, "is a compose file that is not in the audited tree; keep a copy in it", site)
        elif path not in visited and not _is_named(path) and len(visited) <= MAX_INCLUDES:
            visited.add(path)
            other = _opened(site.tree, path)
            if other is None:
                yield _lost(word, "is a compose file that cannot be read; mend it", site)
            else:
                yield from _file(other, replace(site, path=path), visited)


def _included(value: Any) -> Iterator[tuple[str, tuple[str | int, ...]]]:  # noqa: ANN401  # YAML is any value
    """Paths that `include` names, each by itself or as `path` of an entry, which may be a list."""
    for number, entry in enumerate(value if isinstance(value, list) else []):
        paths = entry.get("path") if isinstance(entry, dict) else entry
        for one in paths if isinstance(paths, list) else [paths]:
            if isinstance(one, str):
                yield one, ("include", number)


def _lost(word: Word, reason: str, site: Site) -> UnresolvedReference:
    return UnresolvedReference(PRODUCT, word.written, reason, site.evidence(word), role=site.role)


def _is_named(path: str) -> bool:
    """Is this a compose file by its name, which is read for itself?"""
    return _NAME.fullmatch(path.rpartition("/")[2].lower()) is not None


def _opened(tree: Tree, path: str) -> "_Compose | None":
    try:
        return _Compose(tree.read(path, limit=MAX_FILE_BYTES))
    except InputError:
        return None


class _Base(NamedTuple):
    """What a service has of the one that it extends: its image, its environment, and its own facts if nobody else tells them."""

    image: Word | None = None
    settings: Mapping[str, Word] = {}
    facts: tuple[Fragment, ...] = ()


class _Compose:
    """One file. Raises InputError with the line if it is not YAML."""

    def __init__(self, source: Source) -> None:
        self._document = parse_yaml(source.text, path=source.path)
        self._places = Places(self._document, source.text)
        self._variables: Mapping[str, str] = dotenv_values(source.tree, source.tree.join(source.path, ".env"))
        self.value: dict[str, Any] = self._document.value if isinstance(self._document.value, dict) else {}

    def word(self, text: str, *place: str | int) -> Word:
        """A scalar with its variables followed."""
        value, is_known = expand(text.replace("$$", "\0"), self._variables)
        return Word(value.replace("\0", "$"), self._document.line(*place) or 1, text, is_known)

    def service(
        self, service: Mapping[str, Any], place: tuple[str, ...], site: Site, visited: frozenset[tuple[str, str]]
    ) -> Iterator[Fragment]:
        """The facts of a service, those of what it extends first."""
        if service.get("profiles") and site.role is Role.DEFAULT:
            site = replace(site, role=Role.OPTION)
        base = self._base(service, place, site, visited)
        if isinstance(base, UnresolvedReference):
            yield base
            base = _Base()
        yield from base.facts
        image = self._image(service, place)
        # An image beside `build` is only what the result is called.
        is_upstream = image is not None and image.is_known and "build" not in service
        if image is not None and is_upstream:
            yield from image_facts(image.text, site, image)
        settings = list(self._settings(service.get("environment"), (*place, "environment")))
        yield from setting_facts(settings, site)
        build = service.get("build")
        if isinstance(build, dict):
            yield from setting_facts(self._settings(build.get("args"), (*place, "build", "args")), site)
        inner = replace(site, settings={**base.settings, **dict(settings)})
        words = self._command(service, place)
        image = image if is_upstream else base.image if image is None and "build" not in service else None
        if words or is_upstream:
            yield from read_image_arguments(image.text if image is not None else "", words, inner)
        provider = service.get("provider")
        if isinstance(provider, dict) and provider.get("type") == "model" and isinstance(provider.get("options"), dict):
            model = provider["options"].get("model")
            if isinstance(model, str):
                yield from _runner_model(self.word(model, *place, "provider", "options", "model"), site)

    def _base(
        self, service: Mapping[str, Any], place: tuple[str, ...], site: Site, visited: frozenset[tuple[str, str]]
    ) -> "_Base | UnresolvedReference":
        """What `extends` gives. A service of this file, or of another compose file, is read for itself too."""
        extends = service.get("extends")
        named = {"service": extends} if isinstance(extends, str) else extends if isinstance(extends, dict) else {}
        name, file = named.get("service"), named.get("file")
        if not isinstance(name, str):
            return _Base()
        word = self.word(file if isinstance(file, str) else name, *place, "extends")
        path = site.path if not isinstance(file, str) else site.tree.join(site.path, word.text) if word.is_known else None
        other = self if path == site.path else _opened(site.tree, path) if path is not None and site.tree.has(path) else None
        found = dict(_items(other.value.get("services"))).get(name) if other is not None else None
        if path is None or other is None or not isinstance(found, dict):
            return _lost(word, f"holds no service {name} that lien can read; keep a copy in the audited tree", site)
        if (path, name) in visited or len(visited) > MAX_INCLUDES:
            return _Base()
        return other.as_base(found, name, replace(site, path=path), visited | {(path, name)}, service)

    def as_base(
        self, found: Mapping[str, Any], name: str, site: Site, visited: frozenset[tuple[str, str]], extending: Mapping[str, Any]
    ) -> "_Base":
        """What another service has of this one; the facts are what it does not say anew."""
        place = ("services", name)
        replaced = {key for key in ("image", "command", "entrypoint", "build") if key in extending}
        kept = {key: value for key, value in found.items() if key not in replaced | {"profiles"}}
        below = self._base(found, place, site, visited)
        base = below if isinstance(below, _Base) else _Base()
        image = self._image(kept, place) or base.image
        settings = {**base.settings, **dict(self._settings(found.get("environment"), (*place, "environment")))}
        if _is_named(site.path):
            return _Base(image, settings)
        if "image" in extending and isinstance(extending["image"], str) and "build" not in extending:
            # Its command runs in the image that the other one takes instead.
            kept["image"] = extending["image"]
        facts = list(self.service(kept, place, site, visited))
        if "image" in extending:
            facts = [one for one in facts if not _is_image(one)]
        return _Base(image, settings, facts=tuple(facts))

    def _image(self, service: Mapping[str, Any], place: tuple[str, ...]) -> Word | None:
        image = service.get("image")
        return self.word(image, *place, "image") if isinstance(image, str) else None

    def _command(self, service: Mapping[str, Any], place: tuple[str, ...]) -> list[Word]:
        return [word for key in ("entrypoint", "command") for word in self._words(service.get(key), (*place, key))]

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


def _is_image(fragment: Fragment) -> bool:
    named = fragment.upstream if isinstance(fragment, RelationSeen) else fragment.id if isinstance(fragment, ArtifactSeen) else ""
    return named.startswith("image:")


def _items(value: Any) -> list[tuple[str, Any]]:  # noqa: ANN401
    return [(name, one) for name, one in value.items() if isinstance(name, str)] if isinstance(value, dict) else []
