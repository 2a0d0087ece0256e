"""One attempt at one message, and what Telegram's answer makes of it.

Delivered, refused for good, to be tried again when Telegram says so, or unknown.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.clock import Clock
from bot.drill.surprise import LATE_MS
from bot.store import drills, outbox
from bot.store.database import Write
from bot.store.outbox import Message
from bot.store.tables import Priority, Role, SendState
from bot.telemetry.health import Health
from bot.telemetry.metrics import MESSAGES, WAITS
from bot.wire.api import BotApi
from bot.wire.limits import Limits
from bot.wire.outcome import Outcome, outcome_of, reason_of, wait_seconds
from bot.wire.simpler import simpler

RETRY_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)
GIVE_UP_MS = 24 * 3600 * 1000

COUNTED = frozenset(
    {"sendMessage", "sendVoice", "sendVideoNote", "sendDocument", "sendPhoto", "copyMessage"}
)
"""Methods that put a message into the chat, which is what Telegram's rates count."""

HARMLESS = (
    "message is not modified",
    "query is too old",
    "query id is invalid",
    "message to delete not found",
)
"""Refusals that mean: it is already as it should be, or nobody waits for it any more."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended: what to write, and when to try again; None: the message is over.

    `blocked`: the learner does not want the bot any more.
    """

    writes: list[Write]
    again_at: int | None = None
    blocked: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether the learner's next message may follow."""
        return self.again_at is None and not self.blocked


class Delivery:
    """Calls Telegram for one message at a time; what became of it is handed back, not written."""

    def __init__(self, api: BotApi, clock: Clock, health: Health, limits: Limits) -> None:
        self._api = api
        self._clock = clock
        self._health = health
        self._limits = limits

    async def attempt(self, message: Message) -> Ending:
        """Try it once. Raises `InvalidToken`; every other failure is an ending."""
        try:
            if message.method in COUNTED:
                await self._limits.message(message.learner_id)
            return self._sent(message, await self._call(message))
        except InvalidToken:
            raise
        except TelegramError as error:
            return self._failed(message, error)
        except OSError as error:
            log.error("a file could not be sent", error=type(error).__name__)
            return self._over(message, SendState.FAILED, "the file cannot be read")
        except Exception as error:  # a mistake of ours must not stop all that comes after it
            log.error("sending failed", method=message.method, error=type(error).__name__)
            return self._unsettled(message, type(error).__name__, Outcome.UNKNOWN)

    def is_late(self, drill: Message) -> bool:
        """Whether a surprise was not sent in time, and shall not be: quiet hours may have begun."""
        return self._older_than(drill, LATE_MS)

    def given_up(self, drill: Message) -> Ending:
        """The ending of a surprise that is late."""
        log.warning("a drill was given up: it could not be sent in time", reason=drill.error)
        return self._over(drill, SendState.FAILED, "too late")

    async def _call(self, message: Message) -> Any:
        method, parameters = message.method, message.parameters()
        upload = Path(message.attachment) if message.attachment else None
        while True:
            try:
                return await self._api.call(method, parameters, upload=upload)
            except BadRequest as error:
                form = simpler(parameters, str(error))
                if form is None:
                    form = message.instead() if method == message.method else None
                    method, upload = "sendMessage", None
                if form is None:
                    raise
                log.error("a message goes out in a simpler form", reason=reason_of(error))
                parameters = form

    def _sent(self, message: Message, result: Any) -> Ending:
        MESSAGES.labels("sent").inc()
        kind = Priority(message.priority).name.lower()
        WAITS.labels(kind).observe(max(0, self._clock.now() - message.created_at) / 1000)
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
        return Ending(writes)

    def _failed(self, message: Message, error: TelegramError) -> Ending:
        reason = type(error).__name__
        if isinstance(error, RetryAfter):
            MESSAGES.labels("held").inc()
            return self._again(message, wait_seconds(error), reason)
        if isinstance(error, Forbidden):
            # A group that threw the bot out says nothing about the learner who had added it.
            chat = message.parameters().get("chat_id", message.learner_id)
            failed = outbox.ended(message, SendState.FAILED, reason)
            return Ending([failed], blocked=chat == message.learner_id)
        if isinstance(error, BadRequest) and any(h in str(error).lower() for h in HARMLESS):
            return Ending([outbox.sent(message, None, self._clock.now())])
        outcome = outcome_of(error)
        if outcome is Outcome.REFUSED:
            reason = reason_of(error)
            log.error("Telegram refused a message", method=message.method, reason=reason)
            return self._over(message, SendState.FAILED, reason[:200])
        self._health.trouble("sender", reason)
        return self._unsettled(message, reason, outcome)

    def _unsettled(self, message: Message, reason: str, outcome: Outcome) -> Ending:
        """It was not sent, or nobody knows: a reply is tried again, a drill only if it surely was not."""
        if outcome is Outcome.UNKNOWN and message.priority == Priority.DRILL:
            log.warning("a drill has an unknown outcome", reason=reason)
            return self._over(message, SendState.UNKNOWN, reason)
        if self._older_than(message, GIVE_UP_MS):
            log.error("a message was given up after a day", method=message.method, reason=reason)
            return self._over(message, SendState.FAILED, reason)
        wait = RETRY_SECONDS[min(message.attempts, len(RETRY_SECONDS) - 1)]
        return self._again(message, wait, reason)

    def _again(self, message: Message, real_seconds: float, reason: str) -> Ending:
        at = self._clock.after(real_seconds)
        return Ending([outbox.again(message, at, reason)], again_at=at)

    def _older_than(self, message: Message, real_ms: int) -> bool:
        age = self._clock.now() - message.created_at
        return age > real_ms * max(1, self._clock.speed)

    @staticmethod
    def _over(message: Message, state: SendState, reason: str) -> Ending:
        MESSAGES.labels(state.name.lower()).inc()
        return Ending([outbox.ended(message, state, reason)])
