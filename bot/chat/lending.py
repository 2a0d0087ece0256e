"""What one person's chat gets of another's: protected from being passed on, taken back until it is sent."""

from typing import Any

from bot.chat.keyboards import Keyboard
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.practice import Take, TakeKind

TEXT_CHARACTERS = 3000


def words(
    turn: Turn, text: str, buttons: Keyboard, *, of: int, reply_to: int | None = None
) -> None:
    """Say something in which somebody else's words are; `of`: whose."""
    turn.tx.post("sendMessage", _shown(turn, buttons, reply_to) | {"text": text}, other_id=of)


def voice(
    turn: Turn,
    file_id: str,
    text: str,
    buttons: Keyboard,
    *,
    of: int,
    reply_to: int,
    instead: str,
) -> None:
    """Play somebody else's voice note; `instead`: what is said if Telegram refuses to."""
    shown = _shown(turn, buttons, reply_to)
    turn.tx.post(
        "sendVoice",
        shown | {"voice": file_id, "caption": text},
        instead=shown | {"text": instead},
        other_id=of,
    )


def take(
    turn: Turn, lent: Take, text: str, buttons: Keyboard, *, instead: tuple[str, Keyboard]
) -> None:
    """Let somebody hear or read a take of another's, with this text and these buttons under it.

    `instead`: what is said if Telegram refuses the recording.
    """
    of = lent.learner_id
    if lent.kind == TakeKind.TEXT:
        quoted = turn.texts("quoted", text=shortened(lent.text or "", TEXT_CHARACTERS))
        words(turn, f"{text}\n\n{quoted}", buttons, of=of)
        return
    other_text, other_buttons = instead
    other = _shown(turn, other_buttons) | {"text": other_text}
    shown = _shown(turn, buttons)
    if lent.kind == TakeKind.VOICE:
        shown = shown | {"voice": lent.file_id, "caption": text}
        turn.tx.post("sendVoice", shown, instead=other, other_id=of)
    elif lent.kind == TakeKind.VIDEO_NOTE:  # it has no caption: the words come after it
        round_one = {
            "chat_id": turn.chat_id,
            "video_note": lent.file_id,
            "protect_content": True,
            "disable_notification": True,
        }
        turn.tx.post("sendVideoNote", round_one, instead=other, other_id=of)
        turn.tx.post("sendMessage", shown | {"text": text}, other_id=of)
    else:
        origin = {"from_chat_id": lent.learner_id, "message_id": lent.message_id, "caption": text}
        turn.tx.post("copyMessage", shown | origin, instead=other, other_id=of)


def _shown(turn: Turn, buttons: Keyboard, reply_to: int | None = None) -> dict[str, Any]:
    reply = {"message_id": reply_to, "allow_sending_without_reply": True}
    return ({} if reply_to is None else {"reply_parameters": reply}) | {
        "chat_id": turn.chat_id,
        "parse_mode": "HTML",
        "disable_notification": True,
        "protect_content": True,
        "reply_markup": buttons,
    }


def close(turn: Turn, text: str, buttons: Keyboard) -> None:
    """Put another text and other buttons to what was pressed, a recording or words."""
    message = turn.message
    if message is None or message.text is not None:
        turn.edit(text, buttons)
        return
    turn.tx.post(
        "editMessageCaption",
        {
            "chat_id": turn.chat_id,
            "message_id": message.message_id,
            "caption": text,
            "parse_mode": "HTML",
            "reply_markup": buttons,
        },
    )
