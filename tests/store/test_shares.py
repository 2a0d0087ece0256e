"""Links that share own questions: one use, until they end or are taken back, unreadable on disk."""

import asyncio

import pytest

from bot.store import shares
from bot.store.database import Conflict, Database
from bot.store.shares import Share
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, NOW

TOKEN = "q7-a-fresh-secret-of-24-bytes"


@pytest.fixture
async def one(database: Database) -> Share:
    """A link of Ann's that is open for a day."""
    made = cabinet.share(token_hash=shares.hash_of(TOKEN))
    await database.commit([shares.made(made)])
    return made


async def test_found(database: Database, one: Share) -> None:
    """The token finds the link, no other words do; the maker finds it in the list, nobody else."""
    assert await shares.of_token(database, TOKEN) == one
    for wrong in ("", TOKEN[:-1], TOKEN.upper(), one.token_hash):
        assert await shares.of_token(database, wrong) is None
    assert await shares.of_learner(database, ANN) == [one]
    assert await shares.of_learner(database, BEN) == []


async def test_two_at_once(database: Database, one: Share) -> None:
    """Of many people who use one link at the same moment, one gets the copy."""
    told = await asyncio.gather(
        *(database.commit([cabinet.put(f"in-{n}"), shares.used(one, NOW)]) for n in range(20)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in told].count(Conflict) == 19
    assert len(await cabinet.names(database)) == 1


async def test_over(database: Database, one: Share) -> None:
    """A link that has ended, or was taken back, cannot be used, whoever looked in time."""
    with pytest.raises(Conflict):
        await database.commit([shares.used(one, NOW + DAY)])
    await database.commit([shares.revoked(one, NOW)])
    with pytest.raises(Conflict):
        await database.commit([shares.used(one, NOW)])


async def test_used_is_not_revoked(database: Database, one: Share) -> None:
    """What was used cannot be taken back any more."""
    await database.commit([shares.used(one, NOW)])
    with pytest.raises(Conflict):
        await database.commit([shares.revoked(one, NOW)])
    assert (found := await shares.of_token(database, TOKEN))
    assert (found.used_at, found.revoked_at) == (NOW, None)


async def test_dropped(database: Database, one: Share) -> None:
    """A link that is let go is unknown."""
    await database.commit([shares.dropped(one)])
    assert await shares.of_token(database, TOKEN) is None


async def test_same_token(database: Database, one: Share) -> None:
    """A token opens one link, never two."""
    with pytest.raises(Conflict):
        await database.commit([shares.made(cabinet.share(2, BEN, token_hash=one.token_hash))])


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({}, True),
        ({"used_at": NOW}, False),
        ({"revoked_at": NOW}, False),
        ({"expires_at": NOW}, False),
    ],
)
def test_open(fields: dict[str, int], is_open: bool) -> None:
    """Open is what is neither used, nor taken back, nor over."""
    assert cabinet.share(**fields).is_open(NOW) == is_open


async def test_only_the_hash(database: Database, one: Share) -> None:
    """Whoever reads the disk finds no link that would open anything."""
    await database.commit([shares.used(one, NOW)])
    on_disk = cabinet.log_of(database)
    await database.truncate_log()
    on_disk += database.path.read_bytes()
    assert one.token_hash.encode() in on_disk
    assert TOKEN.encode() not in on_disk
