"""The hourly work: a backup a day, by itself, beside learners; who was erased is remembered long enough."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.clearing import Clearing, Verb
from bot.clock import Clock
from bot.store.backup import Backups
from bot.store.database import Conflict, Database
from bot.store.erasures import KEEP_MS
from bot.store.leftovers import Exports
from bot.store.media import MediaFolder
from bot.store.room import Room
from bot.telemetry.health import Health
from bot.upkeep import Upkeep
from tests.house import Wall
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, NOW, put


@dataclass
class Cellar:
    """Upkeep of an empty database, with disk and clock in the test's hands."""

    database: Database
    free: int = 10**10
    news: list[tuple[str, str]] = field(default_factory=list)
    deaf: bool = False

    def __post_init__(self) -> None:
        self.wall = Wall()
        clock = Clock(wall=self.wall)
        self.health = Health({}, NOW)
        self.folder = self.database.path.parent
        self.backups = Backups(self.database.path)
        self.upkeep = Upkeep(
            self.database,
            clock,
            self.health,
            room=Room(self.folder, lambda _: self.free),
            erasures=cabinet.erasures_in(self.folder),
            exports=Exports(self.folder / "exports"),
            clearing=Clearing(
                self.database, clock, MediaFolder(self.folder), change=self._change, wall=clock
            ),
            tell=self._tell,
            wall=clock,
        )

    async def _change(self, _: int, __: Verb) -> None:
        """Nobody is here."""

    async def _tell(self, part: str, trouble: str) -> None:
        if self.deaf:
            raise Conflict("somebody was faster")
        self.news.append((part, trouble))


@pytest.fixture
async def cellar(tmp_path: Path) -> AsyncIterator[Cellar]:
    """A cellar with an empty database."""
    async with cabinet.opened(tmp_path) as database:
        yield Cellar(database)


async def test_one_a_day(cellar: Cellar) -> None:
    """The first comes at once, the next when a day is over; one made by hand counts."""
    for hours, backups in ((0, 1), (1, 1), (23, 1), (24, 2), (25, 2)):
        cellar.wall.now = NOW / 1000 + hours * 3600
        await cellar.upkeep.back_up()
        assert len(cellar.backups.found()) == backups
    cellar.backups.make(NOW + 47 * 3600 * 1000)
    cellar.wall.now = NOW / 1000 + 49 * 3600
    await cellar.upkeep.back_up()
    assert max(cellar.backups.found()) == NOW + 47 * 3600 * 1000


async def test_a_backup_from_the_future_does_not_stop_them(cellar: Cellar) -> None:
    """A clock that was ahead made one that looks new for years: the daily ones go on."""
    cellar.backups.make(NOW + 10**11)
    await cellar.upkeep.back_up()
    assert NOW in cellar.backups.found()


async def test_beside_learners(cellar: Cellar) -> None:
    """Learners' transactions get on while a backup is made."""
    making = asyncio.create_task(cellar.upkeep.back_up())
    await cellar.database.commit([put(str(0))])
    number = 1
    while not making.done():
        await cellar.database.commit([put(str(number))])
        number += 1
    assert number > 1
    assert cellar.backups.newest_good() == cellar.backups.place(NOW)


async def test_failures_are_told(cellar: Cellar) -> None:
    """Without room none is made: /healthz is red, the owners hear it once, and the next one ends it."""
    cellar.free = 10**8
    cellar.deaf = True
    await cellar.upkeep.back_up()
    cellar.deaf = False
    for _ in range(3):
        await cellar.upkeep.back_up()
    assert [part for part, _ in cellar.news] == ["backup"]
    assert "MB are free" in cellar.health.problems(NOW)[0]
    assert not cellar.backups.found()
    cellar.free = 10**10
    await cellar.upkeep.back_up()
    assert cellar.health.problems(NOW) == []
    assert cellar.backups.newest == NOW


async def test_a_damaged_database_is_no_backup(cellar: Cellar) -> None:
    """A copy that cannot be read through is a failure, and no earlier backup goes for it."""
    await cellar.upkeep.back_up()
    await cellar.upkeep.cut_log()
    content = bytearray(cellar.database.path.read_bytes())
    content[3 * 4096 : 4 * 4096] = bytes(4096)
    cellar.database.path.write_bytes(content)
    cellar.wall.now += 2 * 86_400
    await cellar.upkeep.back_up()
    assert cellar.news
    assert list(cellar.backups.found()) == [NOW]


async def test_erasures_outlive_the_backups(cellar: Cellar) -> None:
    """An erasure is forgotten only when it is old and no backup is older."""
    erasures = cabinet.erasures_in(cellar.folder)
    erasures.add(ANN, 1, NOW - KEEP_MS - 1)
    erasures.add(BEN, 1, NOW - KEEP_MS + 1)
    old = cellar.backups.make(NOW - KEEP_MS - 10)
    await cellar.upkeep.back_up()
    assert erasures.known()(ANN, 1)
    old.unlink()
    cellar.backups.place(NOW).unlink()
    await cellar.upkeep.back_up()
    assert not erasures.known()(ANN, 1)
    assert erasures.known()(BEN, 1)
