"""The weekly summary: when it comes, on the learner's own wall clock, and whether it is to come now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import fmean

from bot.banks.library import Library
from bot.drill.moment import DAY_MS
from bot.drill.open_hours import OpenHours
from bot.practice import Errand, ErrandKind, Looks, RatingRow, Transaction, look, plan
from bot.practice.ask import all_standings, pool
from bot.practice.figures import Figures
from bot.store import errands, looks, ratings

SUNDAY, EVENING = 6, 18
"""What is offered."""

WEEK_MS = 7 * DAY_MS
LATEST_MS = 12 * 3600 * 1000
"""Found later than this, after the bot was away, a summary waits for the next week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The seven days up to now: answers, days that have one, new badges, and how they sounded.

    `tone`, `before`: the mean tone of its ratings and of those of the seven days before; None: none.
    """

    answers: int
    days: int
    badges: int
    tone: float | None
    before: float | None


async def choose(tx: Transaction, day: int | None, hour: int = EVENING) -> None:
    """A summary comes each week on this day (0: Monday) and hour from now on; None: never."""
    before = await look.of_learner(tx)
    offered_at = before.digest_offered_at or tx.now
    chosen = replace(before, digest_day=day, digest_hour=hour, digest_offered_at=offered_at)
    tx.write(looks.put(chosen))
    await _plan(tx, chosen)


async def replan(tx: Transaction) -> None:
    """Plan the next one by the learner's clock as it is now, in another zone perhaps."""
    await _plan(tx, await look.of_learner(tx))


async def take_up(tx: Transaction) -> None:
    """Somebody is here again: plan the next one, if none waits any more."""
    if not await _waiting(tx):
        await replan(tx)


async def _waiting(tx: Transaction) -> list[Errand]:
    return await errands.of_kind(tx.database, tx.learner.learner_id, ErrandKind.DIGEST)


async def _plan(tx: Transaction, chosen: Looks) -> None:
    tx.write(*(errands.dropped(waiting) for waiting in await _waiting(tx)))
    if chosen.digest_day is not None:
        _next(tx, await plan.open_hours(tx), chosen)


def _next(tx: Transaction, hours: OpenHours, chosen: Looks) -> None:
    later = (at for at in moments(hours, tx.now, chosen) if at > tx.now)
    tx.errand(ErrandKind.DIGEST, next(later))


def moments(hours: OpenHours, now: int, chosen: Looks) -> Iterator[int]:
    """The chosen day and hour on the wall clock, from last week to the one after next, in order."""
    today = hours.local_day(now)
    day = today - (today - 1) % 7 + (chosen.digest_day or 0)
    for week in (-7, 0, 7, 14):
        yield plan.moment_of(hours, day + week, chosen.digest_hour * 60)


async def due(tx: Transaction) -> bool:
    """The errand is due: plan the next, and return whether this one is to be said.

    Not in a pause, nor long after the moment that the learner chose, however late or early the errand
    comes. Of two errands for one moment the second does nothing at all.
    """
    chosen = await look.of_learner(tx)
    if chosen.digest_day is None:
        return False
    hours = await plan.open_hours(tx)
    moment = max(at for at in moments(hours, tx.now, chosen) if at <= tx.now)
    if moment == chosen.digest_last_at:
        return False
    tx.write(looks.put(replace(chosen, digest_last_at=moment)))
    _next(tx, hours, chosen)
    paused = (tx.learner.paused_until or 0) > tx.now
    return not paused and tx.now - moment <= LATEST_MS


async def may_offer(tx: Transaction, *, badge: bool) -> bool:
    """Whether to ask, now, if a summary is wanted: once, after the first badge or the first week."""
    chosen = await look.of_learner(tx)
    if chosen.digest_offered_at is not None or tx.learner.enrolled_at is None:
        return False
    if not badge and tx.now - tx.learner.enrolled_at < WEEK_MS:
        return False
    tx.write(looks.put(replace(chosen, digest_offered_at=tx.now)))
    return True


async def week(tx: Transaction, library: Library, found: Figures) -> Week:
    """What the last seven days came to."""
    known, since = await all_standings(tx, library), tx.now - WEEK_MS
    asked = [known[question.id] for question in pool(tx, library) if question.id in known]
    rated = await ratings.of_learner(tx.database, tx.learner.learner_id)
    last = found.days[-7:]
    return Week(
        answers=sum(last),
        days=sum(1 for answers in last if answers),
        badges=sum(1 for one in asked if (one.badge_at or 0) > since),
        tone=_mean(rated, since, tx.now),
        before=_mean(rated, since - WEEK_MS, since),
    )


def _mean(rated: Iterable[RatingRow], after: int, until: int) -> float | None:
    tones = [row.tone for row in rated if after < row.rated_at <= until]
    return fmean(tones) if tones else None
