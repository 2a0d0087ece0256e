"""The machine's clock is set forward and back, by a second or by ten years, and the machine sleeps."""

import asyncio
from pathlib import Path

from tests.faults.oracle import Verdict
from tests.faults.simulation.judge import judged
from tests.faults.simulation.life import City
from tests.faults.simulation.loop import SimulatedLoop, simulated

STEPS = 20
SECONDS = 8 * 3600.0
LONGEST_SECONDS = 10 * 365.25 * 86_400


async def stepping(seed: int, folder: Path) -> City:
    """Hours of four people with twenty steps of the clock, the last of which puts it right."""
    city = City(folder, f"steps {seed}", drain_seconds=1800.0)
    dice = city.dice("steps")
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SimulatedLoop)

    async def step() -> None:
        for number in range(STEPS):
            await asyncio.sleep(SECONDS / (STEPS + 4) * 2 * dice.random())
            if dice.random() < 0.2:
                loop.block(8 * 3600 * dice.random())
                continue
            size = LONGEST_SECONDS ** dice.random()
            right = number == STEPS - 1 or dice.random() < 0.3
            city.wall.step = 0.0 if right else size if dice.random() < 0.5 else -size
        city.wall.step = 0.0

    city.settle(2, 2)
    city.at_work(step())
    await city.live(SECONDS * 1.5, [SECONDS * dice.random()])
    return city


def trial(seed: int, folder: Path) -> Verdict:
    """One seed, judged by what holds whatever a clock shows."""
    city = simulated(lambda: stepping(seed, folder))
    verdict = judged(city, steps=True)
    verdict.counts["steps"] = STEPS
    return verdict


def test_steps_of_the_clock_break_no_promise(tmp_path: Path) -> None:
    """Twenty steps in a day: every update is settled, no moment is used twice, nothing stops."""
    verdict = trial(1, tmp_path)
    assert not verdict.complaints, str(verdict)
