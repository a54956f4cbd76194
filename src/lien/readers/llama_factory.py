"""LLaMA-Factory configurations; dataset names are followed through `dataset_info.json` (FORMATS 1.7)."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._llama_factory_names import SOURCE, STOCK_NAMES
from lien.readers._references import is_placeholder, seen
from lien.readers._training import (
    Config,
    Form,
    Path,
    Run,
    data_reference,
    form_of,
    is_on,
    mentions,
    related,
    run_model,
)
from lien.readers._training_reader import TrainingReader
from lien.sources.json_text import lines_of_pointers, parse_json, pointer
from lien.sources.source import Source
from lien.sources.tree import Tree
from lien.sources.yaml_text import parse_yaml
from lien.vocabulary.ids import dataset_id, hub_id
from lien.vocabulary.kinds import Basis
from lien.vocabulary.relations import Relation

__all__ = ["LlamaFactoryReader"]

_TELLING = ("template", "finetuning_type", "dataset_dir", "infer_backend", "export_dir", "adapter_name_or_path", "cutoff_len")
_STAGES = {
    "pt": Relation.PRETRAINED_ON,
    "rm": Relation.PREFERENCE_TUNED_ON,
    "dpo": Relation.PREFERENCE_TUNED_ON,
    "kto": Relation.PREFERENCE_TUNED_ON,
}
_ADAPTERS = frozenset({"lora", "oft"})
_REGISTRY = "dataset_info.json"
_HUBS = ("hf_hub_url", "ms_hub_url", "om_hub_url")


class LlamaFactoryReader(TrainingReader):
    """YAML or JSON with `model_name_or_path` and keys of LLaMA-Factory's own; the newer form with `model` and `model_class`."""

    name = "llama-factory"

    def is_likely(self, data: bytes) -> bool:
        """By the words that every such file holds."""
        if mentions(data, "model_name_or_path"):
            return any(mentions(data, key) for key in ("stage", *_TELLING))
        return mentions(data, "model", "model_class", "train_dataset")

    def fragments(self, configs: list[Config]) -> Iterator[Fragment]:
        """What is trained, merged or loaded."""
        for config in configs:
            match form_of(config.value):
                case Form.LLAMA_FACTORY:
                    yield from _first_form(config)
                case Form.LLAMA_FACTORY_2:
                    yield from _second_form(config)
                case _:
                    pass


def _first_form(config: Config) -> Iterator[Fragment]:
    if is_on(config.at("do_train")) or (config.text("dataset") is not None and not is_on(config.at("do_predict"))):
        yield from _trained(config)
    elif config.text("export_dir") is not None:
        yield from _exported(config)
    else:
        yield from _loaded(config)


def _trained(config: Config) -> Iterator[Fragment]:
    hub = config.text("hub_model_id") or config.text("export_hub_model_id")
    run = Run(config, pushed_to=hub, at=("model_name_or_path",))
    yield run.made(config.text("output_dir"))
    stage = (config.text("stage") or "sft").lower()
    if (config.text("finetuning_type") or "lora").lower() in _ADAPTERS:
        relation = Relation.ADAPTER_OF
    else:
        relation = Relation.CONTINUED_FROM if stage == "pt" else Relation.FINETUNED_FROM
    yield from run.model(relation, config.text("model_name_or_path") or "", ("model_name_or_path",))
    for key, upstream in (
        ("adapter_name_or_path", Relation.CONTINUED_FROM),
        ("reward_model", Relation.REWARDED_BY),
        ("ref_model", Relation.BUILT_WITH),
    ):
        for text, at in _listed(config, key):
            yield from run.model(upstream, text, at)
    learned = _STAGES.get(stage, Relation.FINETUNED_ON)
    for key, upstream in (("dataset", learned), ("eval_dataset", Relation.EVALUATED_ON)):
        for name, at in _listed(config, key):
            yield from _dataset(config, run.id, upstream, name, at)


def _exported(config: Config) -> Iterator[Fragment]:
    """Merged with its adapters, quantised, or just saved again."""
    run = Run(config, pushed_to=config.text("export_hub_model_id"), at=("model_name_or_path",))
    yield run.made(config.text("export_dir"))
    adapters = list(_listed(config, "adapter_name_or_path"))
    if config.has("export_quantization_bit"):
        relation = Relation.QUANTIZED_FROM
    else:
        relation = Relation.MERGED_FROM if adapters else Relation.CONVERTED_FROM
    yield from run.model(relation, config.text("model_name_or_path") or "", ("model_name_or_path",))
    for text, at in adapters:
        yield from run.model(Relation.MERGED_FROM, text, at)
    for text, at in config.texts("export_quantization_dataset"):
        yield from run.data(Relation.BUILT_WITH, text, at, note="calibrates the quantisation")


def _loaded(config: Config) -> Iterator[Fragment]:
    """A chat, a server, or an evaluation: nothing is made."""
    role = Role.EVALUATION if is_on(config.at("do_predict")) or config.has("eval_dataset") else Role.DEFAULT
    for key in ("model_name_or_path", "adapter_name_or_path"):
        for text, at in _listed(config, key):
            yield from related(PRODUCT, Relation.LOADS, run_model(text, config), text, config.evidence(at, text), role)
    for name, at in _listed(config, "eval_dataset"):
        yield from _dataset(config, PRODUCT, Relation.EVALUATED_ON, name, at)


def _listed(config: Config, key: str) -> Iterator[tuple[str, Path]]:
    """Names at a key: a list, or one text with commas."""
    for text, at in config.texts(key):
        for name in text.split(","):
            if name.strip():
                yield name.strip(), at


class _Found(NamedTuple):
    """What a name stands for, and where that is told."""

    id: str
    evidence: tuple[Evidence, ...]
    is_stock: bool = False


def _dataset(config: Config, downstream: str, type_: Relation, name: str, at: Path) -> Iterator[Fragment]:
    role = Role.EVALUATION if type_ is Relation.EVALUATED_ON else Role.TRAINING
    evidence = config.evidence(at, name)
    found = _followed(config, name)
    if isinstance(found, str):
        yield UnresolvedReference(downstream, name, found, evidence)
        return
    if found.is_stock:
        evidence = evidence._replace(basis=Basis.INFERRED, source=SOURCE)
    for one in (evidence, *found.evidence):
        yield seen(found.id, one, name if one is evidence else None)
    yield RelationSeen(downstream, type_, found.id, evidence, role)


def _followed(config: Config, name: str) -> _Found | str:
    """The dataset that a name stands for, or why it cannot be told."""
    folder = config.text("dataset_dir") or "data"
    if folder.upper() == "ONLINE":
        found = hub_id(name)
        return _Found(dataset_id(found), ()) if found and not is_placeholder(name) else "is no Hub id"
    if folder.upper().startswith("REMOTE:"):
        found = hub_id(folder.partition(":")[2])
        return _Found(dataset_id(found), ()) if found else f"stands in the registry of {folder}, which is no Hub id"
    path = _registry_path(config.source, folder)
    if path is not None:
        return _registered(config.source.tree, path, name)
    stock = STOCK_NAMES.get(name)
    if stock is None:
        return f"is a name of {folder}/{_REGISTRY}, which is not in the audited tree"
    kind, colon, rest = stock.partition(":")
    if kind == "file":
        plain = folder.strip("./") or "data"
        return _Found(dataset_id(f"file:{plain}/{rest}"), (), is_stock=True)
    return _Found(dataset_id(f"modelscope:{rest}" if colon else stock), (), is_stock=True)


def _registry_path(source: Source, folder: str) -> str | None:
    """The registry: from the folder of the configuration upwards to the root, where such tools are started."""
    if folder.startswith(("/", "~")):
        return None
    base = source.path
    while True:
        base = base.rpartition("/")[0]
        path = source.tree.join(f"{base}/x" if base else "x", f"{folder}/{_REGISTRY}")
        if path is not None and source.tree.has(path):
            return path
        if not base:
            return None


class _Registry(NamedTuple):
    entries: Mapping[str, object]
    text: str


_registries: WeakKeyDictionary[Tree, dict[str, _Registry | str]] = WeakKeyDictionary()


def _registry(tree: Tree, path: str) -> _Registry | str:
    """A registry is read once for all configurations of a tree; or why it cannot be."""
    known = _registries.setdefault(tree, {})
    if path not in known:
        try:
            source = tree.read(path)
            value = parse_json(source)
            known[path] = _Registry(value, source.text) if isinstance(value, Mapping) else f"is a name of {path}, which is no registry"
        except InputError:
            known[path] = f"is a name of {path}, which cannot be read"
    return known[path]


def _registered(tree: Tree, path: str, name: str) -> _Found | str:
    registry = _registry(tree, path)
    if isinstance(registry, str):
        return registry
    entry = registry.entries.get(name)
    if not isinstance(entry, Mapping):
        return f"is not in {path}"
    for key in (*_HUBS, "file_name"):
        text = entry.get(key)
        if not isinstance(text, str) or not text.strip():
            continue
        place = pointer(name, key)
        line = lines_of_pointers(registry.text, [place]).get(place)
        evidence = Evidence(path, line, None, text, LlamaFactoryReader.name)
        folder = path.rpartition("/")[0]
        if key == "file_name":
            return _Found(dataset_id(f"file:{tree.join(path, text) or f'{folder}/{text}'}"), (evidence,))
        found = hub_id(text)
        if found is not None:
            prefix = {"ms_hub_url": "modelscope:", "om_hub_url": "openmind:"}.get(key, "")
            return _Found(dataset_id(f"{prefix}{found}"), (evidence,))
    return f"has no address in {path} that can be followed"


def _second_form(config: Config) -> Iterator[Fragment]:
    """`model`, `peft_config` and a file or Hub id as `train_dataset`; the file lists datasets by name."""
    run = Run(config, at=("model",))
    yield run.made(config.text("output_dir"))
    peft = (config.text("peft_config", "name") or "").lower()
    yield from run.model(Relation.ADAPTER_OF if peft in _ADAPTERS else Relation.FINETUNED_FROM, config.text("model") or "", ("model",))
    for key, relation in (("train_dataset", Relation.FINETUNED_ON), ("eval_dataset", Relation.EVALUATED_ON)):
        for text, at in config.texts(key):
            if text.lower().endswith((".yaml", ".yml")):
                yield from _second_registry(config, run, relation, text, at)
            else:
                yield from run.data(relation, text, at)


def _second_registry(config: Config, run: Run, relation: Relation, text: str, at: Path) -> Iterator[Fragment]:
    tree, evidence = config.source.tree, config.evidence(at, text)
    path = next((one for one in (tree.join("", text), tree.join(config.source.path, text)) if one and tree.has(one)), None)
    if path is None:
        yield UnresolvedReference(run.id, text, "lists the datasets, and is not in the audited tree", evidence)
        return
    try:
        document = parse_yaml(tree.read(path).text, path=path)
    except InputError:
        yield UnresolvedReference(run.id, text, "lists the datasets, and cannot be read", evidence)
        return
    for name, entry in document.value.items() if isinstance(document.value, Mapping) else ():
        where = entry.get("path") if isinstance(entry, Mapping) else None
        if isinstance(where, str):
            told = Evidence(path, document.line(str(name), "path"), None, where, LlamaFactoryReader.name)
            reference = data_reference(where, config)
            if reference.id is None:
                yield UnresolvedReference(run.id, where, reference.reason or "cannot be followed", told)
            else:
                yield seen(reference.id, told, where)
                yield RelationSeen(run.id, relation, reference.id, evidence, Role.TRAINING)
