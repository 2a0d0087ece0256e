"""What a coach types or records for a learner, told from what they answer for themselves.

It goes to the learner only if the bot asked for it last, in so many words and not long ago, or if it
replies to the bot's message about that very take. A reply to anything else is none, and any other
button, command or question of the coach's own ends the asking.
"""

from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, Message

from bot.chat import pupils, springs
from bot.chat.callbacks import Press, parse
from bot.chat.keyboards import Keyboard, button, keyboard
from bot.chat.turn import Turn
from bot.practice import Coaching, Given, coach, lend, own
from bot.practice.coach import Refused
from bot.practice.lend import Unheard

NOTE = "note"
ASKED_MINUTES = 10
"""How long after it was asked for a message that replies to nothing is taken for a coach's word."""

ASKING = frozenset({"pupil-note", "pupil-words"})
"""Buttons that ask for a coach's words: every other one ends the asking."""

ABOUT_A_TAKE = frozenset({"pupil-note", "pupil-noted", "pupil-rate"})
"""Buttons whose message is about one take, by their second argument."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for: `number` is the coach's own of the learner, `about` a take or a moment."""

    what: str
    number: int
    about: str


async def ask(turn: Turn) -> None:
    """Add a note: the next message is it."""
    one = await pupils.pressed(turn, Given.TAKES)
    take_no = (turn.press.number(1) if turn.press else None) or 0
    if one is None:
        return
    if (reason := await lend.may_note(turn.tx, one, take_no)) is not None:
        turn.toast(turn.texts.plain(pupils.UNHEARD[reason]))
        return
    turn.toast()
    coach.look(turn.tx, one)
    turn.tx.change(awaiting=springs.awaited(turn, NOTE, one, take_no))
    lines = [_wanted(turn, one)]
    if turn.tx.learner.open_drill is not None:
        lines.append(turn.texts("note-own-open"))
    turn.say("\n".join(lines), _no_note(turn, one, take_no))


def _wanted(turn: Turn, one: Coaching) -> str:
    most, seconds = lend.LINE_CHARACTERS, lend.NOTE_SECONDS
    return turn.texts("note-ask", name=pupils.name(turn, one), most=most, seconds=seconds)


def _no_note(turn: Turn, one: Coaching, take_no: int) -> Keyboard:
    number = one.coach_no or 0
    return keyboard([button(turn.texts.plain("note-none"), "pupil-noted", number, take_no)])


def leave(turn: Turn) -> None:
    """Something else was pressed: what was asked for is not awaited any more."""
    if (turn.tx.learner.awaiting or "").partition(" ")[0] in (NOTE, springs.WISH):
        turn.tx.change(awaiting=None)


async def none(turn: Turn) -> None:
    """No note after all."""
    one = await pupils.pressed(turn)
    if one is None:
        return
    turn.toast()
    turn.edit(turn.texts("note-left"), _on(turn, one))


def _on(turn: Turn, one: Coaching) -> Keyboard:
    other = button(turn.texts.plain("pupil-other"), "pupil-hear", one.coach_no or 0)
    return keyboard([other, pupils.everybody(turn)])


async def told(turn: Turn) -> bool:
    """Take up what is a coach's word for a learner; False: this is none."""
    message = turn.message
    asked = _asked(turn, message) if message else None
    if message is None or asked is None:
        return False
    if asked.what == springs.WISH:
        if not message.text:
            return False
        await springs.typed(turn, asked.number, asked.about, message.text)
    else:
        await _note(turn, message, asked)
    return True


def _asked(turn: Turn, message: Message) -> _Asked | None:
    if message.reply_to_message is not None:
        return _addressed(message.reply_to_message)
    what, *rest = (turn.tx.learner.awaiting or "").split()[:4] or [""]
    if what not in (NOTE, springs.WISH) or len(rest) < 3:
        return None
    at, number, about = rest
    if not 0 <= springs.minute(turn) - int(at) < ASKED_MINUTES:
        turn.tx.change(awaiting=None)
        return None
    return _Asked(what, int(number), about)


def _addressed(replied: Message) -> _Asked | None:
    """The take that a message of the bot is about, by what its buttons carry."""
    for press in presses(replied):
        if press.action in ABOUT_A_TAKE:
            return _Asked(NOTE, press.number(0) or 0, press.text(1))
    return None


def presses(message: Message) -> list[Press]:
    """What the buttons under a message do."""
    markup = message.reply_markup
    if not isinstance(markup, InlineKeyboardMarkup):
        return []
    data = (each.callback_data for row in markup.inline_keyboard for each in row)
    return [press for each in data if isinstance(each, str) and (press := parse(each))]


async def _note(turn: Turn, message: Message, asked: _Asked) -> None:
    one = await coach.may(turn.tx, asked.number, Given.TAKES)
    if isinstance(one, Refused):
        turn.tx.change(awaiting=None)
        turn.say(turn.texts(pupils.REFUSED[one]), keyboard([pupils.everybody(turn)]))
        return
    take_no = int(asked.about) if asked.about.isdigit() else 0
    line, file_id = own.cleaned(message.text or "").replace("\n", " "), None
    if message.voice is not None:
        seconds = int(message.voice.to_dict().get("duration", 0))
        line, file_id = "", message.voice.file_id
        if seconds > lend.NOTE_SECONDS:
            file_id = None
    fits = file_id is not None or 0 < len(line) <= lend.LINE_CHARACTERS
    if not fits:
        turn.say(turn.texts("note-bad") + "\n" + _wanted(turn, one), _no_note(turn, one, take_no))
        return
    noted = await lend.note(turn.tx, one, take_no, line=line or None, file_id=file_id)
    turn.tx.change(awaiting=None)
    if isinstance(noted, Refused | Unheard):
        names = pupils.REFUSED if isinstance(noted, Refused) else pupils.UNHEARD
        turn.say(turn.texts(names[noted]), _on(turn, one))  # type: ignore[index]
        return
    turn.say(turn.texts("note-sent", name=pupils.name(turn, one)), _on(turn, one))
