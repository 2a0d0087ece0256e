"""Every campaign against the promise, at any size, and the table that says what came of it.

python -m tests.faults.campaigns                 every campaign, small: minutes
python -m tests.faults.campaigns --full          every campaign at the size that RELIABILITY.md names
python -m tests.faults.campaigns cuts=10000      one campaign at a size of one's own
python -m tests.faults.campaigns points=1 --seed 7       one trial again, as a failure names it
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import (
    test_clock_steps,
    test_every_point,
    test_fault_kinds,
    test_forgery,
    test_full_disk,
    test_fuzz,
    test_fuzzed_banks,
    test_kill,
    test_power_cuts,
    test_simulation,
    test_years,
    test_zones,
)
from tests.faults.oracle import Verdict

Trial = Callable[[int, Path], Verdict]


@dataclass(frozen=True)
class Campaign:
    """`trial` plays one seed; `unit` is what it counts, `each` how many of them a trial brings."""

    trial: Trial
    unit: str
    small: int
    full: int
    each: int = 1


CAMPAIGNS: Mapping[str, Campaign] = {
    "days": Campaign(test_simulation.trial, "simulated days of a whole office", 8, 400),
    "points": Campaign(test_every_point.trial, "kills, one at every point", 600, 1_800, 600),
    "kills": Campaign(test_kill.trial, "kills of the program itself", 50, 1000, 50),
    "cuts": Campaign(test_power_cuts.trial, "power cuts", 500, 10_000, 500),
    "kinds": Campaign(test_fault_kinds.trial, "fault kinds, singly and in pairs", 27, 378),
    "disk": Campaign(test_full_disk.trial, "commits that found the disk full", 100, 1000, 100),
    "fuzz": Campaign(test_fuzz.trial, "fuzzed updates", 4_000, 1_000_000, 2_000),
    "banks": Campaign(test_fuzzed_banks.trial, "fuzzed question banks", 2_000, 200_000, 1_000),
    "forgery": Campaign(
        test_forgery.trial, "forged, stale and foreign presses", 2_000, 100_000, 1_000
    ),
    "zones": Campaign(test_zones.trial, "time zones, 2020 to 2040", 40, test_zones.ZONES, 1),
    "years": Campaign(test_years.trial, "learner-years of surprises", 400, 100_000, 100),
    "clocks": Campaign(test_clock_steps.trial, "steps of the clock", 60, 1_000, 20),
}


@dataclass
class Tally:
    """What became of all trials of a campaign."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    most: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, seed: int, verdict: Verdict) -> None:
        """One trial is over."""
        self.counts.update(verdict.counts)
        self.most |= {k: max(v, self.most.get(k, v)) for k, v in verdict.most.items()}
        self.complaints += [f"{self.name} --seed {seed}: {one}" for one in verdict.complaints]

    def __str__(self) -> str:
        told = ", ".join(
            [f"{count:,} {what}" for what, count in self.counts.items()]
            + [f"at most {value:,} {what}" for what, value in self.most.items()]
        )
        state = f"{len(self.complaints)} complaints" if self.complaints else "nothing broken"
        return f"{self.name}: {state}; {told}; {self.seconds:,.0f} s"


def played(name: str, seed: int) -> Verdict:
    """One trial in a folder of its own, in memory where there is such a place."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        return CAMPAIGNS[name].trial(seed, Path(folder))


def campaign(name: str, size: int, first: int, workers: int) -> Tally:
    """All trials of one campaign, side by side."""
    began, tally = time.monotonic(), Tally(name)
    seeds = range(first, first + max(1, -(-size // CAMPAIGNS[name].each)))
    with ProcessPoolExecutor(workers) as pool:
        for seed, verdict in zip(seeds, pool.map(played, [name] * len(seeds), seeds), strict=True):
            tally.add(seed, verdict)
    tally.seconds = time.monotonic() - began
    return tally


def _sizes(wanted: Iterable[str], full: bool) -> Iterator[tuple[str, int]]:
    for one in wanted or CAMPAIGNS:
        name, _, size = one.partition("=")
        known = CAMPAIGNS[name]
        yield name, int(size) if size else known.full if full else known.small


def main() -> int:
    """Run what is asked for; the exit code is 1 when anything was broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "campaigns", nargs="*", help=", ".join(f"{name}[=size]" for name in CAMPAIGNS)
    )
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    broken = False
    for name, size in _sizes(given.campaigns, given.full):
        tally = campaign(name, size, given.seed, given.workers)
        broken = broken or bool(tally.complaints)
        sys.stdout.write("\n".join([str(tally), *tally.complaints[:20], ""]))
        sys.stdout.flush()
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
