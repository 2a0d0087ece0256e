"""What every test of practice may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.practice.desk import Desk
from tests.store.cabinet import opened


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Somebody who has enrolled, on a Monday at noon."""
    async with opened(tmp_path) as database:
        ready = Desk(database)
        await ready.enrol()
        yield ready
