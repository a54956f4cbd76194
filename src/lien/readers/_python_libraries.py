"""Models and datasets by the names that their libraries give them, and weight files by their paths."""

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from lien.readers._library_names import ALIGNERS, library_data, library_model
from lien.readers._python_calls import FAMILIES, Row, What
from lien.readers._python_naming import OUTPUT_NAME, Naming, keyword_of, shown
from lien.readers._python_syntax import argument_of
from lien.readers._python_use import Use
from lien.readers._python_values import Constant, Literal
from lien.readers._references import WEIGHT_ENDINGS, Reference, hosted_model
from lien.vocabulary.ids import model_id
from lien.vocabulary.relations import Relation

__all__ = ["FAMILY_METHODS", "Libraries"]

FAMILY_METHODS: Final = frozenset({"load_data", "get_model"})
"""Methods behind the name of the model or dataset."""


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
                elif (
                    "utils" in package
                    or (name == "torchvision.models" and last[:1].isupper())
                    or (name.startswith("torch") and row.what is What.DATA and not last[:1].isupper())
                ):
                    return None  # a function that helps to fetch or check files, a class without weights
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
        if row.needs == "weights" and row.assumed is None and not self._has_weights(call):
            return
        expression = self._naming.argument(row, call)
        if expression is None and row.assumed is None:
            return
        yield from self._naming.named_by(row, call, lambda text: self._reference(row, text, call), f"a model of {row.owner}")

    def _is_pretrained(self, row: Row, call: ast.Call) -> bool:
        told = keyword_of(call, ("pretrained",))
        if told is None and row.owner in {"open_clip", "timm"} and len(call.args) > 1:
            told = call.args[1]
        if told is None and row.owner == "open_clip":
            # A repository of the Hub is loaded with its weights.
            names = self._evaluator.texts(self._naming.argument(row, call) or call, self._module)
            return any(str(one.value).startswith("hf-hub:") for one in names)
        if told is None:
            return False
        return not all(isinstance(one, Constant) and not one.value for one in self._evaluator.values(told, self._module))

    def _has_weights(self, call: ast.Call) -> bool:
        told = keyword_of(call, ("weights",))
        return told is not None and not (isinstance(told, ast.Constant) and not told.value)

    def for_language(self, row: Row, call: ast.Call) -> Iterator[Use]:
        """WhisperX aligns each language by a model of its own choice, unless it is given one."""
        if keyword_of(call, ("model_name",)) is not None:
            yield from self._naming.named_by(row._replace(position=None, keywords=("model_name",)), call, self._aligner, "a model")
            return
        expression = self._naming.argument(row, call)
        for one in self._evaluator.texts(expression, self._module) if expression is not None else ():
            known = ALIGNERS.get(str(one.value).lower())
            reason = f'is the language "{one.value}", for which the library chooses a model; name it (model_name)'
            use = self._naming.use(Reference(model_id(known)) if known else Reference(None, reason), Relation.LOADS, one, call)
            yield from [use] if known else self._naming.said_once(use)

    def _aligner(self, text: str) -> Reference:
        return self._naming.model(text) if "/" in text else Reference(model_id(f"torchaudio:{text}"))

    def evaluated(self, row: Row, call: ast.Call) -> Iterator[Use]:
        """lm_eval: `model_args="pretrained=OWNER/NAME,…"`, or the same as a dict."""
        expression = self._naming.argument(row, call)
        if expression is None:
            return
        for one in self._evaluator.texts(expression, self._module):
            for part in str(one.value).split(","):
                key, _, value = part.partition("=")
                yield from self._evaluated_as(key.strip(), one._replace(value=value.strip()), call)
        for literal in self._evaluator.values(expression, self._module):
            if isinstance(literal, Literal) and isinstance(literal.node, ast.Dict):
                for name, value_node in zip(literal.node.keys, literal.node.values, strict=True):
                    if isinstance(name, ast.Constant):
                        for one in self._evaluator.texts(value_node, literal.module):
                            yield from self._evaluated_as(str(name.value), one, call)

    def _evaluated_as(self, key: str, one: Constant, call: ast.Call) -> Iterator[Use]:
        text = str(one.value)
        hosted = hosted_model(text) if key == "model" and "/" not in text else None
        if hosted is not None:
            yield self._naming.use(hosted, Relation.CALLS, one, call, below=(hosted.partition("/")[0], Relation.OFFERED_BY))
        elif key in {"pretrained", "peft", "delta", "model"} and "/" in text and (reference := self._naming.model(text)).id is not None:
            yield self._naming.use(reference, Relation.LOADS, one, call)

    def _reference(self, row: Row, text: str, call: ast.Call) -> Reference:
        if row.what is What.DATA:
            return library_data(row.owner, text)
        if row.owner == "torch.hub":
            return self._torch_hub(text.strip().lower(), call)
        if row.owner == "open_clip" and not text.startswith("hf-hub:"):
            weights = keyword_of(call, ("pretrained",)) or (call.args[1] if len(call.args) > 1 else call)
            tag = next((str(one.value) for one in self._evaluator.texts(weights, self._module)), "")
            return library_model(row.owner, f"{text}/{tag}" if tag else text, self._naming.model)
        return library_model(row.owner, text, self._naming.model)

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
