"""A learner's practice in figures: each number from rows whose story is known."""

from bot.drill.tone import Mode, Tone
from bot.practice import figures, plan
from bot.practice.figures import Figures, Foretold
from bot.practice.plan import Snooze
from bot.store import drills
from bot.store.tables import DrillState
from tests.practice.desk import Desk, library
from tests.store.cabinet import DAY, HOUR, MINUTE


async def found(desk: Desk) -> Figures:
    """The figures as they are now."""
    async with desk.turn() as tx:
        return await figures.of_learner(tx, desk.library)


async def arrived(desk: Desk) -> None:
    """The latest card reached the learner."""
    drill = await desk.drill()
    await desk.database.commit(
        [drills.card_sent(drill.learner_id, drill.drill_no, drill.drill_no, rating_card=False)]
    )


async def surprised(desk: Desk, answer_after: int | None, question_id: str = "gap-year") -> None:
    """A surprise is answered after so long, or never; then a day passes."""
    await desk.ask(Mode.SURPRISE, question_id)
    await arrived(desk)
    if answer_after is not None:
        desk.later(answer_after)
        number = (await desk.drill()).drill_no
        await desk.answer(reply_to=number)
    desk.later(2 * HOUR)
    async with desk.turn() as tx:
        drill = await desk.drill()
        if drill.state == DrillState.OPEN:
            await plan.expire(tx, drill, desk.dice)
    desk.later(DAY)


async def test_nothing_yet(desk: Desk) -> None:
    """Before the first answer everything is none, and the whole set is foretold."""
    now = await found(desk)
    assert (now.badges, now.questions, now.shown, now.answers, now.weeks) == (0, 3, (), 0, 0)
    assert (now.surprises, now.cold, now.seconds) == (0, 0, None)
    assert now.foretold == Foretold(3, 5, 3, 3)


async def test_answered_cold(desk: Desk) -> None:
    """Three surprises in time, one late, one never: three of five, and the middle one's time."""
    for after in (2 * MINUTE, 4 * MINUTE, 30 * MINUTE, 90 * MINUTE, None):
        await surprised(desk, after)
    now = await found(desk)
    assert (now.surprises, now.cold, now.seconds) == (5, 3, 240)


async def test_what_is_no_surprise_is_not_cold(desk: Desk) -> None:
    """A question asked for, one skipped, one put off and one that never arrived are in no share."""
    await desk.practise(4, mode=Mode.SELF)
    for close in ("skip", "snooze", "lost"):
        await desk.ask(Mode.SURPRISE)
        drill = await desk.drill()
        async with desk.turn() as tx:
            if close == "skip":
                await plan.skip(tx, drill, desk.dice)
            elif close == "snooze":
                await plan.snooze(tx, drill, Snooze.HOUR, desk.dice)
            else:
                await plan.expire(tx, drill, desk.dice)
        desk.later(DAY)
    now = await found(desk)
    assert (now.surprises, now.cold) == (0, 0)


async def test_days(desk: Desk) -> None:
    """Answers stand on the local day they were given, from a Monday on; an edited one counts once."""
    start = desk.now  # a Monday at noon in London
    for _ in range(2):
        await desk.ask()
        await desk.answer()
    desk.now = start + 3 * DAY
    await desk.ask()
    await desk.answer()
    desk.later(7 * DAY)
    now = await found(desk)
    assert len(now.days) == 11 * 7 + 4
    assert [(-number, count) for number, count in enumerate(reversed(now.days)) if count] == [
        (-7, 1),
        (-10, 2),
    ]
    assert (now.answers, now.days_with_answers, now.weeks) == (3, 2, 1)
    assert now.today == 739_943 + 10


async def test_a_zone_moves_the_day(desk: Desk) -> None:
    """The same answer stands on the next day for somebody who has flown to Auckland since."""
    desk.later(2 * HOUR)
    await desk.ask()
    await desk.answer()
    assert (await found(desk)).days[-1] == 1
    async with desk.turn() as tx:
        tx.change(zone="Pacific/Auckland")
    now = await found(desk)
    assert (now.today, now.days[-1]) == (739_944, 1)


async def test_what_is_shown(desk: Desk) -> None:
    """Nearest to a badge first, then the weakest, then badges; never what has no rating."""
    desk.library = library("near", "nearer", "worse", "worst", "held", "unheard")
    for question, tones in {
        "held": (5, 5),
        "near": (4,),
        "nearer": (4, 4),
        "worse": (3,),
        "worst": (1,),
    }.items():
        for tone in tones:
            await desk.practise(tone, question)
    now = await found(desk)
    assert [one.question.id for one in now.shown] == ["nearer", "near", "worst", "worse", "held"]
    assert [(one.points, one.badge) for one in now.shown[::4]] == [(4, False), (6, True)]
    assert [row.tone for row in now.shown[0].ratings] == [Tone.PROFESSIONAL, Tone.PROFESSIONAL]
    assert (now.badges, now.questions) == (1, 6)


async def test_twelve_are_shown(desk: Desk) -> None:
    """Of twenty rated questions there are the six nearest and the six worst."""
    good, bad = [f"good-{n:02}" for n in range(10)], [f"bad-{n:02}" for n in range(10)]
    desk.library = library(*good, *bad)
    for question in good:
        await desk.practise(4, question)
    for question in bad:
        await desk.practise(2, question)
    kinds = [one.question.id.split("-")[0] for one in (await found(desk)).shown]
    assert kinds == ["good"] * 6 + ["bad"] * 6


async def test_what_was_taken_back_is_not_shown(desk: Desk) -> None:
    """A withdrawn rating is in no picture."""
    await desk.practise(5)
    await desk.undo()
    assert (await found(desk)).shown == ()


async def test_a_set_that_has_come_far_foretells_nothing(desk: Desk) -> None:
    """With four badges in five there is no forecast, as not everybody gets the last ones."""
    desk.library = library("one", "two", "three", "four", "five")
    for question in ("one", "two", "three", "four"):
        assert (await found(desk)).foretold is not None
        for _ in range(2):
            await desk.practise(5, question)
    now = await found(desk)
    assert (now.badges, now.foretold) == (4, None)


async def test_nothing_of_anybody_else(desk: Desk) -> None:
    """Somebody else's practice is in nobody's figures."""
    await desk.practise(5)
    other = Desk(desk.database, desk.library, learner_id=desk.learner_id + 1, now=desk.now)
    await other.enrol()
    now = await found(other)
    assert (now.shown, now.answers, now.surprises) == ((), 0, 0)
