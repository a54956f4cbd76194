"""Training configurations with sections: ms-swift, AutoTrain, Unsloth, LLM Foundry, LitGPT, verl, NeMo and their like."""

import re
from collections.abc import Iterator
from functools import cache

from lien.graph.fragments import PRODUCT, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._references import modelscope_reference, seen
from lien.readers._training import Config, Form, Path, Run, form_of, is_on, mentions, related, run_model
from lien.readers._training_dialects import DIALECTS, Dialect, dialect_of
from lien.readers._training_reader import TrainingReader
from lien.vocabulary.ids import dataset_id, hub_id
from lien.vocabulary.relations import Relation

__all__ = ["TrainingSectionsReader"]

_PREFERENCE = re.compile(r"(?:^|[-_])(?:dpo|orpo|kto|simpo|cpo|rm|reward)(?:_modeling)?$")


class TrainingSectionsReader(TrainingReader):
    """YAML or JSON whose sections are those of one of the tools in `_training_dialects`."""

    name = "training-sections"

    def is_likely(self, data: bytes) -> bool:
        """Are all first keys of one of the tools there?"""
        return any(any(key.encode() in data for key in one.any_of or ("",)) and mentions(data, *_first_keys(one)) for one in DIALECTS)

    def fragments(self, configs: list[Config]) -> Iterator[Fragment]:
        """The model that is made and what it is made from."""
        for config in configs:
            dialect = dialect_of(config.value) if form_of(config.value) is Form.SECTIONS else None
            if dialect is not None:
                yield from _run(config, dialect)


@cache
def _first_keys(dialect: Dialect) -> tuple[str, ...]:
    """Keys at the top, the longest first: it is the one that other files have least."""
    return tuple(sorted({place.partition(".")[0] for place in dialect.needs}, key=len, reverse=True))


def _run(config: Config, dialect: Dialect) -> Iterator[Fragment]:
    base = next(_all(config, dialect.base), None)
    if dialect.name == "ai-toolkit" and config.text("job") not in {"extension", "train"}:
        if base is not None:  # a job that generates, or extracts, loads the model and makes none
            yield from related(
                PRODUCT, Relation.LOADS, run_model(base[0], config), base[0], config.evidence(base[1], base[0]), Role.DEFAULT
            )
        return
    pushed, name = next(_all(config, dialect.pushed), None), next(_all(config, dialect.names), None)
    kept = base[0] if base and not _starts_anew(config, dialect) else None
    at = base[1] if base else tuple(dialect.needs[0].split("."))
    run = Run(config, pushed_to=pushed[0] if pushed else None, name=name[0] if name else None, at=at)
    fragments = [
        *_based(config, dialect, run, base),
        *_parts(config, dialect, run),
        *(one for text, place in _all(config, dialect.tokenizers) for one in run.tokenizer(text, place, kept)),
        *(one for text, place in _all(config, dialect.rewards) for one in run.model(Relation.REWARDED_BY, text, place)),
        *(one for text, place in _all(config, dialect.teachers) for one in run.model(Relation.DISTILLED_FROM, text, place)),
        *_data(config, dialect, run),
    ]
    if fragments:
        yield run.made(next((text for key in ("output_dir", "out_dir") if (text := config.text(key)) is not None), None))
        yield from fragments


def _all(config: Config, places: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    for place in places:
        yield from config.texts(*place.split("."))


def _based(config: Config, dialect: Dialect, run: Run, base: tuple[str, Path] | None) -> Iterator[Fragment]:
    if base is None:
        return
    text, at = base
    if dialect.name == "litgpt":
        # LitGPT keeps what it downloads in checkpoints/OWNER/NAME.
        text = text.strip("/").removeprefix("checkpoints/") if text.startswith("checkpoints/") else text
    relation = Relation.ADAPTER_OF if _is_adapter(config, dialect) else dialect.relation
    if _starts_anew(config, dialect):
        yield from run.model(Relation.BUILT_WITH, text, at, note="its configuration alone; the weights start anew")
    elif dialect.name == "ms-swift" and (elsewhere := modelscope_reference(text).id or "").startswith("model:modelscope:"):
        evidence = config.evidence(at, text)
        yield seen(elsewhere, evidence, text)
        yield RelationSeen(run.id, relation, elsewhere, evidence, Role.TRAINING)
    else:
        yield from run.model(relation, text, at)


def _starts_anew(config: Config, dialect: Dialect) -> bool:
    return dialect.name == "llm-foundry" and config.at("model", "pretrained") is False


def _parts(config: Config, dialect: Dialect, run: Run) -> Iterator[Fragment]:
    """Models of the Hub that the result is put together from; NeMo's own names without an owner are left alone."""
    for text, at in _all(config, dialect.parts):
        if run_model(text, config).id is not None:
            yield from run.model(Relation.DERIVED_FROM, text, at)


def _is_adapter(config: Config, dialect: Dialect) -> bool:
    if dialect.name == "ms-swift" and not any(config.has(key) for key in dialect.adapters):
        return True  # what ms-swift trains unless it is told otherwise
    for place in dialect.adapters:
        if any("lora" in text.lower() for text, _ in config.texts(*place.split("."))):
            return True
        value = config.at(*place.split("."))
        if is_on(value) or (isinstance(value, int) and value > 0 and value is not True):
            return True
    return False


def _data(config: Config, dialect: Dialect, run: Run) -> Iterator[Fragment]:
    is_preference = any(_PREFERENCE.search(text.lower()) for text, _ in _all(config, dialect.preference))
    learned = Relation.PREFERENCE_TUNED_ON if is_preference else dialect.learned
    for places, relation in ((dialect.data, learned), (dialect.evaluation, Relation.EVALUATED_ON)):
        for text, at in _all(config, places):
            if text in {"None", "none", "null"}:
                continue
            known = dialect.known.get(text) or dialect.known.get(text.rpartition(".")[2], ())
            for name in known:
                yield from run.data(relation, name, at, note=f"what {text} of {dialect.name} loads")
            if dialect.name == "ms-swift":
                yield from _swift_data(config, run, relation, text, at)
            elif not known and ("/" in text or not dialect.known):
                yield from run.data(relation, text, at)


def _swift_data(config: Config, run: Run, relation: Relation, text: str, at: Path) -> Iterator[Fragment]:
    """`[HF::|MS::]OWNER/NAME[:SUBSET][#COUNT]`; without a mark it is ModelScope's, unless Hugging Face is switched on."""
    name = text.partition("#")[0]
    hub, mark, rest = name.rpartition("::")
    plain = (rest if mark else name).partition(":")[0]
    found = hub_id(plain)
    is_hugging_face = hub.upper() == "HF" or (not mark and is_on(config.at("use_hf")))
    if is_hugging_face or found is None or "/" not in plain or plain.lower().endswith((".json", ".jsonl", ".csv")):
        yield from run.data(relation, plain, at)
        return
    evidence = config.evidence(at, text)
    role = Role.EVALUATION if relation is Relation.EVALUATED_ON else Role.TRAINING
    if plain.startswith((".", "/")):
        yield UnresolvedReference(run.id, text, "is a local path", evidence)
        return
    yield seen(dataset_id(f"modelscope:{found}"), evidence, text)
    yield RelationSeen(run.id, relation, dataset_id(f"modelscope:{found}"), evidence, role)
