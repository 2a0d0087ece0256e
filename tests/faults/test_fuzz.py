"""Updates that Telegram would hardly send: every one is settled, and nobody else notices."""

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.sandbox.shapes import Json
from bot.sandbox.updates import Updates, Waiting
from bot.store.tables import UpdateState
from tests.faults.oracle import Verdict
from tests.faults.simulation.judge import judged
from tests.faults.simulation.life import City
from tests.faults.simulation.loop import simulated

UPDATES = 2000
BATCH = 50
STRANGE: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 2**64, 1e308, "", " ", "\x00", "\ud800", "0" * 5000, "é" * 4097,
    [], [[]], {}, {"": ""}, {"id": {}}, [None] * 50, "v1:rate:1:5", "/start " + "A" * 70, "/forget",
    "<b>unclosed & <i>", "null", "2026-02-30", [{"type": "bot_command", "offset": 0, "length": 99}],
)  # fmt: skip


def mutated(update: Json, dice: random.Random) -> Json:
    """The update with a few of its values replaced, removed, repeated or nested, at any depth."""
    for _ in range(1 + int(3 * dice.random())):
        places = list(_places(update))
        holder, key = dice.choice(places)
        deed = dice.random()
        if deed < 0.2:
            del holder[key]
        elif deed < 0.3:
            holder[key] = [holder[key]]
        elif deed < 0.4:
            other, other_key = dice.choice(places)
            holder[key] = _copied(other.get(other_key))
        elif deed < 0.45:
            holder[key] = _nested(int(300 * dice.random()))
        else:
            holder[key] = dice.choice(STRANGE)
        if not update:
            return {}
    return update


def _places(value: Json) -> Iterator[tuple[Any, Any]]:
    for key, inner in value.items():
        yield value, key
        if isinstance(inner, dict):
            yield from _places(inner)


def _copied(value: Any) -> Any:
    return {k: _copied(v) for k, v in value.items()} if isinstance(value, dict) else value


def _nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = {"message": value}
    return value


async def fuzzed(seed: int, folder: Path, updates: int) -> City:
    """Ordinary people practise; what they sent comes again in strange shapes, from strangers too."""
    city = City(folder, f"fuzz {seed}")
    dice = city.dice("fuzz")
    city.settle(2, 2)

    async def fuzz() -> None:
        await asyncio.sleep(3600)
        examples = [
            {kind: content for kind, content in update.items() if kind != "update_id"}
            for update in city.line.handed.values()
            if _person(update) != city.people[0].number
        ]
        for number in range(updates):
            changed = mutated(_copied(dice.choice(examples)), dice)
            if _person(changed) != city.people[0].number:
                _queue(city.world.updates, changed)
            if number % BATCH == 0:
                await asyncio.sleep(30)

    city.at_work(fuzz())
    await city.live(3700 + 30.0 * updates / BATCH, [3000.0])
    return city


def _queue(updates: Updates, update: Json) -> None:
    """As the sandbox does, but with what only Python's own JSON can write."""
    number, updates.next_id = updates.next_id, updates.next_id + 1
    body = json.dumps({"update_id": number, **update}).encode()
    updates._queue(Waiting(number, 0, body, float("inf")))


def _person(update: Json) -> Any:
    for content in update.values():
        sender = content.get("from") if isinstance(content, dict) else None
        if isinstance(sender, dict):
            return sender.get("id")
    return None


def trial(seed: int, folder: Path, updates: int = UPDATES) -> Verdict:
    """Two thousand updates, judged by what became of them and of the people beside them."""
    city = simulated(lambda: fuzzed(seed, folder, updates))
    verdict = judged(city, strangers=True)
    verdict.counts["fuzzed"] = updates
    return verdict


def test_fuzzed_updates_are_all_settled(tmp_path: Path) -> None:
    """Whatever an update looks like, it ends as done or dead; no crash, no wedge, no other learner."""
    verdict = trial(1, tmp_path, 400)
    assert not verdict.complaints, str(verdict)
    assert verdict.counts["set aside as dead"] > 0, UpdateState.DEAD
