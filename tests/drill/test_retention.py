"""Which recordings may go: the rule against its own sentences, over any history."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.moment import DAY_MS
from bot.drill.retention import CHOICES, FOR_EVER, USUAL_DAYS, Recording, over_age
from bot.drill.tone import Tone
from tests.strategies import tones

NOW = 1_795_435_200_000
AGED = [days for days in CHOICES if days != FOR_EVER]


@st.composite
def histories(draw: st.DrawFn) -> list[Recording]:
    """Recordings of a few questions in any order; their numbers rise with time."""
    ages = sorted(draw(st.lists(st.integers(0, 800 * DAY_MS), max_size=25)), reverse=True)
    made = [
        Recording(
            take_no=number,
            question_id=draw(st.sampled_from("abc")),
            taken_at=NOW - age,
            tone=draw(st.none() | tones()),
            held=draw(st.integers(0, 9)) == 0,
        )
        for number, age in enumerate(ages, start=1)
    ]
    return draw(st.permutations(made))


def of(history: list[Recording], question_id: str) -> list[Recording]:
    """Those of one question, oldest first."""
    found = [one for one in history if one.question_id == question_id]
    return sorted(found, key=lambda one: one.take_no)


@given(histories(), st.sampled_from(AGED))
def test_first_latest_best_and_held_stay(history: list[Recording], days: int) -> None:
    """However old they are: the first, the latest and a best-rated one of each question, and all held."""
    gone = over_age(history, days, NOW)
    assert not gone & {one.take_no for one in history if one.held}
    for question_id in "abc":
        mine = of(history, question_id)
        if not mine:
            continue
        assert not gone & {mine[0].take_no, mine[-1].take_no}
        rated = [one for one in mine if one.tone is not None]
        if rated:
            highest = max(one.tone or Tone.BITTER for one in rated)
            best = [one.take_no for one in rated if one.tone == highest]
            assert best[-1] not in gone


@given(histories(), st.sampled_from(AGED))
def test_the_young_stay_and_other_old_ones_go(history: list[Recording], days: int) -> None:
    """Nothing goes before its time; beyond it at most three of a question stay, and what is held."""
    gone = over_age(history, days, NOW)
    old = {one.take_no for one in history if NOW - one.taken_at > days * DAY_MS}
    assert gone <= old
    for question_id in "abc":
        left = [one for one in of(history, question_id) if one.take_no in old - gone]
        assert len([one for one in left if not one.held]) <= 3


@given(histories(), st.sampled_from(AGED))
def test_done_twice_is_done_once(history: list[Recording], days: int) -> None:
    """When those have gone, nothing more goes: what stayed is still first, latest, best or young."""
    gone = over_age(history, days, NOW)
    left = [one for one in history if one.take_no not in gone]
    assert over_age(left, days, NOW) == set()


@given(histories())
def test_longer_keeps_more(history: list[Recording]) -> None:
    """Whoever chooses a longer time loses nothing that a shorter one keeps; for ever loses nothing."""
    short, usual, long = (over_age(history, days, NOW) for days in sorted(AGED))
    assert short >= usual >= long
    assert over_age(history, FOR_EVER, NOW) == set()


@given(histories(), st.sampled_from(AGED), st.randoms(use_true_random=False))
def test_order_makes_no_difference(
    history: list[Recording], days: int, dice: random.Random
) -> None:
    """The same recordings in another order give the same answer."""
    shuffled = list(history)
    dice.shuffle(shuffled)
    assert over_age(shuffled, days, NOW) == over_age(history, days, NOW)


@pytest.mark.parametrize(("age", "goes"), [(0, False), (1, True)])
def test_to_the_millisecond(age: int, goes: bool) -> None:
    """A middle one stays for just its days, and goes after that."""
    old = NOW - 400 * DAY_MS
    middle = NOW - USUAL_DAYS * DAY_MS - age
    history = [
        Recording(take_no=number, question_id="a", taken_at=at, tone=tone)
        for number, at, tone in (
            (1, old, Tone.SMOOTH),
            (2, middle, Tone.SMOOTH),
            (3, middle, Tone.SMOOTH),
            (4, NOW, None),
        )
    ]
    assert over_age(history, USUAL_DAYS, NOW) == ({2} if goes else set())
