"""Doing what was left to be done for a learner."""

from bot.practice import Errand, ErrandKind, Transaction, ask, mock
from bot.store import errands
from bot.store.database import Database, Write

WAIT = frozenset({ErrandKind.DIGEST})
"""What does not interrupt a whole interview; a listen waits by itself while a question is open."""


async def dropped(database: Database, key: tuple[int, int, int]) -> list[Write]:
    """Writes that end an errand which nobody is there for."""
    found = await errands.find(database, key)
    return [] if found is None else [errands.dropped(found)]


async def take_up(tx: Transaction, key: tuple[int, int, int]) -> Errand | None:
    """The errand, which this transaction ends; None: it is done, dropped, or nobody is there for it."""
    found = await errands.find(tx.database, key)
    if found is None:
        return None
    tx.write(errands.dropped(found))
    if tx.learner.left_at is not None:
        return None
    if found.kind in WAIT and await mock.current(tx) is not None:
        tx.errand(ErrandKind(found.kind), tx.now + ask.MOCK_WAIT_MS, found.about)
        return None
    return found
