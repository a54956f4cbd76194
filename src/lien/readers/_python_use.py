"""One thing that a Python module uses, and the fragments that say so."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._python_values import Place
from lien.vocabulary.ids import kind_of
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["Use", "evidence_at", "fragments_of", "seen"]


class Use(NamedTuple):
    """One thing that the module names: how it takes part, where it is called (`place`) and where its name stands (`named`)."""

    id: str | None
    relation: Relation
    role: Role
    place: Place
    named: Place
    written: str
    reason: str | None = None
    call: ast.Call | None = None
    is_support: bool = False
    """A tokenizer or processor: it names the model without being its weights."""
    aliases: tuple[str, ...] = ()
    kind: Kind = Kind.MODEL
    """What it would be, where it has no id."""
    below: tuple[str, Relation] | None = None
    """The provider that offers a hosted model, or the base of an adapter."""


def fragments_of(uses: Sequence[Use]) -> Iterator[Fragment]:
    """Uses by the product, in the order of their places."""
    for use in uses:
        evidence = evidence_at(use.place, use.written)
        if use.id is None:
            yield UnresolvedReference(PRODUCT, use.written, use.reason or "cannot be followed", evidence, use.relation, use.kind, use.role)
            continue
        yield from seen(use)
        yield RelationSeen(PRODUCT, use.relation, use.id, evidence, use.role)


def seen(use: Use) -> Iterator[Fragment]:
    """The sightings of what a use names, where its name stands and where it is called."""
    assert use.id is not None  # noqa: S101  # the caller looked
    kind = kind_of(use.id)
    for place in dict.fromkeys((use.named, use.place)):
        yield ArtifactSeen(use.id, kind, evidence_at(place, use.written), name=use.written, aliases=use.aliases)
    if use.below is not None:
        upstream, relation = use.below
        yield ArtifactSeen(upstream, kind_of(upstream), evidence_at(use.place, use.written))
        yield RelationSeen(use.id, relation, upstream, evidence_at(use.place, use.written))


def evidence_at(place: Place, written: str | None) -> Evidence:
    """Evidence at a place, by the reader that knows such files."""
    return Evidence(place.path, place.line, None, written, "notebook" if place.path.endswith(".ipynb") else "python")
