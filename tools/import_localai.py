"""Writes graphs/models/gallery-*.yaml: every Hub repository that the gallery of LocalAI names.

    python tools/import_localai.py localai-gallery.csv hub_stats_frozen.parquet hf-licence-ids.csv

The first table is `gallery/index.yaml` of mudler/LocalAI (MIT), state of 2026-08-22 (commit 6c7b45b), as rows of name,
license, hugging_face_ids (parted by ` | `) and tags. The second is the table of `import_hub_sample.py`: where it holds the
card of a repository, the card is the better source, and the gallery's licence is kept beside it only if it differs. The
third lists the licence ids of the Hub; other words of the gallery are free names of licences.

A row's licence speaks of the model that the row installs: it is laid on the repository of the row's own name, not on
others that the row lists beside it (a base, an encoder, a drafter). A quantisation is `quantized-from` the original of
the same name in its row, and else from the one known model that it is named after; both are inferred. Then the licence
stands at the original alone.

Left out: rows without a repository; what is known already; the data set that one row lists; relations between
repositories of a row whose names do not match; `other` where something better is known.
"""

import csv
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from import_hub_sample import (
    GRAPHS,
    MODALITIES,
    SOURCES,
    Card,
    Entry,
    Known,
    Names,
    licence_ids,
    publisher_of,
    read_cards,
    report,
    stem_of,
    write,
)

from lien.vocabulary.ids import hub_id

_GALLERY = "https://github.com/mudler/LocalAI/blob/master/gallery/index.yaml"
_SOURCES: Mapping[str, Mapping[str, str]] = {
    **SOURCES,
    "gallery": {
        "title": "Model gallery of LocalAI, gallery/index.yaml",
        "url": _GALLERY,
        "on": "2026-11-20",
        "note": "A secondary source (MIT): the licence that the gallery declares for an entry; read by script, state of 2026-08-22.",
    },
    "row": {
        "title": "Model gallery of LocalAI: one row lists both repositories",
        "url": f"{_GALLERY}#urls",
        "on": "2026-11-20",
        "note": "With the names of the two repositories; no statement of theirs.",
    },
}

COMMENT = """\
Written by tools/import_localai.py from gallery/index.yaml of mudler/LocalAI (MIT, commit 6c7b45b of 2026-08-22) and, for
cards, curation/hub_stats_frozen.parquet of evaleval/eval-card-registry. Do not edit: write a file of your own, which goes
before these. A licence with source `gallery` is what the gallery says, not what the repository says."""

_SEVERAL_MODELS = frozenset({"audio-cpp/audio.cpp-gguf", "mudler/ced-gguf", "mudler/parakeet-cpp-gguf"})
"""Repositories that keep many models side by side: each claim is about a part."""

_TASKS = (
    ({"text-to-speech", "tts", "voice-cloning"}, "text-to-speech"),
    ({"speech-recognition", "asr", "stt", "transcription"}, "automatic-speech-recognition"),
    ({"text-to-video", "image-to-video", "video-generation"}, "text-to-video"),
    ({"text-to-image", "image-generation"}, "text-to-image"),
    ({"object-detection"}, "object-detection"),
    ({"depth-estimation"}, "depth-estimation"),
    ({"audio-classification"}, "audio-classification"),
    ({"embedding", "embeddings"}, "feature-extraction"),
    ({"reranker", "rerank"}, "text-ranking"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the gallery."""

    name: str
    license: str
    repositories: tuple[str, ...]
    tags: frozenset[str]

    @property
    def named(self) -> tuple[str, ...]:
        """Repositories of the row's own model: whose name, without quantisation, is the longest that the row's name begins with."""
        own = _letters(self.name)
        lengths = {one: len(_letters(_stem(one))) for one in self.repositories if own.startswith(_letters(_stem(one)))}
        if len(self.repositories) == 1 or len({_letters(_stem(one)) for one in self.repositories}) == 1:
            return self.repositories
        return tuple(one for one, length in lengths.items() if length == max(lengths.values()))

    @property
    def licensed(self) -> tuple[str, ...]:
        """Repositories that the row's licence is laid on: the originals among its own, else its quantisations."""
        return tuple(one for one in self.named if not _is_step(one)) or self.named

    @property
    def pairs(self) -> Iterator[tuple[str, str, str]]:
        """(quantisation, relation, original) among the repositories of the row, by their names."""
        originals = [one for one in self.repositories if not _is_step(one)]
        for step in filter(_is_step, self.repositories):
            stem = _letters(_stem(step))
            same = [one for one in originals if _letters(_stem(one)) == stem]
            if len(same) == 1:
                yield step, "quantized-from", same[0]
                continue
            longer = [one for one in originals if _is_further(stem, _letters(_stem(one)))]
            if not same and len(longer) == 1:
                yield step, "derived-from", longer[0]

    @property
    def attributes(self) -> dict[str, Any]:
        """Task and modality by the tags of the row."""
        task = next((task for tags, task in _TASKS if tags & self.tags), None)
        if task is None and "llm" in self.tags:
            task = "image-text-to-text" if self.tags & {"vision", "multimodal", "vlm"} else "text-generation"
        return {"task": task, "modality": MODALITIES[task]} if task else {}


def _stem(repository: str) -> str:
    """The name without owner, quantisation and precision; a quantiser may write the owner before the name."""
    owner, _, name = repository.lower().partition("/")
    stem = re.sub(r"[-_.](?:bf16|fp16|f16|hf)$", "", stem_of(name))
    return re.sub(r"^[a-z0-9-]+_(?=[a-z])", "", stem) if owner == "bartowski" else stem


def _is_step(repository: str) -> bool:
    name = repository.lower().partition("/")[2]
    return "gguf" in name or stem_of(name) != name


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _is_further(stem: str, original: str) -> bool:
    """Is it a name with something added that is no version and no drafter?"""
    added = stem.removeprefix(original)
    return stem.startswith(original) and added != stem and not re.match(r"v?\d|dflash|assistant", added)


def read_rows(table: Path) -> list[Row]:
    """The rows that name a repository. Addresses that run into each other or into a folder are cut."""
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Row(
            name=row["name"],
            license=row["license"].strip(),
            repositories=tuple(dict.fromkeys(filter(None, map(_repository, row["hugging_face_ids"].split(" | "))))),
            tags=frozenset(tag.strip() for tag in row["tags"].split("|")),
        )
        for row in rows
    ]


def _repository(text: str) -> str | None:
    text = text.strip().partition("https://")[0].partition("/tree/")[0]
    return text if text.count("/") == 1 and not text.startswith("datasets/") and hub_id(text) else None


def _claim(row: Row, repository: str, ids: frozenset[str]) -> dict[str, Any]:
    scheme = "hugging-face" if row.license.lower() in ids else "license-name"
    claim: dict[str, Any] = {"claim": row.license, "scheme": scheme, "source": "gallery"}
    if repository.lower() in _SEVERAL_MODELS:
        claim["part"] = row.name
    return claim


def _add_claim(entry: Entry, claim: dict[str, Any], known: Known) -> None:
    """Add a claim that says something new; `other` is dropped for anything better."""
    if claim["claim"] == "other" and entry.licenses and "part" not in claim:
        return
    if "part" not in claim:
        entry.licenses = [one for one in entry.licenses if one["claim"] != "other" or one["source"] != "gallery"]
    if all(one.get("part") != claim.get("part") or not known.same_license(one, claim) for one in entry.licenses):
        entry.licenses.append(claim)


def entries_of(rows: Sequence[Row], cards: Mapping[str, Card], known: Known, ids: frozenset[str]) -> dict[str, Entry]:
    """One entry for each repository that is not known yet."""
    entries: dict[str, Entry] = {}
    for row in rows:
        for repository in row.repositories:
            key = f"model:{repository.lower()}"
            if key in known:
                continue
            if key not in entries:
                card = cards.get(key)
                entries[key] = (
                    card.entry() if card else Entry(id=key, name=repository.partition("/")[2], publisher=publisher_of(repository))
                )
            if repository in row.named and not entries[key].attributes:
                entries[key].attributes = row.attributes
            if row.license and repository in row.licensed:
                _add_claim(entries[key], _claim(row, repository, ids), known)
    _relate(entries, rows, cards, known)
    return entries


def _relate(entries: Mapping[str, Entry], rows: Sequence[Row], cards: Mapping[str, Card], known: Known) -> None:
    """Lineage of quantisations: as the card says, else by the pairs of the rows, else by the name."""
    for row in rows:
        for step, relation, original in row.pairs:
            entry = entries.get(f"model:{step.lower()}")
            if entry and (entry.id not in cards or not entry.relations):
                to = f"model:{original.lower()}"
                entry.relate(relation, known.aliases.get(to, to), "row", inferred=True)
    names = Names(known, {*cards, *entries})
    for entry in entries.values():
        if not entry.relations and (found := names.original(entry.id)):
            entry.relate("quantized-from", found, "name", inferred=True)


def main(arguments: Sequence[str]) -> int:
    """Write the files. The arguments are the three tables."""
    if len(arguments) != 3:
        sys.stderr.write("usage: import_localai.py GALLERY CARDS LICENCE-IDS\n")
        return 2
    gallery, table, ids = map(Path, arguments)
    known = Known(without=("gallery-", "hub-"))
    entries = list(entries_of(read_rows(gallery), read_cards(table), known, licence_ids(ids)).values())
    known.add_kinds(entries)
    report(write(GRAPHS / "models", "gallery-", COMMENT, _SOURCES, entries), entries)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
