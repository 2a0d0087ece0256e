"""What every test may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.house import Street, street


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Street]:
    """The whole bot, a sandbox over HTTP, and a clock that stands still."""
    async with street(tmp_path) as opened:
        yield opened
