"""The closed list of words for what a clause does: limits, duties and risks (DESIGN section 3).

Each word has typed parameters, a default `when` (the use that triggers it), default `binds` (the
kinds of artifact it speaks to; the default is whoever uses the thing) and a paragraph for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lien.vocabulary.conditions import Condition
from lien.vocabulary.kinds import Kind

__all__ = ["WORDS", "Param", "ParamType", "Word", "WordKind", "default_when"]


class WordKind(StrEnum):
    """What may not be done, what must be done, and what may change or is not known."""

    LIMIT = "limit"
    DUTY = "duty"
    RISK = "risk"


class ParamType(StrEnum):
    """The type of a term's parameter as it stands in a licence file."""

    TEXT = "text"
    COUNT = "count"
    DATE = "date"
    BOOL = "bool"
    TEXTS = "texts"
    USES = "uses"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One parameter of a word; `choices` only for CHOICE."""

    type: ParamType
    required: bool = False
    choices: tuple[str, ...] = ()
    meaning: str = ""


_ALL = frozenset(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of the vocabulary."""

    name: str
    kind: WordKind
    paragraph: str
    params: Mapping[str, Param] = field(default_factory=dict)
    when: tuple[Condition, ...] = ()
    binds: frozenset[Kind] = _ALL


def _ctx(**parts: object) -> Condition:
    return Condition(context=tuple(sorted(parts.items())))


_ANY_COPY = ("weights", "app", "binary", "source", "data")
_DISTRIBUTES = (_ctx(distributes=_ANY_COPY),)
_HANDS_ON = (_ctx(distributes=_ANY_COPY), _ctx(hosts=("model-api", "application")))
_TEXT, _COUNT, _DATE, _USES = ParamType.TEXT, ParamType.COUNT, ParamType.DATE, ParamType.USES
_MODELS = frozenset({Kind.MODEL})


def _limit(
    name: str, paragraph: str, *, params: Mapping[str, Param] | None = None, when: tuple[Condition, ...] = (), binds: frozenset[Kind] = _ALL
) -> Word:
    return Word(name=name, kind=WordKind.LIMIT, paragraph=paragraph, params=params or {}, when=when, binds=binds)


def _duty(
    name: str,
    paragraph: str,
    *,
    params: Mapping[str, Param] | None = None,
    when: tuple[Condition, ...] = _DISTRIBUTES,
    binds: frozenset[Kind] = _ALL,
) -> Word:
    return Word(name=name, kind=WordKind.DUTY, paragraph=paragraph, params=params or {}, when=when, binds=binds)


def _risk(name: str, paragraph: str, *, params: Mapping[str, Param] | None = None, when: tuple[Condition, ...] = ()) -> Word:
    return Word(name=name, kind=WordKind.RISK, paragraph=paragraph, params=params or {}, when=when)


_LIST = (
    _limit(
        "non-commercial",
        "The work may not be used for commercial advantage or payment. What counts as commercial differs from text to text: "
        "some look at the use, some at the user. A product that is sold, or that serves a business, is safest taken as commercial.",
        when=(_ctx(commercial=True),),
    ),
    _limit(
        "research-only",
        "The work may be used for research purposes only. Unlike a plain non-commercial limit this bars every other use too, "
        "a free product included.",
        when=(_ctx(commercial=True), _ctx(fields_outside=("research",))),
    ),
    _limit(
        "non-production",
        "The work may be tried, tested and evaluated, but not put to work in production: not in a service, a product or the "
        "running of a business.",
        when=(_ctx(commercial=True), _ctx(fields_outside=("research", "evaluation"))),
    ),
    _limit(
        "acceptable-use",
        "Named uses are barred to everybody, often in a policy beside the licence. The parameter lists the barred uses in one "
        "vocabulary for all licences; a policy file can deny a use once for all of them. Most texts also ask that the same limits "
        "bind your own users: that is the separate word pass-on-terms.",
        params={
            "uses": Param(type=_USES, required=True, meaning="categories that the text bars; none where the text was not read"),
            "policy": Param(type=_TEXT, meaning="address of the policy"),
            "moving": Param(type=ParamType.BOOL, meaning="the licensor may change the policy"),
        },
    ),
    _limit(
        "user-threshold",
        "Above a number of monthly active users the licence no longer grants anything by itself: a separate licence must be asked "
        "for. The text says on which day, or over which period, and whose users are counted.",
        params={
            "monthly_users": Param(type=_COUNT, required=True),
            "measured": Param(type=ParamType.CHOICE, choices=("at-release", "continuously", "preceding-month"), required=True),
            "as_of": Param(type=_DATE, meaning="the day the count is taken, if the text fixes one"),
        },
    ),
    _limit(
        "revenue-threshold",
        "Above an amount of yearly revenue the licence no longer covers commercial use: a separate licence must be obtained.",
        params={
            "amount_usd_per_year": Param(type=_COUNT, required=True),
            "whose": Param(type=_TEXT, meaning="whose revenue counts: licensee, with affiliates, product"),
        },
    ),
    _limit(
        "territory",
        "The licence is not granted in, or to people and companies of, the territories named.",
        params={"excluded": Param(type=ParamType.TEXTS, required=True, meaning="ISO 3166 codes, EU for the Union")},
    ),
    _limit(
        "field-of-use",
        "Use is granted only in, or not in, a named field that no word for commerce or barred uses covers.",
        params={"field": Param(type=_TEXT, required=True), "only": Param(type=ParamType.BOOL, meaning="true: only this field is granted")},
    ),
    _limit(
        "no-hosted-service",
        "The work may not be offered to others over a network as a service, or only after a separate licence.",
        when=(_ctx(hosts=("model-api", "application")),),
        params={"except": Param(type=_TEXT, meaning="hosting that the text leaves free")},
    ),
    _limit(
        "no-competing-service",
        "The work may not be used to make or offer something that competes with the licensor's products.",
        params={"protects": Param(type=_TEXT, meaning="whose products")},
    ),
    _limit("no-redistribution", "Copies of the work may not be handed to anybody else.", when=_DISTRIBUTES),
    _limit(
        "no-sublicense", "The rights may not be passed on by you: everybody else must take a licence from the licensor.", when=_HANDS_ON
    ),
    _limit(
        "access-approval",
        "The work is given only to people whom the licensor has approved one by one; a copy that came by another way may carry no "
        "licence at all.",
        params={"how": Param(type=_TEXT, meaning="form, agreement, contact")},
    ),
    _limit(
        "no-output-training",
        "What the model or service writes may not be used to train or improve other models. The parameters say whom the clause "
        "protects and which learners it excepts. A dataset written with the service carries the clause to every model trained on "
        "it; whether it binds somebody who never accepted the terms is an open question.",
        params={
            "protects": Param(type=_TEXT, meaning="whose interest the clause protects"),
            "learner": Param(type=ParamType.CHOICE, choices=("any", "language-model", "foundation-model", "competing-model")),
            "except_family": Param(type=_TEXT, meaning="a learner of this family of licences is excepted"),
        },
        when=(_ctx(trains_on_outputs=True),),
    ),
    _limit("no-training", "The work may not be used to train models.", when=()),
    _limit(
        "no-derivatives",
        "The work may be passed on only as it is: adapted versions may not be shared.",
        when=(_ctx(distributes=_ANY_COPY, modifies=True), _ctx(modifies=True, publishes=True)),
    ),
    _limit(
        "copyleft",
        "What is made from the work must be given on under the same licence. The strength says how far that goes: file, library, "
        "strong (the whole program), network (also to users over a network), or data (adapted data).",
        params={"strength": Param(type=ParamType.CHOICE, choices=("file", "library", "strong", "network", "data"), required=True)},
        when=_DISTRIBUTES,
    ),
    _limit("no-circumvention", "Guardrails, filters or technical limits may not be removed or worked around."),
    _limit("no-reverse-engineering", "The work may not be taken apart to learn its source, weights or inner working."),
    _limit(
        "other-limit",
        "A limit that the text sets and no word of the vocabulary says. Its summary stands in the licence's entry; it is shown, and "
        "never denied by default.",
        params={"summary": Param(type=_TEXT, required=True)},
    ),
    _duty("include-license", "A copy of the licence, or where the text allows it a link to it, must go with every copy handed on."),
    _duty("retain-notices", "Copyright, patent, licence and attribution notices that came with the work must be kept."),
    _duty(
        "notice-file",
        "A notice in words the licence fixes must stand in a text file, often named Notice, that goes with the copies.",
        params={"text": Param(type=_TEXT, meaning="the words, or their beginning")},
    ),
    _duty(
        "attribution",
        "The author, the source and the licence must be named where the work or an adaptation of it is shared.",
        params={"to": Param(type=_TEXT, meaning="whom to name")},
        when=(*_DISTRIBUTES, _ctx(publishes=True)),
    ),
    _duty(
        "display-branding",
        "A fixed phrase or mark must be shown in public: on the site, the interface, the documentation or the product page.",
        params={"text": Param(type=_TEXT, required=True, meaning="the exact phrase")},
        when=_HANDS_ON,
    ),
    _duty(
        "model-name-prefix",
        "The name of a model made with the work, or from what it writes, must begin with a given word.",
        params={"prefix": Param(type=_TEXT, required=True)},
        when=(_ctx(distributes=("weights",)), _ctx(hosts=("model-api",)), _ctx(publishes=True)),
        binds=_MODELS,
    ),
    _duty(
        "state-changes",
        "Changed files, or the fact of changes, must be marked.",
        when=(_ctx(distributes=_ANY_COPY, modifies=True), _ctx(modifies=True, publishes=True)),
    ),
    _duty(
        "disclose-source",
        "The source, in the form preferred for changing it, must be given or offered to those who receive the work, or use it over "
        "a network.",
        params={
            "of": Param(
                type=ParamType.CHOICE, choices=("work", "modified-files", "whole-program", "modifications", "data"), meaning="whose source"
            )
        },
    ),
    _duty("disclose-generated", "People must be told that content was made, or that they speak with, a machine.", when=()),
    _duty(
        "pass-on-terms",
        "Your own users and recipients must be bound, by an enforceable term, to the use limits of the licence.",
        when=_HANDS_ON,
    ),
    _duty("impact-report", "A report on the impact or the use must be made or sent to the licensor.", when=()),
    _duty("use-latest-version", "The newest version of the work must be used, or reasonable efforts made to do so.", when=()),
    _duty("register", "The user must register with, or notify, the licensor.", when=()),
    _duty(
        "other-duty",
        "A duty that the text sets and no word of the vocabulary says. Its summary stands in the licence's entry; it is shown, and "
        "never denied by default.",
        params={"summary": Param(type=_TEXT, required=True)},
        when=(),
    ),
    _risk(
        "patent-termination", "Rights end for somebody who sues over patents, or in some texts over any intellectual property, in the work."
    ),
    _risk("unilateral-change", "The licensor may change the terms later, with or without notice."),
    _risk("remote-restriction", "The licensor reserves the right to restrict use of the work from afar, or to ask for updates."),
    _risk("revocable", "The licensor may end the licence without a breach by you, or asks that the work be deleted on request."),
    _risk("indemnity", "The user must hold the licensor harmless for claims out of the use."),
    _risk("no-trademark", "No right to use names, logos or trademarks is given, beyond what naming the source needs."),
    _risk("unknown-license", "Nothing declares under which terms the artifact may be used. Without a licence nothing is granted."),
    _risk("custom-license", "The artifact stands under a text that lien has not read clause by clause. Somebody must read it."),
    _risk("opaque-provenance", "What the artifact was built from is not disclosed, so nothing can be said of what it inherits."),
    _risk("licensor-owns-outputs", "The licensor claims rights in what the work produces."),
    _risk("grant-back", "Changes, feedback or content are licensed back to the licensor."),
)

WORDS: Mapping[str, Word] = {word.name: word for word in _LIST}
"""Every word by its name. An unknown word fails validation."""


def default_when(word: str, params: Mapping[str, object]) -> tuple[Condition, ...]:
    """What triggers a term that states no `when` of its own; empty for "always".

    Thresholds and territories read their condition out of their parameters.
    """
    match word:
        case "user-threshold":
            return (_ctx(users_over=params["monthly_users"]),)
        case "revenue-threshold":
            return (_ctx(revenue_usd_over=params["amount_usd_per_year"]),)
        case "territory":
            return (_ctx(territory=params["excluded"]),)
        case "no-competing-service" if "protects" in params:
            return (_ctx(competes_with=(params["protects"],)),)
        case _:
            return WORDS[word].when
