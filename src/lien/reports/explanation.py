"""`lien explain`: a word's paragraph, an open question, or a licence's terms with clauses and quotes."""

import difflib
from collections.abc import Iterator

from lien.catalog.store import Catalog
from lien.errors import UsageError
from lien.judgement.phrases import says
from lien.reports.text import wrapped
from lien.vocabulary.licenses import License, Nature, Reach, ReadAs, Scheme, Term
from lien.vocabulary.questions import PRESETS, Question
from lien.vocabulary.words import WORDS, Word, WordKind

__all__ = ["render"]

_WIDTH = 80
_PLURALS = {WordKind.LIMIT: "limits", WordKind.DUTY: "duties", WordKind.RISK: "risks"}


def render(catalog: Catalog, name: str | None, under: str | None = None) -> Iterator[str]:
    """Lines of text; for a licence also what the OSADL matrix says of it in a product `under` another.

    Raises UsageError with near names for a name that nothing has.
    """
    for line in _lines(catalog, name, under):
        yield line + "\n"


def _lines(catalog: Catalog, name: str | None, under: str | None) -> Iterator[str]:
    if under is not None and (name is None or name in WORDS or name in tuple(Question)):
        raise UsageError("--under needs a licence to compare")
    if name is None:
        yield from _list()
    elif name in WORDS:
        yield from _word(WORDS[name])
    elif name in tuple(Question):
        yield from _question(Question(name))
    else:
        yield from _licenses(catalog, name, under)


def _list() -> Iterator[str]:
    for kind in WordKind:
        yield (
            f"{kind.value}s: "
            + {
                WordKind.LIMIT: "what may not be done",
                WordKind.DUTY: "what must be done",
                WordKind.RISK: "what may change or is not known",
            }[kind]
        )
        yield from wrapped(", ".join(word.name for word in WORDS.values() if word.kind is kind), _WIDTH, "  ")
    yield "open questions:"
    yield from wrapped(", ".join(Question), _WIDTH, "  ")


def _word(word: Word) -> Iterator[str]:
    yield f"{word.name} ({word.kind.value})"
    yield from wrapped(word.paragraph, _WIDTH, "  ")
    for name, param in word.params.items():
        choices = f" ({', '.join(param.choices)})" if param.choices else ""
        yield from wrapped(
            f"{name}: {param.meaning or param.type.value}{choices}{'' if param.required else '; optional'}", _WIDTH, "    ", first="  "
        )


def _question(question: Question) -> Iterator[str]:
    yield f"{question.value} (open question)"
    yield from wrapped(question.text, _WIDTH, "  ")
    yield "  answered " + ", ".join(f"{answers[question].value} by {preset}" for preset, answers in PRESETS.items())


def _licenses(catalog: Catalog, name: str, under: str | None) -> Iterator[str]:
    found = [one] if (one := catalog.license(name.lower())) is not None else []
    for scheme in (Scheme.SPDX, Scheme.HUGGING_FACE, Scheme.LICENSE_NAME, Scheme.FREE_TEXT, Scheme.SCANCODE, Scheme.CLASSIFIER, Scheme.URL):
        if not found:
            found = list(catalog.named(scheme, name))
    if not found and (title := catalog.exception(name)) is not None:
        yield f"{name}: {title}"
        yield from wrapped("an exception of the SPDX list, known by name only: what it lifts is not encoded", _WIDTH, "  ")
        return
    if not found and (expression := catalog.replacement(name)) is not None:
        yield f"{name}: SPDX has replaced it by {expression}"
        return
    if not found:
        near = difflib.get_close_matches(name.lower(), [*WORDS, *catalog.license_ids()], n=4)
        raise UsageError(f'"{name}" is no word, question or licence' + (f"; did you mean {', '.join(near)}?" if near else ""))
    for number, license_ in enumerate(found):
        if number:
            yield ""
        yield from _license(license_)
        if under is not None:
            from lien.reports import compatibility  # noqa: PLC0415  # reads an optional extra

            yield from compatibility.lines(catalog, name, license_, under)


def _license(license_: License) -> Iterator[str]:
    yield f"{license_.id}: {license_.name}"
    about = ", ".join(sorted(license_.about))
    facts = [f"about {about}"] if about else []
    if license_.osi_approved is not None:
        facts.append(f"{'' if license_.osi_approved else 'not '}OSI approved")
        facts.append({True: "FSF libre", False: "not FSF libre", None: "no word of the FSF"}[license_.fsf_libre])
    if license_.licensor:
        facts.append(f"licensor {license_.licensor}")
    if license_.in_force_from:
        facts.append(f"in force from {license_.in_force_from}" + (f" until {license_.in_force_until}" if license_.in_force_until else ""))
    yield f"  {'; '.join(facts)}"
    for text in license_.texts:
        read = {
            ReadAs.WHOLE: f"read whole on {text.on}",
            ReadAs.EXCERPT: f"read in part on {text.on}",
            ReadAs.BY_NAME: "known by name only: clauses not encoded",
        }[text.read]
        yield from wrapped(f"{text.title}: {read}{f', {text.url}' if text.url else ''}", _WIDTH, "    ", first="  ")
    if license_.learned_is_derivative:
        yield "  counts models made from its outputs as derivatives"
    if license_.note:
        yield from wrapped(license_.note, _WIDTH, "  ")
    for kind in WordKind:
        terms = [term for term in license_.terms if term.kind is kind]
        if terms:
            yield ""
            yield f"  {_PLURALS[kind]}"
            for term in terms:
                yield from _term(term)


def _term(term: Term) -> Iterator[str]:
    yield from wrapped(f"{term.word} ({term.key}), {term.clause}: {says(term)}", _WIDTH, "      ", first="    ")
    yield from wrapped(f'"{term.quote}"', _WIDTH, "      ")
    uses = term.params.get("uses")
    if isinstance(uses, tuple):
        yield from wrapped(", ".join(str(one) for one in uses), _WIDTH, "      ")
    yield from wrapped(
        "reaches through " + ", ".join(f"{name.value}{_how(entry)}" for name, entry in sorted(term.full_reach.items())), _WIDTH, "      "
    )
    if term.nature is Nature.CONTRACT:
        yield "      a contract: binds who accepted it"
    if term.note:
        yield from wrapped(f"note: {term.note}", _WIDTH, "      ")


def _how(entry: Reach) -> str:
    if entry.silent:
        return " (silently)"
    return f" (contested: {', '.join(sorted(entry.questions))})" if entry.questions else ""
