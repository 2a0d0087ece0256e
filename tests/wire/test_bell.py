"""The bell that wakes loops."""

import asyncio

from bot.wire.bell import Bell


async def test_rung_while_somebody_waits() -> None:
    """Whoever waits for it goes on at once, however long they would have waited."""
    bell = Bell()
    waiting = asyncio.create_task(bell.heard(10**6))
    await asyncio.sleep(0)
    assert not waiting.done()
    bell.ring()
    await waiting


async def test_rung_before() -> None:
    """A ring that came while nobody waited is heard afterwards, until it is silenced."""
    bell = Bell()
    bell.ring()
    await bell.heard(10**6)
    await bell.heard(10**6)
    bell.silence()
    waiting = asyncio.create_task(bell.heard(10**6))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()


async def test_not_rung() -> None:
    """Without a ring the time is what ends the wait."""
    await Bell().heard(0.0)
