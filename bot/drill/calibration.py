"""What different ears make of the same takes: the learner's at once, theirs later, a coach's."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from bot.drill.tone import Tone

FEWEST = 3
"""Fewer takes say nothing about anybody's ears."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One take: what its speaker called it at once and when listening again, and what a coach did."""

    then: Tone
    later: Tone
    coach: Tone | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Means over takes, on the scale of tones from 1 to 5.

    `takes`: how many there are. `coach`: over those that a coach rated; None: too few. `held`: the
    share of takes rated 4 or 5 at once that were so again; None: there is none.
    """

    takes: int
    then: float
    later: float
    coach: float | None
    held: float | None

    @property
    def difference(self) -> float:
        """How much stricter the later ears are: below 0 if so."""
        return self.later - self.then


def calibrated(heard: Iterable[Heard]) -> Calibration | None:
    """Return what the ears make of these takes; None: there are fewer than three."""
    takes = list(heard)
    if len(takes) < FEWEST:
        return None
    coached = [take.coach for take in takes if take.coach is not None]
    good = [take for take in takes if not take.then.is_slip]
    return Calibration(
        takes=len(takes),
        then=fmean(take.then for take in takes),
        later=fmean(take.later for take in takes),
        coach=fmean(coached) if len(coached) >= FEWEST else None,
        held=fmean(not take.later.is_slip for take in good) if good else None,
    )
