"""`lien explain`: a word of the vocabulary, an open question, or a licence clause by clause."""

import click

from lien.cli._options import write_out

__all__ = ["command"]


@click.command("explain")
@click.argument("name", required=False, metavar="[WORD|QUESTION|LICENSE]")
@click.option(
    "--under", metavar="SPDX-ID", help="Of a licence: what the OSADL matrix says of it in a product under this one; needs lien[osadl]."
)
def command(name: str | None, under: str | None) -> None:
    """Explain a word's meaning, an open question, or a licence's terms with clauses and quotes; alone, list the words."""
    from lien import api  # noqa: PLC0415

    write_out(api.explain(name, under=under), None)
