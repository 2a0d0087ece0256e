"""Methods by which the bot sends: text, files, copies, and the sign that it is busy."""

from __future__ import annotations

from typing import Any

from bot.sandbox import limits
from bot.sandbox.conversation import Bubble, Chat
from bot.sandbox.formatting import ENTITIES, Formatted, formatted
from bot.sandbox.keyboards import REPLY_MARKUP
from bot.sandbox.method import Method
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import (
    Json,
    Shape,
    Upload,
    chat,
    encoded,
    file,
    flag,
    not_offered,
    record,
    text,
    whole,
    word_of,
)
from bot.sandbox.world import World

LINK_PREVIEW = encoded(
    record(
        takes={
            "is_disabled": flag,
            "url": text,
            "prefer_small_media": flag,
            "prefer_large_media": flag,
            "show_above_text": flag,
        }
    )
)
CAPTION: dict[str, Shape] = {"caption": text, "parse_mode": text, "caption_entities": ENTITIES}

_REPLY = encoded(
    record(
        {"message_id": whole},
        {
            "chat_id": chat,
            "allow_sending_without_reply": flag,
            "quote": text,
            "quote_parse_mode": text,
            "quote_entities": ENTITIES,
            "quote_position": whole,
            "checklist_task_id": not_offered,
            "poll_option_id": not_offered,
        },
    )
)
_OPTIONS: dict[str, Shape] = {
    "disable_notification": flag,
    "protect_content": flag,
    "message_effect_id": text,
    "reply_parameters": _REPLY,
    "reply_markup": REPLY_MARKUP,
    "allow_paid_broadcast": flag,
    "message_thread_id": not_offered,
    "direct_messages_topic_id": not_offered,
    "suggested_post_parameters": not_offered,
}
_SENT = {**_OPTIONS, "business_connection_id": not_offered}
_CONTENTS = ("text", "entities", "link_preview_options", "voice", "video_note", "video", "photo")
_COPIED = (*_CONTENTS, "document", "location", "contact")
_CAPTIONED = ("voice", "video", "photo", "document")
_AUDIO_STARTS = (b"OggS", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")


def text_of(p: Json) -> Formatted:
    """The text that a request sends; raises Refusal when it is empty or too long."""
    words = formatted(p["text"], p.get("parse_mode"), p.get("entities"))
    if not words.text:
        raise bad_request("text must be non-empty")
    if words.length > limits.TEXT_LENGTH:
        raise bad_request("message is too long")
    return words


def caption_of(p: Json) -> Formatted:
    """The caption that a request gives, perhaps empty; raises Refusal when it is too long."""
    words = formatted(p.get("caption", ""), p.get("parse_mode"), p.get("caption_entities"))
    if words.length > limits.CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    return words


def _send_message(world: World, p: Json) -> Json:
    content = text_of(p).fields("text", "entities")
    if "link_preview_options" in p:
        content["link_preview_options"] = p["link_preview_options"]
    return _post(world, world.open_chat(p["chat_id"]), content, p).body


def _send_voice(world: World, p: Json) -> Json:
    given = p["voice"]
    playable = not isinstance(given, Upload) or given.data.startswith(_AUDIO_STARTS)
    # What is neither Opus in Ogg, MP3 nor M4A goes as a document, as with Telegram.
    m4a = isinstance(given, Upload) and given.data[4:8] == b"ftyp"
    return _send_file(world, p, "voice" if playable or m4a else "document", given)


def _send_video_note(world: World, p: Json) -> Json:
    return _send_file(world, p, "video_note", p["video_note"])


def _send_photo(world: World, p: Json) -> Json:
    return _send_file(world, p, "photo", p["photo"])


def _send_document(world: World, p: Json) -> Json:
    return _send_file(world, p, "document", p["document"])


def _send_file(world: World, p: Json, kind: str, given: Upload | str) -> Json:
    caption = caption_of(p).fields("caption", "caption_entities")
    to = world.open_chat(p["chat_id"])
    facts: Json = {name: p[name] for name in ("duration", "length") if name in p}
    content = {kind: world.files.sent(kind, given, facts).content, **caption, **_shows(p)}
    return _post(world, to, content, p).body


def _copy_message(world: World, p: Json) -> Json:
    to, origin = world.open_chat(p["chat_id"]), world.chat(p["from_chat_id"])
    original = origin.bubbles.get(p["message_id"])
    if original is None:
        raise bad_request("message to copy not found")
    if original.body.get("has_protected_content"):
        raise bad_request("message can't be copied")
    names = ("caption", "caption_entities") if "caption" not in p else ()
    content = {k: v for k, v in original.body.items() if k in (*_COPIED, *names)}
    if not content:
        raise bad_request("message can't be copied")
    if any(kind in content for kind in _CAPTIONED):
        content |= caption_of(p).fields("caption", "caption_entities") | _shows(p)
    return {"message_id": _post(world, to, content, p).id}


def _send_chat_action(world: World, p: Json) -> bool:
    to = world.open_chat(p["chat_id"])
    world.phones.tell(to.id, "action", action=p["action"])
    return True


def _post(world: World, to: Chat, content: Json, p: Json) -> Bubble:
    """Put the bot's message into the chat and show it on the phone."""
    effect, markup = p.get("message_effect_id", ""), p.get("reply_markup", {})
    if effect and (effect not in limits.EFFECTS or not to.private):
        raise bad_request("EFFECT_ID_INVALID")
    reply = _reply_fields(world, to, p.get("reply_parameters"))
    world.flood.admit(to.id)
    body = {**world.envelope(to, world.bot), **reply, **content}
    if effect:
        body["effect_id"] = effect
    if p.get("protect_content"):
        body["has_protected_content"] = True
    inline = "inline_keyboard" in markup
    if inline:
        body["reply_markup"] = markup
    silent = p.get("disable_notification", False)
    bubble = Bubble(body, silent=silent, effect=effect, keyboard={} if inline else markup)
    world.phones.message(to.id, "message", to.add(bubble).shown())
    return bubble


def _reply_fields(world: World, to: Chat, reply: Json | None) -> Json:
    if reply is None:
        return {}
    origin = world.chat(reply.get("chat_id", to.id))
    original = origin.bubbles.get(reply["message_id"])
    if original is None or origin is not to:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    fields: Json = {"reply_to_message": original.quoted()}
    if reply.get("quote"):
        fields["quote"] = _quote(original, reply)
    return fields


def _quote(original: Bubble, reply: Json) -> Json:
    words = formatted(reply["quote"], reply.get("quote_parse_mode"), reply.get("quote_entities"))
    whole_text: str = original.body.get("text") or original.body.get("caption", "")
    position = whole_text.find(words.text)
    if position < 0 or not words.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    quote: dict[str, Any] = {"text": words.text, "position": position, "is_manual": True}
    return quote | {"entities": words.entities} if words.entities else quote


def _shows(p: Json) -> Json:
    fields = {"show_caption_above_media": "show_caption_above_media"}
    fields["has_media_spoiler"] = "has_spoiler"
    return {name: True for name, given in fields.items() if p.get(given)}


_TO: dict[str, Shape] = {"chat_id": chat}
_ACTION = word_of(
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)

METHODS = (
    Method(
        "sendMessage",
        _send_message,
        _TO | {"text": text},
        _SENT | {"parse_mode": text, "entities": ENTITIES, "link_preview_options": LINK_PREVIEW},
    ),
    Method("sendVoice", _send_voice, _TO | {"voice": file}, _SENT | CAPTION | {"duration": whole}),
    Method(
        "sendVideoNote",
        _send_video_note,
        _TO | {"video_note": file},
        _SENT | {"duration": whole, "length": whole, "thumbnail": file},
    ),
    Method(
        "sendPhoto",
        _send_photo,
        _TO | {"photo": file},
        _SENT | CAPTION | {"show_caption_above_media": flag, "has_spoiler": flag},
    ),
    Method(
        "sendDocument",
        _send_document,
        _TO | {"document": file},
        _SENT | CAPTION | {"thumbnail": file, "disable_content_type_detection": flag},
    ),
    Method(
        "copyMessage",
        _copy_message,
        _TO | {"from_chat_id": chat, "message_id": whole},
        _OPTIONS
        | CAPTION
        | {"show_caption_above_media": flag, "video_start_timestamp": not_offered},
    ),
    Method(
        "sendChatAction",
        _send_chat_action,
        _TO | {"action": _ACTION},
        {"business_connection_id": not_offered, "message_thread_id": not_offered},
    ),
)
