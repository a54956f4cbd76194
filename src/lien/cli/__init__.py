"""The command line: one command per file, loaded when it is called; no logic."""

from importlib import import_module

import click

from lien.version import VERSION

__all__ = ["cli"]

_COMMANDS = {
    "audit": "Audit a product: which restrictions does it inherit, and may it ship?",
    "why": "Show every route by which a restriction arrives, step by step.",
    "tree": "Show the upstream tree, and what each artifact brings.",
    "explain": "Explain a word of the vocabulary, or a licence clause by clause.",
    "catalog": "Look things up in the knowledge; build and check it.",
}


class _Lazy(click.Group):
    """Commands by name; a command's module is imported only when it runs or shows its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"lien.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="lien", message="%(prog)s %(version)s")
@click.option("-v", "--verbose", is_flag=True, help="Log what is read and why to standard error.")
def cli(*, verbose: bool) -> None:
    """Follow licence restrictions through models, data, services and code into a product.

    Exit codes: 0 nothing denied; 1 a finding is denied; 2 not audited, or an owed input could not be read.
    """
    if verbose:
        import logging  # noqa: PLC0415

        logging.basicConfig(format="%(name)s: %(message)s")
        logging.getLogger("lien").setLevel(logging.DEBUG)
