"""A whole interview as verbs: what a restore leaves of it, and its summary in figures."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.banks.library import Library
from bot.drill.tone import Mode, Tone
from bot.practice import Mock, amend, mock, mock_answer, mock_summary
from bot.practice.answer import Material
from bot.practice.mock import Over, Running
from bot.practice.mock_answer import Heard
from bot.practice.mock_summary import MockSummary
from bot.store.tables import DrillState, MockState, TakeKind
from tests.chat.stage import one_of_each
from tests.practice.desk import Desk
from tests.store.cabinet import DAY, HOUR, MINUTE, opened


@dataclass
class Room(Desk):
    """A desk at which somebody is interviewed."""

    library: Library = field(default_factory=one_of_each)

    async def begin(self, count: int = 3, *, pressing: bool = False) -> Running:
        """Begin an interview."""
        async with self.turn() as tx:
            begun = await mock.begin(tx, self.library, count, self.dice, pressing=pressing)
        assert begun is not None
        return begun

    async def say(self, seconds: int | None = 20) -> Heard:
        """Answer a minute later, aloud for so many seconds, or (None) in writing."""
        self.later(MINUTE)
        self.messages += 1
        material = Material(
            kind=TakeKind.TEXT if seconds is None else TakeKind.VOICE,
            message_id=self.messages,
            sent_at=self.now,
            text="I asked both." if seconds is None else None,
            file_id=None if seconds is None else "voice",
            duration=seconds,
        )
        async with self.turn() as tx:
            heard = await mock_answer.hear(tx, self.library, material, None, self.dice)
        assert heard is not None
        return heard

    async def kept(self) -> Mock:
        """The interview as stored."""
        async with self.turn() as tx:
            found = await mock_summary.latest(tx)
        assert found is not None
        return found

    async def summary(self) -> MockSummary:
        """What it came to."""
        found = await self.kept()
        async with self.turn() as tx:
            return await mock_summary.summary(tx, found)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Somebody who practises the set with one question of each kind."""
    async with opened(tmp_path) as database:
        seat = Room(database)
        await seat.enrol()
        yield seat


async def test_nothing_runs(room: Room) -> None:
    """Without an interview no answer belongs to one, and an ordinary question is none."""
    await room.ask(Mode.SELF, "closing")
    async with room.turn() as tx:
        assert await mock.current(tx) is None
        material = Material(kind=TakeKind.TEXT, message_id=1, sent_at=room.now, text="Yes.")
        assert await mock_answer.hear(tx, room.library, material, None, room.dice) is None
        assert await mock_summary.latest(tx) is None


async def test_a_restore_ends_what_its_time_is_over_for(room: Room) -> None:
    """Taken up after more than a day, the interview is over with all its answers, and plans go on."""
    await room.begin(pressing=True)
    await room.say()
    await room.say()
    room.later(2 * DAY)
    async with room.turn() as tx:
        await amend.take_up(tx, room.dice)
    assert (await room.kept()).state == MockState.ENDED
    assert (await room.drill()).state == DrillState.ANSWERED  # what was asked on it was not
    person = await room.learner()
    assert person.open_drill is None
    assert person.next_drill_at is not None


async def test_a_restore_in_time_goes_on(room: Room) -> None:
    """Taken up within the day, it waits for the same answer as before."""
    await room.begin()
    room.later(HOUR)
    async with room.turn() as tx:
        await amend.take_up(tx, room.dice)
    async with room.turn() as tx:
        assert await mock.current(tx) is not None


async def test_figures(room: Room) -> None:
    """Times from question to answer, seconds of speech, tones; the lowest tone is drilled next."""
    await room.begin(pressing=True)
    await room.say(None)
    for _ in range(4):
        await room.say()
    async with room.turn() as tx:
        running = await mock.current(tx)
        assert running is not None
        over = await mock.end(tx, running, room.dice)
    assert isinstance(over, Over)
    result = await room.summary()
    assert (result.planned, len(result.answers), result.answered, result.unrated) == (5, 4, 3, 3)
    assert [one.waited for one in result.answers] == [MINUTE, 2 * MINUTE, 2 * MINUTE, None]
    assert [one.spoken for one in result.answers] == [None, 40, 40, None]
    assert [one.again for one in result.answers] == [False, False, True, True]
    assert (result.first, result.total) == (MINUTE, 5 * MINUTE)
    assert (result.pressing, result.started_at) == (True, room.now - 5 * MINUTE)
    assert result.drill_next == result.answers[3]
    await room.rate(Tone.FLAT, result.answers[0].drill_no)
    await room.rate(Tone.EDGY, result.answers[1].drill_no)
    rated = await room.summary()
    assert [one.tone for one in rated.answers] == [Tone.FLAT, Tone.EDGY, None, None]
    assert rated.drill_next == rated.answers[1]
    assert rated.unrated == 1


async def test_of_equals_the_slower(room: Room) -> None:
    """Of two answers of the same tone the one that took longer is drilled next."""
    await room.begin()
    await room.say()
    room.later(MINUTE)
    await room.say()
    await room.say()
    result = await room.summary()
    for one in result.answers:
        await room.rate(Tone.FLAT, one.drill_no)
    slowest = (await room.summary()).drill_next
    assert slowest is not None
    assert slowest.drill_no == result.answers[1].drill_no
