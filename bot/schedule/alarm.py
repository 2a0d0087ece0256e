"""The one APScheduler job: it rings at the earliest due moment of anybody.

APScheduler 3 stops for ever when one job-store error escapes, drops jobs found late and follows steps of
the wall clock; so the job never counts as missed, and a watchdog sets it again or starts anew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from bot.clock import Clock

JOB = "alarm"
WATCH_SECONDS = 5.0
LATE_SECONDS = 2.0
LONGEST_SECONDS = 3600.0

log = structlog.get_logger(__name__)

Ring = Callable[[], Awaitable[int | None]]
RealNow = Callable[[], datetime]


def _real_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the scheduler lives by the wall clock


class Alarm:
    """Calls `ring` when due; `ring` does what is due and returns the next due moment, or None."""

    def __init__(self, clock: Clock, ring: Ring, real_now: RealNow = _real_now) -> None:
        self._clock = clock
        self._ring = ring
        self._real_now = real_now
        self._due: int | None = None
        self._ringing = asyncio.Lock()
        self.scheduler = self._new_scheduler()

    @property
    def due(self) -> int | None:
        """The moment it is set to; None: nothing is due."""
        return self._due

    async def run(self) -> None:
        """Ring once for what fell due while nobody watched, then watch for ever."""
        self.scheduler.start()
        try:
            await self.ring()
            while True:
                await asyncio.sleep(WATCH_SECONDS)
                await self.check()
        finally:
            if self.scheduler.running:
                self.scheduler.shutdown(wait=False)

    def no_later_than(self, moment: int | None) -> None:
        """Ring at this moment if nothing earlier is set."""
        if moment is not None and (self._due is None or moment < self._due):
            self._set(moment)

    async def ring(self) -> None:
        """Do what is due and set the next alarm. An error is logged; the alarm is set all the same."""
        async with self._ringing:
            self._due = None
            try:
                due = await self._ring()
            except Exception:
                log.exception("the alarm could not do what was due")
                due = self._clock.after(WATCH_SECONDS)
            if due is not None:
                self.no_later_than(due)

    async def check(self) -> bool:
        """Put right what the scheduler lost; True if there was anything to do."""
        if self._due is None or self._ringing.locked():
            return False
        job = self.scheduler.get_job(JOB) if self.scheduler.running else None
        overdue = self._clock.real_seconds_until(self._due) == 0.0
        if job is not None and not overdue:
            # A step of the wall clock or of the bot's own leaves the job at the wrong real time.
            self._set(self._due)
            return False
        if job is not None and self._real_now() - job.next_run_time < timedelta(
            seconds=LATE_SECONDS
        ):
            return False
        log.warning("the alarm was lost and is set again")
        self._restart()
        await self.ring()
        return True

    def reset(self) -> None:
        """Set the alarm again after the clock was put forward."""
        if self._due is not None:
            self._set(self._due)

    def _set(self, moment: int) -> None:
        self._due = moment
        # The wall clock may step meanwhile, so a far moment is approached in strides.
        wait = min(self._clock.real_seconds_until(moment), LONGEST_SECONDS)
        self.scheduler.add_job(
            self.ring,
            DateTrigger(self._real_now() + timedelta(seconds=wait)),
            id=JOB,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=2,
        )

    def _restart(self) -> None:
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
        self.scheduler = self._new_scheduler()
        self.scheduler.start()

    @staticmethod
    def _new_scheduler() -> AsyncIOScheduler:
        return AsyncIOScheduler(timezone=UTC)
