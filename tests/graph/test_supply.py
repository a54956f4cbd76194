"""Merging sightings into one graph: by what they say and where, never by when they arrive; no evidence is lost."""

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, Subject, UnresolvedReference
from lien.graph.supply import SupplyGraph, evidence_order, merge
from lien.vocabulary.ids import kind_of
from lien.vocabulary.kinds import Basis
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

IDS = (
    PRODUCT,
    "package:pypi/torch",
    "package:pypi/torch@2.3.1",
    "package:pypi/torch@2.4.0",
    "model:acme/chat",
    "model:acme/chat-hf",
    "model:acme/base",
    "dataset:acme/notes",
    "service:acme",
)

# Small worlds, so that places collide: what then decides must be what is said, and not who said it first.
_text = st.sampled_from((None, "a", "b"))
_evidence = st.builds(
    Evidence,
    path=st.sampled_from((None, "bom.json", "requirements.txt")),
    line=st.sampled_from((None, 1, 2)),
    pointer=st.sampled_from((None, "/components/0")),
    as_written=_text,
    reader=st.sampled_from(("x", "y")),
    basis=st.sampled_from(Basis),
    source=_text,
)
_id = st.sampled_from(IDS)
_day = st.sampled_from((None, dt.date(2024, 1, 1), dt.date(2025, 1, 1)))
_alias = st.sampled_from(IDS[1:])


def _seen_as(identifier: str, evidence: Evidence, *, aliases: list[str], **more: Any) -> ArtifactSeen:  # noqa: ANN401  # fields of the tuple
    kind = kind_of(identifier)
    return ArtifactSeen(identifier, kind, evidence, aliases=tuple(one for one in aliases if kind_of(one) is kind), **more)


_seen = st.builds(
    _seen_as,
    _id,
    _evidence,
    name=_text,
    version=_text,
    publisher=_text,
    purl=_text,
    aliases=st.lists(_alias, max_size=2),
    attributes=st.lists(
        st.tuples(st.sampled_from(("task", "size")), st.sampled_from((1, "x"))), max_size=2, unique_by=lambda one: one[0]
    ).map(tuple),
    released=_day,
    made_here=st.booleans(),
)
_relation = st.builds(
    RelationSeen, _id, st.sampled_from((Relation.LOADS, Relation.TRAINED_ON)), _id, _evidence, st.sampled_from(Role), _day, _text
)
_claim = st.builds(
    LicenseClaim,
    _id,
    st.sampled_from(("MIT", "mit")),
    st.sampled_from((Scheme.SPDX, Scheme.FREE_TEXT)),
    _evidence,
    st.sampled_from(("", "a")),
    _text,
    _day,
)
_subject = st.builds(Subject, _id, _evidence)
_unresolved = st.builds(UnresolvedReference, _id, st.sampled_from(("x", "y")), st.sampled_from(("p", "q")), _evidence)
fragments = st.lists(st.one_of(_seen, _relation, _claim, _subject, _unresolved), max_size=12)


def plain(graph: SupplyGraph) -> Any:  # noqa: ANN401  # compared, never looked into
    artifacts = [
        (
            one.id,
            one.kind,
            one.name,
            one.version,
            one.publisher,
            one.purl,
            one.released,
            one.made_here,
            one.aliases,
            sorted(one.attributes.items()),
            one.evidence,
            one.claims,
        )
        for one in graph.artifacts.values()
    ]
    links = [
        (one.downstream, one.type, one.upstream, one.evidence, one.sightings, one.date, one.note, one.is_inferred) for one in graph.links
    ]
    return artifacts, links, graph.subjects, graph.unresolved


# --- laws -------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(fragments, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(found: list[Fragment], chance: random.Random) -> None:
    other = list(found)
    chance.shuffle(other)
    assert plain(merge(other)) == plain(merge(found))


@settings(max_examples=60, deadline=None)
@given(fragments)
def test_saying_a_thing_twice_is_saying_it_once(found: list[Fragment]) -> None:
    assert plain(merge(found + found)) == plain(merge(found))


@settings(max_examples=60, deadline=None)
@given(fragments)
def test_no_evidence_is_lost(found: list[Fragment]) -> None:
    graph = merge(found)
    kept = {evidence for one in graph.artifacts.values() for evidence in one.evidence}
    assert kept >= {one.evidence for one in found if isinstance(one, ArtifactSeen)}
    assert {claim.evidence for one in graph.artifacts.values() for claim in one.claims} == {
        one.evidence for one in found if isinstance(one, LicenseClaim)
    }
    kept |= {evidence for one in graph.links for evidence in one.evidence}
    assert kept >= {one.evidence for one in found if isinstance(one, RelationSeen)}
    assert len(graph.unresolved) == len({one for one in found if isinstance(one, UnresolvedReference)})


@settings(max_examples=60, deadline=None)
@given(fragments)
def test_a_graph_is_whole_and_sorted(found: list[Fragment]) -> None:
    graph = merge(found)
    assert list(graph.artifacts) == sorted(graph.artifacts)
    keys = [(one.downstream, one.type, one.upstream) for one in graph.links]
    assert keys == sorted(set(keys))
    for down, _, up in keys:
        assert {down, up} <= graph.artifacts.keys()
        assert down != up
    for one in graph.artifacts.values():
        assert one.id not in one.aliases
        assert list(one.evidence) == sorted(set(one.evidence), key=evidence_order)


@settings(max_examples=60, deadline=None)
@given(fragments)
def test_nothing_stands_in_the_graph_under_two_names(found: list[Fragment]) -> None:
    """A respelling is an alias (DESIGN section 2): what one fragment calls the same is one artifact, however long the chain."""
    graph = merge(found)
    for one in graph.artifacts.values():
        assert not [alias for alias in one.aliases if alias in graph.artifacts]


# --- aliases ----------------------------------------------------------------------------------------


def seen(identifier: str, *aliases: str, path: str = "bom.json", **more: Any) -> ArtifactSeen:  # noqa: ANN401  # fields of the tuple
    return ArtifactSeen(identifier, kind_of(identifier), Evidence(path, 1, reader="x"), aliases=aliases, **more)


def loads(up: str, path: str = "app.py") -> RelationSeen:
    return RelationSeen(PRODUCT, Relation.LOADS, up, Evidence(path, 1, reader="x"))


def test_an_alias_that_an_input_states() -> None:
    graph = merge([seen("model:acme/chat", "model:acme/chat-hf"), loads("model:acme/chat-hf"), loads("model:acme/chat", "b.py")])
    assert list(graph.artifacts) == ["model:acme/chat", PRODUCT]
    (link,) = graph.links
    assert [one.path for one in link.evidence] == ["app.py", "b.py"]
    assert graph.artifacts["model:acme/chat"].aliases == ("model:acme/chat-hf",)


def test_aliases_of_the_catalogue_come_before_those_of_inputs() -> None:
    """What the catalogue knows keeps its id, though an input names it second."""
    known = {"model:acme/old": "model:acme/known"}
    graph = merge(
        [seen("model:zoo/mine", "model:acme/old"), loads("model:zoo/mine")],
        lambda one: known.get(one, one),
        lambda one: one == "model:acme/known",
    )
    assert list(graph.artifacts) == ["model:acme/known", PRODUCT]
    assert graph.links[0].upstream == "model:acme/known"


def test_a_chain_of_aliases_is_one_artifact() -> None:
    graph = merge([seen("model:c", "model:b"), seen("model:b", "model:a"), loads("model:a"), loads("model:b"), loads("model:c")])
    assert len(graph.artifacts) == 2
    assert len(graph.links) == 1


def test_two_inputs_that_name_each_other_are_one_artifact() -> None:
    graph = merge([seen("model:a", "model:b"), seen("model:b", "model:a", path="other.json"), loads("model:a"), loads("model:b")])
    assert len(graph.artifacts) == 2
    assert len(graph.links) == 1


# --- versions ---------------------------------------------------------------------------------------

TORCH = "package:pypi/torch"


def test_an_unpinned_mention_is_the_one_version_that_is_pinned() -> None:
    """The same thing in BOM and requirements is one."""
    graph = merge(
        [seen(f"{TORCH}@2.3.1", version="2.3.1"), loads(f"{TORCH}@2.3.1", "bom.json"), seen(TORCH), loads(TORCH, "requirements.txt")]
    )
    assert list(graph.artifacts) == [f"{TORCH}@2.3.1", PRODUCT]
    (link,) = graph.links
    assert [one.path for one in link.evidence] == ["bom.json", "requirements.txt"]
    assert graph.artifacts[f"{TORCH}@2.3.1"].version == "2.3.1"


def test_of_two_versions_an_unpinned_mention_is_neither() -> None:
    graph = merge([seen(f"{TORCH}@2.3.1"), seen(f"{TORCH}@2.4.0"), seen(TORCH)])
    assert list(graph.artifacts) == [TORCH, f"{TORCH}@2.3.1", f"{TORCH}@2.4.0"]


@pytest.mark.parametrize("other", ["package:npm/torch", "package:pypi/torchvision", "model:torch"])
def test_another_thing_is_another_thing(other: str) -> None:
    assert len(merge([seen(f"{TORCH}@2.3.1"), seen(other)]).artifacts) == 2


# --- what wins --------------------------------------------------------------------------------------


def test_the_declared_comes_before_the_catalogued_but_for_the_publisher() -> None:
    catalogued = Evidence(reader="catalog", basis=Basis.CATALOGUED, source="graphs/models/acme.yaml")
    kind = kind_of("model:acme/chat")
    graph = merge(
        [
            ArtifactSeen(
                "model:acme/chat",
                kind,
                catalogued,
                name="Chat",
                publisher="acme",
                released=dt.date(2024, 1, 1),
                attributes=(("task", "x"), ("a", 1)),
            ),
            ArtifactSeen(
                "model:acme/chat",
                kind,
                Evidence("bom.json", 1, reader="x"),
                name="chat",
                publisher="acme-uploads",
                attributes=(("task", "y"),),
            ),
        ]
    )
    artifact = graph.artifacts["model:acme/chat"]
    assert (artifact.name, artifact.publisher, artifact.released) == ("chat", "acme", dt.date(2024, 1, 1))
    assert artifact.attributes == {"task": "y", "a": 1}
    assert [one.basis for one in artifact.evidence] == [Basis.DECLARED, Basis.CATALOGUED]


def test_a_relation_is_inferred_only_if_nobody_states_it() -> None:
    guess = RelationSeen(PRODUCT, Relation.LOADS, "model:a", Evidence("app.py", 1, reader="x", basis=Basis.INFERRED))
    assert merge([guess]).links[0].is_inferred
    assert not merge([guess, loads("model:a")]).links[0].is_inferred


def test_a_relation_of_a_thing_to_itself_moves_nothing_and_is_kept_as_evidence() -> None:
    graph = merge([RelationSeen("model:a", Relation.FINETUNED_FROM, "model:a", Evidence("card.md", 3, reader="x"))])
    assert graph.links == []
    assert [(one.path, one.line) for one in graph.artifacts["model:a"].evidence] == [("card.md", 3)]


def test_claims_of_an_alias_are_claims_of_the_thing() -> None:
    claim = LicenseClaim("model:b", "MIT", Scheme.SPDX, Evidence("bom.json", 2, reader="x"))
    assert merge([seen("model:a", "model:b"), claim]).artifacts["model:a"].claims == (claim._replace(artifact="model:b"),)


def test_of_many_versions_an_unpinned_mention_is_the_one_that_the_product_asks_for() -> None:
    """Locks pin what packages need beside what the product needs; its manifest speaks of its own."""
    place = Evidence("package-lock.json", 1, reader="x")
    manifest = Evidence("package.json", 1, reader="x")
    old, new, bare = "package:npm/debug@2.6.9", "package:npm/debug@4.3.4", "package:npm/debug"
    found: list[Fragment] = [
        ArtifactSeen(bare, kind_of(bare), manifest),
        RelationSeen(PRODUCT, Relation.DEPENDS_ON, bare, manifest),
        ArtifactSeen(old, kind_of(old), place),
        ArtifactSeen(new, kind_of(new), place),
        RelationSeen("package:npm/express@4", Relation.DEPENDS_ON, old, place),
        RelationSeen(PRODUCT, Relation.DEPENDS_ON, new, place),
    ]
    graph = merge(found)
    assert bare not in graph.artifacts
    (link,) = graph.upstream[PRODUCT]
    assert (link.upstream, {one.path for one in link.evidence}) == (new, {"package.json", "package-lock.json"})
    both = merge([*found, RelationSeen(PRODUCT, Relation.DEPENDS_ON, old, place)])
    assert {link.upstream for link in both.upstream[PRODUCT]} == {bare, old, new}
