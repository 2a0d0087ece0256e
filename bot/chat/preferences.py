"""/settings: one card that is edited in place; each button opens a page of it with a way back."""

from bot.chat import digests, levels, retention, zones
from bot.chat.keyboards import Button, Keyboard, button, grid, keyboard
from bot.chat.texts import Html
from bot.chat.turn import Turn
from bot.practice import FOREVER, enrol, look, plan

PACES = (1, 2, 3, 4, 6, 8)
CAPS = (2, 4, 6, 8, 12)
PAGES = {"zone": "set-zone"}
"""Pages whose button has another name than the setting."""

EXPIRIES = (15, 30, 60, 120, 240)

EVERY_DAY = 7
"""What stands for the whole week where a weekday (0 is Monday) is named."""

Span = tuple[int, int]
DAY = 24 * 60
ALL_DAY: Span = (0, DAY)
CLOSED: Span = (0, 0)
USUAL: Span = (9 * 60, 20 * 60)
"""Opening and closing, in minutes of the local day."""


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
        level=_level(turn),
        digest=digests.when(turn, await look.of_learner(turn.tx)),
        state=_state(turn),
    )


def _level(turn: Turn) -> str:
    known = enrol.knows_level(turn.tx, turn.library)
    return levels.name(turn) if known else turn.texts.plain("level-none", level=levels.name(turn))


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
        [page("level"), pause, page("data")],
        [page("digest"), button(turn.texts.plain("coach-button"), "coach")],
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


async def level(turn: Turn) -> None:
    """What seniority the questions are for: choose, or chosen."""
    turn.toast()
    levels.pressed(turn)
    turn.show(turn.texts("level-title"), levels.choices(turn, "level", _back(turn)))


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
    """What is stored: how long recordings stay, take it along, or erase it."""
    turn.toast()
    turn.show(
        turn.texts("data-title", space=Html(await retention.space(turn))),
        keyboard(
            [
                button(turn.texts.plain("media-button"), "media"),
                button(turn.texts.plain("takes-button"), "takes"),
            ],
            [button(turn.texts.plain("export-button"), "export")],
            [button(turn.texts.plain("forget-button"), "forget", style="danger")],
            _back(turn),
        ),
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _span(turn: Turn, day: Span) -> str:
    if day[0] == day[1]:
        return turn.texts.plain("hours-closed")
    return f"{_clock(day[0])}–{_clock(day[1])}"


def _week(turn: Turn, week: tuple[Span, ...]) -> str:
    if len(set(week)) > 1:
        return turn.texts.plain("hours-mixed")
    opens, closes = week[0]
    if opens == closes:
        return turn.texts.plain("hours-closed")
    return turn.texts.plain("hours-every-day", opens=_clock(opens), closes=_clock(closes))


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
    """One day (or every day): what its hours are, or what they shall be from now on."""
    turn.toast()
    which = turn.press.number(0) if turn.press else None
    if which is None or which > EVERY_DAY:
        await hours(turn)
        return
    week = list((await plan.open_hours(turn.tx)).days)
    days = range(7) if which == EVERY_DAY else [which]
    shown = _pressed_hours(turn)
    if shown is None:
        shown = week[days[0]]
    else:
        for one in days:
            week[one] = shown
        await plan.change_hours(turn.tx, week, turn.dice)
    name = "every-day" if which == EVERY_DAY else f"weekday-{which}"
    turn.show(
        turn.texts("hours-day", day=turn.texts.plain(name), hours=_span(turn, shown)),
        _day_buttons(turn, which, shown),
    )


def _pressed_hours(turn: Turn) -> Span | None:
    opens = turn.press.number(1) if turn.press else None
    closes = turn.press.number(2) if turn.press else None
    if opens is None or closes is None or max(opens, closes) > DAY:
        return None
    return opens, closes


def _shifted(day: Span, opens_by: int, closes_by: int) -> Span:
    """The day with an end moved by minutes. Hours that shrink to nothing are closed, hours that grow
    until they meet are the whole day; closing before opening is past midnight.
    """
    opens, closes = (day[0] + opens_by) % DAY, (day[1] + closes_by) % DAY
    if opens == closes:
        return ALL_DAY if opens_by < 0 or closes_by > 0 else CLOSED
    return opens, closes


def _day_buttons(turn: Turn, which: int, shown: Span) -> Keyboard:
    def change(name: str, to: Span) -> Button:
        return button(turn.texts.plain(name), "day", which, *to)

    back = [button(turn.texts.plain("back"), "hours")]
    if shown[0] == shown[1]:
        return keyboard([change("open-day", USUAL)], back)
    closed = [change("closed-day", CLOSED)]
    if shown == ALL_DAY:
        later = change("opens-later", _shifted(shown, 60, 0))
        return keyboard([later, change("closes-earlier", (0, DAY - 60))], closed, back)
    return keyboard(
        [
            change("opens-earlier", _shifted(shown, -60, 0)),
            change("opens-later", _shifted(shown, 60, 0)),
        ],
        [
            change("closes-earlier", _shifted(shown, 0, -60)),
            change("closes-later", _shifted(shown, 0, 60)),
        ],
        closed,
        back,
    )
