"""Licences and their terms as values (DESIGN section 3); reading the files is `catalog`'s work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from lien.vocabulary.conditions import Condition
from lien.vocabulary.forms import Content, Form, How
from lien.vocabulary.kinds import Kind
from lien.vocabulary.questions import Question
from lien.vocabulary.relations import ReachClass
from lien.vocabulary.words import WORDS, Word, WordKind, default_when

__all__ = ["SILENT_CLASSES", "About", "Act", "License", "Nature", "Reach", "ReadAs", "Scheme", "Term", "TextSource"]


class Scheme(StrEnum):
    """In which language a licence was named; the same word means different things in two schemes.

    On the Hub `bsl-1.0` is the Boost licence; as free text BSL is often the Business Source Licence.
    """

    SPDX = "spdx"
    HUGGING_FACE = "hugging-face"
    LICENSE_NAME = "license-name"
    CLASSIFIER = "classifier"
    FREE_TEXT = "free-text"
    FILE = "file"
    URL = "url"
    SCANCODE = "scancode"
    LIEN = "lien"


class About(StrEnum):
    """What a text licenses. A text about models that stands on a dataset speaks of its outputs."""

    MODEL = "model"
    DATA = "data"
    SOFTWARE = "software"
    CONTENT = "content"
    SERVICE = "service"


class Nature(StrEnum):
    """A licence follows the work; a contract binds those who made it."""

    LICENSE = "license"
    CONTRACT = "contract"


class ReadAs(StrEnum):
    """How much of the text stands behind an entry."""

    WHOLE = "whole"
    EXCERPT = "excerpt"
    BY_NAME = "by-name"


SILENT_CLASSES = frozenset({ReachClass.INCLUDE, ReachClass.CALL, ReachClass.OUTPUT, ReachClass.SELECT, ReachClass.TRAIN})
"""Classes whose step changes the form, so that a term can wait in the new form without effect."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a term passes one reach class: settled, contested by questions, or silent."""

    questions: frozenset[Question] = frozenset()
    silent: bool = False

    def contested_by(self, question: Question) -> "Reach":
        """The same reach, hanging on one more open question."""
        return Reach(questions=self.questions | {question}, silent=self.silent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a bar on an act asks of the artifact that commits it.

    `learner` is `any`, `language-model`, `foundation-model` or `competing-model`; a learner of
    `except_family` (along copy, derive and adapt from works under that licence) is excepted.
    """

    learner: str = "any"
    except_family: str | None = None
    competes_with: str | None = None


@dataclass(frozen=True, kw_only=True)
class Term:
    """One clause's effect. `reach` holds what the file lists; `passes` answers for every class."""

    key: str
    word: str
    clause: str
    quote: str
    reach: Mapping[ReachClass, Reach]
    params: Mapping[str, object] = field(default_factory=dict)
    text: str | None = None
    binds: frozenset[Kind] = frozenset(Kind)
    when: tuple[Condition, ...] | None = None
    unless: tuple[Condition, ...] = ()
    act: Act | None = None
    nature: Nature = Nature.LICENSE
    note: str | None = None

    @property
    def meaning(self) -> Word:
        """The word of the vocabulary that the clause is."""
        return WORDS[self.word]

    @property
    def kind(self) -> WordKind:
        """Limit, duty or risk."""
        return self.meaning.kind

    @property
    def triggers(self) -> tuple[Condition, ...]:
        """Alternatives of which one must hold; empty for always. The text's own, else the word's."""
        return default_when(self.word, self.params) if self.when is None else self.when

    @cached_property
    def full_reach(self) -> Mapping[ReachClass, Reach]:
        """The listed classes, and `adapt` and `select` where unlisted.

        An adapter is contested as a derivative, a selection as an output (DESIGN section 3).
        """
        full = dict(self.reach)
        if ReachClass.ADAPT not in full and ReachClass.DERIVE in full:
            full[ReachClass.ADAPT] = full[ReachClass.DERIVE].contested_by(Question.ADAPTER_IS_DERIVATIVE)
        if ReachClass.SELECT not in full and ReachClass.OUTPUT in full:
            full[ReachClass.SELECT] = full[ReachClass.OUTPUT].contested_by(Question.SELECTION_IS_OUTPUT)
        return MappingProxyType(full)

    def is_silent(self, form: Form) -> bool:
        """Does the term wait in this form without effect?"""
        return form in self._silent_forms

    @cached_property
    def _silent_forms(self) -> frozenset[Form]:
        def quiet(reach_class: ReachClass) -> bool:
            entry = self.reach.get(reach_class)
            return entry is None or entry.silent

        def listed_silent(reach_class: ReachClass) -> bool:
            entry = self.reach.get(reach_class)
            return entry is not None and entry.silent

        by_content = {
            Content.WORK: False,
            Content.OUTPUT: listed_silent(ReachClass.OUTPUT),
            Content.LEARNED: listed_silent(ReachClass.TRAIN),
        }
        by_how = {How.IS: False, How.HOLDS: quiet(ReachClass.INCLUDE), How.CALLS: quiet(ReachClass.CALL)}
        return frozenset(form for form in Form if by_content[form.content] or by_how[form.how])


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """Where a text stands and how much of it was read."""

    key: str
    title: str
    url: str | None = None
    read: ReadAs = ReadAs.BY_NAME
    on: date | None = None
    scancode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """One dated version of one text. `terms` is empty where the text is known by name only.

    `osi_approved` and `fsf_libre` are what the SPDX list says of such a text (None: nothing);
    `is_listed_only` marks those that no knowledge file speaks of.
    """

    id: str
    name: str
    about: frozenset[About]
    texts: tuple[TextSource, ...]
    terms: tuple[Term, ...] = ()
    names: Mapping[Scheme, tuple[str, ...]] = field(default_factory=dict)
    family: str | None = None
    licensor: str | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    learned_is_derivative: bool = False
    osi_approved: bool | None = None
    fsf_libre: bool | None = None
    is_listed_only: bool = False
    note: str | None = None

    @property
    def approvals(self) -> tuple[str, ...]:
        """Who calls it open or free, where the SPDX list tells."""
        return tuple(name for name, said in (("OSI approved", self.osi_approved), ("FSF libre", self.fsf_libre)) if said)

    @property
    def is_encoded(self) -> bool:
        """Was the text read clause by clause?"""
        return bool(self.texts) and self.texts[0].read is not ReadAs.BY_NAME

    def term(self, key: str) -> Term:
        """The term of that key; KeyError if there is none."""
        for term in self.terms:
            if term.key == key:
                return term
        raise KeyError(key)
