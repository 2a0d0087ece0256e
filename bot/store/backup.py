"""Copies of a database, each one plain file: made while the bot writes, checked before it counts.

Which of them are kept is Anki's rule: all of today and yesterday, then the last one of each of twelve
days, ten weeks and nine months.
"""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.store.disk import move_into_place, sync

APART_MS = 30 * 60 * 1000
LIMITS = (("day", 12), ("week", 10), ("month", 9))

_STAMP = "%Y%m%d-%H%M%S"


def copy(source: Path, target: Path) -> None:
    """Copy a database, whole and consistent, over whatever is at `target`.

    Raises `sqlite3.Error` or `OSError`; then `target` is as it was before.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(reading(source)) as original, closing(sqlite3.connect(part)) as made:
            original.execute("BEGIN")
            counted = _rows(original)  # from here on `original` sees one state, which is copied
            original.backup(made)
            # The log's settings come along in the first page; a copy is one file without a log.
            made.execute("PRAGMA journal_mode=DELETE")
            _check(made)
            if _rows(made) != counted:
                raise sqlite3.DatabaseError("the copy has not as many rows as the original")
        move_into_place(part, target)
    finally:
        part.unlink(missing_ok=True)


def reading(path: Path, *, alone: bool = False) -> sqlite3.Connection:
    """A connection that cannot write, nor fold a log into the file, beside whoever works on it.

    `alone`: nobody does, and there is no log: not even an index of it is made.
    """
    mode = "immutable=1" if alone else "mode=ro"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)


def _check(connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {found}")


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in tables.fetchall()
    }


def kept(moments: Iterable[int], now: int) -> set[int]:
    """Which of the copies made at these moments are kept.

    The newest is, and so is what a clock that was ahead calls the future. Of those less than half
    an hour after one that is kept, none is.
    """
    apart = _apart(sorted(moments))
    keep: set[int] = set()
    limits = dict(LIMITS)
    last = dict.fromkeys(limits, 10**9)
    for moment in reversed(apart):
        periods = _periods(moment)
        unit = next((unit for unit, left in limits.items() if left), None)
        if periods["day"] < _periods(now)["day"] - 1:
            if unit is None or periods[unit] >= last[unit]:
                continue
            limits[unit] -= 1
        keep.add(moment)
        last = periods
    return keep


def _apart(moments: list[int]) -> list[int]:
    """From the oldest on, those at least half an hour apart; and the newest."""
    apart: list[int] = []
    for moment in moments:
        if not apart or moment - apart[-1] >= APART_MS:
            apart.append(moment)
    return apart if not moments or apart[-1] == moments[-1] else [*apart, moments[-1]]


def _periods(moment: int) -> dict[str, int]:
    """The serial numbers of a moment's day, week (they begin on Mondays) and month, in UTC."""
    date = datetime.fromtimestamp(moment / 1000, UTC).date()
    day = date.toordinal()
    return {"day": day, "week": (day - 1) // 7, "month": date.year * 12 + date.month}


class Backups:
    """The copies of one database, in the folder `backups` beside it."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.folder = database.parent / "backups"

    def found(self) -> dict[int, Path]:
        """Every copy by the moment when it was made, the newest first."""
        pattern = re.compile(rf"{re.escape(self.database.stem)}-(\d{{8}}-\d{{6}})\.db")
        paths = self.folder.iterdir() if self.folder.is_dir() else ()
        matches = [(pattern.fullmatch(path.name), path) for path in paths]
        copies = {_moment(match[1]): path for match, path in matches if match}
        return dict(sorted(copies.items(), reverse=True))

    @property
    def newest(self) -> int | None:
        """When the newest copy was made."""
        return next(iter(self.found()), None)

    def place(self, now: int) -> Path:
        """Where a copy made at this moment belongs."""
        stamp = datetime.fromtimestamp(now / 1000, UTC).strftime(_STAMP)
        return self.folder / f"{self.database.stem}-{stamp}.db"

    def make(self, now: int) -> Path:
        """Make one more copy, and let go of those that the rule does not keep.

        Raises `sqlite3.Error` or `OSError`; then none was let go.
        """
        if not self.folder.exists():
            self.folder.mkdir(parents=True, mode=0o700)
            sync(self.folder.parent)
        place = self.place(now)
        copy(self.database, place)
        copies = self.found()
        for moment in copies.keys() - kept(copies, now):
            copies[moment].unlink()
        return place

    def newest_good(self) -> Path | None:
        """The newest copy that is whole."""
        return next((path for path in self.found().values() if is_whole(path)), None)


def _moment(stamp: str) -> int:
    return int(datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC).timestamp() * 1000)


def is_whole(path: Path) -> bool:
    """Whether a file that nobody works on is a database without damage."""
    try:
        with closing(reading(path, alone=True)) as connection:
            _check(connection)
    except sqlite3.Error:
        return False
    return True
