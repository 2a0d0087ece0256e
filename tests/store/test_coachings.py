"""Coaches in the store: what a coach does holds only while the learner's yes stands; hashes of links."""

import asyncio
from dataclasses import replace

import pytest

from bot.store import coach_ratings, coachings, ears, outbox, shares, wishes
from bot.store.coachings import Coaching
from bot.store.database import Conflict, Database
from bot.store.tables import CoachingState, Given, SendState
from bot.store.tables import coaching as coaching_table
from bot.store.tables import outbox as outbox_table
from bot.store.transaction import Transaction
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, NOW

TOKEN = "q7-a-fresh-secret-of-24-bytes"


@pytest.fixture
async def one(database: Database) -> Coaching:
    """Ben coaches Ann."""
    made = cabinet.coaching(token_hash=shares.hash_of(TOKEN))
    await database.commit([coachings.made(made)])
    return made


async def test_found(database: Database, one: Coaching) -> None:
    """The token, the learner and the coach find it; no other words do, nor anybody else."""
    assert await coachings.of_token(database, TOKEN) == one
    assert await coachings.of_token(database, one.token_hash) is None
    assert await coachings.of_learner(database, ANN) == [one]
    assert await coachings.of_coach(database, BEN) == [one]
    assert (
        await coachings.of_learner(database, BEN) == await coachings.of_coach(database, ANN) == []
    )


@pytest.mark.parametrize(
    "news",
    [{"state": CoachingState.ENDED}, {"given": Given.RATINGS}, {"acted": 1}],
    ids=lambda news: next(iter(news)),
)
async def test_what_rests_on_the_yes(
    database: Database, one: Coaching, news: dict[str, int]
) -> None:
    """Whatever goes out beside a look at it is lost when it has changed since it was read."""
    look = coachings.changed(one, one)
    await database.commit([coachings.changed(one, replace(one, **news))])  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        await database.commit([look, cabinet.put("sent")])
    assert await cabinet.names(database) == set()


async def test_erased_meanwhile(database: Database, one: Coaching) -> None:
    """So it is when the row is gone."""
    await database.commit([coachings.dropped(one)])
    with pytest.raises(Conflict):
        await database.commit([coachings.changed(one, one)])
    assert await cabinet.rows(database, coaching_table) == []


async def test_two_at_once(database: Database, one: Coaching) -> None:
    """Of many who accept at the same moment one is stored."""
    offered = cabinet.coaching(2, state=CoachingState.OFFERED, other_id=None, given=Given.NOTHING)
    await database.commit([coachings.made(offered)])
    writes = [
        coachings.changed(offered, replace(offered, state=CoachingState.ACCEPTED, other_id=n))
        for n in range(20)
    ]
    told = await asyncio.gather(
        *(database.commit([write]) for write in writes), return_exceptions=True
    )
    assert [type(outcome) for outcome in told].count(Conflict) == 19


@pytest.mark.parametrize(
    ("state", "given", "takes", "ratings"),
    [
        (CoachingState.ACTIVE, Given.TAKES, True, False),
        (CoachingState.ACTIVE, Given.RATINGS, False, True),
        (CoachingState.ACCEPTED, Given.TAKES | Given.RATINGS, False, False),
        (CoachingState.ENDED, Given.TAKES | Given.RATINGS, False, False),
    ],
)
def test_gives(state: CoachingState, given: Given, takes: bool, ratings: bool) -> None:
    """What a coach may have is what was given, while it is active."""
    one = cabinet.coaching(state=state, given=given)
    assert (one.gives(Given.TAKES), one.gives(Given.RATINGS)) == (takes, ratings)


def test_open() -> None:
    """A link is open until it ends; what was accepted stands until somebody ends it."""
    offered = cabinet.coaching(state=CoachingState.OFFERED)
    assert offered.is_open(NOW)
    assert not offered.is_open(NOW + DAY)
    assert cabinet.coaching().is_open(NOW + 99 * DAY)
    assert not cabinet.coaching(state=CoachingState.ENDED).is_open(NOW)


async def test_rated_and_noted_once(database: Database) -> None:
    """A coach rates a take once, and adds to it once; the pairs are there for the calibration."""
    rated = cabinet.coach_rating()
    await database.commit([coach_ratings.rated(rated)])
    with pytest.raises(Conflict):
        await database.commit([coach_ratings.rated(replace(rated, tone=5))])
    noted = replace(rated, line="Slower.")
    await database.commit([coach_ratings.noted(noted)])
    with pytest.raises(Conflict):
        await database.commit([coach_ratings.noted(replace(rated, note_file_id="voice"))])
    await database.commit([coach_ratings.rated(cabinet.coach_rating(7, coaching_no=2, tone=4))])
    tx = Transaction(database, cabinet.learner(), new=False, now=NOW)
    assert await coach_ratings.ratings_by_coach(tx) == [(1, 3), (7, 4)]


async def test_a_wish_is_fulfilled_once(database: Database) -> None:
    """One that was dropped or asked meanwhile is a lost race; the earliest comes first."""
    late, soon = cabinet.wish(1, from_at=NOW + DAY), cabinet.wish(2)
    other = cabinet.wish(3, coaching_no=2)
    await database.commit([wishes.made(each) for each in (late, soon, other)])
    assert await wishes.of_learner(database, ANN) == [soon, other, late]
    await database.commit([wishes.fulfilled(soon)])
    with pytest.raises(Conflict):
        await database.commit([wishes.fulfilled(soon)])
    await database.commit([wishes.dropped(ANN, 1)])
    assert await wishes.of_learner(database, ANN) == [other]


async def test_an_ear_opens_once(database: Database) -> None:
    """Of many who listen at once one does; not late, nor after it was taken back; then rated once."""
    one = cabinet.ear(token_hash=shares.hash_of(TOKEN))
    await database.commit([ears.made(one), ears.made(cabinet.ear(2)), ears.made(cabinet.ear(3))])
    told = await asyncio.gather(
        *(database.commit([ears.opened(one, NOW, f"secret {n}")]) for n in range(20)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in told].count(Conflict) == 19
    with pytest.raises(Conflict):
        await database.commit([ears.opened(cabinet.ear(2), NOW + DAY, "late")])
    await database.commit([ears.revoked(cabinet.ear(3), NOW)])
    with pytest.raises(Conflict):
        await database.commit([ears.opened(cabinet.ear(3), NOW, "revoked")])
    await database.commit([ears.rated(one, 4)])
    with pytest.raises(Conflict):
        await database.commit([ears.rated(one, 5)])
    found = await ears.of_token(database, TOKEN)
    assert found is not None
    assert found.tone == 4


async def test_withdrawn(database: Database) -> None:
    """What waits of one person for another is taken back, words and all; the rest goes out."""
    lent = cabinet.message(1, BEN, payload='{"voice":"canary"}', other_id=ANN)
    others = cabinet.message(2, BEN, other_id=77), cabinet.message(3, BEN)
    await database.commit([outbox.posted(each) for each in (lent, *others)])
    await database.commit([outbox.withdrawn(BEN, ANN)])
    rows = await cabinet.rows(database, outbox_table)
    assert [row["state"] for row in rows] == [SendState.FAILED, SendState.READY, SendState.READY]
    assert rows[0]["payload"] == "{}"
