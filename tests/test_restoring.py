"""Restoring: everybody goes on from the backup, who was erased stays erased, and nothing comes in a burst."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.restoring import Restorer
from bot.store import outbox
from bot.store.backup import Backups, copy
from bot.store.media import MediaFolder
from bot.store.opening import CannotOpen, only_here
from bot.store.tables import DrillState, Priority, SendState
from tests.house import ANN, CARL, DAY, HOUR, MINUTE, Street, Wall, street
from tests.store import cabinet


def restorer(folder: Path, wall: Wall) -> Restorer:
    """A restorer for the database of a street in this folder."""
    return Restorer(
        folder / "sprung.db",
        clock=Clock(wall=wall),
        dice=random.Random(1),
        erasures=cabinet.erasures_in(folder),
        folders=(MediaFolder(folder / "media"), MediaFolder(folder / "exports")),
    )


async def lived(folder: Path, wall: Wall) -> Path:
    """Ann and Carl have practised, then a backup was made, and a day later Carl was erased."""
    async with street(folder, wall=wall) as town:
        for person in (ANN, CARL):
            await town.enrol(person)
            await town.voice(person)
            await town.tap("4", person) if "4" in town.labels(town.last(person)) else None
        backup = Backups(town.app.database.path).make(town.app.clock.now())
        await town.later(DAY)
        await town.say("/forget", CARL)
        await town.tap("Erase everything", CARL)
        await town.tap("Yes, erase", CARL)
        assert town.rows("learner", CARL) == []
        return backup


def everything(path: Path) -> list[str]:
    """All that a database holds, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def kept_aside(folder: Path) -> Path:
    """The database that was there before."""
    [aside] = folder.glob("sprung-replaced-*.db")
    return aside


async def test_whole(tmp_path: Path) -> None:
    """Ann goes on from her backup and Carl stays erased, in rows and recordings; the rest is kept aside."""
    wall = Wall()
    backup = await lived(tmp_path, wall)
    home = backup.parent.parent
    present = everything(home / "sprung.db")
    MediaFolder(home / "media")._make(home / "media" / str(CARL))
    (home / "media" / str(CARL) / "3.ogg").write_bytes(b"OggS of a media backup")
    told = await restorer(home, wall).restore(backup)
    assert "Erased again, as they had asked for after this backup: 1." in told
    assert not (home / "media" / str(CARL)).exists()
    assert list((home / "media" / str(ANN)).iterdir())
    aside = kept_aside(home)
    assert everything(aside) == present
    assert any(str(aside) in line for line in told)
    assert {path.name for path in home.iterdir() if "restoring" in path.name} == set()
    assert str(CARL) not in "".join(
        line for line in everything(home / "sprung.db") if "learner" in line
    )
    async with street(tmp_path, wall=wall) as town:
        assert town.rows("learner", CARL) == []
        assert town.row("take")["kind"] == 2
        before = len(town.messages())
        await town.later(10 * MINUTE)
        assert len(town.messages()) == before, "nothing comes just because of a restore"
        await town.surprise()
        assert town.row("drill")["state"] == DrillState.OPEN


async def test_what_the_erased_had_sent_goes_too(tmp_path: Path) -> None:
    """A message of theirs that still waited when the backup was made is not handled; its id is kept."""
    wall = Wall()
    async with street(tmp_path, wall=wall) as town:
        await town.enrol(CARL)
        waiting = cabinet.update(10**9, CARL, b'{"message": "my secret"}')
        await cabinet.receive(town.app.database, waiting, now=town.app.clock.now())
        home = town.folder
        backup = Backups(town.app.database.path).make(town.app.clock.now())
        cabinet.erasures_in(home).add(CARL, town.row("learner", CARL)["joined_at"], 0)
    await restorer(home, wall).restore(backup)
    with closing(sqlite3.connect(home / "sprung.db")) as connection:
        row = connection.execute("SELECT learner_id, raw FROM inbox WHERE update_id=?", [10**9])
        assert row.fetchall() == [(0, None)]
    assert b"my secret" not in (home / "sprung.db").read_bytes()


async def test_who_came_again_is_kept(tmp_path: Path) -> None:
    """Somebody erased who came again is not erased by a restore of what they did after that."""
    wall = Wall()
    async with street(tmp_path, wall=wall) as town:
        await town.enrol()
        await town.later(HOUR)
        await town.say("/forget")
        await town.tap("Erase everything")
        await town.tap("Yes, erase")
        await town.later(HOUR)
        await town.enrol()
        home = town.folder
        backup = Backups(town.app.database.path).make(town.app.clock.now())
    await restorer(home, wall).restore(backup)
    async with street(tmp_path, wall=wall) as town:
        assert town.row("learner")["enrolled_at"]


async def test_no_burst(tmp_path: Path) -> None:
    """A month old: open drills end without a word, due ones are drawn anew, what waited is not sent."""
    wall = Wall()
    async with street(tmp_path, wall=wall) as town:
        await town.enrol()
        await town.enrol(CARL)
        await town.tap("Not now", CARL)
        await town.tap("Skip it", CARL)
        await leave_waiting(town)
        home, backup = town.folder, town.folder / "copy.db"
        copy(town.app.database.path, backup)
    wall.now += 30 * 86_400
    told = await restorer(home, wall).restore(backup)
    assert "Learners whose next surprise was drawn anew: 2." in told
    assert "Old messages that will not be sent any more: 3." in told
    async with street(tmp_path, wall=wall) as town:
        await town.app.sender.look()
        await town.settle()
        await town.later(MINUTE)
        assert [call["text"] for call in town.calls("sendMessage")] == []
        for person in (ANN, CARL):
            row = town.row("learner", person)
            assert row["next_drill_at"] > town.app.clock.now()
            assert (row["open_drill"], row["ignored"]) == (None, 0)
        await town.surprise(CARL)


async def leave_waiting(town: Street) -> None:
    """Two replies and a drill wait or are being sent."""
    now = town.app.clock.now()
    waiting = [
        cabinet.message(901, created_at=now, not_before=now + HOUR),
        cabinet.message(902, created_at=now, not_before=now + HOUR, priority=Priority.DRILL),
        cabinet.message(903, created_at=now, state=SendState.SENDING),
    ]
    await town.app.database.commit([outbox.posted(message) for message in waiting])


async def test_what_may_have_been_sent_is_not_sent_again(tmp_path: Path) -> None:
    """A drill that waited has an unknown outcome, a reply has failed; a fresh reply still goes out."""
    wall = Wall()
    async with street(tmp_path, wall=wall) as town:
        await town.enrol()
        await leave_waiting(town)
        home, backup = town.folder, town.folder / "copy.db"
        copy(town.app.database.path, backup)
    wall.now += 60
    await restorer(home, wall).restore(backup)
    states = _states(home / "sprung.db")
    assert states == {901: SendState.READY, 902: SendState.UNKNOWN, 903: SendState.UNKNOWN}
    wall.now += 3600
    await restorer(home, wall).restore(backup)
    states = _states(home / "sprung.db")
    assert states == {901: SendState.FAILED, 902: SendState.UNKNOWN, 903: SendState.UNKNOWN}


def _states(path: Path) -> dict[int, int]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(
            connection.execute("SELECT message_no, state FROM outbox WHERE message_no > 900")
        )


async def test_while_a_bot_runs(tmp_path: Path) -> None:
    """Beside a running bot nothing is restored and nothing changes."""
    wall = Wall()
    path = cabinet.new_file(tmp_path)
    backup = Backups(path).make(0)
    before = everything(path)
    with only_here(path), pytest.raises(CannotOpen, match="another copy of Sprung"):
        await restorer(tmp_path, wall).restore(backup)
    assert everything(path) == before


@pytest.mark.parametrize("content", [b"", b"a diary" * 999, b"SQLite format 3\0" + b"x" * 5000])
async def test_a_bad_file(tmp_path: Path, content: bytes) -> None:
    """What is no whole database of Sprung's is refused with its name, and the present one stays."""
    path = cabinet.new_file(tmp_path)
    bad = tmp_path / "bad.db"
    bad.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(CannotOpen, match=r"bad\.db: .*Nothing was changed") as told:
        await restorer(tmp_path, Wall()).restore(bad)
    assert "\n" not in str(told.value)
    assert path.read_bytes() == before
    assert cabinet.files(tmp_path) == {"sprung.db", "bad.db", "sprung.lock"}


async def test_a_damaged_backup(tmp_path: Path) -> None:
    """A backup with a broken page is not put in anybody's place."""
    path = cabinet.new_file(tmp_path)
    backup = Backups(path).make(0)
    damaged = bytearray(backup.read_bytes())
    damaged[3 * 4096] ^= 0xFF
    backup.write_bytes(damaged)
    with pytest.raises(CannotOpen, match="cannot be restored"):
        await restorer(tmp_path, Wall()).restore(backup)
    assert path.read_bytes() == cabinet.new_file(tmp_path).read_bytes()


async def test_in_the_place_of_a_damaged_one(tmp_path: Path) -> None:
    """The damaged file is kept aside with its log, and its log never meets the new one."""
    path = cabinet.new_file(tmp_path)
    backup = Backups(path).make(0)
    path.write_bytes(b"damaged")
    path.with_name("sprung.db-wal").write_bytes(b"its log")
    await restorer(tmp_path, Wall()).restore(backup)
    assert everything(path) == everything(backup)
    aside = kept_aside(tmp_path)
    assert aside.read_bytes() == b"damaged"
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"its log"
    assert not path.with_name("sprung.db-wal").exists()


async def test_in_an_empty_folder(tmp_path: Path) -> None:
    """On a new machine a backup is all that is needed."""
    backup = Backups(cabinet.new_file(tmp_path)).make(0)
    new = tmp_path / "new"
    new.mkdir()
    shutil.copy(backup, new / "mine.db")
    told = await restorer(new, Wall()).restore(new / "mine.db")
    assert not any("kept in" in line for line in told)
    assert everything(new / "sprung.db") == everything(backup)
