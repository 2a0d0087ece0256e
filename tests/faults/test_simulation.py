"""Days of a whole office in one process: storms, kills, a slow disk, and people who do anything.

What happens follows from the seed alone: `trial(seed)` plays the same days again.
"""

from pathlib import Path

from tests.faults.oracle import Verdict
from tests.faults.simulation.judge import judged
from tests.faults.simulation.life import City
from tests.faults.simulation.line import NETWORK
from tests.faults.simulation.loop import simulated

HOURS = 24
FAULT_CHANCE = 0.004


async def days(seed: int, folder: Path, hours: int = HOURS) -> City:
    """A day and a night of four steady and three lively people; the bot is killed a dozen times."""
    city = City(folder, f"days {seed}")
    dice = city.dice("plan")
    stormy = [kind for kind in NETWORK if dice.random() < 0.3]
    city.weather.kinds, city.weather.chance = tuple(stormy), FAULT_CHANCE
    city.weather.until = hours * 3600 * dice.random()
    city.by_webhook = dice.random() < 0.4
    city.settle(4, 3)
    await city.live(hours * 3600.0, [hours * 300 * dice.random() for _ in range(12)])
    return city


def trial(seed: int, folder: Path, hours: int = HOURS) -> Verdict:
    """One seed, judged."""
    city = simulated(lambda: days(seed, folder, hours))
    verdict = judged(city)
    verdict.counts |= {"lives": len(city.points), "faults": sum(city.weather.met.values())}
    return verdict


def test_half_a_day_of_everything_breaks_no_promise(tmp_path: Path) -> None:
    """Storms, kills and odd people for hours: nothing lost, nothing twice, nobody else's."""
    verdict = trial(1, tmp_path, hours=8)
    assert not verdict.complaints, str(verdict)
    assert verdict.counts["answers"] > 5
    assert verdict.counts["surprises"] > 2
    assert verdict.counts["own questions drilled"] > 0
    assert verdict.counts["lives"] > 12


def test_a_seed_tells_the_same_story_twice(tmp_path: Path) -> None:
    """Time, chance, network and disk follow the seed: a failure can be played again."""
    stories = []
    for name in ("first", "again"):
        city = simulated(lambda name=name: days(3, tmp_path / name, hours=5))  # type: ignore[misc]
        stories.append([(e.method, e.at, e.status) for e in city.journal.entries])
    assert stories[0] == stories[1]
