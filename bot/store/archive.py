"""Everything one learner has here: to hand it to them, or to erase it."""

from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select

from bot.store.database import Database, Write
from bot.store.tables import LEARNER_TABLES, UpdateState, inbox

_own: BindParameter[Any] = bindparam("learner_id")
_READS = {
    table.name: select(table).where(table.c.learner_id == _own)
    for table in LEARNER_TABLES
    if table.name != "outbox"
}
_ERASES = [delete(table).where(table.c.learner_id == _own) for table in LEARNER_TABLES]
_ERASE_RAW = delete(inbox).where(inbox.c.learner_id == _own, inbox.c.state == int(UpdateState.DEAD))


async def everything(database: Database, learner_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row of the learner by table name."""
    return {
        name: [dict(row) for row in await database.read(statement, learner_id=learner_id)]
        for name, statement in _READS.items()
    }


def erased(learner_id: int) -> list[Write]:
    """Writes that erase the learner.

    Updates that still wait stay: the one that asks for this is closed by whoever handles it, and
    what comes after it belongs to a new beginning.
    """
    return [Write(statement, {"learner_id": learner_id}) for statement in (*_ERASES, _ERASE_RAW)]
