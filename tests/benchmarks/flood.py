"""How long somebody waits for an answer while somebody else writes a thousand messages at once.

python -m tests.benchmarks.flood
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

from bot.wire.limits import Limits
from bot.wire.sender import Sender
from tests.house import ANN, CARL, Street, street
from tests.wire.outpost import until

FLOOD, TIMES = 1000, 20


def _taken(town: Street) -> list[dict[str, Any]]:
    updates, taken = town.sandbox.world.updates, []
    while waiting := updates.take(0, 100):
        taken += [orjson.loads(one.body) for one in waiting]
        updates.take(waiting[-1].id + 1, 0)
    return taken


async def _answered_ms(town: Street) -> float:
    """Milliseconds from Carl's message being handed over to its answer on his phone."""
    before = len(town.messages(CARL))
    town.sandbox.world.say(CARL, "/help")
    began = time.perf_counter()
    await town.app.intake.store(_taken(town))
    await until(lambda: len(town.messages(CARL)) >= before + 2)
    return (time.perf_counter() - began) * 1000


async def measured(*, flood: int) -> list[float]:
    """Carl's waits, each with so many of Ann's messages handed over just before."""
    waits = []
    with tempfile.TemporaryDirectory() as folder:
        async with street(Path(folder)) as town:
            await town.enrol(ANN)
            await town.enrol(CARL)
            app = town.app
            limits = Limits(asyncio.get_running_loop().time)
            for _ in range(TIMES):
                app.sender = Sender(
                    app.database,
                    app.api,
                    app.clock,
                    app.health,
                    limits,
                    blocked=app.occasions.blocked,
                )
                limits._chats.pop(CARL, None)
                for number in range(flood):
                    town.sandbox.world.say(ANN, f"message {number}")
                updates = _taken(town)
                for at in range(0, len(updates), 100):
                    await app.intake.store(updates[at : at + 100])
                waits.append(await _answered_ms(town))
                await app.intake.idle()
                await app.sender.close(patience_seconds=0)
    return waits


def main() -> None:
    """Print a table."""
    print(f"{TIMES} answers each | median ms | worst but one | worst ms")  # noqa: T201
    for name, flood in (("alone", 0), (f"behind {FLOOD} messages of another", FLOOD)):
        waits = asyncio.run(measured(flood=flood))
        told = f"{statistics.median(waits):.1f} | {sorted(waits)[-2]:.1f} | {max(waits):.1f}"
        print(f"{name} | {told}")  # noqa: T201


if __name__ == "__main__":
    main()
