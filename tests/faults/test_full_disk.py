"""The disk is full again and again: what is not stored is not acknowledged, and nothing stops."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.oracle import Verdict
from tests.faults.simulation.disk import CODES
from tests.faults.simulation.judge import judged
from tests.faults.simulation.life import City
from tests.faults.simulation.loop import simulated

COMMITS = 100
SECONDS = 3 * 3600.0


async def filling(seed: int, folder: Path, kind: str) -> City:
    """Three hours in which a hundred commits fail, by ones, twos and threes, at moments of chance."""
    city = City(folder, f"{kind} {seed}", drain_seconds=1800.0)
    dice = city.dice("disk")

    async def fill() -> None:
        while city.trouble.met < COMMITS:
            await asyncio.sleep(dice.random() * SECONDS / COMMITS / 2)
            city.trouble.ordered[kind] = 1 + int(3 * dice.random())

    city.settle(3, 2)
    city.at_work(fill())
    await city.live(SECONDS, [SECONDS * dice.random()])
    return city


def trial(seed: int, folder: Path) -> Verdict:
    """One seed, with one of the kinds in turn."""
    kind = list(CODES)[seed % len(CODES)]
    city = simulated(lambda: filling(seed, folder, kind))
    verdict = judged(city)
    verdict.counts["commits refused"] = city.trouble.met
    return verdict


@pytest.mark.parametrize("seed", range(3))
def test_a_disk_that_refuses_loses_nothing(seed: int, tmp_path: Path) -> None:
    """Full, busy or failing at a hundred commits: every answer is kept once, every press answered."""
    verdict = trial(seed, tmp_path)
    assert not verdict.complaints, str(verdict)
    assert verdict.counts["commits refused"] > COMMITS / 2


async def started_full(folder: Path) -> City:
    """Two hours; when the program starts again after a kill, its first commits find the disk full."""
    city = City(folder, "start")
    city.settle(2, 0)

    async def fill() -> None:
        await asyncio.sleep(3600)
        city.trouble.ordered["SQLITE_FULL"] = 3

    city.at_work(fill())
    await city.live(2 * 3600.0, [3600.5])
    return city


def test_a_start_on_a_full_disk_waits_for_room(tmp_path: Path) -> None:
    """The program does not end because its very first write is refused; it goes on when there is room."""
    city = simulated(lambda: started_full(tmp_path))
    assert city.trouble.met == 3
    assert len(city.points) == 3
    verdict = judged(city)
    assert not verdict.complaints, str(verdict)
