import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.drill.dice import Dice
from bot.drill.moment import DAY_MS, MINUTE_MS
from bot.drill.open_hours import LAST_MOMENT, OpenHours
from bot.drill.surprise import LATE_MS, Rhythm, may_send, next_drill_at, ramp_at, rate
from tests.benchmarks.surprise import ks_distance, open_gaps, sprung
from tests.drill.wall import clock_changes, ms, plainly_open, wall_clock
from tests.strategies import moments, rhythms, zones

NEVER_SENT = (0, 0)
NOON = ms("2026-03-05T12:00")
TODAY = 739_680


def daily(opens: int = 540, closes: int = 1260, zone: str = "UTC") -> OpenHours:
    """Return the same hours on every day."""
    return OpenHours(zone, ((opens, closes),) * 7)


THREE_A_DAY = Rhythm(daily(), pace=3, cap=6)


def weeks(rhythm: Rhythm, days: int, dice: Dice, start: int = NOON) -> list[int]:
    """Return every drill of so many days, each answered at once."""
    sent, free_from, sent_on, now = list[int](), None, NEVER_SENT, start
    while True:
        at = next_drill_at(rhythm, now, free_from, sent_on, dice)
        if at is None or at >= start + days * DAY_MS:
            return sent
        day = rhythm.hours.local_day(at)
        sent_on = (day, sent_on[1] + 1 if day == sent_on[0] else 1)
        now = free_from = at
        sent.append(at)


def test_today_is_today() -> None:
    """The ordinal that these tests call today is the date of NOON."""
    assert daily().local_day(NOON) == TODAY


@given(rhythms(), moments(), st.integers(-300, 300), st.integers(0, 15), st.data())
@settings(max_examples=300)
def test_a_drill_keeps_every_promise(
    rhythm: Rhythm, now: int, minutes_free: int, count: int, data: st.DataObject
) -> None:
    """In any zone it comes later, in open hours, after the gap, under the cap, after the pause, not
    on the day of the interview; and may then be sent.
    """
    today = rhythm.hours.local_day(now)
    rhythm = replace(
        rhythm,
        paused_until=data.draw(st.none() | st.integers(now - DAY_MS, now + 20 * DAY_MS)),
        interview_day=data.draw(st.none() | st.integers(today - 2, today + 12)),
    )
    free_from = now + minutes_free * MINUTE_MS
    sent_on = (today - data.draw(st.integers(0, 2)), count)
    at = next_drill_at(rhythm, now, free_from, sent_on, Random(data.draw(st.integers())))
    if at is None:
        assert all(opens == closes for opens, closes in rhythm.hours.days)
        return
    day = wall_clock(rhythm.hours.zone, at).toordinal()
    assert at > now
    assert plainly_open(rhythm.hours, at)
    assert at > free_from + rhythm.gap_minutes * MINUTE_MS
    assert at > (rhythm.paused_until or 0)
    assert day != rhythm.interview_day
    assert day > sent_on[0] or count < rhythm.cap
    assert may_send(rhythm, at, sent_on)


def test_no_drill_in_quiet_hours_at_any_clock_change() -> None:
    """Around each change of each zone, with hours that open and close in it, drills stay in them."""
    dice = Random(4)
    for zone, change in clock_changes():
        wall = wall_clock(zone, change)
        minute = wall.hour * 60 + wall.minute
        hours = daily((minute - 70) % 1440, (minute + 10) % 1440, zone)
        rhythm = Rhythm(hours, pace=6, cap=9, gap_minutes=5)
        at = next_drill_at(rhythm, change - 70 * MINUTE_MS, None, NEVER_SENT, dice)
        assert at is not None
        assert plainly_open(hours, at), (zone, at)


@given(zones(), zones(), moments(), st.integers())
def test_a_new_zone_moves_the_hours_at_once(old: str, new: str, now: int, seed: int) -> None:
    """Drawn anew after a move, the drill keeps the hours of where the learner is now."""
    rhythm = replace(THREE_A_DAY, hours=replace(daily(zone=old), zone=new))
    at = next_drill_at(rhythm, now, now, (0, 0), Random(seed))
    assert at is not None
    assert 9 <= wall_clock(new, at).hour < 21


def test_never_twice_within_the_gap_over_months() -> None:
    """A hundred days at twelve a day: no two drills within 45 minutes, at most eight on a date."""
    rhythm = Rhythm(daily(1320, 600, "America/New_York"), pace=12, cap=8)
    sent = weeks(rhythm, 100, Random(5))
    days = Counter(map(rhythm.hours.local_day, sent))
    assert min(b - a for a, b in pairwise(sent)) > 45 * MINUTE_MS
    assert max(days.values()) == 8


def test_the_gap_starts_when_the_last_drill_was_done_with() -> None:
    """One that stayed open till three is followed by none before a quarter to four."""
    rhythm = replace(THREE_A_DAY, pace=200, gap_minutes=45)
    three = ms("2026-03-05T15:00")
    draws = [next_drill_at(rhythm, NOON, three, (TODAY, 1), Random(seed)) for seed in range(50)]
    assert min(at for at in draws if at) > three + 45 * MINUTE_MS


@pytest.mark.parametrize("pace", [0.5, 1, 3, 6])
def test_the_wished_pace_is_kept(pace: float) -> None:
    """Over a thousand days the mean is the wish, the gaps notwithstanding."""
    rhythm = Rhythm(daily(), pace=pace, cap=99)
    a_day = len(weeks(rhythm, 1000, Random(6))) / 1000
    assert a_day == pytest.approx(pace, abs=4 * math.sqrt(pace / 1000))


def test_the_pace_is_a_mean_over_the_days_that_open() -> None:
    """A week of five long days and a short one has six times the pace, the long days more of it."""
    hours = OpenHours("UTC", ((480, 1200),) * 5 + ((600, 840), (0, 0)))
    sent = weeks(Rhythm(hours, pace=2, cap=99), 1400, Random(7))
    saturdays = sum((hours.local_day(at) - 1) % 7 == 5 for at in sent)
    assert len(sent) / 200 == pytest.approx(12, abs=1)
    assert saturdays / len(sent) == pytest.approx(4 / 64, rel=0.15)


def test_gaps_are_exponential_in_open_time() -> None:
    """The same gap may follow any other: 2,000 of them are as the memoryless law has it."""
    drills = sprung(800, Random(8))
    assert ks_distance(open_gaps(drills, 45, 6)[:2000]) < 0.03


def test_closed_stretches_are_jumped_over_exactly() -> None:
    """With an hour open a day, the share of drills on each day to come falls as it should."""
    rhythm = Rhythm(daily(600, 660), pace=0.7, cap=9, gap_minutes=0)
    dice, draws = Random(9), 4000
    days = Counter[int]()
    for _ in range(draws):
        at = next_drill_at(rhythm, NOON, None, NEVER_SENT, dice)
        assert at is not None
        days[(at - NOON) // DAY_MS] += 1
    stays = math.exp(-0.7)
    for day in range(4):
        share = stays**day * (1 - stays)
        assert days[day] / draws == pytest.approx(share, abs=4 * math.sqrt(share / draws))


def test_every_open_minute_is_as_likely() -> None:
    """Over three thousand drills each of twelve open hours has its twelfth."""
    sent = weeks(replace(THREE_A_DAY, gap_minutes=0), 1000, Random(10))
    hours = Counter(at // (60 * MINUTE_MS) % 24 for at in sent)
    assert sorted(hours) == list(range(9, 21))
    assert max(abs(count - len(sent) / 12) for count in hours.values()) < 4 * math.sqrt(250)


def test_the_cap_ends_a_day() -> None:
    """After the sixth drill of today the next is tomorrow or later; after the fifth it may be today."""
    dice = Random(11)
    full = [next_drill_at(THREE_A_DAY, NOON, None, (TODAY, 6), dice) for _ in range(200)]
    assert min(daily().local_day(at) for at in full if at) == TODAY + 1
    room = [next_drill_at(THREE_A_DAY, NOON, None, (TODAY, 5), dice) for _ in range(200)]
    assert min(daily().local_day(at) for at in room if at) == TODAY


def test_flying_west_gives_no_second_helping() -> None:
    """Whose last six were sent tomorrow, before the flight, has had today's too."""
    assert not may_send(THREE_A_DAY, NOON, (TODAY + 1, 6))
    assert may_send(THREE_A_DAY, NOON, (TODAY + 1, 5))
    assert may_send(THREE_A_DAY, NOON, (TODAY - 1, 6))


def test_an_hour_that_comes_again_belongs_to_its_capped_day() -> None:
    """Where clocks go back from midnight to eleven, the last hour that comes twice has had its cap."""
    hours = daily(0, 1440, "America/Asuncion")
    now = ms("2024-03-23T22:30", "America/Asuncion")
    rhythm, today = Rhythm(hours, pace=12, cap=3, gap_minutes=0), hours.local_day(now)
    dice = Random(12)
    draws = [next_drill_at(rhythm, now, None, (today, 3), dice) for _ in range(200)]
    midnight = ms("2024-03-24T00:00", "America/Asuncion")
    assert midnight == now + 150 * MINUTE_MS
    assert midnight < min(at for at in draws if at) < midnight + 60 * MINUTE_MS


def test_nothing_comes_during_a_pause() -> None:
    """However long: thirty years later the first drill comes, soon after the pause is over."""
    end = NOON + 30 * 365 * DAY_MS
    at = next_drill_at(replace(THREE_A_DAY, paused_until=end), NOON, None, NEVER_SENT, Random(1))
    assert at is not None
    assert end < at < end + 5 * DAY_MS


def test_a_pause_without_end_has_no_next_drill() -> None:
    """Paused beyond the end of calendars, nothing is planned."""
    for_ever = replace(THREE_A_DAY, paused_until=LAST_MOMENT * 1000)
    assert next_drill_at(for_ever, NOON, None, NEVER_SENT, Random(1)) is None
    assert not may_send(for_ever, NOON, NEVER_SENT)


@pytest.mark.parametrize(
    "rhythm",
    [
        replace(THREE_A_DAY, hours=daily(600, 600)),
        replace(THREE_A_DAY, pace=0),
        replace(THREE_A_DAY, pace=1 / 60.5),
        replace(THREE_A_DAY, cap=0),
    ],
)
def test_there_is_no_drill_where_none_is_wished(rhythm: Rhythm) -> None:
    """A closed week, a pace of nothing or next to it, a cap of nothing: nothing is planned."""
    assert next_drill_at(rhythm, NOON, None, NEVER_SENT, Random(1)) is None
    assert rate(rhythm) == 0


def test_a_minute_a_week_is_enough() -> None:
    """The rarest rhythm still has its next drill, in that minute."""
    closed = (0, 0)
    hours = OpenHours("Asia/Kolkata", ((600, 601), *(closed,) * 6))
    at = next_drill_at(Rhythm(hours, pace=1 / 60, cap=1), NOON, None, NEVER_SENT, Random(1))
    assert at is not None
    assert hours.local_minute(at) == 600


class CountingDice:
    """Dice that count their rolls."""

    def __init__(self) -> None:
        self.dice, self.rolls = Random(14), 0

    def random(self) -> float:
        self.rolls += 1
        return self.dice.random()


def test_closed_stretches_cost_no_dice() -> None:
    """An hour a day takes two rolls for each opening on the way, however long the nights are."""
    rhythm = Rhythm(daily(600, 660), pace=0.2, cap=9)
    for _ in range(200):
        dice = CountingDice()
        at = next_drill_at(rhythm, NOON, None, NEVER_SENT, dice)
        assert at is not None
        assert dice.rolls <= 2 * ((at - NOON) // DAY_MS + 1)


class StuckDice:
    """Dice that always fall on the same side."""

    def random(self) -> float:
        return 0.9


def test_dice_that_never_accept_come_to_an_end() -> None:
    """If every candidate is refused, no drill is planned, and the program goes on."""
    rhythm = replace(THREE_A_DAY, interview_day=TODAY - 1)
    assert next_drill_at(rhythm, NOON, None, NEVER_SENT, StuckDice()) is None


@pytest.mark.parametrize(
    ("pace", "ramp", "expected"),
    [(3, 1, 3 / (720 - 135)), (3, 2, 6 / (720 - 270)), (6, 2, 12 / 360), (12, 1, 12 / 360)],
)
def test_the_rate_makes_up_for_the_gaps_as_far_as_half_the_day(
    pace: float, ramp: float, expected: float
) -> None:
    """Drills per open minute, raised for the gaps' dead time, to twice the plain rate at most."""
    assert rate(replace(THREE_A_DAY, pace=pace), ramp) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("wall", "ramp"),
    [
        ("2026-03-05T12:00", 1),
        ("2026-03-10T00:00", 1),
        ("2026-03-11T00:00", 1 + 1 / 7),
        ("2026-03-13T12:00", 1.5),
        ("2026-03-16T23:59", 2 - 1 / 1440 / 7),
        ("2026-03-17T00:00", 1),
        ("2026-03-18T12:00", 1),
    ],
)
def test_the_pace_rises_evenly_over_the_last_week(wall: str, ramp: float) -> None:
    """From once to twice itself by the local clock, over the seven days before the interview's."""
    rhythm = replace(
        THREE_A_DAY,
        hours=daily(zone="Asia/Tokyo"),
        interview_day=ms("2026-03-17") // DAY_MS + 719_163,
    )
    assert ramp_at(rhythm, ms(wall, "Asia/Tokyo")) == pytest.approx(ramp)
    assert ramp_at(replace(rhythm, interview_day=None), ms(wall, "Asia/Tokyo")) == 1


def test_the_ramp_brings_more_drills_and_the_interview_none() -> None:
    """Over four hundred interviews the last full day has nearly twice the drills of a plain one."""
    rhythm = Rhythm(daily(), pace=2, cap=99, interview_day=TODAY + 12)
    days, dice = Counter[int](), Random(13)
    for _ in range(400):
        days.update(daily().local_day(at) - TODAY for at in weeks(rhythm, 16, dice))
    assert days[12] == 0
    assert days[3] / 400 == pytest.approx(2, abs=0.3)
    assert days[11] / 400 == pytest.approx(2 * (1 + 6.6 / 7), abs=0.4)
    assert days[13] / 400 == pytest.approx(2, abs=0.3)


def test_more_than_five_minutes_late_is_too_late() -> None:
    """What nobody was there to send in five minutes is drawn anew."""
    assert LATE_MS == 300_000


def test_sending_is_checked_once_more() -> None:
    """A stored drill is not sent in quiet hours, in a pause, over the cap or on the interview's day."""
    assert may_send(THREE_A_DAY, NOON, NEVER_SENT)
    assert may_send(replace(THREE_A_DAY, paused_until=NOON), NOON, (TODAY, 5))
    assert not may_send(THREE_A_DAY, NOON - 4 * 60 * MINUTE_MS, NEVER_SENT)
    assert not may_send(replace(THREE_A_DAY, paused_until=NOON + 1), NOON, NEVER_SENT)
    assert not may_send(THREE_A_DAY, NOON, (TODAY, 6))
    assert not may_send(replace(THREE_A_DAY, interview_day=TODAY), NOON, NEVER_SENT)


@given(st.integers(), st.integers(0, 10 * DAY_MS))
@example(0, 0)
@settings(max_examples=30)
def test_the_same_dice_draw_the_same_moment(seed: int, later: int) -> None:
    """All chance is in the dice, all time in the arguments."""
    draws = {
        next_drill_at(THREE_A_DAY, NOON + later, None, NEVER_SENT, Random(seed)) for _ in range(2)
    }
    assert len(draws) == 1
