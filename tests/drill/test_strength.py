import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.moment import DAY_MS
from bot.drill.rating import Rating
from bot.drill.strength import drifted, pulled
from bot.drill.tone import Mode, Tone
from tests.strategies import modes, moments, tones


@pytest.mark.parametrize(("days", "strength"), [(0, 0.9), (30, 0.7), (60, 0.6), (300, 0.500390625)])
def test_strength_halves_its_distance_from_unknown_in_thirty_days(
    days: int, strength: float
) -> None:
    """A strength of 0.9 is 0.7 after thirty days, 0.6 after sixty."""
    assert drifted(0.9, 5, 5 + days * DAY_MS) == pytest.approx(strength)


def test_weak_questions_drift_up() -> None:
    """Bad memories fade as good ones do."""
    assert drifted(0.1, 0, 30 * DAY_MS) == pytest.approx(0.3)


def test_a_strength_that_no_rating_set_stays() -> None:
    """The triage's guess holds until the first rating."""
    assert drifted(0.3, None, 10**12) == 0.3


def test_a_clock_that_steps_back_changes_nothing() -> None:
    """A strength set in the future is taken as it is."""
    assert drifted(0.9, 30 * DAY_MS, 0) == 0.9


@pytest.mark.parametrize(
    ("tone", "mode", "strength"),
    [
        (Tone.BITTER, Mode.SURPRISE, 0.3),
        (Tone.FLAT, Mode.SURPRISE, 0.55),
        (Tone.SMOOTH, Mode.SURPRISE, 0.8),
        (Tone.SMOOTH, Mode.MOCK, 0.8),
        (Tone.SMOOTH, Mode.LATE, 0.75),
        (Tone.SMOOTH, Mode.SELF, 0.75),
    ],
)
def test_a_rating_pulls_halfway_and_a_warned_one_less(
    tone: Tone, mode: Mode, strength: float
) -> None:
    """From 0.6, a rating goes half of the way to its tone; late and self-started count 0.1 less."""
    assert pulled(0.6, Rating(tone, mode, 0, 0)) == pytest.approx(strength)


def test_the_first_rating_pulls_further() -> None:
    """What was only assumed gives way by seven tenths."""
    first = pulled(0.5, Rating(Tone.SMOOTH, Mode.SURPRISE, 0, 0), first=True)
    assert first == pytest.approx(0.85)


@given(st.floats(0, 1), tones(), modes(), st.booleans())
def test_strength_stays_a_share(strength: float, tone: Tone, mode: Mode, first: bool) -> None:
    """No rating brings a strength out of 0 to 1."""
    assert 0 <= pulled(strength, Rating(tone, mode, 0, 0), first=first) <= 1


@given(st.floats(0, 1), moments(), moments())
def test_drift_never_crosses_the_middle(strength: float, then: int, now: int) -> None:
    """However long it takes, a strength stays on its side of 0.5 and gets no further from it."""
    drift = drifted(strength, then, now) - 0.5
    assert abs(drift) <= abs(strength - 0.5)
    assert drift == 0 or math.copysign(1, drift) == math.copysign(1, strength - 0.5)
