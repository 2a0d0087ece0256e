"""One take: what was asked, how it was rated; played, starred, deleted, brought back; then and now."""

from dataclasses import replace
from typing import Any

from bot.chat.keyboards import Keyboard, button, keyboard
from bot.chat.texts import Html, shortened
from bot.chat.turn import Turn
from bot.practice import SeenTake, TakeKind, browse, discard, retain
from bot.practice.answer import mode_of
from bot.practice.lend import audible

ANEW = "new"
"""What a button carries that leaves its own message as it is and brings another."""

QUOTED_CHARACTERS = 480


def question(turn: Turn, one: SeenTake) -> str:
    """The question as it stands in its bank; of one that is gone, the words as they were asked."""
    known = turn.library.question(one.drill.question_id)
    return known.ask if known else one.drill.words or one.drill.question_id


def tone(turn: Turn, one: SeenTake) -> str:
    """How it was rated."""
    return turn.texts.plain("unrated" if one.tone is None else f"tone-{one.tone.value}")


def star(one: SeenTake) -> str:
    """A star, and the space after it, for what is kept for ever."""
    return "★ " if one.take.starred_at is not None else ""


def date(turn: Turn, one: SeenTake) -> str:
    """The learner's own day of it."""
    return turn.texts.long_date(turn.wall(one.take.taken_at).date())


def kind(turn: Turn, one: SeenTake) -> str:
    """Voice, round video or text, and how long."""
    seconds = one.take.duration
    length = f", {seconds // 60}:{seconds % 60:02}" if seconds else ""
    return turn.texts.plain(f"kind-{one.take.kind}") + length


def _wording(turn: Turn, one: SeenTake) -> str:
    return one.drill.words or question(turn, one)


async def _pressed(turn: Turn) -> SeenTake | None:
    """The take whose button was pressed; otherwise the press is answered here."""
    number = turn.press.number(0) if turn.press else None
    one = await browse.find(turn.tx, number or 0)
    if one is None:
        turn.toast(turn.texts.plain("card-closed"))
    return one


async def show(turn: Turn) -> None:
    """The take's own screen."""
    one = await _pressed(turn)
    if one is not None:
        turn.toast()
        _show(turn, one)


def _show(turn: Turn, one: SeenTake) -> None:
    if one.take.deleted_at is not None:
        _show_deleted(turn, one, one.take.deleted_at)
        return
    take = one.take
    lines = [
        turn.texts(
            "take-card",
            question=_wording(turn, one),
            kind=kind(turn, one),
            when=turn.day_and_time(take.taken_at),
            mode=turn.texts.plain(f"mode-{mode_of(one.drill, take).value}"),
            tone=tone(turn, one),
        )
    ]
    if take.text:
        lines.append(turn.texts("quoted", text=shortened(take.text, QUOTED_CHARACTERS)))
    if take.starred_at is not None:
        lines.append(turn.texts("take-starred"))
    if take.is_let_go:
        lines.append(turn.texts("take-let-go"))
    turn.show("\n".join(lines), _buttons(turn, one))


def _buttons(turn: Turn, one: SeenTake) -> Keyboard:
    number, drill_no = one.take.take_no, one.drill.drill_no
    texts, starred = turn.texts, one.take.starred_at is not None
    pointed = one.take.kind == TakeKind.TEXT or one.take.is_let_go
    return keyboard(
        [
            button(texts.plain("take-find" if pointed else "take-play"), "take-play", number),
            button(
                texts.plain("take-unstar" if starred else "take-star"),
                "take-star",
                number,
                0 if starred else 1,
            ),
            button(texts.plain("take-delete"), "take-delete", number),
        ],
        [
            button(texts.plain("takes-all"), "takes-of", drill_no),
            button(texts.plain("takes-then"), "takes-then", drill_no),
        ],
        [
            button(texts.plain("takes-button"), "takes"),
            *(
                [button(texts.plain("ask-a-friend"), "ear-ask", number)]
                if audible(one.take)
                else []
            ),
        ],
    )


async def play(turn: Turn) -> None:
    """Play it, or of what was typed show where it stands in the chat."""
    one = await _pressed(turn)
    if one is None:
        return
    if one.take.deleted_at is not None:
        turn.toast(turn.texts.plain("take-deleted"))
        return
    turn.toast()
    told = turn.texts("take-told", date=date(turn, one), tone=tone(turn, one))
    if one.take.kind == TakeKind.TEXT:
        quoted = turn.texts("quoted", text=shortened(one.take.text or "", QUOTED_CHARACTERS))
        turn.say(f"{told}\n{quoted}", _onward(turn, one), reply_to=one.take.message_id)
    else:
        _replay(turn, one, told, _onward(turn, one))


def _onward(turn: Turn, one: SeenTake) -> Keyboard:
    number = one.drill.drill_no
    return keyboard(
        [
            button(turn.texts.plain("takes-all"), "takes-of", number, 0, ANEW),
            button(turn.texts.plain("again"), "again", number),
        ]
    )


def _replay(turn: Turn, one: SeenTake, told: str, buttons: Keyboard | None = None) -> None:
    gone = f"\n{turn.texts('take-let-go')}" if one.take.is_let_go else ""
    turn.replay(one.take, told + gone, buttons)


async def then_and_now(turn: Turn) -> None:
    """First and latest: the two of them one after the other."""
    number = turn.press.number(0) if turn.press else None
    takes = await browse.of_drill(turn.tx, number or 0)
    if takes is None or number is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    if len(takes) < 2:
        again = button(turn.texts.plain("again"), "again", number, style="primary")
        mine = button(turn.texts.plain("takes-button"), "takes")
        turn.say(turn.texts("then-one", takes=len(takes)), keyboard([again, mine]))
        return
    first, last = takes[0], takes[-1]
    then = turn.texts("then-first", date=date(turn, first), tone=tone(turn, first))
    _replay(turn, first, then)
    now = turn.texts("then-latest", date=date(turn, last), tone=tone(turn, last))
    _replay(turn, last, now, _onward(turn, last))


async def star_or_not(turn: Turn) -> None:
    """Keep it for ever, or no longer than others."""
    one = await _pressed(turn)
    if one is None:
        return
    on = bool(turn.press.number(1)) if turn.press else False
    if await retain.star(turn.tx, one.take.take_no, on=on) is None:
        turn.toast(turn.texts.plain("take-deleted"))
        return
    turn.toast(turn.texts.plain("saved"))
    _show(turn, _with(one, starred_at=turn.tx.now if on else None))


def _with(one: SeenTake, **fields: Any) -> SeenTake:
    return replace(one, take=replace(one.take, **fields))


async def ask_delete(turn: Turn) -> None:
    """Delete it? Asked once."""
    one = await _pressed(turn)
    if one is None:
        return
    turn.toast()
    if one.take.deleted_at is not None:
        _show(turn, one)
        return
    number = one.take.take_no
    turn.show(
        turn.texts(
            "take-delete-ask",
            question=_wording(turn, one),
            date=date(turn, one),
            star=star(one),
        ),
        keyboard(
            [button(turn.texts.plain("take-delete-yes"), "take-drop", number, style="danger")],
            [button(turn.texts.plain("take-delete-no"), "take-card", number)],
        ),
    )


async def delete(turn: Turn) -> None:
    """Yes, delete it."""
    one = await _pressed(turn)
    if one is None:
        return
    turn.toast()
    await discard.delete(turn.tx, one.take.take_no)
    at = one.take.deleted_at
    _show(turn, _with(one, deleted_at=turn.tx.now if at is None else at))


def _show_deleted(turn: Turn, one: SeenTake, at: int) -> None:
    number = one.take.take_no
    ways = [
        button(turn.texts.plain("takes-all"), "takes-of", one.drill.drill_no),
        button(turn.texts.plain("takes-button"), "takes"),
    ]
    first = []
    if discard.can_come_back(one.take, turn.tx.now):
        until = turn.day_and_time(at + discard.UNDO_MS)
        told = turn.texts("take-can-come-back", until=until)
        first = [
            button(turn.texts.plain("take-back"), "take-back", number, style="primary"),
            button(turn.texts.plain("take-erase"), "take-erase", number, style="danger"),
        ]
    else:
        told = turn.texts("take-erased")
    text = turn.texts(
        "take-gone", question=_wording(turn, one), tone=tone(turn, one), told=Html(told)
    )
    turn.show(text, keyboard(first, ways))


async def bring_back(turn: Turn) -> None:
    """Undo of a deletion."""
    one = await _pressed(turn)
    if one is None:
        return
    if await discard.bring_back(turn.tx, one.take.take_no) is None:
        too_late = one.take.deleted_at is not None
        turn.toast(turn.texts.plain("take-not-back" if too_late else "card-closed"))
        return
    turn.toast(turn.texts.plain("take-is-back"))
    _show(turn, _with(one, deleted_at=None))


async def erase(turn: Turn) -> None:
    """Erase now what a deleted take holds."""
    one = await _pressed(turn)
    if one is None:
        return
    if await discard.erase(turn.tx, one.take.take_no) is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    _show(turn, _with(one, text=None, file_id=None))
