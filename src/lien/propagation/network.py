"""The network that terms move over: nodes, steps of numbered kinds, and what each node starts with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lien.vocabulary.forms import Form

__all__ = ["WIDTH", "Move", "Moves", "Network", "state"]

WIDTH = len(Form)
"""States of one node: one for each form."""


class Move(NamedTuple):
    """Of the bits in form `source` upstream, those of `mask` come to form `target` downstream."""

    source: int
    target: int
    mask: int


Moves = Sequence[Sequence[Move]]
"""What each kind of step moves, by the number of the kind. One level of certainty has one table."""


def state(node: int, form: int) -> int:
    """The number of a (node, form) pair."""
    return node * WIDTH + form


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`steps` are (upstream, downstream, kind) by node number; `own` gives bits by state.

    Nodes are numbered in the order of their ids, so that every choice by number is one by id.
    """

    size: int
    steps: Sequence[tuple[int, int, int]]
    own: Mapping[int, int]

    def downstream(self) -> list[list[tuple[int, int]]]:
        """For each node the (downstream, kind) of its steps."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.size)]
        for up, down, kind in self.steps:
            found[up].append((down, kind))
        return found

    def upstream(self) -> list[list[tuple[int, int]]]:
        """For each node the (upstream, kind) of its steps, by number of the upstream."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.size)]
        for up, down, kind in self.steps:
            found[down].append((up, kind))
        for steps in found:
            steps.sort()
        return found
