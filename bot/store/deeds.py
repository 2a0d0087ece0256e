"""What a learner did of late that can be taken back, apart from rating."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select

from bot.store.database import Database, Write
from bot.store.tables import deed

KEEP_MS = 24 * 3600 * 1000
"""For how long something can be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One row of `deed`; `about` is for whoever takes it back."""

    learner_id: int
    deed_no: int
    kind: int
    about: str
    done_at: int


_own: BindParameter[Any] = bindparam("learner_id")
_NEWEST = (
    select(deed)
    .where(deed.c.learner_id == _own, deed.c.done_at > bindparam("since"))
    .order_by(deed.c.deed_no.desc())
    .limit(bindparam("most"))
)
_INSERT = insert(deed).values({c.name: bindparam(c.name) for c in deed.columns})
_DROP = delete(deed).where(deed.c.learner_id == _own, deed.c.deed_no == bindparam("deed_no"))
_PURGE = delete(deed).where(deed.c.done_at <= bindparam("before"))


async def newest(database: Database, learner_id: int, now: int, most: int) -> list[Deed]:
    """What the learner did last and may still take back, the newest first."""
    rows = await database.read(_NEWEST, learner_id=learner_id, since=now - KEEP_MS, most=most)
    return [Deed(**dict(row)) for row in rows]


def done(value: Deed) -> Write:
    """The write that remembers a deed."""
    return Write(_INSERT, asdict(value), rows=1)


def dropped(value: Deed) -> Write:
    """The write that forgets a deed, taken back or past it; it is forgotten once."""
    return Write(_DROP, {"learner_id": value.learner_id, "deed_no": value.deed_no}, rows=1)


def purged(now: int) -> Write:
    """The write that forgets everybody's deeds that are too old to be taken back."""
    return Write(_PURGE, {"before": now - KEEP_MS})
