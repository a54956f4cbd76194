"""Inheritance of one graph under one policy: builds the network, runs it, answers who holds what and how."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import NamedTuple

from lien.graph.fragments import PRODUCT
from lien.graph.supply import Artifact, Link, SupplyGraph
from lien.judgement.masks import LEVELS, RANK, StepKind, TermBit, questions_of_step, tables, term_bits
from lien.judgement.standing import Standings, publisher_of
from lien.policy.values import Agreement, Policy
from lien.propagation.engine import grow, propagate, upstream_first
from lien.propagation.network import WIDTH, Moves, Network, state
from lien.propagation.witness import Hop, Witnesses
from lien.vocabulary.forms import Form
from lien.vocabulary.kinds import Kind, Scope
from lien.vocabulary.licenses import About, License
from lien.vocabulary.questions import Question
from lien.vocabulary.relations import FAMILY_CLASSES, ReachClass, Relation

__all__ = ["Arrival", "Inheritance", "Node", "Route", "Stop"]


_TOOLS = frozenset(one for one in Relation if one.reach is ReachClass.TOOL)
_DATASET, _WORK_IS = Kind.DATASET, Form.WORK_IS  # looking a member up in its enum costs as much as a call


class Node(NamedTuple):
    """An artifact as the network sees it: the product once for each scope, a dated service once for each day.

    A named tuple, since a large graph hashes and sorts hundreds of thousands of them.
    """

    id: str
    scope: Scope = Scope.USED
    day: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of a route: the relation taken, and the form in which the term stands behind it."""

    link: Link
    form: Form
    questions: frozenset[Question]


@dataclass(frozen=True, slots=True)
class Route:
    """How a term came from its origin to an artifact, in that direction. No stops: it is the artifact's own."""

    origin: Node
    start: Form
    stops: tuple[Stop, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids from the origin to the artifact bound."""
        return (self.origin.id, *(stop.link.downstream for stop in self.stops))

    @property
    def questions(self) -> tuple[Question, ...]:
        """The open questions that the route hangs on, sorted."""
        return tuple(sorted({question for stop in self.stops for question in stop.questions}))


class Arrival:
    """A term at an artifact: in which form, at which level, from which origin; its route is found when asked for.

    A popular licence arrives from tens of thousands of packages, of which a report shows one route.
    """

    __slots__ = ("_of", "_origin", "_place", "_route", "bit", "length", "level", "origin")

    def __init__(self, of: "Inheritance", bit: TermBit, way: "_Way") -> None:
        self._of = of
        self.bit = bit
        self.level, self.length, self._origin, self._place, self.origin = way
        self._route: Route | None = None

    @property
    def form(self) -> Form:
        """The form in which the artifact has what the term is about."""
        return Form(self._place % WIDTH)

    @property
    def route(self) -> Route:
        """How the term came here, by a shortest way at this level."""
        if self._route is None:
            self._route = self._of.route(self.bit, self.level, self._place, self._origin)
        return self._route

    @property
    def other_ways_in(self) -> tuple[Link, ...]:
        """Relations of the artifact by which the term comes here too, beside the last of its route: each has to go if one goes."""
        return self._of.ways_in(self.bit, self.level, self._place, self._origin, self.route.stops[-1].link if self.route.stops else None)

    @property
    def is_settled(self) -> bool:
        """Does it hang on no open question?"""
        return LEVELS[self.level].rank == RANK.settled

    @property
    def rank(self) -> int:
        """The rank of the questions it hangs on, by the policy's answers."""
        return LEVELS[self.level].rank

    @property
    def is_inferred(self) -> bool:
        """Does it rest on a fact that only a heuristic says?"""
        return LEVELS[self.level].with_inferred


_MOST_WAYS_IN = 100
"""A product that takes in more parts with one term has no use for their list, and a search from each of them would take long."""

_Way = tuple[int, int, int, int, Node]
"""Level, length, state of the origin, state arrived at, and the node of the origin."""


class Inheritance:
    """The fixpoints of a supply graph. `agreements` take terms out of own(a) before anything runs."""

    def __init__(
        self,
        graph: SupplyGraph,
        standings: Standings,
        policy: Policy,
        *,
        agreements: Sequence[Agreement] = (),
        restated: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.graph = graph
        self.standings = standings
        self._policy = policy
        self._agreements = agreements
        self._restated = restated or {}
        self._licenses: dict[Node, tuple[License, ...]] = {}
        self._links: dict[int, dict[tuple[int, int], Link]] = {}
        self._is_dated: dict[str, bool] = {}
        self._kinds: dict[StepKind, int] = {}
        self._kind_between: dict[tuple[Relation, str | None, str | None, bool], int] = {}
        self._ways: dict[tuple[object, ...], list[_Way]] = {}
        self._build()

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        artifacts = self.graph.artifacts
        self._plain = {identifier: Node(identifier) for identifier in artifacts}
        self._publishers = {one.id: publisher_of(one, self.standings.product_publisher) for one in artifacts.values()}
        raw_steps = list(self._steps())
        special = {end for up, down, _ in raw_steps for end in (up, down) if isinstance(end, Node)}
        self.nodes = sorted(special.union(self._plain.values()))
        self.number = {node: number for number, node in enumerate(self.nodes)}
        self._licenses = {
            node: self.standings.licenses_of(node.id, dt.date.fromisoformat(node.day) if node.day else None) for node in self.nodes
        }
        self.bits = term_bits(license_ for licenses in self._licenses.values() for license_ in licenses)
        self._licensors = {license_.licensor for license_, _, _ in self.bits} - {None}
        numbers: dict[Node | str, int] = {identifier: self.number[node] for identifier, node in self._plain.items()}
        numbers.update((node, self.number[node]) for node in special)
        kind_number = self._kind_number
        steps = [(numbers[up], numbers[down], kind_number(link)) for up, down, link in raw_steps]
        self.kinds = list(self._kinds)
        self.network = Network(size=len(self.nodes), steps=steps, own=self._own())
        self.tables: list[Moves] = tables(self.kinds, self.bits, self._policy.answers)
        self._held = self._run()

    def _kind_number(self, link: Link) -> int:
        """The number of a relation's kind of step, given in the order in which kinds are met."""
        down, up = self._publishers[link.downstream], self._publishers[link.upstream]
        between = (link.type, down, up, link.is_inferred)
        number = self._kind_between.get(between)
        if number is None:
            kind = _kind(link.type.reach, down, up, link.is_inferred, licensors=self._licensors)
            number = self._kind_between[between] = self._kinds.setdefault(kind, len(self._kinds))
        return number

    def _steps(self) -> Iterator[tuple[Node | str, Node | str, Link]]:
        """Upstream, downstream and relation of each step; an id stands for the plain node of its artifact, and is found faster."""
        made: set[Node] = set()
        pending: list[Node] = []
        for link in self.graph.links:
            if link.type in _TOOLS:
                continue
            up: Node | str = link.upstream
            down: Node | str = link.downstream
            if down == PRODUCT:
                down = self._product_node(link)
            date = link.date
            if date is not None:
                up = self._on(link.upstream, date.isoformat())
                if up.day:
                    pending.append(up)
            yield up, down, link
        while pending:
            node = pending.pop()
            if node in made:
                continue
            made.add(node)
            for up, link in self._steps_into(node):
                yield up, node, link
                if up.day:
                    pending.append(up)

    def _steps_into(self, node: Node) -> Iterator[tuple[Node, Link]]:
        """Each relation of one node, with the node that it comes from."""
        for link in self.graph.upstream.get(node.id, ()):
            if link.type not in _TOOLS and (node.id != PRODUCT or self._product_node(link) == node):
                # What a dated node passes on it had on that day: a hosted model stands under the terms of then.
                yield self._on(link.upstream, link.date.isoformat() if link.date else node.day), link

    @staticmethod
    def _product_node(link: Link) -> Node:
        return Node(PRODUCT, link.scope or Scope.USED)

    def _on(self, identifier: str, day: str) -> Node:
        """The node of an artifact on a day: the plain one, where days make no difference."""
        if not day:
            return self._plain[identifier]
        if identifier not in self._is_dated:
            self._is_dated[identifier] = self.standings.is_dated(identifier)
        return Node(identifier, day=day) if self._is_dated[identifier] else self._plain[identifier]

    def _link(self, hop: Hop) -> Link:
        """The relation behind a hop, the first if several are the same step. Routes are few, so that no table of all is kept."""
        down = hop.downstream // WIDTH
        links = self._links.get(down)
        if links is None:
            links = self._links[down] = {}
            for up, link in self._steps_into(self.nodes[down]):
                links.setdefault((self.number[up], self._kind_number(link)), link)
        return links[hop.upstream // WIDTH, hop.kind]

    def _own(self) -> dict[int, int]:
        by_license: dict[str, int] = {}
        listed_output: dict[str, int] = {}
        for license_, term, bit in self.bits:
            by_license[license_.id] = by_license.get(license_.id, 0) | bit
            if ReachClass.OUTPUT in term.reach:
                listed_output[license_.id] = listed_output.get(license_.id, 0) | bit
        own: dict[int, int] = {}
        for number, (node, licenses) in enumerate(self._licenses.items()):  # in the order of the nodes
            is_dataset = self.graph.artifacts[node.id].kind is _DATASET
            for license_ in licenses:
                if is_dataset and _is_about_models_only(license_):
                    # A text about models that stands on a dataset speaks of what such a model wrote.
                    form, bits = Form.OUTPUT_IS, listed_output.get(license_.id, 0)
                else:
                    form, bits = _WORK_IS, by_license.get(license_.id, 0)
                if self._agreements:
                    bits &= ~self._agreed(node.id, license_)
                if bits:
                    place = state(number, form)
                    own[place] = own.get(place, 0) | bits
        return own

    def _agreed(self, identifier: str, license_: License) -> int:
        taken = 0
        for agreement in self._agreements:
            names_license = agreement.origin in (license_.id, license_.family)
            names_artifact = identifier == agreement.origin or (
                # What others built restates a text that names its licensor; of other texts each is its publisher's own grant.
                identifier in self._restated.get(agreement.origin, ())
                and (license_.licensor is not None or self._publisher(identifier) == self._publisher(agreement.origin))
            )
            if names_license or (names_artifact and license_ in self._licenses_of(agreement.origin)):
                for one, term, bit in self.bits:
                    if one.id == license_.id and (not agreement.terms or term.word in agreement.terms):
                        taken |= bit
        return taken

    def _publisher(self, identifier: str) -> str | None:
        return publisher_of(self.graph.artifacts[identifier], self.standings.product_publisher)

    def _licenses_of(self, identifier: str) -> tuple[License, ...]:
        return self.standings.of(identifier).licenses if identifier in self.graph.artifacts else ()

    def _run(self) -> list[list[int]]:
        held: list[list[int]] = []
        following = self.network.downstream()
        order = upstream_first(following)
        for level, table in zip(LEVELS, self.tables, strict=True):
            if level.base is None:
                held.append(propagate(self.network, table, downstream=following, order=order))
            elif table == self.tables[level.base]:
                held.append(held[level.base])
            else:
                held.append(grow(table, held[level.base], self.tables[level.base], downstream=following, order=order))
        return held

    # --- asking ---------------------------------------------------------------------------------

    @cached_property
    def _upstream(self) -> list[list[tuple[int, int]]]:
        return self.network.upstream()

    @cached_property
    def _witnesses(self) -> dict[int, Witnesses]:
        return {}

    def _witnesses_at(self, level: int) -> Witnesses:
        base = LEVELS[level].base
        while base is not None and self._held[level] is self._held[base]:
            level, base = base, LEVELS[base].base
        if level not in self._witnesses:
            self._witnesses[level] = Witnesses(self.network, self.tables[level], upstream=self._upstream)
        return self._witnesses[level]

    def holds(self, node: Node, form: Form, level: int = len(LEVELS) - 1) -> int:
        """The bits that a node has in a form at a level."""
        number = self.number.get(node)
        return 0 if number is None else self._held[level][state(number, form)]

    def terms_at(self, node: Node) -> Iterator[tuple[TermBit, list[tuple[int, Form]]]]:
        """Terms with effect at a node: each with the (level, form) pairs at which it first stands there."""
        number = self.number.get(node)
        if number is None:
            return
        base = number * WIDTH
        last = self._held[-1][base : base + WIDTH]
        everything = 0
        for bits in last:
            everything |= bits
        for one in self.bits:
            if not everything & one.bit:
                continue
            places = []
            for form in Form:
                if last[form] & one.bit and not one.term.is_silent(form):
                    level = next(index for index, held in enumerate(self._held) if held[base + form] & one.bit)
                    places.append((level, form))
            if places:
                yield one, sorted(places)

    def arrivals(self, node: Node, bit: TermBit, places: Sequence[tuple[int, Form]]) -> list[Arrival]:
        """Where a term at a node comes from: one arrival for each origin, by its surest and shortest route.

        An artifact that only restates what it has from its upstream is no origin of its own.
        """
        return [Arrival(self, bit, way) for way in self._ways_to(self.number[node], bit, places)]

    def _ways_to(self, number: int, bit: TermBit, places: Sequence[tuple[int, Form]]) -> list[_Way]:
        """What `arrivals` says, without the term: terms of one licence mostly have the same owners and travel alike."""
        levels = sorted({level for level, _ in places} | {index for index, added in enumerate(self._added) if added & bit.bit})
        # Whether an origin restates its upstream hangs on the very term.
        alike = bit.bit if self._descended else self._owned_with(bit.bit)
        key = (number, tuple(places), alike, *((level, self._witnesses_at(level).signature(bit.bit)) for level in levels))
        known = self._ways.get(key)
        if known is None:
            known = self._ways[key] = self._find_ways(number, bit, places, levels)
        return known

    def _find_ways(self, number: int, bit: TermBit, places: Sequence[tuple[int, Form]], levels: Sequence[int]) -> list[_Way]:
        found: dict[int, tuple[int, int, int]] = {}
        for level in levels:
            witnesses = self._witnesses_at(level)
            for first, form in places:
                if level >= first:
                    place = state(number, form)
                    for length, origin in witnesses.origins(place, bit.bit):
                        if origin not in found:
                            found[origin] = (level, length, place)
        kept = {origin: way for origin, way in found.items() if not self._restates(origin, bit)} if self._descended else found
        best: dict[str, _Way] = {}
        for level, length, origin, place in sorted(
            (level, length, origin, place) for origin, (level, length, place) in (kept or found).items()
        ):
            node = self.nodes[origin // WIDTH]
            # A service met on two days is two nodes, and one origin.
            if node.id not in best:
                best[node.id] = (level, length, origin, place, node)
        return list(best.values())

    def _owned_with(self, bit: int) -> frozenset[int]:
        """What artifacts own, of all that holds the bit: the same for two bits that the same artifacts own."""
        return frozenset(one for one in self._owned if one & bit)

    @cached_property
    def _owned(self) -> frozenset[int]:
        return frozenset(self.network.own.values())

    @cached_property
    def _added(self) -> list[int]:
        """For each level the bits that some move passes there and not at its base: only they can find new origins."""
        added = []
        for level, table in zip(LEVELS, self.tables, strict=True):
            before = (
                {}
                if level.base is None
                else {(kind, move.source, move.target): move.mask for kind, moves in enumerate(self.tables[level.base]) for move in moves}
            )
            bits = 0
            for kind, moves in enumerate(table):
                for move in moves:
                    bits |= move.mask & ~before.get((kind, move.source, move.target), 0)
            added.append(bits)
        return added

    def _restates(self, origin: int, bit: TermBit) -> bool:
        """Does the term reach the origin, settled, from a work that it is a copy or modified form of?

        Depending on a package under the same licence restates nothing.
        """
        number, form = divmod(origin, WIDTH)
        if form != Form.WORK_IS or number not in self._descended:
            return False
        return any(
            self.kinds[hop.kind].reach in FAMILY_CLASSES
            # A text that anybody may use is each publisher's own grant; only one that names its licensor is restated.
            and (bit.license.licensor is not None or not self.kinds[hop.kind].between_parties)
            and hop.upstream // WIDTH != number
            and self._held[1][hop.upstream] & bit.bit
            for hop in self._witnesses_at(1).back(origin, bit.bit)
        )

    @cached_property
    def _descended(self) -> frozenset[int]:
        """Nodes that are copies or modified forms of others."""
        return frozenset(down for _, down, kind in self.network.steps if self.kinds[kind].reach in FAMILY_CLASSES)

    def route(self, bit: TermBit, level: int, place: int, origin: int) -> Route:
        """The shortest route of a term from a state to another at a level."""
        return self._route(bit, origin, self._witnesses_at(level).path(place, bit.bit, origin))

    def ways_in(self, bit: TermBit, level: int, place: int, origin: int, but: Link | None) -> tuple[Link, ...]:
        """The relations to other artifacts than that of `but` by which a term comes to a state from an origin; none if they are very many."""
        witnesses = self._witnesses_at(level)
        hops = [hop for hop in witnesses.back(place, bit.bit) if self._held[level][hop.upstream] & bit.bit]
        if len(hops) < 2 or len(hops) > _MOST_WAYS_IN:
            return ()
        found: dict[str, Link] = {}
        for hop in hops:
            if hop.upstream == origin or any(one == origin for _, one in witnesses.origins(hop.upstream, bit.bit)):
                link = self._link(hop)
                if but is None or link.upstream != but.upstream:
                    found.setdefault(link.upstream, link)
        return tuple(found[identifier] for identifier in sorted(found))

    def _route(self, bit: TermBit, origin: int, hops: Sequence[Hop]) -> Route:
        stops = []
        for hop in hops:
            source, target = Form(hop.upstream % WIDTH), Form(hop.downstream % WIDTH)
            questions = questions_of_step(bit.license, bit.term, self.kinds[hop.kind], source, target)
            stops.append(Stop(self._link(hop), target, questions or frozenset()))
        return Route(self.nodes[origin // WIDTH], Form(origin % WIDTH), tuple(stops))

    def all_routes(self, node: Node, bit: TermBit, origins: Collection[str], *, limit: int) -> tuple[Route, ...]:
        """Simple routes of a term to a node from some origins, the shortest first; at most `limit` of them."""
        import networkx as nx  # noqa: PLC0415  # rich questions on a small graph, off the audit's path

        level = len(LEVELS) - 1
        witnesses = self._witnesses_at(level)
        hops = nx.DiGraph()
        kinds: dict[tuple[int, int], Hop] = {}
        pending = [
            state(self.number[node], form) for form in Form if self.holds(node, form, level) & bit.bit and not bit.term.is_silent(form)
        ]
        targets, visited = tuple(pending), set(pending)
        while pending:
            for hop in witnesses.back(pending.pop(), bit.bit):
                if not self._held[level][hop.upstream] & bit.bit:
                    continue
                hops.add_edge(hop.upstream, hop.downstream)
                kinds.setdefault((hop.upstream, hop.downstream), hop)
                if hop.upstream not in visited:
                    visited.add(hop.upstream)
                    pending.append(hop.upstream)
        sources = [
            place for place in sorted(visited) if self.network.own.get(place, 0) & bit.bit and self.nodes[place // WIDTH].id in origins
        ]
        found: list[Route] = []
        for source in sources:
            for target in targets:
                if source in hops and target in hops and source != target:
                    paths = nx.shortest_simple_paths(hops, source, target) if nx.has_path(hops, source, target) else ()
                    found.extend(self._route(bit, source, [kinds[pair] for pair in pairwise(path)]) for path in islice(paths, limit))
        found.sort(key=lambda route: (len(route.stops), route.ids))
        return tuple(found[:limit])

    def artifact(self, node: Node) -> Artifact:
        """The artifact that a node stands for."""
        return self.graph.artifacts[node.id]


def _kind(reach: ReachClass, down: str | None, up: str | None, inferred: bool, *, licensors: Collection[str | None]) -> StepKind:
    return StepKind(
        reach=reach,
        between_parties=down is None or up is None or down != up,
        inferred=inferred,
        # A copy is no new work: what a licensor passes on itself stands under the same terms.
        licensor=down if down in licensors and reach is not ReachClass.COPY else None,
    )


def _is_about_models_only(license_: License) -> bool:
    return About.MODEL in license_.about and not license_.about & {About.DATA, About.CONTENT}
