"""Setting learners right after time did something odd: a wall clock was ahead, a backup came back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.drill.dice import Dice
from bot.drill.moment import MINUTE_MS
from bot.drill.tone import Mode
from bot.practice import Transaction, ask, mock, plan
from bot.store import drills, errands, learners, media, outbox
from bot.store.database import Database, Write
from bot.store.tables import FOREVER, DrillState

DAY_MS = 24 * 60 * MINUTE_MS
SOON_MS = 60 * MINUTE_MS
"""No lease and no drill's end lies farther in the future."""
LATER_MS = 30 * DAY_MS
"""No pause with an end and no open drill reaches farther."""
FARTHEST_MS = 365 * DAY_MS
"""No plan reaches farther: less than one in 10^11 of those of the lowest pace would."""
LONGEST_PAUSE_MS = 3 * DAY_MS


async def strayed(database: Database, now: int, *, all_plans: bool = False) -> Sequence[int]:
    """Learners with something that a clock far ahead has put into the future.

    `all_plans`: the clock has just been put back, so that every plan was drawn by a wrong one.
    """
    return await learners.strayed(
        database,
        soon=now + SOON_MS,
        later=now + LATER_MS,
        farthest=now if all_plans else now + FARTHEST_MS,
        tomorrow=datetime.fromtimestamp(now / 1000, UTC).toordinal() + 1,
    )


def let_go(now: int) -> list[Write]:
    """Writes for messages, recordings and errands that would wait for a moment far in the future."""
    return [
        outbox.not_held_beyond(now + DAY_MS),
        media.not_held_beyond(now + DAY_MS),
        errands.not_due_beyond(now + LATER_MS),
    ]


async def set_right(tx: Transaction, dice: Dice) -> None:
    """Take back what lies in the future by mistake, and draw the next surprise by the clock of now."""
    learner = tx.learner
    latest = tx.now + learner.expiry_minutes * MINUTE_MS
    drill = await ask.open_drill(tx)
    if drill is not None and drill.expires_at > tx.now + LATER_MS:
        tx.write(drills.changed(drill, replace(drill, expires_at=latest)))
    if learner.paused_until not in (None, FOREVER):
        tx.change(paused_until=min(learner.paused_until or 0, tx.now + LONGEST_PAUSE_MS))
    if learner.free_from is not None:
        tx.change(free_from=min(learner.free_from, tx.now))
    today = (await plan.open_hours(tx)).local_day(tx.now)
    if learner.sent_day > today:
        tx.change(sent_day=0, sent_count=0)
    tx.change(snoozed_drill=None)
    await plan.replan(tx, dice)


async def take_up(tx: Transaction, dice: Dice) -> None:
    """After a restore: what fell due meanwhile is neither caught up nor held against anybody."""
    drill = await ask.open_drill(tx)
    if drill is not None and drill.expires_at <= tx.now:
        state = DrillState.EXPIRED if drill.take_no is None else DrillState.ANSWERED
        closed = replace(drill, state=state, closed_at=tx.now)
        tx.write(drills.changed(drill, closed))
        tx.change(open_drill=None, free_from=drill.expires_at)
        if drill.mode == Mode.MOCK:
            await mock.lost(tx, drill)
    tx.change(snoozed_drill=None)
    await plan.replan(tx, dice)
