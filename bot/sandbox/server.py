"""The sandbox as one server: the Bot API and the phone page on one address."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from aiohttp import web

from bot.sandbox.bot_api import BotApi
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.limits import UPLOAD_BYTES, Limits
from bot.sandbox.page import ClockControl, Page
from bot.sandbox.world import Dice, World

TOKEN = "7350461982:AAEsandbox-only-no-real-bot-0000000"  # noqa: S105 - made up
"""The token of the sandbox's bot; it opens nothing anywhere else."""

_BOT_NAME = "Sprung"
_BOT_USERNAME = "SprungSandboxBot"
_MARGIN_BYTES = 2**24  # the page may send what is too large for a bot to fetch


class Sandbox:
    """A stranger that speaks the Bot API over HTTP and shows phones in the browser.

    `now` gives the time of messages, in Unix seconds: by default the clock's, or the wall's.
    `clock` is the bot's clock, if the page shall be able to put it forward. `monotonic` counts the
    real seconds of rates and expiry. `port` 0 takes a free one.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        now: Callable[[], float] | None = None,
        clock: ClockControl | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits | None = None,
        dice: Dice | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        limits = limits or Limits()
        self.token = token
        self.world = World(_bot(token), now or _time_of(clock), monotonic, limits, _dice(dice))
        self.journal = Journal(limits.journal)
        self.faults = Faults()
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self._bot_api = BotApi(self.world, token, self.journal, self.faults)
        self._page = Page(self.world, self.journal, self.faults, clock)
        for name, language in (("Ann", "en"), ("Carl", "en"), ("Olga", "en")):
            self.world.add_person(name, language, name.lower())

    @property
    def url(self) -> str:
        """Where it listens: the page is at `/`, the Bot API's root is the same address."""
        return f"http://{self._host}:{self._port}"

    def attach(self, clock: ClockControl) -> None:
        """Let the page show this clock and put it forward, from now on."""
        self._page.clock = clock

    async def start(self) -> None:
        """Begin to listen; raises OSError when the port is in use."""
        app = web.Application(client_max_size=UPLOAD_BYTES + _MARGIN_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._bot_api.call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._bot_api.download)
        self._page.add_to(app.router)
        app.on_shutdown.append(self._hang_up)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, self._host, self._port)
            await site.start()
        except OSError:
            await self.stop()
            raise
        self._port = _port_of(self._runner)

    async def stop(self) -> None:
        """End every request, stop listening, remove the files; harmless when not started."""
        await self.world.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.world.files.close()

    async def _hang_up(self, _app: web.Application) -> None:
        self.world.updates.wake()
        self.world.phones.close()


def _bot(token: str) -> dict[str, object]:
    number = token.partition(":")[0]
    return {
        "id": int(number) if number.isdecimal() else 1,
        "is_bot": True,
        "first_name": _BOT_NAME,
        "username": _BOT_USERNAME,
    }


def _time_of(clock: ClockControl | None) -> Callable[[], float]:
    if clock is None:
        return time.time
    return lambda: clock.now() / 1000


def _dice(dice: Dice | None) -> Dice:
    return dice or random.SystemRandom()


def _port_of(runner: web.AppRunner) -> int:
    address = runner.addresses[0]
    port: int = address[1]
    return port
