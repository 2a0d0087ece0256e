"""Every kind of fault of the network, of updates and of the disk, alone and together with every other."""

import asyncio
import itertools
from pathlib import Path

import pytest

from tests.faults.oracle import Verdict
from tests.faults.simulation.disk import CODES
from tests.faults.simulation.judge import judged
from tests.faults.simulation.life import City
from tests.faults.simulation.line import NETWORK
from tests.faults.simulation.loop import simulated
from tests.faults.simulation.mischief import UPDATES, Mischief

KINDS = (*NETWORK, *UPDATES, *CODES)
SINGLE = [(kind,) for kind in KINDS]
PAIRS = [*SINGLE, *itertools.combinations(KINDS, 2)]
SECONDS = 2 * 3600.0
CHANCE = 0.02


async def plagued(seed: int, folder: Path, kinds: tuple[str, ...]) -> City:
    """Two hours of five people; the kinds befall them for three quarters of it."""
    city = City(folder, f"{kinds} {seed}", drain_seconds=900.0)
    until = SECONDS * 0.75
    city.weather.kinds = tuple(kind for kind in kinds if kind in NETWORK)
    city.weather.chance, city.weather.until = CHANCE, until
    dice = city.dice("mischief")
    wrong = tuple(kind for kind in kinds if kind in UPDATES)
    mischief = Mischief(city.world, city.line, dice, wrong)

    async def refuse() -> None:
        for code in itertools.cycle(kind for kind in kinds if kind in CODES):
            await asyncio.sleep(300 * dice.random())
            city.trouble.ordered[code] = 1 + int(3 * dice.random())

    city.settle(3, 2)
    city.at_work(mischief.play(until))
    city.at_work(refuse())
    await city.live(SECONDS, [SECONDS * dice.random() / 2])
    city.weather.met |= mischief.met
    return city


def trial(seed: int, folder: Path) -> Verdict:
    """The kinds alone first, then the pairs."""
    kinds = PAIRS[(seed - 1) % len(PAIRS)]
    city = simulated(lambda: plagued(seed, folder, kinds))
    verdict = judged(city)
    met = sum(city.weather.met.values()) + city.trouble.met
    verdict.counts |= {"combinations": 1, "faults": met}
    if not met:
        verdict.complaints.append(f"{kinds} never happened")
    verdict.complaints = [f"{' + '.join(kinds)}: {one}" for one in verdict.complaints]
    return verdict


@pytest.mark.parametrize("number", range(1, len(SINGLE) + 1), ids=KINDS)
def test_a_kind_of_fault_breaks_no_promise(number: int, tmp_path: Path) -> None:
    """One kind again and again for hours: nothing lost, nothing twice, nobody else's."""
    verdict = trial(number, tmp_path)
    assert not verdict.complaints, str(verdict)
    assert verdict.counts["faults"] > 0
