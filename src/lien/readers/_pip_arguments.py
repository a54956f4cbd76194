"""The words after `pip install` (or `uv pip install`) as facts, for readers that meet such commands.

Whoever found the command splits it into words and says where it stands; nothing is run. Options that
only tell pip where or how to install are passed over, with their values.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from lien.errors import InputError
from lien.graph.fragments import PRODUCT, Evidence, Fragment, Role, UnresolvedReference
from lien.readers._requirement import URL, fragments_of, is_path, meaning, shown
from lien.readers._requirement_lines import is_requirements_file, pins_of_file, read_requirements, role_of_file
from lien.sources.tree import Tree

__all__ = ["pip_install"]

# pip 26 and uv 0.9, `pip install --help`: long options take their value from the next word unless they hold `=`.
_WITH_VALUE = frozenset(
    {
        *("-i", "--index-url", "--pypi-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--platform", "--python-version"),
        *("--implementation", "--abi", "--root", "--prefix", "--src", "--upgrade-strategy", "-C", "--config-settings", "--config-setting"),
        *("--global-option", "--install-option", "--build-option", "--no-binary", "--only-binary", "--progress-bar", "--report"),
        *("--trusted-host", "--cache-dir", "--timeout", "--default-timeout", "--retries", "--proxy", "--cert", "--client-cert", "--log"),
        *(
            "--exists-action",
            "--python",
            "--use-feature",
            "--use-deprecated",
            "--keyring-provider",
            "--root-user-action",
            "--resume-retries",
        ),
        *(
            "--hash",
            "--build-constraint",
            "--build-constraints",
            "-b",
            "--override",
            "--overrides",
            "--excludes",
            "--directory",
            "--project",
        ),
        *("--index", "--default-index", "--index-strategy", "--torch-backend", "-p", "--resolution", "--prerelease", "--fork-strategy"),
        *(
            "--exclude-newer",
            "--exclude-newer-package",
            "--link-mode",
            "-P",
            "--upgrade-package",
            "--refresh-package",
            "--allow-insecure-host",
        ),
        *(
            "--reinstall-package",
            "--extra",
            "--python-platform",
            "--no-build-isolation-package",
            "--no-build-package",
            "--no-binary-package",
        ),
        *("--config-file", "--color", "--group", "--no-sources-package"),
    }
)
_REQUIREMENTS, _CONSTRAINTS, _EDITABLE = (
    frozenset({"-r", "--requirement", "--requirements"}),
    frozenset({"-c", "--constraint", "--constraints"}),
    frozenset({"-e", "--editable"}),
)
_FOLLOWED = _REQUIREMENTS | _CONSTRAINTS | _EDITABLE
_ENDS = re.compile(r"&&?|\|\|?|;|\d*>{1,2}.*|<.*|#.*")
_VARIABLE = re.compile(r"\$[\w{(]|%\w+%|\{\{|`")
_NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9._, -]*\])?)\s*(?:[=<>!~]=?=?|@|$)")
_WHEEL = re.compile(r"(?:^|/)([A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?)-[^/]*\.whl$")


def pip_install(
    words: Sequence[str],
    evidence: Evidence,
    tree: Tree,
    *,
    role: Role = Role.DEFAULT,
    downstream: str = PRODUCT,
    locate: Callable[[str], str | None] | None = None,
) -> Iterator[Fragment]:
    """What the words after `pip install` ask for, in their order; they end at the shell's next command.

    `evidence` is the place of the command, and each fact shows its own word there. `locate` gives the
    path in the tree of a file that the command names (a Dockerfile knows what it copied where); without
    it, the file is looked for beside the command's, then from the root, then by the end of its path.
    A requirements file that is read for itself adds nothing here. What cannot be followed is an
    UnresolvedReference; nothing is raised.
    """
    base = evidence.path or ""
    find = locate or (lambda name: _located(name, base, tree))
    options, wanted = _sorted_out(words)
    pins: dict[str, str] = {}
    for option, value in options:
        if option in _CONSTRAINTS and (path := find(value)) is not None:
            try:
                pins.update(pins_of_file(tree.read(path)))
            except InputError:
                continue  # it pins nothing then, and versions stay open
    for option, value in wanted:
        place = evidence._replace(as_written=shown(f"{option} {value}".strip()))
        if option in _REQUIREMENTS:
            yield from _from_file(value, find, tree, place, downstream, role)
        else:
            yield from _asked(value, base, tree, pins, place, role, downstream)


def _sorted_out(words: Sequence[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(Constraints, what is asked for) as pairs of option and value; the option of a plain requirement is empty."""
    constraints: list[tuple[str, str]] = []
    wanted: list[tuple[str, str]] = []
    pending = iter(words)
    for word in pending:
        if _ENDS.fullmatch(word):
            break
        option, value = _option(word)
        if option is None:
            wanted.append(("", word))
            continue
        if value is None and option in (_FOLLOWED | _WITH_VALUE):
            value = next(pending, None)
        if value is None or option not in _FOLLOWED:
            continue
        (constraints if option in _CONSTRAINTS else wanted).append(("" if option in _EDITABLE else option, value))
    return constraints, wanted


def _option(word: str) -> tuple[str | None, str | None]:
    """(Option, value written in the same word); no option for a requirement."""
    if not word.startswith("-") or word == "-":
        return None, None
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return name, value if equals else None
    # `-rbase.txt` is one word; `-qU` are two flags.
    return word[:2], word[2:].removeprefix("=") or None if word[:2] in (_FOLLOWED | _WITH_VALUE) else None


def _located(name: str, base: str, tree: Tree) -> str | None:
    """A file that a command names, in the tree: an image's `/app/requirements.txt` was once a file of it."""
    if _VARIABLE.search(name):
        name = name.rpartition("/")[2]
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", "."}]
    for start in range(min(len(parts), 8)):
        rest = "/".join(parts[start:])
        for folder in (base, ""):
            path = tree.join(folder, rest)
            if path and tree.has(path):
                return path
    return None


def _from_file(
    name: str, find: Callable[[str], str | None], tree: Tree, place: Evidence, downstream: str, role: Role
) -> Iterator[Fragment]:
    path = None if URL.match(name) else find(name)
    if path is None:
        reason = "is a requirements file that is not in the audited tree; keep a copy in it"
        yield UnresolvedReference(downstream, shown(name), reason, place)
    elif not is_requirements_file(path):
        try:
            yield from read_requirements(tree.read(path), role if role is not Role.DEFAULT else role_of_file(path))
        except InputError as error:
            yield UnresolvedReference(downstream, shown(name), f"is a requirements file that cannot be read: {error.message}", place)


def _asked(word: str, base: str, tree: Tree, pins: Mapping[str, str], place: Evidence, role: Role, downstream: str) -> Iterator[Fragment]:
    if _VARIABLE.search(word):
        name = _beside_variable(word)
        if name is None:
            yield UnresolvedReference(downstream, shown(word), "is known only to the shell that runs the command; write it out", place)
            return
        word = name
    try:
        found = meaning(word, base, tree, pins)
    except (ValueError, RecursionError):
        yield UnresolvedReference(downstream, shown(word[:80]), "is no requirement (write NAME, NAME==VERSION or NAME @ URL)", place)
    else:
        yield from fragments_of(found, place, role, downstream)


def _beside_variable(word: str) -> str | None:
    """The package that a word names in spite of its variables: `torch==${VERSION}`, `https://host/${V}/torch-${V}-cp311.whl`."""
    match = _WHEEL.search(word) if is_path(word) or URL.match(word) else _NAME.match(word.strip())
    return match[1] if match else None
