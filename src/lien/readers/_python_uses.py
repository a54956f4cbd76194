"""What the calls of one Python module use: each call of the table (`_python_calls`) to sightings and relations.

Roles are said as the code says them: what runs as the program stands is the default, what a branch, a flag or an
argument's alternatives would choose is an option. A reference that cannot be followed is said once for each place.
"""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from lien.graph.fragments import Role
from lien.readers._python_calls import BUILDERS, FAMILIES, LAST_NAMES, METHOD_ROWS, METHODS, MODEL_KEYWORDS, Row, What, row_of
from lien.readers._python_evaluator import Evaluator
from lien.readers._python_libraries import FAMILY_METHODS, Libraries
from lien.readers._python_module import Module, last_name
from lien.readers._python_naming import Naming, Resolver, dotted, keyword_of
from lien.readers._python_services import Services
from lien.readers._python_syntax import argument_of, bindings_of
from lien.readers._python_use import Use
from lien.readers._python_values import Constant, Instance, Literal, Made, Place, Reached, Unknown, Value, weaker
from lien.readers._references import WEIGHT_ENDINGS, Reference, dataset_reference, model_reference, ollama_reference
from lien.sources.tree import Tree
from lien.vocabulary.ids import hub_id, kind_of, model_id
from lien.vocabulary.relations import Relation

__all__ = ["MAX_USES", "Uses"]

MAX_USES: Final = 5_000
"""Things that one file uses; code that people write uses fewer."""
_MORE_KEYWORDS: Final = frozenset({"model_type", "model_or_pipeline"})
"""Keywords that name a model where a row asks for them."""
_FETCHES = re.compile(r"download|prepare|fetch|clone|retriev|(?:^|_)(?:load|pull)(?:_|$)", re.IGNORECASE)
_HUB_ADDRESS = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/", re.IGNORECASE)
_MAX_CALLEES = 20
_NO_WEIGHTS = re.compile(r"(?:Config|GenerationConfig)$")
_TOKENIZERS = re.compile(r"(?:Tokenizer(?:Fast)?|Processor(?:Fast)?|FeatureExtractor|ImageProcessor(?:Fast)?)$")
# sentence-transformers keeps these first names as they are, and prefixes every other bare one with its own organisation.
_PLAIN_SENTENCE = re.compile(
    r"(?:distil)?(?:bert|roberta|xlm|albert|gpt2|t5|camembert|xlnet|ctrl|openai-gpt|transfo)[\w.-]*$", re.IGNORECASE
)


class Uses:
    """The uses of one module."""

    def __init__(self, module: Module, evaluator: Evaluator, tree: Tree) -> None:
        self.module = module
        self.evaluator = evaluator
        self.tree = tree
        self._naming = Naming(module, evaluator, tree)
        self.role = self._naming.role
        self._services = Services(self._naming)
        self._libraries = Libraries(self._naming)
        self.is_cut = False
        """Was there more in the file than lien looks at?"""

    def all(self) -> list[Use]:
        """Every use that a call gives, by line."""
        found: list[Use] = []
        for call in self.module.calls:
            uses = list(self._of_call(call))
            found.extend(uses or self._of_address(call))
            if len(found) > MAX_USES:
                self.is_cut = True
                break
        return found

    def _of_address(self, call: ast.Call) -> Iterator[Use]:
        """A repository of the Hub that a function of any name which tells of fetching is given by its address."""
        if not _FETCHES.search(last_name(call)):
            return
        for argument in (*call.args, *(one.value for one in call.keywords)):
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and _HUB_ADDRESS.match(argument.value):
                text = argument.value
                if text.lower().endswith(WEIGHT_ENDINGS):
                    continue  # files of weights are told wherever they stand
                reference = dataset_reference(text) if "/datasets/" in text else model_reference(text)
                if reference.id is not None:
                    place = Place(self.module.path, self.module.line(argument))
                    yield Use(reference.id, Relation.LOADS, self.role(call), place, place, text, call=call, kind=kind_of(reference.id))

    # Whose call it is.

    def _of_call(self, call: ast.Call) -> Iterator[Use]:
        if last_name(call) == "partial" and call.args and isinstance(call.args[0], (ast.Attribute, ast.Name)):
            # `partial(Model.from_pretrained, "a/b")` is that call, made later.
            made = ast.copy_location(ast.Call(call.args[0], call.args[1:], call.keywords), call)
            self.module.parents[made] = self.module.parents[call]
            yield from self._of_call(made)
            return
        if not self._may_matter(call):
            return
        name = dotted(call.func)
        first, *others = self._callees(call)
        match first:
            case Reached(name=full):
                row = row_of(full) or self._libraries.family(full, call)
                yield from self._by_row(row, full, call, None) if row is not None else self._by_method(full, call, None)
                for other in others if row is not None else ():
                    # `bundles[name]`: any of them, as a key chooses.
                    family = self._libraries.family(other.name, call) if isinstance(other, Reached) else None
                    for use in self._by_row(family, full, call, None) if family is not None else ():
                        yield use._replace(role=weaker(use.role, Role.OPTION))
            case Made(name=full):
                yield from self._made(full, first, call)
            case Instance():
                yield from self._inherited(first, call)
            case Constant():
                pass
            case _:
                yield from self._by_method(name, call, None)

    def _inherited(self, made: Instance, call: ast.Call) -> Iterator[Use]:
        """Making an object of a class of the tree that takes the arguments of the library's class that it is a kind of."""
        body = made.owner.body
        if not isinstance(call.func, ast.Name) or any(isinstance(one, ast.FunctionDef) and one.name == "__init__" for one in body):
            return
        for base in made.owner.bases:
            for value in self.evaluator.values(base, made.module)[:1]:
                row = row_of(value.name) if isinstance(value, Reached) else None
                if row is not None and isinstance(value, Reached):
                    yield from self._by_row(row, value.name, call, None)
                    return

    def _may_matter(self, call: ast.Call) -> bool:
        """A sieve by name, keywords and where the name comes from; most calls of a file end here."""
        last = last_name(call)
        names_model = any(one.arg in MODEL_KEYWORDS or one.arg in _MORE_KEYWORDS or one.arg is None for one in call.keywords)
        root = _root(call.func)
        if isinstance(root, ast.Name):
            imported = [one.imported for one in bindings_of(root.id, call, self.module) if one.imported is not None]
            if imported:
                name = next((one.name for one in imported if one.name is not None), None)
                last = name if isinstance(call.func, ast.Name) and name is not None else last
                return last in LAST_NAMES or self._has_families or names_model
            if any(isinstance(one.node, ast.ClassDef) and self._is_of_library(one.node) for one in bindings_of(root.id, call, self.module)):
                return True
        if last in FAMILY_METHODS and self._has_families:
            return True
        row = METHOD_ROWS.get(last)
        if row is None:
            return names_model and last in LAST_NAMES
        return names_model or row.what is not What.HOSTED

    @cached_property
    def _has_families(self) -> bool:
        packages = {name.partition(".")[0] for name in FAMILIES}
        return any((one.module or one.name or "").partition(".")[0] in packages for one in self.module.imports)

    def _is_of_library(self, owner: ast.ClassDef) -> bool:
        return any(dotted(base).rpartition(".")[2] in LAST_NAMES for base in owner.bases)

    def _callees(self, call: ast.Call) -> list[Value]:
        return self.evaluator.values(call.func, self.module)[:_MAX_CALLEES] or [Unknown(call)]

    def _made(self, full: str, value: Made, call: ast.Call) -> Iterator[Use]:
        client = self._client(value)
        if client is not None:
            owner, base = client
            if keyword_of(call, MODEL_KEYWORDS) is not None or row_of(full) is not None:
                yield from self._services.hosted(row_of(full) or Row(What.HOSTED, None, MODEL_KEYWORDS, owner), call, base, owner=owner)
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

    def _by_row(self, row: Row, full: str, call: ast.Call, made: Made | None) -> Iterator[Use]:
        for use in self._told(row, full, call, made):
            yield use._replace(role=Role.EVALUATION) if row.measures else use

    def _told(self, row: Row, full: str, call: ast.Call, made: Made | None) -> Iterator[Use]:  # noqa: C901, PLR0912  # one line for each kind of row
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
                yield from self._services.hosted(row, call, made.call if made is not None else None, owner=row.owner)
            case What.CLIENT:
                if self._is_wanted(row, call, self.module):
                    yield from self._services.service(self._services.provider(row.owner, [call]), call)
            case What.ROUTED:
                yield from self._services.routed(row, call)
            case What.OLLAMA:
                yield from self._naming.named_by(row, call, ollama_reference, "an Ollama model")
            case What.NAMED | What.DATA:
                yield from self._libraries.named(row, call)
            case What.FILE:
                yield from self._libraries.file(row, call)
            case What.SERVICE:
                yield from self._services.service(row.owner, call)
            case What.ADDRESS:
                yield from self._services.address(row, call)
            case What.ARGUMENTS:
                yield from self._libraries.evaluated(row, call)
            case What.LANGUAGE:
                yield from self._libraries.for_language(row, call)
            case What.METRIC:
                return

    # What each row means.

    def _sentence(self, text: str) -> Reference:
        if "/" not in text and hub_id(text) is not None and not _PLAIN_SENTENCE.match(text) and not self.tree.holds(text):
            return Reference(model_id(f"sentence-transformers/{text}"))
        return self._naming.model(text)

    def _hub(self, row: Row, full: str, call: ast.Call) -> Iterator[Use]:
        owner = full.split(".")[-2] if "." in full else ""
        resolve = self._sentence if row.what is What.SENTENCE else self._naming.model
        if keyword_of(call, ("repo_type",)) is not None:
            kinds = [one.value for one in self.evaluator.texts(keyword_of(call, ("repo_type",)) or call, self.module)]
            if "space" in kinds:
                return
            if "dataset" in kinds:
                yield from self._candidates_of(row, call, lambda text: dataset_reference(text, self.tree, self.module.path))
                return
        for use in self._naming.named_by(row, call, resolve, "a model"):
            yield use._replace(is_support=_TOKENIZERS.search(owner) is not None)

    def _candidates_of(self, row: Row, call: ast.Call, resolve: Resolver) -> Iterator[Use]:
        yield from self._naming.named_by(row, call, resolve, "a dataset")

    def _adapter(self, row: Row, call: ast.Call, made: Made | None) -> Iterator[Use]:
        """Adapters go onto the model that they are given, or whose method this is."""
        base = call.args[0] if row.position == 1 and call.args else None
        below: tuple[str, Relation] | None = None
        origin: list[Value] = self.evaluator.values(base, self.module) if base is not None else [made] if made is not None else []
        for one in origin:
            if isinstance(one, Made) and one.call.args and one.name.endswith(".from_pretrained()"):
                for text in self.evaluator.texts(one.call.args[0], one.module):
                    reference = self._naming.model(str(text.value))
                    if reference.id is not None and text.role is Role.DEFAULT:
                        below = (reference.id, Relation.ADAPTER_OF)
        for use in self._naming.named_by(row, call, self._naming.model, "an adapter"):
            yield use._replace(below=below if use.id is not None and below is not None and below[0] != use.id else None)

    def _task(self, row: Row, call: ast.Call) -> Iterator[Use]:
        if self._naming.argument(row, call) is not None:
            yield from self._naming.named_by(row, call, self._naming.model, "a model")
            return
        for one in self.evaluator.texts(argument_of(call, "task", 0) or call, self.module):
            if self.role(call) is Role.DEFAULT and hub_id(str(one.value)) is not None:
                place = Place(self.module.path, self.module.line(call))
                reason = "asks for a task without naming a model, so the library chooses one; name the model"
                yield from self._naming.said_once(
                    Use(None, Relation.LOADS, Role.DEFAULT, place, place, f'pipeline("{one.value}")', reason, call)
                )

    def _dataset(self, row: Row, call: ast.Call) -> Iterator[Use]:
        expression = self._naming.argument(row, call)
        if expression is None:
            return
        texts = [str(one.value).lower() for one in self.evaluator.texts(expression, self.module)]
        if texts and all(text in BUILDERS for text in texts):
            yield from self._data_files(call)
            return
        for use in self._naming.named_by(row, call, lambda text: dataset_reference(text, self.tree, self.module.path), "a dataset"):
            if str(use.written).lower() in BUILDERS or (use.id is None and use.reason == "is a local path"):
                continue
            yield use

    def _data_files(self, call: ast.Call) -> Iterator[Use]:
        """Files of a format: those on the Hub belong to a dataset."""
        files = keyword_of(call, ("data_files",))
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
                        yield self._naming.use(reference, Relation.LOADS, text, call)


def _root(expression: ast.expr) -> ast.expr:
    current = expression
    while isinstance(current, (ast.Attribute, ast.Subscript)):
        current = current.value
    return current
