"""The weekly summary: offered once, chosen under /settings, off with one tap, and what it says."""

from bot.chat import drills, pictures, sets
from bot.chat.keyboards import Button, Keyboard, button, grid, keyboard
from bot.chat.turn import Turn
from bot.practice import Errand, Looks, digest, figures, look, progress
from bot.practice.digest import EVENING, SUNDAY, Week
from bot.practice.figures import Figures

FROM_SETTINGS = 1
"""The argument of a button "off" that stands on the page of /settings."""


ANEW = "anew"
"""The argument of a button under a summary, whose words stay: the page comes as another message."""


def when(turn: Turn, chosen: Looks) -> str:
    """When it comes, in words."""
    if chosen.digest_day is None:
        return turn.texts.plain("digest-never")
    return _when(turn, chosen.digest_day, chosen.digest_hour)


def _when(turn: Turn, day: int, hour: int) -> str:
    weekday = turn.texts.plain(f"weekday-{day}")
    return turn.texts.plain("digest-when", weekday=weekday, hour=hour)


async def offer(turn: Turn, *, badge: bool) -> None:
    """Ask once whether a summary is wanted. `badge`: one was earned just now."""
    if await digest.may_offer(turn.tx, badge=badge):
        yes = button(_when(turn, SUNDAY, EVENING), "digest", SUNDAY, EVENING)
        no = button(turn.texts.plain("digest-no"), "digest-no")
        turn.say(turn.texts("digest-offer"), keyboard([yes, no]))


async def declined(turn: Turn) -> None:
    """No, thank you."""
    turn.toast()
    turn.edit(turn.texts("digest-declined"), drills.next_steps(turn))


async def page(turn: Turn) -> None:
    """The page of /settings: choose a day and an hour, or chosen."""
    turn.toast()
    chosen = await look.of_learner(turn.tx)
    day, hour = chosen.digest_day, chosen.digest_hour
    pressed = (turn.press.number(0), turn.press.number(1)) if turn.press else (None, None)
    if pressed[0] in range(7) and pressed[1] in range(24):
        day, hour = pressed[0], pressed[1] or 0
        await digest.choose(turn.tx, day, hour)
    text, buttons = _page(turn, day, hour)
    if turn.press and turn.press.text(0) == ANEW:
        turn.say(text, buttons)
    else:
        turn.show(text, buttons)


async def off(turn: Turn) -> None:
    """Never again, with one tap: under a summary its words stay."""
    chosen = await look.of_learner(turn.tx)
    await digest.choose(turn.tx, None, chosen.digest_hour)
    turn.toast(turn.texts.plain("digest-off-said"))
    if turn.press and turn.press.number(0) == FROM_SETTINGS:
        turn.show(*_page(turn, None, chosen.digest_hour))
    else:
        turn.strip_pressed()


def _page(turn: Turn, day: int | None, hour: int) -> tuple[str, Keyboard]:
    def choice(label: str, day: int, hour: int) -> Button:
        return button(label, "digest", day, hour % 24)

    texts = turn.texts
    days = [
        choice(texts.plain(f"short-{one}") + (" ✓" if one == day else ""), one, hour)
        for one in range(7)
    ]
    rows = grid(days, 3)
    if day is not None:
        rows.append(
            [
                choice(texts.plain("digest-earlier"), day, hour - 1),
                choice(texts.plain("digest-later"), day, hour + 1),
            ]
        )
        rows.append([button(texts.plain("digest-off"), "digest-off", FROM_SETTINGS)])
    current = texts.plain("digest-never") if day is None else _when(turn, day, hour)
    buttons = keyboard(*rows, [button(texts.plain("back"), "settings")])
    return texts("digest-title", when=current), buttons


async def due(turn: Turn, _: Errand) -> None:
    """The day and the hour have come: the words, and the picture after them."""
    if not await digest.due(turn.tx):
        return
    found = await figures.of_learner(turn.tx, turn.library)
    week = await digest.week(turn.tx, turn.library, found)
    turn.say(
        await _words(turn, found, week),
        keyboard(
            [
                button(turn.texts.plain("drill-now"), "drill"),
                button(turn.texts.plain("digest-change"), "digest", ANEW),
            ],
            [button(turn.texts.plain("digest-off"), "digest-off")],
        ),
    )
    if found.shown:
        pictures.ask(turn)


async def _words(turn: Turn, found: Figures, week: Week) -> str:
    texts = turn.texts
    if not week.answers:
        return texts("digest-quiet")
    lines = [
        texts("digest-answers", answers=week.answers, days=week.days),
        *([texts("picture-weeks", weeks=found.weeks)] if found.weeks > 1 else []),
        *_tone(turn, week),
        *([texts("digest-badges", badges=week.badges)] if week.badges else []),
    ]
    rows = await progress.rated_questions(turn.tx, turn.library)
    lines.append(sets.next_badge(turn, rows, found.questions - len(rows)))
    return "\n".join(lines)


def _tone(turn: Turn, week: Week) -> list[str]:
    if week.tone is None:
        return []
    if week.before is None:
        return [turn.texts("digest-tone", tone=f"{week.tone:.1f}")]
    return [turn.texts("digest-tone-before", tone=f"{week.tone:.1f}", before=f"{week.before:.1f}")]
