"""How long recordings stay: which of a learner's may go."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.drill.moment import DAY_MS
from bot.drill.tone import Tone

USUAL_DAYS = 90
FOR_EVER = 0
CHOICES = (30, USUAL_DAYS, 365, FOR_EVER)
"""Days that a recording stays at least; `FOR_EVER`: until its learner deletes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A take whose recording is kept. Numbers rise with time; `held`: starred, or needed just now."""

    take_no: int
    question_id: str
    taken_at: int
    tone: Tone | None = None
    held: bool = False


def over_age(recordings: Iterable[Recording], days: int, now: int) -> set[int]:
    """The numbers of those that may go: older than so many days, and neither held nor kept.

    Of each question the first, the latest and the best-rated are kept whatever their age; of several
    rated best, the latest.
    """
    if days == FOR_EVER:
        return set()
    every = list(recordings)
    stay = _kept(every)
    return {
        one.take_no
        for one in every
        if now - one.taken_at > days * DAY_MS and not one.held and one.take_no not in stay
    }


def _kept(recordings: Iterable[Recording]) -> set[int]:
    first: dict[str, Recording] = {}
    latest: dict[str, Recording] = {}
    best: dict[str, tuple[Tone, int]] = {}
    for one in sorted(recordings, key=lambda each: each.take_no):
        first.setdefault(one.question_id, one)
        latest[one.question_id] = one
        if one.tone is not None:
            rank = (one.tone, one.take_no)
            best[one.question_id] = max(rank, best.get(one.question_id, rank))
    ends = (*first.values(), *latest.values())
    return {one.take_no for one in ends} | {number for _, number in best.values()}
