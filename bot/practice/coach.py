"""Having a coach, and being one: a link for one person, a word from the learner, and an end at any time.

Nothing is shared by the link, nor by accepting it: only by the learner's own yes to who accepted.
What a coach does is written on condition that the yes still stands, so that after its end nothing
more reaches them, whatever button they press.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto

from bot.practice import Coaching, CoachingState, ErrandKind, Given, Transaction
from bot.store import coachings, outbox, shares, wishes

LINK_MS = 48 * 3600 * 1000
KEPT_MS = 30 * 24 * 3600 * 1000
"""How long links that nobody used are remembered, so that whoever comes late hears why."""

MOST = 5
HOUR_MS = 3600 * 1000
ACTS_AN_HOUR = 20
NAME_CHARACTERS = 40


class Closed(Enum):
    """Why a link opens nothing."""

    UNKNOWN = auto()
    OWN = auto()
    USED = auto()
    MINE = auto()
    REVOKED = auto()
    LATE = auto()
    ALREADY = auto()


class Refused(Enum):
    """Why a coach cannot do what they pressed."""

    UNKNOWN = auto()
    WAITING = auto()
    OVER = auto()
    NOT_GIVEN = auto()
    TOO_FAST = auto()


async def links(tx: Transaction) -> list[Coaching]:
    """Every link to a coach that the learner made, oldest first, whatever became of it."""
    return await coachings.of_learner(tx.database, tx.learner.learner_id)


async def mine(tx: Transaction) -> list[Coaching]:
    """The learner's coaches, and links that are still open."""
    return [one for one in await links(tx) if one.is_open(tx.now)]


async def find(tx: Transaction, coaching_no: int) -> Coaching | None:
    """One of the learner's coaches or links, whatever became of it."""
    return next((one for one in await links(tx) if one.coaching_no == coaching_no), None)


async def coached(tx: Transaction) -> list[Coaching]:
    """Whom somebody coaches, or will as soon as the learner says yes."""
    every = await coachings.of_coach(tx.database, tx.learner.learner_id)
    return [one for one in every if one.is_open(tx.now)]


async def pupil(tx: Transaction, coach_no: int) -> Coaching | None:
    """One of those whom somebody accepted to coach, by the coach's own number; ended ones, too."""
    every = await coachings.of_coach(tx.database, tx.learner.learner_id)
    return next((one for one in every if one.coach_no == coach_no), None)


async def invite(tx: Transaction, token: str, told_from: str | None) -> Coaching | None:
    """Make a link that one person may use within two days; None: five coaches or links are enough.

    `token`: a fresh secret. `told_from`: what the coach reads as the learner's name; None: nothing.
    """
    known = await links(tx)
    if sum(one.is_open(tx.now) for one in known) >= MOST:
        return None
    unused = [one for one in known if one.other_id is None and not one.is_open(tx.now)]
    made = Coaching(
        learner_id=tx.learner.learner_id,
        coaching_no=tx.number(),
        token_hash=shares.hash_of(token),
        told_from=told_from,
        created_at=tx.now,
        expires_at=tx.now + LINK_MS,
    )
    over = [one for one in unused if one.expires_at < tx.now - KEPT_MS]
    tx.write(*(coachings.dropped(one) for one in over), coachings.made(made))
    return made


async def offered(tx: Transaction, token: str) -> Coaching | Closed:
    """What a link brings, or why it brings nothing."""
    one = await coachings.of_token(tx.database, token)
    if one is None:
        return Closed.UNKNOWN
    me = tx.learner.learner_id
    if one.learner_id == me:
        return Closed.OWN
    if one.other_id is not None:
        return Closed.MINE if one.other_id == me and one.is_open(tx.now) else Closed.USED
    if one.state == CoachingState.ENDED:
        return Closed.REVOKED
    if not one.is_open(tx.now):
        return Closed.LATE
    others = await coached(tx)
    return Closed.ALREADY if any(o.learner_id == one.learner_id for o in others) else one


async def accept(tx: Transaction, token: str, name: str) -> Coaching | Closed:
    """Accept to coach; the learner is told by whom, `name`, and asked. The link is used up."""
    one = await offered(tx, token)
    if isinstance(one, Closed):
        return one
    tx.keep()
    accepted = replace(
        one,
        state=CoachingState.ACCEPTED,
        other_id=tx.learner.learner_id,
        coach_no=tx.number(),
        coach_name=name[:NAME_CHARACTERS],
    )
    tx.write(coachings.changed(one, accepted))
    tx.errand(ErrandKind.COACH_ACCEPTED, tx.now, str(one.coaching_no), to=one.learner_id)
    return accepted


async def agree(tx: Transaction, coaching_no: int, given: Given) -> Coaching | None:
    """The learner says yes to who accepted, and to what they may have; None: nobody waits for that."""
    one = await find(tx, coaching_no)
    if one is None or one.other_id is None or one.state not in AGREEABLE or not given:
        return None
    agreed = replace(one, state=CoachingState.ACTIVE, given=given)
    if agreed == one:
        return one
    tx.write(coachings.changed(one, agreed))
    if Given.TAKES not in given:
        tx.write(outbox.withdrawn(one.other_id, one.learner_id))
    tx.errand(ErrandKind.COACH_AGREED, tx.now, str(one.coach_no), to=one.other_id)
    return agreed


AGREEABLE = (CoachingState.ACCEPTED, CoachingState.ACTIVE)


def end(tx: Transaction, one: Coaching) -> None:
    """End it at once, for whichever of the two: what waits is dropped, and the other is told."""
    ended = replace(
        one, state=CoachingState.ENDED, given=Given.NOTHING, coach_name=None, ended_at=tx.now
    )
    tx.write(coachings.changed(one, ended), wishes.dropped(one.learner_id, one.coaching_no))
    if one.other_id is not None:
        tx.write(
            outbox.withdrawn(one.other_id, one.learner_id),
            outbox.withdrawn(one.learner_id, one.other_id),
        )
        tell_parted(tx, [one])


async def partners(tx: Transaction) -> list[Coaching]:
    """Every coaching of this person that stands, on whichever side."""
    return [one for one in (*await mine(tx), *await coached(tx)) if one.other_id is not None]


def tell_parted(tx: Transaction, parted: Sequence[Coaching]) -> None:
    """Tell the other of each that it is over; not why."""
    for one in parted:
        if one.other_id == tx.learner.learner_id:
            tx.errand(
                ErrandKind.COACH_ENDED, tx.now, f"learner {one.coach_name or ''}", to=one.learner_id
            )
        elif one.other_id is not None:
            tx.errand(
                ErrandKind.COACH_ENDED, tx.now, f"coach {one.told_from or ''}", to=one.other_id
            )


async def may(tx: Transaction, coach_no: int, what: Given) -> Coaching | Refused:
    """The coaching of a coach's button, if the learner's yes to this stands; otherwise why not."""
    one = await pupil(tx, coach_no)
    if one is None:
        return Refused.UNKNOWN
    if one.state == CoachingState.ACCEPTED:
        return Refused.WAITING
    if one.state != CoachingState.ACTIVE:
        return Refused.OVER
    return one if one.gives(what) else Refused.NOT_GIVEN


def act(tx: Transaction, one: Coaching) -> Refused | None:
    """Count what a coach does, and rest this transaction on the learner's yes; None: go ahead."""
    fresh = not 0 <= tx.now - one.hour_at < HOUR_MS
    acted = 0 if fresh else one.acted
    if acted >= ACTS_AN_HOUR:
        return Refused.TOO_FAST
    hour_at = tx.now if fresh else one.hour_at
    tx.write(coachings.changed(one, replace(one, hour_at=hour_at, acted=acted + 1)))
    return None


def look(tx: Transaction, one: Coaching) -> None:
    """Rest this transaction on the learner's yes, without counting."""
    tx.write(coachings.changed(one, one))
