"""Practice circles: the owner's row, and one for each member under the name that they typed."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update

from bot.store.database import Database, Write
from bot.store.tables import circle, circle_member


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """One row of `circle`; see there."""

    learner_id: int
    circle_no: int
    title: str
    token_hash: str | None = None
    made_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One row of `circle_member`; `other_id` is the circle's owner."""

    learner_id: int
    other_id: int
    circle_no: int
    name: str
    joined_at: int


_own: BindParameter[Any] = bindparam("learner_id")
_circle_no: BindParameter[Any] = bindparam("circle_no")
_owner: BindParameter[Any] = bindparam("owner_id")
_OF_OWNER = (
    select(circle)
    .where(circle.c.learner_id == _own)
    .order_by(circle.c.learner_id, circle.c.circle_no)
)
_OF_TOKEN = select(circle).where(
    circle.c.token_hash.is_not(None), circle.c.token_hash == bindparam("token_hash")
)
_this = (circle.c.learner_id == _own) & (circle.c.circle_no == _circle_no)
_INSERT = insert(circle).values({c.name: bindparam(c.name) for c in circle.columns})
_LINK = update(circle).where(_this).values(token_hash=bindparam("token_hash"))
_STANDS = (
    update(circle)
    .where(_this, circle.c.token_hash == bindparam("token_hash"))
    .values(title=circle.c.title)
)
_DROP = delete(circle).where(_this)
_in_it = (circle_member.c.other_id == _owner) & (circle_member.c.circle_no == _circle_no)
_MEMBERS = select(circle_member).where(_in_it)
_EMPTY = delete(circle_member).where(_in_it)
_OF_MEMBER = select(circle_member).where(circle_member.c.learner_id == _own)
_JOIN = insert(circle_member).values({c.name: bindparam(c.name) for c in circle_member.columns})
_LEAVE = delete(circle_member).where(circle_member.c.learner_id == _own, _in_it)


async def of_owner(database: Database, owner_id: int) -> list[Circle]:
    """The circles that an owner made, oldest first."""
    rows = await database.read(_OF_OWNER, learner_id=owner_id)
    return [Circle(**dict(row)) for row in rows]


async def of_hash(database: Database, token_hash: str) -> Circle | None:
    """The circle whose link has a token of this hash; None: there is none (any more)."""
    rows = await database.read(_OF_TOKEN, token_hash=token_hash)
    return Circle(**dict(rows[0])) if rows else None


async def members(database: Database, owner_id: int, circle_no: int) -> list[Member]:
    """Who is in a circle, in the order of coming."""
    rows = await database.read(_MEMBERS, owner_id=owner_id, circle_no=circle_no)
    found = (Member(**dict(row)) for row in rows)
    return sorted(found, key=lambda one: (one.joined_at, one.name))


async def of_member(database: Database, learner_id: int) -> list[Member]:
    """The circles that somebody is in."""
    rows = await database.read(_OF_MEMBER, learner_id=learner_id)
    found = (Member(**dict(row)) for row in rows)
    return sorted(found, key=lambda one: (one.joined_at, one.circle_no))


def made(value: Circle) -> Write:
    """The write that stores a new circle."""
    return Write(_INSERT, asdict(value), rows=1)


def linked(value: Circle, token_hash: str | None) -> Write:
    """The write that gives a circle another link, or none."""
    return Write(_LINK, {**_key(value), "token_hash": token_hash}, rows=1)


def stands(value: Circle) -> Write:
    """The write that changes nothing, and fails unless the circle has the very link it had."""
    return Write(_STANDS, {**_key(value), "token_hash": value.token_hash}, rows=1)


def closed(value: Circle) -> list[Write]:
    """Writes that end a circle, and forget who was in it."""
    in_it = {"owner_id": value.learner_id, "circle_no": value.circle_no}
    return [Write(_DROP, _key(value), rows=1), Write(_EMPTY, in_it)]


def joined(value: Member) -> Write:
    """The write that lets somebody in; once."""
    return Write(_JOIN, asdict(value), rows=1)


def left(value: Member) -> Write:
    """The write that forgets a member."""
    in_it = {"owner_id": value.other_id, "circle_no": value.circle_no}
    return Write(_LEAVE, {"learner_id": value.learner_id, **in_it})


def _key(value: Circle) -> dict[str, int]:
    return {"learner_id": value.learner_id, "circle_no": value.circle_no}
