"""The least fixpoint by a worklist of nodes with new bits, in plain Python: imports nothing heavy.

Collapsing cycles would be wrong here: members of a cycle whose steps pass different terms do not
share one set. New bits simply run around a cycle until none is new.
"""

from collections.abc import Iterable, Iterator, Sequence

from lien.propagation.network import WIDTH, Move, Moves, Network

__all__ = ["grow", "propagate", "upstream_first"]


_REMEMBERED = 100_000
"""Different sets of terms of which it is kept what steps take of them, so that a graph of millions does not double its memory."""

Downstream = list[list[tuple[int, int]]]
"""For each node the (downstream, kind) of its steps."""


def propagate(network: Network, moves: Moves, *, downstream: Downstream | None = None, order: Sequence[int] | None = None) -> list[int]:
    """The bits of every state: R[v, g] = own[v, g] | OR over steps and moves of R[u, f] & mask."""
    following = network.downstream() if downstream is None else downstream
    held = [0] * (network.size * WIDTH)
    for place, bits in network.own.items():
        held[place] |= bits
    changed = {place // WIDTH for place in network.own}
    _run(held, changed, moves, following, upstream_first(following) if order is None else order)
    return held


def grow(
    moves: Moves,
    smaller: Sequence[int],
    before: Moves,
    *,
    downstream: Downstream,
    order: Sequence[int] | None = None,
) -> list[int]:
    """The fixpoint of `moves`, going on from the one of `before`, which passes a part of them.

    Only nodes with bits that a move newly passes need to set out: under the old moves nothing new can happen.
    """
    added = [0] * WIDTH
    for table, old_table in zip(moves, before, strict=True):
        old = {(move.source, move.target): move.mask for move in old_table}
        for move in table:
            added[move.source] |= move.mask & ~old.get((move.source, move.target), 0)
    held = list(smaller)
    changed: set[int] = set()
    for form in range(WIDTH):
        if added[form]:
            changed.update(node for node, bits in enumerate(smaller[form::WIDTH]) if bits & added[form])
    _run(held, changed, moves, downstream, upstream_first(downstream) if order is None else order)
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


def _run(held: list[int], changed: set[int], moves: Moves, following: Downstream, order: Sequence[int]) -> None:
    """Let the bits of each changed node set out until nothing new arrives; `held` grows in place.

    A node passes on all that it has, not just what is new: that costs no more, and what is new need not be kept.
    """
    by_source = [_by_source(table) for table in moves]
    known: dict[tuple[int, ...], dict[int, list[tuple[int, int]]]] = {}
    for node in _turns(changed, order):
        changed.discard(node)
        base = node * WIDTH
        # Steps of one kind all take the same with them, and thousands of packages hold the same.
        has = tuple(held[base : base + WIDTH])
        taken = known.get(has)
        if taken is None:
            if len(known) == _REMEMBERED:
                known.clear()
            taken = known[has] = {}
        for down, kind in following[node]:
            bundle = taken.get(kind)
            if bundle is None:
                bundle = taken[kind] = _taken(by_source[kind], enumerate(has))
            for target, moved in bundle:
                place = down * WIDTH + target
                before = held[place]
                if moved & ~before:
                    held[place] = before | moved
                    changed.add(down)


def _turns(changed: set[int], order: Sequence[int]) -> Iterator[int]:
    """The nodes that have something to pass on: once in order, then, for what cycles bring again, in rounds."""
    yield from (node for node in order if node in changed)
    while changed:
        yield from (node for node in tuple(changed) if node in changed)


def _taken(table: Sequence[Sequence[tuple[int, int]]], arrived: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
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
