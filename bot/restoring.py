"""Putting a backup in the place of the database: checked first, and nothing of the present one lost.

A backup is an earlier moment. What was promised since then is kept all the same: who was erased is
erased again, what was sent is not sent again, and nothing that fell due meanwhile is caught up.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import Clock
from bot.drill.dice import Dice
from bot.practice import amend
from bot.store import archive, backup, inbox, learners, outbox
from bot.store.database import Database, StorageError, Write
from bot.store.disk import move_into_place, sync
from bot.store.erasures import Erasures
from bot.store.media import MediaFolder
from bot.store.opening import CannotOpen, bring_up_to_date, foreign, only_here
from bot.store.transaction import Transaction

STILL_FRESH_MS = 5 * 60 * 1000
"""A reply that waits no longer than this may still be sent."""

AT_ONCE = 100

Verb = Callable[[Transaction, Dice], Awaitable[None]]

SIDES = ("", "-wal", "-shm")


class Restorer:
    """Restores the database at `path`, which no bot may be using meanwhile."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        dice: Dice,
        erasures: Erasures,
        folders: tuple[MediaFolder, ...],
    ) -> None:
        self._path = path
        self._clock = clock
        self._dice = dice
        self._erasures = erasures
        self._folders = folders

    async def restore(self, file: Path) -> list[str]:
        """Put `file` in the place of the database; returns a sentence for each thing done.

        Raises `CannotOpen` with the reason; then everything is as it was before.
        """
        fresh = self._path.with_name(f"{self._path.stem}-restoring{self._path.suffix}")
        with only_here(self._path), _refusing(file):
            if (reason := foreign(file)) is not None:
                raise CannotOpen(f"{file}: {reason}. Nothing was changed.")
            try:
                _remove(fresh)
                backup.copy(file, fresh)
                bring_up_to_date(fresh)
                told = await self._set_right(fresh)
                told += _set_aside(self._path, self._clock.now())
                move_into_place(fresh, self._path)
            finally:
                _remove(fresh)
        return [
            f"{file} is whole and up to date.",
            *told,
            f"It is now {self._path}. Start the bot.",
        ]

    async def _set_right(self, fresh: Path) -> list[str]:
        async with Database(fresh) as database:
            told = await self._erase_again(database)
            told += await self._let_go(database)
            told += await self._plan_anew(database)
            await database.truncate_log()
        return told

    async def _erase_again(self, database: Database) -> list[str]:
        erased = self._erasures.known()
        people = [
            row["learner_id"]
            for row in await learners.everybody(database)
            if erased(row["learner_id"], row["joined_at"])
        ]
        for learner_id in people:
            for folder in self._folders:
                folder.erase(learner_id)
            await database.commit([*archive.erased(learner_id), inbox.forgotten(learner_id)])
        return [f"Erased again, as they had asked for after this backup: {len(people)}."]

    async def _let_go(self, database: Database) -> list[str]:
        now = self._clock.now()
        before = await outbox.counts(database)
        writes: list[Write] = [outbox.interrupted(), outbox.stale(now - STILL_FRESH_MS)]
        await database.commit([*writes, *amend.let_go(now)])
        after = await outbox.counts(database)
        let_go = sum((before[state] or 0) - (after[state] or 0) for state in ("ready", "sending"))
        await database.commit([inbox.purged(now), outbox.purged(now)])
        waiting = (await inbox.counts(database))["waiting"] or 0
        return [
            f"Old messages that will not be sent any more: {let_go}.",
            f"Messages of learners that wait to be handled: {waiting}.",
        ]

    async def _plan_anew(self, database: Database) -> list[str]:
        now = self._clock.now()
        overdue = await learners.overdue(database, now)
        await self._change(database, overdue, amend.take_up)
        strayed = await amend.strayed(database, now)
        await self._change(database, strayed, amend.set_right)
        return [f"Learners whose next surprise was drawn anew: {len({*overdue, *strayed})}."]

    async def _change(self, database: Database, people: Sequence[int], verb: Verb) -> None:
        async def change(learner_id: int) -> None:
            tx = await Transaction.begin(database, learner_id, self._clock.now())
            await verb(tx, self._dice)
            await tx.commit()

        for first in range(0, len(people), AT_ONCE):
            # Side by side, so that they share one fsync.
            await asyncio.gather(*map(change, people[first : first + AT_ONCE]))


@contextmanager
def _refusing(file: Path) -> Iterator[None]:
    """Name the file in whatever goes wrong with it."""
    try:
        yield
    except (sqlite3.Error, StorageError) as error:
        raise CannotOpen(f"{file}: cannot be restored: {error}. Nothing was changed.") from error
    except OSError as error:
        reason = f"{error.filename or file}: {error.strerror}"
        raise CannotOpen(f"{file}: cannot be restored ({reason}).") from error


def _set_aside(path: Path, now: int) -> list[str]:
    """Move the present database away, its log after it: no other database may ever meet that log."""
    stamp = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}-replaced-{stamp}{path.suffix}")
    moved = False
    for side in SIDES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + side).rename(aside.with_name(aside.name + side))
            moved = True
    sync(path.parent)
    return [f"The database that was here is kept in {aside}."] if moved else []


def _remove(fresh: Path) -> None:
    """Remove a copy on its way, and all that was made beside it."""
    for path in fresh.parent.glob(f"{fresh.stem}*"):
        path.unlink()
