"""Task files of lm-evaluation-harness: the data that a product is measured on (its `docs/task_guide.md`)."""

from collections.abc import Iterator

from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role
from lien.readers._references import DATA_FORMATS, seen
from lien.readers._training import MAX_CONFIG_BYTES, Config, Path, data_reference, documents, mentions
from lien.sources.limits import MAX_FILE_BYTES
from lien.sources.source import Source
from lien.vocabulary.relations import Relation

__all__ = ["LmEvalTaskReader"]

_OWN = ("output_type", "doc_to_text", "doc_to_target", "doc_to_choice", "metric_list", "fewshot_split", "test_split", "validation_split")


class LmEvalTaskReader:
    """YAML with `dataset_path` and other keys of a task."""

    name = "lm-eval"
    owed = False
    max_bytes = MAX_FILE_BYTES

    def claims(self, path: str) -> bool:
        """Any YAML file: the keys decide."""
        return path.lower().endswith((".yaml", ".yml"))

    def accepts(self, head: bytes) -> bool:
        """A short file shows its keys at once."""
        return len(head) >= 4096 or mentions(head, "dataset_path")

    def read(self, source: Source) -> Iterator[Fragment]:
        """The dataset of each task, also of one that other tasks include. Raises InputError with the line if it is not YAML."""
        if len(source.data) > MAX_CONFIG_BYTES or not mentions(source.data, "dataset_path"):
            return
        for config in documents(source, self.name):
            if config.has(*_OWN):
                yield from _data(config)


def _data(config: Config) -> Iterator[Fragment]:
    for text, at in _named(config):
        reference = data_reference(text, config)
        if reference.id is not None:
            evidence = config.evidence(at, text)
            yield seen(reference.id, evidence, text)
            yield RelationSeen(PRODUCT, Relation.EVALUATED_ON, reference.id, evidence, Role.EVALUATION)


def _named(config: Config) -> Iterator[tuple[str, Path]]:
    """The dataset, or the files that a format of local files is given."""
    named = config.text("dataset_path")
    if named is None:
        return
    if named.lower() not in DATA_FORMATS:
        yield named, ("dataset_path",)
        return
    files: Path = ("dataset_kwargs", "data_files")
    yield from config.texts(*files)
    yield from config.texts(*files, "*")
