"""Everything one learner has here: to hand it to them, or to erase it."""

from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select

from bot.store import errands
from bot.store.database import Database, Row, Write
from bot.store.tables import LEARNER_TABLES, UpdateState, inbox

OTHER = "other_id"
"""The column that names a second person whom a row concerns: it is erased with either."""

UNTOLD = (OTHER, "from_id")
"""Columns with the number of somebody else, which is not the learner's to have."""

_own: BindParameter[Any] = bindparam("learner_id")
_READS = {
    table.name: select(table).where(table.c.learner_id == _own)
    for table in LEARNER_TABLES
    if table.name != "outbox"
}
_SET_ASIDE = select(inbox).where(inbox.c.learner_id == _own, inbox.c.state == int(UpdateState.DEAD))
_ERASES = [delete(table).where(table.c.learner_id == _own) for table in LEARNER_TABLES]
_ERASES_WITH_OTHERS = [
    delete(table).where(table.c.other_id == _own, table.c.other_id.is_not(None))
    for table in LEARNER_TABLES
    if OTHER in table.columns
]
_ERASE_RAW = delete(inbox).where(inbox.c.learner_id == _own, inbox.c.state == int(UpdateState.DEAD))


async def everything(database: Database, learner_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row of the learner by table name; `inbox`: what of theirs could not be handled.

    Numbers of other people are left out.

    The outbox is not theirs: it holds the bot's own words on their way to the same chat.
    """
    return {
        name: [_plain(row) for row in await database.read(statement, learner_id=learner_id)]
        for name, statement in {**_READS, "inbox": _SET_ASIDE}.items()
    }


def _plain(row: Row) -> dict[str, Any]:
    """A row in which raw bytes are text, and nobody else has a number."""
    texts = {name: row[name] for name in row.keys() if name not in UNTOLD}  # noqa: SIM118  no dict
    return {
        name: value.decode(errors="replace") if isinstance(value, bytes) else value
        for name, value in texts.items()
    }


def erased(learner_id: int) -> list[Write]:
    """Writes that erase the learner.

    Updates that still wait stay: the one that asks for this is closed by whoever handles it, and
    what comes after it belongs to a new beginning.
    """
    statements = (*_ERASES, *_ERASES_WITH_OTHERS, _ERASE_RAW)
    own = [Write(statement, {"learner_id": learner_id}) for statement in statements]
    return [*own, errands.erased_from(learner_id)]
