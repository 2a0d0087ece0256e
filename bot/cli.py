"""The command `sprung`. Heavy imports wait for the command that needs them: `--help` stays quick."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import __version__
from bot.commands import banks, keep, read_settings, stop

if TYPE_CHECKING:
    from bot.settings import Settings

PORT = 8088
OWNER = 1003
"""Who plays the owner in the sandbox: Olga."""

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Springs your weakest interview question on you when you least expect it.",
)
cli.add_typer(banks.app, name="banks")


def main() -> None:
    """Entry point of the command."""
    cli()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sprung {__version__}")
        raise typer.Exit


@cli.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the command itself."""


@cli.command()
def run() -> None:
    """Start the bot: on Telegram with SPRUNG_TOKEN, without it in the sandbox."""
    from bot.app import serve

    settings = read_settings()
    if settings.token is None:
        typer.echo("No SPRUNG_TOKEN is set, so this is a rehearsal: nothing leaves your computer.")
        _rehearse(settings, PORT, strict=False)
        return
    _run(serve(settings))


@cli.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is; 0: a free one.")] = PORT,
) -> None:
    """Start the bot on a phone in the browser, without Telegram."""
    _rehearse(read_settings(), port, strict=True)


keep.add_to(cli)


def _rehearse(settings: "Settings", port: int, *, strict: bool) -> None:
    _run(_sandbox_and_bot(settings, port, strict=strict))


async def _sandbox_and_bot(settings: "Settings", port: int, *, strict: bool) -> None:
    from bot.app import serve
    from bot.rehearsal import ClockControl, for_sandbox
    from bot.sandbox.server import Sandbox
    from bot.wire.listening import CannotListen

    control = ClockControl()
    phone = Sandbox(clock=control, port=port)
    try:
        await phone.start()
    except OSError as error:
        if strict:
            raise CannotListen(error.errno, f"port {port}: {error.strerror}") from error
        typer.echo(f"Port {port} is in use ({error.strerror}); taking a free one.")
        phone = Sandbox(clock=control)
        await phone.start()
    typer.echo(f"\n  Open {phone.url} in your browser and press START.  (Ctrl-C stops.)\n")
    try:
        await serve(
            for_sandbox(settings, token=phone.token, api_url=phone.url, owner=OWNER), control
        )
    finally:
        await phone.stop()


def _run(program: Coroutine[Any, Any, None]) -> None:
    """Run until Ctrl-C or SIGTERM; what cannot be helped ends with one line."""
    from bot.app import TokenRefused
    from bot.store.opening import CannotOpen
    from bot.wire.listening import CannotListen

    try:
        asyncio.run(_until_signalled(program))
    except* CannotOpen as errors:
        stop(str(errors.exceptions[0]))
    except* TokenRefused:
        stop(str(TokenRefused.__doc__))
    except* CannotListen as errors:
        stop(f"Cannot listen: {errors.exceptions[0]}")
    except* OSError as errors:
        stop(f"The system refused: {errors.exceptions[0]}")


async def _until_signalled(program: Coroutine[Any, Any, None]) -> None:
    from bot.telemetry.logs import loop_exception_handler

    task = asyncio.create_task(program)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(loop_exception_handler)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Only the first one counts: a second would break off the closing of the database.
        loop.add_signal_handler(number, _cancel_once, task)
    try:
        await task
    except asyncio.CancelledError:
        typer.echo("Stopped. Everything is on disk.", err=True)


def _cancel_once(task: asyncio.Task[None]) -> None:
    if not task.cancelling():
        task.cancel()
