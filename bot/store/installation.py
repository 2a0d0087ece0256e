"""A few named values of this installation, which belong to no learner."""

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bot.store.database import Database, Write
from bot.store.tables import installation

_READ = select(installation.c.value).where(installation.c.name == bindparam("wanted"))
_PUT = (
    insert(installation)
    .values(name=bindparam("name"), value=bindparam("value"))
    .on_conflict_do_update(index_elements=["name"], set_={"value": bindparam("value")})
)


async def find(database: Database, name: str) -> str | None:
    """The value, or None."""
    rows = await database.read(_READ, wanted=name)
    return rows[0]["value"] if rows else None


def put(name: str, value: str) -> Write:
    """The write that keeps a value."""
    return Write(_PUT, {"name": name, "value": value}, rows=1)
