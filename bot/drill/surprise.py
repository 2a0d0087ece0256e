"""When the next surprise comes: a Poisson process in UTC, thinned by what the learner allows.

Every open moment is as likely as any other whatever has gone before, so that nothing can be
learned from watching: no time since the last drill, no time of day, nothing overdue.
Source: P. Lewis and G. Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", 1979.
"""

import math
from dataclasses import dataclass

from bot.drill.dice import Dice
from bot.drill.moment import MINUTE_MS
from bot.drill.open_hours import DAY_MINUTES, OpenHours

LATE_MS = 5 * MINUTE_MS  # found later than this after downtime, a drill is drawn anew
RAMP_DAYS = 7
RAMP_PEAK = 2.0
LEAST_PACE = 1 / 60  # less than one drill in sixty days is none
MOST_DRAWS = 10_000  # far more than the least pace ever takes


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When one learner wants to be drilled.

    `pace`: drills wished on a day that has open hours; `cap`: drills at most on one local date.
    `gap_minutes`: between a drill's end and the next. Nothing comes before `paused_until`, nor on
    `interview_day` (an ordinal); in the seven days before that one the pace rises to twice itself.
    """

    hours: OpenHours
    pace: float
    cap: int
    gap_minutes: int = 45
    paused_until: int | None = None
    interview_day: int | None = None


def next_drill_at(
    rhythm: Rhythm, now: int, free_from: int | None, sent_on: tuple[int, int], dice: Dice
) -> int | None:
    """Draw the moment of the next surprise drill, later than `now`.

    `free_from`: when the last drill was answered or expired (None: there was none). `sent_on`: the
    local day of the last sent drill and how many were sent on it. The process has no memory: when
    anything changes, drawing anew is exact. None: no open minute in 60 days after the pause and
    the gap, or a pace or a cap that comes to nothing.
    """
    at = max(now, _gap_end(rhythm, free_from), rhythm.paused_until or now)
    peak = RAMP_PEAK if rhythm.interview_day is not None else 1.0
    highest = rate(rhythm, peak)
    for _ in range(MOST_DRAWS if highest > 0 else 0):
        opening = rhythm.hours.next_open(at)
        if opening is None:
            return None
        # The next candidate, counted from the opening: being memoryless, the process may start anew
        # there, as if it had run through the closed stretch and all its candidates been refused.
        wait_minutes = -math.log1p(-dice.random()) / highest
        at = opening + 1 + int(wait_minutes * MINUTE_MS)
        if _accepted(rhythm, at, sent_on, highest * dice.random()):
            return at
    return None


def may_send(rhythm: Rhythm, now: int, sent_on: tuple[int, int]) -> bool:
    """Return whether a surprise may be sent at this moment; the gap is the caller's to keep."""
    return (
        now >= (rhythm.paused_until or now)
        and rhythm.hours.is_open(now)
        and _day_allowed(rhythm, rhythm.hours.local_day(now), sent_on)
    )


def rate(rhythm: Rhythm, ramp: float = 1.0) -> float:
    """Return the wished drills per open minute at `ramp` times the pace.

    The minimum gaps are dead time, so the rate is raised to keep the pace in spite of them, by half
    the open minutes at most. The open minutes are the mean over the days that have any: one rate
    for the whole week keeps the process memoryless across days of different length, and the pace
    as a mean per open day; short days get fewer drills, long ones more.
    """
    pace = rhythm.pace * ramp
    minutes = rhythm.hours.minutes_a_day()
    if minutes == 0 or rhythm.pace < LEAST_PACE or rhythm.cap <= 0:
        return 0.0
    return pace / max(minutes - pace * rhythm.gap_minutes, minutes / 2)


def ramp_at(rhythm: Rhythm, at: int) -> float:
    """Return what multiplies the pace: 1, rising evenly to 2 in the week before the interview."""
    if rhythm.interview_day is None:
        return 1.0
    wall_day = rhythm.hours.local_day(at) + rhythm.hours.local_minute(at) / DAY_MINUTES
    days_to_go = rhythm.interview_day - wall_day
    if not 0 < days_to_go < RAMP_DAYS:
        return 1.0
    return 1.0 + (RAMP_PEAK - 1.0) * (RAMP_DAYS - days_to_go) / RAMP_DAYS


def _gap_end(rhythm: Rhythm, free_from: int | None) -> int:
    return 0 if free_from is None else free_from + rhythm.gap_minutes * MINUTE_MS


def _accepted(rhythm: Rhythm, at: int, sent_on: tuple[int, int], roll: float) -> bool:
    return may_send(rhythm, at, sent_on) and roll < rate(rhythm, ramp_at(rhythm, at))


def _day_allowed(rhythm: Rhythm, day: int, sent_on: tuple[int, int]) -> bool:
    """Not the interview's day, nor one that has had its cap (nor one that flying west repeats)."""
    sent_day, count = sent_on
    return day != rhythm.interview_day and not (day <= sent_day and count >= rhythm.cap)
