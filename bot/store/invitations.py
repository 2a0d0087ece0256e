"""Single-use invitation links; only the hash of a link's token is stored."""

import hashlib

from sqlalchemy import bindparam, insert, select, update

from bot.store.database import Database, Write
from bot.store.tables import invitation

_INSERT = insert(invitation).values(
    token_hash=bindparam("token_hash"),
    created_at=bindparam("now"),
    expires_at=bindparam("expires_at"),
)
_valid = (
    (invitation.c.token_hash == bindparam("token_hash"))
    & invitation.c.used_at.is_(None)
    & (invitation.c.expires_at > bindparam("now"))
)
_USE = update(invitation).where(_valid).values(used_at=bindparam("now"))
_FIND = select(invitation.c.token_hash).where(_valid)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def made(token: str, now: int, expires_at: int) -> Write:
    """The write that stores an invitation."""
    values = {"token_hash": _hash(token), "now": now, "expires_at": expires_at}
    return Write(_INSERT, values, rows=1)


async def is_valid(database: Database, token: str, now: int) -> bool:
    """Whether this token may still be used."""
    return bool(await database.read(_FIND, token_hash=_hash(token), now=now))


def used(token: str, now: int) -> Write:
    """The write that uses an invitation up; of two people at once only one succeeds."""
    return Write(_USE, {"token_hash": _hash(token), "now": now}, rows=1)
