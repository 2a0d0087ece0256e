"""How long a set takes, honestly: a range, for four questions in five, and for simulated learners.

Fitted to the simulated learners of `tests/benchmarks/learners.py`, at 1 to 6 drills a day and sets of
5 to 60: the median of drills until four in five questions hold their badge at once is within three
tenths of the formula, and about half of the learners are within the range. All five in five is
another matter: not everybody gets there. These learners speak their answers, and one listen a day
comes by itself, so a day brings one badge at most, however many drills it has. A set that is half
done is no guide either, for most badges come late and together; so there is no forecast for what is
left.
"""

import math

BADGES_FORETOLD = 0.8
QUICK, SLOW = 0.85, 1.4
FEWEST_DAYS = 2  # a badge takes two different days


def days_to_badges(questions: int, pace: float) -> tuple[int, int]:
    """Return about how many days, from and to, bring four in five badges of a fresh set.

    `questions`: how many the set has; `pace`: drills a day, more than 0, else ValueError.
    """
    if pace <= 0:
        raise ValueError("no drills, no badges")
    drills = 3.3 * questions * (1 + questions / 120)
    days = max(drills / pace, BADGES_FORETOLD * questions)
    quick, slow = (max(FEWEST_DAYS, math.ceil(share * days)) for share in (QUICK, SLOW))
    return quick, slow
