"""What is done once an hour: old rows and recordings go, the log is cut, each day a backup is made."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from itertools import count

import structlog

from bot.clearing import Clearing
from bot.clock import Clock
from bot.store import deeds, inbox, outbox
from bot.store.backup import Backups
from bot.store.database import Conflict, Database, StorageError
from bot.store.erasures import KEEP_MS, Erasures
from bot.store.leftovers import Exports, drop_old_copies
from bot.store.room import Room
from bot.telemetry.health import Health

HOUR_SECONDS = 3600.0
FIRST_BACKUP_SECONDS = 60.0
CUT_AGAIN_SECONDS = 5.0
BACKUP_MS = 24 * 3600 * 1000

log = structlog.get_logger(__name__)

Tell = Callable[[str, str], Awaitable[None]]


class Upkeep:
    """`wall`: the clock of this computer, by which backups are named and counted, even in a rehearsal."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        health: Health,
        *,
        room: Room,
        erasures: Erasures,
        exports: Exports,
        clearing: Clearing,
        tell: Tell,
        wall: Clock,
    ) -> None:
        self._database = database
        self._clock = clock
        self._health = health
        self._room = room
        self._erasures = erasures
        self._exports = exports
        self._clearing = clearing
        self._uncut = asyncio.Event()
        self._tell = tell
        self._wall = wall
        self._backups = Backups(database.path)
        self._failing = False

    async def run(self) -> None:
        """Work for ever."""
        for hour in count():
            await self.tidy()
            if hour == 0:
                await asyncio.sleep(FIRST_BACKUP_SECONDS)
            await self.back_up()
            await asyncio.sleep(HOUR_SECONDS)

    async def begin(self) -> None:
        """What an earlier run left in the folder of exports goes, unless it is still to be sent."""
        await self._exports.sweep(self._database, at_start=True)

    async def tidy(self) -> None:
        """Let old rows, copies and exports go, and cut the log so that they are gone from the disk."""
        now = self._clock.now()
        try:
            await self._database.commit([inbox.purged(now), outbox.purged(now), deeds.purged(now)])
            await self._exports.sweep(self._database)
            drop_old_copies(self._database.path, self._wall.now())
        except (StorageError, OSError) as error:
            log.error("not everything old was purged", error=type(error).__name__)
        await self._clearing.clear()
        await self.cut_log()

    async def erase_files(self) -> None:
        """Delete what has just been given up, from the disk and from the log."""
        await self._clearing.drop_files()
        await self.cut_log()

    async def cut_log(self) -> None:
        """Fold the log into the file, so that erased text is gone; soon again, if somebody reads."""
        try:
            await self._database.truncate_log()
        except StorageError as error:
            log.error("the log of the database was not cut; trying again", reason=str(error))
            self._uncut.set()
        else:
            self._uncut.clear()

    async def cut_again(self) -> None:
        """What was erased may not stay in the log for longer than a reader holds it there. For ever."""
        while True:
            await self._uncut.wait()
            await asyncio.sleep(CUT_AGAIN_SECONDS)
            await self.cut_log()

    async def back_up(self) -> None:
        """Make a backup if the newest is a day old; the owners are told when it cannot be made."""
        now = self._wall.now()
        newest = self._backups.newest
        if newest is not None and 0 <= now - newest < BACKUP_MS:
            return
        try:
            if trouble := self._room.trouble(more=self._database.path.stat().st_size):
                raise StorageError(trouble)
            path = await asyncio.to_thread(self._backups.make, now)
            oldest = min(self._backups.found(), default=now)
            self._erasures.drop(min(oldest, now - KEEP_MS))
        except (sqlite3.Error, OSError, StorageError) as error:
            await self._failed(str(error))
        else:
            log.info("backup made", file=str(path))
            self._failing = False
            self._health.mended("backup")
            await self.cut_log()

    async def _failed(self, reason: str) -> None:
        log.error("no backup could be made", reason=reason)
        self._health.broken("backup", f"none could be made: {reason}")
        if self._failing:
            return
        try:
            await self._tell("backup", reason)
            self._failing = True
        except (Conflict, StorageError) as error:
            log.error("the owners were not told", reason=str(error))
