"""Listening again: when a take is played, which one, what a second rating does, and taking it back."""

import asyncio
from datetime import date
from typing import Any

import pytest

from bot.drill.tone import Mode, Tone
from bot.practice import listen
from bot.practice.listen import Offered, SecondRating
from bot.store import coach_ratings, errands, learners, listens
from bot.store.coach_ratings import CoachRating
from bot.store.database import Conflict
from bot.store.errands import Errand
from bot.store.learners import WEEK
from bot.store.listens import ListenRow
from bot.store.tables import FOREVER, ErrandKind
from bot.store.tables import rating as rating_table
from bot.store.tables import take as take_table
from bot.store.transaction import Transaction
from tests.practice.desk import Desk
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, HOUR, MINUTE, NOW

MIDNIGHT = NOW - 12 * HOUR
TODAY = date(2026, 11, 23).toordinal()


@pytest.fixture
async def spoke(desk: Desk) -> Desk:
    """Ann answered one question aloud, called it smooth, and a day has passed."""
    await desk.practise(5, aloud=True)
    return desk


async def planned(desk: Desk) -> list[Errand]:
    """The listens that are planned."""
    return await errands.of_kind(desk.database, ANN, ErrandKind.LISTEN)


async def due(desk: Desk, due_at: int | None = None) -> Offered | None:
    """The moment of a planned listen is now, or was some time ago."""
    for one in await planned(desk):
        await desk.database.commit([errands.dropped(one)])
    async with desk.turn() as tx:
        return await listen.due(tx, desk.library, due_at or desk.now, desk.dice)


async def ask(desk: Desk) -> Offered | None:
    """Listen now, because one wants to."""
    async with desk.turn() as tx:
        return await listen.ask(tx, desk.library, desk.dice)


async def rate(desk: Desk, offered: Offered | ListenRow, tone: int) -> SecondRating | None:
    """Rate a take that was played."""
    number = offered.listen_no if isinstance(offered, ListenRow) else offered.listen.listen_no
    async with desk.turn() as tx:
        return await listen.rate(tx, desk.library, number, Tone(tone))


async def heard(desk: Desk, tone: int) -> SecondRating:
    """Listen now and rate it."""
    offered = await ask(desk)
    assert offered
    again = await rate(desk, offered, tone)
    assert again
    return again


async def undo(desk: Desk, listen_no: int | None = None) -> ListenRow | None:
    """Take the latest second rating back."""
    async with desk.turn() as tx:
        return await listen.undo(tx, listen_no)


async def plan_after(desk: Desk, *, aloud: bool = True) -> None:
    """Answer and rate, and let a listen be planned."""
    await desk.ask()
    answered = await desk.answer(aloud=aloud)
    await desk.rate(4)
    async with desk.turn() as tx:
        await listen.after_rating(tx, answered.take, desk.dice)


async def change(desk: Desk, **fields: Any) -> None:
    """Change something about the learner."""
    async with desk.turn() as tx:
        tx.change(**fields)


async def delete(desk: Desk) -> None:
    """Every recording is gone."""
    await desk.database.commit([cabinet.emptied(take_table, "file_id")])


async def test_planned_for_the_next_day(desk: Desk) -> None:
    """A spoken take that was rated is played at some open moment of the day after; one is planned at once."""
    for _ in range(3):
        await plan_after(desk)
    [one] = await planned(desk)
    assert MIDNIGHT + DAY + 9 * HOUR <= one.due_at < MIDNIGHT + DAY + 20 * HOUR


async def test_typed_answers_are_not_played(desk: Desk) -> None:
    """What was typed plans nothing."""
    await plan_after(desk, aloud=False)
    assert await planned(desk) == []


@pytest.mark.parametrize(
    ("fields", "first", "last"),
    [
        ({"interview_day": TODAY + 1}, 2 * DAY, 3 * DAY),
        ({"interview_day": TODAY}, DAY, 2 * DAY),
        ({"paused_until": MIDNIGHT + 4 * DAY}, 4 * DAY, 5 * DAY),
        ({"paused_until": NOW - HOUR}, DAY, 2 * DAY),
    ],
)
async def test_planned_around(desk: Desk, fields: dict[str, Any], first: int, last: int) -> None:
    """Nothing on the interview's day nor during a pause; the first day after them will do."""
    await change(desk, **fields)
    await plan_after(desk)
    [one] = await planned(desk)
    assert MIDNIGHT + first <= one.due_at < MIDNIGHT + last


async def test_nothing_is_planned_without_a_day_for_it(desk: Desk) -> None:
    """Neither in a pause without an end, nor for somebody who is never open."""
    await change(desk, paused_until=FOREVER)
    await plan_after(desk)
    await change(desk, paused_until=None)
    async with desk.turn() as tx:
        tx.write(*learners.hours_written(ANN, ((0, 0),) * 7))
    await plan_after(desk)
    assert await planned(desk) == []
    async with desk.turn() as tx:
        tx.write(*learners.hours_written(ANN, WEEK))
    await plan_after(desk)
    assert len(await planned(desk)) == 1


async def test_played(spoke: Desk) -> None:
    """Yesterday's take is played and the offer stored; nothing else is planned for it."""
    offered = await due(spoke)
    assert offered
    assert (offered.take.file_id, offered.days_ago) == ("voice-1", 1)
    assert offered.question
    assert offered.question.id == "why-leaving"
    assert await listens.of_learner(spoke.database, ANN) == [offered.listen]
    assert await planned(spoke) == []


@pytest.mark.parametrize(
    ("fields", "late"),
    [
        ({"paused_until": NOW + 2 * DAY}, 0),
        ({"interview_day": TODAY + 1}, 0),
        ({}, 5 * MINUTE + 1),
    ],
)
async def test_drawn_anew(spoke: Desk, fields: dict[str, Any], late: int) -> None:
    """During a pause, on the interview's day, or found late after an outage: another day."""
    await change(spoke, **fields)
    assert await due(spoke, spoke.now - late) is None
    [one] = await planned(spoke)
    assert one.due_at > MIDNIGHT + 2 * DAY


async def test_never_at_night(spoke: Desk) -> None:
    """What an hour of waiting has put into the night is drawn anew."""
    spoke.later(9 * HOUR)
    assert await due(spoke) is None
    [one] = await planned(spoke)
    assert one.due_at > MIDNIGHT + 2 * DAY


async def test_not_in_a_pause_without_end(spoke: Desk) -> None:
    """Who paused for good is left alone; the next answer plans again."""
    await change(spoke, paused_until=FOREVER)
    assert await due(spoke) is None
    assert await planned(spoke) == []


async def test_one_a_day(spoke: Desk) -> None:
    """Who has listened today already, on their own account, is not asked to again."""
    await heard(spoke, 4)
    await spoke.practise(5, "bad-boss", aloud=True)
    spoke.now -= DAY - MINUTE
    assert await due(spoke) is None
    [one] = await planned(spoke)
    assert one.due_at > MIDNIGHT + 2 * DAY


async def test_it_waits_while_a_question_is_open(spoke: Desk) -> None:
    """While something waits for an answer it comes an hour later, drill and interview alike."""
    await spoke.ask()
    assert await due(spoke) is None
    [one] = await planned(spoke)
    assert one.due_at == spoke.now + HOUR


async def test_nothing_to_play(desk: Desk) -> None:
    """Without a take that is old enough nothing is played and nothing planned."""
    await desk.practise(5, aloud=True)
    desk.now -= 7 * HOUR
    for ask_or_due in (due, ask):
        assert await ask_or_due(desk) is None
    async with desk.turn() as tx:
        assert not await listen.can_be_asked(tx)
    desk.later(HOUR + MINUTE)
    async with desk.turn() as tx:
        assert await listen.can_be_asked(tx)
    assert await ask(desk)


async def test_a_recording_that_is_gone_is_not_played(spoke: Desk) -> None:
    """Deleted meanwhile: nothing comes, and nothing breaks."""
    await delete(spoke)
    assert await due(spoke) is None
    assert await ask(spoke) is None
    assert await planned(spoke) == []


async def test_what_the_badge_waits_for_comes_first(desk: Desk) -> None:
    """A question that lacks only the listen goes first; for another one tomorrow is planned."""
    for _ in range(2):
        await desk.practise(5, aloud=True)
    await desk.practise(4, "bad-boss", aloud=True)
    await desk.practise(2, "gap-year", aloud=True)
    offered = await due(desk)
    assert offered
    assert offered.listen.question_id == "why-leaving"
    assert len(await planned(desk)) == 1, "bad-boss wants one, too"


async def test_a_take_of_an_earlier_run_is_not_what_the_badge_waits_for(desk: Desk) -> None:
    """After a slip only what was said since can hold."""
    await desk.practise(5, aloud=True)
    await desk.practise(2, aloud=True)
    await desk.practise(5, aloud=True)
    await desk.practise(2, "gap-year", aloud=True)
    offered = await due(desk)
    assert offered
    assert offered.take.file_id == "voice-3"


async def test_what_was_put_off_gives_way(desk: Desk) -> None:
    """A take that was offered and not rated comes again only after another that is wanted as much."""
    await desk.practise(5, aloud=True)
    await desk.practise(5, "bad-boss", aloud=True)
    seen = []
    for _ in range(3):
        offered = await due(desk)
        assert offered
        seen.append(offered.take.file_id)
        desk.later(DAY)
    assert seen == ["voice-2", "voice-1", "voice-2"]


async def test_it_holds(spoke: Desk) -> None:
    """Then and now are told; what is held is stored with the standing, and no take is heard twice."""
    again = await heard(spoke, 4)
    assert (again.then, again.tone, again.earned) == (Tone.SMOOTH, Tone.PROFESSIONAL, False)
    assert (again.after.held, again.remaining.listen_needed) == (True, False)
    assert await spoke.standing("why-leaving") == again.after
    assert await ask(spoke) is None


async def test_the_badge(desk: Desk) -> None:
    """Two spoken 5s wait for the listen; it brings the badge, and later takes need none."""
    second = [await desk.practise(5, aloud=True) for _ in range(2)][1]
    assert (second.earned, second.remaining.only_listen) == (False, True)
    again = await heard(desk, 4)
    assert (again.earned, again.after.badge_at) == (True, desk.now)
    assert not (await heard(desk, 1)).earned, "a badge that is held takes no listen"
    assert (await desk.standing("why-leaving")).badge_at == desk.now


async def test_an_early_listen(spoke: Desk) -> None:
    """Who has listened before the last answer has the badge with it."""
    await heard(spoke, 5)
    assert (await spoke.practise(5, aloud=True)).earned


@pytest.mark.parametrize("tone", [1, 2, 3])
async def test_it_does_not_hold(desk: Desk, tone: int) -> None:
    """No badge yet, no points lost; another take is played, and when that holds the badge comes."""
    for _ in range(2):
        await desk.practise(5, aloud=True)
    again = await heard(desk, tone)
    assert (again.earned, again.after.points) == (False, 6)
    assert again.remaining.only_listen
    assert (await heard(desk, 4)).earned


async def test_what_waits_today_is_played_once_more(spoke: Desk) -> None:
    """Asked for twice on a day, the same listen comes; on the next day another take has its turn."""
    await spoke.practise(4, "bad-boss", aloud=True)
    first, again = await ask(spoke), await ask(spoke)
    assert first == again
    assert len(await listens.of_learner(spoke.database, ANN)) == 1
    spoke.later(DAY)
    other = await ask(spoke)
    assert first
    assert other
    assert other.take != first.take


async def test_rated_once(spoke: Desk) -> None:
    """A second tap changes nothing, nor does the tap on an older offer of the same take."""
    first = await ask(spoke)
    spoke.later(DAY)
    second = await ask(spoke)
    assert first
    assert second
    assert first.take == second.take
    assert await rate(spoke, first, 4)
    assert await rate(spoke, first, 1) is None
    assert await rate(spoke, second, 1) is None
    async with spoke.turn() as tx:
        assert await listen.tone_of(tx, first.listen.listen_no) == 4
        assert await listen.tone_of(tx, second.listen.listen_no) is None
        assert await listen.tone_of(tx, 999) is None


async def test_two_taps_at_once(spoke: Desk) -> None:
    """Of two second ratings at the same moment one counts."""
    offered = await ask(spoke)
    assert offered
    turns = [await Transaction.begin(spoke.database, ANN, spoke.now) for _ in range(2)]
    for tx, tone in zip(turns, (Tone.SMOOTH, Tone.BITTER), strict=True):
        assert await listen.rate(tx, spoke.library, offered.listen.listen_no, tone)
    told = await asyncio.gather(*(tx.commit() for tx in turns), return_exceptions=True)
    assert [type(one) for one in told] == [type(None), Conflict]


async def test_what_cannot_be_rated(spoke: Desk) -> None:
    """Not what was deleted meanwhile, nor a take whose rating was taken back, nor what is not one's own."""
    offered = await ask(spoke)
    assert offered
    ben = Desk(spoke.database, learner_id=BEN, now=spoke.now)
    await ben.enrol()
    assert await rate(ben, offered, 4) is None
    await spoke.undo()
    assert await rate(spoke, offered, 4) is None
    await spoke.rate(5)
    await delete(spoke)
    assert await rate(spoke, offered, 4) is None


async def test_undo(desk: Desk) -> None:
    """Taken back, the badge is gone and the take waits; rated again it is not celebrated twice."""
    for _ in range(2):
        await desk.practise(5, aloud=True)
    before = await desk.standing("why-leaving")
    again = await heard(desk, 4)
    assert not again.celebrated
    waiting = await undo(desk)
    assert waiting
    assert await desk.standing("why-leaving") == before
    assert await rate(desk, again.listen, 4) is None, "its number is over"
    once_more = await rate(desk, waiting, 5)
    assert once_more
    assert (once_more.earned, once_more.celebrated) == (True, True)


async def test_undo_in_turn(spoke: Desk) -> None:
    """The latest goes first; a button takes back only its own; where there is none nothing happens."""
    await spoke.practise(4, "bad-boss", aloud=True)
    first, second = await heard(spoke, 4), await heard(spoke, 3)
    assert await undo(spoke, first.listen.listen_no) is None
    async with spoke.turn() as tx:
        latest = await listen.latest(tx)
        assert await listen.is_last(tx)
    assert latest == second.listen
    assert await undo(spoke, second.listen.listen_no)
    assert await undo(spoke)
    assert await undo(spoke) is None


async def test_a_later_rating_is_the_last(spoke: Desk) -> None:
    """What was rated after it goes first; without any listen there is nothing to ask."""
    async with spoke.turn() as tx:
        assert not await listen.is_last(tx)
    await heard(spoke, 4)
    await spoke.practise(4, "bad-boss")
    async with spoke.turn() as tx:
        assert not await listen.is_last(tx)


async def test_undo_of_a_rating_keeps_what_was_held(spoke: Desk) -> None:
    """A later rating taken back leaves the run as it was, its listen included."""
    held = (await heard(spoke, 4)).after
    await spoke.ask(Mode.SURPRISE)
    await spoke.answer(aloud=True)
    await spoke.rate(1)
    assert not (await spoke.standing("why-leaving")).held
    await spoke.undo()
    after = await spoke.standing("why-leaving")
    assert (after.held, after.points, after.slipped_at) == (True, held.points, None)


async def test_undo_of_the_rating_that_was_heard(spoke: Desk) -> None:
    """Without its first rating a take holds for nothing, however it is rated anew."""
    await heard(spoke, 4)
    await spoke.undo()
    assert not (await spoke.standing("why-leaving")).held
    spoke.later(MINUTE)
    await spoke.rate(5)
    assert not (await spoke.standing("why-leaving")).held
    await spoke.practise(4, aloud=True)
    await spoke.undo()
    assert not (await spoke.standing("why-leaving")).held


async def test_existing_badges_stay(desk: Desk) -> None:
    """Ratings from before a listen was asked for are replayed as they counted then."""
    for _ in range(2):
        await desk.practise(5, aloud=True)
    await desk.database.commit([cabinet.emptied(rating_table, "spoken")])
    await desk.practise(2, aloud=True)
    await desk.undo()
    assert (await desk.standing("why-leaving")).badge_at is not None


def by_a_coach(take_no: int) -> CoachRating:
    """A coach calls it edgy."""
    return CoachRating(
        learner_id=ANN, take_no=take_no, coaching_no=1, other_id=BEN, tone=2, rated_at=NOW
    )


async def test_calibration(desk: Desk) -> None:
    """From three takes on: then, later, and a coach's ear where there is one."""
    known = ("why-leaving", "bad-boss", "gap-year")
    takes = [(await desk.practise(5, each, aloud=True)).take.take_no for each in known]
    async with desk.turn() as tx:
        assert await listen.calibration(tx) is None
    for tone in (5, 4, 3):
        await heard(desk, tone)
    async with desk.turn() as tx:
        alone = await listen.calibration(tx)
    await desk.database.commit([coach_ratings.rated(by_a_coach(take_no)) for take_no in takes])
    async with desk.turn() as tx:
        coached = await listen.calibration(tx)
    assert alone
    assert coached
    assert (alone.then, alone.later, alone.coach, alone.takes) == (5, 4, None, 3)
    assert coached.coach == 2
