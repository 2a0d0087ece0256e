"""When a weekly summary comes: by the wall clock, once, never in a pause, never long after its moment."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.open_hours import OpenHours
from bot.practice import digest, figures, leave, look, plan
from bot.practice import errand as errands_done
from bot.practice.digest import LATEST_MS, Week
from bot.practice.enrol import set_zone
from bot.store import errands
from bot.store.looks import Looks
from bot.store.tables import ErrandKind
from tests.practice.desk import Desk
from tests.store.cabinet import DAY, HOUR, MINUTE

SUNDAY = 6
WEEK = tuple((9 * 60, 20 * 60) for _ in range(7))


def at(text: str, zone: str = "Europe/London") -> int:
    """A wall clock's moment."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


async def chosen(desk: Desk, day: int | None = SUNDAY, hour: int = 18) -> None:
    """A summary is chosen."""
    async with desk.turn() as tx:
        await digest.choose(tx, day, hour)


async def planned(desk: Desk) -> list[int]:
    """When summaries are to come."""
    waiting = await errands.of_kind(desk.database, desk.learner_id, ErrandKind.DIGEST)
    return [one.due_at for one in waiting]


async def come(desk: Desk, late: int = 0) -> list[bool]:
    """What each waiting errand does at its moment, or so late: whether a summary is said."""
    said = []
    for one in await errands.of_kind(desk.database, desk.learner_id, ErrandKind.DIGEST):
        desk.now = one.due_at + late
        async with desk.turn() as tx:
            taken = await errands_done.take_up(tx, one.key)
            said.append(taken is not None and await digest.due(tx))
    return said


async def test_on_the_day_and_hour(desk: Desk) -> None:
    """Chosen on a Monday, it comes on Sunday at 18:00, and on each Sunday after that."""
    await chosen(desk)
    assert await planned(desk) == [at("2026-11-29 18:00")]
    assert await come(desk) == [True]
    assert await planned(desk) == [at("2026-12-06 18:00")]
    assert await come(desk) == [True]


async def test_the_same_day(desk: Desk) -> None:
    """Of an hour of today that is still to come it is today; of one that is over, in a week."""
    await chosen(desk, 0, 13)
    assert await planned(desk) == [at("2026-11-23 13:00")]
    await chosen(desk, 0, 12)  # it is just noon
    assert await planned(desk) == [at("2026-11-30 12:00")]


async def test_changed_and_off(desk: Desk) -> None:
    """Another choice takes the place of the first, and none is none."""
    await chosen(desk)
    await chosen(desk, 2, 8)
    assert await planned(desk) == [at("2026-11-25 08:00")]
    await chosen(desk, None)
    assert await planned(desk) == []


async def test_clocks_change(desk: Desk) -> None:
    """When the clocks go forward and back it comes at 18:00 by the wall, not an hour off."""
    desk.now = at("2027-03-22 12:00")
    await chosen(desk)
    assert await planned(desk) == [at("2027-03-28 18:00")]  # summer time began at one
    await come(desk)
    [after] = await planned(desk)
    assert after - at("2027-03-28 18:00") == 7 * DAY
    desk.now = at("2027-10-25 12:00")
    await chosen(desk)
    before = at("2027-10-24 18:00")
    assert await planned(desk) == [before + 7 * DAY + HOUR]


async def test_another_zone(desk: Desk) -> None:
    """Who moves to Auckland gets it at 18:00 there."""
    await chosen(desk)
    async with desk.turn() as tx:
        await set_zone(tx, "Pacific/Auckland", desk.dice)
    assert await planned(desk) == [at("2026-11-29 18:00", "Pacific/Auckland")]


@pytest.mark.parametrize(("late", "said"), [(0, True), (LATEST_MS, True), (LATEST_MS + 1, False)])
async def test_late(desk: Desk, late: int, said: bool) -> None:
    """Found up to twelve hours late it is said; later it waits for the next week."""
    await chosen(desk)
    assert await come(desk, late) == [said]
    assert await planned(desk) == [at("2026-12-06 18:00")]


async def test_weeks_away(desk: Desk) -> None:
    """After five weeks without the bot one errand is found, and the next is in the future."""
    await chosen(desk)
    assert await come(desk, 35 * DAY + 13 * HOUR) == [False]
    assert await planned(desk) == [at("2027-01-10 18:00")]


async def test_not_in_a_pause(desk: Desk) -> None:
    """While surprises are paused nothing is said; afterwards it goes on."""
    await chosen(desk)
    async with desk.turn() as tx:
        await plan.pause(tx)
    assert await come(desk) == [False]
    async with desk.turn() as tx:
        await plan.resume(tx, desk.dice)
    assert await come(desk) == [True]


async def test_gone_and_back(desk: Desk) -> None:
    """Who has left gets none; once they are back it goes on, whether or not one had fallen due."""
    for away in (DAY, 20 * DAY):
        await chosen(desk)
        async with desk.turn() as tx:
            leave.gone(tx)
        if away > 7 * DAY:
            assert await come(desk) == [False]
            assert await planned(desk) == []
        desk.later(away)
        async with desk.turn() as tx:
            await leave.back(tx, desk.dice)
        [moment] = await planned(desk)
        assert 0 < moment - desk.now <= 7 * DAY


async def test_back_and_moved_at_once(desk: Desk) -> None:
    """Coming back by telling another zone leaves two errands perhaps, and says one summary."""
    await chosen(desk)
    async with desk.turn() as tx:
        leave.gone(tx)
    await come(desk)
    async with desk.turn() as tx:
        await leave.back(tx, desk.dice)
        await set_zone(tx, "Europe/Paris", desk.dice)
    for _ in range(2):
        assert (await come(desk)).count(True) == 1
        assert len(await planned(desk)) == 1


async def test_a_clock_that_was_ahead(desk: Desk) -> None:
    """An errand brought nearer than its moment says nothing, and the next is planned."""
    await chosen(desk)
    [waiting] = await errands.of_kind(desk.database, desk.learner_id, ErrandKind.DIGEST)
    desk.later(3 * DAY)
    async with desk.turn() as tx:
        assert await errands_done.take_up(tx, waiting.key) == waiting
        assert not await digest.due(tx)
    assert await planned(desk) == [at("2026-11-29 18:00")]


@given(
    now=st.integers(at("2026-01-01 00:00"), at("2029-01-01 00:00")),
    zone=st.sampled_from(["Europe/London", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu"]),
    day=st.integers(0, 6),
    hour=st.integers(0, 23),
)
def test_whenever_and_wherever(now: int, zone: str, day: int, hour: int) -> None:
    """There is always one in the past eight days and one in the next eight, a week or so apart."""
    hours = OpenHours(zone=zone, days=WEEK)
    looks = Looks(learner_id=1, digest_day=day, digest_hour=hour)
    found = list(digest.moments(hours, now, looks))
    assert found == sorted(found)
    past, future = [m for m in found if m <= now], [m for m in found if m > now]
    assert now - past[-1] <= 8 * DAY
    assert 0 < future[0] - now <= 8 * DAY
    for moment in found:
        assert (hours.local_day(moment) - 1) % 7 == day
        # An hour that a clock change skips is the one after it.
        assert hours.local_minute(moment) in (hour * 60, hour * 60 + 60)


async def test_offered_once(desk: Desk) -> None:
    """It is offered after the first badge or the first week, once, and not to who has chosen."""

    async def offered(*, badge: bool = False) -> bool:
        async with desk.turn() as tx:
            return await digest.may_offer(tx, badge=badge)

    start = desk.now
    assert not await offered()
    desk.now = start + 7 * DAY
    assert await offered()
    assert not await offered(badge=True)
    other = Desk(desk.database, learner_id=desk.learner_id + 1)
    await other.enrol()
    async with other.turn() as tx:
        assert await digest.may_offer(tx, badge=True)
    third = Desk(desk.database, learner_id=desk.learner_id + 2, now=start + 9 * DAY)
    await third.enrol()
    await chosen(third)
    async with third.turn() as tx:
        assert not await digest.may_offer(tx, badge=True)


async def test_colours_stay(desk: Desk) -> None:
    """Choosing a summary leaves the colours of pictures, and the other way round."""
    async with desk.turn() as tx:
        await look.colour(tx, dark=True)
    await chosen(desk, 3, 7)
    async with desk.turn() as tx:
        kept = await look.of_learner(tx)
    assert (kept.dark, kept.digest_day, kept.digest_hour) == (1, 3, 7)


async def test_the_week(desk: Desk) -> None:
    """Its figures are those of seven days: answers, days, badges, and the tones beside those before."""
    for tone in (2, 3):
        await desk.practise(tone, "gap-year")
    desk.later(5 * DAY)
    for tone in (5, 5):
        await desk.practise(tone)
    desk.later(MINUTE)
    async with desk.turn() as tx:
        found = await figures.of_learner(tx, desk.library)
        week = await digest.week(tx, desk.library, found)
    assert week == Week(answers=2, days=2, badges=1, tone=5.0, before=2.5)


async def test_a_quiet_week(desk: Desk) -> None:
    """Without an answer there are no tones either."""
    async with desk.turn() as tx:
        found = await figures.of_learner(tx, desk.library)
        week = await digest.week(tx, desk.library, found)
    assert week == Week(answers=0, days=0, badges=0, tone=None, before=None)
