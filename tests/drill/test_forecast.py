from random import Random

import pytest

from bot.drill.forecast import days_to_badges
from tests.benchmarks.learners import case
from tests.benchmarks.learning import Policy


def test_a_set_of_twenty_takes_weeks() -> None:
    """Twenty questions at three a day: about three to five weeks."""
    assert days_to_badges(20, 3) == (22, 36)


def test_a_badge_takes_two_days_at_any_pace() -> None:
    """Nobody masters a question in a day."""
    assert days_to_badges(1, 12) == (2, 2)


def test_a_day_brings_one_badge_at_most() -> None:
    """However many drills a day, one listen a day comes by itself: twelve badges take twelve days or so."""
    assert days_to_badges(15, 12) == days_to_badges(15, 6) == (11, 17)


def test_no_pace_no_forecast() -> None:
    """Who is never drilled gets no date."""
    with pytest.raises(ValueError, match="no drills"):
        days_to_badges(20, 0)


@pytest.mark.parametrize(("questions", "pace"), [(10, 3), (15, 6)])
def test_half_of_the_simulated_learners_are_within_the_forecast(
    questions: int, pace: float
) -> None:
    """Of sixteen learners at least five are within it, and as many may be sooner as later."""
    quick, slow = days_to_badges(questions, pace)
    took = [_days_to_four_in_five(seed, questions, pace) for seed in range(16)]
    sooner, later = sum(days < quick for days in took), sum(days > slow for days in took)
    assert max(sooner, later) <= 8
    assert 16 - sooner - later >= 5


def _days_to_four_in_five(seed: int, questions: int, pace: float) -> float:
    who = case(seed, questions, days=60, pace=pace)
    learner = who.learner()
    policy = Policy([f"q{index}" for index in range(questions)], Random(seed), aloud=True)
    for prompt in who.prompts:
        chosen = policy.choose(prompt.at)
        if not learner.ignores(int(chosen[1:]), prompt):
            rating = learner.answer(int(chosen[1:]), prompt)
            policy.record(chosen, rating, prompt.at, prompt.mode)
        if sum(map(policy.mastered, policy.standings)) >= 0.8 * questions:
            return prompt.at
    return float("inf")
