"""Options that several commands share, and writing a report whole or not at all."""

import datetime as dt
import gc
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

__all__ = ["audit_options", "colour_wanted", "run_audit", "write_out"]

_F = TypeVar("_F", bound=Callable[..., Any])


class _Day(click.ParamType):  # type: ignore[type-arg]  # generic only in newer versions of click
    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:  # noqa: ANN401
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date; write 2026-11-20", param, ctx)


def audit_options(function: _F) -> _F:
    """The options of every command that audits."""
    for option in (
        click.option("--product", help="Which [[product]] of the project file, if it names several."),
        click.option(
            "--environment",
            type=click.Path(exists=True, path_type=Path),
            help="An installed environment: its packages' metadata tells their licences. Default: .venv or venv in the tree.",
        ),
        click.option(
            "--online",
            is_flag=True,
            help="Ask the package index for unpinned dependencies and their licences, and the Hugging Face Hub for unknown models.",
        ),
        click.option(
            "--hf-cache",
            metavar="[=PATH]",
            is_flag=False,
            flag_value="",
            help="Look unknown models and data sets up in a local cache of the Hugging Face Hub. Default: where its client keeps it.",
        ),
        click.option("--as-of", type=_Day(), help="The day that agreements are judged on. Default: today."),
        click.option(
            "--policy",
            "policy_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A project file to use instead of the tree's lien.toml.",
        ),
    ):
        function = option(function)
    return function


def run_audit(paths: Iterable[Path], **options: Any) -> Any:  # noqa: ANN401
    """Run the audit that a command asks for."""
    from lien import api  # noqa: PLC0415  # `lien --help` needs none of it

    # What an audit made lives until the process ends. Frozen, it is looked through for garbage neither
    # when the collector comes back nor at exit, which takes a second for a large BOM.
    gc.disable()
    if options.get("online") and sys.stderr.isatty():
        options["progress"] = _tell
    try:
        return api.audit(tuple(paths), **options)
    finally:
        if "progress" in options:
            _tell("")
        gc.freeze()
        gc.enable()


def _tell(text: str) -> None:
    """How far a long wait is: one line of the terminal, written over and over."""
    sys.stderr.write(f"\r\x1b[K{text}")
    sys.stderr.flush()


def colour_wanted() -> bool:
    """Colour only on a terminal, and never against NO_COLOR (no-color.org; click does not look at it)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write_out(pieces: Iterable[str], output: Path | None) -> None:
    """Write pieces of text to a file, whole or not at all, or to standard output."""
    if output is None:
        sys.stdout.flush()
        for piece in pieces:
            # Reports are UTF-8 whatever the locale says: a pipe in a build has none.
            sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
        return
    # A pipe or /dev/null is written into: a rename would put a file in its place.
    is_special = output.exists() and not output.is_file()
    beside = output if is_special else output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines(pieces)
        if not is_special:
            beside.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output}: cannot be written ({error.strerror})") from error
    finally:
        if not is_special:
            beside.unlink(missing_ok=True)
