"""`lien tree`: the upstream tree, with what each artifact brings."""

from pathlib import Path
from typing import Any

import click

from lien.cli._options import audit_options, colour_wanted, run_audit, write_out

__all__ = ["command"]


@click.command("tree")
@click.argument("artifact", required=False)
@click.option(
    "--path", "paths", multiple=True, type=click.Path(exists=True, path_type=Path), help="What to audit. Default: the current folder."
)
@audit_options
def command(artifact: str | None, paths: tuple[Path, ...], **options: Any) -> None:  # noqa: ANN401
    """Show what is upstream of ARTIFACT (default: the product), and which licence and limits each one brings."""
    from lien import api  # noqa: PLC0415

    write_out(api.tree(run_audit(paths, **options), artifact, colour=colour_wanted()), None)
