"""Practice circles: an owner's link, and members who see of each other a name and a number."""

from enum import Enum, auto

from bot.practice import Circle, ErrandKind, Member, Transaction
from bot.store import circles, shares, takes

WEEK_MS = 7 * 24 * 3600 * 1000
MOST_CIRCLES = 10
MOST_MEMBERS = 40
TITLE_CHARACTERS = 40
NAME_CHARACTERS = 20


hash_of = shares.hash_of
"""What is stored of a link's token."""


class Shut(Enum):
    """Why nobody can join."""

    GONE = auto()
    FULL = auto()


async def mine(tx: Transaction) -> list[Circle]:
    """The circles that an owner made, oldest first."""
    return await circles.of_owner(tx.database, tx.learner.learner_id)


async def find(tx: Transaction, circle_no: int) -> Circle | None:
    """One of the owner's circles."""
    return next((one for one in await mine(tx) if one.circle_no == circle_no), None)


async def make(tx: Transaction, title: str, token: str) -> Circle | None:
    """Make a circle with a link; None: there are as many as can be. `token`: a fresh secret."""
    if len(await mine(tx)) >= MOST_CIRCLES:
        return None
    tx.keep()
    made = Circle(
        learner_id=tx.learner.learner_id,
        circle_no=tx.number(),
        title=title,
        token_hash=shares.hash_of(token),
        made_at=tx.now,
    )
    tx.write(circles.made(made))
    return made


def link(tx: Transaction, one: Circle, token: str | None) -> None:
    """Give the circle another link in the place of the one it has; None: none."""
    tx.write(circles.linked(one, shares.hash_of(token) if token else None))


async def members(tx: Transaction, one: Circle) -> list[Member]:
    """Who is in an owner's circle."""
    return await circles.members(tx.database, one.learner_id, one.circle_no)


async def close(tx: Transaction, one: Circle) -> None:
    """End a circle; whoever was in it is told."""
    for member in await members(tx, one):
        tx.errand(ErrandKind.CIRCLE_CLOSED, tx.now, one.title, to=member.learner_id)
    tx.write(*circles.closed(one))


async def open_to(tx: Transaction, token_hash: str) -> Circle | Shut:
    """The circle behind a link that may be joined; somebody who is in it may see it all the same."""
    one = await circles.of_hash(tx.database, token_hash)
    if one is None:
        return Shut.GONE
    known = await members(tx, one)
    inside = any(member.learner_id == tx.learner.learner_id for member in known)
    return Shut.FULL if len(known) >= MOST_MEMBERS and not inside else one


async def join(tx: Transaction, one: Circle, name: str) -> Member:
    """Join under a name; somebody who is in it already gets the new name."""
    member = Member(
        learner_id=tx.learner.learner_id,
        other_id=one.learner_id,
        circle_no=one.circle_no,
        name=name,
        joined_at=tx.now,
    )
    tx.write(circles.stands(one), circles.left(member), circles.joined(member))
    return member


async def joined(tx: Transaction) -> list[tuple[Member, str]]:
    """The circles that the learner is in, each with its title."""
    found = []
    for member in await circles.of_member(tx.database, tx.learner.learner_id):
        every = await circles.of_owner(tx.database, member.other_id)
        title = next((one.title for one in every if one.circle_no == member.circle_no), "")
        found.append((member, title))
    return found


async def counts(tx: Transaction, member: Member) -> list[tuple[Member, int]]:
    """Everybody in the circle of a member, in the order of coming, and their answers of seven days."""
    everybody = await circles.members(tx.database, member.other_id, member.circle_no)
    return [(one, await answers(tx, one)) for one in everybody]


async def answers(tx: Transaction, member: Member) -> int:
    """How many questions a member has answered in the last seven days."""
    return await takes.count_since(tx.database, member.learner_id, tx.now - WEEK_MS)


def leave(tx: Transaction, member: Member) -> None:
    """Leave a circle at once."""
    tx.write(circles.left(member))
