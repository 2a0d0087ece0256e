"""How long recordings stay: what the learner chose, what is starred, and letting the others go."""

from bot.drill.moment import DAY_MS
from bot.drill.retention import CHOICES, FOR_EVER, USUAL_DAYS, Recording, over_age
from bot.practice import Transaction
from bot.store import ears, learners, listens, seen_takes, takes
from bot.store.database import Database
from bot.store.learners import Learner
from bot.store.seen_takes import SeenTake
from bot.store.takes import Take

__all__ = ["CHOICES", "FOR_EVER"]


async def star(tx: Transaction, take_no: int, *, on: bool) -> Take | None:
    """Keep a take for ever, or no longer than others; None: there is none, or it is deleted."""
    take = await takes.find(tx.database, tx.learner.learner_id, take_no)
    if take is None or take.deleted_at is not None:
        return None
    if on != (take.starred_at is not None):
        tx.write(takes.starred(take.learner_id, take_no, tx.now if on else None))
    return take


def days(learner: Learner) -> int:
    """For how many days recordings stay at least; `FOR_EVER`: as long as the learner wants."""
    return USUAL_DAYS if learner.media_days is None else learner.media_days


def keep_for(tx: Transaction, chosen: int) -> None:
    """Let recordings stay for so many days, one of `CHOICES`."""
    tx.change(media_days=chosen)


async def space(tx: Transaction) -> tuple[int, int]:
    """How many recordings are kept, and how many bytes they take."""
    return await takes.space(tx.database, tx.learner.learner_id)


async def may_go(database: Database, learner_id: int, now: int) -> list[int]:
    """The takes of a learner whose recordings are over their age and needed by nobody."""
    learner = await learners.find(database, learner_id)
    oldest = await seen_takes.oldest_recording(database, learner_id)
    if learner is None or oldest is None or now - oldest <= days(learner) * DAY_MS:
        return []
    needed = await _needed(database, learner_id, now)
    kept = [_recording(one, needed) for one in await seen_takes.recordings(database, learner_id)]
    return sorted(over_age(kept, days(learner), now))


async def _needed(database: Database, learner_id: int, now: int) -> set[int]:
    """Takes that wait for a rating, that a friend's open link leads to, or that were just played again."""
    return (
        await seen_takes.to_rate(database, learner_id)
        | {one.take_no for one in await ears.of_learner(database, learner_id) if one.is_open(now)}
        | {
            one.take_no
            for one in await listens.of_learner(database, learner_id)
            if now - one.offered_at < DAY_MS
        }
    )


def _recording(one: SeenTake, needed: set[int]) -> Recording:
    take = one.take
    return Recording(
        take_no=take.take_no,
        question_id=one.drill.question_id,
        taken_at=take.taken_at,
        tone=one.tone,
        held=take.starred_at is not None or take.take_no in needed,
    )


async def let_go(tx: Transaction) -> None:
    """Give up the recordings that are over their age; files go once this is on disk."""
    learner_id = tx.learner.learner_id
    for take_no in await may_go(tx.database, learner_id, tx.now):
        tx.write(takes.let_go(learner_id, take_no))
