"""Asking somebody who is no coach for an ear, once: one take, five buttons, one line.

Of the friend nothing is stored but how they heard it: whoever opened the link is known by a secret in
their buttons.
"""

from dataclasses import dataclass
from enum import Enum, auto

from bot.banks.library import Library
from bot.drill.tone import Tone
from bot.practice import Ear, ErrandKind, Take, Transaction
from bot.practice.lend import LINE_CHARACTERS, Lent, audible, lent
from bot.practice.rate import rating_of
from bot.store import drills, ears, shares, takes

LINK_MS = 48 * 3600 * 1000
KEPT_MS = 30 * 24 * 3600 * 1000
"""How long links that nobody opened are remembered, so that whoever comes late hears why."""

MOST_OPEN = 5


class Deaf(Enum):
    """Why there is nothing to hear, or to say of it any more."""

    UNKNOWN = auto()
    OWN = auto()
    USED = auto()
    REVOKED = auto()
    LATE = auto()
    GONE = auto()
    DONE = auto()
    LONG = auto()


@dataclass(frozen=True, slots=True)
class Lending:
    """A link that is good, and the take behind it."""

    ear: Ear
    lent: Lent


@dataclass(frozen=True, slots=True)
class Told:
    """What a friend heard, for the learner: `own` is their own rating; None: they did not rate it."""

    ear: Ear
    take: Take
    own: Tone | None


async def links(tx: Transaction) -> list[Ear]:
    """The links that the learner made, oldest first."""
    return await ears.of_learner(tx.database, tx.learner.learner_id)


async def make(
    tx: Transaction, take_no: int, token: str, told_from: str | None
) -> Ear | Deaf | None:
    """Make a link to one take of the learner's, for one friend; None: five are open already."""
    if not audible(await takes.find(tx.database, tx.learner.learner_id, take_no)):
        return Deaf.GONE
    known = await links(tx)
    if sum(one.is_open(tx.now) for one in known) >= MOST_OPEN:
        return None
    over = [one for one in known if one.opened_at is None and one.expires_at < tx.now - KEPT_MS]
    made = Ear(
        learner_id=tx.learner.learner_id,
        ear_no=tx.number(),
        take_no=take_no,
        token_hash=shares.hash_of(token),
        told_from=told_from,
        created_at=tx.now,
        expires_at=tx.now + LINK_MS,
    )
    tx.write(*(ears.dropped(one) for one in over), ears.made(made))
    return made


async def revoke(tx: Transaction, ear_no: int) -> Ear | None:
    """Take a link back; returns it as it was before. None: there is none to take back."""
    one = next((one for one in await links(tx) if one.ear_no == ear_no), None)
    if one is None or one.revoked_at is not None:
        return None
    tx.write(ears.revoked(one, tx.now))
    return one


async def offered(tx: Transaction, library: Library, token: str) -> Lending | Deaf:
    """What a link brings, or why it brings nothing."""
    one = await ears.of_token(tx.database, token)
    if one is None:
        return Deaf.UNKNOWN
    if one.learner_id == tx.learner.learner_id:
        return Deaf.OWN
    if one.revoked_at is not None:
        return Deaf.REVOKED
    if one.opened_at is not None:
        return Deaf.USED
    if not one.is_open(tx.now):
        return Deaf.LATE
    take = await takes.find(tx.database, one.learner_id, one.take_no)
    return Lending(one, await lent(tx, library, take)) if audible(take) else Deaf.GONE


async def listen(tx: Transaction, library: Library, token: str, secret: str) -> Lending | Deaf:
    """Open a link, which uses it up. `secret`: a fresh one, by which the answer is known."""
    found = await offered(tx, library, token)
    if isinstance(found, Lending):
        tx.write(ears.opened(found.ear, tx.now, secret))
    return found


async def _answering(tx: Transaction, secret: str) -> Ear | Deaf:
    one = await ears.of_answer(tx.database, secret)
    if one is None:
        return Deaf.UNKNOWN
    if one.revoked_at is not None:
        return Deaf.REVOKED
    return Deaf.LATE if tx.now >= (one.opened_at or 0) + LINK_MS else one


async def rate(tx: Transaction, secret: str, tone: Tone) -> Ear | Deaf:
    """The friend says how it sounds, once; the learner is told."""
    one = await _answering(tx, secret)
    if isinstance(one, Deaf):
        return one
    if one.tone is not None:
        return Deaf.DONE
    tx.write(ears.rated(one, tone))
    tx.errand(ErrandKind.EAR_HEARD, tx.now, str(one.ear_no), to=one.learner_id)
    return one


async def say(tx: Transaction, secret: str, line: str) -> Ear | Deaf:
    """The friend adds one cleaned line, once, after the rating; the learner gets it."""
    one = await _answering(tx, secret)
    if isinstance(one, Deaf):
        return one
    if one.line is not None:
        return Deaf.DONE
    if one.tone is None or not 0 < len(line) <= LINE_CHARACTERS:
        return Deaf.LONG
    tx.write(ears.said(one, line))
    tx.errand(ErrandKind.EAR_HEARD, tx.now, f"{one.ear_no} line", to=one.learner_id)
    return one


async def told(tx: Transaction, ear_no: int) -> Told | None:
    """What a friend has said, for the learner; None: nothing, or the take is gone."""
    one = next((one for one in await links(tx) if one.ear_no == ear_no), None)
    if one is None or one.tone is None or one.revoked_at is not None:
        return None
    take = await takes.find(tx.database, one.learner_id, one.take_no)
    drill = await drills.find(tx.database, one.learner_id, take.drill_no) if take else None
    if take is None or drill is None:
        return None
    counts = drill.take_no == take.take_no
    return Told(one, take, await rating_of(tx, drill) if counts else None)
