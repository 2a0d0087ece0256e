"""Rating one's own tone, and taking a rating back."""

from dataclasses import dataclass, replace

from bot.banks.library import Library
from bot.drill.badge import Remaining, remaining
from bot.drill.open_hours import OpenHours
from bot.drill.question import Question
from bot.drill.standing import Standing, rated
from bot.drill.tone import Tone
from bot.practice import Transaction, history, plan
from bot.practice.answer import mode_of
from bot.store import drills, ratings, standings, takes
from bot.store.drills import Drill
from bot.store.ratings import RatingRow
from bot.store.tables import DrillState, TakeKind
from bot.store.takes import Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What a rating changed. `question` is None when the bank no longer has it.

    `celebrated`: an earlier rating of the same answer, taken back since, had brought the badge.
    """

    drill: Drill
    take: Take
    question: Question | None
    tone: Tone
    before: Standing
    after: Standing
    remaining: Remaining
    celebrated: bool
    today: int

    @property
    def earned(self) -> bool:
        """Whether this rating brought the badge."""
        return self.before.badge_at is None and self.after.badge_at is not None

    @property
    def lost(self) -> bool:
        """Whether this rating took the badge away."""
        return self.before.badge_at is not None and self.after.badge_at is None

    @property
    def counted(self) -> bool:
        """Whether this answer is the one of its day that counts towards the badge."""
        return self.tone >= Tone.PROFESSIONAL and self.before.counted_day != self.after.counted_day


async def pressed(tx: Transaction, drill_no: int, message_id: int) -> Drill | None:
    """The drill of a pressed rating card, as it was; None if this message does not rate (any more).

    A reply may arrive twice, and each copy of the card is as good, until an undo brings a new one.
    """
    drill = await drills.find(tx.database, tx.learner.learner_id, drill_no)
    if drill is None or drill.state not in (DrillState.ANSWERED, DrillState.RATED):
        return None
    if drill.rating_message_id == message_id:
        return drill
    if await ratings.withdrawn_of(tx.database, drill.learner_id, drill_no):
        return None
    if drill.state == DrillState.ANSWERED:
        tx.write(drills.card_sent(drill.learner_id, drill_no, message_id, rating_card=True))
    return drill


async def waiting(tx: Transaction) -> Drill | None:
    """The drill that was last said to wait for its rating: by an answer to it, or by an undo."""
    answered = await drills.latest_unrated(tx.database, tx.learner.learner_id)
    undone = await ratings.latest_withdrawn(tx.database, tx.learner.learner_id)
    if answered is None or undone is None or (undone.withdrawn_at or 0) < (answered.closed_at or 0):
        return answered
    drill = await drills.find(tx.database, undone.learner_id, undone.drill_no)
    return drill if drill and drill.state == DrillState.ANSWERED else answered


async def was_withdrawn(tx: Transaction, drill: Drill) -> bool:
    """Whether a rating of this drill was taken back: since then it waits on a card of its own."""
    return bool(await ratings.withdrawn_of(tx.database, drill.learner_id, drill.drill_no))


async def rating_of(tx: Transaction, drill: Drill) -> Tone | None:
    """How this drill was rated; None: not at all."""
    rows = await ratings.of_question(tx.database, drill.learner_id, drill.question_id)
    return next((Tone(row.tone) for row in rows if row.drill_no == drill.drill_no), None)


async def rate(tx: Transaction, library: Library, drill: Drill, tone: Tone) -> Rated | None:
    """Rate the take that counts of an answered drill; None when the drill does not wait for a rating."""
    if drill.state != DrillState.ANSWERED or drill.take_no is None:
        return None
    take = await takes.find(tx.database, drill.learner_id, drill.take_no)
    if take is None:
        return None
    before, prior = await standings.find(tx.database, drill.learner_id, drill.question_id)
    hours = await plan.open_hours(tx)
    row = _row(tx, drill, take, tone, hours)
    after = rated(before, row.rating())
    withdrawn = await ratings.withdrawn_of(tx.database, drill.learner_id, drill.drill_no)
    rated_drill = replace(drill, state=DrillState.RATED)
    tx.write(
        ratings.rated(row),
        standings.put(drill.learner_id, drill.question_id, after, prior),
        drills.changed(drill, rated_drill),
    )
    today = hours.local_day(tx.now)
    return Rated(
        drill=rated_drill,
        take=take,
        question=library.question(drill.question_id),
        tone=tone,
        before=before,
        after=after,
        remaining=remaining(after, today),
        celebrated=any(rated(before, old.rating()).badge_at is not None for old in withdrawn),
        today=today,
    )


def _row(tx: Transaction, drill: Drill, take: Take, tone: Tone, hours: OpenHours) -> RatingRow:
    return RatingRow(
        learner_id=drill.learner_id,
        rating_no=tx.number(),
        drill_no=drill.drill_no,
        take_no=take.take_no,
        question_id=drill.question_id,
        tone=tone,
        mode=mode_of(drill, take),
        local_day=hours.local_day(take.taken_at),
        rated_at=tx.now,
        spoken=int(take.kind != TakeKind.TEXT),
    )


async def undo(tx: Transaction, drill_no: int | None = None) -> Drill | None:
    """Take the latest rating back; the drill waits for its rating again.

    `drill_no`: only if it was this drill's. None: there is no such rating.
    """
    learner_id = tx.learner.learner_id
    latest = await ratings.latest(tx.database, learner_id)
    if latest is None or (drill_no is not None and latest.drill_no != drill_no):
        return None
    drill = await drills.find(tx.database, learner_id, latest.drill_no)
    if drill is None:
        return None
    before, prior = await history.without(tx, latest.question_id, latest.rating_no)
    waiting = replace(drill, state=DrillState.ANSWERED)
    tx.write(
        ratings.withdrawn(learner_id, latest.rating_no, tx.now),
        standings.put(learner_id, latest.question_id, before, prior),
        drills.changed(drill, waiting),
    )
    return waiting
