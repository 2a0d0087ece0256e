"""Coaching as verbs: races between the two, the hour of a coach, wishes and what they become."""

from dataclasses import dataclass, replace

import pytest

from bot.drill.tone import Mode, Tone
from bot.practice import Ear, ask, coach, ear, lend, own, plan, wishes
from bot.practice.coach import ACTS_AN_HOUR, Refused
from bot.practice.lend import Lent
from bot.practice.wishes import When, Wished
from bot.store import coachings, drills, own_questions, takes
from bot.store import wishes as wish_rows
from bot.store.coachings import Coaching
from bot.store.database import Conflict, Database
from bot.store.tables import FOREVER, CoachingState, DrillState, Given
from bot.store.transaction import Transaction
from tests.practice.desk import Desk, library
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, HOUR, NOW

NEW = "What would your last boss say?"


@pytest.fixture
async def ben(desk: Desk) -> Desk:
    """Ben, who coaches Ann and practises too; Ann has one take of her own."""
    ben = Desk(desk.database, learner_id=BEN)
    await ben.enrol()
    async with desk.turn() as tx:
        tx.change(sequence=1000)
    await desk.database.commit(
        [
            coachings.made(cabinet.coaching()),
            drills.asked(
                cabinet.drill(question_id="why-leaving", state=DrillState.ANSWERED, take_no=1)
            ),
            takes.taken(cabinet.take()),
        ]
    )
    return ben


@dataclass
class Loaded:
    """Dice that always show the same."""

    roll: float

    def random(self) -> float:
        """A number from 0 on, below 1."""
        return self.roll


async def begun(database: Database, learner_id: int) -> Transaction:
    """A transaction that has read how it stands now."""
    return await Transaction.begin(database, learner_id, NOW)


async def one(desk: Desk) -> Coaching:
    """The coaching as stored."""
    [found] = await coachings.of_learner(desk.database, ANN)
    return found


async def test_revoked_in_between(desk: Desk, ben: Desk) -> None:
    """A take that was read before the learner's end, and is committed after it, is not handed out."""
    tx = await begun(desk.database, BEN)
    may = await coach.may(tx, 71, Given.TAKES)
    assert isinstance(may, Coaching)
    assert isinstance(await lend.next_take(tx, desk.library, may, None), Lent)
    async with desk.turn() as ann:
        coach.end(ann, await one(desk))
    with pytest.raises(Conflict):
        await tx.commit()
    assert await coach.may(await begun(desk.database, BEN), 71, Given.TAKES) is Refused.OVER


@pytest.mark.parametrize("what", ["rate", "look", "ratings", "wish"])
async def test_each_thing_rests_on_the_yes(desk: Desk, ben: Desk, what: str) -> None:
    """So it is with whatever else a coach does."""
    tx, known = await begun(desk.database, BEN), await one(desk)
    if what == "rate":
        await lend.rate(tx, known, 1, Tone.FLAT)
    elif what == "look":
        coach.look(tx, known)
    elif what == "ratings":
        await lend.latest_ratings(tx, desk.library, known)
    else:
        await wishes.wish(tx, known, NEW, When.NOW, dice=desk.dice, secret="s")
    async with desk.turn() as ann:
        coach.end(ann, known)
    with pytest.raises(Conflict):
        await tx.commit()


async def test_twenty_an_hour(desk: Desk, ben: Desk) -> None:
    """The hour begins with the first; when it is over, so is the refusal. A clock set back frees, too."""
    for number in range(ACTS_AN_HOUR + 1):
        async with ben.turn() as tx:
            refused = coach.act(tx, await one(desk))
        assert (refused is Refused.TOO_FAST) == (number == ACTS_AN_HOUR)
    ben.later(HOUR)
    async with ben.turn() as tx:
        assert coach.act(tx, await one(desk)) is None
    assert (await one(desk)).acted == 1
    ben.later(-2 * HOUR)
    async with ben.turn() as tx:
        assert coach.act(tx, await one(desk)) is None


async def wished(ben: Desk, question: str = NEW, when: When = When.THIS_WEEK) -> Wished | Refused:
    """Ben wishes for a question."""
    async with ben.turn() as tx:
        return await wishes.wish(
            tx, await one(ben), question, when, dice=ben.dice, secret=f"{question} {ben.now}"
        )


@pytest.mark.parametrize("roll", [0.0, 0.5, 0.999999])
async def test_a_day_of_the_coming_seven(desk: Desk, ben: Desk, roll: float) -> None:
    """The day is drawn evenly from seven, from today on."""
    ben.dice = Loaded(roll)
    assert await wished(ben) is Wished.THIS_WEEK
    [made] = await wish_rows.of_learner(desk.database, ANN)
    day = int(roll * 7)
    expected = NOW if day == 0 else NOW - 12 * HOUR + day * DAY
    assert made.from_at == expected


async def test_takes_the_place_of_a_surprise(desk: Desk, ben: Desk) -> None:
    """Before its day a draw comes; from its day on the wish, in the coach's words, once."""
    await wished(ben)
    [made] = await wish_rows.of_learner(desk.database, ANN)
    await desk.database.commit([wish_rows.fulfilled(made)])
    later = replace(made, from_at=NOW + DAY)
    await desk.database.commit([wish_rows.made(later)])
    before = await surprised(desk, NOW + HOUR)
    assert not before.wished
    asked = await surprised(desk, NOW + DAY + HOUR)
    assert (asked.wording, asked.wished, asked.question.kind) == (NEW, True, own.FROM_COACH)
    [kept] = await own_questions.of_learner(desk.database, ANN)
    assert (kept.ask, kept.other_id, kept.is_live) == (NEW, BEN, True)
    again = await surprised(desk, NOW + 2 * DAY)
    assert not again.wished


async def surprised(desk: Desk, moment: int) -> ask.Asked:
    """A surprise that is due at a moment, skipped right after it was asked."""
    desk.now = moment
    async with desk.turn() as tx:
        tx.change(next_drill_at=moment, open_drill=None)
    async with desk.turn() as tx:
        shelf = await own.shelf(tx, desk.library, "My questions")
        asked = await ask.spring(tx, shelf, desk.dice)
    assert asked is not None
    async with desk.turn() as tx:
        tx.change(open_drill=None)
    return asked


async def test_no_room_for_another(desk: Desk, ben: Desk) -> None:
    """Somebody who has as many own questions as can be is asked a draw in its place, and nothing breaks."""
    rows = [cabinet.own_question(n, question_id=f"own-{n}") for n in range(own.MOST)]
    await desk.database.commit([own_questions.added(row) for row in rows])
    async with desk.turn() as tx:
        tx.change(own_since=NOW)
    await wished(ben, when=When.NOW)
    asked = await surprised(desk, NOW)
    assert not asked.wished
    assert await wish_rows.of_learner(desk.database, ANN) == []


async def test_a_question_that_left_the_banks(desk: Desk, ben: Desk) -> None:
    """A wish for a question that is not there any more gives way to a draw."""
    async with ben.turn() as tx:
        question = library("bad-boss").questions["bad-boss"]
        await wishes.wish(tx, await one(desk), question, When.THIS_WEEK, dice=desk.dice, secret="s")
    desk.library = library("why-leaving", "gap-year")
    asked = await surprised(desk, NOW + 7 * DAY)
    assert not asked.wished


async def test_not_of_a_coaching_that_ended(desk: Desk, ben: Desk) -> None:
    """A wish whose coaching does not stand is left alone, even if its row is still there."""
    await wished(ben, when=When.NOW)
    known = await one(desk)
    ended = replace(known, state=CoachingState.ENDED)
    await desk.database.commit([coachings.changed(known, ended)])
    assert not (await surprised(desk, NOW)).wished


@pytest.mark.parametrize(
    ("fields", "chance"),
    [
        ({"paused_until": FOREVER}, None),
        ({"paused_until": NOW + 2 * HOUR}, NOW + 2 * HOUR),
        ({"paused_until": NOW + 9 * HOUR}, NOW + 21 * HOUR),
        ({"sent_day": 739_943, "sent_count": 6}, NOW + 21 * HOUR),
        ({"interview_day": 739_943}, NOW + 21 * HOUR),
        ({}, NOW + 60_000),
    ],
    ids=["for ever", "until", "until night", "capped", "interview", "now"],
)
async def test_the_next_chance(desk: Desk, fields: dict[str, int], chance: int | None) -> None:
    """The first moment that is open after whatever is in the way; none after a pause without an end."""
    async with desk.turn() as tx:
        tx.change(**fields)
        hours = await plan.open_hours(tx)
        assert hours.local_day(NOW) == 739_943
        assert await wishes.next_chance(tx, hours) == chance


async def test_the_next_chance_after_an_open_question(desk: Desk) -> None:
    """While a question is open it is right after its end."""
    asked = await desk.ask(Mode.SELF)
    async with desk.turn() as tx:
        hours = await plan.open_hours(tx)
        assert await wishes.next_chance(tx, hours) == asked.drill.expires_at + 1


async def test_somebody_who_left(desk: Desk, ben: Desk) -> None:
    """For a learner who blocked the bot, or never began, nothing is wished."""
    async with desk.turn() as tx:
        tx.change(left_at=NOW)
    assert await wished(ben) is Wished.AWAY
    async with ben.turn() as tx:
        nobody = replace(await one(desk), learner_id=99)
        assert await wishes.choices(tx, desk.library, nobody) == ()


async def test_a_link_remembered_for_a_month(desk: Desk) -> None:
    """Links that nobody used are let go after a month, those with a coach stay."""
    await desk.database.commit(
        [
            coachings.made(cabinet.coaching(2, state=CoachingState.OFFERED, other_id=None)),
            coachings.made(cabinet.coaching(3, state=CoachingState.ENDED)),
        ]
    )
    desk.now = NOW + 32 * DAY
    async with desk.turn() as tx:
        tx.change(sequence=10)
        assert await coach.invite(tx, "token", None)
    numbers = [row.coaching_no for row in await coachings.of_learner(desk.database, ANN)]
    assert 2 not in numbers
    assert 3 in numbers


async def test_an_ear_remembered_for_a_month(desk: Desk, ben: Desk) -> None:
    """So are links to one take; five open ones are enough."""
    for number in range(ear.MOST_OPEN):
        async with desk.turn() as tx:
            assert isinstance(await ear.make(tx, 1, f"token {number}", None), Ear)
    async with desk.turn() as tx:
        assert await ear.make(tx, 1, "one more", None) is None
        assert await ear.make(tx, 9, "none", None) is ear.Deaf.GONE
    desk.now = NOW + 40 * DAY
    async with desk.turn() as tx:
        assert isinstance(await ear.make(tx, 1, "later", None), Ear)
    async with desk.turn() as tx:
        assert len(await ear.links(tx)) == 1
