from hypothesis import given
from hypothesis import strategies as st

from bot.drill.streak import weeks_running

MONDAY = 739_943  # 23 November 2026
DAYS = st.sets(st.integers(MONDAY - 70, MONDAY + 6))


def test_weeks_in_a_row() -> None:
    """Three weeks with an answer each are three, whatever the day and however many a week."""
    days = {MONDAY, MONDAY - 1, MONDAY - 5, MONDAY - 12}
    assert weeks_running(days, days, MONDAY) == 3


def test_a_week_begins_on_monday() -> None:
    """Sunday and the Monday after it are of two weeks."""
    assert weeks_running({MONDAY - 1, MONDAY}, {MONDAY}, MONDAY) == 2
    assert weeks_running({MONDAY, MONDAY + 6}, {MONDAY}, MONDAY + 6) == 1


def test_this_week_is_not_over() -> None:
    """A week that has only begun breaks nothing, though its questions wait for an answer."""
    assert weeks_running({MONDAY - 3}, {MONDAY - 3, MONDAY}, MONDAY + 6) == 1


def test_a_week_without_an_answer_breaks_it() -> None:
    """Questions that came and found no answer all week end the run; it begins anew."""
    assert weeks_running({MONDAY - 14, MONDAY}, {MONDAY - 14, MONDAY - 7, MONDAY}, MONDAY) == 1


def test_a_pause_does_not() -> None:
    """Five weeks in which nothing was asked leave the run as it was."""
    answered = {MONDAY - 42, MONDAY - 49, MONDAY}
    assert weeks_running(answered, answered, MONDAY) == 3


def test_nothing_yet() -> None:
    """Whoever has answered nothing has no run, and no broken one."""
    assert weeks_running((), (MONDAY - 7,), MONDAY) == 0


@given(answered=DAYS, asked=DAYS, more=st.integers(MONDAY - 70, MONDAY + 6))
def test_an_answer_never_shortens_it(answered: set[int], asked: set[int], more: int) -> None:
    """One more answer, whenever, makes no run shorter."""
    today = MONDAY + 6
    assert weeks_running(answered | {more}, asked, today) >= weeks_running(answered, asked, today)


@given(answered=DAYS, asked=DAYS, since=st.integers(MONDAY - 70, MONDAY), weeks=st.integers(0, 9))
def test_a_pause_of_any_length(answered: set[int], asked: set[int], since: int, weeks: int) -> None:
    """Put weeks without a question between any two Mondays, and the run is the same."""
    since -= (since - 1) % 7

    def later(days: set[int]) -> set[int]:
        return {day + 7 * weeks if day >= since else day for day in days}

    today = MONDAY + 6
    paused = weeks_running(later(answered), later(asked), today + 7 * weeks)
    assert paused == weeks_running(answered, asked, today)


@given(answered=DAYS, asked=DAYS)
def test_never_more_than_there_are(answered: set[int], asked: set[int]) -> None:
    """The run is at most as long as the weeks that have an answer, and never less than none."""
    weeks = {(day - 1) // 7 for day in answered}
    assert 0 <= weeks_running(answered, asked, MONDAY + 6) <= len(weeks)
