"""`python -m bot.sandbox`: the sandbox by itself, for a bot in another process."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from bot.sandbox.limits import Limits
from bot.sandbox.server import TOKEN, Sandbox


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8088, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token", default=TOKEN, help="the bot's token")
    parser.add_argument("--no-rates", action="store_true", help="any number of messages a second")
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    limits = Limits.unlimited() if options.no_rates else Limits()
    sandbox = Sandbox(token=options.token, host=options.host, port=options.port, limits=limits)
    await sandbox.start()
    sys.stdout.write(f"{sandbox.url}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()
    await sandbox.stop()


def main() -> int:
    """Run until interrupted; 1 when the port is in use."""
    options = _options()
    try:
        asyncio.run(_serve(options))
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {options.host}:{options.port}: {error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
