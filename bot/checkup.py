"""The doctor: looks at everything that is kept, and says in plain sentences how it is."""

import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock
from bot.drill.dice import Dice
from bot.practice import amend
from bot.store.backup import Backups
from bot.store.database import Database
from bot.store.disk import sync
from bot.store.examine import Examined, damages, examine, mending
from bot.store.opening import (
    CannotOpen,
    foreign,
    how_to_restore,
    is_in_use,
    newest_revision,
    only_here,
    revision_of,
)
from bot.store.room import Room
from bot.store.transaction import Transaction
from bot.wire.telegram_time import TOLERANCE_MS, span

OLD_MS = 10 * 60 * 1000
LOG_BYTES = 64 * 1024 * 1024
BACKUP_MS = 3 * 24 * 3600 * 1000
FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""SQLite's releases that mend the bug of the resetting log; the first two in their own lines only."""

Date = Callable[[], Awaitable[int | None]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence. `needs_hands`: somebody must do something."""

    sentence: str
    needs_hands: bool = False

    def __str__(self) -> str:
        return f"{'!!' if self.needs_hands else 'ok'}  {self.sentence}"


class Checkup:
    """`date`: asks for Telegram's time in ms; None: it cannot be reached."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        dice: Dice,
        date: Date,
        *,
        room: Room,
        sqlite: tuple[int, ...] = sqlite3.sqlite_version_info,
    ) -> None:
        self._path = path
        self._clock = clock
        self._dice = dice
        self._date = date
        self._room = room
        self._sqlite = sqlite
        self._media = path.parent / "media"

    async def findings(self) -> list[Finding]:
        """What is found; nothing is changed."""
        if not self._path.parent.exists():
            told = f"{self._path.parent}: there is no such folder. The bot makes it at its first start; "
            return [
                Finding(f"{told}if it has run before, SPRUNG_DATA must name another one.", True)
            ]
        try:
            stop = self._file()
            found = [stop] if stop else [*self._sound(), *self._stuck(self._examined())]
        except (sqlite3.Error, OSError) as error:
            found = [Finding(f"{self._path} cannot be read: {error}.", True)]
        return [*found, *self._around(), await self._time()]

    async def mended(self) -> list[Finding]:
        """Do what is safe, then look. Raises `CannotOpen` while a bot runs, or on a damaged file."""
        with only_here(self._path):
            if stop := self._file():
                raise CannotOpen(stop.sentence)
            done = await self._mend(self._examined())
        return [*done, *await self.findings()]

    def _examined(self) -> Examined:
        now = self._clock.now()
        return examine(self._path, self._media, now - OLD_MS, now / 1000)

    def _file(self) -> Finding | None:
        """What is so wrong with the file that nothing else can be looked at."""
        if not self._path.exists():
            return Finding(
                f"{self._path}: there is no database. {how_to_restore(self._path)}", True
            )
        if (reason := foreign(self._path)) is not None:
            return Finding(f"{self._path}: {reason}.", True)
        try:
            wrong = damages(self._path)
        except sqlite3.DatabaseError as error:
            wrong = [str(error)]
        if not wrong:
            return None
        told = f"The database is damaged ({'; '.join(wrong)}). {how_to_restore(self._path)}"
        return Finding(" ".join(told.split()), True)

    def _sound(self) -> Iterator[Finding]:
        yield Finding("The database is whole: every page and index was checked.")
        here, newest = revision_of(self._path), newest_revision()
        if here == newest:
            yield Finding(f"Its form is the newest ({here}).")
        elif here is None or here < newest:
            yield Finding(
                f"Its form is {here}; the next start brings it to {newest}, with a copy first."
            )
        else:
            told = f"Its form is {here}, of a newer Sprung; this one knows {newest}. Start the newer one."
            yield Finding(told, True)

    def _stuck(self, found: Examined) -> Iterator[Finding]:
        running = is_in_use(self._path)
        if not running:
            yield Finding("No bot is running on it.")
        yield Finding(
            f"Messages of learners that wait to be handled: {found.old_waiting} for over ten minutes"
            f"{'' if running or not found.old_waiting else ', the next start handles them'}; "
            f"set aside after three failures: {found.dead}"
            f"{' (the log says why; they are kept for six days)' if found.dead else ''}.",
            running and found.old_waiting > 0,
        )
        yield Finding(
            f"Messages to learners: {found.old_ready} wait for over ten minutes, {found.unknown} have an"
            " unknown outcome and are not sent twice.",
            running and found.old_ready > 0,
        )
        if found.sending:
            told = f"{found.sending} messages are being sent for over ten minutes: stuck."
            yield Finding(f"{told} A start or --mend makes their outcome unknown.", True)
        yield _count(
            len(found.missing), "takes whose recording is missing", "has them fetched again"
        )
        yield _count(len(found.orphans), "recordings that no take names", "moves them aside")

    def _around(self) -> Iterator[Finding]:
        log = self._path.with_name(f"{self._path.name}-wal")
        size = log.stat().st_size if log.exists() else 0
        told = f"The write-ahead log has {size // 1_000_000} MB."
        large = size > LOG_BYTES
        yield Finding(
            f"{told} It should be cut each hour; --mend cuts it." if large else told, large
        )
        trouble = self._room.trouble()
        yield Finding(
            f"{trouble}. Make room." if trouble else "There is room on the disk.", bool(trouble)
        )
        yield self._version()
        yield self._backups()

    def _version(self) -> Finding:
        version = ".".join(map(str, self._sqlite))
        first, second, newest = FIXED
        fixed = self._sqlite >= newest or any(
            self._sqlite[:2] == release[:2] and self._sqlite >= release
            for release in (first, second)
        )
        if fixed:
            return Finding(f"SQLite {version} has no known bug that matters here.")
        return Finding(
            f"SQLite {version} can lose writes when two connections fold the log into the file (fixed in"
            " 3.51.3, 3.50.7, 3.44.6). It is safe here: exactly one connection writes and folds."
        )

    def _backups(self) -> Finding:
        newest = Backups(self._path).newest
        if newest is None:
            return Finding("There is no backup yet; a running bot makes the first after a minute.")
        age = self._clock.now() - newest
        told = (
            f"The newest of {len(Backups(self._path).found())} backups is {span(max(0, age))} old."
        )
        if age <= BACKUP_MS:
            return Finding(told)
        return Finding(f"{told} Make one: sprung backup", True)

    async def _time(self) -> Finding:
        telegrams = await self._date()
        if telegrams is None:
            return Finding("Telegram cannot be reached from here, so the clock was not compared.")
        ahead = self._clock.now() - telegrams
        if abs(ahead) <= TOLERANCE_MS:
            return Finding("The clock agrees with Telegram's.")
        way = "ahead of" if ahead > 0 else "behind"
        told = (
            f"The clock is {span(abs(ahead))} {way} Telegram's. Surprises wait until it is right."
        )
        return Finding(told, True)

    async def _mend(self, found: Examined) -> list[Finding]:
        now, aside = self._clock.now(), self._media.with_name("media-orphans")
        for path in found.orphans:
            _move(path, aside / path.relative_to(self._media))
        async with Database(self._path) as database:
            await database.commit([*mending(found), *amend.let_go(now)])
            strayed = await amend.strayed(database, now)
            for learner_id in strayed:
                tx = await Transaction.begin(database, learner_id, now)
                await amend.set_right(tx, self._dice)
                await tx.commit()
            await database.truncate_log()
        return [
            Finding(f"Moved to {aside}: {len(found.orphans)} recordings that no take names."),
            Finding(f"To be fetched again, or gone for good: {len(found.missing)} recordings."),
            Finding(
                f"Unstuck: {found.sending} messages; plans set right: {len(strayed)} learners."
            ),
            Finding("The write-ahead log is cut."),
        ]


def _count(number: int, what: str, mend: str) -> Finding:
    return Finding(f"There are {number} {what}{f'; --mend {mend}' if number else ''}.", number > 0)


def _move(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.move(path, place)
    sync(place.parent)
