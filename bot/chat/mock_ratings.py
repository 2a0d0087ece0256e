"""Rating a whole interview, answer by answer on one card, and what it came to."""

from collections.abc import Awaitable, Callable

from bot.chat import feedback, mock_cards, mock_pictures
from bot.chat.turn import Turn
from bot.drill.tone import Tone
from bot.practice import Drill, Mock, Role, ask, listen, mock, mock_summary, rate
from bot.practice.answer import Answered


async def _found(turn: Turn) -> Mock | None:
    """The interview that a button names, if it has ended."""
    found = await mock_summary.find(turn.tx, (turn.press.number(0) if turn.press else None) or 0)
    return found if found and found.ended_at is not None else None


async def _todo(turn: Turn) -> tuple[Mock, Drill] | None:
    """The interview and the drill that a button of a rating card names; else it is answered."""
    found = await _found(turn)
    drill_no = (turn.press.number(1) if turn.press else None) or 0
    drill = await ask.find(turn.tx, drill_no) if found else None
    if not found or not drill or all(p.drill_no != drill_no for p in mock.parts_of(found)):
        _closed(turn)
        return None
    return found, drill


async def pressed(turn: Turn) -> None:
    """One of the five was tapped: on to the next answer."""
    named = await _todo(turn)
    value = turn.press.number(2) if turn.press else None
    if named is None:
        return
    if value is None or value not in range(1, 6):
        _closed(turn)
    elif not await _rate(turn, *named, Tone(value), anew=False):
        tone = await rate.rating_of(turn.tx, named[1])
        told = turn.texts.plain(f"tone-{tone.value}") if tone else ""
        turn.toast(
            turn.texts.plain("already-rated", tone=told)
            if tone
            else turn.texts.plain("card-closed")
        )


async def typed(turn: Turn, drill: Drill, tone: Tone) -> bool:
    """A number was typed while answers of an interview wait; it is for the one that is asked about."""
    found = await mock_summary.of_drill(turn.tx, drill)
    todo = await mock_summary.to_rate(turn.tx, found) if found else None
    if found is None or todo is None:
        return False
    turn.strip(todo.card)
    return await _rate(turn, found, todo.drill, tone, anew=True)


async def _rate(turn: Turn, found: Mock, drill: Drill, tone: Tone, *, anew: bool) -> bool:
    """Rate one answer and show the next, on the same card or `anew`."""
    done = await rate.rate(turn.tx, turn.library, drill, tone)
    if done is None:
        return False
    turn.toast(turn.texts.plain("saved"))
    lost = f"{turn.texts('badge-lost')}\n\n" if done.lost else ""
    todo = await mock_summary.to_rate(turn.tx, found, done.drill)
    if todo is not None:
        text, buttons = mock_cards.rating(turn, found, todo)
    else:
        tones = {drill.drill_no: tone}
        result = await mock_summary.summary(turn.tx, found, done.drill, rated=tones)
        text, buttons = mock_cards.summary(turn, found, result)
        mock_pictures.ask(turn, found)
    if not anew:
        turn.edit(lost + text, buttons)
    elif todo is not None:
        turn.say(lost + text, buttons, drill_no=todo.drill.drill_no, role=Role.RATING)
    else:
        turn.say(lost + text, buttons)
    if done.earned and not done.celebrated:
        await feedback.celebrate(turn, done)
    await listen.after_rating(turn.tx, done.take, turn.dice)
    return True


async def play(turn: Turn) -> None:
    """Hear an answer again, with the one to what was asked on it."""
    named = await _todo(turn)
    if named is None:
        return
    turn.toast()
    found, drill = named
    part = next(part for part in mock.parts_of(found) if part.drill_no == drill.drill_no)
    for take in await mock_summary.recordings(turn.tx, drill, part):
        on = take.take_no == part.probe_take
        turn.replay(take, turn.texts("mock-heard", question=part.follow_up if on else part.words))


async def another_time(turn: Turn) -> None:
    """Rate the rest another time: what it came to so far."""
    await _with_found(turn, _summed_up)


async def more(turn: Turn) -> None:
    """Rate what is left."""
    await _with_found(turn, _rest)


async def _with_found(turn: Turn, then: Callable[[Turn, Mock], Awaitable[None]]) -> None:
    found = await _found(turn)
    if found is None:
        _closed(turn)
        return
    turn.toast()
    await then(turn, found)


async def _summed_up(turn: Turn, found: Mock) -> None:
    turn.edit(*mock_cards.summary(turn, found, await mock_summary.summary(turn.tx, found)))


async def _rest(turn: Turn, found: Mock) -> None:
    todo = await mock_summary.to_rate(turn.tx, found)
    if todo is None:
        await _summed_up(turn, found)
    else:
        turn.edit(*mock_cards.rating(turn, found, todo))


async def late(turn: Turn, answered: Answered) -> bool:
    """A late answer to a question of an interview that is over: it is rated with the others."""
    found = await mock_summary.of_drill(turn.tx, answered.drill)
    todo = await mock_summary.to_rate(turn.tx, found, answered.drill) if found else None
    if found is None or todo is None:
        return False
    mock_cards.ask_rating(turn, found, todo)
    return True


def _closed(turn: Turn) -> None:
    turn.toast(turn.texts.plain("card-closed"))
