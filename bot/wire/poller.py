"""Asking Telegram for updates; the next request, which acknowledges them, waits for the disk."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from telegram.error import Conflict as SecondPoller
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.clock import Clock
from bot.store.database import StorageError
from bot.telemetry.health import Health
from bot.wire.api import BotApi
from bot.wire.intake import Intake, has_id
from bot.wire.limits import Sleep
from bot.wire.outcome import reason_of, wait_seconds

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
LONG_POLL_SECONDS = 25
BATCH = 100
WAITS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

log = structlog.get_logger(__name__)


class Poller:
    """A loop of getUpdates. `run` ends only with `InvalidToken`, or when cancelled."""

    def __init__(
        self,
        api: BotApi,
        intake: Intake,
        clock: Clock,
        health: Health,
        *,
        long_poll_seconds: int = LONG_POLL_SECONDS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._api = api
        self._intake = intake
        self._clock = clock
        self._health = health
        self._long_poll_seconds = long_poll_seconds
        self._sleep = sleep
        # Telegram sends again whatever was not acknowledged, and the inbox knows repeats: no offset
        # needs to be remembered.
        self._offset = 0

    async def run(self) -> None:
        """Poll for ever."""
        trouble, told = 0, ""
        while True:
            try:
                await self.poll_once()
                trouble, told = 0, ""
                self._health.progress("poller", self._clock.now())
            except InvalidToken:
                raise
            except (TelegramError, StorageError) as error:
                reason = _reason(error)
                self._health.trouble("poller", reason)
                if reason != told:
                    log.warning("no updates for now", reason=reason)
                await self._sleep(_wait(error, trouble))
                trouble, told = trouble + 1, reason

    async def poll_once(self) -> int:
        """Fetch one batch and store it; returns how many updates came."""
        self._intake.ready()
        updates = await self._api.call(
            "getUpdates",
            {
                "offset": self._offset,
                "limit": BATCH,
                "timeout": self._long_poll_seconds,
                "allowed_updates": ALLOWED_UPDATES,
            },
            read_timeout=self._long_poll_seconds + 10,
        )
        if not isinstance(updates, list):
            raise TelegramError("Invalid server response")
        if updates:
            await self._intake.store(updates)
            self._offset = _last_id(updates) + 1
        return len(updates)


def _last_id(updates: Sequence[Any]) -> int:
    ids: list[int] = [update["update_id"] for update in updates if has_id(update)]
    if not ids:
        raise TelegramError("there are updates without an id, which cannot be acknowledged")
    return max(ids)


def _reason(error: TelegramError | StorageError) -> str:
    if isinstance(error, SecondPoller):
        return "another copy of the bot is polling with this token (409): stop one of them"
    if isinstance(error, StorageError):
        return f"updates cannot be stored, so they stay with Telegram: {error}"
    if isinstance(error, NetworkError):
        return f"Telegram cannot be reached: {reason_of(error)}"
    return reason_of(error)


def _wait(error: Exception, trouble: int) -> float:
    if isinstance(error, RetryAfter):
        return wait_seconds(error)
    return WAITS[min(trouble, len(WAITS) - 1)]
