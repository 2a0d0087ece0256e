"""What the tests of the chat may ask for beside the town."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chat.banks import shelf
from tests.house import Street, street


@pytest.fixture
async def corner(tmp_path: Path) -> AsyncIterator[Street]:
    """A street whose only set has only one question, so that every drill asks it."""
    async with street(tmp_path, library=shelf()) as opened:
        yield opened
