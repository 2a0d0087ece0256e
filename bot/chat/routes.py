"""Every command, button and message, in one place: what was sent, and which conversation takes it."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import Message, MessageEntity

from bot.chat import (
    answers,
    drills,
    interviews,
    odds,
    onboarding,
    owners,
    pauses,
    preferences,
    privacy,
    ratings,
    sets,
)
from bot.chat.turn import Turn
from bot.practice import leave

Route = Callable[[Turn], Awaitable[None]]

COMMANDS: Mapping[str, Route] = {
    "start": onboarding.start,
    "drill": drills.drill_now,
    "sets": sets.show_sets,
    "progress": sets.show_progress,
    "settings": preferences.show,
    "pause": pauses.ask_pause,
    "undo": ratings.undo_typed,
    "help": odds.help_,
    "cancel": odds.cancel,
    "export": privacy.export,
    "forget": privacy.ask_forget,
    "owner": owners.show,
}

BUTTONS: Mapping[str, Route] = {
    "start": onboarding.start,
    "first": onboarding.first_set,
    "clocks": onboarding.all_clocks,
    "cities": onboarding.cities,
    "zone": onboarding.zone_pressed,
    "triage": onboarding.triage,
    "triage-no": onboarding.triage_dismissed,
    "feel": onboarding.feeling,
    "drill": drills.drill_now,
    "hint": drills.hint,
    "swap": drills.swap,
    "later": drills.not_now,
    "card": drills.back_to_card,
    "snooze": drills.snooze,
    "skip": drills.skip,
    "count": answers.count,
    "rate": ratings.pressed,
    "again": ratings.again,
    "first-take": ratings.first_take,
    "undo": ratings.undo_pressed,
    "sets": sets.show_sets,
    "set": sets.switch,
    "progress": sets.show_progress,
    "settings": preferences.show,
    "pace": preferences.pace,
    "cap": preferences.cap,
    "expiry": preferences.expiry,
    "set-zone": preferences.zone,
    "hours": preferences.hours,
    "day": preferences.day,
    "data": preferences.data,
    "interview": interviews.show,
    "interview-on": interviews.tapped,
    "pause-ask": pauses.ask_pause,
    "pause": pauses.pause,
    "paused": pauses.stay_paused,
    "resume": pauses.resume,
    "export": privacy.export,
    "forget": privacy.ask_forget,
    "forget-sure": privacy.sure,
    "erase": privacy.erase,
    "keep": privacy.keep,
    "help": odds.help_,
    "cancel": odds.cancel,
    "close": odds.close,
    "owner": owners.show,
    "invite": owners.invite,
}

BEFORE_ENROLMENT = frozenset(
    {"start", "first", "clocks", "cities", "zone", "help", "cancel", "forget", "export", "owner"}
    | {"forget-sure", "erase", "keep", "close", "invite"}
)
"""What works for somebody who has not chosen a set and a clock yet."""


async def take(turn: Turn) -> None:
    """Give the update to the conversation it belongs to."""
    update = turn.update
    if update is None:
        return
    if update.my_chat_member is not None:
        await _membership(turn)
    elif turn.message is None or turn.message.chat.type != "private":
        _leave_group(turn)
    elif update.callback_query is not None:
        await leave.back(turn.tx, turn.dice)
        await _pressed(turn)
    elif update.edited_message is not None:
        await answers.edited(turn)
    else:
        await leave.back(turn.tx, turn.dice)
        await _said(turn, turn.message)
    turn.toast()


async def _membership(turn: Turn) -> None:
    change = turn.update.my_chat_member if turn.update else None
    if change is None:
        return
    here = change.new_chat_member.status not in ("kicked", "left")
    if change.chat.type != "private":
        if here:
            _leave_group(turn)
    elif here:
        await leave.back(turn.tx, turn.dice)
    else:
        leave.gone(turn.tx)


def _leave_group(turn: Turn) -> None:
    chat = turn.update.effective_chat if turn.update else None
    if chat is None or chat.type == "private":
        return
    turn.tx.post("sendMessage", {"chat_id": chat.id, "text": turn.texts.plain("private-only")})
    turn.tx.post("leaveChat", {"chat_id": chat.id})


async def _pressed(turn: Turn) -> None:
    action = turn.press.action if turn.press else ""
    route = BUTTONS.get(action)
    enrolled = turn.tx.learner.enrolled_at is not None
    if route is None or not onboarding.admitted(turn):
        await odds.stale(turn)
    elif not enrolled and action not in BEFORE_ENROLMENT:
        await odds.stale(turn)
        await onboarding.start(turn)
    else:
        await route(turn)


async def _said(turn: Turn, message: Message) -> None:
    command = _command(turn, message)
    enrolled = turn.tx.learner.enrolled_at is not None
    if not onboarding.admitted(turn) and command != "start":
        turn.say(turn.texts("invite-needed"))
    elif command is not None:
        await _commanded(turn, command, enrolled=enrolled)
    elif message.text and turn.tx.learner.awaiting and await _awaited(turn, message.text):
        return
    elif not enrolled:
        await onboarding.start(turn)
    elif message.text and message.text.strip() in ("1", "2", "3", "4", "5"):
        await _number(turn, int(message.text))
    elif not await answers.received(turn):
        await (odds.unknown_kind if answers.material(message) is None else odds.unknown_text)(turn)


async def _commanded(turn: Turn, command: str, *, enrolled: bool) -> None:
    route = COMMANDS.get(command)
    if route is None or (command == "owner" and not turn.is_owner):
        await odds.unknown_command(turn)
    elif not enrolled and command not in BEFORE_ENROLMENT:
        await onboarding.start(turn)
    else:
        # A new command is a new beginning: what was awaited before is not any more.
        turn.tx.change(awaiting=None)
        await route(turn)


async def _awaited(turn: Turn, text: str) -> bool:
    """Typed input that a card asked for; an open question comes first, unless this is enrolment."""
    awaiting = turn.tx.learner.awaiting
    if turn.tx.learner.open_drill is not None:
        return False
    if awaiting == onboarding.CITY:
        await onboarding.zone_typed(turn, text)
    elif awaiting == interviews.DATE:
        await interviews.typed(turn, text)
    else:
        return False
    return True


async def _number(turn: Turn, value: int) -> None:
    if not await ratings.typed(turn, value) and not await answers.received(turn):
        turn.say(turn.texts("unknown-rating"), drills.next_steps(turn))


def _command(turn: Turn, message: Message) -> str | None:
    """The command a message begins with; one for another bot is no command of ours."""
    for entity in message.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0 and message.text:
            name, _, addressee = message.text[1 : entity.length].partition("@")
            if addressee and addressee.lower() != turn.house.username().lower():
                return None
            return name.lower()
    return None
