"""What the ratings so far say of one question: a strength in [0, 1], 0.5 if nothing is known."""

import math

from bot.drill.moment import DAY_MS
from bot.drill.rating import Rating
from bot.drill.tone import Mode

UNKNOWN = 0.5
HALF_LIFE_DAYS = 30.0
PULL = 0.5
FIRST_PULL = 0.7  # the 0.5 that it starts from is no evidence and gives way faster
FOREWARNED = 0.1  # what a late or self-started answer is worth less, as a share of the scale


def drifted(strength: float, strength_at: int | None, now: int) -> float:
    """Return the strength at `now`: what was once known fades to 0.5 with a half-life of 30 days.

    A strength that no rating has set yet (`strength_at` None: unknown, or the learner's triage)
    stays as it is, and so does one that is set in the future because the clock stepped back.
    """
    if strength_at is None or now <= strength_at:
        return strength
    days = (now - strength_at) / DAY_MS
    return UNKNOWN + (strength - UNKNOWN) * math.exp2(-days / HALF_LIFE_DAYS)


def pulled(strength_now: float, rating: Rating, *, first: bool = False) -> float:
    """Return the strength after a rating: halfway from the drifted strength to the rated tone.

    The `first` rating pulls further. It makes the five worst answers better on simulated learners
    of every kind and costs no surprise (`tests/benchmarks/learning.py`).
    """
    target = (rating.tone - 1) / 4
    if rating.mode in (Mode.LATE, Mode.SELF):
        target -= FOREWARNED
    pull = FIRST_PULL if first else PULL
    return max(0.0, strength_now + pull * (target - strength_now))
