"""Second listens: offered, rated once, taken back once, and which takes there are to listen to."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.drill.standing import Listen
from bot.drill.tone import Tone
from bot.store import listens, ratings, takes
from bot.store.database import Conflict, Database
from bot.store.listens import ListenRow
from bot.store.tables import TakeKind
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, HOUR, NOW


@pytest.fixture
async def one(database: Database) -> ListenRow:
    """A listen of Ann's that waits for its rating."""
    made = cabinet.listen(7)
    await database.commit([listens.offered(made)])
    return made


def rated(row: ListenRow, tone: int = 4) -> ListenRow:
    """The same, rated an hour later."""
    return replace(row, tone=tone, rated_at=NOW + HOUR, rated_no=8)


async def spoken(database: Database, number: int, **fields: Any) -> None:
    """A voice answer of Ann's that was rated, by default yesterday's."""
    take = {"kind": TakeKind.VOICE, "file_id": "f", "text": None, "taken_at": NOW - HOUR}
    await database.commit(
        [
            takes.taken(cabinet.take(number, **{**take, **fields})),
            ratings.rated(cabinet.rating(number + 1, take_no=number)),
        ]
    )


async def test_found(database: Database, one: ListenRow) -> None:
    """It is read as it was offered, by its learner alone."""
    assert await listens.find(database, ANN, 7) == one
    assert await listens.of_learner(database, ANN) == [one]
    assert (one.is_open, one.counts) == (True, False)
    assert await listens.find(database, BEN, 7) is None
    assert await listens.of_learner(database, BEN) == []


async def test_rated_once(database: Database, one: ListenRow) -> None:
    """Of many taps at the same moment one counts, and none after it."""
    told = await asyncio.gather(
        *(database.commit([listens.rated(rated(one, n))]) for n in (1, 2, 3, 4, 5)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in told].count(Conflict) == 4
    found = await listens.find(database, ANN, 7)
    assert found
    assert (found.is_open, found.counts) == (False, True)


async def test_withdrawn_once(database: Database, one: ListenRow) -> None:
    """A rating is taken back once; what was taken back is neither open nor counts."""
    with pytest.raises(Conflict):
        await database.commit([listens.withdrawn(one, NOW)])
    await database.commit([listens.rated(rated(one))])
    await database.commit([listens.withdrawn(one, NOW)])
    found = await listens.find(database, ANN, 7)
    assert found
    assert (found.is_open, found.counts, found.withdrawn_at) == (False, False, NOW)
    for write in (listens.withdrawn(one, NOW), listens.rated(rated(one))):
        with pytest.raises(Conflict):
            await database.commit([write])


def test_as_the_engine_knows_it() -> None:
    """The engine gets tone and moments."""
    assert rated(cabinet.listen(), 5).listen(3) == Listen(Tone.SMOOTH, NOW + HOUR, 3)


async def test_what_can_be_played(database: Database) -> None:
    """Rated recordings of every kind that were said long enough ago, the latest first."""
    for number, kind in enumerate((TakeKind.VOICE, TakeKind.VIDEO_NOTE, TakeKind.AUDIO), 10):
        await spoken(database, number * 2, kind=kind)
    found = await listens.spoken(database, ANN, NOW - HOUR)
    assert [one.take_no for one in found] == [24, 22, 20]
    assert (found[0].tone, found[0].taken_at) == (4, NOW - HOUR)
    assert await listens.spoken(database, BEN, NOW) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"taken_at": NOW - HOUR + 1},
        {"file_id": None},
        {"deleted_at": NOW},
        {"kind": TakeKind.TEXT},
        {"learner_id": BEN},
    ],
)
async def test_what_cannot_be_played(database: Database, fields: dict[str, Any]) -> None:
    """Not what is too fresh, has no recording, was deleted, was typed, or is somebody else's."""
    await spoken(database, 3, **fields)
    assert await listens.spoken(database, ANN, NOW - HOUR) == []


async def test_what_was_not_rated_cannot_be_compared(database: Database) -> None:
    """A take whose rating was taken back is not played."""
    await spoken(database, 3)
    await database.commit([ratings.withdrawn(ANN, 4, NOW)])
    assert await listens.spoken(database, ANN, NOW) == []


async def test_pairs(database: Database, one: ListenRow) -> None:
    """Then and later stand side by side, as long as neither is taken back."""
    await spoken(database, 1)
    assert await listens.pairs(database, ANN) == []
    await database.commit([listens.rated(rated(one, 3))])
    [row] = await listens.pairs(database, ANN)
    assert (row["take_no"], row["then"], row["later"]) == (1, 4, 3)
    assert await listens.pairs(database, BEN) == []
    await database.commit([listens.withdrawn(one, NOW)])
    assert await listens.pairs(database, ANN) == []
