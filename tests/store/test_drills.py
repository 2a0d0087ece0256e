"""Standings, drills, takes and ratings: what is stored comes back, and only what still fits is changed."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.drill.standing import Rating, Standing
from bot.drill.tone import Mode, Tone
from bot.store import drills, ratings, standings, takes
from bot.store.database import Conflict, Database
from bot.store.tables import DrillState, MediaState, TakeKind
from bot.store.tables import drill as drill_table
from tests import strategies
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, HOUR, MINUTE, NOW, drill, rating, take


async def keep(database: Database, *kept: drills.Drill | takes.Take | ratings.RatingRow) -> None:
    """Store drills, takes and ratings."""
    makers = {drills.Drill: drills.asked, takes.Take: takes.taken, ratings.RatingRow: ratings.rated}
    await database.commit([makers[type(one)](one) for one in kept])  # type: ignore[operator]


_standings = st.dictionaries(
    st.from_regex("[a-z0-9-]{3,8}", fullmatch=True),
    st.tuples(strategies.standings(), st.floats(0, 1)),
    max_size=8,
)


@given(_standings, _standings)
@settings(max_examples=20, deadline=None)
def test_any_standing(
    first: dict[str, tuple[Standing, float]], then: dict[str, tuple[Standing, float]]
) -> None:
    """Whatever is known of a question comes back to the last bit, as it was stored last."""

    async def store(folder: Path) -> None:
        async with cabinet.opened(folder) as database:
            for known in (first, then):
                await database.commit(
                    [standings.put(ANN, name, *value) for name, value in known.items()]
                )
            expected = {**first, **then}
            found = await standings.of_learner(database, ANN)
            assert found == {name: standing for name, (standing, _) in expected.items()}
            for name, value in expected.items():
                assert await standings.find(database, ANN, name) == value
            assert await standings.of_learner(database, BEN) == {}

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(store(Path(folder)))


async def test_never_asked(database: Database) -> None:
    """A question never asked has the standing and the start of any other."""
    assert await standings.find(database, ANN, "x") == (Standing(), 0.5)


async def test_heard(database: Database) -> None:
    """Hearing a question changes when and how it was heard, and nothing else that is known of it."""
    known = Standing(strength=0.8, points=3, badge_at=5, low=True, heard_at=7, last_wording=1)
    await database.commit([standings.put(ANN, "old", known, 0.4)])
    await database.commit(
        [standings.heard(ANN, "old", NOW, 2), standings.heard(ANN, "new", NOW, 2)]
    )
    old = replace(known, heard_at=NOW, last_wording=2), 0.4
    assert await standings.find(database, ANN, "old") == old
    fresh = Standing(heard_at=NOW, last_wording=2), 0.5
    assert await standings.find(database, ANN, "new") == fresh
    await database.commit([standings.heard(ANN, "old", NOW + 1), standings.heard(ANN, "mute", NOW)])
    assert (await standings.find(database, ANN, "old"))[0] == replace(old[0], heard_at=NOW + 1)
    assert (await standings.find(database, ANN, "mute"))[0] == Standing(heard_at=NOW)


async def test_renamed(database: Database) -> None:
    """A question's standing, drills and ratings get the new name together; a taken name is a lost race."""
    for name in ("old", "taken"):
        await database.commit([standings.put(ANN, name, Standing(points=2), 0.4)])
    await keep(database, drill(1, question_id="old"), take(2), rating(3, question_id="old"))
    await database.commit(standings.renamed(ANN, "old", "new"))
    assert await standings.find(database, ANN, "new") == (Standing(points=2), 0.4)
    assert await ratings.of_question(database, ANN, "new") == [rating(3, question_id="new")]
    assert await takes.of_question(database, ANN, "new") == [take(2)]
    with pytest.raises(Conflict):
        await database.commit(standings.renamed(ANN, "new", "taken"))
    assert await ratings.of_question(database, ANN, "new") == [rating(3, question_id="new")]


async def test_drill(database: Database) -> None:
    """A drill comes back as it was stored, to its own learner alone."""
    odd = drill(
        3,
        wording=4,
        mode=Mode.MOCK,
        state=DrillState.SNOOZED,
        planned_at=1,
        closed_at=2,
        message_id=5,
        rating_message_id=6,
        take_no=7,
        hinted=1,
        swapped=1,
    )
    await keep(database, odd)
    assert await drills.find(database, ANN, 3) == odd
    assert await drills.find(database, ANN, 4) is None
    assert await drills.find(database, BEN, 3) is None


async def test_number_taken(database: Database) -> None:
    """A drill, take or rating never takes the place of another."""
    await keep(database, drill(), take(), rating())
    for again in (drill(wording=9), take(text="other"), rating(tone=1)):
        with pytest.raises(Conflict):
            await keep(database, again)


async def test_changed(database: Database) -> None:
    """A drill is changed only from the state that whoever changes it saw."""
    before = drill(1)
    await keep(database, before)
    answered = replace(before, state=DrillState.ANSWERED, take_no=2)
    await database.commit([drills.changed(before, answered)])
    assert await drills.find(database, ANN, 1) == answered
    with pytest.raises(Conflict):
        await database.commit([drills.changed(before, replace(before, state=DrillState.EXPIRED))])
    assert await drills.find(database, ANN, 1) == answered


async def test_cards(database: Database) -> None:
    """The numbers that Telegram gave to the cards are kept, also by whoever changes the drill meanwhile."""
    before = drill(1)
    await keep(database, before, drill(2))
    await database.commit([drills.card_sent(ANN, 1, 71, rating_card=False)])
    await database.commit([drills.card_sent(ANN, 1, 72, rating_card=True)])
    await database.commit([drills.changed(before, replace(before, hinted=1))])
    kept = replace(before, hinted=1, message_id=71, rating_message_id=72)
    assert await drills.find(database, ANN, 1) == kept
    for message_id in (71, 72):
        assert await drills.by_message(database, ANN, message_id) == kept
        assert await drills.by_message(database, BEN, message_id) is None
    assert await drills.by_message(database, ANN, 73) is None
    assert await drills.find(database, ANN, 2) == drill(2)


async def test_card_of_nobody(database: Database) -> None:
    """A receipt for a drill that was erased meanwhile is no trouble."""
    await database.commit([drills.card_sent(ANN, 1, 71, rating_card=False)])
    assert await cabinet.rows(database, drill_table) == []


async def test_latest(database: Database) -> None:
    """The latest drill is the one asked last, the latest unrated one the one answered last."""
    assert await drills.latest(database, ANN) is None
    assert await drills.latest_unrated(database, ANN) is None
    for number, state in enumerate(DrillState, 1):
        await keep(database, drill(number, state=state), drill(number + 10, BEN))
    await keep(database, drill(9), drill(8, state=DrillState.ANSWERED))
    assert await drills.latest(database, ANN) == drill(9)
    assert await drills.latest_unrated(database, ANN) == drill(8, state=DrillState.ANSWERED)


async def test_expired(database: Database) -> None:
    """Open drills whose time is over are found, the earliest first; the alarm knows the next one."""
    assert await drills.earliest_expiry(database) is None
    await keep(
        database,
        drill(1, expires_at=NOW - 5),
        drill(2, BEN, expires_at=NOW - 9),
        drill(3, expires_at=NOW),
        drill(4, expires_at=NOW + 1),
        drill(5, expires_at=NOW - 99, state=DrillState.ANSWERED),
    )
    assert await drills.expired(database, NOW, 9) == [(BEN, 2), (ANN, 1), (ANN, 3)]
    assert await drills.expired(database, NOW, 1) == [(BEN, 2)]
    assert await drills.earliest_expiry(database) == NOW - 9


async def test_takes(database: Database) -> None:
    """Takes come back oldest first, those of one drill and those of one question over all its drills."""
    spoken = take(
        7,
        drill_no=2,
        kind=TakeKind.VOICE,
        text=None,
        file_id="f",
        duration=50,
        file_size=2**33,
        media_state=MediaState.KEPT,
        media_path="1001/7.ogg",
        media_failures=2,
        media_retry_at=3,
    )
    await keep(database, drill(1), drill(2), drill(3, question_id="other"))
    await keep(database, spoken, take(9), take(8, drill_no=3), take(4), take(1, BEN))
    assert await takes.last_of_drill(database, ANN, 1) == take(9)
    assert await takes.last_of_drill(database, ANN, 7) is None
    assert await takes.of_question(database, ANN, "a-bad-boss") == [take(4), spoken, take(9)]
    assert await takes.find(database, ANN, 7) == spoken
    assert await takes.find(database, BEN, 7) is None


async def test_edited(database: Database) -> None:
    """A message that was edited twice is the take of its last edit, in whatever order they were stored."""
    await keep(database, *(take(n, message_id=50, text=f"{n}") for n in (1, 3, 2)))
    found = await takes.by_message(database, ANN, 50)
    assert found == take(3, message_id=50, text="3")
    assert await takes.by_message(database, ANN, 51) is None
    assert await takes.by_message(database, BEN, 50) is None


async def test_ratings(database: Database) -> None:
    """Ratings that stand come back oldest first; those taken back are kept apart."""
    assert await ratings.latest(database, ANN) is None
    assert not await ratings.ever_rated(database, ANN)
    await keep(database, rating(5), rating(2), rating(7, drill_no=9), rating(8, question_id="x"))
    await keep(database, rating(99, BEN))
    await database.commit([ratings.withdrawn(ANN, 8, NOW), ratings.withdrawn(ANN, 5, NOW)])
    assert await ratings.of_question(database, ANN, "a-bad-boss") == [
        rating(2),
        rating(7, drill_no=9),
    ]
    assert await ratings.latest(database, ANN) == rating(7, drill_no=9)
    taken_back = await ratings.withdrawn_of(database, ANN, 1)
    assert {row.rating_no for row in taken_back} == {5, 8}
    assert {row.withdrawn_at for row in taken_back} == {NOW}


async def test_withdrawn_once(database: Database) -> None:
    """A rating is taken back once, and having rated stays true."""
    await keep(database, rating())
    await database.commit([ratings.withdrawn(ANN, 1, NOW)])
    with pytest.raises(Conflict):
        await database.commit([ratings.withdrawn(ANN, 1, NOW + MINUTE)])
    assert await ratings.ever_rated(database, ANN)
    assert not await ratings.ever_rated(database, BEN)


async def test_rating_for_the_engine(database: Database) -> None:
    """A stored rating says to the engine what was rated, how, and when."""
    row = rating(tone=2, mode=Mode.LATE, local_day=7, rated_at=NOW + HOUR)
    engine = Rating(tone=Tone.EDGY, mode=Mode.LATE, local_day=7, rated_at=NOW + HOUR)
    assert row.rating() == engine


async def test_counts(database: Database) -> None:
    """The owner's counts are of everybody's drills, takes and ratings."""
    assert dict(await drills.counts(database)) == {"drills": 0, "takes": 0, "ratings": 0}
    await keep(database, drill(1), drill(1, BEN), drill(2), take(1), take(2), rating())
    assert dict(await drills.counts(database)) == {"drills": 3, "takes": 2, "ratings": 1}
