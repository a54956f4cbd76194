"""The calculus of DESIGN section 4 in networkx, some thirty lines, written from the table and not from the engine.

One node for each (artifact, content, how, term); an edge where the table lets a step move the term.
What a term reaches is then what its origin's node reaches.
"""

from collections.abc import Iterable, Mapping

import networkx as nx

from lien.vocabulary.licenses import License, Nature, Reach, Term
from lien.vocabulary.questions import Question

Place = tuple[str, str, str, str, str]
Step = tuple[str, str, str, bool, str | None]
"""upstream, reach class, downstream, between two publishers?, licensor the step leads to"""


def _target(kind: str, content: str, how: str, derivative: bool) -> tuple[tuple[str, str], tuple[str, ...]] | None:  # noqa: PLR0911  # a table
    """Where the table moves a form, and the classes it asks for; an entry "include?" passes unlisted too."""
    work = content == "work"
    match kind:
        case "copy":
            return (content, how), ()
        case "derive" | "adapt":
            return (content, how), ((kind,) if (content, how) == ("work", "is") else ())
        case "include":
            return (content, "calls" if how == "calls" else "holds"), ("include?",)
        case "link":
            return (content, how), (("include?",) if how == "holds" else ("link",))
        case "call":
            return (content, "calls"), ("call?",)
        case "output" | "select" if work:
            return ("output", "is"), (kind,)
        case "train" if content in ("work", "output"):
            return (("work", "is") if derivative and not work else ("learned", "is")), ("train",)
        case "distill" if work:
            return (("work", "is") if derivative else ("learned", "is")), ("output", "train")
    return None


def inherited(steps: Iterable[Step], own: Mapping[str, Iterable[License]], allowed: frozenset[Question]) -> set[Place]:
    """Everything that holds a term, as (artifact, content, how, licence, key), where only allowed questions may be open."""
    licenses = {one.id: one for ones in own.values() for one in ones}
    graph = nx.DiGraph()
    for up, kind, down, strangers, licensor in steps:
        for license_ in licenses.values():
            for term in license_.terms:
                for content in ("work", "output", "learned"):
                    for how in ("is", "holds", "calls"):
                        moved = _target(kind, content, how, license_.learned_is_derivative)
                        if moved and _passes(
                            license_, term, moved[1], allowed, strangers and (content != "work" or how == "calls"), licensor
                        ):
                            graph.add_edge((up, content, how, license_.id, term.key), (down, *moved[0], license_.id, term.key))
    starts = [(artifact, "work", "is", one.id, term.key) for artifact, ones in own.items() for one in ones for term in one.terms]
    graph.add_nodes_from(starts)
    return set(starts) | {place for start in starts for place in nx.descendants(graph, start)}


def _passes(
    license_: License, term: Term, asks: tuple[str, ...], allowed: frozenset[Question], strangers: bool, licensor: str | None
) -> bool:
    if licensor is not None and licensor == license_.licensor:
        return False
    if strangers and term.nature is Nature.CONTRACT and Question.TERMS_BIND_THIRD_PARTIES not in allowed:
        return False
    reach: dict[str, Reach] = {name.value: entry for name, entry in term.reach.items()}
    if "derive" in reach:
        reach.setdefault("adapt", Reach(questions=reach["derive"].questions | {Question.ADAPTER_IS_DERIVATIVE}))
    if "output" in reach:
        reach.setdefault(
            "select", Reach(questions=reach["output"].questions | {Question.SELECTION_IS_OUTPUT}, silent=reach["output"].silent)
        )
    return all(
        (name.endswith("?") and name[:-1] not in reach) or (name.rstrip("?") in reach and reach[name.rstrip("?")].questions <= allowed)
        for name in asks
    )
