"""Write graphs/fingerprints.jsonl: what tells known licence texts from others, as sums only, never the texts.

    LIEN_LICENCE_TEXTS=.cache/licence-texts python tools/write_fingerprints.py [FOLDER]

LIEN_LICENCE_TEXTS names the texts of the scancode-toolkit package, unzipped as `.ci/run` does. FOLDER holds further
texts, `NAME.txt` for each line of tools/licence_texts.tsv, whose second column says whose texts they are. Fingerprints
whose text is not at hand stay as they are, so that anybody can add one without having all the others.
"""

import base64
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from lien.catalog.compile import compile_files
from lien.catalog.fingerprints import LISTING, LONGEST_TITLE, Record
from lien.catalog.recognise import Fingerprint, TextKind
from lien.catalog.texts import is_harmless, words_of

ROOT = Path(__file__).parents[1]
GRAPHS = ROOT / "graphs"
TABLE = Path(__file__).with_name("licence_texts.tsv")

_LICENSE, _POLICY, _NOTICE = TextKind.LICENSE, TextKind.POLICY, TextKind.NOTICE

# What stands around the licence proper, in some copies and not in others: remarks on using it, how to apply it.
_BEGINNINGS = (
    re.compile(r"^[\s*#]*By exercising the Licensed Rights", re.MULTILINE),
    re.compile(r"^[\s*#]*Statement of Purpose\s*$", re.MULTILINE),
)
_REMARKS = ("For more information, please see <http://creativecommons.org/publicdomain/zero/1.0/>",)
_ENDS = (
    re.compile(r"^[\s*#=_-]*END OF (?:THE )?TERMS AND CONDITIONS\b", re.IGNORECASE | re.MULTILINE),
    re.compile(
        r"^[\s*#=_-]*(?:APPENDIX|EXHIBIT [AB])\b[^\n]*(?:how to apply|incompatible with secondary|source code form license notice)",
        re.IGNORECASE | re.MULTILINE,
    ),
    re.compile(r"^[\s*#=_-]*How to Apply These Terms to Your New (?:Programs|Libraries)", re.IGNORECASE | re.MULTILINE),
    re.compile(
        r"^[\s*#=_-]*Creative\s+Commons\s+(?:is\s+not\s+a\s+party\s+to\s+(?:its\s+public\s+licenses|this\s+License)|may\s+be\s+contacted\s+at)",
        re.MULTILINE,
    ),
)
_MOST_OF_IT = 0.6
_SAYS_SO = frozenset(("mpl-2.0-no-copyleft-exception", "any-osi"))
"""Texts of the package that only say under what something stands."""
_NOTICES = (
    (re.compile(r"Licensed under the Apache License, Version 2\.0.*?limitations under the License\.", re.DOTALL), "apache-2.0"),
    (
        re.compile(
            r"This program is free software[:;] you can redistribute it and/or modify.*?(?:USA\.?|<?https?://(?:www\.)?gnu\.org/licenses/?>?\.?)",
            re.DOTALL,
        ),
        None,
    ),
    (
        re.compile(
            r"This library is free software[:;] you can redistribute it and/or\s+modify.*?(?:USA\.?|<?https?://(?:www\.)?gnu\.org/licenses/?>?\.?)",
            re.DOTALL,
        ),
        None,
    ),
    (
        re.compile(r"This Source Code Form is subject to the terms of the Mozilla Public.*?http://mozilla\.org/MPL/2\.0/\.", re.DOTALL),
        "mpl-2.0",
    ),
)


class Known(NamedTuple):
    """A text at hand."""

    key: str
    text: str
    kind: TextKind
    licenses: frozenset[str]


@cache
def _licenses() -> Mapping[str, Mapping[str, Any]]:
    """All licences as they are written, whatever the fingerprints of today say."""
    files = [(path, path.relative_to(GRAPHS).as_posix()) for path in sorted((GRAPHS / "licenses").glob("*.yaml"))]
    return compile_files(files, complete=False, listing=GRAPHS / "spdx.json").licenses


_UNVERSIONED = "-unversioned"


def scancode_texts(folder: Path) -> Iterator[Known]:
    """The texts that knowledge files name, and those of listed licences by their SPDX id."""
    licenses = _licenses()
    by_spdx: dict[str, set[str]] = {}
    by_key: dict[str, dict[str, TextKind]] = {}
    for identifier, plain in licenses.items():
        if identifier.endswith(_UNVERSIONED):
            continue  # it cites the text of one version; the text is that version alone
        for name in plain.get("names", {}).get("spdx", ()):
            by_spdx.setdefault(name.lower(), set()).add(identifier)
        if plain.get("listed"):
            by_spdx.setdefault(identifier, set()).add(identifier)
        for policy in plain.get("policies", ()):
            if "scancode" in policy:
                by_key.setdefault(policy["scancode"], {})[identifier] = _POLICY
        keys = [*plain.get("names", {}).get("scancode", ()), plain["text"].get("scancode")]
        for key in filter(None, keys):
            by_key.setdefault(key, {})[identifier] = _LICENSE
    for file in sorted(folder.glob("*.LICENSE")):
        front, _, text = f"{file.read_text(encoding='utf-8')}\n".removeprefix("---\n").partition("\n---\n")
        facts = yaml.safe_load(front)
        if not text.strip() or facts.get("is_exception"):
            continue
        named = dict(by_key.get(file.stem, {}))
        for spdx in filter(None, [facts.get("spdx_license_key"), *(facts.get("other_spdx_license_keys") or ())]):
            if not spdx.startswith("LicenseRef"):
                named.update(dict.fromkeys(by_spdx.get(spdx.lower(), ()), _LICENSE))
        # A text that is one licence itself and a part of another (GPL-3.0 of LGPL-3.0) is the first.
        kind = _LICENSE if _LICENSE in named.values() else _POLICY
        found = frozenset(identifier for identifier, of in named.items() if of is kind)
        kind = _NOTICE if file.stem in _SAYS_SO else kind
        if found:
            yield Known(f"scancode:{file.stem}", text, kind, found)


def table() -> dict[str, tuple[TextKind, frozenset[str]]]:
    """What tools/licence_texts.tsv says of each text: its kind, and the licences whose text it is."""
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:])
    return {name: (TextKind(kind), frozenset(licenses.split())) for name, licenses, kind, _ in rows}


def further_texts(folder: Path) -> Iterator[Known]:
    """The texts of tools/licence_texts.tsv that are in the folder."""
    for name, (kind, licenses) in table().items():
        file = folder / f"{name}.txt"
        if file.is_file():
            yield Known(f"text:{name}", file.read_text(encoding="utf-8", errors="replace"), kind, licenses)


def titles() -> Iterator[Known]:
    """The titles of licences, as they stand above their texts."""
    with_text = frozenset().union(*(licenses for _, licenses in table().values()))
    licenses = _licenses()
    for identifier, plain in sorted(licenses.items()):
        if plain["text"].get("read") == "whole" and "url" not in plain["text"] and identifier not in with_text:
            continue  # a maker's bare statement: its words are the terms, never a title above them
        # A name without a version stands above the texts of its versions, and has none of its own.
        base = identifier.removesuffix(_UNVERSIONED)
        whose = [one for one in licenses if re.match(rf"{re.escape(base)}-\d", one)] if base != identifier else [identifier]
        names = plain.get("names", {})
        written = {plain["name"], plain["text"]["title"], *names.get("free-text", ()), *names.get("spdx", ())}
        spelled = {f"{before}{one}" for one in written for before in ("", "The ")}
        # A title without numbers and words that could say more is known for one anyway.
        unsure = [one for one in sorted(spelled) if (words := words_of(one)).words and not is_harmless(words, 0, len(words.words))]
        for number, title in enumerate(unsure):
            yield Known(f"title:{identifier}#{number}", title, TextKind.FRAME, frozenset(whose))
    for number, remark in enumerate(_REMARKS):
        yield Known(f"remark:{number}", remark, TextKind.FRAME, frozenset(("cc0-1.0",)))


def _after_title(text: str) -> int:
    """Where the text begins after the paragraphs that are only its title."""
    place = 0
    for paragraph in list(re.finditer(r"[^\n].*?(?:\n[^\S\n]*\n\s*|\Z)", text, re.DOTALL))[:_TITLES]:
        words = words_of(paragraph[0])
        if not is_harmless(words, 0, len(words.words)):
            break
        place = paragraph.end()
    return place if place < len(text) else 0


_TITLES = 3


def with_parts(known: Known) -> Iterator[Known]:
    """The licence proper, and what stands around it: remarks, and the notice that it asks its users to write."""
    if known.kind is not _LICENSE:
        yield known
        return
    text = known.text
    start = next((match.start() for beginning in _BEGINNINGS if (match := beginning.search(text))), _after_title(text))
    end = min((match.start() for ending in _ENDS if (match := ending.search(text, start))), default=len(text))
    if end - start < _MOST_OF_IT * len(text):
        start, end = 0, len(text)
    yield known._replace(text=text[start:end])
    around = {known.key + "#before": text[:start]}
    tail = text[end:]
    for number, (notice, whose) in enumerate(_NOTICES):
        match = notice.search(tail)
        if match is not None and (whose is None or known.licenses == {whose}):
            yield known._replace(key=f"{known.key}#notice", text=match[0], kind=_NOTICE)
            around[f"{known.key}#between{number}"], tail = tail[: match.start()], tail[match.end() :]
    around[f"{known.key}#after"] = tail
    for key, part in around.items():
        if words_of(part).words:
            yield known._replace(key=key, text=part, kind=TextKind.FRAME)


Records = dict[bytes, tuple[set[str], Fingerprint]]
"""Keys of texts and their fingerprint, by its digest."""


def fingerprints_of(known: Iterable[Known]) -> Records:
    """One fingerprint for texts that are the same, with all that they are texts of."""
    records: Records = {}
    ranks = list(TextKind)
    for one in (part for whole in known for part in with_parts(whole)):
        fingerprint = Fingerprint.of(one.text, one.kind, one.licenses)
        if one.kind is TextKind.FRAME and fingerprint.words <= LONGEST_TITLE:
            fingerprint = fingerprint._replace(chunks=b"")  # found as a whole, or not at all
        keys, before = records.get(fingerprint.digest, (set(), fingerprint))
        if ranks.index(before.kind) < ranks.index(one.kind):
            fingerprint = before
        elif before.kind is one.kind:
            fingerprint = before._replace(licenses=tuple(sorted({*before.licenses, *one.licenses})))
        records[fingerprint.digest] = ({*keys, one.key}, fingerprint)
    return records


def kept(records: Records) -> Records:
    """Those of the file whose text is not at hand today; one that is now the text of another too is put with it."""
    file = GRAPHS / LISTING
    at_hand = {key.partition("#")[0] for keys, _ in records.values() for key in keys}
    listed = {f"text:{name}": licenses for name, (_, licenses) in table().items()}
    found: Records = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        one: Record = json.loads(line)
        wholes = {key: key.partition("#")[0] for key in one["texts"]}
        keys = {key for key, whole in wholes.items() if whole not in at_hand and (whole in listed or whole.startswith("scancode:"))}
        if not keys:
            continue
        # The table says whose text one is; of the others only the file does.
        of = {identifier for key in keys for identifier in listed.get(wholes[key], one["licenses"])}
        digest, kind = bytes.fromhex(one["digest"]), TextKind(one["kind"])
        if digest not in records:
            chunks = base64.b64decode(one["chunks"])
            found[digest] = (keys, Fingerprint(digest, one["words"], kind, tuple(sorted(of)), chunks))
        elif (made := records[digest])[1].kind is kind:
            records[digest] = (keys | made[0], made[1]._replace(licenses=tuple(sorted(of.union(made[1].licenses)))))
    return found


def _listed() -> set[str]:
    """The keys of all texts in the file, titles and remarks aside."""
    file = GRAPHS / LISTING
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else ()
    keys = {key.partition("#")[0] for line in lines for key in json.loads(line)["texts"]}
    return {key for key in keys if key.startswith(("scancode:", "text:"))}


def main() -> None:
    """Write the file; say what was made and kept."""
    folder = os.environ.get("LIEN_LICENCE_TEXTS")
    known = [*(scancode_texts(Path(folder)) if folder else ()), *titles(), *(further_texts(Path(sys.argv[1])) if sys.argv[1:] else ())]
    made = fingerprints_of(known)
    left = kept(made)
    records = sorted((sorted(keys), one) for keys, one in [*made.values(), *left.values()])
    lines = [
        json.dumps(
            Record(
                texts=keys,
                licenses=list(one.licenses),
                kind=one.kind,
                words=one.words,
                digest=one.digest.hex(),
                chunks=base64.b64encode(one.chunks).decode(),
            ),
            separators=(",", ":"),
        )
        for keys, one in records
    ]
    before = _listed()
    (GRAPHS / LISTING).write_text("\n".join(lines) + "\n", encoding="utf-8")
    licenses = {identifier for _, one in records for identifier in one.licenses if one.kind is not TextKind.FRAME}
    print(f"{len(lines)} fingerprints of the texts of {len(licenses)} licences; {len(left)} kept, whose texts are not at hand")
    for key in sorted(before - _listed()):
        print(f"left out: {key}, which nothing names any more")


if __name__ == "__main__":
    main()
