"""Asking Telegram for updates; the next request, which acknowledges them, waits for the disk."""

import asyncio

import structlog
from telegram.error import Conflict as SecondPoller
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.clock import Clock
from bot.store.database import StorageError
from bot.telemetry.health import Health
from bot.wire.api import BotApi
from bot.wire.intake import Intake
from bot.wire.outcome import wait_seconds

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
LONG_POLL_SECONDS = 25
BATCH = 100
WAITS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

log = structlog.get_logger(__name__)


class Poller:
    """A loop of getUpdates. `run` ends only with `InvalidToken`, or when cancelled."""

    def __init__(self, api: BotApi, intake: Intake, clock: Clock, health: Health) -> None:
        self._api = api
        self._intake = intake
        self._clock = clock
        self._health = health
        # Telegram sends again whatever was not acknowledged, and the inbox knows repeats: no offset
        # needs to be remembered.
        self._offset = 0

    async def run(self) -> None:
        """Poll for ever."""
        trouble = 0
        while True:
            try:
                await self.poll_once()
                trouble = 0
                self._health.progress("poller", self._clock.now())
            except InvalidToken:
                raise
            except (TelegramError, StorageError) as error:
                reason = _reason(error)
                self._health.trouble("poller", reason)
                if trouble == 0:
                    log.warning("no updates for now", reason=reason)
                await asyncio.sleep(_wait(error, trouble))
                trouble += 1

    async def poll_once(self) -> int:
        """Fetch one batch and store it; returns how many updates came."""
        await self._intake.room()
        updates = await self._api.call(
            "getUpdates",
            {
                "offset": self._offset,
                "limit": BATCH,
                "timeout": LONG_POLL_SECONDS,
                "allowed_updates": ALLOWED_UPDATES,
            },
            read_timeout=LONG_POLL_SECONDS + 10,
        )
        if updates:
            await self._intake.store(updates)
            self._offset = max(update["update_id"] for update in updates) + 1
        return len(updates)


def _reason(error: Exception) -> str:
    if isinstance(error, SecondPoller):
        return "another copy of the bot is polling with this token (409): stop one of them"
    if isinstance(error, StorageError):
        return f"updates cannot be stored, so they stay with Telegram: {error}"
    if isinstance(error, NetworkError):
        return f"Telegram cannot be reached: {error.message}"
    return str(error)


def _wait(error: Exception, trouble: int) -> float:
    if isinstance(error, RetryAfter):
        return wait_seconds(error)
    return WAITS[min(trouble, len(WAITS) - 1)]
