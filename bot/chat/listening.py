"""Listening again: a take is played without its rating, rated once more, and both are told."""

from bot.chat import drills, feedback
from bot.chat.keyboards import Keyboard, button, grid, keyboard
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.drill.tone import Tone
from bot.practice import Errand, ListenRow, listen
from bot.practice.listen import Offered, SecondRating

QUESTION_CHARACTERS = 300
"""How much of a question is shown: a caption holds 1024 characters."""


async def due(turn: Turn, errand: Errand) -> None:
    """The moment for a second listen is here."""
    offered = await listen.due(turn.tx, turn.library, errand.due_at, turn.dice)
    if offered is not None:
        _play(turn, offered)


async def ask(turn: Turn) -> None:
    """Listen again, asked for."""
    offered = await listen.ask(turn.tx, turn.library, turn.dice)
    if offered is None:
        turn.toast(turn.texts.plain("listen-none"))
        return
    turn.toast()
    _play(turn, offered)


def _play(turn: Turn, offered: Offered) -> None:
    day = turn.texts.long_date(turn.wall(offered.take.taken_at).date())
    asked = offered.question.ask if offered.question else offered.listen.question_id
    question = shortened(asked, QUESTION_CHARACTERS)
    name = "listen-yesterday" if offered.days_ago == 1 else "listen-earlier"
    text = turn.texts(name, question=question, date=day)
    turn.replay(offered.take, text, _buttons(turn, offered.listen.listen_no))


def _buttons(turn: Turn, listen_no: int) -> Keyboard:
    tones = [
        button(turn.texts.plain(f"tone-{tone.value}"), "heard", listen_no, tone.value)
        for tone in Tone
    ]
    return keyboard(*grid(tones, 3), [button(turn.texts.plain("not-now"), "heard-not", listen_no)])


async def not_now(turn: Turn) -> None:
    """Not now: nothing is lost by it."""
    turn.toast(turn.texts.plain("listen-not-now"))
    turn.strip(turn.message_id, drills.next_steps(turn))


async def rated(turn: Turn) -> None:
    """One of the five was tapped."""
    number, value = _number(turn, 0), _number(turn, 1)
    if value not in range(1, 6):
        turn.toast(turn.texts.plain("card-closed"))
        return
    heard = await listen.rate(turn.tx, turn.library, number, Tone(value))
    if heard is None:
        await _over(turn, number)
        return
    turn.toast(turn.texts.plain("saved"))
    turn.strip_pressed()
    await listen.after_rating(turn.tx, heard.take, turn.dice)
    turn.say("\n".join(_lines(turn, heard)), _after(turn, heard))
    if heard.earned and not heard.celebrated:
        await feedback.celebrate(turn, heard)


async def _over(turn: Turn, listen_no: int) -> None:
    tone = await listen.tone_of(turn.tx, listen_no)
    if tone is None:
        turn.toast(turn.texts.plain("card-closed"))
        turn.strip_pressed()
    else:
        name = turn.texts.plain(f"tone-{tone.value}")
        turn.toast(turn.texts.plain("already-rated", tone=name))


def _number(turn: Turn, index: int) -> int:
    return (turn.press.number(index) if turn.press else None) or 0


def _lines(turn: Turn, heard: SecondRating) -> list[str]:
    """Then and now, what that means, and what comes next."""
    texts = turn.texts
    then, now = (texts.plain(f"tone-name-{tone.value}") for tone in (heard.then, heard.tone))
    lines = [f"<b>{texts('listen-then-now', then=then, now=now)}</b> {texts(_meaning(heard))}"]
    if heard.tone.is_slip and heard.question:
        lines += feedback.help_with(turn, heard.question, heard.tone, heard.listen.listen_no)
    return lines + _next(turn, heard)


def _meaning(heard: SecondRating) -> str:
    if heard.tone > heard.then:
        return "listen-better"
    if heard.tone == heard.then:
        return "listen-same"
    return "listen-stricter" if heard.tone.is_slip else "listen-still"


def _next(turn: Turn, heard: SecondRating) -> list[str]:
    if heard.earned and not heard.celebrated:
        return []
    if heard.after.badge_at is not None:
        return [turn.texts("badge-held")]
    if heard.remaining.listen_needed:
        return [turn.texts("listen-another")]
    return feedback.way_to_badge(turn, heard.after.points, heard.remaining)


def _after(turn: Turn, heard: SecondRating) -> Keyboard:
    texts = turn.texts
    onward = ("listen-button", "listen") if heard.more else ("drill-now", "drill")
    return keyboard(
        [
            button(texts.plain("again"), "again", heard.drill.drill_no),
            button(texts.plain("first-take"), "first-take", heard.drill.drill_no),
        ],
        [
            button(texts.plain("undo"), "heard-undo", heard.listen.listen_no),
            button(texts.plain(onward[0]), onward[1]),
        ],
    )


async def undo(turn: Turn) -> None:
    """Undo under a second rating: the take waits for it once more."""
    waiting = await listen.undo(turn.tx, _number(turn, 0))
    if waiting is None:
        turn.toast(turn.texts.plain("nothing-to-undo"))
        return
    turn.toast()
    turn.edit(turn.texts("listen-undone"), _buttons(turn, waiting.listen_no))


async def taken_back(turn: Turn, waiting: ListenRow) -> None:
    """A second rating was taken back by /undo: the take is played once more."""
    text, buttons = turn.texts("listen-undone"), _buttons(turn, waiting.listen_no)
    take = await listen.take_of(turn.tx, waiting)
    if take is None:
        turn.say(text, buttons)
    else:
        turn.replay(take, text, buttons)


async def calibration(turn: Turn) -> list[str]:
    """What the learner's ears make of their takes at once and later, in one line; none: too few."""
    found = await listen.calibration(turn.tx)
    if found is None:
        return []
    name = "calibration" if found.coach is None else "calibration-coach"
    return [
        turn.texts(
            name,
            then=f"{found.then:.1f}",
            later=f"{found.later:.1f}",
            coach=f"{found.coach or 0:.1f}",
            takes=found.takes,
        )
    ]
