"""Learners: whose drill is due, and that it is handed out once."""

import asyncio
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store import learners
from bot.store.database import Database
from bot.store.learners import CLAIM_MS, WEEK, Learner
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, HOUR, MINUTE, NOW


async def test_find(database: Database) -> None:
    """Every field of a learner comes back as it was stored; somebody never met is None."""
    values: dict[str, Any] = {field.name: number for number, field in enumerate(fields(Learner), 2)}
    texts = {"language": "de", "active_set": "*", "zone": "Asia/Kathmandu", "awaiting": "hours"}
    texts |= {"triage_question": "a-bad-boss", "sought": "calm"}
    odd = Learner(**{**values, **texts})
    await cabinet.keep(database, odd)
    assert await learners.find(database, odd.learner_id) == odd
    assert await learners.find(database, BEN) is None


async def test_hours(database: Database) -> None:
    """Open hours are the usual ones until somebody sets their own, which replace one another whole."""
    assert await learners.hours(database, ANN) == WEEK
    for week in ([(60 * n, 90 * n) for n in range(7)], [(0, 1440)] * 6 + [(0, 0)]):
        await database.commit(learners.hours_written(ANN, week))
        assert await learners.hours(database, ANN) == tuple(week)
    assert await learners.hours(database, BEN) == WEEK


async def test_claimed_once(database: Database) -> None:
    """Of any number who ask at the same moment, one gets a due learner."""
    people = [cabinet.learner(n, next_drill_at=NOW - n) for n in range(1, 51)]
    await cabinet.keep(database, *people)
    hands = await asyncio.gather(*(learners.claim_due(database, NOW, 7) for _ in range(10)))
    claimed = [learner_id for hand in hands for learner_id in hand]
    assert sorted(claimed) == list(range(1, 51))
    assert [len(hand) for hand in hands] == [7] * 7 + [1, 0, 0]


async def test_claim_is_one_statement(database: Database) -> None:
    """A claim is one statement in one commit, not a question and then an answer."""
    await cabinet.keep(database, cabinet.learner(next_drill_at=NOW))
    async with cabinet.written(database) as statements:
        assert await learners.claim_due(database, NOW, 30) == [ANN]
    begun, claim, committed = statements
    assert (begun, committed) == ("BEGIN IMMEDIATE", "COMMIT")
    assert claim.startswith("UPDATE learner")


async def test_not_due(database: Database) -> None:
    """Nobody is claimed whose drill is later, or who has none planned."""
    later = cabinet.learner(next_drill_at=NOW + 1)
    await cabinet.keep(database, later, cabinet.learner(BEN))
    assert await learners.claim_due(database, NOW, 30) == []
    assert await learners.claim_due(database, NOW + 1, 30) == [ANN]


async def test_lease(database: Database) -> None:
    """A claim of somebody who died over it is free again after a minute, not before."""
    await cabinet.keep(database, cabinet.learner(next_drill_at=NOW))
    assert await learners.claim_due(database, NOW, 30) == [ANN]
    assert await learners.claim_due(database, NOW + CLAIM_MS - 1, 30) == []
    assert await learners.claim_due(database, NOW + CLAIM_MS, 30) == [ANN]


async def test_given_back(database: Database) -> None:
    """A learner planned anew can be claimed as soon as the new moment comes."""
    person = cabinet.learner(next_drill_at=NOW)
    await cabinet.keep(database, person)
    await learners.claim_due(database, NOW, 30)
    again = cabinet.learner(next_drill_at=NOW + 1, claimed_until=0)
    await database.commit([learners.saved(person, again)])
    assert await learners.claim_due(database, NOW + 1, 30) == [ANN]


_people = st.lists(
    st.tuples(st.none() | st.integers(NOW - 5, NOW + 5), st.integers(NOW - 5, NOW + 5)), max_size=12
)


@given(_people, st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_any_claim(people: list[tuple[int | None, int]], most: int) -> None:
    """A claim takes those due longest of all who are due and not claimed by somebody else."""
    free = [
        (due, number)
        for number, (due, until) in enumerate(people, 1)
        if due is not None and due <= NOW and until <= NOW
    ]

    async def claim(folder: Path) -> list[int]:
        async with cabinet.opened(folder) as database:
            known = [
                cabinet.learner(number, next_drill_at=due, claimed_until=until)
                for number, (due, until) in enumerate(people, 1)
            ]
            await cabinet.keep(database, *known)
            return await learners.claim_due(database, NOW, most)

    with tempfile.TemporaryDirectory() as folder:
        claimed = asyncio.run(claim(Path(folder)))
    dues = {number: due for due, number in free}
    assert len(claimed) == len(set(claimed)) == min(most, len(free))
    assert sorted(dues[one] for one in claimed) == sorted(dues.values())[:most]


async def test_earliest(database: Database) -> None:
    """The alarm's moment is the earliest of anybody's, and none while nobody has one."""
    assert await learners.earliest_drill(database) is None
    await cabinet.keep(database, cabinet.learner())
    assert await learners.earliest_drill(database) is None
    await cabinet.keep(
        database,
        cabinet.learner(2, next_drill_at=NOW + HOUR),
        cabinet.learner(3, next_drill_at=NOW + MINUTE),
    )
    assert await learners.earliest_drill(database) == NOW + MINUTE


async def test_counts(database: Database) -> None:
    """The owner's counts are of people: all, those who came in whole, those who left."""
    assert dict(await learners.counts(database)) == {"learners": 0, "enrolled": 0, "gone": 0}
    await cabinet.keep(
        database,
        cabinet.learner(1, enrolled_at=None),
        cabinet.learner(2, left_at=NOW),
        cabinet.learner(3),
    )
    assert dict(await learners.counts(database)) == {"learners": 3, "enrolled": 2, "gone": 1}
