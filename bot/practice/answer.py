"""Answering: which drill an answer belongs to, and keeping it."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from bot.drill.dice import Dice
from bot.drill.tone import Mode
from bot.practice import Transaction, plan
from bot.store import drills, outbox, standings, takes
from bot.store.drills import Drill
from bot.store.tables import DrillState, MediaState, TakeKind
from bot.store.takes import Take

SECOND_TAKE_MS = 60_000
STRAY_MS = 24 * 3600 * 1000
FETCH_LIMIT = 20 * 1024 * 1024
"""Telegram's getFile gives bots files up to 20 MB."""


class Place(Enum):
    """How an answer fits: the drill's answer, late, one of two in a minute, or one more to keep."""

    FIRST = auto()
    LATE = auto()
    SECOND = auto()
    EXTRA = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the learner sent: text, or a recording at Telegram.

    `sent_at` is when it was sent, which may be long before the bot could handle it; it decides
    whether the answer came in time.
    """

    kind: TakeKind
    message_id: int
    sent_at: int
    text: str | None = None
    file_id: str | None = None
    duration: int | None = None
    file_size: int | None = None

    @property
    def too_large(self) -> bool:
        """Whether Telegram will not hand the file over."""
        return (self.file_size or 0) > FETCH_LIMIT


@dataclass(frozen=True, slots=True)
class Answered:
    """A kept answer: the drill as it is now, and the take.

    `was_open`: the drill's card still had its buttons.
    """

    drill: Drill
    take: Take
    place: Place
    was_open: bool


async def answer(
    tx: Transaction, material: Material, reply_to: int | None, dice: Dice
) -> Answered | None:
    """Keep an answer with the drill it belongs to; None when it belongs to none (text out of the blue)."""
    found = await _drill_for(tx, material, reply_to)
    if found is None:
        return None
    return await keep(tx, material, *found, dice)


async def keep(
    tx: Transaction, material: Material, drill: Drill, place: Place, dice: Dice
) -> Answered:
    """Keep an answer with this drill."""
    take = take_of(tx, material, drill)
    tx.write(takes.taken(take))
    was_open = drill.state == DrillState.OPEN
    if place in (Place.FIRST, Place.LATE):
        drill = await _close(tx, drill, take, dice)
    return Answered(drill, take, place, was_open)


async def _drill_for(
    tx: Transaction, material: Material, reply_to: int | None
) -> tuple[Drill, Place] | None:
    learner = tx.learner
    if reply_to is not None:
        named = await drills.by_message(tx.database, learner.learner_id, reply_to)
        if named:
            return named, await place_of(tx, named, material)
    if learner.open_drill is not None:
        current = await drills.find(tx.database, learner.learner_id, learner.open_drill)
        if current:
            return current, await place_of(tx, current, material)
    latest = await drills.latest(tx.database, learner.learner_id)
    if latest is None:
        return None
    place = await place_of(tx, latest, material)
    spoken = material.kind != TakeKind.TEXT
    recent = tx.now - latest.asked_at < STRAY_MS
    if place in (Place.FIRST, Place.SECOND) or (spoken and recent):
        return latest, place
    return None


async def place_of(tx: Transaction, drill: Drill, material: Material) -> Place:
    """How an answer to this drill fits."""
    if drill.state in (DrillState.ANSWERED, DrillState.RATED):
        return Place.SECOND if await _just_answered(tx, drill, material) else Place.EXTRA
    # A drill may have expired while its answer waited for the bot to come back.
    waiting = drill.state in (DrillState.OPEN, DrillState.EXPIRED)
    return Place.FIRST if waiting and material.sent_at <= drill.expires_at else Place.LATE


async def _just_answered(tx: Transaction, drill: Drill, material: Material) -> bool:
    if drill.state != DrillState.ANSWERED:
        return False
    last = await takes.last_of_drill(tx.database, drill.learner_id, drill.drill_no)
    return last is not None and material.sent_at - last.taken_at <= SECOND_TAKE_MS


def take_of(tx: Transaction, material: Material, drill: Drill) -> Take:
    """The take that an answer becomes."""
    media = MediaState.NONE
    if material.file_id:
        media = MediaState.TOO_LARGE if material.too_large else MediaState.WANTED
    return Take(
        learner_id=drill.learner_id,
        take_no=tx.number(),
        drill_no=drill.drill_no,
        kind=material.kind,
        text=material.text,
        file_id=material.file_id,
        duration=material.duration,
        file_size=material.file_size,
        message_id=material.message_id,
        taken_at=max(material.sent_at, drill.asked_at),
        media_state=media,
    )


async def _close(tx: Transaction, drill: Drill, take: Take, dice: Dice) -> Drill:
    after = replace(drill, state=DrillState.ANSWERED, take_no=take.take_no, closed_at=tx.now)
    tx.write(
        drills.changed(drill, after),
        standings.heard(drill.learner_id, drill.question_id, tx.now),
        # An answer proves that the card arrived, whatever became of Telegram's receipt.
        outbox.delivered(drill.learner_id, drill.drill_no),
    )
    if tx.learner.open_drill == drill.drill_no:
        tx.change(open_drill=None)
    if tx.learner.snoozed_drill == drill.drill_no:
        tx.change(snoozed_drill=None)
    tx.change(free_from=tx.now, ignored=0, eased=0)
    await plan.replan(tx, dice)
    return after


async def is_of_drill(tx: Transaction, message_id: int) -> bool:
    """Whether a message of the bot is a card of one of the learner's drills."""
    return await drills.by_message(tx.database, tx.learner.learner_id, message_id) is not None


async def revise(tx: Transaction, message_id: int, text: str) -> Take | None:
    """Keep an edited text answer as a further take; the first wording stays. None: no such answer."""
    before = await takes.by_message(tx.database, tx.learner.learner_id, message_id)
    if before is None or before.text in (None, text) or before.deleted_at is not None:
        return None
    take = replace(before, take_no=tx.number(), text=text, taken_at=tx.now)
    tx.write(takes.taken(take))
    drill = await drills.find(tx.database, before.learner_id, before.drill_no)
    if drill and _waits_for_rating(drill) and drill.take_no == before.take_no:
        tx.write(drills.changed(drill, replace(drill, take_no=take.take_no)))
    return take


async def choose(tx: Transaction, drill_no: int, take_no: int) -> Take | None:
    """Let this take be the one that is rated; None when it cannot be (any more)."""
    drill = await drills.find(tx.database, tx.learner.learner_id, drill_no)
    take = await takes.find(tx.database, tx.learner.learner_id, take_no)
    if drill is None or take is None or take.drill_no != drill_no or take.deleted_at is not None:
        return None
    if not _waits_for_rating(drill):
        return None
    tx.write(drills.changed(drill, replace(drill, take_no=take_no)))
    return take


def _waits_for_rating(drill: Drill) -> bool:
    """Whether another take may still count. In a mock interview a drill with an answer may be open."""
    answered = drill.state == DrillState.OPEN and drill.take_no is not None
    return answered or drill.state == DrillState.ANSWERED


async def takes_so_far(tx: Transaction, drill: Drill) -> int:
    """How many answers the question of this drill has had."""
    return len(await takes.of_question(tx.database, drill.learner_id, drill.question_id))


async def first_take(tx: Transaction, drill: Drill) -> Take | None:
    """The learner's first answer to the question of this drill."""
    kept = await takes.of_question(tx.database, drill.learner_id, drill.question_id)
    return kept[0] if kept else None


def mode_of(drill: Drill, take: Take) -> Mode:
    """How the engine counts this answer: a surprise only if it came in time and was not put off."""
    if drill.mode != Mode.SURPRISE:
        return Mode(drill.mode)
    return Mode.SURPRISE if take.taken_at <= drill.expires_at else Mode.LATE
