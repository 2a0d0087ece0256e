"""Updates as Telegram sent them, stored before Telegram is told that they arrived."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, case, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.database import Database, Row, Write
from bot.store.tables import UpdateState, inbox

KEEP_MS = 6 * 24 * 3600 * 1000
"""How long a handled update's id is remembered, to know it again; Telegram may restart ids after a week."""


NOBODY = 0
"""Whose an update is that no person caused, or that is done: then only its id is kept."""


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """One stored update; `raw` is the JSON as it came, `failures` how often handling it failed."""

    update_id: int
    learner_id: int
    raw: bytes
    failures: int = 0


_STORE = (
    insert(inbox)
    .values(
        update_id=bindparam("update_id"),
        learner_id=bindparam("learner_id"),
        received_at=bindparam("received_at"),
        raw=bindparam("raw"),
        state=int(UpdateState.WAITING),
        failures=0,
    )
    .on_conflict_do_nothing()
)
_WAITING = (
    select(inbox.c.update_id, inbox.c.learner_id, inbox.c.raw, inbox.c.failures)
    .where(inbox.c.state == int(UpdateState.WAITING), inbox.c.update_id > bindparam("after"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("most"))
)
_WHICH_WAIT = select(inbox.c.update_id).where(
    inbox.c.state == int(UpdateState.WAITING),
    inbox.c.update_id >= bindparam("first"),
    inbox.c.update_id <= bindparam("last"),
)
_this = (inbox.c.update_id == bindparam("this_update")) & (
    inbox.c.state == int(UpdateState.WAITING)
)
_DONE = (
    update(inbox)
    .where(_this)
    .values(state=int(UpdateState.DONE), learner_id=NOBODY, raw=None, error=None)
)
_FAILED = (
    update(inbox).where(_this).values(failures=bindparam("failures"), error=bindparam("error"))
)
_DEAD = (
    update(inbox)
    .where(_this)
    .values(state=int(UpdateState.DEAD), failures=bindparam("failures"), error=bindparam("error"))
)
_FORGET = (
    update(inbox)
    .where(inbox.c.learner_id == bindparam("whose"))
    .values(state=int(UpdateState.DONE), learner_id=NOBODY, raw=None, error=None)
)
_PURGE = delete(inbox).where(
    inbox.c.state != int(UpdateState.WAITING), inbox.c.received_at < bindparam("before")
)
_COUNTS = select(
    func.sum(case((inbox.c.state == int(UpdateState.WAITING), 1), else_=0)).label("waiting"),
    func.sum(case((inbox.c.state == int(UpdateState.DEAD), 1), else_=0)).label("dead"),
)


async def store(database: Database, updates: Sequence[StoredUpdate], now: int) -> list[int]:
    """Keep the updates in one commit; returns the ids that wait to be handled (a repeat is not new)."""
    if not updates:
        return []
    await database.commit(
        [
            Write(
                _STORE,
                {
                    "update_id": item.update_id,
                    "learner_id": item.learner_id,
                    "received_at": now,
                    "raw": item.raw,
                },
            )
            for item in updates
        ]
    )
    ids = [item.update_id for item in updates]
    rows = await database.read(_WHICH_WAIT, first=min(ids), last=max(ids))
    return [row["update_id"] for row in rows]


async def waiting(database: Database, after: int, most: int) -> list[StoredUpdate]:
    """Stored updates not handled yet, by id, those after `after`."""
    rows = await database.read(_WAITING, after=after, most=most)
    return [StoredUpdate(r["update_id"], r["learner_id"], r["raw"], r["failures"]) for r in rows]


def done(update_id: int) -> Write:
    """The write that closes an update; it belongs into the transaction of what the update did."""
    return Write(_DONE, {"this_update": update_id}, rows=1)


def failed(update_id: int, failures: int, error: str) -> Write:
    """The write that counts one more failure."""
    return Write(_FAILED, {"this_update": update_id, "failures": failures, "error": error}, rows=1)


def dead(update_id: int, failures: int, error: str) -> Write:
    """The write that sets an update aside for good; its raw text stays for the owner."""
    return Write(_DEAD, {"this_update": update_id, "failures": failures, "error": error}, rows=1)


def forgotten(learner_id: int) -> Write:
    """The write that leaves nothing but their ids of all that somebody ever sent."""
    return Write(_FORGET, {"whose": learner_id})


def purged(now: int) -> Write:
    """The write that forgets handled updates after `KEEP_MS`."""
    return Write(_PURGE, {"before": now - KEEP_MS})


async def counts(database: Database) -> Row:
    """How many updates are `waiting` and `dead` (None: none)."""
    return (await database.read(_COUNTS))[0]
