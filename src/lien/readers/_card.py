"""Hub cards as values: the front matter of a README, its keys and lines, and the identity that it gives its folder.

The Hub reads front matter by one pattern (huggingface_hub `repocard.py`), and so does this page:
blank lines and CRLF are allowed before the first `---`, a byte order mark is not. A README with the
front matter of a documentation site is no card.
"""

import re
from collections.abc import Mapping
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import Evidence
from lien.sources.source import Source
from lien.sources.yaml_text import YamlDocument, parse_yaml
from lien.vocabulary.ids import dataset_id, hub_id, model_id
from lien.vocabulary.kinds import Kind

__all__ = ["READER", "Card", "card_of"]

READER = "hub-card"
"""The name that evidence from a card carries."""

_OPENING = re.compile(r"\s*---(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"(?:\r\n|\r|\n)---[ \t]*(?:\r\n|\n|\Z)")
_HEADING = re.compile(r"#[ \t]+(\S.*)")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")

_MODEL_KEYS = frozenset({"base_model", "base_model_relation", "model-index"})
_DATASET_KEYS = frozenset({"task_categories", "dataset_info", "size_categories", "source_datasets", "annotations_creators", "pretty_name"})
_COMMON_KEYS = frozenset(
    {"license", "licence", "license_name", "license_link", "datasets", "library_name", "pipeline_tag", "configs", "task_ids", "sdk"}
)
_HUB_KEYS = _MODEL_KEYS | _DATASET_KEYS | _COMMON_KEYS
# Blogs and documentation sites have these two as well; beside a site's keys they do not make a card.
_WEAK_KEYS = frozenset({"tags", "language"})
_SITE_KEYS = frozenset(
    {
        "title",
        "layout",
        "description",
        "permalink",
        "slug",
        "date",
        "author",
        "nav_order",
        "parent",
        "sidebar_position",
        "sidebar_label",
        "weight",
    }
)
_KEY_LINE = re.compile(rf"^[\"']?(?:{'|'.join(sorted(_HUB_KEYS))})[\"']?[ \t]*:", re.IGNORECASE | re.MULTILINE)

_LOCAL_FOLDERS = frozenset({"checkpoints", "data", "model", "models", "out", "output", "outputs", "results", "runs", "tmp"})


class Card:
    """Front matter by keys in lower case: `License` and `Base_model` are common in the wild."""

    def __init__(self, source: Source, document: YamlDocument, *, line: int, heading: str | None) -> None:
        self.source = source
        self.line = line
        self.heading = heading
        self._document = document
        self._keys: dict[str, Any] = {}
        for key in document.value:
            # The Hub's own spelling counts where a card has both. Keys that are no text mean nothing.
            if isinstance(key, str) and (key.lower() not in self._keys or key.islower()):
                self._keys[key.lower()] = key

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._keys)

    @property
    def is_card(self) -> bool:
        strong, weak = self.keys & _HUB_KEYS, self.keys & _WEAK_KEYS
        return bool(strong or (weak and not self.keys & _SITE_KEYS))

    @property
    def kind(self) -> Kind:
        """What the card stands on; a Space is the product itself. What has a base model is a model, whatever else."""
        if "sdk" in self._keys:
            return Kind.PRODUCT
        if self.keys & _MODEL_KEYS:
            return Kind.MODEL
        configs = self.value("configs")
        has_files = isinstance(configs, list) and any(isinstance(one, Mapping) and "data_files" in one for one in configs)
        return Kind.DATASET if has_files or self.keys & _DATASET_KEYS else Kind.MODEL

    @property
    def folder(self) -> str:
        """The folder of the card from the root; empty at the root."""
        return self.source.path.rpartition("/")[0]

    @property
    def hub_name(self) -> str | None:
        """The Hub id that the card gives itself. A bare name is a title more often than an id."""
        index = self.value("model-index")
        first = index[0] if isinstance(index, list) and index else None
        # Trainers write their output folder here, or the model they began with: a derivative is never its parent.
        parents = {text.lower() for text, _ in self.texts("base_model")}
        generated = [self.value("model_name"), first.get("name") if isinstance(first, dict) else None]
        names = [name for name in generated if isinstance(name, str) and name.lower() not in parents]
        return next((name for name in [*names, self.heading] if name and _is_own_id(name)), None)

    @property
    def identifier(self) -> str:
        """By the Hub id, else by the folder that the card stands in."""
        make = dataset_id if self.kind is Kind.DATASET else model_id
        return make(self.hub_name or f"file:{self.folder or '.'}")

    def value(self, key: str) -> Any:  # noqa: ANN401  # YAML is any value
        return self._document.value[self._keys[key]] if key in self._keys else None

    def line_of(self, key: str) -> int | None:
        return self._document.line(str(self._keys.get(key)))

    def texts(self, key: str) -> list[tuple[str, int | None]]:
        """The scalars of a string or list, as text, with their lines. Cards write one where the other is meant."""
        value = self.value(key)
        written = str(self._keys.get(key))
        if isinstance(value, list):
            found = [(_scalar_text(item), self._document.line(written, index)) for index, item in enumerate(value)]
        else:
            found = [(_scalar_text(value), self._document.line(written))]
        return [(text, line) for text, line in found if text]

    def text(self, key: str) -> str | None:
        return next((text for text, _ in self.texts(key)), None)

    def evidence(self, line: int | None, as_written: str | None = None) -> Evidence:
        return self.source.evidence(READER, line=line, as_written=as_written)


def _is_own_id(name: str) -> bool:
    return name.count("/") == 1 and hub_id(name) is not None and name.partition("/")[0].lower() not in _LOCAL_FOLDERS


def _scalar_text(value: object) -> str:
    """A scalar as text. YAML makes False of `no`, a number of `1.0` and a date of `2024-01-01`."""
    match value:
        case None | list() | dict() | set() | tuple():
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value.strip()
        case _:
            return _plain(value)


def _plain(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # an integer of more than 4,300 digits
        return ""


def card_of(source: Source) -> Card | None:
    """The card of a file; None if it is none."""
    if source.data.startswith(b"\xef\xbb\xbf"):
        return None
    opening = _OPENING.match(source.text)
    if opening is None:
        return None
    start = opening.end()
    line = source.line_of(source.text.index("---"))
    closing = _CLOSING.search(source.text, start)
    if closing is None:
        _complain_if_open(source, start, line)
        return None
    front = source.text[start : closing.start()]
    try:
        document = parse_yaml(front, path=source.path, first_line=line + 1)
    except InputError:
        # A README may begin with a rule or with a site's front matter: then its YAML is not our business.
        if _KEY_LINE.search(front):
            raise
        return None
    if not isinstance(document.value, dict):
        return None
    card = Card(source, document, line=line, heading=_heading(source.text[closing.end() :]))
    return card if card.is_card else None


def _complain_if_open(source: Source, start: int, line: int) -> None:
    """The Hub silently ignores a card without its closing line; an auditor must not."""
    paragraph = re.split(r"\r?\n[ \t]*\r?\n", source.text[start:], maxsplit=1)[0]
    if _KEY_LINE.search(paragraph):
        raise InputError("opens front matter that never ends; close it with a line of three dashes", path=source.path, line=line)


def _heading(body: str) -> str | None:
    """The first heading of the first level; a comment in a block of shell code looks the same."""
    is_code = False
    for line in body.splitlines():
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code and (heading := _HEADING.match(line)):
            return heading[1].strip("#`* \t")
    return None
