"""The least fixpoint by a worklist of newly arrived bits, in plain Python: imports nothing heavy.

Collapsing cycles would be wrong here: members of a cycle whose steps pass different terms do not
share one set. New bits simply run around a cycle until none is new.
"""

from collections import deque
from collections.abc import Sequence

from lien.propagation.network import WIDTH, Move, Moves, Network

__all__ = ["grow", "propagate"]


def propagate(network: Network, moves: Moves, *, downstream: list[list[tuple[int, int]]] | None = None) -> list[int]:
    """The bits of every state: R[v, g] = own[v, g] | OR over steps and moves of R[u, f] & mask."""
    following = network.downstream() if downstream is None else downstream
    held = [0] * (network.size * WIDTH)
    fresh: dict[int, list[int]] = {}
    for place in sorted(network.own):
        bits = network.own[place]
        held[place] |= bits
        node, form = divmod(place, WIDTH)
        if following[node]:
            fresh.setdefault(node, [0] * WIDTH)[form] |= bits
    _run(held, fresh, moves, following)
    return held


def grow(network: Network, moves: Moves, smaller: Sequence[int], before: Moves, *, downstream: list[list[tuple[int, int]]]) -> list[int]:
    """The fixpoint of `moves`, going on from the one of `before`, which passes a part of them.

    Only bits that a move newly passes need to set out: under the old moves nothing new can happen.
    """
    added = [0] * WIDTH
    for table, old_table in zip(moves, before, strict=True):
        old = {(move.source, move.target): move.mask for move in old_table}
        for move in table:
            added[move.source] |= move.mask & ~old.get((move.source, move.target), 0)
    held = list(smaller)
    fresh: dict[int, list[int]] = {}
    for form in range(WIDTH):
        if added[form]:
            for node in range(network.size):
                bits = held[node * WIDTH + form] & added[form]
                if bits and downstream[node]:
                    fresh.setdefault(node, [0] * WIDTH)[form] = bits
    _run(held, fresh, moves, downstream)
    return held


def _run(held: list[int], fresh: dict[int, list[int]], moves: Moves, following: list[list[tuple[int, int]]]) -> None:
    """Let the fresh bits of each node set out until nothing new arrives; `held` grows in place."""
    by_source = [_by_source(table) for table in moves]
    waiting = deque(fresh)
    while waiting:
        node = waiting.popleft()
        arrived = [(form, bits) for form, bits in enumerate(fresh.pop(node)) if bits]
        for down, kind in following[node]:
            base = down * WIDTH
            table = by_source[kind]
            for source, set_out in arrived:
                for target, mask in table[source]:
                    bits = set_out & mask & ~held[base + target]
                    if bits:
                        held[base + target] |= bits
                        if following[down]:
                            row = fresh.get(down)
                            if row is None:
                                fresh[down] = row = [0] * WIDTH
                                waiting.append(down)
                            row[target] |= bits


def _by_source(table: Sequence[Move]) -> list[list[tuple[int, int]]]:
    """(target, mask) of each source form: a node mostly holds things in one form of nine."""
    found: list[list[tuple[int, int]]] = [[] for _ in range(WIDTH)]
    for source, target, mask in table:
        found[source].append((target, mask))
    return found
