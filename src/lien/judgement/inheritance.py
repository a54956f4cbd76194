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
from lien.propagation.engine import grow, propagate
from lien.propagation.network import WIDTH, Moves, Network, state
from lien.propagation.witness import Hop, Witnesses
from lien.vocabulary.forms import Form
from lien.vocabulary.kinds import Kind, Scope
from lien.vocabulary.licenses import About, License, Term
from lien.vocabulary.questions import Question
from lien.vocabulary.relations import FAMILY_CLASSES, ReachClass

__all__ = ["Arrival", "Inheritance", "Node", "Route", "Stop"]


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

    __slots__ = ("_of", "_origin", "_place", "_route", "bit", "form", "length", "level", "origin")

    def __init__(self, of: "Inheritance", bit: TermBit, level: int, place: int, origin: int, length: int) -> None:
        self._of = of
        self._place = place
        self._origin = origin
        self._route: Route | None = None
        self.bit = bit
        self.level = level
        self.form = Form(place % WIDTH)
        self.origin = of.nodes[origin // WIDTH]
        self.length = length

    @property
    def route(self) -> Route:
        """How the term came here, by a shortest way at this level."""
        if self._route is None:
            self._route = self._of.route(self.bit, self.level, self._place, self._origin)
        return self._route

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
        self._links: dict[tuple[int, int, int], Link] = {}
        self._build()

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        raw_steps = list(self._steps())
        nodes = {Node(identifier) for identifier in self.graph.artifacts}
        nodes |= {end for up, down, _ in raw_steps for end in (up, down)}
        self.nodes = sorted(nodes)
        self.number = {node: number for number, node in enumerate(self.nodes)}
        self._licenses = {
            node: self.standings.of(node.id, dt.date.fromisoformat(node.day) if node.day else None).licenses for node in self.nodes
        }
        self.bits = term_bits(license_ for licenses in self._licenses.values() for license_ in licenses)
        licensors = {license_.licensor for license_, _, _ in self.bits} - {None}
        publishers = {artifact.id: publisher_of(artifact, self.standings.product_publisher) for artifact in self.graph.artifacts.values()}
        kinds: dict[StepKind, int] = {}
        seen: dict[tuple[ReachClass, str | None, str | None, bool], int] = {}
        steps = []
        for up, down, link in raw_steps:
            between = (link.type.reach, publishers[link.downstream], publishers[link.upstream], link.is_inferred)
            number = seen.get(between)
            if number is None:
                number = seen[between] = kinds.setdefault(_kind(*between, licensors=licensors), len(kinds))
            step = (self.number[up], self.number[down], number)
            steps.append(step)
            self._links.setdefault(step, link)
        self.kinds = list(kinds)
        self.network = Network(size=len(self.nodes), steps=steps, own=self._own())
        self.tables: list[Moves] = tables(self.kinds, self.bits, self._policy.answers)
        self._held = self._run()

    def _steps(self) -> Iterator[tuple[Node, Node, Link]]:
        dated: dict[str, bool] = {}
        upstream = self.graph.upstream
        made: set[Node] = set()

        plain = {identifier: Node(identifier) for identifier in self.graph.artifacts}

        def node_of(identifier: str, day: dt.date) -> Node:
            if identifier not in dated:
                dated[identifier] = self.standings.is_dated(identifier)
            return Node(identifier, day=day.isoformat()) if dated[identifier] else plain[identifier]

        pending: list[Node] = []
        for link in self.graph.links:
            if link.type.reach is ReachClass.TOOL:
                continue
            down = Node(PRODUCT, scope=link.scope or Scope.USED) if link.downstream == PRODUCT else plain[link.downstream]
            up = plain[link.upstream] if link.date is None else node_of(link.upstream, link.date)
            yield up, down, link
            if up.day:
                pending.append(up)
        while pending:
            node = pending.pop()
            if node in made:
                continue
            made.add(node)
            # What a dated node passes on it had on that day: a hosted model stands under the terms of then.
            for link in upstream.get(node.id, ()):
                if link.type.reach is not ReachClass.TOOL:
                    up = node_of(link.upstream, link.date or dt.date.fromisoformat(node.day))
                    yield up, node, link
                    if up.day:
                        pending.append(up)

    def _own(self) -> dict[int, int]:
        by_license: dict[str, int] = {}
        listed_output: dict[str, int] = {}
        for license_, term, bit in self.bits:
            by_license[license_.id] = by_license.get(license_.id, 0) | bit
            if ReachClass.OUTPUT in term.reach:
                listed_output[license_.id] = listed_output.get(license_.id, 0) | bit
        own: dict[int, int] = {}
        for node, licenses in self._licenses.items():
            artifact = self.graph.artifacts[node.id]
            for license_ in licenses:
                if _is_about_models_only(license_) and artifact.kind is Kind.DATASET:
                    # A text about models that stands on a dataset speaks of what such a model wrote.
                    form, bits = Form.OUTPUT_IS, listed_output.get(license_.id, 0)
                else:
                    form, bits = Form.WORK_IS, by_license.get(license_.id, 0)
                bits &= ~self._agreed(node.id, license_)
                if bits:
                    place = state(self.number[node], form)
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
        for level, table in zip(LEVELS, self.tables, strict=True):
            if level.base is None:
                held.append(propagate(self.network, table, downstream=following))
            elif table == self.tables[level.base]:
                held.append(held[level.base])
            else:
                held.append(grow(self.network, table, held[level.base], self.tables[level.base], downstream=following))
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
        number = self.number[node]
        levels = sorted({level for level, _ in places} | {index for index, added in enumerate(self._added) if added & bit.bit})
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
        ordered = sorted((level, length, origin, place) for origin, (level, length, place) in (kept or found).items())
        best: dict[str, Arrival] = {}
        for level, length, origin, place in ordered:
            # A service met on two days is two nodes, and one origin.
            identifier = self.nodes[origin // WIDTH].id
            if identifier not in best:
                best[identifier] = Arrival(self, bit, level, place, origin, length)
        return list(best.values())

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

    def _route(self, bit: TermBit, origin: int, hops: Sequence[Hop]) -> Route:
        stops = []
        for hop in hops:
            link = self._links[hop.upstream // WIDTH, hop.downstream // WIDTH, hop.kind]
            source, target = Form(hop.upstream % WIDTH), Form(hop.downstream % WIDTH)
            questions = questions_of_step(bit.license, bit.term, self.kinds[hop.kind], source, target)
            stops.append(Stop(link, target, questions or frozenset()))
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


def term_name(license_: License, term: Term) -> str:
    """`licence/key`, for logs and arguments."""
    return f"{license_.id}/{term.key}"
