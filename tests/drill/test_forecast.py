from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.forecast import badges_foretold, days_to_badges
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


@pytest.mark.parametrize(("questions", "pace"), [(15, 3), (20, 6)])
def test_half_done(questions: int, pace: float) -> None:
    """On any morning of sixteen learners the range holds for half of them, and neither side has most.

    A morning counts by how much is earned by then: a set that is nearly done is as well foretold as
    one that has just begun.
    """
    told: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for seed in range(16):
        mornings, done = _mornings(seed, questions, pace)
        for day, earned, badges in mornings:
            quick, slow = days_to_badges(questions, pace, earned, badges)
            side = (
                "in"
                if quick - 1 <= done - day <= slow
                else "sooner"
                if done - day < quick
                else "later"
            )
            told[min(2, int(earned * 3))].append(side)
    for sides in told.values():
        assert len(sides) > 50
        assert sides.count("in") >= 0.4 * len(sides)
        assert max(sides.count("sooner"), sides.count("later")) <= 0.5 * len(sides)


@given(
    questions=st.integers(1, 500),
    pace=st.floats(0.1, 50),
    earned=st.floats(0, 1),
    more=st.floats(0, 1),
)
def test_what_is_earned_is_never_to_be_done_again(
    questions: int, pace: float, earned: float, more: float
) -> None:
    """The more is earned the nearer the end, and it is never past; the range is one."""
    less, most = sorted((earned, more))
    quick, slow = days_to_badges(questions, pace, less)
    sooner, later = days_to_badges(questions, pace, most)
    assert 1 <= sooner <= later
    assert sooner <= quick
    assert later <= slow


def test_four_in_five() -> None:
    """What is foretold is four in five badges, rounded up."""
    assert [badges_foretold(questions) for questions in (1, 5, 16, 20)] == [1, 4, 13, 16]


def _mornings(seed: int, questions: int, pace: float) -> tuple[list[tuple[int, float, int]], float]:
    """The share of points at each new day, and the day of four badges in five."""
    who = case(seed, questions, days=90, pace=pace)
    learner, policy = (
        who.learner(),
        Policy([f"q{n}" for n in range(questions)], Random(seed), aloud=True),
    )
    mornings, today = list[tuple[int, float, int]](), 0
    for prompt in who.prompts:
        if prompt.at >= today + 1:
            today = int(prompt.at)
            points = sum(6 if s.badge_at else s.points for s in policy.standings.values())
            badges = sum(map(policy.mastered, policy.standings))
            mornings.append((today, points / (6 * questions), badges))
        chosen = policy.choose(prompt.at)
        if not learner.ignores(int(chosen[1:]), prompt):
            rating = learner.answer(int(chosen[1:]), prompt)
            policy.record(chosen, rating, prompt.at, prompt.mode)
        if sum(map(policy.mastered, policy.standings)) >= 0.8 * questions:
            return mornings, prompt.at
    return mornings, float("inf")


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
