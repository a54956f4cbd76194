"""Reads READMEs for what is sure by their structure: commands in fenced blocks, and addresses that they ask to download.

Prose is not read. A command in a README is documentation; more only where it runs a script of the tree:
the first training run that it shows is the recipe, and a model is what the product runs where every run
names the same one. A repository of the Hub that stands under the name of this project and its owner is
published from here: an inference, which says so. Not read: lists of other projects, badges, and links as such.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._commands import read_commands
from lien.readers._data_links import root_readme
from lien.readers._downloads import DATA_ENDINGS, EVALUATION_WORDS, named_data
from lien.readers._references import Reference, dataset_reference, model_reference, seen
from lien.readers._shell import Command, parse_shell
from lien.readers._site import Site
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.ids import dataset_id, kind_of
from lien.vocabulary.kinds import Basis
from lien.vocabulary.relations import Relation

__all__ = ["ReadmeReader"]

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)")
_LANGUAGES = frozenset(
    {"", "bash", "sh", "shell", "console", "zsh", "shell-session", "shellsession", "terminal", "cmd", "powershell", "python", "text"}
)
_PROMPT = re.compile(r"[ \t]*(?:\([\w.-]+\)[ \t]*)?\$[ \t]+")
_BLANK = re.compile(r"<([A-Za-z][^<>|&;\n]{0,100})>")
_LINK = re.compile(
    r"\[([^\[\]]{0,200}+)\]\(<?([^\s()<>]{1,500}+)>?(?:[ \t]+\"[^\"]{0,200}+\")?\)|href=\"([^\"]{1,500}+)\"[^>]{0,200}+>([^<]{0,200}+)"
)
_HUB = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/[\w./%+-]+", re.ASCII | re.IGNORECASE)
_OWN = re.compile(r"github\.com/([\w.-]+)/([\w.-]+?)(?:/(?:blob|tree|raw)/[\w.-]+/([\w./%-]+)|\.git\b|(?=[\s)>\"'#]|$))", re.ASCII)
_DOWNLOADS = re.compile(r"\bdownloa?d", re.IGNORECASE)
_ASKS = re.compile(r"(?<!will )(?<!automatically )\bdownload\b", re.IGNORECASE)
_SIZED = re.compile(r"[A-Za-z]\w*(?:-\w+)*-\d+(?:\.\d+)?[kKmM]", re.ASCII)
_FILE_HOSTS = re.compile(
    r"https?://(?:drive\.google\.com|(?:www\.)?dropbox\.com|zenodo\.org|[\w.]*figshare\.com|1drv\.ms|pan\.baidu\.com|mega\.nz)/"
)
_RELEASES = re.compile(r"\b(?:releas(?:e|ed|ing)|introducing|announc\w+)\b", re.IGNORECASE)
_MAX_LINE = 10_000
"""Characters of a line that are looked at: people write no longer ones."""

_MAX_COMMANDS = 2_000
_MANY = 5
"""A README that links more downloads than this lists what there is to choose from."""

_DATA_WORDS = re.compile(r"data|corpus|instruct", re.IGNORECASE)


@dataclass(slots=True)
class _Line:
    number: int
    text: str
    heading: str
    head: str = ""
    """The first row of the table that the line stands in."""
    lead: str = ""
    """The last sentence under the same heading that ends with a colon or says that something follows."""


@dataclass(slots=True)
class _Page:
    """A README taken apart: lines outside fences, and fenced blocks of commands with their first lines."""

    lines: list[_Line] = field(default_factory=list)
    blocks: list[tuple[int, str]] = field(default_factory=list)


class ReadmeReader:
    """README*.md in any folder."""

    name = "readme"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """By name; translations of a README say what it says."""
        return re.fullmatch(r"readme(?:[-_][\w-]{4,})?\.(?:md|markdown)", path.rpartition("/")[2].lower()) is not None

    def accepts(self, head: bytes) -> bool:
        """Text."""
        return b"\0" not in head

    def read(self, source: Source) -> Iterator[Fragment]:
        """What its commands and downloads say, in that order."""
        page = _page(source.data.decode("utf-8-sig", "replace"))
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=Role.DOCUMENTATION, reports_lost=False)
        commands = [command for first, text in page.blocks for command in parse_shell(text, first_line=first)][:_MAX_COMMANDS]
        yield from map(_as_in_the_readme, _commands(commands, site))
        own = _own_repository(site)
        yield from _asked_for(page, site, own)
        if own is not None:
            yield from _released(page, own, site)
        if "/" not in source.path:
            yield from _data_of_the_tree(page, site)


def _page(text: str) -> _Page:
    page = _Page()
    fence = ""
    language = ""
    block: list[str] = []
    first = 0
    heading = head = lead = ""
    for number, line in enumerate(text.splitlines(), start=1):
        match = _FENCE.match(line)
        if fence:
            if match is not None and match[1].startswith(fence) and not match[2]:
                if language in _LANGUAGES:
                    page.blocks.append((first, "\n".join(block)))
                fence = ""
            else:
                block.append(_BLANK.sub(_blank, _PROMPT.sub("", line, count=1)))
            continue
        if match is not None:
            fence, language, block, first = match[1], match[2].lower(), [], number + 1
            continue
        if line.lstrip().startswith("#"):
            heading, lead = line, ""
        is_row = line.lstrip().startswith("|") or line.count("|") > 1 or ("|" in line and bool(head))
        head = (head or line) if is_row else ""
        page.lines.append(_Line(number, line[:_MAX_LINE], heading[:_MAX_LINE], head[:_MAX_LINE], lead[:_MAX_LINE]))
        if "following" in line.lower() or line.rstrip().endswith(":"):
            lead = line
    return page


def _blank(match: re.Match[str]) -> str:
    """`<your_path>` is to be filled in, and no redirection."""
    return "{" + re.sub(r"\W", "_", match[1]) + "}"


def _as_in_the_readme(fragment: Fragment) -> Fragment:
    """A blank in the words of the README again: `<your_path>`."""
    if isinstance(fragment, UnresolvedReference) and re.fullmatch(r"\{\w+\}", fragment.what):
        written = f"<{fragment.what[1:-1]}>"
        return fragment._replace(what=written, evidence=fragment.evidence._replace(as_written=written))
    return fragment


def _commands(commands: Sequence[Command], site: Site) -> Iterator[Fragment]:
    """The commands of a README; of the root's, the runs of the tree's own scripts are told from mere examples."""
    if "/" in site.path:
        yield from read_commands(commands, site)
        return
    models: set[str] = set()

    def listen(script: str, model: str | None, trains: bool) -> Role:
        if model is not None and not trains and _is_own(script, site):
            models.add(model)
        return Role.DOCUMENTATION

    for _ in read_commands(commands, replace(site, judge=listen)):
        pass
    first: dict[str, str | None] = {}

    def decide(script: str, model: str | None, trains: bool) -> Role:
        if not _is_own(script, site):
            return Role.DOCUMENTATION
        if trains:
            return Role.TRAINING if model == first.setdefault(script, model) else Role.OPTION
        return Role.DEFAULT if len(models) == 1 else Role.OPTION

    yield from read_commands(commands, replace(site, judge=decide))


def _is_own(script: str, site: Site) -> bool:
    """Does a script, or a module, stand in the tree?"""
    if script.endswith(".py"):
        return site.tree.has(script.removeprefix("./"))
    path = script.replace(".", "/")
    return any(site.tree.has(f"{folder}{path}{ending}") for folder in ("", "src/") for ending in (".py", "/__main__.py"))


def _links(line: _Line) -> Iterator[tuple[str, str, int]]:
    """(Text, address, where it begins) of each link in a line."""
    for match in _LINK.finditer(line.text):
        yield (match[1] or match[4] or "").strip(), match[2] or match[3], match.start()


def _repository(address: str) -> Reference:
    """What an address on the Hub names; other addresses name nothing."""
    if not _HUB.match(address):
        return Reference(None, "is no address on the Hub")
    return dataset_reference(address) if "/datasets/" in address else model_reference(address)


def _asked_for(page: _Page, site: Site, own: tuple[str, str] | None) -> Iterator[Fragment]:
    """Links to repositories of the Hub that are downloads: by their own text, the words before them, their column or heading."""
    found: list[tuple[str, Evidence, str]] = []
    for line in page.lines:
        for text, address, start in _links(line):
            identifier = _repository(address).id or _sized_data(text, address)
            if identifier is None or _is_own_release(identifier, own) or _RELEASES.search(line.text):
                continue
            before = line.text[:start].rpartition(". ")[2]
            asks = (
                text.lower().startswith("downl")
                or _ASKS.search(before)
                or _ASKS.search(line.lead)
                or any(_DOWNLOADS.search(one) for one in (line.head, line.heading))
            )
            if asks:
                evidence = Evidence(
                    site.path, line.number, None, text or address, site.reader, Basis.INFERRED, "the README asks to download it"
                )
                found.append((identifier, evidence, text))
    counts = Counter(kind_of(identifier) for identifier in {identifier for identifier, _, _ in found})
    for identifier, evidence, text in found:
        role = Role.DEFAULT if counts[kind_of(identifier)] <= _MANY else Role.OPTION
        yield seen(identifier, evidence, text)
        yield RelationSeen(PRODUCT, Relation.LOADS, identifier, evidence, role)


def _sized_data(text: str, address: str) -> str | None:
    """Data kept with a file host, by a name that ends with their size: `GenMedGPT-5k`."""
    match = _SIZED.fullmatch(text.removesuffix(" dataset"))
    return dataset_id(text.removesuffix(" dataset")) if match is not None and _FILE_HOSTS.match(address) else None


def _released(page: _Page, own: tuple[str, str], site: Site) -> Iterator[Fragment]:
    """Repositories of the Hub that this project publishes."""
    source = f"under the owner and name of this repository, github.com/{own[0]}/{own[1]}"
    for line in page.lines:
        for match in _HUB.finditer(line.text):
            identifier = _repository(match[0]).id
            if identifier is not None and _is_own_release(identifier, own):
                evidence = Evidence(site.path, line.number, None, match[0], site.reader, Basis.INFERRED, source)
                yield ArtifactSeen(identifier, kind_of(identifier), evidence, name=identifier.rpartition("/")[2], made_here=True)


def _is_own_release(identifier: str, own: tuple[str, str] | None) -> bool:
    """Is this the same owner, with a word of the project's name in theirs? An owner alone publishes many things."""
    if own is None:
        return False
    owner, name = own
    words = {word for word in re.findall(r"[a-z]+", name.lower()) if len(word) > 3} or {name.lower()}
    theirs, _, repository = identifier.partition(":")[2].partition("/")
    return theirs == owner.lower() and any(word in repository for word in words)


def _own_repository(site: Site) -> tuple[str, str] | None:
    """Owner and name of the repository that the root's README belongs to: whose files it links are files of the tree, or that it clones."""
    text = root_readme(site.tree)
    counts: Counter[tuple[str, str]] = Counter()
    for match in _OWN.finditer(text):
        path = match[3]
        is_cloned = path is None and re.search(r"git clone\s+\S*$", text[max(0, match.start() - 80) : match.start()]) is not None
        if is_cloned or (path is not None and site.tree.holds(path)) or (path is None and match[0].endswith(".git")):
            counts[match[1], match[2]] += 1
    return counts.most_common(1)[0][0] if counts else None


def _data_of_the_tree(page: _Page, site: Site) -> Iterator[Fragment]:
    """Files of data in the tree that the README links: the repository ships them."""
    for line in page.lines:
        for text, address, _ in _links(line):
            own = re.match(r"https?://github\.com/[\w.-]+/[\w.-]+/blob/[\w.-]+/(\S+)", address, re.ASCII)
            path = own[1] if own else address
            if "://" in path or not path.lower().endswith((*DATA_ENDINGS, ".json")) or not _DATA_WORDS.search(path):
                continue
            if own and not site.tree.has(path) and not site.tree.holds(path.rpartition("/")[0] or "."):
                continue
            identifier = named_data(path).id
            if identifier is not None:
                evidence = Evidence(site.path, line.number, None, text or path, site.reader)
                role = Role.EVALUATION if EVALUATION_WORDS & set(re.findall(r"[a-z]+", path.lower())) else Role.DEFAULT
                yield seen(identifier, evidence, path.rpartition("/")[2])
                yield RelationSeen(PRODUCT, Relation.SHIPS, identifier, evidence, role)
