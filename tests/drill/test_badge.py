from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.drill.badge import NOTHING, Remaining, Run, counted, remaining
from bot.drill.rating import Rating
from bot.drill.tone import Mode, Tone
from tests.strategies import modes


def run_of(*taps: tuple[int, int, Mode]) -> Run:
    """Return the run after (tone, local day, mode) taps; a rating's moment is its place, from 1."""
    run = Run()
    for at, (tone, day, mode) in enumerate(taps, 1):
        run = counted(run, Rating(Tone(tone), mode, at, day))
    return run


SURPRISE, LATE, SELF, MOCK = Mode.SURPRISE, Mode.LATE, Mode.SELF, Mode.MOCK


def test_two_fives_on_different_days_earn_the_badge() -> None:
    """Two 5s, one of them sprung, and the badge carries the moment of the second."""
    assert run_of((5, 1, SELF), (5, 2, SURPRISE)).badge_at == 2


def test_three_fours_earn_the_badge_and_two_do_not() -> None:
    """Two 4s are four points of six."""
    assert run_of((4, 1, SURPRISE), (4, 2, SELF)).badge_at is None
    assert run_of((4, 1, SURPRISE), (4, 2, SELF), (4, 3, SELF)).badge_at == 3


def test_a_five_and_a_four_leave_one_point() -> None:
    """Five points are no badge; any further good day makes it."""
    assert run_of((5, 1, SURPRISE), (4, 2, SURPRISE)).badge_at is None
    assert run_of((5, 1, SURPRISE), (4, 2, SURPRISE), (4, 3, LATE)).badge_at == 3


def test_a_second_good_answer_on_one_day_brings_nothing() -> None:
    """Neither its points nor its surprise count, and the day after goes on from the first."""
    same_day = run_of((4, 1, SELF), (5, 1, SURPRISE))
    assert (same_day.points, same_day.sprung) == (2, False)
    assert run_of((5, 1, SELF), (5, 1, SURPRISE), (5, 2, SELF)).badge_at is None


def test_a_day_that_comes_again_counts_once() -> None:
    """Who flies west over the date line gets no second go at yesterday."""
    assert run_of((5, 9, SURPRISE), (5, 8, SURPRISE)).points == 3


@pytest.mark.parametrize("mode", [LATE, SELF, MOCK])
def test_no_badge_without_a_real_surprise(mode: Mode) -> None:
    """Any number of good answers that were late, asked for or in a mock earn none; one surprise does."""
    warned = [(5, day, mode) for day in range(1, 5)]
    assert run_of(*warned).badge_at is None
    assert run_of(*warned, (4, 5, SURPRISE)).badge_at == 5


@pytest.mark.parametrize("tone", [1, 2, 3])
def test_a_slip_wipes_points_and_surprise(tone: int) -> None:
    """After a slip the run starts anew, and needs a new surprise."""
    slipped = run_of((5, 1, SURPRISE), (tone, 2, SELF))
    assert (slipped.points, slipped.sprung, slipped.badge_at) == (0, False, None)
    assert run_of((5, 1, SURPRISE), (tone, 2, SELF), (5, 3, SELF), (5, 4, SELF)).badge_at is None


def test_a_slip_counts_on_a_day_that_has_counted() -> None:
    """The second answer of a day brings no points, but it can cost them; and the day stays used."""
    assert run_of((5, 1, SURPRISE), (3, 1, SELF)).points == 0
    assert run_of((5, 1, SURPRISE), (3, 1, SELF), (5, 1, SURPRISE)).points == 0


def test_a_good_answer_after_a_slip_counts_the_same_day() -> None:
    """Saying it again well is the start of the next run."""
    assert run_of((3, 1, SURPRISE), (5, 1, SELF)).points == 3


EARNED = ((5, 1, SURPRISE), (5, 2, SURPRISE))


@pytest.mark.parametrize("slips", [[1], [2], [3, 3], [3, 1], [3, 2]])
def test_a_bad_slip_or_two_in_a_row_take_the_badge(slips: list[int]) -> None:
    """A 1 or 2 takes it at once, a 3 only on top of another slip, even on the same day."""
    assert run_of(*EARNED, *((tone, 3, SELF) for tone in slips)).badge_at is None


def test_one_wobble_is_forgiven() -> None:
    """A single 3 wipes the points and leaves the badge as it was; so do two with a 4 between."""
    assert run_of(*EARNED, (3, 3, SURPRISE)).badge_at == 2
    wobbly = run_of(*EARNED, (3, 3, SURPRISE), (4, 3, SELF), (3, 3, SURPRISE))
    assert (wobbly.badge_at, wobbly.points) == (2, 0)


def test_a_second_good_answer_of_a_day_ends_a_row_of_slips() -> None:
    """It brings no points, but a 3 after it is a first 3 again."""
    assert run_of(*EARNED, (3, 2, SELF), (5, 2, SELF), (3, 2, SELF)).badge_at == 2


def test_a_lost_badge_is_earned_again_in_full() -> None:
    """Six new points with a new surprise, and the badge has the new moment."""
    lost = (*EARNED, (1, 3, SURPRISE))
    assert run_of(*lost, (5, 4, SURPRISE)).badge_at is None
    assert run_of(*lost, (5, 4, SURPRISE), (5, 5, SELF)).badge_at == 5


def test_a_held_badge_keeps_its_moment() -> None:
    """Further good answers do not earn it a second time."""
    assert run_of(*EARNED, (5, 3, SURPRISE), (5, 4, SURPRISE)).badge_at == 2


def test_what_is_missing_at_the_start() -> None:
    """Six points, two days at best, a surprise, and today will do."""
    assert remaining(Run()) == Remaining(6, 2, surprise_needed=True, another_day_needed=False)


@pytest.mark.parametrize(
    ("taps", "points", "days", "surprise_needed"),
    [
        ([(4, 1, SURPRISE)], 4, 2, False),
        ([(5, 1, SURPRISE)], 3, 1, False),
        ([(5, 1, SELF), (4, 2, LATE)], 1, 1, True),
        ([(5, 1, SELF), (5, 2, LATE)], 0, 1, True),
    ],
)
def test_what_is_missing_on_the_way(
    taps: list[tuple[int, int, Mode]], points: int, days: int, surprise_needed: bool
) -> None:
    """The points left of six, the days they take at best, and whether a surprise is among them."""
    expected = Remaining(points, days, surprise_needed, another_day_needed=True)
    assert remaining(run_of(*taps)) == expected


def test_another_day_is_needed_until_it_comes() -> None:
    """The day that counted is used up; the next is not."""
    run = run_of((4, 8, SURPRISE))
    assert [remaining(run, today).another_day_needed for today in (7, 8, 9)] == [True, True, False]


def test_nothing_is_missing_with_a_badge() -> None:
    """A badge that is held takes nothing more, even after a wobble."""
    assert remaining(run_of(*EARNED)) == Remaining(0, 0, False, False) == NOTHING
    assert remaining(run_of(*EARNED, (3, 3, SELF))) == NOTHING


@dataclass
class PlainBadge:
    """The rules once more, as a story: every tap is kept, and judged by looking back."""

    taps: list[tuple[int, int, Mode]] = field(default_factory=list)
    held: bool = False

    def tap(self, tone: int, day: int, mode: Mode) -> None:
        before = self.taps[-1][0] if self.taps else 5
        self.taps.append((tone, day, mode))
        if tone <= 2 or (tone == 3 and before <= 3):
            self.held = False
        good = self.good_days()
        if tone >= 4 and self.worth(good) >= 6 and any(mode is SURPRISE for _, mode in good):
            self.held = True

    def good_days(self) -> list[tuple[int, Mode]]:
        """The answers since the last slip that were the first good ones of a new day."""
        used, good = set[int](), list[tuple[int, Mode]]()
        for tone, day, mode in self.taps:
            if tone <= 3:
                good = []
            elif all(day > other for other in used):
                used.add(day)
                good.append((tone, mode))
        return good

    @staticmethod
    def worth(good: list[tuple[int, Mode]]) -> int:
        return min(6, sum(3 if tone == 5 else 2 for tone, _ in good))


class BadgeStory(RuleBasedStateMachine):
    """Taps at random, on the engine and on the plain model; tones lean to the good."""

    def __init__(self) -> None:
        super().__init__()
        self.run = Run()
        self.plain = PlainBadge()
        self.day = 1
        self.at = 0

    @rule(
        tone=st.sampled_from([1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5]),
        mode=modes(),
        days=st.sampled_from([0, 0, 1, 1, 1, 5, -1]),
    )
    def tap(self, tone: int, mode: Mode, days: int) -> None:
        self.day += days
        self.at += 1
        self.run = counted(self.run, Rating(Tone(tone), mode, self.at, self.day))
        self.plain.tap(tone, self.day, mode)

    @invariant()
    def same_badge(self) -> None:
        assert (self.run.badge_at is not None) == self.plain.held

    @invariant()
    def same_points(self) -> None:
        assert self.run.points == self.plain.worth(self.plain.good_days())
        assert self.run.sprung == any(mode is SURPRISE for _, mode in self.plain.good_days())

    @invariant()
    def what_remains_fits(self) -> None:
        left = remaining(self.run)
        assert (left == NOTHING) == self.plain.held
        assert self.plain.held or left.points + self.run.points == 6


BadgeStory.TestCase.settings = settings(max_examples=80, stateful_step_count=40)


class TestBadgeStory(BadgeStory.TestCase):  # type: ignore[misc, valid-type]
    """The engine agrees with the plain model after every tap of any story."""
