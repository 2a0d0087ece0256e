"""Every command, button and message, in one place: what was sent, and which conversation takes it."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import ChatMemberUpdated, Message, MessageEntity

from bot.chat import (
    answers,
    circles,
    coach_words,
    coaching,
    digests,
    drills,
    ears,
    flood,
    interviews,
    links,
    listening,
    mock_ratings,
    mocks,
    odds,
    onboarding,
    own,
    owners,
    pauses,
    pictures,
    preferences,
    privacy,
    pupils,
    ratings,
    retention,
    sets,
    sharing,
    springs,
    take_card,
    takes,
    two_ears,
    undo,
    uploads,
)
from bot.chat.turn import Turn
from bot.practice import leave

Route = Callable[[Turn], Awaitable[None]]

COMMANDS: Mapping[str, Route] = {
    "start": links.start,
    "drill": drills.drill_now,
    "mock": mocks.show,
    "sets": sets.show_sets,
    "mine": own.show,
    "progress": sets.show_progress,
    "settings": preferences.show,
    "pause": pauses.ask_pause,
    "takes": takes.show,
    "undo": undo.typed,
    "coach": coaching.show,
    "help": odds.help_,
    "cancel": odds.cancel,
    "export": privacy.export,
    "forget": privacy.ask_forget,
    "owner": owners.show,
}

BUTTONS: Mapping[str, Route] = {
    "start": onboarding.start,
    "first-sets": onboarding.first_sets,
    "first": onboarding.first_set,
    "clocks": onboarding.all_clocks,
    "cities": onboarding.cities,
    "zone": onboarding.zone_pressed,
    "triage": onboarding.triage,
    "level-first": onboarding.first_level,
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
    "heard": listening.rated,
    "heard-not": listening.not_now,
    "heard-undo": listening.undo,
    "listen": listening.ask,
    "takes": takes.show,
    "takes-tones": takes.tones,
    "takes-tone": takes.by_tone,
    "takes-date": takes.by_date,
    "takes-seek": takes.ask_words,
    "takes-found": takes.found,
    "takes-of": takes.of_question,
    "takes-then": take_card.then_and_now,
    "take-card": take_card.show,
    "take-play": take_card.play,
    "take-star": take_card.star_or_not,
    "take-delete": take_card.ask_delete,
    "take-drop": take_card.delete,
    "take-back": take_card.bring_back,
    "take-erase": take_card.erase,
    "mock": mocks.show,
    "mock-set": mocks.choose,
    "mock-begin": mocks.begin,
    "mock-skip": mocks.skip,
    "mock-end": mocks.end,
    "mock-resume": mocks.resume,
    "mock-rate": mock_ratings.pressed,
    "mock-play": mock_ratings.play,
    "mock-later": mock_ratings.another_time,
    "mock-more": mock_ratings.more,
    "sets": sets.show_sets,
    "set": sets.switch,
    "progress": sets.show_progress,
    "picture": pictures.colour,
    "settings": preferences.show,
    "pace": preferences.pace,
    "cap": preferences.cap,
    "expiry": preferences.expiry,
    "level": preferences.level,
    "set-zone": preferences.zone,
    "digest": digests.page,
    "digest-no": digests.declined,
    "digest-off": digests.off,
    "hours": preferences.hours,
    "day": preferences.day,
    "data": preferences.data,
    "media": retention.show,
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
    "cancel": odds.cancel,
    "close": odds.close,
    "invite": owners.invite,
    "put-live": uploads.put_live,
    "drop-set": uploads.drop,
    "undo-set": uploads.undo,
    "mine": own.show,
    "own-set": own.practise,
    "own-add": own.add,
    "own": own.card,
    "own-keep": own.keep,
    "own-words": own.reword,
    "own-drop": own.throw_away,
    "own-tone": own.tone,
    "own-slip": own.slipped,
    "own-ask": own.ask_now,
    "own-remove": own.remove,
    "own-back": own.bring_back,
    "share": sharing.show,
    "share-new": sharing.make,
    "share-from": sharing.ask_sender,
    "unshare": sharing.revoke,
    "take": sharing.take,
    "coach": coaching.show,
    "coach-invite": coaching.invite,
    "coach-link": coaching.make,
    "coach-one": coaching.card,
    "coach-yes": coaching.ask_what,
    "coach-give": coaching.give,
    "coach-end": coaching.end,
    "coach-hear": two_ears.hear,
    "coach-accept": pupils.accept,
    "coach-decline": pupils.decline,
    "pupil": pupils.card,
    "pupil-hear": pupils.hear,
    "pupil-rate": pupils.rate,
    "pupil-ratings": pupils.ratings,
    "pupil-note": coach_words.ask,
    "pupil-noted": coach_words.none,
    "pupil-spring": springs.choose,
    "pupil-ask": springs.ask_when,
    "pupil-when": springs.when,
    "pupil-words": springs.words,
    "pupil-end": pupils.end,
    "circles": circles.show,
    "circle-new": circles.ask_title,
    "circle-own": circles.card,
    "circle-link": circles.new_link,
    "circle-unlink": circles.no_link,
    "circle-close": circles.close,
    "circle-join": circles.join,
    "circle": circles.board,
    "circle-leave": circles.leave,
    "ear-ask": ears.ask,
    "ear-link": ears.make,
    "ear-end": ears.revoke,
    "ear-hear": ears.hear,
    "ear-rate": ears.rate,
    "ear-done": ears.done,
}

Typed = tuple[Callable[[Turn, str], Awaitable[bool]], Callable[[Turn, str], None]]

AWAITED: Mapping[str, Typed] = {
    onboarding.CITY: (onboarding.zone_typed, onboarding.zone_unknown),
    interviews.DATE: (interviews.typed, interviews.not_a_date),
    takes.SEEK: (takes.words_typed, takes.words_unfit),
}
"""What a card may have asked to be typed: who takes it, and who says that it is no such thing."""

DICTATED: Mapping[str, Callable[[Turn, str], Awaitable[None]]] = {
    own.WORDS: own.typed,
    sharing.SENDER: sharing.sender_typed,
    coaching.NAME: coaching.name_typed,
    circles.TITLE: circles.title_typed,
    circles.NAME: circles.name_typed,
}
"""What a card asked for in the learner's own words: they are taken, or it is said why not."""

RATINGS = ("1", "2", "3", "4", "5")
"""A lone number that is a rating, if an answer waits for one."""

OWN_DATA = frozenset({"export", "forget", "forget-sure", "erase", "keep"})
"""What works for somebody who is not admitted any more: their data stays theirs."""

COACHES = frozenset({"coach", "coach-accept", "coach-decline"}) | {
    action for action in BUTTONS if action.partition("-")[0] == "pupil"
}
"""What works for somebody who only coaches."""

FRIENDS = frozenset({"ear-hear", "ear-rate", "ear-done"})
"""What works for whoever lends an ear once."""

CIRCLES = frozenset({"circles"} | {name for name in BUTTONS if name.startswith("circle-")})
"""What an owner may press who does not practise; what is for members says so by itself."""

FOR_ANYBODY = (
    frozenset({"start", "first-sets", "first"})
    | {"invite", "take", "put-live", "drop-set", "undo-set"}
    | COACHES
    | FRIENDS
    | CIRCLES
)
"""Buttons that work for somebody of whom nothing is stored."""

BEFORE_ENROLMENT = FOR_ANYBODY | OWN_DATA | {"clocks", "cities", "zone", "help", "cancel", "owner"}
"""Commands and buttons that work for somebody who has chosen a set, but no clock yet."""


async def take(turn: Turn) -> None:
    """Give the update to the conversation it belongs to."""
    update = turn.update
    if update is None:
        return
    chat = update.effective_chat
    if update.my_chat_member is not None:
        await _membership(turn, update.my_chat_member)
    elif chat is not None and chat.type != "private":
        _heard_in_group(turn, chat.id)
    elif update.callback_query is not None:
        await leave.back(turn.tx, turn.dice)
        await _pressed(turn, update.update_id, update.callback_query.data)
    elif update.edited_message is not None:
        await flood.hush(turn)
        await answers.edited(turn)
    elif turn.message is not None:
        await leave.back(turn.tx, turn.dice)
        await _said(turn, turn.message)
    turn.toast()


async def _membership(turn: Turn, change: ChatMemberUpdated) -> None:
    here = change.new_chat_member.status not in ("kicked", "left")
    if change.chat.type != "private":
        if here:
            _leave_group(turn, change.chat.id)
    elif here:
        await leave.back(turn.tx, turn.dice)
    else:
        leave.gone(turn.tx)


def _heard_in_group(turn: Turn, chat_id: int) -> None:
    # That somebody was added is no words: of the bot itself, `my_chat_member` tells.
    if turn.message is not None and turn.message.text:
        _leave_group(turn, chat_id)


def _leave_group(turn: Turn, chat_id: int) -> None:
    turn.tx.post("sendMessage", {"chat_id": chat_id, "text": turn.texts.plain("private-only")})
    turn.tx.post("leaveChat", {"chat_id": chat_id})


async def _pressed(turn: Turn, update_id: int, payload: str | None) -> None:
    action = turn.press.action if turn.press else ""
    route = BUTTONS.get(action)
    if not onboarding.admitted(turn) and action not in OWN_DATA:
        turn.toast(turn.texts.plain("invite-needed"))
    elif _is_double_tap(turn, update_id, payload):
        turn.toast()
    elif route is None or not _works_now(turn, action):
        odds.stale(turn)
    else:
        if action not in coach_words.ASKING:
            coach_words.leave(turn)
        await route(turn)


def _works_now(turn: Turn, action: str) -> bool:
    learner = turn.tx.learner
    if learner.enrolled_at is not None:
        return True
    return action in (FOR_ANYBODY if learner.active_set is None else BEFORE_ENROLMENT)


def _is_double_tap(turn: Turn, update_id: int, payload: str | None) -> bool:
    button = f"{turn.message_id} {payload}"
    return turn.house.taps.is_double(turn.chat_id, update_id, button, turn.tx.now)


async def _said(turn: Turn, message: Message) -> None:
    command = _command(turn, message)
    if command not in OWN_DATA and await flood.hush(turn):
        await _kept(turn, message, command)
    elif not onboarding.admitted(turn) and command not in OWN_DATA | {"start"}:
        turn.say(turn.texts("invite-needed"))
    elif command is not None:
        await _commanded(turn, command)
    else:
        await _told(turn, message)


async def _kept(turn: Turn, message: Message, command: str | None) -> None:
    """What was said in a flood: ratings and answers count, whatever would need a word back does not."""
    practising = turn.tx.learner.enrolled_at is not None and onboarding.admitted(turn)
    if command is None and (await coach_words.told(turn) or await ears.told(turn)):
        return
    if command is not None or not practising:
        return
    text = (message.text or "").strip()
    if text in RATINGS and await ratings.typed(turn, int(text)):
        return
    if await answers.addressed(turn) or not await own.told(turn, text, surely=True):
        await answers.received(turn)


async def _commanded(turn: Turn, command: str) -> None:
    route = COMMANDS.get(command)
    enrolled = turn.tx.learner.enrolled_at is not None
    if route is None or (command == "owner" and not turn.is_owner):
        odds.unknown_command(turn)
    elif not enrolled and command not in BEFORE_ENROLMENT:
        await onboarding.start(turn)
    else:
        # A new command is a new beginning: what was awaited before is not any more.
        turn.tx.change(awaiting=None)
        await route(turn)


async def _told(turn: Turn, message: Message) -> None:
    """What is neither pressed nor a command goes to whoever waits for it: a rating first.

    What a coach was asked to say of somebody else's take goes before all of their own.
    """
    if await coach_words.told(turn) or await ears.told(turn):
        return
    text = (message.text or "").strip()
    if text in RATINGS and await ratings.typed(turn, int(text)):
        return
    if await uploads.received(turn):
        return
    if not await answers.addressed(turn) and (
        (text and await _awaited(turn, text)) or await own.told(turn, text, surely=True)
    ):
        return
    if turn.tx.learner.enrolled_at is None:
        await coaching.show(turn)
    elif not await answers.received(turn) and not await own.told(turn, text, surely=False):
        odds.unplaced(turn, _why_unplaced(turn, message))


async def _awaited(turn: Turn, text: str) -> bool:
    """Typed input that a card asked for; what does not fit is an answer, if a question is open."""
    learner = turn.tx.learner
    dictated = DICTATED.get((learner.awaiting or "").partition(" ")[0])
    if dictated is not None:
        await dictated(turn, text)
        return True
    expected = AWAITED.get(learner.awaiting or "")
    if expected is None:
        return False
    take_up, refuse = expected
    if await take_up(turn, text):
        return True
    if learner.open_drill is not None:
        turn.tx.change(awaiting=None)
        return False
    refuse(turn, text)
    return True


def _why_unplaced(turn: Turn, message: Message) -> str:
    if (message.text or "").strip() in RATINGS:
        return "unknown-rating"
    return "unknown-text" if answers.material(message, turn.tx.now) else "unknown-kind"


def _command(turn: Turn, message: Message) -> str | None:
    """The command a message begins with; one for another bot is no command of ours."""
    for entity in message.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0 and message.text:
            name, _, addressee = message.text[1 : entity.length].partition("@")
            if addressee and addressee.lower() != turn.house.username().lower():
                return None
            return name.lower()
    return None
