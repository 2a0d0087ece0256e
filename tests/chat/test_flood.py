"""Who writes a thousand messages at once keeps nobody waiting, is told once, and loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from bot.wire.limits import Limits
from bot.wire.sender import Sender
from tests.house import ANN, CARL, Street
from tests.wire.outpost import Timer, until

FLOOD = 1000
OTHERS_TURN = 15
"""Calls of the Bot API that may come between somebody's message and the answer to it."""

TOLD = "That was a lot at once"


@pytest.fixture
async def timer(town: Street) -> AsyncIterator[Timer]:
    """Let the bot keep Telegram's rates; their seconds pass only when the timer is put forward."""
    timer, app = Timer(), town.app
    limits = Limits(timer.now, timer.sleep)
    app.sender = Sender(
        app.database, app.api, app.clock, app.health, limits, blocked=app.occasions.blocked
    )
    await town.enrol(ANN)
    await town.enrol(CARL)
    timer.forward(60)
    yield timer
    await app.sender.close(patience_seconds=0)


async def drained(town: Street, timer: Timer) -> None:
    """Let seconds pass until all that waits is sent."""
    for _ in range(60):
        timer.forward(1.0)
        await asyncio.sleep(0)
        if not await _unsent(town):
            return
        await until(lambda: timer.sleeping or not town.app.sender._tasks)
    raise AssertionError("there was far more to send than one minute's messages")


async def _unsent(town: Street) -> int:
    return sum(row["state"] <= 2 for row in town.rows("outbox"))


def brought(town: Street) -> list[dict[str, Any]]:
    """What waits at Telegram, as one long batch."""
    return [orjson.loads(one.body) for one in _taken(town)]


def _taken(town: Street) -> list[Any]:
    taken = []
    while waiting := town.sandbox.world.updates.take(0, 100):
        taken += waiting
        town.sandbox.world.updates.take(waiting[-1].id + 1, 0)
    return taken


async def flooded(town: Street) -> int:
    """Ann writes a thousand messages and then Carl one; returns the calls made until Carl's answer."""
    for number in range(FLOOD):
        town.sandbox.world.say(ANN, f"message {number}")
    town.sandbox.world.say(CARL, "/help")
    before = len(town.messages(CARL))
    updates = brought(town)
    calls = len(list(town.sandbox.journal.since(0)))
    for at in range(0, len(updates), 100):
        await town.app.intake.store(updates[at : at + 100])
    await until(lambda: len(town.messages(CARL)) > before, 60.0)
    return len(list(town.sandbox.journal.since(0))) - calls


async def test_the_other_is_answered_among_the_next_calls(town: Street, timer: Timer) -> None:
    """Carl's answer does not stand behind a thousand of Ann's, and waits for none of her seconds."""
    assert await flooded(town) <= OTHERS_TURN


async def test_nothing_of_a_flood_is_lost(town: Street, timer: Timer) -> None:
    """Every one of the thousand is kept as an answer; replies stop at twenty, and that is said once."""
    await flooded(town)
    await town.app.intake.idle()
    assert [row["text"] for row in town.rows("take")] == [f"message {n}" for n in range(FLOOD)]
    assert await _unsent(town) <= 25
    waiting = [row["payload"] for row in town.rows("outbox")]
    assert sum(TOLD in payload for payload in waiting) == 1


async def test_after_the_flood_all_is_as_before(town: Street, timer: Timer) -> None:
    """When what waited has been sent, the learner is answered again, and can still rate."""
    for number in range(50):
        town.sandbox.world.say(ANN, f"message {number}")
    await town.app.intake.store(brought(town))
    await town.app.intake.idle()
    await drained(town, timer)
    assert sum(TOLD in m.get("text", "") for m in town.messages()) == 1
    town.sandbox.world.say(ANN, "4")
    await town.app.intake.store(brought(town))
    await town.app.intake.idle()
    assert town.row("rating")["tone"] == 4


async def test_a_flood_can_still_be_forgotten(town: Street, timer: Timer) -> None:
    """/forget asks its question even while twenty replies wait."""
    for _ in range(40):
        town.sandbox.world.say(ANN, "/help")
    town.sandbox.world.say(ANN, "/forget")
    await town.app.intake.store(brought(town))
    await town.app.intake.idle()
    assert "Erase everything" in town.rows("outbox")[-1]["payload"]
