"""The least fixpoint by a worklist of newly arrived bits, in plain Python: imports nothing heavy.

Collapsing cycles would be wrong here: members of a cycle whose steps pass different terms do not
share one set. New bits simply run around a cycle until none is new.
"""

from collections import deque
from collections.abc import Sequence

from lien.propagation.network import WIDTH, Moves, Network

__all__ = ["levels", "propagate"]


def propagate(network: Network, moves: Moves, start: Sequence[int] | None = None, *, downstream: list[list[tuple[int, int]]] | None = None) -> list[int]:
    """The bits of every state: R[v, g] = own[v, g] | OR over steps and moves of R[u, f] & mask.

    `start` is a smaller fixpoint to go on from: with more moves the result only grows.
    """
    following = network.downstream() if downstream is None else downstream
    held = list(start) if start is not None else [0] * (network.size * WIDTH)
    fresh: dict[int, list[int]] = {}
    for place, bits in network.own.items():
        held[place] |= bits
    for node in range(network.size):
        if following[node]:
            bits = held[node * WIDTH : node * WIDTH + WIDTH]
            if any(bits):
                fresh[node] = bits
    waiting = deque(fresh)
    while waiting:
        node = waiting.popleft()
        arrived = fresh.pop(node)
        for down, kind in following[node]:
            base = down * WIDTH
            for source, target, mask in moves[kind]:
                bits = arrived[source] & mask
                if bits:
                    place = base + target
                    bits &= ~held[place]
                    if bits:
                        held[place] |= bits
                        if following[down]:
                            row = fresh.get(down)
                            if row is None:
                                fresh[down] = row = [0] * WIDTH
                                waiting.append(down)
                            row[target] |= bits
    return held


def levels(network: Network, tables: Sequence[Moves]) -> list[list[int]]:
    """The fixpoint of each table of moves, where every table passes at least what the one before does.

    A table that equals the one before is not run again; both then share one list.
    """
    results: list[list[int]] = []
    following = network.downstream()
    for index, table in enumerate(tables):
        if index and table == tables[index - 1]:
            results.append(results[-1])
        else:
            results.append(propagate(network, table, results[-1] if results else None, downstream=following))
    return results
