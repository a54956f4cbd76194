"""Reads Hub cards: the front matter of a README says what a model, dataset or Space is made from.

Not read: evaluation datasets (`model-index`),
access conditions (`extra_gated_*`), and the prose of the body beyond its first heading.
"""

import re
from collections.abc import Iterator

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, LicenseClaim, RelationSeen, Role, UnresolvedReference
from lien.readers._card import READER, Card, card_of
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.ids import dataset_id, hub_id, model_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.licenses import Scheme
from lien.vocabulary.relations import Relation, Said, relation_for

__all__ = ["HubCardReader"]

_HUB_ADDRESS = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/)?", re.IGNORECASE)
_MAX_LICENSE_BYTES = 1024 * 1024

_RELATIONS = {"adapter": Said.ADAPTER, "merge": Said.MERGE, "quantized": Said.QUANTIZED, "finetune": Said.BASE_MODEL}
_ADAPTER_LIBRARIES = frozenset({"peft", "adapter-transformers"})
_MERGE_TAGS = frozenset({"merge", "mergekit"})
_QUANTIZED_TAGS = frozenset({"gguf", "awq", "gptq", "exl2", "bnb"})


class HubCardReader:
    """README.md of a model, dataset or Space, and other Markdown files named as cards."""

    name = READER
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
        card = card_of(source)
        if card is None:
            return
        match card.kind:
            case Kind.PRODUCT:
                yield from _space(card)
            case Kind.DATASET:
                yield from _dataset(card)
            case _:
                yield from _model(card)


def _model(card: Card) -> Iterator[Fragment]:
    model = card.identifier
    yield from _made(card, Kind.MODEL, model)
    yield from _claims(card, model)
    yield from _base_models(card, model)
    for text, line in card.texts("datasets"):
        yield from _relation(model, Relation.TRAINED_ON, Kind.DATASET, text, card.evidence(line, text), role=Role.TRAINING)


def _dataset(card: Card) -> Iterator[Fragment]:
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


def _space(card: Card) -> Iterator[Fragment]:
    """A Space is the product: what it lists it loads."""
    yield from _claims(card, PRODUCT)
    for key, kind in (("models", Kind.MODEL), ("datasets", Kind.DATASET)):
        for text, line in card.texts(key):
            yield from _relation(PRODUCT, Relation.LOADS, kind, text, card.evidence(line, text))


def _made(card: Card, kind: Kind, identifier: str) -> Iterator[Fragment]:
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


def _base_models(card: Card, model: str) -> Iterator[Fragment]:
    parents = [(text, line) for text, line in card.texts("base_model") if text.lower() != "none"]
    if not parents:
        return
    said, note = _said(card, len(parents))
    relation = relation_for(Kind.MODEL, said, Kind.MODEL) or Relation.DERIVED_FROM
    for text, line in parents:
        yield from _relation(model, relation, Kind.MODEL, text, card.evidence(line, text), note=note)


def _said(card: Card, parents: int) -> tuple[Said, str | None]:
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


def _claims(card: Card, artifact: str) -> Iterator[Fragment]:
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


def _custom(card: Card, artifact: str) -> Iterator[LicenseClaim]:
    for text, line in card.texts("license_name"):
        yield _claim(card, artifact, text, Scheme.LICENSE_NAME, card.evidence(line, text))
    for text, line in card.texts("license_details"):
        yield _claim(card, artifact, text, Scheme.FREE_TEXT, card.evidence(line, text))
    for text, line in card.texts("license_link"):
        whole = _beside(card.source, text)
        evidence = card.evidence(line, text)
        yield _claim(card, artifact, whole or text, Scheme.FILE if whole else Scheme.URL, evidence)


def _claim(card: Card, artifact: str, text: str, scheme: Scheme, evidence: Evidence) -> LicenseClaim:
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
