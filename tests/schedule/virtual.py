"""Days in milliseconds: a loop whose time jumps to the next timer, and a wall clock that can step."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from bot.clock import Clock
from bot.schedule.alarm import Alarm

LONG_AGO = 1_500_000_000.0
"""When every night begins, by its wall clock: long before today, so that real time is no help."""


class _Impatient(selectors.SelectSelector):
    """Lets time pass instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; if nothing is, it is `timeout` later."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise RuntimeError("nothing is ever going to happen")
        self.at += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop in which waiting costs nothing."""

    def __init__(self) -> None:
        self._impatient = _Impatient()
        super().__init__(self._impatient)

    def time(self) -> float:
        """Seconds since the loop began."""
        return self._impatient.at

    def block(self, seconds: float) -> None:
        """Be busy for so long."""
        self._impatient.at += seconds


class WallZone(tzinfo):
    """UTC by a wall clock of its own: whoever asks for the time in this zone gets that clock's."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall

    def fromutc(self, _: datetime) -> datetime:
        """The wall clock's time."""
        return datetime.fromtimestamp(self._wall(), UTC).replace(tzinfo=self)

    def utcoffset(self, _: datetime | None) -> timedelta:
        """None."""
        return timedelta(0)

    def dst(self, _: datetime | None) -> timedelta:
        """None."""
        return timedelta(0)

    def tzname(self, _: datetime | None) -> str:
        """A name."""
        return "wall"


class Night:
    """An alarm, what it is to ring for, and when it did."""

    def __init__(self, loop: VirtualLoop, speed: float = 1.0) -> None:
        self.loop = loop
        self.step = 0.0
        self.clock = Clock(wall=self.wall, speed=speed)
        self.planned: list[int] = []
        self.rung: list[int] = []
        self.done: list[tuple[int, int]] = []
        self.on_ring: Callable[[], Awaitable[None]] | None = None
        self.alarm = Alarm(self.clock, self.ring, WallZone(self.wall))

    def wall(self) -> float:
        """The wall clock, in seconds since 1970."""
        return LONG_AGO + self.loop.time() + self.step

    def plan(self, seconds: float) -> int:
        """Something falls due in so many seconds of the bot's clock; returns the moment."""
        moment = self.clock.now() + int(seconds * 1000)
        self.planned.append(moment)
        return moment

    async def ring(self) -> int | None:
        """Do what is due; returns the next moment."""
        now = self.clock.now()
        self.rung.append(now)
        if self.on_ring is not None:
            await self.on_ring()
        self.done += [(moment, now) for moment in self.planned if moment <= now]
        self.planned = [moment for moment in self.planned if moment > now]
        return min(self.planned, default=None)

    def late(self) -> list[float]:
        """By how many seconds of the bot's clock each thing was late."""
        return [(now - moment) / 1000 for moment, now in self.done]


def play(scenario: Callable[[Night], Awaitable[None]], *, speed: float = 1.0) -> Night:
    """Play a scenario with a running alarm; returns what happened."""

    async def played() -> Night:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        night = Night(loop, speed)
        loop.set_exception_handler(_expected)
        running = asyncio.create_task(night.alarm.run())
        try:
            await scenario(night)
            assert not running.done(), running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            left = asyncio.all_tasks() - {asyncio.current_task()}
        assert left == set()
        assert not night.alarm.scheduler.running
        return night

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(played())


def _expected(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Only what a scenario breaks on purpose may fail behind everybody's back."""
    if not isinstance(context.get("exception"), BrokenOnPurposeError):
        raise AssertionError(context)


class BrokenOnPurposeError(Exception):
    """What a test breaks APScheduler with."""
