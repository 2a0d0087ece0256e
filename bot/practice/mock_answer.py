"""Answers in a whole interview: which question each belongs to, and what follows from it."""

from dataclasses import dataclass, replace

from bot.banks.library import Library
from bot.drill.dice import Dice
from bot.practice import Transaction, answer, ask
from bot.practice.answer import SECOND_TAKE_MS, Material, Place
from bot.practice.mock import (
    LIFE_MS,
    PATIENCE_MS,
    Over,
    Running,
    current,
    look_again,
    onward,
    parts_of,
    with_parts,
)
from bot.store import drills, mocks, outbox, standings, takes
from bot.store.drills import Drill
from bot.store.tables import DrillState, MockState, TakeKind
from bot.store.takes import Take

SPOKEN_LIVE = (TakeKind.VOICE, TakeKind.VIDEO_NOTE)


@dataclass(frozen=True, slots=True)
class Heard:
    """A kept answer, where it fits, and what comes next; `missing`: questions that were taken out."""

    take: Take
    drill: Drill
    place: Place
    after: Running | Over
    missing: int = 0


async def hear(
    tx: Transaction, library: Library, material: Material, reply_to: int | None, dice: Dice
) -> Heard | None:
    """Keep an answer with the question it belongs to; None: no interview runs, or it is none of it."""
    running = await current(tx)
    if running is None:
        return None
    named = await _named(tx, reply_to)
    if named is not None and named.drill_no != running.drill.drill_no:
        mine = any(part.drill_no == named.drill_no for part in running.parts)
        return await _beside(tx, running, material, named, dice) if mine else None
    earlier = await _earlier(tx, running, material) if named is None else None
    if earlier is not None:
        return await _beside(tx, running, material, earlier, dice)
    return await _answered(tx, library, running, material, dice)


async def _named(tx: Transaction, reply_to: int | None) -> Drill | None:
    if reply_to is None:
        return None
    return await drills.by_message(tx.database, tx.learner.learner_id, reply_to)


async def _earlier(tx: Transaction, running: Running, material: Material) -> Drill | None:
    """The question before, if this was said before the current one was there to be answered."""
    before = _before(running)
    if before is None:
        return None
    drill = await ask.find(tx, before)
    last = await takes.last_of_drill(tx.database, tx.learner.learner_id, before)
    began = material.sent_at - 1000 * (material.duration or 0)
    overlaps = last is not None and material.kind in SPOKEN_LIVE and began < last.taken_at
    card = running.drill.message_id
    if card is not None:
        return drill if overlaps or material.message_id < card else None
    return drill if overlaps or material.sent_at <= running.mock.step_asked_at else None


def _before(running: Running) -> int | None:
    """The drill of what was asked before."""
    if running.mock.probing:
        return running.drill.drill_no
    return running.parts[running.mock.step - 1].drill_no if running.mock.step else None


async def _beside(
    tx: Transaction, running: Running, material: Material, drill: Drill, dice: Dice
) -> Heard:
    """Keep an answer to an earlier question; the current one goes on waiting."""
    if drill.state in (DrillState.SKIPPED, DrillState.EXPIRED):
        kept = await answer.keep(tx, material, drill, Place.LATE, dice)
        return Heard(kept.take, kept.drill, Place.LATE, running)
    last = await takes.last_of_drill(tx.database, drill.learner_id, drill.drill_no)
    counts = drill.state != DrillState.RATED and last and last.take_no == drill.take_no
    recent = last is not None and material.sent_at - last.taken_at <= SECOND_TAKE_MS
    take = answer.take_of(tx, material, drill)
    tx.write(takes.taken(take))
    return Heard(take, drill, Place.SECOND if counts and recent else Place.EXTRA, running)


async def _answered(
    tx: Transaction, library: Library, running: Running, material: Material, dice: Dice
) -> Heard:
    mock, drill, part = running.mock, running.drill, running.part
    take = answer.take_of(tx, material, drill)
    tx.write(
        takes.taken(take),
        standings.heard(drill.learner_id, drill.question_id, tx.now),
        # An answer proves that the card arrived, whatever became of Telegram's receipt.
        outbox.delivered(drill.learner_id, drill.drill_no),
    )
    if mock.state == MockState.PAUSED:
        look_again(tx, mock, tx.now + PATIENCE_MS)
    took = max(0, take.taken_at - mock.step_asked_at)
    if mock.probing:
        part = replace(part, probe_take=take.take_no, probed_in=took)
        after = drill
    else:
        part = replace(part, answered_in=took)
        after = replace(drill, take_no=take.take_no)
    parts = (*running.parts[: mock.step], part, *running.parts[mock.step + 1 :])
    if part.follow_up and not mock.probing:
        probing = _probe(tx, Running(mock, parts, drill), after)
        return Heard(take, after, Place.FIRST, probing)
    following = await onward(tx, library, Running(mock, parts, drill), after, dice)
    missing = len(parts) - len(parts_of(following.mock))
    return Heard(take, after, Place.FIRST, following, missing)


def _probe(tx: Transaction, running: Running, after: Drill) -> Running:
    """Ask on, in the same drill."""
    after = replace(after, expires_at=tx.now + LIFE_MS)
    mock = replace(
        with_parts(running.mock, running.parts),
        state=MockState.RUNNING,
        probing=1,
        card_no=running.mock.card_no + 1,
        step_asked_at=tx.now,
    )
    tx.write(
        drills.changed(running.drill, after),
        drills.another_card(after.learner_id, after.drill_no),
        mocks.changed(mock),
    )
    return Running(mock, running.parts, replace(after, message_id=None))
