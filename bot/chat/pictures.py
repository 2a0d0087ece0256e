"""Pictures of how far a learner is: what stands in them, the same in words, and their buttons."""

from dataclasses import dataclass
from datetime import date

from bot.charts.chart import MOST_CHARACTERS, Bar, Dot, Level, Mark, Panel, Progress, Words, encode
from bot.chat import drills, listening
from bot.chat.keyboards import Keyboard, button, keyboard
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.drill.badge import POINTS_NEEDED
from bot.drill.calibration import Calibration
from bot.drill.tone import Mode, Tone
from bot.practice import PictureKind, RatingRow, figures, listen, look
from bot.practice.figures import Figures, Foretold, QuestionFigures

MARKS: dict[int, Mark] = {
    Mode.SURPRISE: "sprung",
    Mode.LATE: "late",
    Mode.SELF: "asked",
    Mode.MOCK: "mock",
}
DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture before it is drawn: the chart as the child takes it, and what stands under it."""

    chart: bytes
    caption: str
    buttons: Keyboard


def ask(turn: Turn) -> None:
    """Have the picture of the learner's progress drawn; it follows when it is there."""
    turn.tx.want_picture(PictureKind.PROGRESS)


async def sketch(turn: Turn) -> Sketch | None:
    """The learner's progress as it is now; None: there is nothing to be seen yet."""
    found = await figures.of_learner(turn.tx, turn.library)
    if not found.shown:
        return None
    dark = bool((await look.of_learner(turn.tx)).dark)
    ears = await listen.calibration(turn.tx)
    caption = "\n".join([*_caption(turn, found), *await listening.calibration(turn)])
    chart = encode(_chart(turn, found, ears, dark=dark))
    return Sketch(chart, caption, _buttons(turn, dark=dark))


def _buttons(turn: Turn, *, dark: bool) -> Keyboard:
    other = button(turn.texts.plain("picture-light"), "picture", 0)
    if not dark:
        other = button(turn.texts.plain("picture-dark"), "picture", 1)
    return keyboard([other, button(turn.texts.plain("drill-now"), "drill")])


async def colour(turn: Turn) -> None:
    """Light or dark was pressed: kept, and the picture comes anew."""
    chosen = turn.press.number(0) if turn.press else None
    if chosen not in (0, 1):
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast(turn.texts.plain("picture-coming"))
    turn.strip_pressed()
    await look.colour(turn.tx, dark=bool(chosen))
    ask(turn)


def forecast(turn: Turn, foretold: Foretold | None) -> str:
    """What is foretold, in words; nothing, if nothing is."""
    if foretold is None:
        return ""
    quick, slow = foretold.quick, foretold.slow
    return turn.texts(
        "progress-forecast",
        pace=turn.tx.learner.pace,
        days=str(slow) if quick == slow else f"{quick}–{slow}",
        slow=slow,
        badges=foretold.badges,
        questions=foretold.questions,
    )


def _caption(turn: Turn, found: Figures) -> list[str]:
    title = drills.set_title(turn, turn.tx.learner.active_set or "")
    lines = [
        turn.texts("progress-title", set=title, badges=found.badges, questions=found.questions),
        forecast(turn, found.foretold),
        *_practice(turn, found),
        *([_cold(turn, found)] if found.surprises else []),
        *([turn.texts("picture-time", time=_time(turn, found.seconds))] if found.cold else []),
    ]
    return [line for line in lines if line]


def _practice(turn: Turn, found: Figures) -> list[str]:
    days = found.days_with_answers
    return [
        *([turn.texts("picture-weeks", weeks=found.weeks)] if found.weeks else []),
        turn.texts("picture-answers", answers=found.answers, days=days),
    ]


def _cold(turn: Turn, found: Figures) -> str:
    return turn.texts("picture-cold", cold=found.cold, surprises=found.surprises)


def _time(turn: Turn, seconds: int | None) -> str:
    seconds = seconds or 0
    if seconds < 60:
        return turn.texts.plain("picture-seconds", count=seconds)
    return turn.texts.plain("minutes", count=round(seconds / 60))


def _chart(turn: Turn, found: Figures, ears: Calibration | None, *, dark: bool) -> Progress:
    learner, texts = turn.tx.learner, turn.texts
    first = min((row.rated_at for one in found.shown for row in one.ratings), default=turn.tx.now)
    weekday = (found.today - 1) % DAYS_OF_WEEK
    return Progress(
        dark=dark,
        title=_fit(drills.set_title(turn, learner.active_set or "")),
        badges=Bar(
            "",
            found.badges / max(1, found.questions),
            texts.plain("picture-badges", badges=found.badges, questions=found.questions),
        ),
        forecast=forecast(turn, found.foretold),
        panels=tuple(_panel(turn, one, first) for one in found.shown),
        span=f"{_short(turn, first)} – {_short(turn, turn.tx.now)}",
        days=(*found.days, *(-1 for _ in range(weekday, DAYS_OF_WEEK - 1))),
        months=_months(turn, found),
        practice=tuple(_practice(turn, found)),
        bars=_bars(turn, found),
        levels=() if ears is None else _levels(turn, ears),
        words=_words(turn, found),
    )


def _panel(turn: Turn, one: QuestionFigures, first: int) -> Panel:
    texts = turn.texts
    note = (
        texts.plain("picture-badge")
        if one.badge
        else texts.plain("picture-points", points=one.points, needed=POINTS_NEEDED)
    )
    dots = tuple(_dot(row, first, turn.tx.now) for row in one.ratings)
    return Panel(_fit(one.question.ask), dots, one.points, one.badge, note)


def _dot(row: RatingRow, first: int, now: int) -> Dot:
    """The time shown runs from the first take to now; a clock that stepped back leaves it at the end."""
    at = (row.rated_at - first) / max(1, now - first)
    return Dot(round(min(1.0, at), 3), row.tone, MARKS[row.mode])


def _short(turn: Turn, moment: int) -> str:
    day = turn.wall(moment).date()
    return f"{day.day} {turn.texts.plain(f'month-{day.month}')}"


def _months(turn: Turn, found: Figures) -> tuple[str, ...]:
    """A name over the first week, and over each in which another month begins."""
    first = found.today - len(found.days) + 1
    months = [date.fromordinal(day).month for day in range(first, found.today + 1, DAYS_OF_WEEK)]
    names = [
        turn.texts.plain(f"month-{month}")[:3] if before != month else ""
        for before, month in zip([0, *months], months, strict=False)
    ]
    if names[1]:  # the two would stand in each other's way
        names[0] = ""
    return tuple(names)


def _bars(turn: Turn, found: Figures) -> tuple[Bar, ...]:
    texts, bars = turn.texts, list[Bar]()
    if found.surprises:
        share = found.cold / found.surprises
        bars.append(Bar(texts.plain("picture-cold-title"), share, _cold(turn, found)))
    if found.seconds is not None:
        share = min(1.0, found.seconds / (turn.tx.learner.expiry_minutes * 60))
        note = texts("picture-time", time=_time(turn, found.seconds))
        bars.append(Bar(texts.plain("picture-time-title"), share, note))
    return tuple(bars)


def _levels(turn: Turn, ears: Calibration) -> tuple[Level, ...]:
    texts = turn.texts
    levels = (
        Level(texts.plain("picture-at-once"), round(ears.then, 1)),
        Level(texts.plain("picture-later"), round(ears.later, 1)),
    )
    if ears.coach is None:
        return levels
    return (*levels, Level(texts.plain("picture-coach"), round(ears.coach, 1)))


def _words(turn: Turn, found: Figures) -> Words:
    plain = turn.texts.plain
    seen = {MARKS[row.mode] for one in found.shown for row in one.ratings}
    marks = {
        "sprung": plain("picture-sprung"),
        "late": plain("picture-late"),
        "asked": plain("picture-asked"),
        "mock": plain("picture-mock"),
    }
    return Words(
        takes=plain("picture-takes"),
        tones=tuple(plain(f"tone-{tone.value}").partition(" ")[2] for tone in Tone),
        marks=tuple(name if mark in seen else "" for mark, name in marks.items()),
        calendar=plain("picture-calendar"),
        weekdays=tuple(plain(f"short-{day}") for day in range(DAYS_OF_WEEK)),
        less=plain("picture-less"),
        more=plain("picture-more"),
        levels=plain("picture-levels"),
    )


def _fit(words: str) -> str:
    return shortened(words, MOST_CHARACTERS)
