"""Every time zone at every change of its clocks: no surprise falls outside the hours on the wall."""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.drill.open_hours import OpenHours
from bot.drill.surprise import Rhythm, next_drill_at
from tests.faults.oracle import Verdict

NAMES = sorted(available_timezones() - {"localtime", "Factory"})
ZONES = len(NAMES)
ODD = {
    "Pacific/Apia": 2011,
    "Australia/Lord_Howe": 2010,
    "Africa/Casablanca": 2010,
    "Africa/Cairo": 2010,
}
"""A day that never was, half an hour, two changes around Ramadan, a law every few years: from earlier on."""

WINDOWS = ((540, 1200), (1320, 150), (90, 210), (0, 1440), (0, 45), (1410, 1440))
"""Opens and closes, minutes of the local day; some lie across the hours that clocks repeat or skip."""

DRAWS = 4
HOUR = timedelta(hours=1)


def changes(zone: ZoneInfo, first_year: int) -> Iterator[datetime]:
    """The moments (UTC, to the minute) at which the zone's clocks change, up to 2040."""
    day, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)
    while day < end:
        later = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            low, high = day, later
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                same = middle.astimezone(zone).utcoffset() == day.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high
        day = later


def is_open(local: datetime, opens: int, closes: int) -> bool:
    """What the wall says, by a calculation that has nothing to do with the bot's."""
    minute = local.hour * 60 + local.minute
    if closes > opens:
        return opens <= minute < closes
    return minute >= opens or minute < closes


def trial(number: int, _: Path) -> Verdict:
    """One zone."""
    name = NAMES[(number - 1) % ZONES]
    zone, dice = ZoneInfo(name), random.Random(f"zone {name}")
    verdict = Verdict({"zones": 1, "changes of a clock": 0, "surprises": 0, "in quiet hours": 0})
    for change in changes(zone, ODD.get(name, 2020)):
        verdict.counts["changes of a clock"] += 1
        for opens, closes in WINDOWS:
            rhythm = Rhythm(
                hours=OpenHours(zone=name, days=((opens, closes),) * 7), pace=40, cap=99
            )
            at = int((change - 3 * HOUR * dice.random()).timestamp() * 1000)
            for _draw in range(DRAWS):
                moment = next_drill_at(rhythm, at, None, (0, 0), dice)
                local = datetime.fromtimestamp((moment or 0) / 1000, UTC).astimezone(zone)
                verdict.counts["surprises"] += 1
                if moment is None or moment <= at or not is_open(local, opens, closes):
                    verdict.counts["in quiet hours"] += 1
                    verdict.complaints.append(f"{name}: {local} is not within {opens}-{closes}")
                at = moment or at
    return verdict


@pytest.mark.parametrize("name", [*ODD, "Europe/London", "America/New_York", "Asia/Kathmandu"])
def test_clocks_that_change_open_no_quiet_hour(name: str, tmp_path: Path) -> None:
    """Around every change of a zone's clocks, surprises stay within the hours that its walls show."""
    verdict = trial(NAMES.index(name) + 1, tmp_path)
    assert not verdict.complaints, str(verdict)
    if name != "Asia/Kathmandu":
        assert verdict.counts["changes of a clock"] > 10
    sys.stdout.write(f"{name}: {verdict}\n")
