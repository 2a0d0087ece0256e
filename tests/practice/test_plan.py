"""When the next surprise comes, and what moves it."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.open_hours import OpenHours
from bot.drill.tone import Mode
from bot.practice import plan
from bot.practice.plan import Expiry, Snooze
from bot.store import learners
from bot.store.drills import Drill
from bot.store.tables import FOREVER, DrillState
from tests.practice.desk import Desk
from tests.store.cabinet import DAY, HOUR, MINUTE, NOW

ALWAYS = ((0, 1440),) * 7
NEVER = ((0, 0),) * 7
LATE = ((18 * 60, 2 * 60),) * 7


async def replan(desk: Desk) -> int | None:
    """Draw anew; returns the moment that is stored."""
    async with desk.turn() as tx:
        await plan.replan(tx, desk.dice)
    return (await desk.learner()).next_drill_at


async def change(desk: Desk, **fields: object) -> None:
    """Change the learner by hand."""
    async with desk.turn() as tx:
        tx.change(**fields)


async def put_off(desk: Desk, when: Snooze) -> tuple[Drill, int | None]:
    """Put a fresh drill off; returns it and the moment that was promised."""
    drill = (await desk.ask(Mode.SURPRISE)).drill
    async with desk.turn() as tx:
        return drill, await plan.snooze(tx, drill, when, desk.dice)


def at(text: str, zone: str = "Europe/London") -> int:
    """A wall clock's moment."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


async def test_planned(desk: Desk) -> None:
    """Somebody enrolled has a surprise planned in their open hours, later than now."""
    for _ in range(30):
        moment = await replan(desk)
        assert moment
        assert moment > desk.now
        assert 9 <= datetime.fromtimestamp(moment / 1000, UTC).hour < 20


@pytest.mark.parametrize(
    "fields",
    [{"enrolled_at": None}, {"left_at": NOW}, {"open_drill": 1}, {"paused_until": FOREVER}],
)
async def test_nothing_planned(desk: Desk, fields: dict[str, int | None]) -> None:
    """Nothing is planned for who has not enrolled, has left, is being asked or has paused for good."""
    await change(desk, next_drill_at=NOW + 1, **fields)
    assert await replan(desk) is None


async def test_closed(desk: Desk) -> None:
    """Without an open minute nothing is planned; with the next change of hours it is again."""
    async with desk.turn() as tx:
        await plan.change_hours(tx, NEVER, desk.dice)
    assert (await desk.learner()).next_drill_at is None
    async with desk.turn() as tx:
        await plan.change_hours(tx, ALWAYS, desk.dice)
    assert (await desk.learner()).next_drill_at is not None


async def test_hours_of_the_same_turn(desk: Desk) -> None:
    """New open hours count at once, though they are on disk only after the turn."""
    night = ((2 * 60, 4 * 60),) * 7
    for _ in range(10):
        async with desk.turn() as tx:
            await plan.change_hours(tx, night, desk.dice)
        moment = (await desk.learner()).next_drill_at
        assert moment
        assert 2 <= datetime.fromtimestamp(moment / 1000, UTC).hour < 4
    assert await learners.hours(desk.database, desk.learner_id) == night


async def test_zone_of_the_same_turn(desk: Desk) -> None:
    """A new time zone moves the open hours with it at once."""
    for _ in range(10):
        async with desk.turn() as tx:
            await plan.change_rhythm(tx, desk.dice, zone="Asia/Kathmandu")
        moment = (await desk.learner()).next_drill_at
        assert moment
        there = datetime.fromtimestamp(moment / 1000, ZoneInfo("Asia/Kathmandu"))
        assert 9 <= there.hour < 20


async def test_rhythm(desk: Desk) -> None:
    """An eased pace is half, and a new choice of rhythm forgets that it was eased."""
    await change(desk, eased=1, ignored=2, pace=4)
    async with desk.turn() as tx:
        assert plan.rhythm(tx, await plan.open_hours(tx)).pace == 2
        await plan.change_rhythm(tx, desk.dice, pace=6, cap=8)
        assert plan.rhythm(tx, await plan.open_hours(tx)).pace == 6
    person = await desk.learner()
    assert (person.pace, person.cap, person.eased, person.ignored) == (6, 8, 0, 0)


async def test_pause(desk: Desk) -> None:
    """A pause plans nothing and drops what was put off; the end of it plans again."""
    await put_off(desk, Snooze.HOUR)
    async with desk.turn() as tx:
        await plan.pause(tx)
    person = await desk.learner()
    assert (person.next_drill_at, person.snoozed_drill) == (None, None)
    assert await replan(desk) is None
    await change(desk, ignored=2, eased=1)
    async with desk.turn() as tx:
        await plan.resume(tx, desk.dice)
    person = await desk.learner()
    assert person.next_drill_at
    assert (person.paused_until, person.ignored, person.eased) == (None, 0, 0)


@pytest.mark.parametrize(
    ("zone", "days", "until"),
    [
        ("Europe/London", 1, "2026-11-24T00:00"),
        ("Europe/London", 3, "2026-11-26T00:00"),
        ("Pacific/Auckland", 1, "2026-11-25T00:00"),
        ("America/Los_Angeles", 1, "2026-11-24T00:00"),
    ],
)
async def test_pause_days(desk: Desk, zone: str, days: int, until: str) -> None:
    """A pause of days ends with the night by the learner's own clock; the next surprise is after it."""
    await change(desk, zone=zone)
    async with desk.turn() as tx:
        assert await plan.pause_days(tx, days, desk.dice) == at(until, zone)
    person = await desk.learner()
    assert person.paused_until == at(until, zone)
    assert person.next_drill_at
    assert person.next_drill_at > at(until, zone)


async def test_snooze_an_hour(desk: Desk) -> None:
    """A drill put off for an hour comes back on the minute, whatever else is planned anew meanwhile."""
    drill, moment = await put_off(desk, Snooze.HOUR)
    assert moment == NOW + HOUR
    assert await replan(desk) == moment
    async with desk.turn() as tx:
        await plan.change_rhythm(tx, desk.dice, pace=6)
    person = await desk.learner()
    assert (person.next_drill_at, person.snoozed_drill) == (moment, drill.drill_no)
    assert (person.open_drill, person.free_from) == (None, NOW)
    stored = await desk.drill(drill.drill_no)
    assert (stored.state, stored.closed_at) == (DrillState.SNOOZED, NOW)


@pytest.mark.parametrize(
    ("now", "comes_back"),
    [
        ("2026-11-23T12:00", "2026-11-23T19:00"),
        ("2026-11-23T18:30", "2026-11-23T19:30"),
        ("2026-03-29T12:00", "2026-03-29T19:00"),
        ("2026-10-25T12:00", "2026-10-25T19:00"),
    ],
)
async def test_snooze_until_tonight(desk: Desk, now: str, comes_back: str) -> None:
    """Tonight is an hour before the hours close by the wall clock, and at least an hour from now."""
    desk.now = at(now)
    _, moment = await put_off(desk, Snooze.TONIGHT)
    assert moment == at(comes_back)


async def test_snooze_past_midnight(desk: Desk) -> None:
    """Where hours close after midnight, tonight is an hour before that."""
    async with desk.turn() as tx:
        await plan.change_hours(tx, LATE, desk.dice)
    desk.now = at("2026-11-23T20:00")
    _, moment = await put_off(desk, Snooze.TONIGHT)
    assert moment == at("2026-11-24T01:00")


@pytest.mark.parametrize("when", Snooze)
async def test_snooze_too_late(desk: Desk, when: Snooze) -> None:
    """When the hours are over by then, the question is let go and a moment drawn as always."""
    desk.now = at("2026-11-23T19:30")
    _, moment = await put_off(desk, when)
    person = await desk.learner()
    assert (moment, person.snoozed_drill) == (None, None)
    assert person.next_drill_at
    assert person.next_drill_at >= at("2026-11-24T09:00")


async def test_skip(desk: Desk) -> None:
    """Skipping closes the drill, counts as no failure and plans the next after the gap."""
    await change(desk, ignored=2)
    drill = (await desk.ask(Mode.SURPRISE)).drill
    async with desk.turn() as tx:
        await plan.skip(tx, drill, desk.dice)
    person = await desk.learner()
    assert (person.open_drill, person.ignored, person.free_from) == (None, 0, NOW)
    assert person.next_drill_at
    assert person.next_drill_at >= NOW + 45 * MINUTE
    assert (await desk.drill()).state == DrillState.SKIPPED


async def ignore(desk: Desk, mode: Mode = Mode.SURPRISE, *, arrived: bool = True) -> Expiry:
    """Let a drill run out."""
    drill = (await desk.ask(mode)).drill
    desk.later(HOUR + 1)
    drill = replace(drill, message_id=77 if arrived else None)
    async with desk.turn() as tx:
        return await plan.expire(tx, drill, desk.dice)


async def test_ignored(desk: Desk) -> None:
    """Two surprises ignored in a row halve the pace, three pause until somebody comes back."""
    assert [await ignore(desk) for _ in range(3)] == [Expiry.QUIET, Expiry.EASED, Expiry.PAUSED]
    person = await desk.learner()
    assert (person.eased, person.paused_until, person.next_drill_at) == (1, FOREVER, None)


async def test_never_arrived(desk: Desk) -> None:
    """A surprise whose card is not known to have arrived was not ignored: nothing is eased for it."""
    assert [await ignore(desk, arrived=False) for _ in range(4)] == [Expiry.QUIET] * 4
    person = await desk.learner()
    assert (person.ignored, person.eased, person.paused_until) == (0, 0, None)


async def test_not_in_a_row(desk: Desk) -> None:
    """An answer in between, or a skip, begins the count anew; a drill asked for never counts."""
    for between in ("answer", "skip", "answer"):
        assert [await ignore(desk), await ignore(desk, Mode.SELF)] == [Expiry.QUIET] * 2
        drill = (await desk.ask(Mode.SURPRISE)).drill
        if between == "answer":
            await desk.answer()
        else:
            async with desk.turn() as tx:
                await plan.skip(tx, drill, desk.dice)
        assert (await desk.learner()).ignored == 0


async def test_expired(desk: Desk) -> None:
    """The gap after an expired drill counts from its end, not from when the bot came to see it."""
    drill = (await desk.ask(Mode.SURPRISE)).drill
    desk.later(2 * DAY)
    async with desk.turn() as tx:
        await plan.expire(tx, drill, desk.dice)
    person = await desk.learner()
    assert (person.free_from, person.open_drill) == (drill.expires_at, None)
    assert (await desk.drill()).state == DrillState.EXPIRED


@given(
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut"]),
    st.integers(739_000, 741_000),
    st.integers(0, 2 * 1440),
)
def test_wall_clock(zone: str, day: int, minute: int) -> None:
    """A minute of a local day is where that day's clock shows it, on days that skip or repeat an hour too."""
    hours = OpenHours(zone, ALWAYS)
    moment = plan.moment_of(hours, day, minute)
    shown = datetime.fromtimestamp(moment / 1000, ZoneInfo(zone)).replace(tzinfo=None)
    wanted = datetime.fromordinal(day) + timedelta(minutes=minute)
    assert abs(shown - wanted) <= timedelta(hours=1)
    if minute % 1440 >= 180:
        assert shown == wanted
    assert hours.local_day(plan.moment_of(hours, day)) == day


async def test_dice(desk: Desk) -> None:
    """The same dice draw the same moment, other dice another one."""
    moments = set()
    for seed in (1, 1, 2):
        desk.dice = random.Random(seed)
        moments.add(await replan(desk))
    assert len(moments) == 2
