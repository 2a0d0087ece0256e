"""Delivering the outbox: replies at least once, drills at most once with an unknown outcome.

Each learner's messages go in order, different learners' side by side. What Telegram answers decides:
delivered, refused for good, to be tried again when it said so, or unknown.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.clock import Clock
from bot.store import drills, outbox
from bot.store.database import Database, StorageError, Write
from bot.store.outbox import Message
from bot.store.tables import Priority, Role, SendState
from bot.telemetry.health import Health
from bot.wire.api import BotApi
from bot.wire.limits import Limits
from bot.wire.outcome import Outcome, outcome_of, wait_seconds

RUN = 20
PAGE = 200
RETRY_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)
GIVE_UP_MS = 24 * 3600 * 1000
LOOK_AGAIN_SECONDS = 30.0
STORAGE_WAIT_SECONDS = 3.0

COUNTED = frozenset({"sendMessage", "sendVoice", "sendVideoNote", "sendDocument", "copyMessage"})
"""Methods that put a message into the chat, which is what Telegram's rates count."""

HARMLESS = (
    "message is not modified",
    "query is too old",
    "query id is invalid",
    "message to delete not found",
)
"""Refusals that mean: it is already as it should be, or nobody waits for it any more."""

log = structlog.get_logger(__name__)

Blocked = Callable[[int], Awaitable[None]]


class Sender:
    """Sends what is in the outbox. `blocked` is told when a learner does not want the bot any more."""

    def __init__(
        self,
        database: Database,
        api: BotApi,
        clock: Clock,
        health: Health,
        limits: Limits,
        *,
        blocked: Blocked,
    ) -> None:
        self._database = database
        self._api = api
        self._clock = clock
        self._health = health
        self._limits = limits
        self._blocked = blocked
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._look = asyncio.Event()
        self._fatal: asyncio.Future[None] | None = None

    def offer(self, learner_id: int) -> None:
        """Say that there is something new in the outbox for this learner."""
        if learner_id in self._lanes:
            self._again.add(learner_id)
            return
        task = asyncio.create_task(self._run_lane(learner_id))
        self._lanes[learner_id] = task
        task.add_done_callback(lambda done: self._lane_ended(learner_id, done))

    async def recover(self) -> None:
        """At start: what was being sent when the program died has an unknown outcome."""
        await self._database.commit([outbox.interrupted()])

    async def run(self) -> None:
        """Serve for ever. Raises `InvalidToken` when Telegram does not know the token any more."""
        self._fatal = asyncio.get_running_loop().create_future()
        while True:
            try:
                await self._serve_once(self._fatal)
                self._health.progress("sender", self._clock.now())
            except StorageError as error:
                self._health.trouble("sender", str(error))
                await asyncio.sleep(STORAGE_WAIT_SECONDS)

    async def idle(self) -> None:
        """Return when nothing is being sent."""
        while self._lanes:
            await asyncio.wait(list(self._lanes.values()))

    async def _serve_once(self, fatal: asyncio.Future[None]) -> None:
        self._look.clear()
        now = self._clock.now()
        for learner_id in await outbox.learners_to_serve(self._database, now, PAGE):
            self.offer(learner_id)
        retry = await outbox.next_retry(self._database, now)
        wait = LOOK_AGAIN_SECONDS
        if retry is not None:
            wait = min(wait, self._clock.real_seconds_until(retry) + 0.001)
        looked = asyncio.ensure_future(self._look.wait())
        ends: set[asyncio.Future[Any]] = {looked, fatal}
        await asyncio.wait(ends, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        looked.cancel()
        if fatal.done():
            fatal.result()

    def _lane_ended(self, learner_id: int, task: asyncio.Task[None]) -> None:
        del self._lanes[learner_id]
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            if learner_id in self._again:
                self._again.discard(learner_id)
                self.offer(learner_id)
            return
        self._again.discard(learner_id)
        if isinstance(error, InvalidToken) and self._fatal and not self._fatal.done():
            self._fatal.set_exception(error)
        elif not isinstance(error, StorageError):
            log.error("sending stopped for a learner", error=type(error).__name__)
            self._health.trouble("sender", type(error).__name__)

    async def _run_lane(self, learner_id: int) -> None:
        while run := await outbox.run_of(self._database, learner_id, self._clock.now(), RUN):
            self._again.discard(learner_id)
            settled: list[Write] = []
            finished: list[Message] = []
            for message in run:
                writes, go_on = await self._deliver(message, settled)
                settled.extend(writes)
                if not go_on:
                    break
                finished.append(message)
            await self._database.commit(settled)
            _delete_attachments(finished)
            if len(finished) < len(run):
                self._look.set()
                return

    async def _deliver(self, message: Message, settled: list[Write]) -> tuple[list[Write], bool]:
        """Try one message; returns what became of it, and whether the learner's next may follow."""
        if message.priority == Priority.DRILL:
            await self._limits.drill()
            # On disk before the attempt: from here on a crash leaves the outcome unknown.
            await self._database.commit([*settled, outbox.sending(message)])
            settled.clear()
        if message.method in COUNTED:
            await self._limits.message(message.learner_id)
        try:
            result = await self._api.call(
                message.method,
                message.parameters(),
                upload=Path(message.attachment) if message.attachment else None,
            )
        except InvalidToken:
            raise
        except TelegramError as error:
            return await self._failed(message, error)
        except FileNotFoundError:
            return [outbox.ended(message, SendState.FAILED, "the file is gone")], True
        return self._sent(message, result), True

    def _sent(self, message: Message, result: Any) -> list[Write]:
        message_id = result.get("message_id") if isinstance(result, dict) else None
        writes = [outbox.sent(message, message_id, self._clock.now())]
        if message_id is not None and message.drill_no is not None and message.role != Role.NONE:
            writes.append(
                drills.card_sent(
                    message.learner_id,
                    message.drill_no,
                    message_id,
                    rating_card=message.role == Role.RATING,
                )
            )
        return writes

    async def _failed(self, message: Message, error: TelegramError) -> tuple[list[Write], bool]:
        reason = type(error).__name__
        outcome = outcome_of(error)
        if isinstance(error, RetryAfter):
            return [self._retry(message, wait_seconds(error), reason)], False
        if isinstance(error, Forbidden):
            await self._blocked(message.learner_id)
            return [outbox.ended(message, SendState.FAILED, reason)], True
        if isinstance(error, BadRequest) and any(h in str(error).lower() for h in HARMLESS):
            return [outbox.sent(message, None, self._clock.now())], True
        if outcome is Outcome.REFUSED:
            log.error("Telegram refused a message", method=message.method, reason=str(error))
            return [outbox.ended(message, SendState.FAILED, str(error)[:200])], True
        if outcome is Outcome.UNKNOWN and message.priority == Priority.DRILL:
            log.warning("a drill has an unknown outcome", reason=reason)
            return [outbox.ended(message, SendState.UNKNOWN, reason)], True
        if self._clock.now() - message.created_at > GIVE_UP_MS * max(1, self._clock.speed):
            return [outbox.ended(message, SendState.FAILED, reason)], True
        wait = RETRY_SECONDS[min(message.attempts, len(RETRY_SECONDS) - 1)]
        self._health.trouble("sender", reason)
        return [self._retry(message, wait, reason)], False

    def _retry(self, message: Message, real_seconds: float, reason: str) -> Write:
        return outbox.again(message, self._clock.after(real_seconds), reason)


def _delete_attachments(messages: list[Message]) -> None:
    for message in messages:
        if message.attachment:
            Path(message.attachment).unlink(missing_ok=True)
