"""Links to one take for one friend: of the friend nothing is stored but how they heard it."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update

from bot.store.database import Database, Write
from bot.store.shares import hash_of
from bot.store.tables import ear


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """One row of `ear`; see there. `told_from`: what the learner chose to be called."""

    learner_id: int
    ear_no: int
    take_no: int
    token_hash: str
    told_from: str | None = None
    created_at: int
    expires_at: int
    opened_at: int | None = None
    answer_hash: str | None = None
    revoked_at: int | None = None
    tone: int | None = None
    line: str | None = None

    def is_open(self, now: int) -> bool:
        """Whether somebody may still listen by it."""
        return self.opened_at is None and self.revoked_at is None and now < self.expires_at


_own: BindParameter[Any] = bindparam("learner_id")
_OF_LEARNER = select(ear).where(ear.c.learner_id == _own).order_by(ear.c.learner_id, ear.c.ear_no)
_OF_TOKEN = select(ear).where(ear.c.token_hash == bindparam("token_hash"))
_OF_ANSWER = select(ear).where(
    ear.c.answer_hash.is_not(None), ear.c.answer_hash == bindparam("answer_hash")
)
_this = (ear.c.learner_id == _own) & (ear.c.ear_no == bindparam("ear_no"))
_INSERT = insert(ear).values({c.name: bindparam(c.name) for c in ear.columns})
_OPEN = (
    update(ear)
    .where(
        _this,
        ear.c.opened_at.is_(None),
        ear.c.revoked_at.is_(None),
        ear.c.expires_at > bindparam("now"),
    )
    .values(opened_at=bindparam("now"), answer_hash=bindparam("answer_hash"))
)
_RATE = (
    update(ear)
    .where(_this, ear.c.tone.is_(None), ear.c.revoked_at.is_(None))
    .values(tone=bindparam("tone"))
)
_SAY = (
    update(ear)
    .where(_this, ear.c.line.is_(None), ear.c.revoked_at.is_(None))
    .values(line=bindparam("line"))
)
_REVOKE = update(ear).where(_this, ear.c.revoked_at.is_(None)).values(revoked_at=bindparam("now"))
_DROP = delete(ear).where(_this)


async def of_learner(database: Database, learner_id: int) -> list[Ear]:
    """The links that somebody made, oldest first."""
    return [Ear(**dict(row)) for row in await database.read(_OF_LEARNER, learner_id=learner_id)]


async def of_token(database: Database, token: str) -> Ear | None:
    """The link of a token; None: there is none."""
    rows = await database.read(_OF_TOKEN, token_hash=hash_of(token))
    return Ear(**dict(rows[0])) if rows else None


async def of_answer(database: Database, secret: str) -> Ear | None:
    """The link whose friend has this secret in their buttons; None: there is none."""
    rows = await database.read(_OF_ANSWER, answer_hash=hash_of(secret))
    return Ear(**dict(rows[0])) if rows else None


def made(value: Ear) -> Write:
    """The write that stores a new link."""
    return Write(_INSERT, asdict(value), rows=1)


def opened(value: Ear, now: int, secret: str) -> Write:
    """The write that uses a link up; of two people at once only one succeeds."""
    return Write(_OPEN, {**_key(value), "now": now, "answer_hash": hash_of(secret)}, rows=1)


def rated(value: Ear, tone: int) -> Write:
    """The write that keeps how the friend heard it, once."""
    return Write(_RATE, {**_key(value), "tone": tone}, rows=1)


def said(value: Ear, line: str) -> Write:
    """The write that keeps the friend's one line."""
    return Write(_SAY, {**_key(value), "line": line}, rows=1)


def revoked(value: Ear, now: int) -> Write:
    """The write that takes a link back."""
    return Write(_REVOKE, {**_key(value), "now": now}, rows=1)


def dropped(value: Ear) -> Write:
    """The write that forgets a link."""
    return Write(_DROP, _key(value))


def _key(value: Ear) -> dict[str, int]:
    return {"learner_id": value.learner_id, "ear_no": value.ear_no}
