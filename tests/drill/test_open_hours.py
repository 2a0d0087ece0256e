from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.drill.moment import DAY_MS, MINUTE_MS
from bot.drill.open_hours import DAY_MINUTES, LAST_MOMENT, OpenHours
from tests.drill.wall import clock_changes, ms, plainly_open, wall_clock
from tests.strategies import ZONES, moments, open_hours, zones

NINE_TO_NINE = ((540, 1260),) * 7


def daily(zone: str, opens: int, closes: int) -> OpenHours:
    """Return the same hours on every day."""
    return OpenHours(zone, ((opens, closes),) * 7)


@pytest.mark.parametrize("zone", ["Mars/Base", "America", "../UTC", "/etc/localtime", "", "a\0b"])
def test_what_is_no_zone_is_refused(zone: str) -> None:
    """Unknown names, folders of zones, paths and nothing are told apart from zones at once."""
    with pytest.raises(ValueError, match="is not a time zone"):
        OpenHours(zone, NINE_TO_NINE)


@pytest.mark.parametrize("days", [NINE_TO_NINE[:6], (*NINE_TO_NINE, (0, 0))])
def test_a_week_has_seven_days(days: tuple[tuple[int, int], ...]) -> None:
    """Six or eight days are refused."""
    with pytest.raises(ValueError, match="seven days"):
        OpenHours("UTC", days)


@pytest.mark.parametrize("minutes", [(-1, 60), (0, 1441)])
def test_a_day_has_1440_minutes(minutes: tuple[int, int]) -> None:
    """Minutes outside a day are refused; its very end is not."""
    with pytest.raises(ValueError, match="0 to 1440"):
        daily("UTC", *minutes)
    assert daily("UTC", 0, 1440).is_open(ms("2026-03-05T23:59"))


def test_every_zone_is_a_zone() -> None:
    """All of tzdata can be lived in, and there is a good deal of it."""
    assert len([OpenHours(zone, NINE_TO_NINE) for zone in ZONES]) > 400


@given(open_hours(), moments())
@settings(max_examples=400)
def test_open_is_what_the_wall_clock_says(hours: OpenHours, at: int) -> None:
    """In any zone, at any moment, any week is open as a plain reading of its hours says."""
    assert hours.is_open(at) == plainly_open(hours, at)


@pytest.mark.parametrize(
    ("wall", "opened"),
    [("08:59:59.999", False), ("09:00", True), ("20:59:59.999", True), ("21:00", False)],
)
def test_hours_hold_their_first_moment_and_not_their_last(wall: str, opened: bool) -> None:
    """Nine to nine starts at nine and ends before nine."""
    assert daily("Asia/Kathmandu", 540, 1260).is_open(
        ms(f"2026-03-05T{wall}", "Asia/Kathmandu")
    ) == (opened)


def test_equal_hours_are_closed() -> None:
    """A day that closes when it opens never does, at whatever hour."""
    hours = OpenHours("UTC", ((600, 600), (0, 1440), (0, 0), (1440, 1440), *NINE_TO_NINE[:3]))
    monday = ms("2026-03-02T10:00")
    assert [hours.is_open(monday + day * DAY_MS) for day in range(5)] == [0, 1, 0, 0, 1]


def test_friday_night_goes_on_into_saturday() -> None:
    """22:00 to 02:00 belongs to the day on which it opens."""
    closed = (0, 0)
    hours = OpenHours("Europe/Paris", (closed,) * 4 + ((1320, 120), closed, closed))
    walls = ["2026-03-06T01:00", "2026-03-06T22:00", "2026-03-07T01:59", "2026-03-07T02:00"]
    assert [hours.is_open(ms(wall, "Europe/Paris")) for wall in walls] == [0, 1, 1, 0]


def test_a_skipped_hour_takes_its_open_minutes_along() -> None:
    """In London's spring 01:30 to 02:30 shrinks to the half hour from two, which is one o'clock UTC."""
    hours = daily("Europe/London", 90, 150)
    assert hours.next_open(ms("2024-03-30T12:00")) == ms("2024-03-31T01:00")
    assert hours.is_open(ms("2024-03-31T01:29:59"))
    assert not hours.is_open(ms("2024-03-31T01:30"))


def test_a_window_within_the_skipped_hour_is_skipped() -> None:
    """01:10 to 01:50 does not happen that day; the next is a day later."""
    hours = daily("Europe/London", 70, 110)
    assert hours.next_open(ms("2024-03-30T02:00")) == ms("2024-04-01T00:10")


def test_a_repeated_hour_opens_twice() -> None:
    """In London's autumn 01:30 to 02:00 comes once in summer time and once in winter time."""
    hours = daily("Europe/London", 90, 120)
    first = hours.next_open(ms("2024-10-26T12:00"))
    assert first == ms("2024-10-27T00:30")
    assert not hours.is_open(ms("2024-10-27T01:00"))
    assert hours.next_open(ms("2024-10-27T01:00")) == ms("2024-10-27T01:30")


def test_a_skipped_day_is_skipped() -> None:
    """Samoa had no 30 December 2011: after Thursday's nine to nine comes Saturday's."""
    hours = daily("Pacific/Apia", 540, 1260)
    thursday_evening = ms("2011-12-29T21:00", "Pacific/Apia")
    assert hours.next_open(thursday_evening) == ms("2011-12-31T09:00", "Pacific/Apia")
    assert hours.next_open(thursday_evening) == thursday_evening + 12 * 60 * MINUTE_MS


def test_half_an_hour_of_summer_time_is_half_an_hour() -> None:
    """Lord Howe Island puts its clocks on by thirty minutes only."""
    hours = daily("Australia/Lord_Howe", 120, 160)
    assert hours.next_open(ms("2024-10-05T00:00")) == ms("2024-10-05T15:30")
    assert not hours.is_open(ms("2024-10-05T15:40"))


def test_next_open_is_right_at_every_clock_change() -> None:
    """Around each change of each zone, the next opening is the first open minute there is."""
    for zone, change in clock_changes():
        wall = wall_clock(zone, change)
        minute = wall.hour * 60 + wall.minute
        hours = daily(zone, (minute - 20) % DAY_MINUTES, (minute + 10) % DAY_MINUTES)
        expected = None
        for at in range(change + 90 * MINUTE_MS, change - 90 * MINUTE_MS, -10 * MINUTE_MS):
            expected = at if plainly_open(hours, at) else expected
            if expected is not None:
                assert hours.next_open(at) == expected, (zone, at)


@given(open_hours(), moments(), st.data())
@settings(max_examples=200)
def test_next_open_is_open_and_the_first(hours: OpenHours, at: int, data: st.DataObject) -> None:
    """It is open itself, and no moment before it is, up to it and just before it."""
    opening = hours.next_open(at)
    if opening is None:
        assert all(opens == closes for opens, closes in hours.days)
        return
    assert opening >= at
    assert plainly_open(hours, opening)
    if opening > at:
        before = data.draw(st.lists(st.integers(at, opening - 1), max_size=20))
        assert not any(plainly_open(hours, moment) for moment in (at, opening - 1, *before))


def test_a_closed_week_never_opens() -> None:
    """Nor does the time after the year 9000, where calendars end."""
    assert daily("Asia/Tokyo", 600, 600).next_open(ms("2026-03-05T10:00")) is None
    assert daily("UTC", 0, 1440).next_open(LAST_MOMENT + 1) is None
    assert daily("UTC", 0, 1440).next_open(LAST_MOMENT) == LAST_MOMENT


@given(zones(), moments())
def test_local_day_and_minute_are_the_wall_clocks(zone: str, at: int) -> None:
    """The ordinal of the date on the wall, and its minute."""
    wall, hours = wall_clock(zone, at), daily(zone, 0, 0)
    assert hours.local_day(at) == wall.toordinal()
    assert hours.local_minute(at) == wall.hour * 60 + wall.minute


@given(open_hours(), st.integers(720_000, 760_000))
@settings(max_examples=30)
def test_minutes_on_a_day_are_those_that_are_open(hours: OpenHours, day: int) -> None:
    """Where no clock changes, they are the day's minutes that are open, one by one."""
    settled = replace(hours, zone="Etc/GMT+5")
    midnight = (day - 719_163) * DAY_MS + 5 * 60 * MINUTE_MS
    minutes = (midnight + minute * MINUTE_MS for minute in range(DAY_MINUTES))
    assert hours.minutes_on(day) == sum(settled.is_open(at) for at in minutes)


def test_minutes_of_overlapping_nights_count_once() -> None:
    """A night that runs into a day's own hours makes them longer, not double."""
    hours = OpenHours("UTC", ((1320, 600), (540, 720), *((0, 0),) * 5))
    assert [hours.minutes_on(day) for day in (1, 2, 3)] == [120, 720, 0]


def test_mean_minutes_are_those_of_the_days_that_open() -> None:
    """Four hours on a Friday night and eight on a Saturday are six a day; closed days are no days."""
    closed = (0, 0)
    hours = OpenHours("UTC", (closed,) * 4 + ((1320, 120), (600, 1080), closed))
    assert hours.minutes_a_day() == 360
    assert daily("UTC", 5, 5).minutes_a_day() == 0


def test_who_moves_is_open_by_the_new_wall_clock() -> None:
    """The same hours in another zone are other moments, from that moment on."""
    noon = ms("2026-03-05T12:00")
    hours = daily("Europe/London", 540, 1260)
    assert hours.is_open(noon)
    assert not replace(hours, zone="America/Los_Angeles").is_open(noon)
