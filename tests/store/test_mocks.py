"""Mock interviews on disk: found by number and by drill, changed until they end, each learner's own."""

from dataclasses import replace

import pytest

from bot.store import mocks
from bot.store.database import Conflict, Database
from bot.store.tables import MockState
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, NOW


async def test_found(database: Database) -> None:
    """By its number, and as the one begun last before a drill; nobody else finds it."""
    first, second = cabinet.mock(1), cabinet.mock(10, pressing=1)
    await database.commit([mocks.begun(first), mocks.begun(second)])
    assert await mocks.find(database, ANN, 10) == second
    assert await mocks.of_drill(database, ANN, 5) == first
    assert await mocks.of_drill(database, ANN, 99) == second
    assert await mocks.of_drill(database, ANN, 1) is None
    assert await mocks.find(database, BEN, 10) is None
    assert await mocks.of_drill(database, BEN, 99) is None


async def test_changed(database: Database) -> None:
    """How far it is can be changed until it has ended; of two who end it one is told of the other."""
    begun = cabinet.mock(1)
    await database.commit([mocks.begun(begun)])
    on = replace(begun, state=MockState.PAUSED, plan='["x"]', step=2, probing=1, card_no=3)
    await database.commit([mocks.changed(on)])
    assert await mocks.find(database, ANN, 1) == on
    over = replace(on, state=MockState.ENDED, ended_at=NOW)
    await database.commit([mocks.changed(over)])
    with pytest.raises(Conflict):
        await database.commit([mocks.changed(over)])
    assert await mocks.find(database, ANN, 1) == over
