"""What the calls of one Python module use: each call of the table (`_python_calls`) to sightings and relations.

Roles are said as the code says them: what runs as the program stands is the default, what a branch, a flag or an
argument's alternatives would choose is an option. A reference that cannot be followed is said once for each place.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from lien.graph.fragments import PRODUCT, ArtifactSeen, Evidence, Fragment, RelationSeen, Role, UnresolvedReference
from lien.readers._python_calls import BUILDERS, FAMILIES, LAST_NAMES, METHOD_ROWS, METHODS, MODEL_KEYWORDS, Row, What, row_of
from lien.readers._python_evaluator import Evaluator
from lien.readers._python_module import Module, last_name
from lien.readers._python_syntax import argument_of, bindings_of
from lien.readers._python_values import Constant, Instance, Literal, Made, Place, Reached, Unknown, Value
from lien.readers._references import (
    WEIGHT_ENDINGS,
    Reference,
    dataset_reference,
    has_no_owner,
    hosted_model,
    is_placeholder,
    model_reference,
    ollama_reference,
    routed_model,
    service_of_address,
)
from lien.sources.tree import Tree
from lien.vocabulary.ids import dataset_id, hub_id, kind_of, model_id, service_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["MAX_USES", "Use", "Uses", "evidence_at", "fragments_of", "seen"]

MAX_USES: Final = 5_000
"""Things that one file uses; code that people write uses fewer."""
_FAMILY_METHODS: Final = frozenset({"load_data", "get_model"})
"""Methods behind the name of the model or dataset."""
_ADDRESS_KEYWORDS: Final = (
    "base_url",
    "api_base",
    "openai_api_base",
    "azure_endpoint",
    "inference_server_url",
    "openai_api_url",
    "server_url",
    "endpoint_url",
    "api_endpoint",
)
_LOCAL_HOSTS = re.compile(r"^(?:https?://)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|ollama|\[::1\])(?::(\d+))?(?:/|$)")
_NO_WEIGHTS = re.compile(r"(?:Config|GenerationConfig)$")
_TOKENIZERS = re.compile(r"(?:Tokenizer(?:Fast)?|Processor(?:Fast)?|FeatureExtractor|ImageProcessor(?:Fast)?)$")
_OUTPUT_NAME = re.compile(
    r"(?:output|save|out|ckpt|checkpoint|log|export|target|dest|merged|trained|finetuned)(?:_?(?:dir|path|folder|name))?$"
)
_EVALUATION = re.compile(r"(?:^|[/_.-])(?:eval|evals|evaluate|evaluation|benchmark|benchmarks)(?:[/_.-]|$)", re.IGNORECASE)
# sentence-transformers keeps these first names as they are, and prefixes every other bare one with its own organisation.
_PLAIN_SENTENCE = re.compile(
    r"(?:distil)?(?:bert|roberta|xlm|albert|gpt2|t5|camembert|xlnet|ctrl|openai-gpt|transfo)[\w.-]*$", re.IGNORECASE
)
_STRICT: Final = frozenset({"anthropic", "google-gemini"})
"""Providers all of whose models have names of one pattern."""
_CLIP = {"vit-b/32": "base-patch32", "vit-b/16": "base-patch16", "vit-l/14": "large-patch14", "vit-l/14@336px": "large-patch14-336"}


Resolver = Callable[[str], Reference]
"""From a name as it is written to what it refers to."""


class Use(NamedTuple):
    """One thing that the module names: how it takes part, where it is called (`place`) and where its name stands (`named`)."""

    id: str | None
    relation: Relation
    role: Role
    place: Place
    named: Place
    written: str
    reason: str | None = None
    call: ast.Call | None = None
    is_support: bool = False
    """A tokenizer or processor: it names the model without being its weights."""
    aliases: tuple[str, ...] = ()
    kind: Kind = Kind.MODEL
    """What it would be, where it has no id."""
    below: tuple[str, Relation] | None = None
    """The provider that offers a hosted model, or the base of an adapter."""


def fragments_of(uses: Sequence[Use]) -> Iterator[Fragment]:
    """Uses by the product, in the order of their places."""
    for use in uses:
        evidence = evidence_at(use.place, use.written)
        if use.id is None:
            yield UnresolvedReference(PRODUCT, use.written, use.reason or "cannot be followed", evidence, use.relation, use.kind, use.role)
            continue
        yield from seen(use)
        yield RelationSeen(PRODUCT, use.relation, use.id, evidence, use.role)


def seen(use: Use) -> Iterator[Fragment]:
    """The sightings of what a use names, where its name stands and where it is called."""
    assert use.id is not None  # noqa: S101  # the caller looked
    kind = kind_of(use.id)
    for place in dict.fromkeys((use.named, use.place)):
        yield ArtifactSeen(use.id, kind, evidence_at(place, use.written), name=use.written, aliases=use.aliases)
    if use.below is not None:
        upstream, relation = use.below
        yield ArtifactSeen(upstream, kind_of(upstream), evidence_at(use.place, use.written))
        yield RelationSeen(use.id, relation, upstream, evidence_at(use.place, use.written))


def evidence_at(place: Place, written: str | None) -> Evidence:
    """Evidence at a place, by the reader that knows such files."""
    return Evidence(place.path, place.line, None, written, "notebook" if place.path.endswith(".ipynb") else "python")


class Uses:
    """The uses of one module."""

    def __init__(self, module: Module, evaluator: Evaluator, tree: Tree) -> None:
        self.module = module
        self.evaluator = evaluator
        self.tree = tree
        self._function_roles: dict[ast.AST, Role] = {}
        self._unresolved: set[str] = set()
        self.is_cut = False
        """Was there more in the file than lien looks at?"""

    def all(self) -> list[Use]:
        """Every use that a call gives, by line."""
        found: list[Use] = []
        for call in self.module.calls:
            found.extend(self._of_call(call))
            if len(found) > MAX_USES:
                self.is_cut = True
                break
        return found

    # Whose call it is.

    def _of_call(self, call: ast.Call) -> Iterator[Use]:
        if not self._may_matter(call):
            return
        name = _dotted(call.func)
        for value in self._callee(call):
            match value:
                case Reached(name=full):
                    row = row_of(full) or self._family(full, call)
                    yield from self._by_row(row, full, call, None) if row is not None else self._by_method(full, call, None)
                case Made(name=full):
                    yield from self._made(full, value, call)
                case Instance() | Constant():
                    pass
                case _:
                    yield from self._by_method(name, call, None)
            return

    def _may_matter(self, call: ast.Call) -> bool:
        """A sieve by name, keywords and where the name comes from; most calls of a file end here."""
        last = last_name(call)
        names_model = any(one.arg in MODEL_KEYWORDS or one.arg is None for one in call.keywords)
        root = _root(call.func)
        if isinstance(root, ast.Name):
            imported = [one.imported for one in bindings_of(root.id, call, self.module) if one.imported is not None]
            if imported:
                name = next((one.name for one in imported if one.name is not None), None)
                last = name if isinstance(call.func, ast.Name) and name is not None else last
                return last in LAST_NAMES or self._has_families or names_model
        if last in _FAMILY_METHODS and self._has_families:
            return True
        row = METHOD_ROWS.get(last)
        if row is None:
            return names_model and last in LAST_NAMES
        return names_model or row.what is not What.HOSTED

    @cached_property
    def _has_families(self) -> bool:
        packages = {name.partition(".")[0] for name in FAMILIES}
        return any((one.module or one.name or "").partition(".")[0] in packages for one in self.module.imports)

    def _callee(self, call: ast.Call) -> list[Value]:
        return self.evaluator.values(call.func, self.module)[:1] or [Unknown(call)]

    def _made(self, full: str, value: Made, call: ast.Call) -> Iterator[Use]:
        client = self._client(value)
        if client is not None:
            owner, base = client
            if _keyword(call, MODEL_KEYWORDS) is not None or row_of(full) is not None:
                yield from self._hosted(row_of(full) or Row(What.HOSTED, None, MODEL_KEYWORDS, owner), call, base, owner=owner)
            return
        row = row_of(full)
        if row is not None:
            yield from self._by_row(row, full, call, value)
        else:
            yield from self._by_method(full, call, value)

    def _client(self, value: Made) -> tuple[str, ast.Call] | None:
        """The provider of a client object and the call that made it, also inside what wraps it."""
        head = value.name.partition("()")[0]
        row = row_of(head)
        if row is not None and row.what is What.CLIENT and self._is_wanted(row, value.call, value.module):
            return row.owner, value.call
        if value.call.args and row is None:
            for one in self.evaluator.values(value.call.args[0], value.module)[:1]:
                if isinstance(one, Made) and one.call is not value.call:
                    inner = row_of(one.name.partition("()")[0])
                    if inner is not None and inner.what is What.CLIENT:
                        return inner.owner, one.call
        return None

    def _is_wanted(self, row: Row, call: ast.Call, module: Module) -> bool:
        if not row.needs:
            return True
        texts = self.evaluator.texts(argument_of(call, "service_name", 0) or call, module)
        return any(str(one.value).startswith(row.needs) for one in texts)

    def _family(self, full: str, call: ast.Call) -> Row | None:
        package = full.rpartition(".")[0]
        for name, row in FAMILIES.items():
            if package == name or package.startswith(f"{name}."):
                last = full.rpartition(".")[2]
                if row.what is What.NAMED and not (last[:1].isupper() or last[:1].islower()):
                    return None
                if last in _FAMILY_METHODS:
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
        told = _keyword(call, ("weights", "pretrained")) or (call.args[0] if call.args else None)
        if told is None:
            return row.assumed is not None
        values = self.evaluator.values(told, self.module)
        return not all(isinstance(one, Constant) and not one.value for one in values)

    def _by_method(self, name: str, call: ast.Call, made: Made | None) -> Iterator[Use]:
        parts = name.split(".")
        for length in (3, 2, 1):
            row = METHODS.get(".".join(parts[-length:])) if len(parts) >= length else None
            if row is not None:
                if row.what is What.DATASET and not self._imports("datasets"):
                    return
                yield from self._by_row(row, name, call, made)
                return

    def _imports(self, package: str) -> bool:
        return any(not one.level and (one.module or one.name or "").partition(".")[0] == package for one in self.module.imports)

    def _by_row(self, row: Row, full: str, call: ast.Call, made: Made | None) -> Iterator[Use]:  # noqa: C901  # one line for each kind of row
        match row.what:
            case What.HUB | What.SENTENCE:
                if not _NO_WEIGHTS.search(full.split(".")[-2] if "." in full else ""):
                    yield from self._hub(row, full, call)
            case What.ADAPTER:
                yield from self._adapter(row, call, made)
            case What.TASK:
                yield from self._task(row, call)
            case What.DATASET:
                yield from self._dataset(row, call)
            case What.HOSTED:
                yield from self._hosted(row, call, made.call if made is not None else None, owner=row.owner)
            case What.CLIENT:
                if self._is_wanted(row, call, self.module):
                    yield from self._service(self._provider(row.owner, [call]), call)
            case What.ROUTED:
                yield from self._routed(row, call)
            case What.OLLAMA:
                yield from self._named_by(row, call, ollama_reference, "an Ollama model")
            case What.NAMED | What.DATA:
                yield from self._library(row, call)
            case What.FILE:
                yield from self._file(row, call)
            case What.SERVICE:
                yield from self._service(row.owner, call)
            case What.ADDRESS:
                yield from self._address(row, call)
            case What.METRIC:
                return

    # Roles.

    def role(self, node: ast.AST) -> Role:
        """What the branches around a node, and those around the calls of its function, say."""
        if self.is_evaluation:
            return Role.EVALUATION
        if not self.evaluator.project.is_chosen_plugin(self.module.path):
            return Role.OPTION
        if self.evaluator.branch_role(node, self.module) is Role.OPTION:
            return Role.OPTION
        return self._called_role(node, self.module, 0)

    @cached_property
    def is_evaluation(self) -> bool:
        """Does the file's own name say that it measures?"""
        return _EVALUATION.search(self.module.path.rpartition(".")[0]) is not None

    def _called_role(self, node: ast.AST, module: Module, depth: int) -> Role:
        """OPTION where every call of the function around a node, as far as they are known, stands in a branch not taken."""
        function = module.function(node)
        if function is None or depth > 20:
            return Role.DEFAULT
        if function in self._function_roles:
            return self._function_roles[function]
        self._function_roles[function] = Role.OPTION  # which is right if it is called by itself alone
        sites = self.evaluator.definitions.calls_of(function, module)
        owner = module.class_of(function) if isinstance(module.scope(function), ast.ClassDef) else None
        if not sites and owner is not None and function.name != "__init__":
            # Whoever makes the object calls its methods, though by a name that tells nothing.
            sites = self.evaluator.definitions.constructions(owner, module)
        is_given_away = function.name in module.passed_names
        role = Role.DEFAULT
        if sites and not is_given_away and all(self._site_role(call, caller, depth) is Role.OPTION for call, caller in sites):
            role = Role.OPTION
        self._function_roles[function] = role
        return role

    def _site_role(self, call: ast.Call, caller: Module, depth: int) -> Role:
        if self.evaluator.branch_role(call, caller) is Role.OPTION:
            return Role.OPTION
        return self._called_role(call, caller, depth + 1)

    def use(self, reference: Reference | str, relation: Relation, constant: Constant, call: ast.Call, **more: object) -> Use:
        identifier = reference if isinstance(reference, str) else reference.id
        reason = None if isinstance(reference, str) else reference.reason
        here = Place(self.module.path, self.module.line(call))
        own = self.role(call)
        role = own if own is not Role.DEFAULT else constant.role
        place = here if constant.site is None else constant.site
        if constant.site is None and constant.place.path == here.path:
            place = constant.place if abs(constant.place.line - here.line) <= 3 else here
        return Use(identifier, relation, role, place, constant.place, str(constant.value), reason, call, **more)  # type: ignore[arg-type]  # fields of a named tuple

    def _named_by(self, row: Row, call: ast.Call, resolve: Resolver, what: str, relation: Relation = Relation.LOADS) -> Iterator[Use]:
        """Every candidate of the argument that a row names, resolved; or one unresolved reference."""
        expression = self._argument(row, call)
        if expression is None:
            if row.assumed is not None:
                constant = Constant(row.assumed, Place(self.module.path, self.module.line(call)))
                yield self.use(resolve(row.assumed), relation, constant, call)._replace(
                    written=_shown(call.func), aliases=_bare(row.assumed)
                )
            return
        yield from self._candidates(expression, call, resolve, what, relation)

    def _candidates(self, expression: ast.expr, call: ast.Call, resolve: Resolver, what: str, relation: Relation) -> Iterator[Use]:
        texts = [one for one in self.evaluator.texts(expression, self.module) if str(one.value).strip()]
        if not texts:
            yield from self._lost(expression, call, what)
            return
        for one in texts:
            reference = resolve(str(one.value))
            use = self.use(reference, relation, one, call)
            if reference.id is None:
                yield from self._said_once(use._replace(kind=_kind_named(what)))
            else:
                yield use

    def _argument(self, row: Row, call: ast.Call) -> ast.expr | None:
        found = _keyword(call, row.keywords)
        if found is not None:
            return found
        if row.position is not None:
            found = argument_of(call, "", row.position)
            if found is not None:
                return found
        for keyword in call.keywords:
            if keyword.arg is None:
                for one in self.evaluator.values(keyword.value, self.module):
                    if isinstance(one, Literal) and isinstance(one.node, ast.Dict):
                        for key, value in zip(one.node.keys, one.node.values, strict=True):
                            if isinstance(key, ast.Constant) and key.value in row.keywords:
                                return value
        return None

    def _lost(self, expression: ast.expr, call: ast.Call, what: str) -> Iterator[Use]:
        """One unresolved reference, where the argument is a name that nothing in the tree gives a value; objects are none."""
        values = self.evaluator.values(expression, self.module)
        if not values or not all(isinstance(one, Unknown) or (isinstance(one, Constant) and not one.value) for one in values):
            return
        written = _shown(expression)
        if _OUTPUT_NAME.search(written.lower()) or self.role(call) is not Role.DEFAULT:
            return
        reason = f"names {what} that the code alone does not tell; name it in the code, or declare it in lien.toml"
        place = Place(self.module.path, self.module.line(call))
        yield from self._said_once(Use(None, Relation.LOADS, Role.DEFAULT, place, place, written, reason, call, kind=_kind_named(what)))

    def _said_once(self, use: Use) -> Iterator[Use]:
        if use.role is Role.DEFAULT and use.written not in self._unresolved:
            self._unresolved.add(use.written)
            yield use

    # What each row means.

    def _model(self, text: str) -> Reference:
        reference = model_reference(text, self.tree, self.module.path)
        if reference.id is not None and hub_id(text) is not None and has_no_owner(text):
            return Reference(None, "is a name without an owner, which may be a folder; write OWNER/NAME")
        return reference

    def _sentence(self, text: str) -> Reference:
        if "/" not in text and hub_id(text) is not None and not _PLAIN_SENTENCE.match(text) and not self.tree.holds(text):
            return Reference(model_id(f"sentence-transformers/{text}"))
        return self._model(text)

    def _hub(self, row: Row, full: str, call: ast.Call) -> Iterator[Use]:
        owner = full.split(".")[-2] if "." in full else ""
        resolve = self._sentence if row.what is What.SENTENCE else self._model
        if _keyword(call, ("repo_type",)) is not None:
            kinds = [one.value for one in self.evaluator.texts(_keyword(call, ("repo_type",)) or call, self.module)]
            if "space" in kinds:
                return
            if "dataset" in kinds:
                yield from self._candidates_of(row, call, lambda text: dataset_reference(text, self.tree, self.module.path))
                return
        for use in self._named_by(row, call, resolve, "a model"):
            yield use._replace(is_support=_TOKENIZERS.search(owner) is not None)

    def _candidates_of(self, row: Row, call: ast.Call, resolve: Resolver) -> Iterator[Use]:
        yield from self._named_by(row, call, resolve, "a dataset")

    def _adapter(self, row: Row, call: ast.Call, made: Made | None) -> Iterator[Use]:
        """Adapters go onto the model that they are given, or whose method this is."""
        base = call.args[0] if row.position == 1 and call.args else None
        below: tuple[str, Relation] | None = None
        origin: list[Value] = self.evaluator.values(base, self.module) if base is not None else [made] if made is not None else []
        for one in origin:
            if isinstance(one, Made) and one.call.args and one.name.endswith(".from_pretrained()"):
                for text in self.evaluator.texts(one.call.args[0], one.module):
                    reference = self._model(str(text.value))
                    if reference.id is not None and text.role is Role.DEFAULT:
                        below = (reference.id, Relation.ADAPTER_OF)
        for use in self._named_by(row, call, self._model, "an adapter"):
            yield use._replace(below=below if use.id is not None and below is not None and below[0] != use.id else None)

    def _task(self, row: Row, call: ast.Call) -> Iterator[Use]:
        if self._argument(row, call) is not None:
            yield from self._named_by(row, call, self._model, "a model")
            return
        for one in self.evaluator.texts(argument_of(call, "task", 0) or call, self.module):
            if self.role(call) is Role.DEFAULT and hub_id(str(one.value)) is not None:
                place = Place(self.module.path, self.module.line(call))
                reason = "asks for a task without naming a model, so the library chooses one; name the model"
                yield from self._said_once(Use(None, Relation.LOADS, Role.DEFAULT, place, place, f'pipeline("{one.value}")', reason, call))

    def _dataset(self, row: Row, call: ast.Call) -> Iterator[Use]:
        expression = self._argument(row, call)
        if expression is None:
            return
        texts = [str(one.value).lower() for one in self.evaluator.texts(expression, self.module)]
        if texts and all(text in BUILDERS for text in texts):
            yield from self._data_files(call)
            return
        for use in self._named_by(row, call, lambda text: dataset_reference(text, self.tree, self.module.path), "a dataset"):
            if str(use.written).lower() in BUILDERS or (use.id is None and use.reason == "is a local path"):
                continue
            yield use

    def _data_files(self, call: ast.Call) -> Iterator[Use]:
        """Files of a format: those on the Hub belong to a dataset."""
        files = _keyword(call, ("data_files",))
        if files is None:
            return
        expressions: list[ast.expr] = [files]
        for one in self.evaluator.values(files, self.module):
            if isinstance(one, Literal) and isinstance(one.node, ast.Dict):
                expressions.extend(one.node.values)
        for expression in expressions:
            for text in self.evaluator.texts(expression, self.module):
                if "://" in str(text.value):
                    reference = dataset_reference(str(text.value))
                    if reference.id is not None:
                        yield self.use(reference, Relation.LOADS, text, call)

    def _library(self, row: Row, call: ast.Call) -> Iterator[Use]:
        """Models and datasets by the name that their library gives them."""
        if row.what is What.NAMED and row.needs == "pretrained" and not self._is_pretrained(row, call):
            return
        expression = self._argument(row, call)
        if expression is None and row.assumed is None:
            return
        yield from self._named_by(row, call, lambda text: self._library_reference(row, text, call), f"a model of {row.owner}")

    def _is_pretrained(self, row: Row, call: ast.Call) -> bool:
        told = _keyword(call, ("pretrained",))
        if told is None and row.owner in {"open_clip", "timm"} and len(call.args) > 1:
            told = call.args[1]
        if told is None:
            return False
        return not all(isinstance(one, Constant) and not one.value for one in self.evaluator.values(told, self.module))

    def _library_reference(self, row: Row, text: str, call: ast.Call) -> Reference:  # noqa: PLR0911  # a table of how libraries name things
        owner, low = row.owner, text.strip().lower()
        if row.what is What.DATA:
            return Reference(dataset_id(f"{owner}:{low.partition('/')[0].partition(':')[0]}"))
        if low.startswith(("hf-hub:", "hf_hub:")):
            return self._model(text.partition(":")[2])
        if is_placeholder(text):
            return Reference(None, "is a placeholder")
        match owner:
            case "openai-whisper":
                return self._file_or(text, model_id(f"openai/whisper-{low}"))
            case "faster-whisper":
                return self._model(text) if "/" in text else Reference(model_id(f"systran/faster-whisper-{low}"))
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
                        for one in self.evaluator.texts(
                            _keyword(call, ("pretrained",)) or (call.args[1] if len(call.args) > 1 else call), self.module
                        )
                    ),
                    "",
                )
                return Reference(model_id(f"open_clip:{low}/{tag}" if tag else f"open_clip:{low}"))
            case _ if low.endswith(WEIGHT_ENDINGS) and owner != "gpt4all":
                return self._model(text)
            case "keras" | "torchvision" | "timm":
                return Reference(model_id(f"{owner}:{low}"))
            case _:
                pass
        return Reference(model_id(f"{owner}:{low}")) if not text.startswith((".", "/", "~")) else Reference(None, "is a local path")

    def _file_or(self, text: str, identifier: str) -> Reference:
        return self._model(text) if "/" in text or "\\" in text or text.lower().endswith(WEIGHT_ENDINGS) else Reference(identifier)

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
        repositories = [str(one.value) for one in self.evaluator.texts(argument_of(call, "repo_or_dir", 0) or call, self.module)]
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

    def _file(self, row: Row, call: ast.Call) -> Iterator[Use]:
        """Weight files by path; those by address are found wherever the address stands."""
        expression = self._argument(row, call)
        if expression is None:
            return
        for one in self.evaluator.texts(expression, self.module):
            text = str(one.value)
            if "://" in text or not text.lower().endswith(WEIGHT_ENDINGS) or "*" in text:
                continue
            if _OUTPUT_NAME.search(_shown(expression).lower()) or text in self._written:
                continue
            reference = self._model(text)
            if reference.id is not None:
                yield self.use(reference, Relation.LOADS, one, call)

    @cached_property
    def _written(self) -> frozenset[str]:
        """Paths that this module itself writes weights to: what it loads from there is its own."""
        found: set[str] = set()
        for name in ("save", "dump", "export", "save_pretrained", "save_model", "save_weights", "write"):
            for call in self.module.calls_named.get(name, ())[:50]:
                for argument in (*call.args, *(one.value for one in call.keywords)):
                    found.update(str(one.value) for one in self.evaluator.texts(argument, self.module))
        return frozenset(found)

    # Services.

    def _provider(self, owner: str, calls: Sequence[ast.Call | None]) -> str | None:
        """The provider behind a client: another address makes it another service, a local one none; None if nobody can tell."""
        if owner.startswith("azure"):
            return owner  # whose address is always one's own
        for call in calls:
            for keyword in call.keywords if call is not None else ():
                if keyword.arg not in _ADDRESS_KEYWORDS:
                    continue
                texts = [str(one.value) for one in self.evaluator.texts(keyword.value, self.module)]
                if not texts:
                    return owner if _is_empty(keyword.value) else None
                found = service_of_address(texts[0])
                if found is not None:
                    return found.removeprefix("service:")
                return f"local:{texts[0]}" if texts[0] else owner
        return owner

    def _service(self, owner: str | None, call: ast.Call) -> Iterator[Use]:
        if owner is None or owner.startswith("local:"):
            return
        here = Place(self.module.path, self.module.line(call))
        yield self.use(service_id(owner), Relation.CALLS, Constant(_shown(call.func), here), call)

    def _hosted(self, row: Row, call: ast.Call, client: ast.Call | None, *, owner: str) -> Iterator[Use]:
        provider = self._provider(owner, [call, client]) if owner else ""
        is_local = provider is not None and provider.startswith("local:")
        if provider and not is_local:
            yield from self._service(provider, call)
        expression = self._argument(row, call)
        texts = self.evaluator.texts(expression, self.module) if expression is not None else []
        if expression is None and row.assumed is not None and not is_local:
            texts = [Constant(row.assumed, Place(self.module.path, self.module.line(call)))]
        for one in texts:
            text = str(one.value).strip()
            if not text or is_placeholder(text):
                continue
            if is_local and provider is not None:
                yield from self._served_here(text, provider, one, call)
            else:
                yield from self._hosted_as(text, provider or "", one, call)

    def _served_here(self, text: str, provider: str, one: Constant, call: ast.Call) -> Iterator[Use]:
        """A server of one's own behind a provider's client: Ollama by its port, else a model by its Hub id."""
        local = _LOCAL_HOSTS.match(provider.removeprefix("local:"))
        if local is None:
            return
        reference = ollama_reference(text) if local[1] == "11434" or "ollama" in provider else self._model(text)
        if reference.id is not None:
            yield self.use(reference, Relation.LOADS, one, call)

    def _hosted_as(self, text: str, provider: str, one: Constant, call: ast.Call) -> Iterator[Use]:
        if provider in {"azure-openai", "aws-bedrock", "azure-ai", "google-vertex"} and "." not in text and hosted_model(text) is None:
            return  # the name of a deployment, which is one's own
        if provider == "replicate":
            text = text.partition(":")[0]  # the version is a hash
        identifier = hosted_model(text, provider or None)
        known = hosted_model(text)
        if identifier is None or (provider in _STRICT and (known is None or known.partition("/")[0] != service_id(provider))):
            return  # a name that this provider does not use: of another branch
        yield from self._hosted_id(identifier, one, call)

    def _hosted_id(self, identifier: str, one: Constant, call: ast.Call) -> Iterator[Use]:
        service = identifier.partition("/")[0]
        if kind_of(identifier) is not Kind.SERVICE:
            yield self.use(identifier, Relation.LOADS, one, call)
            return
        if service == identifier:
            yield self.use(identifier, Relation.CALLS, one, call)
            return
        yield self.use(identifier, Relation.CALLS, one, call, below=(service, Relation.OFFERED_BY))
        yield self.use(service, Relation.CALLS, one, call)
        model = str(one.value)
        if service in {"service:huggingface", "service:together"} and model.count("/") == 1 and hub_id(model) is not None:
            use = self.use(identifier, Relation.CALLS, one, call, below=(model_id(model), Relation.SERVES))
            yield use

    def _routed(self, row: Row, call: ast.Call) -> Iterator[Use]:
        expression = self._argument(row, call)
        for one in self.evaluator.texts(expression, self.module) if expression is not None else ():
            text = str(one.value)
            providers = self.evaluator.texts(_keyword(call, ("model_provider", "custom_llm_provider")) or ast.Constant(None), self.module)
            identifier = routed_model(f"{providers[0].value}/{text}" if providers else text)
            if identifier is not None:
                yield from self._hosted_id(identifier, one, call)

    def _address(self, row: Row, call: ast.Call) -> Iterator[Use]:
        """A plain request to the address of a model API, with the model that it asks for."""
        expression = self._argument(row, call)
        if expression is None:
            return
        for one in self.evaluator.texts(expression, self.module):
            service = service_of_address(str(one.value)) if "." in str(one.value) else None
            if service is None:
                continue
            yield self.use(service, Relation.CALLS, one, call)
            path = str(one.value).partition("/models/")[2]
            if service == "service:huggingface" and path.count("/") == 1:
                yield from self._hosted_as(path, "huggingface", one, call)
            for text in self._asked_model(call):
                yield from self._hosted_as(str(text.value), service.removeprefix("service:"), text, call)

    def _asked_model(self, call: ast.Call) -> Iterator[Constant]:
        for keyword in call.keywords:
            if keyword.arg in {"json", "data", "content"}:
                body = keyword.value
                if isinstance(body, ast.Call) and _dotted(body.func).endswith("dumps") and body.args:
                    body = body.args[0]
                for one in self.evaluator.values(body, self.module):
                    if isinstance(one, Literal) and isinstance(one.node, ast.Dict):
                        for key, value in zip(one.node.keys, one.node.values, strict=True):
                            if isinstance(key, ast.Constant) and key.value == "model":
                                yield from self.evaluator.texts(value, one.module)


def _kind_named(what: str) -> Kind:
    return Kind.DATASET if "dataset" in what else Kind.MODEL


def _bare(name: str) -> tuple[str, ...]:
    """The name without its owner, as libraries that bring their own model call it."""
    return (name.rpartition("/")[2].lower(),) if "/" in name else ()


def _root(expression: ast.expr) -> ast.expr:
    current = expression
    while isinstance(current, (ast.Attribute, ast.Subscript)):
        current = current.value
    return current


def _keyword(call: ast.Call, names: Sequence[str]) -> ast.expr | None:
    return next((one.value for name in names for one in call.keywords if one.arg == name), None)


def _is_empty(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and not expression.value


def _dotted(expression: ast.expr) -> str:
    """The name of what is called, as written: `client.chat.completions.create`."""
    parts: list[str] = []
    current: ast.expr = expression
    while isinstance(current, ast.Attribute):
        parts.append(current.attr)
        current = current.value
    if isinstance(current, ast.Name):
        parts.append(current.id)
    elif isinstance(current, ast.Call):
        parts.append(f"{_dotted(current.func)}()")
    return ".".join(reversed(parts))


def _shown(expression: ast.expr) -> str:
    try:
        text = ast.unparse(expression)
    except (RecursionError, ValueError):
        return "an expression"
    return text if len(text) <= 80 else f"{text[:77]}..."
