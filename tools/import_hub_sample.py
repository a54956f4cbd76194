"""Writes graphs/models/hub-*.yaml from a table of real Hub cards: licences, base models and data sets as declared.

    python tools/import_hub_sample.py hub_stats_frozen.parquet

The table is `curation/hub_stats_frozen.parquet` of evaleval/eval-card-registry, commit 2b22794 of 2026-06-05 (SHA-256
95184f9f…, 4,167 rows), an extract of cfahlgren1/hub-stats (Apache-2.0). Its rows hold two sayings about lineage, and both
are kept: the front matter of the card (`cardData`) and what the Hub itself resolved (`baseModels`), which follows renames
and drops parents that are gone. Where a card names one parent that the Hub resolves to another, it is a rename.

Left out: rows with neither licence, lineage nor data set; what hand-written files and the gallery and openness files
know already; parents and data sets whose names are no Hub ids; evaluation data (`model-index`); access conditions. A
parent that the table does not hold gets an entry only if its name says what it quantises (`inferred`).

The other importers (`import_localai.py`, `import_openness.py`) take the reading of cards and the writing of files from here.
"""

import csv
import datetime as dt
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from lien.catalog.names import fold_name
from lien.vocabulary.ids import hub_id
from lien.vocabulary.licenses import Scheme

GRAPHS = Path(__file__).resolve().parent.parent / "graphs"
MAX_PER_FILE = 400

_EXTRACT = "https://github.com/evaleval/eval-card-registry/blob/main/curation/hub_stats_frozen.parquet"
SOURCES: Mapping[str, Mapping[str, str]] = {
    "card": {
        "title": "Front matter of the model's own card, in the hub-stats extract of evaleval/eval-card-registry",
        "url": f"{_EXTRACT}#cardData",
        "on": "2026-11-20",
        "note": "As declared on the page; read by script from a frozen copy of cfahlgren1/hub-stats.",
    },
    "hub": {
        "title": "Lineage as the Hub resolved it, in the hub-stats extract of evaleval/eval-card-registry",
        "url": f"{_EXTRACT}#baseModels",
        "on": "2026-11-20",
        "note": "What the Hub made of the card: renames followed, missing parents dropped, the kind of relation partly inferred by the Hub.",
    },
    "name": {
        "title": "By the name of the repository: a quantisation is called after what it quantises",
        "note": "A convention, no statement. Only where one model of that name is known.",
    },
}

PUBLISHERS: Mapping[str, str] = {
    "ai21labs": "ai21",
    "alibaba-nlp": "alibaba-cloud",
    "cohereforai": "cohere",
    "coherelabs": "cohere",
    "deepseek-ai": "deepseek",
    "facebook": "meta",
    "facebookai": "meta",
    "funaudiollm": "alibaba-cloud",
    "google-bert": "google",
    "google-t5": "google",
    "huggingfacefw": "huggingface",
    "huggingfaceh4": "huggingface",
    "huggingfacem4": "huggingface",
    "huggingfacetb": "huggingface",
    "ibm-granite": "ibm",
    "jinaai": "jina-ai",
    "lgai-exaone": "lg",
    "meta-llama": "meta",
    "minimaxai": "minimax",
    "naver-hyperclovax": "naver",
    "openai-community": "openai",
    "princeton-nlp": "princeton-university",
    "qwen": "alibaba-cloud",
    "sambanovasystems": "sambanova",
    "tencentarc": "tencent",
    "thudm": "zhipu-ai",
    "tiiuae": "tii",
    "togethercomputer": "together",
    "tongyi-mai": "alibaba-cloud",
    "wan-ai": "alibaba-cloud",
    "wizardlmteam": "wizardlm",
    "xai-org": "xai",
    "zai-org": "zhipu-ai",
}
"""Makers whose account on the Hub has another name."""

_COPIERS = frozenset(
    {
        "bartowski", "devquasar", "ggml-org", "hugging-quants", "legraphista", "lewdiculous", "lmstudio-community", "mradermacher",
        "mudler", "noctrex", "quantfactory", "second-state", "tensorblock", "thebloke", "unsloth",
    }
)  # fmt: skip
"""Accounts that quantise or copy what others made, and name it after the original. An account that also makes models is none."""
_MAKERS = frozenset(
    {"01-ai", "deepseek-ai", "google", "ibm-granite", "meta-llama", "microsoft", "mistralai", "nvidia", "openai", "qwen", "tiiuae"}
)

MODALITIES: Mapping[str, str | list[str]] = {
    "any-to-any": "multimodal",
    "audio-classification": "audio",
    "automatic-speech-recognition": "audio",
    "feature-extraction": "text",
    "image-text-to-text": ["image", "text"],
    "image-to-image": "image",
    "image-to-text": ["image", "text"],
    "image-to-video": "video",
    "object-detection": "image",
    "depth-estimation": "image",
    "question-answering": "text",
    "sentence-similarity": "text",
    "text-classification": "text",
    "text-generation": "text",
    "text-ranking": "text",
    "text-to-image": "image",
    "text-to-speech": "audio",
    "text-to-video": "video",
    "translation": "text",
    "video-text-to-text": ["video", "text"],
    "zero-shot-image-classification": ["image", "text"],
}

_RELATIONS = {"adapter": "adapter-of", "merge": "merged-from", "quantized": "quantized-from", "finetune": "finetuned-from"}
_MERGE_TAGS = frozenset({"merge", "mergekit"})
_QUANTIZED_TAGS = frozenset({"gguf", "awq", "gptq", "exl2", "bnb"})
_DATASETS_WITHOUT_OWNER = frozenset(
    {
        "aeslc", "ai2_arc", "aqua_rat", "boolq", "c4", "esnli", "gsm8k", "lambada", "mc4", "natural_instructions", "openbookqa",
        "openwebtext", "pg19", "piqa", "qed", "ropes", "sciq", "squad_v2", "taskmaster2", "the_pile", "wiki_lingua", "wikipedia",
        "winogrande",
    }
)  # fmt: skip
"""Data sets that the Hub kept at its root; any other name without an owner may mean anything."""

_WHOLE_NUMBERS = frozenset({"BF16", "F16", "F32"})
_STEP_NAMES = re.compile(
    r"(?:[-_.](?:unsloth|bnb|4bit|8bit|ggufs?|llama\.cpp|i1|imat|imatrix|request|arm|iq|apex|nvfp4|awq|gptq|exl2|q\d\w*|iq\d\w*))+$",
    re.IGNORECASE,
)
"""What quantisers put behind a name."""


@dataclass(slots=True, kw_only=True)
class Entry:
    """One artifact of a knowledge file, with the keys of `graphs/README.md`."""

    id: str
    name: str
    publisher: str
    publisher_kind: str | None = None
    released: str | None = None
    aliases: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)
    licenses: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    provenance: str | None = None
    note: str | None = None

    @property
    def says_nothing(self) -> bool:
        """Would it add no more than a name?"""
        return not self.licenses and not self.relations

    def relate(self, type_: str, to: str, source: str, **more: Any) -> None:  # noqa: ANN401  # values of YAML
        """Add a relation unless it is there, or leads to the artifact itself (some cards name themselves)."""
        if to != self.id and all((one["type"], one["to"]) != (type_, to) for one in self.relations):
            self.relations.append({"type": type_, "to": to, "source": source, **more})


@dataclass(frozen=True, slots=True)
class Card:
    """One row of the table: keys of the front matter in lower case, as `License` and `Base_model` are common."""

    id: str
    front: Mapping[str, Any]
    tags: frozenset[str]
    created: dt.datetime
    task: str | None
    library: str
    weights: Mapping[str, int]
    hub_relation: str | None
    hub_parents: tuple[str, ...]

    @property
    def key(self) -> str:
        """The id in the knowledge."""
        return f"model:{self.id.lower()}"

    def texts(self, key: str) -> list[str]:
        """The scalars of a string or list. Cards write one where the other is meant."""
        value = self.front.get(key)
        return [str(one).strip() for one in (value if isinstance(value, list) else [value]) if one is not None and str(one).strip()]

    def text(self, key: str) -> str | None:
        """The first of them."""
        return next(iter(self.texts(key)), None)

    @property
    def card_parents(self) -> tuple[str, ...]:
        """Hub ids under `base_model`, in lower case and card order, without the model itself."""
        found = [parent for text in self.texts("base_model") if (parent := _hub_name(text)) and parent != self.id.lower()]
        return tuple(dict.fromkeys(found))

    @property
    def renamed(self) -> dict[str, str]:
        """Parents that the card calls otherwise than the Hub, by the name on the card.

        Certain where both lists are equally long and differ in one id, or where only the owner differs.
        """
        written = [one for one in self.card_parents if one not in self.hub_parents]
        resolved = [one for one in self.hub_parents if one not in self.card_parents]
        if len(written) == len(resolved) == 1 and len(self.card_parents) == len(self.hub_parents):
            return {written[0]: resolved[0]}
        pairs = {old: [new for new in resolved if new.partition("/")[2] == old.partition("/")[2]] for old in written}
        return {old: new[0] for old, new in pairs.items() if len(new) == 1}

    @property
    def parents(self) -> Iterator[tuple[str, str, str, str | None]]:
        """(relation, parent, source, note) for each parent that the card or the Hub names."""
        renamed = self.renamed
        old_names = {new: old for old, new in renamed.items()}
        for parent in self.hub_parents:
            if parent == self.id.lower():
                continue
            old = old_names.get(parent)
            source = "card" if parent in self.card_parents or old else "hub"
            yield self._relation(on_hub=True), parent, source, f"The card says {old}; the Hub resolves it so." if old else None
        for parent in self.card_parents:
            if parent not in self.hub_parents and parent not in renamed:
                yield self._relation(on_hub=False), parent, "card", None

    def _relation(self, *, on_hub: bool) -> str:
        """One relation holds for all parents of a model; the card's own word goes first, then the Hub's."""
        stated = _RELATIONS.get((self.text("base_model_relation") or "").lower())
        tags = {one.lower() for one in self.tags}
        many = len(self.card_parents) > 1
        if stated:
            return stated
        if many and tags & _MERGE_TAGS:
            return "merged-from"
        if self.hub_relation and on_hub:
            return _RELATIONS[self.hub_relation]
        if many:
            return "derived-from"
        if self.library in {"peft", "adapter-transformers"} or "lora" in tags:
            return "adapter-of"
        return "quantized-from" if self.library == "gguf" or tags & _QUANTIZED_TAGS else "finetuned-from"

    @property
    def datasets(self) -> list[str]:
        """Ids of data sets that the card lists."""
        found = [_hub_name(text) for text in self.texts("datasets")]
        return [f"dataset:{one}" for one in dict.fromkeys(found) if one and ("/" in one or one in _DATASETS_WITHOUT_OWNER)]

    @property
    def claims(self) -> list[dict[str, Any]]:
        """What the card says of its licence: Hub ids, and for `other` or nothing the name or link beside it."""
        key = "license" if self.texts("license") else "licence"
        # TRL writes the constant `licence: license` into every card.
        ids = [one for one in self.texts(key) if not (key == "licence" and one.lower() == "license")]
        name, link = self.text("license_name"), self.text("license_link")
        custom: list[dict[str, Any]] = []
        if name and name.lower() not in {"license", "license.md", "other"}:
            custom = [{"claim": name, "scheme": "license-name", "source": "card"}]
        elif link and link.startswith(("https://", "http://")):
            custom = [{"claim": link, "scheme": "url", "source": "card"}]
        claims = [
            self._noted({"claim": one, "scheme": "hugging-face", "source": "card"}, name)
            for one in ids
            if one.lower() != "other" or not custom
        ]
        return claims + (custom if not ids or "other" in {one.lower() for one in ids} else [])

    def _noted(self, claim: dict[str, Any], name: str | None) -> dict[str, Any]:
        """A warning where a template wrote the licence, or the card contradicts itself."""
        tags = {one.lower() for one in self.tags}
        if claim["claim"] == "apache-2.0" and "unsloth" in tags:
            claim["note"] = "Tagged unsloth, whose template writes apache-2.0 whatever the base."
        elif claim["claim"] == "other" and "llama-factory" in tags:
            claim["note"] = "Tagged llama-factory, whose template writes other and no name."
        elif claim["claim"] != "other" and name and fold_name(Scheme.LICENSE_NAME, name) not in {claim["claim"], "license"}:
            claim["note"] = f"Beside it the card names {name}."
        return claim

    @property
    def attributes(self) -> dict[str, Any]:
        """Task, modality, and the size where the weights are stored unpacked."""
        found: dict[str, Any] = {}
        if self.task:
            found["task"] = self.task
            if self.task in MODALITIES:
                found["modality"] = MODALITIES[self.task]
        if self.weights and set(self.weights) <= _WHOLE_NUMBERS:
            found["parameters"] = _size(sum(self.weights.values()))
        return found

    def entry(self) -> Entry:
        """All that the row says."""
        entry = Entry(
            id=self.key,
            name=self.id.partition("/")[2],
            publisher=publisher_of(self.id),
            # The Hub gives its first years this one day.
            released=self.created.date().isoformat() if self.created.date() > dt.date(2022, 3, 2) else None,
            attributes=self.attributes,
            licenses=self.claims,
        )
        for relation, parent, source, note in self.parents:
            entry.relate(relation, f"model:{parent}", source, **({"note": note} if note else {}))
        for dataset in self.datasets:
            entry.relate("trained-on", dataset, "card")
        return entry


def read_cards(table: Path) -> dict[str, Card]:
    """The rows of the table by id in the knowledge."""
    import pyarrow.parquet  # only needed here

    cards = (_card(row) for row in pyarrow.parquet.read_table(table).to_pylist())
    return {card.key: card for card in cards}


def _card(row: Mapping[str, Any]) -> Card:
    front = json.loads(row["cardData"] or "{}") or {}
    lower: dict[str, Any] = {}
    for key, value in front.items():
        # The Hub's own spelling counts where a card has both.
        if key.lower() not in lower or key.islower():
            lower[key.lower()] = value
    lineage = row["baseModels"] or {"relation": None, "models": []}
    weights = (row["safetensors"] or {}).get("parameters") or {}
    return Card(
        id=row["id"],
        front=lower,
        tags=frozenset(row["tags"] or ()),
        created=row["createdAt"],
        task=row["pipeline_tag"],
        library=(row["library_name"] or "").lower(),
        weights={kind: count for kind, count in weights.items() if count},
        hub_relation=lineage["relation"],
        hub_parents=tuple(dict.fromkeys(one["id"].lower() for one in lineage["models"])),
    )


def _hub_name(text: str) -> str | None:
    """A Hub id in lower case; None for local paths, prose and names without an owner that are no data sets of the Hub."""
    name = re.sub(r"^https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/)?", "", text.strip()).rstrip("/")
    found = hub_id(name)
    return found if found and ("/" in found or found in _DATASETS_WITHOUT_OWNER) else None


def _size(count: int) -> str:
    """A number of parameters as people write it: 124M, 7.24B."""
    for unit, letter in ((10**12, "T"), (10**9, "B"), (10**6, "M")):
        if count >= unit:
            return f"{count / unit:.3g}{letter}" if count < 1000 * unit else f"{count // unit}{letter}"
    return str(count)


def publisher_of(repository: str) -> str:
    """The maker that an account of the Hub belongs to, else the account, in the spelling of publishers."""
    account = repository.partition("/")[0].lower()
    return PUBLISHERS.get(account) or re.sub(r"[^a-z0-9.+-]", "-", account).strip("-.") or "unknown"


# --- what is known already ------------------------------------------------------------------------


class Known:
    """The knowledge as it stands, without the files that a script is about to write."""

    def __init__(self, *, without: Sequence[str]) -> None:
        self.ids: set[str] = set()
        self.aliases: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        for path in sorted(GRAPHS.glob("*/*.yaml")):
            if path.parent.name != "licenses" and not path.name.startswith(tuple(without)):
                self._add(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506  # a safe loader

    def _add(self, plain: Mapping[str, Any]) -> None:
        for artifact in plain["artifacts"]:
            self.ids.add(artifact["id"])
            self.aliases.update(dict.fromkeys(artifact.get("aliases", ()), artifact["id"]))
            publisher = artifact.get("publisher", plain.get("publisher"))
            kind = artifact.get("publisher_kind", plain.get("publisher_kind"))
            if publisher and kind:
                self.kinds.setdefault(publisher, kind)

    def __contains__(self, identifier: str) -> bool:
        return identifier in self.ids or identifier in self.aliases

    def add_kinds(self, entries: Iterable[Entry]) -> None:
        """Say of each entry what its publisher is, where a hand-written file tells."""
        for entry in entries:
            entry.publisher_kind = self.kinds.get(entry.publisher)

    @cached_property
    def _licenses(self) -> dict[tuple[str, str], set[str]]:
        names: dict[tuple[str, str], set[str]] = {}
        for path in sorted((GRAPHS / "licenses").glob("*.yaml")):
            plain = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506  # a safe loader
            for scheme, spellings in plain.get("names", {}).items():
                for one in spellings:
                    names.setdefault((scheme, fold_name(Scheme(scheme), str(one))), set()).add(plain["id"])
        return names

    def _meaning(self, claim: Mapping[str, Any]) -> set[str]:
        text = str(claim["claim"])
        schemes = {claim["scheme"], "license-name", "hugging-face", "free-text", "spdx"}
        return set().union(*(self._licenses.get((one, fold_name(Scheme(one), text)), set()) for one in schemes))

    def same_license(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Do two claims name the same licence, as far as their names tell?"""
        if str(one["claim"]).casefold() == str(other["claim"]).casefold():
            return True
        return bool(self._meaning(one) & self._meaning(other))


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def stem_of(name: str) -> str:
    """The name of a repository without what quantisers put behind it.

    >>> stem_of("gemma-2-2b-it-i1-GGUF")
    'gemma-2-2b-it'
    """
    return _STEP_NAMES.sub("", name)


class Names:
    """Models by the last part of their ids, to find what a quantisation is named after."""

    def __init__(self, known: Known, identifiers: Iterable[str]) -> None:
        self._by_name: dict[str, set[str]] = {}
        self._accounts: set[str] = set()
        for identifier in {*known.ids, *known.aliases, *identifiers}:
            account, slash, name = identifier.removeprefix("model:").partition("/")
            if identifier.startswith("model:") and slash and account not in _COPIERS and stem_of(name) == name:
                self._by_name.setdefault(name, set()).add(known.aliases.get(identifier, identifier))
                self._accounts.add(account)

    def original(self, identifier: str) -> str | None:
        """The one model that a quantisation is named after; of several the one of a maker. None in any doubt."""
        account, _, name = identifier.removeprefix("model:").partition("/")
        stem = stem_of(name)
        if stem == name:
            return None
        own = f"model:{account}/{stem}"
        if account not in _COPIERS:
            return own if own in self._by_name.get(stem, ()) else None
        return self._named(stem) or self._with_owner(account, stem)

    def _named(self, stem: str) -> str | None:
        found = self._by_name.get(stem, set())
        makers = [one for one in found if one.removeprefix("model:").partition("/")[0] in _MAKERS]
        exact = makers or list(found)
        return exact[0] if len(exact) == 1 else None

    def _with_owner(self, account: str, stem: str) -> str | None:
        """`OWNER_NAME`, as bartowski writes since 2025, and `OWNER.NAME` of DevQuasar."""
        mark = {"bartowski": "_", "devquasar": "."}.get(account)
        owner, found, name = stem.partition(mark) if mark else ("", "", "")
        return f"model:{owner}/{name}" if found and owner in self._accounts else None


# --- writing --------------------------------------------------------------------------------------


def write(
    folder: Path,
    prefix: str,
    comment: str,
    sources: Mapping[str, Mapping[str, str]],
    entries: Iterable[Entry],
    *,
    by_letter: bool = True,
) -> list[Path]:
    """Write the entries, by the first letter of their owner or all together, and remove what earlier runs left. Returns the files."""
    groups: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: one.id):
        first = entry.id.partition(":")[2][0]
        groups.setdefault((first if first.isalpha() else "0-9") if by_letter else "", []).append(entry)
    paths = []
    for letter, members in groups.items():
        count = -(-len(members) // MAX_PER_FILE)
        size = -(-len(members) // count)
        for number in range(count):
            part = f"-{number + 1}" if count > 1 else ""
            path = folder / f"{prefix}{letter}{part}.yaml"
            path.write_text(_file(comment, sources, members[number * size : (number + 1) * size]), encoding="utf-8")
            paths.append(path)
    for stale in set(folder.glob(f"{prefix}*.yaml")) - set(paths):
        stale.unlink()
    return paths


def _file(comment: str, sources: Mapping[str, Mapping[str, str]], entries: Sequence[Entry]) -> str:
    used = {fact["source"] for entry in entries for fact in (*entry.licenses, *entry.relations)}
    lines = [f"# {line}" for line in comment.splitlines()]
    lines.append("sources:")
    # A file must have sources; one whose entries are names only keeps the first.
    kept = [key for key in sources if key in used] or [next(iter(sources))]
    lines += [f"  {key}: {_flow(sources[key])}" for key in kept]
    lines.append("artifacts:")
    for entry in entries:
        lines += _lines(entry)
    return "\n".join(lines) + "\n"


def _lines(entry: Entry) -> Iterator[str]:
    yield f"  - id: {_scalar(entry.id)}"
    yield f"    name: {_scalar(entry.name)}"
    if entry.aliases:
        yield f"    aliases: {_flow(sorted(entry.aliases))}"
    yield f"    publisher: {_scalar(entry.publisher)}"
    if entry.publisher_kind:
        yield f"    publisher_kind: {entry.publisher_kind}"
    if entry.released:
        yield f"    released: {entry.released}"
    if entry.attributes:
        yield f"    attributes: {_flow(entry.attributes)}"
    for key, facts in (("licenses", entry.licenses), ("relations", entry.relations)):
        if facts:
            yield f"    {key}:"
            yield from (f"      - {_flow(fact)}" for fact in facts)
    if entry.provenance:
        yield f"    provenance: {entry.provenance}"
    if entry.note:
        yield f"    note: {_scalar(entry.note)}"


def _flow(value: Any) -> str:  # noqa: ANN401  # values of YAML
    match value:
        case Mapping():
            return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case _:
            return str(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)) else _scalar(str(value))


@cache
def _scalar(text: str) -> str:
    """A YAML scalar that reads back as this text, with quotes only where they are needed."""
    plain = re.fullmatch(r"[A-Za-z0-9_./(][\w./@+()%:; '-]*", text) and ": " not in text and " #" not in text
    if plain and not text.endswith((":", " ")) and yaml.safe_load(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)


def report(paths: Sequence[Path], entries: Sequence[Entry]) -> None:
    """One line of counts for the person who runs it."""
    relations = [one for entry in entries for one in entry.relations]
    inferred = sum(1 for one in relations if one.get("inferred"))
    claims = sum(len(entry.licenses) for entry in entries)
    sys.stdout.write(f"{len(paths)} files, {len(entries)} artifacts, {claims} claims, {len(relations)} relations ({inferred} inferred)\n")


# --- this script ----------------------------------------------------------------------------------

COMMENT = """\
Written by tools/import_hub_sample.py from curation/hub_stats_frozen.parquet of evaleval/eval-card-registry (commit 2b22794),
an extract of cfahlgren1/hub-stats (Apache-2.0). Do not edit: write a file of your own, which goes before these.
Everything is as declared on the Hub, true or not; `released` is the day on which the repository was made."""


def main(arguments: Sequence[str]) -> int:
    """Write the files. The one argument is the table."""
    if len(arguments) != 1:
        sys.stderr.write("usage: import_hub_sample.py TABLE\n")
        return 2
    cards = read_cards(Path(arguments[0]))
    known = Known(without=("hub-",))
    entries = {key: entry for key, card in cards.items() if key not in known and not (entry := card.entry()).says_nothing}
    named = {one["to"] for entry in entries.values() for one in entry.relations if one["to"].startswith("model:")}
    names = Names(known, {*cards, *named})
    for identifier in sorted(named - set(entries)):
        if identifier not in known and identifier not in cards and (original := names.original(identifier)):
            repository = identifier.removeprefix("model:")
            entries[identifier] = Entry(id=identifier, name=repository.partition("/")[2], publisher=publisher_of(repository))
            entries[identifier].relate("quantized-from", original, "name", inferred=True)
    add_old_names(entries, cards, known)
    known.add_kinds(entries.values())
    paths = write(GRAPHS / "models", "hub-", COMMENT, SOURCES, entries.values())
    report(paths, list(entries.values()))
    return 0


def add_old_names(entries: Mapping[str, Entry], cards: Mapping[str, Card], known: Known) -> None:
    """A name that cards use and the Hub resolves to one of the entries is an alias of it."""
    renames: dict[str, set[str]] = {}
    for card in cards.values():
        for old, new in card.renamed.items():
            renames.setdefault(f"model:{old}", set()).add(f"model:{new}")
    for old, found in sorted(renames.items()):
        taken = old in known or old in cards or old in entries
        if len(found) == 1 and not taken and (entry := entries.get(next(iter(found)))):
            entry.aliases.append(old)


def licence_ids(table: Path) -> frozenset[str]:
    """The licence ids that the Hub accepts, in lower case."""
    with table.open(encoding="utf-8", newline="") as lines:
        return frozenset(row["hf_id"].lower() for row in csv.DictReader(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
