"""/mock: a whole interview. Questions follow each other; what is rated is rated at the end."""

from bot.banks.library import ALL_SETS
from bot.chat import drills, mock_cards
from bot.chat.keyboards import NO_BUTTONS, button, keyboard
from bot.chat.turn import Turn
from bot.practice import Drill, Errand, ask, mock, mock_answer, mock_summary, plan
from bot.practice.answer import Material, Place
from bot.practice.mock import Over, Running
from bot.practice.mock_answer import Heard

USUAL = 5


async def show(turn: Turn) -> None:
    """/mock: choose one and begin; while one runs, where it stands."""
    turn.toast()
    if await stands(turn):
        return
    turn.say(*await _offer(turn, USUAL, pressing=False))


async def stands(turn: Turn) -> bool:
    """Say where an interview stands; False: none runs."""
    running = await mock.current(turn.tx)
    if running is not None:
        mock_cards.where(turn, running)
    return running is not None


async def _offer(turn: Turn, count: int, *, pressing: bool) -> tuple[str, dict[str, object]]:
    waiting = turn.tx.learner.open_drill is not None
    text, buttons = mock_cards.offer(turn, count, pressing=pressing, waiting=waiting)
    last = await mock_summary.latest(turn.tx)
    if last is not None and await mock_summary.to_rate(turn.tx, last) is not None:
        rest = button(turn.texts.plain("mock-rate-last"), "mock-more", last.mock_no)
        buttons["inline_keyboard"].append([rest])
    return text, buttons


def _chosen(turn: Turn) -> tuple[int, bool] | None:
    """Length and pressure as a button names them; None: a button that was never made."""
    count = turn.press.number(0) if turn.press else None
    pressing = turn.press.number(1) if turn.press else None
    if count not in mock_cards.COUNTS or pressing not in (0, 1):
        return None
    return count, bool(pressing)


async def choose(turn: Turn) -> None:
    """Another length, or the other kind of interviewer."""
    chosen = _chosen(turn)
    if chosen is None:
        _closed(turn)
        return
    turn.toast()
    if await mock.current(turn.tx) is None:
        count, pressing = chosen
        turn.edit(*await _offer(turn, count, pressing=pressing))
    else:
        turn.edit(turn.texts("mock-running"))


async def begin(turn: Turn) -> None:
    """Begin; what is open is put off, or ends the usual way if its time is over."""
    chosen = _chosen(turn)
    if chosen is None:
        _closed(turn)
        return
    if await mock.current(turn.tx) is not None:
        turn.toast(turn.texts.plain("mock-running"))
        return
    turn.toast()
    count, pressing = chosen
    if turn.library.active(ALL_SETS):
        await _clear(turn)
    running = await mock.begin(turn.tx, turn.library, count, turn.dice, pressing=pressing)
    if running is None:
        sets = button(turn.texts.plain("sets-button"), "sets", style="primary")
        turn.edit(turn.texts("no-questions"), keyboard([sets]))
        return
    turn.edit(turn.texts("mock-begins", count=len(running.parts)))
    mock_cards.ask(turn, running)


async def _clear(turn: Turn) -> None:
    """Put off what is open, so that nothing but the interview waits for an answer."""
    drill = await ask.open_drill(turn.tx)
    if drill is None:
        return
    if turn.tx.now > drill.expires_at or turn.library.question(drill.question_id) is None:
        await drills.expire(turn, drill)
        return
    moment = await plan.snooze(turn.tx, drill, plan.Snooze.HOUR, turn.dice)
    if drill.message_id is not None:
        text = drills.put_off(turn, moment)
        turn.edit(text, drills.next_steps(turn), message_id=drill.message_id)


async def received(turn: Turn, given: Material, reply_to: int | None) -> bool:
    """Keep an answer in an interview; False: none runs, or the answer belongs elsewhere."""
    heard = await mock_answer.hear(turn.tx, turn.library, given, reply_to, turn.dice)
    if heard is None:
        return False
    if given.too_large:
        turn.say(turn.texts("too-large"), reply_to=given.message_id)
    if heard.place is Place.FIRST:
        turn.react(given.message_id, "👀")
        turn.strip(heard.drill.message_id)
        await _go_on(turn, heard.after, heard.missing)
    else:
        _kept(turn, heard)
    return True


def _kept(turn: Turn, heard: Heard) -> None:
    """An answer to an earlier question: the current one goes on waiting."""
    drill, take = heard.drill, heard.take
    if heard.place is Place.SECOND:
        first, second = turn.texts.plain("take-first"), turn.texts.plain("take-second")
        choice = [
            button(first, "count", drill.drill_no, drill.take_no or 0),
            button(second, "count", drill.drill_no, take.take_no),
        ]
        turn.say(turn.texts("second-take"), keyboard(choice), reply_to=take.message_id)
        return
    name = "mock-late" if heard.place is Place.LATE else "mock-beside"
    question = turn.library.question(drill.question_id)
    words = question.ask if question else drill.question_id
    turn.say(turn.texts(name, question=words), reply_to=take.message_id)


async def _go_on(turn: Turn, after: Running | Over, missing: int = 0) -> None:
    if missing:
        turn.say(turn.texts("mock-missing", count=missing))
    if isinstance(after, Running):
        mock_cards.ask(turn, after)
    else:
        await _over(turn, after)


async def _over(turn: Turn, over: Over, *, lapsed: bool = False) -> None:
    """What comes after the end: the first rating, if anything was answered."""
    result = await mock_summary.summary(turn.tx, over.mock, over.drill)
    todo = await mock_summary.to_rate(turn.tx, over.mock, over.drill)
    before = turn.texts("mock-lapsed") + "\n" if lapsed else ""
    if todo is None:
        turn.say(before + turn.texts("mock-empty"), drills.next_steps(turn))
        return
    turn.say(before + mock_cards.ended(turn, result))
    mock_cards.ask_rating(turn, over.mock, todo)


async def _pressed(turn: Turn) -> Running | None:
    """The interview whose card was pressed, if it is its newest; else the press is answered."""
    running = await mock.current(turn.tx)
    named = (turn.press.number(0), turn.press.number(1)) if turn.press else None
    if running is None or named != (running.mock.mock_no, running.mock.card_no):
        _closed(turn)
        return None
    return running


async def skip(turn: Turn) -> None:
    """Not this one."""
    running = await _pressed(turn)
    if running is not None:
        turn.toast()
        turn.strip_pressed()
        after, missing = await mock.skip(turn.tx, turn.library, running, turn.dice)
        await _go_on(turn, after, missing)


async def end(turn: Turn) -> None:
    """End it here."""
    running = await _pressed(turn)
    if running is not None:
        turn.toast()
        turn.strip_pressed()
        if running.drill.message_id != turn.message_id:
            turn.strip(running.drill.message_id)
        await _over(turn, await mock.end(turn.tx, running, turn.dice))


async def resume(turn: Turn) -> None:
    """Go on after a break: the question once more."""
    running = await _pressed(turn)
    if running is not None:
        turn.toast()
        turn.edit(turn.texts("mock-goes-on"), NO_BUTTONS)
        turn.strip(running.drill.message_id)
        mock_cards.ask(turn, await mock.resume(turn.tx, running))


async def still_there(turn: Turn, errand: Errand) -> None:
    """Half an hour without a word: ask once whether it goes on."""
    running = await mock.nudge(turn.tx, int(errand.about))
    if running is not None:
        mock_cards.where(turn, running)


async def lapse(turn: Turn, drill: Drill) -> bool:
    """A day without a word: the interview ends by itself. False: this drill is of none."""
    running = await mock.current(turn.tx)
    if running is None or running.drill.drill_no != drill.drill_no:
        return False
    turn.strip(drill.message_id)
    await _over(turn, await mock.end(turn.tx, running, turn.dice), lapsed=True)
    return True


def _closed(turn: Turn) -> None:
    turn.toast(turn.texts.plain("card-closed"))
