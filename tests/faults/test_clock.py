"""A computer whose clock is wrong: surprises wait, replies go on, and all is planned by the right one."""

import asyncio
import time
from pathlib import Path

from bot.app import App, read_banks
from bot.clock import Clock
from bot.sandbox.server import Sandbox
from bot.store import learners
from bot.store.database import Database
from bot.store.learners import Learner
from tests.house import ANN, DAY, OLGA
from tests.test_app import Running, sandbox, settings_for
from tests.wire.outpost import until

__all__ = ["sandbox"]


class Computer:
    """A wall clock that may be wrong by some seconds."""

    ahead = 0.0

    def __call__(self) -> float:
        """What it shows."""
        return time.time() + self.ahead


async def ann(database: Database) -> Learner:
    """Ann as she is stored."""
    found = await learners.find(database, ANN)
    assert found
    return found


async def test_a_wrong_clock_sends_no_surprise(sandbox: Sandbox, tmp_path: Path) -> None:
    """Hours ahead, a surprise that seems due is held and the owner told; corrected, it is drawn anew."""
    settings = settings_for(sandbox, tmp_path)
    computer = Computer()
    computer.ahead = 10 * 3600
    clock = Clock(wall=computer)
    sandbox.world.chats[ANN].is_open = True
    async with Database(settings.database_path) as database:
        now = clock.now()
        week = ((0, 1439),) * 7
        person = Learner(
            learner_id=ANN,
            joined_at=now - DAY,
            enrolled_at=now - DAY,
            active_set="hard-questions",
            zone="UTC",
            next_drill_at=now - 1000,
        )
        await database.commit([learners.saved(None, person), *learners.hours_written(ANN, week)])
        app = App(settings, database, read_banks(settings), clock)
        bot = Running(sandbox, settings, asyncio.create_task(app.run()))
        try:
            await bot.said("/start", OLGA)
            await app.watchman.look()
            await bot.until(lambda: "Surprises wait" in sandbox.world.messages(OLGA)[-1]["text"])
            await app.alarm.ring()
            assert bot.answers(ANN) == 0
            assert (await ann(database)).next_drill_at == person.next_drill_at
            assert any("10 hours ahead" in told for told in app.health.problems(clock.now()))
            await bot.said("/help")
            computer.ahead = 0
            await app.watchman.look()
            await until(lambda: app.time.ahead_ms is not None)
            await app.watchman.look()
            await app.watchman.settle()
            planned = (await ann(database)).next_drill_at
            assert planned is not None
            assert clock.now() < planned < clock.now() + 30 * DAY
            assert planned != person.next_drill_at
            await bot.until(lambda: "agrees" in sandbox.world.messages(OLGA)[-1]["text"])
            assert app.health.problems(clock.now()) == []
            drills = [m for m in sandbox.world.messages(ANN) if "Hint" in str(m)]
            assert drills == []
        finally:
            bot.program.cancel()
            await asyncio.gather(bot.program, return_exceptions=True)
