"""Handing out what is due: drills that were planned, open drills whose time is over, errands."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from bot.clock import Clock
from bot.store import drills, errands, learners
from bot.store.database import Conflict, Database, StorageError
from bot.store.learners import CLAIM_MS
from bot.telemetry.health import Health

Key = TypeVar("Key", bound=tuple[int, ...])

BATCH = 30
BREATH_SECONDS = 1.0

log = structlog.get_logger(__name__)

Post = Callable[[int], Awaitable[None]]
Expire = Callable[[int, int], Awaitable[None]]
Run = Callable[[tuple[int, int, int]], Awaitable[None]]


class Dispatcher:
    """Each is one transaction: `post` asks a learner's due drill, `expire` closes an open one, `run`
    does an errand.

    `holds`: whether drills and errands must wait for now.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        health: Health,
        *,
        post: Post,
        expire: Expire,
        run: Run,
        holds: Callable[[], bool] = bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._health = health
        self._post = post
        self._expire = expire
        self._run = run
        self._holds = holds
        self._tried: dict[tuple[int, ...], int] = {}

    async def ring(self) -> int | None:
        """Do all that is due, in batches, and return the next due moment of anybody."""
        try:
            while (
                await self._post_due() + await self._expire_due() + await self._run_due() >= BATCH
            ):
                self._health.progress("dispatcher", self._clock.now())
            due = await self._next()
        except StorageError as error:
            self._health.trouble("dispatcher", str(error))
            raise
        self._health.progress("dispatcher", self._clock.now())
        return due

    async def _next(self) -> int | None:
        moments = [
            await learners.earliest_drill(self._database),
            await drills.earliest_expiry(self._database),
            await errands.earliest(self._database),
        ]
        due = min((moment for moment in moments if moment is not None), default=None)
        if due is None or due > self._clock.now():
            return due
        # It fell due just now, or could not be done and is left alone for a while: do not spin on it.
        return self._clock.after(BREATH_SECONDS)

    async def _post_due(self) -> int:
        if self._holds():
            return 0
        claimed = await learners.claim_due(self._database, self._clock.now(), BATCH)
        # Side by side, so that they share one fsync.
        await asyncio.gather(*(self._one(self._post(learner_id)) for learner_id in claimed))
        return len(claimed)

    async def _expire_due(self) -> int:
        over = await drills.expired(self._database, self._clock.now(), BATCH + len(self._tried))
        fresh = self._untried(over)
        await asyncio.gather(*(self._one(self._expire(*drill)) for drill in fresh))
        return len(fresh)

    async def _run_due(self) -> int:
        if self._holds():
            return 0
        due = await errands.due(self._database, self._clock.now(), BATCH + len(self._tried))
        fresh = self._untried(due)
        await asyncio.gather(*(self._one(self._run(errand)) for errand in fresh))
        return len(fresh)

    def _untried(self, due: Sequence[Key]) -> list[Key]:
        """One that cannot be done must not be in the way of the others, nor be tried all the time."""
        now = self._clock.now()
        self._tried = {
            key: until for key, until in self._tried.items() if now < until <= now + CLAIM_MS
        }
        fresh = [key for key in due if key not in self._tried]
        self._tried |= dict.fromkeys(fresh, now + CLAIM_MS)
        return fresh

    async def _one(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Conflict:
            # The learner did something at this very moment; that transaction planned anew.
            log.info("what was due was overtaken by its learner")
        except Exception as error:  # one learner's trouble must not keep the others waiting
            log.error("what was due failed", error=type(error).__name__)
