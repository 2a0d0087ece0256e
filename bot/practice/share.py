"""Handing one's own questions to somebody else: a link for one person, who gets a copy.

A copy, so that nothing binds the two afterwards: either may change, remove or erase theirs, and no
question of one is ever read for the other. Until the link is used nothing is copied: what the
sharer removes in between is not handed out, and an erased sharer's link leads nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.practice import OwnQuestion, Share, Transaction, own
from bot.practice.own import Flaw
from bot.store import own_questions, shares

WEEK_MS = 7 * 24 * 3600 * 1000
MOST_OPEN = 5
KEPT_MS = 30 * 24 * 3600 * 1000
"""How long links that are over are remembered, so that whoever comes late hears why."""


class Closed(Enum):
    """Why a link opens nothing."""

    UNKNOWN = auto()
    OWN = auto()
    USED = auto()
    REVOKED = auto()
    LATE = auto()
    EMPTY = auto()


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link that is good brings."""

    share: Share
    questions: Sequence[OwnQuestion]


def is_shareable(one: OwnQuestion) -> bool:
    """Whether a link hands it out: what a coach has put into words is not the sharer's to give."""
    return one.is_live and one.other_id is None


async def links(tx: Transaction) -> list[Share]:
    """The links that the learner made, oldest first; those of a month ago may be gone."""
    return await shares.of_learner(tx.database, tx.learner.learner_id)


async def make(tx: Transaction, token: str, told_from: str | None) -> Share | None:
    """Make a link that one person may use within a week; None: five are open already.

    `token`: a fresh secret. `told_from`: what the receiver reads as its sender; None: nothing.
    """
    known = await links(tx)
    if sum(one.is_open(tx.now) for one in known) >= MOST_OPEN:
        return None
    over = [one for one in known if one.expires_at < tx.now - KEPT_MS]
    made = Share(
        learner_id=tx.learner.learner_id,
        share_no=tx.number(),
        token_hash=shares.hash_of(token),
        told_from=told_from,
        created_at=tx.now,
        expires_at=tx.now + WEEK_MS,
    )
    tx.write(*(shares.dropped(one) for one in over), shares.made(made))
    return made


async def revoke(tx: Transaction, share_no: int) -> Share | None:
    """Take a link back; returns it as it was before. None: there is no such link."""
    one = next((one for one in await links(tx) if one.share_no == share_no), None)
    if one is not None and one.is_open(tx.now):
        tx.write(shares.revoked(one, tx.now))
    return one


async def offered(tx: Transaction, token: str) -> Offer | Closed:
    """What a link brings, or why it brings nothing."""
    share = await shares.of_token(tx.database, token)
    if share is None:
        return Closed.UNKNOWN
    if share.learner_id == tx.learner.learner_id:
        return Closed.OWN
    if share.used_at is not None:
        return Closed.USED
    if share.revoked_at is not None:
        return Closed.REVOKED
    if not share.is_open(tx.now):
        return Closed.LATE
    theirs = await own_questions.of_learner(tx.database, share.learner_id)
    live = [one for one in theirs if is_shareable(one)]
    return Offer(share, live) if live else Closed.EMPTY


async def accept(tx: Transaction, token: str, secret: str) -> int | Closed | Flaw:
    """Copy what a link brings and use it up; returns how many questions were new.

    A link that brings nothing new, or more than there is room for, stays good.
    """
    offer = await offered(tx, token)
    if isinstance(offer, Closed):
        return offer
    copied = await own.copy(tx, offer.questions, secret)
    if isinstance(copied, int) and copied > 0:
        tx.write(shares.used(offer.share, tx.now))
    return copied
