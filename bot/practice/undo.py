"""Taking back the last thing, whatever it was: a rating, a skip, a switch of sets, a deletion."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot.banks.library import Library
from bot.drill.dice import Dice
from bot.practice import (
    Drill,
    ListenRow,
    OwnQuestion,
    Take,
    Transaction,
    discard,
    enrol,
    listen,
    own,
    plan,
    rate,
)
from bot.practice.ask import Asked
from bot.store import deeds, drills, ratings, takes
from bot.store.deeds import Deed
from bot.store.tables import DeedKind, DrillState

LOOKED_AT = 20
"""Of how many deeds that have come to nothing since the one before is looked for, at one undo."""


@dataclass(frozen=True, slots=True)
class Switched:
    """The set that is practised again."""

    set_id: str


@dataclass(frozen=True, slots=True)
class Over:
    """What was done last cannot be taken back any more."""

    kind: DeedKind


Undone = Drill | ListenRow | Asked | Switched | Take | OwnQuestion | Over
"""What came back: a rating (its drill, or its listen, waits for one), a skipped question, a set, a take,
an own question."""


async def last(tx: Transaction, library: Library, dice: Dice) -> Undone | None:
    """Take back what was done last; None: there is nothing.

    Ratings and other deeds share one row of numbers. What was undone already, or has become another
    thing since, is passed over; what is past undoing is said to be so, and is last no more.
    """
    rating = await ratings.latest(tx.database, tx.learner.learner_id)
    heard = await listen.latest(tx)
    rated = max(rating.rating_no if rating else 0, (heard.rated_no or 0) if heard else 0)
    done = await deeds.newest(tx.database, tx.learner.learner_id, tx.now, LOOKED_AT)
    for deed in done:
        if deed.deed_no < rated:
            break
        tx.write(deeds.dropped(deed))
        undone = await _UNDO[DeedKind(deed.kind)](tx, library, dice, deed)
        if undone is not None:
            return undone
    return await listen.undo(tx) if await listen.is_last(tx) else await rate.undo(tx)


async def _skip(tx: Transaction, library: Library, _: Dice, deed: Deed) -> Undone | None:
    number, expires_at = map(int, deed.about.split())
    drill = await drills.find(tx.database, deed.learner_id, number)
    if drill is None or drill.state != DrillState.SKIPPED:
        return None
    question = library.question(drill.question_id)
    if question is None or tx.now > expires_at or tx.learner.open_drill is not None:
        return Over(DeedKind.SKIP)
    again = replace(drill, state=DrillState.OPEN, closed_at=None, expires_at=expires_at)
    tx.write(drills.changed(drill, again))
    tx.change(open_drill=number)
    if not plan.keeps_promise(tx):
        tx.change(next_drill_at=None, snoozed_drill=None, claimed_until=0)
    return Asked(again, question)


async def _set(tx: Transaction, library: Library, dice: Dice, deed: Deed) -> Undone | None:
    if tx.learner.active_set == deed.about:
        return None
    if deed.about not in (*library.sets, enrol.ALL_SETS):
        return Over(DeedKind.SET)
    await enrol.practise(tx, deed.about, dice)
    return Switched(deed.about)


async def _delete(tx: Transaction, _: Library, __: Dice, deed: Deed) -> Undone | None:
    take = await takes.find(tx.database, deed.learner_id, int(deed.about))
    if take is None or take.deleted_at is None:
        return None
    return await discard.bring_back(tx, take.take_no) or Over(DeedKind.DELETE)


async def _remove(tx: Transaction, _: Library, __: Dice, deed: Deed) -> Undone | None:
    one = await own.find(tx, int(deed.about))
    if one is None or one.is_live:
        return None
    back = await own.bring_back(tx, one.own_no)
    return back if isinstance(back, OwnQuestion) else Over(DeedKind.REMOVE)


_UNDO: Mapping[DeedKind, Callable[[Transaction, Library, Dice, Deed], Awaitable[Undone | None]]] = {
    DeedKind.SKIP: _skip,
    DeedKind.SET: _set,
    DeedKind.DELETE: _delete,
    DeedKind.REMOVE: _remove,
}
