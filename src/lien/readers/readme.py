"""Reads READMEs for what is sure by their structure: commands in fenced blocks, and addresses that they ask to download.

Prose is not read but for what the project releases (`_releases`). A command in a README is documentation; more only
where it runs a script of the tree: the first training run that it shows is the recipe, and a model is what the product
runs where every run names the same one. Not read: lists of other projects, badges, and links as such.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers._commands import read_commands
from lien.readers._data_links import root_readme
from lien.readers._downloads import DATA_ENDINGS, EVALUATION_WORDS, named_data
from lien.readers._model_names import made_from, named_base
from lien.readers._origins import bases_told, origins_of_data, origins_of_models
from lien.readers._readme_page import HUB, Page, links_of, page_of
from lien.readers._references import seen
from lien.readers._releases import Project, Release, project_of, releases, repository, table_cells
from lien.readers._shell import Command, parse_shell
from lien.readers._site import Site
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.vocabulary.ids import dataset_id, kind_of
from lien.vocabulary.kinds import Basis, Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation

__all__ = ["ReadmeReader"]

_OWN = re.compile(r"github\.com/([\w.-]+)/([\w.-]+?)(?:/(?:blob|tree|raw)/[\w.-]+/([\w./%-]+)|\.git\b|(?=[\s)>\"'#]|$))", re.ASCII)
_DOWNLOADS = re.compile(r"\bdownloa?d", re.IGNORECASE)
_ASKS = re.compile(r"(?<!will )(?<!automatically )\bdownload\b", re.IGNORECASE)
_SIZED = re.compile(r"[A-Za-z]\w*(?:-\w+)*-\d+(?:\.\d+)?[kKmM]", re.ASCII)
_BESIDE = re.compile(r"(?:source|original|paper|card|model card|licen[cs]e|code|demo|homepage|page|project|arxiv|space)s?", re.IGNORECASE)
"""Texts of links that stand beside a download: where it comes from, and what is written of it."""

_SHOWN = re.compile(r"(?:^|/)(?:examples?|samples?|outputs?|results?|demos?|images?|assets)/", re.IGNORECASE)
"""Folders of what a README shows: results of the program, and no data of its own."""

_FILE_HOSTS = re.compile(
    r"https?://(?:drive\.google\.com|(?:www\.)?dropbox\.com|zenodo\.org|[\w.]*figshare\.com|1drv\.ms|pan\.baidu\.com|mega\.nz)/"
)
_RELEASES = re.compile(r"\b(?:releas(?:e|ed|ing)|introducing|announc\w+)\b", re.IGNORECASE)
_LICENSE_COLUMN = re.compile(r"\blicen[cs]e", re.IGNORECASE)
_NO_LICENSE = re.compile(r"(?:various|varies|mixed|multiple|tb[ad]|see|check|n/?a|links?|here)\b", re.IGNORECASE)
_BASE_COLUMN = re.compile(
    r"\b(?:base|backbone|foundation|initiali[sz]ed from|fine-?tuned from)\b|\u57fa\u5ea7|\u5e95\u5ea7|\u57fa\u4e8e|\u91cd\u6784\u6a21\u578b",
    re.IGNORECASE,
)
_VENDORED = re.compile(r"(?:^|/)(?:third[_-]?part(?:y|ies)|vendors?|external|submodules?|deps)/", re.IGNORECASE)
_OWN_DATA = frozenset({"data", "dataset", "datasets", "corpus", "instruct", "instructions", "chat", "dialogues", "conversations"})
_FROM_BASE = (Relation.FINETUNED_FROM, Relation.ADAPTER_OF)
_MAX_COMMANDS = 2_000
_SAMPLE_WORDS = frozenset({"example", "examples", "sample", "samples", "demo", "dummy", "toy"})
"""Words in the path of a file that shows what data look like."""

_LEAST_NAME = 5
_MANY = 5
"""A README that links more downloads than this lists what there is to choose from."""

_DATA_WORDS = re.compile(r"data|corpus|instruct", re.IGNORECASE)


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
        page = page_of(source.data.decode("utf-8-sig", "replace"))
        site = Site(path=source.path, tree=source.tree, reader=self.name, role=Role.DOCUMENTATION, reports_lost=False)
        found_commands = [command for first, text in page.blocks for command in parse_shell(text, first_line=first)]
        commands = found_commands[:_MAX_COMMANDS]
        runs = [_as_in_the_readme(one) for one in _commands(commands, site)]
        yield from runs
        own = _own_repository(site)
        found = [] if _VENDORED.search(source.path) else releases(page.lines, _project(source.path, page, own, site))
        yield from _asked_for(page, site, {one.id for one in found})
        yield from _released(found, site)
        data = list(_data_of_the_tree(page, site)) if "/" not in source.path else []
        yield from data
        yield from _origins(page, found, data, site)
        yield from _bases_of_runs(page, runs, site)
        if len(found_commands) > len(commands):
            raise InputError(f"holds more than {_MAX_COMMANDS} commands, of which lien read the first", path=source.path)


def _as_in_the_readme(fragment: Fragment) -> Fragment:
    """A blank in the words of the README again: `<your_path>`."""
    if isinstance(fragment, UnresolvedReference) and re.fullmatch(r"\{\w+\}", fragment.what):
        written = f"<{fragment.what[1:-1]}>"
        return fragment._replace(what=written, evidence=fragment.evidence._replace(as_written=written))
    return fragment


def _commands(commands: Sequence[Command], site: Site) -> Iterator[Fragment]:
    """The commands of a README; of the root's, the runs of the tree's own scripts are told from mere examples."""
    first: dict[str, str | None] = {}
    if "/" in site.path:
        # Beside a part of a larger whole: what is trained there is a recipe of it, and what is run there is an example.
        def recipe(script: str, model: str | None, trains: bool) -> Role:
            if not trains or not _is_own(script, site):
                return Role.DOCUMENTATION
            return Role.TRAINING if model == first.setdefault(script, model) else Role.OPTION

        yield from read_commands(commands, replace(site, judge=recipe))
        return
    models: set[str] = set()

    def listen(script: str, model: str | None, trains: bool) -> Role:
        if model is not None and not trains and _is_own(script, site):
            models.add(model)
        return Role.DOCUMENTATION

    for _ in read_commands(commands, replace(site, judge=listen)):
        pass

    def decide(script: str, model: str | None, trains: bool) -> Role:
        if not _is_own(script, site):
            return Role.DOCUMENTATION
        if trains:
            return Role.TRAINING if model == first.setdefault(script, model) else Role.OPTION
        return Role.DEFAULT if len(models) == 1 else Role.OPTION

    yield from read_commands(commands, replace(site, judge=decide))


def _is_own(script: str, site: Site) -> bool:
    """Does a script, or a module, stand in the tree: where it is called, or once below the README by its bare name?"""
    if script.endswith(".py"):
        folder = site.path.rpartition("/")[0]
        script = script.removeprefix("./")
        if site.tree.has(f"{folder}/{script}" if folder else script):
            return True
        return "/" not in script and _stands_once(site.tree, folder, script)
    path = script.replace(".", "/")
    return any(site.tree.has(f"{folder}{path}{ending}") for folder in ("", "src/") for ending in (".py", "/__main__.py"))


@lru_cache(maxsize=256)
def _stands_once(tree: Tree, folder: str, name: str) -> bool:
    """Is there exactly one file of this name below a folder?"""
    return sum(path.endswith(f"/{name}") and path.startswith(f"{folder}/" if folder else "") for path in tree.walk()) == 1


def _asked_for(page: Page, site: Site, ours: set[str]) -> Iterator[Fragment]:
    """Links to repositories of the Hub that are downloads: by their own text, the words before them, their column or heading."""
    found: list[tuple[str, Evidence, str]] = []
    for line in page.lines:
        for text, address, start in links_of(line):
            identifier = repository(address).id or _sized_data(text, address)
            if identifier is None or identifier in ours or _RELEASES.search(line.text) or _BESIDE.fullmatch(text.strip(" `*")):
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
        if kind_of(identifier) is Kind.DATASET and _only_tests(page, text):
            role = Role.EVALUATION
        yield seen(identifier, evidence, text)
        yield RelationSeen(PRODUCT, Relation.LOADS, identifier, evidence, role)


def _only_tests(page: Page, name: str) -> bool:
    """Does the README say that a model is tested on the data of this name, and nowhere that it learns from it?"""
    if len(name) < _LEAST_NAME or " " in name:
        return False
    said = [line.text for line in page.lines if name.lower() in line.text.lower()]
    on = rf"(?:\w+ ){{0,4}}on (?:the )?[\[`*\"]{{0,3}}{re.escape(name)}"
    return any(re.search(rf"\b(?:test|evaluat|benchmark)\w* {on}", text, re.IGNORECASE) for text in said) and not any(
        re.search(rf"\b(?:train|tun|pretrain)\w* {on}", text, re.IGNORECASE) for text in said
    )


def _sized_data(text: str, address: str) -> str | None:
    """Data kept with a file host, by a name that ends with their size: `GenMedGPT-5k`."""
    match = _SIZED.fullmatch(text.removesuffix(" dataset"))
    return dataset_id(text.removesuffix(" dataset")) if match is not None and _FILE_HOSTS.match(address) else None


def _released(found: Sequence[Release], site: Site) -> Iterator[Fragment]:
    """Repositories of the Hub that this project publishes, with what a table of them says of their licence and base."""
    for one in found:
        evidence = Evidence(site.path, one.line.number, None, one.address, site.reader, Basis.INFERRED, one.why)
        yield ArtifactSeen(one.id, kind_of(one.id), evidence, name=one.id.rpartition("/")[2], made_here=True)
        if sum(other.line is one.line and other.id != one.id for other in found):
            continue  # a row of several speaks of none alone
        for head, cell in table_cells(one.line):
            if _LICENSE_COLUMN.search(head) and (text := _plain(cell)) and not _NO_LICENSE.match(text):
                said = evidence._replace(as_written=text, basis=Basis.DECLARED, source=None)
                yield LicenseClaim(one.id, text, Scheme.FREE_TEXT, said, site.path)
            elif _BASE_COLUMN.search(head) and kind_of(one.id) is Kind.MODEL:
                base = next((repository(match[0]).id for match in HUB.finditer(cell)), None) or named_base(_plain(cell))
                if base is not None and base != one.id:
                    yield seen(base, evidence, _plain(cell))
                    yield RelationSeen(
                        one.id,
                        made_from(one.id),
                        base,
                        evidence._replace(source="the table of releases names its base"),
                        Role.TRAINING,
                    )


def _plain(cell: str) -> str:
    """The words of a cell without markup; empty for a dash."""
    text = re.sub(r"\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)", r"\1", cell)
    text = re.sub(r"<[^<>]{0,300}>|[*`]", "", text).strip()
    return text if re.search(r"[A-Za-z]{2}", text) and len(text) <= 80 else ""


def _project(path: str, page: Page, own: tuple[str, str] | None, site: Site) -> Project:
    """The project by the root's README; one in a folder may have a title of its own."""
    project = project_of(page.lines if "/" not in path else page_of(root_readme(site.tree)).lines, own)
    if "/" in path:
        project = project._replace(words=project.words | project_of(page.lines, None).words)
    return project


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


def _origins(page: Page, found: Sequence[Release], data: Sequence[Fragment], site: Site) -> Iterator[Fragment]:
    """What the README says of where the data and the models come from that are shipped or released here."""
    shipped: dict[int, list[str]] = {}
    for fragment in data:
        if isinstance(fragment, RelationSeen) and fragment.role is Role.DEFAULT and fragment.evidence.line is not None:
            shipped.setdefault(fragment.evidence.line, []).append(fragment.upstream)
    in_tree = {identifier for identifiers in shipped.values() for identifier in identifiers}
    for one in found:
        if kind_of(one.id) is Kind.DATASET:
            shipped.setdefault(one.line.number, []).append(one.id)
    title = _title_of_data(page, site) if not in_tree and "/" not in site.path else None
    for origin in (*origins_of_data(page.lines, shipped, title[0] if title else None), *origins_of_models(page.lines, found)):
        evidence = Evidence(site.path, origin.line, None, origin.written, site.reader, Basis.INFERRED, "the README says so")
        if title is not None and origin.downstream == title[0]:
            yield ArtifactSeen(title[0], Kind.DATASET, evidence, name=title[1], aliases=(dataset_id(title[1]),), made_here=True)
        elif origin.downstream in in_tree:
            yield ArtifactSeen(origin.downstream, Kind.DATASET, evidence, made_here=True)
        role = Role.TRAINING if kind_of(origin.downstream) is Kind.MODEL else Role.BUILD
        yield seen(origin.upstream, evidence, origin.upstream.rpartition(":")[2])
        yield RelationSeen(origin.downstream, origin.type, origin.upstream, evidence, role)


def _title_of_data(page: Page, site: Site) -> tuple[str, str] | None:
    """(Id, name) of all the data in the tree together, which the README's title names; None where there is none."""
    files = [path for path in site.tree.walk() if path.lower().endswith((*DATA_ENDINGS, ".json")) and _is_data(path)]
    title = next((re.sub(r"[*`_]|<[^<>]{0,200}>", "", line.text.lstrip("# ")) for line in page.lines if line.text.startswith("# ")), "")
    name = re.split(r"[:(]|\s[-\u2013\u2014]\s", title)[0].strip()
    if not files or not re.fullmatch(r"[A-Za-z][\w .-]{1,40}", name):
        return None
    folders = {path.rpartition("/")[0] for path in files}
    folder = folders.pop() if len(folders) == 1 else ""
    return dataset_id(f"made:{folder or 'readme.md'}"), name


def _is_data(path: str) -> bool:
    words = set(re.findall(r"[a-z]+", path.lower()))
    return bool(words & _OWN_DATA) and not words & {
        *EVALUATION_WORDS,
        "config",
        "configs",
        "template",
        "templates",
        "package",
        "schema",
        "tokenizer",
    }


def _bases_of_runs(page: Page, runs: Sequence[Fragment], site: Site) -> Iterator[Fragment]:
    """The base of a run whose command leaves it blank, where the README names exactly one that something was made from."""
    blank = {one.downstream for one in runs if isinstance(one, UnresolvedReference) and one.downstream != PRODUCT}
    known = {one.downstream for one in runs if isinstance(one, RelationSeen) and one.type in _FROM_BASE}
    made = [one.id for one in runs if isinstance(one, ArtifactSeen) and one.made_here and one.id in blank - known]
    told = bases_told(page.lines) if made else []
    if len({base for base, _, _ in told}) != 1:
        return
    base, line, written = told[0]
    evidence = Evidence(site.path, line, None, written, site.reader, Basis.INFERRED, "the README names no other base")
    for identifier in dict.fromkeys(made):
        yield seen(base, evidence, written)
        yield RelationSeen(identifier, Relation.FINETUNED_FROM, base, evidence, Role.TRAINING)


def _data_of_the_tree(page: Page, site: Site) -> Iterator[Fragment]:
    """Files of data in the tree that the README links: the repository ships them."""
    for line in page.lines:
        for text, address, _ in links_of(line):
            own = re.match(r"https?://github\.com/[\w.-]+/[\w.-]+/blob/[\w.-]+/(\S+)", address, re.ASCII)
            path = own[1] if own else address
            if "://" in path or not path.lower().endswith((*DATA_ENDINGS, ".json")) or not _DATA_WORDS.search(path):
                continue
            if _SHOWN.search(path):
                continue
            if own and not site.tree.has(path) and not site.tree.holds(path.rpartition("/")[0] or "."):
                continue
            identifier = named_data(path).id
            if identifier is not None:
                evidence = Evidence(site.path, line.number, None, text or path, site.reader)
                words = set(re.findall(r"[a-z]+", path.lower()))
                role = Role.EVALUATION if EVALUATION_WORDS & words else Role.DOCUMENTATION if _SAMPLE_WORDS & words else Role.DEFAULT
                # Under a heading such as "Data Release" the project shows what it made itself.
                yield seen(identifier, evidence, path.rpartition("/")[2])._replace(made_here=_RELEASES.search(line.heading) is not None)
                yield RelationSeen(PRODUCT, Relation.SHIPS, identifier, evidence, role)
