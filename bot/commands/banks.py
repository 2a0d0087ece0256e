"""Question banks: `sprung banks …`. What the commands do is in `bot.banks`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import authoring, banks_review, stop

app = typer.Typer(no_args_is_help=True, help="Write, check and compare question banks.")
authoring.add_to(app)
banks_review.add_to(app)

Paths = Annotated[
    list[Path] | None, typer.Argument(help="Files or folders; none: the shipped sets.")
]


def _folders(paths: list[Path] | None) -> list[Path]:
    from bot.settings import shipped_banks

    return paths or [shipped_banks()]


@app.command("check")
def check_banks(paths: Paths = None) -> None:
    """Name every problem with its line and column; exit 1 when there are errors."""
    from bot.banks.library import check

    problems = check(_folders(paths))
    for problem in problems:
        typer.echo(f"{problem.severity}: {problem}")
    errors = sum(problem.severity == "error" for problem in problems)
    typer.echo(f"{errors} errors, {len(problems) - errors} warnings")
    if errors:
        raise typer.Exit(1)


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema that editors check banks with."""
    from bot.banks.schema import schema_text

    typer.echo(schema_text(), nl=False)


@app.command("list")
def list_banks(paths: Paths = None) -> None:
    """List the sets with their number of questions."""
    from rich.console import Console
    from rich.table import Table

    from bot.banks.library import load_library

    library, problems = load_library(_folders(paths))
    table = Table("Set", "Title", "Locale", "Version", "Questions")
    for bank in library.sets.values():
        active = len(library.active(bank.id))
        table.add_row(bank.id, bank.title, bank.locale, str(bank.version), str(active))
    Console().print(table)
    if any(problem.severity == "error" for problem in problems):
        stop("Some files have errors: see `sprung banks check`.")
