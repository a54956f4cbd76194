"""What the documentation says is so: pasted runs, links and paths, options, policies, questions."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lien import load_policy
from lien.api import Catalog
from lien.cli import cli
from lien.vocabulary.conditions import CONTEXT_CONDITIONS
from lien.vocabulary.licenses import Nature
from lien.vocabulary.questions import PRESETS, Question

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BASES = (ROOT, ROOT / "src" / "lien")
"""Where the paths that prose names begin; those of links begin beside the page."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def fenced(page: Path, language: str) -> list[str]:
    """The contents of a page's blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)


def test_pasted_runs_and_vocabulary_are_current() -> None:
    run = subprocess.run(
        [sys.executable, "tools/refresh_docs.py", "--check"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


# --- links and paths ------------------------------------------------------------------------------


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)", text_of(page)):
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in map(slug, re.findall(r"^#+ (.+)$", text_of(linked), re.MULTILINE)), target


def paths_in(page: Path) -> Iterator[str]:
    """What looks like a path of this repository: in code spans and commands, beginning with one of its folders or ending in .py."""
    folders = {path.name for base in BASES for path in base.iterdir() if path.is_dir()}
    prose = re.sub(r"^```(?:text|toml|json)\n.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    spans = [span for span in re.findall(r"`([^`\n]+)`", prose) if " " not in span]
    words = [word for command in commands_in(page) for word in command]
    for word in (*spans, *words):
        name = word.rstrip("/.,:")
        if name.partition("/")[0] in folders or name.endswith(".py"):
            yield name


def commands_in(page: Path) -> Iterator[list[str]]:
    """The words of every command in shell blocks, and of every code span that begins with `lien`."""
    lines = [line for block in fenced(page, "sh") for line in block.splitlines()]
    for line in (*lines, *re.findall(r"`(lien [^`\n]+)`", text_of(page))):
        words = shlex.split(line, comments=True)
        while "&&" in words:
            yield words[: words.index("&&")]
            words = words[words.index("&&") + 1 :]
        if words:
            yield words


@each_page
def test_paths_exist(page: Path) -> None:
    assert [name for name in paths_in(page) if not exists(name)] == []


def exists(name: str) -> bool:
    """Is there such a file or folder? A module's bare name, as the architecture tells a floor's modules, may stand on any floor."""
    patterns = [(base, name) for base in BASES] if "/" in name else [(ROOT / "src" / "lien", f"**/{name}"), (ROOT, name)]
    return any(True for base, pattern in patterns for _ in base.glob(pattern))


def test_paths_are_looked_for() -> None:
    named = {name for page in PAGES for name in paths_in(page)}
    assert {"examples/alpaca-assistant", "src/lien", "readers/__init__.py", "graphs/licenses", ".ci/run"} <= named
    assert not exists("src/lien/nowhere.py")
    assert not exists("nowhere.py")


# --- commands -------------------------------------------------------------------------------------


@each_page
def test_commands_parse(page: Path) -> None:
    """Options and arguments are those of the command; what it would say is not looked at here."""
    for program, *arguments in commands_in(page):
        if Path(program).name == "lien" and arguments:
            parse(arguments)


def parse(arguments: list[str]) -> None:
    """Raises click's UsageError for what the command line does not know."""
    command: click.Command | None = cli
    context = click.Context(cli, info_name="lien")
    while isinstance(command, click.Group) and not arguments[0].startswith("-"):
        command = command.get_command(context, arguments[0])
        assert command is not None, arguments[0]
        context = click.Context(command, info_name=arguments[0], parent=context)
        arguments = arguments[1:]
    assert command is not None
    _, left, _ = command.make_parser(context).parse_args(list(arguments))
    if left:
        raise click.UsageError(f"too many arguments: {left}")


def options_of(command: click.Command, name: str = "") -> Iterator[str]:
    """Every option of a command and of those below it."""
    context = click.Context(command, info_name=name)
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option):
            yield from (*parameter.opts, *parameter.secondary_opts)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from options_of(found, below)


@each_page
def test_options_exist(page: Path) -> None:
    known = {*options_of(cli), "--check"}  # --check is of tools/refresh_docs.py
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text_of(page))) <= known


def test_what_is_refused() -> None:
    for wrong in (["audit", "--frobnicate"], ["explain", "--format", "json"], ["tree", "one", "two"]):
        with pytest.raises(click.UsageError):
            parse(wrong)


# --- policies and questions -----------------------------------------------------------------------


@each_page
def test_policies_parse(page: Path, tmp_path: Path) -> None:
    for block in fenced(page, "toml"):
        (tmp_path / "lien.toml").write_text(block, encoding="utf-8")
        load_policy(tmp_path / "lien.toml")


def test_the_readme_has_a_policy() -> None:
    (block,) = fenced(ROOT / "README.md", "toml")
    assert "[[agreement]]" in block


def test_policy_page_names_every_key() -> None:
    page = text_of(ROOT / "docs" / "policy.md")
    keys = [*CONTEXT_CONDITIONS, *PRESETS, "name", "license", "publisher", "paths", "fail_on", "unread", "unknown", "answers"]
    keys += ["finding", "term", "params", "artifact", "origin", "scope", "action", "unsure", "reason", "terms", "until"]
    keys += ["from", "type", "to", "source", "date", "claim"]
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_questions_page_has_the_answers() -> None:
    rows = re.findall(r"^\| \[([a-z-]+)\]\(#\1\) \| (\w+) \| (\w+) \| (\w+) \|$", text_of(ROOT / "docs" / "questions.md"), re.MULTILINE)
    presets = ("cautious", "balanced", "literal")
    assert set(presets) == set(PRESETS)
    assert rows == [(question, *(PRESETS[preset][question] for preset in presets)) for question in Question]


@pytest.mark.parametrize("question", Question)
def test_questions_page_names_texts_that_raise_it(question: Question) -> None:
    """Licences named after "Raised by" raise the question, by an entry of their own or by what a class means; those after "not" do not."""
    catalog = Catalog.bundled()
    _, _, rest = text_of(ROOT / "docs" / "questions.md").partition(f"\n## {question}\n")
    section = rest.partition("\n## ")[0]
    assert question.text in section
    (raised,) = re.findall(r"^Raised .*?(?=\n\n)", section, re.MULTILINE | re.DOTALL)
    for sentence in re.split(r"(?<=\.)\s", raised):
        for name in re.findall(r"`([^`]+)`", sentence):
            license_ = catalog.license(name)
            if license_ is None:
                assert name == "nature: contract"
                continue
            asks = any(question in entry.questions for term in license_.terms for entry in term.full_reach.values())
            asks |= question is Question.TERMS_BIND_THIRD_PARTIES and any(term.nature is Nature.CONTRACT for term in license_.terms)
            is_denied = re.search(r"\b(?:Not by|does not ask)\b", sentence) is not None
            assert asks is not is_denied, name
