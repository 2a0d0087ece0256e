"""Asking: which question, in which words, and whether it still may come."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from bot.drill.tone import Mode
from bot.practice import answer, ask, plan
from bot.practice.answer import Material
from bot.practice.ask import Asked
from bot.practice.plan import Snooze
from bot.store import outbox, takes
from bot.store.database import Conflict
from bot.store.tables import DrillState, Role, SendState, TakeKind
from bot.store.tables import drill as drill_table
from bot.store.tables import outbox as outbox_table
from bot.store.transaction import Transaction
from tests.chat.banks import question
from tests.practice.desk import SET, Desk, library
from tests.store import cabinet
from tests.store.cabinet import DAY, HOUR, MINUTE, NOW

MONDAY = date(2026, 11, 23).toordinal()


async def due(desk: Desk, at: int, **fields: object) -> None:
    """Let a surprise be due at a moment."""
    async with desk.turn() as tx:
        tx.change(next_drill_at=at, claimed_until=at + 1, **fields)


async def spring(desk: Desk) -> Asked | None:
    """What the alarm does for one learner."""
    async with desk.turn() as tx:
        return await ask.spring(tx, desk.library, desk.dice)


async def test_sprung(desk: Desk) -> None:
    """A surprise that is due is asked, counted on its local day, and blocks the next until answered."""
    await due(desk, NOW - 1000)
    asked = await spring(desk)
    assert asked
    drill = await desk.drill()
    assert drill == asked.drill
    assert (drill.mode, drill.state) == (Mode.SURPRISE, DrillState.OPEN)
    assert (drill.planned_at, drill.asked_at) == (NOW - 1000, NOW)
    assert drill.expires_at == NOW + HOUR
    person = await desk.learner()
    assert (person.open_drill, person.next_drill_at) == (drill.drill_no, None)
    assert (person.sent_count, person.claimed_until) == (1, 0)
    assert person.sent_day == MONDAY
    assert (await desk.standing(asked.question.id)).heard_at == NOW


async def test_counted_by_day(desk: Desk) -> None:
    """The count of surprises goes on within a local day and begins anew with the next."""
    counts = []
    for later in (0, 2 * HOUR, DAY):
        desk.later(later)
        await due(desk, desk.now)
        assert await spring(desk)
        await desk.answer()
        counts.append((await desk.learner()).sent_count)
    assert counts == [1, 2, 1]


async def test_own_time(desk: Desk) -> None:
    """A drill is open for as long as its learner has chosen."""
    await due(desk, NOW, expiry_minutes=15)
    asked = await spring(desk)
    assert asked
    assert asked.drill.expires_at == NOW + 15 * MINUTE


@pytest.mark.parametrize(
    ("late", "comes"), [(0, True), (5 * MINUTE, True), (5 * MINUTE + 1, False)]
)
async def test_late(desk: Desk, late: int, comes: bool) -> None:
    """A surprise found up to five minutes late still comes; later than that it is drawn anew."""
    await due(desk, NOW - late)
    assert bool(await spring(desk)) == comes
    person = await desk.learner()
    assert (person.next_drill_at is None) == comes
    assert (person.next_drill_at or NOW + 1) > NOW


@pytest.mark.parametrize(
    "fields",
    [
        {"sent_day": MONDAY, "sent_count": 6},
        {"paused_until": NOW + 1},
        {"interview_day": MONDAY},
        {"zone": "Pacific/Auckland"},
        {"open_drill": 99},
        {"left_at": NOW},
        {"next_drill_at": None},
        {"next_drill_at": NOW + 1},
    ],
    ids=lambda fields: next(iter(fields)),
)
async def test_not_now(desk: Desk, fields: dict[str, object]) -> None:
    """What has changed since a surprise was planned is looked at again when it comes."""
    await due(desk, NOW)
    async with desk.turn() as tx:
        tx.change(**fields)
    assert await spring(desk) is None
    assert await cabinet.rows(desk.database, drill_table) == []
    person = await desk.learner()
    assert (person.next_drill_at or NOW + 1) > NOW
    assert person.claimed_until == 0


async def test_sprung_once(desk: Desk) -> None:
    """Of two alarms for one learner at the same moment one asks; the other loses its race."""
    await due(desk, NOW)
    turns = [await Transaction.begin(desk.database, desk.learner_id, NOW) for _ in range(2)]
    for tx in turns:
        assert await ask.spring(tx, desk.library, desk.dice)
    told = await asyncio.gather(*(tx.commit() for tx in turns), return_exceptions=True)
    assert [type(one) for one in told] == [type(None), Conflict]
    assert len(await cabinet.rows(desk.database, drill_table)) == 1
    assert (await desk.learner()).sent_count == 1


async def test_set_is_gone(desk: Desk) -> None:
    """When a set has no question at the moment, nothing comes, but a next time is planned and counted."""
    full, desk.library = desk.library, library()
    await due(desk, NOW)
    assert await spring(desk) is None
    person = await desk.learner()
    assert person.next_drill_at
    assert (person.sent_count, person.open_drill) == (0, None)
    desk.library, desk.now = full, person.next_drill_at
    assert await spring(desk)


async def test_nothing_to_ask(desk: Desk) -> None:
    """Asking for a question where there is none gives none, and a next surprise stays planned."""
    desk.library = library()
    await due(desk, NOW + HOUR)
    async with desk.turn() as tx:
        assert await ask.ask(tx, desk.library, desk.dice, Mode.SELF) is None
    person = await desk.learner()
    assert person.next_drill_at
    assert person.open_drill is None


async def put_off(desk: Desk) -> Asked:
    """A surprise put off for an hour; returns it."""
    await due(desk, NOW)
    asked = await spring(desk)
    assert asked
    async with desk.turn() as tx:
        assert await plan.snooze(tx, asked.drill, Snooze.HOUR, desk.dice)
    return asked


@pytest.mark.parametrize("late", [0, 3 * HOUR])
async def test_snoozed(desk: Desk, late: int) -> None:
    """A question put off is asked again, in other words and as asked for, even after downtime."""
    first = await put_off(desk)
    desk.later(HOUR + late)
    again = await spring(desk)
    assert again
    assert again.question == first.question
    assert again.wording != first.wording
    assert again.drill.mode == Mode.SELF
    person = await desk.learner()
    assert (person.sent_count, person.snoozed_drill) == (1, None)


async def test_snoozed_into_the_night(desk: Desk) -> None:
    """A question put off and found in the night waits for no one: a moment is drawn as always."""
    await put_off(desk)
    desk.later(9 * HOUR)
    assert await spring(desk) is None
    person = await desk.learner()
    assert person.snoozed_drill is None
    assert person.next_drill_at
    assert person.next_drill_at > desk.now


async def test_first_words(desk: Desk) -> None:
    """A question is first put in its author's own words, and never twice running in the same."""
    last = None
    for number in range(20):
        asked = await desk.ask()
        assert (asked.drill.wording == 0) == (number == 0) or number > 1
        assert asked.drill.wording != last
        assert asked.wording == asked.question.wordings()[asked.drill.wording]
        last = asked.drill.wording
        await desk.answer()


async def test_fewer_words(desk: Desk) -> None:
    """A card whose wording an edit has taken away shows another of the question's."""
    asked = await desk.ask()
    short = replace(asked.question, rephrased=())
    for wording in range(10):
        shown = Asked(replace(asked.drill, wording=wording), short)
        assert shown.wording in short.wordings()


async def test_draws_from_the_set(desk: Desk) -> None:
    """What is drawn comes from the active set, over time every question of it."""
    asked: Counter[str] = Counter()
    for _ in range(40):
        asked[(await desk.ask(question_id=None)).question.id] += 1
        await desk.answer()
        desk.later(DAY)
    assert asked.keys() == {"why-leaving", "bad-boss", "gap-year"}


async def test_swap(desk: Desk) -> None:
    """A swap puts another question into the same drill, once, and its time goes on."""
    asked = await desk.ask(Mode.SURPRISE)
    async with desk.turn() as tx:
        await ask.hint(tx, asked.drill)
    async with desk.turn() as tx:
        swapped = await ask.swap(tx, desk.library, await desk.drill(), desk.dice)
    assert swapped
    assert swapped.question != asked.question
    drill = await desk.drill()
    assert drill == swapped.drill
    assert (drill.swapped, drill.hinted, drill.mode) == (1, 0, Mode.SURPRISE)
    assert drill.expires_at == asked.drill.expires_at
    assert (await desk.standing(drill.question_id)).heard_at == NOW
    async with desk.turn() as tx:
        assert await ask.swap(tx, desk.library, drill, desk.dice) is None
    assert len(await cabinet.rows(desk.database, drill_table)) == 1


async def test_nothing_to_swap_with(desk: Desk) -> None:
    """In a set of one question there is nothing to swap."""
    desk.library = library("why-leaving")
    asked = await desk.ask()
    async with desk.turn() as tx:
        assert await ask.swap(tx, desk.library, asked.drill, desk.dice) is None


async def test_swap_costs_two_reads(desk: Desk) -> None:
    """A swap in a set of a hundred questions reads the standings once, not once a question."""
    desk.library = library(*(f"question-{n}" for n in range(100)))
    asked = await desk.ask(question_id="question-7")
    reads = 0
    read = desk.database.read

    async def counted(*args: object, **values: object) -> object:
        nonlocal reads
        reads += 1
        return await read(*args, **values)  # type: ignore[arg-type]

    async with desk.turn() as tx:
        tx.database.read = counted  # type: ignore[method-assign, assignment]
        await ask.swap(tx, desk.library, asked.drill, desk.dice)
        tx.database.read = read  # type: ignore[method-assign]
    assert reads == 1


async def test_proof_of_delivery(desk: Desk) -> None:
    """A press on a card of unknown outcome proves that it came, and tells its number, once."""
    asked = await desk.ask(Mode.SURPRISE)
    card = cabinet.message(90, drill_no=asked.drill.drill_no, role=Role.CARD)
    await desk.database.commit([outbox.posted(card)])
    await desk.database.commit([outbox.ended(card, SendState.UNKNOWN, "TimedOut")])
    async with desk.turn() as tx:
        assert await ask.pressed(tx, desk.library, asked.drill.drill_no, 71)
    row = await cabinet.only(desk.database, outbox_table, message_no=90)
    assert row["state"] == SendState.SENT
    assert (await desk.drill()).message_id == 71
    async with desk.turn() as tx:
        assert await ask.pressed(tx, desk.library, asked.drill.drill_no, 72) is None
        assert await ask.pressed(tx, desk.library, asked.drill.drill_no, 71)


async def test_only_open_ones(desk: Desk) -> None:
    """Buttons of a drill that is over, of no drill, or of somebody else's do nothing."""
    asked = await desk.ask()
    other = Desk(desk.database, learner_id=1002)
    await other.enrol()
    for person, number in ((other, asked.drill.drill_no), (desk, 99)):
        async with person.turn() as tx:
            assert await ask.pressed(tx, desk.library, number, 71) is None
    await desk.answer()
    async with desk.turn() as tx:
        assert await ask.pressed(tx, desk.library, asked.drill.drill_no, 71) is None
        assert await ask.open_drill(tx) is None


async def test_two_answers_at_once(desk: Desk) -> None:
    """Of two answers at the same moment both are kept, one after the other, and one closes the drill."""
    await desk.ask()

    async def say(message_id: int) -> None:
        while True:
            tx = await Transaction.begin(desk.database, desk.learner_id, NOW)
            said = Material(
                kind=TakeKind.TEXT, message_id=message_id, sent_at=NOW, text=f"{message_id}"
            )
            await answer.answer(tx, said, None, desk.dice)
            try:
                return await tx.commit()
            except Conflict:
                continue

    await asyncio.gather(say(1), say(2))
    drill = await desk.drill()
    kept = await takes.of_question(desk.database, desk.learner_id, drill.question_id)
    assert {take.text for take in kept} == {"1", "2"}
    assert drill.take_no == kept[0].take_no


async def test_the_words_stay_what_they_were(desk: Desk) -> None:
    """What was asked is kept with the drill: an edited bank does not change it, a swap does."""
    asked = await desk.ask()
    edited = question("why-leaving", SET, ask="Quite other words?", rephrased=())
    assert Asked(await desk.drill(), edited).wording == asked.question.ask
    async with desk.turn() as tx:
        other = await ask.swap(tx, desk.library, asked.drill, desk.dice)
    assert other is not None
    assert (await desk.drill()).words == other.wording == other.question.ask
