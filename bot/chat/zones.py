"""Finding a time zone from what a clock shows, in one tap and without asking where anybody lives."""

import unicodedata
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

CITIES = (
    "Pacific/Honolulu Pacific/Marquesas America/Adak Pacific/Gambier America/Anchorage "
    "America/Los_Angeles America/Vancouver America/Phoenix America/Denver America/Mexico_City "
    "America/Chicago America/Winnipeg America/Bogota America/New_York America/Toronto "
    "America/Halifax America/Caracas America/Santiago America/St_Johns America/Sao_Paulo "
    "America/Argentina/Buenos_Aires America/Miquelon America/Noronha America/Nuuk "
    "Atlantic/Cape_Verde Atlantic/Azores Europe/London Europe/Lisbon Africa/Casablanca "
    "Europe/Berlin Europe/Paris Africa/Lagos Europe/Athens Africa/Cairo Africa/Johannesburg "
    "Europe/Istanbul Europe/Moscow Asia/Riyadh Africa/Nairobi Asia/Tehran Asia/Dubai Asia/Kabul "
    "Asia/Karachi Asia/Tashkent Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok "
    "Asia/Jakarta Asia/Singapore Asia/Shanghai Australia/Perth Australia/Eucla Asia/Tokyo "
    "Asia/Seoul Australia/Darwin Australia/Brisbane Australia/Adelaide Australia/Lord_Howe "
    "Australia/Sydney Pacific/Guadalcanal Pacific/Fiji Pacific/Auckland Pacific/Chatham "
    "Pacific/Tongatapu Pacific/Apia Pacific/Kiritimati Pacific/Pago_Pago Atlantic/Reykjavik"
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


LARGE = {
    "America/New_York": "boston washington philadelphia atlanta miami charlotte orlando baltimore",
    "America/Chicago": "dallas houston austin minneapolis nashville milwaukee",
    "America/Los_Angeles": "san_francisco seattle san_diego portland las_vegas sacramento",
    "America/Denver": "salt_lake_city albuquerque",
    "America/Toronto": "ottawa quebec hamilton",
    "America/Edmonton": "calgary",
    "America/Sao_Paulo": "rio_de_janeiro brasilia",
    "Europe/London": "manchester birmingham leeds glasgow edinburgh cardiff bristol liverpool",
    "Europe/Dublin": "cork galway limerick",
    "Europe/Berlin": "munich frankfurt hamburg cologne stuttgart dusseldorf leipzig",
    "Europe/Paris": "lyon marseille toulouse lille",
    "Europe/Madrid": "barcelona valencia seville",
    "Europe/Rome": "milan naples turin",
    "Europe/Zurich": "geneva basel bern",
    "Europe/Amsterdam": "rotterdam the_hague utrecht",
    "Europe/Brussels": "antwerp ghent",
    "Europe/Warsaw": "krakow gdansk wroclaw",
    "Africa/Lagos": "abuja",
    "Africa/Johannesburg": "cape_town durban pretoria",
    "Asia/Dubai": "abu_dhabi sharjah",
    "Asia/Kolkata": "mumbai delhi new_delhi bangalore bengaluru chennai hyderabad pune",
    "Asia/Karachi": "lahore islamabad",
    "Asia/Shanghai": "beijing shenzhen guangzhou",
    "Asia/Tokyo": "osaka kyoto nagoya",
    "Pacific/Auckland": "wellington christchurch",
    "Australia/Sydney": "canberra newcastle",
}
"""Large cities that no zone is named after, each as people may type it."""


def clock_in(zone: str, now: int) -> str:
    """What a clock in this zone shows now, HH:MM."""
    return _wall(zone, now).strftime("%H:%M")


def _wall(zone: str, now: int) -> datetime:
    return datetime.fromtimestamp(now / 1000, ZoneInfo(zone))


def likely(language: str, now: int) -> list[tuple[str, str]]:
    """Up to six (time, zone) for the first screen, likeliest first; no time twice."""
    return _by_time(LIKELY.get(language.split("-")[0], ELSEWHERE).split(), now)


def every_time(now: int) -> list[tuple[str, str]]:
    """Every time that some clock on Earth shows now, from west to east, one zone for each."""
    return _by_time(sorted(CITIES, key=lambda zone: _wall(zone, now).replace(tzinfo=None)), now)


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
def _all() -> frozenset[str]:
    # Looked up once: this walks through every file of the time zone database.
    return frozenset(available_timezones())


@cache
def _by_city() -> dict[str, str]:
    zones = sorted(_all(), key=lambda zone: (zone not in CITIES, zone))
    named: dict[str, str] = {}
    for zone in zones:
        named.setdefault(_typed(city(zone)), zone)
        named.setdefault(_typed(zone), zone)
    for zone, large in LARGE.items():
        named |= {_typed(name): zone for name in large.split()}
    return named


def _typed(text: str) -> str:
    """A name without what people leave out or put in: case, accents, underscores, spare spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.replace("_", " ").split()).casefold()


def find(text: str) -> str | None:
    """The zone of a typed city or zone name; None when there is none of that name."""
    return _by_city().get(_typed(text))


def known(zone: str) -> bool:
    """Whether this is a zone; a press may say anything."""
    return zone in _all()
