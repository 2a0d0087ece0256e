"""Keeping what learners have said: `sprung backup`, `sprung restore`, `sprung doctor`."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import read_settings, stop

Target = Annotated[
    Path | None, typer.Argument(help="A file or folder; none: the backups beside the database.")
]
File = Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)]
Mend = Annotated[bool, typer.Option("--mend", help="Do what is safe. The bot must be stopped.")]


@contextmanager
def _given_back(folder: Path) -> Iterator[None]:
    """Run as root, leave no file of root's among the bot's."""
    from bot.store.disk import give_back

    try:
        yield
    finally:
        if folder.exists():
            give_back(folder)


def add_to(cli: typer.Typer) -> None:
    """Add these commands."""
    for command in (backup, restore, doctor):
        cli.command()(command)


def backup(target: Target = None) -> None:
    """Make a checked copy of the database, beside a running bot or without one."""
    import sqlite3

    from bot.clock import Clock
    from bot.store.backup import Backups, copy

    path = read_settings().database_path
    if not path.exists():
        stop(f"{path}: there is no database yet.")
    backups, now = Backups(path), Clock().now()
    try:
        with _given_back(path.parent):
            if target is None:
                place = backups.make(now)
            else:
                place = target / backups.place(now).name if target.is_dir() else target
                copy(path, place)
    except (sqlite3.Error, OSError) as error:
        stop(f"No backup was made: {error}")
    typer.echo(f"{place}: whole, as many rows as the original, on disk.")


def restore(file: File) -> None:
    """Put a backup in the place of the database. The bot must be stopped."""
    from bot.app import dice_for, erasures_of
    from bot.clock import Clock
    from bot.restoring import Restorer
    from bot.store.media import MediaFolder
    from bot.store.opening import CannotOpen

    settings = read_settings()
    restorer = Restorer(
        settings.database_path,
        clock=Clock(),
        dice=dice_for(settings),
        erasures=erasures_of(settings),
        folders=(MediaFolder(settings.media_folder), MediaFolder(settings.exports_folder)),
    )
    try:
        with _given_back(settings.database_path.parent):
            told = asyncio.run(restorer.restore(file))
    except CannotOpen as error:
        stop(str(error))
    typer.echo("\n".join(told))


def doctor(mend: Mend = False) -> None:
    """Look at everything and explain it; exit 1 when something needs you."""
    from bot.app import dice_for
    from bot.checkup import Checkup
    from bot.clock import Clock
    from bot.store.opening import CannotOpen
    from bot.store.room import Room
    from bot.wire.telegram_time import telegrams_date

    settings = read_settings()
    path = settings.database_path
    checkup = Checkup(
        path,
        Clock(),
        dice_for(settings),
        lambda: telegrams_date(settings.api_url),
        room=Room(path.parent),
    )
    try:
        with _given_back(path.parent):
            findings = asyncio.run(checkup.mended() if mend else checkup.findings())
    except CannotOpen as error:
        stop(str(error))
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.needs_hands for finding in findings):
        raise typer.Exit(1)
