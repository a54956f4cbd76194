"""Commands that Python code runs (`os.system`, `subprocess.run`), as far as their words are constants; nothing is run here."""

import ast
import shlex
from collections.abc import Iterator

from lien.graph.fragments import Fragment
from lien.readers._python_module import Module
from lien.readers._python_uses import Uses
from lien.readers._python_values import Constant, Literal, Reached

__all__ = ["command_facts"]

_RUNNERS = ("system", "popen", "run", "call", "check_call", "check_output", "Popen", "getoutput")
_WORTH = ("ollama", "huggingface-cli", "hf ", "wget", "curl", "pip", "git", "vllm", "python", "llama", "text-generation")


def command_facts(module: Module, uses: Uses) -> Iterator[Fragment]:
    """What commands in strings and lists of words serve, download and install."""
    for name in _RUNNERS:
        for call in module.calls_named.get(name, ()):
            if call.args and _is_runner(call, module, uses):
                text = _text(call.args[0], module, uses)
                if text is not None and any(word in text for word in _WORTH):
                    yield from _facts(text, call, module, uses)


def _is_runner(call: ast.Call, module: Module, uses: Uses) -> bool:
    return any(
        isinstance(one, Reached) and one.name.startswith(("os.", "subprocess.")) for one in uses.evaluator.values(call.func, module)[:1]
    )


def _text(expression: ast.expr, module: Module, uses: Uses) -> str | None:
    for one in uses.evaluator.values(expression, module)[:1]:
        if isinstance(one, Constant) and isinstance(one.value, str):
            return one.value
        if isinstance(one, Literal) and isinstance(one.node, (ast.List, ast.Tuple)):
            words = [_text(element, one.module, uses) for element in one.node.elts[:100]]
            # A word that is not known ends what can be said of the command.
            known = words[: words.index(None)] if None in words else words
            return " ".join(shlex.quote(word) for word in known if word is not None) or None
    return None


def _facts(text: str, call: ast.Call, module: Module, uses: Uses) -> Iterator[Fragment]:
    from lien.readers._commands import read_commands  # noqa: PLC0415  # for the few files that run such commands
    from lien.readers._shell import parse_shell  # noqa: PLC0415
    from lien.readers._site import Site  # noqa: PLC0415

    place = module.line(call)
    reader = "notebook" if module.path.endswith(".ipynb") else "python"
    site = Site(path=module.path, tree=uses.tree, reader=reader, role=uses.role(call), reports_lost=False)
    yield from read_commands(parse_shell(text.replace("\n", " ; "), first_line=place), site)
