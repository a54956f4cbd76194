"""Witness paths: how a bit came to a state, searched backwards on demand (DESIGN section 4)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lien.propagation.network import WIDTH, Moves, Network, state

__all__ = ["Hop", "Witnesses"]


class Hop(NamedTuple):
    """One step of a path, from an upstream state to a downstream state, by a kind of step."""

    upstream: int
    downstream: int
    kind: int


class Witnesses:
    """Searches over one network at one level; build once, ask often."""

    def __init__(self, network: Network, moves: Moves, held: Sequence[int], *, upstream: list[list[tuple[int, int]]] | None = None) -> None:
        self._own = network.own
        self._moves = moves
        self._held = held
        self._upstream = network.upstream() if upstream is None else upstream

    def back(self, place: int, bit: int) -> Iterator[Hop]:
        """The hops by which a bit comes to a state, by number of the upstream state."""
        node, form = divmod(place, WIDTH)
        hops = set()
        for up, kind in self._upstream[node]:
            for source, target, mask in self._moves[kind]:
                if target == form and mask & bit and self._held[state(up, source)] & bit:
                    hops.add(Hop(state(up, source), place, kind))
        yield from sorted(hops)

    def origins(self, place: int, bit: int) -> dict[int, tuple[Hop, ...]]:
        """Every state that owns the bit and from which it reaches `place`, with a shortest path.

        Paths run from origin to `place`; of equally short ones the one through smaller numbers, seen
        from `place`. In the order of (length, origin).
        """
        found: dict[int, tuple[Hop, ...]] = {}
        paths: dict[int, Hop | None] = {place: None}
        layer = [place]
        while layer:
            following: list[int] = []
            for current in layer:
                if self._own.get(current, 0) & bit:
                    found[current] = tuple(_path(paths, current))
                for hop in self.back(current, bit):
                    if hop.upstream not in paths:
                        paths[hop.upstream] = hop
                        following.append(hop.upstream)
            layer = sorted(following)
        return found


def _path(paths: dict[int, Hop | None], origin: int) -> Iterator[Hop]:
    hop = paths[origin]
    while hop is not None:
        yield hop
        hop = paths[hop.downstream]
