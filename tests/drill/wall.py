"""Open hours once more, plainly, and where the clocks change."""

import functools
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.drill.moment import DAY_MS, MINUTE_MS
from bot.drill.open_hours import OpenHours
from tests.strategies import ZONES


def ms(text: str, zone: str = "UTC", fold: int = 0) -> int:
    """Return the moment of an ISO wall-clock time in a zone."""
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(wall.timestamp() * 1000)


def wall_clock(zone: str, at: int) -> datetime:
    """Return what the clock on the wall shows, without its zone."""
    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    return utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def plainly_open(hours: OpenHours, at: int) -> bool:
    """Return whether this moment is within the hours that opened today or yesterday."""
    wall = wall_clock(hours.zone, at)
    for days_ago in (0, 1):
        midnight = datetime(wall.year, wall.month, wall.day) - timedelta(days=days_ago)  # noqa: DTZ001
        opens, closes = hours.days[midnight.weekday()]
        if closes < opens:
            closes += 24 * 60
        opening = midnight + timedelta(minutes=opens)
        closing = midnight + timedelta(minutes=closes)
        if opening <= wall < closing:
            return True
    return False


@functools.cache
def clock_changes() -> tuple[tuple[str, int], ...]:
    """Return (zone, first moment after a change) for every zone's changes of 2024 and 2025."""
    first, last = ms("2024-01-01"), ms("2026-01-01")
    found = list[tuple[str, int]]()
    for zone in ZONES:
        offsets = [(at, _offset(zone, at)) for at in range(first, last, DAY_MS)]
        for (at, offset), (later, changed) in pairwise(offsets):
            if offset != changed:
                found.append((zone, _first_of(zone, at, later, changed)))
    return tuple(found)


def _offset(zone: str, at: int) -> timedelta | None:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).utcoffset()


def _first_of(zone: str, early: int, late: int, changed: timedelta | None) -> int:
    minutes = range(early // MINUTE_MS, late // MINUTE_MS + 1)
    return MINUTE_MS * next(m for m in minutes if _offset(zone, m * MINUTE_MS) == changed)
