"""Deleting a take: for a day it can be brought back, then what it held is erased; its rating stays."""

from bot.practice import Transaction
from bot.store import deeds, takes
from bot.store.database import Database, Write
from bot.store.tables import DeedKind
from bot.store.takes import Take

UNDO_MS = deeds.KEEP_MS
"""For how long a deleted take can be brought back."""


async def delete(tx: Transaction, take_no: int) -> Take | None:
    """Delete a take; returns it as it was, None: there is none. A repeat changes nothing."""
    take = await takes.find(tx.database, tx.learner.learner_id, take_no)
    if take is not None and take.deleted_at is None:
        tx.write(takes.deleted(take.learner_id, take_no, tx.now))
        tx.did(DeedKind.DELETE, str(take_no))
    return take


async def bring_back(tx: Transaction, take_no: int) -> Take | None:
    """Undo a deletion; None: nothing is deleted there, or it is erased by now."""
    take = await takes.find(tx.database, tx.learner.learner_id, take_no)
    if take is None or not can_come_back(take, tx.now):
        return None
    tx.write(takes.brought_back(take.learner_id, take_no))
    return take


def can_come_back(take: Take, now: int) -> bool:
    """Whether a take is deleted, and neither too long ago nor erased."""
    deleted = take.deleted_at
    return deleted is not None and now - deleted < UNDO_MS and not take.is_erased


async def erase(tx: Transaction, take_no: int) -> Take | None:
    """Erase at once what a deleted take holds; None: it is not deleted, or there is none."""
    take = await takes.find(tx.database, tx.learner.learner_id, take_no)
    if take is None or take.deleted_at is None:
        return None
    tx.write(takes.erased(take.learner_id, take_no))
    tx.erased = True
    return take


async def overdue(database: Database, now: int, most: int) -> list[Write]:
    """Writes that erase what was deleted a day ago; none are left when there are fewer than `most`."""
    rows = await takes.to_erase(database, now - UNDO_MS, most)
    return [takes.erased(*row) for row in rows]
