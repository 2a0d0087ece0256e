from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.drill.badge import NOTHING, Remaining, Run, counted, listened, remaining
from bot.drill.rating import Listen, Rating
from bot.drill.tone import Mode, Tone
from tests.strategies import modes


def run_of(*taps: tuple[int, int, Mode]) -> Run:
    """Return the run after (tone, local day, mode) taps; a rating's moment is its place, from 1."""
    run = Run()
    for at, (tone, day, mode) in enumerate(taps, 1):
        run = counted(run, Rating(Tone(tone), mode, at, day))
    return run


def aloud(run: Run, tone: int, day: int, mode: Mode = Mode.SURPRISE) -> Run:
    """Return the run after one more rating, of a spoken take; its moment is its day."""
    return counted(run, Rating(Tone(tone), mode, day, day, spoken=True))


def heard(run: Run, tone: int, first: int, again: int) -> Run:
    """Return the run after a take rated at `first` was listened to and rated once more."""
    return listened(run, Listen(Tone(tone), rated_at=again, first_rated_at=first))


SPOKEN = aloud(aloud(Run(), 5, 1), 5, 2)
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


@pytest.mark.parametrize("tone", [4, 5])
def test_spoken_answers_ask_for_a_second_listen(tone: int) -> None:
    """Six points with a surprise are no badge until a take holds; then its moment is the listen's."""
    assert (SPOKEN.points, SPOKEN.badge_at, SPOKEN.wants_listen) == (6, None, True)
    held = heard(SPOKEN, tone, 2, 9)
    assert (held.badge_at, held.wants_listen, held.points) == (9, False, 6)


def test_one_spoken_answer_in_the_run_is_enough_to_ask() -> None:
    """A typed answer beside a spoken one does not spare the listen, whichever came first."""
    first = counted(aloud(Run(), 5, 1), Rating(Tone.SMOOTH, SURPRISE, 2, 2))
    last = aloud(counted(Run(), Rating(Tone.SMOOTH, SURPRISE, 1, 1)), 5, 2)
    assert (first.badge_at, last.badge_at) == (None, None)


def test_an_early_listen_lets_the_last_answer_bring_the_badge() -> None:
    """Whoever listens after the first answer has the badge with the second."""
    assert aloud(heard(aloud(Run(), 5, 1), 4, 1, 2), 5, 3).badge_at == 3


@pytest.mark.parametrize("tone", [1, 2, 3])
def test_a_listen_that_does_not_hold_changes_nothing(tone: int) -> None:
    """Neither points nor the run are lost by an honest ear, and a later one that holds brings the badge."""
    assert heard(SPOKEN, tone, 2, 9) == SPOKEN
    assert heard(heard(SPOKEN, tone, 2, 9), 4, 1, 10).badge_at == 10


def test_a_take_of_an_earlier_run_holds_for_nothing() -> None:
    """What was said before or at the latest slip is of another run; so is what is rated anew later."""
    again = aloud(aloud(counted(SPOKEN, Rating(Tone.FLAT, SELF, 3, 3)), 5, 4), 5, 5)
    for first in (2, 3, 9, 10):
        assert heard(again, 5, first, 9) == again
    assert heard(again, 5, 4, 9).badge_at == 9


def test_a_slip_wipes_what_was_held() -> None:
    """After a slip the next run asks for a listen of its own, if it is spoken."""
    slipped = counted(heard(aloud(Run(), 5, 1), 5, 1, 2), Rating(Tone.FLAT, SELF, 3, 3))
    assert (slipped.held, slipped.spoken, slipped.slipped_at) == (False, False, 3)
    assert aloud(aloud(slipped, 5, 4), 5, 5).badge_at is None
    typed = [Rating(Tone.SMOOTH, SURPRISE, day, day) for day in (4, 5)]
    assert counted(counted(slipped, typed[0]), typed[1]).badge_at == 5


def test_an_answer_that_does_not_count_asks_for_no_listen() -> None:
    """A second good answer of a day brings nothing, so its being spoken asks for nothing."""
    typed = counted(Run(), Rating(Tone.SMOOTH, SURPRISE, 1, 1))
    assert not aloud(typed, 5, 1).spoken


def test_a_held_badge_takes_no_listen() -> None:
    """A badge that is there stays with its moment, whatever is spoken and heard afterwards."""
    later = aloud(run_of(*EARNED), 5, 3)
    for tone in (1, 5):
        assert heard(later, tone, 3, 4).badge_at == 2
    assert not later.wants_listen


def test_only_the_listen_is_missing() -> None:
    """With six points and a surprise nothing else is; before that it is one thing of several."""
    assert remaining(SPOKEN) == Remaining(0, 0, False, True, listen_needed=True)
    assert remaining(SPOKEN).only_listen
    warned = aloud(aloud(Run(), 5, 1, SELF), 5, 2, SELF)
    assert remaining(warned) == Remaining(0, 1, True, True, listen_needed=True)
    assert not remaining(warned).only_listen
    assert not remaining(heard(aloud(Run(), 5, 1), 4, 1, 2)).listen_needed


@dataclass(frozen=True)
class Tap:
    """One rating of the story; `ears`: what its take was called when it was listened to."""

    tone: int
    day: int
    mode: Mode
    spoken: bool
    ears: list[int] = field(default_factory=list)


@dataclass
class PlainBadge:
    """The rules once more, as a story: every tap is kept, and judged by looking back."""

    taps: list[Tap] = field(default_factory=list)
    held: bool = False

    def tap(self, tap: Tap) -> None:
        before = self.taps[-1].tone if self.taps else 5
        self.taps.append(tap)
        if tap.tone <= 2 or (tap.tone == 3 and before <= 3):
            self.held = False
        if tap.tone >= 4:
            self.held = self.held or self.complete()

    def hear(self, which: int, tone: int) -> None:
        self.taps[which].ears.append(tone)
        if tone >= 4 and which >= self.run_start():
            self.held = self.held or self.complete()

    def run_start(self) -> int:
        """Where the taps after the last slip begin."""
        return max((place + 1 for place, tap in enumerate(self.taps) if tap.tone <= 3), default=0)

    def good_days(self) -> list[Tap]:
        """The answers since the last slip that were the first good ones of a new day."""
        used, good = set[int](), list[Tap]()
        for tap in self.taps:
            if tap.tone <= 3:
                good = []
            elif all(tap.day > other for other in used):
                used.add(tap.day)
                good.append(tap)
        return good

    def complete(self) -> bool:
        """Six points, a surprise, and an ear, unless all was typed."""
        good = self.good_days()
        sprung = any(tap.mode is SURPRISE for tap in good)
        return self.worth(good) >= 6 and sprung and (self.confirmed() or not self.spoken())

    def spoken(self) -> bool:
        return any(tap.spoken for tap in self.good_days())

    def confirmed(self) -> bool:
        return any(tone >= 4 for tap in self.taps[self.run_start() :] for tone in tap.ears)

    @staticmethod
    def worth(good: list[Tap]) -> int:
        return min(6, sum(3 if tap.tone == 5 else 2 for tap in good))


class BadgeStory(RuleBasedStateMachine):
    """Taps and listens at random, on the engine and on the plain model; tones lean to the good."""

    def __init__(self) -> None:
        super().__init__()
        self.run = Run()
        self.plain = PlainBadge()
        self.day = 1
        self.at = 0
        self.rated_at: list[int] = []

    @rule(
        tone=st.sampled_from([1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5]),
        mode=modes(),
        days=st.sampled_from([0, 0, 1, 1, 1, 5, -1]),
        spoken=st.booleans(),
    )
    def tap(self, tone: int, mode: Mode, days: int, spoken: bool) -> None:
        self.day += days
        self.at += 1
        self.rated_at.append(self.at)
        self.run = counted(self.run, Rating(Tone(tone), mode, self.at, self.day, spoken))
        self.plain.tap(Tap(tone, self.day, mode, spoken))

    @precondition(lambda self: self.rated_at)
    @rule(tone=st.sampled_from([2, 3, 4, 5]), back=st.integers(1, 4))
    def listen(self, tone: int, back: int) -> None:
        self.at += 1
        which = max(0, len(self.rated_at) - back)
        tap = Listen(Tone(tone), rated_at=self.at, first_rated_at=self.rated_at[which])
        self.run = listened(self.run, tap)
        self.plain.hear(which, tone)

    @invariant()
    def same_badge(self) -> None:
        assert (self.run.badge_at is not None) == self.plain.held

    @invariant()
    def same_points(self) -> None:
        assert self.run.points == self.plain.worth(self.plain.good_days())
        assert self.run.sprung == any(tap.mode is SURPRISE for tap in self.plain.good_days())
        assert self.run.spoken == self.plain.spoken()
        assert self.run.held == self.plain.confirmed()

    @invariant()
    def what_remains_fits(self) -> None:
        left = remaining(self.run)
        assert (left == NOTHING) == self.plain.held
        assert self.plain.held or left.points + self.run.points == 6
        asked = self.plain.spoken() and not self.plain.confirmed()
        assert left.listen_needed == (asked and not self.plain.held)


BadgeStory.TestCase.settings = settings(max_examples=80, stateful_step_count=40)


class TestBadgeStory(BadgeStory.TestCase):  # type: ignore[misc, valid-type]
    """The engine agrees with the plain model after every tap and listen of any story."""
