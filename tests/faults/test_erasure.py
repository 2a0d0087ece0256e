"""After /forget not one byte of a person is left, wherever the bot keeps things.

ERASE=100 lets a hundred people come, practise and be erased one after the other.
"""

import asyncio
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from bot import upkeep
from bot.sandbox.conversation import Chat, Person
from bot.store import backup
from bot.store.leftovers import KEEP_COPY_MS, copies, copy_place, drop_old_copies
from tests.faults.canaries import Canary
from tests.house import Street, street
from tests.wire.outpost import until

PEOPLE = int(os.environ.get("ERASE", "3"))
WITHIN_SECONDS = 60.0


def canary(number: int) -> Canary:
    """One of many people, with a number and a mark that nothing else in the files resembles."""
    return Canary(5_550_001_000 + number, f"zanzibar{number:04}canary{7919 * number % 10_007:05}")


def hits(folder: Path, person: Canary) -> set[Path]:
    """Every file of the bot with a mark of the person in its bytes or its name.

    This is the whole of the data folder: database, log, index, recordings, exports, older copies and
    whatever else is put there one day. The number alone stays for two days with the farewell, so that
    this can be sent and repeated.
    """
    found = set()
    for path in folder.rglob("*"):
        place = path.relative_to(folder)
        content = str(place).encode() + (path.read_bytes() if path.is_file() else b"")
        if any(mark in content for mark in person.words):
            found.add(place)
    return found


def live(town: Street, person: Canary) -> None:
    """Let the person have a phone."""
    world = town.sandbox.world
    first, user = f"First {person.mark}", f"user_{person.mark}"
    world.people[person.number] = Person(person.number, first, user, "en")
    chat = world.people[person.number].chat()
    world.chats[person.number] = Chat(chat, world.limits.history, is_open=True)


async def practise(town: Street, person: Canary) -> None:
    """Use everything there is, say everything that can be said, and leave an export unsent."""
    number, mark = person.number, person.mark
    await town.enrol(number)
    await town.say(f"First {mark}.", number)
    await town.edit(town.mine(number)["message_id"], f"Edited {mark}.", number)
    await town.tap("4 Professional", number)
    await town.tap("Say it again", number)
    town.sandbox.world.send(number, "voice", b"OggS" + mark.encode() * 50, duration=9)
    await town.settle()
    await town.tap("2 Edgy", number)
    for update in person.updates(900_000 + number % 1000, town.app.clock.now() // 1000):
        town.sandbox.world.updates.push_raw(update, order=number)
    await town.settle()
    town.sandbox.faults.add({"method": "sendDocument", "status": 502, "times": 1})
    await town.say("/export", number)


async def forget(town: Street, person: Canary) -> float:
    """The tap that erases; returns the seconds until the bot has nothing left to do about it."""
    now = asyncio.get_running_loop().time
    began = now()
    await town.press(town.messages(person.number)[-1]["message_id"], "v1:erase", person.number)
    return now() - began


def keep_copy(town: Street) -> Path:
    """A copy of the database from before a migration."""
    database = town.app.settings.database_path
    copy = copy_place(database, "0000")
    backup.copy(database, copy)
    return copy


async def test_nothing_is_left(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Database, log, recordings, exports, copies from before migrations, and what was printed: zero hits.

    Each within a minute of the last tap, while the others' words stay where they were.
    """
    slowest, copy = 0.0, tmp_path
    async with street(tmp_path) as town:
        staying = canary(0)
        live(town, staying)
        await practise(town, staying)
        for number in range(1, PEOPLE + 1):
            person = canary(number)
            live(town, person)
            await practise(town, person)
            await town.app.database.truncate_log()
            await town.say(f"One more {person.mark}.", person.number)
            copy = keep_copy(town)
            kept = {place.parts[0] for place in hits(town.folder, person)}
            assert kept >= {"sprung.db", "sprung.db-wal", "media", "exports", copy.name}
            slowest = max(slowest, await forget(town, person))
            assert hits(tmp_path, person) == set()
            with closing(sqlite3.connect(copy)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert {Path("sprung.db"), Path(copy.name)} <= hits(town.folder, staying)
    assert slowest < WITHIN_SECONDS
    printed = "".join(capfd.readouterr())
    for number in range(PEOPLE + 1):
        assert not [mark for mark in canary(number).marks if mark.decode() in printed]
    print(f"{PEOPLE} erased, the slowest in {slowest:.2f} s")  # noqa: T201


async def test_a_reader_of_the_log_only_delays(
    town: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody else reads the file its log cannot be cut; when they have read it is, at once."""
    monkeypatch.setattr(upkeep, "CUT_AGAIN_SECONDS", 0)
    assert town.app.database._writer is not None
    await town.app.database._writer.execute("PRAGMA busy_timeout=0")
    person = canary(1)
    live(town, person)
    await practise(town, person)
    cutting = asyncio.create_task(town.app.upkeep.cut_again())
    with closing(sqlite3.connect(town.app.settings.database_path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM take").fetchall()
        await forget(town, person)
        assert hits(town.folder, person)
    await until(lambda: not hits(town.folder, person))
    cutting.cancel()


async def test_an_export_that_nobody_takes_is_deleted(town: Street) -> None:
    """Somebody asks for an export and blocks the bot: the file goes; one that still waits stays."""
    gone, waiting = canary(1), canary(2)
    for person in (gone, waiting):
        live(town, person)
        await town.enrol(person.number)
        await town.say(f"{person.mark}", person.number)
        town.sandbox.faults.add({"method": "sendDocument", "status": 502, "times": 1})
        await town.say("/export", person.number)
    town.sandbox.world.block(gone.number)
    await town.settle()
    for _ in range(2):
        await town.app.upkeep._exports.sweep(town.app.database)
    assert _exports(town) == {str(waiting.number)}


async def test_an_export_being_made_is_left_alone(town: Street) -> None:
    """A file without a message may be about to get one: it is given until the next look."""
    folder = town.app.settings.exports_folder / "1"
    folder.mkdir(parents=True)
    (folder / "new.zip").write_bytes(b"PK")
    await town.app.upkeep._exports.sweep(town.app.database)
    assert _exports(town) == {"1"}
    await town.app.upkeep._exports.sweep(town.app.database)
    assert _exports(town) == set()


async def test_a_start_deletes_exports_of_a_crash(tmp_path: Path) -> None:
    """What died between the file and its message is gone after the next start."""
    async with street(tmp_path) as town:
        folder = town.app.settings.exports_folder / "1"
        folder.mkdir(parents=True)
        (folder / "half.zip.part").write_bytes(b"PK")
    async with street(tmp_path) as town:
        assert _exports(town) == set()


def _exports(town: Street) -> set[str]:
    return {path.name for path in town.app.settings.exports_folder.iterdir()}


async def test_a_copy_that_cannot_be_cleaned_is_deleted(town: Street) -> None:
    """A damaged copy from before a migration goes as a whole rather than keep somebody's words."""
    person = canary(1)
    live(town, person)
    await practise(town, person)
    copy = keep_copy(town)
    copy.write_bytes(copy.read_bytes()[:5000] + person.mark.encode() * 500)
    await forget(town, person)
    assert copies(town.app.settings.database_path) == []
    assert hits(town.folder, person) == set()


def test_old_copies_are_deleted(tmp_path: Path) -> None:
    """A copy from before a migration is kept for a week; other files are not looked at."""
    database = tmp_path / "sprung.db"
    young, old = copy_place(database, "0002"), copy_place(database, "0001")
    now = 1_795_435_200_000
    for path, age in ((database, 99), (young, 0.9), (old, 1.1), (tmp_path / "other.db", 99)):
        path.write_bytes(b"")
        moment = (now - age * KEEP_COPY_MS) / 1000
        os.utime(path, (moment, moment))
    drop_old_copies(database, now)
    assert _names(tmp_path.iterdir()) == {"sprung.db", young.name, "other.db"}


def _names(paths: Iterable[Path]) -> set[str]:
    return {path.name for path in paths}
