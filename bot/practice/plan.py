"""When the next surprise comes, and what changes it: rhythm, pause, snooze, expiry."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from bot.drill.dice import Dice
from bot.drill.open_hours import OpenHours
from bot.drill.surprise import Rhythm, next_drill_at
from bot.drill.tone import Mode
from bot.practice import Transaction
from bot.store import drills, learners
from bot.store.drills import Drill
from bot.store.learners import Learner
from bot.store.tables import FOREVER, DeedKind, DrillState

MINUTE_MS = 60 * 1000
HOUR_MS = 3600 * 1000
EASE_AFTER = 2
PAUSE_AFTER = 3


class Snooze(Enum):
    """When a snoozed question comes back."""

    HOUR = auto()
    TONIGHT = auto()


class Expiry(Enum):
    """What an ignored drill led to, so that the chat can say it."""

    QUIET = auto()
    EASED = auto()
    PAUSED = auto()


async def open_hours(tx: Transaction) -> OpenHours:
    """The learner's open hours in their zone (UTC for somebody who has not told it yet)."""
    week = await learners.hours(tx.database, tx.learner.learner_id)
    return OpenHours(zone=tx.learner.zone or "UTC", days=week)


def moment_of(hours: OpenHours, day: int, minute: int = 0) -> int:
    """The moment when the wall clock shows this minute of a local day, or of a later one from 1440 on.

    The first of two, where a clock change repeats it; as if there were none, where one skips it.
    """
    shown = datetime.combine(date.fromordinal(day), time()) + timedelta(minutes=minute)
    return int(shown.replace(tzinfo=ZoneInfo(hours.zone)).timestamp() * 1000)


def rhythm(tx: Transaction, hours: OpenHours) -> Rhythm:
    """How often the learner wants to be surprised; an eased pace is half."""
    return rhythm_of(tx.learner, hours)


def rhythm_of(learner: Learner, hours: OpenHours) -> Rhythm:
    """How often somebody wants to be surprised."""
    return Rhythm(
        hours=hours,
        pace=learner.pace / 2**learner.eased,
        cap=learner.cap,
        paused_until=learner.paused_until,
        interview_day=learner.interview_day,
    )


async def replan(tx: Transaction, dice: Dice, hours: OpenHours | None = None) -> None:
    """Draw the next surprise anew. Exact at any time, because the waiting has no memory.

    `hours`: open hours that this same transaction is about to store. A snoozed question keeps its
    own moment; while a drill is open nothing else is planned.
    """
    learner = tx.learner
    here = learner.enrolled_at is not None and not learner.left_at
    if here and keeps_promise(tx):
        return
    if not here or learner.open_drill is not None:
        tx.change(next_drill_at=None, claimed_until=0)
        return
    moment = next_drill_at(
        rhythm(tx, hours or await open_hours(tx)),
        tx.now,
        learner.free_from,
        (learner.sent_day, learner.sent_count),
        dice,
    )
    tx.change(next_drill_at=moment, claimed_until=0, snoozed_drill=None)


def keeps_promise(tx: Transaction) -> bool:
    """Whether a question that was put off has its moment still before it."""
    learner = tx.learner
    return learner.snoozed_drill is not None and (learner.next_drill_at or 0) > tx.now


async def change_hours(tx: Transaction, week: Sequence[tuple[int, int]], dice: Dice) -> None:
    """Store other open hours and plan by them."""
    tx.write(*learners.hours_written(tx.learner.learner_id, week))
    tx.change(snoozed_drill=None)
    await replan(tx, dice, OpenHours(zone=tx.learner.zone or "UTC", days=tuple(week)))


async def change_rhythm(tx: Transaction, dice: Dice, **fields: object) -> None:
    """Change pace, cap, zone, expiry or interview day and plan by it; an eased pace is forgotten."""
    tx.change(**fields, eased=0, ignored=0)
    await replan(tx, dice)


async def pause(tx: Transaction) -> None:
    """No surprises until the learner resumes."""
    tx.change(paused_until=FOREVER, next_drill_at=None, snoozed_drill=None, claimed_until=0)


async def pause_days(tx: Transaction, days: int, dice: Dice) -> int:
    """No surprises today (1) or for some days; returns the local midnight when they may come again."""
    hours = await open_hours(tx)
    until = moment_of(hours, hours.local_day(tx.now) + days)
    tx.change(paused_until=until, snoozed_drill=None)
    await replan(tx, dice)
    return until


async def resume(tx: Transaction, dice: Dice) -> None:
    """End a pause."""
    tx.change(paused_until=None, ignored=0, eased=0)
    await replan(tx, dice)


async def snooze(tx: Transaction, drill: Drill, when: Snooze, dice: Dice) -> int | None:
    """Close the drill for now; returns when it comes back, or None: then hours are over and a
    moment of the bot's choosing comes instead.
    """
    _put_off(tx, drill, DrillState.SNOOZED)
    hours = await open_hours(tx)
    moment = tx.now + HOUR_MS if when is Snooze.HOUR else _tonight(hours, tx.now)
    if not hours.is_open(moment):
        await replan(tx, dice)
        return None
    tx.change(next_drill_at=moment, snoozed_drill=drill.drill_no, claimed_until=0)
    return moment


def _tonight(hours: OpenHours, now: int) -> int:
    """An hour before today's hours close, but at least an hour from now."""
    day = hours.local_day(now)
    opens, closes = hours.days[(day - 1) % 7]
    end = closes + 1440 if closes < opens else closes
    return max(now + HOUR_MS, moment_of(hours, day, end - 60))


def _put_off(tx: Transaction, drill: Drill, state: DrillState) -> None:
    # Its time ends here: an answer that comes all the same is no answer to a surprise any more.
    after = replace(drill, state=state, closed_at=tx.now, expires_at=tx.now - 1)
    _close(tx, drill, after)
    tx.change(free_from=tx.now, ignored=0)


def _close(tx: Transaction, before: Drill, after: Drill) -> None:
    tx.write(drills.changed(before, after))
    if tx.learner.open_drill == before.drill_no:
        tx.change(open_drill=None)


async def skip(tx: Transaction, drill: Drill, dice: Dice) -> None:
    """Close the drill because its learner says so: a choice that counts as no failure; see `undo`."""
    tx.did(DeedKind.SKIP, f"{drill.drill_no} {drill.expires_at}")
    await withdraw(tx, drill, dice)


async def withdraw(tx: Transaction, drill: Drill, dice: Dice) -> None:
    """Close the drill for good; it counts as no failure."""
    _put_off(tx, drill, DrillState.SKIPPED)
    await replan(tx, dice)


async def expire(tx: Transaction, drill: Drill, dice: Dice) -> Expiry:
    """Close a drill whose time is over. Two surprises ignored in a row halve the pace, three pause.

    A surprise that may never have arrived is nobody's failing: it is not counted.
    """
    _close(tx, drill, replace(drill, state=DrillState.EXPIRED, closed_at=tx.now))
    tx.change(free_from=drill.expires_at)
    outcome = Expiry.QUIET
    if drill.mode == Mode.SURPRISE and drill.message_id is not None:
        ignored = tx.learner.ignored + 1
        tx.change(ignored=ignored)
        if ignored == EASE_AFTER:
            tx.change(eased=1)
            outcome = Expiry.EASED
        elif ignored >= PAUSE_AFTER:
            tx.change(paused_until=FOREVER)
            outcome = Expiry.PAUSED
    await replan(tx, dice)
    return outcome
