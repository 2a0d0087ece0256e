"""Methods by which the bot changes what is there: edits, deletions, reactions, answers to taps."""

from __future__ import annotations

from bot.sandbox import limits
from bot.sandbox.conversation import Bubble, Chat
from bot.sandbox.formatting import ENTITIES
from bot.sandbox.keyboards import INLINE_KEYBOARD
from bot.sandbox.method import Method
from bot.sandbox.refusals import bad_request
from bot.sandbox.sending import CAPTION, LINK_PREVIEW, caption_of, text_of
from bot.sandbox.shapes import (
    Json,
    Shape,
    array,
    chat,
    encoded,
    flag,
    not_offered,
    record,
    text,
    whole,
    word_of,
)
from bot.sandbox.world import World

_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_TEXT = ("text", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")
_CAPTIONED = ("voice", "video", "photo", "document")
_DELETED_AT_ONCE = 100


def _edit_text(world: World, p: Json) -> Json:
    words = text_of(p)
    to, bubble = _editable(world, p)
    if "text" not in bubble.body:
        raise bad_request("there is no text in the message to edit")
    content = words.fields("text", "entities")
    if "link_preview_options" in p:
        content["link_preview_options"] = p["link_preview_options"]
    return _edited(world, to, bubble, _TEXT, content | _markup(p))


def _edit_caption(world: World, p: Json) -> Json:
    words = caption_of(p)
    to, bubble = _editable(world, p)
    if not any(kind in bubble.body for kind in _CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    content = words.fields("caption", "caption_entities")
    if p.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return _edited(world, to, bubble, _CAPTION, content | _markup(p))


def _edit_markup(world: World, p: Json) -> Json:
    to, bubble = _editable(world, p)
    return _edited(world, to, bubble, (), _markup(p))


def _editable(world: World, p: Json) -> tuple[Chat, Bubble]:
    """The bot's message that the request names; raises Refusal when it cannot be edited."""
    if "chat_id" not in p:
        raise bad_request("chat_id is empty")
    if "message_id" not in p:
        raise bad_request("message identifier is not specified")
    to = world.open_chat(p["chat_id"])
    bubble = to.bubbles.get(p["message_id"])
    if bubble is None:
        raise bad_request("message to edit not found")
    if bubble.outgoing or bubble.keyboard:
        raise bad_request("message can't be edited")
    return to, bubble


def _markup(p: Json) -> Json:
    rows = p.get("reply_markup", {}).get("inline_keyboard")
    return {"reply_markup": p["reply_markup"]} if rows else {}


def _edited(
    world: World, to: Chat, bubble: Bubble, replaced: tuple[str, ...], content: Json
) -> Json:
    """Put the content, keyboard included, in place of the old one."""
    old = {k: v for k, v in bubble.body.items() if k in (*replaced, "reply_markup")}
    if old == content:
        raise bad_request(_UNCHANGED)
    kept = {k: v for k, v in bubble.body.items() if k not in old}
    bubble.body = {**kept, "edit_date": int(world.now()), **content}
    world.phones.message(to.id, "edit", bubble.shown())
    return bubble.body


def _delete_message(world: World, p: Json) -> bool:
    to = world.open_chat(p["chat_id"])
    bubble = to.bubbles.get(p["message_id"])
    if bubble is None:
        raise bad_request("message to delete not found")
    if not _deletable(world, bubble):
        raise bad_request("message can't be deleted for everyone")
    _delete(world, to, [bubble])
    return True


def _delete_messages(world: World, p: Json) -> bool:
    numbers = p["message_ids"]
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > _DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    to = world.open_chat(p["chat_id"])
    found = [to.bubbles[number] for number in numbers if number in to.bubbles]
    _delete(world, to, [bubble for bubble in found if _deletable(world, bubble)])
    return True


def _deletable(world: World, bubble: Bubble) -> bool:
    age: float = world.now() - bubble.body["date"]
    return age < limits.DELETABLE_SECONDS


def _delete(world: World, to: Chat, bubbles: list[Bubble]) -> None:
    for bubble in bubbles:
        to.bubbles.pop(bubble.id, None)
    world.phones.tell(to.id, "delete", message_ids=[bubble.id for bubble in bubbles])


def _react(world: World, p: Json) -> bool:
    to = world.open_chat(p["chat_id"])
    emoji = [reaction["emoji"] for reaction in p.get("reaction", [])]
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not limits.REACTIONS.issuperset(emoji):
        raise bad_request("REACTION_INVALID")
    bubble = to.bubbles.get(p["message_id"])
    if bubble is None:
        raise bad_request("message to react not found")
    bubble.reactions = emoji
    world.phones.tell(to.id, "reaction", message_id=bubble.id, reactions=emoji)
    return True


def _answer_press(world: World, p: Json) -> bool:
    if len(p.get("text", "")) > limits.TOAST_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    press = world.presses.get(p["callback_query_id"])
    if press is None or world.monotonic() - press.at > world.limits.press_seconds:
        raise bad_request(_TOO_OLD)
    if p.get("text"):
        toast = {"text": p["text"], "alert": p.get("show_alert", False)}
        world.phones.tell(press.person, "toast", **toast, message_id=press.message_id)
    world.phones.tell(press.person, "answered", press=p["callback_query_id"])
    return True


_REACTIONS = encoded(array(record({"type": word_of("emoji"), "emoji": text})))
_PLACE: dict[str, Shape] = {
    "chat_id": chat,
    "message_id": whole,
    "reply_markup": INLINE_KEYBOARD,
    "inline_message_id": not_offered,
    "business_connection_id": not_offered,
}
_MESSAGE: dict[str, Shape] = {"chat_id": chat, "message_id": whole}

METHODS = (
    Method(
        "editMessageText",
        _edit_text,
        {"text": text},
        _PLACE | {"parse_mode": text, "entities": ENTITIES, "link_preview_options": LINK_PREVIEW},
    ),
    Method(
        "editMessageCaption",
        _edit_caption,
        {},
        _PLACE | CAPTION | {"show_caption_above_media": flag},
    ),
    Method("editMessageReplyMarkup", _edit_markup, {}, _PLACE),
    Method("deleteMessage", _delete_message, _MESSAGE),
    Method(
        "deleteMessages",
        _delete_messages,
        {"chat_id": chat, "message_ids": encoded(array(whole))},
    ),
    Method("setMessageReaction", _react, _MESSAGE, {"reaction": _REACTIONS, "is_big": flag}),
    Method(
        "answerCallbackQuery",
        _answer_press,
        {"callback_query_id": text},
        {"text": text, "show_alert": flag, "url": not_offered, "cache_time": whole},
    ),
)
