from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.listening import FRESH_MS, HOUR_MS, Candidate, choose, moment
from bot.drill.moment import DAY_MS, MINUTE_MS
from bot.drill.open_hours import OpenHours
from tests.strategies import Rolls, moments, open_hours

WEEK = OpenHours("UTC", ((9 * 60, 20 * 60),) * 7)
MONDAY = 1_795_392_000_000
"""Midnight, 23 November 2026, UTC."""


@given(open_hours(), moments(), st.integers(0, 2**32))
def test_it_is_open_and_on_the_first_open_day(hours: OpenHours, start: int, seed: int) -> None:
    """Wherever the clock hangs, the moment is open, not before the start, and on the first day it can be."""
    at, opening = moment(hours, start, Random(seed)), hours.next_open(start)
    if at is None or opening is None:
        assert at is opening is None
        return
    assert at >= opening
    assert hours.is_open(at)
    assert hours.local_day(at) == hours.local_day(opening)


def test_every_open_hour_is_as_likely() -> None:
    """Of 2,200 draws each of the eleven open hours gets about 200."""
    dice = Random(1)
    drawn = [moment(WEEK, MONDAY, dice) or 0 for _ in range(2200)]
    hours = Counter((at - MONDAY) // HOUR_MS for at in drawn)
    assert sorted(hours) == list(range(9, 20))
    assert min(hours.values()) > 150
    assert max(hours.values()) < 250


def test_the_interview_day_is_left_out() -> None:
    """Nothing on that day, but on the one after it."""
    today = WEEK.local_day(MONDAY)
    at = moment(WEEK, MONDAY + 10 * HOUR_MS, Random(1), not_on=today)
    assert at is not None
    assert WEEK.local_day(at) == today + 1


def test_no_open_hours_no_moment() -> None:
    """A week that is closed altogether has none."""
    assert moment(OpenHours("UTC", ((0, 0),) * 7), MONDAY, Random(1)) is None


def test_unlucky_dice_end_at_the_opening() -> None:
    """Dice that always fall into the night do not go on for ever."""
    narrow = OpenHours("UTC", ((600, 601),) * 7)
    dice = Rolls(*[0.5] * 10_000)
    assert moment(narrow, MONDAY, dice) == MONDAY + 600 * MINUTE_MS
    assert dice.left == []


def test_what_the_badge_waits_for_comes_first() -> None:
    """The last thing missing, before something missing, before the newest."""
    newest, wanted, last = (
        Candidate(1, "q", day=9),
        Candidate(2, "q", day=5, wanted=True),
        Candidate(3, "q", day=3, offered=2, wanted=True, last=True),
    )
    assert choose([newest, wanted, last], Random(1)) == last
    assert choose([newest, wanted], Random(1)) == wanted
    assert choose([newest], Random(1)) == newest


def test_what_was_offered_least_then_the_newest_comes() -> None:
    """A take that was put off gives way to another that does as well."""
    takes = [
        Candidate(1, "q", day=9, offered=1, wanted=True),
        Candidate(2, "q", day=5, wanted=True),
        Candidate(3, "q", day=6, wanted=True),
    ]
    assert choose(takes, Random(1)) == takes[2]


@pytest.mark.parametrize("asked_for", [True, False])
def test_nothing_is_offered_twice_that_no_badge_asks_for(asked_for: bool) -> None:
    """Except when the learner asks."""
    old = Candidate(1, "q", day=9, offered=1)
    assert choose([old], Random(1), asked_for=asked_for) == (old if asked_for else None)
    assert choose([old], Random(1)) is None
    assert choose([], Random(1), asked_for=asked_for) is None


def test_of_a_day_any_take_may_come() -> None:
    """The dice decide among takes of the newest day."""
    takes = [Candidate(number, "q", day=9) for number in range(4)] + [Candidate(9, "q", day=8)]
    drawn = {choose(takes, Random(seed)) for seed in range(60)}
    assert drawn == set(takes[:4])


def test_a_day_lasts_25_hours_at_most() -> None:
    """From its first minute to the end of the hour that the clock repeats in autumn, all can be drawn."""
    night = OpenHours("Europe/London", ((23 * 60, 1),) * 7)
    start = 1_792_882_800_000  # Sunday, 25 October 2026, 0:00 in London: the day of 25 hours
    drawn = [moment(night, start, Random(seed)) or 0 for seed in range(30)]
    assert all(start <= at < start + DAY_MS + HOUR_MS for at in drawn)
    assert max(drawn) >= start + DAY_MS


def test_a_take_is_slept_over() -> None:
    """Eighteen hours: what is said in the morning is not heard in the evening."""
    assert FRESH_MS == 18 * 3_600_000
