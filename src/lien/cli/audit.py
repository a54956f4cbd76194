"""`lien audit`: which restrictions does a product inherit, and may it ship?"""

from pathlib import Path
from typing import Any

import click

from lien.cli._options import audit_options, colour_wanted, run_audit, write_out

__all__ = ["command"]


@click.command("audit")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True, help="Which report.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a file, whole or not at all.")
@click.option(
    "--fail-on",
    type=click.Choice(["deny", "warn", "never"]),
    help="From which severity on the exit code is 1. Default: as the policy says, else deny.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Hold each BOM to the official schema of its format, and report every violation as an error. Needs the extra lien[strict].",
)
@click.option(
    "--detect-licenses",
    is_flag=True,
    help="Ask scancode-toolkit about licence texts that lien does not know exactly; slow. Needs the extra lien[scancode].",
)
@audit_options
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[Path, ...], *, format_: str, output: Path | None, **options: Any) -> None:  # noqa: ANN401
    """Audit the product at PATH (default: the current folder): BOMs, requirements, model cards, lien.toml.

    Exit codes: 0 nothing denied; 1 a finding is denied; 2 not audited, or an owed input could not be read.
    """
    from lien import api  # noqa: PLC0415

    audited = run_audit(paths, **options)
    write_out(api.render(audited, format_, colour=output is None and colour_wanted()), output)
    ctx.exit(audited.exit_code())
