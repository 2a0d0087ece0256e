"""Which question is asked: one of the six weakest, at random, and now and then a spot check."""

import heapq
import math
from collections.abc import Mapping, Sequence
from operator import itemgetter

from bot.drill.dice import Dice
from bot.drill.moment import DAY_MS
from bot.drill.standing import Standing
from bot.drill.strength import drifted

POOL = 6
FLOOR = 0.02  # even a perfect question keeps a chance
SPOT_CHECK_SHARE = 0.1
SPOT_CHECK_MS = 7 * DAY_MS


def weakness(standing: Standing, now: int) -> float:
    """Return how much a question wants asking, in [0, 1]: weak ones more, ones just heard hardly.

    A question that was never heard has waited for ever; one heard in the future (the clock stepped
    back) counts as heard this moment.
    """
    lack = max(FLOOR, 1.0 - drifted(standing.strength, standing.strength_at, now))
    if standing.heard_at is None:
        return lack
    gap_days = max(0, now - standing.heard_at) / DAY_MS
    return lack * -math.expm1(-gap_days)


def weakest(standings: Mapping[str, Standing], now: int, pool: int = POOL) -> tuple[str, ...]:
    """Return the ids of the `pool` weakest questions, weakest first, equals in the order of ids."""
    ranked = sorted(standings, key=lambda key: (-weakness(standings[key], now), key))
    return tuple(ranked[:pool])


def choose(standings: Mapping[str, Standing], now: int, dice: Dice, pool: int = POOL) -> str:
    """Return the id to ask now, drawn from the `pool` weakest in proportion to their weakness.

    One draw in ten goes to a spot check instead, if one is due. Equals are put in random order, so
    that neither the bank's order nor the ids decide who is in the pool. ValueError: no standings.
    """
    if not standings:
        raise ValueError("there is no question to choose from")
    if dice.random() < SPOT_CHECK_SHARE:
        due = _spot_check(standings, now)
        if due is not None:
            return due
    weighed = [(weakness(standings[key], now), dice.random(), key) for key in standings]
    return _drawn(heapq.nlargest(pool, weighed), dice)


def choose_wording(question_wordings: int, last: int | None, dice: Dice) -> int:
    """Return which of a question's wordings to use: any but the `last`, if there is another.

    ValueError: the question has no wording.
    """
    if question_wordings < 1:
        raise ValueError("a question needs a wording")
    fresh = [index for index in range(question_wordings) if index != last] or [0]
    return fresh[int(dice.random() * len(fresh))]


def _spot_check(standings: Mapping[str, Standing], now: int) -> str | None:
    """Return the badge unheard longest, if that is seven days or more."""
    heard = [
        (-math.inf if standing.heard_at is None else standing.heard_at, key)
        for key, standing in standings.items()
        if standing.badge_at is not None
    ]
    heard_at, key = min(heard, default=(now, ""))
    return key if now - heard_at >= SPOT_CHECK_MS else None


def _drawn(weighed: Sequence[tuple[float, float, str]], dice: Dice) -> str:
    """Draw in proportion to weight; if all weigh nothing, the first, which a roll has picked."""
    left = dice.random() * sum(map(itemgetter(0), weighed))
    for weight, _, key in weighed:
        left -= weight
        if left < 0:
            return key
    return weighed[0][2]
