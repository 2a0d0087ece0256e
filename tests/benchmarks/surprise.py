"""How well the next drill can be foretold: when it comes, and which question it asks.

Run as `python -m tests.benchmarks.surprise [--days N]`. Days have twelve open hours, three drills
wished, a gap of 45 minutes and a cap of six. The columns:
KS D: distance of the gaps, in open time after dead time (the gap, an open drill, a day that has had
its cap), from exponential ones of the same mean, over the first 2,000 gaps and over all of them;
advantage: what a predictor that has seen half of the days, and knows time of day, time since the
last drill, whether one is open and how many there were today, saves on the other half, in % of
the entropy of knowing the base rate alone (the best of three such predictors); best slot: how often
a drill does come in the 1 % of quarter hours that it is surest of; none, over 6: share of days.
"""

import argparse
import itertools
import math
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.drill.moment import DAY_MS, MINUTE_MS
from bot.drill.open_hours import OpenHours
from bot.drill.standing import Standing
from bot.drill.surprise import Rhythm, next_drill_at
from bot.drill.weakness import SPOT_CHECK_MS, SPOT_CHECK_SHARE, weakest, weakness
from tests.benchmarks.learners import case
from tests.benchmarks.learning import Policy

OPENS, CLOSES = 9 * 60, 21 * 60
RHYTHM = Rhythm(OpenHours("UTC", ((OPENS, CLOSES),) * 7), pace=3, cap=6)
SLOT = 15
SLOTS = (CLOSES - OPENS) // SLOT
ENOUGH = 2000


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill, in minutes since the first midnight: when it was sent, and when it was done with."""

    sent: float
    done: float


Scheme = Callable[[int, Random], list[Drill]]


def sprung(days: int, rng: Random) -> list[Drill]:
    """Sprung's own moments, each drill answered at once."""
    return _sprung(days, rng, lambda: 0.0)


def sprung_open(days: int, rng: Random) -> list[Drill]:
    """Sprung's own moments; seven in ten drills are answered in minutes, the others expire."""
    return _sprung(
        days, rng, lambda: min(60.0, rng.expovariate(1 / 6)) if rng.random() < 0.7 else 60.0
    )


def _sprung(days: int, rng: Random, lasts: Callable[[], float]) -> list[Drill]:
    drills, free_from, sent_on, now = list[Drill](), None, (0, 0), 0
    while True:
        at = next_drill_at(RHYTHM, now, free_from, sent_on, rng)
        if at is None or at >= days * DAY_MS:
            return drills
        day = RHYTHM.hours.local_day(at)
        sent_on = (day, sent_on[1] + 1 if sent_on[0] == day else 1)
        drill = Drill(at / MINUTE_MS, at / MINUTE_MS + lasts())
        now = free_from = round(drill.done * MINUTE_MS)
        drills.append(drill)


def fixed(days: int, rng: Random, jitter: float = 0.0) -> list[Drill]:
    """11:00, 15:00 and 19:00."""
    return [
        _at_once(day * 1440 + hour * 60 + jitter * (2 * rng.random() - 1))
        for day in range(days)
        for hour in (11, 15, 19)
    ]


def jittered(days: int, rng: Random) -> list[Drill]:
    """The same, give or take half an hour."""
    return fixed(days, rng, 30.0)


def stratified(days: int, rng: Random) -> list[Drill]:
    """One at random in each third of the day, as experience sampling does."""
    third = (CLOSES - OPENS) / 3
    return [
        _at_once(day * 1440 + OPENS + (part + rng.random()) * third)
        for day in range(days)
        for part in range(3)
    ]


def _at_once(sent: float) -> Drill:
    return Drill(sent, sent)


SCHEMES: dict[str, Scheme] = {
    "fixed": fixed,
    "fixed, give or take 30 min": jittered,
    "stratified": stratified,
    "Sprung": sprung,
    "Sprung, drills left open": sprung_open,
}


def open_gaps(drills: Sequence[Drill], gap: float, cap: int) -> list[float]:
    """Return the open minutes from the end of each drill's dead time to the next drill."""
    sent_on = Counter(int(drill.sent // 1440) for drill in drills)
    seen, gaps = Counter[int](), list[float]()
    for drill, following in itertools.pairwise(drills):
        day = int(drill.sent // 1440)
        seen[day] += 1
        capped = seen[day] == sent_on[day] == cap
        alive = max(drill.done + gap, (day + 1) * 1440 if capped else 0)
        gaps.append(_open_minutes(following.sent) - _open_minutes(alive))
    return gaps


def _open_minutes(at: float) -> float:
    day, minute = divmod(at, 1440)
    return day * (CLOSES - OPENS) + min(CLOSES - OPENS, max(0.0, minute - OPENS))


def ks_distance(gaps: Sequence[float]) -> float:
    """Return the Kolmogorov-Smirnov distance from an exponential distribution of the same mean."""
    mean, count = statistics.fmean(gaps), len(gaps)
    cdf = [-math.expm1(-gap / mean) for gap in sorted(gaps)]
    return max(max(p - rank / count, (rank + 1) / count - p) for rank, p in enumerate(cdf))


@dataclass(frozen=True, slots=True)
class Slot:
    """What is known at the start of a quarter of an hour, and whether a drill came in it."""

    of_day: int
    since: int  # quarters of an hour since the last drill was sent, 99 at most
    open: bool
    today: int
    hit: bool


def slots(drills: Sequence[Drill], days: int) -> list[Slot]:
    """Return the open quarters of an hour of all days."""
    found, index, today = list[Slot](), 0, Counter[int]()
    for day in range(days):
        for of_day in range(SLOTS):
            start = day * 1440 + OPENS + of_day * SLOT
            last = drills[index - 1] if index else Drill(-math.inf, -math.inf)
            known = (of_day, int(min(99, (start - last.sent) // SLOT)), last.done > start)
            first = index
            while index < len(drills) and drills[index].sent < start + SLOT:
                index += 1
            found.append(Slot(*known, today[day], index > first))
            today[day] += index - first
    return found


Known = Callable[[Slot], tuple[int, ...]]
PREDICTORS: tuple[Known, ...] = (
    lambda slot: (slot.of_day, slot.today),
    lambda slot: (slot.since, slot.open, slot.today),
    lambda slot: (slot.of_day, slot.since, slot.open, slot.today),
)
SHYNESS = 20  # how many slots at the base rate a predictor adds to what it has seen of a state


def foresight(known: Known, seen: Sequence[Slot], unseen: Sequence[Slot]) -> tuple[float, float]:
    """Return (advantage, best slot) of one predictor on days that it has not seen."""
    base = statistics.fmean(slot.hit for slot in seen)
    times = Counter(map(known, seen))
    hits = Counter(known(slot) for slot in seen if slot.hit)
    odds = {state: (hits[state] + SHYNESS * base) / (n + SHYNESS) for state, n in times.items()}
    told = [(odds.get(known(slot), base), slot.hit) for slot in unseen]
    entropy = statistics.fmean(_surprisal(base, slot.hit) for slot in unseen)
    left = statistics.fmean(_surprisal(chance, hit) for chance, hit in told)
    surest = sorted(told, key=lambda each: -each[0])[: len(told) // 100]
    return 1 - left / entropy, statistics.fmean(hit for _, hit in surest)


def _surprisal(chance: float, hit: bool) -> float:
    return -math.log(max(1e-9, chance if hit else 1 - chance))


def question_guess(bank: int, learners: range) -> float:
    """Return how often the likeliest question by the formula and every rating is the one asked."""
    right, asked = 0, 0
    for seed in learners:
        who = case(seed, bank)
        learner = who.learner()
        ids = [f"q{index}" for index in range(bank)]
        policy = Policy(ids, Random(f"policy {seed}"), aloud=True)
        for prompt in who.prompts:
            foretold = _likeliest(policy.standings, round(prompt.at * DAY_MS))
            chosen = policy.choose(prompt.at)
            right, asked = right + (foretold == chosen), asked + 1
            if not learner.ignores(int(chosen[1:]), prompt):
                rating = learner.answer(int(chosen[1:]), prompt)
                policy.record(chosen, rating, prompt.at, prompt.mode)
    return right / asked


def _likeliest(standings: Mapping[str, Standing], now: int) -> str:
    pool = {key: weakness(standings[key], now) for key in weakest(standings, now)}
    total = sum(pool.values())
    odds = {key: weight / total for key, weight in pool.items()}
    badges = {
        key: standing.heard_at
        for key, standing in standings.items()
        if standing.badge_at is not None and standing.heard_at is not None
    }
    longest = min(badges, key=badges.__getitem__, default=None)
    if longest is not None and now - badges[longest] >= SPOT_CHECK_MS:
        odds = {key: chance * (1 - SPOT_CHECK_SHARE) for key, chance in odds.items()}
        odds[longest] = odds.get(longest, 0.0) + SPOT_CHECK_SHARE
    return max(odds, key=odds.__getitem__)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one scheme; the module's docstring explains each."""

    ks: float
    ks_all: float
    advantage: float
    best_slot: float
    a_day: float
    none: float
    over6: float


def row(scheme: Scheme, days: int, gap: float, cap: int) -> Row:
    """Measure one scheme."""
    drills = scheme(days, Random(f"surprise {days}"))
    gaps = open_gaps(drills, gap, cap)
    every = slots(drills, days)
    half = len(every) // 2
    told = [foresight(known, every[:half], every[half:]) for known in PREDICTORS]
    a_day = Counter(int(drill.sent // 1440) for drill in drills)
    return Row(
        ks=ks_distance(gaps[:ENOUGH]),
        ks_all=ks_distance(gaps),
        advantage=max(advantage for advantage, _ in told),
        best_slot=max(best for _, best in told),
        a_day=len(drills) / days,
        none=1 - len(a_day) / days,
        over6=sum(count > 6 for count in a_day.values()) / days,
    )


def table(rows: Mapping[str, Row]) -> str:
    """Return the figures as a Markdown table."""
    head = "| scheme | KS D, 2,000 gaps | all | advantage % | best slot | a day | none | over 6 |"
    lines = [head, "|---" * 8 + "|"]
    lines += [
        f"| {name} | {r.ks:.3f} | {r.ks_all:.3f} | {100 * r.advantage:.1f} | {r.best_slot:.3f} "
        f"| {r.a_day:.2f} | {r.none:.3f} | {r.over6:.3f} |"
        for name, r in rows.items()
    ]
    return "\n".join(lines)


def goals(rows: Mapping[str, Row], guesses: Mapping[int, float]) -> str:
    """Return which goals are met, one line each."""
    lines = list[str]()
    for name in ("Sprung", "Sprung, drills left open"):
        lines.append(_goal(f"{name}: KS D below 0.03", rows[name].ks, 0.03))
        lines.append(_goal(f"{name}: advantage at most 5 %", 100 * rows[name].advantage, 5))
        lines.append(_goal(f"{name}: best slot at most 0.10", rows[name].best_slot, 0.10))
    for bank, guess in guesses.items():
        lines.append(_goal(f"question guess at most 0.35, bank of {bank}", guess, 0.35))
    return "\n".join(lines)


def _goal(text: str, value: float, most: float) -> str:
    return f"- {'pass' if value <= most else 'MISS'}: {text}: {value:.3f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=8000, help="simulated days of each scheme")
    parser.add_argument("--learners", type=int, default=60, help="learners for the question guess")
    asked = parser.parse_args()
    began = time.monotonic()
    rows = {
        name: row(scheme, asked.days, *((45.0, 6) if name.startswith("Sprung") else (0.0, 0)))
        for name, scheme in SCHEMES.items()
    }
    guesses = {bank: question_guess(bank, range(asked.learners)) for bank in (20, 60)}
    lines = [
        f"{asked.days} days; question guess over {asked.learners} learners of 60 days",
        "",
        table(rows),
        "",
        goals(rows, guesses),
        "",
        f"{time.monotonic() - began:.0f} s",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
