"""When a learner may be drilled: hours on the wall clock, wherever that clock hangs."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.drill.moment import DAY_MS, MINUTE_MS

DAY_MINUTES = 1440
LOOK_AHEAD_DAYS = 60
LAST_MOMENT = 221_845_392_000_000  # the year 9000, within what `datetime` can hold


@functools.lru_cache(maxsize=1024)
def _zone(key: str) -> ZoneInfo:
    try:
        return ZoneInfo(key)
    except (KeyError, OSError, ValueError) as error:  # unknown, a folder of zones, no name at all
        raise ValueError(f"{key!r} is not a time zone") from error


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Open hours for each weekday, in an IANA time zone.

    `days` has seven entries, Monday first: (opens, closes) in minutes of the local day, 0 to 1440.
    Equal: closed that day. Closing before opening: open past midnight, into the next day. A moment
    is open if its wall clock says so; hence a clock that skips an hour skips its open minutes, and
    one that repeats an hour repeats them. ValueError: no zone, not seven days, no such minutes.
    """

    zone: str
    days: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        _zone(self.zone)
        if len(self.days) != 7:
            raise ValueError("open hours need seven days, Monday first")
        if not all(0 <= minute <= DAY_MINUTES for day in self.days for minute in day):
            raise ValueError("open hours are minutes of a day, 0 to 1440")

    def is_open(self, at: int) -> bool:
        """Return whether the wall clock is within open hours at this moment."""
        return self._wall_ms_to_opening(at) == 0

    def local_day(self, at: int) -> int:
        """Return the learner's date as an ordinal."""
        return self._wall(at).toordinal()

    def local_minute(self, at: int) -> int:
        """Return the minute of the learner's day, 0 to 1439."""
        wall = self._wall(at)
        return wall.hour * 60 + wall.minute

    def minutes_on(self, day: int) -> int:
        """Return the open minutes of a date, those of the night before included.

        By the wall clock: the hour that a clock change takes or gives is left out of account.
        """
        return len({m for opens, closes in self._stretches(day) for m in range(opens, closes)})

    def minutes_a_day(self) -> float:
        """Return the mean open minutes per weekday that has any opening; 0 if all are closed."""
        return _minutes_a_day(self.days)

    def next_open(self, at: int) -> int | None:
        """Return the first open moment from `at` on, to the ms; None: 60 days are closed."""
        end = at + LOOK_AHEAD_DAYS * DAY_MS
        while at <= min(end, LAST_MOMENT):
            wait = self._wall_ms_to_opening(at)
            if wait == 0:
                return at
            at = self._later(at, wait)
        return None

    def _wall(self, at: int) -> datetime:
        return datetime.fromtimestamp(at // 1000, _zone(self.zone))

    def _stretches(self, day: int) -> Iterator[tuple[int, int]]:
        """Yield (opens, closes), opens <= closes, within a date: the night before's, its own."""
        opens, closes = self.days[(day - 2) % 7]  # day 1 was a Monday
        if closes < opens:
            yield 0, closes
        opens, closes = self.days[(day - 1) % 7]
        yield opens, (DAY_MINUTES if closes < opens else closes)

    def _wall_ms_to_opening(self, at: int) -> int:
        """Return how far the wall clock is from the next opening, or from midnight; 0 if open."""
        wall = self._wall(at)
        wall_ms = ((wall.hour * 60 + wall.minute) * 60 + wall.second) * 1000 + at % 1000
        waits = [
            max(0, opens * MINUTE_MS - wall_ms)
            for opens, closes in self._stretches(wall.toordinal())
            if max(opens * MINUTE_MS, wall_ms) < closes * MINUTE_MS
        ]
        return min(waits, default=DAY_MS - wall_ms)

    def _later(self, at: int, wait: int) -> int:
        """Return the moment `wait` ms (a day at most) on, or the first of a clock change before."""
        offset = self._wall(at).utcoffset()
        late = at + wait
        if self._wall(late).utcoffset() == offset:
            return late
        early = at
        while late - early > 1:
            middle = (early + late) // 2
            if self._wall(middle).utcoffset() == offset:
                early = middle
            else:
                late = middle
        return late


@functools.lru_cache(maxsize=1024)
def _minutes_a_day(days: tuple[tuple[int, int], ...]) -> float:
    week = OpenHours("UTC", days)
    openings = sum(opens != closes for opens, closes in days)
    return sum(map(week.minutes_on, range(1, 8))) / openings if openings else 0.0
