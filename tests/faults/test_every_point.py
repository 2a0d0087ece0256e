"""`kill -9` before and after every commit, and before and after every request: one life for each."""

from pathlib import Path

from tests.faults.oracle import Verdict
from tests.faults.simulation.judge import judged
from tests.faults.simulation.life import City
from tests.faults.simulation.loop import simulated

SECONDS = 2400.0
SAMPLE = 29
"""Every how many-th point is tried in a test; a campaign tries all of them."""


async def short(seed: int, folder: Path, die_at: int | None) -> City:
    """Forty minutes of three people with a bot that dies at one point of its first life."""
    city = City(folder, f"points {seed}", drain_seconds=900.0)
    city.settle(2, 1)
    await city.live(SECONDS, [] if die_at is None else [die_at])
    return city


def points_of(seed: int, folder: Path) -> int:
    """How many points there are."""
    return simulated(lambda: short(seed, folder / "alive", None)).points[0]


def trial(seed: int, folder: Path, step: int = 1) -> Verdict:
    """All points of one story, or every `step`-th."""
    total = Verdict(counts={"kills": 0, "updates acknowledged": 0, "answers": 0, "answers lost": 0})
    for point in range(1 + seed % step, points_of(seed, folder) + 1, step):
        city = simulated(lambda point=point: short(seed, folder / str(point), point))  # type: ignore[misc]
        verdict = judged(city)
        total.complaints += [f"point {point} ({city.fate.last}): {c}" for c in verdict.complaints]
        total.counts["kills"] += len(city.points) - 2
        for name in ("updates acknowledged", "answers", "answers lost"):
            total.counts[name] += verdict.counts[name]
    return total


def test_no_point_of_a_kill_breaks_a_promise(tmp_path: Path) -> None:
    """Killed at one point after the other and started again, the bot goes on as if nothing had been."""
    verdict = trial(4, tmp_path, SAMPLE)
    assert not verdict.complaints, str(verdict)
    assert verdict.counts["kills"] > 20
    assert verdict.counts["answers"] > 10
