"""What learners do not want kept any more goes: what was deleted a day ago, recordings over their age.

Rows say so first, and remember the path; then the file goes, then the path. A program that dies in
between leaves nothing that the next hour does not finish.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.clock import Clock
from bot.practice import discard, retain
from bot.store import learners, media
from bot.store.database import Conflict, Database, Row, StorageError
from bot.store.media import MediaFolder
from bot.store.transaction import Transaction

HOUR_MS = 3600 * 1000
PARTS = 24
"""Every hour a part of the learners is looked at, so that each is once a day."""
AT_ONCE = 200
"""Rows changed and files deleted at a time: the writer is everybody's."""

log = structlog.get_logger(__name__)

Verb = Callable[[Transaction], Awaitable[None]]
Change = Callable[[int, Verb], Awaitable[None]]


class Clearing:
    """`change` runs a verb for one learner; `wall`: this computer's clock, which says whose hour it is."""

    def __init__(
        self, database: Database, clock: Clock, folder: MediaFolder, *, change: Change, wall: Clock
    ) -> None:
        self._database = database
        self._clock = clock
        self._folder = folder
        self._change = change
        self._wall = wall

    async def clear(self) -> None:
        """Do the work of an hour; what fails is logged, and done the next time."""
        try:
            await self._erase_deleted()
            part = self._wall.now() // HOUR_MS % PARTS
            for learner_id in await learners.part(self._database, part, PARTS):
                await self.let_go(learner_id)
        except (StorageError, Conflict) as error:
            log.error("not all that was to go has gone", error=type(error).__name__)
        await self.drop_files()

    async def _erase_deleted(self) -> None:
        while writes := await discard.overdue(self._database, self._clock.now(), AT_ONCE):
            await self._database.commit(writes)

    async def let_go(self, learner_id: int) -> None:
        """Give up one learner's recordings that are over their age. Raises `Conflict`, `StorageError`."""
        if await retain.may_go(self._database, learner_id, self._clock.now()):
            await self._change(learner_id, retain.let_go)

    async def drop_files(self) -> None:
        """Delete the files that no take keeps; one that cannot be deleted is tried again next time."""
        after = (-1, -1)
        try:
            while rows := await media.left(self._database, after, AT_ONCE):
                gone = await asyncio.to_thread(self._drop, rows)
                await self._database.commit(
                    [media.file_gone(row["learner_id"], row["take_no"]) for row in gone]
                )
                after = (rows[-1]["learner_id"], rows[-1]["take_no"])
        except StorageError as error:
            log.error("not all files that were to go have gone", error=type(error).__name__)

    def _drop(self, rows: Sequence[Row]) -> list[Row]:
        gone = []
        for row in rows:
            try:
                self._folder.drop(row["media_path"])
            except OSError as error:
                log.error("a recording could not be deleted", error=type(error).__name__)
            else:
                gone.append(row)
        return gone
