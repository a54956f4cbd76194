"""Reads Croissant files (MLCommons, 1.0 and 1.1): a dataset's licence, where it comes from, and whether its data lie beside it.

Croissant is JSON-LD over schema.org; keys are taken by their last part, whatever prefix a context gives them.
Nothing is fetched. Not read: record sets, usage terms in other vocabularies (`usageInfo`), and responsible-AI fields.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers._references import dataset_reference, seen
from lien.sources.json_text import parse_json, pointer
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.ids import dataset_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["CroissantReader"]

_READER = "croissant"
_MARKS = (b"mlcommons.org/croissant", b"mlcommons.org\\/croissant")
_KEY_END = re.compile(r"[:/#]")
_ON_THE_HUB = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:api/)?datasets/", re.IGNORECASE)
_MAX_SOURCES = 200


class CroissantReader:
    """Dataset metadata as the Hub, Kaggle, OpenML and Dataverse write it."""

    name = _READER
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """`croissant*.json`, `*croissant.json`, `*metadata.json` and `*.jsonld`: the format asks for no name."""
        name = path.rpartition("/")[2].lower()
        return name.endswith((".jsonld", "metadata.json", "croissant.json")) or (name.startswith("croissant") and name.endswith(".json"))

    def accepts(self, head: bytes) -> bool:
        """A JSON object."""
        return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")

    def read(self, source: Source) -> Iterator[Fragment]:
        """The dataset, that the product ships or loads it, its licences and sources. Nothing if the file names no Croissant version.

        Raises InputError if it is not JSON, or describes no dataset.
        """
        if not any(mark in source.data for mark in _MARKS):
            return
        document = parse_json(source)
        found = list(_datasets(document))
        if not found:
            raise InputError('says that it is Croissant and holds no dataset; give it "@type": "sc:Dataset"', path=source.path)
        for place, values in found:
            yield from _Dataset(source, place, values).fragments()


def _datasets(document: object) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """The dataset of a document, or those of its `@graph`."""
    if not isinstance(document, dict):
        return
    graph = document.get("@graph")
    nodes: list[tuple[tuple[str | int, ...], object]] = [((), document)]
    if isinstance(graph, list):
        nodes += [(("@graph", number), one) for number, one in enumerate(graph)]
    for place, one in nodes:
        if isinstance(one, dict) and any(_last(text) == "Dataset" for text in _strings(one.get("@type"))):
            yield place, one


def _last(text: str) -> str:
    return _KEY_END.split(text)[-1]


def _strings(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [one for one in items if isinstance(one, str)]


class _Dataset:
    """One dataset node."""

    def __init__(self, source: Source, place: tuple[str | int, ...], values: Mapping[str, Any]) -> None:
        self._source = source
        self._place = place
        self._keys = {_last(key): key for key in reversed(list(values)) if not key.startswith("@")}
        self._values = values

    def fragments(self) -> Iterator[Fragment]:
        dataset = self._identifier()
        evidence = self._evidence("name", self._text("name"))
        yield ArtifactSeen(
            dataset, Kind.DATASET, evidence, name=self._text("name"), version=self._text("version"), publisher=self._publisher()
        )
        relation = Relation.SHIPS if self._has_data() else Relation.LOADS
        yield RelationSeen(PRODUCT, relation, dataset, evidence)
        for key, text, place in self._named("license"):
            scheme = Scheme.URL if "://" in text else Scheme.FREE_TEXT
            yield LicenseClaim(dataset, text, scheme, self._evidence(key, text, *place), self._source.path)
        for key in ("isBasedOn", "wasDerivedFrom"):
            for name, text, place in self._named(key):
                yield from self._based_on(dataset, text, self._evidence(name, text, *place))
            value = self._value(key)
            if isinstance(value, list) and len(value) > _MAX_SOURCES:
                raise InputError(f"names more than {_MAX_SOURCES} sources, of which lien read the first", path=self._source.path)

    def _identifier(self) -> str:
        """By its address on the Hub, else by the folder: a name is no address."""
        for key in ("url", "sameAs"):
            for text in _strings(self._value(key)):
                found = dataset_reference(text).id if _ON_THE_HUB.match(text) else None
                if found is not None:
                    return found
        folder = self._source.path.rpartition("/")[0]
        # Several descriptions may share a folder, and then each is of a dataset of its own.
        name = self._text("name") if self._place or not folder else None
        return dataset_id(f"file:{'/'.join(part for part in (folder, name) if part) or '.'}")

    def _value(self, key: str) -> Any:  # noqa: ANN401  # JSON is any value
        return self._values.get(self._keys.get(key, key))

    def _text(self, key: str) -> str | None:
        return next((one.strip() for one in _strings(self._value(key)) if one.strip()), None)

    def _publisher(self) -> str | None:
        for key in ("publisher", "creator"):
            for _, text, _ in self._named(key):
                if "://" not in text:
                    return text
        return None

    def _has_data(self) -> bool:
        """Does one of the files of the distribution lie in the tree?"""
        files = self._value("distribution")
        for one in files if isinstance(files, list) else [files]:
            for key, value in one.items() if isinstance(one, dict) else ():
                if _last(key) == "contentUrl" and isinstance(value, str) and "://" not in value:
                    inside = self._source.tree.join(self._source.path, value)
                    if inside is not None and self._source.tree.has(inside):
                        return True
        return False

    def _named(self, key: str) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
        """The texts of a key: strings, and of objects their address, id or name; with the place below the key."""
        value = self._value(key)
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for number, one in items[:_MAX_SOURCES]:
            place: tuple[str | int, ...] = () if number is None else (number,)
            if isinstance(one, str) and one.strip():
                yield key, one.strip(), place
            elif isinstance(one, dict):
                known = {_last(name) if not name.startswith("@") else name: (name, text) for name, text in one.items()}
                wanted = ("name", "url", "@id") if key in {"publisher", "creator"} else ("url", "@id", "identifier", "name")
                for part in wanted:
                    name, text = known.get(part, ("", None))
                    if isinstance(text, str) and text.strip():
                        yield key, text.strip(), (*place, name)
                        break

    def _based_on(self, dataset: str, text: str, evidence: Evidence) -> Iterator[Fragment]:
        found = dataset_reference(text).id if _ON_THE_HUB.match(text) else None
        if found is None:
            yield UnresolvedReference(dataset, text, "is a source outside the Hub; declare what it is in lien.toml", evidence)
        elif found != dataset:
            yield seen(found, evidence, text)
            yield RelationSeen(dataset, Relation.DERIVED_FROM, found, evidence, Role.TRAINING)

    def _evidence(self, key: str, written: str | None, *below: str | int) -> Evidence:
        written_key = self._keys.get(key, key)
        place = (*self._place, written_key, *below) if written_key in self._values else self._place
        return self._source.evidence(_READER, pointer=pointer(*place), as_written=written)
