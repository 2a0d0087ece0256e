"""/mine: a learner's own questions, added in one message, kept with one tap, changed, removed."""

from collections.abc import Sequence

from bot.banks.vocabulary import SLIPS
from bot.chat import asked, drills
from bot.chat.keyboards import Button, Keyboard, button, grid, keyboard
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.drill.tone import Mode
from bot.practice import OwnQuestion, ask, enrol, mock, own
from bot.practice.own import Flaw

WORDS = "own"
"""What the chat waits for when a question's words are wanted; a number after it: of that one."""

PAGE = 6
LABEL_CHARACTERS = 34

FLAWS = {
    Flaw.SHORT: "own-short",
    Flaw.LONG: "own-long",
    Flaw.LINES: "own-lines",
    Flaw.FULL: "own-full",
}


async def show(turn: Turn) -> None:
    """/mine: the learner's own questions, a page at a time."""
    turn.toast()
    turn.tx.change(awaiting=None)
    every = [one for one in await own.mine(turn.tx) if one.removed_at is None]
    last = max(0, (len(every) - 1) // PAGE)
    page = min((turn.press.number(0) if turn.press else 0) or 0, last)
    turn.show(_listed(turn, every, page), _list_buttons(turn, every, page, last))


def _listed(turn: Turn, every: Sequence[OwnQuestion], page: int) -> str:
    if not every:
        return turn.texts("own-none")
    lines = [turn.texts("own-title", count=len(every))]
    for number, one in enumerate(every[page * PAGE : (page + 1) * PAGE], page * PAGE + 1):
        name = "own-line-draft" if one.is_draft else "own-line"
        name = name if one.other_id is None else "own-line-coach"
        lines.append(turn.texts(name, number=number, question=one.ask))
    return "\n".join([*lines, "", turn.texts("own-how")])


def _list_buttons(turn: Turn, every: Sequence[OwnQuestion], page: int, last: int) -> Keyboard:
    rows = [
        [button(shortened(f"{number}. {one.ask}", LABEL_CHARACTERS), "own", one.own_no)]
        for number, one in enumerate(every[page * PAGE : (page + 1) * PAGE], page * PAGE + 1)
    ]
    turns = []
    if page > 0:
        turns.append(button(turn.texts.plain("own-earlier"), "mine", page - 1))
    if page < last:
        turns.append(button(turn.texts.plain("own-later"), "mine", page + 1))
    live = any(one.is_live for one in every)
    after = [button(turn.texts.plain("share-button"), "share")] if live else []
    sets = button(turn.texts.plain("sets-button"), "sets")
    return keyboard(
        *rows, turns, [_add(turn)], ways_to_practise(turn) if live else [], [*after, sets]
    )


def _add(turn: Turn) -> Button:
    return button(turn.texts.plain("own-add"), "own-add", style="primary")


def ways_to_practise(turn: Turn) -> list[Button]:
    """Ways to practise one's own questions, for whom they are not drawn at present."""
    if turn.tx.learner.active_set in (own.MINE, enrol.ALL_SETS):
        return []
    return [
        button(turn.texts.plain("own-only"), "own-set", own.MINE),
        button(turn.texts.plain("all-sets"), "own-set", enrol.ALL_SETS),
    ]


async def practise(turn: Turn) -> None:
    """Practise these alone, or with all the others."""
    set_id = turn.press.text(0) if turn.press else ""
    if set_id not in (own.MINE, enrol.ALL_SETS):
        _closed(turn)
        return
    await enrol.choose_set(turn.tx, set_id, turn.dice)
    turn.toast(turn.texts.plain("set-switched", set=drills.set_title(turn, set_id)))
    await show(turn)


async def add(turn: Turn) -> None:
    """Add one: the next message is the question."""
    turn.toast()
    turn.tx.change(awaiting=WORDS)
    turn.show(turn.texts("own-type"), _back(turn))


def _back(turn: Turn) -> Keyboard:
    return keyboard([button(turn.texts.plain("back"), "mine")])


async def typed(turn: Turn, text: str) -> None:
    """The words that a card asked for: of a new question, or of one that is there."""
    number = (turn.tx.learner.awaiting or "").partition(" ")[2]
    words = own.cleaned(asked.question_in(text) or text)
    if number:
        _reworded(turn, words, await own.reword(turn.tx, int(number), words))
    else:
        await _draft(turn, words, asked_for=True)


def _reworded(turn: Turn, words: str, one: OwnQuestion | Flaw | None) -> None:
    if isinstance(one, Flaw):
        _refuse(turn, words, one)
        return
    turn.tx.change(awaiting=None)
    if one is None:
        turn.say(turn.texts("own-gone"), _back(turn))
    else:
        _card(turn, one)


async def told(turn: Turn, text: str, *, surely: bool) -> bool:
    """Take up a forwarded question, or "They asked me …"; False: this is none.

    `surely`: only if it can hardly be an answer to something else: forwarded, or a whole question.
    In a whole interview everything is an answer.
    """
    if turn.message is None or turn.tx.learner.enrolled_at is None or not text:
        return False
    forwarded = turn.message.forward_origin is not None
    question = asked.question_in(text) or (text if forwarded else None)
    words = own.cleaned(question or "")
    if not words or await mock.current(turn.tx) is not None:
        return False
    if surely and not forwarded and (own.flaw(words) is not None or not words.endswith("?")):
        return False
    await _draft(turn, words, asked_for=False)
    return True


async def _draft(turn: Turn, words: str, *, asked_for: bool) -> None:
    one = await own.draft(turn.tx, words, turn.house.secret())
    if isinstance(one, Flaw):
        _refuse(turn, words, one)
        return
    turn.tx.change(awaiting=None)
    if not one.is_draft:
        _card(turn, one, turn.texts("own-known"))
    elif not asked_for and turn.tx.learner.open_drill is not None:
        _card(turn, one, turn.texts("own-draft-open"))
    else:
        _card(turn, one)


def _refuse(turn: Turn, words: str, flaw: Flaw) -> None:
    values = {"count": len(words), "least": own.SHORTEST, "most": own.LONGEST, "all": own.MOST}
    turn.say(turn.texts(FLAWS[flaw], **values), _back(turn))


def _card(turn: Turn, one: OwnQuestion, note: str = "") -> None:
    """One question: a draft asks for a word, a kept one offers what can be done with it."""
    notes = [note] if note else []
    if one.is_draft:
        text = turn.texts("own-draft", question=one.ask)
        turn.show("\n".join([text, *notes]), _draft_buttons(turn, one))
        return
    slip = turn.texts.plain(f"slip-{one.slip}" if one.slip else "own-slip-unknown")
    lines = [*notes, turn.texts("own-card", question=one.ask, slip=slip)]
    if one.other_id is not None:
        lines.append(turn.texts("own-from-coach"))
    if elsewhere := ways_to_practise(turn):
        lines.append(turn.texts("own-where"))
    buttons = [
        [button(turn.texts.plain("own-ask"), "own-ask", one.own_no, style="primary")],
        [
            button(turn.texts.plain("own-words"), "own-words", one.own_no),
            button(turn.texts.plain("own-tone"), "own-tone", one.own_no),
        ],
        elsewhere,
        [
            button(turn.texts.plain("own-remove"), "own-remove", one.own_no),
            button(turn.texts.plain("own-button"), "mine"),
        ],
    ]
    turn.show("\n".join(lines), keyboard(*buttons))


def _draft_buttons(turn: Turn, one: OwnQuestion) -> Keyboard:
    return keyboard(
        [button(turn.texts.plain("own-keep"), "own-keep", one.own_no, style="primary")],
        [
            button(turn.texts.plain("own-words"), "own-words", one.own_no),
            button(turn.texts.plain("own-drop"), "own-drop", one.own_no),
        ],
    )


async def card(turn: Turn) -> None:
    """A question of the list was tapped, or "back" under it."""
    one = await own.find(turn.tx, _number(turn))
    if one is None or one.removed_at is not None:
        _closed(turn)
        return
    turn.toast()
    turn.tx.change(awaiting=None)
    _card(turn, one)


async def keep(turn: Turn) -> None:
    """Keep a draft, and ask for the tone that slips: one tap, or none."""
    one = await own.keep(turn.tx, _number(turn))
    if one is None:
        _closed(turn)
        return
    turn.toast(turn.texts.plain("saved"))
    _tones(turn, one, turn.texts("own-kept", question=one.ask))


async def tone(turn: Turn) -> None:
    """Which tone slips in this question?"""
    one = await own.find(turn.tx, _number(turn))
    if one is None or not one.is_live:
        _closed(turn)
        return
    turn.toast()
    _tones(turn, one, turn.texts("own-tone-ask", question=one.ask))


def _tones(turn: Turn, one: OwnQuestion, text: str) -> None:
    slips = [
        button(turn.texts.plain(f"slip-{slip}"), "own-slip", one.own_no, slip) for slip in SLIPS
    ]
    unknown = button(turn.texts.plain("own-no-slip"), "own-slip", one.own_no)
    turn.edit(text, keyboard(*grid(slips, 3), [unknown]))


async def slipped(turn: Turn) -> None:
    """A tone was tapped."""
    one = await own.tell_slip(turn.tx, _number(turn), turn.press.text(1) if turn.press else "")
    if one is None:
        _closed(turn)
        return
    turn.toast(turn.texts.plain("saved"))
    _card(turn, one)


async def reword(turn: Turn) -> None:
    """Change the words: the next message is how it shall be put."""
    one = await own.find(turn.tx, _number(turn))
    if one is None or one.removed_at is not None:
        _closed(turn)
        return
    turn.toast()
    turn.tx.change(awaiting=f"{WORDS} {one.own_no}")
    back = button(turn.texts.plain("back"), "own", one.own_no)
    turn.edit(turn.texts("own-retype", question=one.ask), keyboard([back]))


async def throw_away(turn: Turn) -> None:
    """Throw a draft away."""
    if not await own.throw_away(turn.tx, _number(turn)):
        _closed(turn)
        return
    turn.toast()
    turn.edit(turn.texts("own-dropped"), _after(turn))


async def remove(turn: Turn) -> None:
    """Ask it no more; one tap brings it back."""
    one = await own.remove(turn.tx, _number(turn))
    if one is None:
        _closed(turn)
        return
    turn.toast()
    undo = button(turn.texts.plain("undo"), "own-back", one.own_no, style="primary")
    mine = button(turn.texts.plain("own-button"), "mine")
    turn.edit(turn.texts("own-removed", question=one.ask), keyboard([undo, mine]))


async def bring_back(turn: Turn) -> None:
    """Undo of a removal."""
    one = await own.bring_back(turn.tx, _number(turn))
    if one is None:
        _closed(turn)
    elif isinstance(one, Flaw):
        turn.toast()
        _refuse(turn, "", one)
    else:
        turn.toast()
        _card(turn, one)


async def ask_now(turn: Turn) -> None:
    """Ask this one now; a question that is still open goes first."""
    one = await own.find(turn.tx, _number(turn))
    if one is None or not one.is_live:
        _closed(turn)
        return
    if turn.tx.learner.open_drill is not None:
        await drills.drill_now(turn)
        return
    turn.toast()
    begun = await ask.ask(turn.tx, turn.library, turn.dice, Mode.SELF, question_id=one.question_id)
    if begun is not None:
        drills.card(turn, begun)


def _after(turn: Turn) -> Keyboard:
    return keyboard([_add(turn), button(turn.texts.plain("own-button"), "mine")])


def _number(turn: Turn) -> int:
    return (turn.press.number(0) if turn.press else None) or 0


def _closed(turn: Turn) -> None:
    turn.toast(turn.texts.plain("card-closed"))
