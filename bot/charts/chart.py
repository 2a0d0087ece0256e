"""What a picture shows, down to the last word and number: it crosses to the child that draws as JSON.

Nothing here is drawn and nothing is looked up: a place in time is a share of its axis, 0 to 1.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Literal, get_args

from bot import __version__

DAYS_SHOWN = 84
"""Of the calendar: twelve weeks, from a Monday to a Sunday."""

MOST_PANELS = 12
MOST_DOTS = 60
MOST_TURNS = 10
MOST_CHARACTERS = 300
MOST_BYTES = 200_000
"""Bounds of a chart; whatever goes beyond them is refused, not drawn."""

Mark = Literal["sprung", "late", "asked", "mock"]
"""How a take came about; each has a shape of its own."""


class Undrawable(Exception):
    """This is no chart, or one beyond its bounds."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One rated take: when, as a share of the time shown, and its tone, 1 to 5."""

    at: float
    tone: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Panel:
    """One question: its takes, oldest first, points of six, and a word of where it stands."""

    title: str
    dots: tuple[Dot, ...]
    points: int
    badge: bool
    note: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of something, with its heading and its words."""

    title: str
    share: float
    note: str


@dataclass(frozen=True, slots=True)
class Level:
    """A place on the scale of tones, 1 to 5, and who puts it there."""

    name: str
    tone: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Headings and legends: five tones, a name for each mark (none: it does not occur), seven days."""

    takes: str
    tones: tuple[str, ...]
    marks: tuple[str, ...]
    calendar: str
    weekdays: tuple[str, ...]
    less: str
    more: str
    levels: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a learner is. `days`: answers on each day of the calendar; below 0: yet to come."""

    dark: bool
    title: str
    badges: Bar
    forecast: str
    panels: tuple[Panel, ...]
    span: str
    days: tuple[int, ...]
    months: tuple[str, ...]
    practice: tuple[str, ...]
    bars: tuple[Bar, ...]
    levels: tuple[Level, ...]
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """A mock interview, turn by turn; `tone` 0: not rated."""

    dark: bool
    title: str
    summary: str
    turns: tuple[Level, ...]
    tones: tuple[str, ...]


Chart = Progress | Interview
_KINDS: dict[str, type[Progress] | type[Interview]] = {
    "progress": Progress,
    "interview": Interview,
}


def encode(chart: Chart) -> bytes:
    """The chart as JSON, the same for the same chart. Raises `Undrawable` beyond its bounds."""
    kind = next(name for name, made in _KINDS.items() if isinstance(chart, made))
    text = json.dumps({"kind": kind, **asdict(chart)}, sort_keys=True, ensure_ascii=True)
    decode(text.encode())
    return text.encode()


def key(encoded: bytes) -> str:
    """What the picture of a chart is known by: the same data and the same drawing have the same."""
    return hashlib.sha256(__version__.encode() + encoded).hexdigest()[:32]


def decode(raw: bytes) -> Chart:
    """The chart that JSON stands for. Raises `Undrawable`."""
    if len(raw) > MOST_BYTES:
        raise Undrawable("too long")
    try:
        found = json.loads(raw)
        kind = found.pop("kind")
        return _progress(found) if _KINDS[kind] is Progress else _interview(found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Undrawable(type(error).__name__) from error


def _progress(found: Mapping[str, Any]) -> Progress:
    words = found["words"]
    return Progress(
        **_plain(found, "title", "forecast", "span"),
        dark=_flag(found["dark"]),
        badges=_bar(found["badges"]),
        panels=tuple(_panel(one) for one in _list(found["panels"], MOST_PANELS)),
        days=tuple(_whole(one, -1, 10_000) for one in _list(found["days"], DAYS_SHOWN)),
        months=_texts(found["months"], 0, 12),
        practice=_texts(found["practice"], 0, 4),
        bars=tuple(_bar(one) for one in _list(found["bars"], 2)),
        levels=_levels(found["levels"], 1, 3),
        words=Words(
            **_plain(words, "takes", "calendar", "less", "more", "levels"),
            tones=_texts(words["tones"], 5, 5),
            marks=_texts(words["marks"], 4, 4),
            weekdays=_texts(words["weekdays"], 7, 7),
        ),
    )


def _interview(found: Mapping[str, Any]) -> Interview:
    return Interview(
        **_plain(found, "title", "summary"),
        dark=_flag(found["dark"]),
        turns=_levels(found["turns"], 0, MOST_TURNS),
        tones=_texts(found["tones"], 5, 5),
    )


def _panel(found: Mapping[str, Any]) -> Panel:
    return Panel(
        title=_text(found["title"]),
        dots=tuple(_dot(one) for one in _list(found["dots"], MOST_DOTS)),
        points=_whole(found["points"], 0, 6),
        badge=_flag(found["badge"]),
        note=_text(found["note"]),
    )


def _dot(found: Mapping[str, Any]) -> Dot:
    if found["mark"] not in get_args(Mark):
        raise ValueError("no mark")
    return Dot(_number(found["at"], 0, 1), _whole(found["tone"], 1, 5), found["mark"])


def _bar(found: Mapping[str, Any]) -> Bar:
    return Bar(_text(found["title"]), _number(found["share"], 0, 1), _text(found["note"]))


def _levels(found: object, least: float, most: int) -> tuple[Level, ...]:
    return tuple(
        Level(_text(one["name"]), _number(one["tone"], least, 5)) for one in _list(found, most)
    )


def _plain(found: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: _text(found[name]) for name in names}


def _texts(found: object, least: int, most: int) -> tuple[str, ...]:
    texts = tuple(_text(one) for one in _list(found, most))
    if len(texts) < least:
        raise ValueError("too few")
    return texts


def _list(found: object, most: int) -> Sequence[Any]:
    if not isinstance(found, list) or len(found) > most:
        raise ValueError("no list, or too long a one")
    return found


def _text(found: object) -> str:
    if not isinstance(found, str) or len(found) > MOST_CHARACTERS:
        raise ValueError("no text, or too long a one")
    return found


def _number(found: object, least: float, most: float) -> float:
    known = isinstance(found, int | float) and not isinstance(found, bool)
    if not known or not isfinite(found) or not least <= found <= most:  # type: ignore[arg-type,operator]
        raise ValueError("no number, or out of bounds")
    return float(found)  # type: ignore[arg-type]


def _whole(found: object, least: int, most: int) -> int:
    if type(found) is not int or not least <= found <= most:
        raise ValueError("no whole number, or out of bounds")
    return found


def _flag(found: object) -> bool:
    if not isinstance(found, bool):
        raise ValueError("neither true nor false")
    return found
