"""Writes graphs/datasets/provenance-*.yaml from the Data Provenance Collection: licences, generating models, parents.

    python tools/import_data_provenance.py data_summaries/

The folder is `data_summaries/` of Data-Provenance-Initiative/Data-Provenance-Collection at commit ce6662d of 2025-03-25, one
JSON file per collection, 2,311 text data sets (`Dynosaur.json` was missing from the copy read). The metadata is under no
stated licence: facts only are taken. A table of names and licences can be made of it, but these files alone tell which
address belongs to which licence, and since when a repository stands on the Hub.

One entry for each repository of the Hub. Where several rows point into one repository (subsets, languages, or two
collections that looked at the same set), the entry unites them: every licence is a claim of its own, and `part` names the
rows that state it where not all of them do. Where the address beside a licence is that of another licence, both are kept.

Left out: rows without a repository of the Hub, unless another row names them as its parent (`_ELSEWHERE`); repositories
that other files know already; licences that are none (`_NO_LICENSE`), and those of a collection on rows of other people's
data (`_OF_COLLECTIONS`); models and parents whose names do not stand in the tables below, which name one thing each beyond
doubt; what a row says of its own maker's models.
"""

import datetime as dt
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from import_hub_sample import GRAPHS, Known, publisher_of

from lien.catalog.compile import compile_files, write
from lien.catalog.store import Catalog
from lien.graph.fragments import Evidence, LicenseClaim
from lien.resolvers.licenses import LicenseResolver
from lien.vocabulary.ids import hub_id
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.licenses import Scheme

_PREFIX = "provenance-"
_GROUPS = ("0-b", "c-e", "f-l", "m-o", "p-s", "t-z")
_SOURCE = {
    "title": "Data Provenance Collection, data_summaries",
    "url": "https://github.com/Data-Provenance-Initiative/Data-Provenance-Collection",
    "on": dt.date(2026, 11, 20),
    "note": (
        "A secondary source, read by script: what volunteers noted of each data set by March 2025. Beside the licence of a set"
        " it lists those of what the set was made from. It writes them in spellings of its own, which fold some texts together"
        " (AGPL under GPL 3.0, a bare Creative Commons under CC0)."
    ),
}
_COMMENT = """\
# Written by tools/import_data_provenance.py from data_summaries/ of the Data Provenance Collection (commit ce6662d, 2025-03-25).
# Do not edit: write a file of your own, which goes before these. A secondary source throughout, which lists beside the licence
# of a set those of what it was made from. `part` names the rows of the collection that state a licence, where not all rows of a
# repository do, and where the page is another one's, whose; a note gives the page.
"""

_NO_LICENSE = frozenset({"Unspecified", "No License", "OpenAI", "Anthropic", "Google Cloud Translation API"})
"""Nothing found; code without a licence; and the terms of a service that wrote the data, which license nothing to anybody."""

_OF_COLLECTIONS: Mapping[str, tuple[str, str]] = {
    "OIG": ("https://laion.ai/blog/oig-dataset/", "laion/oig"),
    "DialogStudio": ("https://github.com/salesforce/DialogStudio/blob/main/LICENSE.txt", "salesforce/dialogstudio"),
}
"""Collections that name their own licence on every row, also where the row points to somebody else's repository."""

_MODELS: Mapping[str, tuple[str, str | None]] = {
    "OpenAI ChatGPT": ("service:openai/chatgpt", None),
    "OpenAI GPT-4": ("service:openai/gpt-4", None),
    "OpenAI GPT-4-Turbo": ("service:openai/gpt-4-turbo", None),
    "OpenAI GPT-3.5-Turbo": ("service:openai/gpt-3.5-turbo", None),
    "OpenAI GPT-3.5-turbo": ("service:openai/gpt-3.5-turbo", None),
    "OpenAI GPT-3.5-turbo-instruct": ("service:openai/gpt-3.5-turbo-instruct", None),
    "OpenAI GPT-3": ("service:openai", "GPT-3, and no engine"),
    "OpenAI Codex": ("service:openai", "Codex, and no engine"),
    "OpenAI Playground": ("service:openai", "the Playground, and no model"),
    "Claude 2.1": ("service:anthropic/claude-2.1", None),
    "Google Translate": ("service:google-translate", None),
    "Google Cloud Translation API": ("service:google-cloud-translation", None),
    "DeepL": ("service:deepl", None),
    "Character AI": ("service:character-ai", None),
    "Llama 13B": ("model:meta/llama-13b", None),
    "Llama-2-70b-chat-hf": ("model:meta-llama/llama-2-70b-chat-hf", None),
    "LLaMA-2-chat-70b": ("model:meta-llama/llama-2-70b-chat-hf", None),
    "LLama-2-7B-chat": ("model:meta-llama/llama-2-7b-chat-hf", None),
    "Llama-3-70B-Instruct": ("model:meta-llama/meta-llama-3-70b-instruct", None),
    "Llama-3.1-405B-Instruct": ("model:meta-llama/llama-3.1-405b-instruct", None),
    "Mistral-7B-Instruct-v0.2": ("model:mistralai/mistral-7b-instruct-v0.2", None),
    "Mixtral-8x7B": ("model:mistralai/mixtral-8x7b-v0.1", None),
    "Nous-Hermes-2-Yi-34B": ("model:nousresearch/nous-hermes-2-yi-34b", None),
    "StarCoder": ("model:bigcode/starcoder", None),
}
"""What names of the collection mean, with what it says where only the provider is told. Names of which size or version is
not told (GPT-2, BART, T5, flan-t5, Vicuna, Command R+, IndicTrans2, SeaLLM, Mistral-7B-Instruct) mean no one model."""

_PARENTS: Mapping[str, str] = {
    "airoboros": "jondurbin/airoboros",
    "alpaca": "tatsu-lab/alpaca",
    "anli": "anli",
    "anthropic-hhh": "anthropic/hh-rlhf",
    "aqua": "aqua_rat",
    "aqua-rat": "aqua_rat",
    "atis": "atis",
    "atomic": "atomic",
    "atomic (sap et al 2019)": "atomic",
    "book corpus": "bookcorpus",
    "bigbench": "bigbench",
    "boolq": "boolq",
    "c4": "allenai/c4",
    "camel-math": "camel-ai/math",
    "cnn/dailymail": "cnn_dailymail",
    "cnn/dm": "cnn_dailymail",
    "coco": "coco",
    "commonsenseqa": "commonsense_qa",
    "conceptual captions": "conceptual_captions",
    "conll2003 ner": "conll2003",
    "convai2": "conv_ai_2",
    "copa": "super_glue/copa",
    "cos-e": "cos_e",
    "cosmosqa": "cosmos_qa",
    "dailydialog": "daily_dialog",
    "databricks dolly": "databricks/databricks-dolly-15k",
    "discofuse": "discofuse",
    "discovery": "discovery",
    "dolly 15k": "databricks/databricks-dolly-15k",
    "dolly-openqa": "databricks/databricks-dolly-15k",
    "dream": "dream",
    "drop": "drop",
    "duorc": "duorc",
    "e-snli": "esnli",
    "eli5": "eli5",
    "europarl": "europarl",
    "europarl parallel": "europarl",
    "fever": "fever",
    "flan v2": "google/flan-v2",
    "flickr30k": "flickr30k",
    "glue": "glue",
    "gpteacher": "teknium/gpteacher-general-instruct",
    "grailqa": "grail_qa",
    "gsm8k": "openai/gsm8k",
    "hotpotqa": "hotpot_qa",
    "imdb": "imdb",
    "imppres": "imppres",
    "lmsys-chat-1m": "lmsys/lmsys-chat-1m",
    "math": "hendrycks/competition_math",
    "mathqa": "math_qa",
    "mcscript": "mcscript",
    "medical dialog": "medical_dialog",
    "medmcqa": "medmcqa",
    "metamathqa": "meta-math/metamathqa",
    "mnli": "multi_nli",
    "mrpc": "glue/mrpc",
    "ms marco retrieval": "ms_marco",
    "mscoco": "coco",
    "multinli": "multi_nli",
    "multirc": "super_glue/multirc",
    "narrativeqa": "narrativeqa",
    "natural questions": "natural_questions",
    "niv2": "allenai/natural-instructions",
    "nq": "natural_questions",
    "openassistant": "openassistant/oasst1",
    "openassistant conversations": "openassistant/oasst1",
    "paws": "paws",
    "prm800k": "openai/prm800k",
    "pubmedqa": "pubmed_qa",
    "pure-dove": "ldjnr/pure-dove",
    "quac": "quac",
    "quoref": "quoref",
    "race": "race",
    "roc story": "rocstories",
    "rocstories": "rocstories",
    "self-instruct": "yizhongw/self_instruct",
    "sharegpt": "sharegpt",
    "sharegpt.com": "sharegpt",
    "sick": "sick",
    "snli": "snli",
    "socialiqa": "social_i_qa",
    "spider": "spider",
    "squad": "squad",
    "squadv1": "squad",
    "squadv2": "squad_v2",
    "storycloze": "story_cloze",
    "theoremqa": "wenhu/theoremqa",
    "triviaqa": "trivia_qa",
    "ultrachat": "openbmb/ultrachat",
    "unnatural-instructions": "orhonovich/unnatural-instructions",
    "wanli": "alisawuffles/wanli",
    "wikipedia": "wikipedia",
    "wikiqa": "wiki_qa",
    "wikisql": "wikisql",
    "winobias": "wino_bias",
    "wizard of wikipedia": "wizard_of_wikipedia",
    "xp3": "bigscience/xp3",
}
"""Data sets that the collection names as parents, without `dataset` or `corpus` behind the name, in lower case."""

_ELSEWHERE: Mapping[str, str] = {
    "ds-ATIS": "atis",
    "ds-wizard_of_wikipedia": "wizard_of_wikipedia",
    "fc-sni-europarl": "europarl",
    "fc-sni-mcscript": "mcscript",
    "fc-sni-roc_stories": "rocstories",
    "fc-sni-rocstories": "rocstories",
}
"""Rows without a repository of the Hub that others name as parents, by their keys, with the names they get here."""

_SLIPS = frozenset(
    {
        "gimmaru/super_glue-copa",  # the parents of common_gen
        "pietrolesci/glue_diagnostics",  # the model and parent of a translated STS-B
        "pietrolesci/nli_fever",  # the parents of anli
        "setfit/stsb",  # the model and parent of a translated STS-B
    }
)
"""Repositories whose parents and models were plainly copied from the row of another one."""

_TODAY: Mapping[str, str] = {
    "acronym_identification": "amirveyseh",
    "adversarial_qa": "uclnlp",
    "ai2_arc": "allenai",
    "amazon_polarity": "fancyzhx",
    "anli": "facebook",
    "asset": "facebook",
    "blimp": "nyu-mll",
    "boolq": "google",
    "cnn_dailymail": "abisee",
    "common_gen": "allenai",
    "commonsense_qa": "tau",
    "conll2003": "eriktks",
    "coqa": "stanfordnlp",
    "dbpedia_14": "fancyzhx",
    "drop": "ucinlp",
    "duorc": "ibm",
    "flores": "facebook",
    "glue": "nyu-mll",
    "hate_speech_offensive": "tdavidson",
    "hellaswag": "rowan",
    "imdb": "stanfordnlp",
    "jfleg": "jhu-clsp",
    "kde4": "helsinki-nlp",
    "lambada": "cimec",
    "lex_glue": "coastalcph",
    "liar": "ucsbnlp",
    "librispeech_asr": "openslr",
    "lj_speech": "keithito",
    "math_qa": "allenai",
    "mc_taco": "cogcomp",
    "medmcqa": "openlifescienceai",
    "mkqa": "apple",
    "mlqa": "facebook",
    "multi_nli": "nyu-mll",
    "news_commentary": "helsinki-nlp",
    "open_subtitles": "helsinki-nlp",
    "openbookqa": "allenai",
    "opus_books": "helsinki-nlp",
    "paws": "google-research-datasets",
    "paws-x": "google-research-datasets",
    "piqa": "ybisk",
    "qasc": "allenai",
    "ropes": "allenai",
    "samsum": "samsung",
    "sciq": "allenai",
    "snli": "stanfordnlp",
    "social_i_qa": "allenai",
    "squad": "rajpurkar",
    "sst2": "stanfordnlp",
    "stereoset": "mcgill-nlp",
    "story_cloze": "lsdsem",
    "super_glue": "aps",
    "swag": "allenai",
    "trivia_qa": "mandarjoshi",
    "web_questions": "stanfordnlp",
    "winogrande": "allenai",
    "wmt14": "wmt",
    "wmt16": "wmt",
    "wnut_17": "leondz",
    "xcopa": "cambridgeltl",
    "xcsr": "ink-usc",
    "xnli": "facebook",
    "xquad": "google",
    "xsum": "edinburghnlp",
    "yelp_polarity": "fancyzhx",
}
"""Whose account holds today what stood at the root of the Hub, as far as EleutherAI/lm-evaluation-harness (its diffs) and
huggingface/datasets-server write both names."""

_NO_DATASETS = frozenset({"project-baize"})
"""Addresses of the column that lead to an account and no data set."""

_MAKERS: Mapping[str, str] = {
    "AI2": "allenai",
    "BigCode": "bigcode",
    "Cohere For AI": "cohere",
    "DeepMind": "google",
    "Facebook AI Research": "meta",
    "Google": "google",
    "Google Research": "google",
    "IBM": "ibm",
    "IBM Research": "ibm",
    "Meta": "meta",
    "Meta AI": "meta",
    "Microsoft": "microsoft",
    "Microsoft Research": "microsoft",
    "NVIDIA": "nvidia",
    "OpenAI": "openai",
    "Salesforce": "salesforce",
    "Salesforce Research": "salesforce",
}
"""Creators of the collection that are publishers of the knowledge. It tells of a data set made by these alone."""

_CALLED = re.compile(r"\s+(?:dataset|corpus)$")
_HUB = re.compile(r"^(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/)?")
_HUB_PAGE = re.compile(r"https?://(?:huggingface\.co|hf\.co)/(?:datasets/([^/#?]+(?:/[^/#?]+)?)|(?!blog/|papers/)([^/#?]+/[^/#?]+))")
_BEHIND_ID = re.compile(r"/(?:viewer|tree|blob)/.*|[#?].*|/$")
_FIRST_DAY = dt.date(2022, 3, 2)
"""Before it the Hub had no owners at the root; what is dated earlier came from elsewhere and was not made on that day."""


@dataclass(frozen=True, slots=True)
class Row:
    """One data set of the collection."""

    key: str
    collection: str
    repository: str | None
    written: str
    licenses: tuple[tuple[str, str | None], ...]
    models: tuple[str, ...]
    parents: tuple[str, ...]
    creators: tuple[str, ...]
    on_hub: dt.date | None
    paper: dt.date | None


@dataclass(slots=True)
class Tally:
    """What was left out, for the person who runs the script."""

    rows_elsewhere: int = 0
    known: set[str] = field(default_factory=set)
    licenses: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    parents: Counter[str] = field(default_factory=Counter)
    contradictions: list[str] = field(default_factory=list)


def main(arguments: Sequence[str]) -> int:
    """Write the files. The one argument is the folder."""
    if len(arguments) != 1:
        sys.stderr.write("usage: import_data_provenance.py DATA_SUMMARIES\n")
        return 2
    rows = list(_rows(Path(arguments[0])))
    tally = Tally(rows_elsewhere=sum(1 for row in rows if row.repository is None))
    known = Known(without=(_PREFIX,))
    repositories: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row.repository is None:
            continue
        if f"dataset:{row.repository}" in known:
            tally.known.add(row.repository)
        else:
            # Two files of the collection hold one and the same row.
            repositories.setdefault(row.repository, {})[row.key] = row
    ids = {*known.ids, *known.aliases, *(f"dataset:{one}" for one in repositories)}
    texts = Texts()
    make = Entries(known, ids, texts, tally)
    entries = [make.of(repository, list(members.values())) for repository, members in sorted(repositories.items())]
    paths = _write(entries)
    _report(paths, entries, len(rows), tally)
    return 0


# --- reading --------------------------------------------------------------------------------------


def _rows(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("*.json")):
        if not path.name.startswith("_"):
            for key, plain in json.loads(path.read_text(encoding="utf-8")).items():
                yield _row(key, plain)


def _row(key: str, plain: Mapping[str, Any]) -> Row:
    about = plain.get("Inferred Metadata") or {}
    written = _BEHIND_ID.sub("", _HUB.sub("", (plain["Hugging Face URL"] or "").strip()))
    found = _ELSEWHERE.get(key) or (hub_id(written) if written not in _NO_DATASETS else None)
    return Row(
        key=key,
        collection=plain["Collection"].strip(),
        repository=found,
        written=written,
        licenses=tuple((one["License"].strip(), _address(one.get("License URL"))) for one in plain["Licenses"]),
        models=tuple(dict.fromkeys(one.strip() for one in plain["Model Generated"])),
        parents=tuple(dict.fromkeys(one.strip() for one in plain["Derived from Datasets"])),
        creators=tuple(one.strip() for one in plain["Creators"]),
        on_hub=_day(about.get("HF Date")),
        paper=_day(about.get("S2 Date")),
    )


def _address(text: str | None) -> str | None:
    return text.strip() if text and text.startswith(("http://", "https://")) and not re.search(r"[\s,]", text.strip()) else None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


class Texts:
    """What names and addresses of licences mean in graphs/licenses/."""

    def __init__(self) -> None:
        files = [(path, path.name) for path in sorted((GRAPHS / "licenses").glob("*.yaml"))]
        connection = write(compile_files(files, complete=False), None)
        assert connection is not None  # noqa: S101  # without a target it is in memory
        self._catalog = Catalog(connection)
        self._resolver = LicenseResolver(self._catalog)

    def of_name(self, name: str) -> frozenset[str]:
        """The licences that a name means, none if it is not read."""
        claim = LicenseClaim("dataset:any", name, Scheme.FREE_TEXT, Evidence(reader="import", basis=Basis.CATALOGUED))
        (resolved,) = self._resolver.resolve([claim], Kind.DATASET, day=None)
        return frozenset(use.license.id for branch in resolved.branches for use in branch if use.license is not None)

    def of_address(self, address: str) -> frozenset[str]:
        """The licences whose text stands at an address."""
        return frozenset(one.id for one in self._catalog.named(Scheme.URL, address))


# --- entries --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entries:
    """Makes an entry of the rows of one repository."""

    known: Known
    ids: set[str]
    texts: Texts
    tally: Tally

    def of(self, repository: str, rows: Sequence[Row]) -> dict[str, Any]:
        """The entry, as it is written."""
        # The rows are called after subsets; the repository has a name of its own.
        entry: dict[str, Any] = {"id": f"dataset:{repository}", "name": rows[0].written.rpartition("/")[2] or repository}
        alias = f"dataset:{_TODAY[repository]}/{repository}" if repository in _TODAY else None
        if alias and alias not in self.ids:
            entry["aliases"] = [alias]
        publisher = _publisher(repository, rows)
        if publisher:
            entry["publisher"] = publisher
            if publisher in self.known.kinds:
                entry["publisher_kind"] = self.known.kinds[publisher]
        entry["attributes"] = {"modality": "text"}
        if licenses := list(self._licenses(repository, rows)):
            entry["licenses"] = licenses
        if relations := [*self._models(repository, publisher, rows), *self._parents(repository, rows)]:
            entry["relations"] = relations
        if not licenses:
            terms = sorted({name for row in rows for name, _ in row.licenses} & _NO_LICENSE - {"Unspecified"})
            entry["note"] = f"The collection found no licence{', but names: ' + ', '.join(terms) if terms else ''}."
        return entry

    def _licenses(self, repository: str, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
        stated: dict[str, list[Row]] = {}
        pages: dict[str, list[str]] = {}
        for row in rows:
            page, owner = _OF_COLLECTIONS.get(row.collection, ("", ""))
            for name, address in row.licenses:
                if name in _NO_LICENSE or (address == page and repository != owner):
                    self.tally.licenses[name if name in _NO_LICENSE else f"{name} (of {row.collection})"] += 1
                    continue
                if row not in stated.setdefault(name, []):
                    stated[name].append(row)
                if address and address not in pages.setdefault(name, []):
                    pages[name].append(address)
        for name, members in stated.items():
            addresses = pages.get(name, [])
            others = {_page_of(one, repository) for one in addresses}
            # Where every page is that of something else on the Hub, the licence is that of what came from there.
            origins = [f"from {one}" for one in sorted(filter(None, others))] if None not in others else []
            part = "; ".join(filter(None, [_part(members, rows), *origins])) or None
            yield _fact({"claim": name, "scheme": "free-text", "source": "dpi"}, part=part, note="; ".join(addresses[:3]) or None)
            meant = self.texts.of_name(name)
            for address in addresses:
                other = self.texts.of_address(address)
                if meant and other and not meant & other:
                    self.tally.contradictions.append(f"{repository}: {name}, {address}")
                    note = f"The address that the collection gives for {name}."
                    yield _fact({"claim": address, "scheme": "url", "source": "dpi"}, part=part, note=note)

    def _models(self, repository: str, publisher: str | None, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
        stated: dict[str, list[Row]] = {}
        words: dict[str, list[str]] = {}
        for row in rows:
            for name in row.models:
                to, said = _MODELS.get(name, (None, None))
                # Whoever runs a service does not meet its terms as a customer does.
                if to is None or repository in _SLIPS or to.removeprefix("service:").partition("/")[0] == publisher:
                    self.tally.models[name] += 1
                    continue
                if row not in stated.setdefault(to, []):
                    stated[to].append(row)
                if said and said not in words.setdefault(to, []):
                    words[to].append(said)
        for to, members in stated.items():
            day, how = _dated(rows)
            parts = [
                f"The collection says {' and '.join(words[to])}." if to in words else None,
                f"Of {part}." if (part := _part(members, rows)) else None,
                how if to.startswith("service:") else None,
            ]
            fact = _fact({"type": "generated-by", "to": to, "source": "dpi"}, note=" ".join(filter(None, parts)) or None)
            yield {**fact, "date": day} if day and to.startswith("service:") else fact

    def _parents(self, repository: str, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
        stated: dict[str, list[Row]] = {}
        for row in rows:
            for name in row.parents:
                to = self._parent(name) if repository not in _SLIPS else None
                if to is None:
                    self.tally.parents[name] += 1
                elif to != f"dataset:{repository}" and row not in stated.setdefault(to, []):
                    stated[to].append(row)
        for to, members in stated.items():
            part = _part(members, rows)
            yield _fact({"type": "derived-from", "to": to, "source": "dpi"}, note=f"Of {part}." if part else None)

    def _parent(self, name: str) -> str | None:
        if _HUB.match(name):
            found = hub_id(_BEHIND_ID.sub("", _HUB.sub("", name)))
            return self.known.aliases.get(f"dataset:{found}", f"dataset:{found}") if found else None
        found = _PARENTS.get(_CALLED.sub("", name.lower()))
        identifier = f"dataset:{found}"
        return self.known.aliases.get(identifier, identifier) if found and identifier in self.ids else None


def _fact(fact: dict[str, Any], *, part: str | None = None, note: str | None = None) -> dict[str, Any]:
    return {**fact, **({"part": part} if part else {}), **({"note": note} if note else {})}


def _part(members: Sequence[Row], rows: Sequence[Row]) -> str | None:
    """Which rows of the repository are meant; None if all of them are."""
    if len(members) == len(rows):
        return None
    if len(members) > 3:
        return f"{len(members)} of {len(rows)} rows"
    return ", ".join(row.key for row in members)


def _page_of(address: str, repository: str) -> str | None:
    """The model or data set whose page on the Hub an address is; None for the repository itself and for other sites."""
    match = _HUB_PAGE.match(address)
    name = (match[1] or match[2]) if match else repository
    # Under another account the same name is the same repository, moved.
    return None if name.lower().rpartition("/")[2] == repository.rpartition("/")[2] else name


def _dated(rows: Sequence[Row]) -> tuple[dt.date | None, str | None]:
    """When the data were generated at the latest, as far as the collection tells."""
    if days := [row.on_hub for row in rows if row.on_hub and row.on_hub > _FIRST_DAY]:
        return min(days), "Dated by the first commit of the repository."
    if papers := [row.paper for row in rows if row.paper]:
        return max(papers), "Dated by the paper that the collection names."
    return None, None


def _publisher(repository: str, rows: Sequence[Row]) -> str | None:
    """The one maker that all creators belong to, else the account; a repository at the root of the Hub has none."""
    creators = {_MAKERS.get(one) for row in rows for one in row.creators}
    if len(creators) == 1 and (maker := next(iter(creators))):
        return maker
    return publisher_of(repository) if "/" in repository else None


# --- writing --------------------------------------------------------------------------------------


def _write(entries: Iterable[dict[str, Any]]) -> list[Path]:
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in _GROUPS}
    for entry in sorted(entries, key=lambda one: str(one["id"])):
        first = entry["id"].removeprefix("dataset:")[0]
        groups[next((name for name in _GROUPS if first <= name[-1]), _GROUPS[-1])].append(entry)
    paths = []
    for name, members in groups.items():
        path = GRAPHS / "datasets" / f"{_PREFIX}{name}.yaml"
        lines = ["sources:", f"  dpi: {_flow(_SOURCE)}", "artifacts:", *(line for entry in members for line in _lines(entry))]
        path.write_text(_COMMENT + "\n".join(lines) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def _lines(entry: Mapping[str, Any]) -> Iterator[str]:
    for number, (key, value) in enumerate(entry.items()):
        lead = "  - " if number == 0 else "    "
        if key in ("licenses", "relations"):
            yield f"{lead}{key}:"
            yield from (f"      - {_flow(fact)}" for fact in value)
        else:
            yield f"{lead}{key}: {_flow(value)}"


def _flow(value: object) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case dt.date():
            return value.isoformat()
        case _:
            return _scalar(str(value))


def _scalar(text: str) -> str:
    """A YAML scalar that reads back as this text, with quotes only where they are needed."""
    plain = re.fullmatch(r"[A-Za-z0-9_./(][\w./@+()%:; '-]*", text) and ": " not in text and " #" not in text
    return text if plain and not text.endswith((":", " ")) and yaml.safe_load(text) == text else json.dumps(text, ensure_ascii=False)


def _report(paths: Sequence[Path], entries: Sequence[Mapping[str, Any]], rows: int, tally: Tally) -> None:
    claims = sum(len(entry.get("licenses", ())) for entry in entries)
    relations = Counter(one["type"] for entry in entries for one in entry.get("relations", ()))
    lines = [
        f"{len(paths)} files, {len(entries)} artifacts of {rows} rows, {claims} claims, {sum(relations.values())} relations {dict(relations)}",
        f"rows without a repository of the Hub: {tally.rows_elsewhere}",
        f"repositories known already: {len(tally.known)}: {', '.join(sorted(tally.known))}",
        f"no licence claimed: {dict(tally.licenses.most_common())}",
        f"models left out: {dict(tally.models.most_common())}",
        f"parents left out: {sum(tally.parents.values())} sayings of {len(tally.parents)} names: {dict(tally.parents.most_common(40))}",
        *(f"name and address of a licence differ: {one}" for one in tally.contradictions),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
