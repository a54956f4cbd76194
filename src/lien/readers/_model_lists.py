"""Lists of models to download, in JSON: entries with the addresses of their weights, in a list or under their names.

What an entry says of its licence is a claim. All are there to choose from, but for what the default of an option of
the command line names.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role
from lien.readers._references import WeightFile, weight_file
from lien.sources.json_text import pointer
from lien.sources.source import Source
from lien.vocabulary.ids import model_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["is_list_of_models", "models_listed"]

_MAX_ENTRIES: Final = 2_000
_MAX_DEPTH: Final = 8
_LICENSE_KEYS: Final = ("license", "licence")
_ADDRESS_KEYS: Final = ("url", "urls", "hf_url", "github_rls_url", "download_url", "download", "model_url", "weights", "files")
_ARCHIVES: Final = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2")

Keys = tuple[str | int, ...]


def is_list_of_models(document: object) -> bool:
    """Does a document hold such entries?"""
    return next(_entries(document), None) is not None


def models_listed(source: Source, document: object, reader: str, role: Role) -> Iterator[Fragment]:
    """Each model with its licence, in file order. `role` is that of the file; DEFAULT makes each of them an option."""
    for keys, entry in _entries(document):
        place, address = _address(entry) or ((), "")
        found = weight_file(address)
        text = next((entry[key] for key in _LICENSE_KEYS if isinstance(entry.get(key), str) and entry[key].strip()), None)
        identifier = _identifier(source.path, keys, found, is_licensed=text is not None)
        if identifier is None:
            continue
        evidence = source.evidence(reader, pointer=pointer(*keys, *place), as_written=address)
        name = str(keys[-1]) if isinstance(keys[-1], str) else found.name if found is not None else None
        yield ArtifactSeen(identifier, Kind.MODEL, evidence, name=name)
        yield RelationSeen(PRODUCT, Relation.LOADS, identifier, evidence, _role(role, keys, source))
        if found is not None and found.id == identifier and found.repository is not None:
            yield ArtifactSeen(found.repository, Kind.MODEL, evidence)
            yield RelationSeen(identifier, Relation.MIRROR_OF, found.repository, evidence)
        if text is not None:
            yield LicenseClaim(identifier, text, Scheme.FREE_TEXT, _said(source, keys, entry, text, reader), source.path)


def _entries(document: object) -> Iterator[tuple[Keys, Mapping[str, Any]]]:
    """Entries with their keys; nothing is looked for inside an entry."""
    pending: list[tuple[Keys, object]] = [((), document)]
    count = 0
    while pending and count < _MAX_ENTRIES:
        keys, value = pending.pop()
        if isinstance(value, dict) and keys and _address(value) is not None:
            count += 1
            yield keys, value
        elif isinstance(value, (dict, list)) and len(keys) < _MAX_DEPTH:
            below = value.items() if isinstance(value, dict) else enumerate(value)
            pending.extend(reversed([((*keys, key), one) for key, one in below if isinstance(one, (dict, list))]))


def _address(entry: Mapping[str, Any]) -> tuple[Keys, str] | None:
    """The first address of weights in an entry, and where it stands; an archive counts where the entry says its licence."""
    for key in _ADDRESS_KEYS:
        value = entry.get(key)
        for number, one in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(one, str) and "://" in one and (weight_file(one) is not None or _is_archive(one, entry)):
                return ((key,) if number is None else (key, number)), one
    return None


def _is_archive(address: str, entry: Mapping[str, Any]) -> bool:
    return address.lower().endswith(_ARCHIVES) and any(isinstance(entry.get(key), str) for key in _LICENSE_KEYS)


def _identifier(path: str, keys: Keys, found: WeightFile | None, *, is_licensed: bool) -> str | None:
    """The repository or file at the address; where an entry has a name and a licence and the host says nothing, its own name."""
    names = [one for one in keys if isinstance(one, str)]
    is_plain = found is None or found.id.startswith("model:url:")
    if is_plain and is_licensed and names:
        return model_id(f"{path.partition('/')[0]}:{'/'.join(names)}")
    return found.id if found is not None else None


def _role(role: Role, keys: Keys, source: Source) -> Role:
    if role is not Role.DEFAULT:
        return role
    from lien.readers._python_project import project_of  # noqa: PLC0415  # a tree without such lists does not need it

    words = project_of(source.tree).option_words
    names = [one for one in keys if isinstance(one, str)]
    return Role.DEFAULT if names and ("/".join(names) in words or names[-1] in words) else Role.OPTION


def _said(source: Source, keys: Keys, entry: Mapping[str, Any], text: str, reader: str) -> Evidence:
    key = next(key for key in _LICENSE_KEYS if entry.get(key) == text)
    return source.evidence(reader, pointer=pointer(*keys, key), as_written=text)
