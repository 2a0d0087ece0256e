"""The one APScheduler job: it rings at the earliest due moment of anybody.

APScheduler 3 stops for ever when one job-store error escapes, drops jobs found late and follows steps of
the wall clock; so the job never counts as missed, and a watchdog sets it again or starts anew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from bot.clock import Clock
from bot.store.database import StorageError

JOB = "alarm"
WATCH_SECONDS = 5.0
LATE_SECONDS = 2.0
LONGEST_SECONDS = 3600.0

log = structlog.get_logger(__name__)

Ring = Callable[[], Awaitable[int | None]]


class Alarm:
    """Calls `ring` when due; `ring` does what is due and returns the next due moment, or None.

    `zone`: where the scheduler reads the wall clock; the zone of a test may have a clock of its own.
    """

    def __init__(self, clock: Clock, ring: Ring, zone: tzinfo = UTC) -> None:
        self._clock = clock
        self._ring = ring
        self._zone = zone
        self._due: int | None = None
        self._ringing = asyncio.Lock()
        self._rings = 0
        self._failed = False
        self.scheduler = AsyncIOScheduler(timezone=zone)

    @property
    def due(self) -> int | None:
        """The moment it is set to; None: nothing is due."""
        return self._due

    @property
    def well(self) -> bool:
        """Whether the last ring did all that was due, and nothing is overdue or being done for now."""
        return not self._failed and self._rings == 0 and self._late_ms() <= self._patience_ms

    async def run(self) -> None:
        """Ring once for what fell due while nobody watched, then watch for ever."""
        self.scheduler.start()
        try:
            await self.ring()
            while True:
                await asyncio.sleep(WATCH_SECONDS)
                await self.check()
        finally:
            self._stop()
            async with self._ringing:  # a ring that was cancelled by this has come to its end
                pass

    def no_later_than(self, moment: int | None) -> None:
        """Ring at this moment if nothing earlier is set."""
        if moment is not None and (self._due is None or moment < self._due):
            self._set(moment)

    async def ring(self) -> None:
        """Do what is due and set the next alarm. An error is logged; the alarm is set all the same."""
        self._rings += 1
        try:
            async with self._ringing:
                self._due = None
                self.no_later_than(await self._do_what_is_due())
                if self.due is None and self.scheduler.get_job(JOB):
                    self._order(partial(self.scheduler.remove_job, JOB))
        finally:
            self._rings -= 1

    async def _do_what_is_due(self) -> int | None:
        self._failed = True
        try:
            due = await self._ring()
        except StorageError as error:
            log.warning("what is due must wait for the disk", reason=str(error))
        except Exception:
            log.exception("the alarm could not do what was due")
        else:
            self._failed = False
            return due
        return self._clock.after(WATCH_SECONDS)

    async def check(self) -> None:
        """Ring for what the scheduler should have rung for."""
        late_ms = self._late_ms()
        if self._rings or late_ms <= self._patience_ms:
            return
        # Lost, or left at the wrong real time by a step of the wall clock or of the bot's own.
        log.warning("the alarm did not ring and is set anew", late_ms=late_ms)
        self._stop()
        self.scheduler = AsyncIOScheduler(timezone=self._zone)
        self.scheduler.start()
        await self.ring()

    def _late_ms(self) -> int:
        return 0 if self._due is None else self._clock.now() - self._due

    @property
    def _patience_ms(self) -> float:
        return LATE_SECONDS * 1000 * self._clock.speed

    def _set(self, moment: int) -> None:
        self._due = moment
        # A far moment is approached in strides: it may lie beyond all that a date can hold.
        wait = min(self._clock.real_seconds_until(moment), LONGEST_SECONDS)
        at = datetime.now(self._zone) + timedelta(seconds=wait)  # noqa: TID251  the scheduler's own
        self._order(
            partial(
                self.scheduler.add_job,
                self.ring,
                DateTrigger(at, timezone=self._zone),
                id=JOB,
                replace_existing=True,
                misfire_grace_time=None,
                max_instances=2,
            )
        )

    def _order(self, order: Callable[[], object]) -> None:
        try:
            order()
        except Exception:  # the watchdog will start another one
            log.exception("the scheduler failed")

    def _stop(self) -> None:
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
