"""Coming in: by an invitation, with a set, a clock and a short triage."""

import asyncio

import pytest

from bot.drill.standing import Standing
from bot.drill.tone import Tone
from bot.practice import enrol
from bot.store import standings
from bot.store.database import Conflict
from bot.store.transaction import Transaction
from tests.chat.banks import question
from tests.practice.desk import SET, Desk, library
from tests.store.cabinet import ANN, DAY, NOW

TOKEN = "a-fresh-secret"


async def invite(desk: Desk) -> None:
    """Make an invitation."""
    async with desk.turn() as tx:
        enrol.invite(tx, TOKEN)


async def admit(desk: Desk, learner_id: int, token: str = TOKEN) -> bool:
    """Somebody comes with a link."""
    guest = Desk(desk.database, learner_id=learner_id, now=desk.now)
    async with guest.turn() as tx:
        return await enrol.admit(tx, token)


async def test_invited(desk: Desk) -> None:
    """An invitation lets the first who uses it in, and nobody after that."""
    await invite(desk)
    assert not await admit(desk, 2001, "another-secret")
    assert await admit(desk, 2001)
    assert not await admit(desk, 2002)
    assert await admit(desk, 2001), "who is in stays in"


async def test_invited_too_late(desk: Desk) -> None:
    """An invitation is good for a week, and not a moment longer."""
    await invite(desk)
    desk.later(7 * DAY - 1)
    async with Desk(desk.database, learner_id=2001, now=desk.now).turn() as tx:
        assert await enrol.admit(tx, TOKEN)
        tx.forget()
    desk.later(1)
    assert not await admit(desk, 2001)


async def test_two_guests(desk: Desk) -> None:
    """Of two people who use one link at the same moment one comes in, and the other is told next time."""
    await invite(desk)
    turns = [await Transaction.begin(desk.database, number, NOW) for number in (2001, 2002)]
    for tx in turns:
        assert await enrol.admit(tx, TOKEN)
    told = await asyncio.gather(*(tx.commit() for tx in turns), return_exceptions=True)
    assert [type(one) for one in told] == [type(None), Conflict]
    assert not await admit(desk, 2002)


async def test_clock(desk: Desk) -> None:
    """The first clock completes the enrolment and plans; a later one only moves the hours."""
    guest = Desk(desk.database, learner_id=2001)
    async with guest.turn() as tx:
        await enrol.choose_set(tx, SET, desk.dice)
    assert (await guest.learner()).next_drill_at is None
    async with guest.turn() as tx:
        assert await enrol.set_zone(tx, "Asia/Kathmandu", desk.dice)
    first = await guest.learner()
    assert (first.enrolled_at, first.zone) == (NOW, "Asia/Kathmandu")
    assert first.next_drill_at
    guest.later(DAY)
    async with guest.turn() as tx:
        assert not await enrol.set_zone(tx, "Europe/Kyiv", desk.dice)
    assert (await guest.learner()).enrolled_at == NOW


async def test_other_set(desk: Desk) -> None:
    """Another set begins its own triage and leaves the progress of the first alone."""
    await desk.practise(5)
    before = await standings.of_learner(desk.database, ANN)
    async with desk.turn() as tx:
        tx.change(triaged=3, triage_question="why-leaving")
        await enrol.choose_set(tx, enrol.ALL_SETS, desk.dice)
    person = await desk.learner()
    assert (person.active_set, person.triaged, person.triage_question) == ("*", 0, None)
    assert person.next_drill_at
    assert await standings.of_learner(desk.database, ANN) == before


async def begin(desk: Desk) -> str | None:
    """Begin the triage; returns the id of its question."""
    async with desk.turn() as tx:
        question = await enrol.begin_triage(tx, desk.library)
    return question.id if question else None


async def say(desk: Desk, number: int, feeling: int) -> str | None:
    """Answer the triage; returns the id of the next question."""
    async with desk.turn() as tx:
        question = await enrol.triage(tx, desk.library, number, Tone(feeling))
    return question.id if question else None


async def test_triage(desk: Desk) -> None:
    """The triage goes through the set's questions once and moves where each of them starts."""
    asked = [await begin(desk)]
    for number, feeling in enumerate((1, 3, 5)):
        asked.append(await say(desk, number, feeling))
    assert asked == ["why-leaving", "bad-boss", "gap-year", None]
    starts = [await standings.find(desk.database, ANN, one) for one in asked if one]
    assert [round(start.strength, 9) for start, _ in starts] == [0.4, 0.5, 0.6]
    assert [round(prior, 9) for _, prior in starts] == [0.4, 0.5, 0.6]
    assert (await desk.learner()).triaged == 3


async def test_triage_ends(desk: Desk) -> None:
    """After ten answers the triage is over, however long the set is."""
    desk.library = library(*(f"question-{n:02}" for n in range(30)))
    asked = [await begin(desk)]
    while asked[-1]:
        asked.append(await say(desk, len(asked) - 1, 3))
    assert len(asked) == 11
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("number", [0, 2, 99])
async def test_triage_repeated(desk: Desk, number: int) -> None:
    """A second tap, or one on an older card, changes nothing and shows where the triage is."""
    await begin(desk)
    assert await say(desk, 0, 1) == "bad-boss"
    before = await standings.of_learner(desk.database, ANN)
    assert await say(desk, number, 5) == "bad-boss"
    assert await standings.of_learner(desk.database, ANN) == before


async def test_triage_of_what_was_rated(desk: Desk) -> None:
    """What a rating has said of a question is not overruled by a triage answered late."""
    await begin(desk)
    await desk.practise(5)
    before = await desk.standing("why-leaving")
    await say(desk, 0, 1)
    assert await desk.standing("why-leaving") == before


async def test_triage_of_what_was_asked(desk: Desk) -> None:
    """What is known already is not asked in a triage, and a question asked but not rated keeps its ears."""
    await desk.ask()
    assert await begin(desk) == "bad-boss"
    async with desk.turn() as tx:
        tx.change(triage_question="why-leaving")
    await say(desk, 0, 1)
    heard = Standing(strength=0.4, heard_at=NOW, last_wording=0)
    assert await desk.standing("why-leaving") == heard


async def test_no_triage(desk: Desk) -> None:
    """In a set that is gone there is no triage."""
    desk.library = library()
    assert await begin(desk) is None
    assert await say(desk, 0, 3) is None


async def test_level(desk: Desk) -> None:
    """A level is kept until another is chosen; whether the set has any of it is known."""
    desk.library = library("file-post", act=question("act", SET, levels=(4, 5)))
    for level, known in ((5, True), (1, True), (3, False), (None, True)):
        async with desk.turn() as tx:
            enrol.choose_level(tx, level)
            assert enrol.knows_level(tx, desk.library) == known
        assert (await desk.learner()).level == level
