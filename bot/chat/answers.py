"""Taking answers in: voice, round video, video, audio, text; each is kept before anything else."""

from telegram import Message

from bot.chat import drills, mock_ratings, mocks, ratings
from bot.chat.keyboards import button, keyboard
from bot.chat.turn import Turn
from bot.drill.tone import Mode
from bot.practice import TakeKind, answer, ask
from bot.practice.answer import Answered, Material, Place

LATEST_MS = 25 * 3600 * 1000
"""Telegram keeps updates for a day: a message that looks older comes from another clock."""


def sent_at(message: Message, now: int) -> int:
    """When a message was sent, by Telegram's clock as long as that agrees with ours."""
    sent = int(message.date.timestamp() * 1000)
    return sent if now - LATEST_MS < sent < now else now


def material(message: Message, now: int) -> Material | None:
    """What a message holds that can be an answer; None for stickers, locations and the like."""
    sent = sent_at(message, now)
    recordings = (
        (TakeKind.VOICE, message.voice),
        (TakeKind.VIDEO_NOTE, message.video_note),
        (TakeKind.AUDIO, message.audio),
        (TakeKind.VIDEO, message.video),
    )
    for kind, recording in recordings:
        if recording is not None:
            return Material(
                kind=kind,
                message_id=message.message_id,
                sent_at=sent,
                text=message.caption,
                file_id=recording.file_id,
                # `recording.duration` warns that it will be of another type one day.
                duration=recording.to_dict().get("duration"),
                file_size=recording.file_size,
            )
    if message.text:
        return Material(
            kind=TakeKind.TEXT, message_id=message.message_id, sent_at=sent, text=message.text
        )
    return None


async def addressed(turn: Turn) -> bool:
    """Whether the message replies to the card of a drill: then it is its answer, whatever it says."""
    replied = turn.message.reply_to_message if turn.message else None
    return replied is not None and await answer.is_of_drill(turn.tx, replied.message_id)


async def received(turn: Turn) -> bool:
    """Keep the message as an answer if it can be one; False: it belongs to no drill."""
    if turn.message is None or (given := material(turn.message, turn.tx.now)) is None:
        return False
    replied = turn.message.reply_to_message
    reply_to = replied.message_id if replied else None
    if await mocks.received(turn, given, reply_to):
        return True
    answered = await answer.answer(turn.tx, given, reply_to, turn.dice)
    if answered is None:
        return False
    if given.too_large:
        turn.say(turn.texts("too-large"), reply_to=given.message_id)
    await _respond(turn, answered)
    return True


async def _respond(turn: Turn, answered: Answered) -> None:
    drill, take = answered.drill, answered.take
    if answered.place in (Place.FIRST, Place.LATE):
        if answered.was_open:
            turn.strip(drill.message_id)
        if drill.mode != Mode.MOCK or not await mock_ratings.late(turn, answered):
            ratings.card(turn, answered)
    elif answered.place is Place.SECOND:
        first, second = turn.texts.plain("take-first"), turn.texts.plain("take-second")
        choice = [
            button(first, "count", drill.drill_no, drill.take_no or 0),
            button(second, "count", drill.drill_no, take.take_no),
        ]
        turn.say(turn.texts("second-take"), keyboard(choice), reply_to=take.message_id)
    else:
        question = turn.library.question(drill.question_id)
        turn.say(
            turn.texts("extra-take", question=question.ask if question else drill.question_id),
            drills.next_steps(turn),
            reply_to=take.message_id,
        )


async def count(turn: Turn) -> None:
    """Which of two takes counts was pressed."""
    press = turn.press
    number = press.number(0) if press else None
    take_no = press.number(1) if press else None
    chosen = await answer.choose(turn.tx, number or 0, take_no or 0)
    if chosen is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    drill = await ask.find(turn.tx, chosen.drill_no)
    in_mock = drill is not None and drill.mode == Mode.MOCK
    turn.edit(turn.texts("mock-take-counts" if in_mock else "take-counts"))


async def edited(turn: Turn) -> None:
    """An edited message: its new wording is kept beside the first one."""
    message = turn.message
    if message is None or not message.text:
        return
    if await answer.revise(turn.tx, message.message_id, message.text):
        turn.say(turn.texts("revised"), reply_to=message.message_id)
