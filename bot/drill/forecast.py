"""How long a set takes, honestly: a range that about half of the simulated learners are within.

Fitted to the simulated learners of `tests/benchmarks/learners.py`, at 1 to 6 drills a day and sets of
5 to 60. Of a fresh set the median of drills until four in five questions hold their badge at once is
within three tenths of the formula. These learners speak their answers, and one listen a day comes by
itself, so a day brings one badge at most, however many drills it has. Badges alone are no guide to
what is left, for most come late and together; the share of all points is one: the drills that remain
fall with it in a straight line. All five in five is another matter: not everybody gets there, so nothing is
foretold beyond four.
"""

import math

BADGES_FORETOLD = 0.8
QUICK, SLOW = 0.85, 1.4
QUICKER = 0.25  # the more is earned, the likelier the rest comes all at once
FEWEST_DAYS = 2  # a badge takes two different days


def days_to_badges(
    questions: int, pace: float, earned: float = 0.0, badges: int = 0
) -> tuple[int, int]:
    """Return about how many more days, from and to, bring four in five badges of a set.

    `questions`: how many the set has; `pace`: drills a day, more than 0, else ValueError; `earned`:
    the share, 0 to 1, of all points of the set that the learner has, a badge counting as all six;
    `badges`: how many there are already.
    """
    if pace <= 0:
        raise ValueError("no drills, no badges")
    drills = 3.3 * questions * (1 + questions / 120)
    days = max(drills / pace * (1 - earned), BADGES_FORETOLD * questions - badges)
    fewest = 1 if earned else FEWEST_DAYS
    shares = QUICK - QUICKER * earned, SLOW
    quick, slow = (max(fewest, math.ceil(share * days)) for share in shares)
    return quick, slow


def badges_foretold(questions: int) -> int:
    """Return how many badges four in five are."""
    return math.ceil(questions * BADGES_FORETOLD)
