"""Models and datasets by the names that their libraries give them, and weight files by their paths."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from lien.readers._python_calls import FAMILIES, Row, What
from lien.readers._python_naming import OUTPUT_NAME, Naming, keyword_of, shown
from lien.readers._python_syntax import argument_of
from lien.readers._python_use import Use
from lien.readers._python_values import Constant
from lien.readers._references import WEIGHT_ENDINGS, Reference, is_placeholder
from lien.vocabulary.ids import dataset_id, model_id
from lien.vocabulary.relations import Relation

__all__ = ["FAMILY_METHODS", "Libraries"]

FAMILY_METHODS: Final = frozenset({"load_data", "get_model"})
"""Methods behind the name of the model or dataset."""
_CLIP: Final = {"vit-b/32": "base-patch32", "vit-b/16": "base-patch16", "vit-l/14": "large-patch14", "vit-l/14@336px": "large-patch14-336"}


class Libraries:
    """The calls of one module into libraries that name models themselves."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
        self._module = naming.module
        self._evaluator = naming.evaluator

    def family(self, full: str, call: ast.Call) -> Row | None:
        package = full.rpartition(".")[0]
        for name, row in FAMILIES.items():
            if package == name or package.startswith(f"{name}."):
                last = full.rpartition(".")[2]
                if row.what is What.NAMED and not (last[:1].isupper() or last[:1].islower()):
                    return None
                if last in FAMILY_METHODS:
                    last = package.rpartition(".")[2]
                elif ".utils" in package or (name.startswith("torch") and row.what is What.DATA and not last[:1].isupper()):
                    return None  # a function that helps to fetch or check files, and no dataset
                if last.startswith(("get_", "preprocess", "decode")) or last in {
                    "DatasetFolder",
                    "ImageFolder",
                    "VisionDataset",
                    "FakeData",
                }:
                    return None
                return row._replace(assumed=last) if self._loads_weights(row, call) else None
        return None

    def _loads_weights(self, row: Row, call: ast.Call) -> bool:
        if row.what is What.DATA:
            return True
        told = keyword_of(call, ("weights", "pretrained")) or (call.args[0] if call.args else None)
        if told is None:
            return row.assumed is not None
        values = self._evaluator.values(told, self._module)
        return not all(isinstance(one, Constant) and not one.value for one in values)

    def named(self, row: Row, call: ast.Call) -> Iterator[Use]:
        """Models and datasets by the name that their library gives them."""
        if row.what is What.NAMED and row.needs == "pretrained" and not self._is_pretrained(row, call):
            return
        expression = self._naming.argument(row, call)
        if expression is None and row.assumed is None:
            return
        yield from self._naming.named_by(row, call, lambda text: self._reference(row, text, call), f"a model of {row.owner}")

    def _is_pretrained(self, row: Row, call: ast.Call) -> bool:
        told = keyword_of(call, ("pretrained",))
        if told is None and row.owner in {"open_clip", "timm"} and len(call.args) > 1:
            told = call.args[1]
        if told is None:
            return False
        return not all(isinstance(one, Constant) and not one.value for one in self._evaluator.values(told, self._module))

    def _reference(self, row: Row, text: str, call: ast.Call) -> Reference:  # noqa: PLR0911  # a table of how libraries name things
        owner, low = row.owner, text.strip().lower()
        if row.what is What.DATA:
            return Reference(dataset_id(f"{owner}:{low.partition('/')[0].partition(':')[0]}"))
        if low.startswith(("hf-hub:", "hf_hub:")):
            return self._naming.model(text.partition(":")[2])
        if is_placeholder(text):
            return Reference(None, "is a placeholder")
        match owner:
            case "openai-whisper":
                return self._file_or(text, model_id(f"openai/whisper-{low}"))
            case "faster-whisper":
                return self._naming.model(text) if "/" in text else Reference(model_id(f"systran/faster-whisper-{low}"))
            case "openai-clip" if low in _CLIP:
                return Reference(model_id(f"openai/clip-vit-{_CLIP[low]}"))
            case "spacy":
                return self._file_or(text, model_id(f"spacy/{low}"))
            case "torch.hub":
                return self._torch_hub(low, call)
            case "ultralytics":
                return self._ultralytics(low)
            case "open_clip":
                tag = next(
                    (
                        str(one.value)
                        for one in self._evaluator.texts(
                            keyword_of(call, ("pretrained",)) or (call.args[1] if len(call.args) > 1 else call), self._module
                        )
                    ),
                    "",
                )
                return Reference(model_id(f"open_clip:{low}/{tag}" if tag else f"open_clip:{low}"))
            case _ if low.endswith(WEIGHT_ENDINGS) and owner != "gpt4all":
                return self._naming.model(text)
            case "keras" | "torchvision" | "timm":
                return Reference(model_id(f"{owner}:{low}"))
            case _:
                pass
        return Reference(model_id(f"{owner}:{low}")) if not text.startswith((".", "/", "~")) else Reference(None, "is a local path")

    def _file_or(self, text: str, identifier: str) -> Reference:
        return self._naming.model(text) if "/" in text or "\\" in text or text.lower().endswith(WEIGHT_ENDINGS) else Reference(identifier)

    @staticmethod
    def _ultralytics(low: str) -> Reference:
        """`yolov8n-seg.pt` is a size of YOLOv8; a name of no known family is somebody's own file."""
        stem = low.rpartition("/")[2]
        if stem.endswith((".yaml", ".yml")):
            return Reference(None, "is an architecture without weights")
        known = re.fullmatch(r"(yolov?\d+|yolo11|yolo12|rtdetr|sam2?|mobile_sam|fastsam)[-_.]?[\w.-]*?(?:\.pt)?", stem)
        if known is None:
            return Reference(f"model:file:{low.lstrip('./')}") if stem.endswith(WEIGHT_ENDINGS) else Reference(None, "is a local path")
        return Reference(
            model_id(f"ultralytics/{known[1]}") if known[1].startswith("yolo") else model_id(f"ultralytics:{stem.removesuffix('.pt')}")
        )

    def _torch_hub(self, low: str, call: ast.Call) -> Reference:
        repositories = [str(one.value) for one in self._evaluator.texts(argument_of(call, "repo_or_dir", 0) or call, self._module)]
        repository = next(iter(repositories), "").lower().partition(":")[0]
        if repository.count("/") != 1 or repository.startswith((".", "/")):
            return Reference(None, "is a local path")
        if repository == "ultralytics/yolov5":
            return Reference(model_id(repository))
        if repository == "pytorch/vision":
            return Reference(model_id(f"torchvision:{low}"))
        owner, _, name = repository.partition("/")
        if owner == "snakers4":
            return Reference(model_id(f"{owner}:{name.removesuffix('-models')}"))
        return Reference(model_id(f"torch.hub:{repository}/{low}"))

    def file(self, row: Row, call: ast.Call) -> Iterator[Use]:
        """Weight files by path; those by address are found wherever the address stands."""
        expression = self._naming.argument(row, call)
        if expression is None:
            return
        for one in self._evaluator.texts(expression, self._module):
            text = str(one.value)
            if "://" in text or not text.lower().endswith(WEIGHT_ENDINGS) or "*" in text:
                continue
            if OUTPUT_NAME.search(shown(expression).lower()) or text in self._written:
                continue
            reference = self._naming.model(text)
            if reference.id is not None:
                yield self._naming.use(reference, Relation.LOADS, one, call)

    @cached_property
    def _written(self) -> frozenset[str]:
        """Paths that this module itself writes weights to: what it loads from there is its own."""
        found: set[str] = set()
        for name in ("save", "dump", "export", "save_pretrained", "save_model", "save_weights", "write"):
            for call in self._module.calls_named.get(name, ())[:50]:
                for argument in (*call.args, *(one.value for one in call.keywords)):
                    found.update(str(one.value) for one in self._evaluator.texts(argument, self._module))
        return frozenset(found)
