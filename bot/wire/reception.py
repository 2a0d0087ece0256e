"""How updates reach the bot: it says who it is, then has them posted to it, or asks for them."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.clock import Clock
from bot.telemetry.health import Health
from bot.wire.api import BotApi
from bot.wire.intake import Intake
from bot.wire.limits import Sleep
from bot.wire.outcome import Outcome, outcome_of, reason_of, wait_seconds
from bot.wire.poller import ALLOWED_UPDATES, Poller

START_WAITS = (1.0, 2.0, 5.0, 15.0, 30.0)
PROGRESS_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hook:
    """Where Telegram shall post updates, and the secret that it shows there."""

    url: str
    secret: str = field(repr=False)


class Reception:
    """Receives for ever. `menu`: calls that tell Telegram about the bot, which it may refuse.

    `named` is told the bot's name at Telegram. `sleep`: how to wait until Telegram may be asked again.
    """

    def __init__(
        self,
        api: BotApi,
        intake: Intake,
        clock: Clock,
        health: Health,
        *,
        menu: Iterable[tuple[str, dict[str, Any]]],
        hook: Hook | None,
        named: Callable[[str], None],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._api = api
        self._clock = clock
        self._health = health
        self._menu = menu
        self._hook = hook
        self._named = named
        self._sleep = sleep
        self._poller = Poller(api, intake, clock, health, sleep=sleep)

    async def run(self) -> None:
        """Ends only with `InvalidToken`, or when cancelled."""
        await self._introduce()
        if self._hook is None:
            await self._until_done("deleteWebhook", {})
            await self._poller.run()
        else:
            await self._until_done("setWebhook", _parameters(self._hook))
            while True:
                self._health.progress("poller", self._clock.now())
                await asyncio.sleep(PROGRESS_SECONDS)

    async def _introduce(self) -> None:
        me = await self._until_done("getMe", {})
        self._named(me["username"])
        log.info("connected", bot=me["username"])
        for method, parameters in self._menu:
            await self._until_done(method, parameters, needed=False)

    async def _until_done(
        self, method: str, parameters: dict[str, Any], *, needed: bool = True
    ) -> Any:
        """Call until Telegram does it, or refuses what is not `needed`. Raises `InvalidToken`."""
        attempt = 0
        while True:
            try:
                return await self._api.call(method, parameters)
            except InvalidToken:
                raise
            except TelegramError as error:
                reason = reason_of(error)
                if not needed and outcome_of(error) is Outcome.REFUSED:
                    log.error("Telegram refused; going on without", method=method, reason=reason)
                    return None
                wait = _wait(error, attempt)
                log.warning("not there yet; trying on", method=method, reason=reason, wait=wait)
                self._health.trouble("poller", reason)
                attempt += 1
                await self._sleep(wait)


def _wait(error: TelegramError, attempt: int) -> float:
    if isinstance(error, RetryAfter):
        return wait_seconds(error)
    return START_WAITS[min(attempt, len(START_WAITS) - 1)]


def _parameters(hook: Hook) -> dict[str, Any]:
    return {"url": hook.url, "secret_token": hook.secret, "allowed_updates": ALLOWED_UPDATES}
