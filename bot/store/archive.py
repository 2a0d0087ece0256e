"""Everything one learner has here: to hand it to them, or to erase it."""

from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select

from bot.store.database import Database, Write
from bot.store.tables import LEARNER_TABLES, inbox

_own: BindParameter[Any] = bindparam("learner_id")
_READS = {
    table.name: select(table).where(table.c.learner_id == _own)
    for table in LEARNER_TABLES
    if table.name != "outbox"
}
_ERASES = [delete(table).where(table.c.learner_id == _own) for table in LEARNER_TABLES]
_ERASE_RAW = delete(inbox).where(
    inbox.c.learner_id == _own, inbox.c.update_id != bindparam("this_update")
)


async def everything(database: Database, learner_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row of the learner by table name."""
    return {
        name: [dict(row) for row in await database.read(statement, learner_id=learner_id)]
        for name, statement in _READS.items()
    }


def erased(learner_id: int, this_update: int) -> list[Write]:
    """Writes that erase the learner; the update that asked for it is closed by whoever handles it."""
    values = {"learner_id": learner_id, "this_update": this_update}
    return [Write(statement, values) for statement in (*_ERASES, _ERASE_RAW)]
