"""What every test of the store may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.store.cabinet import opened


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A new database, open."""
    async with opened(tmp_path) as ready:
        yield ready
