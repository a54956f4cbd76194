"""Stand-ins for licences that say nothing: none declared, not read, lineage not told.

What is not known travels like a licence, so that a report says which products rest on it: through
derive, include, link and call settled, through the rest contested (DESIGN section 4).
"""

from lien.vocabulary.licenses import About, License, Reach, Term
from lien.vocabulary.questions import Question
from lien.vocabulary.relations import ReachClass

__all__ = ["CUSTOM", "OPAQUE", "STAND_INS", "UNKNOWN"]

_SETTLED = Reach()
_REACH = {
    ReachClass.COPY: _SETTLED,
    ReachClass.DERIVE: _SETTLED,
    ReachClass.INCLUDE: _SETTLED,
    ReachClass.LINK: _SETTLED,
    ReachClass.CALL: _SETTLED,
    ReachClass.TRAIN: Reach(questions=frozenset({Question.DATA_BINDS_WEIGHTS})),
    ReachClass.OUTPUT: Reach(questions=frozenset({Question.OUTPUTS_CARRY_TERMS})),
}


def _stand_in(word: str, name: str) -> License:
    reach = (
        _REACH
        if word != "opaque-provenance"
        else dict.fromkeys((ReachClass.COPY, ReachClass.DERIVE, ReachClass.INCLUDE, ReachClass.LINK), _SETTLED)
    )
    term = Term(key=word, word=word, clause="", quote="", reach=reach)
    return License(id=word, name=name, about=frozenset(About), texts=(), terms=(term,))


UNKNOWN = _stand_in("unknown-license", "no licence declared")
CUSTOM = _stand_in("custom-license", "clauses not encoded")
OPAQUE = _stand_in("opaque-provenance", "lineage not disclosed")
STAND_INS = frozenset({UNKNOWN.id, CUSTOM.id, OPAQUE.id})
