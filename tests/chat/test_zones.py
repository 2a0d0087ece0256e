"""Finding a time zone by what a clock shows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.chat import zones
from tests.house import DAY, MONDAY_NOON

MOMENTS = [MONDAY_NOON + day * DAY for day in range(0, 365, 13)]


def test_every_zone_named_exists() -> None:
    """What is offered by language or as a city is in the time zone database."""
    named = {zone for line in zones.LIKELY.values() for zone in line.split()}
    assert (
        named | set(zones.LARGE) | set(zones.CITIES) | set(zones.ELSEWHERE.split())
        <= available_timezones()
    )


@pytest.mark.parametrize("language", [*zones.LIKELY, "en-GB", "xx", ""])
def test_the_first_screen_shows_no_time_twice(language: str) -> None:
    """At any time of the year there are up to six times, each once, and each is what its zone shows."""
    for now in MOMENTS:
        offered = zones.likely(language, now)
        times = [time for time, _ in offered]
        assert 4 <= len(offered) <= 6
        assert len(set(times)) == len(times)
        assert all(zones.clock_in(zone, now) == time for time, zone in offered)


def test_every_clock_on_earth_is_offered() -> None:
    """Wherever somebody lives, and whatever summer does, the time on their clock is on the list."""
    inhabited = {zone for zone in available_timezones() if not zone.startswith("Etc/")}
    for now in MOMENTS[::7]:
        shown = {time for time, _ in zones.every_time(now)}
        assert {zone for zone in inhabited if zones.clock_in(zone, now) not in shown} == set()


def test_all_times_go_from_west_to_east() -> None:
    """The list follows the sun, so that one's own time is where one looks for it."""
    offsets = [
        datetime.fromtimestamp(MONDAY_NOON / 1000, UTC).astimezone(ZoneInfo(zone)).utcoffset()
        for _, zone in zones.every_time(MONDAY_NOON)
    ]
    hours = [offset.total_seconds() / 3600 for offset in offsets if offset is not None]
    assert len(hours) > 30
    assert hours == sorted(hours)


def test_cities_of_a_time_show_that_time() -> None:
    """Only places whose clocks agree are offered, and at least one for each time."""
    for time, zone in zones.every_time(MONDAY_NOON):
        found = zones.cities_at(time, MONDAY_NOON)
        assert zone in found
        assert all(zones.clock_in(city, MONDAY_NOON) == time for city in found)
    assert zones.cities_at("25:99", MONDAY_NOON) == []


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("london", "Europe/London"),
        (" São  Paulo ", "America/Sao_Paulo"),
        ("sao_paulo", "America/Sao_Paulo"),
        ("ZÜRICH", "Europe/Zurich"),
        ("Manchester", "Europe/London"),
        ("New Delhi", "Asia/Kolkata"),
        ("Düsseldorf", "Europe/Berlin"),
        ("Ho_Chi_Minh", "Asia/Ho_Chi_Minh"),
        ("port-au-prince", "America/Port-au-Prince"),
        ("UTC", "Etc/UTC"),
        ("Atlantis", None),
        ("", None),
        ("../etc/passwd", None),
    ],
)
def test_a_city_is_found_by_its_name(typed: str, zone: str | None) -> None:
    """Case, spaces and underscores make no difference; what does not exist is not guessed."""
    assert zones.find(typed) == zone


def test_every_zone_is_found_by_its_full_name() -> None:
    """Whoever knows the name of a zone may type it."""
    for zone in available_timezones():
        found = zones.find(zone)
        assert found is not None
        assert found.casefold() == zone.casefold() or zones.city(found) == zones.city(zone)


def test_a_city_reads_as_people_write_it() -> None:
    """The last part of the zone, with spaces."""
    assert zones.city("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert zones.city("UTC") == "UTC"


def test_known_is_what_the_database_has() -> None:
    """A press may name anything; only zones are zones."""
    assert zones.known("Europe/London")
    assert not zones.known("Europe/Atlantis")
    assert not zones.known("../../etc/passwd")
