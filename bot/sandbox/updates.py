"""Updates that wait for the bot: numbered, kept until acknowledged or too old, polled or posted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice, takewhile

import orjson

from bot.sandbox.refusals import Refusal
from bot.sandbox.shapes import Json

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
)
_ONLY_WHEN_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_FOREVER = float("inf")
_NEAR = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """One update on its way; `order` groups those that must arrive one after the other."""

    id: int
    order: int
    body: bytes
    expires_at: float  # on the monotonic clock, seconds


class Updates:
    """The queue between the people and the bot."""

    def __init__(self, first_id: int, monotonic: Callable[[], float]) -> None:
        self.next_id = first_id
        self.allowed: tuple[str, ...] | None = None
        self.on_push: Callable[[Waiting], None] | None = None
        self.polling = asyncio.Event()  # set while a poll waits
        self._monotonic = monotonic
        self._waiting: dict[int, Waiting] = {}
        self._poller: asyncio.Future[None] | None = None

    def allow(self, kinds: list[str] | None) -> None:
        """Which kinds are wanted from now on; `None` leaves it as it was, an empty list resets."""
        if kinds is not None:
            self.allowed = tuple(kinds) or None

    def push(self, kind: str, payload: Json, *, order: int, seconds: float = _FOREVER) -> None:
        """Queue one update for so many real seconds, unless the bot does not want its kind."""
        if kind in self.allowed if self.allowed else kind not in _ONLY_WHEN_ASKED:
            self.push_raw({kind: payload}, order=order, seconds=seconds)

    def push_raw(self, fields: Json, *, order: int = 0, seconds: float = _FOREVER) -> int:
        """Queue an update of any content under the next number; the number."""
        number, self.next_id = self.next_id, self.next_id + 1
        body = orjson.dumps({"update_id": number, **fields})
        self._queue(Waiting(number, order, body, self._monotonic() + seconds))
        return number

    def repeat(self, update: Json, *, order: int = 0) -> None:
        """Queue an update that was delivered before, under its old number: a fault."""
        self._queue(Waiting(update["update_id"], order, orjson.dumps(update), _FOREVER))

    def take(self, offset: int, limit: int) -> list[Waiting]:
        """The first updates that wait; the offset acknowledges all before it.

        A negative offset keeps that many from the end and forgets the rest; one far in the future
        acknowledges nothing, as it must belong to another numbering.
        """
        if offset < 0:
            self._forget(len(self._waiting) + offset)
        elif offset <= self.next_id + _NEAR:
            self._forget(sum(1 for _ in takewhile(lambda number: number < offset, self._waiting)))
        self._expire()
        return list(islice(self._waiting.values(), limit))

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Waiting]:
        """Like `take`, waiting up to so many seconds for the first one.

        A poll ends an older one that still waits, which raises Refusal (409) there.
        """
        self.interrupt(_OTHER_POLLER)
        taken = self.take(offset, limit)
        if taken or seconds <= 0:
            return taken
        loop = asyncio.get_running_loop()
        self._poller = poller = loop.create_future()
        self.polling.set()
        timer = loop.call_later(seconds, _finish, poller)
        try:
            await poller
        finally:
            timer.cancel()
            if self._poller is poller:
                self._poller = None
                self.polling.clear()
        return self.take(offset, limit)

    def interrupt(self, reason: str) -> None:
        """End the poll that waits with a conflict (409)."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(Refusal(409, reason))

    def wake(self) -> None:
        """End the poll that waits with what there is."""
        if self._poller is not None:
            _finish(self._poller)

    def waiting(self) -> list[Waiting]:
        """Every update not yet acknowledged nor too old, in order."""
        self._expire()
        return list(self._waiting.values())

    def is_waiting(self, update: Waiting) -> bool:
        """Whether it is neither acknowledged nor too old."""
        return update.id in self._waiting and update.expires_at > self._monotonic()

    def drop(self, update: Waiting) -> None:
        """Acknowledge one update."""
        self._waiting.pop(update.id, None)

    def drop_all(self) -> None:
        """Acknowledge all of them."""
        self._waiting.clear()

    def _queue(self, update: Waiting) -> None:
        self._waiting[update.id] = update
        if self.on_push is not None:
            self.on_push(update)
        self.wake()

    def _forget(self, count: int) -> None:
        for number in list(islice(self._waiting, max(0, count))):
            del self._waiting[number]

    def _expire(self) -> None:
        now = self._monotonic()
        for number in [u.id for u in self._waiting.values() if u.expires_at <= now]:
            del self._waiting[number]


def _finish(poller: asyncio.Future[None]) -> None:
    if not poller.done():
        poller.set_result(None)
