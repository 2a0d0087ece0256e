"""Updates: on disk once however often they come, handled once, and then forgotten but for their number."""

import asyncio

import pytest

from bot.store import inbox
from bot.store.database import Conflict, Database
from bot.store.tables import UpdateState
from bot.store.tables import inbox as inbox_table
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, NOW, receive, update

FIRST_AND_LAST = (1, 2**63 - 1)


async def test_stored(database: Database) -> None:
    """An update waits, as it came, from the moment it is stored."""
    raw = '{"text":"Grüße 🙂"}'.encode()
    assert await receive(database, update(7, BEN, raw), update(5, ANN)) == [5, 7]
    assert await inbox.waiting(database, -1, 9) == [update(5, ANN), update(7, BEN, raw)]
    assert await receive(database) == []


async def test_all_in_one_commit(database: Database) -> None:
    """However many updates come at once, they cost one fsync."""
    async with cabinet.written(database) as statements:
        await receive(database, *(update(n) for n in range(100)))
    assert statements.count("COMMIT") == 1


async def test_repeats(database: Database) -> None:
    """An update that comes again is the one that is there, whether it waits, is done or set aside."""
    for number in (1, 2, 3):
        await receive(database, update(number, raw=b"first"))
    await database.commit([inbox.done(1), inbox.dead(2, 3, "KeyError")])
    again = await receive(database, *(update(n, BEN, b"again") for n in (1, 2, 3)), now=NOW + 1)
    assert again == [3]
    assert [row["raw"] for row in await cabinet.rows(database, inbox_table)] == [
        None,
        b"first",
        b"first",
    ]
    assert await inbox.waiting(database, -1, 9) == [update(3, ANN, b"first")]


async def test_same_batch(database: Database) -> None:
    """An update that stands twice in one batch is stored once."""
    assert await receive(database, update(1, raw=b"a"), update(1, raw=b"b")) == [1]
    assert await inbox.waiting(database, -1, 9) == [update(1, raw=b"a")]


async def test_two_receivers(database: Database) -> None:
    """Two who bring the same updates at the same moment do not hinder each other."""
    told = await asyncio.gather(*(receive(database, update(1), update(2)) for _ in range(5)))
    assert told == [[1, 2]] * 5


@pytest.mark.parametrize("number", FIRST_AND_LAST)
async def test_any_number(database: Database, number: int) -> None:
    """Telegram may begin its numbers anew anywhere; each is stored and found."""
    assert await receive(database, update(number)) == [number]
    assert [one.update_id for one in await inbox.waiting(database, -1, 9)] == [number]


async def test_pages(database: Database) -> None:
    """What waits is read in pages, in order, each after the last of the one before."""
    await receive(database, *(update(n) for n in range(10, 20)))
    await database.commit([inbox.done(12)])
    first = [one.update_id for one in await inbox.waiting(database, -1, 4)]
    rest = [one.update_id for one in await inbox.waiting(database, first[-1], 99)]
    assert (first, rest) == ([10, 11, 13, 14], [15, 16, 17, 18, 19])


async def test_done_once(database: Database) -> None:
    """What an update did is committed once: the second time it is a lost race and does nothing."""
    await receive(database, update(1))
    told = await asyncio.gather(
        database.commit([cabinet.put("first"), inbox.done(1)]),
        database.commit([cabinet.put("second"), inbox.done(1)]),
        return_exceptions=True,
    )
    assert [type(one) for one in told] == [type(None), Conflict]
    assert await cabinet.names(database) == {"first"}


async def test_done_is_forgotten(database: Database) -> None:
    """Of a handled update only the number stays: neither what it said nor whose it was."""
    await receive(database, update(1, ANN, b"my secret"))
    await database.commit([inbox.failed(1, 1, "KeyError"), inbox.done(1)])
    row = await cabinet.only(database, inbox_table)
    assert (row["state"], row["learner_id"]) == (UpdateState.DONE, 0)
    assert (row["raw"], row["error"]) == (None, None)
    await database.truncate_log()
    assert b"my secret" not in database.path.read_bytes() + cabinet.log_of(database)


async def test_failed(database: Database) -> None:
    """An update that failed waits on, and says how often it has."""
    await receive(database, update(1, raw=b"x"))
    await database.commit([inbox.failed(1, 2, "KeyError at bot.chat")])
    (waiting,) = await inbox.waiting(database, -1, 9)
    assert (waiting.failures, waiting.raw) == (2, b"x")
    assert (await cabinet.only(database, inbox_table))["error"] == "KeyError at bot.chat"


async def test_dead(database: Database) -> None:
    """An update that was set aside waits no more, and is kept for whoever looks into it."""
    await receive(database, update(1, ANN, b"x"))
    await database.commit([inbox.dead(1, 3, "KeyError")])
    assert await inbox.waiting(database, -1, 9) == []
    row = await cabinet.only(database, inbox_table)
    assert (row["raw"], row["learner_id"], row["failures"]) == (b"x", ANN, 3)
    for too_late in (inbox.done(1), inbox.failed(1, 4, ""), inbox.dead(1, 4, "")):
        with pytest.raises(Conflict):
            await database.commit([too_late])


async def test_purge(database: Database) -> None:
    """Handled updates are forgotten after six days; those that wait are kept however old they are."""
    await receive(database, update(1), update(2), update(3), now=NOW)
    await receive(database, update(4), now=NOW + 1)
    await database.commit([inbox.done(1), inbox.dead(2, 3, ""), inbox.done(4)])
    await database.commit([inbox.purged(NOW + 6 * DAY)])
    assert len(await cabinet.rows(database, inbox_table)) == 4
    await database.commit([inbox.purged(NOW + 6 * DAY + 1)])
    assert [row["update_id"] for row in await cabinet.rows(database, inbox_table)] == [3, 4]


async def test_counts(database: Database) -> None:
    """The owner's counts are of what waits and what was set aside."""
    assert dict(await inbox.counts(database)) == {"waiting": None, "dead": None}
    await receive(database, *(update(n) for n in range(7)))
    await database.commit([inbox.done(0), inbox.dead(1, 3, ""), inbox.dead(2, 3, "")])
    assert dict(await inbox.counts(database)) == {"waiting": 4, "dead": 2}
