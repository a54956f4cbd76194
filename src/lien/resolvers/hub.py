"""Models and data sets that neither the inputs nor the knowledge describe, asked of the Hugging Face Hub.

Only with `--online`. One host is spoken to: that of HF_ENDPOINT, else huggingface.co; the token comes from HF_TOKEN
alone and goes nowhere else. Parents that an answer names are asked for in turn, up to a bound.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from lien.errors import NetworkError
from lien.graph.fragments import ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, UnresolvedReference
from lien.resolvers._hub_facts import READER, facts_of
from lien.sources.web import Web, cache_folder
from lien.vocabulary.ids import is_hub_artifact, kind_of
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

__all__ = ["Hub", "from_hub"]

_MODEL_FIELDS = ("author", "baseModels", "cardData", "createdAt", "gated", "library_name", "pipeline_tag", "sha", "siblings", "tags")
_DATASET_FIELDS = ("author", "cardData", "createdAt", "gated", "sha", "siblings", "tags")
_MAX_LOOKUPS = 300
_MAX_DEPTH = 30
_MAX_LICENSE_BYTES = 512 * 1024
_LICENSE_FILES = ("license", "license.md", "license.txt", "licence", "licence.md", "licence.txt", "model_license", "copying")


@dataclass(frozen=True, slots=True)
class Hub:
    """The Hub's address and the way to it."""

    endpoint: str
    web: Web
    headers: Mapping[str, str]

    @classmethod
    def of_environment(cls) -> "Hub":
        """HF_ENDPOINT and HF_TOKEN, as the Hub's own client reads them. Raises NetworkError for an endpoint that is no address."""
        endpoint = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
        try:
            host = urlsplit(endpoint).netloc
        except ValueError:
            host = ""
        if not host:
            raise NetworkError(f"HF_ENDPOINT={endpoint[:100]} is no address; write https://HOST")
        token = os.environ.get("HF_TOKEN", "").strip()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return cls(endpoint, Web(hosts=frozenset({host}), cache=cache_folder()), headers)

    def ask(self, kind: Kind, name: str) -> dict[str, Any] | str:
        """What the API tells of a repository, or in words why it tells nothing. Raises NetworkError if the Hub cannot be asked."""
        fields = _MODEL_FIELDS if kind is Kind.MODEL else _DATASET_FIELDS
        query = "&".join(f"expand[]={field}" for field in fields)
        answer = self.web.get(f"{self.address(kind, name, api=True)}?{query}", headers=self.headers)
        match answer.status:
            case 200:
                plain = answer.json()
                return plain if isinstance(plain, dict) else "the Hub answered with something that is no repository"
            case 401 | 403:
                way_out = "the token has no access to it" if self.headers else "set HF_TOKEN to one that has access"
                return f"is private, gated or gone on the Hub; {way_out}"
            case 404:
                return "is not on the Hub under this name"
            case status:
                return f"the Hub answered {status}"

    def license_text(self, kind: Kind, name: str, plain: Mapping[str, Any]) -> tuple[str, str] | None:
        """(address, text) of the repository's own licence file, where it lists one that can be had."""
        listed = plain.get("siblings")
        names = [str(one.get("rfilename")) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        file = next((one for one in sorted(names) if one.lower() in _LICENSE_FILES), None)
        if file is None:
            return None
        url = f"{self.address(kind, name)}/resolve/{quote(str(plain.get('sha') or 'main'))}/{quote(file)}"
        try:
            answer = self.web.get(url, headers=self.headers, max_bytes=_MAX_LICENSE_BYTES)
        except NetworkError:
            return None  # what the card says stands; the file is an addition
        return (url, answer.body.decode("utf-8", "replace")) if answer.status == 200 else None

    def address(self, kind: Kind, name: str, *, api: bool = False) -> str:
        """Where a repository stands."""
        folder = "datasets/" if kind is Kind.DATASET else ("models/" if api else "")
        return f"{self.endpoint}/{'api/' if api else ''}{folder}{quote(name)}"


def from_hub(hub: Hub, wanted: Mapping[str, str], is_known: Callable[[str], bool], progress: Callable[[str], None]) -> Iterator[Fragment]:
    """What the Hub tells of the artifacts, and of the upstreams that it names and nobody knows.

    `wanted` maps ids to the names as they were written. What cannot be told stays open, with its reason; a Hub
    that does not answer is asked no further, and said once.
    """
    pending = deque((identifier, wanted[identifier], 0) for identifier in sorted(wanted))
    visited = set(wanted)
    asked = 0
    while pending:
        identifier, name, depth = pending.popleft()
        if asked == _MAX_LOOKUPS:
            yield _open(identifier, f"{len(pending) + 1} models and data sets", f"more than {_MAX_LOOKUPS} look-ups; audit a smaller part")
            return
        asked += 1
        progress(f"asking the Hub: {asked} of {asked + len(pending)}")
        try:
            found = list(_ask(hub, identifier, name))
        except NetworkError as error:
            yield _open(identifier, f"{len(pending) + 1} models and data sets", f"could not be looked up: {error}")
            return
        yield from found
        if depth < _MAX_DEPTH:
            for upstream, written in _upstreams(found):
                if upstream not in visited and is_hub_artifact(upstream) and not is_known(upstream):
                    visited.add(upstream)
                    pending.append((upstream, written, depth + 1))


def _ask(hub: Hub, identifier: str, name: str) -> Iterator[Fragment]:
    kind = kind_of(identifier)
    plain = hub.ask(kind, name)
    if isinstance(plain, str):
        yield _open(identifier, name, plain)
        return
    address = hub.address(kind, str(plain.get("id") or name))
    facts = list(facts_of(identifier, kind, plain, address))
    yield from facts
    if all(one.text.lower() == "other" or one.scheme is not Scheme.HUGGING_FACE for one in facts if isinstance(one, LicenseClaim)):
        text = hub.license_text(kind, str(plain.get("id") or name), plain)
        if text is not None:
            evidence = Evidence(None, None, None, text[1].strip().partition("\n")[0][:100], READER, source=text[0])
            yield LicenseClaim(identifier, text[1], Scheme.FILE, evidence, "the licence file on the Hub")


def _upstreams(facts: Iterable[Fragment]) -> Iterator[tuple[str, str]]:
    names = {one.id: one.name for one in facts if isinstance(one, ArtifactSeen)}
    for one in facts:
        if isinstance(one, RelationSeen):
            yield one.upstream, names.get(one.upstream) or one.upstream.partition(":")[2]


def _open(identifier: str, what: str, reason: str) -> UnresolvedReference:
    return UnresolvedReference(identifier, what, reason, Evidence(None, None, None, what, READER, source="the Hugging Face Hub"))
