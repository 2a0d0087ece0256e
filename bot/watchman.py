"""The watchman looks every few seconds: is there room, is the clock right, does everybody get on?

What is wrong he tells /healthz and the owners, once; systemd hears that all is well as long as
nobody hangs.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.store import installation
from bot.store.database import Conflict, Database, StorageError
from bot.store.opening import CannotOpen, how_to_restore
from bot.store.room import Room
from bot.telemetry.health import Health
from bot.telemetry.systemd import Systemd
from bot.wire.telegram_time import TelegramTime

LOOK_SECONDS = 5.0
PULSE_SECONDS = 20.0
SEEN = "seen_at"
UNSETTLED = "seen_unsettled_at"
"""The installation's values that say when the bot was last at work, by a clock found right or not yet."""

log = structlog.get_logger(__name__)

Tell = Callable[[str, str], Awaitable[None]]
SetRight = Callable[[bool], Awaitable[None]]
Ask = Callable[[], Awaitable[None]]
Monotonic = Callable[[], float]


class Ringer(Protocol):
    """What the watchman needs of the alarm."""

    @property
    def well(self) -> bool:
        """Whether what fell due was done."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What both clocks showed at one look: the bot's in ms, without what was skipped; real seconds."""

    shown: int
    real: float


class Watchman:
    """Looks after the bot while `run` runs.

    `ask`: asks Telegram for its time. `tell`: tells the owners of a part what its trouble is, or,
    with none, that it is over. `set_right`: draws anew what a wrong clock has planned; True: every
    plan. `monotonic`: real seconds that nobody can set.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        health: Health,
        *,
        room: Room,
        time: TelegramTime,
        alarm: Ringer,
        systemd: Systemd,
        ask: Ask,
        tell: Tell,
        set_right: SetRight,
        monotonic: Monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._health = health
        self._room = room
        self._time = time
        self._alarm = alarm
        self._systemd = systemd
        self._ask = ask
        self._tell = tell
        self._set_right = set_right
        self._monotonic = monotonic
        self._told: set[str] = set()
        self._last: _Look | None = None
        self._unsettled = False
        self._back = False
        self._jumps = 0

    def holds(self) -> bool:
        """Whether surprises must wait: the clock is wrong, has just jumped, or was never compared."""
        if self._last is None:
            return False
        unknown = self._time.ahead_ms is None
        return unknown or bool(self._time.trouble) or self._jumped_ms() != 0

    async def run(self) -> None:
        """Look for ever. Raises `CannotOpen` when the database turns out damaged."""
        self._unsettled = True
        self._last = self._both_clocks()
        self._back = await self._was_ahead()
        self._systemd.tell("READY=1")
        try:
            async with asyncio.TaskGroup() as tasks:
                beside = [
                    tasks.create_task(_again_and_again(self.feel_pulse, PULSE_SECONDS)),
                    tasks.create_task(_again_and_again(self.settle, LOOK_SECONDS)),
                ]
                while not self._database.damaged.is_set():
                    await self.look()
                    await asyncio.sleep(LOOK_SECONDS)
                for task in beside:
                    task.cancel()
        finally:
            self._systemd.tell("STOPPING=1")
        path = self._database.path
        raise CannotOpen(f"{path}: the database is damaged. {how_to_restore(path)}")

    async def look(self) -> None:
        """Look once."""
        now = self._clock.now()
        await self._look_at_the_clock()
        await self._report("disk", self._room.trouble())
        await self._report("clock", self._time.trouble)
        if self._alarm.well:
            self._health.progress("dispatcher", now)
        problems = self._health.problems(now)
        words = [f"STATUS={'; '.join(problems) or 'at work'}"]
        if not self._health.hanging(now):
            words.append("WATCHDOG=1")
        self._systemd.tell(*words)

    async def _look_at_the_clock(self) -> None:
        jumped = self._jumped_ms()
        self._last = self._both_clocks()
        if jumped:
            log.warning("the clock has jumped", seconds=jumped // 1000)
            self._unsettled = True
            self._back |= jumped < 0
            self._jumps += 1
            self._time.doubt()
            await self._ask()

    async def settle(self) -> None:
        """Once the clock is right, have set right what it planned before: that may take minutes."""
        if not self._unsettled or self._time.ahead_ms is None or self._time.trouble:
            return
        jumps = self._jumps
        try:
            await self._set_right(self._back)
        except (Conflict, StorageError) as error:
            log.error("plans were not set right; trying again", reason=str(error))
            return
        if jumps == self._jumps:
            self._unsettled = self._back = False

    def _jumped_ms(self) -> int:
        """How far the clock has jumped since the last look, in its own time; 0: not to speak of."""
        now, last = self._both_clocks(), self._last or self._both_clocks()
        passed = (now.real - last.real) * 1000 * self._clock.speed
        jumped = int(now.shown - last.shown - passed)
        return jumped if abs(jumped) > self._time.tolerance_ms else 0

    def _both_clocks(self) -> _Look:
        return _Look(self._clock.now() - self._clock.skipped, self._monotonic())

    async def _was_ahead(self) -> bool:
        """Whether the clock showed a later time when the bot was last at work."""
        try:
            seen = await installation.find(self._database, SEEN)
        except StorageError as error:
            log.error("when the bot was last here is not known", reason=str(error))
            return False
        return seen is not None and int(seen) - self._clock.now() > self._time.tolerance_ms

    async def _report(self, part: str, trouble: str) -> None:
        """Show a trouble from when it begins to when it ends; the owners are told of both."""
        if trouble:
            self._health.broken(part, trouble)
        else:
            self._health.mended(part)
        if bool(trouble) == (part in self._told):
            return
        try:
            await self._tell(part, trouble)
        except (Conflict, StorageError) as error:
            log.error("the owners were not told; trying again", part=part, reason=str(error))
            return
        log.warning("trouble" if trouble else "trouble is over", part=part, reason=trouble)
        self._told ^= {part}

    async def feel_pulse(self) -> None:
        """Write something, to know when the disk takes no more, and when the bot was last here."""
        now = self._clock.now()
        try:
            # What was seen before stays until the plans of a clock ahead are set right.
            name = UNSETTLED if self._unsettled else SEEN
            await self._database.commit([installation.put(name, str(now))])
            self._health.progress("writer", now)
        except (Conflict, StorageError) as error:
            self._health.trouble("writer", str(error))


async def _again_and_again(work: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        await work()
        await asyncio.sleep(seconds)
