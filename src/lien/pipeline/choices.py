"""Files that stand for one provider among several to choose from.

`providers/anthropic.js`, `providers/groq.js`, `providers/openai.js`: each is written to be picked, and no reader of one
file can see it. So can a single file that speaks to one provider after the other.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath
from typing import NamedTuple

from lien.graph.fragments import Role
from lien.graph.supply import Link
from lien.vocabulary.ids import kind_of
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["Choices", "choices_of"]

_ON_A_SHELF = 3
"""So many neighbours that each bear the name of another provider are there to choose from."""

_IN_A_FILE = 4
_MAX_BELOW = 3
"""Levels of folders below a shelf: `anthropic/chat/index.ts`."""

_WORDS = {
    "anthropic": ("claude",),
    "aws-bedrock": ("bedrock",),
    "azure-openai": ("azure",),
    "google-gemini": ("gemini", "google", "vertex"),
    "google-vertex": ("vertex", "google"),
    "openai": ("openai", "gpt"),
    "zhipuai": ("zai", "glm", "zhipu"),
    "moonshotai": ("moonshot", "kimi"),
    "mistral": ("mistral",),
    "xai": ("xai", "grok"),
    "alibaba": ("qwen", "dashscope"),
}
"""What people call the files of a provider, beside its own name."""


class Choices(NamedTuple):
    """Where a service is one to choose: on shelves, which are folders, and in single files."""

    shelves: frozenset[str]
    files: frozenset[str]

    def holds(self, path: str | None) -> bool:
        """Does what a file says stand to choose?"""
        return path is not None and (path in self.files or any(str(above) in self.shelves for above in PurePosixPath(path).parents))


def choices_of(links: Iterable[Link]) -> Choices:
    """The choices that show in what a product calls."""
    called: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.type is Relation.CALLS and kind_of(link.upstream) is Kind.SERVICE:
            provider = link.upstream.partition(":")[2].partition("/")[0]
            for role, evidence in link.sightings:
                if evidence.path is not None and role is Role.DEFAULT:
                    called[evidence.path].add(provider)
    shelves = _shelves(called)
    # Where providers are a choice, so is every other file that is named for one: `speech/openai.js` beside `chat/openai.js`.
    files = {path for path, providers in called.items() if len(providers) >= _IN_A_FILE or (shelves and _is_named(path, providers))}
    return Choices(shelves, frozenset(files))


def _shelves(called: Mapping[str, AbstractSet[str]]) -> frozenset[str]:
    """Folders in most of whose parts stands the provider whose name the part bears: `anthropic/route.ts`, `anthropic.py`."""
    parts_of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path, providers in called.items():
        parts = PurePosixPath(path).parts
        for depth in range(max(1, len(parts) - _MAX_BELOW), len(parts)):
            parts_of["/".join(parts[:depth])][parts[depth]].update(providers)
    found = set()
    for folder, below in parts_of.items():
        named = {part: [one for one in providers if _bears(part.partition(".")[0], one)] for part, providers in below.items()}
        if len({one for ones in named.values() for one in ones}) >= _ON_A_SHELF and sum(map(bool, named.values())) * 2 > len(below):
            found.add(folder)
    return frozenset(found)


def _is_named(path: str, providers: AbstractSet[str]) -> bool:
    parts = PurePosixPath(path).parts[-_MAX_BELOW:]
    return any(_bears(part.partition(".")[0], one) for part in parts for one in providers)


def _bears(part: str, provider: str) -> bool:
    """Does a file or folder have the name of a provider?"""
    plain = _plain(part)
    return any(_plain(word) in plain for word in (provider, *_WORDS.get(provider, ())))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
