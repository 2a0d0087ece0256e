"""The interview's date: tapped on a small calendar, or typed."""

import re
from datetime import date, timedelta

from bot.chat.keyboards import button, grid, keyboard
from bot.chat.turn import Turn
from bot.practice import plan

DATE = "date"
"""What the chat waits for when a typed date is wanted."""

DAYS_SHOWN = 28
FURTHEST_DAYS = 730
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


async def show(turn: Turn) -> None:
    """Four weeks of days, and a way to have no date."""
    turn.toast()
    turn.tx.change(awaiting=DATE)
    today = turn.wall(turn.tx.now).date()
    days = [today + timedelta(days=number) for number in range(1, DAYS_SHOWN + 1)]
    buttons = [
        button(f"{turn.texts.plain(f'short-{one.weekday()}')} {one.day}", "interview-on", str(one))
        for one in days
    ]
    turn.show(
        turn.texts("interview-title"),
        keyboard(
            *grid(buttons, 4),
            [
                button(turn.texts.plain("interview-clear"), "interview-on", "none"),
                button(turn.texts.plain("back"), "settings"),
            ],
        ),
    )


async def tapped(turn: Turn) -> None:
    """A day was tapped."""
    text = turn.press.text(0) if turn.press else ""
    if text == "none":
        turn.toast()
        await _set(turn, None)
        return
    day = parse(text, turn.wall(turn.tx.now).date())
    if day is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    await _set(turn, day)


async def typed(turn: Turn, text: str) -> bool:
    """A date was typed; False: it is none, or none that can be."""
    day = parse(text, turn.wall(turn.tx.now).date())
    if day is not None:
        await _set(turn, day)
    return day is not None


def not_a_date(turn: Turn, text: str) -> None:
    """What was typed cannot be the interview's date."""
    turn.say(
        turn.texts("interview-bad", text=text[:40]),
        keyboard([button(turn.texts.plain("cancel"), "settings")]),
    )


async def _set(turn: Turn, day: date | None) -> None:
    turn.tx.change(awaiting=None)
    ordinal = day.toordinal() if day else None
    await plan.change_rhythm(turn.tx, turn.dice, interview_day=ordinal)
    text = (
        turn.texts("interview-set", date=turn.texts.long_date(day))
        if day
        else turn.texts("interview-cleared")
    )
    turn.show(text, keyboard([button(turn.texts.plain("back"), "settings")]))


def parse(text: str, today: date) -> date | None:
    """A date from today on, within two years, typed as 2027-01-15 or 15.1.2027; None: no such date."""
    found = _numbers(text.strip())
    if found is None:
        return None
    try:
        day = date(*found)
    except ValueError:
        return None
    return day if 0 <= (day - today).days <= FURTHEST_DAYS else None


def _numbers(text: str) -> tuple[int, int, int] | None:
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DOTTED.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    return None
