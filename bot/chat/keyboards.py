"""Buttons under messages, as the Bot API takes them: words on every one, few in a row."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from bot.chat.callbacks import data

Button = dict[str, Any]
Keyboard = dict[str, Any]


def button(label: str, action: str, *arguments: int | str, style: str | None = None) -> Button:
    """One button; `style` is Telegram's: primary, success or danger."""
    made = {"text": label, "callback_data": data(action, *arguments)}
    return made if style is None else {**made, "style": style}


def passing_on(copy: str, share: str, link: str) -> list[Button]:
    """Two buttons, by their labels: one copies a link, one hands it to somebody in another chat."""
    return [
        {"text": copy, "copy_text": {"text": link}},
        {"text": share, "url": f"https://t.me/share/url?url={quote(link, safe='')}"},
    ]


def keyboard(*rows: Sequence[Button]) -> Keyboard:
    """A keyboard of rows."""
    return {"inline_keyboard": [list(row) for row in rows if row]}


def grid(buttons: Iterable[Button], width: int) -> list[list[Button]]:
    """Rows of `width` buttons, the last one shorter."""
    every = list(buttons)
    return [every[start : start + width] for start in range(0, len(every), width)]


NO_BUTTONS: Keyboard = {"inline_keyboard": []}
