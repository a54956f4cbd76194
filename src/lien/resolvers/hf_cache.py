"""Models and data sets that nobody has described yet, from the local cache of the Hugging Face Hub.

Only with `--hf-cache`. Cards, configurations and licence files of the revision that `refs/main` names are
read (huggingface_hub, "Manage your cache"), by the readers that the pipeline hands over; weights are not.
Nothing outside the named cache is opened. What the cache lacks stays open.
"""

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from lien.errors import InputError, UsageError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Subject, UnresolvedReference
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.ids import is_hub_artifact, kind_of
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme

__all__ = ["HubCache", "default_cache", "from_cache"]

_READER = "hf-cache"
_READ = ("README.md", "adapter_config.json", "config.json", "model_index.json")
_LICENSE_FILE = re.compile(r"(?:model_)?licen[cs]e(?:\.(?:md|txt))?|copying", re.IGNORECASE)
_REVISION = re.compile(r"[0-9a-f]{7,64}")
_FOLDERS = {"models--": Kind.MODEL, "datasets--": Kind.DATASET}
_MAX_LICENSE_BYTES = 1024 * 1024
_MAX_LOOKUPS = 1000


def default_cache() -> Path:
    """Where the Hub's own client keeps its cache: HF_HUB_CACHE, `hub` below HF_HOME, else in the home folder."""
    named, home = os.environ.get("HF_HUB_CACHE"), os.environ.get("HF_HOME")
    if named:
        return Path(named)
    return Path(home) / "hub" if home else Path.home() / ".cache" / "huggingface" / "hub"


class HubCache:
    """The repositories of a cache, by the ids that they have here."""

    def __init__(self, root: Path) -> None:
        """Raises UsageError for what is no cache."""
        for folder in (root, root / "hub"):
            self._folders = _repositories(folder)
            if self._folders:
                return
        raise UsageError(f"{root}: holds no folder models--… or datasets--…, so it is no cache of the Hugging Face Hub")

    def snapshot(self, identifier: str) -> tuple[Tree, str] | None:
        """A repository and, in it, the folder of the revision that `main` stands for; None if the cache has none."""
        folder = self._folders.get(identifier)
        if folder is None:
            return None
        tree = Tree(folder, follows_inside=True)
        try:
            revision = tree.read("refs/main", limit=1024).data.decode("ascii", "replace").strip()
        except InputError:
            revision = ""
        if not _REVISION.fullmatch(revision):
            # Fetched by its commit alone, a repository has no refs; with one snapshot there is no doubt.
            try:
                found = sorted(one.name for one in os.scandir(folder / "snapshots") if one.is_dir(follow_symlinks=False))
            except OSError:
                return None
            if len(found) != 1:
                return None
            revision = found[0]
        return tree, f"snapshots/{revision}"


def _repositories(folder: Path) -> dict[str, Path]:
    try:
        names = sorted(one.name for one in os.scandir(folder) if one.is_dir(follow_symlinks=False))
    except OSError:
        return {}
    found = {}
    for name in names:
        for prefix, kind in _FOLDERS.items():
            if name.startswith(prefix):
                found[f"{kind.value}:{name.removeprefix(prefix).replace('--', '/').lower()}"] = folder / name
    return found


Read = Callable[[Source], Iterable[Fragment]]


def from_cache(cache: HubCache, wanted: Iterable[str], is_known: Callable[[str], bool], read: Read) -> Iterator[Fragment]:
    """What the cache tells of the artifacts, and of the upstreams that it names and nobody knows, in the order of ids."""
    pending = deque(sorted(wanted))
    visited = set(pending)
    while pending and len(visited) < _MAX_LOOKUPS:
        identifier = pending.popleft()
        found = list(_facts(cache, identifier, read))
        yield from found
        for one in found:
            if (
                isinstance(one, RelationSeen)
                and one.upstream not in visited
                and is_hub_artifact(one.upstream)
                and not is_known(one.upstream)
            ):
                visited.add(one.upstream)
                pending.append(one.upstream)
    if pending:
        what = f"{len(pending)} models and data sets"
        reason = f"were not looked for in the cache: more than {_MAX_LOOKUPS} are named; audit a smaller part"
        yield UnresolvedReference(
            pending[0], what, reason, Evidence(as_written=what, reader=_READER, source="the local Hugging Face cache")
        )


def _facts(cache: HubCache, identifier: str, read: Read) -> Iterator[Fragment]:
    place = cache.snapshot(identifier)
    if place is None:
        return
    tree, folder = place
    label = f"Hugging Face cache: {tree.root.name}"
    names = tree.files_in(folder)
    seen: list[Fragment] = []
    for name in _READ:
        if name in names:
            path = f"{folder}/{name}"
            try:
                seen.extend(read(tree.read(path)))
            except InputError as error:
                evidence = Evidence(reader=_READER, source=f"{label}/{path}")
                yield UnresolvedReference(identifier, name, f"cannot be read in the cache: {error.message}", evidence)
    yield from _about(identifier, seen, label)
    told = [one for one in seen if isinstance(one, LicenseClaim)]
    if all(one.text.lower() == "other" for one in told):
        for name in (one for one in names if _LICENSE_FILE.fullmatch(one)):
            try:
                text = tree.read(f"{folder}/{name}", limit=_MAX_LICENSE_BYTES).data.decode("utf-8-sig", "replace")
            except InputError:
                continue
            evidence = Evidence(as_written=text.strip().partition("\n")[0][:100], reader=_READER, source=f"{label}/{folder}/{name}")
            yield LicenseClaim(identifier, text, Scheme.FILE, evidence, "the licence file in the cache")


def _about(identifier: str, seen: Iterable[Fragment], label: str) -> Iterator[Fragment]:
    """What readers say of a folder, as facts of the repository that it is a copy of: nothing of it is made or shipped here."""
    own = {one.upstream for one in seen if isinstance(one, RelationSeen) and one.downstream == PRODUCT}
    own |= {one.id for one in seen if isinstance(one, ArtifactSeen) and one.made_here}
    # A dataset whose card has no key of a dataset's own is taken for a model's: of such a card only the licence is sure.
    same_kind = all(kind_of(one) is kind_of(identifier) for one in own)
    ids: Mapping[str, str] = dict.fromkeys(own, identifier)
    for one in seen:
        evidence = _moved(one.evidence, label)
        match one:
            case LicenseClaim() if one.artifact in ids:
                yield one._replace(artifact=identifier, evidence=evidence, said_by="the card in the cache", part=None)
            case RelationSeen() if one.downstream in ids and same_kind and one.upstream != identifier:
                yield one._replace(downstream=identifier, evidence=evidence)
            case ArtifactSeen() if one.id in ids and same_kind:
                yield one._replace(id=identifier, evidence=evidence, made_here=False, name=None)
            case ArtifactSeen() if one.id not in ids and one.id != identifier and same_kind:
                yield one._replace(evidence=evidence)
            case UnresolvedReference() if one.downstream in ids and same_kind:
                yield one._replace(downstream=identifier, evidence=evidence)
            case Subject() | _:
                pass


def _moved(evidence: Evidence, label: str) -> Evidence:
    """The cache is no part of the audited tree: its place is a source, not a path."""
    line = f":{evidence.line}" if evidence.line is not None else evidence.pointer or ""
    return evidence._replace(path=None, line=None, pointer=None, source=f"{label}/{evidence.path}{line}")
