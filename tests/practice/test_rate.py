"""Rating one's own tone: what it changes, and taking it back without a trace in the score."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.drill.tone import Mode, Tone
from bot.practice import answer, rate
from bot.store import ratings, takes
from bot.store.database import Conflict
from bot.store.tables import DrillState
from bot.store.tables import rating as rating_table
from bot.store.transaction import Transaction
from tests.practice.desk import Desk, enrolled
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, HOUR, MINUTE, NOW

MONDAY = date(2026, 11, 23).toordinal()


async def test_rated(desk: Desk) -> None:
    """A rating is kept with its take, moves the question's standing and closes the drill."""
    asked = await desk.ask(Mode.SURPRISE)
    desk.later(MINUTE)
    answered = await desk.answer()
    desk.later(MINUTE)
    rated = await desk.rate(4)
    assert rated
    (row,) = await ratings.of_question(desk.database, ANN, "why-leaving")
    assert (row.drill_no, row.take_no) == (asked.drill.drill_no, answered.take.take_no)
    assert (row.tone, row.mode, row.rated_at) == (4, Mode.SURPRISE, desk.now)
    assert row.local_day == MONDAY
    assert await desk.standing("why-leaving") == rated.after
    assert (rated.after.points, rated.after.strength > 0.5) == (2, True)
    assert rated.after.heard_at == NOW + MINUTE
    assert (await desk.drill()).state == DrillState.RATED
    assert rated.counted
    assert rated.remaining.points == 4


@pytest.mark.parametrize("tone", Tone)
async def test_once(desk: Desk, tone: Tone) -> None:
    """A drill is rated once: neither a second tap nor a stale card counts again."""
    await desk.ask()
    assert await desk.rate(tone) is None, "not answered yet"
    await desk.answer()
    assert await desk.rate(tone)
    before = await desk.standing("why-leaving")
    assert await desk.rate(tone) is None
    assert await desk.standing("why-leaving") == before


async def test_two_taps_at_once(desk: Desk) -> None:
    """Of two ratings at the same moment one counts; the other loses its race."""
    await desk.ask()
    await desk.answer()
    drill = await desk.drill()
    turns = [await Transaction.begin(desk.database, ANN, desk.now) for _ in range(2)]
    for tx, tone in zip(turns, (Tone.SMOOTH, Tone.BITTER), strict=True):
        assert await rate.rate(tx, desk.library, drill, tone)
    told = await asyncio.gather(*(tx.commit() for tx in turns), return_exceptions=True)
    assert [type(one) for one in told] == [type(None), Conflict]
    assert [row["tone"] for row in await cabinet.rows(desk.database, rating_table)] == [5]


@pytest.mark.parametrize(
    ("asked_as", "wait", "counts_as"),
    [
        (Mode.SURPRISE, HOUR, Mode.SURPRISE),
        (Mode.SURPRISE, HOUR + 1, Mode.LATE),
        (Mode.SELF, MINUTE, Mode.SELF),
        (Mode.SELF, 2 * HOUR, Mode.SELF),
        (Mode.MOCK, MINUTE, Mode.MOCK),
    ],
)
async def test_mode(desk: Desk, asked_as: Mode, wait: int, counts_as: Mode) -> None:
    """Only an answer that came while the surprise was open counts as one to a surprise."""
    await desk.ask(asked_as)
    desk.later(wait)
    await desk.answer()
    desk.later(DAY)
    await desk.rate(4)
    (row,) = await ratings.of_question(desk.database, ANN, "why-leaving")
    assert row.mode == counts_as


async def test_day_of_the_answer(desk: Desk) -> None:
    """An answer counts for the local day on which it was given, whenever it is rated."""
    await desk.ask()
    await desk.answer()
    desk.later(2 * DAY)
    assert await desk.rate(5)
    (row,) = await ratings.of_question(desk.database, ANN, "why-leaving")
    assert row.local_day == MONDAY


async def test_badge(desk: Desk) -> None:
    """A badge is earned on the second day, lost by a slip, and earned anew."""
    first, second = [await desk.practise(5) for _ in range(2)]
    assert (first.earned, second.earned) == (False, True)
    held = await desk.practise(5)
    assert (held.earned, held.lost) == (False, False)
    slip = await desk.practise(2)
    assert (slip.earned, slip.lost) == (False, True)
    assert [(await desk.practise(5)).earned for _ in range(2)] == [False, True]


async def test_undo(desk: Desk) -> None:
    """A rating taken back leaves the standing as it was, and the drill waiting for another."""
    await desk.practise(5)
    await desk.ask(Mode.SURPRISE)
    await desk.answer()
    before = await desk.standing("why-leaving")
    await desk.rate(1)
    waiting = await desk.undo()
    assert waiting
    assert waiting.state == DrillState.ANSWERED
    assert await desk.standing("why-leaving") == before
    assert len(await cabinet.rows(desk.database, rating_table)) == 2, "the row itself stays"
    async with desk.turn() as tx:
        assert await rate.waiting(tx) == waiting
        assert await rate.rating_of(tx, waiting) is None
    rated = await desk.rate(5)
    assert rated
    assert rated.earned


async def test_undo_in_turn(desk: Desk) -> None:
    """Undo takes back the latest rating, then the one before; when there is none it says so."""
    await desk.practise(4)
    await desk.practise(4, "bad-boss")
    for question_id in ("bad-boss", "why-leaving"):
        waiting = await desk.undo()
        assert waiting
        assert waiting.question_id == question_id
        assert (await desk.standing(question_id)).points == 0
    assert await desk.undo() is None


async def test_undo_of_one_drill(desk: Desk) -> None:
    """The undo button of an older card takes nothing back that came after it."""
    first = await desk.practise(4)
    second = await desk.practise(4, "bad-boss")
    assert await desk.undo(first.drill.drill_no) is None
    assert await desk.undo(second.drill.drill_no)
    assert await desk.undo(first.drill.drill_no)


async def test_two_undos_at_once(desk: Desk) -> None:
    """Undo pressed twice at the same moment takes one rating back."""
    await desk.practise(4)
    await desk.practise(4)
    turns = [await Transaction.begin(desk.database, ANN, desk.now) for _ in range(2)]
    for tx in turns:
        assert await rate.undo(tx)
    told = await asyncio.gather(*(tx.commit() for tx in turns), return_exceptions=True)
    assert [type(one) for one in told] == [type(None), Conflict]
    assert len(await ratings.of_question(desk.database, ANN, "why-leaving")) == 1


@given(st.lists(st.tuples(st.sampled_from(Tone), st.booleans()), min_size=1, max_size=5))
@settings(max_examples=12, deadline=None)
def test_any_undo(ratings: list[tuple[Tone, bool]]) -> None:
    """However many ratings are taken back, the standing is what it was before each of them."""

    async def practise(desk: Desk) -> None:
        seen = []
        for tone, sprung in ratings:
            await desk.ask(Mode.SURPRISE if sprung else Mode.SELF)
            await desk.answer()
            seen.append(await desk.standing("why-leaving"))
            await desk.rate(tone)
            desk.later(DAY)
        last = seen[-1]
        for before in reversed(seen):
            assert await desk.undo()
            found = await desk.standing("why-leaving")
            # What was heard since is not taken back.
            assert found == replace(before, heard_at=last.heard_at, last_wording=last.last_wording)

    asyncio.run(enrolled(practise))


async def test_celebrated_once(desk: Desk) -> None:
    """A badge that comes back by rating the same answer again is not celebrated again."""
    await desk.practise(5)
    await desk.ask(Mode.SURPRISE)
    await desk.answer()
    first = await desk.rate(5)
    await desk.undo()
    again = await desk.rate(5)
    assert first
    assert again
    assert (first.earned, first.celebrated) == (True, False)
    assert (again.earned, again.celebrated) == (True, True)


async def test_other_peoples_drills(desk: Desk) -> None:
    """A number of somebody else's drill is no drill of one's own."""
    rated = await desk.practise(4)
    ben = Desk(desk.database, learner_id=BEN)
    await ben.enrol()
    async with ben.turn() as tx:
        assert await rate.pressed(tx, rated.drill.drill_no, 71) is None
        assert await rate.undo(tx) is None


async def test_chosen_take(desk: Desk) -> None:
    """Of two takes the one that was chosen is rated; after the rating the choice is over."""
    await desk.ask()
    first = await desk.answer("one")
    second = await desk.answer("two")
    number = first.drill.drill_no
    async with desk.turn() as tx:
        assert await answer.choose(tx, number, second.take.take_no)
    rated = await desk.rate(4)
    assert rated
    assert rated.take.text == "two"
    async with desk.turn() as tx:
        assert await answer.choose(tx, number, first.take.take_no) is None
        assert await answer.choose(tx, number, 999) is None
        assert await answer.choose(tx, 999, first.take.take_no) is None


async def test_edited_answer(desk: Desk) -> None:
    """An edited answer is a further take, which is rated in place of the first; both are kept."""
    await desk.ask()
    answered = await desk.answer("frist")
    message_id = answered.take.message_id
    async with desk.turn() as tx:
        assert await answer.revise(tx, message_id, "frist") is None, "nothing was changed"
        assert await answer.revise(tx, message_id, "first")
        assert await answer.revise(tx, 999, "first") is None, "not an answer"
    rated = await desk.rate(4)
    assert rated
    assert rated.take.text == "first"
    kept = await takes.of_question(desk.database, ANN, answered.drill.question_id)
    assert [take.text for take in kept] == ["frist", "first"]
    async with desk.turn() as tx:
        assert await answer.revise(tx, message_id, "third")
    assert (await desk.drill()).take_no == rated.take.take_no, "the rating is of what was rated"
