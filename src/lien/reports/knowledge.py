"""`lien catalog search`, `show` and `stats`: the knowledge as people read it."""

import difflib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lien.catalog.store import Catalog
from lien.errors import UsageError
from lien.reports import explanation
from lien.reports.text import clean, wrapped
from lien.vocabulary.licenses import ReadAs

__all__ = ["search", "show", "stats"]

_WIDTH = 80
_MOST = 50
_NEAR = 5


def search(catalog: Catalog, text: str) -> Iterator[str]:
    """Ids and names that hold a text, licences first. Raises UsageError with near names if none does."""
    wanted = text.strip().lower()
    hits = [
        f"licence   {license_.id}: {license_.name}"
        for license_ in _licenses(catalog)
        if any(
            wanted in one.lower() for one in (license_.id, license_.name, *(name for names in license_.names.values() for name in names))
        )
    ]
    hits.extend(
        entry["id"] + (f": {entry['name']}" if entry.get("name") else "")
        for entry in _artifacts(catalog)
        if any(wanted in one.lower() for one in (entry["id"], entry.get("name") or "", *entry.get("aliases", ())))
    )
    if not hits:
        near = suggestions(catalog, wanted)
        raise UsageError(f'nothing in the catalogue holds "{text}"' + (f"; did you mean {', '.join(near)}?" if near else ""))
    for hit in hits[:_MOST]:
        yield clean(hit) + "\n"
    if len(hits) > _MOST:
        yield f"and {len(hits) - _MOST} more\n"


def suggestions(catalog: Catalog, name: str) -> list[str]:
    """Names near to one that nothing has: for the reader alone, never used as facts."""
    known = [*catalog.license_ids(), *catalog.artifact_ids()]
    # "llama-2-7b" should find model:meta-llama/llama-2-7b-hf: compare with the last part of an id too.
    tails = {one.rpartition("/")[2].rpartition(":")[2]: one for one in known}
    found = difflib.get_close_matches(name, known, n=_NEAR) or [tails[one] for one in difflib.get_close_matches(name, list(tails), n=_NEAR)]
    return sorted(dict.fromkeys(found))


def show(catalog: Catalog, name: str) -> Iterator[str]:
    """Everything known of an artifact (by id, alias or the part of it behind the kind) or a licence."""
    entry = _entry(catalog, name.strip().lower())
    if entry is None:
        try:
            yield from explanation.render(catalog, name)
        except UsageError:
            near = suggestions(catalog, name.strip().lower())
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UsageError(f'"{name}" is neither an artifact nor a licence of the catalogue{hint}') from None
        return
    for line in _shown(entry):
        yield clean(line).rstrip() + "\n"


def _entry(catalog: Catalog, name: str) -> dict[str, Any] | None:
    for before in ("", "model:", "dataset:", "service:", "package:pypi/", "package:npm/", "image:"):
        entry = catalog.artifact(catalog.canonical(before + name))
        if entry is not None:
            return entry
    return None


def _shown(entry: dict[str, Any]) -> Iterator[str]:
    yield entry["id"] + (f": {entry['name']}" if entry.get("name") else "")
    facts = [
        f"{key.replace('_', ' ')} {entry[key]}"
        for key in ("publisher", "publisher_kind", "released", "family", "provenance")
        if entry.get(key)
    ]
    if facts:
        yield from wrapped("; ".join(facts), _WIDTH, "  ")
    if entry.get("aliases"):
        yield from wrapped(f"also {', '.join(entry['aliases'])}", _WIDTH, "    ", first="  ")
    for key, value in sorted(entry.get("attributes", {}).items()):
        yield from wrapped(f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}", _WIDTH, "    ", first="  ")
    for claim in entry["licenses"]:
        part = f" ({claim['part']})" if claim.get("part") else ""
        yield from wrapped(f"licence {claim['claim']}{part}, as {claim['scheme']}", _WIDTH, "    ", first="  ")
        yield f"    {claim['source']}"
    for relation in entry["relations"]:
        extra = "".join(f"; {relation[key]}" for key in ("date", "share") if relation.get(key)) + (
            "; inferred" if relation.get("inferred") else ""
        )
        yield from wrapped(f"{relation['type']} {relation['to']}{extra}", _WIDTH, "    ", first="  ")
        yield f"    {relation['source']}"
    if entry.get("note"):
        yield from wrapped(entry["note"], _WIDTH, "  ")
    yield f"  graphs/{entry['file']}"


def stats(catalog: Catalog) -> Iterator[str]:
    """How much is known: texts by how they were read, terms, artifacts by kind, relations by type."""
    licenses = list(_licenses(catalog))
    read = Counter(license_.texts[0].read for license_ in licenses if license_.texts)
    yield f"licences {len(licenses)}: {', '.join(f'{read[one]} {_READ[one]}' for one in ReadAs)}\n"
    yield f"of these {sum(license_.is_listed_only for license_ in licenses)} from the SPDX list alone; exceptions by name {catalog.exceptions()}\n"
    yield f"terms {sum(len(license_.terms) for license_ in licenses)}\n"
    artifacts = list(_artifacts(catalog))
    kinds = Counter(entry["id"].partition(":")[0] for entry in artifacts)
    yield f"artifacts {len(artifacts)}: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}\n"
    relations = [relation for entry in artifacts for relation in entry["relations"]]
    inferred = sum(bool(relation.get("inferred")) for relation in relations)
    yield f"relations {len(relations)}, of which {inferred} inferred; licence claims {sum(len(entry['licenses']) for entry in artifacts)}\n"
    yield f"digest {catalog.digest}\n"


_READ = {ReadAs.WHOLE: "read whole", ReadAs.EXCERPT: "read in part", ReadAs.BY_NAME: "known by name"}


def _licenses(catalog: Catalog) -> Iterator[Any]:
    return (license_ for identifier in catalog.license_ids() if (license_ := catalog.license(identifier)) is not None)


def _artifacts(catalog: Catalog) -> Iterator[dict[str, Any]]:
    return (entry for identifier in catalog.artifact_ids() if (entry := catalog.artifact(identifier)) is not None)
