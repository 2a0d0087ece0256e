"""Hypothesis strategies for what the engine works on."""

import zoneinfo
from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.drill.moment import DAY_MS
from bot.drill.open_hours import DAY_MINUTES, OpenHours
from bot.drill.rating import Listen, Rating
from bot.drill.standing import Standing
from bot.drill.surprise import Rhythm
from bot.drill.tone import Mode, Tone

ZONES = tuple(sorted(zoneinfo.available_timezones()))
# 1972, when the last zone's minutes were whole, to 2037, where the stored tables end.
FIRST_AT = int(datetime(1972, 6, 1, tzinfo=UTC).timestamp()) * 1000
LAST_AT = int(datetime(2037, 6, 1, tzinfo=UTC).timestamp()) * 1000


def zones() -> st.SearchStrategy[str]:
    """Every zone that tzdata has."""
    return st.sampled_from(ZONES)


def moments() -> st.SearchStrategy[int]:
    """Milliseconds since 1970 UTC, in years for which clock changes are known."""
    return st.integers(FIRST_AT, LAST_AT)


def days_open() -> st.SearchStrategy[tuple[int, int]]:
    """(opens, closes) of one weekday: closed, within the day, or past midnight."""
    minute = st.integers(0, DAY_MINUTES)
    return st.one_of(st.just((0, 0)), st.just((0, DAY_MINUTES)), st.tuples(minute, minute))


def open_hours() -> st.SearchStrategy[OpenHours]:
    """Any week in any zone, the wholly closed week included."""
    return st.builds(OpenHours, zones(), st.tuples(*[days_open()] * 7))


def rhythms() -> st.SearchStrategy[Rhythm]:
    """Rhythms as settings allow them, without pause and interview."""
    return st.builds(
        Rhythm,
        hours=open_hours(),
        pace=st.floats(0.25, 12),
        cap=st.integers(1, 12),
        gap_minutes=st.integers(0, 240),
    )


def tones() -> st.SearchStrategy[Tone]:
    """Each of the five tones."""
    return st.sampled_from(Tone)


def modes() -> st.SearchStrategy[Mode]:
    """Each way that an answer comes about."""
    return st.sampled_from(Mode)


@st.composite
def ratings(draw: st.DrawFn, most: int = 12) -> list[Rating]:
    """A row of ratings in order of time, some on the same day, some weeks apart."""
    at, found = draw(moments()), list[Rating]()
    for _ in range(draw(st.integers(0, most))):
        at += draw(st.integers(0, 3 * DAY_MS) | st.integers(0, 40 * DAY_MS))
        day = at // DAY_MS + 719_163
        found.append(Rating(draw(tones()), draw(modes()), at, day, draw(st.booleans())))
    return found


@st.composite
def heard(draw: st.DrawFn) -> list[Rating | Listen]:
    """A row of ratings in order of time, with listens among them to takes that were rated before."""
    row, first = draw(ratings()), list[int]()
    found = list[Rating | Listen]()
    for rating in row:
        found.append(rating)
        first.append(rating.rated_at)
        if draw(st.booleans()):
            taken = draw(st.sampled_from(first))
            found.append(Listen(draw(tones()), rating.rated_at + 1, taken))
    return found


def standings() -> st.SearchStrategy[Standing]:
    """Standings of every sort, reachable or not."""
    return st.builds(
        Standing,
        strength=st.floats(0, 1),
        strength_at=st.none() | moments(),
        heard_at=st.none() | moments(),
        points=st.integers(0, 6),
        sprung=st.booleans(),
        counted_day=st.none() | st.integers(719_163, 745_000),
        low=st.booleans(),
        badge_at=st.none() | moments(),
        last_wording=st.none() | st.integers(0, 9),
        spoken=st.booleans(),
        held=st.booleans(),
        slipped_at=st.none() | moments(),
    )


class Rolls:
    """Dice that fall as told, then stop the test."""

    def __init__(self, *rolls: float) -> None:
        self.left = list(rolls)

    def random(self) -> float:
        """Roll the next number."""
        return self.left.pop(0)
