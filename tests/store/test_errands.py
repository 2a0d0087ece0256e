"""What is left to be done for somebody: found when due, done once, gone with either of two people."""

import asyncio

from bot.store import errands
from bot.store.database import Conflict, Database
from bot.store.tables import ErrandKind
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, HOUR, NOW


async def test_due_in_order(database: Database) -> None:
    """What is due comes in the order of its moments, as much as was asked for; the rest has a moment."""
    assert await errands.earliest(database) is None
    later, sooner, future = (
        cabinet.errand(1, due_at=NOW),
        cabinet.errand(2, BEN, due_at=NOW - 1),
        cabinet.errand(3, due_at=NOW + HOUR),
    )
    await database.commit([errands.given(one) for one in (later, sooner, future)])
    assert await errands.due(database, NOW, 30) == [sooner.key, later.key]
    assert await errands.due(database, NOW, 1) == [sooner.key]
    assert await errands.earliest(database) == NOW - 1


async def test_found_again(database: Database) -> None:
    """An errand is read as it was given; of a kind there are the learner's own alone, soonest first."""
    given = cabinet.errand(1, about="7 of them", due_at=NOW + HOUR)
    sooner = cabinet.errand(2, from_id=BEN)
    others = [cabinet.errand(3, kind=ErrandKind.DIGEST), cabinet.errand(4, BEN)]
    await database.commit([errands.given(one) for one in (given, sooner, *others)])
    assert await errands.find(database, given.key) == given
    assert await errands.find(database, (ANN, ANN, 4)) is None
    assert await errands.of_kind(database, ANN, ErrandKind.LISTEN) == [sooner, given]


async def test_done_once(database: Database) -> None:
    """Of many who would do it at the same moment, one does."""
    one = cabinet.errand()
    await database.commit([errands.given(one)])
    told = await asyncio.gather(
        *(database.commit([cabinet.put(f"in-{n}"), errands.dropped(one)]) for n in range(20)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in told].count(Conflict) == 19
    assert len(await cabinet.names(database)) == 1


async def test_numbered_by_whoever_gives(database: Database) -> None:
    """Two people may leave an errand of the same number for a third."""
    mine, theirs = cabinet.errand(1), cabinet.errand(1, from_id=BEN)
    await database.commit([errands.given(mine), errands.given(theirs)])
    await database.commit([errands.erased_from(BEN)])
    assert await errands.find(database, mine.key) == mine
    assert await errands.find(database, theirs.key) is None


async def test_none_waits_for_years(database: Database) -> None:
    """What a clock that was ahead has put far into the future comes nearer; the rest keeps its moment."""
    near, far = cabinet.errand(1, due_at=NOW + HOUR), cabinet.errand(2, due_at=NOW + 9 * HOUR)
    await database.commit([errands.given(near), errands.given(far)])
    await database.commit([errands.not_due_beyond(NOW + 2 * HOUR)])
    found = await errands.of_kind(database, ANN, ErrandKind.LISTEN)
    assert [one.due_at for one in found] == [NOW + HOUR, NOW + 2 * HOUR]
