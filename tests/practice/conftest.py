"""What every test of practice may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.practice.desk import Desk
from tests.store.cabinet import opened


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A new database, open."""
    async with opened(tmp_path) as ready:
        yield ready


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Somebody who has enrolled, on a Monday at noon."""
    async with opened(tmp_path) as database:
        ready = Desk(database)
        await ready.enrol()
        yield ready
