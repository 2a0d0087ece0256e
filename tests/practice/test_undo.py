"""Undo takes things back in the order opposite to that in which they were done, whatever they were."""

import asyncio
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.banks.library import library_of
from bot.practice import DeedKind, Drill, Take, answer, discard, enrol, plan, undo
from bot.practice.ask import Asked
from bot.practice.undo import Over, Switched, Undone
from bot.store import deeds, drills, takes
from bot.store.tables import DrillState
from bot.store.tables import deed as deed_table
from tests.chat.banks import bank, question
from tests.practice.desk import SET, Desk, enrolled
from tests.store import cabinet
from tests.store.cabinet import ANN, DAY, HOUR, MINUTE

OTHER = "other-set"
BOTH = library_of(
    [
        bank(SET, question("why-leaving", SET), question("bad-boss", SET)),
        bank(OTHER, question("gap-year", OTHER)),
    ]
)


class Diary:
    """Somebody who does things, and what they expect to come back."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.library = BOTH
        self.done: list[tuple[str, Any]] = []

    async def open(self) -> Drill:
        """A question that waits for its answer: the open one, or another."""
        number = (await self.desk.learner()).open_drill
        if number is not None:
            return await self.desk.drill(number)
        return (await self.desk.ask(question_id=None)).drill

    async def rate(self) -> None:
        """Answer and rate."""
        drill = await self.open()
        await self.desk.answer()
        await self.desk.rate(4, drill.drill_no)
        self.done.append(("rate", drill.drill_no))

    async def skip(self) -> None:
        """Leave a question out."""
        drill = await self.open()
        async with self.desk.turn() as tx:
            await plan.skip(tx, drill, self.desk.dice)
        self.done.append(("skip", drill.drill_no))

    async def switch(self) -> None:
        """Practise the other set."""
        before = (await self.desk.learner()).active_set
        async with self.desk.turn() as tx:
            await enrol.choose_set(tx, OTHER if before == SET else SET, self.desk.dice)
        self.done.append(("switch", before))

    async def delete(self) -> None:
        """Delete the newest take that is there."""
        async with self.desk.turn() as tx:
            take = await self._newest(tx.learner.sequence)
            if take is not None:
                await discard.delete(tx, take.take_no)
        if take is not None:
            self.done.append(("delete", take.take_no))

    async def _newest(self, most: int) -> Take | None:
        for number in range(most, 0, -1):
            take = await takes.find(self.desk.database, ANN, number)
            if take is not None and take.deleted_at is None:
                return take
        return None

    async def undo(self) -> Undone | None:
        """Take the last thing back."""
        async with self.desk.turn() as tx:
            return await undo.last(tx, self.desk.library, self.desk.dice)

    async def undo_rightly(self) -> None:
        """Take it back, and fail unless it was the last thing."""
        busy = (await self.desk.learner()).open_drill is not None
        undone = await self.undo()
        if not self.done:
            assert undone is None
            return
        kind, about = self.done.pop()
        if kind == "rate":
            assert isinstance(undone, Drill)
            assert (undone.drill_no, undone.state) == (about, DrillState.ANSWERED)
        elif kind == "skip" and busy:
            assert undone == Over(DeedKind.SKIP)
        elif kind == "skip":
            assert isinstance(undone, Asked)
            assert undone.drill.drill_no == about == (await self.desk.learner()).open_drill
        elif kind == "switch":
            assert undone == Switched(about)
            assert (await self.desk.learner()).active_set == about
        else:
            assert isinstance(undone, Take)
            assert undone.take_no == about
            found = await takes.find(self.desk.database, ANN, about)
            assert found is not None
            assert found.deleted_at is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["rate", "skip", "switch", "delete", "undo_rightly"]), max_size=14))
def test_the_last_thing_first(things: list[str]) -> None:
    """Whatever is done and undone in whatever order: each undo takes back the newest that is left."""

    async def live(desk: Desk) -> None:
        diary = Diary(desk)
        for thing in things:
            await getattr(diary, thing)()
        while diary.done:
            await diary.undo_rightly()
        assert await diary.undo() is None
        assert (await desk.learner()).active_set == SET
        assert await cabinet.rows(desk.database, deed_table) == []

    asyncio.run(enrolled(live))


async def test_a_skipped_surprise_is_one_again(desk: Desk) -> None:
    """Taken back in time, it is open until the very moment as before, and counts as a surprise."""
    diary = Diary(desk)
    before = (await desk.ask()).drill
    desk.later(MINUTE)
    await diary.skip()
    desk.later(MINUTE)
    await diary.undo()
    assert await desk.drill() == before
    learner = await desk.learner()
    assert (learner.open_drill, learner.next_drill_at) == (before.drill_no, None)
    assert (await desk.answer()).place is answer.Place.FIRST


async def test_a_skip_whose_time_is_over(desk: Desk) -> None:
    """Later than the question was open it does not come back; the thing before it is next."""
    diary = Diary(desk)
    await diary.rate()
    await diary.skip()
    desk.later(HOUR + 1)
    assert await diary.undo() == Over(DeedKind.SKIP)
    assert isinstance(await diary.undo(), Drill)
    assert await diary.undo() is None


async def test_a_skip_answered_all_the_same(desk: Desk) -> None:
    """Who answers a skipped question late has nothing of it to take back: the thing before is meant."""
    diary = Diary(desk)
    await diary.switch()
    await diary.skip()
    drill = await desk.drill()
    await desk.database.commit([drills.changed(drill, replace(drill, state=DrillState.ANSWERED))])
    assert await diary.undo() == Switched(SET)


async def test_a_question_put_off_keeps_its_moment(desk: Desk) -> None:
    """Taking a skip back leaves the promise of another question as it was."""
    diary = Diary(desk)
    asked = await desk.ask(question_id="bad-boss")
    async with desk.turn() as tx:
        promised = await plan.snooze(tx, asked.drill, plan.Snooze.HOUR, desk.dice)
    desk.later(MINUTE)
    await desk.ask(question_id="why-leaving")
    await diary.skip()
    await diary.undo()
    learner = await desk.learner()
    assert (learner.next_drill_at, learner.snoozed_drill) == (promised, asked.drill.drill_no)


async def test_a_set_that_is_gone(desk: Desk) -> None:
    """A switch from a set that has gone since cannot be taken back, and is said to be so."""
    diary = Diary(desk)
    await diary.switch()
    desk.library = library_of([bank(OTHER, question("gap-year", OTHER))])
    assert await diary.undo() == Over(DeedKind.SET)
    assert (await desk.learner()).active_set == OTHER


async def test_the_same_set_again_is_nothing_done(desk: Desk) -> None:
    """Choosing what is practised already leaves nothing to take back."""
    async with desk.turn() as tx:
        await enrol.choose_set(tx, SET, desk.dice)
    assert await cabinet.rows(desk.database, deed_table) == []
    assert await Diary(desk).undo() is None


async def test_after_a_day(desk: Desk) -> None:
    """A day later only ratings can be taken back, and the rows of the rest go in the hourly work."""
    diary = Diary(desk)
    await diary.rate()
    await diary.switch()
    desk.later(DAY)
    await desk.database.commit([deeds.purged(desk.now - 1)])
    assert len(await cabinet.rows(desk.database, deed_table)) == 1
    await desk.database.commit([deeds.purged(desk.now)])
    assert await cabinet.rows(desk.database, deed_table) == []
    assert isinstance(await diary.undo(), Drill)


async def test_an_erased_take(desk: Desk) -> None:
    """What was erased at once does not come back, and undo says so just once."""
    diary = Diary(desk)
    await diary.rate()
    await diary.delete()
    number = diary.done[-1][1]
    async with desk.turn() as tx:
        assert await discard.erase(tx, number)
        assert tx.erased
    assert await diary.undo() == Over(DeedKind.DELETE)
    assert isinstance(await diary.undo(), Drill)


async def test_a_question_gone_from_its_bank_is_nobodys_deed(desk: Desk) -> None:
    """A drill that the bot withdraws is not taken back by /undo."""
    drill = (await desk.ask()).drill
    async with desk.turn() as tx:
        await plan.withdraw(tx, drill, desk.dice)
    assert await Diary(desk).undo() is None
