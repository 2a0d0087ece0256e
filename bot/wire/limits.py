"""Telegram's published rates, kept by token buckets that count in real seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Monotonic = Callable[[], float]
Sleep = Callable[[float], Awaitable[object]]


@dataclass(slots=True)
class Bucket:
    """`rate` a second on average, `burst` at once. Time is handed in, in seconds."""

    rate: float
    burst: float
    _level: float = field(init=False)
    _at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._level = self.burst

    def take(self, now: float) -> float:
        """Take one, ahead of time if need be; returns after how many seconds it is really there.

        Who comes first is served first, and everybody waits once, however many there are.
        """
        self._fill(now)
        self._level -= 1
        return max(0.0, -self._level / self.rate)

    def is_full(self, now: float) -> bool:
        """Whether nothing is forgotten by dropping it."""
        self._fill(now)
        return self._level >= self.burst

    def _fill(self, now: float) -> None:
        self._level = min(self.burst, self._level + (now - self._at) * self.rate)
        self._at = now


class Limits:
    """One message a second in a chat (a few at once are fine), drills at 25 a second in all.

    Telegram takes about 30 a second from a bot: no second ever has more drills than that.
    """

    CHAT_RATE, CHAT_BURST = 1.0, 4.0
    DRILL_RATE, DRILL_BURST = 25.0, 5.0
    KEPT_CHATS = 10_000

    def __init__(self, monotonic: Monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._chats: dict[int, Bucket] = {}
        self._drills = Bucket(self.DRILL_RATE, self.DRILL_BURST)

    async def message(self, chat_id: int) -> None:
        """Return when this chat may get one more message."""
        bucket = self._chats.get(chat_id)
        if bucket is None:
            if len(self._chats) >= self.KEPT_CHATS:
                self._forget_quiet_chats()
            bucket = self._chats[chat_id] = Bucket(self.CHAT_RATE, self.CHAT_BURST)
        await self._wait(bucket)

    async def drill(self) -> None:
        """Return when one more drill may go out."""
        await self._wait(self._drills)

    def _forget_quiet_chats(self) -> None:
        now = self._monotonic()
        self._chats = {chat: b for chat, b in self._chats.items() if not b.is_full(now)}

    async def _wait(self, bucket: Bucket) -> None:
        if wait := bucket.take(self._monotonic()):
            await self._sleep(wait)
