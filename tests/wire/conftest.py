"""What every test of the wire may ask for."""

import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot.telemetry.logs import configure
from tests.wire.outpost import Outpost, outpost


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Outpost]:
    """A database, a sandbox, and a client between them."""
    async with outpost(tmp_path) as opened:
        yield opened


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged at DEBUG, as JSON lines."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure("debug", [], stream)
    yield stream
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()
