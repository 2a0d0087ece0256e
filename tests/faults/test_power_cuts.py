"""The power fails at any moment: every commit that had returned is there, and the file is whole."""

from pathlib import Path

import pytest

from bot.store import database
from tests.faults.oracle import Verdict
from tests.faults.simulation import power
from tests.faults.simulation.life import City
from tests.faults.simulation.loop import simulated

CUTS = 500
HOURS = 8


async def recorded(seed: int, folder: Path, recording: power.Recording, hours: int) -> City:
    """Hours of five people on a disk that remembers what was done to it."""
    city = City(folder, f"power {seed}", drain_seconds=600.0)
    recording.start[city.path.name] = city.path.read_bytes()
    city.connect = lambda path, **settings: power.PowerConnection(path, recording)
    city.settle(3, 2)
    await city.live(hours * 3600.0)
    return city


def trial(seed: int, folder: Path, cuts: int = CUTS, hours: int = HOURS) -> Verdict:
    """One story, cut at many moments; each time the disk is looked at with another SQLite."""
    recording = power.Recording()
    disk = power.Disk(recording)
    city = simulated(lambda: recorded(seed, folder / "story", recording, hours))
    assert disk.recording is recording
    dice = city.dice("cuts")
    first, last = recording.promises[0][0], len(recording.ops)
    moments = sorted(dice.randrange(first, last) for _ in range(cuts))
    after = folder / "after"
    after.mkdir(exist_ok=True)
    verdict = Verdict({"power cuts": 0, "commits": len(recording.promises), "commits lost": 0})
    for moment, files in power.survivors(recording, moments, dice):
        verdict.counts["power cuts"] += 1
        checked, found = power.after_the_cut(after, files)
        if checked != "ok":
            verdict.complaints.append(f"cut at {moment}: {checked}")
        elif found not in recording.promised(moment):
            verdict.counts["commits lost"] += 1
            verdict.complaints.append(f"cut at {moment}: a commit that had returned is gone")
    return verdict


def test_a_power_cut_loses_no_commit(tmp_path: Path) -> None:
    """Unsynced writes lost, torn or out of order: the rows are those of the last commit, or the next."""
    verdict = trial(1, tmp_path, 120, hours=3)
    assert not verdict.complaints, str(verdict)
    assert verdict.counts["commits"] > 50


def test_a_disk_that_is_not_waited_for_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `synchronous=NORMAL` the same cuts lose commits: the test can fail."""
    monkeypatch.setitem(database.SETTINGS, "synchronous", "NORMAL")
    assert trial(1, tmp_path, 40, hours=2).counts["commits lost"] > 0
