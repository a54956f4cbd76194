"""Witness paths: how a bit came to a state, searched backwards on demand (DESIGN section 4)."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from lien.propagation.network import WIDTH, Moves, Network, state

__all__ = ["Hop", "Witnesses"]


class Hop(NamedTuple):
    """One step of a path, from an upstream state to a downstream state, by a kind of step."""

    upstream: int
    downstream: int
    kind: int


class _Tree(NamedTuple):
    """What reaches a state: the next state of each on a shortest path, and the (steps, state) of owners by what they own.

    Both are as small as they can be, since a large graph has a tree of all its states.
    """

    following: dict[int, int]
    owners: dict[int, list[tuple[int, int]]]


class Witnesses:
    """Searches over one network at one level; build once, ask often.

    Terms whose bits stand in the same masks take the same paths, so one search from a state serves
    them all: whatever passes backwards from the state to an owner has brought the bit forwards.
    """

    def __init__(self, network: Network, moves: Moves, *, upstream: list[list[tuple[int, int]]] | None = None) -> None:
        self._network = network
        self._moves = moves
        self._upstream = network.upstream() if upstream is None else upstream
        self._signatures: dict[int, int] = {}
        self._sources: list[list[list[tuple[int, ...]]]] = []
        self._known: dict[tuple[tuple[int, ...], ...], int] = {}
        self._trees: dict[tuple[int, int], _Tree] = {}

    def back(self, place: int, bit: int) -> Iterator[Hop]:
        """The hops by which a bit could come to a state, by number of the upstream state."""
        node, form = divmod(place, WIDTH)
        sources = self._sources[self.signature(bit)]
        hops = {Hop(state(up, source), place, kind) for up, kind in self._upstream[node] for source in sources[kind][form]}
        yield from sorted(hops)

    def origins(self, place: int, bit: int) -> list[tuple[int, int]]:
        """Every state that owns the bit and from which it reaches `place`: (steps of a shortest path, state), in that order."""
        owners = self._tree(place, self.signature(bit)).owners
        found = [ways for mask, ways in owners.items() if mask & bit]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))

    def path(self, place: int, bit: int, origin: int) -> tuple[Hop, ...]:
        """The hops of a shortest path from a state that `origins` names to `place`.

        Of equally short paths it is the one through smaller numbers, seen from `place`.
        """
        signature = self.signature(bit)
        following = self._tree(place, signature).following
        sources = self._sources[signature]
        hops = []
        while origin != place:
            down = following[origin]
            node, form = divmod(down, WIDTH)
            up, source = divmod(origin, WIDTH)
            kind = next(kind for one, kind in self._upstream[node] if one == up and source in sources[kind][form])
            hops.append(Hop(origin, down, kind))
            origin = down
        return tuple(hops)

    def signature(self, bit: int) -> int:
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

    def _tree(self, place: int, signature: int) -> _Tree:
        """Every state from which a bit of this signature reaches `place`."""
        key = (place, signature)
        tree = self._trees.get(key)
        if tree is not None:
            return tree
        sources = self._sources[signature]
        own = self._network.own
        following = {place: place}
        owners: dict[int, list[tuple[int, int]]] = {}
        layer = [place]
        steps = 0
        while layer:
            above: list[int] = []
            for current in layer:
                node, form = divmod(current, WIDTH)
                for up, kind in self._upstream[node]:
                    for source in sources[kind][form]:
                        one = up * WIDTH + source
                        if one not in following:
                            following[one] = current
                            above.append(one)
                if current in own:
                    owners.setdefault(own[current], []).append((steps, current))
            above.sort()
            layer = above
            steps += 1
        tree = self._trees[key] = _Tree(following, owners)
        return tree
