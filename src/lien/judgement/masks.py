"""Terms and policy to masks: what each kind of step moves at each level of certainty.

The calculus of DESIGN section 4 stands here once, as a table of moves; propagation only runs it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lien.propagation.network import Move, Moves
from lien.vocabulary.forms import Content, Form, How
from lien.vocabulary.licenses import License, Nature, Reach, Term
from lien.vocabulary.questions import Answer, Question
from lien.vocabulary.relations import ReachClass

__all__ = ["LEVELS", "Level", "StepKind", "TermBit", "moves_of_term", "tables", "term_bits"]


class TermBit(NamedTuple):
    """A licence term with its number; `bit` is the mask that holds it alone."""

    license: License
    term: Term
    bit: int


class StepKind(NamedTuple):
    """What matters of a step beside its ends.

    Its class, whether it runs between two publishers, whether a heuristic alone says so, and the
    licensor that it leads to, whose own terms it does not pass.
    """

    reach: ReachClass
    between_parties: bool
    inferred: bool
    licensor: str | None


class Rank(NamedTuple):
    """How far a reach hangs on questions: settled, or on those that the policy answers yes, leaves open, or no."""

    settled: int = 0
    yes: int = 1
    open: int = 2
    no: int = 3


RANK = Rank()


class Level(NamedTuple):
    """One of the graphs that certainty is read from: which questions count, and whether inferred facts do.

    `base` is the level whose moves are a part of this one's.
    """

    rank: int
    with_inferred: bool
    base: int | None


LEVELS = (
    Level(RANK.settled, with_inferred=False, base=None),
    Level(RANK.settled, with_inferred=True, base=0),
    Level(RANK.yes, with_inferred=False, base=0),
    Level(RANK.yes, with_inferred=True, base=2),
    Level(RANK.open, with_inferred=False, base=2),
    Level(RANK.open, with_inferred=True, base=4),
    Level(RANK.no, with_inferred=False, base=4),
    Level(RANK.no, with_inferred=True, base=6),
)
"""In the order in which a pair takes its certainty: the first that reaches it (DESIGN section 4)."""


def term_bits(licenses: Iterable[License]) -> list[TermBit]:
    """One bit for each clause of each dated text, numbered by licence id and term key."""
    unique = {license_.id: license_ for license_ in licenses}
    terms = [
        (unique[identifier], term) for identifier in sorted(unique) for term in sorted(unique[identifier].terms, key=lambda one: one.key)
    ]
    return [TermBit(license_, term, 1 << number) for number, (license_, term) in enumerate(terms)]


def rank_of(questions: Iterable[Question], answers: Mapping[Question, Answer]) -> int:
    """The worst of the answers to some questions, as a rank."""
    worst = RANK.settled
    for question in questions:
        worst = max(worst, {Answer.YES: RANK.yes, Answer.OPEN: RANK.open, Answer.NO: RANK.no}[answers[question]])
    return worst


_STAY = Reach()
_THIRD = Question.TERMS_BIND_THIRD_PARTIES


def moves_of_term(license_: License, term: Term, reach_class: ReachClass) -> Iterator[tuple[Form, Form, Reach]]:
    """Every (from, to, under which reach) that a class of step gives a term: the table of DESIGN section 4."""
    reach = term.full_reach
    include = _held(reach.get(ReachClass.INCLUDE))
    taught = Form.WORK_IS if license_.learned_is_derivative else Form.LEARNED_IS
    match reach_class:
        case ReachClass.COPY:
            yield from ((form, form, _STAY) for form in Form)
        case ReachClass.DERIVE | ReachClass.ADAPT:
            if reach_class in reach:
                yield Form.WORK_IS, Form.WORK_IS, reach[reach_class]
            yield from ((form, form, _STAY) for form in Form if form is not Form.WORK_IS)
        case ReachClass.INCLUDE:
            yield from ((form, Form.of(form.content, How.CALLS if form.how is How.CALLS else How.HOLDS), include) for form in Form)
        case ReachClass.LINK:
            yield from ((form, form, include) for form in Form if form.how is How.HOLDS)
            if ReachClass.LINK in reach:
                yield from ((form, form, reach[ReachClass.LINK]) for form in Form if form.how is not How.HOLDS)
        case ReachClass.CALL:
            yield from ((form, Form.of(form.content, How.CALLS), _held(reach.get(ReachClass.CALL))) for form in Form)
        case ReachClass.OUTPUT | ReachClass.SELECT:
            if reach_class in reach:
                yield from ((form, Form.OUTPUT_IS, reach[reach_class]) for form in Form if form.content is Content.WORK)
        case ReachClass.TRAIN:
            if ReachClass.TRAIN in reach:
                yield from ((form, Form.LEARNED_IS, reach[ReachClass.TRAIN]) for form in Form if form.content is Content.WORK)
                yield from ((form, taught, reach[ReachClass.TRAIN]) for form in Form if form.content is Content.OUTPUT)
        case ReachClass.DISTILL:
            if ReachClass.OUTPUT in reach and ReachClass.TRAIN in reach:
                both = Reach(questions=reach[ReachClass.OUTPUT].questions | reach[ReachClass.TRAIN].questions)
                yield from ((form, taught, both) for form in Form if form.content is Content.WORK)
        case ReachClass.TOOL:
            return


def _held(entry: Reach | None) -> Reach:
    """The reach of an aggregate or a call: unlisted passes, without effect in the new form."""
    return _STAY if entry is None else entry


def questions_of_step(license_: License, term: Term, kind: StepKind, source: Form, target: Form) -> frozenset[Question] | None:
    """The open questions on which it hangs that a step moves a term so; None if it does not."""
    if kind.licensor is not None and kind.licensor == license_.licensor:
        return None
    for one, other, reach in moves_of_term(license_, term, kind.reach):
        if one is source and other is target:
            return reach.questions | ({_THIRD} if _is_strangers(term, kind, source) else frozenset())
    return None


def _is_strangers(term: Term, kind: StepKind, source: Form) -> bool:
    """A contract between two, carried on to a third: who never used the service accepted nothing."""
    return kind.between_parties and term.nature is Nature.CONTRACT and (source.content is not Content.WORK or source.how is How.CALLS)


def tables(kinds: Sequence[StepKind], bits: Sequence[TermBit], answers: Mapping[Question, Answer]) -> list[Moves]:
    """The moves of every kind of step, for each of LEVELS."""
    by_rank = [_ranked_moves(kind, bits, answers) for kind in kinds]
    return [
        [
            [] if kind.inferred and not level.with_inferred else _up_to(ranked, level.rank)
            for kind, ranked in zip(kinds, by_rank, strict=True)
        ]
        for level in LEVELS
    ]


def _ranked_moves(kind: StepKind, bits: Sequence[TermBit], answers: Mapping[Question, Answer]) -> dict[tuple[int, int], list[int]]:
    """For each (from, to) the mask of the terms that pass, one for each rank."""
    masks: dict[tuple[int, int], list[int]] = {}
    for license_, term, bit in bits:
        if kind.licensor is not None and kind.licensor == license_.licensor:
            continue
        for source, target, reach in moves_of_term(license_, term, kind.reach):
            questions = reach.questions | {_THIRD} if _is_strangers(term, kind, source) else reach.questions
            masks.setdefault((source, target), [0, 0, 0, 0])[rank_of(questions, answers)] |= bit
    return masks


def _up_to(ranked: Mapping[tuple[int, int], Sequence[int]], rank: int) -> list[Move]:
    moves = []
    for (source, target), masks in sorted(ranked.items()):
        mask = 0
        for one in masks[: rank + 1]:
            mask |= one
        if mask:
            moves.append(Move(source, target, mask))
    return moves
