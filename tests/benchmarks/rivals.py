"""Other ways to choose the next question, to hold Sprung against. Times are in days."""

import math
from typing import Protocol

from bot.drill.dice import Dice
from tests.benchmarks.learners import Learner


class Rival(Protocol):
    """Whatever chooses questions; `mode` is "surprise", "late" or "self"."""

    def choose(self, now: float) -> str:
        """Return the id to ask now."""
        ...

    def record(self, question_id: str, rating: int, now: float, mode: str) -> None:
        """Take note of a tone rating, 1 to 5."""
        ...

    def expired(self, question_id: str, now: float) -> None:
        """Take note that a drill was left unanswered."""
        ...


class Uniform:
    """Any question, each as likely."""

    def __init__(self, question_ids: list[str], rng: Dice) -> None:
        self.ids, self.rng = question_ids, rng

    def choose(self, now: float) -> str:
        return self.ids[int(self.rng.random() * len(self.ids))]

    def record(self, question_id: str, rating: int, now: float, mode: str) -> None:
        """Learn nothing."""

    def expired(self, question_id: str, now: float) -> None:
        """Learn nothing."""


class RoundRobin(Uniform):
    """One after the other, in the bank's order."""

    turn = -1

    def choose(self, now: float) -> str:
        self.turn += 1
        return self.ids[self.turn % len(self.ids)]


class LowestLast(Uniform):
    """The lowest latest rating, 3 if there is none; ties by lot."""

    def __init__(self, question_ids: list[str], rng: Dice) -> None:
        super().__init__(question_ids, rng)
        self.latest = dict.fromkeys(question_ids, 3)

    def choose(self, now: float) -> str:
        return min(self.ids, key=lambda key: (self.latest[key], self.rng.random()))

    def record(self, question_id: str, rating: int, now: float, mode: str) -> None:
        self.latest[question_id] = rating


class Leitner(Uniform):
    """Five boxes of 1, 2, 4, 8 and 16 days: a 4 or 5 moves up, less goes to the first; most due."""

    def __init__(self, question_ids: list[str], rng: Dice) -> None:
        super().__init__(question_ids, rng)
        self.box = dict.fromkeys(question_ids, 0)
        self.due = dict.fromkeys(question_ids, 0.0)

    def choose(self, now: float) -> str:
        return min(self.ids, key=lambda key: (self.due[key], self.rng.random()))

    def record(self, question_id: str, rating: int, now: float, mode: str) -> None:
        self.box[question_id] = min(4, self.box[question_id] + 1) if rating >= 4 else 0
        self.due[question_id] = now + 2 ** self.box[question_id]


class EmaGreedy(Uniform):
    """Sprung's own weakness, written anew, but always the largest: as good, and no surprise."""

    def __init__(self, question_ids: list[str], rng: Dice) -> None:
        super().__init__(question_ids, rng)
        self.strength: dict[str, tuple[float, float]] = {}
        self.heard: dict[str, float] = {}

    def drifted(self, key: str, now: float) -> float:
        strength, since = self.strength.get(key, (0.5, 0.0))
        return 0.5 + (strength - 0.5) * math.exp2((since - now) / 30)

    def weakness(self, key: str, now: float) -> float:
        gap = now - self.heard.get(key, -math.inf)
        return max(0.02, 1 - self.drifted(key, now)) * (1 - math.exp(-gap))

    def foretold(self, now: float) -> str:
        """Return the weakest question, equals by lot."""
        return max(self.ids, key=lambda key: (self.weakness(key, now), self.rng.random()))

    def choose(self, now: float) -> str:
        chosen = self.foretold(now)
        self.asked(chosen, now)
        return chosen

    def asked(self, question_id: str, now: float) -> None:
        """Take note that this was asked, by whoever."""
        self.heard[question_id] = now

    def record(self, question_id: str, rating: int, now: float, mode: str) -> None:
        aim = (rating - 1) / 4 - (0.0 if mode == "surprise" else 0.1)
        strength = self.drifted(question_id, now)
        pull = 0.5 if question_id in self.strength else 0.7
        self.strength[question_id] = (max(0.0, strength + pull * (aim - strength)), now)
        self.heard[question_id] = now


class Oracle(Uniform):
    """Knows the truth: the least sure question, but not one that it has just asked."""

    def __init__(self, question_ids: list[str], rng: Dice, learner: Learner) -> None:
        super().__init__(question_ids, rng)
        self.learner = learner
        self.heard: dict[int, float] = {}

    def choose(self, now: float) -> str:
        def lack(index: int) -> float:
            gap = now - self.heard.get(index, -math.inf)
            return (1 - self.learner.chance(index, now)) * (1 - math.exp(-gap))

        chosen = max(range(len(self.ids)), key=lack)
        self.heard[chosen] = now
        return self.ids[chosen]
