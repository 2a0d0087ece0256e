"""Listening again: when a take is played to its speaker, which one, and whose ears hear what."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.drill.dice import Dice
from bot.drill.moment import DAY_MS, MINUTE_MS
from bot.drill.open_hours import OpenHours

HOUR_MS = 60 * MINUTE_MS
FRESH_MS = 18 * HOUR_MS
"""A take is listened to when it is at least so old: slept over, and not in the ear any more."""
LONGEST_DAY_MS = DAY_MS + HOUR_MS
MOST_DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A take that can be played again.

    `day`: the local day on which it was said. `offered`: how often it was offered. `wanted`: the
    badge of its question asks for it; `last`: it asks for nothing else any more.
    """

    take_no: int
    question_id: str
    day: int
    offered: int = 0
    wanted: bool = False
    last: bool = False


def moment(hours: OpenHours, start: int, dice: Dice, *, not_on: int | None = None) -> int | None:
    """Draw an open moment on the first local day from `start` on that has one.

    Each open moment of that day is as likely as any other. `not_on`: a day to leave out, as an
    ordinal. None: there is no open moment in sixty days.
    """
    opening = hours.next_open(start)
    while opening is not None and hours.local_day(opening) == not_on:
        opening = hours.next_open(opening + HOUR_MS)
    if opening is None:
        return None
    day = hours.local_day(opening)
    for _ in range(MOST_DRAWS):
        at = opening + int(dice.random() * LONGEST_DAY_MS)
        if hours.local_day(at) == day and hours.is_open(at):
            return at
    return opening


def choose(takes: Sequence[Candidate], dice: Dice, *, asked_for: bool = False) -> Candidate | None:
    """Return the take to play: one that a badge asks for, else any of the newest day.

    Of the former those come first that are the last thing missing, then what was offered least. Of
    the latter none is offered twice, unless the learner asks for it. None: there is none.
    """
    wanted = [take for take in takes if take.wanted]
    pool = wanted or [take for take in takes if asked_for or not take.offered]
    if not pool:
        return None
    first = min(map(_rank, pool))
    equals = [take for take in pool if _rank(take) == first]
    return equals[int(dice.random() * len(equals))]


def _rank(take: Candidate) -> tuple[bool, int, int]:
    return not take.last, take.offered, -take.day
