"""The rating card: five buttons, what a rating changed, and the celebration of a badge."""

from datetime import UTC, datetime

from bot.chat import drills, onboarding
from bot.chat.keyboards import Keyboard, button, grid, keyboard
from bot.chat.texts import Html
from bot.chat.turn import Turn
from bot.drill.tone import Mode, Tone
from bot.practice import Drill, Role, Take, TakeKind, answer, ask, progress, rate
from bot.practice.answer import Answered, Place
from bot.practice.rate import Rated

CONFETTI = "5046509860389126442"
"""Telegram's 🎉 message effect; where it is not known the message is sent without it."""

QUOTED_CHARACTERS = 600


def _tones(turn: Turn, drill: Drill) -> Keyboard:
    buttons = [
        button(turn.texts.plain(f"tone-{tone.value}"), "rate", drill.drill_no, tone.value)
        for tone in Tone
    ]
    return keyboard(*grid(buttons, 3))


def _ask(turn: Turn, length: str, *, late: bool) -> str:
    return turn.texts("rate-late" if late else "rate-ask", length=length)


def card(turn: Turn, answered: Answered) -> None:
    """Ask for the rating, in reply to the take."""
    seconds = answered.take.duration
    length = f", {seconds // 60}:{seconds % 60:02}" if seconds else ""
    turn.say(
        _ask(turn, length, late=answered.place is Place.LATE),
        _tones(turn, answered.drill),
        reply_to=answered.take.message_id,
        drill_no=answered.drill.drill_no,
        role=Role.RATING,
    )


async def pressed(turn: Turn) -> None:
    """One of the five was tapped."""
    number = turn.press.number(0) if turn.press else None
    value = turn.press.number(1) if turn.press else None
    message_id = turn.message.message_id if turn.message else 0
    drill = await rate.pressed(turn.tx, number or 0, message_id)
    if drill is None or value is None or value not in range(1, 6):
        turn.toast(turn.texts.plain("card-closed"))
        turn.strip(message_id)
        return
    rated = await rate.rate(turn.tx, turn.library, drill, Tone(value))
    if rated is None:
        await _already(turn, drill)
        return
    turn.toast(turn.texts.plain("saved"))
    await _show(turn, rated, message_id)


async def _already(turn: Turn, drill: Drill) -> None:
    tone = await rate.rating_of(turn.tx, drill)
    if tone is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast(turn.texts.plain("already-rated", tone=turn.texts.plain(f"tone-{tone.value}")))


async def typed(turn: Turn, value: int) -> bool:
    """A lone number from 1 to 5 was typed; False: no answer waits for a rating."""
    drill = await rate.waiting(turn.tx)
    if drill is None:
        return False
    rated = await rate.rate(turn.tx, turn.library, drill, Tone(value))
    if rated is None:
        return False
    turn.strip(drill.rating_message_id)
    await _show(turn, rated, None)
    return True


async def _show(turn: Turn, rated: Rated, message_id: int | None) -> None:
    text = "\n".join(_lines(turn, rated, await answer.takes_so_far(turn.tx, rated.drill)))
    buttons = _after(turn, rated.drill)
    if message_id is None:
        turn.say(text, buttons, drill_no=rated.drill.drill_no, role=Role.RATING)
    else:
        turn.edit(text, buttons, message_id=message_id)
    if rated.earned:
        await _celebrate(turn, rated)
    if await progress.is_first_rating(turn.tx):
        onboarding.offer_triage(turn)


def _after(turn: Turn, drill: Drill) -> Keyboard:
    number = drill.drill_no
    return keyboard(
        [
            button(turn.texts.plain("again"), "again", number),
            button(turn.texts.plain("first-take"), "first-take", number),
        ],
        [
            button(turn.texts.plain("undo"), "undo", number),
            button(turn.texts.plain("drill-now"), "drill"),
        ],
    )


def _lines(turn: Turn, rated: Rated, takes: int) -> list[str]:
    texts = turn.texts
    tone = texts.plain(f"tone-{rated.tone.value}")
    lines = [f"<b>{texts('rated', tone=tone, takes=takes)}</b>", *_points(turn, rated)]
    if rated.tone <= Tone.FLAT:
        if rated.question and rated.question.traps:
            trap = rated.question.traps[takes % len(rated.question.traps)]
            lines.append(texts("trap", slip=trap.slip, remedy=trap.remedy))
        lines.append(texts(f"tip-{rated.tone.value}"))
    return lines


def _points(turn: Turn, rated: Rated) -> list[str]:
    texts = turn.texts
    if rated.earned:
        return []
    if rated.lost:
        return [texts("badge-lost")]
    if rated.after.badge_at is not None:
        return [texts("badge-kept" if rated.tone <= Tone.FLAT else "badge-held")]
    if rated.tone <= Tone.FLAT:
        return [texts("points-wiped")] if rated.before.points else []
    left = rated.remaining
    lines = [texts("points-left", points=rated.after.points, days=left.days if left.points else 0)]
    if left.surprise_needed:
        lines.append(texts("points-surprise"))
    if not rated.counted:
        lines.append(texts("points-day-used"))
    return lines


async def _celebrate(turn: Turn, rated: Rated) -> None:
    """Once for each badge: the picture of then and now, with the first take one tap away."""
    question = rated.question.ask if rated.question else rated.drill.question_id
    first = await answer.first_take(turn.tx, rated.drill)
    turn.react(rated.take.message_id, "🏆")
    turn.say(
        turn.texts(
            "badge-earned",
            question=question,
            then=_when(turn, first) if first else "–",
            now=_when(turn, rated.take),
        ),
        keyboard(
            [
                button(turn.texts.plain("first-take"), "first-take", rated.drill.drill_no),
                button(turn.texts.plain("drill-now"), "drill", style="primary"),
            ]
        ),
        reply_to=rated.take.message_id,
        effect=CONFETTI,
    )
    if first and first.take_no != rated.take.take_no:
        replay(turn, first)


def _when(turn: Turn, take: Take) -> Html:
    day = datetime.fromtimestamp(take.taken_at / 1000, UTC).date()
    length = f", {take.duration // 60}:{take.duration % 60:02}" if take.duration else ""
    return Html(f"{turn.texts.long_date(day)}{length}")


def replay(turn: Turn, take: Take) -> None:
    """Let the learner hear an earlier take: a pointer to their own message, which costs nothing.

    It also works for people who accept no voice messages from bots.
    """
    if take.kind == TakeKind.TEXT:
        day = datetime.fromtimestamp(take.taken_at / 1000, UTC).date()
        text = (take.text or "")[:QUOTED_CHARACTERS]
        turn.say(turn.texts("first-text", date=turn.texts.long_date(day), text=text))
        return
    turn.say(turn.texts("then-take"), reply_to=take.message_id)


async def first_take(turn: Turn) -> None:
    """Hear my first take."""
    drill = await _own(turn)
    first = drill and await answer.first_take(turn.tx, drill)
    if not first:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    replay(turn, first)


async def again(turn: Turn) -> None:
    """Say it again: the same question once more, in other words."""
    drill = await _own(turn)
    if drill is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    if turn.tx.learner.open_drill is not None:
        await drills.drill_now(turn)
        return
    turn.toast()
    asked = await ask.ask(
        turn.tx, turn.library, turn.dice, Mode.SELF, question_id=drill.question_id
    )
    if asked is not None:
        drills.card(turn, asked)


async def undo_pressed(turn: Turn) -> None:
    """Undo on a rating card."""
    drill = await _own(turn)
    waiting = drill and await rate.undo(turn.tx, drill.drill_no)
    if not waiting:
        turn.toast(turn.texts.plain("nothing-to-undo"))
        return
    turn.toast()
    turn.edit(turn.texts("undone"), _tones(turn, waiting))


async def undo_typed(turn: Turn) -> None:
    """/undo: the latest rating is taken back."""
    waiting = await rate.undo(turn.tx)
    if waiting is None:
        turn.say(turn.texts("nothing-to-undo"), drills.next_steps(turn))
        return
    turn.strip(waiting.rating_message_id)
    turn.say(
        turn.texts("undone"), _tones(turn, waiting), drill_no=waiting.drill_no, role=Role.RATING
    )


async def _own(turn: Turn) -> Drill | None:
    number = turn.press.number(0) if turn.press else None
    return await ask.find(turn.tx, number or 0)
