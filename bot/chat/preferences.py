"""/settings: one card that is edited in place; each button opens a page of it with a way back."""

from bot.chat import zones
from bot.chat.keyboards import Button, Keyboard, button, grid, keyboard
from bot.chat.turn import Turn
from bot.practice import FOREVER, plan

PACES = (1, 2, 3, 4, 6, 8)
CAPS = (2, 4, 6, 8, 12)
PAGES = {"zone": "set-zone"}
"""Pages whose button has another name than the setting."""

EXPIRIES = (15, 30, 60, 120, 240)


async def show(turn: Turn) -> None:
    """The card itself."""
    turn.toast()
    turn.tx.change(awaiting=None)
    turn.show(await _summary(turn), _pages(turn))


async def _summary(turn: Turn) -> str:
    learner, texts = turn.tx.learner, turn.texts
    week = (await plan.open_hours(turn.tx)).days
    interview = learner.interview_day
    return texts(
        "settings-title",
        pace=learner.pace,
        cap=learner.cap,
        hours=_week(turn, week),
        time=turn.time(turn.tx.now),
        zone=zones.city(learner.zone or "UTC"),
        interview=turn.day(interview) if interview else texts.plain("interview-none"),
        expiry=learner.expiry_minutes,
        state=_state(turn),
    )


def _state(turn: Turn) -> str:
    learner, texts = turn.tx.learner, turn.texts
    until = learner.paused_until or 0
    if until >= FOREVER:
        return texts.plain("state-paused")
    if until > turn.tx.now:
        return texts.plain("state-paused-until", time=turn.day_and_time(until))
    return texts.plain("state-eased" if learner.eased else "state-on")


def _pages(turn: Turn) -> Keyboard:
    def page(name: str) -> Button:
        return button(turn.texts.plain(f"set-{name}"), PAGES.get(name, name))

    paused = (turn.tx.learner.paused_until or 0) > turn.tx.now
    pause = (
        button(turn.texts.plain("resume-button"), "resume")
        if paused
        else button(turn.texts.plain("pause-button"), "pause-ask")
    )
    return keyboard(
        [page("pace"), page("cap"), page("hours")],
        [page("zone"), page("interview"), page("expiry")],
        [pause, page("data")],
        [button(turn.texts.plain("close"), "close")],
    )


def _back(turn: Turn) -> list[Button]:
    return [button(turn.texts.plain("back"), "settings")]


def _choices(turn: Turn, action: str, values: tuple[int, ...], current: int) -> Keyboard:
    buttons = [
        button(f"{value} ✓" if value == current else str(value), action, value) for value in values
    ]
    return keyboard(*grid(buttons, 3), _back(turn))


async def pace(turn: Turn) -> None:
    """How many a day: choose, or chosen."""
    turn.toast()
    chosen = turn.press.number(0) if turn.press else None
    if chosen in PACES:
        cap = max(turn.tx.learner.cap, chosen)
        await plan.change_rhythm(turn.tx, turn.dice, pace=chosen, cap=cap)
    turn.show(turn.texts("pace-title"), _choices(turn, "pace", PACES, turn.tx.learner.pace))


async def cap(turn: Turn) -> None:
    """How many a day at most."""
    turn.toast()
    chosen = turn.press.number(0) if turn.press else None
    if chosen in CAPS:
        wished = min(turn.tx.learner.pace, chosen)
        await plan.change_rhythm(turn.tx, turn.dice, cap=chosen, pace=wished)
    turn.show(turn.texts("cap-title"), _choices(turn, "cap", CAPS, turn.tx.learner.cap))


async def expiry(turn: Turn) -> None:
    """How long a question stays open."""
    turn.toast()
    chosen = turn.press.number(0) if turn.press else None
    if chosen in EXPIRIES:
        turn.tx.change(expiry_minutes=chosen)
    current = turn.tx.learner.expiry_minutes
    buttons = [
        button(
            turn.texts.plain("minutes", count=value) + (" ✓" if value == current else ""),
            "expiry",
            value,
        )
        for value in EXPIRIES
    ]
    turn.show(turn.texts("expiry-title"), keyboard(*grid(buttons, 3), _back(turn)))


async def zone(turn: Turn) -> None:
    """The zone and its self-check."""
    turn.toast()
    turn.show(
        turn.texts(
            "zone-title",
            time=turn.time(turn.tx.now),
            zone=zones.city(turn.tx.learner.zone or "UTC"),
            phone=turn.phone_time(),
        ),
        keyboard([button(turn.texts.plain("change-zone"), "clocks")], _back(turn)),
    )


async def data(turn: Turn) -> None:
    """What is stored: take it along, or erase it."""
    turn.toast()
    turn.show(
        turn.texts("data-title"),
        keyboard(
            [button(turn.texts.plain("export-button"), "export")],
            [button(turn.texts.plain("forget-button"), "forget", style="danger")],
            _back(turn),
        ),
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _span(turn: Turn, day: tuple[int, int]) -> str:
    if day[0] == day[1]:
        return turn.texts.plain("hours-closed")
    return f"{_clock(day[0])}–{_clock(day[1])}"


def _week(turn: Turn, week: tuple[tuple[int, int], ...]) -> str:
    if len(set(week)) > 1:
        return turn.texts.plain("hours-mixed")
    opens, closes = week[0]
    if opens == closes:
        return turn.texts.plain("hours-closed")
    return turn.texts.plain("hours-every-day", opens=_clock(opens), closes=_clock(closes))


EVERY_DAY = 7


async def hours(turn: Turn) -> None:
    """The week: one button a day."""
    turn.toast()
    week = (await plan.open_hours(turn.tx)).days
    days = [
        button(f"{turn.texts.plain(f'short-{day}')} {_span(turn, week[day])}", "day", day)
        for day in range(7)
    ]
    turn.show(
        turn.texts("hours-title"),
        keyboard(
            [button(turn.texts.plain("every-day"), "day", EVERY_DAY)],
            *grid(days, 2),
            _back(turn),
        ),
    )


async def day(turn: Turn) -> None:
    """One day (or every day): an hour earlier or later at either end, or closed."""
    turn.toast()
    which = turn.press.number(0) if turn.press else None
    if which is None or which > EVERY_DAY:
        await hours(turn)
        return
    week = list((await plan.open_hours(turn.tx)).days)
    days = range(7) if which == EVERY_DAY else [which]
    change = turn.press.text(1) if turn.press else ""
    shown = week[days[0]]
    if change:
        shown = _shifted(shown, change)
        for one in days:
            week[one] = shown
        await plan.change_hours(turn.tx, week, turn.dice)
    name = "every-day" if which == EVERY_DAY else f"weekday-{which}"
    turn.show(
        turn.texts("hours-day", day=turn.texts.plain(name), hours=_span(turn, shown)),
        _day_buttons(turn, which, shown),
    )


def _shifted(day: tuple[int, int], change: str) -> tuple[int, int]:
    opens, closes = day
    moves = {
        "o-": ((opens - 60) % 1440, closes),
        "o+": ((opens + 60) % 1440, closes),
        "c-": (opens, (closes - 60) % 1440),
        "c+": (opens, (closes + 60) % 1440),
        "closed": (0, 0),
        "open": (540, 1200),
    }
    return moves.get(change, day)


def _day_buttons(turn: Turn, which: int, shown: tuple[int, int]) -> Keyboard:
    def change(name: str, code: str) -> Button:
        return button(turn.texts.plain(name), "day", which, code)

    back = [button(turn.texts.plain("back"), "hours")]
    if shown[0] == shown[1]:
        return keyboard([change("open-day", "open")], back)
    return keyboard(
        [change("opens-earlier", "o-"), change("opens-later", "o+")],
        [change("closes-earlier", "c-"), change("closes-later", "c+")],
        [change("closed-day", "closed")],
        back,
    )
