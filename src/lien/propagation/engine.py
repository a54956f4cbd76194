"""The least fixpoint by a worklist of newly arrived bits, in plain Python: imports nothing heavy.

Collapsing cycles would be wrong here: members of a cycle whose steps pass different terms do not
share one set. New bits simply run around a cycle until none is new.
"""

from collections.abc import Iterator, Mapping, Sequence

from lien.propagation.network import WIDTH, Move, Moves, Network

__all__ = ["grow", "propagate", "upstream_first"]


Downstream = list[list[tuple[int, int]]]
"""For each node the (downstream, kind) of its steps."""


def propagate(network: Network, moves: Moves, *, downstream: Downstream | None = None, order: Sequence[int] | None = None) -> list[int]:
    """The bits of every state: R[v, g] = own[v, g] | OR over steps and moves of R[u, f] & mask."""
    following = network.downstream() if downstream is None else downstream
    held = [0] * (network.size * WIDTH)
    fresh: dict[int, list[int]] = {}
    for place, bits in network.own.items():
        held[place] |= bits
        node, form = divmod(place, WIDTH)
        if following[node]:
            fresh.setdefault(node, [0] * WIDTH)[form] |= bits
    _run(held, fresh, moves, following, upstream_first(following) if order is None else order)
    return held


def grow(
    network: Network,
    moves: Moves,
    smaller: Sequence[int],
    before: Moves,
    *,
    downstream: Downstream,
    order: Sequence[int] | None = None,
) -> list[int]:
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
            for node, bits in zip(range(network.size), smaller[form::WIDTH], strict=True):
                if bits & added[form] and downstream[node]:
                    fresh.setdefault(node, [0] * WIDTH)[form] = bits & added[form]
    _run(held, fresh, moves, downstream, upstream_first(downstream) if order is None else order)
    return held


def upstream_first(following: Downstream) -> list[int]:
    """Nodes so that, cycles aside, everything stands behind what is upstream of it; what only cycles lead to is left out.

    In this order a node passes on all that it will ever have at once, not once for each way by which it comes.
    """
    waiting_for = [0] * len(following)
    for steps in following:
        for down, _ in steps:
            waiting_for[down] += 1
    ready = [node for node, count in enumerate(waiting_for) if not count]
    for node in ready:  # grows while it is read
        for down, _ in following[node]:
            waiting_for[down] -= 1
            if not waiting_for[down]:
                ready.append(down)
    return ready


def _run(held: list[int], fresh: dict[int, list[int]], moves: Moves, following: Downstream, order: Sequence[int]) -> None:
    """Let the fresh bits of each node set out until nothing new arrives; `held` grows in place."""
    by_source = [_by_source(table) for table in moves]
    for node in _turns(fresh, order):
        arrived = [(form, bits) for form, bits in enumerate(fresh.pop(node)) if bits]
        # Steps of one kind all take the same with them.
        taken: dict[int, list[tuple[int, int]]] = {}
        for down, kind in following[node]:
            bundle = taken.get(kind)
            if bundle is None:
                bundle = taken[kind] = _taken(by_source[kind], arrived)
            base = down * WIDTH
            for target, moved in bundle:
                bits = moved & ~held[base + target]
                if bits:
                    held[base + target] |= bits
                    if following[down]:
                        row = fresh.get(down)
                        if row is None:
                            fresh[down] = row = [0] * WIDTH
                        row[target] |= bits


def _turns(fresh: Mapping[int, object], order: Sequence[int]) -> Iterator[int]:
    """The nodes that have something to pass on: once in order, then, for what cycles bring again, in rounds."""
    yield from (node for node in order if node in fresh)
    while fresh:
        yield from (node for node in tuple(fresh) if node in fresh)


def _taken(table: Sequence[Sequence[tuple[int, int]]], arrived: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What a kind of step takes of some (form, bits): the (form, bits) that come out downstream."""
    found: dict[int, int] = {}
    for source, bits in arrived:
        for target, mask in table[source]:
            if bits & mask:
                found[target] = found.get(target, 0) | bits & mask
    return list(found.items())


def _by_source(table: Sequence[Move]) -> list[list[tuple[int, int]]]:
    """(target, mask) of each source form: a node mostly holds things in one form of nine."""
    found: list[list[tuple[int, int]]] = [[] for _ in range(WIDTH)]
    for source, target, mask in table:
        found[source].append((target, mask))
    return found
