"""The SPDX License List (`graphs/spdx.json`, by `tools/import_spdx.py`): what is known of a licence by its name alone.

An id that no knowledge file names becomes a licence without terms; nothing is ever read into a name.
"""

import json
from collections import Counter
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from lien.catalog.names import fold_name
from lien.errors import KnowledgeError
from lien.vocabulary.licenses import ReadAs, Scheme

__all__ = ["LISTING", "Listing", "list_by_name"]

LISTING = "spdx.json"
"""The file's name below the root of the knowledge."""

Name = tuple[str, str, str]


class Listing:
    """The list's records: licences, exceptions, and ids that an expression replaces."""

    def __init__(self, file: Path) -> None:
        try:
            records = json.loads(file.read_text(encoding="utf-8"))[1:]
            self.licenses: list[dict[str, Any]] = [one for one in records if not one.get("exception")]
            self.exceptions: dict[str, str] = {fold_name(Scheme.SPDX, one["id"]): one["name"] for one in records if one.get("exception")}
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise KnowledgeError(f"is no list of tools/import_spdx.py ({error!r})", path=file.name) from error


def list_by_name(listing: Listing, licenses: MutableMapping[str, dict[str, Any]], names: set[Name]) -> dict[str, str]:
    """Add every listed id that nothing names yet; returns the ids that an expression has replaced.

    A deprecated id means the licence of the id that replaces it.
    """
    by_spdx: dict[str, list[str]] = {}
    for scheme, name, identifier in names:
        if scheme == Scheme.SPDX:
            by_spdx.setdefault(name, []).append(identifier)
    current = [one for one in listing.licenses if "replaced_by" not in one]
    titles = Counter(fold_name(Scheme.FREE_TEXT, one["name"]) for one in current)
    titles.update(name for scheme, name, _ in names if scheme == Scheme.FREE_TEXT)
    for one in current:
        folded = fold_name(Scheme.SPDX, one["id"])
        # The id of a file is the SPDX id in lower case where there is one (graphs/README.md).
        known = by_spdx.setdefault(folded, [folded] if folded in licenses else [])
        for identifier in known:
            if licenses[identifier]["text"]["read"] == ReadAs.BY_NAME:
                licenses[identifier] = {**licenses[identifier], "status": _status(one)}
        if not known:
            known.append(folded)
            licenses[folded] = _entry(one)
            names.add((Scheme.LIEN.value, folded, folded))
            title = fold_name(Scheme.FREE_TEXT, one["name"])
            if titles[title] == 1:
                names.add((Scheme.FREE_TEXT.value, title, folded))
        names.update((Scheme.SPDX.value, folded, identifier) for identifier in known)
    replaced = {}
    for one in listing.licenses:
        folded = fold_name(Scheme.SPDX, one["id"])
        if "replaced_by" not in one or folded in by_spdx:
            continue
        now = by_spdx.get(fold_name(Scheme.SPDX, one["replaced_by"]), ())
        names.update((Scheme.SPDX.value, folded, identifier) for identifier in now)
        if not now:
            replaced[folded] = one["replaced_by"]
    return replaced


def _entry(record: Mapping[str, Any]) -> dict[str, Any]:
    """A licence in plain form, as a knowledge file would say it; what it is about is not told."""
    identifier, name = record["id"], record["name"]
    return {
        "id": fold_name(Scheme.SPDX, identifier),
        "name": name,
        "about": [],
        "names": {Scheme.SPDX.value: [identifier]},
        "text": {"title": name, "url": f"https://spdx.org/licenses/{identifier}.html", "read": ReadAs.BY_NAME.value},
        "status": _status(record),
        "listed": True,
    }


def _status(record: Mapping[str, Any]) -> dict[str, bool]:
    return {key: record[key] for key in ("osi", "fsf") if key in record}
