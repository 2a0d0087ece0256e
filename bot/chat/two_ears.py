"""What the learner gets of a coach: how they heard a take beside the own rating, and their word for it."""

from bot.chat import lending
from bot.chat.coaching import name
from bot.chat.keyboards import Keyboard, button, keyboard
from bot.chat.turn import Turn
from bot.practice import CoachingState, Errand, coach, lend
from bot.practice.lend import Heard


async def _heard(turn: Turn, errand: Errand) -> Heard | None:
    coaching_no, take_no = map(int, errand.about.split())
    one = await coach.find(turn.tx, coaching_no)
    if one is None or one.state != CoachingState.ACTIVE:
        return None
    return await lend.heard(turn.tx, one, take_no)


async def heard(turn: Turn, errand: Errand) -> None:
    """A coach has rated a take: the learner sees both ears."""
    if (found := await _heard(turn, errand)) is not None:
        turn.say(_both(turn, found), _after(turn, found), reply_to=found.take.message_id)


def _both(turn: Turn, found: Heard) -> str:
    values = {
        "name": name(found.coaching),
        "tone": turn.texts.plain(f"tone-{found.rating.tone}"),
    }
    if found.own is None:
        return turn.texts("coach-heard-alone", **values)
    own_tone = turn.texts.plain(f"tone-{found.own.value}")
    both = turn.texts("coach-heard", **values, own=own_tone)
    apart = found.rating.tone - found.own
    advice = "coach-same" if apart == 0 else "coach-kinder" if apart > 0 else "coach-harder"
    return f"{both}\n{turn.texts(advice)}"


def _after(turn: Turn, found: Heard) -> Keyboard:
    listen = button(
        turn.texts.plain("coach-listen"),
        "coach-hear",
        found.coaching.coaching_no,
        found.take.take_no,
    )
    return keyboard([listen, button(turn.texts.plain("again"), "again", found.drill.drill_no)])


async def hear(turn: Turn) -> None:
    """The learner hears the take that a coach has rated, with both ratings beside it."""
    one = await coach.find(turn.tx, (turn.press.number(0) if turn.press else None) or 0)
    take_no = (turn.press.number(1) if turn.press else None) or 0
    found = await lend.heard(turn.tx, one, take_no) if one else None
    if found is None:
        turn.toast(turn.texts.plain("coach-take-gone"))
        return
    turn.toast()
    again = button(turn.texts.plain("again"), "again", found.drill.drill_no)
    turn.replay(found.take, _both(turn, found), keyboard([again]))


async def noted(turn: Turn, errand: Errand) -> None:
    """A coach has added a word to a rating."""
    found = await _heard(turn, errand)
    if found is None or found.coaching.other_id is None:
        return
    who, rating = name(found.coaching), found.rating
    if rating.line is not None:
        text = turn.texts("coach-line-said", name=who, line=rating.line)
        of, about = found.coaching.other_id, found.take.message_id
        lending.words(turn, text, _after(turn, found), of=of, reply_to=about)
    elif rating.note_file_id is not None:
        lending.voice(
            turn,
            rating.note_file_id,
            turn.texts("coach-note-said", name=who),
            _after(turn, found),
            of=found.coaching.other_id,
            reply_to=found.take.message_id,
            instead=turn.texts("coach-note-unplayed", name=who),
        )
