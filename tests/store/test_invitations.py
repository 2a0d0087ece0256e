"""Invitations: one link lets one person in, for a week, and cannot be read from the disk."""

import asyncio

import pytest

from bot.store import invitations
from bot.store.database import Conflict, Database
from tests.store import cabinet
from tests.store.cabinet import DAY, NOW

TOKEN = "q7-a-fresh-secret-of-24-bytes"


@pytest.fixture
async def invited(database: Database) -> Database:
    """A database with one invitation in it."""
    await database.commit([invitations.made(TOKEN, NOW, NOW + DAY)])
    return database


async def test_valid(invited: Database) -> None:
    """An invitation is good until it ends; no other words are."""
    assert await invitations.is_valid(invited, TOKEN, NOW + DAY - 1)
    assert not await invitations.is_valid(invited, TOKEN, NOW + DAY)
    for wrong in ("", TOKEN[:-1], TOKEN.upper(), invitations._hash(TOKEN)):
        assert not await invitations.is_valid(invited, wrong, NOW)


async def test_single_use(invited: Database) -> None:
    """Once used it is not good any more, and using it again undoes what came with it."""
    await invited.commit([invitations.used(TOKEN, NOW)])
    assert not await invitations.is_valid(invited, TOKEN, NOW)
    with pytest.raises(Conflict):
        await invited.commit([cabinet.put("in"), invitations.used(TOKEN, NOW)])
    assert await cabinet.names(invited) == set()


async def test_two_at_once(invited: Database) -> None:
    """Of many people who use one link at the same moment, one comes in."""
    told = await asyncio.gather(
        *(
            invited.commit([cabinet.put(f"in-{n}"), invitations.used(TOKEN, NOW)])
            for n in range(20)
        ),
        return_exceptions=True,
    )
    assert [type(one) for one in told].count(Conflict) == 19
    assert len(await cabinet.names(invited)) == 1


async def test_too_late(invited: Database) -> None:
    """A link that has ended cannot be used, even by somebody who looked in time."""
    with pytest.raises(Conflict):
        await invited.commit([invitations.used(TOKEN, NOW + DAY)])


async def test_same_token(invited: Database) -> None:
    """A token is never given out twice."""
    with pytest.raises(Conflict):
        await invited.commit([invitations.made(TOKEN, NOW, NOW + DAY)])


async def test_only_the_hash(invited: Database) -> None:
    """Whoever reads the disk finds no link that would let them in."""
    await invited.commit([invitations.used(TOKEN, NOW)])
    on_disk = cabinet.log_of(invited)
    await invited.truncate_log()
    on_disk += invited.path.read_bytes()
    assert invitations._hash(TOKEN).encode() in on_disk
    assert TOKEN.encode() not in on_disk
