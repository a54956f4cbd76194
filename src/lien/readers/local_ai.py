"""Reads LocalAI's model files and galleries: models by the addresses of their files.

A gallery is a list to choose from: its models are options, with the licence that it states for each.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.graph.fragments import PRODUCT, Fragment, LicenseClaim, RelationSeen, Role
from lien.readers._downloads import reference_of_file
from lien.readers._references import Reference, model_reference, ollama_reference, seen
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import YamlDocument, parse_yaml
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["LocalAiReader"]

_OWN_KEYS = frozenset(
    {"backend", "context_size", "embeddings", "template", "f16", "threads", "gpu_layers", "download_files", "mmap", "usage"}
)
_HINT = re.compile(rb"^(?:(?:parameters|download_files):|  (?:overrides|files):|- &?\w*\s*(?:overrides|files):)", re.MULTILINE)

_Place = tuple[str | int, ...]


class LocalAiReader:
    """Any YAML file that holds a model or a gallery as LocalAI writes them."""

    name = "localai"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By ending alone: the file is known by its keys."""
        return path.lower().endswith((".yaml", ".yml"))

    def accepts(self, head: bytes) -> bool:
        """Does its beginning hold a key of such files?"""
        is_list = re.search(rb"^- ", head, re.MULTILINE) is not None
        found = _HINT.search(head)
        return b"name:" in head and found is not None and (is_list or not found[0].startswith(b" "))

    def read(self, source: Source) -> Iterator[Fragment]:
        """The models, in file order; nothing if it is another kind of file. Raises InputError with the line if it is not YAML."""
        if not re.search(rb"huggingface://|ollama://|https?://|model:", source.data):
            return
        document = parse_yaml(source.text, path=source.path)
        value = document.value
        if isinstance(value, dict) and _is_model(value):
            yield from _model(value, (), document, source, Role.DEFAULT)
        elif isinstance(value, list) and all(isinstance(one, dict) and "name" in one for one in value):
            for number, one in enumerate(value):
                if isinstance(one.get("files"), list) or isinstance(one.get("overrides"), dict):
                    yield from _model(one, (number,), document, source, Role.OPTION)


def _is_model(value: Mapping[str, Any]) -> bool:
    parameters = value.get("parameters")
    has_model = isinstance(parameters, dict) and isinstance(parameters.get("model"), str)
    return (
        isinstance(value.get("name"), str)
        and (has_model or isinstance(value.get("download_files"), list))
        and bool(_OWN_KEYS & value.keys())
    )


def _model(value: Mapping[str, Any], place: _Place, document: YamlDocument, source: Source, role: Role) -> Iterator[Fragment]:
    found: set[str] = set()
    for where, address in _addresses(value, place):
        identifier = _reference(address).id
        if identifier is None or identifier in found:
            continue
        found.add(identifier)
        evidence = source.evidence(LocalAiReader.name, line=document.line(*where), as_written=address)
        yield seen(identifier, evidence, str(value.get("name")))
        yield RelationSeen(PRODUCT, Relation.LOADS, identifier, evidence, role)
    text = value.get("license")
    if isinstance(text, str) and len(found) == 1:
        evidence = source.evidence(LocalAiReader.name, line=document.line(*place, "license"), as_written=text)
        yield LicenseClaim(found.pop(), text, Scheme.FREE_TEXT, evidence, said_by=source.path)


def _addresses(value: Mapping[str, Any], place: _Place) -> Iterator[tuple[_Place, str]]:
    parameters = value.get("parameters")
    if isinstance(parameters, dict) and isinstance(parameters.get("model"), str):
        yield (*place, "parameters", "model"), parameters["model"]
    for key in ("download_files", "files"):
        files = value.get(key)
        for number, file in enumerate(files if isinstance(files, list) else ()):
            if isinstance(file, dict) and isinstance(file.get("uri"), str):
                yield (*place, key, number, "uri"), file["uri"]


def _reference(address: str) -> Reference:
    """LocalAI's own schemes, addresses, and names on the Hub; a file that lies beside the server is no reference."""
    scheme, separator, rest = address.partition("://")
    if scheme in {"huggingface", "hf"} and separator:
        return model_reference("https://huggingface.co/" + rest.partition("@")[0])
    if scheme == "ollama" and separator:
        return ollama_reference(rest)
    if scheme in {"http", "https"} and separator:
        found = model_reference(address)
        return found if found.id is not None else reference_of_file(address)
    if separator or address.count("/") != 1:
        return Reference(None, "is a file of the server")
    return model_reference(address)
