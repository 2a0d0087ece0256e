"""Links that hand a copy of somebody's own questions to one other person; only hashes are stored.

Who used a link is not stored at all.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update

from bot.store.database import Database, Write
from bot.store.tables import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One row of `share`. `told_from`: what the sharer chose to be called; None: nothing."""

    learner_id: int
    share_no: int
    token_hash: str
    told_from: str | None = None
    created_at: int
    expires_at: int
    used_at: int | None = None
    revoked_at: int | None = None

    def is_open(self, now: int) -> bool:
        """Whether somebody may still use it."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


_own: BindParameter[Any] = bindparam("learner_id")
_OF_LEARNER = (
    select(share).where(share.c.learner_id == _own).order_by(share.c.learner_id, share.c.share_no)
)
_OF_TOKEN = select(share).where(share.c.token_hash == bindparam("token_hash"))
_INSERT = insert(share).values({c.name: bindparam(c.name) for c in share.columns})
_this = (share.c.learner_id == _own) & (share.c.share_no == bindparam("share_no"))
_open = _this & share.c.used_at.is_(None) & share.c.revoked_at.is_(None)
_USE = (
    update(share)
    .where(_open, share.c.expires_at > bindparam("now"))
    .values(used_at=bindparam("now"))
)
_REVOKE = update(share).where(_open).values(revoked_at=bindparam("now"))
_DROP = delete(share).where(_this)


def hash_of(token: str) -> str:
    """What is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def of_learner(database: Database, learner_id: int) -> list[Share]:
    """The links that somebody made, oldest first."""
    rows = await database.read(_OF_LEARNER, learner_id=learner_id)
    return [Share(**dict(row)) for row in rows]


async def of_token(database: Database, token: str) -> Share | None:
    """The link of a token, whoever made it and whatever became of it; None: there is none."""
    rows = await database.read(_OF_TOKEN, token_hash=hash_of(token))
    return Share(**dict(rows[0])) if rows else None


def made(value: Share) -> Write:
    """The write that stores a new link."""
    return Write(_INSERT, asdict(value), rows=1)


def used(value: Share, now: int) -> Write:
    """The write that uses a link up; of two people at once only one succeeds."""
    return Write(_USE, _values(value, now), rows=1)


def revoked(value: Share, now: int) -> Write:
    """The write that takes a link back, unless it was used in the meantime."""
    return Write(_REVOKE, _values(value, now), rows=1)


def dropped(value: Share) -> Write:
    """The write that forgets a link that is over."""
    return Write(_DROP, {"learner_id": value.learner_id, "share_no": value.share_no}, rows=1)


def _values(value: Share, now: int) -> dict[str, int]:
    return {"learner_id": value.learner_id, "share_no": value.share_no, "now": now}
