"""What coaches want sprung: a question of a set or one in their own words, now or within a week.

A wish takes the place of a surprise, never comes beside one: in open hours, under the cap, not in a
pause, and not while a question is open. Until it comes the learner knows nothing of it.
"""

import hashlib
from enum import Enum, auto

from bot.banks.library import Library
from bot.drill.dice import Dice
from bot.drill.open_hours import OpenHours
from bot.drill.question import Question, at_level
from bot.drill.surprise import may_send
from bot.practice import FOREVER, Coaching, CoachingState, ErrandKind, Transaction, own, plan
from bot.practice.coach import Refused, act
from bot.store import coachings, drills, learners, wishes
from bot.store.learners import Learner
from bot.store.wishes import Wish

MOST_WAITING = 5
"""Wishes of one coach for one learner that may wait at a time."""

WEEK_DAYS = 7


class When(Enum):
    """When a question shall be sprung."""

    NOW = auto()
    THIS_WEEK = auto()


class Wished(Enum):
    """What became of a wish: it is asked, waits for the next moment that is open, or for its day."""

    ASKED = auto()
    WAITS = auto()
    THIS_WEEK = auto()
    FULL = auto()
    AWAY = auto()
    GONE = auto()


async def choices(tx: Transaction, library: Library, one: Coaching) -> tuple[Question, ...]:
    """What a coach may pick: the learner's active set at their level, without what is their own.

    `library`: the sets that everybody has.
    """
    learner = await learners.find(tx.database, one.learner_id)
    if learner is None or learner.active_set is None:
        return ()
    return at_level(library.active(learner.active_set), learner.level)


async def wish(
    tx: Transaction,
    one: Coaching,
    question: Question | str,
    when: When,
    *,
    dice: Dice,
    secret: str,
) -> Wished | Refused:
    """Have a question sprung on the learner: one of a set, or cleaned words of the coach's own.

    `secret`: a fresh one, from which the id of a question in own words is made.
    """
    learner = await learners.find(tx.database, one.learner_id)
    known = await wishes.of_learner(tx.database, one.learner_id)
    if learner is None or learner.left_at is not None or learner.enrolled_at is None:
        return Wished.AWAY
    if sum(other.coaching_no == one.coaching_no for other in known) >= MOST_WAITING:
        return Wished.FULL
    if (refused := act(tx, one)) is not None:
        return refused
    hours = await _hours(tx, learner)
    made = _made(tx, one, question, secret, _from(tx, hours, when, dice))
    tx.write(wishes.made(made))
    if when is When.THIS_WEEK:
        return Wished.THIS_WEEK
    about = f"{made.coaching_no} {made.wish_no}"
    tx.errand(ErrandKind.COACH_SPRINGS, tx.now, about, to=one.learner_id)
    return Wished.ASKED if may_come(learner, hours, tx.now) else Wished.WAITS


def _made(
    tx: Transaction, one: Coaching, question: Question | str, secret: str, from_at: int
) -> Wish:
    words = question if isinstance(question, str) else None
    digest = hashlib.sha256(f"{secret} wish".encode()).hexdigest()
    return Wish(
        learner_id=one.learner_id,
        coaching_no=one.coaching_no,
        wish_no=tx.number(),
        other_id=tx.learner.learner_id,
        question_id=f"own-{digest[:24]}" if isinstance(question, str) else question.id,
        words=words,
        from_at=from_at,
    )


async def _hours(tx: Transaction, learner: Learner) -> OpenHours:
    week = await learners.hours(tx.database, learner.learner_id)
    return OpenHours(zone=learner.zone or "UTC", days=week)


def _from(tx: Transaction, hours: OpenHours, when: When, dice: Dice) -> int:
    """From when it may take a surprise's place: now, or from one of the seven days from today on."""
    days = 0 if when is When.NOW else int(dice.random() * WEEK_DAYS)
    return tx.now if days == 0 else plan.moment_of(hours, hours.local_day(tx.now) + days)


def may_come(learner: Learner, hours: OpenHours, now: int) -> bool:
    """Whether a coach's question may be sprung at this moment."""
    sent_on = (learner.sent_day, learner.sent_count)
    rhythm = plan.rhythm_of(learner, hours)
    return learner.open_drill is None and may_send(rhythm, now, sent_on)


async def next_chance(tx: Transaction, hours: OpenHours) -> int | None:
    """When to try again what may not be sprung now; None: with the next surprise, whenever that is."""
    learner = tx.learner
    if (learner.paused_until or 0) >= FOREVER:
        return None
    at = max(tx.now + plan.MINUTE_MS, learner.paused_until or 0)
    if learner.open_drill is not None:
        drill = await drills.find(tx.database, learner.learner_id, learner.open_drill)
        at = max(at, drill.expires_at + 1 if drill else 0)
    opening = hours.next_open(at)
    day = hours.local_day(tx.now)
    capped = learner.sent_day >= day and learner.sent_count >= learner.cap
    if opening is None or (learner.interview_day != day and not capped):
        return opening
    return hours.next_open(max(opening, plan.moment_of(hours, day + 1)))


async def find(tx: Transaction, coaching_no: int, wish_no: int) -> Wish | None:
    """One wish for the learner; None: it is fulfilled, or was dropped."""
    every = await wishes.of_learner(tx.database, tx.learner.learner_id)
    return next(
        (one for one in every if (one.coaching_no, one.wish_no) == (coaching_no, wish_no)), None
    )


async def due(tx: Transaction) -> Wish | None:
    """The wish that takes the place of the learner's surprise now; None: there is none."""
    if not (every := await wishes.of_learner(tx.database, tx.learner.learner_id)):
        return None
    known = await coachings.of_learner(tx.database, tx.learner.learner_id)
    standing = {one.coaching_no for one in known if one.state == CoachingState.ACTIVE}
    return next(
        (one for one in every if one.from_at <= tx.now and one.coaching_no in standing), None
    )


async def fulfil(tx: Transaction, library: Library, one: Wish) -> Library:
    """End a wish that is about to be asked; returns the library with its question in it.

    What the coach put in their own words becomes a question of the learner's, marked as theirs.
    """
    tx.write(wishes.fulfilled(one))
    if one.words is None:
        return library
    return await own.adopt(tx, library, one.words, one.question_id, one.other_id)
