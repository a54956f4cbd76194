"""What a README says that its project publishes on the Hub: models and data made here, their licences and bases.

Structure decides, not style: a link behind a word of releasing, a row of a table or an item of a list of releases,
under an owner or a name that is the project's own. It is an inference, and says which. A list of other people's
work looks much the same: without a sign of ownership nothing is told.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lien.readers._readme_page import HUB, Line
from lien.readers._references import Reference, dataset_reference, model_reference

__all__ = ["Project", "Release", "project_of", "releases", "repository", "table_cells"]

_GENERIC = frozenset(
    {
        *(
            "http",
            "https",
            "www",
            "com",
            "org",
            "the",
            "and",
            "for",
            "with",
            "from",
            "official",
            "repo",
            "repository",
            "project",
            "code",
            "open",
            "source",
            "github",
            "news",
        ),
        *(
            "model",
            "models",
            "language",
            "large",
            "llm",
            "llms",
            "llama",
            "alpaca",
            "vicuna",
            "gpt",
            "gpt4",
            "bert",
            "clip",
            "lora",
            "qlora",
        ),
        *("chat", "instruct", "instruction", "instructions", "tuning", "tuned", "fine", "finetune", "finetuning", "training", "train"),
        *("data", "dataset", "datasets", "cleaned", "base", "vision", "visual", "video", "image", "audio", "text", "speech", "multimodal"),
        *(
            "chinese",
            "english",
            "diffusion",
            "stable",
            "learning",
            "pytorch",
            "hugging",
            "face",
            "huggingface",
            "transformers",
            "efficient",
        ),
        *(
            "pre",
            "pretrained",
            "pretraining",
            "assistant",
            "following",
            "small",
            "reward",
            "preference",
            "feedback",
            "generation",
            "synthetic",
        ),
    }
)
"""Words of a title that many projects share: they tell an owner's own work only in company."""

_RELEASED = r"releas(?:e|es|ed|ing)|publish(?:es|ed|ing)?|open[- ]?sourc(?:e|es|ed|ing)|launch(?:es|ed|ing)?"
_OFFERED = (
    r"provid(?:e|es|ed|ing)|shar(?:e|es|ed|ing)|present(?:s|ed|ing)?|introduc(?:e|es|ed|ing)|upload(?:s|ed|ing)?"
    r"|announc(?:e|es|ed|ing)|creat(?:e|ed)"
)
_WE = r"\b(?:we|our team)(?:'(?:re|ve))?(?: \w+){0,3}? "
_DATE = r"^[\W\d]{0,40}(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,8}[\W\d]{1,20})?"
_SAYS = re.compile(
    rf"{_WE}(?P<released>{_RELEASED})\b|{_WE}(?:{_OFFERED})\b|{_DATE}(?P<dated>releas(?:e|ed|ing)|open[- ]?sourc(?:e|ed|ing))\b"
    rf"|{_DATE}(?:introducing|announcing)\b|\bto (?:train|reproduce|replicate)\b"
    r"|(?P<result>\bthe result is\b|\bresulting\b|\btraining the following\b|\u5f00\u6e90|\u53d1\u5e03|\u5f00\u653e)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:with|based|from|on|onto|upon|using|of|by|than|for|over|via|against|into|through|about|whose|because|after|before|thanks?"
    r"|trained|tuned|evaluat\w+|compar\w+|follow\w*|inspir\w+)\b"
    r"|\bto (?:fine-?tun|run|load|convert|evaluat|download|quanti|merg|us|deploy|serv|adapt|extend)\w*",
    re.IGNORECASE,
)
_ALONG = re.compile(r"\b(?:along with|together with|as well as)\b", re.IGNORECASE)
_AVAILABLE = re.compile(
    r"\b(?:available|hosted|uploaded|published|released|found|accessible|shared|weights|checkpoints?|adapters?|access|datasets?|models?)"
    r"(?:(?!\bnot\b)[^.!?]){0,60}$",
    re.IGNORECASE,
)
_OUR_WORK = re.compile(
    r"\b(?:weights|checkpoints?) (?:for|of) (?:this|our) (?:\w+ )?models?\b[^.!?]{0,40}\bavailable\b[^.!?]{0,40}$"
    r"|\bour (?:[\w-]+ ){0,3}(?:models?|data ?sets?|weights|checkpoints?|adapters?)\b[^.!?]{0,40}\b(?:available|found|download(?:ed)?|hosted)\b[^.!?]{0,40}$",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"\b(?:model zoo|models?|weights?|checkpoints?|releas\w+|downloads?|pre-?trained|data ?sets?|open[- ]?sourc\w*)\b"
    r"|\u5f00\u6e90|\u6a21\u578b|\u6570\u636e|\u4e0b\u8f7d",
    re.IGNORECASE,
)
_COLUMNS = re.compile(rf"{_PLACES.pattern}|\blinks?\b|\bhub\b|\bhf\b|hugging", re.IGNORECASE)
_NOT_OURS = re.compile(
    r"acknowledg|related|citation|\bcit(?:e|ing)\b|thank|credit|inspir|communit|awesome|third[- ]part|unofficial|baselines?\b|\bvarious\b"
    r"|compar(?:e|ed|ison)|other projects|prepare|requirements|install",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(r"acknowledg|thank|credit|inspir|communit|unofficial|third[- ]part|\bvarious\b|compar(?:e|ed|ison)", re.IGNORECASE)
_OWNER_PAGE = re.compile(r"hugging\s?face|\bhf\b|models?\b|weights|checkpoints?|data ?sets?|adapters?", re.IGNORECASE)
_OUR_PAGE = re.compile(r"\b(?:our|all)\b(?: \w+){0,4}? \w*(?:models?|weights|checkpoints?|data ?sets?)\b|\bour \w+ here\b", re.IGNORECASE)
_TITLE = re.compile(r"(?:#{1,3}\s+|<h1[^>]{0,200}>)(.{1,300})", re.IGNORECASE)
_PAGE_ADDRESS = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([\w.-]+)/?", re.ASCII | re.IGNORECASE)
_NO_OWNERS = frozenset({"huggingface", "models", "datasets", "spaces", "docs", "blog", "papers", "collections", "join", "login"})
_TWICE = re.compile(r"(https?://[^/]{1,30}/)([\w.-]{1,60})/(?:\2(/[\w.-])|(?=datasets/\2/))", re.ASCII)
"""An address with the owner written twice, as hands do: `OWNER/OWNER/NAME`, `OWNER/datasets/OWNER/NAME`."""

_MARKUP = re.compile(r"<[^<>]{0,300}>|[*`_~]")
_TARGET = re.compile(r"\]\([^()\s]{0,500}\)?")
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z*_`\[(])|\u3002")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")


_NO_TITLE = re.compile(
    r"(?:latest )?(?:news|updates?|releases?|introduction|overview|quick ?start|features?|contents?|table of contents|getting started)\W*$",
    re.IGNORECASE,
)


class Project(NamedTuple):
    """The names by which a repository knows its own work: words of its title, its owner on GitHub, owners on the Hub."""

    words: frozenset[str]
    owner: str | None = None
    pages: frozenset[str] = frozenset()


class Release(NamedTuple):
    """One mention of a repository on the Hub that this project publishes: `name` is how the README calls it."""

    id: str
    line: Line
    address: str
    name: str
    why: str


class _Mention(NamedTuple):
    id: str
    line: Line
    address: str
    name: str
    before: str
    """The sentence up to the link."""


def project_of(lines: Sequence[Line], own: tuple[str, str] | None) -> Project:
    """What the root's README tells of its project; `own` are its owner and name on GitHub, if known."""
    titles = (match[1] for line in lines[:60] if (match := _TITLE.match(line.text.strip())) is not None)
    title = next((one for one in titles if not _NO_TITLE.search(_MARKUP.sub("", one))), "")
    title = re.split(r"[:\uff1a]|\s[-\u2013\u2014|]\s", _MARKUP.sub("", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)))[0]
    words = set(re.findall(r"[a-z0-9]+", f"{title} {own[1] if own else ''}".lower()))
    words = {word for word in words if len(word) > 2 and re.search(r"[a-z]{2}", word)}
    pages = {match[1].lower() for line in lines for match in _PAGE_ADDRESS.finditer(line.text) if _is_own_page(match, line)}
    return Project(frozenset(words), own[0].lower() if own else None, frozenset(pages - _NO_OWNERS))


def _is_own_page(match: re.Match[str], line: Line) -> bool:
    """Does a README link an owner's page on the Hub as that of its own work?"""
    following = line.text[match.end() : match.end() + 1]
    if following and (following in "/-" or following.isalnum()):
        return False
    if _NOT_OURS.search(line.heading) or "/datasets/" in match[0]:
        return False
    before = line.text[: match.start()]
    label = re.search(r"\[([^\[\]]{0,200})\]\($", before)
    badge = re.search(r"!\[[^\[\]]{0,100}\]\([^()]{0,300}\)\]\($", before)
    text = label[1] if label else badge[0] if badge else line.text[match.end() : match.end() + 60].partition(">")[2].partition("<")[0]
    is_early = line.number <= 40
    if match[1].lower() in text.lower() or not text:
        return _OUR_PAGE.search(before) is not None
    return (is_early and _OWNER_PAGE.search(text) is not None) or _OUR_PAGE.search(before) is not None


def releases(lines: Sequence[Line], project: Project) -> list[Release]:
    """The mentions of what the project publishes, in file order."""
    found: list[tuple[int, _Mention, str]] = []
    waiting: list[tuple[int, _Mention]] = []
    owners = set(project.pages)
    for number, mention in enumerate(_mentions(lines)):
        if any(_NOT_OURS.search(one) for one in (mention.line.heading, mention.line.lead)) or _OF_OTHERS.search(mention.before):
            continue
        why = _why(mention, project)
        if why is None:
            waiting.append((number, mention))
            continue
        owners.add(_owner(mention.id))
        found.append((number, mention, why))
    for number, mention in waiting:
        if _owner(mention.id) in owners and (
            _owner(mention.id) in project.pages or _is_named(mention.id, project, 1) or _stands_in_a_list(mention)
        ):
            found.append((number, mention, "under the owner that this project publishes under"))
    return [Release(one.id, one.line, one.address, one.name, why) for _, one, why in sorted(found, key=lambda row: row[0])]


def _why(mention: _Mention, project: Project) -> str | None:
    """Why a mention is a release, by itself."""
    owner = _owner(mention.id)
    is_own = _same(owner, project.owner) or any(
        len(word) > 4 and word not in _GENERIC and word in re.sub(r"\W", "", owner) for word in project.words
    )
    is_named = _is_named(mention.id, project, 1 if is_own else 2)
    said = _said(mention.before)
    if said is None and _is_item(mention) and _said(mention.line.lead) == "released":
        said = "released"
    if _OUR_WORK.search(mention.before):
        return "the README calls it this project's"
    if said == "released" and (is_own or is_named or not mention.line.head):
        return "the README says that it is released"
    is_placed = _stands_in_a_list(mention)
    is_available = said is not None or _AVAILABLE.search(mention.before) is not None
    if is_own and (is_named or is_placed or is_available):
        return "under the owner or name of this project"
    return "under a name of this project, where the README lists or offers it" if is_named and (is_placed or is_available) else None


def _said(before: str) -> str | None:
    """How the words before a link speak of it: "released", or "offered" (what is released stands before, and the link is its place)."""
    verb = next(reversed(list(_SAYS.finditer(before))), None)
    if verb is None:
        return None
    gap = _ALONG.sub(" ", before[verb.end() :])
    if _OTHERS.search(gap) is None:
        return "released" if verb.lastgroup is not None else "offered"
    place = re.sub(r"\b(?:at|on|as|via|from|in|to|here)\W*(?:the\W*)?$", "", gap, flags=re.IGNORECASE)
    return "offered" if place != gap and _OTHERS.search(place) is None else None


def _is_named(identifier: str, project: Project, least: int) -> bool:
    """Does the name hold a word that is the project's alone, or `least` of all words of its title?"""
    name = identifier.partition(":")[2].rpartition("/")[2]
    parts = re.split(r"[^a-z0-9]+", name)
    # A short word has to stand by itself, or begin a part of the name: `web` is no name of `refinedweb`.
    held = {word for word in project.words if (word in name if len(word) > 4 else any(part.startswith(word) for part in parts))}
    return bool(held - _GENERIC) or (len(held) >= least and least > 0 and bool(held))


def _stands_in_a_list(mention: _Mention) -> bool:
    line = mention.line
    if line.head:
        return _COLUMNS.search(line.head) is not None or _PLACES.search(line.heading) is not None
    return _is_item(mention) and _PLACES.search(line.heading + line.lead) is not None


def _is_item(mention: _Mention) -> bool:
    """Does it begin an item of a list, so that the sentence which leads in the list speaks of it?"""
    return not mention.line.head and _ITEM.match(mention.line.text) is not None and len(mention.before) < 40


def _owner(identifier: str) -> str:
    return identifier.partition(":")[2].partition("/")[0]


def _same(one: str, other: str | None) -> bool:
    return other is not None and re.sub(r"[\W_]", "", one) == re.sub(r"[\W_]", "", other)


def _mentions(lines: Sequence[Line]) -> Iterator[_Mention]:
    """Addresses on the Hub that name a repository with an owner, with the words of their sentence before them."""
    running = ""
    for line in lines:
        text = line.text
        if not text.strip() or line.head or text.lstrip().startswith(("#", "<", "!")) or _ITEM.match(text):
            running = ""
        for match in HUB.finditer(text):
            identifier = repository(match[0].rstrip(".,")).id
            if identifier is None or "/" not in identifier:
                continue
            before = text[: match.start()]
            label = re.search(r"\[([^\[\]]{0,200})\]\(<?$", before)
            opening = re.search(r"<a\b[^<>]{0,300}$", before)
            cut = label.start() if label else opening.start() if opening else len(before)
            before = f"{running} {before[:cut]}" if not line.head else before[:cut].rpartition("|")[2]
            name = label[1] if label else identifier.rpartition("/")[2]
            before = _MARKUP.sub("", _TARGET.sub("]", HUB.sub("", before)))
            yield _Mention(identifier, line, match[0], name.strip("*` "), _SENTENCE_END.split(before)[-1][-400:])
        running = f"{running} {text}"[-2_000:] if not line.head else ""


def repository(address: str) -> Reference:
    """What an address on the Hub names; other addresses name nothing."""
    if not HUB.match(address):
        return Reference(None, "is no address on the Hub")
    address = _TWICE.sub(lambda match: match[1] + (match[2] + match[3] if match[3] else ""), address)
    return dataset_reference(address) if "/datasets/" in address else model_reference(address)


def table_cells(line: Line) -> list[tuple[str, str]]:
    """(Head of the column, cell) of a row; empty where they do not match."""
    if not line.head or line.head == line.text:
        return []
    heads, cells = (_cells(one) for one in (line.head, line.text))
    return list(zip(heads, cells, strict=True)) if len(heads) == len(cells) else []


def _cells(row: str) -> list[str]:
    plain = row.strip()
    return [one.strip() for one in plain.removeprefix("|").removesuffix("|").split("|")]
