"""Mergekit configurations: the models that a merge or a mixture of experts is made of (FORMATS 1.7)."""

from collections.abc import Iterator, Mapping

from lien.graph.fragments import Fragment, RelationSeen, Role
from lien.readers._model_folder import model_folder
from lien.readers._training import Config, Form, Path, Run, form_of, mentions
from lien.readers._training_reader import TrainingReader
from lien.vocabulary.relations import Relation

__all__ = ["MergekitReader"]

_MODELS: tuple[Path, ...] = (
    ("base_model",),
    ("models", "*", "model"),
    ("slices", "*", "base_model"),
    ("slices", "*", "sources", "*", "model"),
    ("modules", "*", "models", "*", "model"),
    ("modules", "*", "slices", "*", "base_model"),
    ("modules", "*", "slices", "*", "sources", "*", "model"),
    ("experts", "*", "source_model"),
    ("shared_experts", "*", "source_model"),
)
_TOKENIZERS: tuple[Path, ...] = (("tokenizer_source",), ("tokenizer", "source"), ("tokenizer", "tokens", "*", "source"))
_TOKENIZER_WORDS = frozenset({"union", "base"})


class MergekitReader(TrainingReader):
    """YAML with `merge_method`, or with `experts` and `base_model`; several documents may build on one another by name."""

    name = "mergekit"
    endings = (".yaml", ".yml")

    def is_likely(self, data: bytes) -> bool:
        """By the words that every such file holds."""
        return mentions(data, "merge_method") or mentions(data, "experts", "base_model")

    def fragments(self, configs: list[Config]) -> Iterator[Fragment]:
        """Each merge and what it is made of."""
        merges = [config for config in configs if form_of(config.value) is Form.MERGEKIT]
        runs = [_Merge(config, has_others=len(merges) > 1) for config in merges]
        named = {one.name: one.run.id for one in runs if one.name}
        for one in runs:
            yield from one.fragments(named)


class _Merge:
    """One document: what it makes, and the names of models in it."""

    def __init__(self, config: Config, *, has_others: bool) -> None:
        self._config = config
        self.name = config.text("name")
        at: Path = ("merge_method",) if config.has("merge_method") else ("base_model",)
        self.run = Run(config, name=self.name, suffix=f"#{self.name or config.number}" if has_others else "", at=at)
        if config.source.path.rpartition("/")[2].startswith("mergekit_config.") and not has_others:
            # Mergekit leaves this name beside the weights that it made: they are the model of the folder.
            folder = model_folder(config.source.tree, config.source.path)
            self.run.id = folder.id if folder is not None else self.run.id

    def fragments(self, named: Mapping[str, str]) -> Iterator[Fragment]:
        yield self.run.made()
        for place in _MODELS:
            for text, at in _places(self._config, place):
                for part in text.split("+"):
                    yield from self._merged(part.strip(), at, named)
        for place in _TOKENIZERS:
            for text, at in _places(self._config, place):
                if text not in _TOKENIZER_WORDS:
                    yield from self.run.tokenizer(text.removeprefix("model:").partition("@")[0], at, None)

    def _merged(self, text: str, at: Path, named: Mapping[str, str]) -> Iterator[Fragment]:
        known = named.get(text)
        if known is not None and known != self.run.id:
            yield RelationSeen(self.run.id, Relation.MERGED_FROM, known, self._config.evidence(at, text), Role.TRAINING)
        elif text:
            yield from self.run.model(Relation.MERGED_FROM, text.partition("@")[0], at)


def _places(config: Config, place: Path) -> Iterator[tuple[str, Path]]:
    """Names of models at a place with `*`: `PATH[@REVISION][+LORA[@REVISION]]`, or a mapping of the same parts."""
    if "*" in place:
        index = place.index("*")
        head, tail = place[:index], place[index + 1 :]
        value = config.at(*head)
        for part in range(len(value)) if isinstance(value, list) else list(value) if isinstance(value, Mapping) else ():
            yield from _places(config, (*head, part, *tail))
        return
    value = config.at(*place)
    if isinstance(value, Mapping):
        for key in ("model", "lora"):
            for at in ((*place, key), (*place, key, "path")):
                text = config.text(*at)
                if text is not None:
                    yield text, at
    else:
        text = config.text(*place)
        if text is not None:
            yield text, place
