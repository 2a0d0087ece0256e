"""Keyboards under a message: their shapes, and what Telegram refuses in them."""

from __future__ import annotations

from typing import Any

import orjson

from bot.sandbox import limits
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import (
    Json,
    Mistyped,
    Shape,
    array,
    encoded,
    flag,
    not_offered,
    record,
    text,
)

_STYLES = ("danger", "success", "primary")

# What a button does; each button does exactly one of them.
_ACTIONS: dict[str, Shape] = {
    "callback_data": text,
    "url": text,
    "copy_text": record({"text": text}),
    "switch_inline_query": text,
    "switch_inline_query_current_chat": text,
    "switch_inline_query_chosen_chat": record(
        takes={
            "query": text,
            "allow_user_chats": flag,
            "allow_bot_chats": flag,
            "allow_group_chats": flag,
            "allow_channel_chats": flag,
        }
    ),
    "web_app": not_offered,
    "login_url": not_offered,
    "callback_game": not_offered,
    "pay": not_offered,
}
_INLINE_BUTTON = record({"text": text}, {"icon_custom_emoji_id": text, "style": text, **_ACTIONS})
_KEY = record(
    {"text": text},
    {
        "icon_custom_emoji_id": text,
        "style": text,
        "request_contact": flag,
        "request_location": flag,
        "request_users": not_offered,
        "request_chat": not_offered,
        "request_managed_bot": not_offered,
        "request_poll": not_offered,
        "web_app": not_offered,
    },
)


def _key(value: Any) -> Any:
    return value if isinstance(value, str) else _KEY(value)


_INLINE_KEYBOARD = record({"inline_keyboard": array(array(_INLINE_BUTTON))})
_REPLY_KEYBOARD = record(
    {"keyboard": array(array(_key))},
    {
        "is_persistent": flag,
        "resize_keyboard": flag,
        "one_time_keyboard": flag,
        "input_field_placeholder": text,
        "selective": flag,
    },
)
_KEYBOARD_REMOVAL = record({"remove_keyboard": flag}, {"selective": flag})
_FORCED_REPLY = record({"force_reply": flag}, {"input_field_placeholder": text, "selective": flag})


def _inline_keyboard(value: Any) -> Json:
    markup: Json = _INLINE_KEYBOARD(value)
    rows = markup["inline_keyboard"]
    for row in rows:
        for button in row:
            _check_button(button)
    _check_size(rows)
    return markup


def _reply_markup(value: Any) -> Json:
    if not isinstance(value, dict):
        raise Mistyped("must be an Object")
    if "inline_keyboard" in value:
        return _inline_keyboard(value)
    for field, shape in (
        ("keyboard", _REPLY_KEYBOARD),
        ("remove_keyboard", _KEYBOARD_REMOVAL),
        ("force_reply", _FORCED_REPLY),
    ):
        if field in value:
            return _checked_keyboard(shape(value))
    raise Mistyped("must be a keyboard, its removal or a forced reply")


INLINE_KEYBOARD = encoded(_inline_keyboard)
"""What may stand under an edited message."""
REPLY_MARKUP = encoded(_reply_markup)
"""What may stand under a new message."""


def _check_button(button: Json) -> None:
    actions = [name for name in _ACTIONS if name in button]
    if not button["text"].strip():
        raise _cannot_parse("button text must be non-empty")
    if not actions:
        raise _cannot_parse("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _cannot_parse(f"a button does one thing, not {' and '.join(actions)}")
    if button.get("style", "primary") not in _STYLES:
        raise _cannot_parse("invalid button style specified")
    _check_action(actions[0], button[actions[0]])


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data":
        if not 1 <= len(value.encode()) <= limits.CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        if not value.startswith(("http://", "https://", "tg://")):
            raise bad_request("BUTTON_URL_INVALID")
    elif action == "copy_text" and not 1 <= len(value["text"]) <= limits.COPY_TEXT_LENGTH:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _checked_keyboard(markup: Json) -> Json:
    rows = markup.get("keyboard", [])
    if "keyboard" in markup and not any(rows):
        raise bad_request("object expected as reply markup: the keyboard is empty")
    if len(markup.get("input_field_placeholder", "")) > limits.PLACEHOLDER_LENGTH:
        raise bad_request("PLACEHOLDER_TOO_LONG")
    _check_size(rows)
    return markup


def _check_size(rows: list[list[Any]]) -> None:
    if sum(map(len, rows)) > limits.BUTTONS or len(orjson.dumps(rows)) > limits.MARKUP_BYTES:
        raise bad_request("reply markup is too long")


def _cannot_parse(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
