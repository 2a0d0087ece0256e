"""A coach springs a question: one of the learner's set or one in their own words, now or this week."""

import hashlib
from collections.abc import Sequence

from bot.chat import drills, pupils
from bot.chat.keyboards import Button, button, keyboard
from bot.chat.pages import paged
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.drill.question import Question
from bot.practice import Coaching, Errand, Given, ask, coach, own, wishes
from bot.practice.coach import Refused
from bot.practice.own import Flaw
from bot.practice.wishes import When, Wished

WISH = "wish"
MINUTE_MS = 60 * 1000
LABEL_CHARACTERS = 34
WHENS = {"now": When.NOW, "week": When.THIS_WEEK}

FLAWS = {Flaw.SHORT: "own-short", Flaw.LONG: "own-long", Flaw.LINES: "own-lines"}

WISHED = {
    Wished.ASKED: "wish-asked",
    Wished.WAITS: "wish-waits",
    Wished.THIS_WEEK: "wish-week",
    Wished.FULL: "wish-full",
    Wished.AWAY: "wish-away",
}


def awaited(turn: Turn, what: str, one: Coaching, about: int | str) -> str:
    """What the chat waits for from now on: words of a coach, for this learner, about this."""
    return f"{what} {minute(turn)} {one.coach_no} {about}"


def minute(turn: Turn) -> int:
    """This minute since 1970."""
    return turn.tx.now // MINUTE_MS


def _key(identity: str) -> str:
    """A question or a set as a button carries it, however long its id is."""
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


async def choose(turn: Turn) -> None:
    """Which one? A page of the learner's set, of several sets first which; or in one's own words."""
    one = await pupils.pressed(turn)
    if one is None:
        return
    turn.toast()
    coach.look(turn.tx, one)
    every = await wishes.choices(turn.tx, turn.house.library(), one)
    ids = list(dict.fromkeys(each.set_id for each in every))
    chosen = next((each for each in ids if turn.press and _key(each) == turn.press.text(1)), None)
    title = "wish-choose" if every else "wish-choose-none"
    if len(ids) > 1 and chosen is None:
        lines, rows = _sets(turn, one, ids)
    else:
        lines, rows = _questions(turn, one, [q for q in every if chosen in (None, q.set_id)])
    words = button(turn.texts.plain("wish-words"), "pupil-words", one.coach_no or 0)
    text = "\n".join([turn.texts(title, name=pupils.name(turn, one)), *lines])
    turn.edit(text, keyboard(*rows, [words], [_back(turn, one)]))


def _page(turn: Turn) -> int:
    return (turn.press.number(2) if turn.press else 0) or 0


def _sets(turn: Turn, one: Coaching, ids: Sequence[str]) -> tuple[list[str], list[list[Button]]]:
    number = one.coach_no or 0
    shown, turning = paged(turn, ids, _page(turn), "pupil-spring", number, "")
    titles = {each: _label(drills.set_title(turn, each)) for each in shown}
    rows = [[button(titles[each], "pupil-spring", number, _key(each))] for each in shown]
    return [], [*rows, turning]


def _questions(
    turn: Turn, one: Coaching, questions: Sequence[Question]
) -> tuple[list[str], list[list[Button]]]:
    number, key = one.coach_no or 0, _key(questions[0].set_id) if questions else ""
    shown, turning = paged(turn, questions, _page(turn), "pupil-spring", number, key)
    places = {each.id: questions.index(each) + 1 for each in shown}
    lines = [turn.texts("wish-line", number=places[q.id], question=q.ask) for q in shown]
    rows = [
        [button(_label(f"{places[q.id]}. {q.ask}"), "pupil-ask", number, _key(q.id))] for q in shown
    ]
    return lines, [*rows, turning]


def _label(text: str) -> str:
    return shortened(text, LABEL_CHARACTERS)


def _back(turn: Turn, one: Coaching) -> Button:
    return button(turn.texts.plain("back"), "pupil", one.coach_no or 0)


async def _pressed_question(turn: Turn, one: Coaching) -> Question | None:
    key = turn.press.text(1) if turn.press else ""
    every = await wishes.choices(turn.tx, turn.house.library(), one)
    found = next((each for each in every if _key(each.id) == key), None)
    if found is None:
        turn.toast(turn.texts.plain("wish-gone"))
    return found


async def ask_when(turn: Turn) -> None:
    """This one: when?"""
    one = await pupils.pressed(turn)
    question = await _pressed_question(turn, one) if one else None
    if one is None or question is None:
        return
    turn.toast()
    number, key = one.coach_no or 0, _key(question.id)
    text = turn.texts("wish-when", question=question.ask, name=pupils.name(turn, one))
    back = button(turn.texts.plain("back"), "pupil-spring", number, _key(question.set_id))
    turn.edit(text, keyboard(_choices(turn, "pupil-when", number, key), [back]))


def _choices(turn: Turn, action: str, *arguments: int | str) -> list[Button]:
    return [button(turn.texts.plain(f"when-{name}"), action, *arguments, name) for name in WHENS]


async def when(turn: Turn) -> None:
    """Now, or some time this week, was tapped."""
    one = await pupils.pressed(turn)
    question = await _pressed_question(turn, one) if one else None
    chosen = WHENS.get(turn.press.text(2) if turn.press else "")
    if one is None or question is None:
        return
    if chosen is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    await _wish(turn, one, question, chosen)


async def _wish(turn: Turn, one: Coaching, question: Question | str, chosen: When) -> None:
    secret = turn.house.secret()
    told = await wishes.wish(turn.tx, one, question, chosen, dice=turn.dice, secret=secret)
    if isinstance(told, Refused):
        if turn.query is None:
            turn.say(turn.texts(pupils.REFUSED[told]), keyboard([_back(turn, one)]))
        else:
            pupils.refuse(turn, told)
        return
    turn.toast()
    words = question if isinstance(question, str) else question.ask
    name = pupils.name(turn, one)
    text = turn.texts(WISHED[told], name=name, question=words, most=wishes.MOST_WAITING)
    more = button(turn.texts.plain("pupil-spring"), "pupil-spring", one.coach_no or 0)
    turn.show(text, keyboard([more, _back(turn, one)]))


async def words(turn: Turn) -> None:
    """In the coach's own words: when, and then which words?"""
    one = await pupils.pressed(turn)
    if one is None:
        return
    turn.toast()
    number, chosen = one.coach_no or 0, turn.press.text(1) if turn.press else ""
    back = [button(turn.texts.plain("back"), "pupil-spring", number)]
    if chosen not in WHENS:
        text = turn.texts("wish-words-when", name=pupils.name(turn, one))
        turn.edit(text, keyboard(_choices(turn, "pupil-words", number), back))
        return
    turn.tx.change(awaiting=awaited(turn, WISH, one, chosen))
    turn.edit(
        turn.texts("wish-type", most=own.LONGEST, name=pupils.name(turn, one)), keyboard(back)
    )


async def typed(turn: Turn, number: int, chosen: str, text: str) -> None:
    """The words that were asked for: they are sprung, or it is said what does not fit."""
    one = await coach.may(turn.tx, number, Given.NOTHING)
    if isinstance(one, Refused):
        turn.tx.change(awaiting=None)
        turn.say(turn.texts(pupils.REFUSED[one]), keyboard([pupils.everybody(turn)]))
        return
    question = own.cleaned(text)
    if (fault := own.flaw(question)) is not None:
        values = {"count": len(question), "least": own.SHORTEST, "most": own.LONGEST}
        turn.say(turn.texts(FLAWS[fault], **values), keyboard([_back(turn, one)]))
        return
    turn.tx.change(awaiting=None)
    await _wish(turn, one, question, WHENS.get(chosen, When.THIS_WEEK))


async def sprung(turn: Turn, errand: Errand) -> None:
    """A coach wants a question asked now: it is, or it waits for the next moment that is open."""
    coaching_no, wish_no = map(int, errand.about.split())
    wish = await wishes.find(turn.tx, coaching_no, wish_no)
    if wish is None:
        return
    asked = await ask.spring_wished(turn.tx, turn.library, turn.dice, wish)
    if asked is not None:
        drills.card(turn, asked, sprung=True)
