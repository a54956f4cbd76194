"""What a command says it serves, downloads, installs or trains: one table of programs, for every reader that meets commands.

Commands come from `_shell`; nothing is run. A program that is not in the table says nothing, and so
does an argument that names a local path. What names a model without telling which is said to be unresolved.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, ArtifactSeen, Fragment, RelationSeen, Role, Subject, UnresolvedReference
from lien.readers._downloads import download
from lien.readers._pip_arguments import pip_install
from lien.readers._references import Reference, dataset_reference, hosted_model, model_reference, ollama_reference, used
from lien.readers._script_arguments import script_facts
from lien.readers._shell import MAX_COMMANDS, Command, Word, parse_shell
from lien.readers._site import Site, options, valued
from lien.vocabulary.ids import image_id, package_id
from lien.vocabulary.kinds import Kind
from lien.vocabulary.relations import Relation

__all__ = ["image_facts", "read_commands", "read_image_arguments"]

_WRAPPERS = frozenset(
    {"sudo", "env", "nohup", "exec", "time", "nice", "timeout", "xargs", "tini", "gosu", "command", "srun", "stdbuf", "dumb-init", "--"}
)
_RUNNERS = frozenset({"uv", "poetry", "pipenv", "pdm", "hatch", "rye", "conda", "mamba", "micromamba", "pixi", "dotenv"})
"""Programs that run another behind the word `run`."""

_LAUNCHERS = frozenset({"torchrun", "deepspeed", "accelerate"})
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ash"})
_PYTHON = re.compile(r"python(?:\d(?:\.\d+)?)?w?|pypy3?")
_PIP = re.compile(r"pip(?:\d(?:\.\d+)?)?")
_MAX_NESTING = 4

_ADD_OPTIONS = frozenset(
    {"-G", "-dG", "--group", "--optional", "--source", "-E", "--extras", "--branch", "--tag", "--rev", "--package", "--categories"}
)
"""Options of `add` with a value that names no package."""
_DEVELOPMENT = re.compile(r"\b(?:dev|develop|development|tests?|lint|docs?|ci)\b")

_DOCKER_FLAGS = frozenset({"--rm", "--detach", "--interactive", "--tty", "--init", "--privileged", "--publish-all", "--read-only", "-P"})
_DOCKER_LETTERS = frozenset("-dit")


def read_commands(commands: Sequence[Command], site: Site, nesting: int = 0) -> Iterator[Fragment]:
    """What each command says, in their order. Raises InputError behind them if there were more than lien looks at."""
    for command in commands:
        settings = command.settings
        inner = replace(site, settings={**site.settings, **settings})
        for words in (one for handed in _handed_on(command.words) for one in _unwrapped(handed)):
            yield from _facts(words, inner, nesting)
            if command.given is not None and not [word for word in words[1:] if not word.text.startswith("-")]:
                yield from _given(_name(words[0]), command.given, inner, nesting)
    if len(commands) > MAX_COMMANDS:
        raise InputError(f"holds more than {MAX_COMMANDS} commands, of which lien read the first; split the script", path=site.path)


def read_image_arguments(image: str, words: Sequence[Word], site: Site) -> Iterator[Fragment]:
    """What the arguments of a container say: of a known server they belong to it, else they are a command."""
    program = _program_of_image(image)
    # A shell in a server's image runs what it is told: `sh -c "ollama serve & ollama pull …"`.
    if program and not (words and _name(words[0]) in {*_PROGRAMS, *_SHELLS} and not words[0].text.startswith("-")):
        yield from _PROGRAMS[program](list(words), site, 0)
    elif words:
        for inner in _unwrapped(tuple(words)):
            yield from _facts(inner, site, 0)


def image_facts(name: str, site: Site, word: Word) -> Iterator[Fragment]:
    """The image that something runs in or is built on; `scratch` is none."""
    if name == "scratch" or ".." in name or not re.fullmatch(r"\w[\w./:@-]*", name, re.ASCII):
        return
    evidence = site.evidence(word)
    tail = name.partition("@")[0].rpartition("/")[2]
    version = tail.partition(":")[2] or None
    identifier = image_id(name)
    yield ArtifactSeen(identifier, Kind.IMAGE, evidence, name=name, version=version)
    yield RelationSeen(PRODUCT, Relation.CONTAINS, identifier, evidence, site.role)


def _handed_on(words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """What a command hands on to run elsewhere, behind `--`: `submit --gpus 8 -- python train.py …`; else itself."""
    at = next((number for number, word in enumerate(words) if word.text == "--"), None)
    rest = words[at + 1 :] if at else ()
    only_starts = _name(words[0]) in {*_RUNNERS, *_WRAPPERS} and not any(_is_program(word) for word in words[1:at])
    if not at or only_starts or _name(words[0]) in _LAUNCHERS or not any(_is_program(word) for word in rest):
        yield words
        return
    inner: list[Word] = []
    for word in (*rest, None):
        if word is None or word.text in {"&&", "||", ";", "|", "&"}:
            if inner:
                yield tuple(inner)
            inner = []
        else:
            inner.append(word)


def _unwrapped(words: tuple[Word, ...]) -> Iterator[list[Word]]:
    """A command without what only starts it. A wrapper's own options are passed over up to a program that is known."""
    rest = list(words)
    while rest:
        name = _name(rest[0])
        if name in _WRAPPERS or (name in _RUNNERS and any(word.text in {"run", "exec"} for word in rest[1:4])):
            following = next((at for at, word in enumerate(rest[1:], start=1) if _is_program(word)), None)
            if following is None:
                return
            rest = rest[following:]
            continue
        yield rest
        return


def _is_program(word: Word) -> bool:
    name = _name(word)
    return name in _PROGRAMS or name in _SHELLS or name.endswith((".py", ".sh")) or bool(_PYTHON.fullmatch(name) or _PIP.fullmatch(name))


def _name(word: Word) -> str:
    return word.text.rpartition("/")[2]


def _facts(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:
    name = _name(words[0])
    if name in _SHELLS:
        yield from _inner_script(words, site, nesting)
    elif _PYTHON.fullmatch(name):
        yield from _python(words[1:], site, nesting)
    elif _PIP.fullmatch(name):
        yield from _pip(words[1:], site, nesting)
    elif name.endswith(".py"):
        yield from script_facts(words, site)
    elif name in _PROGRAMS:
        yield from _PROGRAMS[name](words[1:], site, nesting)


def _inner_script(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:
    """`bash -c "…"` and its like."""
    for at, word in enumerate(words[1:-1], start=1):
        if re.fullmatch(r"-[a-z]*c", word.text):
            if nesting < _MAX_NESTING:
                script = words[at + 1]
                variables = {key: value.text for key, value in site.settings.items() if value.is_known}
                yield from read_commands(parse_shell(script.text, first_line=script.line, variables=variables), site, nesting + 1)
            return


def _python(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:
    """`python script.py …` and `python -m module …`."""
    for at, word in enumerate(words):
        text = word.text
        if text == "-m" and at + 1 < len(words):
            yield from _module(words[at + 1], words[at + 2 :], site, nesting)
            return
        if text.startswith("-m") and len(text) > 2 and not text.startswith("--"):
            yield from _module(word._replace(text=text[2:]), words[at + 1 :], site, nesting)
            return
        if text == "-c" and at + 1 < len(words) and words[at + 1].is_known:
            yield from _python_code(words[at + 1], site)
        if text in {"-c", "-"}:
            return
        if not text.startswith("-"):
            yield from script_facts(words[at:], site)
            return


def _given(name: str, text: Word, site: Site, nesting: int) -> Iterator[Fragment]:
    """`python - <<EOF`, `bash <<EOF`: a script on the standard input."""
    if _PYTHON.fullmatch(name):
        yield from _python_code(text, site)
    elif name in _SHELLS and nesting < _MAX_NESTING:
        variables = {key: value.text for key, value in site.settings.items() if value.is_known}
        yield from read_commands(parse_shell(text.text, first_line=text.line, variables=variables), site, nesting + 1)


def _python_code(code: Word, site: Site) -> Iterator[Fragment]:
    """What the code of `python -c` uses, as a Python file of its own; what is no Python says nothing."""
    from lien.readers._python_sieve import may_name  # noqa: PLC0415  # builds its pattern from a large table

    if not may_name(code.text.encode("utf-8", "replace")):
        return
    from lien.readers._python_file import read_module  # noqa: PLC0415
    from lien.readers._python_module import parse_module  # noqa: PLC0415

    lines = tuple(range(code.line, code.line + code.text.count("\n") + 1))
    with suppress(InputError, RecursionError):
        module = parse_module(site.path, textwrap.dedent(code.text), lines)
        yield from (one for one in read_module(module, site.tree, least=site.role))


def _module(module: Word, words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:
    program = _MODULES.get(module.text) or next((name for start, name in _MODULE_STARTS.items() if module.text.startswith(start)), None)
    if program is not None:
        yield from _PROGRAMS[program](words, site, nesting)
    elif _PIP.fullmatch(module.text):
        yield from _pip(words, site, nesting)
    elif module.text in {"spacy", "nltk.downloader", "piper.download_voices"}:
        yield from _named_downloads(module.text, words, site)
    else:
        yield from script_facts([module, *words], site)


def _pip(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001  # programs share one shape
    for at, word in enumerate(words):
        if word.text == "install":
            yield from _asked_of_pip(words[at + 1 :], site)
            return
        if not word.text.startswith("-"):
            return


def _asked_of_pip(words: list[Word], site: Site) -> Iterator[Fragment]:
    """The words behind `install`."""
    if not words:
        return
    texts = [one.text for one in words]
    lines = {one.text: one.line for one in reversed(words)}
    for one in pip_install(texts, site.evidence(words[0]), site.tree, role=site.role, locate=site.locate):
        if not isinstance(one, UnresolvedReference) or (site.reports_lost and _is_worth_telling(one, site)):
            yield _at_its_line(one, lines, site.path)


def _at_its_line(fragment: Fragment, lines: Mapping[str, int], path: str) -> Fragment:
    """A fact of a command that goes over several lines, at the line of its own word."""
    if isinstance(fragment, Subject) or fragment.evidence.path != path:
        return fragment
    written = (fragment.evidence.as_written or "").rpartition(" ")[2]
    return fragment._replace(evidence=fragment.evidence._replace(line=lines.get(written, fragment.evidence.line)))


def _is_worth_telling(lost: UnresolvedReference, site: Site) -> bool:
    """What a script is given (`"$@"`), has built itself (`dist/*.whl`) or has copied from the tree is no reference of its own."""
    what = lost.what.strip("\"' ")
    if not re.search(r"\w", what) or "*" in what or re.fullmatch(r"\$[\w{}@\[\]:-]+", what):
        return False
    return "local project" not in lost.reason or site.locate is None or site.locate(what.partition("[")[0]) is None


def _uv(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:
    texts = [word.text for word in words[:3]]
    if "pip" in texts:
        yield from _pip(words[texts.index("pip") + 1 :], site, nesting)
    elif texts[:2] == ["tool", "install"]:
        yield from _pip(words[1:], site, nesting)
    else:
        yield from _adds(words, site, nesting)


def _adds(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    """`uv add NAME`, `poetry add --group dev NAME`: requirements as pip takes them."""
    if not words or words[0].text != "add":
        return
    rest = [word for word in words[1:] if word.text not in {"-d", "-D", "--dev"}]
    groups = [word.text for name in ("--group", "-G", "-dG") for word in valued(rest, name)]
    is_for_developers = len(rest) < len(words) - 1 or any(_DEVELOPMENT.search(one) for one in groups)
    kept: list[Word] = []
    for at, word in enumerate(rest):
        if at and rest[at - 1].text in _ADD_OPTIONS:
            continue
        if word.text not in _ADD_OPTIONS:
            # Poetry writes NAME@^1.0 for a version, where an address would begin with a scheme.
            name, at_sign, version = word.text.partition("@")
            kept.append(word._replace(text=name) if at_sign and version and "://" not in version and not name.endswith(" ") else word)
    role = Role.DEVELOPMENT if is_for_developers and site.role is Role.DEFAULT else site.role
    yield from _asked_of_pip(kept, replace(site, role=role))


def _pipenv(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:
    """`pipenv install NAME`; what is installed for developers says `--dev`."""
    if words and words[0].text == "install":
        yield from _adds([words[0]._replace(text="add"), *words[1:]], site, nesting)


def _conda(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    if not words or words[0].text not in {"install", "add"}:
        return
    if any(word.text == "--pypi" for word in words):  # of pixi
        yield from _adds([word for word in words if word.text != "--pypi"], site, 0)
        return
    skips = False
    for word in words[1:]:
        text = word.text
        if skips:
            skips = False
        elif text in {
            "-c",
            "--channel",
            "-n",
            "--name",
            "-p",
            "--prefix",
            "--file",
            "--solver",
            "--feature",
            "-f",
            "--platform",
            "--manifest-path",
        }:
            skips = True
        elif not text.startswith("-"):
            match = re.fullmatch(r"(?:[\w.-]+::)?([A-Za-z][\w.-]*)(?:={1,2}([\w.]+))?(?:[=<>!,*\w.]*)", text, re.ASCII)
            if match is not None:
                yield from _package("conda", match[1], match[2], word, site)


_NPM_VALUES = frozenset(
    {"--network-timeout", "--network-concurrency", "--registry", "--prefix", "--cwd", "-C", "--dir", "--modules-folder", "--cache-folder"}
    | {"--cache", "--loglevel", "--tag", "--mutex", "--userconfig", "--filter", "-F", "-w", "--workspace", "--omit", "--include"}
    | {"--fetch-timeout", "--fetch-retries", "--otp", "--access", "--use-yarnrc", "--global-folder"}
)
"""Options of npm, Yarn and pnpm behind which a value stands."""


def _npm(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    if not words or words[0].text not in {"install", "i", "add"}:
        return
    for before, word in pairwise(words):
        if before.text in _NPM_VALUES:
            continue
        match = re.fullmatch(r"((?:@[\w.-]+/)?[a-z0-9][\w.-]*)(?:@([\w.^~<>=*-]+))?", word.text, re.ASCII)
        if match is not None and not word.text.endswith((".tgz", ".git")):
            version = match[2] if match[2] and re.fullmatch(r"\d+\.\d+\.\d+[\w.-]*", match[2]) else None
            yield from _package("npm", match[1], version, word, site)


def _package(ecosystem: str, name: str, version: str | None, word: Word, site: Site) -> Iterator[Fragment]:
    identifier = package_id(ecosystem, name, version)
    evidence = site.evidence(word)
    yield ArtifactSeen(identifier, Kind.PACKAGE, evidence, name=name, version=version)
    yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, identifier, evidence, site.role)


def _named_downloads(module: str, words: list[Word], site: Site) -> Iterator[Fragment]:
    """`python -m spacy download NAME`: models outside the Hub, by the names that their libraries give them."""
    library = module.partition(".")[0]
    names = words[1:] if library == "spacy" and words and words[0].text == "download" else words if library != "spacy" else []
    for word in names:
        if word.text.startswith("-"):
            return
        if re.fullmatch(r"[\w.-]+", word.text, re.ASCII) and word.is_known:
            name = word.text.lower()
            found = {"nltk": f"dataset:nltk:{name}", "spacy": f"model:spacy/{name}"}.get(library, f"model:{library}:{name}")
            yield from _loads(Reference(found), word, site)


def _loads(reference: Reference, word: Word, site: Site, relation: Relation = Relation.LOADS) -> Iterator[Fragment]:
    if reference.id is None and not word.is_known:
        reference = Reference(None, "is set outside this file; its default, if it has one, stands elsewhere")
    if reference.id is None and not site.reports_lost:
        return
    yield from used(PRODUCT, relation, reference, word.written if not word.is_known else word.text, site.evidence(word), site.role)


def _model(word: Word, site: Site) -> Iterator[Fragment]:
    yield from _loads(model_reference(word.text, site.tree, site.path), word, site)


def _serves(*names: str, is_positional: bool = False, behind: str = "") -> Callable[[list[Word], Site, int], Iterator[Fragment]]:
    """A server that takes its model from these options, or (positional) from its first word behind the subcommand."""

    def facts(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
        if behind:
            at = next((number for number, word in enumerate(words[:4]) if word.text in behind.split("|")), None)
            if at is None:
                return
            words = words[at + 1 :]
        positional, given = options(words)
        wanted = [value for name in names for value in given.get(name.lstrip("-").replace("-", "_"), ())]
        if not wanted and is_positional and positional:
            # `lmdeploy serve api_server MODEL`: what a server may serve stands before what it serves.
            wanted = [word for word in positional if word.text not in {"api_server", "gradio", "serve"}][:1]
        setting = site.settings.get("MODEL_ID")
        if not wanted and setting is not None and "--model-id" in names:
            wanted = [setting]
        for word in wanted:
            yield from _model(word, site)
        for word in given.get("lora_modules", ()):
            yield from _model(word._replace(text=word.text.partition("=")[2] or word.text), site)

    return facts


def _llama_cpp(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    for name in ("-hf", "-hfr", "--hf-repo", "-m", "--model", "--mmproj", "-md", "--model-draft", "--hf_model_repo_id", "--hf-repo-draft"):
        for word in valued(words, name):
            yield from _model(word, site)
    for word in (*valued(words, "-mu"), *valued(words, "--model-url")):
        yield from download(word, site)


def _ollama(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    if words and words[0].text in {"pull", "run"}:
        wanted = [word for word in words[1:] if not word.text.startswith("-")]
        for word in wanted[: None if words[0].text == "pull" else 1]:
            yield from _loads(ollama_reference(word.text), word, site)


def _local_ai(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    texts = [word.text for word in words[:2]]
    rest = words[1:] if texts[:1] == ["run"] else words[2:] if texts == ["models", "install"] else []
    for word in rest:
        text = word.text
        if text.startswith("-") or not word.is_known:
            continue
        if text.startswith("ollama://"):
            reference = ollama_reference(text.removeprefix("ollama://"))
        elif text.startswith(("huggingface://", "hf://")):
            reference = model_reference("https://huggingface.co/" + text.partition("://")[2])
        elif re.fullmatch(r"[\w.-]+", text, re.ASCII):
            reference = Reference(f"model:localai:{text.lower()}")
        else:
            continue
        yield from _loads(reference, word, site)


def _evaluates(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    """lm_eval: the model stands in `--model_args pretrained=OWNER/NAME,…`, a hosted one in `model=NAME`."""
    role = site.role if site.role is Role.DOCUMENTATION else Role.EVALUATION
    inner = replace(site, role=role, reports_lost=False)
    for word in options(words)[1].get("model_args", ()):
        for part in word.text.split(","):
            key, _, value = part.partition("=")
            hosted = hosted_model(value) if key == "model" and "/" not in value else None
            if hosted is not None:
                yield from _loads(Reference(hosted), word._replace(text=value), inner, Relation.CALLS)
            elif key in {"pretrained", "peft", "delta", "model"} and "/" in value:
                yield from _model(word._replace(text=value), inner)


def _kaggle(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    """`kaggle datasets download OWNER/NAME`, `kaggle competitions download -c NAME`: data of Kaggle by their names there."""
    if len(words) < 3 or words[1].text != "download" or words[0].text not in {"datasets", "competitions"}:
        return
    for word in words[2:]:
        if (
            word.is_known
            and re.fullmatch(r"[a-z0-9][\w.-]*(?:/[\w.-]+)?", word.text, re.ASCII)
            and ("/" in word.text) == (words[0].text == "datasets")
        ):
            yield from _loads(Reference(f"dataset:kaggle:{word.text.lower()}"), word, site)
            return


def _ramalama(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    if not words or words[0].text not in {"run", "pull", "serve"}:
        return
    for word in words[1:]:
        scheme, separator, rest = word.text.partition("://")
        if scheme in {"hf", "huggingface"} and separator:
            yield from _model(word._replace(text="https://huggingface.co/" + rest), site)
        elif scheme == "ollama" and separator:
            yield from _loads(ollama_reference(rest), word, site)


def _hub_download(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    if not words or words[0].text != "download":
        return
    types = [word.text for word in valued(words, "--repo-type")]
    at = 1
    while at < len(words) and words[at].text.startswith("-"):
        at += 1 if "=" in words[at].text or words[at].text in {"--quiet", "--force-download", "--resume-download", "--dry-run"} else 2
    if at < len(words) and "space" not in types:
        word = words[at]
        find = dataset_reference if "dataset" in types else model_reference
        yield from _loads(find(word.text), word, site)


def _git(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    texts = [word.text for word in words]
    at = next((texts.index(name) for name in ("clone", "add") if name in texts[:4]), None)
    if at is None or (texts[at] == "add" and texts[0] != "submodule"):
        return
    for word in words[at + 1 :]:
        if "huggingface.co" in word.text or "hf.co/" in word.text:
            yield from download(word, site)
            return
        match = re.fullmatch(
            r"(?:https?://|git@|ssh://git@)(github\.com|gitlab\.com)[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?", word.text, re.ASCII
        )
        if match is not None:
            name = match[2].lower()
            evidence = site.evidence(word)
            identifier = f"code:{match[1].partition('.')[0]}/{name}"
            yield ArtifactSeen(identifier, Kind.CODE, evidence, name=match[2])
            yield RelationSeen(PRODUCT, Relation.DEPENDS_ON, identifier, evidence, site.role)
            return


def _fetch(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    """wget, curl, aria2c: addresses among their words."""
    for word in words:
        if word.text.startswith(("http://", "https://")):
            yield from download(word, site)


def _docker(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:
    if not words:
        return
    verb, rest = words[0].text, words[1:]
    if verb == "model" and rest and rest[0].text in {"pull", "run"}:
        for word in rest[1:2]:
            is_hub = word.text.startswith(("hf.co/", "huggingface.co/"))
            found = model_reference(word.text) if is_hub else Reference(f"model:docker:{word.text.lower().removesuffix(':latest')}")
            yield from _loads(found if word.is_known else Reference(None), word, site)
        return
    if verb == "compose" and rest:
        verb, rest = next(((word.text, rest[at + 1 :]) for at, word in enumerate(rest) if word.text in {"exec", "run"}), ("", []))
        verb = "exec" if verb else ""
    if verb not in {"run", "exec", "pull"}:
        return
    settings = dict(site.settings)
    at = 0
    while at < len(rest) and rest[at].text.startswith("-"):
        text = rest[at].text
        takes = "=" not in text and text not in _DOCKER_FLAGS and not set(text) <= _DOCKER_LETTERS
        if text in {"-e", "--env"} and at + 1 < len(rest) and "=" in rest[at + 1].text:
            key, _, value = rest[at + 1].text.partition("=")
            settings[key] = rest[at + 1]._replace(text=value)
        at += 2 if takes else 1
    if at >= len(rest):
        return
    inner = replace(site, settings=settings)
    if verb == "exec":
        for command in _unwrapped(tuple(rest[at + 1 :])):
            yield from _facts(command, inner, nesting + 1)
        return
    if rest[at].is_known:
        yield from image_facts(rest[at].text, site, rest[at])
    if verb == "run":
        yield from read_image_arguments(rest[at].text, rest[at + 1 :], inner)


def _launcher(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    """torchrun, deepspeed, accelerate launch: the script is the first word that looks like one, or follows `-m`."""
    for at, word in enumerate(words):
        if word.text.endswith(".py"):
            yield from script_facts(words[at:], site, is_launched=True)
            return
        if word.text in {"-m", "--module"} and at + 1 < len(words):
            yield from script_facts(words[at + 1 :], site, is_launched=True)
            return


def _trainer(words: list[Word], site: Site, nesting: int) -> Iterator[Fragment]:  # noqa: ARG001
    """`trl sft …`, `llamafactory-cli train …`: the subcommand is the script."""
    if words and re.fullmatch(r"[a-z]+", words[0].text):
        yield from script_facts(words, site)


def _program_of_image(image: str) -> str | None:
    """The program that a server's image starts."""
    name = image.partition("@")[0]
    tail = name.rpartition("/")[2]
    for part, program in _IMAGES.items():
        if part in name and (part != "llama.cpp" or ":server" in tail or "server" in tail):
            return program
    return None


_PROGRAMS: dict[str, Callable[[list[Word], Site, int], Iterator[Fragment]]] = {
    "vllm": _serves("--model", is_positional=True, behind="serve|chat|complete"),
    "vllm-server": _serves("--model"),
    "sglang": _serves("--model-path", "--model", is_positional=True, behind="serve"),
    "sglang-server": _serves("--model-path", "--model"),
    "lmdeploy": _serves(is_positional=True, behind="serve|chat"),
    "aphrodite": _serves("--model", is_positional=True, behind="run"),
    "mlx_lm.server": _serves("--model"),
    "mlx_lm.generate": _serves("--model"),
    "text-generation-launcher": _serves("--model-id"),
    "text-embeddings-router": _serves("--model-id"),
    "infinity_emb": _serves("--model-id", "--model-name-or-path"),
    "fastchat-worker": _serves("--model-path"),
    "llama-server": _llama_cpp,
    "llama-cli": _llama_cpp,
    "llama-mtmd-cli": _llama_cpp,
    "llama-embedding": _llama_cpp,
    "llamafile": _llama_cpp,
    "ollama": _ollama,
    "local-ai": _local_ai,
    "huggingface-cli": _hub_download,
    "hf": _hub_download,
    "git": _git,
    "tune": _serves(is_positional=True, behind="download"),
    "litgpt": _serves(is_positional=True, behind="download|serve|chat"),
    "trtllm-serve": _serves("--model", is_positional=True),
    "text-generation-server": _serves(is_positional=True, behind="download-weights|serve"),
    "optimum-cli": _serves("--model", "-m", behind="export"),
    "ct2-transformers-converter": _serves("--model"),
    "ramalama": _ramalama,
    "lm_eval": _evaluates,
    "lm-eval": _evaluates,
    "kaggle": _kaggle,
    "wget": _fetch,
    "curl": _fetch,
    "aria2c": _fetch,
    "docker": _docker,
    "podman": _docker,
    "nerdctl": _docker,
    "torchrun": _launcher,
    "deepspeed": _launcher,
    "accelerate": _launcher,
    "trl": _trainer,
    "llamafactory-cli": _trainer,
    "uv": _uv,
    "poetry": _adds,
    "pdm": _adds,
    "rye": _adds,
    "pipenv": _pipenv,
    "pipx": _pip,
    "conda": _conda,
    "mamba": _conda,
    "micromamba": _conda,
    "pixi": _conda,
    "npm": _npm,
    "pnpm": _npm,
    "yarn": _npm,
}
"""Programs by the name they are started with."""

_MODULES = {
    "vllm.entrypoints.openai.api_server": "vllm-server",
    "vllm.entrypoints.api_server": "vllm-server",
    "sglang.launch_server": "sglang-server",
    "llama_cpp.server": "llama-server",
    "mlx_lm.server": "mlx_lm.server",
    "mlx_lm.generate": "mlx_lm.generate",
    "fastchat.serve.model_worker": "fastchat-worker",
    "fastchat.serve.vllm_worker": "fastchat-worker",
    "fastchat.serve.cli": "fastchat-worker",
    "torch.distributed.run": "torchrun",
    "torch.distributed.launch": "torchrun",
    "accelerate.commands.launch": "accelerate",
    "lm_eval": "lm_eval",
    "lm_eval.__main__": "lm_eval",
    "huggingface_hub.commands.huggingface_cli": "huggingface-cli",
}
_MODULE_STARTS = {"lmdeploy.serve": "lmdeploy"}

_IMAGES = {
    "vllm-openai": "vllm-server",
    "text-generation-inference": "text-generation-launcher",
    "text-embeddings-inference": "text-embeddings-router",
    "ollama/ollama": "ollama",
    "llama.cpp": "llama-server",
    "localai/localai": "local-ai",
    "michaelf34/infinity": "infinity_emb",
}
"""Images whose entry point is a server, by a part of their name."""
