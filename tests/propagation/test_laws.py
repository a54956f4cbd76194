"""Laws of propagation as properties: engine and oracle agree, inheritance is monotone, order changes nothing."""

import datetime as dt
import random
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, RelationSeen
from lien.graph.supply import SupplyGraph, merge
from lien.judgement.inheritance import Inheritance, Node
from lien.judgement.standing import OwnLicenses, publisher_of
from lien.policy.values import Policy
from lien.propagation.engine import grow, propagate
from lien.propagation.network import WIDTH, Move, Network, state
from lien.vocabulary.forms import Form
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import SILENT_CLASSES, About, License, Nature, Reach, Term
from lien.vocabulary.questions import PRESETS, Answer, Question
from lien.vocabulary.relations import ReachClass, Relation
from oracle import inherited

_CLASSES = [one for one in ReachClass if one not in (ReachClass.TOOL, ReachClass.DISTILL)]
_NAMES = ["model:a/one", "model:a/two", "model:b/three", "model:b/four", "model:m/five"]
_BY_CLASS = [[one for one in Relation if one.reach is reach] for reach in ReachClass if reach is not ReachClass.TOOL]
# By class first: most relations are of few classes, and chains of rare ones must occur.
_relations = st.sampled_from(_BY_CLASS).flatmap(st.sampled_from)

_questions = st.frozensets(
    st.sampled_from([Question.DATA_BINDS_WEIGHTS, Question.ADAPTER_IS_DERIVATIVE, Question.AGGREGATE_IS_DERIVATIVE]), max_size=2
)


@st.composite
def _reaches(draw: st.DrawFn) -> dict[ReachClass, Reach]:
    chosen = draw(st.lists(st.sampled_from(_CLASSES), min_size=1, max_size=6, unique=True))
    return {
        one: Reach(silent=True) if one in SILENT_CLASSES and draw(st.integers(0, 4)) == 0 else Reach(questions=draw(_questions))
        for one in chosen
    }


@st.composite
def _licenses(draw: st.DrawFn) -> list[License]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        terms = tuple(
            Term(
                key=f"t{index}",
                word="other-limit",
                clause="1",
                quote="q",
                reach=draw(_reaches()),
                params={"summary": "s"},
                nature=draw(st.sampled_from(Nature)),
            )
            for index in range(draw(st.integers(1, 3)))
        )
        found.append(
            License(
                id=f"license-{number}",
                name=f"Licence {number}",
                about=frozenset(About),
                texts=(),
                terms=terms,
                licensor=draw(st.sampled_from([None, "m"])),
                learned_is_derivative=draw(st.booleans()),
            )
        )
    return found


@dataclass
class _World:
    """A graph and what stands under what; the stand-in for `Standings`, with no catalogue behind it."""

    graph: SupplyGraph
    own: dict[str, list[License]]
    product_publisher: str = "product"
    relations: list[RelationSeen] = field(default_factory=list)

    def of(self, identifier: str, day: dt.date | None = None) -> OwnLicenses:
        del day
        return OwnLicenses(licenses=tuple(self.own.get(identifier, ())), claims=())

    def licenses_of(self, identifier: str, day: dt.date | None = None) -> tuple[License, ...]:
        return self.of(identifier, day).licenses

    def is_dated(self, identifier: str) -> bool:
        del identifier
        return False


def _world(relations: list[tuple[int, Relation, int]], licenses: list[License], owners: list[int]) -> _World:
    evidence = Evidence("x", 1, None, None, "test")
    seen = [RelationSeen(_NAMES[down], type_, _NAMES[up], evidence) for down, type_, up in relations]
    artifacts = [ArtifactSeen(name, Kind.MODEL, evidence) for name in _NAMES]
    own: dict[str, list[License]] = {}
    for number, license_ in enumerate(licenses):
        own.setdefault(_NAMES[owners[number % len(owners)]], []).append(license_)
    return _World(merge([*artifacts, *seen]), own, relations=seen)


_worlds = st.builds(
    _world,
    st.lists(st.tuples(st.integers(0, 4), _relations, st.integers(0, 4)), min_size=4, max_size=12),
    _licenses(),
    st.lists(st.integers(0, 4), min_size=1, max_size=3),
)


def _inheritance(world: _World, policy: Policy | None = None) -> Inheritance:
    return Inheritance(world.graph, world, policy or Policy())  # type: ignore[arg-type]  # the stand-in has the same questions answered


def _held(inheritance: Inheritance, level: int) -> set[tuple[str, str, str, str, str]]:
    found = set()
    for node in inheritance.nodes:
        for form in Form:
            bits = inheritance.holds(node, form, level)
            found |= {
                (node.id, form.content.name.lower(), form.how.name.lower(), one.license.id, one.term.key)
                for one in inheritance.bits
                if bits & one.bit
            }
    return found


def _steps(world: _World) -> list[tuple[str, str, str, bool, str | None]]:
    steps = []
    for link in world.graph.links:
        up = publisher_of(world.graph.artifacts[link.upstream], "product")
        down = publisher_of(world.graph.artifacts[link.downstream], "product")
        is_copy = link.type.reach is ReachClass.COPY
        steps.append((link.upstream, link.type.reach.value, link.downstream, up != down, None if is_copy else down))
    return steps


@settings(max_examples=300, deadline=None)
@given(_worlds)
def test_engine_and_oracle_agree_at_every_level(world: _World) -> None:
    inheritance = _inheritance(world)
    answers = PRESETS["balanced"]
    yes = {question for question in Question if answers[question] is Answer.YES}
    open_too = yes | {question for question in Question if answers[question] is Answer.OPEN}
    for level, allowed in ((0, set()), (2, yes), (4, open_too), (6, set(Question))):
        assert _held(inheritance, level) == inherited(_steps(world), world.own, frozenset(allowed))


@settings(max_examples=100, deadline=None)
@given(_worlds, st.tuples(st.integers(0, 4), _relations, st.integers(0, 4)))
def test_a_further_relation_never_takes_a_term_away(world: _World, further: tuple[int, Relation, int]) -> None:
    down, type_, up = further
    before = _held(_inheritance(world), 6)
    relations = [*world.relations, RelationSeen(_NAMES[down], type_, _NAMES[up], Evidence("y", 2, None, None, "test"))]
    artifacts = [ArtifactSeen(name, Kind.MODEL, Evidence("x", 1, None, None, "test")) for name in _NAMES]
    larger = _World(merge([*artifacts, *relations]), world.own)
    assert before <= _held(_inheritance(larger), 6)


@settings(max_examples=100, deadline=None)
@given(_worlds, st.randoms(use_true_random=False))
def test_the_order_of_input_changes_nothing(world: _World, shuffler: random.Random) -> None:
    evidence = Evidence("x", 1, None, None, "test")
    fragments: list[Fragment] = [*(ArtifactSeen(name, Kind.MODEL, evidence) for name in _NAMES), *world.relations]
    shuffler.shuffle(fragments)
    shuffled = _World(merge(fragments), world.own)
    assert shuffled.graph == world.graph
    assert _held(_inheritance(shuffled), 7) == _held(_inheritance(world), 7)


@settings(max_examples=100, deadline=None)
@given(_worlds)
def test_every_witness_path_is_a_path_that_passes_the_term(world: _World) -> None:
    inheritance = _inheritance(world)
    for node in inheritance.nodes:
        for bit, places in inheritance.terms_at(node):
            arrivals = inheritance.arrivals(node, bit, places)
            assert arrivals, "a term that binds has an origin"
            for arrival in arrivals:
                route = arrival.route
                assert route.ids[-1] == node.id
                assert bit.license.id in {one.id for one in world.own[route.origin.id]}
                steps = list(zip(route.ids, route.ids[1:], strict=False))
                assert [(stop.link.upstream, stop.link.downstream) for stop in route.stops] == steps
                assert not route.stops or route.stops[-1].form is arrival.form


_moves = st.lists(
    st.lists(
        st.builds(Move, st.integers(0, WIDTH - 1), st.integers(0, WIDTH - 1), st.integers(0, 255)),
        max_size=4,
        unique_by=lambda move: move[:2],
    ),
    min_size=3,
    max_size=3,
)
_networks = st.builds(
    lambda steps, own: Network(size=6, steps=steps, own=own),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 2)), max_size=14),
    st.dictionaries(st.integers(0, 6 * WIDTH - 1), st.integers(1, 255), max_size=5),
)


@settings(max_examples=200, deadline=None)
@given(_networks, _moves, _moves)
def test_growing_from_a_smaller_fixpoint_is_the_same_as_starting_afresh(
    network: Network, smaller: list[list[Move]], extra: list[list[Move]]
) -> None:
    larger = []
    for table, more in zip(smaller, extra, strict=True):
        masks: dict[tuple[int, int], int] = {}
        for move in (*table, *more):
            masks[move.source, move.target] = masks.get((move.source, move.target), 0) | move.mask
        larger.append([Move(source, target, mask) for (source, target), mask in sorted(masks.items())])
    grown = grow(larger, propagate(network, smaller), smaller, downstream=network.downstream())
    assert grown == propagate(network, larger)


@settings(max_examples=100, deadline=None)
@given(_networks, _moves)
def test_a_second_run_adds_nothing(network: Network, moves: list[list[Move]]) -> None:
    held = propagate(network, moves)
    again = propagate(Network(size=network.size, steps=network.steps, own={place: bits for place, bits in enumerate(held) if bits}), moves)
    assert again == held


def test_members_of_a_cycle_whose_steps_pass_different_terms_do_not_share_one_set() -> None:
    # a -> b passes bit 1 and 2, b -> c only bit 1, c -> a only bit 2: collapsing the cycle would give all to all.
    kinds = [[Move(0, 0, 0b11)], [Move(0, 0, 0b01)], [Move(0, 0, 0b10)]]
    network = Network(size=3, steps=[(0, 1, 0), (1, 2, 1), (2, 0, 2)], own={state(0, 0): 0b11})
    held = propagate(network, kinds)
    assert [held[state(node, 0)] for node in range(3)] == [0b11, 0b11, 0b01]


def test_self_loops_and_parallel_edges_terminate() -> None:
    kinds = [[Move(0, 0, 0b01), Move(0, 3, 0b10)], [Move(3, 6, 0b10)]]
    network = Network(size=2, steps=[(0, 0, 0), (0, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)], own={state(0, 0): 0b11})
    held = propagate(network, kinds)
    assert held[state(1, 0)] == 0b01
    assert held[state(1, 3)] == 0b10
    assert held[state(1, 6)] == 0b10


def test_nodes_are_numbered_in_the_order_of_their_ids() -> None:
    world = _world([(0, Relation.FINETUNED_FROM, 1)], [], [0])
    assert _inheritance(world).nodes == sorted(Node(name) for name in _NAMES)
