"""A streak that forgives: weeks with at least one answer. A pause neither counts nor breaks it."""

from collections.abc import Iterable

WEEK = 7


def weeks_running(answered: Iterable[int], asked: Iterable[int], today: int) -> int:
    """Return how many weeks, up to this one, have an answer, since the last that broke the run.

    `answered`, `asked`: local days (ordinals) of answers and of questions. Weeks begin on Monday. A
    week breaks the run only if questions came and none was answered, so neither does one in which
    nothing was asked, as in a pause, nor this one, which is not over.
    """
    good = {_week(day) for day in answered if day <= today}
    broken = {_week(day) for day in asked if _week(day) < _week(today)} - good
    return sum(week > max(broken, default=-1) for week in good)


def _week(day: int) -> int:
    """The number of a day's week; day 1, 1 January of the year 1, is a Monday."""
    return (day - 1) // WEEK
