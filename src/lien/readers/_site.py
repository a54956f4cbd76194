"""Where a command stands, and how its arguments are taken apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lien.graph.fragments import Evidence, Role
from lien.readers._shell import Word
from lien.sources.tree import Tree

__all__ = ["Site", "options", "valued"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The file that a command stands in, what it is for, and the variables set for it.

    `reports_lost`: is a name that cannot be followed worth telling? In documentation it is the reader's to fill in.
    """

    path: str
    tree: Tree
    reader: str
    role: Role = Role.DEFAULT
    settings: Mapping[str, Word] = field(default_factory=dict)
    reports_lost: bool = True
    locate: Callable[[str], str | None] | None = None
    """The path in the tree of a file that a command names where it runs, such as in an image."""
    judge: Callable[[str, str | None, bool], Role] | None = None
    """What a documented run of a script is for, by (the script as written, the model it is given, does it train?)."""

    def evidence(self, word: Word) -> Evidence:
        """The place of a word, as it was written."""
        return Evidence(self.path, word.line, None, word.written, self.reader)


def options(words: Sequence[Word]) -> tuple[list[Word], dict[str, list[Word]]]:
    """(Words that belong to no option, values by option). An option takes the words up to the next one.

    Names come in lower case without dashes in front and with `_` for `-`: `--model-path` and `--model_path`
    are one. Hydra's `name=value` counts as an option.
    """
    positional: list[Word] = []
    given: dict[str, list[Word]] = {}
    current: list[Word] | None = None
    for word in words:
        text = word.text
        if text.startswith("-") and len(text) > 1 and not text[1:2].isdigit():
            name, equals, value = text.lstrip("-").partition("=")
            current = given.setdefault(_plain(name), [])
            if equals:
                current.append(word._replace(text=value, written=word.written.partition("=")[2] or word.written))
                current = None
        elif current is not None:
            current.append(word)
        elif "=" in text and text.partition("=")[0].replace(".", "").replace("_", "").isalnum():
            name, _, value = text.partition("=")
            given.setdefault(_plain(name), []).append(word._replace(text=value, written=word.written.partition("=")[2] or word.written))
        else:
            positional.append(word)
    return positional, given


def valued(words: Sequence[Word], option: str) -> list[Word]:
    """The values of one option, as `--option VALUE` or `--option=VALUE`."""
    found = []
    for at, word in enumerate(words):
        if word.text == option and at + 1 < len(words):
            found.append(words[at + 1])
        elif option.startswith("--") and word.text.startswith(option + "="):
            found.append(word._replace(text=word.text[len(option) + 1 :]))
    return found


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")
