"""Writes graphs/services/hosted-*.yaml: models that are offered over a network, by the ids that their providers give them.

    python tools/import_hosted_models.py MODELS.DEV HELM

The first argument is a git repository of anomalyco/models.dev (MIT; commit f3fc692 of 2026-07-02 was read), which keeps one TOML
file for each provider and model, gathered from the providers' documentation. Its whole history is read: a model that was taken
off the list still wrote data, and stands here with what the list last said of it, if it stood there for two weeks at least (a
slip is mended sooner). The second is one of stanford-crfm/helm (Apache-2.0; commit 63754d0 of 2026-06-05): of its
`model_metadata.yaml` the names of models with limited access, most of them from before models.dev, are taken, no dates.

Of makers (`_MAKERS`) every model is taken whose id is one of theirs (`_NOT_MODELS` leaves out what is no model, a code name,
or an alias that moves on); its `released` is the day in models.dev. Of hosts (`_HOSTS`) only models are taken of which it can be said which
published model they are:

- the list links its entry to that of a published model with weights on the Hub: `serves`;
- the host calls its models by their Hub ids: `serves`;
- the id, without what hosts add to it, is the name of exactly one model that the catalogue knows of an original maker:
  `serves`, inferred.

Left out: prices, limits and dates other than the release; brokers whose ids repeat those of the hosts; models that other files
know already; a day that is no full date.
"""

import posixpath
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from import_hub_sample import GRAPHS, Entry, Known, report, write

from lien.vocabulary.ids import hub_id, model_id, service_id

COMMENT = """\
Written by tools/import_hosted_models.py from anomalyco/models.dev (MIT, commit f3fc692 of 2026-07-02, with its history) and, for
older names, src/helm/config/model_metadata.yaml of stanford-crfm/helm (Apache-2.0, commit 63754d0 of 2026-06-05). Do not edit:
write a file of your own. That a provider answered to a name is all that is taken from there, with the day of release and what
goes in and out; `serves` says which published model it is. Terms stand at the provider."""

_LIST = "https://github.com/anomalyco/models.dev/tree/f3fc692299671838c7c65fd8126bf84d81a2e817"
_SOURCES = {
    "models-dev": {
        "title": "models.dev, list of hosted models",
        "url": _LIST,
        "on": "2026-11-20",
        "note": "A secondary source (MIT), gathered from the providers' pages; read by script.",
    },
    "models-dev-weights": {
        "title": "models.dev, link from the hosted model to the published weights",
        "url": f"{_LIST}/models",
        "on": "2026-11-20",
        "note": "A secondary source (MIT); read by script.",
    },
    "id": {"title": "By the id: this host calls its models by their names on the Hub", "note": "A convention of the host."},
    "name": {
        "title": "By the id: a hosted model is called after what it serves",
        "note": "A convention, no statement. Only where one model of that name by an original maker is known.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """How a provider of the list stands in the catalogue."""

    service: str
    also: str | None = None
    publisher: str
    ids: str = ".+"


_MAKERS = {
    "openai": Provider(service="openai", publisher="openai", ids=r"(?:gpt-\d|o\d|codex-|text-embedding-).*"),
    "anthropic": Provider(service="anthropic", publisher="anthropic", ids=r"claude-.*"),
    "google": Provider(
        service="google-gemini",
        also="google",
        publisher="google",
        ids=r"(?:gemini-[\d]|gemini-(?:embedding|robotics)|gemma-|imagen-|veo-|lyria-).*",
    ),
    "mistral": Provider(service="mistral", also="mistralai", publisher="mistralai"),
    "cohere": Provider(service="cohere", publisher="cohere"),
    "xai": Provider(service="xai", publisher="xai", ids=r"grok-.*"),
    "deepseek": Provider(service="deepseek", publisher="deepseek"),
    "perplexity": Provider(service="perplexity", publisher="perplexity"),
    "llama": Provider(service="meta-llama-api", publisher="meta"),
    "alibaba": Provider(service="alibaba-cloud", publisher="alibaba-cloud", ids=r"q(?:wen|wq|vq).*"),
    "moonshotai": Provider(service="moonshotai", publisher="moonshotai"),
    "zhipuai": Provider(service="zhipuai", publisher="zhipu", ids=r"glm-.*"),
    "minimax": Provider(service="minimax", publisher="minimax"),
    "upstage": Provider(service="upstage", publisher="upstage"),
    "inception": Provider(service="inception", publisher="inception"),
    "amazon-bedrock": Provider(service="aws-bedrock", publisher="amazon", ids=r"amazon\..*"),
}
_HOSTS = {
    "amazon-bedrock": Provider(service="aws-bedrock", publisher="amazon"),
    "cerebras": Provider(service="cerebras", publisher="cerebras"),
    "databricks": Provider(service="databricks", publisher="databricks"),
    "deepinfra": Provider(service="deepinfra", publisher="deepinfra"),
    "fireworks-ai": Provider(service="fireworks", publisher="fireworks-ai"),
    "google-vertex": Provider(service="google-vertex", publisher="google"),
    "groq": Provider(service="groq", publisher="groq"),
    "huggingface": Provider(service="huggingface", publisher="huggingface"),
    "nvidia": Provider(service="nvidia-nim", publisher="nvidia"),
    "ollama-cloud": Provider(service="ollama-cloud", publisher="ollama"),
    "togetherai": Provider(service="together", publisher="together"),
}
_OF_HELM = {
    "openai": ("openai", _MAKERS["openai"]),
    "anthropic": ("anthropic", _MAKERS["anthropic"]),
    "cohere": ("cohere", _MAKERS["cohere"]),
    "mistralai": ("mistral", _MAKERS["mistral"]),
    "xai": ("xai", _MAKERS["xai"]),
    "google": ("google", _MAKERS["google"]),
    "ai21": ("ai21", Provider(service="ai21", publisher="ai21")),
    "reka": ("reka", Provider(service="reka", publisher="reka")),
    "AlephAlpha": ("aleph-alpha", Provider(service="aleph-alpha", publisher="aleph-alpha")),
}
_VARIANTS = re.compile(r"thinking-|safety-|reasoning-effort|-dspy-|_gpt-|-hd|-natural$|^amazon-|-\d+k$")
"""What HELM appends to a name for a setting of its own, or a name on another host."""
_HUB_IDS = frozenset({"huggingface"})
_NOT_MODELS = re.compile(r"-latest$|router|multi-agent|deep-research|customtools|^ajax|fiercefalcon|waverunner|nano-banana|^models/|:free$")
_ORIGINALS = frozenset(
    {
        "allenai", "coherelabs", "deepseek-ai", "google", "ibm-granite", "meta-llama", "microsoft", "minimaxai", "mistralai",
        "moonshotai", "nvidia", "openai", "qwen", "zai-org",
    }
)  # fmt: skip
"""Namespaces of makers on the Hub; copies and derivatives of the same name elsewhere do not count."""
_BEFORE = re.compile(r"^(?:accounts/\w+/(?:models|routers)/|databricks-|(?:us|eu|au|jp|apac|global)\.)")
_BEHIND = re.compile(r"(?:-maas|-v\d:\d|-\d:\d|-versatile|-instant|-turbo|-tput|-lite|-fast|-fp8|-latest)$")
_BY_HAND = {
    "groq/llama-3.3-70b-versatile": "meta-llama/llama-3.3-70b-instruct",
    "groq/llama-3.1-8b-instant": "meta-llama/llama-3.1-8b-instruct",
    "groq/llama3-70b-8192": "meta-llama/meta-llama-3-70b-instruct",
    "groq/llama3-8b-8192": "meta-llama/meta-llama-3-8b-instruct",
    "groq/mixtral-8x7b-32768": "mistralai/mixtral-8x7b-instruct-v0.1",
    "mistral/open-mixtral-8x7b": "mistralai/mixtral-8x7b-instruct-v0.1",
    "mistral/open-mixtral-8x22b": "mistralai/mixtral-8x22b-instruct-v0.1",
    "mistral/open-mistral-nemo": "mistralai/mistral-nemo-instruct-2407",
}
"""Hosted names that say which published model is meant, and are not spelt like it. Inferred."""


_SHORT = 14 * 24 * 3600


class Listing:
    """The list: the last text of every file that its history knows."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._last: dict[str, str] = {}
        first: dict[str, int] = {}
        deleted: dict[str, int] = {}
        for line in self._git("log", "--format=%x00%H %ct", "--name-status", "--no-renames", "--", "providers", "models").split("\0")[1:]:
            (commit, day), *changes = (one.split("\t" if "\t" in one else " ") for one in line.strip().splitlines() if one)
            for status, path in changes:
                # Newest first: what is deleted there was there one commit before.
                if status == "D" and path not in self._last:
                    deleted[path] = int(day)
                self._last.setdefault(path, f"{commit}^" if status == "D" else commit)
                first[path] = int(day)
        for path, day_gone in deleted.items():
            if day_gone - first[path] < _SHORT:
                del self._last[path]

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self._repository), *arguments], capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace")

    def models(self, provider: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(id, facts) of the models of a provider; facts of the model it links to stand below its own."""
        prefix = f"providers/{provider}/models/"
        for path in sorted(self._last):
            if path.startswith(prefix) and path.endswith(".toml"):
                plain = self.read(path)
                if plain:
                    yield path.removeprefix(prefix).removesuffix(".toml"), {**self.base(plain), **plain}

    def base(self, plain: Mapping[str, Any]) -> Mapping[str, Any]:
        """The entry of the published model that a hosted one links to; empty without one."""
        linked = plain.get("base_model")
        return self.read(f"models/{linked}.toml") if linked else {}

    def read(self, path: str) -> Mapping[str, Any]:
        """The last text of a file; empty for none, and for one that is no TOML."""
        text = self._git("show", f"{self._last[path]}:{path}") if path in self._last else ""
        if re.fullmatch(r"[\w./@:-]+\.toml", text.strip()):
            # A link to the entry of another provider.
            return self.read(posixpath.normpath(posixpath.join(posixpath.dirname(path), text.strip())))
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            return {}


def _attributes(plain: Mapping[str, Any], identifier: str) -> dict[str, str]:
    modalities = plain.get("modalities", {})
    into, out = set(modalities.get("input", ())) - {"pdf"}, set(modalities.get("output", ()))
    if "embed" in identifier:
        return {"task": "feature-extraction", "modality": "text"}
    if out == {"text"}:
        return {"task": "text-generation", "modality": "text" if into <= {"text"} else "multimodal"}
    if len(out) == 1:
        (kind,) = out
        return {
            "task": {"image": "text-to-image", "video": "text-to-video", "audio": "text-to-speech"}.get(kind, "any-to-any"),
            "modality": kind,
        }
    return {"modality": "multimodal"} if out else {}


def _weights(plain: Mapping[str, Any]) -> str | None:
    """The Hub repository of the weights that the list names."""
    for one in plain.get("weights", ()):
        match = re.match(r"https://huggingface\.co/([^/]+/[^/?#]+)", one.get("url", ""))
        if match and hub_id(match[1]):
            return match[1]
    return None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


class Served:
    """Which published model a hosted one is."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._names: dict[str, set[str]] = {}
        for identifier in {*known.ids, *known.aliases}:
            owner, _, name = identifier.removeprefix("model:").partition("/")
            if identifier.startswith("model:") and owner in _ORIGINALS:
                self._names.setdefault(_letters(name), set()).add(known.aliases.get(identifier, identifier))

    def relate(self, entry: Entry, provider: str, identifier: str, plain: Mapping[str, Any]) -> None:
        """Add the relation, if it can be said."""
        if found := _weights(plain):
            entry.relate("serves", self._canonical(found), "models-dev-weights")
        elif provider in _HUB_IDS and hub_id(identifier) and "/" in identifier:
            entry.relate("serves", self._canonical(identifier), "id")
        elif found := _BY_HAND.get(f"{provider}/{identifier}"):
            entry.relate("serves", self._canonical(found), "name", inferred=True)
        elif plain.get("open_weights") and (found := self._named(identifier)):
            entry.relate("serves", found, "name", inferred=True)

    def _named(self, identifier: str) -> str | None:
        """The one model of that name; the name as it is goes before one with something taken off."""
        for name in _names(identifier):
            letters = _letters(name)
            if any(letters + tuned in self._names for tuned in ("instruct", "it", "chat")):
                return None  # a host that leaves the ending out does not mean the base
            if found := self._names.get(letters):
                return next(iter(found)) if len(found) == 1 else None
        return None

    def _canonical(self, repository: str) -> str:
        identifier = model_id(repository)
        return self._known.aliases.get(identifier, identifier)


def _names(identifier: str) -> Iterator[str]:
    """The id without what hosts put before a name, then without one after the other of what they put behind it."""
    name, before = identifier.lower(), ""
    while name != before:
        before, name = name, _BEFORE.sub("", name)
    name = name.rpartition("/")[2]
    # On Bedrock the maker stands before the name, with a full stop.
    maker, dot, rest = name.partition(".")
    name, before = (rest if dot and maker.isalpha() else name.replace(":", "-")), ""
    while name != before:
        yield name
        before, name = name, _BEHIND.sub("", name)


def _entry(provider: Provider, identifier: str, plain: Mapping[str, Any]) -> Entry:
    # Only a colon, a slash or spaces would be read as something else in an id.
    entry = Entry(
        id=service_id(provider.service, identifier.replace(" ", "-")),
        name=re.sub(r" \(latest\)$", "", plain.get("name", identifier)),
        publisher=provider.publisher,
        publisher_kind="company",
        attributes=_attributes(plain, identifier),
    )
    if provider.also:
        entry.aliases = [service_id(provider.also, identifier)]
    day = str(plain.get("release_date", ""))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        entry.released = day
    return entry


def of_makers(listing: Listing, served: Served) -> Iterator[tuple[str, Entry]]:
    """The models of makers, each with its provider."""
    for name, provider in _MAKERS.items():
        for identifier, plain in listing.models(name):
            if _NOT_MODELS.search(identifier) or not re.fullmatch(provider.ids, identifier, re.IGNORECASE):
                continue
            entry = _entry(provider, identifier, plain)
            served.relate(entry, name, identifier, plain)
            # A published model tells its lineage itself; what stands behind a closed one is not told.
            entry.provenance = None if entry.relations else "undisclosed"
            yield name, entry


def of_helm(repository: Path) -> Iterator[tuple[str, Entry]]:
    """The models of HELM that answer over a network alone, by the file they go to."""
    command = ["git", "-C", str(repository), "show", "HEAD:src/helm/config/model_metadata.yaml"]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    for one in yaml.safe_load(text)["models"]:
        owner, _, identifier = one["name"].partition("/")
        if one.get("access") != "limited" or owner not in _OF_HELM or _VARIANTS.search(identifier) or _NOT_MODELS.search(identifier):
            continue
        file, provider = _OF_HELM[owner]
        if owner == "google" and not identifier.startswith("gemini"):
            file, provider = "google-vertex", _HOSTS["google-vertex"]
        entry = _entry(provider, identifier, {"name": one["display_name"]})
        entry.attributes = _HELM_TAGS[next(tag for tag in _HELM_TAGS if tag in one["tags"])]
        entry.provenance = "undisclosed"
        yield file, entry


_HELM_TAGS = {
    "TEXT_TO_IMAGE_MODEL_TAG": {"task": "text-to-image", "modality": "image"},
    "TEXT_SIMILARITY_MODEL_TAG": {"task": "feature-extraction", "modality": "text"},
    "VISION_LANGUAGE_MODEL_TAG": {"task": "text-generation", "modality": "multimodal"},
    "AUDIO_LANGUAGE_MODEL_TAG": {"task": "text-generation", "modality": "multimodal"},
    "TEXT_MODEL_TAG": {"task": "text-generation", "modality": "text"},
    "CODE_MODEL_TAG": {"task": "text-generation", "modality": "text"},
}


def of_hosts(listing: Listing, served: Served) -> Iterator[tuple[str, Entry]]:
    """Those models of hosts of which it can be said what they are."""
    for name, provider in _HOSTS.items():
        for identifier, plain in listing.models(name):
            if _NOT_MODELS.search(identifier):
                continue
            entry = _entry(provider, identifier, plain)
            entry.released = None  # the day of the model, not of the offer
            served.relate(entry, name, identifier, plain)
            if entry.relations:
                yield name, entry


def main(arguments: Sequence[str]) -> int:
    """Write the files. The arguments are the two repositories."""
    if len(arguments) != 2:
        sys.stderr.write("usage: import_hosted_models.py MODELS.DEV HELM\n")
        return 2
    listing, known = Listing(Path(arguments[0])), Known(without=("hosted-",))
    served = Served(known)
    files: dict[str, dict[str, Entry]] = {}
    for name, entry in (*of_makers(listing, served), *of_helm(Path(arguments[1])), *of_hosts(listing, served)):
        if entry.id not in known:
            files.setdefault(name, {}).setdefault(entry.id, entry)
    for name, entries in sorted(files.items()):
        members = list(entries.values())
        report(write(GRAPHS / "services", f"hosted-{name}", COMMENT, _SOURCES, members, by_letter=False), members)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
