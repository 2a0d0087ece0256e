"""What the commands of `sprung` share. Heavy imports wait for the command that needs them."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings


def stop(message: str, code: int = 1) -> NoReturn:
    """End the program with one line."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def read_settings() -> "Settings":
    """The settings of the environment and `.env`; one that is wrong ends the program."""
    from bot.settings import SettingsError, load_settings
    from bot.telemetry import logs

    try:
        settings = load_settings(os.environ, Path(".env"))
    except SettingsError as error:
        stop(str(error), 2)
    logs.configure(settings.log, settings.secrets, sys.stderr)
    logs.install_last_resort()
    for unknown in settings.unknown:
        typer.echo(unknown, err=True)
    return settings
