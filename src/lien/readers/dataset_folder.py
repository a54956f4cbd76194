"""Reads what the datasets library writes beside data: that a dataset is in the tree, its licence, and where it was downloaded.

Read are `dataset_info.json` of a dataset on disk, `dataset_infos.json`, and `dataset_dict.json` (datasets, `save_to_disk`).
The registry of LLaMA-Factory bears the first name too, and is read by the reader of its format.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role
from lien.readers._card import card_of
from lien.readers._references import seen
from lien.sources.json_text import parse_json, pointer
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.ids import dataset_id, hub_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["DatasetFolderReader"]

_READER = "dataset-folder"
_INFO, _INFOS, _DICT = "dataset_info.json", "dataset_infos.json", "dataset_dict.json"
_OF_THE_LIBRARY = frozenset({"features", "builder_name", "splits", "download_checksums"})
_MARKS = tuple(f'"{key}"'.encode() for key in sorted(_OF_THE_LIBRARY))
_DOWNLOADED = re.compile(r"(?:hf://datasets/|https?://(?:www\.)?huggingface\.co/datasets/)([\w.-]+/[\w.-]+?)(?:@[^/]*)?/", re.ASCII)
_MAX_DOWNLOADS = 1000


class DatasetFolderReader:
    """JSON files that the datasets library writes."""

    name = _READER
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By the names that the library gives."""
        return path.rpartition("/")[2] in {_INFO, _INFOS, _DICT}

    def accepts(self, head: bytes) -> bool:
        """A JSON object."""
        return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")

    def read(self, source: Source) -> Iterator[Fragment]:
        """The dataset of the folder, which is shipped, its licence and the Hub repositories that it was downloaded from."""
        if not any(mark in source.data for mark in _MARKS):
            return
        document = parse_json(source)
        if not isinstance(document, dict):
            return
        name = source.path.rpartition("/")[2]
        if name == _DICT:
            infos: list[tuple[tuple[str, ...], Mapping[str, Any]]] = []
            if not isinstance(document.get("splits"), list):
                return
        elif name == _INFO:
            infos = [((), document)]
        else:
            infos = [((key,), one) for key, one in document.items() if isinstance(one, dict)]
        infos = [(place, one) for place, one in infos if _OF_THE_LIBRARY & one.keys()]
        if not infos and name != _DICT:
            return
        dataset = _identifier(source)
        evidence = source.evidence(_READER, pointer="")
        yield ArtifactSeen(dataset, Kind.DATASET, evidence)
        yield RelationSeen(PRODUCT, Relation.SHIPS, dataset, evidence)
        for place, info in infos:
            yield from _facts(source, dataset, place, info)
        for _, info in infos:
            downloads = info.get("download_checksums")
            if isinstance(downloads, dict) and len(downloads) > _MAX_DOWNLOADS:
                raise InputError(f"names more than {_MAX_DOWNLOADS} downloads, of which lien read the first", path=source.path)


def _facts(source: Source, dataset: str, place: tuple[str, ...], info: Mapping[str, Any]) -> Iterator[Fragment]:
    written = info.get("license")
    if isinstance(written, str) and written.strip():
        evidence = source.evidence(_READER, pointer=pointer(*place, "license"), as_written=written.strip())
        yield LicenseClaim(dataset, written.strip(), Scheme.FREE_TEXT, evidence, source.path)
    downloads = info.get("download_checksums")
    found: dict[str, Evidence] = {}
    for address in list(downloads)[:_MAX_DOWNLOADS] if isinstance(downloads, dict) else ():
        match = _DOWNLOADED.match(address)
        repository = hub_id(match[1]) if match is not None else None
        if repository is not None:
            found.setdefault(
                dataset_id(repository),
                source.evidence(_READER, pointer=pointer(*place, "download_checksums", address), as_written=address),
            )
    for upstream, evidence in found.items():
        if upstream != dataset:
            yield seen(upstream, evidence)
            yield RelationSeen(dataset, Relation.DERIVED_FROM, upstream, evidence, Role.TRAINING, note="downloaded from there")


def _identifier(source: Source) -> str:
    """By the card of the folder or, of one split among several, of the folder above."""
    folder = source.path.rpartition("/")[0]
    above = folder.rpartition("/")[0]
    if folder and _DICT in source.tree.files_in(above):
        folder = above
    return _card_identifier(source.tree, folder) or dataset_id(f"file:{folder or '.'}")


def _card_identifier(tree: Tree, folder: str) -> str | None:
    for name in tree.files_in(folder):
        if name.lower() == "readme.md":
            try:
                card = card_of(tree.read(f"{folder}/{name}" if folder else name))
            except InputError:
                continue  # the card's own reader complains
            if card is not None and card.kind is Kind.DATASET:
                return card.identifier
    return None
