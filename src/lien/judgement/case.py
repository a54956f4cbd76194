"""What the finding rules look at: one graph, its inheritance, the policy and the context."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lien.graph.fragments import PRODUCT, Evidence
from lien.graph.supply import Artifact, Link, SupplyGraph
from lien.judgement.handed_on import HandedOn
from lien.judgement.inheritance import Arrival, Inheritance, Node
from lien.judgement.masks import RANK, TermBit
from lien.judgement.policy_rules import first_rule
from lien.judgement.standing import Standings
from lien.policy.values import Action, Context, Policy, Rule
from lien.resolvers.licenses import ResolvedClaim, Standing
from lien.vocabulary.kinds import Basis, Kind, Scope
from lien.vocabulary.licenses import License

__all__ = ["Case", "Judgement"]

_JUDGED_SCOPES = (Scope.USED, Scope.OPTION, Scope.BUILD, Scope.TEST)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A severity, and the rule of the policy that set it."""

    severity: Action
    rule: Rule | None


@dataclass(kw_only=True)
class Case:
    """One audit before its findings are written down.

    `inheritance` leaves out what agreements lift; `full` does not (the same object without agreements).
    """

    graph: SupplyGraph
    standings: Standings
    policy: Policy
    context: Context
    inheritance: Inheritance
    full: Inheritance
    product_claims: tuple[ResolvedClaim, ...] = ()
    """What is said of the product and of its folders, tests and documentation left out."""
    handed_on: HandedOn | None = None

    @cached_property
    def product_licenses(self) -> tuple[License, ...]:
        """The product's own; what a folder's licence says is not said of the product."""
        return tuple(
            use.license
            for one in self.product_claims
            if one.claim.part is None
            for branch in one.branches
            for use in branch
            if use.standing is Standing.ENCODED and use.license is not None
        )

    @cached_property
    def product_nodes(self) -> list[Node]:
        """The product in each scope that has relations, the used one first."""
        return [node for scope in _JUDGED_SCOPES if (node := Node(PRODUCT, scope=scope)) in self.inheritance.number]

    @cached_property
    def own_nodes(self) -> list[Node]:
        """Artifacts made or published here: what a BOM is about, what a recipe makes, what a card describes."""
        made = [artifact for artifact in self.graph.artifacts.values() if artifact.made_here and artifact.kind is not Kind.PRODUCT]
        return [Node(artifact.id) for artifact in made if Node(artifact.id) in self.inheritance.number]

    def scope_of(self, node: Node) -> Scope:
        """The scope in which a term binds a node: a recipe in an examples folder trains nothing by itself."""
        artifact = self.graph.artifacts[node.id]
        return max(node.scope, artifact.scope, key=lambda scope: scope.rank) if artifact.made_here and node.id != PRODUCT else node.scope

    def is_named_here(self, identifier: str) -> bool:
        """Does a file of the tree name the artifact, or only the catalogue, far up the stream?"""
        return any(one.basis is Basis.DECLARED for one in self.graph.artifacts[identifier].evidence)

    def along(self, arrival: Arrival) -> list[Artifact]:
        """The artifacts from the one that is bound back to the origin."""
        return [self.graph.artifacts[one] for one in reversed(arrival.route.ids)]

    @cached_property
    def parts(self) -> list[Artifact]:
        """Models, datasets and code that drift and breach look at: what is made here, and what is upstream of it or of the product."""
        wanted = {Kind.MODEL, Kind.DATASET}
        return [
            artifact
            for artifact in self.graph.artifacts.values()
            if artifact.kind in wanted or (artifact.made_here and artifact.kind is not Kind.PRODUCT)
        ]

    @cached_property
    def upstream(self) -> dict[str, list[Link]]:
        """Relations by downstream artifact."""
        return self.graph.upstream

    @cached_property
    def way_in(self) -> dict[str, tuple[Link, ...]]:
        """For each artifact the relations by which the product comes to it, the product's own first."""
        found: dict[str, tuple[Link, ...]] = {PRODUCT: ()}
        layer = [PRODUCT]
        while layer:
            following = []
            for current in layer:
                for link in sorted(self.upstream.get(current, ()), key=lambda one: ((one.scope or Scope.USED).rank, one.upstream)):
                    if link.upstream not in found:
                        found[link.upstream] = (*found[current], link) if len(found[current]) < 64 else found[current]  # shown paths only
                        following.append(link.upstream)
            layer = following
        return found

    def lifted(self, node: Node) -> frozenset[tuple[str, str, str]]:
        """What agreements take away at a node: (licence id, term key, origin id)."""
        if self.full is self.inheritance:
            return frozenset()

        def origins(of: Inheritance) -> set[tuple[str, str, str]]:
            return {(bit.license.id, bit.term.key, one.origin.id) for bit, arrivals in self.bound_terms(node, of) for one in arrivals}

        return frozenset(origins(self.full) - origins(self.inheritance))

    def entry(self, identifier: str) -> tuple[Evidence, ...]:
        """Where the product lets an artifact in: file and line of its first relation on the way, else where it is named."""
        way = self.way_in.get(identifier, ())
        if way:
            return way[0].evidence
        return self.graph.artifacts[identifier].evidence

    def judge(
        self, finding: str, word: str, params: object, artifact: str, origins: Sequence[str], scope: Scope, *, sure: bool
    ) -> Judgement:
        """The severity that the first matching rule gives; `sure` if neither context nor questions leave a doubt."""
        rule = first_rule(self.policy, finding, word, params, artifact, origins, scope)
        if rule is None:
            return Judgement(Action.INFO, None)
        action = rule.action if sure or rule.action is Action.ALLOW else rule.unsure
        if scope is not Scope.USED and action is not Action.ALLOW and rule.scope != scope:
            action = Action.INFO  # unless the rule itself speaks of options or tests
        return Judgement(action, rule)

    def is_sure(self, arrival: Arrival) -> bool:
        """Does it rest on stated facts, and on no question that the policy does not answer yes?"""
        return arrival.rank <= RANK.yes and not arrival.is_inferred

    def bound_terms(
        self, node: Node, inheritance: Inheritance | None = None, *, only: Callable[[TermBit], bool] = lambda _: True
    ) -> Iterator[tuple[TermBit, list[Arrival]]]:
        """Terms that bind a node's kind, with their arrivals from elsewhere; `only` says which, before arrivals are looked for."""
        of = inheritance or self.inheritance
        kind = self.graph.artifacts[node.id].kind
        for bit, places in of.terms_at(node):
            if kind in bit.term.binds and only(bit):
                arrivals = [one for one in of.arrivals(node, bit, places) if one.length]
                if arrivals:
                    yield bit, arrivals
