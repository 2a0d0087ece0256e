"""Finding a time zone from what a clock shows, in one tap and without asking where anybody lives."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

CITIES = (
    "Pacific/Honolulu America/Anchorage America/Los_Angeles America/Vancouver America/Phoenix "
    "America/Denver America/Mexico_City America/Chicago America/Winnipeg America/Bogota "
    "America/New_York America/Toronto America/Halifax America/Caracas America/Santiago "
    "America/St_Johns America/Sao_Paulo America/Argentina/Buenos_Aires Atlantic/Azores "
    "Europe/London Europe/Lisbon Africa/Casablanca Europe/Berlin Europe/Paris Africa/Lagos "
    "Europe/Athens Africa/Cairo Africa/Johannesburg Europe/Istanbul Europe/Moscow Asia/Riyadh "
    "Africa/Nairobi Asia/Tehran Asia/Dubai Asia/Kabul Asia/Karachi Asia/Tashkent Asia/Kolkata "
    "Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Jakarta Asia/Singapore Asia/Shanghai "
    "Australia/Perth Asia/Tokyo Asia/Seoul Australia/Darwin Australia/Brisbane Australia/Adelaide "
    "Australia/Sydney Pacific/Guadalcanal Pacific/Auckland Pacific/Chatham Pacific/Tongatapu "
    "Pacific/Apia Pacific/Kiritimati Pacific/Pago_Pago Atlantic/Reykjavik"
).split()

LIKELY = {
    "en": "Europe/London America/New_York America/Chicago America/Denver America/Los_Angeles "
    "Europe/Berlin",
    "de": "Europe/Berlin Europe/London Europe/Athens America/New_York Asia/Dubai "
    "America/Los_Angeles",
    "es": "Europe/Paris America/Mexico_City America/Bogota America/Argentina/Buenos_Aires "
    "America/Santiago America/New_York",
    "pt": "America/Sao_Paulo Europe/Lisbon Europe/Paris America/New_York Africa/Lagos "
    "Atlantic/Azores",
    "hi": "Asia/Kolkata Asia/Dubai Europe/London America/New_York Asia/Singapore "
    "America/Los_Angeles",
    "ru": "Europe/Moscow Europe/Berlin Asia/Tashkent Asia/Dubai Europe/London Asia/Bangkok",
}
ELSEWHERE = (
    "Europe/London Europe/Berlin Europe/Athens America/New_York America/Los_Angeles Asia/Kolkata"
)


def clock_in(zone: str, now: int) -> str:
    """What a clock in this zone shows now, HH:MM."""
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(zone)).strftime("%H:%M")


def likely(language: str, now: int) -> list[tuple[str, str]]:
    """Up to six (time, zone) for the first screen, likeliest first; no time twice."""
    return _by_time(LIKELY.get(language.split("-")[0], ELSEWHERE).split(), now)


def every_time(now: int) -> list[tuple[str, str]]:
    """Every time that some clock on Earth shows now, from west to east, one zone for each."""
    return _by_time(CITIES, now)


def cities_at(time: str, now: int) -> list[str]:
    """The well-known zones whose clocks show this time now; their summers may differ."""
    return [zone for zone in CITIES if clock_in(zone, now) == time]


def _by_time(zones: list[str], now: int) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for zone in zones:
        found.setdefault(clock_in(zone, now), zone)
    return list(found.items())


def city(zone: str) -> str:
    """The city of a zone, as people write it."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


@cache
def _by_city() -> dict[str, str]:
    zones = sorted(available_timezones(), key=lambda zone: (zone not in CITIES, zone))
    named: dict[str, str] = {}
    for zone in zones:
        named.setdefault(city(zone).casefold(), zone)
        named.setdefault(zone.casefold(), zone)
    return named


def find(text: str) -> str | None:
    """The zone of a typed city or zone name; None when there is none of that name."""
    wanted = " ".join(text.replace("_", " ").split()).casefold()
    return _by_city().get(wanted) or _by_city().get(wanted.replace(" ", "_"))


def known(zone: str) -> bool:
    """Whether this is a zone; a press may say anything."""
    return zone in available_timezones()
