"""The rating card: five buttons, a typed number, undo, and what can be done with a rated answer."""

from bot.chat import digests, drills, feedback, mock_ratings, onboarding
from bot.chat.keyboards import Keyboard, button, grid, keyboard
from bot.chat.take_card import ANEW
from bot.chat.turn import Turn
from bot.drill.tone import Mode, Tone
from bot.practice import Drill, Role, answer, ask, listen, mock, progress, rate
from bot.practice.answer import Answered, Place
from bot.practice.rate import Rated


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
    drill = await rate.pressed(turn.tx, number or 0, turn.message_id)
    if drill is None or value is None or value not in range(1, 6):
        turn.toast(turn.texts.plain("card-closed"))
        return
    rated = await rate.rate(turn.tx, turn.library, drill, Tone(value))
    if rated is None:
        await _already(turn, drill)
        return
    turn.toast(turn.texts.plain("saved"))
    if drill.rating_message_id != turn.message_id:
        turn.strip(drill.rating_message_id)  # another copy of the pressed card
    await _show(turn, rated, anew=False)


async def _already(turn: Turn, drill: Drill) -> None:
    tone = await rate.rating_of(turn.tx, drill)
    if tone is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast(turn.texts.plain("already-rated", tone=turn.texts.plain(f"tone-{tone.value}")))
    if drill.rating_message_id != turn.message_id:
        turn.strip_pressed()  # a copy of the card that was rated: what it offers is over


async def typed(turn: Turn, value: int) -> bool:
    """A lone number from 1 to 5 was typed; False: no answer waits for a rating.

    While an interview runs none does, and of one that is over the chat asks for one after another.
    """
    if await mock.current(turn.tx) is not None:
        return False
    drill = await rate.waiting(turn.tx)
    if drill is None:
        return False
    if drill.mode == Mode.MOCK and not await rate.was_withdrawn(turn.tx, drill):
        return await mock_ratings.typed(turn, drill, Tone(value))
    rated = await rate.rate(turn.tx, turn.library, drill, Tone(value))
    if rated is None:
        return False
    turn.strip(drill.rating_message_id)
    await _show(turn, rated, anew=True)
    return True


async def _show(turn: Turn, rated: Rated, *, anew: bool) -> None:
    text = feedback.text(turn, rated, await answer.takes_so_far(turn.tx, rated.drill))
    _put(turn, rated.drill, text, _after(turn, rated.drill), anew=anew)
    if rated.earned and not rated.celebrated:
        await feedback.celebrate(turn, rated)
    await listen.after_rating(turn.tx, rated.take, turn.dice)
    if await progress.is_first_rating(turn.tx):
        onboarding.offer_triage(turn)
    else:
        await digests.offer(turn, badge=rated.earned)


def _put(turn: Turn, drill: Drill, text: str, buttons: Keyboard, *, anew: bool) -> None:
    """Show it on the pressed card, or on a new one that takes its place as the rating card."""
    if anew or turn.message is None:
        turn.say(text, buttons, drill_no=drill.drill_no, role=Role.RATING)
    else:
        turn.edit(text, buttons)


def _after(turn: Turn, drill: Drill) -> Keyboard:
    number = drill.drill_no
    return keyboard(
        [
            button(turn.texts.plain("again"), "again", number),
            button(turn.texts.plain("first-take"), "first-take", number),
        ],
        [
            button(turn.texts.plain("takes-all"), "takes-of", number, 0, ANEW),
            button(turn.texts.plain("undo"), "undo", number),
            button(turn.texts.plain("drill-now"), "drill"),
        ],
        [button(turn.texts.plain("ask-a-friend"), "ear-ask", drill.take_no or 0)],
    )


async def first_take(turn: Turn) -> None:
    """Hear my first take."""
    drill = await _own(turn)
    first = None if drill is None else await answer.first_take(turn.tx, drill)
    if drill is None or first is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    if first.deleted_at is not None:
        turn.say(turn.texts("first-deleted"), _left(turn, drill))
        return
    feedback.replay(turn, first)


def _left(turn: Turn, drill: Drill) -> Keyboard:
    return keyboard(
        [
            button(turn.texts.plain("takes-all"), "takes-of", drill.drill_no, 0, ANEW),
            button(turn.texts.plain("drill-now"), "drill"),
        ]
    )


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
    _put(turn, waiting, turn.texts("undone"), _tones(turn, waiting), anew=False)


def taken_back(turn: Turn, waiting: Drill) -> None:
    """A rating was taken back by /undo: ask for it anew."""
    turn.strip(waiting.rating_message_id)
    question = turn.library.question(waiting.question_id)
    words = question.ask if question else waiting.words or waiting.question_id
    _put(
        turn, waiting, turn.texts("undone-rating", question=words), _tones(turn, waiting), anew=True
    )


async def _own(turn: Turn) -> Drill | None:
    number = turn.press.number(0) if turn.press else None
    return await ask.find(turn.tx, number or 0)
