"""Letting recordings go: the right ones, in batches, files after rows, and no moment to die at is bad."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.clearing import AT_ONCE, HOUR_MS, PARTS, Clearing, Verb
from bot.clock import Clock
from bot.practice import retain
from bot.store import drills, ears, listens, media, ratings, takes
from bot.store.database import Conflict, Database, Write
from bot.store.examine import examine
from bot.store.media import MediaFolder
from bot.store.tables import DrillState, MediaState, TakeKind
from bot.store.tables import take as take_table
from bot.store.transaction import Transaction
from tests.house import Wall
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, NOW

OLD = NOW - 100 * DAY


@dataclass
class Attic:
    """A folder of recordings, and the clearing of it."""

    database: Database
    wall: Wall = field(default_factory=Wall)
    changed: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Clock(wall=self.wall)
        self.folder = MediaFolder(self.database.path.parent / "media")
        self.clearing = Clearing(
            self.database, self.clock, self.folder, change=self._change, wall=self.clock
        )

    async def _change(self, learner_id: int, verb: Verb) -> None:
        self.changed.append(learner_id)
        tx = await Transaction.begin(self.database, learner_id, self.clock.now())
        await verb(tx)
        await tx.commit()

    async def keep(self, learner_id: int, count: int, **more: object) -> None:
        """So many old recordings of one rated question, with files."""
        writes: list[Write] = []
        for number in range(1, count + 1):
            path = f"{learner_id}/{number}.ogg"
            self.file(learner_id, number)
            writes += [
                drills.asked(cabinet.drill(number, learner_id, state=DrillState.RATED)),
                takes.taken(
                    cabinet.take(
                        number,
                        learner_id,
                        drill_no=number,
                        kind=TakeKind.VOICE,
                        text=None,
                        file_id="f",
                        taken_at=OLD + number,
                        media_state=MediaState.KEPT,
                        media_path=path,
                        file_size=10,
                        **more,
                    )
                ),
            ]
        await cabinet.keep(self.database, cabinet.learner(learner_id))
        await self.database.commit(writes)

    def file(self, learner_id: int, number: int) -> Path:
        """The file of a recording; made if it is not there."""
        path = self.folder.root / str(learner_id) / f"{number}.ogg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return path

    def files(self, learner_id: int = ANN) -> set[int]:
        """The numbers of the takes whose files are there."""
        return {int(path.stem) for path in (self.folder.root / str(learner_id)).glob("*.ogg")}

    async def kept(self, learner_id: int = ANN) -> set[int]:
        """The numbers of the takes whose rows say that their recording is here."""
        found = await cabinet.rows(
            self.database, take_table, learner_id=learner_id, media_state=MediaState.KEPT
        )
        return {row["take_no"] for row in found}


@pytest.fixture
async def attic(tmp_path: Path) -> AsyncIterator[Attic]:
    """An attic with nothing in it."""
    async with cabinet.opened(tmp_path) as database:
        yield Attic(database)


async def test_first_and_latest_stay(attic: Attic) -> None:
    """Of six old recordings without a rating the first and the latest stay, and nobody else's go."""
    await attic.keep(ANN, 6)
    await attic.keep(BEN, 1)
    await attic.clearing.let_go(ANN)
    await attic.clearing.drop_files()
    assert attic.files() == await attic.kept() == {1, 6}
    assert attic.files(BEN) == {1}
    assert await retain.space(await Transaction.begin(attic.database, ANN, NOW)) == (2, 20)


async def test_what_is_needed_stays(attic: Attic) -> None:
    """Beside the first and the latest: the best, a starred one, one to be rated, one a friend was
    given a link to, one played again today; what a friend or the listener is done with may go.
    """
    await attic.keep(ANN, 9)
    await attic.database.commit(
        [
            ratings.rated(cabinet.rating(20, drill_no=3, take_no=3, tone=5)),
            ratings.rated(cabinet.rating(21, drill_no=2, take_no=2, tone=4)),
            takes.starred(ANN, 4, NOW),
            ears.made(cabinet.ear(30, take_no=6)),
            ears.made(cabinet.ear(31, take_no=2, expires_at=NOW - 1)),
            listens.offered(cabinet.listen(32, take_no=7)),
            listens.offered(cabinet.listen(33, take_no=2, offered_at=NOW - DAY)),
            drills.changed(
                cabinet.drill(5, state=DrillState.RATED),
                cabinet.drill(5, state=DrillState.ANSWERED, take_no=5),
            ),
        ]
    )
    await attic.clearing.let_go(ANN)
    assert await attic.kept() == {1, 3, 4, 5, 6, 7, 9}


@pytest.mark.parametrize(("days", "kept"), [(30, 2), (None, 2), (365, 6), (0, 6)])
async def test_as_long_as_chosen(attic: Attic, days: int | None, kept: int) -> None:
    """A hundred days old: gone after thirty or ninety, here with a year or for ever."""
    await attic.keep(ANN, 6)
    tx = await Transaction.begin(attic.database, ANN, NOW)
    if days is not None:
        retain.keep_for(tx, days)
    await tx.commit()
    await attic.clearing.let_go(ANN)
    assert len(await attic.kept()) == kept
    assert attic.changed == ([ANN] if kept == 2 else [])


async def test_everybody_once_a_day(attic: Attic) -> None:
    """In twenty-four hours each learner is looked at, whoever they are."""
    for learner_id in range(ANN, ANN + 30):
        await attic.keep(learner_id, 3)
    for _ in range(PARTS):
        await attic.clearing.clear()
        attic.wall.now += HOUR_MS / 1000
    assert sorted(attic.changed) == list(range(ANN, ANN + 30))
    assert all(attic.files(one) == {1, 3} for one in range(ANN, ANN + 30))


async def test_in_batches(attic: Attic) -> None:
    """More deleted takes than fit into one batch are erased all the same, files and all."""
    count = 2 * AT_ONCE + 1
    await attic.keep(ANN, count, deleted_at=NOW - DAY)
    await attic.clearing.clear()
    assert attic.files() == set()
    assert await media.left(attic.database, (-1, -1), 10) == []


async def test_a_day_to_think_better_of_it(attic: Attic) -> None:
    """Deleted less than a day ago: nothing is erased, nor does its age matter."""
    await attic.keep(ANN, 3, deleted_at=NOW - DAY + 1)
    await attic.clearing.clear()
    await attic.clearing.let_go(ANN)
    assert attic.files() == {1, 2, 3}


async def test_dying_between_row_and_file(attic: Attic) -> None:
    """The row says gone, the file is still there: the doctor does not set it aside, the next run ends it."""
    await attic.keep(ANN, 3)
    await attic.clearing.let_go(ANN)
    assert attic.files() == {1, 2, 3}
    found = examine(attic.database.path, attic.folder.root, NOW, 2**40)
    assert (found.orphans, found.missing) == ([], [])
    await Attic(attic.database).clearing.drop_files()
    assert attic.files() == {1, 3}


async def test_dying_between_file_and_path(attic: Attic) -> None:
    """The file is gone, the path still stands: nobody misses it, and the next run forgets it."""
    await attic.keep(ANN, 3)
    await attic.clearing.let_go(ANN)
    attic.file(ANN, 2).unlink()
    assert examine(attic.database.path, attic.folder.root, NOW, 2**40).missing == []
    await attic.clearing.drop_files()
    assert await media.left(attic.database, (-1, -1), 10) == []


async def test_a_file_that_cannot_go(attic: Attic) -> None:
    """One that the system does not delete keeps none of the others, and is tried again."""
    await attic.keep(ANN, 4)
    path = attic.file(ANN, 2)
    path.unlink()
    path.mkdir()
    await attic.clearing.let_go(ANN)
    await attic.clearing.drop_files()
    assert attic.files() == {1, 2, 4}
    assert [row["take_no"] for row in await media.left(attic.database, (-1, -1), 10)] == [2]
    path.rmdir()
    await attic.clearing.drop_files()
    assert await media.left(attic.database, (-1, -1), 10) == []


async def test_starred_at_the_last_moment(attic: Attic) -> None:
    """A star that comes between looking and letting go wins: what rests on old news changes nothing."""
    await attic.keep(ANN, 3)
    slow = await Transaction.begin(attic.database, ANN, NOW)
    await retain.let_go(slow)
    quick = await Transaction.begin(attic.database, ANN, NOW)
    await retain.star(quick, 2, on=True)
    await quick.commit()
    with pytest.raises(Conflict):
        await slow.commit()
    assert await attic.kept() == {1, 2, 3}


@pytest.mark.parametrize("kept_by", [{"starred_at": NOW}, {"deleted_at": NOW}])
async def test_the_write_knows_it_too(attic: Attic, kept_by: dict[str, int]) -> None:
    """Letting go of a starred or deleted take is a lost race, whatever was read before."""
    await attic.keep(ANN, 3, **kept_by)
    with pytest.raises(Conflict):
        await attic.database.commit([takes.let_go(ANN, 2)])
    assert await attic.kept() == {1, 2, 3}
