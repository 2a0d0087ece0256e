import pytest

from bot.drill.calibration import Calibration, Heard, calibrated
from bot.drill.tone import Tone


def heard(*tones: tuple[int, ...]) -> list[Heard]:
    """Takes as (then, later) or (then, later, coach)."""
    return [Heard(*map(Tone, row)) for row in tones]


def test_two_takes_say_nothing() -> None:
    """From three on there is something to be said."""
    assert calibrated(heard((5, 3), (4, 4))) is None
    assert calibrated(heard((5, 3), (4, 4), (4, 2))) is not None


def test_means_and_what_held() -> None:
    """Means of then and later, their difference, and the share of good ones that stayed good."""
    found = calibrated(heard((5, 4), (4, 3), (4, 4), (4, 5), (3, 5)))
    assert found == Calibration(takes=5, then=4, later=4.2, coach=None, held=0.75)
    assert found.difference == pytest.approx(0.2)


def test_no_good_take_no_share() -> None:
    """Where nothing was called good, nothing can have held."""
    found = calibrated(heard((3, 2), (2, 2), (1, 3)))
    assert found
    assert found.held is None
    assert found.difference == pytest.approx(1 / 3)


def test_a_coach_counts_from_three_takes_on() -> None:
    """Two takes heard by a coach are left out, three are told."""
    two = heard((5, 4, 3), (5, 4, 3), (5, 4))
    three = heard((5, 4, 3), (5, 4, 2), (5, 4, 4), (5, 4))
    found = [calibrated(takes) for takes in (two, three)]
    assert [each.coach for each in found if each] == [None, 3]
