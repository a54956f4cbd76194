"""`lien why`: every route by which a restriction arrives."""

from pathlib import Path
from typing import Any

import click

from lien.cli._options import audit_options, colour_wanted, run_audit, write_out

__all__ = ["command"]


@click.command("why")
@click.argument("wanted", metavar="FINDING|TERM")
@click.argument("artifact", required=False)
@click.option(
    "--path", "paths", multiple=True, type=click.Path(exists=True, path_type=Path), help="What to audit. Default: the current folder."
)
@audit_options
def command(wanted: str, artifact: str | None, paths: tuple[Path, ...], **options: Any) -> None:  # noqa: ANN401
    """Show all routes of a FINDING (its id) or TERM (a word, such as non-commercial), step by step."""
    from lien import api  # noqa: PLC0415

    write_out(api.why(run_audit(paths, **options), wanted, artifact, colour=colour_wanted()), None)
