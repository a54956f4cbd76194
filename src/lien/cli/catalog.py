"""`lien catalog`: look things up in the knowledge, build it from `graphs/` and check it."""

from pathlib import Path

import click

from lien.cli._options import write_out

__all__ = ["command"]

_SOURCES = click.option(
    "--sources",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="The folder of knowledge files; default: graphs/ of this checkout.",
)


@click.group("catalog", help="Look things up in the knowledge; build and check it.")
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


@command.command("search")
@click.argument("text")
def search(text: str) -> None:
    """List the licences and artifacts whose id, name or alias holds TEXT."""
    from lien import api  # noqa: PLC0415

    write_out(api.catalog_view("search", text), None)


@command.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Show everything known of an artifact or licence, with its sources."""
    from lien import api  # noqa: PLC0415

    write_out(api.catalog_view("show", name), None)


@command.command("stats")
def stats() -> None:
    """Count what is known: texts, terms, artifacts, relations."""
    from lien import api  # noqa: PLC0415

    write_out(api.catalog_view("stats"), None)
