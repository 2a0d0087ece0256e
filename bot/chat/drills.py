"""A drill's card: the question, a hint, a swap, not now; and what it becomes when it is over."""

from dataclasses import replace

from bot.chat import mock_cards
from bot.chat.callbacks import short
from bot.chat.keyboards import NO_BUTTONS, Keyboard, button, keyboard
from bot.chat.texts import Html
from bot.chat.turn import Turn
from bot.drill.question import Question
from bot.drill.tone import Mode
from bot.practice import Drill, Priority, Role, ask, enrol, mock, own, plan
from bot.practice.ask import Asked

A_SET = "set"
"""What the chat waits for when nothing is left to ask."""


def set_title(turn: Turn, set_id: str) -> str:
    """What a set is called; a set that is gone is called by its id."""
    if set_id == enrol.ALL_SETS:
        return turn.texts.plain("all-sets")
    if set_id == own.MINE:
        return turn.texts.plain("own-set")
    bank = turn.library.sets.get(set_id)
    return bank.title if bank else set_id


def pressed_set(turn: Turn) -> str | None:
    """The id of the set whose button was pressed, or "all my sets"; None: there is no such set."""
    named = turn.press.text(0) if turn.press else ""
    every = (enrol.ALL_SETS, *turn.library.sets)
    return next((set_id for set_id in every if short(set_id) == named), None)


def next_steps(turn: Turn) -> Keyboard:
    """Two ways on, for every screen that would otherwise be an end."""
    return keyboard(
        [
            button(turn.texts.plain("drill-now"), "drill", style="primary"),
            button(turn.texts.plain("sets-button"), "sets"),
        ],
        [
            button(turn.texts.plain("progress-button"), "progress"),
            button(turn.texts.plain("settings-button"), "settings"),
        ],
    )


def _hint(turn: Turn, question: Question) -> str:
    """The outline, or for a question without one the way out of the tone that slips; may be none."""
    if question.shape:
        return turn.texts("drill-hint", outline=" → ".join(question.shape))
    slip = question.tone_risk.slip
    return turn.texts("drill-hint-tone", remedy=turn.texts.plain(f"remedy-{slip}")) if slip else ""


def _buttons(turn: Turn, asked: Asked) -> Keyboard:
    row = []
    drill = asked.drill
    if not drill.hinted and _hint(turn, asked.question):
        row.append(button(turn.texts.plain("hint"), "hint", drill.drill_no))
    if not drill.swapped:
        row.append(button(turn.texts.plain("swap"), "swap", drill.drill_no))
    row.append(button(turn.texts.plain("not-now"), "later", drill.drill_no))
    return keyboard(row)


def _text(turn: Turn, asked: Asked) -> str:
    name = "drill-card-swapped" if asked.drill.swapped else "drill-card"
    text = turn.texts(name, question=asked.wording, seconds=asked.question.seconds)
    if asked.wished or asked.question.kind == own.FROM_COACH:
        text = f"{turn.texts('drill-wished')}\n{text}"
    hint = _hint(turn, asked.question) if asked.drill.hinted else ""
    return f"{text}\n\n{hint}" if hint else text


def card(turn: Turn, asked: Asked, *, sprung: bool = False) -> None:
    """Put a drill into the chat; one that comes by itself is the one loud message this bot sends."""
    turn.say(
        _text(turn, asked),
        _buttons(turn, asked),
        loud=sprung,
        drill_no=asked.drill.drill_no,
        role=Role.CARD,
        priority=Priority.DRILL if sprung else Priority.REPLY,
    )


async def drill_now(turn: Turn) -> None:
    """/drill: a question at once; one that is still open is shown again."""
    turn.toast()
    if (running := await mock.current(turn.tx)) is not None:
        mock_cards.where(turn, running)
        return
    drill = await ask.open_drill(turn.tx)
    question = turn.library.question(drill.question_id) if drill else None
    if drill and question and turn.tx.now <= drill.expires_at:
        turn.tx.change(awaiting=None)
        turn.strip(drill.message_id)
        turn.say(turn.texts("drill-still-open"))
        card(turn, Asked(drill, question))
        return
    if drill:
        await expire(turn, drill)
    asked = await ask.ask(turn.tx, turn.library, turn.dice, Mode.SELF)
    if asked is None:
        turn.say(turn.texts("no-questions"), _only_sets(turn))
        return
    card(turn, asked)


def nothing_to_ask(turn: Turn) -> None:
    """A surprise is due, and the set has lost all its questions: said once, until a set is chosen."""
    if turn.tx.learner.awaiting != A_SET:
        turn.tx.change(awaiting=A_SET)
        turn.say(
            turn.texts("set-emptied", set=set_title(turn, turn.tx.learner.active_set or "")),
            _only_sets(turn),
        )


def _only_sets(turn: Turn) -> Keyboard:
    return keyboard([button(turn.texts.plain("sets-button"), "sets", style="primary")])


async def pressed_drill(turn: Turn) -> Asked | None:
    """The open drill whose button was pressed, if it is the presser's and on this very card.

    Otherwise the press is answered here, and None returned.
    """
    number = turn.press.number(0) if turn.press else None
    asked = await ask.pressed(turn.tx, turn.library, number or 0, turn.message_id)
    if asked is None:
        # Only said, not shown: of a double tap the first has just put new buttons on this card.
        turn.toast(turn.texts.plain("card-closed"))
    return asked


async def hint(turn: Turn) -> None:
    """Show the outline behind a spoiler."""
    asked = await pressed_drill(turn)
    if asked is None:
        return
    turn.toast()
    await ask.hint(turn.tx, asked.drill)
    shown = Asked(replace(asked.drill, hinted=1), asked.question)
    turn.edit(_text(turn, shown), _buttons(turn, shown))


async def swap(turn: Turn) -> None:
    """Another question in this one's place, once."""
    asked = await pressed_drill(turn)
    if asked is None:
        return
    if asked.drill.swapped:
        turn.toast(turn.texts.plain("swap-once"))
        return
    other = await ask.swap(turn.tx, turn.library, asked.drill, turn.dice)
    if other is None:
        turn.toast(turn.texts.plain("swap-none"))
        return
    turn.toast()
    turn.edit(_text(turn, other), _buttons(turn, other))


async def not_now(turn: Turn) -> None:
    """When instead?"""
    asked = await pressed_drill(turn)
    if asked is None:
        return
    turn.toast()
    number = asked.drill.drill_no
    turn.edit(
        _text(turn, asked),
        keyboard(
            [
                button(turn.texts.plain("in-an-hour"), "snooze", number, "hour"),
                button(turn.texts.plain("tonight"), "snooze", number, "tonight"),
            ],
            [
                button(turn.texts.plain("skip"), "skip", number),
                button(turn.texts.plain("back"), "card", number),
            ],
        ),
    )


async def back_to_card(turn: Turn) -> None:
    """Back from "not now"."""
    asked = await pressed_drill(turn)
    if asked is not None:
        turn.toast()
        turn.edit(_text(turn, asked), _buttons(turn, asked))


async def snooze(turn: Turn) -> None:
    """The same question later."""
    asked = await pressed_drill(turn)
    if asked is None or turn.press is None:
        return
    turn.toast()
    when = plan.Snooze.TONIGHT if turn.press.text(1) == "tonight" else plan.Snooze.HOUR
    moment = await plan.snooze(turn.tx, asked.drill, when, turn.dice)
    turn.edit(put_off(turn, moment), next_steps(turn))


def put_off(turn: Turn, moment: int | None) -> str:
    """What becomes of a card whose question comes back at a moment; None: whenever it comes."""
    told = (
        turn.texts("snoozed-hours")
        if moment is None
        else turn.texts("snoozed-until", time=turn.day_and_time(moment))
    )
    return turn.texts("drill-snoozed", when=Html(told))


async def skip(turn: Turn) -> None:
    """Not this one."""
    asked = await pressed_drill(turn)
    if asked is None:
        return
    turn.toast()
    await plan.skip(turn.tx, asked.drill, turn.dice)
    turn.edit(turn.texts("drill-skipped"), next_steps(turn))


async def expire(turn: Turn, drill: Drill) -> None:
    """Close a drill quietly; say so only when the rhythm changes by it."""
    question = turn.library.question(drill.question_id)
    if question is None:
        # Gone from the banks meanwhile, which is nobody's failure to answer.
        turn.strip(drill.message_id)
        await plan.withdraw(turn.tx, drill, turn.dice)
        return
    outcome = await plan.expire(turn.tx, drill, turn.dice)
    if drill.message_id is not None:
        wording = Asked(drill, question).wording
        turn.edit(
            turn.texts("drill-expired", question=wording),
            NO_BUTTONS,
            message_id=drill.message_id,
        )
    _say_rhythm(turn, outcome)


def _say_rhythm(turn: Turn, outcome: plan.Expiry) -> None:
    if outcome is plan.Expiry.EASED:
        turn.say(turn.texts("eased"), next_steps(turn))
    elif outcome is plan.Expiry.PAUSED:
        turn.say(
            turn.texts("paused-ignored"),
            keyboard(
                [
                    button(turn.texts.plain("resume-button"), "resume", style="primary"),
                    button(turn.texts.plain("keep-paused"), "paused"),
                ]
            ),
        )
