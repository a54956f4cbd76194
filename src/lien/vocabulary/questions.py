"""Open questions: points of law that the texts leave open and people answer differently.

Each contested reach names one of these; a policy answers it (DESIGN section 5).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

__all__ = ["PRESETS", "PRESET_NAMES", "Answer", "Question"]


class Answer(StrEnum):
    """A policy's answer; OPEN passes the term on and warns."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


class Question(StrEnum):
    """One open question; `.text` is the question in a sentence for people."""

    DATA_BINDS_WEIGHTS = "data-binds-weights"
    TERMS_BIND_THIRD_PARTIES = "terms-bind-third-parties"
    OUTPUTS_CARRY_TERMS = "outputs-carry-terms"
    ADAPTER_IS_DERIVATIVE = "adapter-is-derivative"
    AGGREGATE_IS_DERIVATIVE = "aggregate-is-derivative"
    IMPORT_IS_DERIVATIVE = "import-is-derivative"
    HOSTING_IS_DISTRIBUTION = "hosting-is-distribution"
    SELECTION_IS_OUTPUT = "selection-is-output"
    MADE_TO_IMITATE = "made-to-imitate"
    TEXT_CONTRADICTS_ITSELF = "text-contradicts-itself"

    @property
    def text(self) -> str:
        """The question in one sentence."""
        return _TEXTS[self]


_TEXTS = {
    Question.DATA_BINDS_WEIGHTS: "Does the licence of training data bind the weights of a model that learned from it?",
    Question.TERMS_BIND_THIRD_PARTIES: "Do terms accepted by one party bind a stranger who only receives what that party made?",
    Question.OUTPUTS_CARRY_TERMS: "Do terms that speak of derivatives only also cover what the model writes?",
    Question.ADAPTER_IS_DERIVATIVE: "Is an adapter or delta, shipped without the base weights, a derivative of the base?",
    Question.AGGREGATE_IS_DERIVATIVE: "Is a collection, image or application that merely holds the work a derivative of it?",
    Question.IMPORT_IS_DERIVATIVE: "Is a program that imports or links the work a derivative of it?",
    Question.HOSTING_IS_DISTRIBUTION: "Is letting others use the work over a network a distribution of it?",
    Question.SELECTION_IS_OUTPUT: "Is content that a model only chose, scored or indexed an output of that model?",
    Question.MADE_TO_IMITATE: "Was the model that learned from the outputs made to perform like the one that wrote them?",
    Question.TEXT_CONTRADICTS_ITSELF: "Two passages of the text say different things: which of them holds?",
}

PRESETS: Mapping[str, Mapping[Question, Answer]] = MappingProxyType(
    {
        "cautious": MappingProxyType(dict.fromkeys(Question, Answer.YES)),
        "literal": MappingProxyType(dict.fromkeys(Question, Answer.NO)),
        "balanced": MappingProxyType(
            {
                **dict.fromkeys(Question, Answer.OPEN),
                Question.ADAPTER_IS_DERIVATIVE: Answer.YES,
                Question.IMPORT_IS_DERIVATIVE: Answer.YES,
                Question.AGGREGATE_IS_DERIVATIVE: Answer.NO,
                Question.HOSTING_IS_DISTRIBUTION: Answer.NO,
            }
        ),
    }
)
"""Named sets of answers (DESIGN section 5); `balanced` is the default."""

PRESET_NAMES = tuple(PRESETS)
