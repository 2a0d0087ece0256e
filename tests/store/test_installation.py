"""Named values of the installation."""

from bot.store import installation
from bot.store.database import Database


async def test_values(database: Database) -> None:
    """A value is found under its name as it was put last; a name never put has none."""
    await database.commit([installation.put("origin", "1"), installation.put("skipped", "5")])
    await database.commit([installation.put("origin", "2")])
    assert await installation.find(database, "origin") == "2"
    assert await installation.find(database, "skipped") == "5"
    assert await installation.find(database, "other") is None
