"""Witness paths: how a bit came to a state, searched backwards on demand (DESIGN section 4)."""

from collections.abc import Iterator
from typing import NamedTuple

from lien.propagation.network import WIDTH, Moves, Network, state

__all__ = ["Hop", "Witnesses"]


class Hop(NamedTuple):
    """One step of a path, from an upstream state to a downstream state, by a kind of step."""

    upstream: int
    downstream: int
    kind: int


class Witnesses:
    """Searches over one network at one level; build once, ask often.

    Terms whose bits stand in the same masks take the same paths, so one search from a state serves
    them all: whatever passes backwards from the state to an owner has brought the bit forwards.
    """

    def __init__(self, network: Network, moves: Moves, *, upstream: list[list[tuple[int, int]]] | None = None) -> None:
        self._network = network
        self._moves = moves
        self._upstream = network.upstream() if upstream is None else upstream
        self._owners: dict[int, list[int]] | None = None
        self._signatures: dict[int, int] = {}
        self._sources: list[list[list[tuple[int, ...]]]] = []
        self._known: dict[tuple[tuple[int, ...], ...], int] = {}
        self._trees: dict[tuple[int, int], dict[int, tuple[Hop | None, int]]] = {}

    def back(self, place: int, bit: int) -> Iterator[Hop]:
        """The hops by which a bit could come to a state, by number of the upstream state."""
        node, form = divmod(place, WIDTH)
        sources = self._sources[self._signature(bit)]
        hops = {Hop(state(up, source), place, kind) for up, kind in self._upstream[node] for source in sources[kind][form]}
        yield from sorted(hops)

    def origins(self, place: int, bit: int) -> list[tuple[int, int]]:
        """Every state that owns the bit and from which it reaches `place`: (steps of a shortest path, state), in that order."""
        tree = self._tree(place, self._signature(bit))
        return sorted((tree[owner][1], owner) for owner in self._owned().get(bit, ()) if owner in tree)

    def path(self, place: int, bit: int, origin: int) -> tuple[Hop, ...]:
        """The hops of a shortest path from a state that `origins` names to `place`.

        Of equally short paths it is the one through smaller numbers, seen from `place`.
        """
        tree = self._tree(place, self._signature(bit))
        hops = []
        hop = tree[origin][0]
        while hop is not None:
            hops.append(hop)
            hop = tree[hop.downstream][0]
        return tuple(hops)

    def _owned(self) -> dict[int, list[int]]:
        if self._owners is None:
            self._owners = {}
            for place in sorted(self._network.own):
                bits = self._network.own[place]
                while bits:
                    bit = bits & -bits
                    self._owners.setdefault(bit, []).append(place)
                    bits ^= bit
        return self._owners

    def _signature(self, bit: int) -> int:
        """The number of the bit's way of travelling: which forms each kind of step takes it between."""
        known = self._signatures.get(bit)
        if known is None:
            passes = tuple(tuple(move.source * WIDTH + move.target for move in table if move.mask & bit) for table in self._moves)
            known = self._known.setdefault(passes, len(self._known))
            if known == len(self._sources):
                self._sources.append(
                    [[tuple(one // WIDTH for one in kind if one % WIDTH == form) for form in range(WIDTH)] for kind in passes]
                )
            self._signatures[bit] = known
        return known

    def _tree(self, place: int, signature: int) -> dict[int, tuple[Hop | None, int]]:
        """For every state from which a bit of this signature reaches `place`: its first hop, and how many there are."""
        key = (place, signature)
        tree = self._trees.get(key)
        if tree is not None:
            return tree
        sources = self._sources[signature]
        tree = {place: (None, 0)}
        layer = [place]
        depth = 0
        while layer:
            depth += 1
            following: list[int] = []
            for current in layer:
                node, form = divmod(current, WIDTH)
                for up, kind in self._upstream[node]:
                    for source in sources[kind][form]:
                        above = up * WIDTH + source
                        if above not in tree:
                            tree[above] = (Hop(above, current, kind), depth)
                            following.append(above)
            following.sort()
            layer = following
        self._trees[key] = tree
        return tree
