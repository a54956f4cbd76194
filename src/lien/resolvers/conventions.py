"""Lineage that a publisher's way of naming tells: a guess, marked as inferred, where nobody says more.

`bartowski/X-GGUF` is a quantisation of X, `NousResearch/Llama-2-7b-hf` a copy of Meta's repository. The rules and
their sources stand in `graphs/conventions.yaml`. Weight files travel under their makers' names, whoever passes them on:
`…/inswapper_128.onnx` is that file, and `…/mistral-7b-instruct-v0.1.Q4_0.gguf` a quantisation. A guess needs exactly one known model of the name: where two
owners have one, or the name only resembles, nothing is said.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.catalog.store import Catalog
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, RelationSeen, Role
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.relations import FAMILY_CLASSES, Relation

__all__ = ["by_convention", "is_lineage", "model_of_name"]

_READER = "catalog"
_COPIES = frozenset({Relation.MIRROR_OF, Relation.REDISTRIBUTES, Relation.CONVERTED_FROM, Relation.QUANTIZED_FROM})
_FILE = re.compile(r"[:/]([^/:]{1,120})\.(gguf|ggml|onnx|pth|pt|ckpt|safetensors|bin)$")
_QUANTISED = re.compile(r"(?:[-._](?:i?q\d\w{0,6}|b?f(?:p)?(?:16|32)|int[48]|gguf\d?|ggml\w{0,4}|newbpe))+$")
_MIN_NAME = 8
"""Shorter names are those of files of any kind."""

_WEIGHT_FORMAT = "-hf"
"""Ending of the repositories in which Meta keeps the same weights for the transformers library."""


def is_lineage(fragment: Fragment) -> bool:
    """Does a fact say what a model came from?"""
    return isinstance(fragment, RelationSeen) and fragment.type.reach in FAMILY_CLASSES


def by_convention(catalog: Catalog, identifier: str) -> Iterator[Fragment]:
    """The inferred relation of a model of a publisher with a convention, if exactly one known model has the name that it says."""
    owner, slash, name = identifier.removeprefix("model:").partition("/")
    file = _FILE.search(identifier)
    if file is not None:
        yield from _by_file(catalog, identifier, file[1], file[2])
        return
    if not slash and ":" not in owner:
        yield from _by_file(catalog, identifier, owner, "")
        return
    if not slash or "/" in name or ":" in owner:
        return
    for convention in catalog.conventions:
        if owner not in convention.get("publishers", (owner,)) or "files" in convention or "weight_files" in convention:
            continue
        for original in _names(convention, name):
            upstream = _known(catalog, convention, owner, original)
            if upstream is not None and upstream != identifier:
                yield from _guess(convention, identifier, upstream, f"{owner}/{name}")
                return


def _guess(convention: Mapping[str, Any], identifier: str, upstream: str, written: str) -> Iterator[Fragment]:
    evidence = Evidence(reader=_READER, basis=Basis.INFERRED, source=convention["source"], as_written=written)
    note = f"inferred from the name {written} (convention {convention['key']})"
    yield ArtifactSeen(upstream, Kind.MODEL, evidence)
    yield RelationSeen(identifier, Relation(convention["relation"]), upstream, evidence, Role.TRAINING, note=note)


def _by_file(catalog: Catalog, identifier: str, stem: str, ending: str) -> Iterator[Fragment]:
    """What a weight file is by its name alone: one that a maker's own list has, or one quantised from a model of its name."""
    for convention in catalog.conventions:
        upstream = convention.get("files", {}).get(stem)
        if upstream is None and ending in convention.get("weight_files", ()):
            name = _QUANTISED.sub("", stem)
            upstream = _original(catalog, catalog.models_named(name)) if len(name) >= _MIN_NAME else None
        if upstream is not None and upstream != identifier:
            yield from _guess(convention, identifier, upstream, f"{stem}.{ending}".rstrip("."))
            return


def _names(convention: Mapping[str, Any], name: str) -> Iterator[str]:
    """What the original may be called: the name without the longest ending that it has, or the whole of it."""
    if "endings" not in convention:
        yield name
        return
    endings = [ending for ending in convention["endings"] if name.endswith((f"-{ending}", f".{ending}", f"_{ending}"))]
    for ending in sorted(endings, key=len, reverse=True)[:1]:
        yield name[: -len(ending) - 1]


def _known(catalog: Catalog, convention: Mapping[str, Any], owner: str, name: str) -> str | None:
    if "owner_before" in convention:
        first, mark, rest = name.partition(convention["owner_before"])
        found = catalog.canonical(f"model:{first}/{rest}")
        return found if mark and catalog.artifact(found) is not None else None
    if "publishers" not in convention and "owners" not in convention:
        found = catalog.canonical(f"model:{owner}/{name}")
        return found if catalog.artifact(found) is not None else None
    candidates = catalog.models_named(name) or catalog.models_named(name + _WEIGHT_FORMAT)
    if "owners" in convention:
        candidates = tuple(one for one in candidates if one.removeprefix("model:").partition("/")[0] in convention["owners"])
    return _original(catalog, candidates)


def model_of_name(catalog: Catalog, name: str) -> str | None:
    """The one known model of a bare name, in small letters; None if there is none, or if several owners each have their own."""
    known = catalog.canonical(f"model:{name}")
    if catalog.artifact(known) is not None:
        return known
    return _original(catalog, catalog.models_named(name) or catalog.models_named(name + _WEIGHT_FORMAT))


def _original(catalog: Catalog, candidates: tuple[str, ...]) -> str | None:
    """The one among models of the same name that is no copy of another."""
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    first = [one for one in candidates if not _copies_of(catalog, one) & set(candidates)]
    return first[0] if len(first) == 1 else None


def _copies_of(catalog: Catalog, identifier: str) -> set[str]:
    entry = catalog.artifact(identifier) or {"relations": ()}
    return {catalog.canonical(one["to"]) for one in entry["relations"] if Relation(one["type"]) in _COPIES}
