import math
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.moment import DAY_MS
from bot.drill.standing import Standing
from bot.drill.weakness import choose, choose_wording, weakest, weakness
from tests.strategies import Rolls, moments, standings

NOW = 1_700_000_000_000


def heard(days: float, strength: float, badge_at: int | None = None) -> Standing:
    """Return a standing that was last heard and set so many days before NOW."""
    at = NOW - round(days * DAY_MS)
    return Standing(strength=strength, strength_at=NOW, heard_at=at, badge_at=badge_at)


def test_weakness_is_the_lack_times_the_wait() -> None:
    """A strength of 0.2 heard a day ago weighs 0.8 times 1 - 1/e."""
    assert weakness(heard(1, 0.2), NOW) == pytest.approx(0.8 * (1 - 1 / math.e))


def test_what_was_never_heard_has_waited_for_ever() -> None:
    """An unknown question weighs its whole lack, one half."""
    assert weakness(Standing(), NOW) == 0.5


def test_even_the_strongest_keeps_a_chance() -> None:
    """Full strength still weighs a fiftieth."""
    assert weakness(Standing(strength=1.0), NOW) == 0.02


def test_what_was_just_heard_weighs_nothing() -> None:
    """At the moment of asking, and for a clock that has stepped back since, the weight is 0."""
    assert weakness(heard(0, 0.1), NOW) == 0
    assert weakness(heard(-3, 0.1), NOW) == 0


def test_weakness_uses_the_drifted_strength() -> None:
    """Strength 1 of a year ago has faded towards one half."""
    standing = Standing(strength=1.0, strength_at=NOW - 30 * DAY_MS)
    assert weakness(standing, NOW) == pytest.approx(0.25)


@given(standings(), moments())
def test_weakness_is_a_share(standing: Standing, now: int) -> None:
    """Whatever the history, a weakness is from 0 to 1."""
    assert 0 <= weakness(standing, now) <= 1


def bank(count: int) -> dict[str, Standing]:
    """Return questions q0, the weakest, to the strongest, all heard long ago."""
    return {f"q{index}": heard(30, index / count) for index in range(count)}


def test_the_weakest_come_first() -> None:
    """The six largest weaknesses in order, as the learner is shown them; equals by id."""
    assert weakest(bank(9), NOW) == ("q0", "q1", "q2", "q3", "q4", "q5")
    assert weakest({"b": Standing(), "a": Standing()}, NOW, pool=1) == ("a",)


def test_there_is_nothing_to_choose_from_nothing() -> None:
    """An empty bank is an error that says so."""
    with pytest.raises(ValueError, match="no question"):
        choose({}, NOW, Random(1))


def test_only_the_six_weakest_are_drawn_in_proportion_to_their_weakness() -> None:
    """Twelve thousand draws fall on six questions, each within four deviations of its share."""
    dice, standings_ = Random(1), bank(9)
    drawn = Counter(choose(standings_, NOW, dice) for _ in range(12_000))
    total = sum(weakness(standings_[f"q{index}"], NOW) for index in range(6))
    assert set(drawn) == {f"q{index}" for index in range(6)}
    for key, count in drawn.items():
        share = weakness(standings_[key], NOW) / total
        assert abs(count - 12_000 * share) < 4 * math.sqrt(12_000 * share * (1 - share))


def test_the_pool_can_be_smaller() -> None:
    """A pool of one is the weakest itself."""
    assert {choose(bank(9), NOW, Random(seed), pool=1) for seed in range(20)} == {"q0"}


def test_equals_share_the_pool_by_lot() -> None:
    """Of forty unknown questions each is drawn now and then, whatever its place and name."""
    dice, unknown = Random(2), {f"q{index}": Standing() for index in range(40)}
    drawn = Counter(choose(unknown, NOW, dice) for _ in range(4000))
    assert len(drawn) == 40
    assert max(drawn.values()) < 4 * 25 + 100


def test_a_question_just_asked_is_not_asked_again() -> None:
    """Within its own minute it comes second to anything else, even to the strongest."""
    standings_ = {"just-asked": heard(0, 0.0), "strong": heard(1, 1.0)}
    assert {choose(standings_, NOW, Random(seed)) for seed in range(50)} == {"strong"}


def test_a_bank_of_one_is_asked_again() -> None:
    """If nothing weighs anything, something is asked all the same."""
    assert choose({"only": heard(0, 0.5)}, NOW, Random(1)) == "only"


CHECKED = {
    "weak": heard(30, 0.0),
    "week-old": heard(7, 1.0, badge_at=1),
    "older": heard(9, 1.0, badge_at=1),
}


def test_one_draw_in_ten_checks_the_badge_unheard_longest() -> None:
    """A roll under a tenth takes the badge that has waited longest; a tenth itself does not."""
    assert choose(CHECKED, NOW, Rolls(0.0999)) == "older"
    assert choose(CHECKED, NOW, Rolls(0.1, 0.5, 0.5, 0.5, 0.0)) == "weak"


def test_a_spot_check_is_due_after_seven_days_and_not_before() -> None:
    """A badge heard less than seven days ago is left to the ordinary draw."""
    on_time = {"weak": heard(30, 0.0), "badge": heard(7, 1.0, badge_at=1)}
    assert choose(on_time, NOW, Rolls(0.0)) == "badge"
    early = {"weak": heard(30, 0.0), "badge": heard(6.99, 1.0, badge_at=1)}
    assert choose(early, NOW, Rolls(0.0, 0.5, 0.5, 0.0)) == "weak"


def test_a_badge_never_heard_is_due() -> None:
    """A badge that was carried over without its hearing waits longest of all."""
    carried = {"older": heard(9, 1.0, badge_at=1), "carried": Standing(strength=1.0, badge_at=1)}
    assert choose(carried, NOW, Rolls(0.0)) == "carried"


def test_without_a_badge_there_is_no_spot_check() -> None:
    """The ordinary draw takes over."""
    assert choose({"weak": heard(30, 0.0)}, NOW, Rolls(0.0, 0.5, 0.5)) == "weak"


@given(st.dictionaries(st.text(min_size=1), standings(), min_size=1), moments(), st.integers())
def test_any_choice_is_of_the_bank(standings_: dict[str, Standing], now: int, seed: int) -> None:
    """Whatever the standings, one of them is chosen."""
    assert choose(standings_, now, Random(seed)) in standings_


@given(st.integers(1, 9), st.none() | st.integers(0, 12), st.integers())
def test_no_wording_twice_running(wordings: int, last: int | None, seed: int) -> None:
    """The wording exists, and is not the last one unless there is no other."""
    index = choose_wording(wordings, last, Random(seed))
    assert 0 <= index < wordings
    assert index != last or wordings == 1


def test_every_other_wording_is_used() -> None:
    """Of four wordings, the three that were not last are equally likely."""
    dice = Random(3)
    drawn = Counter(choose_wording(4, 2, dice) for _ in range(3000))
    assert set(drawn) == {0, 1, 3}
    assert min(drawn.values()) > 900


def test_a_question_without_wordings_is_an_error() -> None:
    """There is nothing to say."""
    with pytest.raises(ValueError, match="wording"):
        choose_wording(0, None, Random(1))
