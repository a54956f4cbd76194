"""A README taken apart by its structure: lines outside fences with their heading and table, fenced commands, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["HUB", "Line", "Page", "links_of", "page_of"]

HUB = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/[\w./%+-]+", re.ASCII | re.IGNORECASE)
"""An address on the Hub, wherever it stands."""

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)")
_LANGUAGES = frozenset(
    {"", "bash", "sh", "shell", "console", "zsh", "shell-session", "shellsession", "terminal", "cmd", "powershell", "python", "text"}
)
_PROMPT = re.compile(r"[ \t]*(?:\([\w.-]+\)[ \t]*)?\$[ \t]+")
_BLANK = re.compile(r"<([A-Za-z][^<>|&;\n]{0,100})>")
_LINK = re.compile(
    r"\[([^\[\]]{0,200}+)\]\(<?([^\s()<>]{1,500}+)>?(?:[ \t]+\"[^\"]{0,200}+\")?\)|href=\"([^\"]{1,500}+)\"[^>]{0,200}+>([^<]{0,200}+)"
)
_MAX_LINE = 10_000
"""Characters of a line that are looked at: people write no longer ones."""


@dataclass(slots=True)
class Line:
    """One line outside fences, and what it stands under."""

    number: int
    text: str
    heading: str
    head: str = ""
    """The first row of the table that the line stands in."""
    lead: str = ""
    """The last sentence under the same heading that ends with a colon or says that something follows."""


@dataclass(slots=True)
class Page:
    """Lines outside fences, and fenced blocks of commands with their first lines."""

    lines: list[Line] = field(default_factory=list)
    blocks: list[tuple[int, str]] = field(default_factory=list)


def page_of(text: str) -> Page:
    """Take a README apart; nothing is raised."""
    page = Page()
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
        page.lines.append(Line(number, line[:_MAX_LINE], heading[:_MAX_LINE], head[:_MAX_LINE], lead[:_MAX_LINE]))
        if "following" in line.lower() or line.rstrip().endswith(":"):
            lead = line
    return page


def links_of(line: Line) -> Iterator[tuple[str, str, int]]:
    """(Text, address, where it begins) of each link in a line."""
    for match in _LINK.finditer(line.text):
        yield (match[1] or match[4] or "").strip(), match[2] or match[3], match.start()


def _blank(match: re.Match[str]) -> str:
    """`<your_path>` is to be filled in, and no redirection."""
    return "{" + re.sub(r"\W", "_", match[1]) + "}"
