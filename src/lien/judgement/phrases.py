"""What findings say in words: one phrase for each word of the vocabulary, and the ways out."""

from collections.abc import Mapping, Sequence

from lien.graph.supply import Artifact
from lien.vocabulary.conditions import CONTEXT_CONDITIONS
from lien.vocabulary.licenses import License, Term
from lien.vocabulary.words import WordKind

__all__ = ["license_name", "question_for", "says", "way_out"]

_SAYS = {
    "non-commercial": "no commercial use",
    "research-only": "research use only",
    "non-production": "no use in production",
    "acceptable-use": "barred uses: {uses}",
    "user-threshold": "a separate licence is needed above {monthly_users:,} monthly users {measured}",
    "revenue-threshold": "a separate licence is needed above {amount_usd_per_year:,} US dollars of revenue a year",
    "territory": "not granted in {excluded}",
    "field-of-use": "field of use: {field}",
    "no-hosted-service": "may not be offered as a hosted service",
    "no-competing-service": "may not be used to compete with {protects}",
    "no-redistribution": "copies may not be handed on",
    "no-sublicense": "rights may not be passed on by you",
    "access-approval": "only for people the licensor approved",
    "no-output-training": "outputs may not be used to train other models",
    "no-training": "may not be used to train models",
    "no-derivatives": "adapted versions may not be shared",
    "copyleft": "what is made from it must stay under the same licence ({strength} copyleft)",
    "no-circumvention": "safeguards may not be removed",
    "no-reverse-engineering": "may not be reverse engineered",
    "include-license": "ship a copy of the licence",
    "retain-notices": "keep copyright and licence notices",
    "notice-file": "pass on the Notice file, if there is one",
    "attribution": "name author, source and licence",
    "display-branding": 'show "{text}"',
    "model-name-prefix": 'name of the model must begin with "{prefix}"',
    "state-changes": "mark what was changed",
    "disclose-source": "give or offer the source",
    "disclose-generated": "tell people that content or speaker is a machine",
    "pass-on-terms": "bind your own users to the use limits",
    "impact-report": "report on impact or use",
    "use-latest-version": "use the newest version",
    "register": "register with the licensor",
    "patent-termination": "rights end for who sues over it",
    "unilateral-change": "the licensor may change the terms",
    "remote-restriction": "the licensor may restrict use from afar",
    "revocable": "the licensor may take the licence back",
    "indemnity": "you hold the licensor harmless",
    "no-trademark": "no right to names and marks",
    "licensor-owns-outputs": "the licensor claims rights in outputs",
    "grant-back": "what you change or send is licensed back",
    "other-limit": "{summary}",
    "other-duty": "{summary}",
}

_DO = {
    "include-license": "put the text of {license} beside what you hand on",
    "retain-notices": "keep the notices that came with it",
    "notice-file": "add a Notice file with the text of the clause",
    "attribution": "name author, source and licence where you share it",
    "display-branding": "show the phrase where the clause asks for it",
    "model-name-prefix": "rename the model",
    "state-changes": "mark changed files as changed",
    "disclose-source": "give the source, or a written offer of it, with the product",
    "disclose-generated": "tell users that they deal with a machine",
    "pass-on-terms": "put the use limits into your own terms of use",
}


_FEW = 3
_MEASURED = {
    "at-release": "on the day the model came out",
    "continuously": "at any time",
    "preceding-month": "in the preceding month",
}


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"({key} not told)"


def license_name(license_: License) -> str:
    """The name of a licence as findings show it."""
    return license_.name


def says(term: Term) -> str:
    """What a clause says, in a phrase."""
    values = _Blank(
        {key: ", ".join(str(one) for one in value) if isinstance(value, tuple | list) else value for key, value in term.params.items()}
    )
    if term.word == "acceptable-use":
        uses = [str(one) for one in uses] if isinstance(uses := term.params.get("uses", ()), tuple | list) else []
        if not uses:
            return "uses are barred; which, its text alone tells, and that was not read"
        return f"barred uses: {', '.join(uses)}" if len(uses) <= _FEW else f"{len(uses)} kinds of use are barred"
    if term.word == "notice-file" and "text" in term.params:
        return f'ship a Notice file that says "{term.params["text"]}"'
    if term.word == "user-threshold":
        values["measured"] = _MEASURED[str(term.params["measured"])]
    if term.word == "no-competing-service" and "protects" not in term.params:
        return "may not be used to compete with the licensor"
    return _SAYS.get(term.word, term.word).format_map(values).rstrip(".")


def question_for(key: str) -> str:
    """The question that an unknown key of the context asks."""
    known = CONTEXT_CONDITIONS.get(key)
    if known is not None:
        return known.question
    return f"What is the {key.partition('.')[2].replace('_', ' ')} of the artifact?"


def way_out(license_: License, term: Term, origins: Sequence[Artifact]) -> str:
    """What to do next about a term that binds."""
    if term.kind is WordKind.DUTY:
        return _DO.get(term.word, f"do what clause {term.clause} asks").format(license=license_.name)
    if term.kind is WordKind.RISK:
        return "know it before you rely on the work"
    kinds = sorted({origin.kind for origin in origins})
    thing = f"another {kinds[0]}" if len(kinds) == 1 else "other parts"
    who = license_.licensor or next((origin.publisher for origin in origins if origin.publisher), None)
    match term.word:
        case "acceptable-use":
            return "keep the product out of the barred uses; lien explain " + license_.id
        case "user-threshold" | "revenue-threshold":
            return f"below the threshold nothing; above it a licence from {who or 'the licensor'}"
        case "no-output-training":
            return f"do not train other models on its outputs; or use {thing}"
        case "copyleft":
            return f"give the result on under {license_.id}, or use {thing}"
        case _:
            return f"use {thing}, or get a licence from {who or 'its owner'} and record it as an agreement"


def shown_params(params: Mapping[str, object]) -> dict[str, object]:
    """Parameters as JSON shows them."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in sorted(params.items())}
