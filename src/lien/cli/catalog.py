"""`lien catalog`: build and check the knowledge in `graphs/`."""

from pathlib import Path

import click

__all__ = ["command"]

_SOURCES = click.option(
    "--sources",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="The folder of knowledge files; default: graphs/ of this checkout.",
)


@click.group("catalog", help="Build and check the knowledge.")
def command() -> None:
    pass


@command.command("build")
@_SOURCES
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write; default: inside this installation.")
def build(sources: Path | None, output: Path | None) -> None:
    """Check the knowledge files and compile them into one SQLite file."""
    from lien import api  # noqa: PLC0415

    click.echo(api.build_catalog(sources, output))


@command.command("validate")
@_SOURCES
def validate(sources: Path | None) -> None:
    """Check the knowledge files: schema, vocabulary, quotes' length, references. Writes nothing."""
    from lien import api  # noqa: PLC0415

    click.echo(api.validate_catalog(sources))
