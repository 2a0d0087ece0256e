"""Copies of the database: one whole, checked, plain file, or the earlier one untouched."""

import asyncio
import os
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store import backup, disk
from bot.store.backup import APART_MS, Backups, kept
from bot.store.database import Database, StorageError
from bot.store.tables import SPRUNG_FILE
from tests.store import cabinet
from tests.store.cabinet import DAY, HOUR, NOW, names, no_file_grows_over, put


async def test_while_writing(database: Database, tmp_path: Path) -> None:
    """A copy made while the bot writes has all that was there before, and no transaction by halves."""
    await database.commit([put("before")])
    writing = [
        asyncio.create_task(database.commit([put(f"{n}.a"), put(f"{n}.b")])) for n in range(300)
    ]
    target = tmp_path / "copy.db"
    await database.backup(target)
    await asyncio.gather(*writing)
    async with Database(target) as copy:
        found = await names(copy)
    assert "before" in found
    firsts = {name[:-2] for name in found if name.endswith(".a")}
    assert firsts == {name[:-2] for name in found if name.endswith(".b")}


async def test_plain_file(database: Database, tmp_path: Path) -> None:
    """A copy is one file of its own, marked as Sprung's, with what the log held folded in."""
    await database.commit([put("only-in-the-log")])
    await database.backup(tmp_path / "copy.db")
    assert {name for name in cabinet.files(tmp_path) if "copy" in name} == {"copy.db"}
    assert (tmp_path / "copy.db").read_bytes()[18:20] == b"\1\1", "it wants a log beside it"
    address = f"{(tmp_path / 'copy.db').as_uri()}?immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as copy:
        assert copy.execute("SELECT name FROM installation").fetchall() == [("only-in-the-log",)]
        assert copy.execute("PRAGMA application_id").fetchone() == (SPRUNG_FILE,)


async def test_over_an_earlier_one(database: Database, tmp_path: Path) -> None:
    """A copy takes the place of an earlier one, and of what a killed one left beside it."""
    target = tmp_path / "copy.db"
    await database.backup(target)
    target.with_name("copy.db.part").write_bytes(b"half a copy" * 1000)
    target.with_name("copy.db.part-journal").write_bytes(b"its journal" * 1000)
    await database.commit([put("new")])
    await database.backup(target)
    async with Database(target) as copy:
        assert await names(copy) == {"new"}


async def test_full_disk(database: Database, tmp_path: Path) -> None:
    """A copy that cannot be finished is a trouble of the disk, and leaves an earlier copy alone."""
    target = tmp_path / "copy.db"
    await database.backup(target)
    earlier = target.read_bytes()
    await database.commit([put("more", "x" * 200_000)])
    with no_file_grows_over(100_000), pytest.raises(StorageError, match="copy"):
        await database.backup(target)
    assert target.read_bytes() == earlier
    assert {name for name in cabinet.files(tmp_path) if "copy" in name} == {"copy.db"}


def test_damaged(tmp_path: Path) -> None:
    """A copy that turns out damaged does not take the place of a good one."""
    source, target = cabinet.new_file(tmp_path), tmp_path / "copy.db"
    target.write_bytes(b"a good one")
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("INSERT INTO installation VALUES ('a-name-in-table-and-index', '')")
        connection.commit()
    content = source.read_bytes()
    place = content.index(b"a-name-in-table-and-index")
    source.write_bytes(content[:place] + b"b" + content[place + 1 :])
    with pytest.raises(sqlite3.DatabaseError, match="damaged"):
        backup.copy(source, target)
    assert cabinet.files(tmp_path) == {"sprung.db", "copy.db"}
    assert target.read_bytes() == b"a good one"


def test_no_folder(tmp_path: Path) -> None:
    """A place that does not exist is refused, and nothing is made."""
    with pytest.raises(sqlite3.OperationalError):
        backup.copy(cabinet.new_file(tmp_path), tmp_path / "nowhere" / "copy.db")
    assert cabinet.files(tmp_path) == {"sprung.db"}


def test_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy is on disk before it counts, and so is its name."""
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    backup.copy(cabinet.new_file(tmp_path), tmp_path / "copy.db")
    assert synced == [(tmp_path / "copy.db").stat().st_ino, tmp_path.stat().st_ino]


def test_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is on disk before it gets its name, and its name is on disk before anybody relies on it."""
    part, place = tmp_path / "file.part", tmp_path / "file"
    part.write_bytes(b"new")
    file, folder = part.stat().st_ino, tmp_path.stat().st_ino
    synced = []

    def fsync(handle: int) -> None:
        synced.append((os.fstat(handle).st_ino, place.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    disk.move_into_place(part, place)
    assert synced == [(file, False), (folder, True)]
    assert place.read_bytes() == b"new"


def test_rows_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy with fewer rows than the original, however whole it looks, does not count."""
    source, target = cabinet.new_file(tmp_path), tmp_path / "copy.db"
    counted = iter([{"take": 2}, {"take": 1}])
    monkeypatch.setattr(backup, "_rows", lambda _: next(counted))
    with pytest.raises(sqlite3.DatabaseError, match="not as many rows"):
        backup.copy(source, target)
    assert cabinet.files(tmp_path) == {"sprung.db"}


moments = st.lists(st.integers(NOW - 900 * DAY, NOW + 3 * DAY), max_size=200)


@given(moments)
@settings(deadline=None)
def test_kept(made: list[int]) -> None:
    """The newest stays, no other two stay within half an hour, and old ones stay in bounds."""
    keep = kept(made, NOW)
    assert keep <= set(made)
    assert not made or max(made) in keep
    apart = sorted(keep - {max(made, default=0)})
    assert all(b - a >= APART_MS for a, b in pairwise(apart))
    assert sum(moment < NOW - 2 * DAY for moment in keep) <= 12 + 10 + 9
    assert kept(keep, NOW) == keep, "what was kept once is kept until time passes"


@given(moments)
@settings(deadline=None)
def test_kept_of_yesterday(made: list[int]) -> None:
    """Whatever was made on the last two days and stands half an hour apart stays."""
    hourly = {NOW - n * HOUR for n in range(36)}
    old = {moment for moment in made if moment < min(hourly) - HOUR}
    assert hourly <= kept(old | hourly, NOW)


def test_kept_over_a_year() -> None:
    """A backup a day, each day thinned: in the end there are two days, 12 daily, 10 weekly, 9 monthly."""
    there: set[int] = set()
    now = NOW
    for day in range(500):
        now = NOW + day * DAY
        there = kept(there | {now}, now)
    ages = sorted((now - moment) // DAY for moment in there)
    assert len(ages) == 2 + 12 + 10 + 9
    assert ages[:14] == list(range(14))
    weekly = [b - a for a, b in pairwise(ages[14:24])]
    assert weekly == [7] * 9
    assert all(28 <= b - a <= 35 for a, b in pairwise(ages[24:]))


def test_kept_every_ten_minutes() -> None:
    """Made far too often, they still add up to one each half hour, instead of each ousting the last."""
    there: set[int] = set()
    for minutes in range(0, 24 * 60, 10):
        now = NOW + minutes * 60_000
        there = kept(there | {now}, now)
    assert len(there) == 48 + 1


def test_rotated(tmp_path: Path) -> None:
    """A new backup stands in the folder by its moment; those no longer kept go, strangers stay."""
    backups = Backups(cabinet.new_file(tmp_path))
    assert (backups.newest, backups.newest_good()) == (None, None)
    first = backups.make(NOW)
    assert first == tmp_path / "backups" / "sprung-20261123-120000.db"
    for name in ("notes.txt", "other-20261123-120000.db"):
        (backups.folder / name).write_text("mine")
    for minutes in (10, 20, 30):
        backups.make(NOW + minutes * 60_000)
    assert list(backups.found()) == [NOW + 30 * 60_000, NOW]
    assert cabinet.files(backups.folder) >= {"notes.txt", "other-20261123-120000.db"}
    assert backups.folder.stat().st_mode & 0o777 == 0o700


def test_none_goes_before_the_new_one_is_there(tmp_path: Path) -> None:
    """When no backup can be made, those that are there stay, even if the rule would let them go."""
    backups = Backups(cabinet.new_file(tmp_path))
    backups.make(NOW)
    backups.make(NOW + 60_000)
    before = backups.found()
    backups.database.write_bytes(b"damaged")
    with pytest.raises(sqlite3.DatabaseError):
        backups.make(NOW + 120_000)
    assert backups.found() == before


def test_newest_good(tmp_path: Path) -> None:
    """A damaged backup is passed over, and looking leaves nothing beside it."""
    backups = Backups(cabinet.new_file(tmp_path))
    good = backups.make(NOW)
    backups.make(NOW + HOUR).write_bytes(b"SQLite format 3\0 and then nothing of it")
    assert backups.newest_good() == good
    assert len(cabinet.files(backups.folder)) == 2


async def test_one_state(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written between counting and copying is in neither, however busy the bot is."""
    await database.commit([put("before")])
    count = backup._rows

    def slowly(connection: sqlite3.Connection) -> dict[str, int]:
        counted = count(connection)
        with closing(sqlite3.connect(database.path)) as other, other:
            other.execute("INSERT OR IGNORE INTO installation VALUES ('after', '')")
        return counted

    monkeypatch.setattr(backup, "_rows", slowly)
    await database.backup(tmp_path / "copy.db")
    async with Database(tmp_path / "copy.db") as copy:
        assert await names(copy) == {"before"}
