"""Relations between artifacts, the reach class of each, and the one table that names them.

A relation points from the downstream artifact to its upstream (DESIGN section 2).
"""

from enum import StrEnum
from typing import Final

from lien.vocabulary.kinds import CODE_KINDS, Kind

__all__ = ["FAMILY_CLASSES", "ReachClass", "Relation", "Said", "relation_for"]


class ReachClass(StrEnum):
    """What propagation looks at in a relation."""

    COPY = "copy"
    DERIVE = "derive"
    ADAPT = "adapt"
    INCLUDE = "include"
    LINK = "link"
    TRAIN = "train"
    OUTPUT = "output"
    SELECT = "select"
    DISTILL = "distill"
    CALL = "call"
    TOOL = "tool"


class Relation(StrEnum):
    """How a downstream artifact came from, contains or uses its upstream."""

    MIRROR_OF = "mirror-of"
    REDISTRIBUTES = "redistributes"
    OFFERED_BY = "offered-by"
    FINETUNED_FROM = "finetuned-from"
    MERGED_FROM = "merged-from"
    QUANTIZED_FROM = "quantized-from"
    PRUNED_FROM = "pruned-from"
    CONVERTED_FROM = "converted-from"
    CONTINUED_FROM = "continued-from"
    DERIVED_FROM = "derived-from"
    FORKED_FROM = "forked-from"
    ADAPTER_OF = "adapter-of"
    DELTA_OF = "delta-of"
    SHIPS = "ships"
    LOADS = "loads"
    SERVES = "serves"
    CONTAINS = "contains"
    BUNDLES = "bundles"
    DEPENDS_ON = "depends-on"
    PRETRAINED_ON = "pretrained-on"
    FINETUNED_ON = "finetuned-on"
    PREFERENCE_TUNED_ON = "preference-tuned-on"
    TRAINED_ON = "trained-on"
    GENERATED_BY = "generated-by"
    ANNOTATED_BY = "annotated-by"
    FILTERED_BY = "filtered-by"
    EMBEDDED_BY = "embedded-by"
    DISTILLED_FROM = "distilled-from"
    REWARDED_BY = "rewarded-by"
    CALLS = "calls"
    BUILT_WITH = "built-with"
    EVALUATED_ON = "evaluated-on"
    DEV_DEPENDS_ON = "dev-depends-on"

    @property
    def reach(self) -> ReachClass:
        """The reach class of the relation."""
        return _REACH[self]

    @property
    def is_mechanical(self) -> bool:
        """Does the downstream hold nothing that its maker wrote?

        A mirror, a conversion or a quantisation adds no expression of its own, so what its page
        declares is a statement about somebody else's work, to be compared and not obeyed.
        """
        return self in _MECHANICAL


_REACH: Final = {
    Relation.MIRROR_OF: ReachClass.COPY,
    Relation.REDISTRIBUTES: ReachClass.COPY,
    Relation.OFFERED_BY: ReachClass.COPY,
    Relation.FINETUNED_FROM: ReachClass.DERIVE,
    Relation.MERGED_FROM: ReachClass.DERIVE,
    Relation.QUANTIZED_FROM: ReachClass.DERIVE,
    Relation.PRUNED_FROM: ReachClass.DERIVE,
    Relation.CONVERTED_FROM: ReachClass.DERIVE,
    Relation.CONTINUED_FROM: ReachClass.DERIVE,
    Relation.DERIVED_FROM: ReachClass.DERIVE,
    Relation.FORKED_FROM: ReachClass.DERIVE,
    Relation.ADAPTER_OF: ReachClass.ADAPT,
    Relation.DELTA_OF: ReachClass.ADAPT,
    Relation.SHIPS: ReachClass.INCLUDE,
    Relation.LOADS: ReachClass.INCLUDE,
    Relation.SERVES: ReachClass.INCLUDE,
    Relation.CONTAINS: ReachClass.INCLUDE,
    Relation.BUNDLES: ReachClass.INCLUDE,
    Relation.DEPENDS_ON: ReachClass.LINK,
    Relation.PRETRAINED_ON: ReachClass.TRAIN,
    Relation.FINETUNED_ON: ReachClass.TRAIN,
    Relation.PREFERENCE_TUNED_ON: ReachClass.TRAIN,
    Relation.TRAINED_ON: ReachClass.TRAIN,
    Relation.GENERATED_BY: ReachClass.OUTPUT,
    Relation.ANNOTATED_BY: ReachClass.OUTPUT,
    Relation.FILTERED_BY: ReachClass.SELECT,
    Relation.EMBEDDED_BY: ReachClass.SELECT,
    Relation.DISTILLED_FROM: ReachClass.DISTILL,
    Relation.REWARDED_BY: ReachClass.DISTILL,
    Relation.CALLS: ReachClass.CALL,
    Relation.BUILT_WITH: ReachClass.TOOL,
    Relation.EVALUATED_ON: ReachClass.TOOL,
    Relation.DEV_DEPENDS_ON: ReachClass.TOOL,
}

_MECHANICAL = frozenset({Relation.MIRROR_OF, Relation.REDISTRIBUTES, Relation.QUANTIZED_FROM, Relation.CONVERTED_FROM})

FAMILY_CLASSES = frozenset({ReachClass.COPY, ReachClass.DERIVE, ReachClass.ADAPT})
"""Classes along which a derivative stays in its parent's family ("Llama 2 or derivatives of it")."""


class Said(StrEnum):
    """What an input said of two artifacts, before their kinds turn it into a relation."""

    DEPENDS = "depends"
    CONTAINS = "contains"
    ANCESTOR = "ancestor"
    BASE_MODEL = "base-model"
    ADAPTER = "adapter"
    MERGE = "merge"
    QUANTIZED = "quantized"
    DATA = "data"
    LOADS = "loads"
    DEVELOPS_WITH = "develops-with"
    BUILDS_WITH = "builds-with"
    COPY = "copy"
    REPACKAGED = "repackaged"
    GENERATED = "generated"
    PRETRAINED = "pretrained"
    FINETUNED = "finetuned"
    TESTED = "tested"


_CODE = tuple(kind for kind in Kind if kind in CODE_KINDS)
_RUNS = (*_CODE, Kind.SERVICE)


def _table() -> dict[tuple[Kind, Said, Kind], Relation]:
    """Every (downstream kind, what was said, upstream kind) that means something.

    `dependsOn` means different things: between code it is linking, from a model to data it is
    training, from an application to a model it opens weights, and to a service it calls.
    """
    K, S, R = Kind, Said, Relation  # noqa: N806  # a table reads better with short names
    table: dict[tuple[Kind, Said, Kind], Relation] = {}

    def put(downs: tuple[Kind, ...], said: tuple[Said, ...], ups: tuple[Kind, ...], relation: Relation) -> None:
        for down in downs:
            for word in said:
                for up in ups:
                    table[down, word, up] = relation

    put(_RUNS, (S.DEPENDS,), (K.PACKAGE, K.CODE, K.PRODUCT), R.DEPENDS_ON)
    put(_RUNS, (S.DEPENDS, S.LOADS), (K.MODEL, K.DATASET), R.LOADS)
    put((K.SERVICE,), (S.DEPENDS, S.LOADS), (K.MODEL,), R.SERVES)
    put(_RUNS, (S.DEPENDS, S.LOADS), (K.SERVICE,), R.CALLS)
    put(_RUNS, (S.DEPENDS, S.CONTAINS), (K.IMAGE,), R.CONTAINS)
    put(_RUNS, (S.CONTAINS,), (K.PACKAGE, K.CODE, K.PRODUCT), R.BUNDLES)
    put(_RUNS, (S.CONTAINS,), (K.MODEL, K.DATASET), R.SHIPS)
    put((K.IMAGE,), (S.CONTAINS,), (K.PACKAGE, K.CODE, K.MODEL, K.DATASET, K.IMAGE, K.PRODUCT), R.CONTAINS)
    put(_RUNS, (S.CONTAINS,), (K.SERVICE,), R.CALLS)
    # An image holds its packages side by side: depending on one links nothing into one program.
    put((K.IMAGE,), (S.DEPENDS,), (K.PACKAGE, K.CODE), R.CONTAINS)
    put(_RUNS, (S.ANCESTOR,), (K.PACKAGE, K.CODE, K.PRODUCT, K.IMAGE), R.FORKED_FROM)
    put((*_CODE, K.MODEL, K.DATASET), (S.DEVELOPS_WITH,), (K.PACKAGE, K.CODE, K.IMAGE), R.DEV_DEPENDS_ON)
    put((*_CODE, K.MODEL, K.DATASET), (S.BUILDS_WITH,), (K.PACKAGE, K.CODE, K.IMAGE), R.BUILT_WITH)
    put((*_CODE, K.MODEL), (S.TESTED,), (K.DATASET,), R.EVALUATED_ON)
    # A binary made from its source is the same work in another form.
    put(_CODE, (S.GENERATED,), (K.PACKAGE, K.CODE, K.PRODUCT, K.IMAGE), R.CONVERTED_FROM)
    put((*_CODE, K.DATASET), (S.GENERATED,), (K.MODEL, K.SERVICE), R.GENERATED_BY)
    put(_CODE, (S.GENERATED, S.COPY, S.REPACKAGED), (K.DATASET,), R.SHIPS)
    put(_CODE, (S.COPY, S.REPACKAGED), (K.MODEL,), R.SHIPS)
    for same in (_CODE, (K.MODEL,), (K.DATASET,)):
        put(same, (S.COPY,), same, R.MIRROR_OF)
        put(same, (S.REPACKAGED,), same, R.REDISTRIBUTES)

    put((K.MODEL,), (S.DEPENDS, S.ANCESTOR, S.LOADS), (K.MODEL,), R.DERIVED_FROM)
    put((K.MODEL,), (S.BASE_MODEL,), (K.MODEL,), R.FINETUNED_FROM)
    put((K.MODEL,), (S.ADAPTER,), (K.MODEL,), R.ADAPTER_OF)
    put((K.MODEL,), (S.MERGE,), (K.MODEL,), R.MERGED_FROM)
    put((K.MODEL,), (S.QUANTIZED,), (K.MODEL,), R.QUANTIZED_FROM)
    put((K.MODEL,), (S.CONTAINS,), (K.MODEL,), R.CONTAINS)
    put((K.MODEL,), (S.DATA, S.DEPENDS, S.CONTAINS, S.GENERATED), (K.DATASET,), R.TRAINED_ON)
    put((K.MODEL,), (S.PRETRAINED,), (K.DATASET,), R.PRETRAINED_ON)
    put((K.MODEL,), (S.FINETUNED,), (K.DATASET,), R.FINETUNED_ON)
    put((K.MODEL,), (S.FINETUNED,), (K.MODEL,), R.FINETUNED_FROM)
    put((K.MODEL,), (S.DATA, S.PRETRAINED, S.GENERATED), (K.MODEL,), R.DERIVED_FROM)
    put((K.MODEL,), (S.GENERATED,), (K.PACKAGE, K.CODE, K.IMAGE), R.BUILT_WITH)
    # A model is run or trained with a library; its weights hold nothing of it.
    put((K.MODEL,), (S.DEPENDS, S.CONTAINS), (K.PACKAGE, K.CODE, K.IMAGE), R.BUILT_WITH)
    put((K.MODEL,), (S.DEPENDS, S.BASE_MODEL, S.ANCESTOR), (K.SERVICE,), R.DISTILLED_FROM)

    put((K.DATASET,), (S.ANCESTOR, S.DEPENDS, S.DATA, S.GENERATED), (K.DATASET,), R.DERIVED_FROM)
    put((K.DATASET,), (S.CONTAINS,), (K.DATASET,), R.CONTAINS)
    put((K.DATASET,), (S.DEPENDS, S.ANCESTOR), (K.MODEL, K.SERVICE), R.GENERATED_BY)
    put((K.DATASET,), (S.DEPENDS, S.GENERATED), (K.PACKAGE, K.CODE), R.BUILT_WITH)
    return table


_TABLE: Final = _table()


def relation_for(downstream: Kind, said: Said, upstream: Kind) -> Relation | None:
    """The relation that an input's words mean between two kinds; None where they mean nothing.

    >>> relation_for(Kind.MODEL, Said.DEPENDS, Kind.DATASET).value
    'trained-on'
    >>> relation_for(Kind.PRODUCT, Said.DEPENDS, Kind.SERVICE).value
    'calls'
    """
    return _TABLE.get((downstream, said, upstream))
