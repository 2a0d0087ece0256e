"""The doctor: each thing that can be wrong is found and explained, and mended where that is safe."""

import os
import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.checkup import Checkup, Finding
from bot.clock import Clock
from bot.store import inbox, learners, outbox, takes
from bot.store.backup import Backups
from bot.store.database import Database
from bot.store.opening import CannotOpen, only_here
from bot.store.room import Room
from bot.store.tables import MediaState, SendState, TakeKind
from bot.store.tables import take as take_table
from tests.house import Wall
from tests.store import cabinet
from tests.store.cabinet import ANN, DAY, HOUR, NOW


def doctor(
    folder: Path,
    *,
    ahead_ms: int | None = 0,
    sqlite: tuple[int, ...] = (3, 40, 1),
    free: int = 10**10,
) -> Checkup:
    """A doctor for the database in this folder; `ahead_ms` None: offline."""

    async def date() -> int | None:
        return None if ahead_ms is None else NOW - ahead_ms

    room = Room(folder, lambda _: free)
    clock = Clock(wall=Wall())
    path = folder / "sprung.db"
    return Checkup(path, clock, random.Random(1), date, room=room, sqlite=sqlite)


def needing(findings: Sequence[Finding]) -> list[str]:
    """The sentences that need hands."""
    return [finding.sentence for finding in findings if finding.needs_hands]


def said(findings: Sequence[Finding]) -> str:
    """All that was said."""
    return "\n".join(map(str, findings))


async def test_all_is_well(tmp_path: Path) -> None:
    """On a sound database nothing needs hands, nothing is changed, and each thing is named."""
    path = cabinet.new_file(tmp_path)
    Backups(path).make(NOW - HOUR)
    before = path.read_bytes()
    findings = await doctor(tmp_path).findings()
    assert needing(findings) == []
    told = said(findings)
    for word in (
        "whole",
        "newest (",
        "log",
        "room",
        "SQLite 3.40.1",
        "backups is 60 minutes",
        "clock",
    ):
        assert word in told
    assert path.read_bytes() == before


async def test_a_damaged_file(tmp_path: Path) -> None:
    """Damage is said in one sentence, with the newest good backup and the command that puts it back."""
    path = cabinet.new_file(tmp_path)
    backup = Backups(path).make(NOW)
    damaged = bytearray(path.read_bytes())
    damaged[3 * 4096] ^= 0xFF
    path.write_bytes(damaged)
    findings = await doctor(tmp_path).findings()
    [told] = needing(findings)
    assert "damaged" in told
    assert f"sprung restore {backup}" in told
    with pytest.raises(CannotOpen, match="damaged"):
        await doctor(tmp_path).mended()
    assert path.read_bytes() == damaged


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "there is no database"), (b"a diary", "not a database")],
)
async def test_no_database(tmp_path: Path, content: bytes | None, told: str) -> None:
    """A file that is gone or something else is said, and none is made."""
    if content is not None:
        (tmp_path / "sprung.db").write_bytes(content)
    assert any(told in sentence for sentence in needing(await doctor(tmp_path).findings()))
    assert (tmp_path / "sprung.db").exists() == (content is not None)


async def test_no_folder(tmp_path: Path) -> None:
    """Where nothing was ever kept the doctor says just that: neither a full disk nor a lost database."""
    findings = await doctor(tmp_path / "none").findings()
    assert len(findings) == len(needing(findings)) == 1
    assert "there is no such folder" in said(findings)
    assert not (tmp_path / "none").exists()


async def test_another_form(tmp_path: Path) -> None:
    """An older form waits for the next start; a newer one needs the newer Sprung."""
    path = cabinet.new_file(tmp_path)
    for revision, needs in (("0000", False), ("9999", True)):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE alembic_version SET version_num=?", [revision])
            connection.commit()
        findings = await doctor(tmp_path).findings()
        assert f"Its form is {revision}" in said(findings)
        assert bool(needing(findings)) is needs


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 1), False),
        ((3, 51, 3), True),
        ((3, 60, 0), True),
    ],
)
async def test_sqlite(tmp_path: Path, version: tuple[int, ...], safe: bool) -> None:
    """An SQLite that can lose writes of two connections is named, and why that is safe here."""
    cabinet.new_file(tmp_path)
    findings = await doctor(tmp_path, sqlite=version).findings()
    assert ("exactly one connection" in said(findings)) is not safe
    assert needing(findings) == []


@pytest.mark.parametrize(
    ("ahead_ms", "told", "needs"),
    [
        (None, "cannot be reached", False),
        (119_000, "agrees", False),
        (DAY * 3, "3 days ahead of", True),
        (-200_000, "3 minutes behind", True),
    ],
)
async def test_the_clock(tmp_path: Path, ahead_ms: int | None, told: str, needs: bool) -> None:
    """A clock off by more than two minutes needs hands; that Telegram cannot be reached does not."""
    cabinet.new_file(tmp_path)
    findings = await doctor(tmp_path, ahead_ms=ahead_ms).findings()
    assert told in said(findings)
    assert bool(needing(findings)) is needs


async def test_disk_and_backups(tmp_path: Path) -> None:
    """A disk nearly full and backups that are days old need hands."""
    Backups(cabinet.new_file(tmp_path)).make(NOW - 4 * DAY)
    told = needing(await doctor(tmp_path, free=10**6).findings())
    assert [sentence.split()[0] for sentence in told] == ["1", "The"]
    assert "sprung backup" in told[1]


async def filled(folder: Path) -> Database:
    """Rows in every state that can be stuck, and recordings on the wrong side."""
    database = Database(cabinet.new_file(folder))
    old = NOW - HOUR
    async with database:
        await cabinet.keep(
            database,
            cabinet.learner(sequence=20, next_drill_at=NOW + 3000 * DAY, free_from=NOW + 9 * DAY),
        )
        await cabinet.receive(database, cabinet.update(1), cabinet.update(2), now=old)
        await database.commit([inbox.dead(2, 3, "KeyError")])
        recording: dict[str, Any] = {
            "kind": TakeKind.VOICE,
            "text": None,
            "media_state": MediaState.KEPT,
        }
        await database.commit(
            [
                outbox.posted(cabinet.message(1, created_at=old)),
                outbox.posted(cabinet.message(2, created_at=old, state=SendState.SENDING)),
                outbox.posted(cabinet.message(3, created_at=old, state=SendState.UNKNOWN)),
                takes.taken(cabinet.take(4, **recording, file_id="f4", media_path=f"{ANN}/4.ogg")),
                takes.taken(cabinet.take(5, **recording, file_id="f5", media_path=f"{ANN}/5.ogg")),
                takes.taken(cabinet.take(6, **recording, file_id=None, media_path=f"{ANN}/6.ogg")),
            ]
        )
    media = folder / "media" / str(ANN)
    media.mkdir(parents=True)
    for name in ("4.ogg", "7.ogg", "8.ogg.part", "9.ogg"):
        (media / name).write_bytes(b"OggS")
        seconds = NOW / 1000 - (60 if name.startswith("9") else 7200)
        os.utime(media / name, (seconds, seconds))
    return database


async def test_stuck(tmp_path: Path) -> None:
    """Each stuck row and each recording on one side only is counted; what comes in just now is not."""
    await filled(tmp_path)
    told = said(await doctor(tmp_path).findings())
    for sentence in (
        "1 for over ten minutes, the next start handles them; set aside after three failures: 1",
        "1 wait for over ten minutes, 1 have an unknown outcome",
        "1 messages are being sent for over ten minutes",
        "2 takes whose recording is missing; --mend",
        "2 recordings that no take names; --mend",
    ):
        assert sentence in told
    with only_here(tmp_path / "sprung.db"):
        running = needing(await doctor(tmp_path).findings())
    assert sum("for over ten minutes" in sentence for sentence in running) == 3


async def test_mended(tmp_path: Path) -> None:
    """What is safe is done: a message unstuck, recordings moved or wanted again, plans set right."""
    await filled(tmp_path)
    findings = await doctor(tmp_path).mended()
    assert needing(findings) == []
    assert cabinet.files(tmp_path / "media-orphans") == {f"{ANN}/7.ogg", f"{ANN}/8.ogg.part"}
    assert cabinet.files(tmp_path / "media") == {f"{ANN}/4.ogg", f"{ANN}/9.ogg"}
    async with Database(tmp_path / "sprung.db") as database:
        states = {
            row["take_no"]: row["media_state"] for row in await cabinet.rows(database, take_table)
        }
        assert states == {4: MediaState.KEPT, 5: MediaState.WANTED, 6: MediaState.GONE}
        assert (await outbox.counts(database))["unknown"] == 2
        learner = await learners.find(database, ANN)
        assert learner
        assert NOW < (learner.next_drill_at or 0) < NOW + 60 * DAY


async def test_no_mending_beside_a_bot(tmp_path: Path) -> None:
    """While a bot runs nothing is mended."""
    await filled(tmp_path)
    with (
        only_here(tmp_path / "sprung.db"),
        pytest.raises(CannotOpen, match="another copy of Sprung"),
    ):
        await doctor(tmp_path).mended()
    assert not (tmp_path / "media-orphans").exists()
