"""Simulated learners: four notions of what practice does, and ratings as lenient as people's.

No field data exist. Every parameter here is an assumption, so differences between policies on the
same learners mean something and levels do not. Chance is common: what a learner is, when they are
drilled and how each answer's dice fall depends on the seed alone, never on the policy.
"""

import math
import random
from dataclasses import dataclass, field
from typing import Protocol

from bot.drill.dice import Dice

DAYS = 60
HOURS = (0.375, 0.875)  # 9:00 to 21:00, as shares of a day
PACE = 3.0
GAP = 45 / 1440
LATE_SHARE = 0.15
SELF_A_DAY = 0.4
# What being warned adds to an answer, in log-odds.
AID = {"surprise": 0.0, "late": 0.5, "self": 1.0}
# Log-odds at which a self-rating goes up by one.
RATING_CUTS = (-1.5, -0.4, 0.8, 2.0)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a question starts: its chance of a good answer, and what stands for its difficulty."""

    chance: float
    half_life: float
    difficulty: float


SORE = Start(0.23, 2.0, 8.0)
MIDDLING = Start(0.69, 6.0, 5.5)
STRONG = Start(0.93, 45.0, 3.0)


def logit(chance: float) -> float:
    """Return log-odds; a sure thing counts as nearly sure."""
    chance = min(0.999, max(0.001, chance))
    return math.log(chance / (1 - chance))


def chance_of(log_odds: float) -> float:
    """Return the chance that has these log-odds."""
    return 1 / (1 + math.exp(-log_odds))


class Truth(Protocol):
    """What is really so about one question: its chance of a good answer, and what practice does."""

    def chance(self, now: float) -> float:
        """Return the chance of a good answer if sprung at `now`, in days."""
        ...

    def practise(self, now: float, chance: float, roll: float) -> None:
        """Change by an answer whose chance of being good was `chance`; `roll` is in [0, 1)."""
        ...


@dataclass(slots=True)
class Skill:
    """Latent log-odds: gains that shrink with what is there and with haste, and slow decay."""

    native: float
    gain: float
    learnt: float = 0.0
    last: float = -30.0

    def chance(self, now: float) -> float:
        """Native skill and what is left of the learnt one, which halves in 40 days."""
        return chance_of(self.native + self._left(now))

    def practise(self, now: float, chance: float, roll: float) -> None:
        """Gain the more, the longer ago the last time and the less is learnt."""
        left = self._left(now)
        spaced = 1 - math.exp(-(now - self.last))
        self.learnt = left + self.gain * spaced * max(0.0, 1 - left / 5.0)
        self.last = now

    def _left(self, now: float) -> float:
        return self.learnt * math.exp2((self.last - now) / 40.0)


@dataclass(slots=True)
class HalfLife:
    """Half-life regression: the half-life doubles with the roots of right and wrong answers."""

    native: float
    half_life: float
    right: int = 0
    wrong: int = 0
    last: float | None = None

    def chance(self, now: float) -> float:
        """As at first until practised; then fading from sure to half of that."""
        if self.last is None:
            return self.native
        log2_gain = 1.9 * (math.sqrt(1 + self.right) - 1) + 0.9 * (math.sqrt(1 + self.wrong) - 1)
        half_life = min(274.0, self.half_life * math.exp2(log2_gain))
        floor = self.native / 2
        return floor + (1 - floor) * math.exp2((self.last - now) / half_life)

    def practise(self, now: float, chance: float, roll: float) -> None:
        """Count a right or a wrong answer."""
        if roll < chance:
            self.right += 1
        else:
            self.wrong += 1
        self.last = now


@dataclass(slots=True)
class Stability:
    """Like FSRS-6: a power law of forgetting, and a stability that grows best when nearly lost."""

    difficulty: float
    stability: float
    last: float
    growth: float

    def chance(self, now: float) -> float:
        """Retrievability."""
        return math.pow(1 + 0.9803 * (now - self.last) / self.stability, -0.1542)

    def practise(self, now: float, chance: float, roll: float) -> None:
        """Grow after a good answer, shrink after a bad one."""
        lost = 1 - self.chance(now)
        if roll < chance:
            ease = self.growth * (11 - self.difficulty) * self.stability**-0.1666
            self.stability *= 1 + ease * math.expm1(0.796 * lost)
            self.difficulty = max(1.0, self.difficulty - 0.2)
        else:
            kept = 1.4835 * self.difficulty**-0.0614 * ((self.stability + 1) ** 0.2629 - 1)
            self.stability = min(self.stability, kept * math.exp(1.6483 * lost)) + 0.1
        self.last = now


@dataclass(slots=True)
class Step:
    """All or none: one day it clicks, and after a while it may be lost again."""

    native: float
    clicks: float
    loses: float
    lost_at: float = 0.0
    times: int = 0

    def chance(self, now: float) -> float:
        """Nearly sure while it has clicked."""
        return max(self.native, 0.96) if now < self.lost_at else self.native

    def practise(self, now: float, chance: float, roll: float) -> None:
        """Click with a fixed chance; each click lasts longer."""
        if now < self.lost_at or roll < self.clicks:
            self.times += 1
            lasts = 25.0 * self.times * -math.log(1 - self.loses)
            self.lost_at = max(self.lost_at, now + lasts)


TRUTHS = ("skill", "hlr", "fsrs", "step")


def _truth(kind: str, start: Start, pace: float, rng: Dice) -> Truth:
    chance = chance_of(logit(start.chance) + gauss(rng) * 0.5)
    scatter = math.exp(gauss(rng) * 0.3)
    if kind == "skill":
        return Skill(logit(chance), 1.3 * pace * scatter)
    if kind == "hlr":
        return HalfLife(chance, start.half_life * pace * scatter)
    if kind == "fsrs":
        stability = start.half_life * scatter
        waited = stability * (chance ** (-1 / 0.1542) - 1) / 0.9803
        return Stability(start.difficulty, stability, -min(waited, 400.0), 3.5 * pace)
    return Step(chance, min(0.9, 0.35 * pace * scatter), 0.1 + 0.8 * rng.random())


def gauss(rng: Dice) -> float:
    """Roll a number of mean 0 and deviation 1 (Box and Muller), always from two rolls."""
    radius = math.sqrt(-2 * math.log(1 - rng.random()))
    return radius * math.cos(2 * math.pi * rng.random())


@dataclass(slots=True)
class Learner:
    """One simulated person and what is so about each question of their bank."""

    truths: list[Truth]
    bias: float
    noise: float

    def chance(self, question: int, now: float) -> float:
        """Return the true chance of a good answer."""
        return self.truths[question].chance(now)

    def answer(self, question: int, prompt: "Prompt") -> int:
        """Answer, learn from it, and rate the tone 1 to 5 with the learner's bias and noise."""
        truth = self.truths[question]
        log_odds = logit(truth.chance(prompt.at)) + AID[prompt.mode]
        heard = log_odds + self.bias + self.noise * prompt.wobble
        truth.practise(prompt.at, chance_of(log_odds), prompt.outcome)
        return 1 + sum(heard > cut for cut in RATING_CUTS)

    def ignores(self, question: int, prompt: "Prompt") -> bool:
        """Return whether this drill is left to expire; weak questions more often."""
        share = 0.2 + 0.35 * (1 - self.chance(question, prompt.at))
        return prompt.mode != "self" and prompt.patience < share


@dataclass(frozen=True, slots=True)
class Prompt:
    """A moment when the learner is drilled, and how the dice fall there."""

    at: float
    mode: str
    patience: float
    outcome: float
    wobble: float


@dataclass(frozen=True, slots=True)
class Case:
    """One learner to be, so that every policy meets the same one."""

    seed: int
    truth: str
    bank: int
    prompts: tuple[Prompt, ...] = field(repr=False)

    def learner(self) -> Learner:
        """Return the learner as they are on day 0."""
        rng = random.Random(f"learner {self.seed}")
        bias, noise = 0.3 + 0.6 * gauss(rng), 0.4 + 0.8 * rng.random()
        pace = math.exp(0.25 * gauss(rng))
        starts = [_start(index / self.bank) for index in range(self.bank)]
        rng.shuffle(starts)
        return Learner([_truth(self.truth, start, pace, rng) for start in starts], bias, noise)


def case(seed: int, bank: int, days: int = DAYS, pace: float = PACE) -> Case:
    """Return the learner of this seed, with their days."""
    rng = random.Random(f"days {seed}")
    prompts = tuple(prompt for day in range(days) for prompt in _day(day, pace, rng))
    return Case(seed, TRUTHS[seed % len(TRUTHS)], bank, prompts)


def _start(share: float) -> Start:
    if share < 0.2:
        return SORE
    return MIDDLING if share < 0.65 else STRONG


def _day(day: int, pace: float, rng: random.Random) -> list[Prompt]:
    opens, closes = HOURS
    rate = pace / (closes - opens - pace * GAP)
    at, found = opens + rng.expovariate(rate), list[Prompt]()
    while at < closes:
        found.append(_prompt(day + at, "late" if rng.random() < LATE_SHARE else "surprise", rng))
        at += GAP + rng.expovariate(rate)
    if rng.random() < SELF_A_DAY:
        found.append(_prompt(day + opens + rng.random() * (closes - opens), "self", rng))
    return sorted(found, key=lambda prompt: prompt.at)


def _prompt(at: float, mode: str, rng: random.Random) -> Prompt:
    return Prompt(at, mode, rng.random(), rng.random(), gauss(rng))
