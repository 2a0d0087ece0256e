"""How well Sprung's choice of questions teaches, beside other choices, on simulated learners.

Run as `python -m tests.benchmarks.learning [--learners N] [--first SEED]`. The columns:
day80: mean day on which 80 % of the questions are truly at 0.9 or better (never: 61); reach: share
of learners who get there; pro60: share of questions at 0.9 on day 60; mean, worst5: chance of a
good answer on a random interview day, over all questions and over the five worst; w5d60: the latter
on day 60; guess: how often the question is foretold by someone who knows every rating and Sprung's
weakness; rep: same question twice running. Each cell: bank of 20 / bank of 60. Below: what Sprung
has over each rival on the very same learners, with standard errors, and the goals.
"""

import argparse
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields, replace
from functools import partial
from random import Random

from bot.drill.dice import Dice
from bot.drill.moment import DAY_MS
from bot.drill.standing import Listen, Rating, Standing, listened, rated
from bot.drill.tone import Mode, Tone
from bot.drill.weakness import POOL, choose
from tests.benchmarks.learners import DAYS, Case, Learner, Prompt, case
from tests.benchmarks.rivals import (
    EmaGreedy,
    Leitner,
    LowestLast,
    Oracle,
    Rival,
    RoundRobin,
    Uniform,
)

BANKS = (20, 60)
GOOD = 0.9
# What the design's draw of six reached on the learners that it was designed on, who were others.
DESIGNED = {
    "day80": (22.1, 57.1),
    "reach": (0.98, 0.21),
    "pro60": (0.961, 0.602),
    "mean": (0.895, 0.778),
    "worst5": (0.752, 0.297),
    "w5d60": (0.922, 0.429),
}


class Policy:
    """Sprung's choice of questions, from the production functions alone.

    `now` is in days as a float; its whole part is the learner's local day. `rng` is anything with
    `.random()`. `mode` is "surprise", "late" or "self". `aloud`: answers are spoken, and on each
    later day one take is listened to, of the badge that is nearest; one time in three it sounds a
    step worse than at first.
    """

    def __init__(
        self, question_ids: Sequence[str], rng: Dice, pool: int = POOL, *, aloud: bool = False
    ) -> None:
        self.standings = {question_id: Standing() for question_id in question_ids}
        self.rng = rng
        self.pool = pool
        self.aloud = aloud
        self.takes: dict[str, Rating] = {}
        self.ears = Random(len(question_ids))
        self.listened_on = 0

    def choose(self, now: float) -> str:
        """Return the id to ask now, and take it as asked."""
        at = round(now * DAY_MS)
        if self.listened_on < math.floor(now):
            self.listened_on = math.floor(now)
            self.listen(at)
        chosen = choose(self.standings, at, self.rng, self.pool)
        self.standings[chosen] = replace(self.standings[chosen], heard_at=at)
        return chosen

    def record(self, question_id: str, rating: int, now: float, mode: str) -> None:
        """Take note of a tone rating, 1 to 5."""
        at = round(now * DAY_MS)
        tap = Rating(Tone(rating), Mode[mode.upper()], at, math.floor(now), spoken=self.aloud)
        self.standings[question_id] = replace(rated(self.standings[question_id], tap), heard_at=at)
        self.takes[question_id] = tap

    def listen(self, at: int) -> None:
        """Listen to the latest take of the question that is nearest to its badge and wants an ear."""
        wanting = [key for key in self.takes if self.standings[key].wants_listen]
        if wanting:
            key = max(wanting, key=lambda key: self.standings[key].points)
            take = self.takes.pop(key)
            later = Tone(max(1, take.tone - (self.ears.random() < 1 / 3)))
            heard = Listen(later, rated_at=at, first_rated_at=take.rated_at)
            self.standings[key] = listened(self.standings[key], heard)

    def expired(self, question_id: str, now: float) -> None:
        """An unanswered drill changes nothing: it was heard when it was asked."""

    def mastered(self, question_id: str) -> bool:
        """Return whether the question has its badge."""
        return self.standings[question_id].badge_at is not None


Maker = Callable[[list[str], Dice, Learner], Rival]
POLICIES: dict[str, Maker] = {
    "uniform": lambda ids, rng, learner: Uniform(ids, rng),
    "round robin": lambda ids, rng, learner: RoundRobin(ids, rng),
    "lowest last": lambda ids, rng, learner: LowestLast(ids, rng),
    "Leitner": lambda ids, rng, learner: Leitner(ids, rng),
    "EMA greedy": lambda ids, rng, learner: EmaGreedy(ids, rng),
    "Sprung": lambda ids, rng, learner: Policy(ids, rng, aloud=True),
    "oracle": Oracle,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What one learner, or the mean learner, came to; the module's docstring explains each."""

    day80: float
    reach: float
    pro60: float
    mean: float
    worst5: float
    w5d60: float
    guess: float
    rep: float


def sixty_days(who: Case, make: Maker) -> Figures:
    """Let one policy drill one learner for sixty days."""
    learner = who.learner()
    ids = [f"q{index}" for index in range(who.bank)]
    policy = make(ids, Random(f"policy {who.seed}"), learner)
    watcher = EmaGreedy(ids, Random(f"watcher {who.seed}"))
    asked, guessed = list[str](), 0
    mornings = list[list[float]]()
    prompts = iter((*who.prompts, None))
    prompt = next(prompts)
    for day in range(1, DAYS + 1):
        while prompt is not None and prompt.at < day:
            foretold = watcher.foretold(prompt.at)
            chosen = policy.choose(prompt.at)
            guessed += foretold == chosen
            asked.append(chosen)
            watcher.asked(chosen, prompt.at)
            _answered(learner, chosen, prompt, (policy, watcher))
            prompt = next(prompts)
        mornings.append(sorted(learner.chance(index, day) for index in range(who.bank)))
    return _figures(mornings, asked, guessed)


def _answered(learner: Learner, chosen: str, prompt: Prompt, told: Sequence[Rival]) -> None:
    index = int(chosen[1:])
    if learner.ignores(index, prompt):
        for each in told:
            each.expired(chosen, prompt.at)
        return
    rating = learner.answer(index, prompt)
    for each in told:
        each.record(chosen, rating, prompt.at, prompt.mode)


def _figures(mornings: list[list[float]], asked: list[str], guessed: int) -> Figures:
    good = [sum(chance >= GOOD for chance in morning) / len(morning) for morning in mornings]
    reached = next((day for day, share in enumerate(good, 1) if share >= 0.8), None)
    worst = [statistics.fmean(morning[:5]) for morning in mornings]
    return Figures(
        day80=DAYS + 1 if reached is None else reached,
        reach=float(reached is not None),
        pro60=good[-1],
        mean=statistics.fmean(map(statistics.fmean, mornings)),
        worst5=statistics.fmean(worst),
        w5d60=worst[-1],
        guess=guessed / len(asked),
        rep=sum(map(str.__eq__, asked, asked[1:])) / len(asked),
    )


def outcome(seed: int, bank: int, makers: dict[str, Maker] | None = None) -> dict[str, Figures]:
    """Return what each policy makes of the same learner."""
    who = case(seed, bank)
    return {name: sixty_days(who, make) for name, make in (makers or POLICIES).items()}


def mean_figures(results: Sequence[Figures]) -> Figures:
    """Return the mean learner's figures."""
    return Figures(*map(statistics.fmean, zip(*map(astuple, results), strict=True)))


def paired(ours: Sequence[Figures], theirs: Sequence[Figures], name: str) -> tuple[float, float]:
    """Return the mean difference, ours minus theirs, in one column, and its standard error."""
    gains = [getattr(a, name) - getattr(b, name) for a, b in zip(ours, theirs, strict=True)]
    return statistics.fmean(gains), statistics.stdev(gains) / math.sqrt(len(gains))


def measured(seeds: Sequence[int], bank: int, jobs: int) -> dict[str, list[Figures]]:
    """Return every policy's figures, one for each seed."""
    one = partial(outcome, bank=bank)
    if jobs == 1:
        results = list(map(one, seeds))
    else:
        with ProcessPoolExecutor(jobs) as workers:
            results = list(workers.map(one, seeds, chunksize=4))
    return {name: [result[name] for result in results] for name in POLICIES}


def table(results: Sequence[dict[str, list[Figures]]]) -> str:
    """Return the figures of each policy as a Markdown table, one cell for all banks."""
    names = [each.name for each in fields(Figures)]
    lines = [f"| policy | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for policy in POLICIES:
        means = [mean_figures(result[policy]) for result in results]
        cells = ["/".join(_shown(name, getattr(mean, name)) for mean in means) for name in names]
        lines.append(f"| {policy} | {' | '.join(cells)} |")
    return "\n".join(lines)


def comparison(results: Sequence[dict[str, list[Figures]]]) -> str:
    """Return what Sprung has over each rival in mean and worst5, as a Markdown table."""
    names = ("mean", "worst5", "pro60")
    lines = [f"| Sprung minus | {' | '.join(names)} |", "|---|---|---|---|"]
    for rival in (policy for policy in POLICIES if policy != "Sprung"):
        cells = [
            " / ".join(
                "{:+.3f} ± {:.3f}".format(*paired(result["Sprung"], result[rival], name))
                for result in results
            )
            for name in names
        ]
        lines.append(f"| {rival} | {' | '.join(cells)} |")
    return "\n".join(lines)


def goals(results: Sequence[dict[str, list[Figures]]]) -> str:
    """Return which goals are met, one line each."""
    ours = [mean_figures(result["Sprung"]) for result in results]
    lines = [
        _goal("guess at most 0.35", [each.guess <= 0.35 for each in ours]),
        _goal("rep at most 0.02", [each.rep <= 0.02 for each in ours]),
    ]
    for name, least in DESIGNED.items():
        reached = [
            _rounded(name, mean) <= goal if name == "day80" else _rounded(name, mean) >= goal
            for mean, goal in zip(ours, least, strict=True)
        ]
        lines.append(_goal(f"{name} as designed, {least[0]}/{least[1]}, or better", reached))
    for rival in ("uniform", "round robin", "lowest last", "Leitner"):
        for name in ("mean", "worst5", "pro60"):
            gains = [paired(result["Sprung"], result[rival], name)[0] for result in results]
            lines.append(_goal(f"{name} at least that of {rival}", [gain >= 0 for gain in gains]))
    return "\n".join(lines)


def _goal(text: str, reached: Sequence[bool]) -> str:
    return f"- {'/'.join('pass' if each else 'MISS' for each in reached)}: {text}"


def _rounded(name: str, mean: Figures) -> float:
    return float(round(getattr(mean, name), 1 if name == "day80" else 3))


def _shown(name: str, value: float) -> str:
    return f"{value:.1f}" if name == "day80" else f"{value:.3f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=240, help="simulated learners per bank")
    parser.add_argument("--first", type=int, default=0, help="seed of the first learner")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    asked = parser.parse_args()
    began = time.monotonic()
    seeds = range(asked.first, asked.first + asked.learners)
    results = [measured(seeds, bank, asked.jobs) for bank in BANKS]
    lines = [
        f"{asked.learners} learners, {DAYS} days, banks of 20 / 60, seeds from {asked.first}",
        "",
        table(results),
        "",
        comparison(results),
        "",
        goals(results),
        "",
        f"{time.monotonic() - began:.0f} s",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
