"""Chance as an argument: the engine never rolls dice of its own."""

from typing import Protocol


class Dice(Protocol):
    """What rolls numbers: `random.SystemRandom` when live, a seeded `random.Random` in tests."""

    def random(self) -> float:
        """Roll a number in [0, 1)."""
        ...
