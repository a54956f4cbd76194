"""Writes graphs/packages/spacy-models.yaml: the trained pipelines that spaCy installs as packages.

    python tools/import_spacy_models.py REPOSITORY

The argument is a git repository of explosion/spacy-models (MIT; commit 9257066 of 2025-05-27 was read). Its `meta/` holds one
JSON file per pipeline and version, written by the makers: licence, and under `sources` what it was trained on and under which
licence they had that. The newest version from 3.0 on is taken.

A pipeline is a package (its name on pip) that ships a model of the same name on the Hub (`spacy/NAME`); the licence is said
of both. Its corpora become data sets with the licence that Explosion names, and a transformer becomes its base.

Left out: sources that are programs, lookup tables, lexicons or word vectors (`_NO_CORPUS`): a pipeline holds or used them,
but did not learn from them, and most are CC0 or MIT; what other files know already.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from import_hub_sample import GRAPHS, Entry, Known, report, write
from packaging.version import Version

from lien.vocabulary.ids import dataset_id, model_id, package_id

COMMENT = """\
Written by tools/import_spacy_models.py from meta/*.json of explosion/spacy-models (commit 9257066 of 2025-05-27). Do not
edit: write a file of your own. The licences of corpora are those that Explosion names for them."""

_SOURCES = {
    "meta": {
        "title": "meta/NAME-VERSION.json of explosion/spacy-models, commit of 2025-05-27",
        "url": "https://github.com/explosion/spacy-models/tree/92570667951482a0e22a072c363ce2ec14168924/meta",
        "on": "2026-11-20",
        "note": "The makers' own metadata, the newest version of each; read by script.",
    }
}
_NO_CORPUS = re.compile(r"vectors|embedding|lookups|lemmatizer|tiger2dep|conversion|converter|wordnet|chive|navec", re.IGNORECASE)
_BASES = {
    "roberta-base": "FacebookAI/roberta-base",
    "camembert-base": "almanach/camembert-base",
    "bert-base-german-cased": "google-bert/bert-base-german-cased",
    "bert-base-chinese": "google-bert/bert-base-chinese",
    "SloBERTa": "EMBEDDIA/sloberta",
}
"""Hub names of the transformers that `sources` names without an owner."""
_CORPORA = {
    "UD Catalan AnCora + NER": ("ud-catalan-ancora-ner", "temu-bsc"),
    "UD Japanese GSD NER": ("ud-japanese-gsd-ner", "megagonlabs"),
    "Universal Dependencies": ("universal_dependencies", "universal-dependencies"),
    "DaNE": ("dane", "alexandrainst"),
    "TIGER Corpus": ("tiger-corpus", "university-of-stuttgart"),
    "WikiNER": ("wikiner", "joel-nothman"),
    "Greek NER Corpus": ("greek-ner-corpus", "eellak"),
    "OntoNotes 5": ("ontonotes-5", "ldc"),
    "TurkuONE": ("turku-one", "turkunlp"),
    "Training corpus hr500k": ("hr500k", "clarin.si"),
    "Training corpus SUK": ("suk", "clarin.si"),
    "KLUE": ("klue", "klue-benchmark"),
    "TokenMill NER Corpus": ("tokenmill-ner", "tokenmill"),
    "Macedonian Corpus": ("macedonian-corpus", "netcetera"),
    "NorNE": ("norne", "ltgoslo"),
    "Dutch NER Annotations": ("ud-dutch-lassysmall-ner", "nlp-town"),
    "National Corpus of Polish": ("nkjp", "nkjp"),
    "RONEC": ("ronec", "dumitrescustefan"),
    "Nerus": ("nerus", "natasha"),
    "Stockholm-Umeå Corpus": ("suc-3.0", "sprakbanken"),
    "Ukr-Synth": ("ukr-models/ukr-synth", "ukr-models"),
}
"""Id and maker of the corpora that are no plain treebank, by the beginning of their names."""
_TAIL = re.compile(r"\s*(?:\((?:[0-9a-f]{6,}|commit:[^)]*|Google[^)]*|UD_[^)]*)\)|v\d+(?:\.\d+)*)(?=\s|$)")


def read(repository: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The metadata of the newest version of each pipeline, by name."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=True, text=True).stdout

    newest: dict[str, tuple[Version, str]] = {}
    for path in git("ls-tree", "-r", "--name-only", "HEAD", "meta").split():
        match = re.fullmatch(r"meta/(.+)-(\d[^-]*)\.json", path)
        if match is None:
            continue
        version = Version(match[2])
        if not version.is_prerelease and version.major >= 3 and version > newest.get(match[1], (Version("0"), ""))[0]:
            newest[match[1]] = version, path
    for name, (_, path) in sorted(newest.items()):
        yield name, json.loads(git("show", f"HEAD:{path}"))


def _dataset(name: str) -> tuple[str, str, str]:
    """Id, name and maker of a corpus, without its version."""
    plain = _TAIL.sub("", name).strip()
    if treebank := re.fullmatch(r"UD ([A-Z][a-z]+) (\w+)", plain):
        return dataset_id(f"universal-dependencies/ud_{treebank[1]}-{treebank[2]}"), plain, "universal-dependencies"
    for beginning, (identifier, maker) in _CORPORA.items():
        if plain.startswith(beginning):
            return dataset_id(identifier), plain, maker
    raise LookupError(name)


def entries_of(name: str, meta: Mapping[str, Any], datasets: dict[str, Entry]) -> Iterator[Entry]:
    """The package and the model of a pipeline; its corpora go into `datasets`."""
    claim = {"claim": meta["license"], "scheme": "free-text", "source": "meta"}
    package = Entry(
        id=package_id("pypi", name), name=name, publisher="explosion", publisher_kind="company", attributes={"stage": "inference"}
    )
    package.licenses = [dict(claim)]
    package.relate("ships", model_id(f"spacy/{name}"), "meta")
    model = Entry(id=model_id(f"spacy/{name}"), name=name, publisher="explosion", publisher_kind="company")
    model.attributes = {"task": "token-classification", "modality": "text", "language": meta["lang"]}
    model.licenses = [claim]
    model.provenance = "disclosed"
    for source in meta.get("sources") or ():
        title = source["name"]
        if _NO_CORPUS.search(title):
            continue
        if title in _BASES or "/" in title.split()[0]:
            model.relate("finetuned-from", model_id(_BASES.get(title, title)), "meta")
            continue
        identifier, plain, maker = _dataset(title)
        model.relate("trained-on", identifier, "meta")
        entry = datasets.setdefault(identifier, Entry(id=identifier, name=plain, publisher=maker, attributes={"modality": "text"}))
        said = (source.get("license") or "").strip()
        if said and all(one["claim"] != said for one in entry.licenses):
            entry.licenses.append({"claim": said, "scheme": "free-text", "source": "meta"})
    yield package
    yield model


def main(arguments: Sequence[str]) -> int:
    """Write the file. The argument is the repository."""
    if len(arguments) != 1:
        sys.stderr.write("usage: import_spacy_models.py REPOSITORY\n")
        return 2
    known = Known(without=("spacy-models",))
    datasets: dict[str, Entry] = {}
    entries = [entry for name, meta in read(Path(arguments[0])) for entry in entries_of(name, meta, datasets)]
    entries = [entry for entry in (*entries, *datasets.values()) if entry.id not in known]
    report(write(GRAPHS / "packages", "spacy-models", COMMENT, _SOURCES, entries, by_letter=False), entries)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
