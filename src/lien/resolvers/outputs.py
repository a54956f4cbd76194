"""Folders that one recipe writes and another one reads: the stages of a training become one chain.

A folder is followed only if exactly one recipe of the tree writes it; what two of them write is neither's.
"""

import re
from collections.abc import Iterable, Iterator

from lien.graph.fragments import ArtifactSeen, Fragment, RelationSeen, Role, UnresolvedReference
from lien.vocabulary.ids import kind_of, model_id
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.relations import Relation

__all__ = ["OUTPUT_FOLDER", "through_outputs"]

OUTPUT_FOLDER = "output_dir"
"""The attribute of a thing made here that names the folder it is written to."""

_STAGE = re.compile(r"/(?:checkpoint-\d{1,9}|epoch_\d{1,6}|final(?:_checkpoint)?|merged|last|best)$")


def through_outputs(fragments: Iterable[Fragment]) -> list[Fragment]:
    """The fragments, with references to a folder that one recipe here writes turned into *inferred* relations to its result."""
    fragments = list(fragments)
    writers: dict[str, set[tuple[str, str | None]]] = {}
    for one in fragments:
        if isinstance(one, ArtifactSeen) and one.made_here:
            folder = _plain(dict(one.attributes).get(OUTPUT_FOLDER))
            if folder is not None:
                writers.setdefault(folder, set()).add((one.id, one.evidence.path))
    if not writers:
        return fragments
    followed = [_followed(one, writers) if isinstance(one, UnresolvedReference) else one for one in fragments]
    return [*followed, *_standing(followed, writers)]


def _standing(fragments: list[Fragment], writers: dict[str, set[tuple[str, str | None]]]) -> Iterator[Fragment]:
    """The model that stands in a folder which one recipe writes is that recipe's result: as far as anybody tells, a copy of it."""
    by_id: dict[str, set[tuple[str, str | None]]] = {}
    for folder, results in writers.items():
        by_id.setdefault(model_id(f"file:{folder}"), set()).update(results)
    read = {(one.downstream, one.upstream) for one in fragments if isinstance(one, RelationSeen)}
    seen = set()
    for one in fragments:
        if not isinstance(one, ArtifactSeen) or one.made_here or one.id in seen or len(by_id.get(one.id, ())) != 1:
            continue
        seen.add(one.id)
        [(made, path)] = by_id[one.id]
        # A recipe that goes on with what it finds in its own folder writes another model over it.
        if kind_of(made) is Kind.MODEL and (made, one.id) not in read:
            evidence = one.evidence._replace(basis=Basis.INFERRED, source=f"{path} writes this folder")
            yield RelationSeen(one.id, Relation.MIRROR_OF, made, evidence, Role.TRAINING)


def _followed(reference: UnresolvedReference, writers: dict[str, set[tuple[str, str | None]]]) -> Fragment:
    folder = _plain(reference.what)
    if reference.type is None or folder is None:
        return reference
    found = writers.get(folder) or writers.get(_STAGE.sub("", folder)) or set()
    if len(found) != 1:
        return reference
    made, path = next(iter(found))
    if made == reference.downstream or kind_of(made) is not reference.kind:
        return reference
    evidence = reference.evidence._replace(basis=Basis.INFERRED, source=f"{path} writes this folder")
    return RelationSeen(reference.downstream, reference.type, made, evidence, reference.role)


def _plain(folder: object) -> str | None:
    """A path as both recipes may write it; None for what is no path or hangs on the place of the machine."""
    if not isinstance(folder, str) or "$" in folder or "{" in folder:
        return None
    path = folder.strip().replace("\\", "/")
    while path.startswith("./"):
        path = path[2:]
    path = path.rstrip("/")
    return path if path not in {"", ".", ".."} else None
