"""Copies of the database: one whole, checked, plain file, or the earlier one untouched."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import backup, disk
from bot.store.database import Database, StorageError
from bot.store.tables import SPRUNG_FILE
from tests.store import cabinet
from tests.store.cabinet import names, no_file_grows_over, put


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
