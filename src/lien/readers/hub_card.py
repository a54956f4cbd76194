"""Reads Hub cards: the front matter of a README says what a model, dataset or Space is made from.

The Hub reads front matter by one pattern (huggingface_hub `repocard.py`), and so does this reader:
blank lines and CRLF are allowed before the first `---`, a byte order mark is not. A README with the
front matter of a documentation site is no card. Not read: evaluation datasets (`model-index`),
access conditions (`extra_gated_*`), and the prose of the body beyond its first heading.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.sources.yaml_text import YamlDocument, parse_yaml
from lien.vocabulary.ids import dataset_id, hub_id, model_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation, Said, relation_for

__all__ = ["HubCardReader"]

_OPENING = re.compile(r"\s*---(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"(?:\r\n|\r|\n)---[ \t]*(?:\r\n|\n|\Z)")
_HEADING = re.compile(r"#[ \t]+(\S.*)")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_HUB_ADDRESS = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/)?", re.IGNORECASE)
_MAX_LICENSE_BYTES = 1024 * 1024

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
_RELATIONS = {"adapter": Said.ADAPTER, "merge": Said.MERGE, "quantized": Said.QUANTIZED, "finetune": Said.BASE_MODEL}
_ADAPTER_LIBRARIES = frozenset({"peft", "adapter-transformers"})
_MERGE_TAGS = frozenset({"merge", "mergekit"})
_QUANTIZED_TAGS = frozenset({"gguf", "awq", "gptq", "exl2", "bnb"})


class HubCardReader:
    """README.md of a model, dataset or Space, and other Markdown files named as cards."""

    name = "hub-card"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """README.md in any spelling, and `*card*.md`."""
        name = path.rpartition("/")[2].lower()
        return name == "readme.md" or ("card" in name and name.endswith(".md"))

    def accepts(self, head: bytes) -> bool:
        """Does the file open front matter? Most of those named README do not."""
        return head.lstrip().startswith(b"---")

    def read(self, source: Source) -> Iterator[Fragment]:
        """What the card says of the thing it stands on, which is published here; nothing if it is no card.

        Raises InputError with the line in the README if the front matter of a card is not YAML.
        """
        card = _card(source)
        if card is None:
            return
        match card.kind:
            case Kind.PRODUCT:
                yield from _space(card)
            case Kind.DATASET:
                yield from _dataset(card)
            case _:
                yield from _model(card)


class _Card:
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
            found = [(_text(item), self._document.line(written, index)) for index, item in enumerate(value)]
        else:
            found = [(_text(value), self._document.line(written))]
        return [(text, line) for text, line in found if text]

    def text(self, key: str) -> str | None:
        return next((text for text, _ in self.texts(key)), None)

    def evidence(self, line: int | None, as_written: str | None = None) -> Evidence:
        return self.source.evidence(HubCardReader.name, line=line, as_written=as_written)


def _is_own_id(name: str) -> bool:
    return name.count("/") == 1 and hub_id(name) is not None and name.partition("/")[0].lower() not in _LOCAL_FOLDERS


def _text(value: object) -> str:
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


def _card(source: Source) -> _Card | None:
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
    card = _Card(source, document, line=line, heading=_heading(source.text[closing.end() :]))
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


def _model(card: _Card) -> Iterator[Fragment]:
    model = card.identifier
    yield from _made(card, Kind.MODEL, model)
    yield from _claims(card, model)
    yield from _base_models(card, model)
    for text, line in card.texts("datasets"):
        yield from _relation(model, Relation.TRAINED_ON, Kind.DATASET, text, card.evidence(line, text), role=Role.TRAINING)


def _dataset(card: _Card) -> Iterator[Fragment]:
    dataset = card.identifier
    yield from _made(card, Kind.DATASET, dataset)
    yield from _claims(card, dataset)
    for text, line in card.texts("source_datasets"):
        evidence = card.evidence(line, text)
        how, _, source = text.partition("|")
        if how.strip().lower() == "original":
            continue
        if (source or how).strip().lower().partition("-")[0] in {"extended", "other"}:
            # `extended`, `extended|other` and `extended|other-…` are the Hub's words for sources outside it.
            yield UnresolvedReference(dataset, text, "extends a dataset without saying which; write extended|OWNER/NAME", evidence)
        else:
            yield from _relation(dataset, Relation.DERIVED_FROM, Kind.DATASET, source or how, evidence)


def _space(card: _Card) -> Iterator[Fragment]:
    """A Space is the product: what it lists it loads."""
    yield from _claims(card, PRODUCT)
    for key, kind in (("models", Kind.MODEL), ("datasets", Kind.DATASET)):
        for text, line in card.texts(key):
            yield from _relation(PRODUCT, Relation.LOADS, kind, text, card.evidence(line, text))


def _made(card: _Card, kind: Kind, identifier: str) -> Iterator[Fragment]:
    """A card in the tree describes what is published from here."""
    evidence = card.evidence(card.line)
    facts = (("task", card.text("pipeline_tag")), ("library_name", card.text("library_name")))
    attributes = tuple((key, value) for key, value in facts if value)
    name = card.hub_name or card.heading
    yield ArtifactSeen(identifier, kind, evidence, name=name, attributes=attributes, made_here=True)
    yield RelationSeen(PRODUCT, Relation.SHIPS, identifier, evidence)


def _relation(
    downstream: str, type_: Relation, kind: Kind, text: str, evidence: Evidence, *, role: Role = Role.DEFAULT, note: str | None = None
) -> Iterator[Fragment]:
    """A relation to what a card names by its Hub id or the Hub's address of it."""
    name = _HUB_ADDRESS.sub("", text.strip()).rstrip("/")
    found = hub_id(name)
    if found is None:
        yield UnresolvedReference(downstream, text, f"is named as a {kind.value}, and is no Hub id; write OWNER/NAME", evidence)
        return
    upstream = model_id(found) if kind is Kind.MODEL else dataset_id(found)
    if upstream == downstream:
        return  # Some cards name themselves; it says nothing.
    yield ArtifactSeen(upstream, kind, evidence, name=name)
    yield RelationSeen(downstream, type_, upstream, evidence, role, note=note)


def _base_models(card: _Card, model: str) -> Iterator[Fragment]:
    parents = [(text, line) for text, line in card.texts("base_model") if text.lower() != "none"]
    if not parents:
        return
    said, note = _said(card, len(parents))
    relation = relation_for(Kind.MODEL, said, Kind.MODEL) or Relation.DERIVED_FROM
    for text, line in parents:
        yield from _relation(model, relation, Kind.MODEL, text, card.evidence(line, text), note=note)


def _said(card: _Card, parents: int) -> tuple[Said, str | None]:
    """How the model came from its parents, and a note where the card does not say; one relation holds for all.

    The Hub infers in much the same way when `base_model_relation` is missing (FORMATS 1.2).
    """
    tags = {text.lower() for text, _ in card.texts("tags")}
    library = (card.text("library_name") or "").lower()
    stated = _RELATIONS.get((card.text("base_model_relation") or "").lower())
    tagged = next((said for word, said in _RELATIONS.items() if any(tag.startswith(f"base_model:{word}:") for tag in tags)), None)
    if stated or tagged:
        return stated or tagged or Said.BASE_MODEL, None
    if parents > 1:
        said = Said.MERGE if tags & _MERGE_TAGS else Said.ANCESTOR
    elif library in _ADAPTER_LIBRARIES or "lora" in tags:
        said = Said.ADAPTER
    elif library == "gguf" or tags & _QUANTIZED_TAGS:
        said = Said.QUANTIZED
    else:
        said = Said.BASE_MODEL
    return said, "the card does not say how; read from its tags and library"


def _claims(card: _Card, artifact: str) -> Iterator[Fragment]:
    """Licence claims: ids of the Hub and, for `other` or nothing, the name, details and link beside it."""
    key = "license" if card.texts("license") else "licence"
    # TRL writes the constant `licence: license` into every card (FORMATS 1.4).
    ids = [(text, line) for text, line in card.texts(key) if key == "license" or text.lower() != "license"]
    if not ids and card.value("license") is not None:
        evidence = card.evidence(card.line_of("license"))
        yield UnresolvedReference(artifact, "license", "is neither a licence id nor a list of them; write an id of the Hub", evidence)
    custom = list(_custom(card, artifact))
    for text, line in ids:
        if text.lower() != "other" or not custom:
            yield _claim(card, artifact, text, Scheme.HUGGING_FACE, card.evidence(line, text))
    if not ids or any(text.lower() == "other" for text, _ in ids):
        yield from custom


def _custom(card: _Card, artifact: str) -> Iterator[LicenseClaim]:
    for text, line in card.texts("license_name"):
        yield _claim(card, artifact, text, Scheme.LICENSE_NAME, card.evidence(line, text))
    for text, line in card.texts("license_details"):
        yield _claim(card, artifact, text, Scheme.FREE_TEXT, card.evidence(line, text))
    for text, line in card.texts("license_link"):
        whole = _beside(card.source, text)
        evidence = card.evidence(line, text)
        yield _claim(card, artifact, whole or text, Scheme.FILE if whole else Scheme.URL, evidence)


def _claim(card: _Card, artifact: str, text: str, scheme: Scheme, evidence: Evidence) -> LicenseClaim:
    # A Space in a folder is a part of the product, and so is what it says of itself.
    part = card.folder or None if artifact == PRODUCT else None
    return LicenseClaim(artifact, text, scheme, evidence, card.source.path, part)


def _beside(source: Source, name: str) -> str | None:
    """The text of a file that a card names, if it is in the tree."""
    path = source.tree.join(source.path, name)
    try:
        data = source.tree.read(path, limit=_MAX_LICENSE_BYTES).data if path is not None else None
    except InputError:
        return None
    # Licence texts are older than UTF-8; a broken © changes nothing.
    return data.decode("utf-8-sig", "replace") if data else None
